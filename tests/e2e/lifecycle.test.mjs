// Starting, stopping, restarting: nothing that was acknowledged is lost, nothing wrong is started.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, bearer, executable, fixture, pictureForm, start } from './piclog.mjs';

const peacock = fixture('formats/wuffs__peacock.q99.jpeg');

test('SIGTERM finishes the uploads under way', async () => {
  const piclog = await start(['--workers', '1']);
  try {
    const anna = piclog.addUser('anna');
    const uploads = Array.from({ length: 8 }, () => ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(peacock) }));
    await new Promise((later) => setTimeout(later, 60));
    const stopped = piclog.stop();
    for (const answer of await Promise.allSettled(uploads))
      if (answer.status === 'fulfilled') assert.equal(answer.value.status, 201, answer.value.text);
    assert.deepEqual(await stopped, { code: 0, signal: null });
  } finally {
    await piclog.remove();
  }
});

for (const signal of ['SIGTERM', 'SIGKILL'])
  test(`restart by ${signal} in the middle of posting: what was acknowledged is there`, async () => {
    const piclog = await start();
    try {
      const anna = piclog.addUser('anna');
      const kept = [];
      for (let round = 0; round < 3; round++) {
        const posting = Promise.all(Array.from({ length: 8 }, async (_, client) => {
          for (let i = 0; i < 50; i++) {
            const answer = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: `${round} ${client} ${i}` } }).catch(() => null);
            if (!answer) return;
            if (answer.status === 201) kept.push([answer.json.id, `${round} ${client} ${i}`]);
          }
        }));
        await new Promise((later) => setTimeout(later, 100));
        await piclog.restart(signal);
        await posting;
      }
      assert.ok(kept.length > 3);
      for (const [id, content] of kept) assert.equal((await ask(piclog, 'GET', `/api/statuses/${id}`)).json.content, content);
      const picture = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(peacock) });
      assert.equal(picture.status, 201);
    } finally {
      await piclog.remove();
    }
  });

test('SIGHUP reads templates again; one that is broken changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-templates-'));
  writeFileSync(join(folder, 'rules.mustache'), 'version one');
  const piclog = await start(['--templates', folder]);
  const shows = async (text) => {
    for (let i = 0; i < 50; i++) {
      if ((await ask(piclog, 'GET', '/rules')).text.includes(text)) return true;
      await new Promise((later) => setTimeout(later, 20));
    }
    return false;
  };
  try {
    assert.ok(await shows('version one'));
    writeFileSync(join(folder, 'rules.mustache'), 'version two');
    piclog.child.kill('SIGHUP');
    assert.ok(await shows('version two'));
    writeFileSync(join(folder, 'rules.mustache'), 'version three {{#unclosed}}');
    piclog.child.kill('SIGHUP');
    for (let i = 0; i < 50 && !/templates stay/.test(piclog.errors); i++) await new Promise((later) => setTimeout(later, 20));
    assert.match(piclog.errors, /templates stay.*rules/s);
    assert.ok(await shows('version two'));
  } finally {
    await piclog.remove();
    rmSync(folder, { recursive: true });
  }
});

test('what cannot be served is refused with a reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-refused-'));
  const refused = (...args) => {
    const got = spawnSync(executable, ['serve', ...args], { encoding: 'utf8', timeout: 10000 });
    assert.notEqual(got.status, 0, args.join(' '));
    assert.notEqual(got.status, null, `${args.join(' ')} was served`);
    assert.match(got.stderr, /^piclog.*\w/, args.join(' '));
    return got.stderr;
  };
  try {
    assert.match(refused('--data', folder, '--listen', 'not-an-address:1'), /address|listen/);
    assert.match(refused('--data', folder, '--listen', '192.0.2.1:9'), /192\.0\.2\.1/);
    assert.match(refused('--data', folder, '--listen', '127.0.0.1:0', '--public-url', 'pics.example'), /http/);
    assert.match(refused('--data', folder, '--listen', '127.0.0.1:0', '--templates', join(folder, 'none')), /none/);
    writeFileSync(join(folder, 'file'), '');
    refused('--data', join(folder, 'file'), '--listen', '127.0.0.1:0');
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other/piclog.db'), 'this is no database, and it is long enough to be looked at');
    refused('--data', join(folder, 'other'), '--listen', '127.0.0.1:0');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
test('a port that is taken', async () => {
  const piclog = await start();
  try {
    const got = spawnSync(executable, ['serve', '--data', piclog.data, '--listen', `127.0.0.1:${piclog.port}`], { encoding: 'utf8', timeout: 10000 });
    assert.notEqual(got.status, 0);
    assert.match(got.stderr, /in use/);
  } finally {
    await piclog.remove();
  }
});

test('what is made is its owner’s alone, whatever the umask; a restore by root keeps the owner of the folder', async () => {
  const before = process.umask(0o022);
  const piclog = await start();
  try {
    piclog.addUser('anna');
    const folder = mkdtempSync(join(tmpdir(), 'piclog-modes-'));
    const run = (...parts) => spawnSync(executable, parts, { encoding: 'utf8' });
    const mode = (path) => (statSync(path).mode & 0o777).toString(8);
    assert.equal(run('backup', join(folder, 'b'), '--data', piclog.data).status, 0);
    assert.equal(run('export', 'anna', join(folder, 'e.zip'), '--data', piclog.data).status, 0);
    for (const file of readdirSync(piclog.data)) assert.equal(mode(join(piclog.data, file)), '600', file);
    assert.equal(mode(join(folder, 'b')), '600');
    assert.equal(mode(join(folder, 'e.zip')), '600');
    if (process.getuid() === 0) {
      const place = join(folder, 'place');
      mkdirSync(place);
      chmodSync(folder, 0o711); // whoever owns the place has to get there
      chownSync(place, 1234, 2345);
      assert.equal(run('restore', join(folder, 'b'), '--data', place).status, 0);
      const { uid, gid } = statSync(join(place, 'piclog.db'));
      assert.deepEqual([uid, gid], [1234, 2345]);
    }
    rmSync(folder, { recursive: true });
  } finally {
    process.umask(before);
    await piclog.remove();
  }
});

test('a mistyped --data makes nothing: only serve and user add begin a piclog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-typo-'));
  const nowhere = join(folder, 'nowhere');
  writeFileSync(join(folder, 'backup'), 'x');
  for (const parts of [['backup', join(folder, 'b')], ['stats'], ['token', 'anna'], ['invite'], ['export', 'anna', '-'], ['import', folder], ['restore', join(folder, 'backup')],
    ['user', 'password', 'anna'], ['user', 'delete', 'anna']]) {
    const { status, stderr } = spawnSync(executable, [...parts, '--data', nowhere], { encoding: 'utf8', input: 'a long password\n' });
    assert.equal(status, 1, parts.join(' '));
    if (parts[0] !== 'import') assert.match(stderr, /nowhere.*--data/, parts.join(' '));
    assert.ok(!existsSync(nowhere), parts.join(' '));
  }
  assert.deepEqual(readdirSync(folder), ['backup']);
  assert.equal(spawnSync(executable, ['user', 'add', 'anna', '--data', nowhere], { input: 'a long password\n' }).status, 0);
  rmSync(folder, { recursive: true });
});
