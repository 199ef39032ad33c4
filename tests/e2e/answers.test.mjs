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
    assert.deepEqual([first.reply_author, first.reply_url], ["potato", piclog.origin + path]);
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

const settings = (user, body) => user.call('PUT', '/api/me', body);
const shun = async (user, name, kind, undo) => (await new Browser(piclog).logIn(user)).submit(`/shun/${name}`, { kind, ...(undo ? { undo: '1' } : {}) });

test('what cannot be answered is refused in words and never posted', async () => {
  const status = await said(potato, 'short-lived'), count = (await twin('/~fax')).person.status_count;
  for (const wrong of ['statuses/0', 'statuses/x', 'people/1', 'pictures/-1', '12', 'pictures/99999999999999999999', `statuses/${status.id} `])
    refused(await say(fax, 'well', wrong), 422, /reply_to names a post like this/);
  refused(await say(fax, 'well', 'pictures/999999'), 422, /gone, or it was never here/);
  refused(await fax.upload(fixture('pictures/hat.webp'), { reply_to: 'moods/999999' }), 422, /gone/);
  const answer = await said(fax, 'well', `statuses/${status.id}`);
  await potato.call('DELETE', `/api/statuses/${status.id}`);
  refused(await say(fax, 'too late', `statuses/${status.id}`), 422, /gone/);
  const left = await twin(`/statuses/${answer.id}`);
  assert.deepEqual([left.status.reply_to, left.status.reply_author], [`statuses/${status.id}`, null], 'it stays, and says that the other is gone');
  assert.match(await page(`/statuses/${answer.id}`), /answering something that is gone/);
  assert.equal((await twin('/~fax')).person.status_count, count + 1);
});

test('who may answer: of all posts, of one, and only whom one follows', async () => {
  const open = await said(potato, 'talk to me');
  await settings(potato, { answers: 'nobody' });
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: bearer(potato) })).json.answers, 'nobody');
  refused(await say(fax, 'hello?', `statuses/${open.id}`), 403, /potato takes no answers/);
  refused(await fax.upload(fixture('pictures/hat.webp'), { reply_to: `statuses/${open.id}` }), 403, /potato takes no answers/);
  await said(potato, 'I may talk to myself', `statuses/${open.id}`);
  assert.equal((await potato.call('PUT', `/api/answerable/statuses/${open.id}`, { answers: 'everybody' })).status, 204);
  await said(fax, 'hello!', `statuses/${open.id}`);
  await settings(potato, { answers: 'followed' });
  const other = await said(potato, 'for friends');
  refused(await say(fax, 'am I?', `statuses/${other.id}`), 403, /Only people whom potato follows/);
  assert.match(await page(`/statuses/${other.id}`), /Only people whom potato follows may answer this/);
  await potato.call('POST', '/api/follows', { name: 'fax' });
  await said(fax, 'I am.', `statuses/${other.id}`);
  refused(await potato.call('PUT', `/api/answerable/statuses/${other.id}`, { answers: 'cats' }), 422, /everybody/);
  assert.equal((await fax.call('PUT', `/api/answerable/statuses/${other.id}`, { answers: 'nobody' })).status, 404, 'somebody else’s');
  refused(await settings(potato, { answers: 'cats' }), 422, /everybody/);
  await settings(potato, { answers: 'everybody' });
});

test('blocked in either direction: no answer, no thread, and what was answered before is off for everybody; muted: not in one’s own', async () => {
  const mine = await said(potato, 'public'), theirs = await said(fax, 'also public');
  const answer = await said(fax, 'seen by some', `statuses/${mine.id}`);
  await shun(potato, 'fax', 'block');
  refused(await say(fax, 'no', `statuses/${mine.id}`), 422, /gone/);
  refused(await say(potato, 'no', `statuses/${theirs.id}`), 422, /gone/);
  assert.deepEqual(names((await twin(`/statuses/${mine.id}`, potato)).replies), []);
  const own = (rows) => rows.find(({ id }) => id === mine.id).replies;
  assert.equal(own((await twin('/statuses', potato)).statuses), false, 'nor is it told that there is one');
  // Whoever blocked could neither see nor take off what is still edited below the post.
  assert.equal((await fax.call('PUT', `/api/statuses/${answer.id}`, { content: 'seen by all the others' })).status, 200);
  for (const user of [undefined, toaster, fax]) assert.deepEqual(names((await twin(`/statuses/${mine.id}`, user ?? undefined)).replies ?? []), []);
  assert.equal(own((await twin('/statuses')).statuses), false);
  const { statuses } = await twin('/statuses?answers=1', fax);
  const seen = statuses.find(({ id }) => id === answer.id);
  assert.deepEqual([seen.reply_to, seen.reply_author], [`statuses/${mine.id}`, null]);
  await shun(potato, 'fax', 'block', true);
  assert.deepEqual(names((await twin(`/statuses/${mine.id}`)).replies), [`status ${answer.id}`]);
  await shun(fax, 'potato', 'block');
  assert.deepEqual(names((await twin(`/statuses/${mine.id}`)).replies), []);
  await shun(fax, 'potato', 'block', true);
  await shun(toaster, 'fax', 'mute');
  assert.deepEqual(names((await twin(`/statuses/${mine.id}`)).replies), [`status ${answer.id}`], 'a mute is one person’s own affair');
  assert.deepEqual(names((await twin(`/statuses/${mine.id}`, toaster)).replies), []);
  await shun(toaster, 'fax', 'mute', true);
});

test('the author takes an answer off, and puts it back; nobody else does', async () => {
  const mine = await said(potato, 'my house'), answer = await said(fax, 'my opinion', `statuses/${mine.id}`);
  const thread = async (user) => names((await twin(`/statuses/${mine.id}`, user)).replies);
  for (const user of [fax, toaster]) assert.equal((await user.call('DELETE', `/api/answers/statuses/${answer.id}`)).status, 404);
  const client = await new Browser(piclog).logIn(potato), post = (fields) => client.submit(`/answers/statuses/${answer.id}`, fields, { page: `/statuses/${mine.id}` });
  const off = await post({});
  assert.deepEqual([off.status, off.headers.location], [303, `/statuses/${mine.id}#answers`]);
  assert.deepEqual(await thread(), []);
  assert.deepEqual(await thread(fax), [], 'its author finds it at home');
  assert.equal((await twin('/statuses')).statuses.find(({ id }) => id === mine.id).replies, false);
  const { replies } = await twin(`/statuses/${mine.id}`, potato);
  assert.deepEqual(replies.map(({ id, is_taken_off }) => [id, is_taken_off]), [[answer.id, true]]);
  assert.match((await client.get(`/statuses/${mine.id}`)).text, /Put it back/);
  assert.equal((await twin('/~fax')).statuses[0].id, answer.id);
  await post({ undo: '1' });
  assert.deepEqual(await thread(), [`status ${answer.id}`]);
  assert.equal((await potato.call('DELETE', `/api/answers/statuses/${answer.id}`)).status, 204);
  assert.equal((await potato.call('PUT', `/api/answers/statuses/${answer.id}`)).status, 204);
  assert.deepEqual(await thread(), [`status ${answer.id}`]);
});

test('a thread is read in pages, oldest first, pictures and statuses in one row', async () => {
  const mine = await said(potato, 'how many?');
  const written = [];
  for (let i = 0; i < 45; i++) {
    const made = i % 9 === 4 ? { kind: 'picture', id: (await shoot(fax, { reply_to: `statuses/${mine.id}` })).id }
      : { kind: 'status', id: (await said(fax, `answer ${i}`, `statuses/${mine.id}`)).id };
    written.push(`${made.kind} ${made.id}`);
  }
  const read = [], times = [];
  let url = `/statuses/${mine.id}`, pages = 0;
  for (; url; pages++) {
    const { replies, later_url, first_url } = await twin(url);
    assert.equal(first_url, pages ? `/statuses/${mine.id}` : null);
    assert.ok(replies.length <= 20);
    read.push(...names(replies));
    times.push(...replies.map(({ created_at }) => created_at));
    url = later_url;
  }
  assert.equal(pages, 3);
  assert.deepEqual([...read].sort(), [...written].sort(), 'each once');
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  for (const odd of ['x', '-1-s3', '17-q3', '17-s', '999999999999999999999-p1', "1'"]) assert.equal((await ask(piclog, 'GET', `/statuses/${mine.id}?after=${encodeURIComponent(odd)}`)).status, 200);
});

test('the forms quote what is answered, keep it through errors, and lead back', async () => {
  const mine = await said(potato, 'quote <me>'), client = await new Browser(piclog).logIn(fax);
  const form = (await client.get(`/status?reply_to=statuses/${mine.id}`)).text;
  assert.match(form, /Answering <a href="\/statuses\/\d+">potato<\/a>/);
  assert.match(form, /quote &lt;me&gt;/);
  const wrong = await client.submit('/status', { content: 'x'.repeat(141), reply_to: `statuses/${mine.id}` });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, new RegExp(`name="reply_to" value="statuses/${mine.id}"`));
  const right = await client.submit('/status', { content: 'quoted', reply_to: `statuses/${mine.id}` });
  assert.deepEqual([right.status, right.headers.location], [303, `/statuses/${mine.id}`]);
  // the picture, through the page of candidates
  assert.match((await client.get(`/upload?reply_to=statuses/${mine.id}`)).text, new RegExp(`name="reply_to" value="statuses/${mine.id}"`));
  const waits = (await client.submit('/upload', pictureForm(fixture('pictures/hat.webp'), { preset: 'choose', reply_to: `statuses/${mine.id}` }))).headers.location;
  assert.match((await client.get(waits)).text, /quote &lt;me&gt;/);
  const { answering } = await (await client.get(`${waits}.json`)).json;
  assert.equal(answering.reply_to, `statuses/${mine.id}`);
  const published = await client.submit(waits, { preset: 'dust', caption: 'a picture says' });
  const picture = await twin(published.headers.location);
  assert.equal(picture.picture.reply_to, `statuses/${mine.id}`);
  // what was answered goes in between: the words stay, and nothing is posted by mistake
  const gone = (await client.submit('/upload', pictureForm(fixture('pictures/hat.webp'), { preset: 'choose', reply_to: `statuses/${mine.id}` }))).headers.location;
  const kept = await client.token(`/status?reply_to=statuses/${mine.id}`);
  await potato.call('DELETE', `/api/statuses/${mine.id}`);
  const late = await client.go('POST', '/status', { body: new URLSearchParams({ csrf: kept, content: 'my words', reply_to: `statuses/${mine.id}` }) });
  assert.equal(late.status, 422);
  assert.match(late.text, /gone.*What you send now stands on its own/);
  assert.match(late.text, />my words</);
  assert.ok(!late.text.includes('name="reply_to"'));
  const chooser = await client.submit(gone, { preset: 'dust', caption: 'words' });
  assert.equal(chooser.status, 422);
  const alone = await client.submit(gone, { preset: 'dust', caption: 'words', reply_to: '' });
  assert.equal((await twin(alone.headers.location)).picture.reply_to, null);
});

test('sent twice is one answer, also at once, and after what it answers is gone', async () => {
  const mine = await said(potato, 'echo?'), key = { 'idempotency-key': 'echo-1' };
  const send = () => fax.call('POST', '/api/statuses', { content: 'echo', reply_to: `statuses/${mine.id}` }, key);
  const ids = (await Promise.all(Array.from({ length: 6 }, send))).map(({ json }) => json.id);
  assert.equal(new Set(ids).size, 1);
  assert.equal((await twin(`/statuses/${mine.id}`)).replies.length, 1);
  refused(await fax.call('POST', '/api/statuses', { content: 'echo' }, key), 422, /Idempotency-Key/);
  await potato.call('DELETE', `/api/statuses/${mine.id}`);
  assert.equal((await send()).json.id, ids[0]);
});

test('an export takes answers and kept posts along', async () => {
  const theirs = await said(fax, 'ask me'), first = await said(toaster, 'the first of a row');
  const second = await said(toaster, 'and the second', `statuses/${first.id}`), picture = await shoot(toaster, { caption: 'with a picture', reply_to: `statuses/${second.id}` });
  const about = await said(toaster, 'I answer fax', `statuses/${theirs.id}`);
  await toaster.call('POST', '/api/kept', { post: `statuses/${theirs.id}` });
  const zip = `${piclog.data}/toaster.zip`, url = ['--public-url', piclog.origin];
  piclog.run(['export', 'toaster', zip, ...url]);
  const brought = async (name, more) => {
    const person = piclog.person(name);
    const words = piclog.run(['import', zip, name, ...more]);
    const { statuses } = await twin(`/statuses?by=${name}`), { pictures } = await twin(`/~${name}`);
    const find = (rows, key, words) => rows.find((row) => row[key] === words);
    const [one, two, answer] = ['the first of a row', 'and the second', 'I answer fax'].map((words) => find(statuses, 'content', words));
    assert.equal(two.reply_to, `statuses/${one.id}`, 'what came along is found under its new number');
    assert.equal(find(pictures, 'caption', 'with a picture').reply_to, `statuses/${two.id}`);
    return { person, words, answer };
  };
  const told = async () => (await ask(piclog, 'GET', '/notices.json', { headers: bearer(fax) })).json.notices.length, before = await told();
  const here = await brought('copy', url);
  assert.equal(here.answer.reply_to, `statuses/${theirs.id}`, 'this is where it was made');
  assert.match(here.words, /1 posts? kept again/);
  assert.equal(await told(), before, 'nobody is told anew');
  const elsewhere = await brought('elsewhere', ['--public-url', 'https://other.example']);
  assert.equal(elsewhere.answer.reply_to, null, 'the numbers of another piclog mean nothing here');
  assert.doesNotMatch(elsewhere.words, /kept again/);
  assert.match(piclog.run(['import', zip, 'copy', ...url]), /0 statuses/);
  await settings(fax, { answers: 'nobody' });
  assert.equal((await brought('stranger', url)).answer.reply_to, null, 'an export opens no door');
  await settings(fax, { answers: 'everybody' });
});

test('a picture or a status that goes with its account leaves nothing behind', async () => {
  const ghost = piclog.person('ghost'), mine = await said(potato, 'who goes there?');
  await said(ghost, 'me', `statuses/${mine.id}`);
  await said(potato, 'stay', `statuses/${(await said(ghost, 'I am leaving')).id}`);
  await ghost.call('POST', '/api/kept', { post: `statuses/${mine.id}` });
  const client = await new Browser(piclog).logIn(ghost);
  await client.submit('/settings/close', { password: ghost.password }, { page: '/settings' }).catch(() => client.submit('/settings/close', { password: ghost.password }, { page: '/settings/leave' }));
  assert.equal((await twin(`/statuses/${mine.id}`)).replies.length, 0);
  assert.equal((await ask(piclog, 'GET', '/notices.json', { headers: bearer(potato) })).json.notices.some(({ author }) => author === 'ghost'), false);
});

test('Atom says what an entry answers, as RFC 4685 has it, and JSON Feed beside', async () => {
  const mine = await said(potato, 'for readers'), answer = await said(fax, 'to readers', `statuses/${mine.id}`);
  const atom = (await ask(piclog, 'GET', '/~fax/feed.atom')).text, url = `${piclog.origin}/statuses/${mine.id}`;
  assert.match(atom, /xmlns:thr="http:\/\/purl.org\/syndication\/thread\/1.0"/);
  assert.ok(atom.includes(`<thr:in-reply-to ref="${url}" href="${url}" type="text/html"/>`));
  const { items } = (await ask(piclog, 'GET', '/~fax/feed.json')).json;
  const item = items.find(({ id }) => id === `${piclog.origin}/statuses/${answer.id}`);
  assert.deepEqual(item._piclog, { reply_to: `statuses/${mine.id}`, reply_url: url });
  assert.ok(!(await ask(piclog, 'GET', '/feed.atom')).text.includes('to readers'), 'everybody’s feed holds what is said to everybody');
});
