// Walls, guestbooks and pokes: who may write, who sees what, what waits for a look, and that nothing is done twice.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, boss, ann, bob, eve, desk;
before(async () => {
  piclog = await start(['--threads', '8']);
  boss = piclog.addUser('boss', undefined, '--admin');
  for (const name of ['ann', 'bob', 'eve']) piclog[name] = piclog.person(name);
  ({ ann, bob, eve } = piclog);
  desk = await new Browser(piclog).logIn(boss);
});
after(() => piclog.remove());

const path = (url) => new URL(url).pathname;
const get = (where, user) => ask(piclog, 'GET', where, { headers: user ? bearer(user) : {} });
const wall = async (name, user) => (await get(`/~${name}/wall.json`, user)).json;
const words = async (name, user) => (await wall(name, user)).entries.map(({ content }) => content);
const write = (user, name, body, headers) => user.call('POST', `/api/wall/${name}`, body, headers);
const reach = async (user, body) => {
  const answer = await user.call('PUT', '/api/me', body);
  assert.equal(answer.status, 200, answer.text);
  for (const [key, value] of Object.entries(body)) assert.equal(answer.json[key], value, key);
};
const decide = (action, kind, id, more = {}) =>
  desk.submit('/admin/act', { action, kind, id, reason: 'because of a test', ...more }, { page: '/admin/settings' });
const token = (page) => /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
// A visitor without cookies.
const sign = async (where, fields, { localAddress } = {}) => {
  const page = await ask(piclog, 'GET', where, { localAddress });
  assert.equal(page.status, 200);
  assert.deepEqual(page.setCookie, []);
  return ask(piclog, 'POST', `${where}/sign`, { localAddress, body: new URLSearchParams({ csrf: token(page), ...fields }) });
};

test('by default a wall takes from everybody here, after a look', async () => {
  const sent = await write(bob, 'ann', { content: 'hello ann' });
  assert.equal(sent.status, 202, sent.text);
  assert.equal(sent.json.is_waiting, true);
  assert.equal(sent.json.author, 'bob');
  const { id } = sent.json;
  assert.deepEqual(await words('ann'), []);
  assert.deepEqual(await words('ann', eve), []);
  assert.deepEqual(await words('ann', bob), ['hello ann'], 'whoever wrote it sees it');
  const own = await wall('ann', ann);
  assert.deepEqual(own.entries, []);
  assert.deepEqual(own.waiting.map(({ content }) => content), ['hello ann']);
  assert.deepEqual((await wall('ann', bob)).waiting, [], 'what waits is the owner’s to see');
  for (const who of [undefined, eve]) assert.equal((await get(`/api/wall/${id}`, who)).status, 404);
  for (const who of [ann, bob]) assert.equal((await get(`/api/wall/${id}`, who)).status, 200);
  // only its owner lets it in
  for (const who of [bob, eve]) assert.equal((await who.call('PUT', `/api/wall/${id}`)).status, 404);
  assert.equal((await ask(piclog, 'PUT', `/api/wall/${id}`)).status, 401);
  for (let i = 0; i < 2; i++) assert.equal((await ann.call('PUT', `/api/wall/${id}`)).json.is_waiting, false);
  assert.deepEqual(await words('ann'), ['hello ann']);
  assert.deepEqual((await wall('ann', ann)).waiting, []);
  const { url } = (await get(`/api/wall/${id}`)).json;
  assert.match((await get(path(url))).text, new RegExp(`id="e${id}"`));
});

test('open, followed, nobody; one’s own wall always', async () => {
  await reach(ann, { wall: 'open' });
  assert.equal((await write(bob, 'ann', { content: 'at once' })).status, 201);
  assert.ok((await words('ann')).includes('at once'));
  await reach(ann, { wall: 'nobody' });
  const refused = await write(bob, 'ann', { content: 'no' });
  assert.equal(refused.status, 403);
  assert.match(refused.headers['content-type'], /problem\+json/);
  assert.match(refused.json.detail, /Nobody but ann/);
  assert.equal((await write(ann, 'ann', { content: 'my own' })).status, 201);
  await reach(ann, { wall: 'followed' });
  assert.match((await write(bob, 'ann', { content: 'no' })).json.detail, /whom ann follows/);
  const page = await (await new Browser(piclog).logIn(bob)).get('/~ann/wall');
  assert.match(page.text, /whom ann follows/);
  assert.doesNotMatch(page.text, /<form class="box" action="\/~ann\/wall"/);
  assert.equal((await ann.call('POST', '/api/follows', { name: 'bob' })).status, 201);
  assert.equal((await write(bob, 'ann', { content: 'as a friend' })).status, 201, 'at once');
  assert.equal((await ann.call('DELETE', '/api/follows/bob')).status, 204);
  assert.equal((await ann.call('PUT', '/api/me', { wall: 'everybody', about: 'not kept' })).status, 422);
  assert.equal((await get('/api/me', ann)).json.about, '', 'all or nothing');
  await reach(ann, { wall: 'look' });
});

test('words have limits that are named', async () => {
  assert.equal((await write(bob, 'ann', { content: ' ' })).status, 422);
  assert.equal((await write(bob, 'ann', {})).status, 422);
  const long = await write(bob, 'ann', { content: 'x'.repeat(501) });
  assert.equal(long.status, 422);
  assert.match(long.json.detail, /at most 500 characters/);
  await reach(eve, { wall: 'open' });
  assert.equal((await write(bob, 'eve', { content: '👩‍🚀'.repeat(100) })).status, 201);
  assert.equal((await write(bob, 'nobody-here', { content: 'x' })).status, 404);
  assert.equal((await get('/~nobody-here/wall')).status, 404);
});

test('a form shows what is wrong beside what was typed', async () => {
  const browser = await new Browser(piclog).logIn(bob);
  const answer = await browser.submit('/~eve/wall', { content: 'y'.repeat(501) });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /role="alert".*too long/);
  assert.match(answer.text, />y{501}<\/textarea>/);
  assert.equal((await browser.submit('/~eve/wall', { content: 'by form' })).headers.location, '/~eve/wall');
  assert.ok((await words('eve')).includes('by form'));
});

test('a picture is crushed, and its bytes are nobody’s business before the look', async () => {
  const sent = await ask(piclog, 'POST', '/api/wall/ann', { headers: bearer(bob), body: pictureForm(fixture('pictures/spices.jpg'), { content: 'look', alt: 'heaps of spices' }) });
  assert.equal(sent.status, 202, sent.text);
  const { id } = sent.json;
  assert.equal(path(sent.json.image_url), `/wall/${id}/full.jpg`);
  const bytes = await get(path(sent.json.image_url), bob);
  assert.equal(bytes.headers['content-type'], 'image/jpeg');
  assert.match(bytes.headers['cache-control'], /no-store/);
  assert.ok(bytes.data.length <= 12000 && bytes.data.length === sent.json.bytes);
  assert.deepEqual((await get(path(sent.json.image_url), ann)).data, bytes.data);
  assert.equal((await get(path(sent.json.image_url), eve)).status, 404);
  assert.equal((await get(path(sent.json.image_url))).status, 303);
  assert.equal((await get(`/wall/${id}/huge.jpg`, bob)).status, 404);
  await ann.call('PUT', `/api/wall/${id}`);
  const { image_url: image, thumb_url: thumb } = (await wall('ann')).entries.find((entry) => entry.id === id);
  assert.match(image, /^\/i\/[0-9a-f]+\.jpg$/);
  assert.deepEqual((await get(image)).data, bytes.data);
  assert.equal((await get(thumb)).status, 200);
  assert.match((await get('/~ann/wall')).text, /alt="heaps of spices"/);
  // the room of whoever wrote it
  const used = (await get('/api/me', bob)).json.storage_bytes;
  assert.ok(used >= bytes.data.length);
  // hidden at the desk: the old address is dead
  assert.equal((await decide('hide', 'wall', id)).status, 303);
  for (const where of [image, thumb]) assert.equal((await get(where)).status, 404);
  assert.equal((await get(`/wall/${id}/full.jpg`, ann)).status, 404, 'hidden from the owner of the wall too');
  assert.equal((await get(`/wall/${id}/full.jpg`, bob)).status, 200);
  assert.equal((await decide('unhide', 'wall', id)).status, 303);
  assert.equal((await get(image)).status, 200);
  assert.equal((await ann.call('DELETE', `/api/wall/${id}`)).status, 204);
  assert.equal((await get(image)).status, 404);
  assert.equal((await get('/api/me', bob)).json.storage_bytes, used - sent.json.bytes - sent.json.thumb_bytes);
});

test('a picture that is blocked leaves walls as well, and does not come back', async () => {
  const bytes = fixture('pictures/dandelion.jpg');
  const posted = (await bob.upload(bytes, { preset: 'crunchy' })).json;
  const send = () => ask(piclog, 'POST', '/api/wall/eve', { headers: bearer(bob), body: pictureForm(bytes, { content: 'dandelion' }) });
  assert.equal((await send()).status, 201);
  assert.equal((await decide('block', 'picture', posted.id)).status, 303);
  assert.ok(!(await words('eve')).includes('dandelion'));
  assert.equal((await get(path(posted.image_url))).status, 404);
  const again = await send();
  assert.equal(again.status, 422);
  assert.match(again.json.detail, /block list/);
});

test('a picture needs no words, and what is no picture says so', async () => {
  assert.equal((await ask(piclog, 'POST', '/api/wall/eve', { headers: bearer(bob), body: pictureForm(fixture('pictures/cat.jpg'), {}) })).status, 201);
  const broken = await ask(piclog, 'POST', '/api/wall/eve', { headers: bearer(bob), body: pictureForm(Buffer.from('no picture'), { content: 'x' }) });
  assert.equal(broken.status, 415);
  const two = await ask(piclog, 'POST', '/api/wall/eve', { headers: bearer(bob), body: pictureForm([fixture('pictures/cat.jpg'), fixture('pictures/cat.jpg')], { content: 'x' }) });
  assert.equal(two.status, 422);
});

test('writer and owner delete, nobody else', async () => {
  const one = (await write(bob, 'eve', { content: 'one' })).json, two = (await write(bob, 'eve', { content: 'two' })).json;
  assert.equal((await ann.call('DELETE', `/api/wall/${one.id}`)).status, 404);
  assert.equal((await bob.call('DELETE', `/api/wall/${one.id}`)).status, 204);
  assert.equal((await eve.call('DELETE', `/api/wall/${two.id}`)).status, 204);
  assert.equal((await eve.call('DELETE', `/api/wall/${two.id}`)).status, 404);
  const browser = await new Browser(piclog).logIn(eve);
  const three = (await write(bob, 'eve', { content: 'three' })).json;
  assert.equal((await browser.submit(`/wall/${three.id}`, { do: 'delete' }, { page: '/~eve/wall' })).headers.location, '/~eve/wall');
  assert.ok(!(await words('eve')).includes('three'));
  const four = (await write(bob, 'eve', { content: 'four' })).json;
  assert.equal((await browser.submit(`/wall/${four.id}`, {}, { page: '/~eve/wall' })).status, 422);
  assert.ok((await words('eve')).includes('four'));
});

test('pages go on by a cursor, and miss and repeat nothing', async () => {
  const host = piclog.person('host');
  await reach(host, { wall: 'open' });
  for (let i = 0; i < 45; i++) assert.equal((await write(bob, 'host', { content: `entry ${i}` })).status, 201);
  const seen = [];
  for (let next = '/~host/wall'; next;) {
    const page = (await get(next, undefined).then(() => ask(piclog, 'GET', next, { headers: { accept: 'application/json' } }))).json;
    assert.ok(page.entries.length <= 20);
    seen.push(...page.entries.map(({ content }) => content));
    next = page.older_url;
  }
  assert.deepEqual(seen, Array.from({ length: 45 }, (_, i) => `entry ${44 - i}`));
});

test('no more than five of one person wait, also when they come at once', async () => {
  const host = piclog.person('patient');
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => write(bob, 'patient', { content: `wait ${i}` })));
  assert.equal(answers.filter(({ status }) => status === 202).length, 5);
  for (const { status, json } of answers.filter((answer) => answer.status !== 202)) {
    assert.equal(status, 409);
    assert.match(json.detail, /5 of yours wait/);
  }
  assert.equal((await wall('patient', host)).waiting.length, 5);
  assert.equal((await write(eve, 'patient', { content: 'others may' })).status, 202);
});

test('what is sent eight times is written once', async () => {
  const browser = await new Browser(piclog).logIn(bob);
  const page = await browser.get('/~eve/wall');
  const once = /name="once" value="([0-9a-f]+)"/.exec(page.text)[1];
  const send = (content, picture) => browser.go('POST', '/~eve/wall', { body: picture
    ? pictureForm(fixture('pictures/cat.jpg'), { csrf: token(page), once, content })
    : new URLSearchParams({ csrf: token(page), once, content }) });
  for (const picture of [false, true]) {
    const content = `eightfold ${picture}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(content, picture)));
    for (const answer of answers) assert.equal(answer.status, 303, answer.text);
    assert.equal((await words('eve')).filter((one) => one === content).length, 1);
  }
  assert.equal((await send('something else under the same key')).status, 303);
  const key = { 'idempotency-key': 'k1' };
  const programs = await Promise.all(Array.from({ length: 8 }, () => write(bob, 'eve', { content: 'by key' }, key)));
  assert.equal(new Set(programs.map(({ json }) => json.id)).size, 1);
  assert.equal((await write(bob, 'eve', { content: 'other words' }, key)).status, 422);
});

test('a block takes both off each other’s walls, for everybody, while it stands', async () => {
  const mia = piclog.person('mia'), max = piclog.person('max');
  await reach(mia, { wall: 'open' });
  const { id } = (await write(max, 'mia', { content: 'we were friends' })).json;
  const browser = await new Browser(piclog).logIn(mia);
  await browser.submit('/shun/max', { kind: 'block' });
  for (const who of [undefined, eve, mia]) {
    assert.deepEqual(await words('mia', who), []);
    assert.equal((await get(`/api/wall/${id}`, who)).status, 404);
  }
  assert.equal((await get('/~mia/wall.json', max)).status, 404);
  assert.equal((await get('/~mia/wall', max)).status, 404);
  assert.equal((await write(max, 'mia', { content: 'again' })).status, 404);
  assert.equal((await write(mia, 'max', { content: 'again' })).status, 404);
  assert.equal((await get('/poke/mia', max)).status, 404);
  assert.equal((await max.call('POST', '/api/pokes', { name: 'mia' })).status, 404);
  assert.equal((await max.call('DELETE', `/api/wall/${id}`)).status, 204, 'what one wrote can be deleted still');
  await browser.submit('/shun/max', { kind: 'block', undo: '1' });
  assert.deepEqual(await words('mia'), []);
});

test('whom one muted one does not read on the walls of others; on one’s own one does', async () => {
  const mia = { ...(await piclog.addUser('mute-mia')) };
  const browser = await new Browser(piclog).logIn(mia);
  await browser.submit('/shun/bob', { kind: 'mute' });
  assert.ok((await words('eve')).includes('by form'));
  assert.ok(!(await words('eve', mia)).includes('by form'));
  await browser.submit('/settings/neighbours', { wall: 'open', takes_pokes: '1' });
  await write(bob, 'mute-mia', { content: 'psst' });
  assert.deepEqual(await words('mute-mia', mia), ['psst']);
});

test('words of the list: masked, held for the desk, refused', async () => {
  for (const [action, list] of [['mask', 'heck'], ['hold', 'casino'], ['refuse', 'pills']])
    await desk.submit('/admin/words', { words: list, action }, { page: '/admin/settings' });
  assert.equal((await write(bob, 'eve', { content: 'what the heck' })).json.content, 'what the ****');
  const refused = await write(bob, 'eve', { content: 'buy pills' });
  assert.equal(refused.status, 422);
  const held = await write(bob, 'eve', { content: 'a casino opens' });
  assert.equal(held.status, 202);
  assert.equal(held.json.is_held, true);
  assert.ok(!(await words('eve', eve)).includes('a casino opens'), 'not for the owner of the wall');
  const waiting = (await get('/admin.json', boss)).json.held.filter(({ kind }) => kind === 'wall');
  assert.deepEqual(waiting.map((one) => one.wall.content), ['a casino opens']);
  assert.match((await desk.get('/admin')).text, /On the wall of eve/);
  assert.equal((await decide('approve', 'wall', held.json.id)).status, 303);
  assert.ok((await words('eve')).includes('a casino opens'));
});

test('a report reaches the desk, and a ban takes all of it away', async () => {
  const troll = piclog.person('troll');
  const { id } = (await write(troll, 'eve', { content: 'grrr' })).json;
  const where = `/report/wall/${id}`;
  assert.match((await get('/~eve/wall')).text, new RegExp(`href="${where}"`));
  const page = await get(where);
  assert.match(page.text, /the wall entry by troll/);
  assert.equal((await ask(piclog, 'POST', where, { body: new URLSearchParams({ csrf: token(page), reason: 'hate' }) })).status, 200);
  const [report] = (await get('/admin.json', boss)).json.reports;
  assert.equal(report.kind, 'wall');
  assert.equal(report.wall.content, 'grrr');
  assert.equal(report.person.name, 'troll');
  assert.equal((await decide('ban', 'wall', id)).status, 303);
  assert.ok(!(await words('eve')).includes('grrr'));
  assert.equal((await get(where)).status, 404);
  assert.equal((await decide('unban', 'person', report.account_id)).status, 303);
  assert.ok((await words('eve')).includes('grrr'));
  assert.equal((await decide('delete', 'wall', id)).status, 303);
  assert.ok(!(await words('eve')).includes('grrr'));
});

test('what waits for a look of its owner can be reported by the owner, and by nobody else', async () => {
  const { id } = (await write(bob, 'ann', { content: 'insult' })).json;
  assert.equal((await get(`/report/wall/${id}`)).status, 404);
  assert.equal((await get(`/report/wall/${id}`, ann)).status, 200);
  await bob.call('DELETE', `/api/wall/${id}`);
});

test('without a guestbook visitors find no form', async () => {
  const page = await get('/~ann/wall');
  assert.doesNotMatch(page.text, /\/~ann\/wall\/sign/);
  assert.match(page.text, /Log in/);
  const csrf = token(await get('/guestbook'));
  assert.equal((await ask(piclog, 'POST', '/~ann/wall/sign', { body: new URLSearchParams({ csrf, name: 'n', content: 'x' }) })).status, 403);
});

test('a guestbook takes a name and words without account, cookie or script, and shows nothing before the owner said yes', async () => {
  const host = piclog.person('innkeeper');
  await reach(host, { has_guestbook: true });
  const fields = { name: 'Wanderer', homepage: 'wander.example', content: 'Nice place. https://wander.example/me' };
  const done = await sign('/~innkeeper/wall', fields);
  assert.equal(done.status, 200, done.text);
  assert.deepEqual(done.setCookie, []);
  assert.match(done.text, /Thank you/);
  assert.deepEqual(await words('innkeeper'), []);
  const [entry] = (await wall('innkeeper', host)).waiting;
  assert.deepEqual([entry.author, entry.visitor, entry.homepage], [null, 'Wanderer', 'https://wander.example']);
  assert.ok(!('network' in entry));
  // twice is once
  assert.equal((await sign('/~innkeeper/wall', fields)).status, 200);
  assert.equal((await wall('innkeeper', host)).waiting.length, 1);
  const browser = await new Browser(piclog).logIn(host);
  assert.equal((await browser.submit(`/wall/${entry.id}`, { do: 'accept' }, { page: '/~innkeeper/wall' })).status, 303);
  const page = await get('/~innkeeper/wall');
  assert.match(page.text, /href="https:\/\/wander.example" rel="nofollow ugc"/);
  assert.match(page.text, /href="https:\/\/wander.example\/me" rel="nofollow ugc"/);
  for (const [wrong, field] of [[{ ...fields, name: ' ' }, /who you are/], [{ ...fields, content: '' }, /empty/], [{ ...fields, content: 'x'.repeat(301) }, /at most 300/],
    [{ ...fields, name: 'x'.repeat(41) }, /at most 40/], [{ ...fields, homepage: 'javascript:alert(1)' }, /no address/], [{ ...fields, email: 'robot@robots.example' }, /robots only/]]) {
    const refused = await sign('/~innkeeper/wall', wrong);
    assert.equal(refused.status, 422);
    assert.match(refused.text, field);
    assert.deepEqual(refused.setCookie, []);
  }
  assert.equal((await sign('/~innkeeper/wall', { ...fields, csrf: 'a'.repeat(64) })).status, 403);
  // a report of a visitor's entry reaches the desk, and there is nobody to punish
  const where = `/report/wall/${entry.id}`;
  const form = await get(where);
  assert.match(form.text, /the wall entry by Wanderer/);
  assert.equal((await ask(piclog, 'POST', where, { body: new URLSearchParams({ csrf: token(form), reason: 'spam' }) })).status, 200);
  const report = (await get('/admin.json', boss)).json.reports.find(({ kind }) => kind === 'wall');
  assert.deepEqual([report.author, report.person, report.wall.visitor], [null, null, 'Wanderer']);
  assert.match((await desk.get('/admin')).text, /By a visitor, <span dir="auto">Wanderer/);
  assert.equal((await decide('ban', 'wall', entry.id)).status, 422);
  assert.equal((await decide('hide', 'wall', entry.id)).status, 303);
  assert.deepEqual(await words('innkeeper'), []);
  assert.equal((await decide('unhide', 'wall', entry.id)).status, 303);
  assert.equal((await decide('delete', 'wall', entry.id)).status, 303);
  assert.deepEqual(await words('innkeeper'), []);
});

test('one network leaves five entries a day, on all walls', async () => {
  const host = piclog.person('busy');
  await reach(host, { has_guestbook: true });
  const from = (localAddress, i, where = '/~busy/wall') => sign(where, { name: 'n', content: `entry ${i}` }, { localAddress });
  const answers = await Promise.all(Array.from({ length: 9 }, (_, i) => from('127.0.0.9', i)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 403, 403, 403, 403]);
  assert.equal((await from('127.0.0.9', 99, '/guestbook')).status, 403);
  assert.equal((await from('127.0.0.10', 99)).status, 200);
});

test('the guestbook of the site waits for administrators, and can be switched off', async () => {
  assert.match((await get('/about')).text, /href="\/guestbook"/);
  assert.equal((await sign('/guestbook', { name: 'Passer', content: 'hello site' }, { localAddress: '127.0.0.11' })).status, 200);
  const sent = await bob.call('POST', '/api/guestbook', { content: 'hello from a member' });
  assert.equal(sent.status, 202);
  const entries = async () => (await get('/guestbook.json')).json.entries.map(({ content }) => content);
  assert.deepEqual(await entries(), []);
  const held = (await get('/admin.json', boss)).json.held.filter(({ kind }) => kind === 'wall');
  assert.deepEqual(held.map((one) => one.wall.content), ['hello site', 'hello from a member']);
  // trusting somebody does not approve what they wrote there
  assert.equal((await decide('trust', 'person', (await get('/api/me', bob)).json.id)).status, 303);
  assert.deepEqual(await entries(), []);
  for (const one of held) assert.equal((await decide('approve', 'wall', one.wall.id)).status, 303);
  assert.deepEqual(await entries(), ['hello from a member', 'hello site']);
  assert.equal((await desk.submit('/guestbook', { content: 'welcome' })).status, 303);
  assert.deepEqual(await entries(), ['welcome', 'hello from a member', 'hello site']);
  await desk.submit('/admin/guestbook', {}, { page: '/admin/settings' });
  assert.equal((await get('/guestbook')).status, 404);
  assert.equal((await bob.call('POST', '/api/guestbook', { content: 'x' })).status, 404);
  assert.doesNotMatch((await get('/about')).text, /href="\/guestbook"/);
  await desk.submit('/admin/guestbook', { guestbook: 'on' }, { page: '/admin/settings' });
  assert.equal((await entries()).length, 3);
});

test('a poke waits for its answer', async () => {
  for (const name of ['%ff', '', 'a%01b', '%3Cb%3E']) {
    const wrong = await ask(piclog, 'POST', '/api/pokes', { headers: { ...bearer(bob), 'content-type': 'application/x-www-form-urlencoded' }, body: `name=${name}` });
    assert.deepEqual([wrong.status, wrong.json.detail], [422, 'Say whom by their name: it has 1 to 20 letters, digits, - and _.'], name);
  }
  const waiting = async (who) => (await get('/api/pokes', who)).json.pokes.map(({ name }) => name);
  const first = await bob.call('POST', '/api/pokes', { name: 'Ann' });
  assert.equal(first.status, 201, first.text);
  assert.equal(first.json.name, 'ann');
  const again = await bob.call('POST', '/api/pokes', { name: 'ann' });
  assert.equal(again.status, 409);
  assert.match(again.json.detail, /One at a time/);
  assert.deepEqual(await waiting(ann), ['bob']);
  assert.deepEqual(await waiting(bob), []);
  const back = await ann.call('POST', '/api/pokes', { name: 'bob' });
  assert.deepEqual([back.status, back.json.is_answer], [201, true]);
  assert.deepEqual(await waiting(ann), []);
  assert.deepEqual(await waiting(bob), ['ann']);
  assert.equal((await bob.call('DELETE', '/api/pokes/ann')).status, 204);
  assert.equal((await bob.call('DELETE', '/api/pokes/ann')).status, 404);
  assert.deepEqual(await waiting(bob), []);
  for (const [name, status] of [['bob', 422], ['nobody-here', 404], ['', 422]]) assert.equal((await bob.call('POST', '/api/pokes', { name })).status, status, name);
  // by form, eight times at once
  const browser = await new Browser(piclog).logIn(bob);
  const page = await browser.get('/poke/eve');
  const once = /name="once" value="([0-9a-f]+)"/.exec(page.text)[1];
  const answers = await Promise.all(Array.from({ length: 8 }, () => browser.go('POST', '/poke/eve', { body: new URLSearchParams({ csrf: token(page), once }) })));
  for (const answer of answers) assert.equal(answer.status, 303, answer.text);
  const other = await new Browser(piclog).logIn(eve);
  assert.match((await other.get('/poke/bob')).text, /bob poked you/);
  assert.equal((await other.submit('/poke/bob', { let_be: '1' })).headers.location, '/pokes');
  assert.match((await other.get('/pokes')).text, /Nobody\. All is still/);
  // whoever takes none has none
  await bob.call('POST', '/api/pokes', { name: 'eve' });
  await reach(eve, { takes_pokes: false });
  assert.deepEqual(await waiting(eve), []);
  assert.equal((await bob.call('POST', '/api/pokes', { name: 'eve' })).status, 403);
  await reach(eve, { takes_pokes: true });
});

test('tokens: one that may only read, and one that may only post', async () => {
  const browser = await new Browser(piclog).logIn(bob);
  const make = async (fields) => {
    const answer = await browser.submit('/settings/tokens', fields, { page: '/settings' });
    return { token: /<code>([\w-]{43})<\/code>|value="([\w-]{43})"/.exec(answer.text).slice(1).find(Boolean) };
  };
  const poster = await make({ label: 'p', may_post: '1' });
  const as = (user, method, where, body) => ask(piclog, method, where, { headers: bearer(user), body });
  const { id } = (await as(poster, 'POST', '/api/wall/eve', { content: 'by a poster' })).json;
  assert.ok(id);
  assert.equal((await as(poster, 'DELETE', `/api/wall/${id}`)).status, 403);
  assert.equal((await as(poster, 'PUT', `/api/wall/${id}`)).status, 403);
  assert.equal((await as(poster, 'PUT', '/api/me', { wall: 'open' })).status, 403);
  for (const [method, where, body] of [['POST', '/api/wall/eve', { content: 'x' }], ['POST', '/api/pokes', { name: 'ann' }], ['DELETE', `/api/wall/${id}`], ['PUT', `/api/wall/${id}`], ['DELETE', '/api/pokes/ann'], ['POST', '/api/guestbook', { content: 'x' }]])
    assert.equal((await ask(piclog, method, where, { body })).status, 401, `${method} ${where}`);
});

test('an account that is closed takes its wall and its words along', async () => {
  const gone = piclog.addUser('gone');
  const user = { call: (method, where, body) => ask(piclog, method, where, { headers: bearer(gone), body }) };
  await write(user, 'eve', { content: 'soon gone' });
  const theirs = (await write(bob, 'gone', { content: 'on a wall that goes' })).json;
  await bob.call('POST', '/api/pokes', { name: 'gone' });
  piclog.run(['user', 'delete', 'gone']);
  assert.ok(!(await words('eve')).includes('soon gone'));
  assert.equal((await get(`/api/wall/${theirs.id}`, bob)).status, 404);
});
