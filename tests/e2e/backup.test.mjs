// piclog backup into a pipe: whole and of one moment while people post, holds up nobody, and what is cut off is refused.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, executable, fixture, start } from './piclog.mjs';

let piclog, anna, folder;
const text = (i) => `number ${i} of the backup`;
const write = async (i) => assert.equal((await anna.call('POST', '/api/statuses', { content: text(i) })).status, 201);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'piclog-backup-'));
  piclog = await start();
  anna = piclog.person('anna');
  for (const name of ['cat', 'spices', 'sky']) await anna.upload(fixture(`pictures/${name}.jpg`), { caption: name });
  for (let i = 0; i < 20; i++) await write(i);
});
after(async () => {
  await piclog.remove();
  rmSync(folder, { recursive: true, force: true });
});

// piclog backup - whose output is read when read() is called. done: {code, bytes, errors}.
function stream(to = '-') {
  const child = spawn(executable, ['backup', to, '--data', piclog.data], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  let errors = '';
  child.stderr.on('data', (chunk) => { errors += chunk; });
  child.stdout.pause();
  const done = new Promise((over) => child.on('close', (code) => over({ code, bytes: Buffer.concat(chunks), errors })));
  // its first bytes are in the pipe: the moment of the backup is past
  const begun = new Promise((first) => child.stdout.once('readable', first));
  return { child, begun, done, read: () => { child.stdout.on('data', (chunk) => chunks.push(chunk)); child.stdout.resume(); } };
}

let copies = 0;
// What a piclog that was restored from these bytes knows: the numbers of its statuses, in order.
async function restored(bytes) {
  const [file, data] = [join(folder, `${++copies}.backup`), join(folder, `data${copies}`)];
  writeFileSync(file, bytes);
  mkdirSync(data);
  execFileSync(executable, ['restore', file, '--data', data]);
  const copy = await start([], { data });
  try {
    const numbers = [];
    for (let path = '/statuses.json'; path;) {
      const page = (await ask(copy, 'GET', path)).json;
      numbers.push(...page.statuses.map(({ content }) => Number(/\d+/.exec(content)[0])));
      path = page.statuses.length >= 20 ? `/statuses.json?before=${page.statuses.at(-1).id}` : null;
    }
    const pictures = (await ask(copy, 'GET', '/gallery.json')).json.pictures;
    for (const { image_url } of pictures) assert.equal((await ask(copy, 'GET', new URL(image_url, copy.origin).pathname)).status, 200);
    return { numbers: numbers.sort((a, b) => a - b), pictures: pictures.length };
  } finally {
    await copy.remove();
  }
}

test('it holds what was there at its moment, however much is posted while it is read', async () => {
  for (let round = 0, next = 20; round < 5; round++) {
    const backup = stream();
    let open = true;
    const posting = (async () => { while (open) await write(next++); })();
    backup.read();
    const { code, bytes, errors } = await backup.done;
    open = false;
    await posting;
    assert.equal(code, 0, errors);
    const { numbers, pictures } = await restored(bytes);
    assert.equal(pictures, 3);
    assert.ok(numbers.length >= 20 && numbers.length <= next);
    assert.deepEqual(numbers, numbers.map((_, i) => i), 'a beginning of all of them, without a gap');
  }
});

test('a reader that takes its time holds up nobody, and gets the moment it began', async () => {
  const held = (await ask(piclog, 'GET', '/statuses.json')).json.statuses.map(({ content }) => Number(/\d+/.exec(content)[0]));
  const newest = Math.max(...held);
  const backup = stream();
  await backup.begun;
  const { json } = await anna.call('POST', '/api/statuses', { content: text(newest + 1) });
  for (let i = 2; i < 60; i++) await write(newest + i);
  assert.equal((await anna.call('DELETE', `/api/statuses/${json.id}`)).status, 204);
  assert.equal(backup.child.exitCode, null, 'it is still at it');
  backup.read();
  const { code, bytes, errors } = await backup.done;
  assert.equal(code, 0, errors);
  assert.equal((await restored(bytes)).numbers.at(-1), newest);
});

test('what did not change lies where it lay, for programs that send what differs', async () => {
  const both = [];
  for (let i = 0; i < 2; i++) {
    const backup = stream();
    backup.read();
    both.push((await backup.done).bytes);
    await anna.call('POST', '/api/statuses', { content: `between the two, number ${1000 + i}` });
  }
  const pages = both[1].length / 1024;
  let changed = 0;
  for (let at = 0; at < both[1].length; at += 1024) changed += !both[1].subarray(at, at + 1024).equals(both[0].subarray(at, at + 1024));
  assert.ok(changed > 0 && changed < pages / 4, `${changed} of ${pages} pages`);
});

test('what is cut off is no backup, and leaves what is there', async () => {
  const backup = stream();
  backup.read();
  const { bytes } = await backup.done;
  const data = join(folder, 'kept');
  mkdirSync(data);
  writeFileSync(join(folder, 'whole'), bytes);
  execFileSync(executable, ['restore', join(folder, 'whole'), '--data', data]);
  const before = readFileSync(join(data, 'piclog.db'));
  for (const size of [0, 100, 1024, bytes.length - 1024, bytes.length - 1]) {
    writeFileSync(join(folder, 'cut'), bytes.subarray(0, size));
    const { status, stderr } = spawnSync(executable, ['restore', join(folder, 'cut'), '--force', '--data', data], { encoding: 'utf8' });
    assert.equal(status, 1, `${size} bytes`);
    assert.match(stderr, /is no backup|is damaged/);
    assert.ok(readFileSync(join(data, 'piclog.db')).equals(before));
  }
});

test('a path that is longer than any is no path', () => {
  for (const path of [`${folder}/${'x/'.repeat(500)}`, `/${'x'.repeat(1000)}`, `/${'x'.repeat(5000)}`]) {
    const { status, stderr } = spawnSync(executable, ['backup', path, '--data', piclog.data], { encoding: 'utf8' });
    assert.deepEqual([status, stderr.split(':')[0]], [2, 'usage'], path.slice(0, 50));
  }
});

test('whoever stops reading is told of', async () => {
  const backup = stream();
  await backup.begun;
  backup.child.stdout.destroy();
  const { code, errors } = await backup.done;
  assert.equal(code, 1);
  assert.match(errors, /the backup is not whole: Broken pipe/);
});

test('/dev/stdout is the same, also when it is a file; nothing but a file is replaced', async () => {
  const shell = (command) => spawnSync('sh', ['-c', command], { env: { ...process.env, PICLOG_DATA: piclog.data, piclog: executable, folder }, encoding: 'buffer' });
  assert.equal(shell('"$piclog" backup /dev/stdout | cat >"$folder/piped"').status, 0);
  const filed = shell('"$piclog" backup /dev/stdout --force >"$folder/filed"');
  assert.equal(filed.status, 0, filed.stderr.toString());
  assert.equal(shell('"$piclog" backup - >"$folder/dashed"').status, 0);
  const isWhole = async (name) => assert.ok((await restored(readFileSync(join(folder, name)))).numbers.length >= 20, name);
  for (const name of ['piped', 'filed', 'dashed']) await isWhole(name);
  assert.ok(existsSync('/dev/stdout') && !existsSync('./-'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  assert.equal(shell('cat "$folder/fifo" >"$folder/through" & "$piclog" backup "$folder/fifo" --force && wait').status, 0);
  assert.ok(lstatSync(join(folder, 'fifo')).isFIFO());
  await isWhole('through');
  mkdirSync(join(folder, 'place'));
  assert.equal(shell('ln -s filed "$folder/link"; "$piclog" backup "$folder/link" --force').status, 1);
  assert.equal(shell('"$piclog" backup "$folder/place" --force').status, 1);
  assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.tmp')), []);
  const terminal = spawnSync('script', ['-qec', `${executable} backup - --data ${piclog.data}`, '/dev/null'], { encoding: 'utf8' });
  assert.notEqual(terminal.status, 0);
  assert.match(terminal.stdout, /no text for a terminal/);
});
