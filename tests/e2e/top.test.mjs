// The top eight: chosen and ordered by a form without a script and by the API, shown on one's page and in its room, and
// who is missing there for whom.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, boss, ann, browser;
const people = {};
before(async () => {
  piclog = await start(['--threads', '8']);
  boss = piclog.addUser('boss', undefined, '--admin');
  for (const name of ['ann', 'ben', 'cem', 'dot', 'eli', 'fay', 'gus', 'hal', 'ida', 'jon']) people[name] = piclog.person(name);
  ann = people.ann;
  browser = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());

const shown = async (user) => (await ask(piclog, 'GET', '/~ann.json', { headers: user ? bearer(user) : {} })).json.person.top.map(({ name }) => name);
const choose = (names) => ann.call('PUT', '/api/me/top', { names });
// The form as a browser without JavaScript sends it: eight fields of one name.
const send = async (names) => {
  const body = new URLSearchParams({ csrf: await browser.token('/settings/top') });
  for (let i = 0; i < Math.max(8, names.length); i++) body.append('names[]', names[i] ?? '');
  return browser.go('POST', '/settings/top', { body });
};

test('eight fields, those whom one follows offered, empty ones close up', async () => {
  await ann.call('POST', '/api/follows', { name: 'cem' });
  const form = (await browser.get('/settings/top')).text;
  assert.equal(form.match(/<input type="text"[^>]* name="names\[\]"/g).length, 8);
  assert.match(form, /<datalist id="choices">\n<option value="cem"><\/option>\n<\/datalist>/);
  assert.equal((await send(['', 'Cem', '', ' @ben ', '~dot'])).status, 303);
  assert.deepEqual(await shown(), ['cem', 'ben', 'dot']);
  assert.match((await browser.get('/settings/top')).text, /id="place_2" name="names\[\]" value="ben"/);
  assert.equal((await send(['dot', 'cem'])).status, 303);
  assert.deepEqual(await shown(), ['dot', 'cem'], 'the order is theirs');
  assert.equal((await send([])).status, 303);
  assert.deepEqual(await shown(), []);
  assert.doesNotMatch((await ask(piclog, 'GET', '/~ann')).text, /Top eight/);
});

test('what is wrong is named, and nothing changes', async () => {
  assert.equal((await choose(['ben'])).status, 200);
  for (const [names, reason] of [[['nobody'], /nobody called “nobody”/], [['ann'], /is you/], [['cem', 'CEM'], /twice/], [['no such name!'], /nobody called/], [['ben', 'cem', 'dot', 'eli', 'fay', 'gus', 'hal', 'ida', 'jon'], /too many people: 8/]]) {
    const answer = await choose(names);
    assert.equal(answer.status, 422, names.join());
    assert.match(answer.json.detail, reason);
    const form = await send(names);
    assert.equal(form.status, 422, names.join());
    if (names.length < 9) assert.ok(form.text.includes(`value="${names[0]}"`), 'what was typed is kept');
  }
  for (const body of [{}, { names: 'x'.repeat(300) }, { names: null }]) assert.equal((await ann.call('PUT', '/api/me/top', body)).status, 422);
  assert.deepEqual(await shown(), ['ben']);
});

test('the API sets, reads and empties it; a token for posting does not', async () => {
  const names = ['jon', 'ida', 'hal', 'gus', 'fay', 'eli', 'dot', 'cem'];
  assert.deepEqual((await choose(names)).json, { names });
  assert.deepEqual((await ann.call('GET', '/api/me/top')).json, { names });
  assert.deepEqual(await shown(), names);
  const page = await browser.submit('/settings/tokens', { label: 'poster', may_post: '1', may_change: '1' }, { page: '/settings' });
  const headers = { authorization: `Bearer ${/shown only now: <code>([^<]+)<\/code>/.exec(page.text)[1]}` };
  assert.equal((await ask(piclog, 'PUT', '/api/me/top', { headers, body: { names: ['ben'] } })).status, 403);
  assert.deepEqual((await ask(piclog, 'GET', '/api/me/top', { headers })).json, { names });
  assert.equal((await ask(piclog, 'PUT', '/api/me/top', { body: { names: ['ben'] } })).status, 401);
  const racing = await Promise.all(Array.from({ length: 8 }, (_, i) => choose(i % 2 ? names : ['ben', 'cem'])));
  for (const { status, text } of racing) assert.equal(status, 200, text);
  assert.ok([2, 8].includes((await shown()).length), 'one or the other, never a mixture');
  assert.deepEqual((await choose([])).json, { names: [] });
});

test('portraits stand on the page and in its room, and weigh instead of pictures', async () => {
  const form = pictureForm(fixture('pictures/cat.jpg'));
  assert.equal((await people.ben.call('POST', '/api/me/avatar', form)).status, 200);
  for (let i = 0; i < 21; i++) assert.equal((await ann.upload(fixture('pictures/squares.gif'), { caption: `${i}`, preset: 'dust' })).status, 201);
  await choose(['ben', 'cem']);
  await ann.call('PUT', '/api/me', { css: 'p { color: red }' });
  const { person, pictures, older_url: older } = (await ask(piclog, 'GET', '/~ann.json')).json;
  assert.deepEqual(person.top.map(({ name, avatar_url: url }) => [name, /^\/i\//.test(url)]), [['ben', true], ['cem', false]]);
  assert.deepEqual(Object.keys(person.top[0]).sort(), ['avatar_url', 'display_name', 'name']);
  assert.equal(pictures.length, 19);
  assert.equal((await ask(piclog, 'GET', older.replace('~ann?', '~ann.json?'))).json.pictures.length, 2);
  for (const path of ['/~ann', '/~ann/room']) {
    const { text } = await ask(piclog, 'GET', path, { headers: { 'sec-fetch-dest': path === '/~ann' ? 'document' : 'iframe' } });
    assert.match(text, /<ol class="top">\n<li><a href="\/~ben"><img src="\/i\/\w+\.jpg" width="128" height="128" loading="lazy" alt=""> ben<\/a><\/li>\n<li><a href="\/~cem"><i><\/i> cem<\/a><\/li>/, path);
  }
});

test('whoever blocks has no place, gives none, and is not seen by whom they block', async () => {
  await choose(['ben', 'cem', 'dot']);
  const dot = await new Browser(piclog).logIn(people.dot), eli = await new Browser(piclog).logIn(people.eli);
  await eli.submit('/shun/ann', { kind: 'mute' }); // no matter
  await dot.submit('/shun/eli', { kind: 'block' });
  for (const viewer of [undefined, people.ben]) assert.deepEqual(await shown(viewer), ['ben', 'cem', 'dot']);
  assert.deepEqual(await shown(people.eli), ['ben', 'cem']);
  const page = (await eli.get('/~ann')).text, room = /<iframe class="room" src="([^"]+)"/.exec(page)[1];
  assert.doesNotMatch(page, /href="\/~dot"/);
  assert.equal(room, '/~ann/room?without=8');
  assert.doesNotMatch((await eli.get(room, { headers: { 'sec-fetch-dest': 'iframe' } })).text, /href="\/~dot"/);
  assert.match((await eli.get(room, { headers: { 'sec-fetch-dest': 'iframe' } })).text, /href="\/~cem"/);
  for (const without of ['x', '-1', '99999999999999999999999', '']) assert.equal((await ask(piclog, 'GET', `/~ann/room?without=${without}`)).status, 200, without);
  await dot.submit('/shun/ann', { kind: 'block' });
  assert.deepEqual(await shown(), ['ben', 'cem'], 'a block ends the place');
  await dot.submit('/shun/ann', { kind: 'block', undo: '1' });
  assert.deepEqual(await shown(), ['ben', 'cem'], 'and it stays ended');
  await dot.submit('/shun/ann', { kind: 'block' });
  const refused = await choose(['dot']);
  assert.equal(refused.status, 422);
  assert.match(refused.json.detail, /nobody called “dot”/);
  await people.dot.call('PUT', '/api/me/top', { names: ['ben'] });
  await browser.submit('/shun/ben', { kind: 'block' });
  assert.deepEqual(await shown(), ['cem'], 'also by the owner');
});

test('who is banned or gone is not shown', async () => {
  await choose(['cem', 'fay', 'gus']);
  const desk = await new Browser(piclog).logIn(boss);
  const { id } = (await ask(piclog, 'GET', '/admin/people/cem.json', { headers: bearer(boss) })).json.person;
  await desk.submit('/admin/act', { action: 'ban', kind: 'person', id, reason: 'test' }, { page: '/admin/settings' });
  assert.deepEqual(await shown(), ['fay', 'gus']);
  assert.equal((await choose(['cem', 'fay'])).status, 422, 'nor chosen');
  const fay = await new Browser(piclog).logIn(people.fay);
  assert.equal((await fay.submit('/settings/close', { password: people.fay.password }, { page: '/settings' })).status, 303);
  assert.deepEqual(await shown(), ['gus']);
  await desk.submit('/admin/act', { action: 'unban', kind: 'person', id, reason: 'test' }, { page: '/admin/settings' });
  assert.deepEqual(await shown(), ['cem', 'gus']);
});
