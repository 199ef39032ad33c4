// Two more ways in from elsewhere: omg.lol's statuslog, and what boards and scripts ask imood.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, start } from './piclog.mjs';

let piclog, ann, bob, browser;
before(async () => {
  piclog = await start();
  [ann, bob] = ['ann', 'bob'].map((name) => piclog.person(name));
  browser = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());
const log = (method, path, body, headers = bearer(ann)) => ask(piclog, method, `/address/${path}`, { headers, body });
const fine = (answer) => {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.request, { status_code: 200, success: true });
  return answer.json.response;
};

test('statuslog: written with a token, read by anybody, with and without the slash', async () => {
  const said = fine(await log('POST', 'ann/statuses/', { emoji: '🐢', content: 'slowly' }));
  assert.match(said.id, /^\d+$/);
  assert.equal(said.url, `${piclog.origin}/statuses/${said.id}`);
  fine(await log('POST', 'ann/statuses', { status: '🥱 in one word more' }));
  fine(await log('POST', 'ann/statuses/', { status: 'without a face' }));
  for (const path of ['ann/statuses/', 'ann/statuses', 'Ann/statuses/']) {
    const answer = await log('GET', path, undefined, { origin: 'https://elsewhere.example' });
    assert.deepEqual(fine(answer).statuses.map(({ address, emoji, content }) => [address, emoji, content]), [['ann', '', 'without a face'], ['ann', '🥱', 'in one word more'], ['ann', '🐢', 'slowly']]);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
  }
  const one = fine(await log('GET', `ann/statuses/${said.id}`, undefined, {})).status;
  assert.deepEqual([one.id, one.content, one.external_url], [said.id, 'slowly', null]);
  assert.match(one.created, /^\d{10}$/);
  assert.match(one.relative_time, /now|ago/);
  assert.equal((await log('GET', `bob/statuses/${said.id}/`, undefined, {})).status, 404);
  assert.equal((await log('GET', 'nobody_here/statuses/', undefined, {})).status, 404);
  assert.equal((await log('DELETE', `bob/statuses/${said.id}`)).status, 403);
  assert.equal((await log('DELETE', `bob/statuses/${said.id}`, undefined, bearer(bob))).status, 404); // which is ann’s
  fine(await log('DELETE', `ann/statuses/${said.id}/`));
  assert.equal((await log('GET', `ann/statuses/${said.id}`, undefined, {})).status, 404);
  assert.equal((await log('DELETE', `ann/statuses/${said.id}`)).status, 404);
  await ann.call('PUT', '/api/me', { about: 'I collect spoons.' });
  assert.equal(fine(await log('GET', 'ann/statuses/bio', undefined, {})).bio, 'I collect spoons.');
});

test('statuslog: what is refused, and that nothing is posted then', async () => {
  const count = async () => fine(await log('GET', 'ann/statuses/', undefined, {})).statuses.length;
  const before = await count();
  const page = await browser.submit('/settings/tokens', { label: 'read', may_read: '1' });
  const reader = { token: /[A-Za-z0-9_-]{43}(?=<)/.exec(page.text)[0] };
  const body = { content: 'never' };
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const [headers, status] of [[{}, 401], [bearer(reader), 403], [bearer(bob), 403], [bearer({ token: 'B'.repeat(43) }), 401], [{ cookie }, 403],
    [{ authorization: `Basic ${Buffer.from(`ann:${ann.token}`).toString('base64')}` }, 401]]) {
    assert.equal((await log('POST', 'ann/statuses/', body, headers)).status, status, JSON.stringify(headers));
    assert.ok([401, 403].includes((await log('DELETE', 'ann/statuses/1', undefined, headers)).status));
  }
  assert.match((await log('POST', 'ann/statuses/', { content: 'x', external_url: 'https://a.example' })).text, /nothing was saved/);
  assert.equal((await log('POST', 'ann/statuses/', { content: 'x'.repeat(141) })).status, 422);
  assert.equal((await log('POST', 'ann/statuses/', {})).status, 422);
  assert.equal(await count(), before);
});

test('statuslog: edited by PATCH, what is not sent stays, and only by whom it is', async () => {
  const { id } = fine(await log('POST', 'ann/statuses/', { emoji: '🐢', content: 'slowly, #turtle' }));
  const shown = async () => (({ emoji, content }) => [emoji, content])(fine(await log('GET', `ann/statuses/${id}`, undefined, {})).status);
  const edited = fine(await log('PATCH', 'ann/statuses/', { id, content: 'faster, #hare' }));
  assert.deepEqual([edited.id, edited.status, edited.url], [id, 'faster, #hare', `${piclog.origin}/statuses/${id}`]);
  assert.deepEqual(await shown(), ['🐢', 'faster, #hare']);
  fine(await log('PATCH', 'ann/statuses', { id: Number(id), emoji: '🐇' }));
  assert.deepEqual(await shown(), ['🐇', 'faster, #hare']);
  fine(await log('PATCH', 'ann/statuses/', { id, status: '🏁 there' }));
  assert.deepEqual(await shown(), ['🏁', 'there']);
  fine(await log('PATCH', 'ann/statuses/', { id, emoji: '' }));
  assert.deepEqual(await shown(), ['', 'there']);
  const bobs = fine(await log('POST', 'bob/statuses/', { content: 'mine' }, bearer(bob))).id;
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const [path, body, status, headers] of [['ann', { id: bobs, content: 'x' }, 404], ['bob', { id: bobs, content: 'x' }, 403], ['ann', { id, content: 'x' }, 403, bearer(bob)],
    ['ann', { id, content: '' }, 422], ['ann', { id, content: 'x'.repeat(141) }, 422], ['ann', { id, content: 'x', external_url: 'https://a.example' }, 422], ['ann', { content: 'x' }, 404],
    ['ann', { id: '999999', content: 'x' }, 404], ['ann', { id: 'x', content: 'x' }, 404], ['ann', { id, content: 'x' }, 401, {}], ['ann', { id, content: 'x' }, 403, { cookie }]])
    assert.equal((await log('PATCH', `${path}/statuses/`, body, headers)).status, status, JSON.stringify([path, body]));
  assert.deepEqual(await shown(), ['', 'there']);
  assert.equal(fine(await log('GET', `bob/statuses/${bobs}`, undefined, {})).status.content, 'mine');
  // a token that may write but not change what stands
  const page = await browser.submit('/settings/tokens', { label: 'post', may_post: '1' });
  const poster = { token: /[A-Za-z0-9_-]{43}(?=<)/.exec(page.text)[0] };
  const own = fine(await log('POST', 'ann/statuses/', { content: 'by a program' }, bearer(poster))).id;
  const allowed = (await ask(piclog, 'PUT', `/api/statuses/${own}`, { headers: bearer(poster), body: { content: 'x' } })).status;
  assert.equal((await log('PATCH', 'ann/statuses/', { id: own, content: 'y' }, bearer(poster))).status, allowed, 'as PUT of the API');
  // and where PATCH is no method it is refused with those that are
  const refused = await ask(piclog, 'PATCH', '/gallery', {});
  assert.deepEqual([refused.status, refused.headers.allow], [405, 'OPTIONS, GET, HEAD']);
  assert.equal((await ask(piclog, 'OPTIONS', '/address/ann/statuses/', {})).headers.allow, 'OPTIONS, GET, HEAD, POST, PATCH');
});

test('imood: drawn, and told in XML', async () => {
  await ann.call('POST', '/api/moods', { mood: 'sleepy', face: '🥱', note: 'cats & <dogs>' });
  await bob.call('POST', '/api/moods', { mood: 'sleepy', face: '🥱' });
  const drawn = await ask(piclog, 'GET', '/query.cgi?email=ann@imood.example&type=1&fg=ff0000&trans=1');
  assert.deepEqual([drawn.status, drawn.headers['content-type'], drawn.data.subarray(0, 3).toString()], [200, 'image/gif', 'GIF']);
  const display = await ask(piclog, 'GET', '/display/uname-ann/fg-ff0000/trans-1/imood.gif');
  assert.ok(drawn.data.equals(display.data)); // the same badge as at the other address
  const told = await ask(piclog, 'GET', '/query.cgi?email=ann');
  assert.equal(told.headers['content-type'], 'application/xml; charset=utf-8');
  assert.equal(told.text, '<?xml version="1.0" encoding="UTF-8"?>\n<imood><bundle><mood><face>🥱</face><base>sleepy</base><personal>cats &amp; &lt;dogs&gt;</personal></mood></bundle></imood>\n');
  assert.equal(told.headers['access-control-allow-origin'], '*');
  const nobody = await ask(piclog, 'GET', '/query.cgi?email=nobody_here&type=1');
  assert.deepEqual([nobody.status, nobody.headers['content-type']], [404, 'image/gif']);
  assert.match((await ask(piclog, 'GET', '/query.cgi')).text, /<base><\/base>/);
  const all = await ask(piclog, 'GET', '/internet/current.gif?fg=ff0000&trans=1');
  assert.ok(all.data.equals(drawn.data));
});
