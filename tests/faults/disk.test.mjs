// The disk is full, the database cannot be written, the clock jumps, a backup is made under load.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, executable, fixture, pictureForm, start } from '../e2e/piclog.mjs';
import { checkDatabase, Load } from './load.mjs';

const photo = fixture('formats/spices_480.jpg');
// Mounting takes root: in a user namespace with one user, a service that believes to be root cannot cage its workers.
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test('the disk is full: posting says so, reading goes on, and once there is room all is well', { skip: !canMount && 'only root may mount' }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'piclog-full-'));
  // A file system of 3 MB in a mount namespace of its own, most of it taken by something else.
  const script = `mount -t tmpfs -o size=3m tmpfs ${data} && head -c 2300000 /dev/zero >${data}/ballast && echo 'long enough' | "$0" user add anna --data ${data} && "$0" token anna --data ${data} && exec "$0" serve --data ${data} --listen 127.0.0.1:0 --rate-limits off --quota 0`;
  const child = spawn('unshare', ['-m', 'sh', '-c', script, executable], { env: { ...process.env, PICLOG_RESERVE: '100k' } });
  let output = '', errors = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((done) => child.on('exit', done));
  try {
    for (let i = 0; !/port (\d+)/.test(errors) && i < 500; i++) await new Promise((done) => setTimeout(done, 20));
    const piclog = { port: Number(/port (\d+)/.exec(errors)[1]) };
    const user = { token: output.split('\n')[0] };
    const headers = bearer(user);
    const posted = [];
    let refused;
    for (let i = 0; i < 2000 && !refused; i++) {
      // The same picture would share its bytes.
      const answer = await ask(piclog, 'POST', '/api/pictures', { headers, body: pictureForm(fixture(['pictures/cat.jpg', 'pictures/peaks.jpg', 'pictures/spices.jpg', 'pictures/sky.jpg'][i % 4]), { preset: ['crispy', 'crunchy', 'fried', 'dust'][(i >> 2) % 4], alt: 'x'.repeat(1400) }) });
      if (answer.status === 201) posted.push(answer.json);
      else refused = answer;
    }
    assert.equal(refused?.status, 507, refused?.text);
    assert.match(refused.json.detail, /full|room/);
    assert.ok(posted.length > 4);
    const status = await ask(piclog, 'POST', '/api/statuses', { headers, body: { content: 'a'.repeat(140) } });
    assert.ok(status.status === 201 || status.status === 507, status.text);
    assert.equal((await ask(piclog, 'GET', '/')).status, 200);
    assert.equal((await ask(piclog, 'GET', new URL(posted[0].image_url).pathname)).data.length, posted[0].bytes);
    rmSync(`/proc/${child.pid}/root${data}/ballast`);
    const after = await ask(piclog, 'POST', '/api/pictures', { headers, body: pictureForm(photo) });
    assert.equal(after.status, 201, after.text);
    for (const { id, bytes, image_url } of posted) {
      assert.equal((await ask(piclog, 'GET', `/api/pictures/${id}`)).json.bytes, bytes);
      assert.equal((await ask(piclog, 'GET', new URL(image_url).pathname)).data.length, bytes);
    }
    checkDatabase(data, ['nsenter', '-m', '-t', String(child.pid)]);
  } finally {
    child.kill('SIGTERM');
    assert.equal(await ended, 0, errors);
    rmSync(data, { recursive: true, force: true });
  }
});

test('a full disk: what makes room and lets people in is still written, from the reserve; nothing else is', { skip: !canMount && 'only root may mount' }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'piclog-reserve-')), RESERVE = 4000000;
  const script = `mount -t tmpfs -o size=8m tmpfs ${data} && head -c 2000000 /dev/zero >${data}/ballast && echo 'long enough' | "$0" user add anna --data ${data} && echo 'long enough' | "$0" user add desk --admin --data ${data} && "$0" token anna --data ${data} && exec "$0" serve --data ${data} --listen 127.0.0.1:0 --rate-limits off --quota 0`;
  const child = spawn('unshare', ['-m', 'sh', '-c', script, executable], { env: { ...process.env, PICLOG_RESERVE: String(RESERVE) } });
  let output = '', errors = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((done) => child.on('exit', done));
  const until = async (what, holds) => {
    for (let i = 0; i < 750 && !holds(); i++) await new Promise((done) => setTimeout(done, 20));
    assert.ok(holds(), `${what}: ${errors}`);
  };
  try {
    await until('it listens', () => /port (\d+)/.test(errors));
    const piclog = { port: Number(/port (\d+)/.exec(errors)[1]) };
    const user = { name: 'anna', password: 'long enough', token: output.split('\n')[0] };
    const headers = bearer(user), inside = `/proc/${child.pid}/root${data}`, reserve = join(inside, 'piclog.reserve');
    const post = (i) => ask(piclog, 'POST', '/api/pictures', { headers, body: pictureForm(fixture(['pictures/cat.jpg', 'pictures/peaks.jpg', 'pictures/spices.jpg', 'pictures/sky.jpg'][i % 4]), { preset: ['crispy', 'crunchy', 'fried', 'dust'][(i >> 2) % 4], alt: 'x'.repeat(1400) }) });
    const fill = async () => {
      for (let i = 0; i < 2000; i++) {
        const answer = await post(i);
        if (answer.status !== 201) return answer;
        posted.push(answer.json);
      }
      throw new Error('it is never full');
    };
    const posted = [];
    assert.equal(statSync(reserve).size, RESERVE);
    assert.equal(statSync(reserve).blocks * 512 >= RESERVE, true, 'it holds what it says');
    assert.equal(statSync(reserve).mode & 0o777, 0o600);
    for (const [path, body] of [['wall/anna', { content: 'on the wall' }], ['bulletins', { subject: 'pinned', content: 'up', days: '10' }], ['layouts', { name: 'pink', css: 'body { color: #000 }' }], ['neighbours', { url: 'https://next.example', title: 'next door', category: 'odd' }]])
      assert.equal((await ask(piclog, 'POST', `/api/${path}`, { headers, body })).status, 201, path);
    const refused = await fill();
    assert.equal(refused.status, 507, refused.text);
    assert.match(refused.json.detail, /no room left.*Delete something old/);
    assert.ok(posted.length > 4);
    await until('it says so', () => /disk is full but for the reserve/.test(errors));
    assert.equal(statSync(reserve).size, RESERVE, 'what was refused did not touch the reserve');
    // Somebody else takes the rest, but not the reserve.
    for (let size = 65536; size >= 1; size >>= 1) {
      try {
        for (;;) appendFileSync(join(inside, 'more'), Buffer.alloc(size));
      } catch (error) {
        assert.equal(error.code, 'ENOSPC');
      }
    }
    // In.
    const browser = await new Browser(piclog).logIn(user);
    assert.equal((await browser.get('/settings')).status, 200);
    assert.ok(!existsSync(reserve), 'it was given up');
    // Deleting, and what is said of it is true: there is room for as much again.
    const same = posted.filter(({ image_url }) => image_url === posted[0].image_url);
    for (const { id } of same) assert.equal((await ask(piclog, 'DELETE', `/api/pictures/${id}`, { headers })).status, 204);
    assert.equal((await ask(piclog, 'GET', new URL(same[0].image_url).pathname)).status, 404);
    posted.splice(0, posted.length, ...posted.filter((one) => !same.includes(one)));
    const before = posted.length;
    assert.equal((await post(0)).status, 201);
    assert.equal((await fill()).status, 507, 'and no more');
    assert.ok(posted.length - before <= 2 * same.length + 2);
    // Everything else that has to work, again and again.
    let password = 'long enough';
    for (let round = 0; round < 5; round++) {
      const phone = await new Browser(piclog).logIn({ name: 'anna', password });
      assert.equal((await phone.submit('/settings/password', { old_password: password, new_password: `new password ${round}` }, { page: '/settings' })).status, 303);
      password = `new password ${round}`;
      assert.equal((await phone.submit('/settings/codes', { password }, { page: '/settings' })).status, 200);
      assert.equal((await phone.submit('/logout', {}, { page: '/settings' })).status, 303);
      assert.equal((await phone.get('/settings')).status, 303);
    }
    const last = await new Browser(piclog).logIn({ name: 'anna', password });
    for (const { id } of posted.splice(0, 3)) assert.equal((await last.submit(`/p/${id}/delete`, {}, { page: `/p/${id}/edit` })).status, 303);
    assert.equal((await last.submit('/status', { content: 'room again' })).status, 303);
    const desk = await new Browser(piclog).logIn({ name: 'desk', password: 'long enough' });
    for (const kind of ['picture', 'wall', 'bulletin', 'layout', 'neighbour'])
      assert.equal((await desk.submit('/admin/act', { action: 'hide', kind, id: kind === 'picture' ? posted.at(-1).id : '1', reason: 'it is so' }, { page: '/admin/settings' })).status, 303, `hiding a ${kind}`);
    // Room again: the reserve comes back by itself.
    rmSync(join(inside, 'more'));
    rmSync(join(inside, 'ballast'));
    await until('it is there again', () => existsSync(reserve) && /room on the disk again/.test(errors));
    assert.equal(statSync(reserve).size, RESERVE);
    assert.equal((await last.submit('/upload', pictureForm(photo, { preset: 'crunchy', alt: '' }))).status, 303);
    assert.equal((await last.submit('/settings/close', { password }, { page: '/settings' })).status, 303);
    checkDatabase(data, ['nsenter', '-m', '-t', String(child.pid)]);
  } finally {
    child.kill('SIGTERM');
    assert.equal(await ended, 0, errors);
    rmSync(data, { recursive: true, force: true });
  }
});

test('a database that cannot be written: it says so and does not start', { skip: !canMount && 'only root may mount' }, () => {
  const data = mkdtempSync(join(tmpdir(), 'piclog-read-only-'));
  try {
    execFileSync(executable, ['user', 'add', 'anna', '--data', data], { input: 'long enough\n' });
    const script = `mount --bind ${data} ${data} && mount -o remount,bind,ro ${data} && exec "$0" serve --data ${data} --listen 127.0.0.1:0`;
    const done = spawnSync('unshare', ['-m', 'sh', '-c', script, executable], { encoding: 'utf8', timeout: 20000 });
    assert.equal(done.status, 1, done.stderr);
    assert.match(done.stderr, /piclog\.db: .*(readonly|read-only|unable to open)/i);
    // Nothing was broken by trying.
    execFileSync(executable, ['stats', '--data', data]);
    checkDatabase(data);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('a file that is no database, and half a database, are refused in words', () => {
  const data = mkdtempSync(join(tmpdir(), 'piclog-no-database-'));
  try {
    execFileSync(executable, ['user', 'add', 'anna', '--data', data], { input: 'long enough\n' });
    const path = join(data, 'piclog.db');
    writeFileSync(path, execFileSync('head', ['-c', '9000', path]));
    const half = spawnSync(executable, ['stats', '--data', data], { encoding: 'utf8' });
    assert.equal(half.status, 1);
    assert.match(half.stderr, /malformed|not a database/);
    writeFileSync(path, 'these are words '.repeat(1000));
    const none = spawnSync(executable, ['stats', '--data', data], { encoding: 'utf8' });
    assert.equal(none.status, 1);
    assert.match(none.stderr, /not a database/);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});

test('a backup made under load, restored elsewhere, is complete and consistent', async () => {
  const piclog = await start(['--workers', '2']);
  const elsewhere = mkdtempSync(join(tmpdir(), 'piclog-elsewhere-'));
  try {
    const load = new Load(piclog, piclog.addUser('anna'));
    load.start();
    for (let round = 0; round < 4; round++) {
      await new Promise((done) => setTimeout(done, 300));
      const before = new Map([...load.posts].map(([path, states]) => [path, [...states]]));
      const backup = join(elsewhere, `${round}.backup`), folder = join(elsewhere, String(round));
      await new Promise((done, fail) => spawn(executable, ['backup', backup, '--data', piclog.data]).on('exit', (code) => (code ? fail(new Error(`backup ended with ${code}`)) : done())));
      const after = new Map([...load.posts].map(([path, states]) => [path, [...states]]));
      mkdirSync(folder);
      execFileSync(executable, ['restore', backup, '--data', folder]);
      checkDatabase(folder);
      const other = await start([], { data: folder });
      for (const [path, states] of before) {
        const answer = await ask(other, 'GET', path);
        const found = answer.status === 404 ? null : answer.json.caption ?? answer.json.content ?? answer.json.note;
        // What nobody touched meanwhile is there as it was.
        if (states.length === 1 && JSON.stringify(after.get(path)) === JSON.stringify(states)) assert.equal(found, states[0], path);
      }
      await other.stop();
    }
    await load.stop();
    assert.ok(load.counts.acknowledged > 20);
    await load.check();
  } finally {
    await piclog.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
