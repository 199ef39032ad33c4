// The web's classics, a test for each. Request smuggling has a file of its own: smuggling.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, raw, root, start } from './piclog.mjs';

const evil = 'evil.example';
let piclog, anna, bert, picture;
before(async () => {
  piclog = await start(['--signup', 'open', '--log-requests', 'on']);
  [anna, bert] = [piclog.person('anna'), piclog.person('bert')];
  picture = (await anna.upload(fixture('hostile/jpeg_html_in_comment.jpg'), { caption: 'A picture #birds', alt: 'x' })).json;
  await anna.call('POST', '/api/statuses', { face: '🙂', content: 'hello #birds' });
  await anna.call('POST', '/api/moods', { mood: 'calm' });
});
after(() => piclog.remove());

const pages = () => [
  '/', '/gallery', '/statuses', '/moods', '/people', '/~anna', `/p/${picture.id}`, '/tag/birds', '/search?q=picture', '/about', '/rules', '/help',
  '/login', '/join', '/recover', '/no-such-page', '/feed.atom', '/feed.json', '/~anna/feed.atom', '/~anna/style.css', '/index.json', '/api/limits',
  '/robots.txt', '/opensearch.xml', '/embed/anna/status', '/embed/anna/status.js', '/embed/style.css', '/badge/anna.gif', '/button/anna.gif',
  '/users/anna/status.json', '/users/anna.atom', '/current-status.js?name=anna', `/oembed?url=${encodeURIComponent(picture.url)}`,
  new URL(picture.image_url).pathname, new URL(picture.thumb_url).pathname, '/static/style.css', '/static/piclog.js',
];

test('cross-site request forgery', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const csrf = await browser.token('/status');
  const count = async () => (await ask(piclog, 'GET', '/~anna.json')).json.person.status_count;
  const before = await count();
  // what other sites can make a browser send: simple types, with its cookies
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=b', 'application/json', ''])
    for (const path of ['/status', '/api/statuses']) {
      const headers = { origin: `https://${evil}`, 'sec-fetch-site': 'cross-site', ...(type && { 'content-type': type }) };
      const got = await browser.go('POST', path, { headers, body: Buffer.from(`{"content":"forged","csrf":"${csrf}"}`) });
      assert.equal(got.status, 403, `${path} ${type}`);
    }
  // forms with files as well: a wrong token, another person's, or none
  const theirs = await (await new Browser(piclog).logIn(bert)).token('/status');
  for (const path of ['/upload', '/settings/avatar', '/settings/background'])
    for (const token of [undefined, '0'.repeat(64), csrf.replace(/.$/, (c) => (c === '0' ? '1' : '0')), theirs]) {
      const form = pictureForm(fixture('formats/spices_480.jpg'), { preset: 'dust', ...(token && { csrf: token }) });
      assert.equal((await browser.go('POST', path, { body: form })).status, 403, `${path} ${token}`);
    }
  // no other method or parameter stands for a POST
  for (const [method, path, headers] of [['GET', '/status?content=forged&_method=POST'], ['HEAD', '/logout'], ['GET', '/logout'], ['GET', '/status', { 'x-http-method-override': 'POST' }]])
    assert.ok([200, 404, 405].includes((await browser.go(method, path, { headers })).status), path);
  assert.equal((await browser.get('/settings')).status, 200, 'still signed in');
  assert.equal(await count(), before);
});

test('session fixation', async () => {
  const browser = new Browser(piclog);
  browser.jar.set('piclog', 'planted'.repeat(6));
  await browser.logIn(anna);
  const first = browser.jar.get('piclog');
  assert.notEqual(first, 'planted'.repeat(6));
  await browser.get('/');
  // signing in again in the same browser ends the session that was there
  const again = new Browser(piclog);
  again.jar = new Map(browser.jar);
  again.jar.delete('piclog');
  const csrf = await again.token('/login');
  again.jar.set('piclog', first);
  const answer = await again.go('POST', '/login', { body: new URLSearchParams({ name: anna.name, password: anna.password, csrf: await again.token('/status') }) });
  assert.equal(answer.status, 303, csrf && answer.text);
  assert.notEqual(again.jar.get('piclog'), first);
  assert.equal((await ask(piclog, 'GET', '/settings', { headers: { cookie: `piclog=${first}` } })).status, 303, 'the old secret opens nothing');
});

test('cookie flags', async () => {
  const secure = await start(['--public-url', 'https://pics.example', '--signup', 'open']);
  try {
    secure.addUser('carl', 'carl has a password');
    const seen = [];
    for (const [where, flags] of [[piclog, false], [secure, true]]) {
      const browser = new Browser(where);
      const note = (answer) => seen.push(...answer.setCookie.map((line) => [line, flags]));
      note(await browser.get('/login'));
      note(await browser.submit('/login', flags ? { name: 'carl', password: 'carl has a password' } : { name: 'anna', password: anna.password }));
      note(await browser.submit('/settings', { display_name: 'x' }));
      note(await browser.get('/settings'));
      note(await browser.get('/~anna?style=off'));
      note(await browser.submit('/logout', {}, { page: '/status' }));
    }
    assert.ok(seen.length >= 10);
    for (const [line, flags] of seen) {
      assert.match(line, /; HttpOnly/, line);
      assert.match(line, /; SameSite=Lax/, line);
      assert.match(line, /; Path=\/(;|login;)/, line);
      assert.doesNotMatch(line, /Domain=/i, line);
      assert.equal(/; Secure/.test(line), flags, line);
      if (flags && /Path=\/;/.test(line) && !/^piclog-style/.test(line)) assert.match(line, /^__Host-/, line);
    }
  } finally {
    await secure.remove();
  }
});

test('open redirects', async () => {
  const tricks = [
    `//${evil}`, `https://${evil}`, `/\\${evil}`, `\\\\${evil}`, `/\t/${evil}`, `/\n/${evil}`, ` //${evil}`, `///${evil}`, `/%09/${evil}`, `http:${evil}`,
    `javascript:alert(1)`, `data:text/html,x`, `@${evil}`, `.${evil}`, `/@${evil}/..//`, `%2f%2f${evil}`, `/.//${evil}`, `/..//${evil}`,
  ];
  const browser = await new Browser(piclog).logIn(anna);
  for (const next of tricks) {
    const got = await browser.get(`/login?next=${encodeURIComponent(next)}`);
    const target = new URL(got.headers.location, piclog.origin);
    assert.equal(target.origin, piclog.origin, next);
  }
  for (const path of [`//${evil}/`, `/${evil}//`, `//${evil}/%2e%2e/`, `/\\${evil}/`, `//${evil}/gallery/`, `/gallery//${evil}/`]) {
    const got = await raw(piclog, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const location = /^location: (.*)\r$/im.exec(got)?.[1];
    if (location) assert.equal(new URL(location, piclog.origin).origin, piclog.origin, path);
  }
});

test('host-header tricks', async () => {
  const headers = [
    { host: evil }, { host: `127.0.0.1:${piclog.port}@${evil}` }, { host: `${evil}/` }, { 'x-forwarded-host': evil }, { forwarded: `host=${evil};proto=https` },
    { 'x-original-url': '/settings' }, { 'x-rewrite-url': '/settings' }, { 'x-host': evil }, { 'x-forwarded-server': evil }, { 'x-forwarded-prefix': `//${evil}` },
  ];
  for (const extra of headers)
    for (const path of ['/', '/gallery/', '/upload', '/feed.atom', '/login', '/opensearch.xml', '/api/limits', '/join']) {
      const got = await ask(piclog, 'GET', path, { headers: extra });
      assert.ok(!got.text.includes(evil), `${path} ${JSON.stringify(extra)}`);
      assert.ok(!JSON.stringify(got.headers).includes(evil), `${path} ${JSON.stringify(extra)}`);
    }
  const twice = await raw(piclog, `GET /feed.atom HTTP/1.1\r\nHost: x\r\nHost: ${evil}\r\nConnection: close\r\n\r\n`);
  assert.ok(!twice.includes(evil));
  const absolute = await raw(piclog, `GET http://${evil}/feed.atom HTTP/1.1\r\nHost: ${evil}\r\nConnection: close\r\n\r\n`);
  assert.ok(!absolute.includes(evil));
});

test('path traversal', async () => {
  const secret = readFileSync('/etc/passwd', 'utf8').split('\n')[0];
  const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '%252e%252e%252f', '..%c0%af', '..;/', './'];
  for (const step of up)
    for (const begin of ['/', '/static/', '/i/', '/t/', '/~', '/~anna/', '/badge/', '/embed/', '/join/', '/tag/', '/p/', '/upload/', '/users/'])
      for (const end of ['etc/passwd', 'piclog.db', 'etc/passwd%00.jpg', 'style.css'])  {
        const got = await raw(piclog, `GET ${begin}${step.repeat(4)}${end} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.ok(!got.includes(secret) && !got.includes('SQLite format'), `${begin}${step}`);
        assert.doesNotMatch(got, /^HTTP\/1\.1 (200|5)/, `${begin}${step}${end}`);
      }
});

test('response splitting', async () => {
  const bad = 'a%0d%0aX-Split:%20yes%0d%0a%0d%0a<script>';
  const browser = await new Browser(piclog).logIn(anna);
  for (const path of [`/login?next=/${bad}`, `/tag/${bad}`, `/~${bad}`, `/search?q=${bad}`, `/${bad}/`, `/static/${bad}`, `/static/style.css?v=${bad}`, `/embed/anna/status?fg=${bad}`,
    `/join/${bad}`, `/current-status.js?name=anna&callback=${bad}`, `/oembed?url=${bad}`, `/statuses?by=${bad}`, `/gallery?before=${bad}`, `/display/uname-${bad}/imood.gif`])
    for (const got of [await ask(piclog, 'GET', path), await browser.get(path)]) {
      assert.equal(got.headers['x-split'], undefined, path);
      assert.ok(!/[\r\n]/.test(Object.values(got.headers).flat().join('')), path);
    }
  const named = await browser.submit('/status', { content: 'x\r\nSet-Cookie: a=b', face: 'a\r\nb: c' });
  assert.ok(!named.setCookie.some((line) => line.startsWith('a=')));
  assert.equal((await browser.submit('/settings', { display_name: 'a\r\nX-Split: yes', homepage: '' })).headers['x-split'], undefined);
});

test('MIME sniffing', async () => {
  for (const path of pages()) {
    const got = await ask(piclog, 'GET', path);
    assert.equal(got.headers['x-content-type-options'], 'nosniff', path);
    assert.match(got.headers['content-type'], /^(text\/(html|css|javascript|plain); charset=utf-8|image\/(jpeg|gif|png)|application\/[a-z+.-]+(; charset=utf-8)?)$/, path);
  }
  const image = await ask(piclog, 'GET', new URL(picture.image_url).pathname, { headers: { accept: 'text/html' } });
  assert.equal(image.headers['content-type'], 'image/jpeg');
  assert.doesNotMatch(image.data.toString('latin1'), /<html|<script/i, 'what was hidden in the picture is gone');
  assert.match(image.headers['content-security-policy'], /sandbox/);
});

test('clickjacking', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  for (const path of [...pages(), '/settings', '/upload', '/status', `/p/${picture.id}/edit`]) {
    const got = await browser.get(path);
    const frames = /frame-ancestors ([^;,]+)/.exec(got.headers['content-security-policy'])?.[1];
    if (/^\/embed\/anna\/status$/.test(path)) assert.equal(frames, undefined, path);
    else assert.equal(frames, "'none'", path);
  }
  // what may be framed does nothing and knows nobody
  const embed = await browser.get('/embed/anna/status');
  assert.doesNotMatch(embed.text, /<form|csrf|name="password"|\/logout/);
  assert.match(embed.headers['content-security-policy'], /form-action 'none'/);
  assert.deepEqual(embed.setCookie, []);
});

test('cache poisoning', async () => {
  const fresh = async (path) => (await ask(piclog, 'GET', path)).text;
  let n = 0;
  for (const path of ['/', '/gallery', '/~anna', '/tag/birds', '/feed.atom', '/about', '/~anna/style.css']) {
    const key = `${path}${path.includes('feed') || path.includes('style') || path === '/about' ? '' : `?before=${900000 + n++}`}`; // an entry of its own
    const clean = await fresh(path);
    for (const headers of [
      { 'x-forwarded-host': evil }, { 'x-forwarded-proto': 'https' }, { host: evil }, { 'accept-language': evil }, { 'user-agent': `<script>${evil}` }, { 'x-original-url': '/login' },
      { range: 'bytes=0-5' }, { 'if-none-match': '*' }, { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, { accept: 'application/json' }, { 'accept-encoding': 'gzip' },
      { 'x-http-method-override': 'DELETE' }, { 'x-wants-json': '1' }, { referer: `https://${evil}` }, { 'cache-control': 'no-transform' }, { cookie: 'piclog=x' }, { authorization: 'Bearer x' },
    ]) {
      await ask(piclog, 'GET', key, { headers });
      await ask(piclog, 'HEAD', key, { headers });
      const got = await ask(piclog, 'GET', key);
      assert.equal(got.status, 200, `${key} after ${JSON.stringify(headers)}`);
      assert.ok(!got.text.includes(evil), `${key} after ${JSON.stringify(headers)}`);
      assert.doesNotMatch(got.headers['content-type'], /json/, `${key} after ${JSON.stringify(headers)}`);
    }
    assert.equal((await fresh(path)).length, clean.length, path);
  }
  // unknown parameters, and those with a second meaning, make no entry of their own and change none
  for (const query of ['?utm=x', '?x=1&y=2', '?before=', '?before=zzz', '?Before=1', '?before%00=1'])
    assert.ok([200, 400].includes((await ask(piclog, 'GET', `/gallery${query}`)).status));
  // one person's pages never become another's: by cookie, by token, by an address that looks static
  const browser = await new Browser(piclog).logIn(anna);
  assert.match((await browser.get('/')).text, /logout|\/settings/);
  assert.doesNotMatch(await fresh('/'), /action="\/logout"|href="\/settings"/);
  for (const path of ['/settings/x.css', '/settings.css', '/settings%2fx.css', '/settings;x.css', '/api/me/x.jpg', '/settings/'])
    assert.ok([308, 404].includes((await browser.get(path)).status), path);
  for (const path of ['/', '/settings', '/upload', '/api/me', '/gallery'])
    assert.match((await browser.get(path)).headers['cache-control'], /private|no-store/, path);
  for (const path of ['/', '/gallery']) assert.match((await ask(piclog, 'GET', path)).headers.vary, /Cookie/);
});

test('cache poisoning: conditional requests', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const mine = await browser.get('/');
  const theirs = await ask(piclog, 'GET', '/');
  assert.equal(mine.headers.etag, undefined, 'a page with somebody’s form tokens has no tag');
  assert.equal((await browser.get('/', { headers: { 'if-none-match': theirs.headers.etag } })).status, 200);
  assert.equal((await ask(piclog, 'GET', '/', { headers: { 'if-none-match': theirs.headers.etag } })).status, 304);
  const twin = await ask(piclog, 'GET', '/index.json');
  assert.notEqual(twin.headers.etag, theirs.headers.etag);
  assert.equal((await ask(piclog, 'GET', '/index.json', { headers: { 'if-none-match': theirs.headers.etag } })).status, 200);
  await bert.call('POST', '/api/statuses', { content: 'news' });
  const now = await ask(piclog, 'GET', '/', { headers: { 'if-none-match': theirs.headers.etag } });
  assert.equal(now.status, 200, 'what has changed is sent');
  assert.match(now.text, /news/);
});

// Processor time of the whole service in clock ticks: what an attacker with a stopwatch would see, without the noise.
const ticks = () => {
  const fields = readFileSync(`/proc/${piclog.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
test('account enumeration by wording and by timing', async () => {
  piclog.addUser('gone', 'gone has a password');
  piclog.run(['user', 'disable', 'gone']);
  const who = { known: 'anna', unknown: 'nobody-at-all', disabled: 'gone', invalid: 'NOT A NAME!' };
  const cost = {}, words = {};
  for (const [kind, name] of Object.entries(who)) {
    const browser = new Browser(piclog);
    await browser.get('/login');
    const before = ticks();
    for (let i = 0; i < 5; i++) {
      const got = await browser.submit('/login', { name, password: kind === 'disabled' ? 'gone has a password' : 'wrong password' });
      words[kind] = `${got.status} ${got.text.replaceAll(/value="[^"]*"/g, '')}`;
    }
    cost[kind] = ticks() - before;
  }
  for (const kind of ['unknown', 'disabled']) {
    assert.equal(words[kind], words.known, kind);
    assert.ok(cost[kind] > cost.known / 2 && cost[kind] < cost.known * 2, JSON.stringify(cost));
  }
  assert.match(words.invalid, /^401 /);
  // recovery tells nothing either
  const recover = async (name) => {
    const got = await new Browser(piclog).submit('/recover', { name, code: 'aaaa-bbbb-cccc-dddd', password: 'a new password' });
    return `${got.status} ${got.text.replaceAll(/value="[^"]*"/g, '')}`;
  };
  assert.equal(await recover('anna'), await recover('nobody-at-all'));
});

test('password brute force', async () => {
  const limited = await start(['--trusted-proxy', '127.0.0.1'], { limits: 'on' });
  try {
    const carl = limited.addUser('carl');
    let tried = 0;
    for (let i = 0; i < 45; i++) {
      const browser = new Browser(limited, { 'x-forwarded-for': `10.0.${i}.1` });
      if ((await browser.submit('/login', { name: 'carl', password: `guess ${i}` })).status === 401) tried++;
    }
    assert.ok(tried <= 30, `${tried} guesses from 45 networks were looked at`);
    const short = await new Browser(limited, { 'x-forwarded-for': '10.9.9.9' }).submit('/recover', { name: carl.name, code: '0', password: 'x' });
    assert.equal(short.status, 422, 'short passwords are refused');
  } finally {
    await limited.remove();
  }
});

test('token leakage in logs and Referer', async () => {
  const invitation = piclog.run(['invite']);
  const code = invitation.split('/').pop();
  const browser = await new Browser(piclog).logIn(anna);
  const made = await browser.submit('/settings/tokens', { label: 'leak', may_post: '1' }, { page: '/settings' });
  const token = /<code>([\w-]{43})<\/code>/.exec(made.text)[1];
  const csrf = await browser.token('/status');
  await ask(piclog, 'GET', '/api/me', { headers: { authorization: `Bearer ${token}` } });
  await ask(piclog, 'GET', `/join/${code}`);
  await ask(piclog, 'GET', `/?token=${token}&csrf=${csrf}`);
  await ask(piclog, 'GET', `/${token}`);
  await browser.go('POST', '/status', { body: new URLSearchParams({ content: 'x', csrf }) });
  await new Promise((later) => setTimeout(later, 600));
  const written = piclog.log.join('\n') + piclog.errors;
  for (const [what, secret] of Object.entries({ token, code, csrf, session: browser.jar.get('piclog'), password: anna.password, api: anna.token }))
    assert.ok(!written.includes(secret), `the ${what} is in the log`);
  assert.match(written, /"route":"\/join\/:code"/);
  // no page hands its address to another site, and no secret is in an address that is shown
  for (const path of [`/join/${code}`, '/', '/settings', '/login', '/recover']) {
    const page = await browser.get(path);
    assert.match(page.headers['referrer-policy'], /same-origin|no-referrer/, path);
    for (const [, href] of page.text.matchAll(/(?:href|src)="([^"]*)"/g)) assert.ok(!href.includes(token) && !href.includes(csrf), href);
  }
  // secrets are shown once, to nobody's cache
  assert.match(made.headers['cache-control'], /no-store/);
  assert.ok(!(await browser.get('/settings')).text.includes(token));
});

test('timing-safe comparisons', () => {
  // Secrets are compared by sodium_memcmp, or found by a keyed hash of them: never byte by byte as they came.
  for (const folder of ['app', 'store', 'http'])
    for (const name of readdirSync(join(root, 'src', folder)).filter((file) => file.endsWith('.c'))) {
      const source = readFileSync(join(root, 'src', folder, name), 'utf8');
      for (const [call] of source.matchAll(/(?<!sodium_)\b(?:memcmp|str\w*cmp)\(([^;{]*)\)/g))
        assert.doesNotMatch(call, /\b(secret|session_secret|password|csrf|code|mac|ours|theirs)\b/, `${folder}/${name}: ${call}`);
    }
  const guard = readFileSync(join(root, 'src/app/request/guard.c'), 'utf8');
  assert.ok((guard.match(/sodium_memcmp/g) ?? []).length >= 3);
});
