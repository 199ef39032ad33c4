// Caches in front, by the examples of tools/: what strangers see is fetched once, what is new is seen, what is gone is
// purged, and nothing that is somebody's own is ever kept.
import test, { after, before, describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Browser, ask, fixture, listen, root, start } from './piclog.mjs';
import { countingProxy, freePort, lacks, openCache } from './caches.mjs';

const rest = (ms) => new Promise((done) => setTimeout(done, ms));

// What piclog says about keeping, for all of its addresses: what a cache may keep has no cookie and no owner.
test('every address says who may keep what', async () => {
  const piclog = await start();
  try {
    const anna = piclog.person('anna'), bella = piclog.person('bella');
    const picture = (await anna.upload(fixture('pictures/cat.jpg'), { caption: 'cat', tags: 'cats' })).json;
    const [status, mood] = [(await anna.call('POST', '/api/statuses', { content: 'hello' })).json, (await anna.call('POST', '/api/moods', { mood: 'foxy', face: '🦊' })).json];
    const browsers = await Promise.all([anna, bella].map((user) => new Browser(piclog).logIn(user)));
    const hash = /\/i\/([0-9a-f]+)/.exec(picture.image_url)[1];
    const fill = (pattern) => pattern.replace(':hash', hash).replace(':name', 'anna').replace(':tag', 'cats').replace(':mood', 'foxy').replace(/:file|\*$/, 'style.css').replace(':size', 'full')
      .replace(':id', pattern.includes('status') ? status.id : pattern.includes('mood') ? mood.id : picture.id).replace(/:\w+/g, 'x');
    const routes = [...readFileSync(join(root, 'src/app/routes.c'), 'utf8').matchAll(/\{METHOD_GET,\s*"([^"]+)",\s*([^,]+),/g)].map(([, pattern, flags]) => ({ pattern, flags }));
    assert.ok(routes.length > 150, `${routes.length} routes`);
    let kept = 0;
    for (const { pattern, flags } of routes) {
      const path = fill(pattern);
      const bodies = [];
      for (const [who, get] of [['a stranger', (to) => ask(piclog, 'GET', to)], ['anna', (to) => browsers[0].get(to)], ['bella', (to) => browsers[1].get(to)], ['a token', (to) => bella.call('GET', to)]]) {
        const { status: code, headers, text } = await get(path);
        const says = `${path} for ${who}: ${code}, ${headers['cache-control']}, ${headers['x-accel-expires']}, ${headers.vary}`;
        const isForAll = /NO_SESSION|EMBEDDABLE/.test(flags);
        if (headers['x-accel-expires']) {
          kept++;
          assert.equal(code, 200, says);
          assert.match(flags, /CACHEABLE/, says);
          assert.equal(headers['set-cookie'], undefined, says);
          assert.doesNotMatch(headers['cache-control'], /private|no-store/, says);
          assert.ok(isForAll || who === 'a stranger', says);
          assert.doesNotMatch(text, /name="csrf"/, says);
        }
        if (/public/.test(headers['cache-control'] ?? '')) assert.ok(isForAll && !headers['set-cookie'], says);
        if (headers['set-cookie'] || (who === 'anna' && !isForAll && !/SPEAKS|MASTODON|BASIC|OLD/.test(flags) && code === 200)) assert.match(headers['cache-control'], /private|no-store/, says);
        if (!isForAll) assert.match(headers.vary ?? '', /Cookie, Authorization/, says);
        if (isForAll && /public/.test(headers['cache-control'] ?? '')) bodies.push(text);
      }
      assert.ok(new Set(bodies).size <= 1, `${path} is not the same for everybody`);
    }
    assert.ok(kept > 40, `${kept} may be kept`);
    // one address for one picture: another spelling would stay in a cache when that one is purged
    for (const path of [picture.image_url, picture.thumb_url].map((url) => new URL(url, piclog.origin).pathname))
      for (const [spelling, code] of [[`${path}.json`, 404], [`${path}#x`, 400], [`https://a.example${path}`, 404], [`${path}?x`, 200]]) {
        const got = await ask(piclog, 'GET', spelling);
        assert.equal(got.status, code, spelling);
        if (code !== 200) assert.equal(got.headers['x-accel-expires'], undefined, spelling);
      }
  } finally {
    await piclog.remove();
  }
});

// Two people, a stranger and two secret addresses in turns. What comes back is looked at: everybody's own words, names and
// form tokens, in somebody else's answer. Returns what leaked.
async function mixed(piclog, port, count) {
  const at = { port };
  const people = [];
  for (const name of ['nora', 'otto']) {
    const user = piclog.person(name), friend = piclog.person(`${name}s-friend`);
    await user.call('POST', '/api/follows', { name: friend.name });
    await friend.call('POST', '/api/statuses', { content: `seen by followers of ${friend.name}` });
    const browser = await new Browser(piclog).logIn(user);
    const made = await browser.submit('/settings/feeds', { feed: 'friends' });
    people.push({ ...user, name, browser, feed: /(\/friends\/[^<]*\?key=[\w-]+)</.exec(made.text)[1], friend: friend.name });
  }
  const cookie = ({ browser }) => [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const paths = ['/', '/gallery', '/statuses', '/people', '/feed.atom', '/~nora', '/~otto', '/index.json', '/about', '/settings', '/notices', '/friends', '/messages', '/login', '/nothing-here', '/api/me', '/settings.json'];
  const leaks = [], tokens = new Map(), cookies = new Map();
  const once = (map, value, who, what) => {
    if (map.has(value) && map.get(value) !== who) leaks.push(`${what} of ${map.get(value)} for ${who}`);
    map.set(value, who);
  };
  let seed = 20, statuses = {}, strangers = 0;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
  const step = async (i) => {
    const turn = random(6), path = paths[random(paths.length)];
    const [me, other] = random(2) ? people : [...people].reverse();
    if (turn === 5) { // a secret address, which no cookie comes with
      const { status, text, headers } = await ask(at, 'GET', me.feed);
      if (status !== 200 || !text.includes(`seen by followers of ${me.friend}`)) leaks.push(`${me.name}'s feed is not hers: ${status}`);
      if (text.includes(`seen by followers of ${other.friend}`)) leaks.push(`${other.name}'s feed for ${me.name}'s key`);
      if (headers.age > 0) leaks.push('a secret feed was kept');
      return;
    }
    const who = turn < 3 ? me.name : turn === 3 ? `${me.name}'s token` : `stranger ${i}`;
    const headers = turn < 3 ? { cookie: cookie(me) } : turn === 3 ? { authorization: `Bearer ${me.token}` } : random(2) ? { cookie: 'theme=dark' } : {};
    if (!random(5)) headers.accept = 'application/json';
    const { status, text, setCookie } = await ask(at, 'GET', path, { headers });
    statuses[status] = (statuses[status] ?? 0) + 1;
    for (const [, token] of text.matchAll(/name="csrf" value="([0-9a-f]+)"/g)) once(tokens, token, who, 'a form token');
    for (const line of setCookie) if (!/=;/.test(line)) once(cookies, line.split(';')[0], who, 'a cookie');
    const isSignedIn = /href="\/settings"|action="\/logout"/.test(text);
    if (turn >= 3 + (turn === 3) && isSignedIn) leaks.push(`${path} for a stranger is somebody's`);
    if (turn < 3 && status === 200 && /^text\/html|^<!doctype/i.test(text) && !isSignedIn) leaks.push(`${path} for ${who} is a stranger's`);
    if (turn > 3) strangers++;
    if (path === '/api/me' && status === 200 && JSON.parse(text).name !== me.name) leaks.push(`/api/me of ${JSON.parse(text).name} for ${who}`);
    if (turn > 3 && ['/settings', '/notices', '/friends', '/messages', '/api/me'].includes(path) && status === 200) leaks.push(`${path} for a stranger`);
    if (path === '/friends' && status === 200 && text.includes(`seen by followers of ${other.friend}`)) leaks.push(`/friends of ${other.name} for ${who}`);
    if (['/settings', '/friends'].includes(path) && turn < 3 && status === 200 && path === '/friends' && !text.includes(`seen by followers of ${me.friend}`)) leaks.push(`/friends for ${who} is not theirs`);
  };
  for (let i = 0; i < count; i += 8) await Promise.all(Array.from({ length: Math.min(8, count - i) }, (_, k) => step(i + k)));
  return { leaks: [...new Set(leaks)], statuses, strangers };
}

for (const kind of ['varnish', 'nginx'])
  describe(`behind ${kind} as its example has it`, { skip: lacks[kind] }, () => {
    let piclog, proxy, cache, ports, anna, picture;
    before(async () => {
      ports = { front: await freePort(), purge: await freePort() };
      piclog = await start(['--trusted-proxy', '127.0.0.1', '--connections-per-address', '1000', '--purge', `http://127.0.0.1:${kind === 'nginx' ? ports.purge : ports.front}`]);
      proxy = await countingProxy(piclog);
      cache = await openCache(kind, ports, proxy.port);
      anna = piclog.person('anna');
      picture = (await anna.upload(fixture('pictures/cat.jpg'), { caption: 'first' })).json;
    });
    after(async () => {
      await cache?.stop();
      proxy?.close();
      await piclog?.remove();
    });
    const path = (url) => new URL(url).pathname;
    const get = (to, headers = {}) => ask(cache, 'GET', to, { headers });

    test('a picture is fetched once, a page and a feed once a second, and they are what piclog gives', async () => {
      for (const [to, perSecond] of [[path(picture.image_url), 0], ['/gallery', 1], ['/feed.atom', 1]]) {
        const own = await ask(piclog, 'GET', to);
        const before = proxy.count(to), began = Date.now();
        const answers = (await Promise.all(Array.from({ length: 60 }, () => get(to)))).concat(await Promise.all(Array.from({ length: 60 }, () => get(to))));
        const seconds = Math.ceil((Date.now() - began) / 1000);
        for (const answer of answers) {
          assert.equal(answer.status, 200);
          assert.ok(answer.data.equals(own.data), to);
          assert.equal(answer.headers['x-accel-expires'], undefined);
          assert.equal(answer.headers['cache-control'], own.headers['cache-control']);
        }
        const times = proxy.count(to) - before;
        assert.ok(times >= 1 && times <= 1 + perSecond * seconds, `${to}: fetched ${times} times in ${seconds} s`);
      }
    });

    test('each gets the coding and the form they ask for', async () => {
      for (const headers of [{}, { 'accept-encoding': 'gzip' }, { accept: 'application/json' }, { accept: 'image/avif,*/*' }, { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', 'accept-encoding': 'gzip, br' }]) {
        const [own, kept] = [await ask(piclog, 'GET', '/gallery', { headers }), await get('/gallery', headers)];
        assert.equal(kept.headers['content-type'], own.headers['content-type'], JSON.stringify(headers));
        assert.equal(kept.headers['content-encoding'], own.headers['content-encoding'], JSON.stringify(headers));
      }
      const { headers: { etag } } = await get('/gallery');
      assert.ok(etag);
      assert.equal((await get('/gallery', { 'if-none-match': etag })).status, 304);
    });

    test('a new post is seen when the second is over', async () => {
      for (const to of ['/statuses', '/feed.json', '/~anna']) await get(to);
      await anna.call('POST', '/api/statuses', { content: 'fresh from the oven' });
      await rest(kind === 'nginx' ? 2010 : 1010); // nginx counts whole seconds
      for (const to of ['/statuses', '/feed.json', '/~anna']) assert.match((await get(to)).text, /fresh from the oven/, to);
    });

    test('what is deleted, hidden or closed goes from the cache, with whatever stood behind a question mark', async () => {
      const bella = piclog.person('bella');
      const made = [];
      for (const name of ['spices', 'sky']) made.push((await bella.upload(fixture(`pictures/${name}.jpg`), { caption: name })).json);
      const stays = path(picture.image_url);
      const gone = made.map(({ image_url, thumb_url }) => [path(image_url), path(thumb_url), `${path(image_url)}?v=2`]);
      for (const to of [...gone.flat(), stays]) assert.equal((await get(to)).status, 200);
      const all = () => [...gone.flat(), stays].reduce((sum, to) => sum + proxy.count(to), 0);
      const before = all();
      for (const to of [...gone.flat(), stays]) assert.equal((await get(to)).status, 200);
      assert.equal(all(), before, 'they are kept');
      await bella.call('DELETE', `/api/pictures/${made[0].id}`);
      for (const to of gone[0]) while ((await get(to)).status !== 404) await rest(50);
      assert.equal((await get(gone[1][0])).status, 200);
      piclog.run(['user', 'disable', 'bella']);
      for (const to of gone[1]) while ((await get(to)).status !== 404) await rest(50);
      const then = proxy.count(stays);
      assert.equal((await get(stays)).status, 200);
      assert.equal(proxy.count(stays), then, 'what is still there was not purged');
    });

    test('nobody else may purge', async () => {
      const to = path(picture.image_url);
      await get(to);
      const before = proxy.count(to);
      for (const from of ['/', to]) assert.ok((await ask(cache, 'PURGE', from, { headers: { 'x-forwarded-for': '192.0.2.7' } })).status >= 400);
      if (kind === 'nginx') assert.equal((await ask({ port: ports.purge }, 'GET', to)).status, 405);
      assert.equal((await get(to)).status, 200);
      assert.equal(proxy.count(to), before);
    });

    test('a stream passes as it happens', async () => {
      const reader = piclog.person('reader');
      await reader.call('POST', '/api/follows', { name: 'anna' });
      const stream = await listen(piclog, { authorization: `Bearer ${reader.token}` }, { port: cache.port });
      assert.equal(stream.status, 200);
      for (let i = 0; i < 3; i++) {
        const { json } = await anna.call('POST', '/api/statuses', { content: `through it ${i}` });
        await stream.next((event) => JSON.stringify(event.data).includes(`/statuses/${json.id}`)); // each by itself
      }
      await stream.stop();
    });

    test('nothing that is somebody’s own is kept, in 2 000 requests', async () => {
      const { leaks, statuses, strangers } = await mixed(piclog, cache.port, 2000);
      assert.deepEqual(leaks, []);
      assert.ok(statuses[200] > 800 && statuses[404] > 20 && strangers > 200, JSON.stringify(statuses));
    });

    if (kind === 'varnish')
      test('those requests notice a cache that keeps too much', async () => {
        const careless = await start(['--trusted-proxy', '127.0.0.1']);
        const other = await openCache(kind, { front: await freePort() }, careless.port, (vcl) => {
          const changed = vcl.replace(/sub vcl_recv \{/, 'sub vcl_recv {\n    if (req.method == "GET") { return (hash); }').replace('sub vcl_backend_response {', 'sub vcl_backend_response {\n    unset beresp.http.Vary; set beresp.ttl = 60s; return (deliver);');
          assert.notEqual(changed, vcl);
          return changed;
        });
        try {
          const { leaks } = await mixed(careless, other.port, 160);
          assert.ok(leaks.some((leak) => /stranger/.test(leak)) && leaks.some((leak) => /token|cookie/.test(leak)), leaks.join('; '));
        } finally {
          await other.stop();
          await careless.remove();
        }
      });
  });
