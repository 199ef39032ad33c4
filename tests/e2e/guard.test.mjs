// Who may make this site do something: same origin, form tokens, sessions, cookies.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, root, start } from './piclog.mjs';

let piclog, anna, bert;
before(async () => {
  piclog = await start(['--signup', 'open']);
  anna = piclog.addUser('anna');
  bert = piclog.addUser('bert');
});
after(() => piclog.remove());

const statusCount = async () => (await ask(piclog, 'GET', '/statuses.json')).json.statuses.length;

test('a browser that sends neither Origin nor Sec-Fetch-Site can log in and post', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const posted = await browser.submit('/status', { face: '🙂', content: 'from an old browser' });
  assert.equal(posted.status, 303, posted.text);
  assert.match((await ask(piclog, 'GET', '/statuses')).text, /from an old browser/);
});
test('a modern browser can as well', async () => {
  const browser = await new Browser(piclog, { origin: piclog.origin, 'sec-fetch-site': 'same-origin', referer: `${piclog.origin}/login` }).logIn(anna);
  assert.equal((await browser.submit('/status', { content: 'from a new browser' })).status, 303);
});
test('reached by another name than the public one', async () => {
  const headers = { host: `localhost:${piclog.port}`, origin: `http://localhost:${piclog.port}` };
  const browser = await new Browser(piclog, headers).logIn(anna);
  assert.equal((await browser.submit('/status', { content: 'by another name' })).status, 303);
});

test('another site cannot post, even with the right token', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const csrf = await browser.token('/status');
  const before = await statusCount();
  const foreign = [
    { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' },
    { origin: 'null' }, { origin: `${piclog.origin}.evil.example` }, { origin: `http://127.0.0.1:${piclog.port}1` },
    { referer: 'https://evil.example/x' }, { referer: `https://evil.example/${piclog.origin}/` },
    { origin: piclog.origin, 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    const got = await browser.go('POST', '/status', { headers, body: new URLSearchParams({ content: 'forged', csrf }) });
    assert.equal(got.status, 403, JSON.stringify(headers));
  }
  assert.equal(await statusCount(), before);
});
test('a token that is missing, made up, from another session, or from before the session', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const other = await new Browser(piclog).logIn(bert);
  const early = await new Browser(piclog).token('/login');
  const csrf = await browser.token('/status');
  const changed = csrf.slice(0, -1) + (csrf.endsWith('0') ? '1' : '0');
  for (const token of [undefined, '', '0', 'x'.repeat(64), '0'.repeat(64), await other.token('/status'), early, changed, csrf + '00']) {
    const body = new URLSearchParams({ content: 'forged' });
    if (token !== undefined) body.set('csrf', token);
    assert.equal((await browser.go('POST', '/status', { body })).status, 403, token);
  }
  assert.equal((await browser.go('POST', '/status', { body: new URLSearchParams({ content: 'not forged', csrf }) })).status, 303);
});
test('the token is masked: different on each page, each of them good', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const tokens = [await browser.token('/status'), await browser.token('/status')];
  assert.notEqual(tokens[0], tokens[1]);
  for (const csrf of tokens)
    assert.equal((await browser.go('POST', '/mood', { body: new URLSearchParams({ mood: 'calm', csrf }) })).status, 303);
});
test('the token may come in a header', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const headers = { 'x-csrf-token': await browser.token('/status') };
  assert.equal((await browser.go('POST', '/api/statuses', { headers, body: { content: 'by script' } })).status, 201);
  assert.equal((await browser.go('POST', '/api/statuses', { body: { content: 'by script' } })).status, 403);
});
test('logging in needs a token too: nobody is logged in to an account that is not theirs', async () => {
  const body = new URLSearchParams({ name: anna.name, password: anna.password });
  assert.equal((await ask(piclog, 'POST', '/login', { body })).status, 403);
  const browser = new Browser(piclog);
  await browser.get('/login');
  assert.equal((await browser.go('POST', '/login', { body })).status, 403);
});
// Who can plant a cookie in somebody's browser knows the token of a page that came with the same cookie.
test('a pre-session that a stranger made up counts for nothing', async () => {
  const real = new Browser(piclog);
  await real.token('/login');
  const [name, good] = [...real.jar][0];
  const changed = (at) => good.slice(0, at) + (good[at] === '0' ? '1' : '0') + good.slice(at + 1);
  for (const value of ['x', 'ab'.repeat(32), '0'.repeat(64), 'g'.repeat(64), changed(0), changed(31), changed(32), changed(63), good.slice(0, -1), `${good}0`, `${good}00`]) {
    const planted = new Browser(piclog);
    planted.jar.set(name, value);
    const csrf = await planted.token('/login');
    assert.notEqual(planted.jar.get(name), value, 'the page takes no cookie but its own');
    planted.jar.set(name, value);
    const body = new URLSearchParams({ name: anna.name, password: anna.password, csrf });
    assert.equal((await planted.go('POST', '/login', { body })).status, 403, value);
  }
  const page = await real.get('/login');
  assert.deepEqual(page.setCookie, [], 'its own it keeps');
});
test('a session begins with a secret of its own: no fixation', async () => {
  const browser = new Browser(piclog);
  browser.jar.set('piclog', 'A'.repeat(43));
  await browser.logIn(anna);
  assert.notEqual(browser.jar.get('piclog'), 'A'.repeat(43));
  assert.ok(![...browser.jar.keys()].includes('piclog-form'), 'the pre-session is over');
});
test('cookies are HttpOnly, SameSite, for the whole site and nobody else', async () => {
  const browser = new Browser(piclog);
  const answer = await browser.submit('/login', { name: anna.name, password: anna.password });
  for (const line of answer.setCookie) {
    assert.match(line, /; HttpOnly/);
    assert.match(line, /; SameSite=Lax/);
    assert.match(line, /; Path=\//);
    assert.doesNotMatch(line, /Domain/i);
  }
});
test('with https, cookies are Secure and bound to the host', async () => {
  const secure = await start(['--public-url', 'https://pics.example']);
  try {
    const user = secure.addUser('carl');
    const browser = await new Browser(secure).logIn(user);
    assert.ok(browser.jar.has('__Host-piclog'));
    const page = await ask(secure, 'GET', '/login');
    assert.match(page.setCookie[0], /^__Host-piclog-form=.*; Secure/);
    assert.match(page.headers['strict-transport-security'], /max-age=\d+/);
  } finally {
    await secure.remove();
  }
});
test('logging out ends the session for good', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  const kept = new Map(browser.jar);
  assert.equal((await browser.submit('/logout', {}, { page: '/status' })).status, 303);
  browser.jar = kept;
  const page = await browser.get('/settings');
  assert.equal(page.status, 303);
  assert.match(page.headers.location, /^\/login/);
});

test('who is not signed in is sent to log in, and then on', async () => {
  const page = await ask(piclog, 'GET', '/upload');
  assert.equal(page.status, 303);
  assert.equal(page.headers.location, '/login?next=/upload');
  assert.match((await ask(piclog, 'GET', page.headers.location)).text, /people who are logged in/);
  assert.doesNotMatch((await ask(piclog, 'GET', '/login')).text, /people who are logged in/);
  const browser = new Browser(piclog);
  const answer = await browser.submit('/login', { name: anna.name, password: anna.password, next: '/upload' }, { page: '/login?next=/upload' });
  assert.equal(answer.headers.location, '/upload');
});
test('no open redirect behind the log-in', async () => {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\nb']) {
    const browser = new Browser(piclog);
    const answer = await browser.submit('/login', { name: anna.name, password: anna.password, next });
    assert.equal(answer.headers.location, '/', next);
  }
});
test('programs are told what is missing', async () => {
  const got = await ask(piclog, 'POST', '/api/statuses', { body: { content: 'x' } });
  assert.equal(got.status, 401);
  assert.match(got.headers['www-authenticate'], /Bearer/);
  assert.equal(got.headers['content-type'], 'application/problem+json');
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: { authorization: 'Bearer nonsense' } })).status, 401);
});
test('a token is not a session: it does not open the pages of others', async () => {
  const me = await ask(piclog, 'GET', '/api/me', { headers: bearer(anna) });
  assert.equal(me.json.name, 'anna');
});
test('nobody edits or deletes what is not theirs', async () => {
  const made = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: 'mine' } })).json;
  const path = `/api/statuses/${made.id}`;
  const edited = await ask(piclog, 'PUT', path, { headers: bearer(bert), body: { content: 'yours' } });
  const deleted = await ask(piclog, 'DELETE', path, { headers: bearer(bert) });
  for (const got of [edited, deleted]) assert.ok([403, 404].includes(got.status), got.text);
  assert.equal((await ask(piclog, 'GET', path)).json.content, 'mine');
});
test('wrong name and wrong password are answered alike', async () => {
  const answers = [];
  for (const fields of [{ name: 'anna', password: 'wrong password' }, { name: 'nobody-here', password: 'wrong password' }]) {
    const answer = await new Browser(piclog).submit('/login', fields);
    answers.push([answer.status, answer.text.replace(/value="[^"]*"/g, '')]);
  }
  assert.deepEqual(answers[0], answers[1]);
});

// The table of routes itself: what it promises holds for every line.
test('every POST, PUT and DELETE is flagged as a write and refuses strangers; no GET is', async () => {
  const lines = [...readFileSync(join(root, 'src/app/routes.c'), 'utf8').matchAll(/\{METHOD_(\w+),\s*"([^"]+)",\s*([^,]+),\s*([^,]+),\s*(RATE_\w+)/g)]
    .filter(([, method]) => method !== 'OTHER'); // OPTIONS: says what may be asked, and nothing else
  assert.ok(lines.length > 60);
  for (const [, method, pattern, flags, body, rate] of lines) {
    assert.equal(/\bWRITES\b/.test(flags), method !== 'GET', `${method} ${pattern}`);
    if (method === 'GET') assert.ok(!/CRUSHES/.test(flags) && body.trim() === '0', pattern);
    else assert.notEqual(rate, 'RATE_READ', pattern);
    assert.ok(!(/SLOW/.test(flags) && /CRUSHES/.test(flags)), pattern);
    assert.ok(!(/CACHEABLE/.test(flags) && /NEEDS_|HAS_FORM/.test(flags)), pattern);
    if (method === 'GET') continue;
    const path = pattern.replace(/:id/g, '1').replace(/:name/g, 'anna').replace(/:\w+/g, 'abc');
    const signedIn = await new Browser(piclog).logIn(bert);
    if (/MASTODON/.test(flags)) { // for programs: cookies are worth nothing there, so that it is the same for everybody
      const body = new URLSearchParams({ content: 'x' });
      const got = (await Promise.all([ask(piclog, method, path, { body }), signedIn.go(method, path, { body }), signedIn.go(method, path, { body, headers: { origin: 'https://evil.example' } })])).map(({ status }) => status);
      assert.ok(got.every((status) => status === got[0]) && (pattern === '/oauth/revoke' ? got[0] === 200 : [400, 401, 404, 422].includes(got[0])), `${method} ${pattern}: ${got}`);
      continue;
    }
    for (const [who, answer] of [
      ['a stranger', await ask(piclog, method, path, { body: new URLSearchParams({ content: 'x', name: 'mallory', password: 'password of mallory' }) })],
      ['another site', await signedIn.go(method, path, { headers: { origin: 'https://evil.example' }, body: new URLSearchParams({ content: 'x' }) })],
      ['a form without token', await signedIn.go(method, path, { body: new URLSearchParams({ content: 'x' }) })],
    ])
      assert.ok([401, 403, 413].includes(answer.status) ||
        (/\bSHARED\b/.test(flags) && who === 'a stranger' && answer.headers.location === '/login?next=/upload'), `${method} ${pattern}: ${who} got ${answer.status}`);
  }
});
