// Clips: an animation that is posted as a strip of frames. Posted by form, JSON, API, Micropub and as programs do, moved
// house with, shown as one frame where nothing plays it, and gone with all bytes. What is no animation, or a bad one, is
// told so in words.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { animations, apng, gifAnimation, patch } from '../golden/make_animation.mjs';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

const piclog = await start();
const work = mkdtempSync(join(tmpdir(), 'piclog-clips-'));
after(async () => { await piclog.remove(); rmSync(work, { recursive: true, force: true }); });
const ann = piclog.person('ann'), fax = piclog.person('fax');
const browser = await new Browser(piclog, { accept: 'text/html' }).logIn(ann);
const made = animations();

// A square that walks over a field of 120 × 90 px in so many frames; hue makes each film another.
const walk = (count = 8, hue = 0, delay = 9) => gifAnimation({
  width: 120, height: 90, loops: 0, colours: [255, 255, hue, 200, 30, 60, 20, 120, 220, 250, 210, 40],
  frames: Array.from({ length: count }, (_, i) => ({ rows: patch(120, 90, 0, 0).map((row, y) => row.map((c, x) => x >= i * 90 / count && x < i * 90 / count + 30 && y >= 30 && y < 60 ? 1 + i % 3 : c)), delay })),
});
// The field turns from black to white ten times a second.
const flashes = () => gifAnimation({ width: 64, height: 48, colours: [0, 0, 0, 255, 255, 255, 9, 9, 9, 1, 1, 1], frames: Array.from({ length: 12 }, (_, i) => ({ rows: patch(64, 48, i % 2, i % 2), delay: 10 })) });
const cells = (px) => Math.ceil(px / 16) * 16;
const here = (url) => new URL(url, piclog.origin).pathname;
const size = (jpeg) => { // of its frame header
  for (let at = 2; ; at += 2 + jpeg.readUInt16BE(at + 2))
    if ([0xC0, 0xC1, 0xC2].includes(jpeg[at + 1])) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
};
async function isClip(post, caption) {
  assert.ok(post.frames >= 4 && post.frames <= 24, JSON.stringify(post));
  assert.deepEqual([post.width, post.height], [post.frames * cells(post.frame_width), cells(post.frame_height)]);
  assert.ok(post.frame_ms >= 20 && post.frame_ms <= 1000);
  assert.ok(post.poster >= 0 && post.poster < post.frames);
  if (caption !== undefined) assert.equal(post.caption, caption);
  const strip = (await ask(piclog, 'GET', here(post.image_url))).data, thumb = (await ask(piclog, 'GET', here(post.thumb_url))).data;
  assert.deepEqual(size(strip), [post.width, post.height]);
  assert.equal(strip.length, post.bytes);
  const [w, h] = size(thumb);
  assert.ok(Math.abs(w / h - post.frame_width / post.frame_height) < 0.05, `the thumbnail is one frame: ${w} × ${h}`);
  return { strip, thumb };
}
const twin = async (path) => (await browser.get(`${path}.json`)).json;

test('the API makes a clip of what moves where it is asked to, and a still of all else', async () => {
  for (const [name, bytes, type] of [['a GIF', walk(), 'image/gif'], ['a PNG', made['apng-rgb.png'], 'image/png'], ['a WebP', made['webp-lossy-dispose-0-blend-1.webp'], 'image/webp']]) {
    const form = pictureForm(bytes, { clip: '1', caption: name }, 'image', type), got = await ann.call('POST', '/api/pictures', form);
    assert.equal(got.status, 201, got.text);
    await isClip(got.json, name);
    assert.ok(got.json.bytes <= 12000);
    assert.equal(got.json.flashes, false);
    assert.deepEqual((await ann.call('GET', `/api/pictures/${got.json.id}`)).json.frames, got.json.frames);
  }
  for (const fields of [{}, { clip: '0' }]) {
    const still = (await ann.upload(walk(8, 1), fields)).json;
    assert.deepEqual([still.frames, still.frame_width, still.frame_height, still.frame_ms, still.poster, still.flashes], [null, null, null, null, null, false]);
    assert.deepEqual([still.width, still.height], [120, 90]);
  }
  assert.equal((await ann.upload(fixture('pictures/cat.jpg'), { clip: '1' })).json.frames, null, 'a photograph stays one');
  const wrong = await ann.upload(walk(), { clip: 'yes' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /clip is 1, for a clip of what moves, or 0/);
  for (const [preset, most] of [['crispy', 24000], ['fried', 6000], ['dust', 3000]]) {
    const post = (await ann.upload(walk(12, 2), { clip: '1', preset })).json;
    await isClip(post);
    assert.ok(post.bytes <= most && post.preset === preset, `${preset}: ${post.bytes}`);
  }
});

test('the form offers still or clip under “pick your crunch”; the choice is kept, and a second press posts nothing', async () => {
  const send = (hue) => browser.submit('/upload', pictureForm(walk(8, hue), { preset: 'choose', caption: 'chosen' }, 'image', 'image/gif'));
  for (const [clip, hue] of [['1', 10], ['0', 11]]) {
    const sent = await send(hue), page = await browser.get(sent.headers.location);
    assert.match(page.text, /name="clip" value="1" checked/);
    assert.match(page.text, /name="clip" value="0">/);
    const data = (await twin(sent.headers.location));
    for (const preset of ['crispy', 'crunchy', 'fried', 'dust']) {
      const film = data[preset].film;
      assert.ok(film.frames >= 4 && data[preset].frames === null, preset);
      assert.deepEqual(size((await browser.get(film.image_url)).data), [film.width, film.height]);
      assert.equal((await ask(piclog, 'GET', film.image_url, { headers: bearer(fax) })).status, 404, 'it is nobody else’s yet');
    }
    const wrong = await browser.submit(sent.headers.location, { preset: 'crunchy', clip, caption: 'x'.repeat(300) });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, new RegExp(`name="clip" value="${clip}" checked`), 'what was picked stays picked');
    const presses = await Promise.all([1, 2, 3].map(() => browser.submit(sent.headers.location, { preset: 'fried', clip, caption: 'chosen' }, { page: '/upload' })));
    assert.equal(new Set(presses.map(({ headers }) => headers.location)).size, 1);
    const post = (await twin(presses[0].headers.location)).picture;
    if (clip === '1') await isClip(post, 'chosen');
    else assert.equal(post.frames, null);
    assert.equal(post.preset, 'fried');
  }
  const still = await browser.submit('/upload', pictureForm(fixture('pictures/sky.jpg'), { preset: 'choose' }));
  assert.doesNotMatch((await browser.get(still.headers.location)).text, /name="clip"/, 'a photograph is not asked');
  const done = await browser.submit(still.headers.location, { preset: 'dust', clip: '1' });
  assert.equal((await twin(done.headers.location)).picture.frames, null);
});

test('a crunch picked beforehand makes a clip where the box is ticked; several pictures each have their choice', async () => {
  for (const [fields, isOne] of [[{ clip: '1' }, true], [{}, false]]) {
    const sent = await browser.submit('/upload', pictureForm(walk(9, isOne ? 20 : 21), { preset: 'crunchy', ...fields }, 'image', 'image/gif'));
    assert.match(sent.headers.location, /^\/p\//);
    assert.equal((await twin(sent.headers.location)).picture.frames !== null, isOne);
  }
  const form = pictureForm([], { preset: 'choose' });
  form.append('image', new Blob([walk(8, 22)], { type: 'image/gif' }), 'a.gif');
  form.append('image', new Blob([walk(8, 23)], { type: 'image/gif' }), 'b.gif');
  const sent = await browser.submit('/upload', form), [a, b] = [...sent.headers.location.matchAll(/(\d+):/g)].map(([, id]) => id);
  const page = (await browser.get(sent.headers.location)).text;
  for (const id of [a, b]) assert.match(page, new RegExp(`name="clip-${id}" value="1" checked`));
  await browser.submit('/crunch', { of: `${a}:crunchy,${b}:crunchy`, [`preset-${a}`]: 'crunchy', [`clip-${a}`]: '1', [`caption-${a}`]: 'moves', [`preset-${b}`]: 'crunchy', [`clip-${b}`]: '0', [`caption-${b}`]: 'stands', publish: 'all' }, { page: '/upload' });
  const posts = (await twin('/~ann')).pictures;
  assert.ok(posts.find(({ caption }) => caption === 'moves').frames >= 4);
  assert.equal(posts.find(({ caption }) => caption === 'stands').frames, null);
});

test('Micropub and the programs of others keep the animation, and are shown a frame of it', async () => {
  const micropub = await ask(piclog, 'POST', '/micropub', { headers: bearer(ann), body: pictureForm(walk(8, 30), { h: 'entry', content: 'by micropub' }, 'photo', 'image/gif') });
  assert.equal(micropub.status, 201, micropub.text);
  const posted = (await twin(here(micropub.headers.location))).picture;
  await isClip(posted, 'by micropub');
  const source = (await ask(piclog, 'GET', `/micropub?q=source&url=${encodeURIComponent(micropub.headers.location)}`, { headers: bearer(ann) })).json.properties;
  assert.equal(here(source.photo[0].value), posted.thumb_url);
  const media = await ask(piclog, 'POST', '/micropub/media', { headers: bearer(ann), body: pictureForm(walk(8, 31), {}, 'file', 'image/gif') });
  assert.equal(media.status, 201, media.text);
  const used = await ask(piclog, 'POST', '/micropub', { headers: bearer(ann), body: new URLSearchParams({ h: 'entry', content: 'by media', photo: media.headers.location }) });
  await isClip((await twin(here(used.headers.location))).picture, 'by media');
  const upload = await ask(piclog, 'POST', '/api/v2/media', { headers: bearer(ann), body: pictureForm(walk(8, 32), {}, 'file', 'image/gif') });
  assert.equal(upload.status, 200, upload.text);
  const toot = await ask(piclog, 'POST', '/api/v1/statuses', { headers: bearer(ann), body: { status: 'by toot', media_ids: [upload.json.id] } });
  assert.equal(toot.status, 200, toot.text);
  const [shown] = toot.json.media_attachments;
  const tooted = (await twin('/~ann')).pictures.find(({ caption }) => caption === 'by toot');
  await isClip(tooted);
  assert.deepEqual([shown.type, here(shown.url), shown.meta.original.width], ['image', tooted.thumb_url, tooted.thumb_width]);
});

test('feeds, oEmbed and previews show one frame; the page has strip, window and control', async () => {
  const post = (await fax.upload(walk(8, 40), { clip: '1', caption: 'in feeds', alt: 'a square walks' })).json, thumb = here(post.thumb_url), strip = here(post.image_url);
  const get = async (path) => (await ask(piclog, 'GET', path)).text;
  for (const path of ['/~fax/feed.atom', '/fax/feed.rss', '/~fax/feed.json', `/oembed?url=${encodeURIComponent(post.url)}`]) {
    const text = (await get(path)).replaceAll('\\/', '/');
    assert.ok(text.includes(thumb), path);
    assert.ok(!text.includes(strip), path);
  }
  assert.match(await get('/fax/feed.rss'), new RegExp(`<enclosure type="image/jpeg" length="${post.thumb_bytes}"`));
  const page = await get(here(post.url));
  assert.match(page, new RegExp(`property="og:image" content="[^"]*${thumb}"`));
  assert.ok(page.includes(`<svg class="film n${post.frames} t`), 'the stylesheet plays it');
  assert.ok(page.includes(`<foreignObject width="${post.width}" height="${post.height}"><img class="u-photo" src="${strip}" width="${post.width}" height="${post.height}" alt="a square walks"`));
  assert.match(page, /<input type="checkbox" id="clip"> <label for="clip"><span>Hold it still/);
  assert.doesNotMatch(page, / style="/);
  assert.ok(page.includes(`→ ${post.frame_width} × ${post.frame_height}</dd>`) && page.includes(`<dd>${post.frames}, ${post.frame_ms} ms each, in a strip of ${post.width} × ${post.height}</dd>`), 'its facts are those of a frame');
  assert.ok(Buffer.byteLength(page) + post.bytes < 40000);
  for (const where of ['/', '/gallery', '/~fax']) {
    const list = await get(where);
    assert.match(list, /class="(u-url )?reel"/, where);
    assert.match(list, new RegExp(`<svg class="film n${post.frames} [^>]*aria-hidden="true"><foreignObject[^>]*><img src="${strip}"[^>]* loading="lazy" alt="">`), where);
  }
});

test('pages with a clip on them load its rules, and no other page does', async () => {
  const who = piclog.person('sheets'), get = async (path) => (await ask(piclog, 'GET', path, { headers: { 'sec-fetch-dest': path.includes('/room') ? 'iframe' : 'document' } })).text;
  const sheet = /<link rel="stylesheet" href="(\/static\/clips\.css\?v=[0-9a-f]+)">/, still = (await who.upload(fixture('pictures/cat.jpg'), { tags: 'still' })).json;
  assert.equal((await ask(piclog, 'PUT', '/api/me', { headers: bearer(who), body: { css: 'h1 { color: red }' } })).status, 200);
  const pages = ['/~sheets', '/~sheets/room', '/~sheets?style=off', here(still.url), '/search?q=sheetwalk', '/tag/sheetwalk', '/'];
  for (const path of [...pages.slice(0, -1).filter((path) => path !== here(still.url)), '/tag/still', '/statuses', '/about', '/no-such-page']) assert.doesNotMatch(await get(path), sheet, path);
  const moves = (await who.upload(walk(8, 77), { clip: '1', tags: 'sheetwalk', caption: 'sheetwalk' })).json;
  for (const path of [...pages, here(moves.url), '/gallery']) {
    const page = await get(path);
    assert.match(page, sheet, path);
    assert.ok(page.indexOf('/static/style.css') < page.indexOf('/static/clips.css'), path);
    if (path === '/~sheets/room') assert.ok(page.indexOf('/static/clips.css') < page.indexOf('/~sheets/style.css'), 'a style of one’s own has the last word');
  }
  const css = (await get(sheet.exec(await get('/gallery'))[1]));
  assert.ok(css.includes(`.n${moves.frames}{--n:${moves.frames}}`) && css.length < 1600, css);
  assert.doesNotMatch(await get('/static/style.css'), /film|reel|\.clip/);
});

test('what flashes plays nowhere by itself', async () => {
  const post = (await fax.upload(flashes(), { clip: '1', caption: 'strobe' })).json;
  await isClip(post, 'strobe');
  assert.equal(post.flashes, true);
  assert.match((await ask(piclog, 'GET', here(post.url))).text, /class="frame clip flashes">\n<input type="checkbox" id="clip"> <label for="clip"><span>It flashes/);
  for (const where of ['/', '/gallery']) assert.ok(!(await ask(piclog, 'GET', where)).text.includes(here(post.image_url)), where);
  assert.match((await ask(piclog, 'GET', '/embed/fax/clip')).text, /class="piclog-still"> <label for="clip">It flashes/);
});

test('the widget plays the newest clip as frame and script, shows a frame as picture, and stays small', async () => {
  const who = piclog.person('walker');
  assert.match((await ask(piclog, 'GET', '/embed/walker/clip')).text, /Nothing yet/);
  await who.upload(fixture('pictures/cat.jpg'), { caption: 'no clip' });
  assert.match((await ask(piclog, 'GET', '/embed/walker/clip')).text, /Nothing yet/);
  const post = (await who.upload(walk(8, 50), { clip: '1', caption: 'walks <b>', alt: 'a square' })).json;
  await who.upload(fixture('pictures/sky.jpg'), { caption: 'newer, and no clip' });
  const frame = await ask(piclog, 'GET', '/embed/walker/clip?fg=112233');
  assert.match(frame.headers['content-security-policy'], /default-src 'none'/);
  assert.doesNotMatch(frame.headers['content-security-policy'], /unsafe-inline/);
  assert.ok(frame.text.includes(here(post.image_url)) && !frame.text.includes('no clip'));
  const href = /href="(\/embed\/style\.css\?[^"]+)"/.exec(frame.text)[1].replaceAll('&amp;', '&');
  const css = (await ask(piclog, 'GET', href)).text;
  assert.ok(css.includes(`piclog-film ${post.frames * post.frame_ms}ms steps(${post.frames}) infinite`), css);
  for (const bad of ['frames=3&frame_ms=50', 'frames=25&frame_ms=50', 'frames=8&frame_ms=19', 'frames=8&frame_ms=1001', 'frames=8;}&frame_ms=50', 'frames=8', 'frame_ms=80'])
    assert.ok(!(await ask(piclog, 'GET', `/embed/style.css?${bad}`)).text.includes('piclog-film'), bad);
  const script = (await ask(piclog, 'GET', '/embed/walker/clip.js')).text;
  assert.ok(script.includes(`steps(${post.frames}) infinite`) && script.includes('walks \\u003cb>'));
  const { items: [item] } = (await ask(piclog, 'GET', '/embed/walker/clip.json')).json;
  assert.match((await new Browser(piclog, { accept: 'text/html' }).logIn(who).then((tab) => tab.get('/settings/site'))).text, /embed\/walker\/clip/, 'offered for one’s own site');
  assert.deepEqual([item.frames, item.frame_width, item.frame_height, item.frame_ms, item.flashes, here(item.image_url)], [post.frames, post.frame_width, post.frame_height, post.frame_ms, false, here(post.image_url)]);
  assert.deepEqual((await ask(piclog, 'GET', '/embed/walker/clip.jpg')).data, (await ask(piclog, 'GET', here(post.thumb_url))).data);
  for (const end of ['', '.js', '.json', '.gif', '.jpg']) assert.ok((await ask(piclog, 'GET', `/embed/walker/clip${end}`)).data.length < 10000, end);
  assert.deepEqual((await ask(piclog, 'GET', '/embed/walker/timeline.json')).json.items.filter(({ frames }) => frames), [], 'elsewhere it is one frame');
});

// What is wrong in a way of its own, and what is said of it.
const tiny = (count) => gifAnimation({ width: 1, height: 1, frames: Array.from({ length: count }, () => ({ rows: [[1]], bare: true })) });
const hostile = {
  'more frames than anybody counts': [tiny(5001), /limit of frames: .* more than 5000 frames/],
  'a screen of 65535 × 65535': [gifAnimation({ width: 65535, height: 65535, frames: [{ rows: patch(9, 9, 1, 2) }, { rows: patch(9, 9, 2, 1) }] }), /limit of side: .* 65535 x 65535/],
};
test('bad animations cost their upload a clear word, and nothing is lost or left', async () => {
  const count = async () => (await ask(piclog, 'GET', '/api/me', { headers: bearer(ann) })).json.picture_count;
  for (const [name, [bytes, words]] of Object.entries(hostile)) {
    const before = await count(), got = await ann.upload(bytes, { clip: '1', caption: name });
    assert.equal(got.status, 422, `${name}: ${got.text}`);
    assert.match(got.json.detail, words, name);
    const form = await browser.submit('/upload', pictureForm(bytes, { preset: 'crunchy', clip: '1', caption: 'words that stay' }, 'image', 'image/gif'));
    assert.equal(form.status, 422, name);
    assert.match(form.text, words);
    assert.match(form.text, /words that stay/, name);
    assert.equal(await count(), before, name);
  }
  const many = await browser.submit('/upload', pictureForm(tiny(5001), { preset: 'choose' }, 'image', 'image/gif'));
  assert.equal(many.status, 303, 'its first frame can still be had');
  const page = (await browser.get(many.headers.location)).text;
  assert.match(page, /It moves, but cannot be a clip:<\/b> [^<]*frames/);
  assert.match((await browser.get(many.headers.location, { headers: { 'accept-language': 'fr' } })).text, /être un clip\u00a0:<\/b> l’animation a plus de 5000 images\./, 'why is kept once and shown in the language of who looks');
  assert.doesNotMatch(page, /name="clip"/);
});

test('what is cut off, outside, empty or announced only is shown as browsers do, and said', async () => {
  const cut = (await ann.upload(walk().subarray(0, -60), { clip: '1', caption: 'cut' })).json;
  await isClip(cut, 'cut');
  assert.equal(cut.truncated, true);
  const odd = gifAnimation({ width: 40, height: 30, frames: [{ rows: patch(40, 30, 1, 2) }, { size: [0, 0], data: Buffer.from([0]) }, { left: 65000, top: 9, rows: patch(9, 9, 3, 1) }, { left: 5, top: 5, rows: patch(20, 20, 3, 1) }] });
  const got = await ann.upload(odd, { clip: '1', caption: 'odd' });
  assert.equal(got.status, 201, got.text);
  await isClip(got.json, 'odd');
  const announced = await ann.upload(apng({ width: 24, height: 18, type: 2, hidden: Buffer.alloc(24 * 18 * 3, 99), frames: [], count: 9 }), { clip: '1' });
  assert.deepEqual([announced.status, announced.json.frames], [201, null]);
});

test('sent twice it is there once; it fills the room of its owner, and goes with all bytes', async () => {
  const who = piclog.person('once'), key = { 'idempotency-key': 'a-film' };
  const twice = await Promise.all([1, 2].map(() => who.call('POST', '/api/pictures', pictureForm(walk(8, 60), { clip: '1' }), key)));
  assert.deepEqual(twice.map(({ status }) => status), [201, 201]);
  assert.equal(twice[0].json.id, twice[1].json.id);
  const post = twice[0].json, used = async () => (await who.call('GET', '/api/me')).json.storage_bytes;
  assert.equal(await used(), post.bytes + post.thumb_bytes);
  assert.equal((await who.call('DELETE', `/api/pictures/${post.id}`)).status, 204);
  assert.equal(await used(), 0);
  for (const url of [post.image_url, post.thumb_url, post.url]) assert.equal((await ask(piclog, 'GET', here(url))).status, 404, url);
  const left = execFileSync('sqlite3', [join(piclog.data, 'piclog.db'), `SELECT count(*) FROM images WHERE '${post.image_url} ${post.thumb_url}' LIKE '%' || hash || '%'`], { encoding: 'utf8' });
  assert.equal(left.trim(), '0');
});

test('a room that is full takes no clip', async () => {
  const desk = await new Browser(piclog).logIn(piclog.addUser('boss', 'boss has a password', '--admin'));
  assert.equal((await desk.submit('/admin/settings', { new_accounts: 'quota', new_quota_kb: '20' })).status, 303);
  const small = piclog.person('small');
  let posted = 0, last;
  for (; posted < 5 && last?.status !== 507; posted++) last = await small.upload(walk(24, 70 + posted), { clip: '1', preset: 'crispy' });
  assert.equal(last.status, 507, last.text);
  const { storage_bytes, picture_count } = (await small.call('GET', '/api/me')).json;
  assert.ok(storage_bytes <= 20000 && picture_count === posted - 1, `${storage_bytes} bytes of ${picture_count}`);
});

test('moving house: a clip arrives as it was; a strip that is none is refused in words', async () => {
  const old = piclog.person('mover'), zip = join(work, 'mover.zip'), home = await start();
  try {
    const post = (await old.upload(walk(10, 90), { clip: '1', caption: 'comes along', preset: 'crispy' })).json;
    const strobe = (await old.upload(flashes(), { clip: '1', caption: 'strobe' })).json;
    piclog.run(['export', 'mover', zip]);
    home.addUser('mover');
    assert.match(home.run(['import', zip, 'mover']), /2 pictures/);
    const pictures = (await ask(home, 'GET', '/~mover.json')).json.pictures;
    for (const was of [post, strobe]) {
      const now = pictures.find(({ caption }) => caption === was.caption);
      for (const key of ['frames', 'frame_width', 'frame_height', 'frame_ms', 'poster', 'flashes', 'width', 'height', 'bytes', 'preset']) assert.deepEqual(now[key], was[key], key);
      assert.deepEqual((await ask(home, 'GET', now.image_url)).data, (await ask(piclog, 'GET', here(was.image_url))).data, 'the same bytes');
      assert.ok(Math.abs(now.thumb_width / now.thumb_height - was.frame_width / was.frame_height) < 0.05, 'one frame again');
    }
    assert.match(home.run(['import', zip, 'mover']), /0 pictures/, 'once');
    const all = JSON.parse(execFileSync('unzip', ['-p', zip, 'piclog.json'])), strip = execFileSync('unzip', ['-p', zip, all.pictures[0].file], { encoding: 'buffer' });
    for (const [i, wrong] of [{ frames: 3 }, { frames: 24 }, { frames: 99 }, { frame_width: 4096 }, { frame_height: 1 }, { frames: 4, frame_width: 1600 }].entries()) {
      const root = mkdtempSync(join(work, 'wrong-')), path = join(work, `wrong-${i}.zip`);
      mkdirSync(join(root, 'pictures'));
      const [picture] = all.pictures;
      writeFileSync(join(root, picture.file), strip);
      writeFileSync(join(root, 'piclog.json'), JSON.stringify({ ...all, pictures: [{ ...picture, ...wrong, created_at: picture.created_at - 100 - i }] }));
      execFileSync('zip', ['-q', '-r', path, '.'], { cwd: root });
      let said = '';
      try { said = home.run(['import', path, 'mover']); } catch (error) { said = error.stdout + error.stderr; }
      assert.match(said, /no strip of|frames of a clip/, JSON.stringify(wrong));
    }
  } finally {
    await home.remove();
  }
});

test('moving house: whether a strip flashes is seen, not believed; its speed is one that there is', async () => {
  const old = piclog.person('lamp'), zip = join(work, 'lamp.zip');
  // two greys, five changes in two seconds: harmless as it is
  const lamp = gifAnimation({ width: 64, height: 48, colours: [60, 60, 60, 150, 150, 150], frames: Array.from({ length: 8 }, (_, i) => ({ rows: patch(64, 48, i % 2, i % 2), delay: 40 })) });
  assert.equal((await old.upload(lamp, { clip: '1', caption: 'a lamp' })).json.flashes, false);
  piclog.run(['export', 'lamp', zip]);
  const all = JSON.parse(execFileSync('unzip', ['-p', zip, 'piclog.json'])), [picture] = all.pictures;
  const strip = execFileSync('unzip', ['-p', zip, picture.file], { encoding: 'buffer' });
  const told = [ // frame_ms and flashes as an archive tells them, then as they are here
    [400, false, 400, false], [400, true, 400, true], [50, false, 50, true], [5, false, 20, true],
    [5000, false, 1000, false], [-1, false, 100, true], ['quick', null, 100, true],
  ];
  const root = mkdtempSync(join(work, 'told-')), path = join(work, 'told.zip');
  mkdirSync(join(root, 'pictures'));
  writeFileSync(join(root, picture.file), strip);
  writeFileSync(join(root, 'piclog.json'), JSON.stringify({ ...all, pictures: told.map(([frame_ms, flashes], i) => ({ ...picture, frame_ms, flashes, caption: `lamp ${i}`, created_at: picture.created_at - 100 - i })) }));
  execFileSync('zip', ['-q', '-r', path, '.'], { cwd: root });
  piclog.person('heir');
  assert.match(piclog.run(['import', path, 'heir']), /7 pictures/);
  const { pictures } = (await ask(piclog, 'GET', '/~heir.json')).json;
  for (const [i, [, , frame_ms, flashes]] of told.entries()) {
    const now = pictures.find(({ caption }) => caption === `lamp ${i}`);
    assert.deepEqual([now.frame_ms, now.flashes], [frame_ms, flashes], JSON.stringify(told[i]));
    assert.deepEqual((await ask(piclog, 'GET', here(now.image_url))).data, strip, 'the same bytes');
  }
});
