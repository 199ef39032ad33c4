// What the pages weigh, counted where the browser counts it, with every lazy picture loaded.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ask, bearer, fixture, open, pictureForm, visit } from './browser.mjs';

const site = await open();
after(() => site.close());
const person = site.piclog.addUser('potato');
const photos = readdirSync(new URL('../../fixtures/pictures/', import.meta.url)).filter((name) => !/gif$/.test(name)).slice(0, 24);
for (const [i, name] of photos.entries()) {
  const answer = await ask(site.piclog, 'POST', '/api/pictures', { headers: bearer(person),
    body: pictureForm(fixture(`pictures/${name}`), { caption: `Number ${i}: what a lovely lot of blocks #${name.split('.')[0]}`, alt: `The picture called ${name}` }) });
  assert.equal(answer.status, 201);
  await ask(site.piclog, 'POST', '/api/statuses', { headers: bearer(person), body: { face: '🙂', content: `a status of about the usual length, number ${i}` } });
}

const load = async (path) => {
  const page = await visit(site, null, { viewport: { width: 390, height: 844 }, isMobile: true });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const requests = [];
  let bytes = 0;
  network.on('Network.requestWillBeSent', ({ request }) => { if (!request.url.startsWith('data:')) requests.push(request.url.replace(site.piclog.origin, '')); });
  network.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await page.goto(path);
  await page.evaluate(() => Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode(); })));
  await page.waitForLoadState('networkidle');
  await page.context().close();
  return { bytes, requests };
};

test('the front page with twenty pictures: at most 100 kB and 25 requests', async () => {
  const { bytes, requests } = await load('/');
  assert.equal(new Set(requests.filter((url) => /^\/t\//.test(url))).size, 20);
  assert.ok(bytes <= 100_000, `${bytes} bytes`);
  assert.ok(requests.length <= 25, `${requests.length} requests: ${requests.filter((url) => !/^\/t\//.test(url)).join(' ')}`);
});

for (const path of ['/gallery', '/p/1', '/~potato', '/search?q=blocks', '/statuses'])
  test(`${path} with all its pictures: at most 100 kB`, async () => {
    const { bytes } = await load(path);
    assert.ok(bytes <= 100_000, `${bytes} bytes`);
  });

test('one stylesheet of at most 10 kB with small ones for few pages beside it, one script of at most 8000 compressed', async () => {
  const style = await ask(site.piclog, 'GET', '/static/style.css'), script = await ask(site.piclog, 'GET', '/static/piclog.js');
  assert.ok(style.data.length > 5000 && style.data.length <= 10_000, `${style.data.length} bytes of style`);
  for (const name of ['clips', 'crunch', 'members', 'moods', 'room', 'themes']) {
    const { status, data } = await ask(site.piclog, 'GET', `/static/${name}.css`);
    assert.equal(status, 200, name);
    assert.ok(data.length <= 1600, `${name}.css: ${data.length} bytes`);
  }
  const compressed = gzipSync(script.data).length;
  assert.ok(script.data.length > 5000 && compressed <= 8000, `${compressed} bytes of script`);
  const french = await ask(site.piclog, 'GET', /\/static\/piclog\.js[^"]*/.exec((await ask(site.piclog, 'GET', '/', { headers: { 'accept-language': 'fr' } })).text)[0]);
  assert.ok(french.text !== script.text && gzipSync(french.data).length <= 8000, 'in another language as well');
  const live = await ask(site.piclog, 'GET', '/static/live.js'), more = gzipSync(live.data).length;
  assert.ok(live.data.length > 2000 && more <= 5000, `${more} bytes of the script for pages that know what is new`);
});
