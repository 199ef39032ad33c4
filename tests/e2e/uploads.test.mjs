// Pictures in: every way to send one, every way to get it wrong, hostile files.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Browser, ask, bearer, corpus, fixture, fixtures, pictureForm, start } from './piclog.mjs';

const peacock = fixture('formats/wuffs__peacock.q99.jpeg');
let piclog, anna;
before(async () => {
  piclog = await start(['--signup', 'open']);
  anna = piclog.addUser('anna');
});
after(() => piclog.remove());

const send = (body, headers = {}) => ask(piclog, 'POST', '/api/pictures', { headers: { ...bearer(anna), ...headers }, body });
const isJpeg = (data) => data[0] === 0xff && data[1] === 0xd8 && data.at(-2) === 0xff && data.at(-1) === 0xd9;

test('a form with caption, alt text, tags and preset: 201 and all that was promised', async () => {
  const got = await send(pictureForm(peacock, { caption: 'A peacock', alt: 'Feathers', tags: 'bird #blue', preset: 'fried' }));
  assert.equal(got.status, 201, got.text);
  const { id, url, image_url, thumb_url, bytes, source_bytes, width, height } = got.json;
  assert.equal(url, `${piclog.origin}/p/${id}`);
  assert.equal(got.headers.location, url);
  assert.equal(source_bytes, peacock.length);
  const image = await ask(piclog, 'GET', new URL(image_url).pathname);
  const thumb = await ask(piclog, 'GET', new URL(thumb_url).pathname);
  assert.ok(isJpeg(image.data) && isJpeg(thumb.data));
  assert.equal(image.data.length, bytes);
  assert.ok(bytes <= 6000 && thumb.data.length <= 3000);
  assert.ok(Math.max(width, height) <= 480);
  const back = (await ask(piclog, 'GET', `/api/pictures/${id}`)).json;
  assert.equal(back.caption, 'A peacock');
  assert.equal(back.alt, 'Feathers');
  assert.deepEqual(back.tags.sort(), ['bird', 'blue']);
  assert.equal(back.preset, 'fried');
  assert.match((await ask(piclog, 'GET', `/p/${id}`)).text, /A peacock/);
  assert.match((await ask(piclog, 'GET', '/tag/blue')).text, new RegExp(`/p/${id}"`));
});
test('every preset keeps its side and its budget', async () => {
  for (const [preset, side, budget] of [['crispy', 800, 24000], ['crunchy', 640, 12000], ['fried', 480, 6000], ['dust', 320, 3000]]) {
    const got = (await send(pictureForm(peacock, { preset }))).json;
    assert.equal(got.preset, preset);
    assert.ok(got.bytes <= budget && Math.max(got.width, got.height) <= side, JSON.stringify(got));
  }
});
test('a picture as the body itself, with or without a type', async () => {
  for (const type of ['image/jpeg', 'image/png', 'application/octet-stream', undefined]) {
    const got = await send(peacock, type ? { 'content-type': type } : {});
    assert.equal(got.status, 201, got.text);
    assert.equal(got.json.preset, 'crunchy');
  }
});
test('chunked, without a length', async () => {
  const got = await ask(piclog, 'POST', '/api/pictures', { headers: { ...bearer(anna), 'content-type': 'image/jpeg', 'transfer-encoding': 'chunked' }, body: peacock }).catch((error) => error);
  assert.equal(got.status, 201, got.text ?? got.message);
});
test('PNG, WebP and GIF become JPEG', async () => {
  for (const name of ['wuffs__hippopotamus.interlaced.png', 'wuffs__bricks-gray.lossy.webp', 'wuffs__muybridge.gif']) {
    const got = await send(pictureForm(fixture(`formats/${name}`)));
    assert.equal(got.status, 201, got.text);
    assert.ok(isJpeg((await ask(piclog, 'GET', new URL(got.json.image_url).pathname)).data));
  }
});
// Through the cage, which forbids threads and opening libraries: the decoders were loaded before, and start none.
test('HEIC and AVIF become JPEG, where the build reads them', async (t) => {
  const { formats } = (await ask(piclog, 'GET', '/api/limits', { headers: bearer(anna) })).json;
  if (!formats.includes('image/heic')) return t.skip('this build reads no HEIC and AVIF');
  for (const name of ['spices_10bit_turned.heic', 'spices_grid.heic', 'spices_alpha.avif']) {
    const got = await send(pictureForm(fixture(`formats/${name}`)));
    assert.equal(got.status, 201, got.text);
    assert.ok(isJpeg((await ask(piclog, 'GET', new URL(got.json.image_url).pathname)).data));
  }
});
test('a TIFF is refused in the words of the command line, and told what is taken', async () => {
  const got = await send(pictureForm(Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1')));
  assert.equal(got.status, 415);
  assert.match(got.text, /This cannot be crushed: this is a TIFF; save it as JPEG or PNG first\. JPEG, PNG, WebP.* can\./);
});
test('the same picture twice: two posts, one file', async () => {
  const [a, b] = [(await send(pictureForm(peacock))).json, (await send(pictureForm(peacock))).json];
  assert.notEqual(a.id, b.id);
  assert.equal(a.image_url, b.image_url);
  await ask(piclog, 'DELETE', `/api/pictures/${a.id}`, { headers: bearer(anna) });
  assert.equal((await ask(piclog, 'GET', new URL(b.image_url).pathname)).status, 200);
});
test('caption, alt and tags can be edited, the picture deleted', async () => {
  const { id, image_url } = (await send(pictureForm(fixture('formats/spices_480.jpg'), { caption: 'old' }))).json;
  const put = await ask(piclog, 'PUT', `/api/pictures/${id}`, { headers: bearer(anna), body: { caption: 'new', alt: 'spices', tags: 'market' } });
  assert.equal(put.status, 200, put.text);
  assert.equal((await ask(piclog, 'GET', `/api/pictures/${id}`)).json.caption, 'new');
  const gone = await ask(piclog, 'DELETE', `/api/pictures/${id}`, { headers: bearer(anna) });
  assert.ok([200, 204].includes(gone.status));
  for (const path of [`/p/${id}`, `/api/pictures/${id}`, new URL(image_url).pathname])
    assert.equal((await ask(piclog, 'GET', path)).status, 404, path);
});

test('the preset of thumbnails is nobody’s to ask for', async () => {
  const before = (await ask(piclog, 'GET', '/gallery.json')).json.pictures[0].id;
  for (const preset of ['thumbnail', 'unknown', '', 'Crunchy', 'choose']) {
    assert.equal((await send(pictureForm(peacock, { preset }))).status, 422, `API: ${preset}`);
  }
  const browser = await new Browser(piclog).logIn(anna);
  for (const preset of ['thumbnail', 'unknown', 'Crunchy'])
    assert.equal((await browser.submit('/upload', pictureForm(peacock, { preset }))).status, 422, `form: ${preset}`);
  const path = new URL((await browser.submit('/upload', pictureForm(peacock, { preset: 'choose' }))).headers.location, piclog.origin).pathname;
  for (const preset of ['thumbnail', 'unknown', '', 'choose'])
    assert.equal((await browser.submit(path, { preset, caption: 'tiny', alt: '', tags: '' })).status, 422, `candidate: ${preset}`);
  assert.equal((await ask(piclog, 'GET', '/gallery.json')).json.pictures[0].id, before, 'nothing was published');
});

test('in the browser, a form without a file says so', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const form = new FormData();
  form.set('preset', 'dust');
  form.append('image', new Blob([]), '');
  const got = await browser.submit('/upload', form);
  assert.ok(got.status >= 400 && got.status < 500);
  assert.match(got.headers['content-type'], /text\/html/);
});
test('pick your crunch: four private candidates, one of them published', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const first = await browser.submit('/upload', pictureForm(peacock, { preset: 'choose' }));
  assert.equal(first.status, 303, first.text);
  const path = new URL(first.headers.location, piclog.origin).pathname;
  assert.match(path, /^\/upload\/\d+$/);
  const page = await browser.get(path);
  for (const preset of ['crispy', 'crunchy', 'fried', 'dust']) {
    assert.match(page.text, new RegExp(`${path}/${preset}\\.jpg`));
    const candidate = await browser.get(`${path}/${preset}.jpg`);
    assert.ok(isJpeg(candidate.data));
    assert.match(candidate.headers['cache-control'], /no-store/);
    assert.notEqual((await ask(piclog, 'GET', `${path}/${preset}.jpg`)).status, 200, 'private');
  }
  const done = await browser.submit(path, { preset: 'fried', caption: 'picked', alt: '', tags: '' });
  assert.equal(done.status, 303, done.text);
  const published = (await ask(piclog, 'GET', '/gallery.json')).json.pictures[0];
  assert.equal(published.caption, 'picked');
  assert.equal(published.preset, 'fried');
});

test('what is wrong with a request is said', async () => {
  const cases = [
    ['no picture', new FormData(), /picture|image|file/i],
    ['an unknown preset', pictureForm(peacock, { preset: 'mushy' }), /preset|crunch/i],
    ['a caption that is too long', pictureForm(peacock, { caption: 'x'.repeat(5000) }), /caption/i],
    ['a text that is no UTF-8', Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n\xff\xfe\r\n--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n', 'latin1'), peacock, Buffer.from('\r\n--b--\r\n')]), /UTF-8|caption/i, 'multipart/form-data; boundary=b'],
    ['a form that ends early', Buffer.from('--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\nabc'), /ended/, 'multipart/form-data; boundary=b'],
    ['a form without boundary', Buffer.from('abc'), /boundary/, 'multipart/form-data'],
    ['a form with a nameless part', Buffer.from('--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--'), /malformed/, 'multipart/form-data; boundary=b'],
    ['an empty body', Buffer.alloc(0), /picture|empty/i, 'image/jpeg'],
    ['plain words', Buffer.from('hello, I am a picture'), /not|JPEG/i, 'image/jpeg'],
  ];
  for (const [what, body, words, type] of cases) {
    const got = await send(body, type ? { 'content-type': type } : {});
    assert.ok(got.status >= 400 && got.status < 500, `${what}: ${got.status} ${got.text}`);
    assert.equal(got.headers['content-type'], 'application/problem+json', what);
    assert.match(got.json.detail, words, what);
  }
});
test('too many fields, too long names, too many files', async () => {
  const many = new FormData();
  for (let i = 0; i < 100; i++) many.set(`field${i}`, 'x');
  assert.match((await send(many)).json.detail, /96 fields/);
  const long = new FormData();
  long.set('n'.repeat(100), 'x');
  assert.match((await send(long)).json.detail, /64 bytes/);
  assert.match((await send(pictureForm(Array(20).fill(Buffer.from('x'))))).json.detail, /16 files/);
});

for (const folder of ['icc', 'exif', 'formats', 'pictures'])
  test(`every picture of fixtures/${folder} is crushed in the cage`, async () => {
    for (const name of readdirSync(join(fixtures, folder))) {
      const got = await send(pictureForm(fixture(`${folder}/${name}`)));
      const crashed = /crashed|late|too long/.test(got.json.detail ?? '');
      assert.ok(!crashed && [201, 415, 422].includes(got.status), `${folder}/${name}: ${got.status} ${got.json.detail}`);
    }
    await new Promise((later) => setTimeout(later, 400));
    assert.ok(!piclog.log.some((line) => /signal|deadline|forged/.test(line)), 'a worker was lost');
  });

const hostile = corpus ? join(corpus, 'hostile') : join(fixtures, 'hostile');
test(`hostile files get an answer that names the fault, and the server lives (${readdirSync(hostile).length} files)`, async () => {
  for (const name of readdirSync(hostile)) {
    const got = await send(pictureForm(readFileSync(join(hostile, name))));
    if (got.status === 201) { // harmless to us: what came out is ours
      const image = await ask(piclog, 'GET', new URL(got.json.image_url).pathname);
      assert.ok(isJpeg(image.data) && image.data.length <= 12000, name);
      assert.doesNotMatch(image.data.toString('latin1'), /<script|<\?php|<html/i, name);
    } else {
      assert.ok(got.status >= 400 && got.status < 500, `${name}: ${got.status}`);
      assert.ok(got.json.detail.length > 20, `${name}: ${got.json.detail}`);
    }
  }
  await new Promise((later) => setTimeout(later, 400));
  const lost = piclog.log.filter((line) => /signal|deadline|forged/.test(line));
  assert.deepEqual(lost, [], 'workers were lost');
  assert.equal((await ask(piclog, 'GET', '/healthz')).status, 200);
  assert.match((await ask(piclog, 'GET', '/metrics')).text, /uploads_in_flight_bytes 0\n/);
});

test('one person takes at most half of the room for uploads; another still gets through', async () => {
  const narrow = await start(['--uploads-in-flight', '1000000', '--upload-bytes', '600000']);
  try {
    const [carl, dora] = [narrow.addUser('carl'), narrow.addUser('dora')];
    const held = { ...bearer(carl), 'content-type': 'image/jpeg', 'content-length': '460000' };
    // an upload that stops in the middle holds what it sent
    const stalled = http.request({ host: '127.0.0.1', port: narrow.port, method: 'POST', path: '/api/pictures', headers: held });
    stalled.on('error', () => {});
    stalled.write(Buffer.alloc(450000, 1));
    const inFlight = async () => Number(/uploads_in_flight_bytes (\d+)/.exec((await ask(narrow, 'GET', '/metrics')).text)[1]);
    for (let i = 0; i < 100 && (await inFlight()) < 450000; i++) await new Promise((later) => setTimeout(later, 20));
    const post = (user) => ask(narrow, 'POST', '/api/pictures', { headers: { ...bearer(user), 'content-type': 'image/jpeg' }, body: Buffer.concat([peacock, Buffer.alloc(100000)]) });
    const refused = await post(carl);
    assert.equal(refused.status, 503, refused.text);
    assert.match(refused.json.detail, /your uploads/);
    assert.equal((await post(dora)).status, 201);
    stalled.destroy();
    for (let i = 0; i < 100 && (await inFlight()) > 0; i++) await new Promise((later) => setTimeout(later, 20));
    assert.equal((await post(carl)).status, 201);
  } finally {
    await narrow.remove();
  }
});
test('a form of nothing but empty files is cut short', async () => {
  const part = '--b\r\nContent-Disposition: form-data; name="image"; filename=""\r\n\r\n\r\n';
  const got = await send(Buffer.from(part.repeat(5000) + '--b--'), { 'content-type': 'multipart/form-data; boundary=b' });
  assert.equal(got.status, 400, got.text);
  assert.match(got.json.detail, /96 fields/);
});
test('more uploads than the queue holds: some are told to come back, none is lost', async () => {
  const small = await start(['--workers', '1', '--queue', '2']);
  try {
    const bert = small.addUser('bert');
    const answers = await Promise.all(Array.from({ length: 30 }, () =>
      ask(small, 'POST', '/api/pictures', { headers: { ...bearer(bert), 'content-type': 'image/jpeg' }, body: peacock })));
    const made = answers.filter((answer) => answer.status === 201).length;
    for (const answer of answers.filter((one) => one.status !== 201)) {
      assert.equal(answer.status, 503, answer.text);
      assert.match(answer.headers['retry-after'], /^\d+$/);
    }
    assert.ok(made >= 3);
    assert.equal((await ask(small, 'GET', '/~bert.json')).status, 200);
    assert.equal((await ask(small, 'GET', '/api/me', { headers: bearer(bert) })).json.picture_count ?? made, made);
  } finally {
    await small.remove();
  }
});

// A whole gray JPEG in a few hundred kilobytes: every block is two bits, "as before" and "nothing more".
const flatJpeg = (width, height) => {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const table = (kind) => [0xff, 0xc4, 0, 20, kind, 1, ...Array(15).fill(0), 0];
  const data = Buffer.alloc(Math.ceil(blocks / 4));
  if (blocks % 4) data[data.length - 1] = 0xff >> (2 * (blocks % 4)); // padded with ones
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...Array(64).fill(1)]),
    Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0, ...table(0), ...table(0x10), 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]),
    data,
    Buffer.from([0xff, 0xd9]),
  ]);
};

test('photographs of 108 and 200 megapixels: refused with the limit named, taken with --max-pixels', async () => {
  const refused = await send(flatJpeg(12000, 9000));
  assert.equal(refused.status, 422, refused.text);
  assert.match(refused.json.detail, /12000 x 9000 pixels, more than 100000000/);
  assert.equal((await send(flatJpeg(10000, 10000))).status, 201);
  const wide = await start(['--max-pixels', '200M']);
  try {
    const eve = wide.addUser('eve');
    const post = (body) => ask(wide, 'POST', '/api/pictures', { headers: { ...bearer(eve), 'content-type': 'image/jpeg' }, body });
    assert.equal((await ask(wide, 'GET', '/api/limits')).json.max_pixels, 200000000);
    for (const [width, height] of [[12000, 9000], [16320, 12240]]) {
      const got = await post(flatJpeg(width, height));
      assert.equal(got.status, 201, got.text);
      assert.deepEqual([got.json.width, got.json.height], [640, 480]);
    }
    assert.match((await post(flatJpeg(20000, 10001))).json.detail, /more than 200000000/);
  } finally {
    await wide.remove();
  }
});

// ---- What came in, truly -------------------------------------------------------------------------

test('a file that was cut off is published, and everybody who sent it is told', async () => {
  const half = peacock.subarray(0, peacock.length / 2), words = /cut off or damaged/;
  assert.equal((await send(pictureForm(peacock))).json.truncated, false);
  const got = await send(pictureForm(half));
  assert.equal(got.status, 201, got.text);
  assert.equal(got.json.truncated, true);
  assert.equal((await ask(piclog, 'GET', `/api/pictures/${got.json.id}`)).json.truncated, true);
  const browser = await new Browser(piclog).logIn(anna);
  for (const [bytes, expected] of [[peacock, false], [half, true]]) {
    const published = await browser.submit('/upload', pictureForm(bytes, { preset: 'dust', caption: `cut off: ${expected}` }));
    const page = await browser.get(new URL(published.headers.location, piclog.origin).pathname);
    assert.equal(/role="status">Published\. The file was cut off or damaged/.test(page.text), expected, 'the notice');

    const offered = await browser.submit('/upload', pictureForm(bytes, { preset: 'choose', caption: `four times: ${expected}` }));
    const path = new URL(offered.headers.location, piclog.origin).pathname;
    assert.equal(words.test((await browser.get(path)).text), expected, 'the page of the four');
    assert.equal(JSON.parse((await browser.get(`${path}.json`)).text).truncated, expected);
    const chosen = await browser.submit(path, { preset: 'fried', caption: '', alt: '', tags: '' });
    const there = await browser.get(new URL(chosen.headers.location, piclog.origin).pathname);
    assert.equal(/role="status">Published\. The file was cut off or damaged/.test(there.text), expected, 'the notice after choosing');
  }
  const both = await browser.submit('/upload', pictureForm([half, peacock], { preset: 'fried', caption: 'one of two' }));
  assert.equal((await browser.get(both.headers.location)).text.match(/Look closely:<\/b> the file was cut off or damaged/g).length, 1);
});
test('what a browser says of the file it shrank is kept as what it says, where that can be true', async () => {
  const { source_width, source_height } = (await send(pictureForm(peacock))).json;
  const claim = (bytes, width = source_width * 2, height = source_height * 2) => ({ claimed_bytes: bytes, claimed_width: width, claimed_height: height });
  const got = (await send(pictureForm(peacock, claim(4000000)))).json;
  assert.deepEqual([got.claimed_bytes, got.claimed_width, got.claimed_height], [4000000, source_width * 2, source_height * 2]);
  assert.equal(got.source_bytes, peacock.length, 'measured, whatever is claimed');
  const page = (await ask(piclog, 'GET', `/p/${got.id}`)).text;
  assert.match(page, /The browser says that it was 4\.0 MB; it sent [\d.]+ kB of it/);
  assert.match(page, new RegExp(`4\\.0 MB → [\\d.]+ kB → <b>[\\d.]+ kB</b>, ${Math.round(4000000 / got.bytes)} times smaller`));
  for (const untrue of [claim(peacock.length), claim(10), claim(4000000, source_width - 1), claim(4000000, undefined, 1), {}]) {
    const kept = (await send(pictureForm(peacock, untrue))).json;
    assert.deepEqual([kept.claimed_bytes, kept.claimed_width, kept.claimed_height], [null, null, null], JSON.stringify(untrue));
  }
  for (const [field, wrong] of [['claimed_bytes', '4 MB'], ['claimed_bytes', '-1'], ['claimed_bytes', '1000000001'], ['claimed_bytes', '99999999999999999999999'], ['claimed_width', '65536'], ['claimed_height', '0'], ['claimed_height', '']]) {
    const refused = await send(pictureForm(peacock, { ...claim(4000000), [field]: wrong }));
    assert.equal(refused.status, 422, `${field} ${wrong}`);
    assert.match(refused.json.detail, new RegExp(`${field} is a number from 1 to`));
  }
  const browser = await new Browser(piclog).logIn(piclog.addUser('claire'));
  const path = new URL((await browser.submit('/upload', pictureForm(peacock, { preset: 'choose', ...claim(4000000) }))).headers.location, piclog.origin).pathname;
  assert.match((await browser.get(path)).text, /made from one of 4\.0 MB as your browser says/);
  const chosen = await browser.submit(path, { preset: 'dust', caption: '', alt: '', tags: '' });
  assert.equal((await ask(piclog, 'GET', `/api/pictures/${/\d+$/.exec(chosen.headers.location)[0]}`)).json.claimed_bytes, 4000000);
  assert.match((await browser.get('/')).text, /about 4\.0 MB →/);
});
test('a part without a file name is a file where the field is one; headers may be folded', async () => {
  const multipart = (headers) => Buffer.concat([Buffer.from(`--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\nwords\r\n--b\r\n${headers}\r\n\r\n`), peacock, Buffer.from('\r\n--b--\r\n')]);
  for (const headers of ['Content-Disposition: form-data; name="image"', 'Content-Disposition: form-data; name=image\r\nContent-Type: application/octet-stream', 'Content-Disposition: form-data;\r\n name="image";\r\n\tfilename="x.jpg"', 'Content-Type:\r\n image/jpeg\r\nContent-Disposition: form-data; name="picture"']) {
    const got = await send(multipart(headers), { 'content-type': 'multipart/form-data; boundary=b' });
    assert.equal(got.status, 201, `${headers}: ${got.text}`);
    assert.equal(got.json.caption, 'words');
  }
  const nameless = await send(multipart('X: y\r\n Content-Disposition: form-data; name="image"'), { 'content-type': 'multipart/form-data; boundary=b' });
  assert.equal(nameless.status, 400);
  assert.match(nameless.text, /a part has no name/);
});
