// The directory of sites and the webring: who may put up what, what others see of it, where the ring leads, and what
// comes of a name, a button and an address that do not do.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Browser, ask, bearer, start } from './piclog.mjs';

let piclog;
const people = {}, browsers = {};
before(async () => {
  piclog = await start(['--threads', '4']);
  for (const name of ['ann', 'bob', 'cid', 'dot']) people[name] = piclog.person(name);
  people.boss = piclog.addUser('boss', 'boss has a password', '--admin');
  for (const name of Object.keys(people)) browsers[name] = await new Browser(piclog).logIn(people[name]);
});
after(() => piclog.remove());

const me = (name, fields) => ask(piclog, 'PUT', '/api/me', { headers: bearer(people[name]), body: new URLSearchParams(fields) });
const put = (name, path, fields, page = '/neighbours/new') => {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.append(key, value, ...(value instanceof Blob ? ['button.png'] : []));
  return browsers[name].submit(path, body, { page });
};
const site = { url: 'https://next.example/', title: 'Next door', line: 'Soup since 1999', category: 'odd' };
const suggest = (name, fields) => put(name, '/neighbours/new', { ...site, ...fields });
const listed = async (query = '', headers = {}) => (await ask(piclog, 'GET', `/neighbours.json${query}`, { headers })).json.sites;
const titles = async (...of) => (await listed(...of)).map(({ title }) => title);
const button = (width, height) => new Blob([execFileSync('convert', ['-size', `${width}x${height}`, 'plasma:red-blue', 'png:-'])], { type: 'image/png' });
const decide = (action, id) => browsers.boss.submit('/admin/act', { action, kind: 'neighbour', id, reason: 'it is so' }, { page: '/admin/settings' });

test('a suggestion waits until an administrator says yes', async () => {
  const answer = await suggest('ann', {});
  assert.equal(answer.status, 303, answer.text);
  assert.deepEqual(await titles(), []);
  assert.match((await browsers.ann.get('/neighbours/new')).text, /Next door[\s\S]*Waits for an administrator/);
  assert.doesNotMatch((await browsers.bob.get('/neighbours/new')).text, /Next door/);
  const desk = await browsers.boss.get('/admin');
  assert.match(desk.text, /Next door – Soup since 1999/);
  assert.equal((await decide('approve', 1)).status, 303);
  assert.deepEqual(await titles(), ['Next door']);
  assert.equal((await listed())[0].author, 'ann');
});

test('the same site stands there once, however often it is told', async () => {
  assert.equal((await suggest('bob', {})).status, 409);
  const page = await browsers.cid.get('/neighbours/new');
  const hidden = Object.fromEntries(['csrf', 'once'].map((name) => [name, new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page.text)[1]]));
  const answers = await Promise.all(Array.from({ length: 8 }, () => {
    const body = new FormData();
    for (const [key, value] of Object.entries({ ...hidden, ...site, url: 'https://eight.example/', title: 'Eight' })) body.append(key, value);
    return browsers.cid.go('POST', '/neighbours/new', { body });
  }));
  for (const answer of answers) assert.equal(answer.status, 303, answer.text);
  assert.equal((await browsers.cid.get('/neighbours/new')).text.match(/Take it out/g).length, 1);
});

test('what does not do is said, and nothing typed is lost', async () => {
  for (const [fields, words] of [
    [{ url: 'javascript:alert(1)' }, /none of the web/], [{ url: 'nowhere' }, /none of the web/],
    [{ title: ' ' }, /no name yet/], [{ title: 'x'.repeat(61) }, /60/], [{ line: 'x'.repeat(141) }, /140/],
    [{ category: 'crime' }, /Choose what it is about/],
  ]) {
    const answer = await suggest('dot', { url: 'https://kept.example/typed', ...fields });
    assert.equal(answer.status, 422, JSON.stringify(fields));
    assert.match(answer.text, words);
    if (!fields.url) assert.match(answer.text, /value="https:\/\/kept\.example\/typed"/);
  }
});

test('a button has 88 × 31 pixels and comes out as our own bytes', async () => {
  const wrong = await suggest('boss', { url: 'https://button.example/', button: button(468, 60) });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /exactly 88 × 31 pixels; this one has 468 × 60/);
  assert.equal((await suggest('boss', { url: 'https://button.example/', title: 'With button', button: button(88, 31) })).status, 303);
  const found = (await listed()).find(({ title }) => title === 'With button');
  assert.match(found.button_url, /^\/i\/[0-9a-f]{32}\.jpg$/);
  const image = await ask(piclog, 'GET', found.button_url);
  assert.equal(image.status, 200);
  assert.equal(image.data.readUInt16BE(0), 0xffd8);
  const drawn = await ask(piclog, 'GET', '/neighbours/1/button.gif');
  assert.equal(drawn.headers['content-type'], 'image/gif');
  assert.deepEqual([drawn.data.readUInt16LE(6), drawn.data.readUInt16LE(8)], [88, 31]);
  // hidden, nobody gets its bytes; deleted, they are gone
  assert.equal((await decide('hide', found.id)).status, 303);
  assert.equal((await ask(piclog, 'GET', found.button_url)).status, 404);
  assert.ok(!(await titles()).includes('With button'));
  assert.equal((await decide('unhide', found.id)).status, 303);
  assert.equal((await browsers.boss.submit(`/neighbours/${found.id}/delete`, {}, { page: '/neighbours/new' })).status, 303);
  assert.equal((await ask(piclog, 'GET', found.button_url)).status, 404);
});

test('one looks for a word or a category', async () => {
  assert.equal((await suggest('boss', { url: 'https://loud.example/', title: 'Loud', line: 'Records', category: 'music' })).status, 303);
  assert.deepEqual(await titles('?category=music'), ['Loud']);
  assert.deepEqual(await titles('?q=RECORDS'), ['Loud']);
  assert.deepEqual(await titles('?q=soup&category=music'), []);
  assert.equal((await suggest('boss', { url: 'https://cafe.example/', title: 'Café Électrique', line: 'ÜBER Crème', category: 'music' })).status, 303);
  for (const words of ['café électrique', 'CAFE ELECTRIQUE', 'Électr', 'uber crème', 'cafe\u0301'])
    for (const query of [`?q=${encodeURIComponent(words)}`, `?category=music&q=${encodeURIComponent(words)}`]) assert.deepEqual(await titles(query), ['Café Électrique'], query);
  assert.equal((await ask(piclog, 'GET', '/neighbours?category=crime')).status, 404);
  assert.deepEqual((await ask(piclog, 'GET', '/neighbours?category=music')).text.match(/<option value="\w*" selected>[^<]+/g), ['<option value="music" selected>music']);
  const sites = await listed();
  assert.ok(sites.length > 1);
  assert.deepEqual((await listed(`?before=${sites[0].id}`)).map(({ id }) => id), sites.slice(1).map(({ id }) => id));
});

test('a homepage of a member is shown at once, with the address of the profile', async () => {
  assert.equal((await put('bob', '/neighbours/new', { home: '1', title: 'Bob’s place', line: '', category: 'people' })).status, 422);
  await me('bob', { homepage: 'https://bob.example/' });
  assert.equal((await put('bob', '/neighbours/new', { home: '1', title: 'Bob’s place', line: '', category: 'people', url: 'https://elsewhere.example/' })).status, 303);
  assert.equal((await listed('?category=people'))[0].url, 'https://bob.example/');
  await me('bob', { homepage: 'https://bob-moved.example/' });
  assert.equal((await listed('?category=people'))[0].url, 'https://bob-moved.example/');
  // its owner describes it anew, and it stays; an administrator takes it down, but does not speak for its owner
  const { id } = (await listed('?category=people'))[0], page = `/neighbours/${id}/edit`;
  assert.equal((await put('bob', `/neighbours/${id}`, { title: 'Bob’s new place', line: '', category: 'people' }, page)).status, 303);
  assert.deepEqual(await titles('?category=people'), ['Bob’s new place']);
  assert.equal((await put('boss', `/neighbours/${id}`, { title: 'Boss was here', line: '', category: 'people' }, page)).status, 403);
  await me('bob', { homepage: '' });
  assert.deepEqual(await titles('?category=people'), []);
  await me('bob', { homepage: 'https://bob.example/' });
});

test('strangers, blocked people and the other’s site', async () => {
  assert.equal((await ask(piclog, 'GET', '/neighbours/new')).status, 303);
  assert.equal((await ask(piclog, 'POST', '/neighbours/new', { body: new URLSearchParams(site) })).status, 401);
  assert.equal((await browsers.dot.submit('/neighbours/1/delete', {}, { page: '/neighbours/new' })).status, 404);
  assert.equal((await put('dot', '/neighbours/1', { ...site, title: 'mine now' })).status, 404);
  assert.equal((await browsers.ann.submit('/shun/dot', { kind: 'block' })).status, 303);
  assert.ok(!(await browsers.dot.get('/neighbours')).text.includes('Next door'));
  assert.ok((await browsers.cid.get('/neighbours')).text.includes('Next door'));
  assert.equal((await ask(piclog, 'GET', '/report/neighbour/1')).status, 200);
});

test('the author changes what they suggested, and it waits again', async () => {
  const answer = await put('ann', '/neighbours/1', { ...site, title: 'Next door, new' }, '/neighbours/1/edit');
  assert.equal(answer.status, 303, answer.text);
  assert.ok(!(await titles()).some((title) => title.startsWith('Next door')));
  await decide('approve', 1);
  assert.ok((await titles()).includes('Next door, new'));
});

test('feeds: new neighbours in Atom, everybody’s feeds in OPML', async () => {
  await people.ann.call('POST', '/api/statuses', { content: 'I post' });
  const atom = await ask(piclog, 'GET', '/neighbours/feed.atom');
  assert.match(atom.headers['content-type'], /application\/atom\+xml/);
  assert.match(atom.text, /Next door, new/);
  const opml = await ask(piclog, 'GET', '/neighbours.opml');
  assert.match(opml.headers['content-type'], /text\/x-opml/);
  execFileSync('xmllint', ['--noout', '-'], { input: opml.text });
  assert.deepEqual([...opml.text.matchAll(/xmlUrl="([^"]+)"/g)].map(([, url]) => url), [`${piclog.origin}/~ann/feed.atom`]);
});

test('the ring leads from homepage to homepage, and round', async () => {
  const to = async (path) => (await ask(piclog, 'GET', path)).headers.location;
  assert.equal((await me('ann', { ring: '1' })).status, 422); // no homepage
  assert.equal(await to('/ring/ann/next'), '/ring'); // a ring of nobody
  for (const name of ['ann', 'bob', 'cid']) assert.equal((await me(name, { homepage: `https://${name}.example/`, ring: '1' })).status, 200);
  const at = (name) => `https://${name}.example/`;
  assert.deepEqual([await to('/ring/ann/next'), await to('/ring/bob/next'), await to('/ring/cid/next')], [at('bob'), at('cid'), at('ann')]);
  assert.deepEqual([await to('/ring/ann/prev'), await to('/ring/bob/prev'), await to('/ring/cid/prev')], [at('cid'), at('ann'), at('bob')]);
  for (let i = 0; i < 8; i++) assert.ok([at('ann'), at('cid')].includes(await to('/ring/bob/random')));
  // who blocked each other are no step from each other
  await browsers.ann.submit('/shun/bob', { kind: 'block' });
  assert.deepEqual([await to('/ring/ann/next'), await to('/ring/bob/prev')], [at('cid'), at('cid')]);
  await browsers.ann.submit('/shun/bob', { kind: 'block', undo: '1' });
  // whoever never joined, or left, still finds the way; nobody else does
  assert.equal(await to('/ring/dot/next'), at('bob')); // ann blocked dot
  assert.equal((await browsers.bob.submit('/ring', { is_in: '0' })).status, 303);
  assert.equal(await to('/ring/ann/next'), at('cid'));
  assert.equal(await to('/ring/bob/next'), at('cid'));
  assert.equal((await ask(piclog, 'GET', '/ring/nobody/next')).status, 404);
  piclog.run(['user', 'disable', 'cid']);
  assert.equal(await to('/ring/ann/next'), '/ring');
});

test('the widget of the ring, four ways', async () => {
  const json = (await ask(piclog, 'GET', '/embed/ann/ring.json')).json;
  assert.deepEqual(json.items.map(({ url }) => url), ['prev', 'random', 'next'].map((step) => `${piclog.origin}/ring/ann/${step}`));
  assert.match((await ask(piclog, 'GET', '/embed/ann/ring')).text, /href="[^"]+\/ring\/ann\/next"/);
  assert.match((await ask(piclog, 'GET', '/embed/ann/ring.js')).text, /ring\/ann\/prev/);
  assert.equal((await ask(piclog, 'GET', '/embed/ann/ring.gif')).headers['content-type'], 'image/gif');
});

test('by the API, with the scope that posting needs', async () => {
  const fields = { url: 'api.example', title: 'By the API', category: 'machines' };
  const made = await people.dot.call('POST', '/api/neighbours', fields);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.json.url, made.json.is_held, 'account_id' in made.json], ['https://api.example', true, false]);
  const wrong = await people.dot.call('POST', '/api/neighbours', { ...fields, category: 'crime' });
  assert.deepEqual([wrong.status, wrong.headers['content-type']], [422, 'application/problem+json']);
  assert.equal((await people.cid.call('DELETE', `/api/neighbours/${made.json.id}`)).status, 401); // cid is disabled
  assert.equal((await people.bob.call('DELETE', `/api/neighbours/${made.json.id}`)).status, 404);
  assert.equal((await people.dot.call('DELETE', `/api/neighbours/${made.json.id}`)).status, 204);
});

test('first-post review: a new homepage waits as well, until the person is trusted', async () => {
  const settings = (new_accounts) => browsers.boss.submit('/admin/settings', { new_accounts, new_quota_kb: '500' });
  assert.equal((await settings('review')).status, 303);
  people.eve = piclog.person('eve');
  browsers.eve = await new Browser(piclog).logIn(people.eve);
  assert.equal((await me('eve', { homepage: 'https://eve.example' })).status, 200);
  assert.equal((await put('eve', '/neighbours/new', { home: '1', title: 'Eve was here', line: '', category: 'odd' })).status, 303);
  assert.match((await browsers.eve.get('/neighbours/new')).text, /Thank you\. An administrator looks at it before others see it\./);
  assert.ok(!(await titles()).includes('Eve was here'));
  const { id } = (await people.eve.call('GET', '/api/me')).json;
  assert.equal((await browsers.boss.submit('/admin/act', { action: 'trust', kind: 'person', id, reason: 'it is so' }, { page: '/admin/settings' })).status, 303);
  assert.ok((await titles()).includes('Eve was here'));
  assert.equal((await settings('free')).status, 303);
});

test('a picture that is blocked leaves no button with its bytes', async () => {
  const bytes = button(88, 31);
  assert.equal((await put('dot', '/neighbours/new', { ...site, url: 'https://same.example/', title: 'Same bytes', image: bytes })).status, 303);
  const mine = async () => (await listed('', bearer(people.boss))).find(({ title }) => title === 'Same bytes');
  const id = /\/neighbours\/(\d+)\/edit/.exec((await browsers.dot.get('/neighbours/new')).text.split('Same bytes').at(-1))?.[1] ?? '';
  assert.equal((await decide('approve', id)).status, 303);
  const { button_url } = await mine();
  const form = new FormData();
  for (const [key, value] of [['image', bytes], ['preset', 'crispy']]) form.append(key, value, ...(value instanceof Blob ? ['button.png'] : []));
  const picture = (await ask(piclog, 'POST', '/api/pictures', { headers: bearer(people.dot), body: form })).json;
  assert.equal(new URL(picture.image_url).pathname, button_url);
  assert.equal((await browsers.boss.submit('/admin/act', { action: 'block', kind: 'picture', id: String(picture.id), reason: 'it is so' }, { page: '/admin/settings' })).status, 303);
  assert.equal((await ask(piclog, 'GET', button_url)).status, 404);
  assert.match((await mine()).button_url, /^\/neighbours\/\d+\/button\.gif$/);
});

test('closing the account takes it all out', async () => {
  assert.equal((await browsers.ann.submit('/settings/close', { password: people.ann.password }, { page: '/settings' })).status, 303);
  assert.ok(!(await titles()).some((title) => title.startsWith('Next door')));
  assert.equal((await ask(piclog, 'GET', '/ring/ann/next')).status, 404);
});
