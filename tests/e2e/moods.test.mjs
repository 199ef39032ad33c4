// Moods over time: counts, a person's calendar, everybody's days, people who feel the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, bearer, start } from './piclog.mjs';

let piclog, potato, fax, toaster;
before(async () => {
  piclog = await start();
  [potato, fax, toaster] = ['potato', 'fax', 'toaster'].map((name) => piclog.addUser(name));
});
after(() => piclog.remove());

const feel = async (user, mood, face = '', note = '') => (await ask(piclog, 'POST', '/api/moods', { headers: bearer(user), body: { mood, face, note } })).json.id;
const page = async (path) => (await ask(piclog, 'GET', path)).text;
const twin = async (path) => (await ask(piclog, 'GET', path, { headers: { accept: 'application/json' } })).json;

test('nothing felt, nothing drawn', async () => {
  const { calendar, over_time, same } = await twin('/moods');
  assert.deepEqual([calendar, over_time, same], [null, null, null]);
  assert.equal((await twin('/moods?by=potato')).calendar, null);
  assert.deepEqual((await twin('/moods/counts.json')).counts, []);
});

test('counts, calendar, days and who feels the same', async () => {
  await feel(potato, 'sleepy', '🥱');
  const first = await feel(fax, 'sleepy', '🥱');
  await feel(fax, 'wide <awake>', '👀');
  await feel(toaster, 'sleepy', '🥱');
  assert.deepEqual((await twin('/moods/counts.json')).counts, [{ mood: 'sleepy', face: '🥱', count: 3 }, { mood: 'wide <awake>', face: '👀', count: 1 }]);

  const { calendar } = await twin('/moods?by=fax');
  assert.equal(calendar.count, 2);
  const felt = calendar.days.filter((day) => day.face);
  assert.equal(felt.length, 1);
  assert.equal(felt[0].face, '👀', 'the last of the day');
  assert.match(felt[0].title, /^\d+ \w+ \d{4}: wide <awake>, sleepy$/);
  assert.ok(calendar.days.length > 17 * 7 && calendar.days.length <= 18 * 7);
  const html = await page('/moods?by=fax');
  assert.match(html, /<svg class="calendar" role="img"[^>]* aria-label="2 moods of the last 18 weeks/);
  assert.match(html, /wide &lt;awake&gt;, sleepy<\/title>/);
  assert.ok(!/ style=/.test(html), 'the policy allows no style in the page');

  const { over_time } = await twin('/moods');
  assert.deepEqual(over_time.legend.map(({ kind, mood, count }) => [kind, mood, count]), [[1, 'sleepy', 3], [2, 'wide <awake>', 1]]);
  assert.deepEqual(over_time.blocks.map(({ kind, height }) => [kind, height]), [[1, 24], [2, 8]]);
  assert.equal(over_time.days[0].words, '3 sleepy, 1 wide <awake>');

  const { same } = await twin(`/moods/${first}`);
  assert.deepEqual(same.map(({ author, is_still }) => [author, is_still]), [['toaster', true], ['potato', true]]);
  assert.match(await page(`/moods/${first}`), /People who feel the same/);
  const word = await twin('/moods?mood=sleepy');
  assert.deepEqual([...new Set(word.moods.map(({ mood }) => mood))], ['sleepy']);
  assert.deepEqual(word.same.map(({ author, is_still }) => [author, is_still]), [['toaster', true], ['fax', false], ['potato', true]]);
});

test('an odd word is looked for as it is; more than seven kinds become "everything else"', async () => {
  assert.deepEqual((await twin(`/moods?mood=${encodeURIComponent('%_" OR 1=1')}`)).moods, []);
  assert.equal((await ask(piclog, 'GET', `/moods?mood=${'x'.repeat(3000)}`)).status, 200);
  for (let i = 0; i < 30; i++) await feel(toaster, `mood ${i}`);
  const { over_time } = await twin('/moods');
  assert.equal(over_time.legend.length, 8);
  assert.deepEqual(over_time.legend[7], { kind: 8, mood: 'everything else', face: '', count: 34 - over_time.legend.slice(0, 7).reduce((sum, { count }) => sum + count, 0) });
  assert.ok(over_time.blocks.every(({ y, height }) => y >= 0 && y + height <= over_time.height), 'it fits');
});

test('pages of moods go on by word and by person', async () => {
  for (let i = 0; i < 25; i++) await feel(potato, 'patient');
  for (const start of ['/moods?mood=patient', '/moods?by=potato']) {
    const { older_url } = await twin(start);
    assert.ok(older_url.startsWith(start), older_url);
    const second = await twin(older_url);
    assert.ok(second.moods.length >= 5);
    assert.equal(second.calendar, null, 'drawn on the first page only');
  }
});
