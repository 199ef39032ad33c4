// Pictures, statuses and moods: by form, by API, and what hostile files get.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, fixture, fixtures, pictureForm, start } from './piclog.mjs';

let piclog, potato, mosquito;
before(async () => {
  piclog = await start();
  potato = piclog.person('potato');
  mosquito = piclog.person('mosquito');
});
after(() => piclog.remove());

test('the API takes a picture and gives it back', async () => {
  const posted = await potato.upload(fixture('pictures/cat.jpg'), { caption: 'A cat #cats', alt: 'asleep', tags: 'chair, red', preset: 'dust' });
  assert.equal(posted.status, 201);
  const picture = posted.json;
  for (const key of ['id', 'url', 'image_url', 'thumb_url', 'bytes', 'source_bytes', 'width', 'height']) assert.ok(picture[key], key);
  assert.ok(picture.bytes <= 3000);
  assert.deepEqual(picture.tags.sort(), ['cats', 'chair', 'red']);
  const image = await fetch(picture.image_url);
  const bytes = Buffer.from(await image.arrayBuffer());
  assert.equal(bytes.length, picture.bytes);
  assert.equal(image.headers.get('content-type'), 'image/jpeg');
  assert.match(image.headers.get('cache-control'), /public, max-age=86400, immutable/);
  assert.equal((await fetch(picture.image_url, { headers: { 'If-None-Match': image.headers.get('etag') } })).status, 304);
  const part = await fetch(picture.image_url, { headers: { Range: 'bytes=0-99' } });
  assert.deepEqual([part.status, (await part.arrayBuffer()).byteLength], [206, 100]);
  assert.equal((await fetch(picture.image_url, { method: 'HEAD' })).headers.get('content-length'), String(picture.bytes));
  assert.equal((await (await fetch(`${piclog.origin}/api/pictures/${picture.id}`)).json()).caption, 'A cat #cats');
});

test('a raw body is a picture too', async () => {
  const posted = await potato.call('POST', '/api/pictures', fixture('pictures/hibiscus.webp'), { 'Content-Type': 'image/webp' });
  assert.equal(posted.status, 201);
});

test('nobody changes what is not theirs', async () => {
  const { id } = (await potato.upload(fixture('pictures/bricks.gif'))).json;
  assert.equal((await mosquito.call('PUT', `/api/pictures/${id}`, { caption: 'mine' })).status, 403);
  assert.ok([403, 404].includes((await mosquito.call('DELETE', `/api/pictures/${id}`)).status));
  assert.equal((await fetch(`${piclog.origin}/api/pictures`, { method: 'POST' })).status, 401);
  assert.equal((await potato.call('PUT', `/api/pictures/${id}`, { caption: 'still mine' })).status, 200);
});

test('the same picture twice is two posts with one address; deleting the last deletes the bytes', async () => {
  const [a, b] = [(await potato.upload(fixture('pictures/focus.png'))).json, (await mosquito.upload(fixture('pictures/focus.png'))).json];
  assert.notEqual(a.id, b.id);
  assert.equal(a.image_url, b.image_url);
  assert.equal((await potato.call('DELETE', `/api/pictures/${a.id}`)).status, 204);
  assert.equal((await fetch(a.image_url)).status, 200);
  assert.equal((await mosquito.call('DELETE', `/api/pictures/${b.id}`)).status, 204);
  assert.equal((await fetch(a.image_url)).status, 404);
});

test('uploading by form: one, several, none', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  const one = await browser.submit('/upload', pictureForm(fixture('pictures/paws.jpg'), { caption: 'by form', alt: '', tags: '', preset: 'fried' }));
  assert.equal(one.status, 303);
  assert.match(one.headers.location, /\/p\/\d+$/);
  const two = await browser.submit('/upload', pictureForm([fixture('pictures/sky.jpg'), fixture('pictures/clouds.jpg')], { caption: '', alt: '', tags: '', preset: 'dust' }));
  assert.match(two.headers.location, /^\/crunch\?of=\d+:dust,\d+:dust$/);
  await browser.submit('/crunch', { drop: 'all' });
  const none = await browser.submit('/upload', pictureForm(Buffer.alloc(0), { caption: 'keep these words', alt: '', tags: '', preset: 'dust' }));
  assert.equal(none.status, 422);
  assert.match(none.text, /keep these words/);
});

test('pick your crunch: four candidates, private, then one is published', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  const chosen = await browser.submit('/upload', pictureForm(fixture('pictures/peaks.jpg'), { caption: 'hm', alt: '', tags: '', preset: 'choose' }));
  const page = new URL(chosen.headers.location, piclog.origin).pathname;
  const choice = await browser.get(page);
  const images = [...new Set([...choice.text.matchAll(/src="(\/upload\/\d+\/\w+\.jpg)"/g)].map((match) => match[1]))]; // whole and near
  assert.equal(images.length, 4);
  const candidate = await browser.get(images[0]);
  assert.equal(candidate.status, 200);
  assert.match(candidate.headers['cache-control'], /no-store/);
  assert.notEqual((await fetch(piclog.origin + images[0], { redirect: 'manual' })).status, 200);
  const published = await browser.submit(page, { preset: 'crispy', caption: 'chosen', alt: 'mountains', tags: '' });
  assert.equal(published.status, 303);
  const back = await browser.get(page);
  assert.deepEqual([back.status, back.headers.location], [303, published.headers.location]);
  assert.equal((await browser.get(images[0])).status, 404);
});

test('hostile files get a 4xx that says why, and the service lives', async () => {
  for (const name of readdirSync(join(fixtures, 'hostile'))) {
    const answer = await potato.upload(fixture(`hostile/${name}`));
    const body = answer.json;
    assert.ok(answer.status === 201 || (answer.status >= 400 && answer.status < 500), `${name}: ${answer.status}`);
    if (answer.status !== 201) assert.ok(body.detail.length > 20, name);
  }
  assert.equal((await fetch(`${piclog.origin}/healthz`)).status, 200);
});

test('statuses: 140 characters as people count them', async () => {
  const family = '👩‍👩‍👧‍👧';
  assert.equal((await potato.call('POST', '/api/statuses', { face: '🙂', content: family.repeat(70) })).status, 201);
  assert.equal((await potato.call('POST', '/api/statuses', { face: '🙂', content: 'a'.repeat(140) })).status, 201);
  const long = await potato.call('POST', '/api/statuses', { face: '🙂', content: 'a'.repeat(141) });
  assert.equal(long.status, 422);
  assert.match(long.headers['content-type'], /application\/problem\+json/);
  assert.match(long.json.detail, /140/);
  assert.equal((await potato.call('POST', '/api/statuses', { face: '🙂', content: '   ' })).status, 422);
});

test('a status is posted, read, edited and deleted', async () => {
  const text = 'Ligne une\nשלום #été @mosquito <b>&"';
  const posted = (await potato.call('POST', '/api/statuses', { face: '🧵', content: text })).json;
  const got = await (await fetch(`${piclog.origin}/api/statuses/${posted.id}`)).json();
  assert.equal(got.content, text);
  const page = await (await fetch(`${piclog.origin}/statuses`)).text();
  assert.ok(page.includes('href="/~mosquito"') && page.includes('/tag/%C3%A9t%C3%A9') && page.includes('&lt;b&gt;') && !page.includes('<b>&'));
  assert.equal((await mosquito.call('PUT', `/api/statuses/${posted.id}`, { face: '', content: 'stolen' })).status >= 400, true);
  assert.equal((await potato.call('PUT', `/api/statuses/${posted.id}`, { face: '✏️', content: 'edited' })).status, 200);
  assert.equal((await potato.call('DELETE', `/api/statuses/${posted.id}`)).status, 204);
  assert.equal((await fetch(`${piclog.origin}/api/statuses/${posted.id}`)).status, 404);
});

test('a mood is posted, counted and deleted', async () => {
  const posted = (await potato.call('POST', '/api/moods', { mood: 'sleepy', face: '🥱', note: 'tabs' })).json;
  assert.ok(posted.id);
  assert.match(await (await fetch(`${piclog.origin}/moods/counts.json`)).text(), /sleepy/);
  assert.equal((await potato.call('DELETE', `/api/moods/${posted.id}`)).status, 204);
});

test('everything one made comes along as a zip that opens offline', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  const answer = await browser.get('/settings/export');
  assert.match(answer.headers['content-disposition'], /piclog-potato\.zip/);
  const zip = join(piclog.data, 'export.zip'), unzip = (...args) => execFileSync('unzip', ['-q', ...args], { encoding: 'buffer', maxBuffer: 1 << 26 });
  writeFileSync(zip, answer.data);
  unzip('-t', zip);
  const all = JSON.parse(unzip('-p', zip, 'piclog.json'));
  assert.equal(all.piclog_export, 1);
  assert.equal(all.person.name, 'potato');
  assert.ok(all.pictures.length >= 5 && all.statuses.length >= 2);
  for (const secret of ['password', 'hash', 'invited']) assert.equal(JSON.stringify(all.person).includes(secret), false);
  assert.equal(unzip('-p', zip, all.pictures[0].file).length, all.pictures[0].bytes);
  assert.match(unzip('-p', zip, 'index.html').toString(), /Taken along from http:.*<img src="pictures\//s);
  const shell = join(piclog.data, 'shell.zip');
  piclog.run(['export', 'potato', shell]);
  unzip('-t', shell);
});

test('a form or an object that is malformed posts nothing, and says what is wrong', async () => {
  const browser = await new Browser(piclog).logIn(potato);
  const csrf = await browser.token('/status');
  const count = async () => (await (await fetch(`${piclog.origin}/~potato.json`)).json()).person.status_count;
  const before = await count();
  const form = (more) => browser.go('POST', '/status', { body: new URLSearchParams([['csrf', csrf], ['content', 'malformed'], ...more]) });
  const many = await form(Array.from({ length: 95 }, (_, i) => [`x${i}`, '']));
  assert.equal(many.status, 400);
  assert.match(many.text, /more than 96 fields/);
  const long = await form([['n'.repeat(65), '']]);
  assert.equal(long.status, 400);
  assert.match(long.text, /longer than 64 bytes/);
  const nul = await form([['note', '\0']]);
  assert.equal(nul.status, 400);
  const json = (text) => potato.call('POST', '/api/statuses', text, { 'content-type': 'application/json' });
  for (const [text, why] of [['[]', /something else/], ['{"content":', /JSON object/], ['"a"', /JSON object/], ['{"content":"a","content":"b"}', /JSON object/],
    [JSON.stringify(Object.fromEntries(Array.from({ length: 97 }, (_, i) => [`x${i}`, 'x']))), /too many fields/], ['{"content":"a\\u0000"}', /NUL|JSON object/]]) {
    const got = await json(text);
    assert.equal(got.status, 400, text);
    assert.match(got.json.detail, why);
  }
  assert.equal((await browser.go('POST', '/status', { headers: { 'content-type': 'text/plain' }, body: 'content=malformed' })).status, 415);
  assert.equal(await count(), before);
  assert.equal((await form([])).status, 303, 'well formed it is taken');
  assert.equal((await json('{"content":"malformed no more"}')).status, 201);
});
