// Letting programs in: OAuth as clients of Mastodon's protocol use it, and IndieAuth. Everything by hand; what real clients
// do with it is in toot.test.mjs and tests/browser/programs.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Browser, ask, bearer, start } from './piclog.mjs';

let piclog, ann, browser;
before(async () => {
  piclog = await start();
  ann = piclog.addUser('ann');
  browser = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());

const oob = 'urn:ietf:wg:oauth:2.0:oob', back = 'https://client.example/back?x=1';
const post = (path, body, headers = {}) => ask(piclog, 'POST', path, { headers, body });
const register = async (fields = {}) => {
  const made = await post('/api/v1/apps', { client_name: 'A Program', redirect_uris: back, scopes: 'read write', ...fields });
  assert.equal(made.status, 200, made.text);
  return made.json;
};
const pkce = () => {
  const code_verifier = randomBytes(32).toString('base64url');
  return { code_verifier, code_challenge: createHash('sha256').update(code_verifier).digest('base64url') };
};
// Fills in the consent page as it stands and presses a button. The answer.
async function consent(query, { allow = '1', who = browser, ...more } = {}) {
  const page = await who.get(`/oauth/authorize?${new URLSearchParams(query)}`);
  if (page.status !== 200) return page;
  const fields = new URLSearchParams({ allow, ...more });
  for (const [, name, value] of page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)) fields.set(name, unescaped(value));
  return who.go('POST', '/oauth/allow', { body: fields });
}
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
const codeOf = (answer) => {
  assert.equal(answer.status, 303, answer.text);
  return new URL(answer.headers.location).searchParams.get('code');
};
const allowed = async (app, more = {}) => codeOf(await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write', ...more }));
const redeem = (app, code, more = {}) => post('/oauth/token', { grant_type: 'authorization_code', code, client_id: app.client_id, client_secret: app.client_secret, redirect_uri: back, ...more });
const bearing = (token) => ({ authorization: `Bearer ${token}` });
function refused(answer, error, status = 400) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error, error, answer.text);
  assert.ok(answer.json.error_description.length > 10);
}

test('a program registers, is let in, and has a token that stands in the settings and ends there', async () => {
  const app = await register();
  assert.match(app.client_id, /^[\w-]{43}$/);
  assert.match(app.client_secret, /^[\w-]{43}$/);
  assert.deepEqual(app.redirect_uris, [back]);
  const page = await browser.get(`/oauth/authorize?${new URLSearchParams({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write follow push', state: 's&t <x>' })}`);
  assert.equal(page.status, 200, page.text);
  assert.match(page.text, /A Program/);
  assert.doesNotMatch(page.text, /type="password"/);
  assert.match(page.headers['content-security-policy'], /form-action 'self' https:\/\/client\.example;/);
  assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(page.headers['x-frame-options'], 'DENY');
  assert.equal(page.headers['cache-control'], 'no-store');
  const answer = await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write follow push', state: 's&t <x>' });
  const location = new URL(answer.headers.location);
  assert.equal(location.origin + location.pathname, 'https://client.example/back');
  assert.equal(location.searchParams.get('x'), '1');
  assert.equal(location.searchParams.get('state'), 's&t <x>');
  assert.equal(location.searchParams.get('iss'), piclog.origin);
  const got = await redeem(app, location.searchParams.get('code'));
  assert.equal(got.status, 200, got.text);
  assert.equal(got.headers['cache-control'], 'no-store');
  assert.equal(got.headers['access-control-allow-origin'], '*');
  assert.equal(got.json.token_type, 'Bearer');
  assert.equal(got.json.scope, 'read write');
  const made = await ask(piclog, 'POST', '/api/statuses', { headers: bearing(got.json.access_token), body: { content: 'let in' } });
  assert.equal(made.status, 201, made.text);
  assert.equal((await ask(piclog, 'GET', '/settings.json', { headers: bearing(got.json.access_token) })).status, 403);
  const settings = await browser.get('/settings/tokens');
  assert.match(settings.text, /<p>A Program<\/p>/);
  const { tokens } = (await browser.get('/settings.json')).json;
  const token = tokens.find((one) => one.label === 'A Program');
  assert.equal((await browser.submit(`/settings/tokens/${token.id}/revoke`, {}, { page: '/settings/tokens' })).status, 303);
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(got.json.access_token) })).status, 401);
});

test('no is no, and the program hears it', async () => {
  const app = await register();
  const answer = await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read', state: 'z' }, { allow: '0' });
  const { searchParams } = new URL(answer.headers.location);
  assert.deepEqual([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')], ['access_denied', 'z', null]);
});

test('a code to copy', async () => {
  const app = await register({ redirect_uris: oob });
  const answer = await consent({ client_id: app.client_id, redirect_uri: oob, response_type: 'code', scope: 'read' });
  assert.equal(answer.status, 200);
  const [, code] = /<code id="code">([\w-]+)<\/code>/.exec(answer.text);
  assert.equal((await redeem(app, code, { redirect_uri: oob })).status, 200);
  assert.equal((await consent({ client_id: app.client_id, redirect_uri: oob, response_type: 'code' }, { allow: '0' })).headers.location, '/settings/tokens');
  const wrong = await browser.get(`/oauth/authorize?${new URLSearchParams({ client_id: app.client_id, redirect_uri: oob, response_type: 'token' })}`);
  assert.deepEqual([wrong.status, wrong.headers.location], [422, undefined], 'there is nowhere to send an error to');
});

test('whoever is not signed in logs in first and comes back to the same page', async () => {
  const app = await register();
  const query = new URLSearchParams({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write', state: 'x'.repeat(300), code_challenge: pkce().code_challenge, code_challenge_method: 'S256' });
  const stranger = new Browser(piclog);
  for (const path of ['/oauth/authorize', '/oauth/authorize/']) {
    const sent = await stranger.get(`${path}?${query}`);
    assert.equal(sent.status, 303);
    assert.match(sent.headers.location, /^\/login\?next=/);
    const login = await stranger.get(sent.headers.location);
    const next = /name="next" value="([^"]*)"/.exec(login.text)[1].replaceAll('&amp;', '&');
    const page = await (await new Browser(piclog).logIn(ann)).get(next);
    assert.match(page.text, /Let A Program in\?/);
    assert.ok(page.text.includes('x'.repeat(300)));
  }
});

test('a form of another site, or without its token, allows nothing', async () => {
  const app = await register();
  const fields = { client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read', allow: '1' };
  assert.equal((await browser.go('POST', '/oauth/allow', { body: new URLSearchParams(fields) })).status, 403);
  const csrf = await browser.token('/settings');
  assert.equal((await browser.go('POST', '/oauth/allow', { body: new URLSearchParams({ ...fields, csrf }), headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
  // a token that may only post cannot let further programs in
  const weak = (await redeem(app, await allowed(app))).json.access_token;
  assert.equal((await ask(piclog, 'POST', '/oauth/allow', { headers: bearing(weak), body: fields })).status, 403);
});

test('a code works once; one that comes twice ends the token that it gave', async () => {
  const app = await register();
  const code = await allowed(app);
  const { access_token } = (await redeem(app, code)).json;
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(access_token) })).status, 200);
  refused(await redeem(app, code), 'invalid_grant');
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(access_token) })).status, 401);
  // of many who come at once, one gets a token, and the others end it
  for (let round = 0; round < 5; round++) {
    const raced = await allowed(app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(app, raced)));
    const winners = answers.filter((one) => one.status === 200);
    assert.ok(winners.length <= 1);
    for (const { json } of winners) assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(json.access_token) })).status, 401);
  }
});

test('a code is of one program, one address, one verifier, and one minute', async () => {
  const app = await register(), other = await register({ redirect_uris: `${back} https://client.example/other` });
  refused(await redeem(other, await allowed(app)), 'invalid_grant');
  refused(await redeem(app, await allowed(app), { client_secret: other.client_secret }), 'invalid_client', 401);
  refused(await redeem(app, await allowed(app), { client_secret: undefined }), 'invalid_client', 401);
  refused(await redeem(other, await allowed(other), { redirect_uri: 'https://client.example/other' }), 'invalid_grant');
  refused(await redeem(app, 'nonsense'), 'invalid_grant');
  const { code_verifier, code_challenge } = pkce(), S256 = { code_challenge, code_challenge_method: 'S256' };
  refused(await redeem(app, await allowed(app, S256)), 'invalid_grant');
  refused(await redeem(app, await allowed(app, S256), { code_verifier: pkce().code_verifier }), 'invalid_grant');
  refused(await redeem(app, await allowed(app), { code_verifier }), 'invalid_grant');
  assert.equal((await redeem(app, await allowed(app, S256), { code_verifier })).status, 200);
  assert.equal((await redeem(app, await allowed(app, S256), { code_verifier, client_secret: undefined })).status, 200);
  const answer = await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'code', code_challenge, code_challenge_method: 'plain' });
  assert.equal(new URL(answer.headers.location).searchParams.get('error'), 'invalid_request');
  assert.equal(new URL((await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'token' })).headers.location).searchParams.get('error'), 'unsupported_response_type');
  assert.equal(new URL((await consent({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'admin:everything' })).headers.location).searchParams.get('error'), 'invalid_scope');
});

test('addresses are compared letter by letter, and those that a browser runs are no addresses', async () => {
  const app = await register();
  for (const redirect_uri of [`${back}&y`, 'https://client.example/back', back.toUpperCase(), 'https://evil.example/', oob, '']) {
    const answer = await consent({ client_id: app.client_id, redirect_uri, response_type: 'code' });
    assert.equal(answer.status, 422, redirect_uri);
    assert.equal(answer.headers.location, undefined);
  }
  assert.equal((await consent({ client_id: 'nobody', redirect_uri: back, response_type: 'code' })).status, 401);
  for (const redirect_uris of ['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'http://client.example/', 'http://localhost.evil.example/', 'http://127.0.0.1@evil.example/', 'https://a@b.example/', 'https://b.example/#x', 'https://', 'b.example', '//b.example', 'https://b.example/;,"', `https://b.example/${'x'.repeat(500)}`, 'https://b.ex;ample/', 'about:blank', 'ws://x/', '', Array(11).fill('https://b.example/').join(' ')]) {
    const answer = await post('/api/v1/apps', { client_name: 'x', redirect_uris });
    assert.equal(answer.status, 422, `${redirect_uris}: ${answer.text}`);
    assert.match(answer.json.error, /redirect_uris/);
  }
  for (const redirect_uris of ['http://localhost:1234/x', 'http://127.0.0.1/', 'http://[::1]:9/', 'myapp://callback', 'com.example.app:/oauth', 'https://b.example:8443/x?y=z', ['https://b.example/', 'myapp://x']])
    assert.equal((await post('/api/v1/apps', { client_name: 'x', redirect_uris })).status, 200, redirect_uris);
  const form = await post('/api/v1/apps', new URLSearchParams({ client_name: 'form', redirect_uris: `${back}\n${oob}`, scopes: 'read' }));
  assert.deepEqual(form.json.redirect_uris, [back, oob]);
  assert.match((await post('/api/v1/apps', { client_name: 'x'.repeat(100), redirect_uris: back })).json.error, /60/);
  assert.match((await post('/api/v1/apps', { client_name: ' ', redirect_uris: back })).json.error, /client_name/);
  assert.match((await post('/api/v1/apps', { client_name: 'x', redirect_uris: back, website: 'javascript:x' })).json.error, /website/);
});

test('an error sends nobody to a program that nobody let in', async () => {
  const app = await register(), wrong = { redirect_uri: back, response_type: 'code', scope: 'admin:everything', state: 's' };
  const stranger = { ...wrong, client_id: 'https://client.example/', response_type: 'token' };
  for (const query of [{ ...wrong, client_id: app.client_id }, { ...wrong, client_id: app.client_id, response_type: 'token' }, stranger]) {
    const page = await browser.get(`/oauth/authorize?${new URLSearchParams(query)}`);
    assert.equal(page.status, 422, JSON.stringify(query));
    assert.equal(page.headers.location, undefined);
  }
  await allowed(app);
  assert.equal(new URL((await consent({ ...wrong, client_id: app.client_id })).headers.location).searchParams.get('error'), 'invalid_scope');
  const { code_challenge } = pkce(), known = { ...stranger, response_type: 'code', scope: 'profile', code_challenge, code_challenge_method: 'S256' };
  assert.ok(codeOf(await consent(known)));
  assert.equal((await consent(stranger)).headers.location, undefined); // of an address alone nobody knows who has it now
});

test('what goes into the policy is an origin or a scheme, and people read where they go', async () => {
  for (const [redirect_uri, source, said] of [['httpx://a;b,c', 'httpx:', 'httpx:'], ['http://[::1]:9/x', 'http:', 'http://[::1]:9'], ['https://b.example:8443?y=/', 'https://b.example:8443', 'https://b.example:8443'], ['https://b.example/a;b,c', 'https://b.example', 'https://b.example']]) {
    const app = await register({ redirect_uris: redirect_uri });
    const page = await browser.get(`/oauth/authorize?${new URLSearchParams({ client_id: app.client_id, redirect_uri, response_type: 'code' })}`);
    assert.equal(page.status, 200, page.text);
    assert.ok(page.headers['content-security-policy'].includes(`form-action 'self' ${source};`), page.headers['content-security-policy']);
    assert.ok(unescaped(page.text).includes(`you go on to <b>${said}</b>`), redirect_uri);
  }
  for (const redirect_uris of ['HTTPS://b.example/', 'Http://localhost/', 'MyApp://x'])
    assert.equal((await post('/api/v1/apps', { client_name: 'x', redirect_uris })).status, 422, redirect_uris);
});

test('a program of its own scheme is named by it in the policy', async () => {
  const app = await register({ redirect_uris: 'myapp://callback' });
  const page = await browser.get(`/oauth/authorize?${new URLSearchParams({ client_id: app.client_id, redirect_uri: 'myapp://callback', response_type: 'code' })}`);
  assert.match(page.headers['content-security-policy'], /form-action 'self' myapp:;/);
});

test('what opens as much as a password asks for it', async () => {
  const app = await register({ scopes: 'read write settings messages' });
  const query = { client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write settings messages' };
  const wrong = await consent(query, { password: 'no' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /type="password"/);
  const { json } = await redeem(app, codeOf(await consent(query, { password: ann.password })));
  assert.equal(json.scope, 'read write settings messages');
  assert.equal((await ask(piclog, 'GET', '/settings.json', { headers: bearing(json.access_token) })).status, 200);
  // and what a program did not register it does not get
  const less = await register({ scopes: 'read' });
  await allowed(less, { scope: 'read' });
  assert.equal(new URL((await consent({ ...query, client_id: less.client_id, scope: 'settings' })).headers.location).searchParams.get('error'), 'invalid_scope');
});

test('who may write posts may neither follow nor mute nor block; muting and blocking are settings', async () => {
  piclog.person('zoe');
  const app = await register({ scopes: 'read write follow settings' });
  const { id } = (await ask(piclog, 'GET', '/api/v1/accounts/lookup?acct=zoe')).json;
  const tokenOf = async (scope) => bearing((await redeem(app, await allowed(app, { scope }))).json.access_token);
  const narrow = await tokenOf('read write:statuses'), wide = await tokenOf('read write follow');
  const deeds = ['follow', 'unfollow', 'mute', 'unmute', 'block', 'unblock'].map((deed) => ['POST', `/api/v1/accounts/${id}/${deed}`]);
  for (const [method, path] of [...deeds, ['GET', '/api/v1/mutes'], ['GET', '/api/v1/blocks'], ['POST', '/api/follows'], ['DELETE', '/api/follows/zoe'], ['DELETE', '/api/followers/zoe']]) {
    const body = method === 'GET' ? undefined : { name: 'zoe' };
    assert.equal((await ask(piclog, method, path, { headers: narrow, body })).status, 403, path);
    const of_settings = /mute|block/.test(path);
    assert.equal((await ask(piclog, method, path, { headers: wide, body })).status === 403, of_settings, path);
    assert.notEqual((await ask(piclog, method, path, { headers: bearer(ann), body })).status, 403, path);
  }
  assert.equal((await ask(piclog, 'POST', '/api/v1/statuses', { headers: narrow, body: { status: 'only words' } })).status, 200);
});

test('a program alone reads what strangers read', async () => {
  const app = await register();
  const { json } = await post('/oauth/token', new URLSearchParams({ grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret, scope: 'read' }));
  assert.equal(json.token_type, 'Bearer');
  assert.equal((await ask(piclog, 'POST', '/oauth/introspect', { headers: bearing(json.access_token), body: { token: json.access_token } })).status, 401);
  for (const path of ['/api/me', '/settings.json', '/api/statuses/1'])
    assert.equal((await ask(piclog, 'GET', path, { headers: bearing(json.access_token) })).status, 401, path);
  refused(await post('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id, client_secret: 'no' }), 'invalid_client', 401);
  refused(await post('/oauth/token', { grant_type: 'password', username: 'ann', password: ann.password, client_id: app.client_id, client_secret: app.client_secret }), 'unsupported_grant_type');
});

test('a token is ended by whoever has it; one of the settings is not', async () => {
  const app = await register();
  const { access_token } = (await redeem(app, await allowed(app))).json;
  assert.equal((await post('/oauth/revoke', new URLSearchParams({ token: access_token, client_id: app.client_id }))).status, 200);
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(access_token) })).status, 401);
  assert.equal((await post('/oauth/revoke', { token: 'nonsense' })).status, 200);
  assert.equal((await post('/oauth/revoke', { token: ann.token })).status, 200);
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearer(ann) })).status, 200);
});

test('IndieAuth: metadata, a client that is an address, PKCE, who it is, introspection', async () => {
  const profile = await ask(piclog, 'GET', '/~ann');
  const metadata = /<link rel="indieauth-metadata" href="([^"]+)">/.exec(profile.text)[1];
  assert.match(profile.text, new RegExp(`<link rel="authorization_endpoint" href="${piclog.origin}/oauth/authorize">`));
  assert.match(profile.text, new RegExp(`<link rel="token_endpoint" href="${piclog.origin}/oauth/token">`));
  const told = (await ask(piclog, 'GET', new URL(metadata).pathname)).json;
  assert.equal(told.issuer, piclog.origin);
  assert.ok(metadata.startsWith(told.issuer));
  assert.deepEqual(told.code_challenge_methods_supported, ['S256']);
  for (const scope of told.scopes_supported) {
    const known = await post('/api/v1/apps', { client_name: 'x', redirect_uris: back, scopes: scope });
    assert.deepEqual(known.json.scopes, [scope]);
  }
  for (const scope of ['follow', 'write:statuses', 'settings']) assert.ok(told.scopes_supported.includes(scope), scope);
  const client_id = 'https://quill.example/', redirect_uri = 'https://quill.example/done', { code_verifier, code_challenge } = pkce();
  const query = { client_id, redirect_uri, response_type: 'code', scope: 'profile create media', state: '1', code_challenge, code_challenge_method: 'S256', me: `${piclog.origin}/~ann` };
  const page = await browser.get(`/oauth/authorize?${new URLSearchParams(query)}`);
  assert.match(page.text, /The site <b>quill\.example<\/b>/);
  assert.match(page.text, /Nobody here has checked/);
  const answer = await post('/oauth/token', new URLSearchParams({ grant_type: 'authorization_code', code: codeOf(await consent(query)), client_id, redirect_uri, code_verifier }));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.me, `${piclog.origin}/~ann`);
  assert.equal(answer.json.profile.name, 'ann');
  assert.equal(answer.json.scope, 'profile create media');
  const token = answer.json.access_token;
  const micropub = await ask(piclog, 'POST', '/micropub', { headers: bearing(token), body: new URLSearchParams({ h: 'entry', content: 'signed in' }) });
  assert.equal(micropub.status, 201);
  assert.equal((await ask(piclog, 'POST', '/micropub', { headers: bearing(token), body: new URLSearchParams({ action: 'delete', url: micropub.headers.location }) })).status, 403);
  const known = await ask(piclog, 'POST', '/oauth/introspect', { headers: bearing(token), body: new URLSearchParams({ token }) });
  assert.deepEqual([known.json.active, known.json.me, known.json.client_id, known.json.scope], [true, `${piclog.origin}/~ann`, client_id, 'profile create media']);
  const bob = piclog.addUser('bob');
  assert.deepEqual((await ask(piclog, 'POST', '/oauth/introspect', { headers: bearer(bob), body: { token } })).json, { active: false });
  assert.equal((await post('/oauth/introspect', { token })).status, 401);
  // only who it is
  const who = await post('/oauth/authorize', new URLSearchParams({ grant_type: 'authorization_code', code: codeOf(await consent({ ...query, scope: '' })), client_id, redirect_uri, code_verifier }));
  assert.deepEqual(who.json, { me: `${piclog.origin}/~ann` });
  refused(await post('/oauth/token', new URLSearchParams({ grant_type: 'authorization_code', code: codeOf(await consent({ ...query, scope: '' })), client_id, redirect_uri, code_verifier })), 'invalid_scope');
  // without PKCE, or back to another host: nothing
  const { code_challenge: _1, code_challenge_method: _2, ...bare } = query;
  assert.equal((await consent(bare)).status, 422);
  for (const more of [{ redirect_uri: 'https://quill.example.evil.example/' }, { redirect_uri: 'http://quill.example/done' }, { redirect_uri: 'https://quill.example:444/' }, { client_id: 'javascript://quill.example/' }, { client_id: 'http://192.168.0.1/', redirect_uri: 'http://192.168.0.1/' }])
    assert.equal((await consent({ ...query, ...more })).status, 422, JSON.stringify(more));
});

test('a new password ends what programs have, and codes that wait', async () => {
  const dora = piclog.addUser('dora'), mine = await new Browser(piclog).logIn(dora), app = await register();
  const query = { client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read' };
  const { access_token } = (await redeem(app, codeOf(await consent(query, { who: mine })))).json;
  const waiting = codeOf(await consent(query, { who: mine }));
  assert.equal((await mine.submit('/settings/password', { old_password: dora.password, new_password: 'another password' })).status, 303);
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearing(access_token) })).status, 401);
  refused(await redeem(app, waiting), 'invalid_grant');
});

test('any origin may ask, without cookies', async () => {
  const options = await ask(piclog, 'OPTIONS', '/api/v1/apps', { headers: { origin: 'https://client.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } });
  assert.equal(options.status, 204);
  assert.equal(options.headers['access-control-allow-origin'], '*');
  assert.match(options.headers['access-control-allow-headers'], /Authorization, Content-Type/);
  assert.equal(options.headers['access-control-allow-credentials'], undefined);
  assert.equal((await ask(piclog, 'OPTIONS', '/oauth/token', {})).headers['access-control-allow-origin'], '*');
});
