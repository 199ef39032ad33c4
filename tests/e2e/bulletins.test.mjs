// Bulletins: pinned up by form and API for whoever follows, seen by nobody else, reported, hidden, ended, and gone.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, start } from './piclog.mjs';

let piclog, boss, desk, ann, ben, cem, board;
before(async () => {
  piclog = await start(['--threads', '8']);
  boss = piclog.addUser('boss', undefined, '--admin');
  desk = await new Browser(piclog).logIn(boss);
  [ann, ben, cem] = ['ann', 'ben', 'cem'].map(piclog.person); // ben follows ann, cem follows nobody
  assert.equal((await ben.call('POST', '/api/follows', { name: 'ann' })).status, 201);
  board = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());

const pin = async (person, subject, more = {}) => {
  const answer = await person.call('POST', '/api/bulletins', { subject, content: `All about *${subject}*`, days: 5, ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const subjects = async (person) => (await person.call('GET', '/bulletins.json')).json.bulletins.map(({ subject }) => subject);
const clear = async (person) => {
  for (const { id, is_own: own } of (await person.call('GET', '/bulletins.json')).json.bulletins) if (own) assert.equal((await person.call('DELETE', `/api/bulletins/${id}`)).status, 204);
};
const decide = (action, id, reason = 'because of a test') => desk.submit('/admin/act', { action, kind: 'bulletin', id, reason }, { page: '/admin/settings' });

test('a form without a script pins one up; followers read it as Markdown, on the board and among friends', async () => {
  const page = await board.get('/bulletins');
  assert.match(page.text, /Anyone here may follow you, and so read it/);
  const answer = await board.submit('/bulletins', { subject: 'Soup <today>', content: 'It is **ready**.\n\n<script>alert(1)</script>', days: '1' });
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.headers.location, '/bulletins');
  const reader = await new Browser(piclog).logIn(ben);
  for (const path of ['/bulletins', '/friends']) {
    const { text } = await reader.get(path);
    assert.match(text, /Soup &lt;today&gt;/, path);
    assert.match(text, /<strong>ready<\/strong>/, path);
    assert.doesNotMatch(text, /<script>alert/, path);
    assert.doesNotMatch(text, /Take it down/, path);
  }
  const [one] = (await ben.call('GET', '/bulletins.json')).json.bulletins;
  assert.deepEqual(Object.keys(one).sort(), ['author', 'content', 'created_at', 'display_name', 'ends_at', 'id', 'is_held', 'is_hidden', 'is_own', 'subject', 'url']);
  assert.equal(one.ends_at - one.created_at, 86400);
  assert.equal((await reader.get(one.url)).status, 200);
  assert.match((await board.get('/bulletins')).text, /Take it down/);
  assert.equal((await board.submit(`/bulletins/${one.id}/delete`, {}, { page: '/bulletins' })).status, 303);
  assert.deepEqual(await subjects(ben), []);
});

test('nobody else reads it: neither who does not follow, nor the signed out, nor the blocked; whoever mutes does not see it', async () => {
  const { id, url } = await pin(ann, 'for few');
  assert.equal(new URL(url).pathname, `/bulletins/${id}`);
  assert.deepEqual(await subjects(ben), ['for few']);
  for (const path of [`/bulletins/${id}.json`, `/api/bulletins/${id}`, `/report/bulletin/${id}`]) {
    assert.equal((await ben.call('GET', path)).status, 200, path);
    assert.equal((await cem.call('GET', path)).status, 404, path);
  }
  assert.deepEqual(await subjects(cem), []);
  assert.equal((await ask(piclog, 'GET', '/bulletins')).headers.location, '/login?next=/bulletins');
  assert.equal((await ask(piclog, 'GET', '/bulletins.json')).status, 401);
  assert.equal((await ask(piclog, 'GET', `/report/bulletin/${id}`)).status, 404);
  for (const path of ['/', '/~ann', '/feed.atom', '/~ann/feed.json', '/search?q=few', '/~ann.json']) assert.doesNotMatch((await ask(piclog, 'GET', path)).text.replace(/q=few|value="few"/g, ''), /for few/, path);
  assert.equal((await cem.call('DELETE', `/api/bulletins/${id}`)).status, 404);
  assert.equal((await ben.call('DELETE', `/api/bulletins/${id}`)).status, 404);
  const reader = await new Browser(piclog).logIn(ben);
  await reader.submit('/shun/ann', { kind: 'mute' });
  assert.deepEqual(await subjects(ben), []);
  await reader.submit('/shun/ann', { kind: 'mute', undo: '1' });
  assert.deepEqual(await subjects(ben), ['for few']);
  await board.submit('/shun/ben', { kind: 'block' });
  assert.deepEqual(await subjects(ben), []);
  assert.equal((await ben.call('GET', `/api/bulletins/${id}`)).status, 404);
  await board.submit('/shun/ben', { kind: 'block', undo: '1' });
  assert.deepEqual(await subjects(ben), [], 'a block has ended the following');
  assert.equal((await ben.call('POST', '/api/follows', { name: 'ann' })).status, 201);
  assert.deepEqual(await subjects(ben), ['for few']);
  await clear(ann);
});

test('what is wrong is named, in the form with what was typed', async () => {
  for (const [body, reason] of [[{ subject: ' ' }, /no subject/], [{ subject: 'x'.repeat(81) }, /subject.*at most 80/], [{ content: '' }, /empty/], [{ content: '🥔'.repeat(2001) }, /bulletin.*at most 2000/], ...[2, '', '1 '].map((days) => [{ days }, /1, 5 or 10 days/])]) {
    const answer = await ann.call('POST', '/api/bulletins', { subject: 's', content: 'c', days: 1, ...body });
    assert.equal(answer.status, 422, JSON.stringify(body).slice(0, 50));
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.match(answer.json.detail, reason);
  }
  const again = await board.submit('/bulletins', { subject: 'kept as "typed"', content: 'y'.repeat(2001), days: '10' });
  assert.equal(again.status, 422);
  assert.match(again.text, /value="kept as &quot;typed&quot;"/);
  assert.match(again.text, /value="10" checked/);
  assert.match(again.text, /at most 2000/);
  assert.deepEqual(await subjects(ann), []);
});

test('five hang at a time, and one that is sent eight times hangs once', async () => {
  const page = (await board.get('/bulletins')).text;
  const [csrf, once] = ['csrf', 'once'].map((name) => new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page)[1]);
  const body = () => new URLSearchParams({ csrf, once, subject: 'once', content: 'only', days: '5' });
  const answers = await Promise.all(Array.from({ length: 8 }, () => board.go('POST', '/bulletins', { body: body() })));
  for (const { status, text } of answers) assert.equal(status, 303, text);
  assert.deepEqual(await subjects(ann), ['once']);
  const racing = await Promise.all(Array.from({ length: 8 }, (_, i) => ann.call('POST', '/api/bulletins', { subject: `racing ${i}`, content: 'c', days: 1 })));
  assert.equal(racing.filter(({ status }) => status === 201).length, 4);
  const refused = racing.find(({ status }) => status !== 201);
  assert.equal(refused.status, 422);
  assert.match(refused.json.detail, /^5 bulletins of yours hang already/);
  await clear(ann);
});

test('a token that may only post posts and reads, and takes nothing down', async () => {
  const page = await board.submit('/settings/tokens', { label: 'poster', may_post: '1' }, { page: '/settings' });
  const token = /shown only now: <code>([^<]+)<\/code>/.exec(page.text)[1];
  const call = (method, path, body) => ask(piclog, method, path, { headers: { authorization: `Bearer ${token}` }, body });
  const made = await call('POST', '/api/bulletins', { subject: 'by token', content: 'c', days: 1 });
  assert.equal(made.status, 201);
  assert.equal((await call('GET', '/bulletins.json')).json.bulletins.length, 1);
  assert.equal((await call('DELETE', `/api/bulletins/${made.json.id}`)).status, 403);
  assert.equal((await call('POST', '/bulletins', new URLSearchParams({ subject: 'x', content: 'c', days: '1' }))).status, 403);
  await clear(ann);
});

test('a report reaches the desk, which hides, deletes and approves; words are held and masked', async () => {
  const { id } = await pin(ann, 'pills');
  const reader = await new Browser(piclog).logIn(ben);
  assert.equal((await reader.submit(`/report/bulletin/${id}`, { reason: 'spam', note: 'look' })).status, 200);
  const { reports } = (await ask(piclog, 'GET', '/admin.json', { headers: bearer(boss) })).json;
  assert.deepEqual(reports.map(({ kind, bulletin }) => [kind, bulletin.subject]), [['bulletin', 'pills']]);
  assert.match((await desk.get('/admin')).text, /All about <em>pills<\/em>/);
  await decide('hide', id);
  assert.deepEqual(await subjects(ben), []);
  assert.deepEqual((await ann.call('GET', '/bulletins.json')).json.bulletins.map(({ is_hidden: hidden }) => hidden), [true], 'its author is told');
  await decide('unhide', id);
  assert.deepEqual(await subjects(ben), ['pills']);
  await decide('delete', id);
  assert.deepEqual(await subjects(ann), []);

  await desk.submit('/admin/words', { words: 'casino', action: 'hold' }, { page: '/admin/settings' });
  await desk.submit('/admin/words', { words: 'turnip', action: 'mask' }, { page: '/admin/settings' });
  await desk.submit('/admin/words', { words: 'potion', action: 'refuse' }, { page: '/admin/settings' });
  assert.equal((await ann.call('POST', '/api/bulletins', { subject: 'x', content: 'a potion', days: 1 })).status, 422);
  assert.doesNotMatch((await pin(ann, 'the turnip')).subject, /turnip/);
  await clear(ann);
  const held = await pin(ann, 'a casino');
  assert.equal(held.is_held, true);
  assert.deepEqual(await subjects(ben), []);
  assert.deepEqual((await ask(piclog, 'GET', '/admin.json', { headers: bearer(boss) })).json.held.map(({ kind, subject_id: subject }) => [kind, subject]), [['bulletin', held.id]]);
  await decide('approve', held.id);
  assert.deepEqual(await subjects(ben), ['a casino']);
  await clear(ann);
});

test('who is muted, suspended or banned is not read', async () => {
  await pin(ann, 'still here');
  const { id } = (await ask(piclog, 'GET', '/admin/people/ann.json', { headers: bearer(boss) })).json.person;
  const judge = (action) => desk.submit('/admin/act', { action, kind: 'person', id, reason: 'test' }, { page: '/admin/settings' });
  for (const [action, undo] of [['mute', 'unmute'], ['ban', 'unban']]) {
    await judge(action);
    assert.deepEqual(await subjects(ben), [], action);
    await judge(undo);
    assert.deepEqual(await subjects(ben), ['still here'], undo);
  }
  await judge('mute');
  await clear(ann);
  await pin(ann, 'said while muted');
  assert.deepEqual(await subjects(ben), []);
  await judge('unmute');
  await clear(ann);
});

test('pages are cut by a cursor', async () => {
  const crowd = Array.from({ length: 5 }, (_, i) => piclog.person(`crowd${i}`));
  for (const person of crowd) {
    await cem.call('POST', '/api/follows', { name: person.name });
    for (let i = 0; i < 5; i++) await pin(person, `${person.name} ${i}`);
  }
  const first = (await cem.call('GET', '/bulletins.json')).json;
  assert.equal(first.bulletins.length, 20);
  const second = (await cem.call('GET', first.older_url.replace('/bulletins?', '/bulletins.json?'))).json;
  assert.equal(second.bulletins.length, 5);
  assert.equal(second.older_url, null);
  assert.equal(new Set([...first.bulletins, ...second.bulletins].map(({ id }) => id)).size, 25);
});

test('a closed account takes its bulletins along, and what was taken down is gone from the file', async () => {
  const dot = piclog.person('dot');
  await pin(dot, 'Brachiosaurus', { content: 'Allosaurusword' });
  await pin(ann, 'Iguanodonword', { content: 'Ceratosaurusword' });
  const words = ['Brachiosaurus', 'Allosaurusword', 'Iguanodonword', 'Ceratosaurusword'];
  const traces = () => words.filter((word) => ['', '-wal', '-shm'].map((ending) => join(piclog.data, `piclog.db${ending}`)).some((path) => existsSync(path) && readFileSync(path).includes(word)));
  assert.deepEqual(traces(), words);
  await clear(ann);
  const browser = await new Browser(piclog).logIn(dot);
  assert.equal((await browser.submit('/settings/close', { password: dot.password }, { page: '/settings' })).status, 303);
  for (let i = 0; traces().length && i < 60; i++) await new Promise((done) => setTimeout(done, 1000));
  assert.deepEqual(traces(), []);
});
