// Clips in a browser: they play with the stylesheet alone, also on other people's pages, stop when they are told to, and
// stand still for whoever asked for less motion, or where they flash. Nothing is timed: what plays is waited for, and what
// stands still has to look the same twelve times.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { ask, bearer, logIn, open, pictureForm, visit } from './browser.mjs';
import { flashing, walking } from './films.mjs';

const site = await open();
const potato = site.piclog.addUser('potato');
const post = async (bytes, caption) => (await ask(site.piclog, 'POST', '/api/pictures', { headers: bearer(potato),
  body: pictureForm(bytes, { clip: '1', caption, alt: `${caption}, as words` }, 'image', 'image/gif') })).json;
const flash = await post(flashing(), 'strobe'), walk = await post(walking(), 'walks');
const path = (url) => new URL(url).pathname;

// The page of somebody's own site under the policy of free static hosts: see elsewhere.test.mjs.
let html = '';
const home = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "connect-src 'self'; form-action 'self'; script-src * 'unsafe-inline'; img-src *; frame-src *" });
  response.end(html);
});
await new Promise((done) => home.listen(0, '127.0.0.1', done));
after(async () => {
  home.close();
  home.closeAllConnections();
  await site.close();
});

const look = async (film) => (await film.screenshot({ animations: 'allow' })).toString('base64');
async function plays(film, name) {
  await film.locator('img').first().evaluate((image) => image.decode()).catch(() => {});
  const first = await look(film);
  for (let i = 0; i < 100; i++) if (await look(film) !== first) return;
  assert.fail(`${name}: it does not move`);
}
async function stands(film, name) {
  await film.locator('img').first().evaluate((image) => image.decode()).catch(() => {});
  await film.page().waitForTimeout(300); // for what is on its way
  const first = await look(film);
  for (let i = 0; i < 12; i++) {
    await film.page().waitForTimeout(60);
    assert.equal(await look(film), first, `${name}: it moves`);
  }
}
const noScript = { javaScriptEnabled: false };

test('it plays without JavaScript, stops when the box is ticked, by mouse and keys, and plays on', async () => {
  const page = await visit(site, path(walk.url), noScript), film = page.locator('.film').first(), box = page.getByLabel('Hold it still');
  await plays(film, 'at first');
  await box.check();
  await stands(film, 'held');
  await box.uncheck();
  await plays(film, 'let go');
  await box.focus();
  await page.keyboard.press('Space');
  await stands(film, 'held by the space bar');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a window of one frame, as large as its page allows and never larger', async () => {
  for (const width of [320, 360, 1440]) {
    const page = await visit(site, path(walk.url), { ...noScript, viewport: { width, height: 900 } });
    const { width: w, height: h } = await page.locator('.film').first().boundingBox();
    assert.ok(w <= width && w >= Math.min(480, width) * 0.85, `${w} of ${width}`);
    assert.ok(Math.abs(w / h - walk.frame_width / walk.frame_height) < 0.05, `${w} × ${h}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    await page.context().close();
  }
});

test('less motion: it stands still until it is told to play', async () => {
  const page = await visit(site, path(walk.url), { ...noScript, reducedMotion: 'reduce' }), film = page.locator('.film').first();
  await stands(film, 'less motion');
  assert.equal(await page.getByText('Hold it still').isVisible(), false);
  assert.equal(await page.getByText('Play', { exact: true }).isVisible(), true);
  await page.locator('#clip').check();
  await plays(film, 'told to');
  await page.goto('/gallery');
  await page.locator('.reel').first().hover();
  assert.equal(await page.locator('.reel .film').first().isVisible(), false);
  await page.context().close();
});

test('what flashes stands still until it is told to play, and plays in no list', async () => {
  const page = await visit(site, path(flash.url), noScript), film = page.locator('.film').first();
  await stands(film, 'flashes');
  await page.getByLabel('It flashes. Play it all the same').check();
  await plays(film, 'told to');
  await page.goto('/gallery');
  assert.equal(await page.locator('.reel').count() > await page.locator('.reel .film').count(), true);
  assert.equal(await page.locator(`img[src="${path(flash.image_url)}"]`).count(), 0);
  await page.context().close();
});

// Without JavaScript browsers load at once what is marked lazy, as the standard has it; with it, only what is shown.
test('in lists it plays for the pointer and the focus, and its strip comes not before', async () => {
  for (const [where, options] of [['/gallery', {}], ['/', {}], ['/~potato', {}], ['/gallery', noScript]]) {
    const page = await visit(site, null, options), strips = [];
    page.on('request', (request) => { if (path(request.url()) === path(walk.image_url)) strips.push(request.url()); });
    await page.goto(where, { waitUntil: 'networkidle' });
    if (options !== noScript) assert.deepEqual(strips, [], where);
    const reel = page.locator(`.reel:has(img[src="${path(walk.image_url)}"])`).first();
    await reel.hover();
    await plays(reel, `${where}, under the pointer`);
    assert.equal(strips.length, 1, where);
    await page.mouse.move(0, 0);
    await stands(reel, `${where}, without it`);
    await reel.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab'); // so that the focus is one of the keyboard
    await plays(reel, `${where}, with the focus`);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test('on a foreign page it plays as a frame and as a script, and stops', async () => {
  const { origin } = site.piclog;
  html = `<!DOCTYPE html><meta charset="utf-8"><title>home</title><style>img { max-width: 100% }</style>
    <iframe src="${origin}/embed/potato/clip" width="420" height="420" title="clip"></iframe>
    <div id="script" style="width: 320px"><script src="${origin}/embed/potato/clip.js"></script></div>
    <img id="picture" src="${origin}/embed/potato/clip.jpg" alt="">`;
  const page = await (await site.browser.newContext({ viewport: { width: 900, height: 1200 } })).newPage(), violations = [];
  page.on('console', (message) => { if (message.type() === 'error') violations.push(message.text()); });
  page.on('pageerror', (error) => violations.push(String(error)));
  await page.goto(`http://localhost:${home.address().port}/`, { waitUntil: 'networkidle' });
  const frame = page.frameLocator('iframe');
  for (const [name, film, box] of [['the frame', frame.locator('.piclog-film'), frame.getByLabel('Hold it still')],
    ['the script', page.locator('#script .piclog-film'), page.locator('#script').getByLabel('Hold it still')]]) {
    const { width, height } = await film.boundingBox();
    assert.ok(width > 200 && Math.abs(width / height - walk.frame_width / walk.frame_height) < 0.05, `${name}: ${width} × ${height}`);
    await plays(film, name);
    await box.check();
    await stands(film, `${name}, held`);
  }
  const [w, h] = await page.locator('#picture').evaluate((image) => [image.naturalWidth, image.naturalHeight]);
  assert.deepEqual([w, h], [walk.thumb_width, walk.thumb_height]);
  assert.deepEqual(violations, []);
  await page.context().close();
});

test('“pick your crunch” shows the clips, or the stills, as it is picked', async () => {
  const page = await logIn(site, potato, noScript);
  await page.goto('/upload');
  await page.getByLabel('Pictures').setInputFiles({ name: 'film.gif', mimeType: 'image/gif', buffer: walking() });
  await page.getByRole('button', { name: 'Crush it' }).click();
  await page.waitForURL(/\/upload\/\d+$/);
  const film = page.locator('.crunches .film').nth(1), still = page.locator('.crunch > img').nth(1);
  await plays(film, 'the clip');
  assert.equal(await still.isVisible(), false);
  await page.locator('[name=clip][value="0"]').check();
  assert.deepEqual([await film.isVisible(), await still.isVisible()], [false, true]);
  await page.locator('[name=clip][value="1"]').check();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.waitForURL(/\/p\/\d+$/);
  await plays(page.locator('.film').first(), 'published');
  await page.context().close();
});

test('the script sends what moves as it is, however large, and shrinks what does not', async () => {
  const comment = Buffer.concat([Buffer.from([0x21, 0xFE]), ...Array.from({ length: 13000 }, () => Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 65)])), Buffer.from([0])]);
  const large = (gif) => Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)]);
  assert.ok(large(walking()).length > 3e6);
  const page = await logIn(site, potato);
  for (const [name, bytes, moves] of [['moves.gif', large(walking()), true]]) {
    await page.goto('/upload');
    await page.getByLabel('Pictures').setInputFiles({ name, mimeType: 'image/gif', buffer: bytes });
    await page.locator('[name=preset][value=crunchy]').check();
    await page.getByLabel('Caption').fill(name);
    await page.getByRole('button', { name: 'Crush it' }).click();
    await page.waitForURL(/\/p\/\d+$/);
    const { picture } = (await ask(site.piclog, 'GET', `${path(page.url())}.json`)).json;
    assert.equal(picture.frames !== null, moves, name);
    assert.equal(picture.source_bytes, bytes.length);
    assert.equal(picture.claimed_bytes, null);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('a page with a clip weighs at most 100 kB', async () => {
  const page = await visit(site, null), network = await page.context().newCDPSession(page);
  let bytes = 0;
  await network.send('Network.enable');
  network.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await page.goto(path(walk.url), { waitUntil: 'networkidle' });
  assert.ok(bytes > walk.bytes && bytes <= 100_000, `${bytes} bytes`);
  await page.context().close();
});
