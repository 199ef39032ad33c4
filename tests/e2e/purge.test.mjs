// --purge: which addresses it takes, and what caches in front are told: what was given away and is gone, once more where
// one of them failed, and nothing else.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { ask, executable, fixture, start } from './piclog.mjs';
import { freePort } from './caches.mjs';

const rest = (ms) => new Promise((done) => setTimeout(done, ms));

const refused = (value) => {
  const { status, stderr } = spawnSync(executable, ['stats', '--data', '/nowhere', '--purge', value], { encoding: 'utf8' });
  return status === 2 && /--purge is .*such as http:\/\/127\.0\.0\.1:6081/.test(stderr);
};
test('takes addresses and nothing else', () => {
  for (const value of ['', ',', 'localhost', 'http://', 'ftp://a', 'http://a/', 'http://a/path', 'http://a?x', 'http://a,', 'http://a,,http://b', 'http://me:pw@a', 'http://a b', 'http://a:0', 'http://a:70000', 'http://a:x', 'http://a:1:2', `http://${'a'.repeat(250)}`, Array(9).fill('http://a').join(',')])
    assert.ok(refused(value), value);
  for (const value of ['http://127.0.0.1:6081', 'https://cache.example', 'http://[::1]:6081,http://b:1', Array(8).fill('http://a').join(',')])
    assert.ok(!refused(value), value);
});

// A receiver that takes PURGE and notes it, and what it answered.
const receive = async (answer) => {
  const seen = [];
  const server = http.createServer((request, response) => {
    const note = { method: request.method, path: request.url, host: request.headers.host };
    seen.push(note);
    answer(request, response, seen.length);
    note.code = response.statusCode;
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { seen, url: `http://127.0.0.1:${server.address().port}`, close: () => { server.close(); server.closeAllConnections(); } };
};
const until = async (good, what) => {
  for (let i = 0; i < 1200 && !good(); i++) await rest(50);
  assert.ok(good(), what);
};

test('what was given away and is gone is told to all of them, whatever one of them does, and nobody else', async () => {
  const elsewhere = await receive((request, response) => response.end());
  const caches = [
    await receive((request, response) => response.end()),
    await receive((request, response, number) => response.writeHead(number < 3 ? 503 : 200).end('x'.repeat(200000))), // fails twice, then says too much
    await receive((request, response) => response.writeHead(302, { location: `${elsewhere.url}/i/x.jpg` }).end()),
  ];
  const dead = `http://127.0.0.1:${await freePort()}`;
  const piclog = await start(['--public-url', 'https://pics.example', '--purge', [dead, ...caches.map(({ url }) => url)].join(',')]);
  try {
    const anna = piclog.person('anna'), bella = piclog.person('bella');
    const [one, two, unseen] = await Promise.all(['cat', 'spices', 'sky'].map((name, i) => (i < 2 ? anna : bella).upload(fixture(`pictures/${name}.jpg`), { caption: name }).then(({ json }) => json)));
    const path = (url) => new URL(url, piclog.origin).pathname;
    const image = path(one.image_url), thumb = path(one.thumb_url), other = path(two.image_url);
    for (const from of [image, thumb, other, `/i/${'0'.repeat(32)}.jpg`, '/i/x.jpg', `${image}?x=1`, image]) await ask(piclog, 'GET', from);
    await anna.call('DELETE', `/api/pictures/${one.id}`);
    for (const [i, cache] of caches.entries()) {
      await until(() => [image, thumb].every((gone) => cache.seen.some((request) => request.path === gone && request.code < 500)), `${i} was told, and took it: ${JSON.stringify(cache.seen)}`);
      assert.deepEqual([...new Set(cache.seen.map(({ method, host }) => `${method} ${host}`))], ['PURGE pics.example']);
    }
    for (const cache of caches.slice(0, 1)) assert.deepEqual([...new Set(cache.seen.map((request) => request.path))].sort(), ['/', image, thumb].sort());
    // by another process, for another reason
    piclog.run(['user', 'disable', 'anna']);
    for (const cache of caches) await until(() => cache.seen.some((request) => request.path === other), 'as soon as another process hid it');
    // nobody was given this one
    await bella.call('DELETE', `/api/pictures/${unseen.id}`);
    await rest(1500);
    assert.equal(caches[0].seen.some((request) => request.path === path(unseen.image_url)), false);
    assert.equal(elsewhere.seen.length, 0);
    for (const url of [dead, caches[1].url]) assert.match(piclog.errors, new RegExp(`--purge ${url} does not answer, it will be tried again: `));
    assert.match(piclog.errors, new RegExp(`--purge ${caches[2].url} does not take PURGE from here: it answers 302`));
    assert.equal(piclog.errors.match(/does not take PURGE/g).length, 1, piclog.errors);
  } finally {
    for (const cache of [elsewhere, ...caches]) cache.close();
    await piclog.remove();
  }
});
