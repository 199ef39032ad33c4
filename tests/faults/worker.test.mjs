// kill -9 of workers and of their template while pictures are crushed: each costs one upload a clear answer.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { ask, bearer, fixture, pictureForm, start } from '../e2e/piclog.mjs';

const kills = Number(process.env.WORKER_KILLS ?? 20);
const photo = fixture('formats/wuffs__peacock.q99.jpeg');
const later = (ms) => new Promise((done) => setTimeout(done, ms));

// Processes below one, by /proc: [pid, depth].
function below(pid, depth = 1) {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').pop().split(' ')[1]);
      if (parent === pid) found.push([Number(name), depth], ...below(Number(name), depth + 1));
    } catch { /* it just ended */ }
  }
  return found;
}

test(`${kills} workers and 3 templates are killed: uploads get 201 or a sentence, everything else goes on`, async () => {
  const piclog = await start(['--workers', '2']);
  try {
    const anna = piclog.addUser('anna');
    const counts = {};
    let running = true, killed = 0;
    const upload = async () => {
      while (running) {
        const answer = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(photo, { preset: 'crispy' }) });
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
        if (answer.status !== 201) assert.ok([422, 503].includes(answer.status) && answer.json.detail.length > 20, answer.text);
      }
    };
    const uploads = [upload(), upload(), upload(), upload()];
    for (const until = performance.now() + 60000 + 1000 * kills; killed < kills && performance.now() < until; await later(Math.random() * 20)) {
      const worker = below(piclog.child.pid).find(([, depth]) => depth === 2);
      if (!worker) continue;
      try { process.kill(worker[0], 'SIGKILL'); killed++; } catch { /* it was faster */ }
    }
    for (let i = 0; i < 3; i++) {
      const template = below(piclog.child.pid).find(([, depth]) => depth === 1);
      if (template) process.kill(template[0], 'SIGKILL');
      assert.equal((await ask(piclog, 'GET', '/')).status, 200);
      await later(1200); // a template is started again after a second
    }
    running = false;
    await Promise.all(uploads);
    console.log(`# ${killed} workers killed; answers: ${JSON.stringify(counts)}`);
    assert.equal(killed, kills);
    assert.ok(counts[422] >= 1 && counts[201] >= 1);
    const last = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(photo) });
    assert.equal(last.status, 201, last.text);
    assert.ok(piclog.log.some((line) => /signal 9/.test(line)), 'the log says that a worker was lost');
  } finally {
    await piclog.remove();
  }
});
