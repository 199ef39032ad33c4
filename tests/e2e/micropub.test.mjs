// Micropub, by the numbers of the public list of server tests at micropub.rocks. What of it runs elsewhere or not at all:
//   104, 203, 206  a photo by URL: theirs is on their own host, and nothing is fetched from foreign addresses here; the
//                  same with a photo of our media endpoint runs below, and a foreign one must be refused
//   206, 301       several photos in one post: a post here is one picture; must be refused, saying so
//   502, 503       undelete: deleting really deletes; must be refused, saying so
//   discovery and sign-in by IndieAuth: tokens are made in the settings; rel="micropub" is tested
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, ann, bob, browser;
before(async () => {
  piclog = await start();
  ann = piclog.addUser('ann');
  bob = piclog.addUser('bob');
  browser = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());

const micropub = (body, user = ann, path = '/micropub') => ask(piclog, 'POST', path, { headers: bearer(user), body });
const form = (fields) => new URLSearchParams(fields);
const query = (text, user = ann) => ask(piclog, 'GET', `/micropub?${text}`, { headers: bearer(user) });
const source = async (url) => (await query(`q=source&url=${encodeURIComponent(url)}`)).json.properties;
const path = (url) => { assert.ok(url.startsWith(piclog.origin + '/'), url); return url.slice(piclog.origin.length); };
const twin = async (url) => (await ask(piclog, 'GET', `${path(url)}.json`)).json;
async function created(answer) {
  assert.equal(answer.status, 201, answer.text);
  return answer.headers.location;
}
function refused(answer, error, words, status = 400) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /application\/json/);
  assert.equal(answer.json.error, error);
  assert.match(answer.json.error_description, words);
}
const files = (fields, parts) => {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  for (const [name, picture, type] of parts) body.append(name, new Blob([fixture(picture)], { type }), 'holiday-secret.jpg');
  return body;
};

test('discovery: a profile names the endpoint', async () => {
  assert.match((await ask(piclog, 'GET', '/~ann')).text, new RegExp(`<link rel="micropub" href="${piclog.origin}/micropub">`));
});

test('100 create an h-entry, form', async () => {
  const url = await created(await micropub(form({ h: 'entry', content: 'Micropub test of creating a basic h-entry' })));
  assert.equal((await twin(url)).status.content, 'Micropub test of creating a basic h-entry');
});
test('101, 107 categories, form', async () => {
  const url = await created(await micropub(form([['h', 'entry'], ['content', 'two categories'], ['category[]', 'test1'], ['category[]', 'Test2']])));
  assert.deepEqual((await source(url)).category, ['test1', 'test2']);
  assert.deepEqual((await source(url)).content, ['two categories']);
  assert.equal((await twin(url)).status.content, 'two categories #test1 #test2');
  assert.match((await ask(piclog, 'GET', '/tag/test2')).text, /two categories/);
  const one = await created(await micropub(form({ h: 'entry', content: 'one #inline category', category: 'test1' })));
  assert.deepEqual(await source(one).then((seen) => [seen.content, seen.category]), [['one #inline category'], ['inline', 'test1']]);
});
test('104, 203 a photo by URL: of our media endpoint; foreign ones are refused', async () => {
  const media = await created(await micropub(files([], [['file', 'pictures/cat.jpg', 'image/jpeg']]), ann, '/micropub/media'));
  const url = await created(await micropub(form({ h: 'entry', content: 'by address', photo: media })));
  assert.match(path(url), /^\/p\/\d+$/);
  assert.equal((await twin(url)).picture.caption, 'by address');
  refused(await micropub(form({ h: 'entry', content: 'used up', photo: media })), 'invalid_request', /gone/, 404);
  const second = await created(await micropub(files([], [['file', 'pictures/cat.jpg', 'image/jpeg']]), ann, '/micropub/media'));
  await created(await micropub({ type: ['h-entry'], properties: { content: ['json'], photo: [second] } }));
  for (const foreign of ['https://micropub.rocks/media/sunset.jpg', 'http://169.254.169.254/', '/upload/1/crunchy.jpg', `${piclog.origin}.evil.example/upload/1`, `${piclog.origin}/upload/x`])
    refused(await micropub(form({ h: 'entry', content: 'x', photo: foreign })), 'invalid_request', /not fetched/);
});

test('200 create an h-entry, JSON', async () => {
  const url = await created(await micropub({ type: ['h-entry'], properties: { content: ['Micropub test, JSON'] } }));
  assert.equal((await twin(url)).status.content, 'Micropub test, JSON');
});
test('201 categories, JSON', async () => {
  const url = await created(await micropub({ type: ['h-entry'], properties: { content: ['json categories'], category: ['test1', 'test2'] } }));
  assert.deepEqual((await source(url)).category, ['test1', 'test2']);
});
test('202 HTML content becomes text, and stays text', async () => {
  const url = await created(await micropub({ type: ['h-entry'], properties: { content: [{ html: '<p>This post <b>should</b> &lt;i&gt; 5 &amp; 6</p><script>alert(1)</script>' }] } }));
  assert.equal((await twin(url)).status.content, 'This post should <i> 5 & 6alert(1)');
  assert.equal((await ask(piclog, 'GET', path(url))).text.includes('<i> 5'), false);
});
test('204 a nested object does not hinder the post', async () => {
  await created(await micropub({ type: ['h-entry'], properties: { content: ['lunch'], checkin: [{ type: ['h-card'], properties: { name: ['Los Gorditos'] } }] } }));
});
test('205 a photo with alt text, JSON', async () => {
  const media = await created(await micropub(files([], [['file', 'pictures/peaks.jpg', 'image/jpeg']]), ann, '/micropub/media'));
  const url = await created(await micropub({ type: ['h-entry'], properties: { content: ['peaks'], photo: [{ value: media, alt: 'Peaks "in" the mist' }] } }));
  assert.equal((await twin(url)).picture.alt, 'Peaks "in" the mist');
});
test('206, 301 several photos are refused, saying so', async () => {
  refused(await micropub({ type: ['h-entry'], properties: { photo: ['a', 'b'] } }), 'invalid_request', /one photo/);
  refused(await micropub(files([['h', 'entry']], [['photo[]', 'pictures/cat.jpg', 'image/jpeg'], ['photo[]', 'pictures/peaks.jpg', 'image/jpeg']])), 'invalid_request', /One picture/);
});

test('300 a photo, multipart, with alt text; no name of the file leaks', async () => {
  const url = await created(await micropub(files([['h', 'entry'], ['content', 'Nice sunset in Portland tonight'], ['category', 'sky'], ['mp-photo-alt', 'a sky']], [['photo', 'pictures/cat.jpg', 'image/jpeg']])));
  const { picture } = await twin(url);
  assert.deepEqual([picture.caption, picture.alt, picture.tags, picture.preset], ['Nice sunset in Portland tonight', 'a sky', ['sky'], 'crunchy']);
  assert.ok(picture.bytes <= 12000);
  assert.equal((await ask(piclog, 'GET', path(url))).text.includes('holiday-secret'), false);
});

test('400–404 replace, add, add to nothing, remove a value, remove a property', async () => {
  const url = await created(await micropub(form([['h', 'entry'], ['content', 'to be updated'], ['category[]', 'one'], ['category[]', 'two']])));
  const update = async (changes) => assert.ok([200, 204].includes((await micropub({ action: 'update', url, ...changes })).status), JSON.stringify(changes));
  await update({ replace: { content: ['This is the updated text.'] } });
  assert.deepEqual(await source(url).then((seen) => [seen.content, seen.category]), [['This is the updated text.'], ['one', 'two']]);
  await update({ add: { category: ['three'] } });
  assert.deepEqual((await source(url)).category, ['one', 'two', 'three']);
  await update({ delete: { category: ['Two'] } });
  assert.deepEqual((await source(url)).category, ['one', 'three']);
  await update({ delete: ['category'] });
  assert.equal((await source(url)).category, undefined);
  await update({ add: { category: ['new'] } });
  assert.deepEqual((await source(url)).category, ['new']);
  assert.ok((await twin(url)).status.edited_at > 0);
  // an inline category that is taken away stays as a word
  await update({ replace: { content: ['I love #pies and #cats'] }, delete: ['category'] });
  assert.deepEqual((await source(url)).category, undefined);
  assert.equal((await twin(url)).status.content, 'I love pies and cats');
});
test('updates of pictures and moods', async () => {
  const picture = await created(await micropub(files([['h', 'entry'], ['content', 'before'], ['category', 'a']], [['photo', 'pictures/cat.jpg', 'image/jpeg']])));
  const photo = (await source(picture)).photo[0];
  assert.equal((await micropub({ action: 'update', url: picture, replace: { content: ['after'], photo: [{ value: photo.value, alt: 'now with alt' }] }, add: { category: ['b'] } })).status, 200);
  const seen = (await twin(picture)).picture;
  assert.deepEqual([seen.caption, seen.alt, [...seen.tags].sort()], ['after', 'now with alt', ['a', 'b']]);
  refused(await micropub({ action: 'update', url: picture, replace: { photo: ['https://elsewhere.example/x.jpg'] } }), 'invalid_request', /stays/);
  refused(await micropub({ action: 'update', url: picture, delete: ['photo'] }), 'invalid_request', /stays/);
  const mood = await created(await micropub(form({ h: 'entry', mood: 'sleepy', content: 'too many tabs' })));
  assert.deepEqual((await twin(mood)).mood.note, 'too many tabs');
  assert.equal((await micropub({ action: 'update', url: mood, replace: { mood: ['awake'] } })).status, 200);
  assert.deepEqual(await source(mood).then((m) => [m.mood, m.content]), [['awake'], ['too many tabs']]);
});
test('405 operations that are no lists are refused', async () => {
  const url = await created(await micropub(form({ h: 'entry', content: 'stay' })));
  for (const changes of [{ replace: 'This is not a valid update request.' }, { replace: { content: 'not a list' } }, { add: ['x'] }, { delete: 'content' }, { delete: { category: 'x' } }, { delete: [1] }, {}])
    assert.equal((await micropub({ action: 'update', url, ...changes })).status, 400, JSON.stringify(changes));
  assert.equal((await twin(url)).status.content, 'stay');
  refused(await micropub(form({ action: 'update', url })), 'invalid_request', /JSON/);
  refused(await micropub({ action: 'update', url, add: { content: ['two'] } }), 'invalid_request', /one content/);
});

for (const [number, wrap] of [[500, form], [501, (fields) => fields]])
  test(`${number} delete, ${number === 500 ? 'form' : 'JSON'}`, async () => {
    const url = await created(await micropub(form({ h: 'entry', content: 'to be deleted' })));
    assert.ok([200, 204].includes((await micropub(wrap({ action: 'delete', url }))).status));
    assert.equal((await ask(piclog, 'GET', path(url))).status, 404);
  });
test('502, 503 undelete is refused, saying why', async () => {
  for (const body of [form({ action: 'undelete', url: `${piclog.origin}/statuses/1` }), { action: 'undelete', url: `${piclog.origin}/statuses/1` }])
    refused(await micropub(body), 'invalid_request', /really deletes/);
});

test('600 configuration', async () => {
  const { json } = await query('q=config');
  assert.equal(json['media-endpoint'], `${piclog.origin}/micropub/media`);
  assert.deepEqual(json['syndicate-to'], []);
});
test('601 syndication targets', async () => assert.deepEqual((await query('q=syndicate-to')).json, { 'syndicate-to': [] }));
test('602, 603 source: all properties, and those asked for', async () => {
  const url = await created(await micropub({ type: ['h-entry'], properties: { content: ['Test of querying the endpoint'], category: ['micropub', 'test'] } }));
  const all = (await query(`q=source&url=${encodeURIComponent(url)}`)).json;
  assert.deepEqual(all.type, ['h-entry']);
  assert.deepEqual([all.properties.content, all.properties.category], [['Test of querying the endpoint'], ['micropub', 'test']]);
  assert.match(all.properties.published[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const some = (await query(`q=source&properties[]=content&properties[]=category&url=${encodeURIComponent(url)}`)).json;
  assert.deepEqual(some, { properties: { content: ['Test of querying the endpoint'], category: ['micropub', 'test'] } });
  assert.deepEqual((await query(`q=source&properties=content&url=${encodeURIComponent(url)}`)).json, { properties: { content: ['Test of querying the endpoint'] } });
});
test('categories for completion are one’s own', async () => {
  assert.ok((await query('q=category')).json.categories.includes('micropub'));
  assert.deepEqual((await query('q=category&filter=micro')).json.categories, ['micropub']);
  assert.deepEqual((await query('q=category', bob)).json.categories, []);
});

for (const [number, picture, type] of [[700, 'pictures/cat.jpg', 'image/jpeg'], [701, 'formats/pngsuite__basn0g08.png', 'image/png'], [702, 'formats/oiio__gif_transparent_rgb.gif', 'image/gif']])
  test(`${number} media endpoint: ${type}`, async () => {
    const answer = await micropub(files([], [['file', picture, type]]), ann, '/micropub/media');
    const url = await created(answer);
    assert.equal((await browser.get(path(url))).headers['content-type'], 'image/jpeg');
    assert.notEqual((await ask(piclog, 'GET', path(url))).status, 200, 'unpublished pictures are private');
  });

test('800 a token in the header', async () => { await created(await micropub(form({ h: 'entry', content: 'by header' }))); });
test('801 a token in the body; 802 it is kept nowhere', async () => {
  const url = await created(await ask(piclog, 'POST', '/micropub', { body: form({ h: 'entry', content: 'by body', access_token: ann.token }) }));
  assert.equal((await ask(piclog, 'GET', path(url))).text.includes(ann.token), false);
  assert.equal(JSON.stringify(await source(url)).includes(ann.token), false);
});
test('803 two ways at once are refused', async () => {
  refused(await micropub(form({ h: 'entry', content: 'twice', access_token: ann.token })), 'invalid_request', /twice/);
});
test('no token, a wrong one, a cookie alone: nothing is posted', async () => {
  const nobody = (body, headers = {}) => ask(piclog, 'POST', '/micropub', { body, headers });
  refused(await nobody(form({ h: 'entry', content: 'x' })), 'unauthorized', /Sign in|token/i, 401);
  refused(await nobody({ type: ['h-entry'], properties: { content: ['x'] } }), 'unauthorized', /Sign in|token/i, 401);
  refused(await nobody(form({ h: 'entry', content: 'x', access_token: 'wrong' })), 'unauthorized', /token/i, 401);
  refused(await nobody(form({ h: 'entry', content: 'x' }), { authorization: 'Bearer wrong' }), 'unauthorized', /token/i, 401);
  // files need the header, before any of them is taken
  const body = files([['h', 'entry'], ['access_token', ann.token]], [['photo', 'pictures/cat.jpg', 'image/jpeg']]);
  refused(await nobody(body), 'unauthorized', /./, 401);
  const count = async () => (await ask(piclog, 'GET', '/~ann.json')).json.person.status_count;
  const before = await count();
  assert.equal((await browser.go('POST', '/micropub', { body: form({ h: 'entry', content: 'by cookie' }) })).status >= 400, true);
  assert.equal(await count(), before);
});
test('other people’s posts stay as they are', async () => {
  const url = await created(await micropub(form({ h: 'entry', content: 'ann’s own' })));
  for (const body of [{ action: 'update', url, replace: { content: ['bob was here'] } }, { action: 'delete', url }]) refused(await micropub(body, bob), 'invalid_request', /somebody else/);
  assert.equal((await query(`q=source&url=${encodeURIComponent(url)}`, bob)).status, 400);
  assert.equal((await twin(url)).status.content, 'ann’s own');
});
test('a token does what it was made for, nothing else', async () => {
  const make = async (fields) => {
    const page = await browser.submit('/settings/tokens', { label: 'narrow', ...fields }, { page: '/settings' });
    return { token: /<code>([A-Za-z0-9_-]{43})<\/code>/.exec(page.text)[1] };
  };
  const poster = await make({ may_post: '1' }), changer = await make({ may_change: '1' });
  const url = await created(await micropub(form({ h: 'entry', content: 'narrow' }), poster));
  refused(await micropub({ action: 'update', url, replace: { content: ['x'] } }, poster), 'insufficient_scope', /not allowed/, 403);
  refused(await micropub({ action: 'delete', url }, poster), 'insufficient_scope', /not allowed/, 403);
  refused(await micropub(form({ h: 'entry', content: 'x' }), changer), 'insufficient_scope', /not allowed/, 403);
  refused(await ask(piclog, 'POST', '/micropub', { body: form({ h: 'entry', content: 'x', access_token: changer.token }) }), 'insufficient_scope', /not allowed/, 403);
  const api = (method, way, user, body) => ask(piclog, method, way, { headers: bearer(user), body }).then((answer) => answer.status);
  assert.equal(await api('POST', '/api/statuses', changer, { content: 'x' }), 403);
  assert.equal(await api('POST', '/api/statuses', poster, { content: 'x' }), 201);
  assert.equal(await api('DELETE', `/api${path(url)}`, poster), 403);
  assert.equal(await api('PUT', `/api${path(url)}`, changer, { content: 'changed' }), 200);
  for (const way of ['/settings', '/settings/export', '/settings/webhook']) assert.equal(await api('GET', way, poster), 403, way);
  for (const narrow of [poster, changer]) {
    assert.equal(await api('PUT', '/api/me', narrow, { about: 'somebody else' }), 403);
    assert.equal(await api('POST', '/api/me/avatar', narrow, pictureForm(fixture('pictures/cat.jpg'))), 403);
  }
  assert.equal(await api('PUT', '/api/me', ann, { about: 'ann' }), 200);
  assert.equal(await api('POST', '/settings/tokens', poster, form({ label: 'more', may_all: '1' })), 403);
  assert.equal(await api('GET', '/settings', ann), 200);
});
test('clients that run in a browser may post from their own site, with a token and never with cookies', async () => {
  for (const path of ['/micropub', '/micropub/media']) {
    const preflight = await ask(piclog, 'OPTIONS', path, { headers: { origin: 'https://client.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], '*');
    assert.match(preflight.headers['access-control-allow-headers'], /authorization.*idempotency-key/i);
    assert.equal(preflight.headers['access-control-allow-credentials'], undefined);
    assert.equal((await ask(piclog, 'PATCH', path)).status, 405);
  }
  const answer = await ask(piclog, 'POST', '/micropub', { headers: { ...bearer(ann), origin: 'https://client.example' }, body: form({ h: 'entry', content: 'from a page' }) });
  await created(answer);
  assert.deepEqual([answer.headers['access-control-allow-origin'], answer.headers['access-control-expose-headers']], ['*', 'Location']);
});
test('limits and nonsense are refused, saying what is wrong', async () => {
  refused(await micropub(form({ h: 'entry', content: 'x'.repeat(141) })), 'invalid_request', /140/);
  refused(await micropub(form({ h: 'entry', content: 'x'.repeat(130), category: 'abcdefghijkl' })), 'invalid_request', /140/);
  refused(await micropub(form({ h: 'event', content: 'x' })), 'invalid_request', /entries/);
  refused(await micropub(form({ h: 'entry' })), 'invalid_request', /empty/);
  refused(await micropub(form({ h: 'entry', content: 'x', category: 'no/tag' })), 'invalid_request', /no\/tag/);
  refused(await micropub(form({ h: 'entry', content: 'x', category: `x!${'é'.repeat(70)}` })), 'invalid_request', /“x!é+”/);
  refused(await micropub(form({ h: 'entry', content: 'x', category: `!${'é'.repeat(70)}` })), 'invalid_request', /“!é+”/);
  refused(await micropub(form({ h: 'entry', action: 'dance' })), 'invalid_request', /action/);
  refused(await micropub({ type: ['h-entry'] }), 'invalid_request', /properties/);
  refused(await micropub({ type: 'h-entry', properties: { content: ['x'] } }), 'invalid_request', /h-entry/);
  refused(await micropub({ type: ['h-entry'], properties: { content: 'x' } }), 'invalid_request', /lists/);
  refused(await micropub('[1]', ann), 'invalid_request', /./);
  refused(await query('q=everything'), 'invalid_request', /config/);
  refused(await query('q=source&url=https://elsewhere.example/p/1'), 'invalid_request', /no such post/);
  refused(await query(`q=source&url=${piclog.origin}/p/99999999999999999999`), 'invalid_request', /no such post/);
  refused(await ask(piclog, 'POST', '/micropub/media', { headers: { ...bearer(ann), 'content-type': 'image/jpeg' }, body: Buffer.from('no picture at all') }), 'invalid_request', /cannot be crushed/);
});
