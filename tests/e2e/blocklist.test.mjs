// What may not come in: pictures known by fingerprint or bytes, words, new accounts held back, quotas; and notes that
// blur a picture.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ask, bearer, Browser, fixture, fixtures, pictureForm, start } from './piclog.mjs';

let piclog, admin, fax, potato, desk;
before(async () => {
  piclog = await start(['--signup', 'open']);
  admin = piclog.addUser('boss', undefined, '--admin');
  fax = piclog.addUser('fax');
  potato = piclog.addUser('potato');
  desk = await new Browser(piclog).logIn(admin);
});
after(() => piclog.remove());

const file = (name) => join(fixtures, 'pictures', name);
const upload = (user, bytes, fields = {}) => ask(piclog, 'POST', '/api/pictures', { headers: bearer(user), body: pictureForm(bytes, fields) });
const portrait = (user, which, bytes) => ask(piclog, 'POST', `/api/me/${which}`, { headers: bearer(user), body: pictureForm(bytes) });
const say = (user, content) => ask(piclog, 'POST', '/api/statuses', { headers: bearer(user), body: { face: '', content } });
const json = async (path, user) => (await ask(piclog, 'GET', path, { headers: { accept: 'application/json', ...(user ? bearer(user) : {}) } })).json;
const decide = (action, kind, id, reason = 'because of a test') => desk.submit('/admin/act', { action, kind, id, reason }, { page: '/admin/settings' });
const block = (words, action) => desk.submit('/admin/words', { words, action }, { page: '/admin/settings' });
const settings = (fields) => desk.submit('/admin/settings', { new_accounts: 'free', new_quota_kb: '500', ...fields });
const converted = (name, ...operations) => execFileSync('convert', [file(name), ...operations, 'jpg:-'], { maxBuffer: 1 << 26 });

test('a blocked picture is deleted wherever it was posted, and does not come back in any size or crunch', async () => {
  const bytes = fixture('pictures/spices.jpg');
  const posts = [];
  for (const user of [fax, potato]) posts.push((await upload(user, bytes, { caption: 'spices' })).json);
  assert.equal(new URL(posts[0].image_url).pathname, new URL(posts[1].image_url).pathname);
  assert.equal((await portrait(potato, 'background', bytes)).status, 200);
  const background = async () => (await json('/~potato.json')).person.background_url;
  const shown = await background();
  assert.equal((await decide('block', 'picture', posts[0].id)).status, 303);
  assert.equal(await background(), null);
  assert.equal((await ask(piclog, 'GET', shown)).status, 404);
  for (const { id } of posts) assert.equal((await ask(piclog, 'GET', `/p/${id}`)).status, 404);
  assert.equal((await ask(piclog, 'GET', new URL(posts[0].image_url).pathname)).status, 404);
  const again = {
    'as it was': [bytes, {}],
    fried: [bytes, { preset: 'fried' }],
    dust: [bytes, { preset: 'dust' }],
    smaller: [converted('spices.jpg', '-resize', '300x300', '-quality', '40'), {}],
    'rim cut off': [converted('spices.jpg', '-gravity', 'center', '-crop', '98%x98%+0+0', '+repage'), {}],
    brighter: [converted('spices.jpg', '-modulate', '115'), {}],
  };
  for (const [name, [changed, fields]] of Object.entries(again)) {
    const answer = await upload(fax, changed, fields);
    assert.equal(answer.status, 422, name);
    assert.match(answer.json.detail, /block list/);
  }
  const person = await new Browser(piclog).logIn(fax);
  const form = pictureForm(bytes, { preset: 'choose' });
  const page = await person.submit('/upload', form);
  assert.equal(page.status, 422);
  assert.match(page.text, /block list/);
  for (const which of ['avatar', 'background']) {
    const answer = await portrait(fax, which, bytes);
    assert.equal(answer.status, 422, which);
    assert.match(answer.json.detail, /block list/);
  }
  for (const other of ['cat.jpg', 'book.jpg', 'clouds.jpg']) assert.equal((await upload(fax, fixture(`pictures/${other}`))).status, 201, other);
});

test('administrators see how often it was tried, and can let it in again', async () => {
  const { pictures } = await json('/admin/blocked.json', admin);
  assert.equal(pictures.length, 1);
  assert.ok(pictures[0].hits >= 7);
  assert.equal((await desk.submit(`/admin/blocked/${pictures[0].id}/remove`, {}, { page: '/admin/blocked' })).status, 303);
  assert.equal((await upload(fax, fixture('pictures/spices.jpg'))).status, 201);
});

test('a picture of one colour is blocked by its bytes only', async () => {
  const flat = (colour) => execFileSync('convert', ['-size', '400x300', `xc:${colour}`, 'png:-']);
  const red = (await upload(fax, flat('red'))).json;
  assert.equal((await decide('block', 'picture', red.id)).status, 303);
  assert.equal((await upload(fax, flat('red'))).status, 422);
  assert.equal((await upload(fax, flat('blue'))).status, 201);
});

test('words are masked, whatever their case, accents, width and invisible characters', async () => {
  assert.equal((await block('Voldemort\nhoc*', 'mask')).status, 303);
  const said = async (content) => (await say(fax, content)).json.content;
  assert.equal(await said('Voldemort was here'), '********* was here');
  assert.equal(await said('vÓLDEmört?'), '*********?');
  assert.equal(await said('ｖｏｌｄｅｍｏｒｔ!'), '*********!');
  assert.equal(await said('vol\u00adde\u200bmort'), '***********');
  assert.equal(await said('hocuspocus'), '***uspocus');
  assert.equal(await said('Voldemorts, a choc'), 'Voldemorts, a choc');
  const { json: picture } = await upload(fax, fixture('pictures/paws.jpg'), { caption: 'voldemort', alt: 'a voldemort', tags: 'voldemort paws' });
  assert.deepEqual([picture.caption, picture.alt, picture.tags], ['*********', 'a *********', ['paws']]);
  const mood = await ask(piclog, 'POST', '/api/moods', { headers: bearer(fax), body: { mood: 'voldemort', note: 'so voldemort' } });
  assert.deepEqual([mood.json.mood, mood.json.note], ['*********', 'so *********']);
  const { id } = (await say(fax, 'fine')).json;
  const edited = await ask(piclog, 'PUT', `/api/statuses/${id}`, { headers: bearer(fax), body: { face: '', content: 'voldemort after all' } });
  assert.equal(edited.json.content, '********* after all');
});

test('words are refused with a sentence, in new posts and edits, by form and API', async () => {
  assert.equal((await block('*casino*', 'refuse')).status, 303);
  const answer = await say(fax, 'best onlineCASINOs');
  assert.equal(answer.status, 422);
  assert.match(answer.json.detail, /word that is not taken here/);
  assert.equal((await upload(fax, fixture('pictures/peaks.jpg'), { caption: 'casino' })).status, 422);
  const person = await new Browser(piclog).logIn(fax);
  const form = await person.submit('/status', { face: '', content: 'casino' });
  assert.equal(form.status, 422);
  const { id } = (await say(fax, 'fine')).json;
  assert.equal((await ask(piclog, 'PUT', `/api/statuses/${id}`, { headers: bearer(fax), body: { face: '', content: 'casino' } })).status, 422);
  assert.equal((await json(`/api/statuses/${id}`)).content, 'fine');
});

test('profiles are held to the list as well', async () => {
  await block('sockpuppet', 'mask');
  const person = await new Browser(piclog).logIn(potato);
  const save = (fields) => person.submit('/settings', { display_name: '', homepage: '', about: '', css: '', ...fields });
  assert.equal((await save({ display_name: 'A Sockpuppet', about: 'no casino' })).status, 422);
  assert.equal((await save({ display_name: 'A Sockpuppet', about: 'a SOCKPUPPET' })).status, 303);
  const shown = (await json('/~potato.json')).person;
  assert.deepEqual([shown.display_name, shown.about], ['A **********', 'a **********']);
  assert.equal((await save({ links: 'https://you.example/ best casino' })).status, 422);
  assert.equal((await save({ links: 'https://casino.example/ a friend' })).status, 422);
  assert.equal((await save({ homepage: 'https://best.casino.example/' })).status, 422);
  const join = (name) => new Browser(piclog).submit('/join', { name, password: `${name} has a password` });
  const refused = await join('casino-king');
  assert.equal(refused.status, 422);
  assert.match(refused.text, /This name holds a word/);
  assert.equal((await join('card-king')).status, 200);
  assert.equal((await save({ links: 'https://you.example/ my sockpuppet' })).status, 303);
  assert.deepEqual((await json('/~potato.json')).person.links, [{ label: 'my **********', url: 'https://you.example/' }]);
  const { words } = await json('/admin/settings.json', admin);
  await desk.submit(`/admin/words/${words.find(({ word }) => word === 'sockpuppet').id}/remove`, {}, { page: '/admin/settings' });
});

test('words hold a post for review until it is approved', async () => {
  assert.equal((await block('giveaway', 'hold')).status, 303);
  const { json: said, status } = await say(fax, 'a giveaway of umbrellas');
  assert.equal(status, 201);
  assert.equal(said.is_held, true);
  assert.equal((await ask(piclog, 'GET', `/statuses/${said.id}`)).status, 404);
  assert.equal((await ask(piclog, 'GET', `/statuses/${said.id}`, { headers: bearer(fax) })).status, 200);
  assert.ok(!JSON.stringify(await json('/statuses.json')).includes('umbrellas'));
  const { held } = await json('/admin.json', admin);
  assert.deepEqual(held.map((one) => one.status.content), ['a giveaway of umbrellas']);
  assert.equal((await decide('approve', 'status', said.id, '')).status, 303);
  assert.equal((await ask(piclog, 'GET', `/statuses/${said.id}`)).status, 200);
  assert.ok(JSON.stringify(await json('/statuses.json')).includes('umbrellas'));
});

test('the words of an edited picture are held or refused as a whole, its note too', async () => {
  const { json: picture } = await upload(fax, fixture('pictures/paws.jpg'), { caption: 'tools' });
  const put = (body) => ask(piclog, 'PUT', `/api/pictures/${picture.id}`, { headers: bearer(fax), body });
  assert.equal((await put({ caption: 'changed', note: 'the bestcasinos' })).status, 422);
  assert.equal((await json(`/api/pictures/${picture.id}`)).caption, 'tools');
  assert.equal((await put({ caption: 'tools', note: 'a giveaway' })).json.is_held, true);
  assert.equal((await ask(piclog, 'GET', `/p/${picture.id}`)).status, 404);
  assert.equal((await decide('approve', 'picture', picture.id, '')).status, 303);
});

test('a word leaves the list again; nonsense does not enter it', async () => {
  const { words } = await json('/admin/settings.json', admin);
  assert.deepEqual(words.map(({ word, action }) => [word, action]), [['voldemort', 'mask'], ['hoc*', 'mask'], ['*casino*', 'refuse'], ['giveaway', 'hold']]);
  for (const { id } of words) assert.equal((await desk.submit(`/admin/words/${id}/remove`, {}, { page: '/admin/settings' })).status, 303);
  assert.equal((await say(fax, 'voldemort at the casino')).json.content, 'voldemort at the casino');
  assert.equal((await block('***', 'mask')).status, 422);
  assert.equal((await block('', 'mask')).status, 422);
  assert.equal((await block('word', 'eat')).status, 422);
});

test('first-post review: what new people post waits until one thing is approved', async () => {
  assert.equal((await settings({ new_accounts: 'review' })).status, 303);
  const kiwi = piclog.addUser('kiwi');
  const first = (await say(kiwi, 'a kiwi says hello')).json;
  const picture = (await upload(kiwi, fixture('pictures/trail.jpg'), { caption: 'a kiwi trail' })).json;
  const mood = (await ask(piclog, 'POST', '/api/moods', { headers: bearer(kiwi), body: { mood: 'kiwi' } })).json;
  assert.deepEqual([first.is_held, picture.is_held, mood.is_held], [true, true, true]);
  assert.equal((await ask(piclog, 'GET', `/p/${picture.id}`)).status, 404);
  for (const where of ['/index.json', '/~kiwi.json', '/feed.json', '/moods.json']) assert.ok(!JSON.stringify(await json(where)).includes('kiwi says'), where);
  assert.equal((await json('/admin.json', admin)).held.length, 3);
  const page = (await ask(piclog, 'GET', `/p/${picture.id}`, { headers: bearer(kiwi) })).text;
  assert.match(page, /waits for review/);
  assert.equal((await decide('approve', 'status', first.id, '')).status, 303);
  assert.equal((await json('/admin.json', admin)).held.length, 0, 'approving one thing is trusting the person');
  assert.equal((await ask(piclog, 'GET', `/p/${picture.id}`)).status, 200);
  assert.equal((await say(kiwi, 'and now at once')).json.is_held, false);
  assert.equal((await say(fax, 'older people never wait')).json.is_held, false);
  await settings({ new_accounts: 'free' });
});

test('a small quota for new accounts, and a quota of one’s own', async () => {
  assert.equal((await settings({ new_accounts: 'quota', new_quota_kb: '20' })).status, 303);
  const newcomer = piclog.addUser('newcomer');
  assert.equal((await upload(newcomer, fixture('pictures/orbit.jpg'))).status, 201);
  assert.equal((await upload(newcomer, fixture('pictures/lantern.jpg'))).status, 507);
  const id = (await json('/admin/people/newcomer.json', admin)).person.id;
  const quota = (megabytes) => desk.submit('/admin/people/newcomer/quota', { megabytes }, { page: '/admin/people/newcomer' });
  assert.equal((await quota('lots')).status, 422);
  assert.equal((await quota('1')).status, 303);
  assert.equal((await upload(newcomer, fixture('pictures/lantern.jpg'))).status, 201);
  assert.equal((await quota('')).status, 303);
  assert.equal((await upload(newcomer, fixture('pictures/night-shop.jpg'))).status, 507);
  assert.equal((await decide('trust', 'person', id, '')).status, 303);
  assert.equal((await upload(newcomer, fixture('pictures/night-shop.jpg'))).status, 201);
  for (const bad of [{ new_accounts: 'maybe' }, { new_quota_kb: '-1' }, { new_quota_kb: 'x' }]) assert.equal((await settings(bad)).status, 422);
  await settings({});
});

test('a content note blurs a picture until it is clicked, everywhere on this site', async () => {
  const { json: picture, status } = await upload(fax, fixture('pictures/taproom.jpg'), { caption: 'a glass #beer', alt: 'A glass of beer', note: 'alcohol' });
  assert.equal(status, 201);
  assert.equal(picture.note, 'alcohol');
  const page = (await ask(piclog, 'GET', `/p/${picture.id}`)).text;
  assert.match(page, /<details class="veil frame">\s*<summary><img src="\/t\/[^"]+" [^>]*alt=""> <span>Content note: <b dir="auto">alcohol<\/b>/);
  assert.doesNotMatch(page, /og:image"/);
  for (const where of ['/', '/gallery', '/~fax', '/tag/beer', '/search?q=glass']) {
    const { text } = await ask(piclog, 'GET', where);
    assert.match(text, new RegExp(`class="[^"]*note" href="/p/${picture.id}"|href="/p/${picture.id}"[^>]* class="note"`), where);
    assert.doesNotMatch(text, /alt="A glass of beer"/, where);
    assert.match(text, /alcohol/, where);
  }
  const thumb = new URL(picture.thumb_url).pathname, full = new URL(picture.image_url).pathname;
  for (const where of ['/feed.atom', '/feed.json', '/~fax/feed.atom', '/embed/fax/picture', '/embed/fax/timeline', '/embed/fax/picture.js', '/embed/fax/picture.json', `/oembed?url=${piclog.origin}/p/${picture.id}`]) {
    const { text } = await ask(piclog, 'GET', where);
    assert.ok(!text.includes(thumb) && !text.includes(full), where);
    assert.match(text, /alcohol/, where);
  }
  const badge = await ask(piclog, 'GET', '/embed/fax/picture.jpg');
  assert.notDeepEqual(badge.data, (await ask(piclog, 'GET', thumb)).data);
});

test('a content note is edited and taken away, in forms and by the API', async () => {
  const { json: picture } = await upload(fax, fixture('pictures/dandelion.jpg'), { note: 'pollen' });
  const put = (body) => ask(piclog, 'PUT', `/api/pictures/${picture.id}`, { headers: bearer(fax), body });
  assert.equal((await put({ caption: 'still there' })).json.note, 'pollen', 'what is not named stays');
  assert.equal((await put({ note: '' })).json.note, '');
  assert.equal((await put({ note: 'x'.repeat(81) })).status, 422);
  const person = await new Browser(piclog).logIn(fax);
  assert.equal((await person.submit(`/p/${picture.id}/edit`, { caption: '', alt: '', tags: '', note: 'pollen again' })).status, 303);
  assert.equal((await json(`/api/pictures/${picture.id}`)).note, 'pollen again');
  const chosen = await person.submit('/upload', pictureForm(fixture('pictures/meadow.png'), { preset: 'choose', note: 'grass' }));
  const candidate = chosen.headers.location;
  assert.match((await person.get(candidate)).text, /name="note" value="grass"/);
  const published = await person.submit(candidate, { preset: 'dust', note: 'grass', caption: '', alt: '', tags: '' });
  assert.equal((await json(`${published.headers.location}.json`)).picture.note, 'grass');
});
