// Limits of what one client may do, and who counts as one client.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, executable, raw, start } from './piclog.mjs';

let piclog, anna, bert;
before(async () => {
  piclog = await start(['--trusted-proxy', '127.0.0.1', '--signup', 'open'], { limits: 'on' });
  anna = piclog.addUser('anna');
  bert = piclog.addUser('bert');
});
after(() => piclog.remove());

const from = (address, more = {}) => ({ 'x-forwarded-for': address, ...more });
const post = (user, address, content = 'x') =>
  ask(piclog, 'POST', '/api/statuses', { headers: { ...bearer(user), ...from(address) }, body: { content } });

async function until429(once, most) {
  for (let i = 0; i < most; i++) {
    const answer = await once(i);
    if (answer.status === 429) return { answer, passed: i };
  }
  return null;
}

test('posting is limited per account, from wherever it comes, and nobody else pays for it', async () => {
  const stopped = await until429((i) => post(anna, `192.0.2.${i + 1}`), 100);
  assert.ok(stopped && stopped.passed >= 10, `after ${stopped?.passed}`);
  assert.match(stopped.answer.headers['retry-after'], /^[1-9]\d*$/);
  assert.match(stopped.answer.json.detail, /second/);
  assert.equal((await post(bert, '198.51.100.1')).status, 201);
});
test('passwords can be tried only so often from one network; others still log in', async () => {
  const attempt = async (address, password) => {
    const browser = new Browser(piclog, from(address));
    return browser.submit('/login', { name: 'bert', password });
  };
  const stopped = await until429(() => attempt('203.0.113.5', 'wrong password'), 40);
  assert.ok(stopped && stopped.passed >= 3, `after ${stopped?.passed}`);
  assert.match(stopped.answer.text, /second/);
  assert.equal((await attempt('203.0.113.6', bert.password)).status, 303);
});
test('guessing at one name is limited wherever it comes from, and locks nobody out', async () => {
  const owner = piclog.addUser('dora');
  const known = await new Browser(piclog, from('192.0.2.200')).logIn(owner);
  await known.submit('/logout', {}, { page: '/status' });
  const guess = (i, name) => new Browser(piclog, from(`10.7.${i >> 8}.${i & 255}`)).submit('/login', { name, password: 'wrong password' });
  const stopped = await until429((i) => guess(i, 'dora'), 100);
  assert.ok(stopped && stopped.passed >= 10, `after ${stopped?.passed}`);
  assert.match(stopped.answer.headers['retry-after'], /^[1-9]\d*$/);
  assert.match(stopped.answer.text, /Try again in/);
  // a name that nobody has is limited alike, so the limit tells nothing
  const unknown = await until429((i) => guess(i + 300, 'nobody-is-called-so'), 100);
  assert.equal(unknown.passed, stopped.passed + 1);
  // the owner's browser knows the name, wherever it is; others sign in to other names
  known.headers = from('198.51.100.201');
  assert.equal((await known.submit('/login', { name: owner.name, password: owner.password })).status, 303);
  assert.equal((await new Browser(piclog, from('198.51.100.202')).submit('/login', { name: bert.name, password: bert.password })).status, 303);
  // the cookie is worth nothing for another name, changed, or as a session
  const thief = new Browser(piclog, from('198.51.100.203'));
  thief.jar.set('piclog-known', known.jar.get('piclog-known').replace(/.$/, (c) => (c === '0' ? '1' : '0')));
  assert.equal((await thief.submit('/login', { name: owner.name, password: owner.password })).status, 429);
  thief.jar.set('piclog-known', known.jar.get('piclog-known'));
  assert.equal((await thief.get('/settings')).status, 303);
});
test('recovery codes work while a name is being guessed at', async () => {
  const joined = await new Browser(piclog, from('192.0.2.210')).submit('/join', { name: 'emil', password: 'password of emil' });
  const code = /[a-z0-9]{4}(-[a-z0-9]{4}){3}/.exec(joined.text)[0];
  await until429((i) => new Browser(piclog, from(`10.8.0.${i}`)).submit('/login', { name: 'emil', password: 'wrong password' }), 100);
  const answer = await new Browser(piclog, from('192.0.2.211')).submit('/recover', { name: 'emil', code, password: 'another password' });
  assert.equal(answer.status, 303, answer.text);
});
test('whoever mistypes while joining is not locked out, and sees the menu of a member at once', async () => {
  const newcomer = new Browser(piclog, { accept: 'text/html', ...from('192.0.2.220') });
  for (const typed of [{ name: 'two words', password: 'long enough' }, { name: 'frida', password: 'short' }, { name: 'emil', password: 'long enough' }])
    for (let i = 0; i < 3; i++) assert.notEqual((await newcomer.submit('/join', typed)).status, 429, JSON.stringify(typed));
  const joined = await newcomer.submit('/join', { name: 'frida', password: 'long enough' });
  assert.equal(joined.status, 200, joined.text);
  assert.match(joined.text, /<a href="\/notices">/);
  assert.doesNotMatch(joined.text, /href="\/login"/);
  assert.match(joined.text, /You are in, frida\./);
  assert.equal((await newcomer.get('/settings')).status, 200, 'and it is the same session');
  // joining is limited as ever, also for whoever only tries
  const one = await until429((i) => new Browser(piclog, from('192.0.2.221')).submit('/join', { name: `clone${i}`, password: 'long enough' }), 20);
  assert.equal(one.passed, 5);
  assert.match(one.answer.text, /Too many people joined from your network in a short time\. Try again in \d+ (minutes|seconds)\./);
  const guess = new Browser(piclog, from('192.0.2.222'));
  const other = await until429(() => guess.submit('/join', { name: 'two words', password: 'long enough' }), 40);
  assert.ok(other.passed >= 15 && other.passed < 20, `${other.passed}`);
});
test('names cannot be tried one after the other while joining: taken ones count as guesses, then as joinings', async () => {
  const strict = await start(['--trusted-proxy', '127.0.0.1', '--signup', 'open', '--rate', 'guess=3/3600,sign_up=2/3600,sign_in=6/3600'], { limits: 'on' });
  try {
    strict.addUser('anna');
    const join = (address, name, password = 'long enough') => new Browser(strict, from(address)).submit('/join', { name, password });
    for (let i = 0; i < 3; i++) assert.equal((await join('192.0.2.1', 'Anna')).status, 409);
    for (let i = 0; i < 6; i++) assert.equal((await join('192.0.2.1', 'berta', 'short')).status, 422, 'mistyping is another count');
    assert.equal((await join('192.0.2.1', 'berta')).status, 200, 'who took a few names that were taken is in');
    const stopped = await until429(() => join('192.0.2.2', 'anna'), 20);
    assert.equal(stopped?.passed, 3 + 2);
    assert.match(stopped.answer.text, /Too many people joined from your network/);
    assert.equal((await join('192.0.2.3', 'clara')).status, 200, 'nobody else pays for it');
  } finally {
    await strict.remove();
  }
});
test('joining is no way to guess at the password of who joined a moment ago', async () => {
  const strict = await start(['--trusted-proxy', '127.0.0.1', '--signup', 'open', '--rate', 'guess=3/3600'], { limits: 'on' });
  try {
    const typed = { name: 'nina', password: 'long enough' };
    const nina = new Browser(strict, from('192.0.2.1'));
    assert.equal((await nina.submit('/join', typed)).status, 200);
    const join = (address, password) => new Browser(strict, from(address)).submit('/join', { ...typed, password });
    for (let i = 0; i < 6; i++) assert.equal((await join(`192.0.2.${10 + i}`, `wrong password ${i}`)).status, 409);
    assert.equal((await join('192.0.2.20', typed.password)).status, 409, 'even the right one: it would tell which it was');
  } finally {
    await strict.remove();
  }
});
test('limits are settable, one class at a time', async () => {
  const strict = await start(['--rate', 'search=2/60', '--rate=read=0,write=1/3600'], { limits: 'on' });
  try {
    const stopped = await until429(() => ask(strict, 'GET', '/search?q=x'), 10);
    assert.equal(stopped.passed, 2);
    assert.ok(Number(stopped.answer.headers['retry-after']) > 50);
    for (let i = 0; i < 450; i++) assert.equal((await ask(strict, 'GET', '/', { agent: undefined })).status, 200);
    assert.throws(() => strict.run(['stats', '--rate', 'search=x']), /CLASS=BURST/);
  } finally {
    await strict.remove();
  }
});
test('IPv6 counts by /64', async () => {
  const search = (address) => ask(piclog, 'GET', '/search?q=x', { headers: from(address) });
  const stopped = await until429((i) => search(`2001:db8:1:1::${i.toString(16)}`), 100);
  assert.ok(stopped, 'never stopped');
  assert.equal((await search('2001:db8:1:2::1')).status, 200);
});
test('what stands left of the last untrusted address in X-Forwarded-For is not believed', async () => {
  const search = (i) => ask(piclog, 'GET', '/search?q=y', { headers: from(`10.1.1.${i}, 198.51.100.77`) });
  assert.ok(await until429(search, 100), 'never stopped');
});
test('pictures and static files are not limited', async () => {
  for (let i = 0; i < 600; i++) assert.equal((await ask(piclog, 'GET', '/static/style.css', { headers: from('198.51.100.9'), agent: undefined })).status, 200);
});
test('without a trusted proxy the header counts for nothing', async () => {
  const plain = await start([], { limits: 'on' });
  try {
    const search = (i) => ask(plain, 'GET', '/search?q=x', { headers: from(`192.0.2.${i}`) });
    assert.ok(await until429(search, 100), 'never stopped');
  } finally {
    await plain.remove();
  }
});

test('where the system allows few open files, as many fewer connections are taken', async () => {
  const data = mkdtempSync(join(tmpdir(), 'piclog-e2e-'));
  const child = spawn('sh', ['-c', 'ulimit -n 1000 && exec "$@"', 'sh', executable, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--connections', '5000']);
  try {
    const said = await new Promise((done, fail) => {
      let text = '';
      child.stderr.on('data', (chunk) => { if (/listening on/.test((text += chunk))) done(text); });
      child.on('exit', () => fail(new Error(text)));
    });
    assert.match(said, /allows 1000 open files, so at most (?!5000\b)\d{2,3} connections are taken/);
  } finally {
    child.kill();
    rmSync(data, { recursive: true, force: true });
  }
});

test('connections per address have a limit; another one is still served', async () => {
  const few = await start(['--connections-per-address', '20']);
  const sockets = [];
  try {
    let refused = 0;
    for (let i = 0; i < 30; i++)
      sockets.push(await new Promise((done) => {
        const socket = net.connect(few.port, '127.0.0.1', () => done(socket));
        socket.on('close', () => refused++);
        socket.on('error', () => {});
      }));
    for (let i = 0; i < 100 && refused < 10; i++) await new Promise((later) => setTimeout(later, 20));
    assert.equal(refused, 10);
    assert.equal((await ask(few, 'GET', '/healthz', { localAddress: '127.0.0.2' })).status, 200);
    sockets.forEach((socket) => socket.destroy());
    let status;
    for (let i = 0; i < 50 && status !== 200; i++) {
      await new Promise((later) => setTimeout(later, 20));
      status = (await ask(few, 'GET', '/healthz').catch(() => ({}))).status;
    }
    assert.equal(status, 200, 'closed connections are counted still');
  } finally {
    sockets.forEach((socket) => socket.destroy());
    await few.remove();
  }
});
test('headers without end are refused', async () => {
  const got = await raw(piclog, `GET / HTTP/1.1\r\nHost: x\r\n${'X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(4000)}\r\n`);
  assert.doesNotMatch(got, /^HTTP\/1\.1 200/);
  assert.equal((await ask(piclog, 'GET', '/healthz')).status, 200);
});
