// The rooms of the settings: every form stands in one, what is wrong with it is said there, old addresses lead on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, fixture, pictureForm, start } from './piclog.mjs';

let piclog, potato, browser;
before(async () => {
  piclog = await start(['--signup', 'invite']);
  potato = piclog.addUser('potato');
  browser = await new Browser(piclog).logIn(potato);
});
after(() => piclog.remove());

const page = async (path) => {
  const answer = await browser.get(path);
  assert.equal(answer.status, 200, path);
  return answer.text;
};
const has = (text, action) => text.includes(`<form`) && new RegExp(`<form[^>]* action="${action}"`).test(text);
const rooms = {
  '/settings/profile': ['/settings'], '/settings/pictures': ['/settings/avatar', '/settings/background'],
  '/settings/password': ['/settings/password', '/settings/codes'], '/settings/tokens': ['/settings/tokens'],
  '/settings/invites': ['/settings/invites'], '/settings/leave': ['/settings/close'],
  '/settings/neighbours': ['/settings/neighbours'],
};

test('the first page leads to every room, and each form stands in one room', async () => {
  const first = await page('/settings');
  for (const [room, actions] of Object.entries(rooms)) {
    assert.ok(first.includes(`<a href="${room}"`), room);
    const text = await page(room);
    for (const action of actions) {
      assert.ok(has(text, action), `${action} in ${room}`);
      assert.ok(!has(first, action), `${action} on the first page`);
    }
    assert.match(text, new RegExp(`<a href="${room}" aria-current="page">`));
  }
  for (const elsewhere of ['/settings/style', '/settings/webhook', '/settings/site', '/settings/unseen', '/settings/export', '/standing'])
    assert.ok(first.includes(`<a href="${elsewhere}"`), elsewhere);
});

test('the way out is on the first page and in every room', async () => {
  for (const path of ['/settings', ...Object.keys(rooms)]) assert.ok(has(await page(path), '/logout'), path);
});

test('an old anchor is the way to its room', async () => {
  const first = await page('/settings');
  for (const [id, room] of Object.entries({ profile: '/settings/profile', pictures: '/settings/pictures', password: '/settings/password', codes: '/settings/password#codes',
    browsers: '/settings/password#browsers', tokens: '/settings/tokens', invites: '/settings/invites', leave: '/settings/leave' }))
    assert.match(first, new RegExp(`id="${id}"><a href="${room}"`), id);
  assert.match(first, /id="elsewhere"/);
  const password = await page('/settings/password');
  for (const id of ['codes', 'browsers']) assert.match(password, new RegExp(` id="${id}"`));
});

test('the address of a form, asked for as a page, leads to its room', async () => {
  for (const [room, actions] of Object.entries(rooms))
    for (const action of actions.filter((action) => action !== '/settings' && action !== room)) {
      const answer = await browser.get(action);
      assert.equal(answer.status, 303, action);
      assert.equal(answer.headers.location.split('#')[0], room);
    }
});

test('what is wrong is said in the room, beside the form', async () => {
  const csrf = await browser.token('/settings');
  for (const [room, action, fields, status] of [
    ['/settings/profile', '/settings', { about: 'kept as typed', homepage: 'javascript:alert(1)' }, 422],
    ['/settings/password', '/settings/password', { old_password: 'wrong', new_password: 'long enough' }, 422],
    ['/settings/password', '/settings/codes', { password: 'wrong' }, 422],
    ['/settings/tokens', '/settings/tokens', { label: 'x', password: 'wrong' }, 422],
    ['/settings/leave', '/settings/close', { password: 'wrong' }, 422],
    ['/settings/pictures', '/settings/avatar', {}, 422],
    ['/settings/pictures', '/settings/avatar', pictureForm(Buffer.from('no picture'), { csrf }), 415],
    ['/settings/pictures', '/settings/background', pictureForm(fixture('pictures/cat.jpg').subarray(0, 300), { csrf }), 422],
  ]) {
    const answer = fields instanceof FormData ? await browser.go('POST', action, { body: fields }) : await browser.submit(action, fields, { page: room });
    assert.equal(answer.status, status, `${action}: ${answer.text}`);
    assert.match(answer.text, /role="alert"/, action);
    assert.ok(has(answer.text, action), `${action} is there to be tried again`);
    assert.ok(answer.text.includes(`<a href="${room}" aria-current="page">`), `${action} in ${room}`);
    if (fields.about) assert.ok(answer.text.includes(fields.about));
  }
});

test('what is done is said in the room', async () => {
  for (const [room, action, fields] of [
    ['/settings/profile', '/settings', { display_name: 'Potato', homepage: '', about: '', links: '' }],
    ['/settings/pictures', '/settings/avatar', { remove: '1' }],
    ['/settings/password', '/settings/password', { old_password: potato.password, new_password: 'quite another one' }],
  ]) {
    const answer = await browser.submit(action, fields, { page: room });
    assert.equal(answer.headers.location, room, answer.text);
    assert.match(await page(room), /<p class="box notice" role="status">/);
  }
});

test('saving words leaves the style alone', async () => {
  await browser.submit('/settings/style', { css: 'p{color:red}', then: 'save' });
  await browser.submit('/settings', { display_name: 'P', homepage: '', about: '', links: '' }, { page: '/settings/profile' });
  assert.ok((await page('/settings/style')).includes('p{color:red}'));
});
