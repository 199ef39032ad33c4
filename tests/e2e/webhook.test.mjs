// Outgoing webhooks: what is told, how it is signed, what happens when nobody answers, and where they never go.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

// A receiver that notes every request; answers with answers.shift() or 204.
async function receive() {
  const receiver = { requests: [], answers: [], waiting: [] };
  receiver.server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const answer = receiver.answers.shift() ?? { status: 204 };
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
      receiver.requests.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      receiver.waiting.shift()?.();
    });
  });
  receiver.connections = 0;
  receiver.server.on('connection', () => receiver.connections++);
  await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
  receiver.port = receiver.server.address().port;
  receiver.url = `http://127.0.0.1:${receiver.port}/hook?from=piclog`;
  receiver.taken = 0;
  receiver.next = async () => {
    if (receiver.requests.length <= receiver.taken) await new Promise((done) => receiver.waiting.push(done));
    return receiver.requests[receiver.taken++];
  };
  return receiver;
}

let piclog, strict, hook, fay, browser, secret;
before(async () => {
  hook = await receive();
  piclog = await start(['--webhook-allow-private', 'on', '--webhook-retry', '1']);
  strict = await start(['--webhook-retry', '1']);
  fay = piclog.addUser('fay');
  browser = await new Browser(piclog).logIn(fay);
});
after(async () => {
  hook.server.close();
  hook.server.closeAllConnections();
  await piclog.remove();
  await strict.remove();
});
const api = (method, path, body, user = fay, server = piclog) => ask(server, method, path, { headers: bearer(user), body });
const setting = async () => JSON.parse((await browser.get('/settings/webhook', { headers: { accept: 'application/json' } })).text).webhook;
// Waits until the settings say so; the deadline of the suite ends what never comes.
const until = async (good, look = setting) => {
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
};

test('off by default: nothing is told', async () => {
  assert.equal((await api('POST', '/api/statuses', { face: '🙂', content: 'before there was a hook' })).status, 201);
  assert.equal(await setting(), null);
});

test('the address is checked when it is set, and the fault is named', async () => {
  for (const [url, fault] of [['ftp://you.example/', /http/], ['https://a b.example/', /spaces/], ['https://me:word@you.example/', /name and password/], ['https:///x', /host/], ['http://you.example:25/', /port/i], ['http://you.example:x/', /port/i], [`https://you.example/${'a'.repeat(500)}`, /500/], ['javascript:alert(1)', /http/]]) {
    const answer = await browser.submit('/settings/webhook', { url });
    assert.equal(answer.status, 422, url);
    assert.match(answer.text, fault, url);
  }
  assert.equal(await setting(), null);
});

test('setting one shows its secret once', async () => {
  const answer = await browser.submit('/settings/webhook', { url: hook.url });
  assert.equal(answer.status, 200);
  secret = /<code>([A-Za-z0-9_-]{43})<\/code>/.exec(answer.text)[1];
  assert.match(answer.headers['cache-control'], /no-store/);
  const page = await browser.get('/settings/webhook');
  assert.equal(page.text.includes(secret), false);
  assert.equal((await browser.get('/settings/webhook.json')).text.includes(secret), false);
});

test('a new status is told, signed, once', async () => {
  const { id } = (await api('POST', '/api/statuses', { face: '🦊', content: 'tell <everybody> "now"' })).json;
  const told = await hook.next();
  assert.equal(told.method, 'POST');
  assert.equal(told.path, '/hook?from=piclog');
  assert.equal(told.headers['content-type'], 'application/json');
  assert.equal(told.headers['x-piclog-event'], 'created');
  assert.equal(told.headers['x-piclog-signature'], `sha256=${createHmac('sha256', secret).update(told.body).digest('hex')}`);
  const body = JSON.parse(told.body);
  assert.equal(String(body.id), told.headers['x-piclog-delivery']);
  assert.deepEqual([body.event, body.kind, body.account, body.post.id, body.post.content], ['created', 'status', 'fay', id, 'tell <everybody> "now"']);
  assert.equal(body.post.url, `${piclog.origin}/statuses/${id}`);
  assert.equal('account_id' in body.post, false);
  await until((seen) => seen.waiting_count === 0 && seen.last_status === 204);
});

test('edits and deletions, pictures and moods, in their order', async () => {
  const picture = (await ask(piclog, 'POST', '/api/pictures', { headers: bearer(fay), body: pictureForm(fixture('pictures/cat.jpg'), { caption: 'cat' }) })).json;
  const mood = (await api('POST', '/api/moods', { mood: 'foxy', face: '🦊', note: '' })).json;
  let told = JSON.parse((await hook.next()).body);
  assert.deepEqual([told.event, told.kind, told.post.image_url], ['created', 'picture', picture.image_url]);
  told = JSON.parse((await hook.next()).body);
  assert.deepEqual([told.event, told.kind, told.post.mood], ['created', 'mood', 'foxy']);
  await api('PUT', `/api/pictures/${picture.id}`, { caption: 'a cat', alt: 'grey', tags: '' });
  told = JSON.parse((await hook.next()).body);
  assert.deepEqual([told.event, told.kind, told.post.caption], ['edited', 'picture', 'a cat']);
  await api('DELETE', `/api/moods/${mood.id}`);
  told = JSON.parse((await hook.next()).body);
  assert.deepEqual([told.event, told.kind, told.post], ['deleted', 'mood', { id: mood.id, url: `${piclog.origin}/moods/${mood.id}` }]);
});

test('a failure is tried again, and then told in order; redirects are not followed', async () => {
  hook.answers.push({ status: 500 }, { status: 302, headers: { location: '/elsewhere' } });
  await api('POST', '/api/statuses', { face: '', content: 'first' });
  await api('POST', '/api/statuses', { face: '', content: 'second' });
  const bodies = [await hook.next(), await hook.next(), await hook.next(), await hook.next()].map((told) => JSON.parse(told.body));
  assert.deepEqual(bodies.map((body) => body.post.content), ['first', 'first', 'first', 'second']);
  assert.equal(bodies[0].id, bodies[2].id);
  assert.equal(hook.requests.some((told) => told.path === '/elsewhere'), false);
  await until((seen) => seen.waiting_count === 0 && seen.failures === 0);
});

test('what was deleted before it could be told is not told as new; a long answer is an answer', async () => {
  hook.answers.push({ status: 503 }, { status: 200, body: 'x'.repeat(500000) });
  const { id } = (await api('POST', '/api/statuses', { face: '', content: 'a slip' })).json;
  await hook.next();
  await api('DELETE', `/api/statuses/${id}`);
  const told = JSON.parse((await hook.next()).body);
  assert.deepEqual([told.event, told.post.id], ['deleted', id]);
  await until((seen) => seen.waiting_count === 0);
});

test('an answer that never ends is cut off', async () => {
  let sent = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => { while (!socket.destroyed && sent < 50_000_000 && socket.write(`X-${sent}: ${'y'.repeat(5000)}\r\n`)) sent += 5000; };
    socket.on('drain', more);
    socket.once('data', more);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  await browser.submit('/settings/webhook', { url: `http://127.0.0.1:${server.address().port}/` });
  await api('POST', '/api/statuses', { face: '', content: 'to a babbler' });
  await until((seen) => seen.tried_at && seen.waiting_count === 0);
  assert.ok(sent < 50_000_000, `${sent} bytes were taken`);
  server.close();
  secret = /<code>([A-Za-z0-9_-]{43})<\/code>/.exec((await browser.submit('/settings/webhook', { url: hook.url })).text)[1];
});

test('events wait over a restart', async () => {
  hook.answers.push({ status: 500 });
  await api('POST', '/api/statuses', { face: '', content: 'over the restart' });
  await hook.next();
  await until((seen) => seen.failures === 1);
  await piclog.restart();
  assert.equal(JSON.parse((await hook.next()).body).post.content, 'over the restart');
});

test('at most a hundred events wait; off forgets them; 410 turns it off', async () => {
  await until((seen) => seen.waiting_count === 0);
  hook.answers.push({ status: 410 });
  await api('POST', '/api/statuses', { face: '', content: 'gone' });
  await hook.next();
  const off = await until((seen) => !seen.is_on);
  assert.equal(off.waiting_count, 0);
  await api('POST', '/api/statuses', { face: '', content: 'to nobody' });
  assert.equal((await setting()).waiting_count, 0);
  assert.equal((await browser.submit('/settings/webhook/turn', { to: 'on' }, { page: '/settings/webhook' })).status, 303);
  hook.answers.push(...Array(20).fill({ status: 500 }));
  for (let i = 0; i < 130; i++) await api('POST', '/api/statuses', { face: '', content: `number ${i}` });
  assert.equal((await setting()).waiting_count, 100);
  await browser.submit('/settings/webhook/turn', { to: 'off' }, { page: '/settings/webhook' });
  assert.equal((await setting()).waiting_count, 0);
  hook.answers.length = 0;
});

test('certificates are checked: a server that nobody vouches for is told nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-tls-'));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' });
  let told = 0;
  const server = https.createServer({ key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) }, (request, response) => { told++; response.end(); });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  await browser.submit('/settings/webhook', { url: `https://localhost:${server.address().port}/` });
  await api('POST', '/api/statuses', { face: '', content: 'over a wire that nobody vouches for' });
  const seen = await until((webhook) => webhook.failures > 0);
  assert.match(seen.last_error, /certificate/i);
  assert.equal(told, 0);
  server.close();
  rmSync(folder, { recursive: true });
  await browser.submit('/settings/webhook/turn', { to: 'off' }, { page: '/settings/webhook' });
});

test('deleting it, or the account, leaves nothing behind', async () => {
  await browser.submit('/settings/webhook/turn', { to: 'on' }, { page: '/settings/webhook' });
  await browser.submit('/settings/webhook/delete', {}, { page: '/settings/webhook' });
  assert.equal(await setting(), null);
  await browser.submit('/settings/webhook', { url: hook.url });
  piclog.run(['user', 'delete', 'fay']);
  assert.equal((await ask(piclog, 'GET', '/~fay')).status, 404);
});

test('private networks are never called, under whatever name, and the settings say so', async () => {
  const before = hook.connections;
  const gus = strict.addUser('gus');
  const his = await new Browser(strict).logIn(gus);
  const look = async () => JSON.parse((await his.get('/settings/webhook', { headers: { accept: 'application/json' } })).text).webhook;
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001', '2130706433', '127.1', '0.0.0.0', '[::]']) {
    const answer = await his.submit('/settings/webhook', { url: `http://${host}:${hook.port}/` });
    assert.equal(answer.status, 200, host);
    await api('POST', '/api/statuses', { face: '', content: `by ${host}` }, gus, strict);
    const seen = await until((webhook) => webhook.failures > 0, look);
    assert.match(seen.last_error, /private network/, host);
    assert.equal(seen.last_status, 0);
  }
  assert.equal(hook.connections, before);
});
