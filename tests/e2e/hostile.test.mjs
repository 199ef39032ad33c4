// Hostile uploads, the affordable part; tools/soak sends all of them.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask, start } from './piclog.mjs';
import { DATABASE_FDS, corrupted, fixtureFiles, footprint, hostileFiles, sendAll, truncations } from './hostile.mjs';

let piclog, anna, before_all;
const small = fixtureFiles(6000);
before(async () => {
  piclog = await start(['--quota', '0']);
  anna = piclog.person('anna');
  // what the first uploads need once (caches, connections to the database, arenas of the allocator) is no leak
  await sendAll(piclog, anna, small.slice(0, 60).map((path) => ({ name: path, bytes: readFileSync(path) })), { atOnce: 12 });
  before_all = footprint(piclog.child.pid);
});
after(() => piclog.remove());

const clear = async (inputs, least) => {
  const { counts, faults } = await sendAll(piclog, anna, inputs);
  assert.deepEqual(faults, []);
  assert.ok(counts.sent >= least, JSON.stringify(counts));
};

test('every hostile file', () => clear(hostileFiles().map((path) => ({ name: path, bytes: readFileSync(path) })), 20));

test('pictures cut off at 64 places', () =>
  clear(small.filter((_, i) => i % 20 === 0).flatMap((path) => [...truncations(readFileSync(path))].map((bytes, i) => ({ name: `${path} cut ${i}`, bytes }))), 200));

test('pictures with random bytes in them', () =>
  clear(small.flatMap((path, n) => Array.from({ length: 4 }, (_, i) => ({ name: `${path} seed ${n * 4 + i}`, bytes: corrupted(readFileSync(path), n * 4 + i) }))), 200));

test('afterwards nothing is left: no worker at work, no descriptor, no memory', async () => {
  await new Promise((later) => setTimeout(later, 300));
  const now = footprint(piclog.child.pid);
  assert.ok(now.processes <= 2, `${now.processes} processes: more than the template and a worker that waits for a next upload`);
  assert.ok(now.fds <= before_all.fds + DATABASE_FDS, `${now.fds} descriptors instead of ${before_all.fds}`);
  assert.ok(now.rss_kb <= before_all.rss_kb + 8000, `${now.rss_kb} kB instead of ${before_all.rss_kb}`);
  assert.match((await ask(piclog, 'GET', '/metrics')).text, /uploads_in_flight_bytes 0\n/);
  assert.ok(!piclog.log.some((line) => /"note":"(signal|exit|forged)/.test(line)), 'a worker was lost');
});
