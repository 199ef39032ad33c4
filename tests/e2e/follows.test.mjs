// Following: the button, the friends' timeline with its feed under a secret key, the lists, the API, blocks.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, start } from './piclog.mjs';

let piclog, potato, fax, toaster, zigzag, desk, reader;
before(async () => {
  piclog = await start();
  [potato, fax, toaster, zigzag] = ['potato', 'fax', 'toaster', 'zigzag'].map(piclog.person);
  desk = piclog.addUser('desk', 'an administrator', '--admin');
  reader = await new Browser(piclog).logIn(fax);
});
after(() => piclog.remove());

const said = async (person, content) => (await person.call('POST', '/api/statuses', { content })).json;
const friends = async (person, path = '/friends.json') => (await person.call('GET', path)).json;
const follows = async (person) => (await person.call('GET', '/api/follows')).json.follows.map(({ name }) => name);
const authors = (rows) => [...new Set(rows.map(({ author }) => author))].sort();
const follow = (person, name) => person.call('POST', '/api/follows', { name });
const unfollow = (person, name) => person.call('DELETE', `/api/follows/${name}`);
const shun = async (browser, name, kind, undo = '') => assert.equal((await browser.submit(`/shun/${name}`, { kind, ...(undo && { undo }) }, { page: '/friends/people' })).status, 303);
const keys = (object) => Object.keys(object).sort();

test('whoever follows nobody is told how, and sees their own posts', async () => {
  const page = await reader.get('/friends');
  assert.equal(page.status, 200);
  assert.match(page.text, /Nobody but you, so far[\s\S]*href="\/people"/);
  assert.match(page.text, /<li><a href="\/friends" aria-current="page">Friends/);
  const own = await said(fax, 'beep');
  assert.deepEqual((await friends(fax)).statuses.map(({ id }) => id), [own.id]);
  assert.equal((await friends(fax)).is_alone, true);
  assert.doesNotMatch((await new Browser(piclog).get('/')).text, /href="\/friends"/);
  assert.equal((await new Browser(piclog).get('/friends')).headers.location, '/login?next=/friends');
});

test('the button on a page follows and takes it back, without a script', async () => {
  const post = await said(potato, 'starch');
  assert.match((await reader.get('/~potato')).text, /action="\/follow\/potato"[\s\S]*>Follow potato</);
  const done = await reader.submit('/follow/potato', { back: 'person' }, { page: '/~potato' });
  assert.deepEqual([done.status, done.headers.location], [303, '/~potato']);
  const page = await reader.get('/~potato');
  assert.match(page.text, /You follow potato: see Friends in the menu/);
  assert.match(page.text, /name="undo" value="1" class="quiet">Unfollow potato</);
  const timeline = await friends(fax);
  assert.deepEqual(authors(timeline.statuses), ['fax', 'potato']);
  assert.equal(timeline.is_alone, false);
  assert.match((await reader.get('/friends/statuses')).text, /starch/);
  assert.equal((await reader.submit('/follow/potato', { undo: '1', back: 'people' }, { page: '/friends/people' })).headers.location, '/friends/people');
  assert.deepEqual(authors((await friends(fax)).statuses), ['fax']);
  assert.ok(post.id);
});

test('a page in a style of its owner has no button in its frame, and a way to one around it', async () => {
  assert.equal((await zigzag.call('PUT', '/api/me', { css: 'body { color: red }' })).status, 200);
  assert.doesNotMatch((await reader.get('/~zigzag/room', { headers: { 'sec-fetch-dest': 'iframe' } })).text, /\/follow\//);
  assert.match((await reader.get('/~zigzag')).text, /<nav class="wayout"[\s\S]*href="\/follow\/zigzag"[\s\S]*<iframe/);
  const page = await reader.get('/follow/zigzag');
  assert.doesNotMatch(page.text, /<iframe|zigzag\/style/);
  assert.equal((await reader.submit('/follow/zigzag', {})).headers.location, '/follow/zigzag');
  assert.match((await reader.get('/follow/zigzag')).text, /You follow zigzag<[\s\S]*Unfollow zigzag</);
  assert.equal((await reader.submit('/follow/zigzag', { undo: '1' })).status, 303);
  assert.equal((await reader.get('/follow/fax')).headers.location, '/friends/people');
  assert.doesNotMatch((await reader.get('/~fax')).text, /action="\/follow\/fax"/);
});

test('the API follows, lists and lets go; each fault is named', async () => {
  const made = await follow(fax, 'Potato');
  assert.deepEqual([made.status, made.json], [201, { name: 'potato', url: `${piclog.origin}/~potato` }]);
  assert.equal((await follow(fax, 'potato')).status, 201);
  assert.deepEqual(await follows(fax), ['potato']);
  assert.deepEqual(keys((await fax.call('GET', '/api/follows')).json), ['follows', 'newest_url', 'older_url']);
  for (const [body, status, detail] of [[{ name: 'fax' }, 422, /This is you/], [{ name: 'nobody' }, 404, /nobody called nobody/],
    [{}, 422, /1 to 20/], [{ name: '' }, 422, /1 to 20/], [{ name: '../potato' }, 422, /1 to 20/], [{ name: 7 }, 404, /nobody called 7/]]) {
    const refused = await fax.call('POST', '/api/follows', body);
    assert.deepEqual([refused.status, refused.headers['content-type']], [status, 'application/problem+json'], JSON.stringify(body));
    assert.match(refused.json.detail, detail);
  }
  for (let i = 0; i < 2; i++) assert.equal((await unfollow(fax, 'potato')).status, 204);
  assert.equal((await unfollow(fax, 'nobody')).status, 404);
  assert.deepEqual(await follows(fax), []);
  for (const [method, path] of [['GET', '/api/follows'], ['POST', '/api/follows'], ['DELETE', '/api/follows/potato'], ['GET', '/api/followers'], ['DELETE', '/api/followers/potato']])
    assert.equal((await ask(piclog, method, path, method === 'POST' ? { body: { name: 'potato' } } : {})).status, 401, path);
});

test('a token does what it was made for', async () => {
  const token = async (fields) => ({ token: /<code>([\w-]{43})</.exec((await reader.submit('/settings/tokens', { label: 'x', ...fields }, { page: '/settings/tokens' })).text)[1] });
  const [posts, changes] = [await token({ may_post: '1' }), await token({ may_change: '1' })];
  const call = async (user, method, path, body) => (await ask(piclog, method, path, { headers: bearer(user), body })).status;
  for (const user of [posts, changes]) assert.equal(await call(user, 'GET', '/api/follows'), 200);
  assert.equal(await call(changes, 'POST', '/api/follows', { name: 'potato' }), 403);
  assert.equal(await call(posts, 'POST', '/api/follows', { name: 'potato' }), 201);
  assert.equal(await call(posts, 'DELETE', '/api/follows/potato'), 403);
  assert.equal(await call(posts, 'DELETE', '/api/followers/potato'), 403);
  assert.equal(await call(changes, 'DELETE', '/api/follows/potato'), 204);
  for (const path of ['/friends.json', '/friends/people.json', '/friends/followers.json', '/settings/feeds.json']) assert.equal(await call(posts, 'GET', path), 403, path);
  assert.equal(await call(posts, 'PUT', '/api/me', { shows_follows: true }), 403);
});

test('eight at once are one', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => follow(toaster, 'potato')));
  assert.deepEqual(answers.map(({ status }) => status), Array(8).fill(201));
  assert.deepEqual(await follows(toaster), ['potato']);
  const body = async () => new URLSearchParams({ csrf: await reader.token('/friends/people'), back: 'people' });
  const bodies = await Promise.all(Array.from({ length: 8 }, body));
  const forms = await Promise.all(bodies.map((form) => reader.go('POST', '/follow/potato', { body: form })));
  assert.deepEqual(forms.map(({ status }) => status), Array(8).fill(303));
  assert.deepEqual(await follows(fax), ['potato']);
});

test('whom one follows is shown to nobody until one says so', async () => {
  await follow(fax, 'zigzag');
  await follow(fax, 'toaster');
  const stranger = new Browser(piclog);
  for (const who of [stranger, reader]) assert.equal((await who.get('/~fax/follows')).status, 404);
  assert.doesNotMatch((await stranger.get('/~fax')).text, /fax\/follows/);
  assert.equal((await stranger.get('/~fax.json')).json.person.shows_follows, false);
  assert.equal((await reader.submit('/friends/people', { shows_follows: '1' })).headers.location, '/friends/people');
  assert.match((await reader.get('/friends/people')).text, /Everybody: the list stands at <a href="\/~fax\/follows"/);
  assert.match((await stranger.get('/~fax')).text, /href="\/~fax\/follows"/);
  const { name, people, ...rest } = (await stranger.get('/~fax/follows.json')).json;
  assert.deepEqual([name, people.map((one) => one.name), keys(people[0]), keys(rest)],
    ['fax', ['zigzag', 'toaster', 'potato'], ['display_name', 'id', 'name'], ['newest_url', 'older_url']]);
  assert.match((await stranger.get('/~fax/follows')).text, /Whom fax follows[\s\S]*\/~zigzag"/);
  // Whoever looks does not see whom they blocked, nor who blocked them.
  const watcher = await new Browser(piclog).logIn(potato);
  await shun(watcher, 'toaster', 'block');
  assert.deepEqual((await watcher.get('/~fax/follows.json')).json.people.map((one) => one.name), ['zigzag', 'potato']);
  await shun(watcher, 'toaster', 'block', '1');
  const me = (body) => fax.call('PUT', '/api/me', body);
  assert.equal((await me({ shows_follows: false })).json.shows_follows, false);
  assert.equal((await stranger.get('/~fax/follows')).status, 404);
  assert.equal((await me({ display_name: 'Fax' })).json.shows_follows, false);
  const refused = await me({ shows_follows: 'perhaps' });
  assert.deepEqual([refused.status, /shows_follows/.test(refused.json.detail)], [422, true]);
  assert.equal((await reader.submit('/friends/people', { shows_follows: '0' })).status, 303);
});

test('who follows one is one’s own to know, and to end', async () => {
  const watcher = await new Browser(piclog).logIn(potato);
  await follow(toaster, 'potato');
  const page = await watcher.get('/friends/followers');
  for (const name of ['fax', 'toaster']) assert.match(page.text, new RegExp(`action="/friends/followers/${name}/remove"`));
  const list = (await potato.call('GET', '/api/followers')).json;
  assert.deepEqual(list.followers.map(({ name }) => name), ['toaster', 'fax']);
  assert.equal((await watcher.submit('/friends/followers/toaster/remove', {}, { page: '/friends/followers' })).status, 303);
  assert.deepEqual(await follows(toaster), []);
  assert.equal((await potato.call('DELETE', '/api/followers/fax')).status, 204);
  assert.equal((await potato.call('DELETE', '/api/followers/nobody')).status, 404);
  assert.deepEqual(await follows(fax), ['zigzag', 'toaster']);
  assert.match((await watcher.get('/friends/followers')).text, /Nobody, or nobody yet/);
  await follow(fax, 'potato');
});

test('the timeline holds the three kinds by cursor, and neither the muted nor the hidden', async () => {
  const cat = fixture('pictures/cat.jpg');
  const ids = [];
  for (let i = 0; i < 23; i++) ids.push((await potato.upload(cat, { caption: `${i}`, preset: 'dust' })).json.id);
  await potato.call('POST', '/api/moods', { mood: 'sleepy', face: '🥱' });
  const stranger = piclog.person('stranger');
  await stranger.upload(cat, { preset: 'dust' });
  const first = await friends(fax);
  assert.deepEqual(keys(first), ['bulletins', 'is_alone', 'moods', 'newest_url', 'older_url', 'pictures', 'statuses', 'totals']);
  assert.deepEqual(first.pictures.map(({ id }) => id), ids.slice(3).reverse());
  assert.equal(first.older_url, `/friends?before=${ids[3]}`);
  assert.deepEqual((await friends(fax, `/friends.json?before=${ids[3]}`)).pictures.map(({ id }) => id), ids.slice(0, 3).reverse());
  assert.deepEqual(authors((await friends(fax, '/friends/moods.json')).moods), ['potato']);
  assert.match((await reader.get('/friends/moods')).text, /sleepy/);
  assert.match((await reader.get('/friends')).text, new RegExp(`href="/friends\\?before=${ids[3]}" rel="next"`));
  await shun(reader, 'potato', 'mute');
  for (const path of ['/friends.json', '/friends/statuses.json', '/friends/moods.json']) assert.doesNotMatch((await fax.call('GET', path)).text, /"potato"/, path);
  assert.ok((await follows(fax)).includes('potato'));
  await shun(reader, 'potato', 'mute', '1');
  const admin = await new Browser(piclog).logIn(desk);
  assert.equal((await admin.submit('/admin/act', { action: 'hide', kind: 'picture', id: ids[22], reason: 'Too much cat.' }, { page: '/admin/settings' })).status, 303);
  assert.equal((await friends(fax)).pictures[0].id, ids[21]);
});

test('a block ends it in both directions, and looks like nobody', async () => {
  const watcher = await new Browser(piclog).logIn(toaster);
  await follow(toaster, 'fax');
  await follow(fax, 'toaster');
  await said(fax, 'a crumb');
  assert.match((await toaster.call('GET', '/friends.json')).text, /a crumb/);
  await shun(reader, 'toaster', 'block');
  assert.deepEqual([await follows(toaster), (await follows(fax)).includes('toaster')], [[], false]);
  assert.doesNotMatch((await toaster.call('GET', '/friends.json')).text, /a crumb/);
  const [blocked, nobody] = [await follow(toaster, 'fax'), await follow(toaster, 'nobodyatall')];
  assert.deepEqual([blocked.status, blocked.json.detail], [404, nobody.json.detail.replace('nobodyatall', 'fax')]);
  assert.equal((await follow(fax, 'toaster')).status, 404);
  assert.equal((await unfollow(toaster, 'fax')).status, 404);
  for (const path of ['/follow/fax', '/~fax/follows']) assert.equal((await watcher.get(path)).status, 404, path);
  await shun(reader, 'toaster', 'block', '1');
  assert.equal((await follow(toaster, 'fax')).status, 201);
});

const address = async (browser, once) => {
  const body = new URLSearchParams({ csrf: await browser.token('/settings/feeds'), feed: 'friends', ...(once && { once }) });
  const page = await browser.go('POST', '/settings/feeds', { body });
  assert.equal(page.headers['cache-control'], 'no-store');
  const found = /<code>[^<]*(\/friends\/feed\.atom\?key=([\w-]{43}))</.exec(page.text);
  return { path: found[1], key: found[2] };
};

test('the feed of friends has a secret address that is kept nowhere', async () => {
  await said(potato, 'for subscribers');
  const { path, key } = await address(reader);
  const feed = await ask(piclog, 'GET', path);
  assert.equal(feed.status, 200);
  assert.match(feed.headers['content-type'], /atom/);
  assert.match(feed.text, /<title>fax’s friends on piclog<\/title>[\s\S]*for subscribers/);
  assert.doesNotMatch(feed.text, /stranger/);
  assert.ok(!feed.text.includes(key));
  const wrong = await ask(piclog, 'GET', path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A'));
  const head = await ask(piclog, 'HEAD', path);
  for (const answer of [feed, wrong, head, await ask(piclog, 'GET', '/friends/feed.atom'), await ask(piclog, 'GET', path, { headers: { 'if-none-match': feed.headers.etag } })]) {
    assert.equal(answer.headers['cache-control'], 'no-store', answer.status);
    assert.equal(answer.headers['referrer-policy'], 'no-referrer', answer.status);
  }
  assert.deepEqual([wrong.status, head.status], [404, 200]);
  // Neither the log, nor what is said on errors, nor the database holds it.
  await new Promise((done) => setTimeout(done, 600));
  assert.ok(piclog.log.some((line) => line.includes('/friends/feed.atom')));
  assert.ok(![...piclog.log, piclog.errors].some((line) => line.includes(key)));
  for (const file of readdirSync(piclog.data)) if (file.startsWith('piclog.db')) assert.ok(!readFileSync(join(piclog.data, file)).includes(key), file);
  // Muted people are left out there too, and a key opens nothing else.
  await shun(reader, 'potato', 'mute');
  assert.doesNotMatch((await ask(piclog, 'GET', path)).text, /for subscribers/);
  await shun(reader, 'potato', 'mute', '1');
  assert.equal((await ask(piclog, 'GET', `/friends.json?key=${key}`)).status, 401);
  assert.equal((await ask(piclog, 'GET', '/friends.json', { headers: bearer({ token: key }) })).status, 401);
});

test('an address is revoked, replaced, and ends with the password; a form sent twice makes one', async () => {
  const { path } = await address(reader);
  const status = async (one) => (await ask(piclog, 'GET', one)).status;
  assert.match((await reader.get('/settings/feeds')).text, /Its address was made[\s\S]*Revoke it/);
  assert.doesNotMatch((await reader.get('/settings/feeds')).text, /\?key=/);
  const twice = await Promise.all([address(reader, 'the same form'), address(reader, 'the same form')]);
  assert.equal(twice[0].key, twice[1].key);
  assert.deepEqual([await status(path), await status(twice[0].path)], [404, 200]);
  assert.equal((await reader.submit('/settings/feeds/revoke', { feed: 'friends' }, { page: '/settings/feeds' })).headers.location, '/settings/feeds');
  assert.equal(await status(twice[0].path), 404);
  assert.equal((await reader.submit('/settings/feeds/revoke', { feed: 'friends' }, { page: '/settings/feeds' })).status, 404);
  assert.equal((await reader.submit('/settings/feeds', { feed: 'everything' })).status, 422);
  const last = await address(reader);
  const admin = await new Browser(piclog).logIn(desk);
  const { id } = (await admin.get('/admin/people/fax.json')).json.person;
  const decide = (action) => admin.submit('/admin/act', { action, kind: 'person', id, reason: 'A test.' }, { page: '/admin/settings' });
  assert.equal((await decide('ban')).status, 303);
  assert.equal(await status(last.path), 404);
  assert.equal((await decide('unban')).status, 303);
  assert.equal(await status(last.path), 200);
  piclog.run(['user', 'password', 'fax'], 'another password\n');
  assert.equal(await status(last.path), 404);
});

test('an export has whom one follows; an import follows those who are here', async () => {
  const mover = piclog.person('mover');
  for (const name of ['potato', 'zigzag']) assert.equal((await follow(mover, name)).status, 201);
  const zip = join(piclog.data, 'mover.zip');
  piclog.run(['export', 'mover', zip]);
  const { follows: exported } = JSON.parse(execFileSync('unzip', ['-p', zip, 'piclog.json']));
  assert.deepEqual(exported.map((one) => [one.name, keys(one)]), [['zigzag', ['created_at', 'name']], ['potato', ['created_at', 'name']]]);
  assert.match(execFileSync('unzip', ['-p', zip, 'index.html'], { encoding: 'utf8' }), /Follows[\s\S]*zigzag potato/);
  const other = await start();
  try {
    other.addUser('mover');
    other.addUser('potato');
    const said = execFileSync(process.env.PICLOG ?? 'build/src/piclog', ['import', zip, 'mover', '--data', other.data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.match(said, /0 refused\n1 people followed; 1 are not here/);
    const again = execFileSync(process.env.PICLOG ?? 'build/src/piclog', ['import', zip, 'mover', '--data', other.data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.match(again, /1 were there already; 0 refused\n0 people followed; 1 are not here/);
    const token = other.run(['token', 'mover']);
    assert.deepEqual((await ask(other, 'GET', '/api/follows', { headers: bearer({ token }) })).json.follows.map(({ name }) => name), ['potato']);
  } finally {
    await other.remove();
  }
});

test('who leaves is followed by nobody, and follows nobody', async () => {
  const leaver = piclog.person('leaver');
  await follow(leaver, 'potato');
  await follow(zigzag, 'leaver');
  piclog.run(['user', 'delete', 'leaver']);
  assert.ok(!(await follows(zigzag)).includes('leaver'));
  assert.ok(!(await potato.call('GET', '/api/followers')).json.followers.some(({ name }) => name === 'leaver'));
});
