// What people do here, by clicking: with JavaScript, and all of it again without.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixtures, logIn, open } from './browser.mjs';

const site = await open();
after(() => site.close());
const picture = (name) => join(fixtures, 'pictures', name);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const at = (page, pattern) => page.waitForURL((url) => pattern.test(url.pathname));

const scripted = await logIn(site, site.piclog.addUser('scripted'));
const plain = await logIn(site, site.piclog.addUser('plain'), { javaScriptEnabled: false });

for (const [how, page] of [['with JavaScript', scripted], ['without JavaScript', plain]]) {

  test(`upload by click ${how}`, async () => {
    await page.goto('/upload');
    await page.getByLabel('Pictures').setInputFiles(picture('cat.jpg'));
    await page.getByLabel('Caption').fill('Head of Chair #cats');
    await page.getByLabel('Alt text').fill('A cat, asleep');
    await page.locator('[name=preset][value=dust]').check();
    await press(page, 'Crush it');
    await at(page, /^\/p\/\d+$/);
    assert.match(await page.textContent('h1'), /Head of Chair/);
    assert.match(await page.textContent('.facts'), /dust/);
    assert.equal(await page.locator('.frame img').getAttribute('alt'), 'A cat, asleep');
    const bytes = await (await page.request.get(await page.locator('.frame img').getAttribute('src'))).body();
    assert.ok(bytes.length > 500 && bytes.length <= 3000, `${bytes.length} bytes`);
  });

  test(`pick your crunch ${how}`, async () => {
    await page.goto('/upload');
    await page.getByLabel('Pictures').setInputFiles(picture('spices.jpg'));
    await page.locator('[name=preset][value=choose]').check();
    await press(page, 'Crush it');
    await at(page, /^\/upload\/\d+$/);
    assert.equal(await page.locator('.crunch').count(), 4);
    await page.locator('[name=preset][value=fried]').check();
    await page.getByLabel('Caption').fill('extra crispy');
    await press(page, 'Publish');
    await at(page, /^\/p\/\d+$/);
    assert.match(await page.textContent('.facts'), /fried/);
  });

  test(`three files at once, each with its own words and crunch ${how}`, async () => {
    await page.goto('/upload');
    await page.getByLabel('Pictures').setInputFiles(['cat.jpg', 'sky.jpg', 'paws.jpg'].map(picture));
    await page.locator('[name=preset][value=choose]').check();
    await page.getByLabel('Alt text').fill('A cat');
    await press(page, 'Crush it');
    await at(page, /^\/crunch$/);
    const alts = await Promise.all((await page.getByLabel('Alt text').all()).map((field) => field.inputValue()));
    assert.deepEqual(alts, ['A cat', '', '']);
    for (const [i, preset] of ['dust', 'crispy', 'fried'].entries()) {
      await page.getByLabel('Caption').nth(i).fill(`at once, ${preset}`);
      const four = page.locator('.four').nth(i);
      await four.locator(`[value=${preset}]`).check();
      assert.deepEqual(await four.locator('> img').evaluateAll((images) => images.filter((image) => image.offsetWidth).map((image) => image.className)), [preset], 'the one that is picked is seen');
    }
    await page.getByLabel('Tags').nth(2).press('Enter');
    await page.waitForURL((url) => /:dust,.*:crispy,.*:fried$/.test(url.search)); // Enter keeps the words, and publishes nothing
    assert.equal(await page.getByLabel('Caption').nth(2).inputValue(), 'at once, fried');
    await page.getByRole('button', { name: 'Publish all 3' }).first().dblclick();
    await at(page, /^\/~/);
    const own = new URL(page.url()).pathname;
    const { pictures } = await (await page.request.get(`${own}.json`)).json();
    assert.deepEqual(pictures.slice(0, 3).map(({ caption, preset }) => [caption, preset]).reverse(), ['dust', 'crispy', 'fried'].map((preset) => [`at once, ${preset}`, preset]));
    assert.equal(pictures.filter(({ caption }) => caption.startsWith('at once')).length, 3);
    await page.goBack();
    await at(page, /^\/~/);
    await page.goto(pictures[0].url);
  });

  test(`edit and delete a picture ${how}`, async () => {
    const address = page.url();
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await page.getByLabel('Caption').fill('said differently');
    await press(page, 'Save');
    await at(page, /^\/p\/\d+$/);
    assert.match(await page.textContent('h1'), /said differently/);
    const image = await page.locator('.frame img').getAttribute('src');
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await press(page, 'Delete this picture');
    await page.waitForLoadState();
    assert.equal((await page.goto(address)).status(), 404);
    assert.equal((await page.request.get(image)).status(), 404);
    page.complaints.length = 0;
  });

  test(`post, edit and delete a status ${how}`, async () => {
    await page.goto('/status');
    await page.locator('.faces label', { hasText: '🥔' }).click();
    await page.getByLabel('Status').fill('baked, mostly');
    await press(page, 'Say it');
    await page.waitForURL((url) => url.pathname !== '/status');
    await page.goto('/statuses');
    const status = page.locator('.status', { hasText: 'baked, mostly' });
    assert.match(await status.textContent(), /🥔/);
    await status.locator('time').click();
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await page.getByLabel('Status').fill('half baked');
    await press(page, 'Save');
    await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
    assert.match(await page.textContent('main'), /half baked/);
    await page.goto('/statuses');
    await page.locator('.status', { hasText: 'half baked' }).locator('time').click();
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await press(page, 'Delete this status');
    await page.goto('/statuses');
    assert.doesNotMatch(await page.textContent('main'), /half baked/);
  });

  test(`say something from the front page ${how}`, async () => {
    await page.goto('/');
    await page.getByLabel('Face').fill('🫠');
    await page.getByLabel('Status', { exact: true }).fill(`melting on the doorstep, ${how}`);
    await press(page, 'Say it');
    await page.locator('.status', { hasText: `melting on the doorstep, ${how}` }).waitFor();
    assert.match(await page.locator('.status', { hasText: `melting on the doorstep, ${how}` }).textContent(), /🫠/);
  });

  test(`post, edit and delete a mood ${how}`, async () => {
    await page.goto('/mood');
    await page.getByLabel('Mood', { exact: true }).fill('🥱 sleepy');
    await page.getByLabel('Note').fill(`too many tabs ${how}`);
    await press(page, 'Feel it');
    await page.waitForURL((url) => url.pathname !== '/mood');
    await page.goto('/moods');
    const mood = page.locator('.mood', { hasText: `too many tabs ${how}` });
    assert.match(await mood.textContent(), /🥱\s*sleepy/);
    await mood.locator('time').click();
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await page.getByLabel('Note').fill(`fewer tabs ${how}`);
    await press(page, 'Save');
    await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
    await page.goto('/moods');
    await page.locator('.mood', { hasText: `fewer tabs ${how}` }).locator('time').click();
    await page.getByRole('link', { name: 'Edit or delete' }).click();
    await press(page, 'Delete this mood');
    await page.goto('/moods');
    assert.doesNotMatch(await page.textContent('main'), new RegExp(`fewer tabs ${how}`));
  });

  test(`take everything along ${how}`, async () => {
    await page.goto('/settings');
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.getByRole('link', { name: 'everything you made' }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(0, 2).toString(), 'PK');
    assert.ok(bytes.includes('index.html'));
  });

  test(`log out ${how}`, async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.goto('/settings');
    const { y, height } = await page.getByRole('button', { name: 'Log out' }).boundingBox();
    assert.ok(y + height <= 640, 'on the first screen of a phone');
    assert.ok(await page.evaluate(() => document.documentElement.scrollHeight) <= 2800, 'and the page is short');
    await press(page, 'Log out');
    await page.getByRole('link', { name: 'Log in' }).waitFor();
    assert.deepEqual(page.complaints, []);
  });
}
