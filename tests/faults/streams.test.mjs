// kill -9 of the server while two people talk: no acknowledged message is lost, and streams go on where they were. KILLS says
// how often.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bearer, listen, start } from '../e2e/piclog.mjs';
import { checkDatabase } from './load.mjs';

const kills = Number(process.env.KILLS ?? 5);
const later = (ms) => new Promise((done) => setTimeout(done, ms));

test(`kill -9 at ${kills} random moments: nothing that was acknowledged is lost, nothing is told twice`, async () => {
  const piclog = await start();
  try {
    const writer = piclog.person('writer'), readers = [piclog.person('one'), piclog.person('two')];
    for (const reader of readers) assert.equal((await reader.call('POST', '/api/follows', { name: 'writer' })).status, 201);
    let isOver = false;
    const told = readers.map(() => []), ids = readers.map(() => null);
    // A stream as a browser has it: it comes back by itself, with the last id.
    const follow = async (reader, at) => {
      while (!isOver) {
        const stream = await listen(piclog, { ...bearer(reader), ...(ids[at] && { 'last-event-id': ids[at] }) }).catch(() => null);
        if (stream?.status === 200) {
          let seen = 0;
          const take = () => {
            for (; seen < stream.events.length; seen++) {
              const { name, id, data } = stream.events[seen];
              assert.notEqual(name, 'reset');
              ids[at] = id;
              if (name === 'message') told[at].push(data.content);
            }
          };
          while (stream.isOpen && !isOver) {
            take();
            await Promise.race([stream.closed, later(10)]);
          }
          take();
          await stream.stop();
        }
        await later(10);
      }
    };
    const following = readers.map(follow);
    const acknowledged = readers.map(() => []);
    let serial = 0, cut = 0;
    const write = async () => {
      const at = serial % readers.length, content = `line ${serial++}`;
      try {
        const answer = await writer.call('POST', '/api/messages', { to: readers[at].name, content });
        assert.equal(answer.status, 201);
        acknowledged[at].push(content);
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error;
        cut++;
        await later(10);
      }
    };
    // before the first kill each has an id to go on from
    for (let i = 0; ids.some((id) => !id) && i < 500; i++) { await write(); await later(10); }
    assert.ok(ids.every(Boolean));
    for (const lines of [...told, ...acknowledged]) lines.length = 0;
    const from = serial;
    let isWriting = true;
    const writing = (async () => { while (isWriting) await write(); })();
    for (let kill = 0; kill < kills; kill++) {
      await later(50 + Math.random() * 300);
      await piclog.stop('SIGKILL');
      piclog.errors = '';
      await piclog.launch(`127.0.0.1:${piclog.port}`);
      checkDatabase(piclog.data);
    }
    await later(200);
    isWriting = false;
    await writing;
    for (let i = 0; i < 500 && acknowledged.some((lines, at) => !told[at].includes(lines.at(-1))); i++) await later(20);
    isOver = true;
    await Promise.all(following);
    for (const [at, lines] of acknowledged.entries()) {
      const got = told[at].filter((line) => Number(line.slice(5)) >= from);
      assert.equal(new Set(got).size, got.length, 'nothing twice');
      assert.deepEqual(lines.filter((line) => !got.includes(line)), [], 'nothing lost');
      assert.deepEqual(got, [...got].sort((a, b) => a.slice(5) - b.slice(5)), 'in order');
      assert.ok(lines.length > kills / 2);
    }
    console.log(`# ${kills} kills: ${acknowledged.flat().length} messages acknowledged, ${cut} cut off`);
    assert.ok(cut > 0);
  } finally {
    await piclog.remove();
  }
});
