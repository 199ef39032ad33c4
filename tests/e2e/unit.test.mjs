// The system service: how far tools/piclog.service shuts piclog in, and root that is given up once the port is bound.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ask, executable, fixture, root, start } from './piclog.mjs';

const MOST_EXPOSED = 2.0;

test('systemd-analyze finds little left to shut in', () => {
  const said = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', join(root, 'tools/piclog.service')], { encoding: 'utf8' });
  assert.equal(said.error, undefined, 'systemd-analyze is missing: tools/setup test');
  const level = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said.stdout)?.[1]);
  assert.ok(level <= MOST_EXPOSED, said.stdout + said.stderr);
});
test('the options in the unit are options of piclog', () => {
  const unit = readFileSync(join(root, 'tools/piclog.service'), 'utf8');
  const help = execFileSync(executable, ['--help'], { encoding: 'utf8' });
  for (const [option] of /^ExecStart=(.*)$/m.exec(unit)[1].matchAll(/--[a-z-]+/g)) assert.ok(help.includes(option), option);
});

const asRoot = process.getuid() === 0;
const ids = (pid, what) => new RegExp(`^${what}:\\s+(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1].split(/\s+/);

test('--user gives root up after binding, for good, and everything works as that user', { skip: asRoot ? false : 'only root can give root up' }, async () => {
  const nobody = execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim();
  const piclog = await start(['--user', 'nobody'], { data: `/tmp/piclog-user-${process.pid}` });
  try {
    const { pid } = piclog.child;
    assert.deepEqual(ids(pid, 'Uid'), [nobody, nobody, nobody, nobody], 'real, effective, saved and file-system user');
    assert.ok(!ids(pid, 'Gid').includes('0'));
    assert.ok(!ids(pid, 'Groups').filter(Boolean).includes('0'), 'no group of root is left');
    for (const set of ['CapPrm', 'CapEff', 'CapAmb', 'CapInh']) assert.match(ids(pid, set)[0], /^0+$/, set);
    for (const thread of readdirSync(`/proc/${pid}/task`)) assert.equal(ids(`${pid}/task/${thread}`, 'Uid')[1], nobody, 'every thread');
    for (const file of readdirSync(piclog.data)) assert.equal(String(statSync(join(piclog.data, file)).uid), nobody, file);
    assert.equal(statSync(piclog.data).mode & 0o77, 0, 'nobody else reads the data');
    assert.equal((await ask(piclog, 'GET', '/healthz')).status, 200);
    assert.match((await ask(piclog, 'GET', '/')).text, /<html/);
  } finally {
    await piclog.remove();
  }
});
test('a port that only root may bind is bound before', { skip: asRoot ? false : 'only root binds port 980' }, async () => {
  const piclog = await start(['--user', 'nobody', '--listen', '127.0.0.1:980'], { data: `/tmp/piclog-port-${process.pid}` });
  try {
    assert.equal(piclog.port, 980);
    assert.notEqual(ids(piclog.child.pid, 'Uid')[1], '0');
    const anna = piclog.person('anna');
    const got = await anna.upload(fixture('formats/spices_480.jpg'));
    assert.equal(got.status, 201, got.text);
  } finally {
    await piclog.remove();
  }
});
test('a user that does not exist is an error, not root', () => {
  const said = spawnSync(executable, ['serve', '--user', 'nobody-of-this-name', '--listen', '127.0.0.1:0', '--data', `/tmp/piclog-none-${process.pid}`], { encoding: 'utf8', timeout: 10000 });
  assert.equal(said.status, 1);
  assert.match(said.stderr, /no user "nobody-of-this-name"/);
});
