// kill -9 of the server at random moments under load. KILLS says how often.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { start } from '../e2e/piclog.mjs';
import { checkDatabase, Load } from './load.mjs';

const kills = Number(process.env.KILLS ?? 5);
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const children = (pid) => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim().split('\n').flatMap((child) => [child, ...children(child)]);
  } catch {
    return []; // it has none
  }
};
const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };

test(`kill -9 of the server at ${kills} random moments: what was acknowledged is there, nothing is half there`, async () => {
  const piclog = await start(['--workers', '2']);
  try {
    const host = piclog.person('host'), crowd = Array.from({ length: 8 }, (_, i) => piclog.addUser(`crowd${i}`).name);
    assert.equal((await host.call('PUT', '/api/me', { wall: 'open' })).status, 200);
    const { id } = (await host.call('POST', '/api/statuses', { content: 'answer me' })).json;
    const load = new Load(piclog, piclog.addUser('anna'), { neighbour: { ...host, post: `statuses/${id}` }, crowd });
    for (let kill = 0; kill < kills; kill++) {
      load.start();
      await later(20 + Math.random() * 480);
      const below = children(piclog.child.pid);
      await piclog.stop('SIGKILL');
      await load.stop();
      for (let i = 0; i < 100 && below.some(alive); i++) await later(20);
      assert.deepEqual(below.filter(alive), [], 'workers outlive their server');
      piclog.errors = '';
      await piclog.launch(`127.0.0.1:${piclog.port}`);
      await load.check();
      checkDatabase(piclog.data);
      assert.deepEqual(readdirSync(piclog.data).sort().filter((name) => !/^piclog\.(db(-wal|-shm)?|reserve)$/.test(name)), [], 'files were left over');
    }
    const { acknowledged, unanswered, refused } = load.counts;
    console.log(`# ${kills} kills: ${acknowledged} requests acknowledged, ${unanswered} cut off, ${refused} refused, ${load.posts.size} posts kept; ${JSON.stringify(load.kinds)}`);
    for (const [kind, count] of Object.entries(load.kinds)) assert.ok(count > 0, `no ${kind} were acknowledged`);
    assert.ok(acknowledged > kills && unanswered > 0);
  } finally {
    await piclog.remove();
  }
});
