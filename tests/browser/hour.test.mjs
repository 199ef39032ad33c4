// A newcomer's first hour, from the invitation to the day on which the disk is replaced, as it happens to people: with
// Back, Reload, double clicks and the wrong file among it. Each test goes on where the one before ended.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixtures, logIn, open, start, visit } from './browser.mjs';

const site = await open();
after(() => site.close());
const { piclog } = site;
const picture = (name) => join(fixtures, 'pictures', name);
const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click();
const at = (page, pattern) => page.waitForURL((url) => pattern.test(url.pathname));
const posted = async (path = '/~nova') => (await (await fetch(`${piclog.origin}${path}.json`)).json()).pictures;
const password = 'a cat walked over it';
const boss = await logIn(site, piclog.addUser('boss', 'the boss has a password', '--admin'));
let nova, codes;

test('join: by a link, with codes that are written down', async () => {
  const link = new URL(piclog.run(['invite']).split(/\s+/).find((word) => word.includes('/join/')), piclog.origin);
  nova = await visit(site, link.pathname, { acceptDownloads: true });
  await nova.getByLabel('Name').fill('nova');
  await nova.getByLabel('Password').fill(password);
  await nova.getByRole('button', { name: 'Join' }).dblclick();
  await nova.getByRole('heading', { name: 'Write these down' }).waitFor();
  codes = (await nova.locator('.codes').textContent()).trim().split(/\s+/);
  assert.ok(codes.length >= 8, codes.join());
  await nova.goto('/');
  await nova.getByRole('heading', { name: 'What’s up, nova?' }).waitFor();
});

test('three photos at once come to the chooser, and nobody sees them yet', async () => {
  await nova.getByRole('link', { name: 'Upload', exact: true }).click();
  await nova.getByLabel('Pictures').setInputFiles(['cat.jpg', 'sky.jpg', 'paws.jpg'].map(picture));
  await nova.getByLabel('Caption').fill('My first #pictures');
  await press(nova, 'Crush it');
  await at(nova, /^\/crunch$/);
  assert.equal(await nova.locator('.four').count(), 3);
  assert.equal((await posted()).length, 0);
  // gone to look at something else, and back: what was typed and sent is there
  await nova.goto('/rules');
  await nova.goBack();
  await at(nova, /^\/crunch$/);
  await nova.reload();
  assert.equal(await nova.locator('.four').count(), 3);
  for (const [i, alt] of ['A cat in a red chair', 'Clouds', 'Two paws'].entries()) await nova.getByLabel('Alt text').nth(i).fill(alt);
  await nova.locator('.four').nth(1).locator('[value=dust]').check();
});

test('a double click on "Publish all", Back and Reload: three pictures, each with its own words', async () => {
  await nova.getByRole('button', { name: 'Publish all 3' }).first().dblclick();
  await at(nova, /^\/~nova$/);
  const list = await posted();
  assert.deepEqual(list.map(({ alt, preset }) => [alt, preset]).reverse(), [['A cat in a red chair', 'crunchy'], ['Clouds', 'dust'], ['Two paws', 'crunchy']]);
  await nova.goBack();
  await at(nova, /^\/~nova$/);
  await nova.reload();
  assert.equal((await posted()).length, 3);
});

test('a fourth alone: picked from its four crunches; Back leads to the picture', async () => {
  await nova.goto('/upload');
  await nova.getByLabel('Pictures').setInputFiles(picture('spices.jpg'));
  await press(nova, 'Crush it');
  await at(nova, /^\/upload\/\d+$/);
  await nova.locator('[value=fried]').check();
  await press(nova, 'Publish');
  await at(nova, /^\/p\/\d+$/);
  const url = nova.url();
  await nova.goBack();
  await nova.waitForURL(url);
  assert.equal((await posted()).length, 4);
});

test('the wrong format among two is named, the other one stays, and is thrown away', async () => {
  await nova.goto('/upload');
  await nova.getByLabel('Pictures').setInputFiles([{ name: 'scan.tiff', mimeType: 'image/tiff', buffer: Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1') },
    { name: 'peaks.jpg', mimeType: 'image/jpeg', buffer: readFileSync(picture('peaks.jpg')) }]);
  await press(nova, 'Crush it');
  await at(nova, /^\/crunch$/);
  assert.match(await nova.getByRole('status').textContent(), /^1 of 2 came through\.\nscan\.tiff: .*TIFF/);
  await press(nova, 'Throw it away');
  await at(nova, /^\/upload$/);
  assert.match(await nova.getByRole('status').textContent(), /Thrown away/);
  assert.equal((await posted()).length, 4);
  nova.complaints.splice(0); // the 415 was asked for
});

test('a status, said once with two clicks, and a mood', async () => {
  await nova.goto('/');
  await nova.getByLabel('Face').fill('🐣');
  await nova.getByLabel('Status', { exact: true }).fill('hello, small world');
  await nova.getByRole('button', { name: 'Say it' }).dblclick();
  await nova.locator('.status', { hasText: 'hello, small world' }).waitFor();
  await nova.goto('/~nova');
  assert.equal(await nova.locator('.status', { hasText: 'hello, small world' }).count(), 1);
  await nova.goto('/mood');
  await nova.getByLabel('Mood', { exact: true }).fill('🥳 festive');
  await press(nova, 'Feel it');
  await nova.goto('/~nova');
  await nova.locator('.mood', { hasText: 'festive' }).waitFor();
});

test('one’s own page offers Edit, and neither to mute nor to report oneself', async () => {
  await nova.goto('/~nova');
  assert.equal(await nova.getByRole('link', { name: /Mute|Report/ }).count(), 0);
  await nova.getByRole('link', { name: 'Edit', exact: true }).click();
  await at(nova, /^\/settings\/profile$/);
  await nova.getByLabel(/About/).fill('New here. **Hello.**');
  await press(nova, 'Save');
  await nova.goto('/~nova');
  await nova.locator('.about strong', { hasText: 'Hello.' }).waitFor();
  await nova.locator('.pics a').first().click();
  await at(nova, /^\/p\/\d+$/);
  assert.equal(await nova.getByRole('link', { name: 'Report' }).count(), 0);
});

test('a theme: one’s own page in it, as a preview, then for everybody', async () => {
  await nova.goto('/themes');
  const poster = nova.locator('.themes > li', { hasText: 'Poster' });
  await poster.getByRole('link', { name: 'Your page in it' }).click();
  await at(nova, /^\/settings\/style\/preview$/);
  const looks = (page) => page.frameLocator('iframe.room').locator('h1').evaluate((h1) => getComputedStyle(h1).fontFamily + getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor);
  const preview = await looks(nova);
  assert.ok((await nova.frameLocator('iframe.room').locator('link[href*="theme-poster.css"]').count()) === 1, 'the preview wears the theme');
  await nova.goto('/themes');
  await poster.getByRole('link', { name: 'Start from it' }).click();
  await press(nova, 'Save');
  await at(nova, /^\/settings\/style$/);
  await nova.goto('/~nova');
  assert.equal(await looks(nova), preview, 'the page looks as its preview did');
  await nova.getByRole('link', { name: 'Edit', exact: true }).waitFor(); // above the room, which does not know who looks
});

test('the widget: what the settings give to copy works on a page elsewhere', async () => {
  await nova.goto('/settings/site');
  const code = await nova.locator('textarea.code').evaluateAll((areas) => areas.map((area) => area.value).find((text) => /<script/.test(text)));
  const elsewhere = http.createServer((request, response) => response.end(`<!DOCTYPE html><html lang="en"><title>My garden</title><h1>My garden</h1>${code}`)).listen(0, '127.0.0.1');
  await new Promise((done) => elsewhere.once('listening', done));
  const visitor = await visit(site, null);
  await visitor.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
  await visitor.getByText('hello, small world').waitFor();
  await visitor.context().close();
  elsewhere.close();
});

test('a second person, invited by the first, looks around, mutes and reports', async () => {
  await nova.goto('/settings/invites');
  await press(nova, 'Make an invitation');
  const link = /\/join\/[\w-]+/.exec(await nova.textContent('main'))[0];
  const otto = await visit(site, link);
  await otto.getByLabel('Name').fill('otto');
  await otto.getByLabel('Password').fill(password);
  await press(otto, 'Join');
  await otto.getByRole('heading', { name: 'Write these down' }).waitFor();
  await otto.goto('/~nova?style=off');
  await otto.getByRole('link', { name: 'Mute or block' }).waitFor();
  assert.equal(await otto.getByRole('link', { name: 'Edit' }).count(), 0);
  await otto.goto((await posted())[0].url);
  await otto.getByRole('link', { name: 'Report' }).click();
  await otto.locator('[name=reason]').first().check();
  await otto.getByRole('button', { name: /Report|Send/ }).dblclick();
  await otto.getByRole('heading', { name: 'Thank you' }).waitFor();
  assert.deepEqual(otto.complaints, []);
  await otto.context().close();
});

test('the report is on the desk of the admin, once, who hides the picture; its owner hears why', async () => {
  await boss.goto('/admin');
  const [{ id }] = await posted();
  assert.equal(await boss.locator(`main a[href="/p/${id}"]`).count() > 0, true);
  const card = boss.locator('.desk > li', { has: boss.locator(`a[href="/p/${id}"]`) });
  assert.equal(await card.count(), 1);
  await card.getByLabel(/Reason|Why/).first().fill('Too crunchy even for us.');
  await card.getByRole('button', { name: 'Hide', exact: true }).click();
  await boss.waitForLoadState();
  assert.equal((await fetch(`${piclog.origin}/p/${id}`)).status, 404);
  assert.equal((await posted()).length, 3);
  await nova.goto('/standing');
  await nova.getByText('Too crunchy even for us.').first().waitFor();
  await boss.goto(`/p/${id}`);
  assert.equal(boss.complaints.length, 0);
});

test('backup, and restored elsewhere: everything is there, and the password still opens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-hour-'));
  try {
    piclog.run(['backup', join(folder, 'backup')]);
    await nova.goto('/');
    await nova.getByLabel('Status', { exact: true }).fill('after the backup');
    await press(nova, 'Say it');
    const there = await start([], { data: join(folder, 'data') });
    try {
      await there.stop();
      there.run(['restore', join(folder, 'backup'), '--force']);
      there.errors = '';
      await there.launch();
      const page = await logIn({ ...site, piclog: there }, { name: 'nova', password });
      await page.goto('/~nova?style=off');
      assert.equal(await page.locator('.pics img').count(), 4, 'the owner also sees the hidden one');
      assert.match(await page.textContent('main'), /hello, small world/);
      assert.doesNotMatch(await page.textContent('main'), /after the backup/);
      await page.locator('.pic > a').last().click();
      await at(page, /^\/p\/\d+$/);
      assert.ok(await page.locator('.frame img').evaluate((image) => image.decode().then(() => image.naturalWidth)) > 100);
      await page.context().close();
    } finally {
      await there.remove();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  assert.deepEqual(nova.complaints, []);
});

test('a forgotten password: a recovery code of the first minute opens the door once', async () => {
  const page = await visit(site, '/recover');
  await page.getByLabel('Name').fill('nova');
  await page.getByLabel(/code/i).first().fill(codes[0]);
  await page.getByLabel(/password/i).last().fill('another cat walked over it');
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL((url) => url.pathname !== '/recover');
  await page.goto('/upload');
  assert.equal(await page.locator('input[type=file]').count(), 1, 'signed in');
  await page.context().close();
});
