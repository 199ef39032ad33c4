// HTTP itself: methods, conditional requests, ranges, compression, old clients, limits, proxies, shutting down.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import net from 'node:net';
import { Browser, ask, bearer, fixture, pictureForm, raw, start } from './piclog.mjs';

let piclog, anna, picture;
before(async () => {
  piclog = await start();
  anna = piclog.addUser('anna');
  const made = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(fixture('formats/wuffs__peacock.q99.jpeg')) });
  assert.equal(made.status, 201, made.text);
  picture = new URL(made.json.image_url).pathname;
  for (let i = 0; i < 5; i++)
    await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { face: '🙂', content: `status ${i}` } });
});
after(() => piclog.remove());

test('HEAD is GET without the body', async () => {
  for (const path of ['/', picture, '/healthz', '/no-such-page']) {
    const [get, head] = [await ask(piclog, 'GET', path), await ask(piclog, 'HEAD', path)];
    assert.equal(head.status, get.status, path);
    assert.equal(head.data.length, 0);
    assert.equal(head.headers['content-length'], String(get.data.length), path);
    assert.equal(head.headers['content-type'], get.headers['content-type']);
  }
});

test('bytes that are no text, in a query: never the fault of the server', async () => {
  const browser = await new Browser(piclog).logIn(anna);
  for (const path of ['/status?content=', '/settings/style?theme=', '/settings/site?font=', '/statuses?by=', '/moods?mood=', '/search?q=', '/oembed?url=', '/current-status.js?name=',
    '/.well-known/webfinger?resource=', '/~anna?style=', '/gallery?before=', '/badge/anna.gif?fg=', '/button/anna.gif?style=', '/embed/anna/status?fg=', '/micropub?q=source&url='])
    for (const bytes of ['%ff', '%c3', '/%ed%a0%80']) assert.ok((await browser.get(path + bytes)).status < 500, path + bytes);
  for (const next of ['/%ff', '/%c3']) assert.equal((await ask(piclog, 'GET', `/login?next=${next}`)).status, 200, next);
});

test('a method that an address does not take: 405 with Allow', async () => {
  const got = await ask(piclog, 'DELETE', '/gallery');
  assert.equal(got.status, 405);
  assert.equal(got.headers.allow, 'OPTIONS, GET, HEAD');
});
test('OPTIONS tells what an address takes', async () => {
  const got = await ask(piclog, 'OPTIONS', '/api/statuses/1');
  assert.equal(got.status, 204);
  assert.match(got.headers.allow, /GET.*PUT.*DELETE/);
});
test('an unknown method: 501', async () => assert.equal((await ask(piclog, 'PROPFIND', '/nowhere')).status, 501));
test('an unknown address: a page for people, a problem for programs', async () => {
  const page = await ask(piclog, 'GET', '/nowhere');
  assert.equal(page.status, 404);
  assert.match(page.headers['content-type'], /^text\/html/);
  const problem = await ask(piclog, 'GET', '/nowhere', { headers: { accept: 'application/json' } });
  assert.equal(problem.status, 404);
  assert.equal(problem.headers['content-type'], 'application/problem+json');
  assert.deepEqual(Object.keys(problem.json).sort(), ['detail', 'status', 'title', 'type']);
});
test('an error says in words what its number means', async () => {
  const headers = { accept: 'application/json' };
  for (const [method, path, status, title, body] of [
    ['GET', '/nowhere', 404, 'Not found'], ['GET', '/settings', 401, 'Sign in first'], ['PROPFIND', '/nowhere', 501, 'Not implemented'],
    ['POST', '/gallery', 405, 'Method not allowed', {}], ['POST', '/login', 403, 'Not allowed', { name: 'a', password: 'b' }],
  ]) {
    const got = await ask(piclog, method, path, { headers, body });
    assert.deepEqual([got.status, got.json.title, got.json.status], [status, title, status], `${method} ${path}`);
  }
});
test('a slash too many at the end leads to the address without', async () => {
  const got = await ask(piclog, 'GET', '/gallery/');
  assert.equal(got.status, 308);
  assert.equal(got.headers.location, '/gallery');
});
test('two slashes in front lead nowhere', async () => {
  const got = await ask(piclog, 'GET', '//example.com/');
  assert.equal(got.status, 404);
  assert.equal(got.headers.location, undefined);
});
test('an address with a NUL or broken encoding matches nothing', async () => {
  for (const path of ['/tag/%00', '/tag/%zz', '/tag/%ff%fe', '/p/1%00', '/~anna%00'])
    assert.equal((await ask(piclog, 'GET', path)).status, 404, path);
});
test('"%7E" is "~"', async () => assert.equal((await ask(piclog, 'GET', '/%7Eanna')).status, 200));
test('names of people in any case', async () => assert.equal((await ask(piclog, 'GET', '/~AnNa')).status, 200));
test('an address of 5000 characters: 414', async () => assert.equal((await ask(piclog, 'GET', `/tag/${'a'.repeat(5000)}`)).status, 414));
test('an absolute address in the request line', async () => {
  const got = await raw(piclog, `GET http://example.com/healthz HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`);
  assert.match(got, /^HTTP\/1\.1 200/);
});

test('an entity tag brings 304, another one the page', async () => {
  for (const path of ['/', picture, '/static/style.css']) {
    const { etag } = (await ask(piclog, 'GET', path)).headers;
    assert.match(etag, /^"[0-9a-f]+"$/, path);
    const same = await ask(piclog, 'GET', path, { headers: { 'if-none-match': `"other", W/${etag}` } });
    assert.equal(same.status, 304, path);
    assert.equal(same.data.length, 0);
    assert.equal(same.headers.etag, etag);
    assert.equal((await ask(piclog, 'GET', path, { headers: { 'if-none-match': '"other"' } })).status, 200);
    assert.equal((await ask(piclog, 'GET', path, { headers: { 'if-none-match': '*' } })).status, 304);
    assert.equal((await ask(piclog, 'GET', path, { headers: { 'if-match': '"other"' } })).status, 412);
  }
});
test('the entity tag of a compressed page works too', async () => {
  const first = await ask(piclog, 'GET', '/', { headers: { 'accept-encoding': 'gzip' } });
  assert.match(first.headers.etag, /-gz"$/);
  const headers = { 'accept-encoding': 'gzip', 'if-none-match': first.headers.etag };
  assert.equal((await ask(piclog, 'GET', '/', { headers })).status, 304);
});

test('ranges of a picture', async () => {
  const whole = (await ask(piclog, 'GET', picture)).data;
  const cases = [
    ['bytes=0-99', 206, [0, 100]], ['bytes=100-', 206, [100]], ['bytes=-50', 206, [whole.length - 50]],
    ['bytes=10-999999', 206, [10]], [`bytes=-${whole.length * 2}`, 206, [0]], [`bytes=${whole.length}-`, 416],
    ['bytes=5-2', 200], ['bytes=0-1,5-6', 200], ['lines=1-2', 200], ['bytes=-0', 416], ['bytes=abc', 200],
  ];
  for (const [range, status, slice] of cases) {
    const got = await ask(piclog, 'GET', picture, { headers: { range } });
    assert.equal(got.status, status, range);
    if (status === 206) {
      assert.ok(got.data.equals(whole.subarray(...slice)), range);
      assert.match(got.headers['content-range'], new RegExp(`^bytes ${slice[0]}-\\d+/${whole.length}$`));
    }
    if (status === 416) assert.equal(got.headers['content-range'], `bytes */${whole.length}`);
    if (status === 200) assert.ok(got.data.equals(whole));
  }
});
test('If-Range holds a range to its entity tag', async () => {
  const { etag } = (await ask(piclog, 'GET', picture)).headers;
  assert.equal((await ask(piclog, 'GET', picture, { headers: { range: 'bytes=0-9', 'if-range': etag } })).status, 206);
  assert.equal((await ask(piclog, 'GET', picture, { headers: { range: 'bytes=0-9', 'if-range': '"other"' } })).status, 200);
});

test('text is compressed for who asks, pictures never', async () => {
  for (const path of ['/', '/static/style.css', '/feed.atom', '/statuses.json']) {
    const plain = await ask(piclog, 'GET', path);
    const small = await ask(piclog, 'GET', path, { headers: { 'accept-encoding': 'br, gzip;q=0.5' } });
    assert.equal(plain.headers['content-encoding'], undefined, path);
    assert.equal(small.headers['content-encoding'], 'gzip', path);
    assert.match(small.headers.vary, /Accept-Encoding/);
    assert.match(plain.headers.vary, /Accept-Encoding/);
    assert.equal(gunzipSync(small.data).toString(), plain.text, path);
  }
  const none = await ask(piclog, 'GET', '/', { headers: { 'accept-encoding': 'gzip;q=0' } });
  assert.equal(none.headers['content-encoding'], undefined);
  assert.equal((await ask(piclog, 'GET', picture, { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'], undefined);
});

test('pictures are kept for a day and are the same for everybody', async () => {
  const got = await ask(piclog, 'GET', picture);
  assert.equal(got.headers['cache-control'], 'public, max-age=86400, immutable');
  assert.equal(got.headers['content-type'], 'image/jpeg');
  assert.equal(got.headers['set-cookie'], undefined);
  assert.deepEqual([...got.data.subarray(0, 3)], [0xff, 0xd8, 0xff]);
});
test('headers that keep a page in its place', async () => {
  const { headers } = await ask(piclog, 'GET', '/');
  const policy = headers['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  // both of two policies must allow a script: of this host, and this one file
  assert.match(policy, /script-src 'self';.*, script-src \*:\*\/static\/piclog\.js$/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['x-frame-options'], 'DENY');
  assert.equal(headers['referrer-policy'], 'same-origin');
});
test('a page in somebody’s style allows no script at all', async () => {
  const policy = (await ask(piclog, 'GET', '/~anna/room', { headers: { 'sec-fetch-dest': 'iframe' } })).headers['content-security-policy'];
  assert.doesNotMatch(policy, /script-src (?!'none')/);
  assert.match(policy, /default-src 'none'/);
});

test('HTTP/1.0 without any header', async () => {
  const got = await raw(piclog, 'GET / HTTP/1.0\r\n\r\n');
  assert.match(got, /^HTTP\/1\.[01] 200/);
  assert.match(got, /\r\nConnection: close\r\n/i);
  assert.doesNotMatch(got, /Transfer-Encoding/i);
  assert.match(got, /<\/html>\s*$/);
});
test('a connection stays open, and ends when asked to', async () => {
  const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';
  const got = await raw(piclog, `${request}\r\n${request}\r\n${request}Connection: close\r\n\r\n`);
  assert.equal(got.match(/HTTP\/1\.1 200/g).length, 3);
});
test('a body where none is wanted does not become the next request', async () => {
  const smuggled = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
  const got = await raw(piclog, `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`, { ms: 1000 });
  assert.doesNotMatch(got, /piclog_uptime/);
  assert.equal(got.match(/^HTTP/gm).length, 1);
});
test('Content-Length and Transfer-Encoding together smuggle nothing', async () => {
  const got = await raw(piclog, 'POST /api/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n', { ms: 1000 });
  assert.doesNotMatch(got, /piclog_uptime/);
});
test('a header value cannot start another header', async () => {
  const got = await ask(piclog, 'GET', '/login?next=/a%0d%0aSet-Cookie:%20x=1');
  assert.doesNotMatch(JSON.stringify(got.setCookie), /x=1/);
});

test('a page too large is refused with its limit, and the answer can be read', async () => {
  const got = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: 'x'.repeat(1_000_000) } });
  assert.equal(got.status, 413);
  assert.match(got.json.detail, /16000 bytes/);
});
test('a picture too large: 413 before it is sent, where the client asks first', async () => {
  const head = `POST /api/pictures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: image/jpeg\r\nContent-Length: 99000000\r\nExpect: 100-continue\r\n\r\n`;
  const got = await raw(piclog, head);
  assert.match(got, /^HTTP\/1\.1 413/);
  assert.doesNotMatch(got, /100 Continue/);
  assert.match(got, /64000000 bytes/);
});
test('a chunked body over the limit: 413 too', async () => {
  const head = `POST /api/statuses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `ffff\r\n${'a'.repeat(0xffff)}\r\n`;
  const got = await raw(piclog, `${head}${chunk.repeat(4)}0\r\n\r\n`, { ms: 2000 });
  assert.match(got, /^HTTP\/1\.1 413/m);
});
test('an endless body is cut off after 8 MB with an answer', async () => {
  const got = await new Promise((done) => {
    const socket = net.connect(piclog.port, '127.0.0.1');
    let text = '', sent = 0;
    const block = Buffer.alloc(65536, 'a');
    const pump = () => {
      while (sent < 60_000_000 && !socket.destroyed) {
        sent += block.length + 8;
        if (!socket.write(`10000\r\n`) || !socket.write(block) || !socket.write('\r\n')) return socket.once('drain', pump);
      }
    };
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => done({ text, sent }));
    socket.write(`POST /api/statuses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    pump();
  });
  assert.ok(got.sent < 60_000_000, 'the server read everything');
});
test('hung-up uploads leave nothing behind', async () => {
  const half = Buffer.concat([Buffer.from(`POST /api/pictures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: image/jpeg\r\nContent-Length: 500000\r\n\r\n`), Buffer.alloc(200000)]);
  await Promise.all(Array.from({ length: 10 }, () => raw(piclog, half, { ms: 200 })));
  for (let i = 0; i < 50; i++) {
    const metrics = (await ask(piclog, 'GET', '/metrics')).text;
    if (/uploads_in_flight_bytes 0\n/.test(metrics)) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  assert.fail('uploads are still counted as in flight');
});

test('/metrics only for this machine, never through a proxy', async () => {
  assert.equal((await ask(piclog, 'GET', '/metrics')).status, 200);
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-proto'])
    assert.equal((await ask(piclog, 'GET', '/metrics', { headers: { [name]: '127.0.0.1' } })).status, 404, name);
});
test('/healthz', async () => assert.deepEqual((await ask(piclog, 'GET', '/healthz')).json, { ok: true }));

test('the request log holds no token, no path, no words', async () => {
  await ask(piclog, 'GET', '/search?q=very-secret-words', { headers: bearer(anna) });
  await ask(piclog, 'GET', '/join/very-secret-invite');
  await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: 'very-secret-status' } });
  await new Promise((later) => setTimeout(later, 600));
  assert.ok(piclog.log.length > 20);
  for (const line of piclog.log) {
    const entry = JSON.parse(line);
    assert.ok(entry.status >= 100 && entry.address === '127.0.0.1');
    assert.doesNotMatch(line, /secret/);
    assert.ok(!line.includes(anna.token));
  }
});

test('anonymous pages are cached, changed at once by a write, and never for who is signed in', async () => {
  const hits = async () => Number(/cache_hits_total (\d+)/.exec((await ask(piclog, 'GET', '/metrics')).text)[1]);
  await ask(piclog, 'GET', '/statuses');
  const before = await hits();
  await ask(piclog, 'GET', '/statuses');
  await ask(piclog, 'GET', '/statuses?utm_source=x');
  assert.equal(await hits() - before, 2);
  const browser = await new Browser(piclog).logIn(anna);
  const between = await hits();
  const own = await browser.get('/statuses');
  assert.equal(await hits(), between);
  assert.match(own.headers['cache-control'], /private/);
  assert.match(own.headers.vary, /Cookie/);
  for (let i = 0; i < 20; i++) {
    await ask(piclog, 'GET', '/statuses');
    const made = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: `fresh ${i} now` } });
    assert.equal(made.status, 201);
    assert.match((await ask(piclog, 'GET', '/statuses')).text, new RegExp(`fresh ${i} now`));
  }
});
test('what another process changes shows as well', async () => {
  await ask(piclog, 'GET', '/people');
  piclog.addUser('zoe');
  await new Promise((later) => setTimeout(later, 20));
  assert.match((await ask(piclog, 'GET', '/people')).text, /zoe/);
});
test('a deleted picture is gone from the cache too', async () => {
  const made = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(anna), body: pictureForm(fixture('formats/spices_480.jpg')) });
  const path = new URL(made.json.image_url).pathname;
  assert.equal((await ask(piclog, 'GET', path)).status, 200);
  assert.equal((await ask(piclog, 'GET', path)).status, 200);
  const gone = await ask(piclog, 'DELETE', `/api/pictures/${made.json.id}`, { headers: bearer(anna) });
  assert.ok(gone.status === 204 || gone.status === 200, gone.text);
  assert.equal((await ask(piclog, 'GET', path)).status, 404);
});

test('50 clients at once: counts add up', async () => {
  const before = (await ask(piclog, 'GET', '/api/me', { headers: bearer(anna) })).json.status_count;
  const answers = await Promise.all(Array.from({ length: 50 }, async (_, client) => {
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await ask(piclog, 'POST', '/api/statuses', { headers: bearer(anna), body: { content: `client ${client} no ${i}` } })).status);
      statuses.push((await ask(piclog, 'GET', '/')).status);
    }
    return statuses;
  }));
  assert.deepEqual([...new Set(answers.flat())].sort(), [200, 201]);
  if (before !== undefined) {
    const now = (await ask(piclog, 'GET', '/api/me', { headers: bearer(anna) })).json.status_count;
    assert.equal(now - before, 200);
  }
});
