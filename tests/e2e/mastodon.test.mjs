// Mastodon's client protocol by hand: every address with every kind of token, who sees what, what is refused, and how pages
// and retries go. Real clients: toot.test.mjs, tests/browser/programs.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, root, start } from './piclog.mjs';

let piclog, ann, bob, eve, browser;
const tokens = {};
before(async () => {
  piclog = await start();
  [ann, bob, eve] = ['ann', 'bob', 'eve'].map((name) => piclog.person(name));
  browser = await new Browser(piclog).logIn(ann);
  for (const right of ['may_read', 'may_post', 'may_change', 'revoked']) {
    const answer = await browser.submit('/settings/tokens', { label: right, [right === 'revoked' ? 'may_post' : right]: '1' }, { page: '/settings/tokens' });
    tokens[right] = /shown only now: <code>([\w-]+)<\/code>/.exec(answer.text)[1];
  }
  const { tokens: all } = (await browser.get('/settings.json')).json;
  await browser.submit(`/settings/tokens/${all.find((one) => one.label === 'revoked').id}/revoke`, {}, { page: '/settings/tokens' });
  const app = (await ask(piclog, 'POST', '/api/v1/apps', { body: { client_name: 'x', redirect_uris: 'https://x.example/' } })).json;
  tokens.app = (await ask(piclog, 'POST', '/oauth/token', { body: { grant_type: 'client_credentials', client_id: app.client_id, client_secret: app.client_secret } })).json.access_token;
});
after(() => piclog.remove());

const bearing = (token) => ({ authorization: `Bearer ${token}` });
const call = (method, path, body, who = ann, headers = {}) => ask(piclog, method, path, { body, headers: { ...(who ? bearer(who) : {}), ...headers } });
const get = async (path, who = ann) => {
  const answer = await call('GET', path, undefined, who);
  assert.equal(answer.status, 200, `${path}: ${answer.text}`);
  return answer.json;
};
const say = async (status, who = ann, more = {}) => {
  const answer = await call('POST', '/api/v1/statuses', { status, ...more }, who);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const upload = async (description = '', who = ann, version = 2) => {
  const body = new FormData();
  body.append('file', new Blob([fixture('pictures/cat.jpg')], { type: 'image/jpeg' }), 'secret-holiday.jpg');
  if (description) body.append('description', description);
  const answer = await ask(piclog, 'POST', `/api/v${version}/media`, { headers: bearer(who), body });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const ids = (list) => list.map((one) => one.id);

test('each address with each kind of token', async () => {
  const lines = [...readFileSync(join(root, 'src/app/routes.c'), 'utf8').matchAll(/\{METHOD_(GET|POST|PUT|DELETE),\s*"(\/api\/v[12]\/[^"]+)",\s*([^,]+),/g)].filter(([, , pattern]) => !pattern.endsWith('*') && pattern !== '/api/v1/apps');
  assert.ok(lines.length >= 70, `${lines.length}`);
  const rights = { none: null, app: null, revoked: null, may_read: [], may_post: ['create', 'media'], may_change: ['update', 'delete'], all: ['create', 'media', 'update', 'delete', 'settings'] };
  for (const [, method, pattern, flags] of lines) {
    const path = pattern.replace(':id', '999999').replace(':tag', 'x').replace(':what', 'tags').replace(':key', 'k');
    const needed = /\/(un)?(mute|block)s?$/.test(pattern) ? 'settings' : !/WRITES/.test(flags) ? null : /\/media/.test(pattern) ? 'media' : /\/un/.test(pattern) ? 'delete' : { POST: 'create', PUT: 'update', DELETE: 'delete' }[method];
    for (const [kind, has] of Object.entries(rights)) {
      const headers = kind === 'none' ? {} : bearing(kind === 'all' ? ann.token : tokens[kind]);
      const answer = await ask(piclog, method, path, { headers, body: method === 'GET' ? undefined : {} });
      const what = `${method} ${path} with ${kind}: ${answer.status} ${answer.text}`;
      const knows_nobody = /NO_SESSION/.test(flags);
      if (kind === 'revoked' && !knows_nobody) assert.equal(answer.status, 401, what);
      else if (/MINE/.test(flags) && !has) assert.equal(answer.status, 401, what);
      else if (has && needed && !has.includes(needed)) assert.equal(answer.status, 403, what);
      else assert.ok([200, 404, 422].includes(answer.status), what);
      assert.equal(answer.headers['access-control-allow-origin'], '*', what);
      assert.equal(answer.headers['access-control-expose-headers'], 'Link', what);
      assert.equal(answer.setCookie.length, 0, what);
      if (answer.status >= 400 && answer.status !== 404) assert.equal(typeof answer.json.error, 'string', what);
    }
    // a cookie is worth nothing here
    if (/MINE/.test(flags)) assert.equal((await browser.go(method, path, { body: method === 'GET' ? undefined : {} })).status, 401, `${method} ${path} with a cookie`);
  }
});

test('what there is not is a clear 404, and a browser may ask about all of it', async () => {
  for (const [method, path] of [['GET', '/api/v1/nonsense'], ['POST', '/api/v1/statuses/1/reblog'], ['GET', '/api/v2/nonsense'], ['DELETE', '/api/v1/push/subscription'], ['GET', '/api/v1/statuses/0'], ['GET', '/api/v1/statuses/99999999999999999999'], ['GET', '/api/v1/accounts/999']]) {
    const answer = await call(method, path, method === 'POST' ? {} : undefined);
    assert.equal(answer.status, 404, path);
    assert.ok(answer.json.error, path);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  }
  for (const path of ['/api/v1/statuses', '/api/v1/statuses/1', '/api/v2/media', '/api/v1/whatever']) {
    const answer = await ask(piclog, 'OPTIONS', path, { headers: { origin: 'https://x.example' } });
    assert.equal(answer.status, 204, path);
    assert.match(answer.headers['access-control-allow-methods'], /PUT, DELETE/);
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  }
});

test('the place: who it is, what fits', async () => {
  const v1 = await get('/api/v1/instance', null), v2 = await get('/api/v2/instance', null);
  assert.equal(v1.uri, `127.0.0.1:${piclog.port}`);
  assert.equal(v2.domain, v1.uri);
  assert.deepEqual([v1.configuration.statuses.max_characters, v2.configuration.statuses.max_media_attachments, v1.stats.user_count, v2.usage.users.active_month], [140, 1, 0, 0]);
  assert.match(v2.version, /^4\.\d+\.\d+ \(compatible; piclog\)$/);
});

test('a picture: upload, alt text, its address for a page, caption, once', async () => {
  const media = await upload('A cat', ann, 1);
  assert.deepEqual([media.type, media.description], ['image', 'A cat']);
  assert.match(media.blurhash, /^L.{27}$/);
  const shown = await ask(piclog, 'GET', new URL(media.url).pathname);
  assert.deepEqual([shown.status, shown.headers['content-type'], shown.headers['cache-control']], [200, 'image/jpeg', 'no-store']);
  assert.ok(shown.data.length <= 12000);
  const [, id, owner, key] = /media\/(\d+)\/(\d+)-(\w+)\.jpg/.exec(media.url);
  for (const path of [`/api/v1/media/${id}/${owner}-${key.replace(/./, (c) => (c === 'a' ? 'b' : 'a'))}.jpg`, `/api/v1/media/${Number(id) + 1}/${owner}-${key}.jpg`, `/api/v1/media/${id}/${Number(owner) + 1}-${key}.jpg`, `/api/v1/media/${id}/x.jpg`])
    assert.equal((await ask(piclog, 'GET', path)).status, 404, path);
  assert.equal((await call('GET', `/api/v1/media/${media.id}`, undefined, bob)).status, 404);
  assert.equal((await call('PUT', `/api/v1/media/${media.id}`, { description: 'not mine' }, bob)).status, 404);
  assert.equal((await call('PUT', `/api/v1/media/${media.id}`, { description: 'A cat on a chair' })).json.description, 'A cat on a chair');
  assert.equal((await call('PUT', `/api/v1/media/${media.id}`, { description: 'x'.repeat(1501) })).status, 422);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'stolen', media_ids: [media.id] }, bob)).status, 404);
  const first = await say('Head of Chair #cats', ann, { media_ids: [media.id] });
  const again = await say('Head of Chair #cats', ann, { media_ids: [media.id] });
  assert.equal(again.id, first.id);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'other words', media_ids: [media.id] })).status, 404);
  assert.equal(first.media_attachments[0].description, 'A cat on a chair');
  assert.equal(first.media_attachments[0].blurhash, media.blurhash);
  assert.equal((await ask(piclog, 'GET', new URL(media.url).pathname)).status, 404, 'published: the draft is gone');
  let many = media;
  while (many.id.length < 2) many = await upload('the tenth');
  assert.equal((await call('GET', `/api/v1/media/${many.id}`)).json.description, 'the tenth');
  // the form that clients without JSON send, and captions longer than a status
  const form = await call('POST', '/api/v1/statuses', new URLSearchParams([['status', 'x'.repeat(200)], ['media_ids[]', (await upload()).id]]));
  assert.equal(form.status, 200, form.text);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'x'.repeat(201), media_ids: [(await upload()).id] })).status, 422);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'x'.repeat(141) })).status, 422);
  assert.equal((await call('POST', '/api/v1/statuses', { status: ' ' })).status, 422);
  const text = new FormData();
  text.append('file', new Blob(['no picture'], { type: 'image/jpeg' }), 'x.jpg');
  assert.equal((await ask(piclog, 'POST', '/api/v2/media', { headers: bearer(ann), body: text })).status, 415);
  assert.equal((await call('POST', '/api/v2/media', { description: 'nothing' })).status, 422);
});

test('the same Idempotency-Key is one post', async () => {
  const headers = { 'idempotency-key': 'one-and-only' };
  const [first, second] = await Promise.all([1, 2].map(() => call('POST', '/api/v1/statuses', { status: 'only once' }, ann, headers)));
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.equal(first.json.id, second.json.id);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'other words' }, ann, headers)).status, 422);
});

test('what cannot be honoured is refused in words, as JSON and as a form, and nothing is posted', async () => {
  const newest = ids(await get('/api/v1/timelines/public'))[0];
  const [a, b] = [(await upload()).id, (await upload()).id];
  for (const more of [{ visibility: 'private' }, { visibility: 'unlisted' }, { visibility: 'direct' }, { visibility: 'nonsense' }, { scheduled_at: '2030-01-01T00:00:00Z' }, { media_ids: [a, b] }, { spoiler_text: 'beware' }, { in_reply_to_id: '12345' }])
    for (const body of [{ status: '@bob x', ...more }, new URLSearchParams(Object.entries({ status: '@bob x', ...more }).flatMap(([name, value]) => [value].flat().map((one) => [Array.isArray(value) ? `${name}[]` : name, one])))]) {
      const answer = await call('POST', '/api/v1/statuses', body);
      assert.equal(answer.status, 422, JSON.stringify(more));
      assert.match(answer.json.error, /nothing was posted/, JSON.stringify(more));
    }
  assert.match((await call('POST', '/api/v1/statuses', { status: 'x', poll: { options: ['a', 'b'], expires_in: 60 } })).json.error, /nothing was posted/);
  assert.equal(ids(await get('/api/v1/timelines/public'))[0], newest);
});

test('pages go down by max_id, up by min_id, and Link leads to both', async () => {
  const said = [];
  for (let i = 0; i < 5; i++) said.unshift((await say(`number ${i} #paged`)).id);
  const first = await call('GET', '/api/v1/timelines/tag/paged?limit=2');
  assert.deepEqual(ids(first.json), said.slice(0, 2));
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.link)[1], prev = /<([^>]+)>; rel="prev"/.exec(first.headers.link)[1];
  assert.ok(next.startsWith(`${piclog.origin}/api/v1/timelines/tag/paged?limit=2&max_id=`), next);
  const second = await call('GET', next.slice(piclog.origin.length));
  assert.deepEqual(ids(second.json), said.slice(2, 4));
  assert.deepEqual((await call('GET', prev.slice(piclog.origin.length))).json, []);
  const up = /<([^>]+)>; rel="prev"/.exec(second.headers.link)[1];
  assert.deepEqual(ids((await call('GET', up.slice(piclog.origin.length))).json), said.slice(0, 2));
  assert.deepEqual(ids(await get(`/api/v1/timelines/tag/paged?since_id=${said[2]}`)), said.slice(0, 2));
  assert.deepEqual(ids(await get(`/api/v1/timelines/tag/paged?min_id=${said[4]}&limit=1`)), [said[3]]);
  const last = await call('GET', `/api/v1/timelines/tag/paged?max_id=${said[3]}`);
  assert.deepEqual(ids(last.json), said.slice(4));
  assert.doesNotMatch(last.headers.link, /next/);
  assert.ok([...said].every((id) => typeof id === 'string' && Number.isSafeInteger(Number(id))));
  assert.equal((await get('/api/v1/timelines/public?limit=999')).length <= 40, true);
});

test('moods and faces are words; a note is a warning; what was edited says so', async () => {
  await ann.call('POST', '/api/moods', { mood: 'sleepy', face: '🥱', note: 'too many tabs' });
  const mood = (await get('/api/v1/timelines/home')).find((one) => /sleepy/.test(one.content));
  assert.equal(mood.content, '<p>🥱 sleepy – too many tabs</p>');
  await ann.call('POST', '/api/statuses', { face: '🥔', content: 'baked <b>' });
  const faced = (await get('/api/v1/timelines/home')).find((one) => /baked/.test(one.content));
  assert.equal(faced.content, '<p>🥔 baked &lt;b&gt;</p>');
  assert.equal((await get(`/api/v1/statuses/${faced.id}/source`)).text, 'baked <b>');
  const edited = await call('PUT', `/api/v1/statuses/${faced.id}`, { status: 'fried' });
  assert.equal(edited.json.content, '<p>🥔 fried</p>');
  assert.ok(edited.json.edited_at);
  assert.equal((await call('PUT', `/api/v1/statuses/${faced.id}`, { status: 'not mine' }, bob)).status, 403);
  for (const more of [{ visibility: 'direct' }, { visibility: 'private' }, { spoiler_text: 'beware' }]) {
    const refused = await call('PUT', `/api/v1/statuses/${faced.id}`, { status: 'boiled', ...more });
    assert.equal(refused.status, 422, JSON.stringify(more));
    assert.match(refused.json.error, /nothing was posted/);
  }
  assert.equal((await get(`/api/v1/statuses/${faced.id}`)).content, '<p>🥔 fried</p>');
  const post = await say('seen with care #one', ann, { media_ids: [(await upload('A cat')).id], sensitive: true });
  assert.deepEqual([post.sensitive, post.spoiler_text], [true, 'sensitive']);
  const changed = (await call('PUT', `/api/v1/statuses/${post.id}`, { status: 'seen by all #two', media_attributes: [{ id: '1', description: 'The same cat' }] })).json;
  assert.deepEqual([changed.sensitive, changed.spoiler_text, changed.media_attachments[0].description, changed.tags.map((tag) => tag.name)], [false, '', 'The same cat', ['two']]);
});

test('a block: neither sees nor reaches the other; a mute: not in timelines', async () => {
  const post = await say('can you see me', eve);
  const me = await get('/api/v1/accounts/verify_credentials'), her = await get('/api/v1/accounts/lookup?acct=eve');
  assert.equal((await call('POST', `/api/v1/accounts/${her.id}/mute`, {})).json.muting, true);
  assert.ok(!ids(await get('/api/v1/timelines/public')).includes(post.id));
  assert.deepEqual((await get('/api/v1/mutes')).map((one) => one.acct), ['eve']);
  assert.equal((await get(`/api/v1/statuses/${post.id}`)).id, post.id);
  assert.equal((await call('POST', `/api/v1/accounts/${her.id}/unmute`, {})).json.muting, false);
  assert.ok(ids(await get('/api/v1/timelines/public')).includes(post.id));
  assert.equal((await call('POST', `/api/v1/accounts/${her.id}/block`, {})).json.blocking, true);
  assert.deepEqual([(await get('/api/v1/blocks')).map((one) => one.acct), await get('/api/v1/mutes'), await get('/api/v1/blocks', eve)], [['eve'], [], []]);
  for (const [who, path] of [[ann, `/api/v1/statuses/${post.id}`], [ann, `/api/v1/statuses/${post.id}/context`], [ann, '/api/v1/accounts/lookup?acct=eve'], [eve, '/api/v1/accounts/lookup?acct=ann'], [eve, `/api/v1/accounts/${me.id}`], [eve, `/api/v1/accounts/${me.id}/statuses`]])
    assert.equal((await call('GET', path, undefined, who)).status, 404, path);
  const nobody = (await call('POST', '/api/v1/accounts/999999/follow', {}, eve)).json;
  for (const deed of ['follow', 'unfollow', 'mute', 'unmute', 'block', 'unblock']) {
    const answer = await call('POST', `/api/v1/accounts/${me.id}/${deed}`, {}, eve);
    assert.equal(answer.status, 404, deed);
    assert.equal(answer.json.error, nobody.error, deed); // nothing tells a block from a number that nobody has
    assert.doesNotMatch(answer.text, /\bann\b/, deed);
  }
  assert.equal((await call('POST', `/api/v1/statuses/${post.id}/favourite`, {})).status, 404);
  assert.deepEqual(await get(`/api/v1/accounts/relationships?id[]=${me.id}`, eve), []);
  assert.deepEqual((await get('/api/v2/search?q=eve')).accounts, []);
  const sorts = async (type) => Object.entries(await get(`/api/v2/search?q=ann${type}`)).filter(([, found]) => found.length).map(([sort]) => sort);
  assert.deepEqual((await sorts('')).slice(0, 1), ['accounts']);
  assert.deepEqual([await sorts('&type=accounts'), await sorts('&type=hashtags')], [['accounts'], []]);
  assert.equal((await call('POST', `/api/v1/accounts/${her.id}/unblock`, {})).json.blocking, false);
});

test('lists about others are empty unless they show them; every count is 0', async () => {
  const his = await get('/api/v1/accounts/lookup?acct=@bob'), me = await get('/api/v1/accounts/verify_credentials');
  assert.equal((await call('POST', `/api/v1/accounts/${his.id}/follow`, {})).json.following, true);
  assert.deepEqual((await get(`/api/v1/accounts/${me.id}/following`)).map((one) => one.acct), ['bob']);
  assert.deepEqual(await get(`/api/v1/accounts/${me.id}/following`, bob), []);
  assert.deepEqual((await get(`/api/v1/accounts/${his.id}/followers`, bob)).map((one) => one.acct), ['ann']);
  assert.deepEqual(await get(`/api/v1/accounts/${his.id}/followers`), []);
  await browser.submit('/friends/people', { shows_follows: '1' });
  assert.deepEqual((await get(`/api/v1/accounts/${me.id}/following`, null)).map((one) => one.acct), ['bob']);
  assert.deepEqual([his.followers_count, his.following_count, his.statuses_count], [0, 0, 0]);
  const post = await say('count me', bob);
  assert.deepEqual([post.replies_count, post.reblogs_count, post.favourites_count], [0, 0, 0]);
  assert.equal((await call('POST', `/api/v1/statuses/${post.id}/favourite`, {})).json.favourites_count, 0);
  assert.deepEqual(await get(`/api/v1/statuses/${post.id}/favourited_by`), []);
  assert.equal((await get('/api/v1/accounts/lookup?acct=bob@elsewhere.example').catch(() => 'nobody')), 'nobody');
  assert.equal((await call('POST', `/api/v1/accounts/${his.id}/unfollow`, {})).json.following, false);
  assert.equal((await call('POST', `/api/v1/accounts/${me.id}/follow`, {})).status, 422);
});

test('notices: answers and followers, each once, read by a marker', async () => {
  const post = await say('ask me', eve);
  const answer = await say('why?', bob, { in_reply_to_id: post.id });
  const her = await get('/api/v1/accounts/lookup?acct=eve');
  await call('POST', `/api/v1/accounts/${her.id}/follow`, {}, bob);
  const list = await get('/api/v1/notifications', eve);
  assert.deepEqual(list.slice(0, 2).map((one) => [one.type, one.account.acct, one.status?.id]), [['follow', 'bob', undefined], ['mention', 'bob', answer.id]]);
  assert.deepEqual((await get('/api/v1/notifications?types[]=follow', eve)).map((one) => one.type), ['follow']);
  assert.deepEqual((await get('/api/v1/notifications?exclude_types[]=follow&exclude_types[]=mention', eve)), []);
  assert.equal((await get(`/api/v1/notifications/${list[0].id}`, eve)).id, list[0].id);
  assert.equal((await call('GET', `/api/v1/notifications/${list[0].id}`, undefined, bob)).status, 404);
  assert.equal((await get('/api/v1/notifications/unread_count', eve)).count, 1);
  const marked = await call('POST', '/api/v1/markers', { notifications: { last_read_id: list[0].id } }, eve);
  assert.equal(marked.json.notifications.last_read_id, list[0].id);
  assert.equal((await get('/api/v1/notifications/unread_count', eve)).count, 0);
  assert.equal((await call('POST', '/api/v1/notifications/clear', {}, eve)).status, 200);
  assert.equal((await get('/api/v1/notifications', eve)).length, list.length);
});

test('a disabled account opens nothing, and nobody finds it', async () => {
  const mona = piclog.person('mona');
  await say('here today', mona);
  piclog.run(['user', 'disable', 'mona']);
  assert.equal((await call('GET', '/api/v1/timelines/home', undefined, mona)).status, 401);
  assert.equal((await call('POST', '/api/v1/statuses', { status: 'still here' }, mona)).status, 401);
  assert.equal((await call('GET', '/api/v1/accounts/lookup?acct=mona')).status, 404);
});

// For all protocols of others: what the database cannot tell is neither gone, nor wrong, nor nothing.
test('a database that does not answer is said to be so', async () => {
  const broken = await start();
  try {
    const fay = broken.person('fay');
    const { id } = (await ask(broken, 'POST', '/api/v1/statuses', { headers: bearer(fay), body: { status: 'potato' } })).json;
    const me = (await ask(broken, 'GET', '/api/v1/accounts/verify_credentials', { headers: bearer(fay) })).json;
    const change = (sql) => execFileSync('sqlite3', [join(broken.data, 'piclog.db'), sql]);
    const fails = async (paths, headers) => {
      for (const [method, path] of paths) {
        const answer = await ask(broken, method, path, { headers: headers ?? {}, body: method === 'GET' ? undefined : {} });
        assert.equal(answer.status, 500, `${method} ${path}: ${answer.status} ${answer.text}`);
      }
    };
    change('ALTER TABLE statuses RENAME COLUMN content TO gone');
    await fails([['GET', `/api/statuses/show/${id}.json`], ['GET', '/api/search.json?q=potato'], ['GET', '/address/fay/statuses/'], ['GET', '/address/fay/statuses/1'], ['GET', '/api/v2/search?q=potato']]);
    await fails([['POST', `/api/favorites/create/${id}.json`], ['POST', `/api/statuses/destroy/${id}.json`]], { authorization: `Basic ${Buffer.from(`fay:${fay.token}`).toString('base64')}` });
    change('ALTER TABLE statuses RENAME COLUMN gone TO content; ALTER TABLE accounts RENAME COLUMN homepage TO gone');
    await fails([['GET', '/api/users/show/fay.json'], ['GET', '/api/statuses/user_timeline/fay.json'], ['GET', `/api/v1/accounts/${me.id}`], ['GET', '/api/v1/accounts/lookup?acct=fay'], ['GET', `/api/v1/accounts/${me.id}/statuses`], ['GET', '/address/fay/statuses/'], ['GET', '/address/fay/statuses/bio']]);
    await fails([['POST', `/api/v1/accounts/${me.id}/follow`], ['GET', `/api/v1/accounts/relationships?id[]=${me.id}`]], bearer(fay));
  } finally {
    await broken.remove();
  }
});
