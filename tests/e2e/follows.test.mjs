// Following: the button, the friends' timeline with its feed under a secret key, the lists, the API, blocks.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, start } from './piclog.mjs';

let piclog, potato, fax, toaster, zigzag, desk, reader;
before(async () => {
  piclog = await start();
  [potato, fax, toaster, zigzag] = ['potato', 'fax', 'toaster', 'zigzag'].map(piclog.person);
  desk = piclog.addUser('desk', 'an administrator', '--admin');
  reader = await new Browser(piclog).logIn(fax);
});
after(() => piclog.remove());

const said = async (person, content) => (await person.call('POST', '/api/statuses', { content })).json;
const friends = async (person, path = '/friends.json') => (await person.call('GET', path)).json;
const follows = async (person) => (await person.call('GET', '/api/follows')).json.follows.map(({ name }) => name);
const authors = (rows) => [...new Set(rows.map(({ author }) => author))].sort();

test('whoever follows nobody is told how, and sees their own posts', async () => {
  const page = await reader.get('/friends');
  assert.equal(page.status, 200);
  assert.match(page.text, /Nobody but you, so far[\s\S]*href="\/people"/);
  assert.match(page.text, /<li><a href="\/friends" aria-current="page">Friends/);
  const own = await said(fax, 'beep');
  assert.deepEqual((await friends(fax)).statuses.map(({ id }) => id), [own.id]);
  assert.equal((await friends(fax)).is_alone, true);
  assert.doesNotMatch((await new Browser(piclog).get('/')).text, /href="\/friends"/);
});

test('the button on a page follows and takes it back, without a script', async () => {
  const post = await said(potato, 'starch');
  assert.match((await reader.get('/~potato')).text, /action="\/follow\/potato"[\s\S]*>Follow potato</);
  const done = await reader.submit('/follow/potato', { back: 'person' }, { page: '/~potato' });
  assert.deepEqual([done.status, done.headers.location], [303, '/~potato']);
  const page = await reader.get('/~potato');
  assert.match(page.text, /You follow potato: see Friends in the menu/);
  assert.match(page.text, /name="undo" value="1" class="quiet">Unfollow potato</);
  const timeline = await friends(fax);
  assert.deepEqual(authors(timeline.statuses), ['fax', 'potato']);
  assert.equal(timeline.is_alone, false);
  assert.match((await reader.get('/friends/statuses')).text, /starch/);
  assert.equal((await reader.submit('/follow/potato', { undo: '1', back: 'people' }, { page: '/friends/people' })).headers.location, '/friends/people');
  assert.deepEqual(authors((await friends(fax)).statuses), ['fax']);
  assert.ok(post.id);
});
