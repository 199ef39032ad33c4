// What people make of their own page: words, links, picture, background, style; and that all of it can be taken away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, Browser, fixture, pictureForm, start } from './piclog.mjs';

let piclog, potato, browser;
before(async () => {
  piclog = await start();
  potato = piclog.addUser('potato');
  browser = await new Browser(piclog).logIn(potato);
});
after(() => piclog.remove());

const person = async () => (await ask(piclog, 'GET', '/~potato.json')).json.person;
const save = (fields) => browser.submit('/settings', { display_name: '', homepage: '', about: '', links: '', css: '', ...fields });

test('words: a homepage gets its scheme, Markdown becomes markup, links are marked', async () => {
  const answer = await save({
    display_name: 'Potato <b>',
    homepage: 'potato.example/~me',
    about: 'I am *baked*.\nAnd <b>bold</b>, see [there](https://a.example/?a=1&b=2) or [not](javascript:alert(1)).\n\n- one\n- two',
    links: 'b.example My <old> page\nThe other http://c.example/?x="y"\n\nhttps://d.example/',
  });
  assert.equal(answer.status, 422, 'a quote is no part of an address');
  assert.match(answer.text, /My &lt;old&gt; page/, 'what was typed is kept');
  assert.equal((await save({ display_name: 'Potato <b>', homepage: 'potato.example/~me', about: 'I am *baked*.\nAnd <b>bold</b>, see [there](https://a.example/?a=1&b=2) or [not](javascript:alert(1)).\n\n- one\n- two', links: 'b.example My <old> page\nThe other http://c.example/?x=y\n\nhttps://d.example/' })).status, 303);
  const shown = await person();
  assert.equal(shown.homepage, 'https://potato.example/~me');
  assert.deepEqual(shown.links, [
    { label: 'My <old> page', url: 'https://b.example' },
    { label: 'The other', url: 'http://c.example/?x=y' },
    { label: '', url: 'https://d.example/' },
  ]);
  const page = (await ask(piclog, 'GET', '/~potato')).text;
  assert.match(page, /<h1 class="p-name" dir="auto">Potato &lt;b&gt;<\/h1>/);
  assert.match(page, /I am <em>baked<\/em>\.<br>\nAnd &lt;b&gt;bold&lt;\/b&gt;/);
  assert.match(page, /<a href="https:\/\/a\.example\/\?a=1&amp;b=2" rel="nofollow ugc">there<\/a> or not\./);
  assert.match(page, /<li>one<\/li>/);
  assert.match(page, /<a class="u-url" href="https:\/\/b\.example" rel="me nofollow ugc" dir="auto">My &lt;old&gt; page<\/a>/);
  assert.match(page, />d\.example<\/a>/);
});

test('addresses that are none are refused with the reason', async () => {
  for (const homepage of ['javascript:alert(1)', 'data:text/html,x', 'https://', 'ftp://a.example', 'nothing', 'https://a b.example', `a.example/${'x'.repeat(300)}`]) {
    const answer = await save({ homepage });
    assert.equal(answer.status, 422, homepage);
    assert.match(answer.text, /homepage/);
  }
  for (const [links, reason] of [['javascript:alert(1) x', /no web address/], ['just words', /no web address/], [`x${'é'.repeat(90)}`, /no web address in the link “xé+”/], [`a.example ${'w'.repeat(61)}`, /at most 60/], ['a.example x\n'.repeat(13), /12 fit/]]) {
    const answer = await save({ links });
    assert.equal(answer.status, 422, links.slice(0, 40));
    assert.match(answer.text, reason);
  }
});

const hashOf = (url) => url.replace(/^\/i\/|\.jpg$/g, '');

test('picture and background are crushed, replaced, and deleted with their bytes', async () => {
  const page = await browser.get('/settings');
  for (const [what, key, most] of [['avatar', 'avatar_url', 3000], ['background', 'background_url', 12000]]) {
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
    const send = (bytes, fields = {}) => browser.go('POST', `/settings/${what}`, { body: pictureForm(bytes, { csrf, ...fields }) });
    assert.equal((await send(fixture('pictures/cat.jpg'))).status, 303);
    const first = (await person())[key];
    const image = await ask(piclog, 'GET', first);
    assert.equal(image.headers['content-type'], 'image/jpeg');
    assert.ok(image.data.length <= most, `${image.data.length} bytes`);
    assert.match((await ask(piclog, 'GET', '/~potato')).text, what === 'avatar' ? new RegExp(`class="avatar u-photo" src="${first}"`) : /style\.css/);
    const before = (await browser.get('/api/me')).json.storage_bytes;
    assert.equal((await send(fixture('pictures/peaks.jpg'))).status, 303);
    const second = (await person())[key];
    assert.notEqual(hashOf(second), hashOf(first));
    assert.equal((await ask(piclog, 'GET', first)).status, 404, 'the old one is gone');
    assert.equal((await send(Buffer.from('not a picture'))).status, 415);
    assert.equal((await person())[key], second);
    assert.ok(before > 0);
    assert.equal((await browser.submit(`/settings/${what}`, { remove: '1' }, { page: '/settings' })).status, 303);
    assert.equal((await person())[key], null);
    assert.equal((await ask(piclog, 'GET', second)).status, 404);
    assert.equal((await browser.submit(`/settings/${what}`, {}, { page: '/settings' })).status, 422);
  }
});

test('a style: limits, what is put in front of it, the draft that only its owner sees', async () => {
  assert.equal((await ask(piclog, 'GET', '/~potato/style.css')).text, '');
  const css = `p { color: red }\n/*${'x'.repeat(20000 - 22)}*/`;
  assert.equal(Buffer.byteLength(css), 20000 - 22 + 21);
  assert.equal((await browser.submit('/settings/style', { css: css.replaceAll('\n', '\r\n'), then: 'save' })).status, 303);
  const served = await ask(piclog, 'GET', '/~potato/style.css');
  assert.match(served.headers['content-type'], /^text\/css/);
  assert.equal(served.text, `:root{--background:none;--avatar:none;}\n${css}`);
  assert.equal((await browser.submit('/settings/style', { css: css + 'xy', then: 'save' })).status, 422);
  const odd = await browser.token('/settings/style');
  assert.equal((await browser.go('POST', '/settings/style', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `csrf=${odd}&css=%ff` })).status, 422);

  const preview = await browser.submit('/settings/style', { css: 'b{color:blue}', then: 'preview' });
  assert.equal(preview.headers.location, '/settings/style/preview');
  assert.match((await browser.get('/settings/style/preview')).text, /<iframe class="room" src="\/settings\/style\/room"/);
  assert.match((await browser.get('/settings/style/room', { headers: { 'sec-fetch-dest': 'iframe' } })).text, /href="\/settings\/style\/draft\.css"/);
  const draft = await browser.get('/settings/style/draft.css');
  assert.match(draft.text, /b\{color:blue\}$/);
  assert.equal(draft.headers['cache-control'], 'no-store');
  assert.match((await browser.get('/settings/style')).text, /b\{color:blue\}<\/textarea>/);
  assert.ok((await ask(piclog, 'GET', '/~potato/style.css')).text.includes('p { color: red }'), 'nothing is saved yet');
  for (const path of ['/settings/style', '/settings/style/preview', '/settings/style/draft.css']) {
    const stranger = await ask(piclog, 'GET', path);
    assert.equal(stranger.status, 303);
    assert.match(stranger.headers.location, /^\/login/);
  }
  await browser.submit('/settings/style', { css: '', then: 'save' });
  assert.equal((await ask(piclog, 'GET', '/~potato/style.css')).text, '');
  assert.ok(!(await ask(piclog, 'GET', '/~potato')).text.includes('class="room"'));
});

test('view without style is remembered, and the page cache does not mix it up', async () => {
  await browser.submit('/settings/style', { css: 'p{color:red}', then: 'save' });
  const link = '<iframe class="room" src="/~potato/room"';
  assert.ok((await ask(piclog, 'GET', '/~potato/room', { headers: { 'sec-fetch-dest': 'iframe' } })).text.includes('href="/~potato/style.css" media="not (prefers-contrast: more)"'));
  const visitor = new Browser(piclog);
  for (let i = 0; i < 2; i++) assert.ok((await ask(piclog, 'GET', '/~potato')).text.includes(link));
  assert.ok((await visitor.get('/~potato')).text.includes('?style=off'));
  assert.ok(!(await visitor.get('/~potato?style=off')).text.includes(link));
  assert.ok(!(await visitor.get('/~potato')).text.includes(link), 'remembered');
  assert.ok((await ask(piclog, 'GET', '/~potato')).text.includes(link), 'by them alone');
  assert.ok((await visitor.get('/~potato?style=on')).text.includes(link));
  assert.ok((await visitor.get('/~potato')).text.includes(link));
});

test('one’s own page and posts offer Edit, those of others Mute, Block and Report', async () => {
  const bearer = { headers: { authorization: `Bearer ${potato.token}` } };
  const mine = [];
  for (const [kind, body] of [['pictures', pictureForm(fixture('pictures/paws.jpg'), { caption: 'own' })], ['statuses', { content: 'own', face: '' }], ['moods', { mood: 'own', face: '', note: '' }]])
    mine.push(new URL((await ask(piclog, 'POST', `/api/${kind}`, { ...bearer, body })).json.url, piclog.origin).pathname);
  const other = await new Browser(piclog).logIn(piclog.addUser('tomato'));
  for (const [path, edit] of [['/~potato?style=off', '/settings/profile'], ['/~potato?style=on', '/settings/profile'], ...mine.map((path) => [path, `${path}/edit`])]) {
    const [own, others] = [(await browser.get(path)).text, (await other.get(path)).text];
    assert.ok(own.includes(`href="${edit}"`) && !/href="\/(shun|report)\//.test(own), path);
    assert.ok(!others.includes(`href="${edit}"`) && /href="\/report\//.test(others), path);
  }
  assert.match((await other.get('/~potato?style=off')).text, /href="\/shun\/potato"/);
});

test('each theme can be tried on: the link on its page leads to a preview that wears it', async () => {
  const { themes } = (await ask(piclog, 'GET', '/themes.json')).json;
  const page = (await browser.get('/themes')).text;
  assert.equal(themes.length, 7);
  for (const { name, preview_url, css_url } of themes) {
    assert.ok(page.includes(`<a href="${preview_url}">Your page in it</a>`), name);
    const room = /<iframe class="room" src="([^"]+)"/.exec((await browser.get(preview_url)).text)[1];
    assert.ok((await browser.get(room, { headers: { 'sec-fetch-dest': 'iframe' } })).text.includes(css_url), name);
  }
});

test('every documented class is on a page that has everything', async () => {
  const form = pictureForm(fixture('pictures/cat.jpg'), { caption: 'c', alt: 'a' });
  await ask(piclog, 'POST', '/api/pictures', { headers: { authorization: `Bearer ${potato.token}` }, body: form });
  await ask(piclog, 'POST', '/api/statuses', { headers: { authorization: `Bearer ${potato.token}` }, body: { content: 'hello', face: '🥔' } });
  await ask(piclog, 'POST', '/api/moods', { headers: { authorization: `Bearer ${potato.token}` }, body: { mood: 'sleepy', face: '🥱', note: '' } });
  await save({ about: 'me', css: 'p{color:red}' });
  await browser.go('POST', '/settings/avatar', { body: pictureForm(fixture('pictures/cat.jpg'), { csrf: await browser.token('/settings') }) });
  piclog.addUser('friend');
  await ask(piclog, 'PUT', '/api/me/top', { headers: { authorization: `Bearer ${potato.token}` }, body: { names: ['friend'] } });
  const help = (await ask(piclog, 'GET', '/help/style')).text;
  const page = (await ask(piclog, 'GET', '/~potato')).text;
  const sheet = (await ask(piclog, 'GET', '/static/style.css')).text + (await ask(piclog, 'GET', '/~potato/style.css')).text;
  const list = (id, pattern) => [...new RegExp(`<dl[^>]*id="${id}">(.*?)</dl>`, 's').exec(help)[1].matchAll(pattern)].map((found) => found[1]);
  const classes = list('classes', /<code>\.([a-z-]+)/g), properties = list('properties', /<code>(--[a-z]+)/g);
  assert.ok(classes.length > 25 && properties.length > 15);
  for (const name of classes) assert.match(page, new RegExp(`class="([^"]* )?${name}[ "]`), name);
  for (const name of properties) assert.ok(sheet.includes(`${name}:`), name);
});

test('the export has words, links, style, picture and background', async () => {
  await save({ about: '*me*', links: 'b.example Bee', css: 'p{color:red}' });
  const csrf = await browser.token('/settings');
  await browser.go('POST', '/settings/background', { body: pictureForm(fixture('pictures/peaks.jpg'), { csrf }) });
  const zip = (await browser.get('/settings/export')).data.toString('latin1');
  for (const name of ['piclog.json', 'avatar.jpg', 'background.jpg']) assert.ok(zip.includes(name), name);
});

test('closing the account deletes picture and background', async () => {
  const { avatar_url, background_url } = await person();
  assert.equal((await ask(piclog, 'GET', background_url)).status, 200);
  assert.equal((await browser.submit('/settings/close', { password: potato.password }, { page: '/settings' })).status, 303);
  for (const url of [avatar_url, background_url]) assert.equal((await ask(piclog, 'GET', url)).status, 404);
});
