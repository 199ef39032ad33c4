// Layouts: a style that is shared by name, tried on one's own page, taken as a copy; the list, moderation, withdrawal.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, start } from './piclog.mjs';

let piclog, boss, desk, ann, ben, cem, studio, other;
before(async () => {
  piclog = await start(['--threads', '8']);
  boss = piclog.addUser('boss', undefined, '--admin');
  desk = await new Browser(piclog).logIn(boss);
  [ann, ben, cem] = ['ann', 'ben', 'cem'].map(piclog.person);
  studio = await new Browser(piclog).logIn(ann);
  other = await new Browser(piclog).logIn(ben);
});
after(() => piclog.remove());

const list = async (user) => (await ask(piclog, 'GET', '/layouts.json', { headers: user ? bearer(user) : {} })).json.layouts;
const share = async (person, name, css = `/* ${name} */ p { color: red }`, line = '') => {
  const answer = await person.call('POST', '/api/layouts', { name, line, css });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const withdraw = async (person, id) => assert.equal((await person.call('DELETE', `/api/layouts/${id}`)).status, 204);
const frame = { 'sec-fetch-dest': 'iframe' };

test('a saved style is shared by a form, changed, and withdrawn', async () => {
  const none = await studio.submit('/settings/layouts', { name: 'Nothing', line: '' });
  assert.equal(none.status, 422);
  assert.match(none.text, /no style to share yet/);
  await studio.submit('/settings/style', { css: 'h1 { color: rgb(1, 2, 3) }', then: 'save' });
  assert.match((await studio.get('/settings/style')).text, /action="\/settings\/layouts"/);
  const done = await studio.submit('/settings/layouts', { name: 'Plaid <b>', line: 'All "squares"' }, { page: '/settings/style' });
  assert.equal(done.status, 303, done.text);
  const page = (await ask(piclog, 'GET', '/layouts')).text;
  assert.match(page, /Plaid &lt;b&gt;/);
  assert.match(page, /All &quot;squares&quot;/);
  const [layout] = await list();
  assert.deepEqual(Object.keys(layout).sort(), ['author', 'bytes', 'created_at', 'display_name', 'edited_at', 'id', 'is_held', 'is_hidden', 'line', 'name', 'url']);
  assert.equal(layout.bytes, 26);
  assert.equal((await ask(piclog, 'GET', `${layout.url}.json`)).json.layout.css, 'h1 { color: rgb(1, 2, 3) }');
  const form = `/settings/layouts/${layout.id}`;
  await studio.submit('/settings/style', { css: 'h1 { color: blue }', then: 'save' });
  assert.equal((await studio.submit(form, { name: 'Tartan', line: '', then: 'save' }, { page: '/settings/layouts' })).status, 303);
  assert.equal((await ask(piclog, 'GET', `${layout.url}.json`)).json.layout.css, 'h1 { color: rgb(1, 2, 3) }', 'the sheet stays');
  assert.equal((await studio.submit(form, { name: 'Tartan', line: '', with_style: '1', then: 'save' }, { page: '/settings/layouts' })).status, 303);
  const changed = (await ask(piclog, 'GET', `${layout.url}.json`)).json.layout;
  assert.deepEqual([changed.name, changed.line, changed.css], ['Tartan', '', 'h1 { color: blue }']);
  assert.ok(changed.edited_at >= changed.created_at);
  assert.equal((await other.submit(form, { name: 'Mine', line: '', then: 'save' }, { page: '/settings/layouts' })).status, 404);
  assert.equal((await other.submit(form, { then: 'withdraw' }, { page: '/settings/layouts' })).status, 404);
  assert.equal((await studio.submit(form, { then: 'withdraw' }, { page: '/settings/layouts' })).status, 303);
  assert.equal((await ask(piclog, 'GET', layout.url)).status, 404);
  assert.deepEqual(await list(), []);
});

test('trying one on: one’s own page in it, under the policy of a room; then a copy that nothing ties to it', async () => {
  const { id } = await share(ann, 'Night', 'body { background: url(/i/x.jpg) }</textarea><script>alert(1)</script>');
  const preview = await other.get(`/settings/style/preview?layout=${id}`);
  assert.match(preview.text, new RegExp(`<iframe class="room" src="/settings/style/room\\?layout=${id}" sandbox="allow-same-origin `));
  const room = await other.get(`/settings/style/room?layout=${id}`, { headers: frame });
  assert.match(room.text, new RegExp(`href="/settings/style/draft\\.css\\?layout=${id}"`));
  assert.match(room.text, /~ben/);
  assert.match(room.headers['content-security-policy'], /default-src 'none'.*sandbox allow-same-origin.*img-src data: \*:\*\/i\//);
  assert.doesNotMatch(room.headers['content-security-policy'], /script-src/);
  assert.equal((await other.get(`/settings/style/room?layout=${id}`, { headers: { 'sec-fetch-dest': 'document' } })).headers.location, `/settings/style/preview?layout=${id}`);
  const sheet = await other.get(`/settings/style/draft.css?layout=${id}`);
  assert.match(sheet.headers['content-type'], /^text\/css/);
  assert.equal(sheet.headers['cache-control'], 'no-store');
  assert.equal(sheet.text, ':root{--background:none;--avatar:none;}\nbody { background: url(/i/x.jpg) }</textarea><script>alert(1)</script>');
  assert.equal((await ask(piclog, 'GET', `/settings/style/draft.css?layout=${id}`)).status, 303, 'for people here only');
  const shown = await ask(piclog, 'GET', `/layouts/${id}`);
  assert.match(shown.text, /&lt;script&gt;alert/);
  assert.doesNotMatch(shown.text, /<script>alert/);

  const editor = await other.get(`/settings/style?layout=${id}`);
  assert.match(editor.text, /a copy of “Night” by ann/);
  assert.match(editor.text, /&lt;\/textarea&gt;&lt;script&gt;alert/);
  assert.equal((await ask(piclog, 'GET', '/~ben/style.css')).text, '', 'looking changes nothing');
  const { css } = (await ask(piclog, 'GET', `/layouts/${id}.json`)).json.layout;
  await other.submit('/settings/style', { css, then: 'preview' });
  assert.ok((await other.get('/settings/style/draft.css')).text.endsWith(css), 'the copy is a draft');
  await withdraw(ann, id);
  assert.ok((await other.get('/settings/style/draft.css')).text.endsWith(css), 'and stays');
  for (const path of ['/settings/style', '/settings/style/preview', '/settings/style/room', '/settings/style/draft.css']) assert.equal((await other.get(`${path}?layout=${id}`)).status, 404, path);
});

test('the API: made, changed, deleted; what is wrong is named', async () => {
  const made = await share(ann, 'Api', 'a { color: red }', 'line');
  assert.match(made.url, new RegExp(`/layouts/${made.id}$`));
  for (const [body, status, reason] of [[{ name: ' ' }, 422, /no name/], [{ name: 'x'.repeat(41) }, 422, /at most 40/], [{ line: 'x'.repeat(121) }, 422, /at most 120/], [{ css: 'x'.repeat(20001) }, 422, /20 000/], [{ css: ' ' }, 422, /no style/], [{ name: 'Api' }, 409, /exists already/]]) {
    const answer = await ann.call('POST', '/api/layouts', { name: 'n', line: 'l', css: 'c', ...body });
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.json.detail, reason);
  }
  const changed = await ann.call('PUT', `/api/layouts/${made.id}`, { name: 'Better' });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json.name, changed.json.line, changed.json.css], ['Better', 'line', 'a { color: red }']);
  assert.equal((await ann.call('PUT', `/api/layouts/${made.id}`, { css: 'b{}' })).json.css, 'b{}');
  assert.equal((await ben.call('PUT', `/api/layouts/${made.id}`, { name: 'Stolen' })).status, 403);
  assert.equal((await ben.call('DELETE', `/api/layouts/${made.id}`)).status, 404);
  assert.equal((await ask(piclog, 'POST', '/api/layouts', { body: { name: 'n', css: 'c' } })).status, 401);
  const page = await studio.submit('/settings/tokens', { label: 'poster', may_post: '1' }, { page: '/settings' });
  const headers = { authorization: `Bearer ${/shown only now: <code>([^<]+)<\/code>/.exec(page.text)[1]}` };
  assert.equal((await ask(piclog, 'PUT', `/api/layouts/${made.id}`, { headers, body: { name: 'x' } })).status, 403);
  assert.equal((await ask(piclog, 'DELETE', `/api/layouts/${made.id}`, { headers })).status, 403);
  const second = await ask(piclog, 'POST', '/api/layouts', { headers, body: { name: 'by token', css: 'c' } });
  assert.equal(second.status, 201);
  await withdraw(ann, made.id);
  await withdraw(ann, second.json.id);
});

test('sixteen of one person, eight sends of one form make one', async () => {
  await other.submit('/settings/style', { css: 'p{}', then: 'save' });
  const page = (await other.get('/settings/layouts')).text;
  const [csrf, once] = ['csrf', 'once'].map((name) => new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page)[1]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => other.go('POST', '/settings/layouts', { body: new URLSearchParams({ csrf, once, name: 'one', line: '' }) })));
  for (const { status, text } of answers) assert.equal(status, 303, text);
  assert.equal((await list()).length, 1);
  for (let i = 1; i < 16; i++) await share(ben, `number ${i}`);
  const refused = await ben.call('POST', '/api/layouts', { name: 'too many', css: 'p{}' });
  assert.equal(refused.status, 422);
  assert.match(refused.json.detail, /^You share 16 layouts already/);
  for (let i = 0; i < 5; i++) await share(cem, `of cem ${i}`);
  const first = (await ask(piclog, 'GET', '/layouts.json')).json, second = (await ask(piclog, 'GET', first.older_url.replace('?', '.json?'))).json;
  assert.deepEqual([first.layouts.length, second.layouts.length, second.older_url], [20, 1, null]);
  assert.equal(first.layouts[0].name, 'of cem 4', 'the newest is first');
  for (const { id, author } of [...first.layouts, ...second.layouts]) await withdraw(author === 'ben' ? ben : cem, id);
});

test('blocked, muted and banned: out of the list, and for the blocked not there at all', async () => {
  const { id } = await share(ann, 'Secretive');
  await studio.submit('/shun/ben', { kind: 'block' });
  assert.deepEqual(await list(ben), []);
  for (const path of [`/layouts/${id}`, `/settings/style?layout=${id}`, `/settings/style/draft.css?layout=${id}`]) assert.equal((await other.get(path)).status, 404, path);
  assert.equal((await list(cem)).length, 1);
  await studio.submit('/shun/ben', { kind: 'block', undo: '1' });
  await other.submit('/shun/ann', { kind: 'mute' });
  assert.deepEqual(await list(ben), []);
  assert.equal((await other.get(`/layouts/${id}`)).status, 200);
  await other.submit('/shun/ann', { kind: 'mute', undo: '1' });
  const person = (await ask(piclog, 'GET', '/admin/people/ann.json', { headers: bearer(boss) })).json.person.id;
  const judge = (action) => desk.submit('/admin/act', { action, kind: 'person', id: person, reason: 'test' }, { page: '/admin/settings' });
  for (const [action, undo, page] of [['mute', 'unmute', 200], ['ban', 'unban', 404]]) {
    await judge(action);
    assert.deepEqual(await list(), [], action);
    assert.equal((await ask(piclog, 'GET', `/layouts/${id}`)).status, page, action);
    await judge(undo);
    assert.equal((await list()).length, 1, undo);
  }
  await withdraw(ann, id);
});

test('anybody reports one; the desk hides, shows and deletes it; words are held, also in the sheet', async () => {
  const { id } = await share(ann, 'Loud', 'p { color: magenta }');
  const where = `/report/layout/${id}`, visitor = await ask(piclog, 'GET', where);
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(visitor.text)[1];
  assert.equal((await ask(piclog, 'POST', where, { body: new URLSearchParams({ csrf, reason: 'hate', note: '' }) })).status, 200);
  const { reports } = (await ask(piclog, 'GET', '/admin.json', { headers: bearer(boss) })).json;
  assert.deepEqual(reports.map(({ kind, layout }) => [kind, layout.css]), [['layout', 'p { color: magenta }']]);
  const decide = (action) => desk.submit('/admin/act', { action, kind: 'layout', id, reason: 'test' }, { page: '/admin/settings' });
  await decide('hide');
  assert.deepEqual(await list(), []);
  assert.equal((await ask(piclog, 'GET', `/layouts/${id}`)).status, 404);
  assert.equal((await other.get(`/settings/style/draft.css?layout=${id}`)).status, 404);
  assert.match((await studio.get('/settings/layouts')).text, /it was hidden/);
  await decide('unhide');
  assert.equal((await list()).length, 1);
  await decide('delete');
  assert.equal((await studio.get(`/layouts/${id}`)).status, 404);
  await desk.submit('/admin/words', { words: 'casino', action: 'hold' }, { page: '/admin/settings' });
  assert.equal((await ann.call('POST', '/api/layouts', { name: 'fine', css: '/* the casino */ p{}' })).status, 422);
  const held = await share(ann, 'casino', 'p{}');
  assert.equal(held.is_held, true);
  assert.deepEqual(await list(), []);
  const queue = (await ask(piclog, 'GET', '/admin.json', { headers: bearer(boss) })).json.held;
  assert.deepEqual(queue.map(({ kind, layout }) => [kind, layout.name]), [['layout', 'casino']]);
  await desk.submit('/admin/act', { action: 'approve', kind: 'layout', id: held.id, reason: '' }, { page: '/admin/settings' });
  assert.equal((await list()).length, 1);
  await withdraw(ann, held.id);
});

test('withdrawn, overwritten, or of a closed account: gone from the file', async () => {
  const dot = piclog.person('dot'), { id } = await share(ann, 'Brachylayout', '/* Allosheet */ p{}', 'Iguanoline');
  await share(dot, 'Ceratolayout', '/* Dilophosheet */ p{}');
  const later = await share(ann, 'Later', '/* Triceratext */ p{}');
  const words = ['Brachylayout', 'Allosheet', 'Iguanoline', 'Ceratolayout', 'Dilophosheet', 'Triceratext'];
  const traces = () => words.filter((word) => ['', '-wal', '-shm'].map((ending) => join(piclog.data, `piclog.db${ending}`)).some((path) => existsSync(path) && readFileSync(path).includes(word)));
  assert.deepEqual(traces(), words);
  await withdraw(ann, id);
  assert.equal((await ann.call('PUT', `/api/layouts/${later.id}`, { css: 'q{}' })).status, 200);
  const browser = await new Browser(piclog).logIn(dot);
  assert.equal((await browser.submit('/settings/close', { password: dot.password }, { page: '/settings' })).status, 303);
  for (let i = 0; traces().length && i < 60; i++) await new Promise((done) => setTimeout(done, 1000));
  assert.deepEqual(traces(), []);
});
