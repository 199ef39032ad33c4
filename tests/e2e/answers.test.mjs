// Answers: a status or a picture answers a picture, a status or a mood; by form and by API, who may, taking off, gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, potato, fax, toaster;
before(async () => {
  piclog = await start();
  [potato, fax, toaster] = ['potato', 'fax', 'toaster'].map((name) => piclog.person(name));
});
after(() => piclog.remove());

const json = { accept: 'application/json' };
const twin = async (path, user) => (await ask(piclog, 'GET', path, { headers: { ...json, ...(user ? bearer(user) : {}) } })).json;
const page = async (path) => (await ask(piclog, 'GET', path)).text;
const made = async (answer) => {
  const { status, json, text } = await answer;
  assert.equal(status, 201, text);
  return json;
};
const say = (user, content, reply_to, more = {}) => user.call('POST', '/api/statuses', { content, ...(reply_to ? { reply_to } : {}), ...more });
const said = (...args) => made(say(...args));
const shoot = (user, fields) => made(user.upload(fixture('pictures/hat.webp'), fields));
const refused = (answer, status, words) => {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.json.detail, words);
};
const names = (rows) => rows.map(({ kind, id }) => `${kind} ${id}`);

test('a status and a picture answer a picture, a status and a mood', async () => {
  const picture = await shoot(potato, { caption: 'a hat' }), status = await said(potato, 'hello');
  const mood = await made(potato.call('POST', '/api/moods', { mood: 'sleepy' }));
  for (const [what, path] of [[`pictures/${picture.id}`, `/p/${picture.id}`], [`statuses/${status.id}`, `/statuses/${status.id}`], [`moods/${mood.id}`, `/moods/${mood.id}`]]) {
    assert.deepEqual((await twin(path)).replies, []);
    const first = await said(fax, `about ${what}`, what);
    assert.equal(first.reply_to, what);
    assert.deepEqual([first.reply_author, first.reply_url], ['potato', path]);
    const second = await shoot(toaster, { caption: 'look', reply_to: what });
    assert.equal(second.reply_to, what);
    const { replies } = await twin(path);
    assert.deepEqual(names(replies).sort(), [`picture ${second.id}`, `status ${first.id}`]);
    const object = (await ask(piclog, 'GET', `/api/${what}`)).json;
    assert.deepEqual(names(object.replies), names(replies));
    assert.equal(object.reply_to, null);
    assert.match(await page(path), new RegExp(`about ${what}`));
    assert.match(await page(`/statuses/${first.id}`), new RegExp(`answering <a class="u-in-reply-to" href="${path}">potato</a>`));
    assert.match(await page(`/p/${second.id}`), new RegExp(`answering <a class="u-in-reply-to" href="${path}">potato</a>`));
  }
});

test('timelines say that there are answers, and everybody’s statuses leave them out unless asked', async () => {
  const status = await said(potato, 'a quiet place'), lonely = await said(potato, 'and a lonely one');
  const answer = await said(fax, 'not any more', `statuses/${status.id}`), picture = await shoot(fax, { reply_to: `statuses/${status.id}` });
  const find = (rows, { id }) => rows.find((row) => row.id === id);
  for (const path of ['/statuses', '/index']) {
    const { statuses } = await twin(`${path}.json`);
    assert.equal(find(statuses, status).replies, true);
    assert.equal(find(statuses, lonely).replies, false);
    assert.equal(find(statuses, answer), undefined, path);
  }
  assert.equal(find((await twin('/statuses?answers=1')).statuses, answer).reply_to, `statuses/${status.id}`);
  assert.ok(find((await twin('/gallery')).pictures, picture), 'picture answers stay in the gallery');
  const own = find((await twin('/~fax')).statuses, answer);
  assert.deepEqual([own.reply_to, own.reply_author], [`statuses/${status.id}`, 'potato']);
  assert.match(await page('/~fax'), /answering <a class="u-in-reply-to"/);
  assert.match(await page('/statuses'), new RegExp(`<a href="/statuses/${status.id}#answers">answers</a>`));
  assert.ok(!(await page('/statuses')).includes(`/statuses/${lonely.id}#answers`));
});
