// The clock jumps: years ahead, years back, and home again. CLOCK: the preloaded library that makes it jump.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, start } from '../e2e/piclog.mjs';
import { checkDatabase } from './load.mjs';

const year = 365 * 86400;

test('the clock jumps: posts stay in order, pages stay whole, nobody is locked out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-clock-'));
  const jump = (seconds) => writeFileSync(join(folder, 'clock'), String(seconds));
  jump(0);
  process.env.PICLOG_CLOCK = join(folder, 'clock');
  process.env.LD_PRELOAD = process.env.CLOCK;
  const piclog = await start([], { limits: 'on' });
  const anna = piclog.addUser('anna');
  delete process.env.LD_PRELOAD;
  try {
    const browser = await new Browser(piclog).logIn(anna);
    const ids = [];
    for (const [index, seconds] of [0, year, -20 * year, 3600, -3600, 0].entries()) {
      jump(seconds);
      const status = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: `jump number ${index}` } });
      assert.equal(status.status, 201, status.text);
      ids.push(status.json.id);
      const at = Date.parse(status.json.created_at) / 1000 || status.json.created_at;
      assert.ok(Math.abs(at - (Date.now() / 1000 + seconds)) < 100, `the jump of ${seconds} s was not taken: ${JSON.stringify(status.json.created_at)}`);
      const picture = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(fixture('formats/spices_480.jpg'), { caption: `jump number ${index}` }) });
      assert.equal(picture.status, 201, picture.text);
      for (const path of ['/', '/statuses', '/moods', '/gallery', '/~anna', '/feed.atom', '/search?q=jump', `/p/${picture.json.id}`, '/healthz']) {
        const page = await ask(piclog, 'GET', path);
        assert.equal(page.status, 200, `${path} after ${seconds} s`);
        assert.doesNotMatch(page.text, /-\d+ (min|h|hours|days|months|years|s)\b|NaN|in the future/, path);
      }
      const listed = (await ask(piclog, 'GET', '/statuses.json')).json.statuses.map(({ id }) => id);
      assert.deepEqual(listed, [...ids].reverse(), 'the newest is first, whatever it says');
    }
    // At home again the old session still holds, and a new one can be had.
    assert.equal((await browser.get('/settings')).status, 200);
    await new Browser(piclog).logIn(anna);
    checkDatabase(piclog.data);
  } finally {
    await piclog.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('time passes: a page that was kept is made anew and tells it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-clock-'));
  const pass = (seconds) => writeFileSync(join(folder, 'passed'), String(seconds));
  pass(0);
  process.env.PICLOG_PASSED = join(folder, 'passed');
  process.env.LD_PRELOAD = process.env.CLOCK;
  const piclog = await start();
  const anna = piclog.addUser('anna');
  delete process.env.LD_PRELOAD;
  const hitCount = async () => Number(/^piclog_cache_hits_total (\d+)$/m.exec((await ask(piclog, 'GET', '/metrics')).text)[1]);
  const hits = async (path) => {
    const before = await hitCount();
    const page = await ask(piclog, 'GET', path);
    return [page.text, (await hitCount()) > before];
  };
  try {
    assert.equal((await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: 'an hour ago' } })).status, 201);
    const [fresh] = await hits('/statuses');
    assert.deepEqual(await hits('/statuses'), [fresh, true], 'kept');
    pass(3600);
    const [later, isHit] = await hits('/statuses');
    assert.equal(isHit, false, 'not kept for an hour');
    assert.notEqual(later, fresh, 'the page tells that time has passed');
    const sheet = /"(\/static\/style\.css[^"]*)"/.exec(fresh)[1], theme = await hits(sheet);
    assert.equal(theme[1], false);
    pass(7200);
    assert.deepEqual(await hits(sheet), [theme[0], true], 'what never changes is kept');
  } finally {
    await piclog.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('days pass: bulletins end, each after its own, and nothing of them is left in the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-clock-'));
  const day = 86400, pass = (seconds) => writeFileSync(join(folder, 'clock'), String(seconds));
  pass(0);
  process.env.PICLOG_CLOCK = join(folder, 'clock');
  process.env.LD_PRELOAD = process.env.CLOCK;
  const piclog = await start();
  const anna = piclog.addUser('anna');
  delete process.env.LD_PRELOAD;
  const traces = () => ['Onedaysaurus', 'Fivedaysaurus', 'Tendaysaurus'].filter((word) =>
    ['', '-wal', '-shm'].map((ending) => join(piclog.data, `piclog.db${ending}`)).some((path) => existsSync(path) && readFileSync(path).includes(word)));
  const until = async (left) => {
    for (let i = 0; traces().length > left.length && i < 60; i++) await new Promise((done) => setTimeout(done, 1000));
    assert.deepEqual(traces(), left);
    const { bulletins } = (await ask(piclog, 'GET', '/bulletins.json', { headers: bearer(anna) })).json;
    assert.equal(bulletins.length, left.length);
  };
  try {
    for (const [days, word] of [[1, 'Onedaysaurus'], [5, 'Fivedaysaurus'], [10, 'Tendaysaurus']])
      assert.equal((await ask(piclog, 'POST', '/api/bulletins', { headers: bearer(anna), body: { subject: `${days}`, content: word, days } })).status, 201);
    await until(['Onedaysaurus', 'Fivedaysaurus', 'Tendaysaurus']);
    for (const [days, left] of [[1, ['Fivedaysaurus', 'Tendaysaurus']], [5, ['Tendaysaurus']], [10, []]]) {
      pass(days * day + 60);
      await until(left);
    }
  } finally {
    await piclog.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
