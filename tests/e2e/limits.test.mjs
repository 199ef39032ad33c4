// Limits of what one client may do, and who counts as one client.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { Browser, ask, bearer, raw, start } from './piclog.mjs';

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
