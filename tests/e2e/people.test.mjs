// People come and go: the first link, joining, logging in, recovering, settings, leaving.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Service } from './service.mjs';

const service = new Service();
before(() => service.start());
after(() => service.stop());
const password = 'a cat walked over this';
let codes, invitation;

test('the first start prints a link that makes the administrator, once', async () => {
  const path = service.errors.match(/http:\S+(\/join\/\S+)/)[1];
  const browser = service.browser();
  const joined = await browser.submit(path, path, { name: 'Minitel', password });
  assert.equal(joined.status, 200);
  codes = [...browser.page.matchAll(/<code>([^<]+)<\/code>/g)].map((match) => match[1]);
  assert.equal(codes.length, 8);
  assert.match((await browser.request('/api/me')).headers.get('content-type'), /json/);
  assert.equal((await (await browser.request('/api/me')).json()).is_admin, true);
  assert.equal((await service.browser().get(path)).status, 403);
});

test('without an invitation nobody joins', async () => {
  const browser = service.browser();
  assert.equal((await browser.get('/join')).status, 403);
  assert.equal((await browser.submit('/login', '/join', { name: 'zigzag', password })).status, 403);
});

test('an invitation from the settings lets one person in', async () => {
  const admin = service.browser();
  await admin.submit('/login', '/login', { name: 'minitel', password });
  await admin.submit('/settings', '/settings/invites', {});
  invitation = admin.page.match(/http:\/\/[^<"]+(\/join\/[^<"]+)/)[1];
  const short = await service.browser().submit(invitation, invitation, { name: 'zigzag', password: '1234567' });
  assert.equal(short.status, 422);
  const taken = await service.browser().submit(invitation, invitation, { name: 'minitel', password });
  assert.equal(taken.status, 409);
  assert.equal((await service.browser().submit(invitation, invitation, { name: 'zigzag', password })).status, 200);
  assert.equal((await service.browser().submit('/login', invitation, { name: 'second', password })).status, 403);
});

test('a wrong password and an unknown name get the same words', async () => {
  const pages = [];
  for (const name of ['minitel', 'nobody']) {
    const browser = service.browser();
    assert.equal((await browser.submit('/login', '/login', { name, password: 'wrong wrong' })).status, 401);
    pages.push(browser.page.match(/role="alert">(.*)</)[1]);
  }
  assert.equal(pages[0], pages[1]);
});

test('logging in leads back, but never to another site', async () => {
  for (const [next, expected] of [['/upload', '/upload'], ['//evil.example', '/'], ['https://evil.example', '/'], ['/\\evil.example', '/']]) {
    const done = await service.browser().submit('/login', '/login', { name: 'zigzag', password, next });
    assert.equal(done.status, 303);
    assert.equal(new URL(done.headers.get('location'), service.url).href, service.url + expected);
  }
});

test('session cookies are HttpOnly and SameSite, and the session changes at sign-in', async () => {
  const browser = service.browser();
  await browser.get('/login');
  const before = new Map(browser.cookies);
  const response = await browser.submit('/login', '/login', { name: 'zigzag', password });
  const cookie = response.headers.get('set-cookie');
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Lax/i);
  for (const [name, value] of browser.cookies) assert.notEqual(before.get(name), value);
});

test('a form without its token, or from another site, changes nothing', async () => {
  const browser = service.browser();
  await browser.submit('/login', '/login', { name: 'zigzag', password });
  const send = (headers, csrf) =>
    browser.request('/status', { method: 'POST', headers, body: new URLSearchParams({ csrf, content: 'forged', face: '' }) });
  assert.equal((await send({}, '')).status, 403);
  assert.equal((await send({}, 'AAAA')).status, 403);
  await browser.get('/status');
  const csrf = browser.page.match(/name="csrf" value="([^"]*)"/)[1];
  assert.equal((await send({ Origin: 'https://evil.example' }, csrf)).status, 403);
  assert.equal((await send({ 'Sec-Fetch-Site': 'cross-site' }, csrf)).status, 403);
  assert.equal((await send({}, csrf)).status, 303);
  // The token belongs to one session: another person's form does not take it.
  const other = service.browser();
  await other.submit('/login', '/login', { name: 'minitel', password });
  assert.equal((await other.request('/status', { method: 'POST', body: new URLSearchParams({ csrf, content: 'x', face: '' }) })).status, 403);
});

test('the profile is saved, and a homepage gets its https://', async () => {
  const browser = service.browser();
  await browser.submit('/login', '/login', { name: 'zigzag', password });
  assert.equal((await browser.submit('/settings', '/settings', { display_name: 'Zig', homepage: 'zigzag.example', about: 'one line', css: '' })).status, 303);
  const twin = await (await fetch(`${service.url}/~zigzag.json`)).json();
  assert.match(JSON.stringify(twin), /https:\/\/zigzag\.example/);
  assert.equal((await browser.submit('/settings', '/settings', { homepage: 'javascript:alert(1)' })).status, 422);
  assert.equal((await browser.submit('/settings', '/settings', { css: 'a'.repeat(20001) })).status, 422);
});

test('a recovery code opens the door once and signs out everyone else', async () => {
  const old = service.browser();
  await old.submit('/login', '/login', { name: 'minitel', password });
  const browser = service.browser();
  assert.equal((await browser.submit('/recover', '/recover', { name: 'minitel', code: codes[3], password: 'another password' })).status, 303);
  assert.equal((await old.request('/api/me')).status, 401);
  assert.equal((await service.browser().submit('/recover', '/recover', { name: 'minitel', code: codes[3], password: 'x'.repeat(9) })).status, 401);
});

test('tokens are made, shown once, used and revoked', async () => {
  const browser = service.browser();
  await browser.submit('/login', '/login', { name: 'zigzag', password });
  await browser.submit('/settings', '/settings/tokens', { label: 'curl' });
  const token = browser.page.match(/shown only now: <code>([^<]+)</)[1];
  const me = () => fetch(`${service.url}/api/me`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await me()).status, 200);
  await browser.get('/settings');
  assert.equal(browser.page.includes(token), false);
  const revoke = browser.page.match(/\/settings\/tokens\/\d+\/revoke/)[0];
  await browser.submit('/settings', revoke, {});
  assert.equal((await me()).status, 401);
});

test('closing the account deletes everything', async () => {
  const browser = service.browser();
  await browser.submit('/login', '/login', { name: 'zigzag', password });
  await browser.submit('/status', '/status', { face: '🧹', content: 'words to forget' });
  assert.equal((await browser.submit('/settings', '/settings/close', { password: 'not mine' })).status, 422);
  assert.equal((await browser.submit('/settings', '/settings/close', { password })).status, 303);
  assert.equal((await fetch(`${service.url}/~zigzag`)).status, 404);
  assert.equal((await (await fetch(`${service.url}/statuses`)).text()).includes('words to forget'), false);
});

test('logs hold no token, no password, no invitation', () => {
  for (const secret of [password, codes[3], invitation.split('/').pop()]) assert.equal(service.log.includes(secret), false);
});
