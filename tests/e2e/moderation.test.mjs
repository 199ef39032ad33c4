// Moderation from the first complaint to the appeal: reports, the administrators' desk, what each decision does, the log.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { ask, bearer, Browser, fixture, pictureForm, start } from './piclog.mjs';

let piclog, admin, fax, potato, desk;
const cat = fixture('pictures/spices.jpg');

before(async () => {
  piclog = await start();
  admin = piclog.addUser('boss', undefined, '--admin');
  fax = piclog.addUser('fax');
  potato = piclog.addUser('potato');
  desk = await new Browser(piclog).logIn(admin);
});
after(() => piclog.remove());

const say = async (user, content) => (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(user), body: { face: '🙂', content } })).json;
const show = async (user, fields = {}, bytes = cat) => (await ask(piclog, 'POST', '/api/pictures', { headers: bearer(user), body: pictureForm(bytes, fields) })).json;
const json = async (path, user) => {
  const value = (await ask(piclog, 'GET', path, { headers: { accept: 'application/json', ...(user ? bearer(user) : {}) } })).json;
  delete value.q; // what was searched for is no finding
  return value;
};
const status = async (path, user) => (await ask(piclog, 'GET', path, { headers: user ? bearer(user) : {} })).status;
const decide = (action, kind, id, more = {}) =>
  desk.submit('/admin/act', { action, kind, id, reason: 'because of a test', ...more }, { page: '/admin/settings' });
const path = (url) => new URL(url).pathname;
// A report without cookies: the page, its token, the form.
const report = async (where, fields) => {
  const page = await ask(piclog, 'GET', where);
  assert.equal(page.status, 200);
  assert.deepEqual(page.setCookie, []);
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
  return ask(piclog, 'POST', where, { body: new URLSearchParams({ csrf, ...fields }) });
};

test('a report needs no account, no cookie and no script', async () => {
  const { id } = await say(fax, 'buy my pills');
  const page = await ask(piclog, 'GET', `/statuses/${id}`);
  assert.match(page.text, new RegExp(`href="/report/status/${id}"`));
  const done = await report(`/report/status/${id}`, { reason: 'spam', note: 'see for yourself' });
  assert.equal(done.status, 200);
  assert.match(done.text, /Thank you/);
  const { reports } = await json('/admin.json', admin);
  assert.equal(reports.length, 1);
  assert.equal(reports[0].status.content, 'buy my pills');
  assert.deepEqual(reports[0].notes.map(({ reason, note, by }) => [reason, note, by]), [['spam', 'see for yourself', null]]);
  assert.equal(reports[0].person.name, 'fax');
});

test('a report without the token of its page is refused, and one with nothing to say', async () => {
  const { id } = await say(fax, 'harmless');
  const send = (body, headers = {}) => ask(piclog, 'POST', `/report/status/${id}`, { headers, body: new URLSearchParams(body) });
  assert.equal((await send({ reason: 'spam' })).status, 403);
  assert.equal((await send({ reason: 'spam', csrf: 'a'.repeat(64) })).status, 403);
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', `/report/status/${id}`)).text)[1];
  assert.equal((await send({ reason: 'spam', csrf }, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await send({ reason: 'boring', csrf })).status, 422);
  assert.equal((await send({ csrf })).status, 422);
  assert.equal((await ask(piclog, 'GET', '/report/status/99999')).status, 404);
  assert.equal((await ask(piclog, 'GET', '/report/teapot/1')).status, 404);
  assert.equal((await ask(piclog, 'GET', '/report/person/nobody')).status, 404);
});

test('the same complaint of the same person counts once, of another twice', async () => {
  const { id } = await show(fax, { caption: 'rude' });
  for (const note of ['first', 'second']) await report(`/report/picture/${id}`, { reason: 'hate', note });
  const reader = await new Browser(piclog).logIn(potato);
  assert.equal((await reader.submit(`/report/picture/${id}`, { reason: 'sexual', note: 'third' })).status, 200);
  const { reports } = await json('/admin.json', admin);
  const about = reports.filter((one) => one.kind === 'picture');
  assert.equal(about.length, 1);
  assert.equal(about[0].times, 2);
  assert.deepEqual(about[0].notes.map(({ note, by }) => [note, by]).sort(), [['second', null], ['third', 'potato']]);
});

test('people and moods can be reported as well', async () => {
  const mood = await ask(piclog, 'POST', '/api/moods', { headers: bearer(fax), body: { mood: 'vengeful' } });
  assert.equal((await report(`/report/mood/${mood.json.id}`, { reason: 'hate' })).status, 200);
  assert.equal((await report('/report/person/fax', { reason: 'other', note: 'all of it' })).status, 200);
  const { reports } = await json('/admin.json', admin);
  assert.deepEqual(reports.map((one) => one.kind).sort(), ['mood', 'person', 'picture', 'status']);
});

test('the desk shows a reported picture blurred, with its author and who invited whom', async () => {
  const page = await desk.get('/admin');
  assert.match(page.text, /<details class="veil">/);
  assert.match(page.text, /invited by nobody/);
});

test('hidden means gone for everybody but its author and administrators, bytes included', async () => {
  const picture = await show(fax, { caption: 'zebrafish #stripes' }, fixture('pictures/book.jpg'));
  const before = await ask(piclog, 'GET', path(picture.image_url));
  assert.equal(before.status, 200);
  assert.equal((await decide('hide', 'picture', picture.id, { reason: '' })).status, 422, 'a reason is needed');
  assert.equal((await decide('hide', 'picture', picture.id)).status, 303);
  for (const where of ['/index.json', '/gallery.json', '/~fax.json', '/tag/stripes.json', '/search.json?q=zebrafish', '/feed.json', '/~fax/feed.json', '/embed/fax/picture.json'])
    assert.ok(!JSON.stringify(await json(where)).includes('zebrafish'), where);
  for (const where of [`/p/${picture.id}`, `/api/pictures/${picture.id}`, path(picture.image_url), path(picture.thumb_url)]) {
    assert.equal(await status(where), 404, where);
    assert.equal(await status(where, potato), 404, where);
  }
  const own = await json(`/p/${picture.id}.json`, fax);
  assert.equal(own.picture.is_hidden, true);
  assert.equal(own.picture.image_url, `/p/${picture.id}/full.jpg`);
  const bytes = await ask(piclog, 'GET', own.picture.image_url, { headers: bearer(fax) });
  assert.deepEqual(bytes.data, before.data);
  assert.match(bytes.headers['cache-control'], /no-store/);
  assert.equal(await status(own.picture.image_url), 303, 'signed out');
  assert.equal(await status(own.picture.image_url, potato), 404);
  assert.equal((await json(`/p/${picture.id}.json`, admin)).picture.caption, 'zebrafish #stripes');
  assert.equal((await decide('unhide', 'picture', picture.id)).status, 303);
  assert.equal(await status(path(picture.image_url)), 200);
  assert.ok(JSON.stringify(await json('/tag/stripes.json')).includes('zebrafish'));
  assert.ok(JSON.stringify(await json('/search.json?q=zebrafish')).includes('zebrafish'));
});

test('whoever posts the bytes of somebody’s background cannot take it down with a post that is hidden', async () => {
  const set = await ask(piclog, 'POST', '/api/me/background', { headers: bearer(potato), body: pictureForm(fixture('pictures/clouds.jpg')) });
  assert.equal(set.status, 200);
  const { background_url: background } = (await json('/~potato.json')).person;
  const copy = await show(fax, { caption: 'mine' }, (await ask(piclog, 'GET', background)).data);
  assert.equal(path(copy.image_url), background);
  assert.equal((await decide('hide', 'picture', copy.id)).status, 303);
  assert.equal(await status(`/p/${copy.id}`), 404);
  assert.equal(await status(background), 200);
});

test('the person reads what was decided and why', async () => {
  const reader = await new Browser(piclog).logIn(fax);
  assert.match((await reader.get('/about')).text, /href="\/standing"/);
  const page = await reader.get('/standing');
  assert.match(page.text, /<b>hide<\/b> \(picture/);
  assert.match(page.text, /because of a test/);
  await reader.submit('/standing/appeal', { seen: '1' }, { page: '/standing' });
  assert.doesNotMatch((await reader.get('/about')).text, /href="\/standing"/);
});

test('a decision closes the reports of its subject; deleting deletes', async () => {
  const { reports } = await json('/admin.json', admin);
  const about = (kind) => reports.find((one) => one.kind === kind);
  assert.equal((await decide('dismiss', 'mood', about('mood').subject_id, { reason: '' })).status, 303);
  assert.equal((await decide('delete', 'status', about('status').subject_id)).status, 303);
  assert.equal(await status(`/statuses/${about('status').subject_id}`, fax), 404);
  assert.equal((await decide('warn', 'person', about('person').subject_id)).status, 303);
  assert.deepEqual((await json('/admin.json', admin)).reports.map((one) => one.kind), ['picture']);
});

test('muted: only on their own page, not in the timelines of others', async () => {
  const id = (await json('/admin/people/fax.json', admin)).person.id;
  const said = await say(fax, 'a muffled quokka');
  assert.equal((await decide('mute', 'person', id)).status, 303);
  const later = await say(fax, 'another muffled quokka');
  for (const where of ['/index.json', '/statuses.json', '/search.json?q=quokka', '/feed.json'])
    assert.ok(!JSON.stringify(await json(where)).includes('quokka'), where);
  for (const where of ['/~fax.json', `/statuses/${said.id}.json`, `/statuses/${later.id}.json`, '/~fax/feed.json', '/users/fax/status.json'])
    assert.ok(JSON.stringify(await json(where)).includes('quokka'), where);
  assert.equal((await decide('unmute', 'person', id)).status, 303);
  assert.ok(JSON.stringify(await json('/statuses.json')).includes('another muffled quokka'));
});

test('suspended: signing in leads to the reason, an appeal and the export, and to nothing else', async () => {
  const id = (await json('/admin/people/potato.json', admin)).person.id;
  await say(potato, 'said before');
  assert.equal((await decide('suspend', 'person', id, { days: '3' })).status, 303);
  const reader = await new Browser(piclog).logIn(potato);
  for (const where of ['/upload', '/status', '/settings', '/mood', '/settings/unseen']) {
    const answer = await reader.get(where);
    assert.equal(answer.status, 303, where);
    assert.equal(answer.headers.location, '/standing', where);
  }
  const standing = await reader.get('/standing');
  assert.match(standing.text, /suspended until/);
  assert.match(standing.text, /because of a test/);
  assert.equal((await reader.get('/settings/export')).headers['content-type'], 'application/zip');
  assert.equal((await reader.get('/statuses')).status, 200, 'reading goes on');
  const refused = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(potato), body: { face: '', content: 'not now' } });
  assert.equal(refused.status, 403);
  assert.match(refused.json.detail, /suspended/);
  assert.equal((await reader.submit('/status', { face: '', content: 'nor so' }, { page: '/standing' })).status, 403);
  assert.ok(JSON.stringify(await json('/statuses.json')).includes('said before'), 'what was said stays');
  assert.equal((await reader.submit('/standing/appeal', { words: '  ' }, { page: '/standing' })).status, 422);
  assert.equal((await reader.submit('/standing/appeal', { words: 'It was my cat.' }, { page: '/standing' })).status, 303);
  assert.equal((await reader.submit('/standing/appeal', { words: 'Really!' }, { page: '/standing' })).status, 409);
});

test('an appeal is answered at the desk, and granting it lifts what was decided', async () => {
  const { appeals } = await json('/admin.json', admin);
  assert.deepEqual(appeals.map(({ words, author }) => [words, author]), [['It was my cat.', 'potato']]);
  const answer = (fields) => desk.submit(`/admin/appeals/${appeals[0].id}`, fields, { page: '/admin' });
  assert.equal((await answer({ answer: '' })).status, 422);
  assert.equal((await answer({ answer: 'Cats will be cats.', lift: '1' })).status, 303);
  assert.equal((await json('/admin.json', admin)).appeals.length, 0);
  const reader = await new Browser(piclog).logIn(potato);
  assert.match((await reader.get('/standing')).text, /Cats will be cats/);
  assert.equal((await reader.get('/settings')).status, 200);
});

test('banned: page and posts are gone, signing in still shows why', async () => {
  const id = (await json('/admin/people/potato.json', admin)).person.id;
  const picture = await show(potato, { caption: 'a farewell ocelot' }, fixture('pictures/cat.jpg'));
  await ask(piclog, 'POST', '/api/me/avatar', { headers: bearer(potato), body: pictureForm(fixture('pictures/book.jpg')) });
  const { avatar_url: avatar } = (await json('/~potato.json')).person;
  assert.equal(await status(avatar), 200);
  assert.equal((await decide('ban', 'person', id)).status, 303);
  assert.equal(await status(avatar), 404);
  assert.equal(await status('/~potato'), 404);
  assert.equal(await status('/~potato/feed.atom'), 404);
  assert.equal(await status(path(picture.image_url)), 404);
  assert.equal(await status('/badge/potato.gif'), 404);
  assert.equal(await status('/users/potato/status.json'), 404);
  assert.equal(await status('/embed/potato/status'), 404);
  for (const where of ['/index.json', '/statuses.json', '/people.json', '/search.json?q=ocelot', '/feed.json'])
    assert.ok(!/ocelot|potato/.test(JSON.stringify(await json(where))), where);
  const reader = await new Browser(piclog).logIn(potato);
  assert.match((await reader.get('/standing')).text, /You are banned/);
  assert.equal((await reader.get('/upload')).headers.location, '/standing');
  assert.match((await reader.get('/settings/export')).data.toString('latin1'), /avatar\.jpg/, 'still theirs');
  assert.equal((await decide('unban', 'person', id)).status, 303);
  assert.equal(await status('/~potato'), 200);
  assert.equal(await status(avatar), 200);
  assert.equal(await status(path(picture.image_url)), 200);
});

test('nobody judges an administrator from the desk', async () => {
  const id = (await json('/admin/people/boss.json', admin)).person.id;
  for (const action of ['mute', 'suspend', 'ban']) assert.equal((await decide(action, 'person', id)).status, 422);
  for (const [action, kind] of [['explode', 'person'], ['hide', 'person'], ['block', 'status'], ['hide', 'teapot']])
    assert.ok([404, 422].includes((await decide(action, kind, 1)).status), action);
});

test('a branch of invitations is cut after a look at everybody in it', async () => {
  const inviter = await new Browser(piclog).logIn(fax);
  const invite = async (browser) => /(\/join\/[^<"]+)/.exec((await browser.submit('/settings/invites', {}, { page: '/settings' })).text)[1];
  const join = async (link, name) => {
    const browser = new Browser(piclog);
    assert.equal((await browser.submit(link, { name, password: `${name} has a password` })).status, 200);
    return browser;
  };
  const child = await join(await invite(inviter), 'fax2');
  await join(await invite(child), 'fax3');
  const unused = await invite(child);
  const preview = await json('/admin/people/fax2/branch.json', admin);
  assert.deepEqual(preview.people.map(({ name, invited_by }) => [name, invited_by]), [['fax2', 'fax'], ['fax3', 'fax2']]);
  assert.equal(preview.affected, 2);
  assert.deepEqual((await json('/admin/people/fax3.json', admin)).inviters.map(({ name }) => name), ['fax2', 'fax']);
  const cut = (fields) => desk.submit('/admin/people/fax2/branch', fields);
  assert.equal((await cut({ action: 'ban', reason: 'bad fruit' })).status, 422, 'the box was not ticked');
  assert.equal((await cut({ action: 'ban', sure: '1' })).status, 422, 'no reason');
  assert.equal((await cut({ action: 'ban', sure: '1', reason: 'bad fruit' })).status, 303);
  for (const name of ['fax2', 'fax3']) assert.equal(await status(`/~${name}`), 404);
  assert.equal(await status('/~fax'), 200);
  assert.equal(await status(unused), 403, 'no new twig grows from an old invitation');
});

test('whoever leaves takes no one out of the branch', async () => {
  piclog.run(['user', 'delete', 'fax2']);
  assert.deepEqual((await json('/admin/people/fax3.json', admin)).inviters.map(({ name }) => name), ['fax']);
});

test('every decision is in the log, with who, what and why, and nobody can change a line', async () => {
  const { log } = await json('/admin/audit.json', admin);
  const actions = new Set(log.map((line) => line.action));
  for (const action of ['hide', 'unhide', 'delete', 'dismiss', 'warn', 'mute', 'unmute', 'suspend', 'ban', 'unban', 'appeal granted'])
    assert.ok(actions.has(action), action);
  assert.ok(log.every((line) => line.actor === 'boss' || line.actor === null));
  assert.ok(log.some((line) => line.reason === 'because of a test'));
  const ids = log.map((line) => line.id);
  assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
  assert.match((await desk.get('/admin/audit')).text, /It only grows/);
  for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await ask(piclog, method, '/admin/audit', { headers: bearer(admin) })).status, 405);
});

test('every page and form of administrators is closed to everybody else', async () => {
  const pages = ['/admin', '/admin/audit', '/admin/settings', '/admin/site', '/admin/blocked', '/admin/people/fax', '/admin/people/fax/branch'];
  const forms = ['/admin/act', '/admin/appeals/1', '/admin/settings', '/admin/site', '/admin/words', '/admin/words/1/remove', '/admin/blocked/1/remove', '/admin/people/fax/quota', '/admin/people/fax/branch'];
  for (const where of pages) {
    assert.equal(await status(where), 303, where);
    assert.equal((await ask(piclog, 'GET', `${where}.json`)).status, 401, where);
    assert.equal(await status(where, fax), 403, where);
    assert.equal(await status(where, admin), 200, where);
  }
  const person = await new Browser(piclog).logIn(fax);
  const csrf = await person.token('/settings');
  for (const where of forms) {
    assert.equal((await ask(piclog, 'POST', where, { body: new URLSearchParams({}) })).status, 401, where);
    assert.equal((await ask(piclog, 'POST', where, { headers: bearer(fax), body: {} })).status, 403, where);
    assert.equal((await person.go('POST', where, { body: new URLSearchParams({ csrf }) })).status, 403, where);
    assert.equal((await desk.go('POST', where, { body: new URLSearchParams({}) })).status, 403, `${where} without a token`);
  }
});

test('mute between people: gone from one’s own timelines, their page stays', async () => {
  await say(potato, 'a noisy capybara #noise');
  const reader = await new Browser(piclog).logIn(fax);
  assert.equal((await reader.get('/~potato')).text.includes('/shun/potato'), true);
  assert.equal((await reader.submit('/shun/potato', { kind: 'mute' })).status, 303);
  for (const where of ['/index.json', '/statuses.json', '/tag/noise.json', '/search.json?q=capybara', '/feed.json', '/people.json']) {
    assert.ok(!/capybara|potato/.test(JSON.stringify(await json(where, fax))), where);
    assert.ok(/capybara|potato/.test(JSON.stringify(await json(where))), `${where} for others`);
  }
  assert.equal(await status('/~potato', fax), 200);
  assert.equal((await reader.submit('/shun/potato', { kind: 'mute', undo: '1' }, { page: '/settings/unseen' })).status, 303);
  assert.ok(JSON.stringify(await json('/statuses.json', fax)).includes('capybara'));
});

test('block: neither sees the other anywhere, by session or token', async () => {
  const theirs = await say(potato, 'a blocked pangolin #block @fax');
  const theirPicture = await show(potato, { caption: 'pangolin in the rain #block' });
  const mine = await say(fax, 'a fax about axolotls #block @potato');
  for (const [person, mood] of [[potato, 'pangolinesque'], [fax, 'axolotlish']]) assert.equal((await ask(piclog, 'POST', '/api/moods', { headers: bearer(person), body: { face: '🥱', mood } })).status, 201);
  const moods = async (person) => (await Promise.all(['/', '/moods', '/moods.json', '/index.json'].map((where) => ask(piclog, 'GET', where, { headers: bearer(person) })))).map(({ text }) => text).join('');
  for (const person of [potato, fax]) for (const mood of ['pangolinesque', 'axolotlish']) assert.ok((await moods(person)).includes(mood), `${mood} before`);
  const reader = await new Browser(piclog).logIn(fax);
  assert.equal((await reader.submit('/shun/potato', { kind: 'block' })).status, 303);
  assert.doesNotMatch(await moods(fax), /pangolinesque/);
  assert.match(await moods(fax), /axolotlish/);
  assert.doesNotMatch(await moods(potato), /axolotlish/);
  assert.match((await ask(piclog, 'GET', '/moods/counts.json')).text, /pangolinesque/, 'for everybody else it is there');
  const everywhere = ['/index.json', '/statuses.json', '/gallery.json', '/moods.json', '/tag/block.json', '/search.json?q=pangolin', '/search.json?q=axolotls', '/feed.json', '/feed.atom', '/people.json'];
  for (const where of everywhere) {
    const seenByFax = (await ask(piclog, 'GET', where, { headers: bearer(fax) })).text.replaceAll('@potato', '').replaceAll('q=pangolin', '');
    const seenByPotato = (await ask(piclog, 'GET', where, { headers: bearer(potato) })).text.replaceAll('@fax', '').replaceAll('q=axolotls', '');
    assert.doesNotMatch(seenByFax, /in the rain|"author":"potato"|blocked pangolin|"name":"potato"/, where);
    assert.doesNotMatch(seenByPotato, /about axolotls|"author":"fax"|"name":"fax"/, where);
  }
  for (const where of ['/~potato', '/~potato.json', '/~potato/feed.atom', '/~potato/feed.json', `/statuses/${theirs.id}`, `/p/${theirPicture.id}`, `/api/statuses/${theirs.id}`, `/api/pictures/${theirPicture.id}`, '/statuses?by=potato', '/moods?by=potato']) {
    assert.equal(await status(where, fax), 404, where);
    assert.equal((await reader.get(where)).status, 404, where);
    assert.equal(await status(where), 200, `${where} for others`);
  }
  for (const where of ['/~fax', `/statuses/${mine.id}`, '/~fax/feed.atom', '/shun/fax']) assert.equal(await status(where, potato), 404, where);
  assert.match((await reader.get('/settings/unseen')).text, /potato<\/b>, blocked/);
  const other = await new Browser(piclog).logIn(potato);
  assert.doesNotMatch((await other.get('/settings/unseen')).text, /fax/);
  assert.equal((await reader.submit('/shun/potato', { kind: 'block', undo: '1' }, { page: '/settings/unseen' })).status, 303);
  assert.equal(await status('/~potato', fax), 200);
  assert.equal(await status('/~fax', potato), 200);
});

test('nobody mutes themselves, and nothing else than mute and block exists', async () => {
  const reader = await new Browser(piclog).logIn(fax);
  assert.equal((await reader.get('/shun/fax')).status, 422);
  assert.equal((await reader.get('/shun/nobody')).status, 404);
  assert.equal((await reader.submit('/shun/potato', { kind: 'vaporise' })).status, 422);
});

test('reports are limited for each network, with words and a time to come back', async () => {
  const strict = await start([], { limits: 'on' });
  try {
    const someone = strict.addUser('someone');
    const { id } = (await ask(strict, 'POST', '/api/statuses', { headers: bearer(someone), body: { face: '', content: 'hm' } })).json;
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(strict, 'GET', `/report/status/${id}`)).text)[1];
    const send = () => ask(strict, 'POST', `/report/status/${id}`, { body: new URLSearchParams({ csrf, reason: 'spam' }) });
    let answer, sent = 0;
    do answer = await send(); while (answer.status === 200 && ++sent < 50);
    assert.equal(answer.status, 429);
    assert.ok(sent >= 5 && sent < 50, `${sent} reports at once`);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.match(answer.text, /report/);
  } finally {
    await strict.remove();
  }
});
