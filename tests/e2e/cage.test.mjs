// The cage from outside: a service whose workers an upload can take over (tests/unit/attacks.c). Whatever a worker does
// then, it costs its own upload a clear error, is logged with its cause, and the service goes on.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, executable, fixture, start } from './piclog.mjs';

const picture = fixture('formats/spices_480.jpg');
let piclog, anna, canary;
before(async () => {
  piclog = await start(['--deadline', '2', '--workers', '2']);
  anna = piclog.person('anna');
  canary = join(piclog.data, 'canary');
  writeFileSync(canary, 'still here');
});
after(() => piclog.remove());

const attack = (name) => anna.call('POST', '/api/pictures', Buffer.from(`attack ${name}`), { 'content-type': 'image/jpeg' });
const honest = async () => {
  const got = await anna.upload(picture);
  assert.equal(got.status, 201, got.text);
};
const eventually = async (check) => {
  for (let i = 0; i < 100; i++) {
    if (await check()) return true;
    await new Promise((later) => setTimeout(later, 50));
  }
  return false;
};
// Processes below the server: its template, and the workers under that.
const descendants = () => {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (pid) => lines.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(piclog.child.pid);
};
const fds = () => readdirSync(`/proc/${piclog.child.pid}/fd`).length;

const killed = 'signal 31'; // SIGSYS, by the system-call filter
const attacks = {
  open: killed, database: killed, create: killed, unlink: killed, socket: killed, connect: killed, fork: killed, thread: killed,
  exec: killed, kill: killed, ptrace: killed, 'memory of the parent': killed, execute: killed, 'make executable': killed,
  dup: killed, pass: killed, io_uring: killed, i386: killed, x32: killed, limits: killed, loosen: killed,
  inherited: 'exit 6', allocate: 'exit 7', crash: /^signal (6|11|31)$/, silent: 'forged: cut off',
  endless: 'forged: too long', magic: 'forged: magic', count: 'forged: head', dimensions: /^forged: /, oversized: /^forged: /,
  html: /^forged: /, spin: 'deadline', hold: 'deadline',
};

test('before any attack, a picture is crushed', honest);

// On some kernels a 32-bit system call is signal 11 without any filter.
const skipped = spawnSync(executable, ['runs-i386']).status === 0 ? {} : { i386: 'this kernel runs no 32-bit system calls' };

for (const [name, cause] of Object.entries(attacks))
  test(`a worker that is taken over: ${name}`, { skip: skipped[name] ?? false }, async () => {
    const known = piclog.log.length;
    const got = await attack(name);
    assert.equal(got.status, 422, got.text);
    assert.equal(got.headers['content-type'], 'application/problem+json');
    assert.match(got.json.detail, /crashed|too long/);
    await honest();
    const logged = () => piclog.log.slice(known).map((line) => JSON.parse(line)).find((line) => line.status === 422);
    assert.ok(await eventually(logged), 'it is logged');
    const { note } = logged();
    assert.ok(cause instanceof RegExp ? cause.test(note) : note === cause, `the log names the cause: ${note}`);
  });

test('while workers hang, others are answered', async () => {
  const hanging = attack('hold');
  const began = Date.now();
  await honest();
  assert.equal((await ask(piclog, 'GET', '/gallery')).status, 200);
  const meanwhile = Date.now() - began;
  const got = await hanging;
  assert.equal(got.status, 422);
  assert.ok(Date.now() - began > meanwhile, 'the honest one was not kept waiting for the deadline');
});

test('afterwards nothing is left of them: no process, no descriptor, no bytes in flight, nothing touched', async () => {
  await honest();
  const before = fds();
  const ATTACKS = 24, DATABASE_FDS = 16; // the latter may still be opened
  for (let i = 0; i < ATTACKS; i++) await attack(['crash', 'endless', 'open', 'silent'][i % 4]);
  assert.ok(await eventually(() => descendants().length <= 2), `the template, and the worker that waits for the next: ${descendants().length}`);
  assert.ok(await eventually(() => fds() <= before + DATABASE_FDS), `${fds()} descriptors instead of ${before}`);
  assert.match((await ask(piclog, 'GET', '/metrics')).text, /uploads_in_flight_bytes 0\n/);
  assert.ok(existsSync(canary));
  assert.ok(!existsSync('/tmp/piclog-cage'));
  const { picture_count: pictures } = (await ask(piclog, 'GET', '/~anna.json')).json.person;
  assert.equal(pictures, Object.keys(attacks).length - Object.keys(skipped).length + 3, 'one honest upload for each attack, and none of theirs');
});

test('a worker that is killed while it waits for an upload is done without', async () => {
  await honest();
  assert.ok(await eventually(() => descendants().length === 2), 'one waits');
  process.kill(descendants()[1], 'SIGKILL');
  await honest();
});

test('a template process that is killed is started again', async () => {
  const [template] = descendants();
  process.kill(template, 'SIGKILL');
  assert.ok(await eventually(async () => (await anna.upload(picture)).status === 201));
});
