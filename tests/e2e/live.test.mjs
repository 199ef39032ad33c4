// /live: who is told what, when a stream ends, what a block and a mute do to it, resuming, its limits, slow readers, who is
// here, and that nobody else reads a byte of what two people say.
import test, { after, afterEach, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { Browser, ask, bearer, fixture, listen as listenTo, pictureForm, root, start } from './piclog.mjs';

let piclog, boss, ann, bob, eve;
before(async () => {
  piclog = await start(['--connections-per-address', '400', '--streams', '40']);
  boss = piclog.addUser('boss', undefined, '--admin');
  for (const name of ['ann', 'bob', 'eve']) piclog[name] = piclog.person(name);
  ({ ann, bob, eve } = piclog);
  await friends(ann, bob);
});
after(() => piclog.remove());

// No test leaves a stream behind, whatever becomes of it.
const opened = new Set();
const listen = async (...about) => {
  const stream = await listenTo(...about);
  opened.add(stream);
  return stream;
};
afterEach(async () => {
  for (const stream of opened) await stream.stop();
  opened.clear();
  for (let left = 1, i = 0; left && i < 100; i++) {
    left = Number(/^piclog_streams (\d+)/m.exec((await ask(piclog, 'GET', '/metrics')).text)[1]);
    if (left) await new Promise((done) => setTimeout(done, 20));
  }
});

let serial = 0;
const somebody = () => piclog.person(`p${++serial}`);
const follow = async (who, whom) => assert.ok((await who.call('POST', '/api/follows', { name: whom.name })).status < 300);
const friends = async (one, other) => { await follow(one, other); await follow(other, one); };
const write = (from, to, content) => from.call('POST', '/api/messages', { to: to.name, content });
const says = (content) => ({ name, data }) => name === 'message' && data.content === content;
const is = (name, state) => (event) => event.name === 'presence' && event.data.name === name && event.data.state === state;
const cookie = (browser) => ({ cookie: [...browser.jar].map(([key, value]) => `${key}=${value}`).join('; ') });
const open = async (headers) => {
  const stream = await listen(piclog, headers);
  assert.equal(stream.status, 200);
  return stream;
};
// A stream that was told everything by now: what is written in between is told first.
const settled = async (stream, reader, writer) => {
  const content = `mark ${++serial}`;
  assert.equal((await write(writer, reader, content)).status, 201);
  await stream.next(says(content));
};

test('all kinds come in one stream, each with an id, and hold what its reader may see', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const stream = await open(bearer(one)), own = await open(bearer(other));
  assert.match(stream.headers['content-type'], /^text\/event-stream/);
  assert.match(stream.headers['cache-control'], /no-store/);
  assert.equal(stream.headers['x-accel-buffering'], 'no');
  const { json: sent } = await write(other, one, 'a line\nand “another”');
  const message = await stream.next('message');
  assert.deepEqual([message.data.id, message.data.author, message.data.recipient, message.data.content, message.data.is_own], [sent.id, other.name, one.name, 'a line\nand “another”', false]);
  assert.equal((await own.next('message')).data.is_own, true, 'other windows of the writer are told as well');
  await other.call('POST', `/api/messages/${one.name}/nudge`);
  assert.equal((await stream.next('nudge')).data.author, other.name);
  const status = (await other.call('POST', '/api/statuses', { content: `good morning @${one.name}` })).json;
  const posts = await stream.next('posts');
  assert.deepEqual([posts.data.kind, posts.data.url, posts.data.author], ['status', `/statuses/${status.id}`, other.name]);
  const notice = await stream.next('notice');
  assert.deepEqual([notice.data.kind, notice.data.author], ['mention', other.name]);
  assert.ok(!JSON.stringify(notice).includes('good morning'), 'a notice holds no words');
  await other.call('POST', '/api/moods', { mood: 'sleepy' });
  assert.equal((await stream.next('posts')).data.kind, 'mood');
  const picture = await other.upload(fixture('pictures/paws.jpg'), {});
  assert.equal(picture.status, 201);
  const pictured = await stream.next('posts');
  assert.deepEqual([pictured.data.url, pictured.data.author], [`/p/${picture.json.id}`, other.name]);
  const shown = await other.call('POST', '/api/messages', pictureForm(fixture('pictures/paws.jpg'), { to: one.name }));
  assert.equal((await stream.next('message')).data.image_url, new URL(shown.json.image_url).pathname);
  const ids = stream.events.map(({ id }) => id);
  assert.ok(ids.every((id) => /^\d+(\.\d+)?$/.test(id)));
  assert.equal(new Set(ids).size, ids.length);
  for (const each of [stream, own]) await each.stop();
});

test('what another process writes is told as well', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const stream = await open(bearer(one));
  await settled(stream, one, other);
  const zip = join(mkdtempSync(join(tmpdir(), 'piclog-live-')), 'other.zip');
  await other.call('POST', '/api/statuses', { content: 'old words' });
  await stream.next('posts');
  piclog.run(['export', other.name, zip]);
  const third = somebody();
  await follow(one, third);
  piclog.run(['import', zip, third.name]);
  assert.equal((await stream.next('posts')).data.author, third.name);
  await stream.stop();
});

test('others ask: that they do is told, and not a word of what they wrote', async () => {
  const one = somebody(), stranger = somebody();
  const stream = await open(bearer(one));
  await write(stranger, one, 'pleasebananas');
  const { data } = await stream.next('message');
  assert.deepEqual([data.author, data.is_request, data.content], [stranger.name, true, null]);
  assert.ok(!stream.text.includes('pleasebananas'));
  await one.call('POST', `/api/messages/${stranger.name}/accept`);
  await write(stranger, one, 'now it is read');
  await stream.next(says('now it is read'));
  await stream.stop();
});

test('without rights there is no stream', async () => {
  const nobody = await ask(piclog, 'GET', '/live', { headers: { accept: 'text/event-stream' } });
  assert.equal(nobody.status, 401);
  assert.match(nobody.headers['content-type'], /problem\+json/);
  const browser = await new Browser(piclog).logIn(ann);
  const made = await browser.submit('/settings/tokens', { label: 'posts only', may_post: '1', may_change: '1' }, { page: '/settings/tokens' });
  const small = /<code>([\w-]{43})<\/code>/.exec(made.text)[1];
  assert.equal((await ask(piclog, 'GET', '/live', { headers: { authorization: `Bearer ${small}` } })).status, 403);
  assert.equal((await ask(piclog, 'HEAD', '/live', { headers: bearer(ann) })).status, 200);
  const session = await open(cookie(browser));
  await settled(session, ann, bob);
  await session.stop();
});

// ---- Ends ------------------------------------------------------------------------------------------

const ends = {
  'logging out': async ({ browser }) => browser.submit('/logout', {}, { page: '/settings/leave' }),
  'ending the session elsewhere': async ({ user }) => {
    const other = await new Browser(piclog).logIn(user);
    for (const [, id] of (await other.get('/settings/password')).text.matchAll(/sessions\/(\d+)\/revoke/g)) await other.submit(`/settings/sessions/${id}/revoke`, {}, { page: '/settings/password' });
  },
  'a new password': async ({ user }) => {
    const other = await new Browser(piclog).logIn(user);
    const answer = await other.submit('/settings/password', { old_password: user.password, new_password: 'another password' }, { page: '/settings/password' });
    assert.ok(answer.status < 400, answer.text);
  },
  'a new password, with the session that stays': async ({ user, browser }) => {
    const answer = await browser.submit('/settings/password', { old_password: user.password, new_password: 'another password' }, { page: '/settings/password' });
    assert.ok(answer.status < 400, answer.text);
  },
  recovery: async ({ user, code }) => {
    const answer = await new Browser(piclog).submit('/recover', { name: user.name, code, password: 'a password by recovery' });
    assert.ok(answer.status < 400, answer.text);
  },
  'disabling by the shell': async ({ user }) => piclog.run(['user', 'disable', user.name]),
  'a suspension': async ({ user }) => {
    const desk = await new Browser(piclog).logIn(boss);
    const id = (await ask(piclog, 'GET', '/api/me', { headers: bearer(user) })).json.id;
    const answer = await desk.submit('/admin/act', { action: 'suspend', kind: 'person', id, days: '3', reason: 'because of a test' }, { page: '/admin/settings' });
    assert.equal(answer.status, 303, answer.text);
  },
  closing: async ({ user }) => {
    const other = await new Browser(piclog).logIn(user);
    const answer = await other.submit('/settings/close', { password: user.password, name: user.name }, { page: '/settings/leave' });
    assert.equal(answer.status, 303, answer.text);
  },
};
for (const [what, end] of Object.entries(ends))
  test(`a stream ends with ${what}, and one of somebody else does not`, async () => {
    const user = somebody(), bystander = somebody();
    await follow(bystander, ann);
    const browser = await new Browser(piclog).logIn(user);
    let code;
    if (what === 'recovery') {
      const made = await browser.submit('/settings/codes', { password: user.password }, { page: '/settings/password' });
      code = /\b(\w{4}-\w{4}-\w{4}-\w{4})\b/.exec(made.text)[1];
    }
    const stream = await open(cookie(browser)), other = await open(bearer(bystander));
    const program = /password|recovery|shell|suspension|closing/.test(what) ? await open(bearer(user)) : null;
    await end({ user, browser, code });
    const late = new Promise((done) => setTimeout(done, 5000, 'late'));
    for (const each of [stream, program].filter(Boolean)) assert.equal(await Promise.race([each.closed, late]), undefined);
    assert.ok(other.isOpen);
    await settled(other, bystander, ann);
    const again = await ask(piclog, 'GET', '/live', { headers: cookie(browser) });
    if (!/that stays/.test(what)) assert.ok(again.status === 401 || again.status === 403, `${again.status}`);
    await other.stop();
  });

test('a stream ends with its token, and those of other tokens go on', async () => {
  const user = somebody();
  const second = piclog.run(['token', user.name]);
  const ending = await open(bearer({ token: second })), staying = await open(bearer(user));
  const browser = await new Browser(piclog).logIn(user);
  const [id] = [...(await browser.get('/settings/tokens')).text.matchAll(/tokens\/(\d+)\/revoke/g)].map(([, found]) => Number(found)).sort((a, b) => b - a);
  await browser.submit(`/settings/tokens/${id}/revoke`, {}, { page: '/settings/tokens' });
  assert.equal(await Promise.race([ending.closed, new Promise((done) => setTimeout(done, 5000, 'late'))]), undefined);
  assert.ok(staying.isOpen);
  await staying.stop();
});

test('a block stops events both ways at once; a mute those of whom is muted', async () => {
  const one = somebody(), other = somebody(), third = somebody();
  for (const each of [one, other]) await friends(each, third);
  await friends(one, other);
  const here = await open(bearer(one)), there = await open(bearer(other));
  await settled(here, one, other);
  await settled(there, other, one);
  const browser = await new Browser(piclog).logIn(one);
  await browser.submit(`/shun/${other.name}`, { kind: 'block' });
  const counts = [here, there].map(({ events }) => events.length);
  assert.equal((await write(other, one, 'blocked words')).status, 404);
  await other.call('POST', '/api/statuses', { content: 'blocked status' });
  await one.call('POST', '/api/statuses', { content: `blocked the other way @${other.name}` });
  await settled(here, one, third);
  await settled(there, other, third);
  const told = [here, there].map(({ events }, i) => events.slice(counts[i]).filter(({ name, data }) => name !== 'message' || data.author !== third.name));
  for (const events of told) assert.deepEqual(events.filter(({ data }) => data.author !== third.name), []);
  await browser.submit(`/shun/${third.name}`, { kind: 'mute' });
  const before = here.events.length;
  await write(third, one, 'muted words');
  await third.call('POST', '/api/statuses', { content: 'muted status' });
  await settled(there, other, third);
  await new Promise((done) => setTimeout(done, 300));
  assert.deepEqual(here.events.slice(before), []);
  for (const each of [here, there]) await each.stop();
});

test('what was blocked before it was told is not told by resuming either', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const first = await open(bearer(one));
  await settled(first, one, other);
  const { id } = first.events.at(-1);
  await first.stop();
  await write(other, one, 'said in between');
  await (await new Browser(piclog).logIn(one)).submit(`/shun/${other.name}`, { kind: 'block' });
  const second = await listen(piclog, { ...bearer(one), 'last-event-id': id });
  await new Promise((done) => setTimeout(done, 300));
  assert.ok(!second.text.includes('said in between'));
  await second.stop();
});

// ---- Resuming and limits -----------------------------------------------------------------------------

test('Last-Event-ID goes on behind it: nothing is lost, nothing comes twice', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const got = [];
  let last, stop = false;
  const reader = (async () => {
    while (!stop) {
      const stream = await listen(piclog, { ...bearer(one), ...(last && { 'last-event-id': last }) });
      await Promise.race([stream.closed, new Promise((done) => setTimeout(done, 20 + Math.random() * 150))]);
      await stream.stop();
      const events = stream.events.filter(({ name }) => name === 'message');
      got.push(...events.map(({ data }) => data.content));
      if (events.length) last = events.at(-1).id;
      else last ??= stream.events.at(-1)?.id;
    }
  })();
  // the first stream begins before the first line
  await new Promise((done) => setTimeout(done, 100));
  const begin = await open(bearer(one));
  await settled(begin, one, other);
  last ??= begin.events.at(-1).id;
  await begin.stop();
  got.length = 0;
  const sent = [];
  for (let i = 0; i < 120; i++) {
    sent.push(`line ${i}`);
    assert.equal((await write(other, one, `line ${i}`)).status, 201);
  }
  for (let i = 0; i < 100 && !got.includes('line 119'); i++) await new Promise((done) => setTimeout(done, 50));
  stop = true;
  await reader;
  assert.deepEqual(got.filter((line) => line.startsWith('line')), sent);
});

test('resuming long after begins with as much as there is, piece by piece', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const first = await open(bearer(one));
  await settled(first, one, other);
  await first.stop();
  const id = first.events.at(-1).id;
  for (let i = 0; i < 90; i++) await write(other, one, `${i} ${'ü“"\\'.repeat(240)}`);
  const second = await listen(piclog, { ...bearer(one), 'last-event-id': id });
  await second.next(({ data }) => data.content?.startsWith('89 '));
  assert.deepEqual(second.events.filter(({ name }) => name === 'message').map(({ data }) => parseInt(data.content)), Array.from({ length: 90 }, (_, i) => i));
  await second.stop();
});

test('what the database cannot give for a while is told when it can', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const stream = await open(bearer(one));
  await settled(stream, one, other);
  const change = (...statements) => execFileSync('python3', ['-c', `import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
for statement in ['BEGIN IMMEDIATE', *sys.argv[2:], 'COMMIT']: database.execute(statement)`, join(piclog.data, 'piclog.db'), ...statements]);
  const id = (name) => `(SELECT id FROM accounts WHERE name = '${name}')`;
  change(`INSERT INTO messages (by_id, to_id, content, created_at) VALUES (${id(other.name)}, ${id(one.name)}, 'kept for later', 1)`,
    'ALTER TABLE messages RENAME TO elsewhere');
  await new Promise((done) => setTimeout(done, 800));
  change('ALTER TABLE elsewhere RENAME TO messages');
  await stream.next(says('kept for later'));
  assert.equal(stream.events.filter(says('kept for later')).length, 1);
  await stream.stop();
});

test('an id that nobody gave, or that is older than what is kept, says so and goes on from now', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  for (const id of ['999999999', 'nonsense', '-5', '9'.repeat(40)]) {
    const stream = await listen(piclog, { ...bearer(one), 'last-event-id': id });
    await stream.next('reset');
    await settled(stream, one, other);
    assert.equal(stream.events.filter(({ name }) => name === 'message').length, 1, id);
    await stream.stop();
  }
  execFileSync('python3', ['-c', `import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=20)
database.execute('DELETE FROM live_events WHERE id <= (SELECT max(id) - 1 FROM live_events)')
database.commit()`, join(piclog.data, 'piclog.db')]);
  const stream = await listen(piclog, { ...bearer(one), 'last-event-id': '3.1' });
  await stream.next('reset');
  await stream.stop();
});

test('four streams an account, --streams in all; those beyond it get 503 and when to come again', async () => {
  const user = somebody(), streams = [];
  for (let i = 0; i < 4; i++) streams.push(await open(bearer(user)));
  const fifth = await ask(piclog, 'GET', '/live', { headers: bearer(user) });
  assert.equal(fifth.status, 503);
  assert.match(fifth.headers['retry-after'], /^\d+$/);
  assert.match(fifth.json.detail, /4 streams/);
  await streams.pop().stop();
  // whoever leaves a page makes room for the next one at once: nothing was sent in between
  for (let i = 0; i < 20; i++) {
    const next = await Promise.race([listen(piclog, bearer(user)), new Promise((done) => setTimeout(done, 5000))]);
    if (next.status === 503) { await new Promise((done) => setTimeout(done, 50)); await next.closed; continue; }
    streams.push(next);
    break;
  }
  assert.equal(streams.length, 4);
  let refused;
  for (let i = 0; i < 12 && !refused; i++) {
    const more = somebody();
    for (let k = 0; k < 4 && !refused; k++) {
      const stream = await listen(piclog, bearer(more));
      if (stream.status === 503) refused = stream;
      else streams.push(stream);
    }
  }
  assert.equal(streams.length, 40);
  assert.match(refused.headers['retry-after'], /^\d+$/);
  assert.equal((await ask(piclog, 'GET', '/')).status, 200, 'pages are answered as before');
  for (const stream of streams) await stream.stop();
});

const children = () => readdirSync(`/proc/${piclog.child.pid}/task`).length;
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${piclog.child.pid}/status`, 'utf8'))[1]) * 1024;

test('no thread for a stream, and little memory', async () => {
  const users = Array.from({ length: 9 }, somebody);
  await follow(users[0], bob);
  const warm = await open(bearer(users[0]));
  await settled(warm, users[0], bob);
  const threads = children(), memory = resident(), streams = [warm];
  for (const user of users.slice(1)) for (let i = 0; i < 4; i++) streams.push(await open(bearer(user)));
  assert.equal(children(), threads);
  // Bench measures it exactly, with thousands; sanitizers need several times as much.
  if (!process.env.SANITIZED) assert.ok(resident() - memory < streams.length * 40000 + 1500000, `${(resident() - memory) / streams.length} bytes each`);
  for (const stream of streams) await stream.stop();
});

test('a slow reader costs bounded memory and is dropped', { timeout: 120000 }, async () => {
  const slow = somebody(), quick = somebody(), other = somebody();
  await friends(slow, other);
  await friends(quick, other);
  const socket = net.connect({ port: piclog.port, host: '127.0.0.1' });
  await new Promise((done) => socket.on('connect', done));
  socket.write(`GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${slow.token}\r\n\r\n`);
  await new Promise((done) => socket.once('data', done));
  socket.pause();
  const gone = new Promise((done) => socket.on('close', done));
  socket.on('error', () => {});
  const stream = await open(bearer(quick)), memory = resident();
  const lines = 700;
  for (let i = 0; i < lines; i++) {
    const both = await Promise.all([write(other, slow, `${i} ${'x'.repeat(980)}`), i % 50 ? null : write(other, quick, `quick ${i}`)]);
    assert.equal(both[0].status, 201);
  }
  await stream.next(says('quick 650'));
  assert.ok(resident() - memory < (process.env.SANITIZED ? 60e6 : 12e6), `${resident() - memory} bytes more`);
  // who does not read for ten seconds is dropped: then the account has four places again
  for (let i = 0, open = 1; open && i < 240; i++) {
    await new Promise((done) => setTimeout(done, 250));
    const metrics = await ask(piclog, 'GET', '/metrics');
    open = Number(/^piclog_streams (\d+)/m.exec(metrics.text)[1]) - 1;
  }
  const metrics = await ask(piclog, 'GET', '/metrics');
  assert.match(metrics.text, /^piclog_streams 1$/m);
  socket.resume();
  await gone;
  assert.ok(stream.isOpen);
  await stream.stop();
});

test('beats come while nothing happens', { timeout: 60000 }, async () => {
  const stream = await open(bearer(somebody()));
  for (let i = 0; i < 200 && !stream.beats; i++) await new Promise((done) => setTimeout(done, 100));
  assert.ok(stream.beats);
  assert.deepEqual(stream.events, []);
  await stream.stop();
});

test('the service stops at once with streams open, slow ones too', { timeout: 60000 }, async () => {
  const own = await start();
  const user = own.person('one');
  const stream = await listen(own, bearer(user));
  const socket = net.connect({ port: own.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.write(`GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n\r\n`);
  await new Promise((done) => socket.once('data', done));
  const { code } = await own.stop();
  assert.equal(code, 0);
  await stream.closed;
  socket.destroy();
  await own.remove();
});

// ---- Who is here ---------------------------------------------------------------------------------------

const shows = (who, on = '1') => who.call('PUT', '/api/me', { shows_presence: on });

test('who is here is told to friends, when it was chosen, and to nobody else', async () => {
  const one = somebody(), other = somebody(), fan = somebody();
  await friends(one, other);
  await follow(fan, one);
  const watcher = await open(bearer(other)), fanStream = await open(bearer(fan));
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearer(one) })).json.shows_presence, false);
  const shy = await open(bearer(one));
  await settled(watcher, other, one);
  await shy.stop();
  assert.equal((await shows(one)).status, 200);
  await one.call('POST', '/api/statuses', { face: '🥔', content: 'peeling' });
  const stream = await open(bearer(one));
  const { data } = await watcher.next(is(one.name, 'here'));
  assert.equal(data.line, '🥔 peeling');
  // the page says the same
  const browser = await new Browser(piclog).logIn(other);
  assert.match((await browser.get('/messages')).text, new RegExp(`<b>${one.name}</b></a> <span class="by">here`));
  assert.match((await browser.get(`/messages/${one.name}`)).text, new RegExp(`<b>${one.name}</b> is here`));
  assert.deepEqual((await browser.get('/messages.json')).json.people.map(({ name, state }) => [name, state]), [[one.name, 'here']]);
  // who comes later is told who is here
  const late = await open(bearer(other));
  await late.next(is(one.name, 'here'));
  await late.stop();
  // leaving
  await new Promise((done) => setTimeout(done, 3300)); // a page that is left so soon after it was asked for leads to another
  await stream.stop();
  await watcher.next(is(one.name, 'gone'), 20000);
  assert.doesNotMatch((await browser.get('/messages')).text, new RegExp(`<b>${one.name}</b></a> <span class="by">here`));
  const fans = await new Browser(piclog).logIn(fan);
  assert.ok(!(await fans.get('/messages')).text.includes(one.name));
  assert.deepEqual(fanStream.events.filter(({ name }) => name === 'presence'), []);
  for (const each of [watcher, fanStream]) await each.stop();
});

test('it ends with the choice, with a follow and with a block', async () => {
  for (const end of [
    (one) => shows(one, ''),
    (one, other) => other.call('DELETE', `/api/follows/${one.name}`),
    (one, other) => one.call('DELETE', `/api/follows/${other.name}`),
    async (one, other) => (await new Browser(piclog).logIn(one)).submit(`/shun/${other.name}`, { kind: 'block' }),
    async (one, other) => (await new Browser(piclog).logIn(other)).submit(`/shun/${one.name}`, { kind: 'mute' }),
  ]) {
    const one = somebody(), other = somebody();
    await friends(one, other);
    await shows(one);
    const watcher = await open(bearer(other)), stream = await open(bearer(one));
    await watcher.next(is(one.name, 'here'));
    await end(one, other);
    await watcher.next(is(one.name, 'gone'));
    const browser = await new Browser(piclog).logIn(other);
    assert.deepEqual((await browser.get('/messages.json')).json.people, []);
    const again = await open(bearer(other));
    await new Promise((done) => setTimeout(done, 200));
    assert.deepEqual(again.events, []);
    for (const each of [watcher, stream, again]) await each.stop();
  }
});

test('whoever is muted sees nobody here, and is not told of it', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  await shows(one);
  const watcher = await open(bearer(other)), stream = await open(bearer(one));
  await watcher.next(is(one.name, 'here'));
  await (await new Browser(piclog).logIn(one)).submit(`/shun/${other.name}`, { kind: 'mute' });
  await settled(watcher, other, one);
  assert.equal(watcher.events.filter(({ name, data }) => name === 'presence' && data.state === 'gone').length, 0);
  const browser = await new Browser(piclog).logIn(other);
  assert.deepEqual((await browser.get('/messages.json')).json.people, []);
  assert.doesNotMatch((await browser.get(`/messages/${one.name}`)).text, /is (here|away)/);
  const late = await open(bearer(other));
  await settled(late, other, one);
  assert.deepEqual(late.events.filter(({ name }) => name === 'presence'), []);
  for (const each of [watcher, stream, late]) await each.stop();
});

test('the end of a follow is not told by "gone" of somebody who was not here', async () => {
  const one = somebody(), other = somebody(), third = somebody();
  for (const each of [one, third]) await friends(each, other);
  await shows(one);
  const watcher = await open(bearer(other));
  await settled(watcher, other, third);
  const count = watcher.events.length;
  await one.call('DELETE', `/api/follows/${other.name}`);
  await new Promise((done) => setTimeout(done, 600));
  await settled(watcher, other, third);
  assert.deepEqual(watcher.events.slice(count).filter(({ name }) => name === 'presence'), []);
  await watcher.stop();
});

test('whoever logs out is gone at once', async () => {
  const one = somebody(), other = somebody();
  await friends(one, other);
  const watcher = await open(bearer(other));
  const browser = await new Browser(piclog).logIn(one);
  await browser.submit('/settings/neighbours', { wall: 'open', shows_presence: '1' });
  await browser.get('/messages');
  await watcher.next(is(one.name, 'here'));
  await browser.submit('/logout', {}, { page: '/settings/leave' });
  await watcher.next(is(one.name, 'gone'), 20000);
  await watcher.stop();
});

test('without scripts the list reloads itself when it is asked to', async () => {
  const browser = await new Browser(piclog).logIn(ann);
  const page = await browser.get('/messages');
  assert.doesNotMatch(page.text, /http-equiv="refresh"/);
  assert.match(page.text, /href="\/messages\?again=30"/);
  assert.match((await browser.get('/messages?again=30')).text, /<meta http-equiv="refresh" content="30">/);
});

test('the script is on these pages only, and they alone allow it', async () => {
  const browser = await new Browser(piclog).logIn(ann);
  for (const [path, has] of [['/messages', true], ['/messages/bob', true], ['/', false], ['/friends', false], ['/settings', false], ['/notices', false]]) {
    const page = await browser.get(path);
    assert.equal(/\/static\/live\.js/.test(page.text), has, path);
    assert.equal(/live\.js/.test(page.headers['content-security-policy']), has, path);
    assert.match(page.headers['x-frame-options'], /DENY/);
  }
});

test('a page that comes back while it waits to try again has one stream', () => {
  const listeners = {}, timers = new Map();
  let streams = [], serial = 0;
  class EventSource {
    constructor() { this.readyState = 1; streams.push(this); }
    addEventListener() {}
    close() { streams = streams.filter((each) => each !== this); }
  }
  const main = { dataset: { live: 'x' } };
  const page = { EventSource, Date, Math, location: { search: '', pathname: '/messages' }, fetch: async () => ({}),
    document: { querySelector: () => main, querySelectorAll: () => [], addEventListener() {}, title: '' },
    addEventListener: (name, act) => (listeners[name] ??= []).push(act),
    setTimeout: (act) => { timers.set(++serial, act); return serial; }, clearTimeout: (id) => timers.delete(id) };
  vm.runInNewContext(readFileSync(join(root, 'templates/static/live.js'), 'utf8'), Object.assign(page, { self: page }));
  const fire = (name, event) => { for (const act of listeners[name]) act(event); };
  const [first] = streams;
  first.readyState = 2; // refused
  streams = [];
  first.onerror();
  assert.equal(timers.size, 1);
  fire('pagehide', {});
  fire('pageshow', { persisted: true });
  for (const act of [...timers.values()]) act();
  assert.equal(streams.length, 1);
  fire('pagehide', {});
  assert.equal(streams.length, 0);
});

// ---- Others ---------------------------------------------------------------------------------------------

test('a third person with a session or a token, the desk and whoever is blocked read not a byte of it', async () => {
  const one = somebody(), other = somebody(), blocked = somebody();
  await friends(one, other);
  for (const each of [one, other]) await friends(each, blocked);
  await (await new Browser(piclog).logIn(one)).submit(`/shun/${blocked.name}`, { kind: 'block' });
  await follow(eve, one);
  await follow(eve, other);
  const third = await new Browser(piclog).logIn(eve), desk = await new Browser(piclog).logIn(boss);
  const streams = [];
  for (const headers of [cookie(third), bearer(eve), cookie(desk), bearer(boss), bearer(blocked)]) streams.push(await open(headers));
  const own = await open(bearer(one));
  const from = own.events.at(-1)?.id ?? '0';
  const sent = [];
  for (let i = 0; i < 20; i++) sent.push((await write(other, one, `xylophagous-${i}`)).json.id);
  await other.call('POST', `/api/messages/${one.name}/nudge`);
  await own.next('nudge');
  for (const stream of streams) {
    assert.ok(stream.isOpen);
    assert.ok(!stream.text.includes('xylophagous'));
    assert.deepEqual(stream.events.filter(({ name }) => name === 'message' || name === 'nudge'), []);
    await stream.stop();
  }
  // by resuming from before it
  for (const headers of [bearer(eve), bearer(boss), bearer(blocked)]) {
    const stream = await listen(piclog, { ...headers, 'last-event-id': own.events[0].id });
    await new Promise((done) => setTimeout(done, 200));
    assert.ok(!/xylophagous|event: (message|nudge)/.test(stream.text), stream.text);
    await stream.stop();
  }
  assert.ok(from && sent.length === 20);
  await own.stop();
});

// ---- In front of it --------------------------------------------------------------------------------------

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);
test('behind nginx as tools/nginx.conf.example has it, events come at once', { skip: !nginx && 'no nginx' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-nginx-'));
  const port = await new Promise((done) => { const probe = net.createServer().listen(0, '127.0.0.1', () => { const found = probe.address().port; probe.close(() => done(found)); }); });
  const site = readFileSync(join(root, 'tools/nginx.conf.example'), 'utf8')
    .replace(/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_certificate.*$/gm, '')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${piclog.port}`)
    .replace('/var/log/nginx/piclog.log', join(folder, 'access.log'));
  assert.match(site, /location = \/live \{[^}]*proxy_buffering off/);
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'nginx.conf'), `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 100; }
http { client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
${site} }`);
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    for (let i = 0; i < 100; i++) {
      if (await new Promise((done) => { const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); }).on('error', () => done(false)); })) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    const one = somebody(), other = somebody();
    await friends(one, other);
    const stream = await listen(piclog, bearer(one), { port });
    assert.equal(stream.status, 200);
    for (let i = 0; i < 5; i++) {
      await write(other, one, `through nginx ${i}`);
      await stream.next(says(`through nginx ${i}`)); // each by itself: nothing waits for a full buffer
    }
    // whoever leaves nginx leaves piclog
    await stream.stop();
    let left;
    for (let i = 0; i < 100 && left !== 0; i++) {
      left = Number(/^piclog_streams (\d+)/m.exec((await ask(piclog, 'GET', '/metrics')).text)[1]);
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.equal(left, 0);
  } finally {
    child.kill();
    await new Promise((done) => child.on('exit', done));
    rmSync(folder, { recursive: true });
  }
});
