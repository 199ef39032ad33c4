// Notices, mentions and kept posts: who is told what, once, and who is not; read and unread; what stays one's own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, potato, fax, toaster, people;
before(async () => {
  piclog = await start();
  [potato, fax, toaster] = ['potato', 'fax', 'toaster'].map((name) => piclog.person(name));
  people = Array.from({ length: 12 }, (_, i) => piclog.person(`person${i}`));
});
after(() => piclog.remove());

const made = async (answer) => {
  const { status, json, text } = await answer;
  assert.equal(status, 201, text);
  return json;
};
const said = (user, content, more = {}) => made(user.call('POST', '/api/statuses', { content, ...more }));
const notices = async (user) => (await ask(piclog, 'GET', '/notices.json', { headers: bearer(user) })).json;
const told = async (user) => (await notices(user)).notices.map(({ kind, author, post }) => [kind, author, post].filter(Boolean).join(' '));
const read = (user, until) => user.call('POST', '/api/notices/read', until ? { until } : {});
const home = async (user) => (await (await new Browser(piclog).logIn(user)).get('/')).text;

test('answers, mentions and followers are told, once, and read by a button', async () => {
  assert.deepEqual(await told(potato), []);
  assert.doesNotMatch(await home(potato), /Notices <mark>/);
  const mine = await said(potato, 'hello'), answer = await said(fax, 'hi @potato', { reply_to: `statuses/${mine.id}` });
  const mention = await said(toaster, 'I like @POTATO, @potato, a@potato and https://a.example/@potato');
  const picture = await made(fax.upload(fixture('pictures/hat.webp'), { caption: 'for @potato' }));
  const mood = await made(fax.call('POST', '/api/moods', { mood: 'hungry', note: 'for @potato' }));
  await fax.call('POST', '/api/follows', { name: 'potato' });
  assert.deepEqual(await told(potato), ['follower fax', `mention fax moods/${mood.id}`, `mention fax pictures/${picture.id}`, `mention toaster statuses/${mention.id}`, `answer fax statuses/${answer.id}`]);
  const client = await new Browser(piclog).logIn(potato);
  for (let i = 0; i < 2; i++) assert.equal((await client.get('/notices')).text.match(/<mark>new<\/mark> <a/g).length, 5, 'looking does not mark as read');
  assert.match((await client.get('/')).text, /Notices <mark>new<\/mark>/);
  const { until } = await notices(potato);
  await said(fax, 'and one more for @potato');
  await client.submit('/notices/read', { until }, { page: '/notices' });
  assert.deepEqual((await notices(potato)).notices.map(({ is_new }) => is_new), [true, false, false, false, false, false]);
  assert.equal((await read(potato)).status, 204);
  assert.equal((await notices(potato)).has_news, false);
  assert.doesNotMatch((await client.get('/')).text, /Notices <mark>/);
  assert.equal((await read(potato, 'soon')).status, 422);
});

test('an edit tells whom it names anew, nobody twice, and at most ten of one post', async () => {
  const status = await said(fax, 'hello @person0');
  await fax.call('PUT', `/api/statuses/${status.id}`, { content: 'hello @person0 and @person1' });
  await fax.call('PUT', `/api/statuses/${status.id}`, { content: 'hello @person1 and @person0 and @person1' });
  for (const i of [0, 1]) assert.deepEqual(await told(people[i]), [`mention fax statuses/${status.id}`]);
  await said(fax, people.map(({ name }) => `@${name}`).join(' '));
  const counts = await Promise.all(people.map(async (user) => (await told(user)).length));
  assert.deepEqual(counts, [2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
});

test('nobody is told of themselves, by whom they do not see, or of what they switched off', async () => {
  const before = (await told(toaster)).length;
  await said(toaster, 'talking to @toaster');
  assert.equal((await ask(piclog, 'PUT', '/api/me', { headers: bearer(toaster), body: { notices: ['answers', 'followers'] } })).status, 200);
  await said(fax, 'hello @toaster');
  assert.equal((await told(toaster)).length, before);
  assert.deepEqual((await ask(piclog, 'GET', '/api/me', { headers: bearer(toaster) })).json.notices, ['answers', 'followers']);
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(toaster), body: { notices: ['answers', 'mentions', 'wall', 'pokes', 'followers'] } });
  await said(fax, 'hello again @toaster');
  assert.equal((await told(toaster)).length, before + 1);
  const client = await new Browser(piclog).logIn(toaster);
  await client.submit('/shun/fax', { kind: 'mute' });
  assert.equal((await told(toaster)).length, before, 'what was told before is not shown either');
  assert.equal((await notices(toaster)).has_news, false);
  await said(fax, 'are you there, @toaster?');
  await client.submit('/shun/fax', { kind: 'mute', undo: '1' });
  assert.equal((await told(toaster)).length, before + 1);
  await client.submit('/shun/fax', { kind: 'block' });
  await client.submit('/shun/fax', { kind: 'block', undo: '1' });
  assert.equal((await told(toaster)).length, before, 'a block ends it for good');
});

test('the feed of them bears the name of the place as it is said today', async () => {
  const client = await new Browser(piclog).logIn(toaster);
  const [, path] = /<code>[^<]*(\/notices\/feed\.atom\?key=[\w-]{43})</.exec((await client.submit('/settings/feeds', { feed: 'notices' })).text);
  assert.match((await ask(piclog, 'GET', path)).text, /<title>What toaster is told on piclog<\/title>/);
});

test('what is held is told when it is shown, and what is deleted is not told any more', async () => {
  const admin = piclog.addUser('boss', 'a password for the boss', '--admin'), desk = await new Browser(piclog).logIn(admin);
  await desk.submit('/admin/words', { words: 'casino', action: 'hold' }, { page: '/admin/settings' });
  await read(potato);
  const held = await said(fax, '@potato, a casino'), shown = await said(fax, '@potato, a garden');
  assert.deepEqual((await told(potato))[0], `mention fax statuses/${shown.id}`);
  await fax.call('DELETE', `/api/statuses/${shown.id}`);
  assert.equal((await notices(potato)).has_news, false);
  await read(potato);
  await desk.submit('/admin/act', { action: 'approve', kind: 'status', id: held.id, reason: '' }, { page: '/admin/settings' });
  const { notices: rows, has_news } = await notices(potato);
  assert.deepEqual([rows[0].post, rows[0].is_new, has_news], [`statuses/${held.id}`, true, true], 'new also when others were read meanwhile');
});

test('notices are one’s own, in pages', async () => {
  assert.equal((await ask(piclog, 'GET', '/notices.json')).status, 401);
  for (let i = 0; i < 25; i++) await said(fax, `${i} @person11`);
  const first = await notices(people[11]);
  assert.equal(first.notices.length, 20);
  const second = (await ask(piclog, 'GET', first.older_url, { headers: { ...bearer(people[11]), accept: 'application/json' } })).json;
  assert.deepEqual([second.notices.length, second.older_url], [5, null]);
});

test('kept posts are one’s own unless shown', async () => {
  const status = await said(fax, 'keep me'), picture = await made(fax.upload(fixture('pictures/hat.webp'), { caption: 'me too' }));
  const mood = await made(fax.call('POST', '/api/moods', { mood: 'kept' }));
  const before = (await told(fax)).length;
  for (const post of [`statuses/${status.id}`, `pictures/${picture.id}`, `moods/${mood.id}`]) {
    const answer = await made(potato.call('POST', '/api/kept', { post }));
    assert.deepEqual([answer.post, (await made(potato.call('POST', '/api/kept', { post }))).id], [post, answer.id], 'twice is once');
  }
  assert.equal((await told(fax)).length, before, 'nobody is told');
  const list = async (user, path = '/kept') => (await ask(piclog, 'GET', path, { headers: { ...(user ? bearer(user) : {}), accept: 'application/json' } }));
  const names = (answer) => answer.json.kept.map(({ kind, id }) => `${kind} ${id}`);
  assert.deepEqual(names(await list(potato)), [`mood ${mood.id}`, `picture ${picture.id}`, `status ${status.id}`]);
  assert.deepEqual(names(await list(fax)), []);
  assert.equal((await list(null, '/~potato/kept')).status, 404);
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(potato), body: { shows_kept: true } });
  assert.deepEqual(names(await list(null, '/~potato/kept')), [`mood ${mood.id}`, `picture ${picture.id}`, `status ${status.id}`]);
  // what its author's block hides is on no list, for neither of both
  const client = await new Browser(piclog).logIn(fax);
  await client.submit('/shun/potato', { kind: 'block' });
  assert.deepEqual(names(await list(potato)), []);
  assert.equal((await potato.call('POST', '/api/kept', { post: `statuses/${status.id}` })).status, 422);
  await client.submit('/shun/potato', { kind: 'block', undo: '1' });
  assert.equal((await potato.call('DELETE', `/api/kept/moods/${mood.id}`)).status, 204);
  await fax.call('DELETE', `/api/statuses/${status.id}`);
  assert.deepEqual(names(await list(potato)), [`picture ${picture.id}`]);
  for (const post of ['', 'cats/1', 'pictures/999999', `statuses/${status.id}`]) assert.equal((await potato.call('POST', '/api/kept', { post })).status, 422);
  // by form
  const own = await new Browser(piclog).logIn(potato), page = `/p/${picture.id}`;
  assert.match((await own.get(page)).text, /Let go/);
  assert.equal((await own.submit('/kept', { post: `pictures/${picture.id}`, undo: '1' }, { page })).headers.location, page);
  assert.match((await own.get(page)).text, />Keep</);
  await own.submit('/kept', { post: `pictures/${picture.id}` }, { page });
  assert.deepEqual(names(await list(potato)), [`picture ${picture.id}`]);
});

test('the form of manners: what is ticked is told, and nothing ticked is nothing', async () => {
  const user = piclog.person('polite'), client = await new Browser(piclog).logIn(user);
  const me = async () => { const { answers, notices, shows_kept } = (await ask(piclog, 'GET', '/api/me', { headers: bearer(user) })).json; return [answers, notices, shows_kept]; };
  assert.deepEqual(await me(), ['everybody', ['answers', 'mentions', 'wall', 'pokes', 'followers'], false]);
  await client.submit('/settings/answers', { answers: 'followed', 'tell-answers': '1', 'tell-pokes': '1', shows_kept: '1' });
  assert.deepEqual(await me(), ['followed', ['answers', 'pokes'], true]);
  const page = (await client.get('/settings/answers')).text;
  assert.equal(page.match(/<input type="checkbox"[^>]* checked>/g).length, 3);
  await client.submit('/settings/answers', { answers: 'nobody' });
  assert.deepEqual(await me(), ['nobody', [], false]);
  assert.equal((await client.submit('/settings/answers', { answers: 'cats' })).status, 422);
});

test('the secret feed says the same, and needs the key alone', async () => {
  const user = piclog.person('reader'), client = await new Browser(piclog).logIn(user);
  const status = await said(fax, 'hello @reader <b>');
  const made = await client.submit('/settings/feeds', { feed: 'notices' });
  const [path] = /\/notices\/feed\.atom\?key=[\w-]+/.exec(made.text);
  const feed = await ask(piclog, 'GET', path);
  assert.equal(feed.status, 200);
  assert.match(feed.headers['cache-control'], /no-store/);
  assert.equal(feed.headers['referrer-policy'], 'no-referrer');
  assert.match(feed.text, new RegExp(`<id>${piclog.origin}/statuses/${status.id}#notice-\\d+</id>`));
  assert.match(feed.text, /fax named you: hello @reader &lt;b&gt;/);
  assert.equal((await notices(user)).notices[0].is_new, true, 'a reader fetches, a person reads');
  assert.equal((await ask(piclog, 'GET', '/notices/feed.atom?key=x')).status, 404);
  assert.equal((await ask(piclog, 'GET', path.replace('notices', 'friends'))).status, 404, 'one key, one feed');
  await client.submit('/settings/feeds/revoke', { feed: 'notices' }, { page: '/settings/feeds' });
  assert.equal((await ask(piclog, 'GET', path)).status, 404);
});

test('whom an entry on a wall names is told when it shows, unless its owner and they blocked each other', async () => {
  const [owner, named, apart] = ['landlord', 'named', 'apart'].map((name) => piclog.person(name));
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(owner), body: { wall: 'look' } });
  const block = await new Browser(piclog).logIn(apart);
  await block.submit('/shun/landlord', { kind: 'block' }, { page: '/shun/landlord' });
  const { json: entry } = await fax.call('POST', '/api/wall/landlord', { content: 'ask @named and @apart and @landlord' });
  assert.deepEqual(await told(named), [], 'it waits');
  assert.equal((await notices(named)).has_news, false);
  assert.deepEqual(await told(owner), ['wall fax'], 'once');
  assert.equal((await owner.call('PUT', `/api/wall/${entry.id}`, {})).status, 200);
  assert.deepEqual(await told(named), ['mention fax']);
  assert.deepEqual(await told(apart), []);
  const page = (await (await new Browser(piclog).logIn(named)).get('/notices')).text;
  assert.ok(page.includes(`href="/~landlord/wall?before=${entry.id + 1}#e${entry.id}">named you`), page);
  await owner.call('DELETE', `/api/wall/${entry.id}`);
  assert.deepEqual(await told(named), []);
});

test('walls, pokes and followers are told with a way to answer', async () => {
  const user = piclog.person('popular'), client = await new Browser(piclog).logIn(user);
  assert.equal((await fax.call('POST', '/api/wall/popular', { content: 'was here' })).status, 202);
  assert.equal((await fax.call('POST', '/api/pokes', { name: 'popular' })).status, 201);
  await fax.call('POST', '/api/follows', { name: 'popular' });
  assert.deepEqual(await told(user), ['follower fax', 'poke fax', 'wall fax'], 'also what waits for a look');
  const page = (await client.get('/notices')).text;
  for (const link of ['/~popular/wall', '/poke/fax', '/~fax']) assert.ok(page.includes(`href="${link}"`), link);
});

test('who may ask what: nobody, a token that only reads, somebody else', async () => {
  const status = await said(potato, 'guarded'), answer = await said(fax, 'so?', { reply_to: `statuses/${status.id}` });
  const reads = await new Browser(piclog).logIn(potato);
  const page = await reads.submit('/settings/tokens', { label: 'posts', may_post: '1' }, { page: '/settings' });
  const token = /<code>([\w-]{43})<\/code>/.exec((page.status === 303 ? await reads.get(page.headers.location) : page).text)[1];
  for (const [method, path, body, posting, owner] of [['POST', '/api/kept', { post: `statuses/${answer.id}` }, 201, 201], ['DELETE', `/api/kept/statuses/${answer.id}`, undefined, 403, 204],
    ['DELETE', `/api/answers/statuses/${answer.id}`, undefined, 403, 204], ['PUT', `/api/answers/statuses/${answer.id}`, undefined, 403, 204],
    ['PUT', `/api/answerable/statuses/${status.id}`, { answers: '' }, 403, 204], ['POST', '/api/notices/read', {}, 204, 204],
    ['GET', '/notices.json', undefined, 403, 200], ['GET', '/kept.json', undefined, 403, 200]]) {
    const of = async (headers) => (await ask(piclog, method, path, { headers, body })).status;
    assert.equal(await of({}), 401, `${method} ${path} by nobody`);
    assert.equal(await of({ authorization: `Bearer ${token}` }), posting, `${method} ${path} with a token that posts`);
    assert.equal(await of(bearer(potato)), owner, `${method} ${path} by the owner`);
  }
  for (const [path, form] of [[`/answers/statuses/${answer.id}`, {}], [`/answerable/statuses/${status.id}`, { answers: 'nobody' }], ['/kept', { post: `statuses/${answer.id}` }], ['/notices/read', {}], ['/settings/answers', {}]])
    assert.equal((await reads.go('POST', path, { body: new URLSearchParams(form) })).status, 403, `${path} without the token of the form`);
});
