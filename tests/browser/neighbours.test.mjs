// What neighbours do with each other, by clicking: with JavaScript, and all of it again without. Two people, and a
// visitor who has no account.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixtures, logIn, open, visit } from './browser.mjs';

const site = await open();
after(() => site.close());
const picture = (name) => join(fixtures, 'pictures', name);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const at = (page, pattern) => page.waitForURL((url) => pattern.test(url.pathname));
const main = (page) => page.locator('main');
const asJson = async (page, path) => (await page.request.get(path)).json();

const boss = await logIn(site, site.piclog.addUser('boss', undefined, '--admin'));
for (const [how, scripts, ann, bob] of [['with JavaScript', true, 'ann', 'bob'], ['without JavaScript', false, 'anna', 'bobby']]) {
  const [hers, his] = await Promise.all([ann, bob].map((name) => logIn(site, site.piclog.addUser(name), { javaScriptEnabled: scripts })));
  const visitor = await visit(site, '/', { javaScriptEnabled: scripts });
  const follow = async (page, whom) => {
    await page.goto(`/~${whom}`);
    await press(page, `Follow ${whom}`);
    await page.getByRole('button', { name: `Unfollow ${whom}` }).waitFor();
  };

  test(`follow, look at one's friends, unfollow ${how}`, async () => {
    await hers.goto('/status');
    await hers.getByLabel('Status').fill(`${ann} says so`);
    await press(hers, 'Say it');
    await at(hers, /^\/statuses\/\d+$|^\/$|^\/~/);
    await follow(his, ann);
    await his.goto('/friends');
    await main(his).getByText(`${ann} says so`).waitFor();
    await hers.goto('/friends/followers');
    await main(hers).getByRole('link', { name: bob }).waitFor();
    await his.goto(`/~${ann}`);
    await press(his, `Unfollow ${ann}`);
    await his.getByRole('button', { name: `Follow ${ann}`, exact: true }).waitFor();
    await his.goto('/friends');
    assert.doesNotMatch(await main(his).textContent(), new RegExp(`${ann} says so`));
    await follow(his, ann);
  });

  test(`a picture answers a status, is told, and is taken off ${how}`, async () => {
    await his.goto(`/statuses?by=${ann}`);
    await his.locator('.status time').first().click();
    await his.getByRole('link', { name: 'Answer with a picture' }).click();
    assert.match(await main(his).textContent(), new RegExp(`${ann} says so`), 'one sees what one answers');
    await his.getByLabel('Pictures').setInputFiles(picture('cat.jpg'));
    await his.getByLabel('Alt text').fill('A cat that disagrees');
    await his.locator('[name=preset][value=crunchy]').check();
    await press(his, 'Crush it');
    await at(his, /^\/p\/\d+$/);
    await his.locator(`a.u-in-reply-to:text-is("${ann}")`).click();
    await his.locator('#answers img[alt="A cat that disagrees"]').waitFor();
    await hers.goto('/');
    await hers.getByRole('link', { name: /^Notices/ }).click();
    await main(hers).getByText(/answered your status/).first().waitFor();
    await main(hers).getByRole('link', { name: 'answered', exact: true }).first().click();
    await at(hers, /^\/p\/\d+$/);
    await hers.goto('/notices');
    await press(hers, 'All read');
    await hers.waitForLoadState();
    assert.equal(await hers.locator('main mark, .nav mark').count(), 0);
    await hers.goto(`/statuses?by=${ann}`);
    await hers.locator('.status time').first().click();
    await press(hers, 'Take it off');
    await main(hers).getByText('You took this off').waitFor();
    await his.goto(new URL(hers.url()).pathname);
    assert.equal(await his.locator('#answers img').count(), 0);
    await press(hers, 'Put it back');
    await hers.getByRole('button', { name: 'Take it off' }).waitFor();
  });

  test(`a word answers a picture, from whom its author lets ${how}`, async () => {
    const [{ url }] = (await asJson(his, `/~${bob}.json`)).pictures;
    await hers.goto(url);
    await hers.getByRole('link', { name: 'Answer', exact: true }).click();
    await hers.getByLabel('Status').fill(`well, @${bob}`);
    await press(hers, 'Say it');
    await hers.goto(url);
    await hers.locator('#answers').getByText(/^well,/).waitFor();
    await his.goto('/settings/answers');
    await his.locator('[name=answers][value=nobody]').check();
    await press(his, 'Save');
    await his.waitForLoadState();
    await hers.goto(url);
    assert.equal(await hers.getByRole('link', { name: 'Answer', exact: true }).count(), 0);
    await his.goto('/settings/answers');
    await his.locator('[name=answers][value=everybody]').check();
    await press(his, 'Save');
    await his.waitForLoadState();
  });

  test(`keep a picture and let it go ${how}`, async () => {
    const [{ url }] = (await asJson(his, `/~${bob}.json`)).pictures;
    await hers.goto(url);
    await press(hers, 'Keep');
    await hers.getByRole('button', { name: 'Let go' }).waitFor();
    await hers.goto('/kept');
    assert.equal(await main(hers).locator(`a[href="${url}"]`).count() > 0, true);
    await hers.goto(url);
    await press(hers, 'Let go');
    await hers.getByRole('button', { name: 'Keep', exact: true }).waitFor();
    await hers.goto('/kept');
    assert.equal(await main(hers).locator(`a[href="${url}"]`).count(), 0);
  });

  test(`write on a wall with a picture, after a look ${how}`, async () => {
    await his.goto(`/~${ann}/wall`);
    await his.getByLabel('Your words').fill('paint, by me');
    await his.getByLabel('A picture, if you like').setInputFiles(picture('hat.webp'));
    await his.getByLabel('Alt text of the picture').fill('A hat');
    await press(his, 'Write it');
    await his.getByText(`It shows when ${ann} has had a look`).first().waitFor();
    await visitor.goto(`/~${ann}/wall`);
    assert.doesNotMatch(await main(visitor).textContent(), /paint, by me/);
    await hers.goto(`/~${ann}/wall`);
    await hers.getByRole('button', { name: 'Let it stand' }).first().click();
    await visitor.goto(`/~${ann}/wall`);
    await main(visitor).getByText('paint, by me').waitFor();
    const image = visitor.locator('main img[alt="A hat"]');
    assert.ok(await image.evaluate((img) => img.decode().then(() => img.naturalWidth)) > 0);
    await his.goto(`/~${ann}/wall`);
    await his.getByText('Delete', { exact: true }).first().click();
    await press(his, 'Delete');
    await his.waitForLoadState();
    await visitor.goto(`/~${ann}/wall`);
    assert.doesNotMatch(await main(visitor).textContent(), /paint, by me/);
  });

  test(`a visitor signs the guestbook, and shows after a yes ${how}`, async () => {
    await hers.goto('/settings/neighbours');
    await hers.locator('[name=has_guestbook][type=checkbox], [name=has_guestbook][value="1"]').first().check();
    await press(hers, 'Save');
    await hers.waitForLoadState();
    await visitor.goto(`/~${ann}/wall`);
    await visitor.getByLabel('Your name').fill('A passer-by');
    await visitor.getByLabel('Your words').fill('Nice wallpaper');
    await press(visitor, 'Sign');
    await visitor.waitForLoadState();
    assert.deepEqual(await visitor.context().cookies(), []);
    await visitor.goto(`/~${ann}/wall`);
    assert.doesNotMatch(await main(visitor).textContent(), /Nice wallpaper/);
    await hers.goto(`/~${ann}/wall`);
    await hers.getByRole('button', { name: 'Let it stand' }).first().click();
    await visitor.goto(`/~${ann}/wall`);
    await main(visitor).getByText('Nice wallpaper').waitFor();
  });

  test(`poke, and be poked back ${how}`, async () => {
    await his.goto(`/~${ann}`);
    await his.getByRole('link', { name: 'Poke', exact: true }).click();
    await press(his, 'Poke');
    await his.waitForLoadState();
    await his.goto(`/poke/${ann}`);
    await his.getByText(`Your poke waits for ${ann}’s answer.`).waitFor();
    await hers.goto('/notices');
    await hers.getByRole('link', { name: 'Poke back' }).click();
    await press(hers, 'Poke back');
    await his.goto('/notices');
    await main(his).getByText(/poked you/).first().waitFor();
  });

  test(`choose a top eight ${how}`, async () => {
    await hers.goto('/settings/top');
    await hers.getByLabel('Place 1', { exact: true }).fill(bob);
    await hers.getByLabel('Place 2', { exact: true }).fill('boss');
    await press(hers, 'Save');
    await hers.waitForLoadState();
    await visitor.goto(`/~${ann}`);
    assert.deepEqual((await visitor.locator('.friends .top li').allTextContents()).map((text) => text.trim()), [bob, 'boss']);
  });

  test(`pin up a bulletin, which those read who follow ${how}`, async () => {
    await hers.goto('/bulletins');
    await hers.getByLabel('Subject').fill('Lost');
    await hers.getByLabel('Bulletin', { exact: true }).fill('One *potato*.');
    await hers.getByLabel('5 days').check();
    await press(hers, 'Pin it up');
    await hers.waitForLoadState();
    await his.goto('/bulletins');
    await main(his).getByRole('link', { name: 'Lost' }).first().click();
    assert.equal(await main(his).locator('em').first().textContent(), 'potato');
    await boss.goto('/bulletins');
    assert.doesNotMatch(await main(boss).textContent(), /Lost/);
  });

  test(`share a layout, look at one's page in it, take it ${how}`, async () => {
    await hers.goto('/settings/style');
    await hers.locator('textarea[name=css]').fill('h1 { color: rgb(1, 120, 9) }');
    await hers.getByRole('button', { name: /^(Save|Wear it)/ }).first().click();
    await hers.waitForLoadState();
    await hers.goto('/settings/layouts');
    await hers.getByLabel('What it is called').fill(`Lawn ${how}`);
    await hers.getByRole('button', { name: /^Share/ }).click();
    await hers.waitForLoadState();
    await his.goto('/layouts');
    const layout = his.locator('.themes li', { hasText: `Lawn ${how}` });
    await layout.getByRole('link', { name: 'Your page in it' }).click();
    assert.equal(await his.frameLocator('iframe.room').locator('h1').first().evaluate((h1) => getComputedStyle(h1).color), 'rgb(1, 120, 9)');
    await his.goto('/layouts');
    await layout.getByRole('link', { name: 'Start from it' }).click();
    assert.match(await his.locator('textarea[name=css]').inputValue(), /rgb\(1, 120, 9\)/);
  });

  test(`suggest a site, which shows after a look at the desk; walk the ring ${how}`, async () => {
    await his.goto('/neighbours/new');
    await his.getByLabel('Address').fill(`https://${bob}.example`);
    await his.getByLabel('What does it say on the door?').fill(`Shop of ${bob}`);
    await his.getByLabel('It is about').selectOption('odd');
    await press(his, 'Put it up');
    await his.waitForLoadState();
    await visitor.goto('/neighbours');
    assert.doesNotMatch(await main(visitor).textContent(), new RegExp(`Shop of ${bob}`));
    await boss.goto('/admin');
    const waiting = boss.locator('li, article, section.box', { hasText: `Shop of ${bob}` }).last();
    await waiting.getByRole('button', { name: /^(Approve|Accept|Show)/ }).first().click();
    await boss.waitForLoadState();
    await visitor.goto(`/neighbours?q=shop+of+${bob}`);
    const site_ = main(visitor).getByRole('link', { name: `Shop of ${bob}` });
    assert.equal(await site_.getAttribute('href'), `https://${bob}.example`);
    assert.ok(await site_.locator('img').evaluate((img) => img.decode().then(() => img.naturalWidth === 88 && img.naturalHeight === 31)));

    for (const [page, name] of [[hers, ann], [his, bob]]) {
      await page.goto('/settings/profile');
      await page.getByLabel('Homepage').fill(`https://${name}.example`);
      await press(page, 'Save');
      await page.waitForLoadState();
      await page.goto('/ring');
      await press(page, 'Join the ring');
      await page.getByRole('button', { name: 'Leave the ring' }).waitFor();
    }
    const step = await visitor.request.get(`/ring/${ann}/next`, { maxRedirects: 0 });
    assert.equal(step.status(), 303);
    assert.match(step.headers().location, /^https:\/\/bob(by)?\.example/);
  });

  test(`a block ends all of it ${how}`, async () => {
    await hers.goto(`/shun/${bob}`);
    await hers.getByRole('button', { name: /^Block/ }).click();
    await hers.waitForLoadState();
    assert.equal((await his.goto(`/~${ann}`)).status(), 404);
    await his.goto('/friends');
    assert.doesNotMatch(await main(his).textContent(), new RegExp(`${ann} says so`));
    await visitor.goto(`/~${ann}`);
    assert.deepEqual((await visitor.locator('.friends .top li').allTextContents()).map((text) => text.trim()), ['boss']);
    his.complaints.length = 0;
  });

  test(`nothing complained ${how}`, () => {
    for (const page of [hers, his, visitor]) assert.deepEqual(page.complaints.filter((text) => !/about:srcdoc|\/room/.test(text)), []);
  });
}
