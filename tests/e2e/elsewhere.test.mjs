// What other people's pages, programs and signatures ask for: drop-in endpoints to the letter, widgets, badges, caching,
// who may be framed, oEmbed, WebFinger, cards for links. How widgets look on a page is in tests/browser/elsewhere.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, root, start } from './piclog.mjs';

let piclog, potato, browser, picture;
const get = (path, headers = {}) => ask(piclog, 'GET', path, { headers });
const post = (path, body, user = potato) => ask(piclog, 'POST', path, { headers: bearer(user), body });
before(async () => {
  piclog = await start();
  potato = piclog.addUser('potato');
  piclog.addUser('silent');
  browser = await new Browser(piclog).logIn(potato);
  picture = (await post('/api/pictures', pictureForm(fixture('pictures/cat.jpg'), { caption: 'a "cat" & <b>dog</b>', alt: 'an alt <text>' }))).json;
  await post('/api/statuses', { face: '🥔', content: '<img src=x onerror=alert(1)> "q" & \'a\' https://example.org/?a=1&b=2' });
  await post('/api/moods', { mood: 'sleepy', face: '🥱', note: '' });
});
after(() => piclog.remove());

test('status.json: five keys, HTML escaped, any origin, any case, ?t= ignored', async () => {
  for (const path of ['/users/potato/status.json', '/users/PoTaTo/status.json?t=123', '/users/POTATO/status.json']) {
    const answer = await get(path, { origin: 'https://a.example' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.deepEqual(Object.keys(answer.json), ['author', 'content', 'contentText', 'face', 'timeAgo']);
    assert.equal(answer.json.author, 'potato');
    assert.equal(answer.json.face, '🥔');
    assert.equal(answer.json.contentText, '<img src=x onerror=alert(1)> "q" & \'a\' https://example.org/?a=1&b=2');
    assert.doesNotMatch(answer.json.content, /<img|&(?!amp;|lt;|gt;|quot;|#39;|#x27;)/);
    assert.match(answer.json.timeAgo, /^(just now|\d+ \w+ ago)$/);
  }
  const silent = (await get('/users/silent/status.json')).json;
  assert.deepEqual([silent.content, silent.contentText, silent.face, silent.timeAgo], ['', '', '', '']);
});

test('NAME.atom: content, published, updated and summary in every entry, times of RFC 3339', async () => {
  const answer = await get('/users/Potato.atom');
  assert.match(answer.headers['content-type'], /^application\/atom\+xml/);
  const entries = answer.text.split('<entry>').slice(1);
  assert.equal(entries.length, 1);
  for (const entry of entries) {
    for (const element of ['published', 'updated']) assert.match(entry, new RegExp(`<${element}>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ</${element}>`));
    for (const element of ['content', 'summary']) assert.match(entry, new RegExp(`<${element}[ >]`));
    assert.doesNotMatch(entry, /<img/);
  }
});

test('NAME.atom as old widgets cut it up: the name and the face as title, the words alone as text', async () => {
  const [, entry] = (await get('/users/potato.atom')).text.split('<entry>');
  const unescape = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]);
  const title = /<title>([^<]*)<\/title>/.exec(entry)[1];
  assert.equal(title, 'potato 🥔');
  assert.equal(title.slice('potato '.length, 'potato '.length + 3).trim(), '🥔');
  const content = /<content type="text">([^<]*)<\/content>/.exec(entry)[1];
  assert.equal(unescape(content), '<img src=x onerror=alert(1)> "q" & \'a\' https://example.org/?a=1&b=2');
  // readers' own feeds keep title and markup
  assert.match((await get('/~potato/feed.atom')).text, /<content type="html">/);
});

test('/users/NAME leads to the profile, as old widgets link it', async () => {
  for (const name of ['potato', 'PoTaTo']) {
    const answer = await get(`/users/${name}`);
    assert.deepEqual([answer.status, answer.headers.location], [301, '/~potato']);
  }
  assert.equal((await get('/users/potato.json')).headers.location, '/~potato.json');
  assert.equal((await get('/users/nobody')).status, 404);
});

test('unknown names answer as a widget expects', async () => {
  for (const path of ['/users/nobody/status.json', '/embed/nobody/status.json', '/embed/nobody/timeline.json']) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
    assert.deepEqual(answer.json, {}, path);
    assert.equal(answer.headers['access-control-allow-origin'], '*', path);
  }
  for (const path of ['/current-status.js?name=nobody', '/current-status.js', '/embed/nobody/mood.js', '/embed/potato/nothing.js']) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers['content-type'], /javascript/);
    assert.match(answer.text, /^\/\*[^*]*\*\/\s*$/, path);
  }
  for (const path of ['/badge/nobody.gif', '/button/nobody.gif', '/display/uname-nobody/imood.gif', '/display/imood.gif', '/display/uname-%00/imood.gif', '/embed/nobody/status.gif', '/embed/nobody/picture.jpg']) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
    if (!path.includes('%00')) assert.equal(answer.data.subarray(0, 6).toString(), 'GIF89a', path);
  }
  assert.equal((await get('/users/nobody.atom')).status, 404);
  // somebody who has posted nothing is somebody
  for (const path of ['/embed/silent/picture.jpg', '/badge/silent.gif', '/button/silent.gif', '/embed/silent/timeline.gif']) {
    const answer = await get(path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.data.subarray(0, 6).toString(), 'GIF89a', path);
  }
  // an account that is shut is nobody
  const shut = piclog.addUser('shut');
  await post('/api/moods', { mood: 'gone', face: '', note: '' }, shut);
  piclog.run(['user', 'disable', 'shut']);
  for (const path of ['/users/shut/status.json', '/embed/shut/mood.json', '/badge/shut.gif', '/embed/shut/mood', '/oembed?url=' + piclog.origin + '/~shut']) assert.equal((await get(path)).status, 404, path);
});

test('current-status.js: data inlined, no markup, JSONP only for names of functions', async () => {
  const script = await get('/current-status.js?name=POTATO');
  assert.match(script.headers['content-type'], /^text\/javascript/);
  assert.match(script.headers['cross-origin-resource-policy'] ?? 'cross-origin', /cross-origin/);
  assert.equal(script.text.includes('<'), false);
  assert.match((await get('/current-status.js?name=potato&callback=a.b_$1')).text, /^\/\*\*\/typeof a\.b_\$1==='function'&&a\.b_\$1\(\{/);
  for (const bad of ['alert(1)//', 'a;b', 'a b', '1a', 'a.', '.a', 'a..b', 'a[0]', 'x'.repeat(65), '\u2028', '<script>']) {
    const answer = await get(`/current-status.js?name=potato&callback=${encodeURIComponent(bad)}`);
    assert.equal(answer.status, 400, bad);
    assert.match(answer.headers['content-type'], /json/);
  }
});

test('current-status.js brings its own element where the page has none', async () => {
  const script = (await get('/current-status.js?name=potato')).text;
  // a document of just what the script may touch
  const page = (inHead, ids = []) => {
    const node = (name, parent) => ({ name, id: '', children: [], parentNode: parent,
      get firstChild() { return this.children[0] }, removeChild() { this.children.shift() },
      appendChild(child) { child.parentNode = this; this.children.push(child) },
      insertBefore(child, next) { child.parentNode = this; this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child) },
      get nextSibling() { return this.parentNode.children[this.parentNode.children.indexOf(this) + 1] },
      contains(other) { for (let at = other; at; at = at.parentNode) if (at === this) return true; return false },
      get text() { return this.value ?? this.children.map((child) => child.text).join('') } });
    const head = node('head'), body = node('body'), me = node('script'), last = node('p');
    (inHead ? head : body).appendChild(me);
    body.appendChild(last);
    for (const id of ids) { const own = node('div'); own.id = id; body.appendChild(own); }
    const find = (at, id) => (at.id === id ? at : at.children.map((child) => find(child, id)).find(Boolean) ?? null);
    const document = { currentScript: me, body, readyState: 'complete', createElement: (name) => node(name), createTextNode: (value) => ({ value, children: [], get text() { return value } }), getElementById: (id) => find(body, id) };
    new Function('document', script)(document);
    return body;
  };
  const behind = page(false);
  assert.deepEqual(behind.children.map(({ name, id }) => [name, id]), [['script', ''], ['div', 'statuscafe'], ['p', '']]);
  assert.match(behind.text, /^potato 🥔 (just now|1 minute ago)<img src=x/);
  assert.deepEqual(page(true).children.map(({ name, id }) => [name, id]), [['p', ''], ['div', 'statuscafe']]);
  for (const id of ['statuscafe', 'statuscafe-content', 'statuscafe-username', 'statuscafe-time-ago'])
    assert.deepEqual(page(false, [id]).children.map((child) => child.id), ['', '', id]);
});

test('the stream has the hooks that scrapers and old themes use', async () => {
  const { text } = await get('/statuses');
  assert.match(text, /<article class="status[ "][^]*?<div class="status-username[ "][^]*?<a [^>]*href="\/~potato"[^]*?<p class="status-content[ "]/);
});

test('the signature badge: every segment optional, in any order, 15 pixels high', async () => {
  const height = (gif) => gif.data.readUInt16LE(8);
  const full = await get('/display/uname-POTATO/fg-ff0000/bg-00ff00/trans-1/imood.gif');
  assert.equal(full.status, 200);
  assert.equal(full.headers['content-type'], 'image/gif');
  for (const path of ['uname-potato/imood.gif', 'fg-f00/uname-potato/imood.gif', 'trans-1/bg-00FF00/uname-potato/imood.gif', 'uname-potato/fg-zzz/imood.gif', 'uname-potato/something-else/imood.gif']) {
    const answer = await get(`/display/${path}`);
    assert.equal(answer.status, 200, path);
    assert.equal(height(answer), 15, path);
  }
  assert.equal((await get('/display/uname-potato/other.gif')).status, 404);
  // colours are in the palette, and see-through says so
  const palette = [...full.data.subarray(13, 19)];
  assert.deepEqual(palette, [0, 255, 0, 255, 0, 0]);
  const control = full.data.indexOf(Buffer.from([0x21, 0xf9, 4]));
  assert.equal(full.data[control + 3] & 1, 1, 'trans-1 is transparent');
  const opaque = await get('/display/uname-potato/trans-0/imood.gif');
  assert.equal(opaque.data[opaque.data.indexOf(Buffer.from([0x21, 0xf9, 4])) + 3] & 1, 0);
});

test('badges are fresh within a minute, and revalidate', async () => {
  for (const path of ['/badge/potato.gif', '/button/potato.gif', '/display/uname-potato/imood.gif', '/embed/potato/mood.gif', '/embed/potato/mood.js', '/embed/potato/mood.json', '/embed/potato/mood', '/users/potato/status.json', '/current-status.js?name=potato']) {
    const first = await get(path);
    assert.match(first.headers['cache-control'], /^public, max-age=60$/, path);
    assert.equal((await get(path, { 'if-none-match': first.headers.etag })).status, 304, path);
  }
  const before = await get('/badge/potato.gif');
  await post('/api/moods', { mood: 'wide awake', face: '', note: '' });
  const later = await get('/badge/potato.gif', { 'if-none-match': before.headers.etag });
  assert.equal(later.status, 200);
  assert.notDeepEqual(later.data, before.data);
});

test('every style of button is 88×31; an unknown one is the first', async () => {
  const seen = new Set();
  for (const style of ['block', 'plain', 'night', 'candy', 'terminal', 'window']) {
    const { data } = await get(`/button/potato.gif?style=${style}`);
    assert.deepEqual([data.readUInt16LE(6), data.readUInt16LE(8)], [88, 31], style);
    assert.ok(data.includes('NETSCAPE2.0'), `${style} takes turns`);
    assert.ok(data.length < 10000);
    seen.add(data.toString('latin1'));
  }
  assert.equal(seen.size, 6);
  assert.deepEqual((await get('/button/potato.gif?style=../../x')).data, (await get('/button/potato.gif')).data);
});

test('widgets read and set no cookie, and stay below 10 kB with the longest words', async () => {
  const wide = piclog.addUser('wide');
  const longest = '👩‍🚀"&<'.repeat(35);
  await post('/api/pictures', pictureForm(fixture('pictures/cat.jpg'), { caption: '"&<\''.repeat(50), alt: '&"<é'.repeat(375) }), wide);
  for (let i = 0; i < 6; i++) {
    assert.equal((await post('/api/statuses', { face: '👩‍🚀', content: longest }, wide)).status, 201);
    assert.equal((await post('/api/moods', { mood: '"&<'.repeat(13), face: '👩‍🚀', note: longest }, wide)).status, 201);
  }
  // what a timeline mixes is a matter of seconds: the longest mixture, by its order
  const felt = piclog.addUser('felt');
  for (let i = 0; i < 5; i++) await post('/api/moods', { mood: '"&<'.repeat(13), face: '👩‍🚀', note: longest }, felt);
  await post('/api/pictures', pictureForm(fixture('pictures/cat.jpg'), { caption: '"&<\''.repeat(50), alt: '&"<é'.repeat(375) }), felt);
  for (const end of ['', '.js', '.json', '.gif']) {
    const { data } = await get(`/embed/felt/timeline${end}?fg=abc&bg=%23fff&size=48&font=serif&center=1&lang=fr`);
    assert.ok(data.length < 10000, `timeline${end}: ${data.length} bytes`);
  }
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const kind of ['status', 'mood', 'picture', 'timeline'])
    for (const [end, limit] of [['', 10000], ['.js', 10000], ['.json', 10000], ['.gif', 10000]]) {
      const path = `/embed/wide/${kind}${end}?fg=abc&bg=%23fff&size=48&font=serif&center=1&hide=time`;
      const answer = await get(path, { cookie });
      assert.equal(answer.status, 200, path);
      assert.ok(answer.data.length < limit, `${path}: ${answer.data.length} bytes`);
      assert.equal(answer.headers['set-cookie'], undefined, path);
      assert.doesNotMatch(answer.headers.vary ?? '', /cookie/i, path);
      assert.deepEqual(answer.data, (await get(path)).data, `${path} is the same with and without cookies`);
    }
});

test('pictures without alt text have a name in every widget', async () => {
  const quiet = piclog.addUser('quiet');
  await post('/api/pictures', pictureForm(fixture('pictures/cat.jpg')), quiet);
  for (const kind of ['timeline', 'picture']) {
    const page = (await get(`/embed/quiet/${kind}`)).text;
    assert.match(page, /<img [^>]*alt="Picture by quiet, no alt text yet"/, kind);
    assert.ok((await get(`/embed/quiet/${kind}.js`)).text.includes('"alt":"Picture by quiet, no alt text yet"'), kind);
  }
  assert.match((await get('/embed/potato/timeline')).text, /alt="an alt &lt;text&gt;"/);
});

test('themes: values by type, unknown keys ignored, nothing gets out of its place', async () => {
  const style = async (query) => (await get(`/embed/style.css?${query}`)).text;
  const plain = await style('');
  assert.equal(await style('evil=1&x=y'), plain);
  for (const bad of ['fg=red', 'fg=12345', 'bg=%23ggg', 'link=fff;}body{x:y', 'size=7', 'size=49', 'size=1e3', 'size=-20', 'font=Impact', 'font=a;b', 'center=yes', 'trans=2', 'bg=url(//evil.example)', `fg=${'f'.repeat(2000)}`])
    assert.equal(await style(bad), plain, bad);
  for (const [good, rule] of [['fg=f00', /color:#ff0000/], ['fg=%23F00', /color:#FF0000/i], ['bg=%23112233', /background:#112233/], ['link=abcdef', /a\{color:#abcdef/], ['size=20', /font-size:20px/], ['font=mono', /Courier/], ['center=1', /text-align:center/], ['trans=1', /background:none/]])
    assert.match((await style(good)).slice(plain.length), rule, good);
  const page = async (query) => (await get(`/embed/potato/status?${query}`)).text;
  assert.doesNotMatch(await page('fg=%22%3E%3Cscript%3E&font=%22onload'), /<script|onload/);
  assert.match(await page('fg=%23abc&size=20&evil=1'), /style\.css\?fg=aabbcc&amp;size=20"/);
  const shown = async (query) => (await get(`/embed/potato/status.json?${query}`)).json.items[0];
  assert.deepEqual(Object.keys(await shown('hide=name,time,face')).filter((key) => ['face', 'created_at'].includes(key)), []);
  assert.equal((await shown('hide=name')).author, null);
  assert.equal((await shown('hide=surname,timeless')).author, 'potato');
});

// Every GET route of the table, signed in, with values for what it captures.
test('only widgets may be framed', async () => {
  const table = readFileSync(join(root, 'src/app/routes.c'), 'utf8');
  const routes = [...table.matchAll(/\{METHOD_GET,\s*"([^"]+)"/g)].map((found) => found[1]);
  assert.ok(routes.length > 60, `${routes.length} routes`);
  const values = { name: 'potato', id: '1', hash: picture.image_url.match(/[0-9a-f]{32}/)[0], tag: 'x', file: 'style.css', kind: 'status', code: 'x', preset: 'crunchy' };
  let framed = 0;
  for (const pattern of routes) {
    if (/export|metrics|healthz/.test(pattern)) continue;
    const path = pattern.replace(/:([a-z_]+)/g, (_, name) => values[name] ?? 'x').replace('*', 'uname-potato/imood.gif');
    for (const client of [browser, { get }]) {
      const answer = await client.get(path);
      const policy = answer.headers['content-security-policy'] ?? '';
      const may = !/frame-ancestors 'none'/.test(policy);
      // A person's room is framed by the page around it, and by nobody else.
      if (/frame-ancestors 'self'/.test(policy)) {
        assert.match(pattern, /\/room$/);
        assert.equal(answer.headers['x-frame-options'], 'SAMEORIGIN', path);
        continue;
      }
      assert.equal(may, pattern === '/embed/:name/:kind', `${path} (${answer.status}): ${policy}`);
      framed += may;
      if (!may && /text\/html/.test(answer.headers['content-type'] ?? '')) assert.equal(answer.headers['x-frame-options'], 'DENY', path);
    }
  }
  assert.equal(framed, 2);
  for (const path of ['/nothing-here', '/embed/potato/nonsense']) assert.match((await get(path)).headers['content-security-policy'], /frame-ancestors 'none'/, path);
});

test('oEmbed: a picture, its size, a person, discovery', async () => {
  const page = await get(`/p/${picture.id}`);
  const link = /<link rel="alternate" type="application\/json\+oembed"[^>]*href="([^"]+)"/.exec(page.text)[1];
  const ours = (url) => url.replace(piclog.origin, '');
  const photo = (await get(ours(link))).json;
  assert.deepEqual([photo.version, photo.type, photo.url, photo.width, photo.height, photo.title], ['1.0', 'photo', picture.image_url, picture.width, picture.height, 'a "cat" & <b>dog</b>']);
  const small = (await get(`${ours(link)}&maxwidth=300&maxheight=300`)).json;
  assert.ok(small.width <= 300 && small.height <= 300 && small.url === picture.thumb_url);
  const tiny = (await get(`${ours(link)}&maxwidth=10`)).json;
  assert.deepEqual([tiny.type, tiny.url, tiny.thumbnail_url], ['link', undefined, undefined]);
  const person = (await get(`/oembed?url=${piclog.origin}/~Potato&maxwidth=200`)).json;
  assert.equal(person.type, 'rich');
  assert.equal(person.width, 200);
  assert.match(person.html, new RegExp(`^<iframe src="${piclog.origin}/embed/potato/timeline" width="200"`));
  for (const url of ['https://elsewhere.example/p/1', `${piclog.origin}/p/1x`, `${piclog.origin}/p/`, `${piclog.origin}.evil.example/p/1`, `${piclog.origin}/~nobody`, '']) assert.equal((await get(`/oembed?url=${encodeURIComponent(url)}`)).status, 404, url);
  assert.equal((await get(`${ours(link)}&format=xml`)).status, 501);
});

test('cards for links: OpenGraph and Twitter, with the crushed picture', async () => {
  const { text } = await get(`/p/${picture.id}`);
  for (const line of [`<meta property="og:image" content="${picture.image_url}">`, `<meta property="og:image:width" content="${picture.width}">`, `<meta property="og:url" content="${piclog.origin}/p/${picture.id}">`, '<meta name="twitter:card" content="summary_large_image">', '<meta property="og:title" content="a &quot;cat&quot; &amp; &lt;b&gt;dog&lt;/b&gt;">', '<meta property="og:image:alt" content="an alt &lt;text&gt;">'])
    assert.ok(text.includes(line), line);
  for (const path of ['/~potato', '/statuses/1', '/moods/1']) {
    const page = (await get(path)).text;
    assert.match(page, /property="og:title" content="[^"]+"/, path);
    assert.match(page, /name="twitter:card"/, path);
  }
});

test('WebFinger: acct:NAME@HOST points at the profile', async () => {
  const host = piclog.origin.replace('http://', '');
  for (const resource of [`acct:potato@${host}`, `acct:POTATO@${host}`, `${piclog.origin}/~potato`, `ACCT:potato@${host}`, `${piclog.origin.toUpperCase()}/~potato`]) {
    const answer = await get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`);
    assert.equal(answer.status, 200, resource);
    assert.match(answer.headers['content-type'], /^application\/jrd\+json/);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.equal(answer.json.subject, `acct:potato@${host}`);
    assert.ok(answer.json.links.some((link) => link.rel === 'http://webfinger.net/rel/profile-page' && link.href === `${piclog.origin}/~potato`));
  }
  for (const resource of ['acct:nobody@' + host, 'acct:potato@elsewhere.example', 'potato', 'acct:@' + host, 'mailto:potato@' + host]) assert.equal((await get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)).status, 404, resource);
  for (const query of ['', '?resource=', '?rel=self']) {
    const answer = await get('/.well-known/webfinger' + query);
    assert.equal(answer.status, 400, query);
    assert.ok(answer.text.includes('resource=acct:NAME@' + host), query);
  }
});

test('WebFinger knows its host by name in any case', async () => {
  const named = await start(['--public-url', 'https://Pics.Example']);
  try {
    named.addUser('carl');
    for (const host of ['pics.example', 'PICS.EXAMPLE', 'Pics.Example'])
      for (const resource of [`acct:carl@${host}`, `https://${host}/~carl`]) assert.equal((await ask(named, 'GET', `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)).status, 200, resource);
  } finally {
    await named.remove();
  }
});

test('put it on your site: code for every widget, four ways; the theme goes into all of it', async () => {
  const { text } = await browser.get('/settings/site?fg=%23123456&font=mono&hide[]=name&hide[]=time&evil=%22%3E');
  for (const kind of ['status', 'mood', 'picture', 'timeline']) {
    for (const end of ['', '.js']) assert.ok(text.includes(`${piclog.origin}/embed/potato/${kind}${end}?fg=123456&amp;font=mono&amp;hide=name,time`), kind + end);
    assert.ok(text.includes(`${piclog.origin}/embed/potato/${kind}.json`));
    for (const way of ['frame', 'script', 'image', 'json']) assert.match(text, new RegExp(`<textarea id="${kind}_${way}"[^>]* readonly`));
  }
  for (const style of ['block', 'plain', 'night', 'candy', 'terminal', 'window']) assert.ok(text.includes(`/button/potato.gif?style=${style}`));
  assert.match(text, /javascript:\(function/);
  assert.equal((await get('/settings/site')).status, 303);
});

test('the small window: signing in on the way keeps what was typed, and it says so when it is done', async () => {
  const stranger = new Browser(piclog);
  const sent = await stranger.get('/status?popup=1&content=A%20page%20https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b');
  assert.equal(sent.status, 303);
  const login = await stranger.get(sent.headers.location);
  const next = /name="next" value="([^"]+)"/.exec(login.text)[1].replaceAll('&amp;', '&');
  const entered = await stranger.submit('/login', { name: 'potato', password: potato.password, next });
  assert.equal(entered.status, 303);
  const popup = await stranger.get(entered.headers.location);
  assert.match(popup.text, /<textarea[^>]*>A page https:\/\/example\.org\/\?a=1&amp;b<\/textarea>/);
  assert.equal((await stranger.submit('/status', { popup: '1', face: '🙂', content: '' }, { page: '/status?popup=1' })).status, 422);
  const said = await stranger.submit('/status', { popup: '1', face: '🙂', content: 'from the small window' }, { page: '/status?popup=1' });
  assert.equal(said.headers.location, '/status?popup=1');
  assert.match((await stranger.get('/status?popup=1')).text, /You can close this window/);
  assert.equal((await get('/users/potato/status.json')).json.contentText, 'from the small window');
});
