// People come and go: the first link, joining, logging in, recovering, settings, leaving.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, start } from './piclog.mjs';

let piclog;
before(async () => (piclog = await start()));
after(() => piclog.remove());
const password = 'a cat walked over this';
let codes, invitation;

test('the first start prints a link that makes the administrator, once', async () => {
  const path = piclog.errors.match(/http:\S+(\/join\/\S+)/)[1];
  const browser = new Browser(piclog);
  const joined = await browser.submit(path, { name: 'Minitel', password });
  assert.equal(joined.status, 200);
  codes = [...joined.text.matchAll(/<code>([^<]+)<\/code>/g)].map((match) => match[1]);
  assert.equal(codes.length, 8);
  const me = await browser.get('/api/me');
  assert.match(me.headers['content-type'], /json/);
  assert.equal(me.json.is_admin, true);
  assert.equal((await new Browser(piclog).get(path)).status, 403);
});

test('without an invitation nobody joins', async () => {
  const browser = new Browser(piclog);
  assert.equal((await browser.get('/join')).status, 403);
  assert.equal((await browser.submit('/join', { name: 'zigzag', password }, { page: '/login' })).status, 403);
});

test('an invitation from the settings lets one person in', async () => {
  const admin = new Browser(piclog);
  await admin.submit('/login', { name: 'minitel', password });
  const made = await admin.submit('/settings/invites', {}, { page: '/settings' });
  invitation = made.text.match(/http:\/\/[^<"]+(\/join\/[^<"]+)/)[1];
  const short = await new Browser(piclog).submit(invitation, { name: 'zigzag', password: '1234567' });
  assert.equal(short.status, 422);
  const taken = await new Browser(piclog).submit(invitation, { name: 'minitel', password: 'of somebody else' });
  assert.equal(taken.status, 409);
  assert.equal((await new Browser(piclog).submit(invitation, { name: 'zigzag', password })).status, 200);
  assert.equal((await new Browser(piclog).submit(invitation, { name: 'second', password }, { page: '/login' })).status, 403);
});

test('a wrong password and an unknown name get the same words', async () => {
  const pages = [];
  for (const name of ['minitel', 'nobody']) {
    const browser = new Browser(piclog);
    const refused = await browser.submit('/login', { name, password: 'wrong wrong' });
    assert.equal(refused.status, 401);
    pages.push(refused.text.match(/role="alert">(.*)</)[1]);
  }
  assert.equal(pages[0], pages[1]);
});

test('logging in leads back, but never to another site', async () => {
  for (const [next, expected] of [['/upload', '/upload'], ['//evil.example', '/'], ['https://evil.example', '/'], ['/\\evil.example', '/']]) {
    const done = await new Browser(piclog).submit('/login', { name: 'zigzag', password, next });
    assert.equal(done.status, 303);
    assert.equal(new URL(done.headers.location, piclog.origin).href, piclog.origin + expected);
  }
});

test('session cookies are HttpOnly and SameSite, and the session changes at sign-in', async () => {
  const browser = new Browser(piclog);
  await browser.get('/login');
  const before = new Map(browser.jar);
  const response = await browser.submit('/login', { name: 'zigzag', password });
  const cookie = response.setCookie.join();
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Lax/i);
  for (const [name, value] of browser.jar) assert.notEqual(before.get(name), value);
});

test('a form without its token, or from another site, changes nothing', async () => {
  const browser = new Browser(piclog);
  await browser.submit('/login', { name: 'zigzag', password });
  const send = (headers, csrf) =>
    browser.go('POST', '/status', { headers, body: new URLSearchParams({ csrf, content: 'forged', face: '' }) });
  assert.equal((await send({}, '')).status, 403);
  assert.equal((await send({}, 'AAAA')).status, 403);
  const csrf = await browser.token('/status');
  assert.equal((await send({ Origin: 'https://evil.example' }, csrf)).status, 403);
  assert.equal((await send({ 'Sec-Fetch-Site': 'cross-site' }, csrf)).status, 403);
  assert.equal((await send({}, csrf)).status, 303);
  // The token belongs to one session: another person's form does not take it.
  const other = new Browser(piclog);
  await other.submit('/login', { name: 'minitel', password });
  assert.equal((await other.go('POST', '/status', { body: new URLSearchParams({ csrf, content: 'x', face: '' }) })).status, 403);
});

test('the profile is saved, and a homepage gets its https://', async () => {
  const browser = new Browser(piclog);
  await browser.submit('/login', { name: 'zigzag', password });
  assert.equal((await browser.submit('/settings', { display_name: 'Zig', homepage: 'zigzag.example', about: 'one line', css: '' })).status, 303);
  const twin = await (await fetch(`${piclog.origin}/~zigzag.json`)).json();
  assert.match(JSON.stringify(twin), /https:\/\/zigzag\.example/);
  assert.equal((await browser.submit('/settings', { homepage: 'javascript:alert(1)' })).status, 422);
  assert.equal((await browser.submit('/settings', { css: 'a'.repeat(20001) })).status, 422);
});

test('a recovery code opens the door once and signs out everyone else', async () => {
  const old = new Browser(piclog);
  await old.submit('/login', { name: 'minitel', password });
  const browser = new Browser(piclog);
  assert.equal((await browser.submit('/recover', { name: 'minitel', code: codes[3], password: 'another password' })).status, 303);
  assert.equal((await old.get('/api/me')).status, 401);
  assert.equal((await new Browser(piclog).submit('/recover', { name: 'minitel', code: codes[3], password: 'x'.repeat(9) })).status, 401);
});

test('tokens are made, shown once, used and revoked', async () => {
  const browser = new Browser(piclog);
  await browser.submit('/login', { name: 'zigzag', password });
  const made = await browser.submit('/settings/tokens', { label: 'curl', password }, { page: '/settings' });
  const token = made.text.match(/shown only now: <code>([^<]+)</)[1];
  const me = () => fetch(`${piclog.origin}/api/me`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await me()).status, 200);
  const settings = await browser.get('/settings/tokens');
  assert.equal(settings.text.includes(token), false);
  const revoke = settings.text.match(/\/settings\/tokens\/\d+\/revoke/)[0];
  await browser.submit(revoke, {}, { page: '/settings' });
  assert.equal((await me()).status, 401);
});

test('closing the account deletes everything', async () => {
  const browser = new Browser(piclog);
  await browser.submit('/login', { name: 'zigzag', password });
  await browser.submit('/status', { face: '🧹', content: 'words to forget' });
  assert.equal((await browser.submit('/settings/close', { password: 'not mine' }, { page: '/settings' })).status, 422);
  assert.equal((await browser.submit('/settings/close', { password }, { page: '/settings' })).status, 303);
  assert.equal((await fetch(`${piclog.origin}/~zigzag`)).status, 404);
  assert.equal((await (await fetch(`${piclog.origin}/statuses`)).text()).includes('words to forget'), false);
});

test('logs hold no token, no password, no invitation', () => {
  for (const secret of [password, codes[3], invitation.split('/').pop()]) assert.equal(piclog.log.join('\n').includes(secret), false);
});
