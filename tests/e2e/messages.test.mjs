// Messages: who may write, what waits unread, what a block ends, what is deleted and reported, and that nobody but the two
// reads a byte of it.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, root, start } from './piclog.mjs';

let piclog, boss, desk, ann, bob, eve;
before(async () => {
  piclog = await start(['--threads', '8', '--connections-per-address', '400']);
  boss = piclog.addUser('boss', undefined, '--admin');
  for (const name of ['ann', 'bob', 'eve']) piclog[name] = piclog.person(name);
  ({ ann, bob, eve } = piclog);
  desk = await new Browser(piclog).logIn(boss);
  await follow(ann, 'bob');
  await follow(bob, 'ann');
});
after(() => piclog.remove());

const path = (url) => new URL(url).pathname;
const get = (where, user) => ask(piclog, 'GET', where, { headers: user ? bearer(user) : {} });
const follow = async (who, name) => assert.ok((await who.call('POST', '/api/follows', { name })).status < 300);
const write = (from, to, content, headers) => from.call('POST', '/api/messages', { to, content }, headers);
const talk = async (who, name) => (await get(`/api/messages/${name}`, who)).json;
const words = async (who, name) => (await talk(who, name)).messages.map(({ content }) => content);
const lists = async (who) => (await get('/api/messages', who)).json;
const sees = async (who, name) => (await lists(who)).conversations.find((one) => one.name === name);
const waits = async (who, name) => (await lists(who)).requests.find((one) => one.name === name);
const token = (page, name = 'csrf') => new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page.text)[1];
const sendPicture = (from, to, file, fields = {}) =>
  from.call('POST', '/api/messages', pictureForm(fixture(`pictures/${file}`), { to, ...fields }));
const report = async (who, id) => {
  const browser = await new Browser(piclog).logIn(who);
  return browser.submit(`/report/message/${id}`, { reason: 'hate', note: 'see for yourself' });
};
const decide = (action, id) =>
  desk.submit('/admin/act', { action, kind: 'message', id, reason: 'because of a test' }, { page: '/admin/settings' });
const reported = async (id) => {
  const { reports } = (await desk.get('/admin.json')).json;
  return reports.find((one) => one.kind === 'message' && one.subject_id === id);
};

test('two who follow each other talk at once, by API, form and JSON', async () => {
  const sent = await write(ann, 'bob', 'hello bob');
  assert.equal(sent.status, 201, sent.text);
  assert.deepEqual([sent.json.author, sent.json.recipient, sent.json.content, sent.json.is_own], ['ann', 'bob', 'hello bob', true]);
  assert.equal(sent.headers.location, sent.json.url);
  assert.match(sent.headers['cache-control'], /no-store/);
  const browser = await new Browser(piclog).logIn(bob);
  const page = await browser.get('/messages/ann');
  assert.match(page.text, /hello bob/);
  assert.match(page.headers['cache-control'], /no-store/);
  assert.equal((await browser.submit('/messages/ann', { content: 'hello ann' })).headers.location, '/messages/ann');
  for (const [who, name] of [[ann, 'bob'], [bob, 'ann']]) assert.deepEqual(await words(who, name), ['hello ann', 'hello bob']);
  assert.equal((await browser.get('/messages/ann.json')).json.messages.length, 2);
  assert.equal((await sees(ann, 'bob')).words, 'hello ann');
  assert.match((await browser.get('/messages')).text, /href="\/messages\/ann"/);
});

test('what came is new until it was read, which the writer never learns', async () => {
  const nia = piclog.person('nia'), max = piclog.person('max');
  await follow(nia, 'max');
  const browser = await new Browser(piclog).logIn(nia);
  const marked = async () => /<mark>new<\/mark>/.test((await browser.get('/about')).text);
  assert.equal(await marked(), false);
  await write(max, 'nia', 'one');
  assert.equal(await marked(), true);
  assert.equal((await sees(nia, 'max')).is_new, true);
  const before = (await talk(max, 'nia'));
  await browser.get('/messages/max');
  await talk(nia, 'max');
  assert.equal(await marked(), true, 'looking is no write');
  assert.equal((await nia.call('POST', '/api/messages/max/read')).status, 204);
  assert.equal(await marked(), false);
  assert.equal((await sees(nia, 'max')).is_new, false);
  assert.deepEqual(await talk(max, 'nia'), before, 'the writer sees no difference');
  assert.equal((await sees(max, 'nia')).is_new, false);
  // the button reads as far as the page went
  const until = (await talk(nia, 'max')).until;
  await write(max, 'nia', 'two');
  await browser.submit('/messages/max/do', { do: 'read', until }, { page: '/messages/max' });
  assert.equal(await marked(), true, 'what came since then stays new');
  await browser.submit('/messages/max/do', { do: 'read', until: (await talk(nia, 'max')).until }, { page: '/messages/max' });
  assert.equal(await marked(), false);
  // who deletes what was not read takes the mark away; whom one muted makes none
  const { id } = (await write(max, 'nia', 'three')).json;
  assert.equal(await marked(), true);
  await max.call('DELETE', `/api/messages/${id}`);
  assert.equal(await marked(), false);
  await browser.submit('/shun/max', { kind: 'mute' });
  await write(max, 'nia', 'four');
  assert.equal(await marked(), false);
  assert.equal(await sees(nia, 'max'), undefined);
});

test('others ask by writing, and are let in or turned away unread', async () => {
  const fay = piclog.person('fay'), joe = piclog.person('joe');
  for (let i = 0; i < 5; i++) assert.equal((await write(joe, 'fay', `please ${i}`)).status, 201);
  const sixth = await write(joe, 'fay', 'please 5');
  assert.equal(sixth.status, 409);
  assert.match(sixth.json.detail, /5 messages of yours wait/);
  // nothing of it is shown, by whatever way
  const asked = await waits(fay, 'joe');
  assert.ok(asked && !JSON.stringify(asked).includes('please'));
  assert.equal(await sees(fay, 'joe'), undefined);
  const seen = await talk(fay, 'joe');
  assert.deepEqual([seen.is_request, seen.messages], [true, []]);
  const { id } = (await talk(joe, 'fay')).messages[0];
  assert.equal((await fay.call('DELETE', `/api/messages/${id}`)).status, 404);
  const browser = await new Browser(piclog).logIn(fay);
  for (const where of ['/messages', '/messages/joe', '/messages/joe.json']) assert.doesNotMatch((await browser.get(where)).text, /please/);
  assert.equal((await browser.get(`/report/message/${id}`)).status, 404);
  // yes
  assert.equal((await browser.submit('/messages/joe/do', { do: 'accept' }, { page: '/messages' })).headers.location, '/messages/joe');
  assert.equal((await words(fay, 'joe')).length, 5);
  assert.equal((await fay.call('POST', '/api/messages/joe/accept')).status, 204, 'twice is once');
  assert.equal((await write(joe, 'fay', 'thank you')).status, 201);
  assert.equal(await waits(fay, 'joe'), undefined);
  // no
  const pam = piclog.person('pam');
  await write(pam, 'fay', 'buy my soap');
  assert.equal((await fay.call('POST', '/api/messages/pam/refuse')).status, 204);
  assert.deepEqual(await words(pam, 'fay'), [], 'gone for both');
  const again = await write(pam, 'fay', 'but it is good soap');
  assert.equal(again.status, 403);
  assert.match(again.json.detail, /takes no messages from you/);
  assert.equal((await fay.call('POST', '/api/messages/pam/refuse')).status, 404);
  // who follows somebody, or writes to them, has changed their mind
  await follow(fay, 'pam');
  assert.equal((await write(pam, 'fay', 'soap?')).status, 201);
  assert.deepEqual(await words(fay, 'pam'), ['soap?']);
});

test('following later lets in what waits; answering does as well', async () => {
  const una = piclog.person('una'), vic = piclog.person('vic'), wes = piclog.person('wes');
  await write(vic, 'una', 'from vic');
  await write(wes, 'una', 'from wes');
  await follow(una, 'vic');
  assert.deepEqual(await words(una, 'vic'), ['from vic']);
  await write(una, 'wes', 'who are you?');
  assert.deepEqual(await words(una, 'wes'), ['who are you?', 'from wes']);
  assert.equal((await write(wes, 'una', 'wes')).status, 201);
});

test('nobody waits for more than twenty people at once, not even when all comes at once', async () => {
  const mailer = piclog.person('mailer');
  const names = Array.from({ length: 26 }, (_, i) => `prey${i}`);
  for (const name of names) piclog.addUser(name);
  const answers = await Promise.all(names.map((name) => write(mailer, name, 'to all of you')));
  assert.equal(answers.filter(({ status }) => status === 201).length, 20);
  for (const { status, json } of answers.filter((answer) => answer.status !== 201)) {
    assert.equal(status, 409);
    assert.match(json.detail, /20 people/);
  }
});

test('limits are named', async () => {
  const long = await write(ann, 'bob', 'x'.repeat(1001));
  assert.equal(long.status, 422);
  assert.match(long.json.detail, /at most 1000 characters/);
  assert.equal((await write(ann, 'bob', '👩‍🚀'.repeat(500))).status, 201);
  assert.equal((await write(ann, 'bob', ' ')).status, 422);
  assert.equal((await write(ann, 'nobody-here', 'x')).status, 404);
  assert.equal((await write(ann, 'ann', 'x')).status, 422);
  assert.equal((await ann.call('POST', '/api/messages', { content: 'x' })).json.status, 422);
  const browser = await new Browser(piclog).logIn(ann);
  const answer = await browser.submit('/messages/bob', { content: 'y'.repeat(1001) });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /role="alert".*too long/);
  assert.match(answer.text, />y{1001}<\/textarea>/);
});

test('a picture goes to the two alone, in any preset, and shares its bytes with nothing', async () => {
  const posted = await ann.upload(fixture('pictures/cat.jpg'), { caption: 'the same cat in public' });
  assert.equal(posted.status, 201);
  const before = (await get('/api/me', ann)).json.storage_bytes;
  const sizes = {};
  for (const preset of ['crispy', 'crunchy', 'fried', 'dust']) {
    const sent = await sendPicture(ann, 'bob', 'cat.jpg', { content: preset, alt: 'a cat, for you', preset });
    assert.equal(sent.status, 201, sent.text);
    const where = path(sent.json.image_url);
    assert.equal(where, `/messages/${sent.json.id}/full.jpg`);
    for (const who of [ann, bob]) {
      const bytes = await get(where, who);
      assert.equal(bytes.headers['content-type'], 'image/jpeg');
      assert.match(bytes.headers['cache-control'], /no-store/);
      assert.equal(bytes.data.length, sent.json.bytes);
      sizes[preset] = bytes;
    }
    assert.equal((await get(where, eve)).status, 404);
    assert.equal((await get(where)).status, 303);
    assert.equal((await desk.get(where)).status, 404, 'an administrator is nobody here');
  }
  assert.ok(sizes.dust.data.length < sizes.fried.data.length && sizes.fried.data.length < sizes.crunchy.data.length);
  const used = Object.values(sizes).reduce((sum, { data }) => sum + data.length, 0);
  assert.equal((await get('/api/me', ann)).json.storage_bytes, before + used, 'it fills the room of who sent it');
  // the same bytes as the public picture: deleting one leaves the other
  assert.deepEqual((await get(path(posted.json.image_url))).data, sizes.crunchy.data);
  await ann.call('DELETE', `/api/pictures/${posted.json.id}`);
  assert.equal((await get(path(posted.json.image_url))).status, 404, 'the public address is dead');
  const { id } = (await talk(bob, 'ann')).messages.find(({ content }) => content === 'crunchy');
  assert.deepEqual((await get(`/messages/${id}/full.jpg`, bob)).data, sizes.crunchy.data);
  // an ill preset, what is no picture, two of them; a picture needs no words
  assert.equal((await sendPicture(ann, 'bob', 'cat.jpg', { preset: 'thumbnail' })).status, 422);
  assert.equal((await ann.call('POST', '/api/messages', pictureForm(Buffer.from('none'), { to: 'bob' }))).status, 415);
  assert.equal((await ann.call('POST', '/api/messages', pictureForm([fixture('pictures/cat.jpg'), fixture('pictures/cat.jpg')], { to: 'bob' }))).status, 422);
  assert.equal((await sendPicture(ann, 'bob', 'paws.jpg')).status, 201);
});

test('what is sent eight times is written once', async () => {
  const browser = await new Browser(piclog).logIn(ann);
  const page = await browser.get('/messages/bob');
  const csrf = token(page), once = token(page, 'once');
  for (const body of [() => new URLSearchParams({ csrf, once, content: 'eightfold' }), () => pictureForm(fixture('pictures/paws.jpg'), { csrf, once, content: 'eightfold picture' })]) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.go('POST', '/messages/bob', { body: body() })));
    for (const answer of answers) assert.equal(answer.status, 303, answer.text);
  }
  const all = await words(bob, 'ann');
  for (const content of ['eightfold', 'eightfold picture']) assert.equal(all.filter((one) => one === content).length, 1);
  const key = { 'idempotency-key': 'k1' };
  const programs = await Promise.all(Array.from({ length: 8 }, () => write(ann, 'bob', 'by key', key)));
  assert.equal(new Set(programs.map(({ json }) => json.id)).size, 1);
  assert.equal((await write(ann, 'bob', 'other words', key)).status, 422);
});

test('a nudge is a line, once a minute, and can be switched off', async () => {
  const ida = piclog.person('ida'), ned = piclog.person('ned');
  assert.equal((await ned.call('POST', '/api/messages/ida/nudge')).status, 403, 'no way to begin');
  await follow(ida, 'ned');
  await write(ned, 'ida', 'hello');
  const answers = await Promise.all(Array.from({ length: 6 }, () => ned.call('POST', '/api/messages/ida/nudge')));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const { status, json } of answers.filter((answer) => answer.status !== 201)) {
    assert.equal(status, 409);
    assert.match(json.detail, /Once a minute/);
  }
  const line = (await talk(ida, 'ned')).messages[0];
  assert.deepEqual([line.is_nudge, line.author, line.content], [true, 'ned', '']);
  const browser = await new Browser(piclog).logIn(ida);
  assert.match((await browser.get('/messages/ned')).text, /<b>ned<\/b> nudged <b>ida<\/b>/);
  // deleting the line does not wind the clock back
  await ned.call('DELETE', `/api/messages/${line.id}`);
  assert.equal((await ned.call('POST', '/api/messages/ida/nudge')).status, 409);
  assert.equal((await browser.submit('/messages/ned/do', { do: 'nudge' }, { page: '/messages/ned' })).headers.location, '/messages/ned');
  await browser.submit('/settings/neighbours', { wall: 'look' });
  assert.equal((await get('/api/me', ida)).json.takes_nudges, false);
  const off = await ned.call('POST', '/api/messages/ida/nudge');
  assert.equal(off.status, 403);
  assert.match(off.json.detail, /takes no nudges/);
  assert.equal((await ida.call('PUT', '/api/me', { takes_nudges: true })).json.takes_nudges, true);
});

test('either of the two deletes a line or all of it, for both', async () => {
  const kim = piclog.person('kim'), lou = piclog.person('lou');
  await follow(kim, 'lou');
  const one = (await write(lou, 'kim', 'one')).json, two = (await sendPicture(lou, 'kim', 'peaks.jpg', { content: 'two' })).json;
  assert.equal((await eve.call('DELETE', `/api/messages/${one.id}`)).status, 404);
  assert.equal((await lou.call('DELETE', `/api/messages/${one.id}`)).status, 204);
  assert.deepEqual(await words(kim, 'lou'), ['two']);
  const browser = await new Browser(piclog).logIn(kim);
  assert.equal((await browser.submit('/messages/lou/do', { line: two.id }, { page: '/messages/lou' })).status, 303);
  assert.deepEqual(await words(lou, 'kim'), []);
  assert.equal((await get(path(two.image_url), lou)).status, 404);
  assert.equal((await get('/api/me', lou)).json.storage_bytes, 0);
  for (const content of ['three', 'four']) await write(lou, 'kim', content);
  assert.equal((await browser.submit('/messages/lou/do', { do: 'delete' }, { page: '/messages/lou' })).status, 422);
  assert.equal((await words(lou, 'kim')).length, 2);
  assert.equal((await browser.submit('/messages/lou/do', { do: 'delete', sure: '1' }, { page: '/messages/lou' })).headers.location, '/messages');
  for (const [who, name] of [[kim, 'lou'], [lou, 'kim']]) {
    assert.deepEqual(await words(who, name), []);
    assert.equal(await sees(who, name), undefined);
  }
  assert.equal((await kim.call('DELETE', '/api/messages/lou/all')).status, 404);
});

test('a block ends it in both directions', async () => {
  const sue = piclog.person('sue'), tom = piclog.person('tom');
  await follow(sue, 'tom');
  const { id, image_url: image } = (await sendPicture(tom, 'sue', 'paws.jpg', { content: 'look' })).json;
  const browser = await new Browser(piclog).logIn(sue);
  await browser.submit('/shun/tom', { kind: 'block' });
  for (const [who, name] of [[sue, 'tom'], [tom, 'sue']]) {
    assert.equal((await get(`/api/messages/${name}`, who)).status, 404);
    assert.equal(await sees(who, name), undefined);
    assert.equal((await write(who, name, 'again')).status, 404);
    assert.equal((await who.call('POST', `/api/messages/${name}/nudge`)).status, 404);
    assert.equal((await get(path(image), who)).status, 404);
  }
  assert.equal((await report(sue, id)).status, 200, 'what was received before can still be reported');
  await decide('dismiss', id);
});

test('a report shows the desk six lines, and their copy goes with the decision', async () => {
  const gus = piclog.person('gus'), hal = piclog.person('hal');
  await follow(gus, 'hal');
  await follow(hal, 'gus');
  const ids = [];
  for (let i = 0; i < 8; i++) ids.push((await write(i % 2 ? gus : hal, i % 2 ? 'hal' : 'gus', `line number ${i}`)).json.id);
  const shot = (await sendPicture(hal, 'gus', 'peaks.jpg', { content: 'the worst of it' })).json;
  await write(hal, 'gus', 'after the worst');
  // says so first; only who received it
  const browser = await new Browser(piclog).logIn(gus);
  assert.match((await browser.get(`/report/message/${shot.id}`)).text, /a copy of this message and the five before it/);
  for (const who of [hal, eve, boss]) {
    const other = await new Browser(piclog).logIn(who);
    assert.equal((await other.get(`/report/message/${shot.id}`)).status, 404);
    const csrf = token(await other.get('/settings/neighbours'));
    const sent = await other.go('POST', `/report/message/${shot.id}`, { body: new URLSearchParams({ csrf, reason: 'hate', note: '' }) });
    assert.equal(sent.status, 404);
  }
  assert.equal((await ask(piclog, 'GET', `/report/message/${shot.id}`)).status, 404);
  assert.equal((await decide('delete', shot.id)).status, 404, 'the desk decides about what was reported only');
  assert.equal((await report(gus, shot.id)).status, 200);
  // it stands there although both are deleted
  await hal.call('DELETE', `/api/messages/${shot.id}`);
  await gus.call('DELETE', '/api/messages/hal/all');
  const entry = await reported(shot.id);
  const { lines } = entry.message;
  assert.deepEqual(lines.map(({ content }) => content), ['line number 3', 'line number 4', 'line number 5', 'line number 6', 'line number 7', 'the worst of it']);
  assert.deepEqual(lines.map(({ is_reported: is }) => is), [false, false, false, false, false, true]);
  const page = await desk.get('/admin');
  assert.match(page.text, /line number 3/);
  assert.doesNotMatch(page.text, /line number 2|after the worst/);
  assert.doesNotMatch(page.text, /value="hide"[^]*message/);
  const image = lines[5].image_url;
  const bytes = await desk.get(image);
  assert.equal(bytes.headers['content-type'], 'image/jpeg');
  assert.match(bytes.headers['cache-control'], /no-store/);
  for (const who of [gus, hal, eve]) assert.ok([403, 404].includes((await get(image, who)).status));
  assert.equal((await decide('hide', shot.id)).status, 422);
  assert.equal((await decide('warn', shot.id)).status, 303);
  assert.equal(await reported(shot.id), undefined);
  assert.equal((await desk.get(image)).status, 404);
  assert.equal((await decide('warn', shot.id)).status, 404, 'decided is decided');
  // the next report has a copy of its own, of no more than there is
  const last = (await write(hal, 'gus', 'once more')).json;
  assert.equal((await report(gus, last.id)).status, 200);
  assert.deepEqual((await reported(last.id)).message.lines.map(({ content }) => content), ['once more']);
  assert.equal((await decide('dismiss', last.id)).status, 303);
});

test('the desk can delete a reported message, and nothing else', async () => {
  const rio = piclog.person('rio'), sam = piclog.person('sam');
  await follow(rio, 'sam');
  const bad = (await write(sam, 'rio', 'bad')).json, good = (await write(sam, 'rio', 'good')).json;
  await report(rio, bad.id);
  assert.equal((await decide('delete', good.id)).status, 404);
  assert.equal((await decide('delete', bad.id)).status, 303);
  assert.deepEqual(await words(rio, 'sam'), ['good']);
});

test('words that are not taken here are not sent; what would wait for a look is refused', async () => {
  for (const [word, action] of [['turnip', 'mask'], ['parsnip', 'hold'], ['swede', 'refuse']])
    await desk.submit('/admin/words', { words: word, action }, { page: '/admin/settings' });
  assert.equal((await write(ann, 'bob', 'a turnip')).status, 201);
  assert.doesNotMatch((await words(bob, 'ann'))[0], /turnip/);
  for (const content of ['a parsnip', 'a swede']) assert.equal((await write(ann, 'bob', content)).status, 422);
});

test('a token needs the right to messages', async () => {
  const browser = await new Browser(piclog).logIn(ann);
  const made = await browser.submit('/settings/tokens', { label: 'posts only', may_post: '1', may_change: '1' }, { page: '/settings/tokens' });
  const small = { token: /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] };
  assert.ok(small.token, made.text);
  assert.equal((await get('/api/me', small)).status, 200);
  for (const where of ['/messages', '/messages/bob', '/messages.json', '/api/messages', '/api/messages/bob', '/messages/1/full.jpg', '/settings/export'])
    assert.equal((await get(where, small)).status, 403, where);
  const call = (method, where, body) => ask(piclog, method, where, { headers: bearer(small), body });
  assert.equal((await call('POST', '/api/messages', { to: 'bob', content: 'x' })).status, 403);
  assert.equal((await call('DELETE', '/api/messages/1')).status, 403);
});

test('a token reports no more than it may do and read', async () => {
  const [kim, lou] = ['kat', 'leonie'].map((name) => piclog.person(name));
  await kim.call('POST', '/api/follows', { name: 'leonie' });
  const { json: { id } } = await lou.call('POST', '/api/messages', { to: 'kat', content: 'between us' });
  const { json: status } = await lou.call('POST', '/api/statuses', { content: 'for all' });
  const browser = await new Browser(piclog).logIn(kim);
  const token = async (rights) => /<code>([\w-]{43})</.exec((await browser.submit('/settings/tokens', { label: 'some', ...rights }, { page: '/settings/tokens' })).text)[1];
  const report = (secret, method, path) => ask(piclog, method, path, { headers: { authorization: `Bearer ${secret}` }, body: method === 'POST' ? new URLSearchParams({ reason: 'spam' }) : undefined });
  const read = await token({ may_read: '1' }), create = await token({ may_post: '1' });
  for (const [secret, method, path] of [[read, 'GET', `/report/message/${id}`], [read, 'POST', `/report/message/${id}`], [create, 'GET', `/report/message/${id}`], [create, 'POST', `/report/message/${id}`], [read, 'POST', `/report/status/${status.id}`]]) {
    const answer = await report(secret, method, path);
    assert.equal(answer.status, 403, `${method} ${path}`);
    assert.doesNotMatch(answer.text, /by leonie/);
  }
  assert.equal((await report(create, 'POST', `/report/status/${status.id}`)).status, 200);
  assert.equal((await report(kim.token, 'POST', `/report/message/${id}`)).status, 200);
});

test('pages go on by a cursor, and miss and repeat nothing', async () => {
  const host = piclog.person('host');
  await follow(host, 'ann');
  for (let i = 0; i < 45; i++) assert.equal((await write(ann, 'host', `line ${i}`)).status, 201);
  const seen = [];
  for (let next = '/api/messages/ann'; next;) {
    const page = (await get(next, host)).json;
    assert.ok(page.messages.length <= 20);
    seen.push(...page.messages.map(({ content }) => content));
    next = page.older_url;
  }
  assert.deepEqual(seen, Array.from({ length: 45 }, (_, i) => `line ${44 - i}`));
});

test('without scripts the page reloads itself when it is asked to, and holds no form then', async () => {
  const browser = await new Browser(piclog).logIn(ann);
  const page = await browser.get('/messages/bob');
  assert.doesNotMatch(page.text, /http-equiv="refresh"/);
  assert.match(page.text, /href="\/messages\/bob\?again=30"/);
  const again = await browser.get('/messages/bob?again=30');
  assert.match(again.text, /<meta http-equiv="refresh" content="30">/);
  assert.doesNotMatch(again.text, /<textarea/);
  assert.doesNotMatch((await browser.get('/messages/bob?again=1')).text, /http-equiv="refresh"/);
});

test('the export holds one’s own side and what one received', async () => {
  const rex = piclog.person('rex'), sid = piclog.person('sid'), uri = piclog.person('uri');
  await follow(rex, 'sid');
  await sendPicture(sid, 'rex', 'paws.jpg', { content: 'received by rex' });
  await write(rex, 'sid', 'written by rex');
  await write(uri, 'rex', 'not let in');
  const folder = mkdtempSync(join(tmpdir(), 'piclog-messages-'));
  const unpack = async (who) => {
    writeFileSync(join(folder, 'e.zip'), (await get('/settings/export', who)).data);
    execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', join(folder, 'e.zip'), join(folder, who.name)]);
    return JSON.parse(readFileSync(join(folder, who.name, 'messages.json'), 'utf8'));
  };
  const mine = await unpack(rex);
  assert.deepEqual(mine.written.map(({ content, recipient }) => [content, recipient]), [['written by rex', 'sid']]);
  assert.deepEqual(mine.received.map(({ content, author }) => [content, author]), [['received by rex', 'sid']]);
  assert.ok(readFileSync(join(folder, 'rex', mine.received[0].file)).length > 500);
  assert.deepEqual(await unpack(eve), { written: [], received: [] });
  execFileSync('rm', ['-r', folder]);
});

// Every address of the table, with every name and number that could lead there.
const patterns = () => [...readFileSync(join(root, 'src/app/routes.c'), 'utf8').matchAll(/\{METHOD_(GET|POST|PUT|DELETE), +"([^"]+)"/g)].map(([, method, pattern]) => ({ method, pattern }));

test('a third person, a token of theirs, nobody and the desk find nothing of it by any route', async () => {
  const secret = 'xylophagous-secret', alt = 'xylophagous-alt';
  const { id, image_url: image } = (await sendPicture(ann, 'bob', 'peaks.jpg', { content: secret, alt })).json;
  const bytes = (await get(path(image), bob)).data.toString('latin1').slice(200, 400);
  const all = patterns().filter(({ method }) => method === 'GET');
  assert.ok(all.length > 120 && all.some(({ pattern }) => pattern === '/messages/:id/full.jpg'));
  const places = new Set();
  for (const { pattern } of all) {
    if (pattern === '/metrics' || pattern === '/live') continue; // live.test.mjs has the stream
    for (const name of ['ann', 'bob'])
      for (const kind of ['message', 'messages', 'status'])
        for (const number of [id, 1]) {
          const where = pattern.replace(/:name/g, name).replace(/:id/g, number).replace(/:kind/g, kind).replace(/:size/g, 'full').replace(/:hash/g, 'ab12').replace(/:(tag|code|file|preset)/g, secret).replace('*', name);
          for (const one of [where, `${where}?q=${secret}&before=999999&by=ann&name=ann&url=${encodeURIComponent(`${piclog.origin}/messages/ann`)}`]) places.add(one);
          if (!/\.\w+$/.test(where)) places.add(`${where === '/' ? '/index' : where}.json`);
        }
  }
  const third = await new Browser(piclog).logIn(eve);
  const cookie = (browser) => [...browser.jar].map(([key, value]) => `${key}=${value}`).join('; ');
  const who = { nobody: {}, token: bearer(eve), session: { cookie: cookie(third) }, desk: { cookie: cookie(desk) }, 'token of the desk': bearer(boss) };
  const list = [...places];
  for (const [whose, headers] of Object.entries(who)) {
    let found = 0;
    for (let at = 0; at < list.length; at += 16)
      await Promise.all(list.slice(at, at + 16).map(async (where) => {
        const answer = await ask(piclog, 'GET', where, { headers });
        found += answer.status === 200;
        const text = answer.data.toString('latin1').replaceAll(encodeURIComponent(secret), '');
        const told = where.includes(secret) ? text.replaceAll(secret, '') : text;
        assert.ok(answer.status < 500, `${where}: ${answer.status}`);
        assert.ok(!told.includes(secret) && !told.includes(alt) && !text.includes(bytes), `${whose} reads it at ${where}`);
      }));
    assert.ok(found > 40, `${whose} found ${found} pages`);
  }
  // and by no method
  for (const { method, pattern } of patterns().filter((one) => one.method !== 'GET' && /message/.test(one.pattern))) {
    const where = pattern.replace(':name', 'bob').replace(':id', id);
    for (const [whose, headers] of Object.entries(who)) {
      const answer = await ask(piclog, method, where, { headers, ...(method === 'DELETE' ? {} : { body: { to: 'bob', content: 'from a third' } }) });
      assert.ok(!answer.text.includes(secret), `${whose}: ${method} ${where}`);
    }
  }
  assert.ok((await words(bob, 'ann')).includes(secret), 'it is still there');
});

test('who leaves takes all of it along, and what is deleted leaves the file', async () => {
  const leaver = piclog.person('leaver'), stays = piclog.person('stays');
  await follow(leaver, 'stays');
  await follow(stays, 'leaver');
  const shot = (await sendPicture(leaver, 'stays', 'sky.jpg', { content: 'Xenotarsosaurus writes', alt: 'Xenoceratops alt' })).json;
  const { data } = await get(path(shot.image_url), stays);
  const pieces = [0.3, 0.36, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72].map((at) => data.subarray(Math.floor(data.length * at), Math.floor(data.length * at) + 48));
  await write(stays, 'leaver', 'Yimenosaurus answers');
  const reportedOne = (await write(leaver, 'stays', 'Zapalasaurus insults')).json;
  await report(stays, reportedOne.id);
  const one = (await sendPicture(stays, 'leaver', 'peaks.jpg', { content: 'Quilmesaurus deleted' })).json;
  const gone = ['Xenotarsosaurus', 'Xenoceratops', 'Yimenosaurus', 'Zapalasaurus', 'Quilmesaurus', ...pieces];
  const held = () => readdirSync(piclog.data).flatMap((name) => {
    const bytes = readFileSync(join(piclog.data, name));
    return gone.filter((thing) => bytes.includes(thing)).map((thing) => `${thing} in ${name}`);
  });
  assert.ok(held().length >= 8, 'what is searched for can be found'); // a piece may lie across two pages
  await stays.call('DELETE', `/api/messages/${one.id}`);
  const closer = await new Browser(piclog).logIn(leaver);
  await closer.submit('/settings/close', { password: leaver.password, name: 'leaver' }, { page: '/settings/leave' });
  assert.equal((await get('/~leaver')).status, 404);
  assert.deepEqual((await lists(stays)).conversations, []);
  assert.equal(await reported(reportedOne.id), undefined);
  let left = held();
  for (let i = 0; left.length && i < 240; i++) {
    await new Promise((done) => setTimeout(done, 250));
    left = held();
  }
  assert.deepEqual(left, []);
});
