// What is sent twice is done once: eight sends at the same moment of every form that a double click, a reload or the way
// back can repeat, of the API with an Idempotency-Key, and of "pick your crunch".
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

const SENDS = 8;
let piclog, ann, browser;
before(async () => {
  piclog = await start(['--threads', '8']);
  ann = piclog.person('ann');
  browser = await new Browser(piclog).logIn(ann);
});
after(() => piclog.remove());

// The hidden fields of a page's forms, as a browser would send them back.
async function hidden(path) {
  const page = await browser.get(path);
  const fields = {};
  for (const name of ['csrf', 'once']) fields[name] = new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page.text)?.[1];
  assert.match(fields.once ?? '', /^[0-9a-f]{32}$/, path);
  return fields;
}
const eight = (send) => Promise.all(Array.from({ length: SENDS }, (_, i) => send(i)));
const newest = async (path, list) => (await ask(piclog, 'GET', path)).json[list];
const form = (path, fields) => browser.go('POST', path, { body: new URLSearchParams(fields) });
const upload = (path, bytes, fields) => browser.go('POST', path, { body: pictureForm(bytes, fields) });
const places = (answers) => {
  for (const answer of answers) assert.equal(answer.status, 303, answer.text);
  return new Set(answers.map((answer) => answer.headers.location));
};

test('a status, from its page and from the small window', async () => {
  for (const page of ['/status', '/status?popup=1']) {
    const fields = { ...(await hidden(page)), face: '🙂', content: `said once on ${page}` };
    assert.equal(places(await eight(() => form('/status', fields))).size, 1);
    const found = (await newest('/statuses.json', 'statuses')).filter(({ content }) => content === fields.content);
    assert.equal(found.length, 1);
    // the way back, and something else typed there: that is another one
    assert.equal((await form('/status', { ...fields, content: `${page}, but different` })).status, 303);
    assert.ok((await newest('/statuses.json', 'statuses')).some(({ content }) => content === `${page}, but different`));
  }
});

test('a mood', async () => {
  const fields = { ...(await hidden('/mood')), mood: '🌵 prickly', note: 'once' };
  assert.equal(places(await eight(() => form('/mood', fields))).size, 1);
  assert.equal((await newest('/moods.json', 'moods')).filter(({ mood }) => mood === 'prickly').length, 1);
});

test('a new page has a new key, so that the same words can be said again', async () => {
  for (let i = 0; i < 2; i++) await form('/status', { ...(await hidden('/status')), content: 'again' });
  assert.equal((await newest('/statuses.json', 'statuses')).filter(({ content }) => content === 'again').length, 2);
});

test('a picture that is published at once', async () => {
  const fields = { ...(await hidden('/upload')), preset: 'dust', caption: 'one upload', alt: '', tags: '' };
  const found = places(await eight(() => upload('/upload', fixture('pictures/cat.jpg'), fields)));
  assert.equal(found.size, 1);
  assert.match([...found][0], /^\/p\/\d+$/);
  assert.equal((await newest('/gallery.json', 'pictures')).filter(({ caption }) => caption === 'one upload').length, 1);
});

test('several pictures of one form, the same file twice among them', async () => {
  const fields = { ...(await hidden('/upload')), preset: 'dust', caption: 'three', alt: '', tags: '' };
  const files = [fixture('pictures/cat.jpg'), fixture('pictures/cat.jpg'), fixture('pictures/peaks.jpg')];
  const sent = places(await eight(() => upload('/upload', files, fields)));
  assert.equal(sent.size, 1);
  const of = [...sent][0].split('of=')[1], ids = of.split(',').map((one) => one.split(':')[0]);
  assert.equal(ids.length, 3);
  const words = Object.fromEntries(ids.flatMap((id) => [[`caption-${id}`, 'three'], [`preset-${id}`, 'dust']]));
  const published = await eight(async () => form('/crunch', { ...(await hidden('/status')), of, publish: 'all', ...words }));
  assert.deepEqual([...places(published)], ['/~ann']);
  assert.equal((await newest('/gallery.json', 'pictures')).filter(({ caption }) => caption === 'three').length, 3);
});

test('an upload to choose from, and publishing it, with the same page, another one and none', async () => {
  const fields = { ...(await hidden('/upload')), preset: 'choose', caption: 'hm', alt: '', tags: '' };
  const candidates = places(await eight(() => upload('/upload', fixture('pictures/peaks.jpg'), fields)));
  assert.equal(candidates.size, 1);
  const [candidate] = candidates;
  const pages = [await hidden(candidate), await hidden(candidate)];
  const found = places(await eight((i) => form(candidate, {
    csrf: pages[0].csrf, ...(i % 3 ? { once: pages[i % 2].once } : {}), preset: 'crispy', caption: 'chosen once', alt: '', tags: '',
  })));
  assert.equal(found.size, 1);
  const [picture] = found;
  assert.match(picture, /^\/p\/\d+$/);
  assert.equal((await newest('/gallery.json', 'pictures')).filter(({ caption }) => caption === 'chosen once').length, 1);
  // from the history: the page and the form lead to the picture, whatever was picked there
  assert.equal((await browser.get(candidate)).headers.location, picture);
  const late = await form(candidate, { ...pages[1], preset: 'dust', caption: 'late', alt: '', tags: '' });
  assert.equal(late.headers.location, picture);
  assert.equal((await ask(piclog, 'GET', `${picture}.json`)).json.picture.caption, 'chosen once');
  // and after it was deleted nothing comes back
  assert.equal((await form(`${picture}/delete`, await hidden(picture + '/edit'))).status, 303);
  await form(candidate, { ...pages[1], preset: 'dust', caption: 'late', alt: '', tags: '' });
  assert.equal((await newest('/gallery.json', 'pictures')).filter(({ caption }) => caption === 'late').length, 0);
});

test('the API with an Idempotency-Key: the same answer, and no other words under it', async () => {
  const headers = { 'idempotency-key': '"0b4a3e6d-5b0e-4a55-8d0d-9a1c2f6f3b11"' };
  for (const [path, list, one, other] of [
    ['/api/statuses', 'statuses', { content: 'by a program' }, { content: 'by another' }],
    ['/api/moods', 'moods', { mood: 'mechanical' }, { mood: 'other' }],
  ]) {
    const answers = await eight(() => ann.call('POST', path, one, headers));
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([201]));
    assert.equal(new Set(answers.map((answer) => answer.json.id)).size, 1);
    assert.equal(new Set(answers.map((answer) => answer.headers.location)).size, 1);
    const [[field, word]] = Object.entries(one);
    assert.equal((await newest(`/${list}.json`, list)).filter((post) => post[field] === word).length, 1);
    const refused = await ann.call('POST', path, other, headers);
    assert.equal(refused.status, 422);
    assert.match(refused.json.detail, /Idempotency-Key/);
    // without a key a program says what it says
    assert.notEqual((await ann.call('POST', path, one)).json.id, answers[0].json.id);
    // what was deleted is gone, and says so
    assert.equal((await ann.call('DELETE', `${path}/${answers[0].json.id}`)).status, 204);
    assert.equal((await ann.call('POST', path, one, headers)).status, 404);
  }
  const send = () => ask(piclog, 'POST', '/api/pictures', { headers: { ...bearer(ann), ...headers }, body: pictureForm(fixture('pictures/cat.jpg'), { caption: 'api' }) });
  const pictures = await eight(send);
  assert.deepEqual(new Set(pictures.map((answer) => answer.status)), new Set([201]));
  assert.equal(new Set(pictures.map((answer) => answer.json.id)).size, 1);
});

test('Micropub knows a key as well', async () => {
  const headers = { ...bearer(ann), 'idempotency-key': 'micropub' };
  const answers = await eight(() => ask(piclog, 'POST', '/micropub', { headers, body: { type: ['h-entry'], properties: { content: ['a note'] } } }));
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([201]));
  assert.equal(new Set(answers.map((answer) => answer.headers.location)).size, 1);
});

test('strangers get no keys, so that their pages stay the same for all', async () => {
  for (const path of ['/', '/login', '/statuses']) assert.equal((await ask(piclog, 'GET', path)).text.includes('name="once"'), false);
});

test('an invitation and a token: every answer shows the same one, and it is there once', async () => {
  for (const [path, fields, found, list] of [
    ['/settings/invites', {}, /\/join\/([\w-]{43})/, 'invites'],
    ['/settings/tokens', { label: 'curl', may_post: '1' }, /value="([\w-]{43})"|>([\w-]{43})</, 'tokens'],
  ]) {
    const before = (await browser.get('/settings.json')).json[list].length;
    const once = await hidden('/settings');
    const secrets = (await eight(() => form(path, { ...once, ...fields }))).map((answer) => {
      assert.equal(answer.status, 200, answer.text);
      return answer.text.match(found)?.[0];
    });
    assert.match(secrets[0] ?? '', found);
    assert.equal(new Set(secrets).size, 1);
    assert.equal((await browser.get('/settings.json')).json[list].length, before + 1, path);
    await form(path, { ...(await hidden('/settings')), ...fields });
    assert.equal((await browser.get('/settings.json')).json[list].length, before + 2, 'a new page makes another one');
  }
});

test('a picture of oneself is kept and counted once', async () => {
  const used = async () => (await browser.get('/api/me')).json;
  const fields = await hidden('/settings');
  const answers = await eight(() => upload('/settings/avatar', fixture('pictures/cat.jpg'), fields));
  for (const answer of answers) assert.equal(answer.headers.location, '/settings/pictures', answer.text);
  const { avatar_url: url } = await used();
  assert.match(url, /^\/[it]\/[0-9a-f]+\.jpg$/);
  assert.equal((await ask(piclog, 'GET', url)).status, 200);
  assert.equal((await form('/settings/avatar', { ...(await hidden('/settings')), remove: '1' })).status, 303);
  assert.equal((await ask(piclog, 'GET', url)).status, 404, 'taken away once, it is gone');
});

test('new recovery codes: every answer shows the same ones, and they open the door', async () => {
  const codes = (answer) => {
    assert.equal(answer.status, 200, answer.text);
    const found = [...answer.text.matchAll(/<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/code>/g)].map(([, code]) => code);
    assert.equal(new Set(found).size, 8);
    return found.join(' ');
  };
  const fields = { ...(await hidden('/settings')), password: ann.password };
  const shown = new Set((await eight(() => form('/settings/codes', fields))).map(codes));
  assert.equal(shown.size, 1);
  assert.equal((await browser.get('/settings.json')).json.codes_left, 8);
  // from another page others are made; whoever goes back to the first one is told so and sees none that are dead
  const newer = codes(await form('/settings/codes', { ...(await hidden('/settings')), password: ann.password }));
  assert.ok(!shown.has(newer));
  const late = await form('/settings/codes', fields);
  assert.equal(late.status, 409);
  assert.match(late.text, /sent before/);
  assert.doesNotMatch(late.text, /<code>/);
  const recover = (code) => new Browser(piclog).submit('/recover', { name: 'ann', password: ann.password, code });
  assert.notEqual((await recover([...shown][0].split(' ')[0])).status, 303);
  assert.equal((await recover(newer.split(' ')[7])).status, 303);
  await browser.logIn(ann); // a code ends every session
});

test('another password: every answer says that it is changed, and a third one does not pass', async () => {
  const bo = piclog.person('bo'), window = await new Browser(piclog).logIn(bo);
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await window.get('/settings/password')).text)[1];
  const change = (old_password, new_password) => window.go('POST', '/settings/password', { body: new URLSearchParams({ csrf, old_password, new_password }) });
  for (const answer of await eight(() => change(bo.password, 'a newer password'))) assert.equal(answer.status, 303, answer.text);
  assert.equal((await change(bo.password, 'the newest password')).status, 422);
  await new Browser(piclog).logIn({ name: 'bo', password: 'a newer password' });
});

test('a webhook: every answer shows the secret that signs', async () => {
  const secret = (answer) => /shown only now: <code>([\w-]{43})</.exec(answer.text)?.[1];
  const page = await hidden('/settings/webhook');
  const answers = await eight(() => form('/settings/webhook', { ...page, url: 'https://ann.example/hook' }));
  const secrets = new Set(answers.map(secret));
  assert.equal(secrets.size, 1);
  assert.ok([...secrets][0]);
  await form('/settings/webhook', { ...(await hidden('/settings/webhook')), url: 'https://ann.example/hook' });
  const late = await form('/settings/webhook', { ...page, url: 'https://ann.example/hook' });
  assert.equal(late.status, 409, 'the secret of that page signs nothing any more');
});

// ---- The neighbourhood -------------------------------------------------------------------------------

test('an answer in words and one in a picture', async () => {
  ann = piclog.person('anne'); // a recovery code has ended every token of the other
  browser = await new Browser(piclog).logIn(ann);
  const ben = piclog.person('ben'), { id } = (await ben.call('POST', '/api/statuses', { content: 'answer me' })).json;
  const reply_to = `statuses/${id}`, replies = async () => (await ask(piclog, 'GET', `/statuses/${id}.json`)).json.replies;
  const said = { ...(await hidden(`/status?reply_to=${reply_to}`)), content: 'answered', reply_to };
  assert.equal(places(await eight(() => form('/status', said))).size, 1);
  const shown = { ...(await hidden(`/upload?reply_to=${reply_to}`)), preset: 'dust', caption: 'answered too', reply_to };
  assert.equal(places(await eight(() => upload('/upload', fixture('pictures/cat.jpg'), shown))).size, 1);
  const candidates = places(await eight(() => upload('/upload', fixture('pictures/peaks.jpg'), { ...shown, caption: 'chosen', preset: 'choose' })));
  assert.equal(candidates.size, 1);
  const [candidate] = candidates, chosen = { ...(await hidden(candidate)), preset: 'dust', caption: 'chosen', alt: '', tags: '', reply_to };
  assert.equal(places(await eight(() => form(candidate, chosen))).size, 1);
  assert.deepEqual((await replies()).map(({ kind }) => kind).sort(), ['picture', 'picture', 'status']); // within a second in any order
  const { notices } = (await ben.call('GET', '/notices.json')).json;
  assert.equal(notices.length, 3, 'and is told once');
});

test('an entry on a wall, with a picture and without, and one in the guestbook of the site', async () => {
  const cem = piclog.person('cem');
  await cem.call('PUT', '/api/me', { wall: 'open' });
  const entries = async (where) => (await ask(piclog, 'GET', `${where}.json`, { headers: bearer(cem) })).json.entries.map(({ content }) => content);
  const plain = { ...(await hidden('/~cem/wall')), content: 'was here' }, pictured = { ...(await hidden('/~cem/wall')), content: 'look', alt: 'a cat' };
  assert.equal(places(await eight(() => form('/~cem/wall', plain))).size, 1);
  assert.equal(places(await eight(() => upload('/~cem/wall', fixture('pictures/cat.jpg'), pictured))).size, 1);
  assert.deepEqual(await entries('/~cem/wall'), ['look', 'was here']);
  const signed = { ...(await hidden('/guestbook')), content: 'nice place' };
  places(await eight(() => form('/guestbook', signed)));
  const own = (await browser.get('/guestbook.json')).json.entries;
  assert.deepEqual(own.map(({ content }) => content), ['nice place']);
});

test('a visitor without an account signs a guestbook once', async () => {
  const dot = piclog.person('dot');
  await dot.call('PUT', '/api/me', { has_guestbook: true });
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', '/~dot/wall')).text)[1];
  const body = () => new URLSearchParams({ csrf, name: 'Passer-by', homepage: 'https://passer.example/', content: 'hello' });
  const answers = await eight(() => ask(piclog, 'POST', '/~dot/wall/sign', { body: body() }));
  for (const { status, text } of answers) assert.equal(status, 200, text);
  const { waiting } = (await dot.call('GET', '/~dot/wall.json')).json;
  assert.deepEqual(waiting.map(({ content }) => content), ['hello']);
});

test('following, keeping, poking: every answer is the same, nobody is told twice', async () => {
  const eli = piclog.person('eli'), { id } = (await eli.call('POST', '/api/statuses', { content: 'keep me' })).json;
  const follow = { ...(await hidden('/follow/eli')) };
  assert.equal(places(await eight(() => form('/follow/eli', follow))).size, 1);
  assert.deepEqual((await ann.call('GET', '/api/follows')).json.follows.filter(({ name }) => name === 'eli').length, 1);
  const keep = { ...(await hidden(`/statuses/${id}`)), post: `statuses/${id}` };
  assert.equal(places(await eight(() => form('/kept', keep))).size, 1);
  assert.equal((await browser.get('/kept.json')).json.kept.length, 1);
  const poke = await hidden('/poke/eli');
  assert.equal(places(await eight(() => form('/poke/eli', poke))).size, 1);
  assert.deepEqual((await eli.call('GET', '/api/pokes')).json.pokes.map(({ name }) => name), ['anne']);
  const { notices } = (await eli.call('GET', '/notices.json')).json;
  assert.deepEqual(notices.map(({ kind }) => kind).sort(), ['follower', 'poke']);
  // poked back eight times: one poke, the other way
  const back = await new Browser(piclog).logIn(eli), page = await back.get('/poke/anne');
  const fields = Object.fromEntries(['csrf', 'once'].map((name) => [name, new RegExp(`name="${name}" value="([0-9a-f]+)"`).exec(page.text)[1]]));
  places(await eight(() => back.go('POST', '/poke/anne', { body: new URLSearchParams(fields) })));
  assert.deepEqual((await eli.call('GET', '/api/pokes')).json.pokes, []);
  assert.deepEqual((await ann.call('GET', '/api/pokes')).json.pokes.map(({ name }) => name), ['eli']);
  const undo = { ...(await hidden('/follow/eli')), undo: '1' };
  assert.equal(places(await eight(() => form('/follow/eli', undo))).size, 1);
  assert.equal((await eli.call('GET', '/api/followers')).json.followers.length, 0);
});

test('a bulletin, a layout, a site of the directory', async () => {
  const bulletin = { ...(await hidden('/bulletins')), subject: 'pinned', content: 'once', days: '1' };
  assert.equal(places(await eight(() => form('/bulletins', bulletin))).size, 1);
  assert.equal((await browser.get('/bulletins.json')).json.bulletins.length, 1);
  await ann.call('PUT', '/api/me', { css: 'p { color: red }' });
  const layout = { ...(await hidden('/settings/layouts')), name: 'Plaid', line: 'once' };
  assert.equal(places(await eight(() => form('/settings/layouts', layout))).size, 1);
  assert.equal((await ask(piclog, 'GET', '/layouts.json')).json.layouts.length, 1);
  const site = { ...(await hidden('/neighbours/new')), url: 'https://once.example/', title: 'Once', line: '', category: 'odd' };
  assert.equal(places(await eight(() => form('/neighbours/new', site))).size, 1);
  assert.equal((await browser.get('/neighbours/new')).text.match(/Take it out/g).length, 1);
  // taken down eight times, it is gone, and nobody reads of a fault
  const [{ id }] = (await browser.get('/bulletins.json')).json.bulletins, page = await hidden('/bulletins');
  const down = await eight(() => form(`/bulletins/${id}/delete`, page));
  assert.ok(down.every(({ status }) => [303, 404].includes(status)) && down.some(({ status }) => status === 303));
  assert.deepEqual((await browser.get('/bulletins.json')).json.bulletins, []);
});

test('the secret address of a feed: every answer shows the same one, and it opens', async () => {
  const fields = { ...(await hidden('/settings/feeds')), feed: 'friends' };
  const urls = (await eight(() => form('/settings/feeds', fields))).map(({ status, text }) => {
    assert.equal(status, 200, text);
    return /\/friends\/feed\.atom\?key=[\w-]+/.exec(text)?.[0];
  });
  assert.equal(new Set(urls).size, 1);
  assert.equal((await ask(piclog, 'GET', urls[0])).status, 200);
});
