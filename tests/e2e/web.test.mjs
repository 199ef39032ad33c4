// The web around it: pages and twins, feeds, drop-in endpoints, widgets, limits, old clients, many clients, restarts.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, pictureForm, raw, start } from './piclog.mjs';

let piclog, potato;
before(async () => {
  piclog = await start(['--upload-bytes', '1M']);
  potato = piclog.person('potato');
  for (const name of ['cat.jpg', 'peaks.jpg', 'spices.jpg']) await potato.upload(fixture(`pictures/${name}`), { caption: `<i>${name}</i> #fixture`, alt: 'a "picture"' });
  await potato.call('POST', '/api/statuses', { face: '🙂', content: 'hello <script>alert(1)</script> "world" #hi' });
  await potato.call('POST', '/api/moods', { mood: 'crunchy', face: '🍪', note: '' });
});
after(() => piclog.remove());
const get = (path, headers) => fetch(piclog.origin + path, { headers, redirect: 'manual' });

for (const path of ['/', '/gallery', '/p/1', '/statuses', '/moods', '/people', '/~potato', '/tag/fixture', '/search?q=cat', '/about', '/rules', '/help'])
  test(`${path} is a page with a JSON twin that holds nothing private`, async () => {
    const page = await get(path);
    assert.equal(page.status, 200);
    const html = await page.text();
    assert.match(html, /^<!DOCTYPE html>/);
    assert.equal(html.includes('<script>alert'), false);
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'|script-src/);
    assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    const twin = await get(path, { Accept: 'application/json' });
    assert.match(twin.headers.get('content-type'), /application\/json/);
    const text = await twin.text();
    JSON.parse(text);
    for (const secret of ['password', 'hash"', 'email', 'csrf', 'invited_by', 'address']) assert.equal(text.includes(`"${secret}`), false, secret);
  });

test('the same path with .json is the twin as well', async () => {
  assert.ok((await (await get('/index.json')).json()).pictures.length >= 3);
  assert.equal((await get('/gallery.json')).status, 200);
  assert.equal((await get('/nothing.json')).status, 404);
});

test('text is compressed, pages are revalidated, HEAD has no body', async () => {
  const packed = await get('/', { 'Accept-Encoding': 'gzip' });
  assert.match(packed.headers.get('vary'), /Accept-Encoding/);
  assert.equal((await get('/', { 'If-None-Match': (await get('/')).headers.get('etag') })).status, 304);
  const head = await fetch(`${piclog.origin}/`, { method: 'HEAD' });
  assert.equal((await head.text()).length, 0);
  const wrong = await fetch(`${piclog.origin}/gallery`, { method: 'DELETE' });
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.get('allow'), /GET/);
});

test('a page is new at once after somebody posts', async () => {
  await get('/statuses');
  await potato.call('POST', '/api/statuses', { face: '', content: 'fresh words' });
  assert.match(await (await get('/statuses')).text(), /fresh words/);
});

test('feeds', async () => {
  const atom = await (await get('/feed.atom')).text();
  assert.match(atom, /^<\?xml/);
  assert.match(atom, /<updated>\d{4}-\d\d-\d\dT/);
  assert.equal(atom.includes('<script>'), false);
  const links = atom.split('<entry>').slice(1).map((entry) => /<link [^>]*>/.exec(entry)[0]);
  assert.ok(atom.includes('rel="enclosure"') && links.length > 0);
  for (const first of links) assert.match(first, /rel="alternate"/, 'some readers take the first link for the page');
  const json = await (await get('/~potato/feed.json')).json();
  assert.match(json.version, /jsonfeed\.org\/version\/1/);
  assert.ok(json.items.length > 0);
});

test('drop-in: status.json, in any case, escaped, for any origin', async () => {
  const answer = await get('/users/PoTaTo/status.json?t=1');
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const status = await answer.json();
  assert.deepEqual(Object.keys(status).sort(), ['author', 'content', 'contentText', 'face', 'timeAgo']);
  assert.equal(status.author, 'potato');
  piclog.addUser('silent');
  assert.equal((await (await get('/users/silent/status.json')).json()).content, '');
  await potato.call('POST', '/api/statuses', { face: '🙂', content: '<img src=x onerror=alert(1)>' });
  assert.equal((await (await get('/users/potato/status.json')).json()).content.includes('<img'), false);
});

test('drop-in: current-status.js, JSONP, the atom feed, the mood badge', async () => {
  const script = await (await get('/current-status.js?name=potato')).text();
  assert.match(script, /statuscafe/);
  assert.match(await (await get('/current-status.js?name=potato&callback=show')).text(), /show\(/);
  assert.equal((await (await get('/current-status.js?name=potato&callback=alert(1)//')).text()).includes('alert(1)//'), false);
  const atom = await (await get('/users/potato.atom')).text();
  for (const element of ['content', 'published', 'updated', 'summary']) assert.match(atom, new RegExp(`<${element}`));
  const badge = Buffer.from(await (await get('/display/uname-POTATO/fg-ff0000/bg-00ff00/trans-1/imood.gif')).arrayBuffer());
  assert.equal(badge.subarray(0, 6).toString(), 'GIF89a');
  assert.equal(badge.readUInt16LE(8), 15);
  assert.equal(Buffer.from(await (await get('/button/potato.gif')).arrayBuffer()).readUInt16LE(6), 88);
});

test('widgets may be framed and read no cookie; everything else refuses frames', async () => {
  for (const kind of ['status', 'mood', 'picture', 'timeline']) {
    const page = await get(`/embed/potato/${kind}?fg=ff0000&bg=%23fff&size=20&hide=time`);
    assert.equal(page.status, 200);
    assert.equal(/frame-ancestors 'none'/.test(page.headers.get('content-security-policy')), false);
    assert.equal(page.headers.get('set-cookie'), null);
    assert.ok((await page.text()).length < 10000);
    assert.equal((await get(`/embed/potato/${kind}.json`)).headers.get('access-control-allow-origin'), '*');
    const script = await (await get(`/embed/potato/${kind}.js`)).text();
    assert.equal(/<\/?(script|img|i|b)/.test(script), false, 'no markup from data');
  }
  assert.match(await (await get('/embed/style.css?fg=f00;}body{x&size=20')).text(), /^((?!body\{x).)*$/s);
});

test('a body over the limit gets 413 with the limit named', async () => {
  const answer = await potato.upload(Buffer.alloc(1500000, 1));
  assert.equal(answer.status, 413);
  assert.match(answer.json.detail, /1(\.0)? MB|1 000 000|1000000/);
});

// Old clients: HTTP/1.0, no Host, no cookies, no Origin.
test('HTTP/1.0 without a Host header', async () => {
  assert.match(await raw(piclog, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.[01] 200/);
});

test('odd requests end in a 4xx', async () => {
  for (const text of ['GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'GET /p/99999999999999999999 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'GET /~..%2f..%2f HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'])
    assert.match(await raw(piclog, text), /^HTTP\/1\.1 4/, text.split(' ')[1]);
});

test('fifty clients post and read at once, and the counts add up', async () => {
  const before = (await (await get('/~potato.json')).json()).person.status_count;
  await Promise.all(Array.from({ length: 50 }, async (_, i) => {
    assert.equal((await potato.call('POST', '/api/statuses', { face: '🔢', content: `number ${i}` })).status, 201);
    assert.equal((await get('/statuses')).status, 200);
  }));
  assert.equal((await (await get('/~potato.json')).json()).person.status_count, before + 50);
});

test('times are exact in markup and relative in words', async () => {
  const { id, created_at } = (await potato.call('POST', '/api/statuses', { face: '', content: 'what time is it' })).json;
  const seconds = typeof created_at === 'number' ? created_at : Date.parse(created_at) / 1000;
  assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
  const exact = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  for (const path of ['/', '/statuses', `/statuses/${id}`, '/~potato'])
    assert.match(await (await get(path)).text(), new RegExp(`<time[^>]* datetime="${exact}"[^>]*>(?:(?!</time>).)*(just now|ago|min|s)\\b`, 's'), path);
});

test('pages go on by cursor to the very end', async () => {
  let path = '/statuses.json', seen = 0;
  for (let page = 0; path && page < 20; page++) {
    const { statuses } = await (await get(path)).json();
    seen += statuses.length;
    path = statuses.length === 20 ? `/statuses.json?before=${statuses[19].id}` : null;
  }
  assert.equal(seen, (await (await get('/~potato.json')).json()).person.status_count);
});

test('what was acknowledged survives kill -9', async () => {
  const { id } = (await potato.call('POST', '/api/statuses', { face: '💀', content: 'before the crash' })).json;
  const picture = (await potato.upload(fixture('pictures/notes.jpg'))).json;
  await piclog.restart('SIGKILL');
  assert.equal((await (await get(`/api/statuses/${id}`)).json()).content, 'before the crash');
  assert.equal((await fetch(picture.image_url)).status, 200);
});

// ---- Small things that newcomers met -------------------------------------------------------------

test('numbers and their nouns agree', async () => {
  const site = await start();
  const ann = site.person('ann'), page = async (path) => (await fetch(site.origin + path)).text();
  await ann.upload(fixture('pictures/cat.jpg'));
  await ann.call('POST', '/api/moods', { mood: 'crunchy', face: '', note: '' });
  assert.match(await page('/people'), />since [^<]*: 1 picture, 0 statuses, 1 mood</);
  assert.match(await page('/~ann'), /1 picture, 0 statuses, 1 mood\b(?!s)/);
  for (const path of ['/', '/gallery']) assert.match(await page(path), /\b1 picture\b(?!s)/, path);
  await ann.call('POST', '/api/statuses', { face: '', content: 'one' });
  await ann.upload(fixture('pictures/peaks.jpg'));
  assert.match(await page('/people'), />since [^<]*: 2 pictures, 1 status, 1 mood</);
  for (const path of ['/', '/gallery', '/people', '/~ann']) assert.doesNotMatch(await page(path), /\b1 (pictures|statuses|moods)\b/, path);
  await site.remove();
});
test('whoever is signed in stays so on a page that does not exist', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  const signedIn = await browser.get('/nowhere/at/all'), stranger = await get('/nowhere/at/all');
  assert.equal(signedIn.status, 404);
  assert.match(signedIn.text, /<a href="\/settings"/);
  assert.doesNotMatch(signedIn.text, /Log in/);
  assert.equal(stranger.status, 404);
  assert.match(await stranger.text(), /Log in/);
  assert.equal((await get('/nowhere', { Authorization: 'Bearer nonsense' })).status, 404);
});
test('/about counts every cookie that is set', async () => {
  const names = new Set(), look = ({ setCookie }) => setCookie.forEach((line) => names.add(line.split('=')[0]));
  const person = piclog.addUser('biscuit'), browser = new Browser(piclog);
  look(await browser.get('/login'));
  look(await browser.submit('/login', { name: person.name, password: person.password }));
  look(await browser.submit('/status', { content: 'crumbs', face: '' }));
  look(await browser.submit('/settings/style', { css: 'p { color: red }', then: 'save' }));
  look(await browser.get('/~biscuit?style=off'));
  const [, told] = /Cookies only where something would not work without:([^.]*\.)/.exec((await browser.get('/about')).text);
  assert.equal(told.match(/\bone (while|that|for)\b/g).length, names.size, [...names].join());
});
test('codes that were lost by a reload can be made anew, and the page says where', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  const codes = await browser.submit('/settings/codes', { password: potato.password }, { page: '/settings' });
  assert.equal(codes.status, 200, codes.text);
  assert.match(codes.text, /<a href="\/settings\/password#codes">make new ones<\/a>/);
  assert.match((await browser.get('/settings/password')).text, /<form[^>]* id="codes"/);
});
test('the form for pictures promises no more than is taken', async () => {
  const browser = new Browser(piclog);
  await browser.logIn(potato);
  assert.match((await browser.get('/upload')).text, /up to 1\.00? MB each, 16 at once and 128 MB in all\./);
});

test('SIGTERM finishes and ends with 0', async () => {
  assert.deepEqual(await piclog.stop(), { code: 0, signal: null });
});

test('a new piclog says what to do, to its owner too; a picture that came in small is not among the most crushed', async () => {
  const fresh = await start();
  try {
    assert.match((await ask(fresh, 'GET', '/')).text, /<code>piclog invite --admin --public-url http:\/\/[^<]+<\/code>/);
    const owner = fresh.addUser('potato', 'just a demo', '--admin'), tab = await new Browser(fresh, { accept: 'text/html' }).logIn(owner);
    const upload = async (bytes) => (await ask(fresh, 'POST', '/api/pictures', { headers: bearer(owner), body: pictureForm(bytes) })).json;
    const first = (await tab.get('/')).text;
    for (const path of ['/settings/profile', '/admin/site', '/settings/invites', '/help', '/upload']) {
      assert.ok(first.includes(`<a href="${path}">`), path);
      assert.equal((await tab.get(path)).status, 200, path);
    }
    assert.doesNotMatch(first, /piclog invite/);
    const crushed = await upload(fixture('pictures/cat.jpg'));
    const kept = await upload((await tab.get(new URL(crushed.image_url).pathname)).data);
    assert.ok(kept.source_bytes === kept.bytes && crushed.source_bytes > crushed.bytes, JSON.stringify(kept));
    const most = (await ask(fresh, 'GET', '/gallery.json')).json;
    assert.deepEqual([most.crushed.map(({ id }) => id), most.pictures.map(({ id }) => id)], [[crushed.id], [kept.id, crushed.id]]);
    assert.doesNotMatch((await tab.get('/')).text, /Say who you are/);
  } finally {
    await fresh.remove();
  }
});
