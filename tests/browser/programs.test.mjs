// Programs that speak Mastodon's client protocol, unchanged: npm's masto and megalodon, and a page of another site that does
// without a library. A person lets each of them in, on the consent page in Chromium.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { createOAuthAPIClient, createRestAPIClient } from 'masto';
import megalodon from 'megalodon';
import { ask, bearer, fixture, fixtures, logIn, open } from './browser.mjs';

const generator = megalodon.default ?? megalodon;
let site, ann, bob, page, client, back;
before(async () => {
  site = await open();
  [ann, bob] = ['ann', 'bob'].map((name) => site.piclog.addUser(name));
  // where people come back to: another site, as it has another port
  client = http.createServer((request, response) => response.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>back</title><p id="out">')).listen(0, '127.0.0.1');
  await new Promise((done) => client.on('listening', done));
  back = `http://127.0.0.1:${client.address().port}/back`;
  page = await logIn(site, ann);
});
after(async () => {
  client.close();
  client.closeAllConnections();
  await site.close();
});

// Lets a program in, or not, and returns what it was sent back with.
async function consent(url, button = 'Let it in') {
  await page.goto(url);
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.waitForURL((now) => now.href.startsWith(back));
  return new URL(page.url()).searchParams;
}
const authorize = (app, more = {}) => `/oauth/authorize?${new URLSearchParams({ client_id: app.client_id, redirect_uri: back, response_type: 'code', scope: 'read write', ...more })}`;
const register = async () => (await ask(site.piclog, 'POST', '/api/v1/apps', { body: { client_name: 'Elsewhere', redirect_uris: back, scopes: 'read write settings' } })).json;

test('the consent page: in nobody’s frame, back to the program on yes and on no, a password for all rights', async () => {
  const app = await register();
  await page.goto(authorize(app, { state: 'a b' }));
  assert.match(await page.textContent('main'), /Let Elsewhere in\?/);
  assert.match(await page.textContent('main'), /Nobody here has checked/);
  assert.equal(await page.locator('input[type=password]').count(), 0);
  assert.equal((await consent(authorize(app, { state: 'a b' }))).get('state'), 'a b');
  assert.equal((await consent(authorize(app, { state: 'n' }), 'No')).get('error'), 'access_denied');
  await page.goto(authorize(app, { scope: 'read write settings' }));
  await page.getByLabel('Your password').fill('wrong');
  await page.getByRole('button', { name: 'Let it in' }).click();
  await page.locator('[role=alert], .error').first().waitFor();
  await page.getByLabel('Your password').fill(ann.password);
  await page.getByRole('button', { name: 'Let it in' }).click();
  await page.waitForURL((now) => now.href.startsWith(back));
  // a frame elsewhere shows nothing of it
  await page.goto(back);
  await page.evaluate((src) => { const frame = document.createElement('iframe'); frame.src = src; document.body.append(frame); return new Promise((done) => { frame.onload = done; }); }, site.piclog.origin + authorize(app));
  assert.ok(page.frames().every((frame) => !frame.url().includes('/oauth/authorize')));
});

test('a page of another site signs in with PKCE, posts, and pages by Link', async () => {
  const app = await register();
  await page.goto(back);
  const verifier = 'v'.repeat(64);
  const code_challenge = await page.evaluate(async (text) => btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''), verifier);
  const code = (await consent(authorize(app, { code_challenge, code_challenge_method: 'S256' }))).get('code');
  const got = await page.evaluate(async ({ origin, app, back, code, verifier }) => {
    const token = await (await fetch(`${origin}/oauth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ grant_type: 'authorization_code', code, client_id: app.client_id, redirect_uri: back, code_verifier: verifier }) })).json();
    const headers = { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' };
    for (const status of ['one', 'two', 'three']) await fetch(`${origin}/api/v1/statuses`, { method: 'POST', headers: { ...headers, 'idempotency-key': status }, body: JSON.stringify({ status }) });
    const first = await fetch(`${origin}/api/v1/timelines/home?limit=2`, { headers });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link'))[1];
    const refused = await fetch(`${origin}/api/v1/statuses`, { method: 'POST', headers, body: JSON.stringify({ status: 'x', visibility: 'private' }) });
    const nobody = await fetch(`${origin}/api/v1/accounts/verify_credentials`, { credentials: 'omit' });
    return { first: (await first.json()).map((one) => one.content), second: (await (await fetch(next, { headers })).json()).map((one) => one.content), refused: [refused.status, (await refused.json()).error], nobody: nobody.status };
  }, { origin: site.piclog.origin, app, back, code, verifier });
  assert.deepEqual(got.first, ['<p>three</p>', '<p>two</p>']);
  assert.deepEqual(got.second, ['<p>one</p>']);
  assert.equal(got.refused[0], 422);
  assert.match(got.refused[1], /nothing was posted/);
  assert.equal(got.nobody, 401);
  // with cookies, a browser may not even try
  assert.equal(await page.evaluate((origin) => fetch(`${origin}/api/v1/timelines/home`, { credentials: 'include' }).then((answer) => answer.status, () => 'refused'), site.piclog.origin), 'refused');
});

test('masto', async () => {
  const url = site.piclog.origin, open = createRestAPIClient({ url });
  const app = await open.v1.apps.create({ clientName: 'masto', redirectUris: back, scopes: 'read write follow push', website: 'https://example.org' });
  const code = (await consent(authorize({ client_id: app.clientId }))).get('code');
  const oauth = createOAuthAPIClient({ url });
  const token = await oauth.token.create({ grantType: 'authorization_code', clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: back, code, scope: 'read write' });
  const masto = createRestAPIClient({ url, accessToken: token.accessToken });
  const me = await masto.v1.accounts.verifyCredentials();
  assert.equal(me.acct, 'ann');
  assert.equal((await masto.v2.instance.fetch()).configuration.statuses.maxMediaAttachments, 1);
  assert.match((await masto.v1.instance.fetch()).version, /piclog/);
  const media = await masto.v2.media.create({ file: new Blob([fixture('pictures/cat.jpg')], { type: 'image/jpeg' }), description: 'A cat' });
  assert.equal((await fetch(media.previewUrl)).headers.get('content-type'), 'image/jpeg');
  await masto.v1.media.$select(media.id).update({ description: 'A cat on a chair' });
  const post = await masto.v1.statuses.create({ status: 'Head of Chair #cats @bob', mediaIds: [media.id], visibility: 'public', sensitive: true, spoilerText: 'fur' });
  assert.deepEqual([post.mediaAttachments[0].description, post.spoilerText, post.sensitive, post.visibility], ['A cat on a chair', 'fur', true, 'public']);
  assert.match(post.mediaAttachments[0].blurhash, /^L/);
  assert.deepEqual([post.tags.map((tag) => tag.name), post.mentions.map((one) => one.acct)], [['cats'], ['bob']]);
  assert.ok(post.mediaAttachments[0].meta.original.width > 100);
  assert.equal((await masto.v1.timelines.home.list({ limit: 5 }))[0].id, post.id);
  assert.equal((await masto.v1.timelines.tag.$select('cats').list())[0].id, post.id);
  assert.equal((await open.v1.timelines.public.list({ onlyMedia: true }))[0].id, post.id);
  const answer = await masto.v1.statuses.create({ status: 'Answering myself', inReplyToId: post.id });
  assert.equal(answer.inReplyToId, post.id);
  assert.deepEqual((await masto.v1.statuses.$select(post.id).context.fetch()).descendants.map((one) => one.id), [answer.id]);
  assert.deepEqual((await masto.v1.statuses.$select(answer.id).context.fetch()).ancestors.map((one) => one.id), [post.id]);
  assert.match((await masto.v1.statuses.$select(answer.id).update({ status: 'Answering, better' })).content, /better/);
  assert.equal((await masto.v1.statuses.$select(answer.id).source.fetch()).text, 'Answering, better');
  await ask(site.piclog, 'POST', '/api/statuses', { headers: bearer(bob), body: { content: 'hello @ann' } });
  const [mention] = await masto.v1.notifications.list({ types: ['mention'] });
  assert.deepEqual([mention.type, mention.account.acct], ['mention', 'bob']);
  assert.equal((await masto.v1.statuses.$select(mention.status.id).favourite()).favourited, true);
  assert.equal((await masto.v1.favourites.list())[0].id, mention.status.id);
  assert.equal((await masto.v1.statuses.$select(mention.status.id).unfavourite()).favourited, false);
  assert.equal((await masto.v1.statuses.$select(mention.status.id).bookmark()).bookmarked, true);
  assert.equal((await masto.v1.bookmarks.list()).length, 1);
  assert.equal((await masto.v1.accounts.$select(mention.account.id).follow()).following, true);
  assert.deepEqual((await masto.v1.accounts.relationships.fetch({ id: [mention.account.id, me.id] })).map((one) => one.following), [true, false]);
  assert.equal((await masto.v1.accounts.$select(me.id).following.list())[0].acct, 'bob');
  assert.deepEqual(await masto.v1.accounts.$select(mention.account.id).following.list(), []);
  assert.equal((await masto.v1.accounts.$select(mention.account.id).statuses.list())[0].content, mention.status.content);
  assert.equal((await masto.v1.accounts.lookup({ acct: 'bob' })).followersCount, 0);
  const found = await masto.v2.search.list({ q: 'chair' });
  assert.deepEqual(found.statuses.map((one) => one.id), [post.id]);
  assert.equal((await masto.v2.search.list({ q: 'bob', type: 'accounts' })).accounts[0].acct, 'bob');
  await masto.v1.markers.create({ notifications: { lastReadId: mention.id } });
  for (const list of [masto.v2.filters, masto.v1.customEmojis, masto.v1.lists, masto.v1.followedTags, masto.v1.announcements, masto.v1.conversations, masto.v1.followRequests]) assert.deepEqual(await list.list(), []);
  assert.equal((await masto.v1.preferences.fetch())['posting:default:visibility'], 'public');
  await assert.rejects(masto.v1.statuses.create({ status: 'x', poll: { options: ['a', 'b'], expiresIn: 60 } }), /nothing was posted/);
  await assert.rejects(masto.v1.statuses.$select('1').fetch(), { statusCode: 404 });
  assert.equal((await masto.v1.statuses.$select(post.id).remove()).text, 'Head of Chair #cats @bob');
  await assert.rejects(masto.v1.statuses.$select(post.id).fetch(), { statusCode: 404 });
  await oauth.revoke({ clientId: app.clientId, clientSecret: app.clientSecret, token: token.accessToken });
  await assert.rejects(masto.v1.accounts.verifyCredentials(), { statusCode: 401 });
});

test('megalodon', async () => {
  const url = site.piclog.origin, stranger = generator('mastodon', url);
  const app = await stranger.registerApp('megalodon', { scopes: ['read', 'write', 'follow'], redirect_uris: back });
  const code = (await consent(app.url)).get('code');
  const token = await stranger.fetchAccessToken(app.client_id, app.client_secret, code, back);
  const program = generator('mastodon', url, token.access_token);
  const { data: me } = await program.verifyAccountCredentials();
  assert.equal(me.acct, 'ann');
  assert.match((await stranger.getInstance()).data.title, /piclog/i);
  const { data: media } = await program.uploadMedia(createReadStream(join(fixtures, 'pictures/cat.jpg')), { description: 'A cat' });
  const { data: post } = await program.postStatus('a cat by megalodon', { media_ids: [media.id] });
  assert.equal(post.media_attachments[0].description, 'A cat');
  assert.equal((await program.getHomeTimeline({ limit: 1 })).data[0].id, post.id);
  assert.equal((await program.getStatus(post.id)).data.id, post.id);
  assert.equal((await program.favouriteStatus(post.id)).data.favourited, true);
  assert.equal((await program.getFavourites()).data[0].id, post.id);
  assert.equal((await program.getAccountStatuses(me.id, { only_media: true })).data[0].id, post.id);
  assert.equal((await program.search('megalodon', { type: 'statuses' })).data.statuses[0].id, post.id);
  assert.ok(Array.isArray((await program.getNotifications()).data));
  assert.deepEqual((await program.getStatusContext(post.id)).data, { ancestors: [], descendants: [] });
  assert.deepEqual((await program.getInstanceCustomEmojis()).data, []);
  await program.deleteStatus(post.id);
  await assert.rejects(program.getStatus(post.id), /404/);
});
