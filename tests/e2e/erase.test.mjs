// Deleting really deletes: within a minute nothing of what was deleted is left in the database, its write-ahead log and
// its shared memory, without VACUUM; nor in any page, feed, widget or search that was cached before.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, bearer, Browser, fixture, pictureForm, start } from './piclog.mjs';

let piclog, admin, fax, potato;
before(async () => {
  piclog = await start();
  admin = piclog.addUser('boss', undefined, '--admin');
  fax = piclog.addUser('fax');
  potato = piclog.addUser('potato');
});
after(() => piclog.remove());

const files = () => ['', '-wal', '-shm'].map((ending) => join(piclog.data, `piclog.db${ending}`)).filter(existsSync).map((path) => readFileSync(path));
const traces = (things) => {
  const all = files();
  // Also in small letters, as the search index has them.
  return things.filter((thing) => all.some((bytes) => bytes.includes(thing) || (typeof thing === 'string' && bytes.includes(thing.toLowerCase()))));
};
const goneWithinAMinute = async (things) => {
  const end = Date.now() + 60000;
  while (traces(things).length && Date.now() < end) await new Promise((done) => setTimeout(done, 1000));
  assert.deepEqual(traces(things).map(String), []);
};
// Three parts of a picture's bytes that is there, from its middle, where no two pictures agree; none across the end of a page.
const parts = (bytes) => {
  const some = [0.3, 0.36, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72].map((at) => bytes.subarray(Math.floor(bytes.length * at), Math.floor(bytes.length * at) + 48));
  const found = traces(some).slice(0, 3);
  assert.equal(found.length, 3, 'parts of a picture are found');
  return found;
};
const status = async (path) => (await ask(piclog, 'GET', path)).status;
const pathOf = (url) => new URL(url).pathname;
const show = async (user, name, fields) => (await ask(piclog, 'POST', '/api/pictures', { headers: bearer(user), body: pictureForm(fixture(`pictures/${name}`), fields) })).json;
const remove = async (user, what, id) => assert.equal((await ask(piclog, 'DELETE', `/api/${what}/${id}`, { headers: bearer(user) })).status, 204);

test('a deleted picture, status and mood leave the file, the log, the index and every cache', async () => {
  const picture = await show(fax, 'cat.jpg', { caption: 'Quetzalcoatlus #pterosaur', alt: 'Archaeopteryxlike', note: 'Hatzegopteryxish' });
  const said = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(fax), body: { face: '', content: 'Pachycephalosaurus for lunch' } })).json;
  const felt = (await ask(piclog, 'POST', '/api/moods', { headers: bearer(fax), body: { mood: 'Velociraptorous', note: 'Therizinosauric' } })).json;
  const kept = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(fax), body: { face: '', content: 'Keptosaurus stays' } })).json;
  const full = await ask(piclog, 'GET', pathOf(picture.image_url)), thumb = await ask(piclog, 'GET', pathOf(picture.thumb_url));
  const report = `/report/status/${said.id}`;
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', report)).text)[1];
  assert.equal((await ask(piclog, 'POST', report, { body: new URLSearchParams({ csrf, reason: 'spam', note: 'Deinonychusquote' }) })).status, 200);
  const pages = ['/', '/gallery', '/statuses', '/moods', '/~fax', '/feed.atom', '/feed.json', '/~fax/feed.json', '/search?q=Pachycephalosaurus', '/tag/pterosaur', '/users/fax/status.json', '/embed/fax/timeline', '/embed/fax/picture.json', '/current-status.js?name=fax'];
  for (const where of pages) await ask(piclog, 'GET', where); // now they are cached
  const things = ['Quetzalcoatlus', 'Archaeopteryxlike', 'Hatzegopteryxish', 'Pachycephalosaurus', 'Velociraptorous', 'Therizinosauric', 'Deinonychusquote', 'pterosaur', ...parts(full.data), ...parts(thumb.data)];
  assert.deepEqual(traces(things), things, 'what is searched for can be found');
  await remove(fax, 'pictures', picture.id);
  await remove(fax, 'statuses', said.id);
  await remove(fax, 'moods', felt.id);
  for (const where of pages) {
    const { text } = await ask(piclog, 'GET', where);
    assert.doesNotMatch(text.replaceAll('q=Pachycephalosaurus', '').replaceAll('value="Pachycephalosaurus"', '').replaceAll('/tag/pterosaur', ''), /Quetzalcoatlus|lunch|Velociraptorous/, where);
  }
  for (const where of [pathOf(picture.image_url), pathOf(picture.thumb_url), `/p/${picture.id}`, `/statuses/${said.id}`, `/moods/${felt.id}`]) assert.equal(await status(where), 404, where);
  assert.deepEqual((await ask(piclog, 'GET', '/admin.json', { headers: bearer(admin) })).json.reports, []);
  await goneWithinAMinute(things);
  assert.deepEqual(traces(['Keptosaurus']), ['Keptosaurus']);
  assert.equal(await status(`/statuses/${kept.id}`), 200);
});

test('the bytes stay while somebody else has the same picture, and go with the last', async () => {
  const mine = await show(fax, 'book.jpg', { caption: 'Brontomerus' }), theirs = await show(potato, 'book.jpg', { caption: 'Giganotosaurus' });
  assert.equal(pathOf(mine.image_url), pathOf(theirs.image_url));
  const { data } = await ask(piclog, 'GET', pathOf(mine.image_url));
  await remove(fax, 'pictures', mine.id);
  await goneWithinAMinute(['Brontomerus']);
  const pieces = parts(data);
  assert.equal(await status(pathOf(theirs.image_url)), 200);
  await remove(potato, 'pictures', theirs.id);
  assert.equal(await status(pathOf(theirs.image_url)), 404);
  await goneWithinAMinute(['Giganotosaurus', ...pieces]);
});

test('what is scrubbed off a wall leaves the file as well, of members and of visitors', async () => {
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(potato), body: { wall: 'open', has_guestbook: true } });
  const sent = await ask(piclog, 'POST', '/api/wall/potato', { headers: bearer(fax), body: pictureForm(fixture('pictures/peaks.jpg'), { content: 'Torvosaurian words', alt: 'Carnotaurine alt' }) });
  const { data } = await ask(piclog, 'GET', pathOf(sent.json.image_url)), thumb = await ask(piclog, 'GET', pathOf(sent.json.thumb_url));
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', '/~potato/wall')).text)[1];
  assert.equal((await ask(piclog, 'POST', '/~potato/wall/sign', { body: new URLSearchParams({ csrf, name: 'Baryonychid', homepage: 'spinosaur.example', content: 'Suchomimid greetings' }) })).status, 200);
  const things = ['Torvosaurian', 'Carnotaurine', 'Baryonychid', 'spinosaur', 'Suchomimid', ...parts(data), ...parts(thumb.data)];
  assert.deepEqual(traces(things), things);
  const wall = (await ask(piclog, 'GET', '/~potato/wall.json', { headers: bearer(potato) })).json;
  await remove(fax, 'wall', sent.json.id);
  await remove(potato, 'wall', wall.waiting[0].id);
  assert.equal(await status(pathOf(sent.json.image_url)), 404);
  await goneWithinAMinute(things);
});

test('a closed account leaves nothing: words, pictures, profile, unpublished uploads, appeals, name', async () => {
  const person = piclog.addUser('gallimimus');
  const browser = await new Browser(piclog).logIn(person);
  const picture = await show(person, 'clouds.jpg', { caption: 'Compsognathus' });
  const { data } = await ask(piclog, 'GET', pathOf(picture.image_url));
  await ask(piclog, 'POST', '/api/statuses', { headers: bearer(person), body: { face: '', content: 'Ankylosaurus says hi' } });
  await browser.submit('/settings', { display_name: 'Gallimimusson', homepage: '', about: 'Parasaurolophus by trade', css: '/* Dilophosaurus */' });
  await browser.submit('/standing/appeal', { words: 'Stegosaurusplea' }, { page: '/standing' });
  const upload = await browser.submit('/upload', pictureForm(fixture('pictures/paws.jpg'), { preset: 'choose', caption: 'Oviraptorous' }));
  const candidate = await browser.get(`${upload.headers.location}/crunchy.jpg`);
  assert.equal(candidate.status, 200);
  await ask(piclog, 'POST', '/api/wall/fax', { headers: bearer(person), body: { content: 'Ornitholestes at your wall' } });
  const received = await ask(piclog, 'POST', '/api/wall/gallimimus', { headers: bearer(fax), body: pictureForm(fixture('pictures/sky.jpg'), { content: 'Coelophysis at yours' }) });
  const gift = await ask(piclog, 'GET', pathOf(received.json.image_url), { headers: bearer(fax) });
  const things = ['Compsognathus', 'Ankylosaurus', 'Gallimimusson', 'Parasaurolophus', 'Dilophosaurus', 'Stegosaurusplea', 'Oviraptorous', 'gallimimus', 'Ornitholestes', 'Coelophysis', ...parts(data), ...parts(candidate.data), ...parts(gift.data)];
  assert.deepEqual(traces(things), things);
  assert.equal((await browser.submit('/settings/close', { password: person.password }, { page: '/settings' })).status, 303);
  await goneWithinAMinute(things);
});

// A bulletin that ends, an hour of which nobody waits for: its end is set in the database, as if ten days had gone.
const hang = async (person, subject, content) => (await ask(piclog, 'POST', '/api/bulletins', { headers: bearer(person), body: { subject, content, days: 10 } })).json.id;
const inDatabase = (sql) => execFileSync('sqlite3', [join(piclog.data, 'piclog.db'), `PRAGMA secure_delete = ON; ${sql}`], { encoding: 'utf8' }).trim().split('\n').pop();

test('a bulletin that has ended leaves the file by itself', async () => {
  const id = await hang(fax, 'Protoceratopsid news', 'Psittacosaurine words'), stays = await hang(fax, 'Troodontid news', 'hangs on');
  const things = ['Protoceratopsid', 'Psittacosaurine'];
  assert.deepEqual(traces(things), things);
  inDatabase(`UPDATE bulletins SET ends_at = unixepoch() - 1 WHERE id = ${id}`);
  assert.equal((await ask(piclog, 'GET', `/api/bulletins/${id}`, { headers: bearer(fax) })).status, 404, 'nobody reads it any more');
  await goneWithinAMinute(things);
  assert.equal((await ask(piclog, 'GET', `/api/bulletins/${stays}`, { headers: bearer(fax) })).status, 200);
});

test('what is withdrawn, taken out, changed or answered leaves the file: layouts, sites with their buttons, answers', async () => {
  const call = async (method, path, body) => (await ask(piclog, method, path, { headers: bearer(fax), body }));
  const layout = (await call('POST', '/api/layouts', { name: 'Edmontosaurian', line: 'Lambeosaurine line', css: '/* Corythosaurian */ p { color: red }' })).json;
  const changed = (await call('POST', '/api/layouts', { name: 'stays', css: '/* Hypacrosaurian */ p{}' })).json;
  const button = execFileSync('convert', ['-size', '88x31', '-seed', '7', 'plasma:red-blue', 'png:-']);
  const form = pictureForm(button, { url: 'https://saurolophid.example/', title: 'Parksosaurid', line: 'Thescelosaurine', category: 'odd' }, 'button', 'image/png');
  const site = await call('POST', '/api/neighbours', form);
  assert.equal(site.status, 201, site.text);
  const said = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(potato), body: { content: 'talk' } })).json;
  const answer = (await call('POST', '/api/statuses', { content: '@potato Hesperonychid answer', reply_to: `statuses/${said.id}` })).json;
  await ask(piclog, 'POST', '/api/kept', { headers: bearer(potato), body: { post: `statuses/${answer.id}` } });
  const things = ['Edmontosaurian', 'Lambeosaurine', 'Corythosaurian', 'Hypacrosaurian', 'saurolophid', 'Parksosaurid', 'Thescelosaurine', 'Hesperonychid'];
  assert.deepEqual(traces(things), things);
  await remove(fax, 'layouts', layout.id);
  assert.equal((await call('PUT', `/api/layouts/${changed.id}`, { css: 'p{}' })).status, 200);
  await remove(fax, 'neighbours', site.json.id);
  await remove(fax, 'statuses', answer.id);
  assert.deepEqual((await ask(piclog, 'GET', '/notices.json', { headers: bearer(potato) })).json.notices.filter(({ post }) => post === `statuses/${answer.id}`), []);
  await goneWithinAMinute(things);
  assert.equal(inDatabase('SELECT count(*) FROM images WHERE uses <= 0 OR id IN (SELECT button_id FROM neighbours)'), '0');
});

test('a closed account takes everything of the neighbourhood along', async () => {
  const person = piclog.addUser('therizino'), browser = await new Browser(piclog).logIn(person);
  const call = async (method, path, body, status = 201) => {
    const answer = await ask(piclog, method, path, { headers: bearer(person), body });
    assert.equal(answer.status, status, answer.text);
    return answer.json;
  };
  const { id: account } = await call('PUT', '/api/me', { homepage: 'https://segnosaurid.example/', ring: '1', shows_follows: true, wall: 'open', has_guestbook: true }, 200);
  const said = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(potato), body: { content: 'talk to me' } })).json;
  await call('POST', '/api/follows', { name: 'potato' });
  await ask(piclog, 'POST', '/api/follows', { headers: bearer(potato), body: { name: 'therizino' } });
  const answer = await call('POST', '/api/statuses', { content: '@potato Nothronychid', reply_to: `statuses/${said.id}` });
  const picture = await show(person, 'trail.jpg', { caption: 'Erlikosaurid', reply_to: `statuses/${said.id}` });
  const image = (await ask(piclog, 'GET', pathOf(picture.image_url))).data;
  await call('POST', '/api/kept', { post: `statuses/${said.id}` });
  await ask(piclog, 'POST', '/api/kept', { headers: bearer(potato), body: { post: `statuses/${answer.id}` } });
  await call('POST', '/api/wall/potato', { content: 'Falcariine words' });
  await ask(piclog, 'POST', '/api/wall/therizino', { headers: bearer(potato), body: { content: 'Suzhousaurian words' } });
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', '/~therizino/wall')).text)[1];
  await ask(piclog, 'POST', '/~therizino/wall/sign', { body: new URLSearchParams({ csrf, name: 'Neimongosaurid', homepage: 'enigmosaurid.example', content: 'Beipiaosaurian' }) });
  await call('POST', '/api/pokes', { name: 'potato' });
  await call('PUT', '/api/me/top', { names: ['potato'] }, 200);
  await ask(piclog, 'PUT', '/api/me/top', { headers: bearer(potato), body: { names: ['therizino'] } });
  await call('POST', '/api/bulletins', { subject: 'Martharaptorid', content: 'Jianchangosaurian', days: 10 });
  await call('POST', '/api/layouts', { name: 'Alxasaurid', line: 'Nanshiungosaurine', css: '/* Erliansaurian */ p{}' });
  const button = execFileSync('convert', ['-size', '88x31', '-seed', '9', 'plasma:green-blue', 'png:-']);
  await call('POST', '/api/neighbours', pictureForm(button, { url: 'https://lingyuanosaurid.example/', title: 'Paralitherizinosaurid', line: 'odd', category: 'odd' }, 'button', 'image/png'));
  for (const feed of ['friends', 'notices']) await browser.submit('/settings/feeds', { feed });
  const things = ['segnosaurid', 'Nothronychid', 'Erlikosaurid', 'Falcariine', 'Suzhousaurian', 'Neimongosaurid', 'enigmosaurid', 'Beipiaosaurian', 'Martharaptorid', 'Jianchangosaurian', 'Alxasaurid', 'Nanshiungosaurine',
    'Erliansaurian', 'lingyuanosaurid', 'Paralitherizinosaurid', 'therizino', ...parts(image)];
  assert.deepEqual(traces(things), things, 'what is searched for can be found');
  assert.equal((await browser.submit('/settings/close', { password: person.password }, { page: '/settings' })).status, 303);
  await goneWithinAMinute(things);
  // nor does a row of anybody else's point there
  const columns = { follows: ['follower_id', 'followed_id'], feed_keys: ['account_id'], notices: ['account_id', 'by_id'], kept: ['account_id'], wall_entries: ['owner_id', 'account_id'], pokes: ['by_id', 'account_id'],
    top_eight: ['account_id', 'friend_id'], bulletins: ['account_id'], layouts: ['account_id'], neighbours: ['account_id'], once: ['account_id'] };
  for (const [table, names] of Object.entries(columns))
    for (const name of names) assert.equal(inDatabase(`SELECT count(*) FROM ${table} WHERE ${name} = ${account}`), '0', `${table}.${name}`);
  assert.equal(inDatabase(`SELECT count(*) FROM kept WHERE kind = 'status' AND post_id = ${answer.id}`), '0');
  assert.equal(inDatabase(`SELECT count(*) FROM notices WHERE post_kind = 'status' AND post_id = ${answer.id}`), '0');
});

test('the shell deletes as thoroughly, at once', async () => {
  const person = piclog.addUser('maiasaura');
  await ask(piclog, 'POST', '/api/statuses', { headers: bearer(person), body: { face: '', content: 'Plesiosaurus is none' } });
  piclog.run(['user', 'delete', 'maiasaura']);
  await goneWithinAMinute(['Plesiosaurus', 'maiasaura']);
});
