// What administrators decide is decided once: eight sends at the same moment of every form of theirs make one line in the
// log, tell the person one time, and get the same answer. What anybody else sends twice: once.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, fixture, start } from './piclog.mjs';

const SENDS = 8;
let piclog, desk, potato;
before(async () => {
  piclog = await start(['--threads', '8']);
  desk = await new Browser(piclog).logIn(piclog.addUser('boss', undefined, '--admin'));
  potato = piclog.person('potato');
});
after(() => piclog.remove());

const json = async (path) => (await desk.get(`${path}.json`)).json;
const log = async () => (await json('/admin/audit')).log;
const told = async () => (await json('/admin/people/potato')).decisions.length;

// Sends a form eight times at once, as its page has it, and once more by itself: all lead to the same place, and the
// newest lines of the log are `lines`, all that were added. Returns what the last answer has to say.
async function sendTwice(path, fields, lines, { page = path, to } = {}) {
  const found = await desk.get(page);
  const keys = {};
  for (const name of ['csrf', 'once']) keys[name] = new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(found.text)?.[1];
  assert.match(keys.once ?? '', /^[0-9a-f]{32}$/, page);
  const before = (await log())[0]?.id ?? 0;
  const send = () => desk.go('POST', path, { body: new URLSearchParams({ ...keys, ...fields }) });
  const answers = await Promise.all(Array.from({ length: SENDS }, send));
  answers.push(await send());
  for (const answer of answers) {
    assert.equal(answer.status, 303, `${path}: ${answer.text}`);
    assert.equal(answer.headers.location, to);
  }
  const added = (await log()).filter(({ id }) => id > before);
  assert.deepEqual(added.map(({ action }) => action).reverse(), lines, path);
  return /class="box notice" role="status">([^<]*)/.exec((await desk.get(to)).text)?.[1];
}
const act = (action, kind, id, more = {}) =>
  sendTwice('/admin/act', { action, kind, id, reason: 'because of a test', ...more }, [action], { page: '/admin/settings', to: '/admin' });
const person = async (name = 'potato') => (await json(`/admin/people/${name}`)).person;

test('over a post: hide, unhide, approve, delete, block', async () => {
  const { id } = (await potato.call('POST', '/api/statuses', { content: 'buy my pills' })).json;
  const before = await told();
  assert.match(await act('hide', 'status', id), /sent twice, and done and written down once: hide/);
  assert.equal(await told(), before + 1);
  assert.equal((await ask(piclog, 'GET', `/statuses/${id}`)).status, 404);
  await act('unhide', 'status', id);
  assert.equal((await ask(piclog, 'GET', `/statuses/${id}`)).status, 200);
  await act('delete', 'status', id);
  assert.equal(await told(), before + 3);
  const ruder = (await potato.upload(fixture('pictures/cat.jpg'), { caption: 'ruder' })).json;
  await act('delete', 'picture', ruder.id);
  assert.equal((await ask(piclog, 'GET', `/p/${ruder.id}`)).status, 404);
  const picture = (await potato.upload(fixture('pictures/spices.jpg'), { caption: 'rude' })).json;
  await act('block', 'picture', picture.id);
  assert.equal(await told(), before + 5);
  const { pictures } = await json('/admin/blocked');
  assert.equal(pictures.length, 1);
  await sendTwice(`/admin/blocked/${pictures[0].id}/remove`, {}, ['unblock picture'], { page: '/admin/blocked', to: '/admin/blocked' });
  assert.equal((await json('/admin/blocked')).pictures.length, 0);
  // as soon as the answer is there, the list in memory is the new one
  assert.equal((await potato.upload(fixture('pictures/spices.jpg'), { caption: 'not rude' })).status, 201);
});

test('over a report: sent eight times it counts once, dismissed eight times it is one line', async () => {
  const page = await ask(piclog, 'GET', '/report/person/potato');
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
  const report = () => ask(piclog, 'POST', '/report/person/potato', { body: new URLSearchParams({ csrf, reason: 'spam' }) });
  for (const answer of await Promise.all(Array.from({ length: SENDS }, report))) assert.equal(answer.status, 200);
  const { reports } = await json('/admin');
  assert.deepEqual(reports.map(({ kind, times, notes }) => [kind, times, notes.length]), [['person', 1, 1]]);
  await act('dismiss', 'person', reports[0].subject_id);
  assert.equal((await json('/admin')).report_count, 0);
});

test('over a person: warn, mute, suspend, ban, and all of it taken back', async () => {
  const { id } = await person();
  let count = await told();
  for (const action of ['warn', 'mute', 'unmute', 'suspend', 'unsuspend', 'ban', 'unban']) {
    await act(action, 'person', id, action === 'suspend' ? { days: '3' } : {});
    assert.equal(await told(), ++count, action);
  }
  await act('trust', 'person', id, { reason: '' });
  const found = await person();
  assert.deepEqual([found.is_muted, found.is_suspended, found.is_banned, found.is_trusted], [false, false, false, true]);
});

test('whoever goes back and sends again is not told that it was done now', async () => {
  const { id } = await person();
  const page = await desk.get('/admin/people/potato');
  const keys = { csrf: /name="csrf" value="(\w+)"/.exec(page.text)[1], once: /name="once" value="(\w+)"/.exec(page.text)[1] };
  const send = async (action) => {
    await desk.go('POST', '/admin/act', { body: new URLSearchParams({ ...keys, action, kind: 'person', id, reason: 'x', back: 'potato' }) });
    return /class="box notice" role="status">([^<]*)/.exec((await desk.get('/admin/people/potato')).text)?.[1];
  };
  assert.equal(await send('mute'), 'Done and written down: mute.');
  assert.equal(await send('unmute'), 'Done and written down: unmute.');
  assert.match(await send('mute'), /sent twice/);
  assert.equal((await person()).is_muted, false);
});

test('an appeal is answered once', async () => {
  const { id } = await person();
  await act('warn', 'person', id);
  const reader = await new Browser(piclog).logIn(potato);
  await reader.submit('/standing/appeal', { words: 'it was not me' }, { page: '/standing' });
  const [appeal] = (await json('/admin')).appeals;
  const before = await told();
  await sendTwice(`/admin/appeals/${appeal.id}`, { answer: 'so be it', lift: '1' }, ['appeal granted'], { page: '/admin', to: '/admin' });
  assert.equal(await told(), before + 1);
});

test('a branch is cut once', async () => {
  const inviter = await new Browser(piclog).logIn(potato);
  const link = /(\/join\/[^<"]+)/.exec((await inviter.submit('/settings/invites', {}, { page: '/settings' })).text)[1];
  assert.equal((await new Browser(piclog).submit(link, { name: 'chip', password: 'chip has a password' })).status, 200);
  const before = await told();
  const path = '/admin/people/potato/branch';
  const notice = await sendTwice(path, { action: 'suspend', reason: 'bad fruit', days: '2', sure: '1' }, ['suspend', 'suspend'], { to: '/admin/people/potato' });
  assert.match(notice, /sent twice, and done once. Cut: 2 people/);
  assert.equal(await told(), before + 1);
  assert.equal((await json('/admin/people/chip')).decisions.length, 1);
  await act('unsuspend', 'person', (await person()).id);
});

test('quotas, settings and words: what is so already is not decided anew', async () => {
  await sendTwice('/admin/people/potato/quota', { megabytes: '5' }, ['quota'], { page: '/admin/people/potato', to: '/admin/people/potato' });
  assert.equal((await person()).quota_bytes, 5000000);
  const settings = { new_accounts: 'review', new_quota_kb: '700' };
  await sendTwice('/admin/settings', settings, ['setting', 'setting'], { to: '/admin/settings' });
  await sendTwice('/admin/settings', { ...settings, new_quota_kb: '800' }, ['setting'], { to: '/admin/settings' });
  const page = '/admin/settings', to = '/admin/settings#words';
  await sendTwice('/admin/words', { words: 'casino\npills', action: 'refuse' }, ['block word', 'block word'], { page, to });
  await sendTwice('/admin/words', { words: 'casino\npills', action: 'mask' }, ['block word', 'block word'], { page, to });
  const { words } = await json('/admin/settings');
  assert.deepEqual(words.map(({ word, action }) => [word, action]), [['casino', 'mask'], ['pills', 'mask']]);
  await sendTwice(`/admin/words/${words[0].id}/remove`, {}, ['unblock word'], { page, to });
  // as soon as the answer is there, the list in memory is the new one
  const said = await potato.call('POST', '/api/statuses', { content: 'casino pills' });
  assert.equal(said.json.content, 'casino *****', said.text);
});
