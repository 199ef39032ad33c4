// Languages: which one pages come in, that caches tell them apart, that what machines read is the same in all, and moods.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, fixture, pictureForm, root, start } from './piclog.mjs';

// What a message is in French, or as long as it is untranslated in English.
const catalogues = ['pages', 'service', 'moods'].map((name) => readFileSync(join(root, `templates/po/fr/${name}.po`), 'utf8'));
const french = (text) => {
  for (const catalogue of catalogues) {
    const at = catalogue.indexOf(`\nmsgid ${JSON.stringify(text)}\nmsgstr "`);
    const said = at < 0 ? '' : JSON.parse(/\nmsgstr (".*")/.exec(catalogue.slice(at))[1]);
    if (said) return said;
  }
  return text;
};

const inFrench = { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' }, inEnglish = { 'accept-language': 'en-GB,en;q=0.9' };
const speaks = (answer, code) => {
  assert.match(answer.text, new RegExp(`<html lang="${code}" dir="ltr">`));
  assert.equal(answer.headers['content-language'], code);
};
const nav = (answer) => /<li><a href="\/"[^>]*>([^<]*)</.exec(answer.text)[1];

let piclog, ida, boss;
before(async () => {
  piclog = await start();
  ida = piclog.person('ida');
  boss = piclog.addUser('boss', 'the password of the boss', '--admin');
  await ida.call('POST', '/api/moods', { mood: 'happy', face: '😀', note: 'well' });
  await ida.call('POST', '/api/moods', { mood: 'a word of my own' });
  await ida.call('POST', '/api/statuses', { content: 'hello' });
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(boss), body: { wall: 'nobody', answers: 'nobody' } });
  await ask(piclog, 'POST', '/api/statuses', { headers: bearer(boss), body: { content: 'said, and that is it' } });
  await ida.upload(fixture('pictures/squares.gif'), { preset: 'dust', caption: 'squares', alt: 'squares' });
});
after(() => piclog.remove());
const get = (path, headers = {}) => ask(piclog, 'GET', path, { headers });

test('pages follow Accept-Language', async () => {
  assert.equal(french('Pictures'), 'Images', 'French has begun');
  for (const [headers, code] of [[inFrench, 'fr'], [inEnglish, 'en'], [{}, 'en'], [{ 'accept-language': 'de, fr;q=0.1' }, 'fr'],
    [{ 'accept-language': 'de' }, 'en'], [{ 'accept-language': 'fr;q=0' }, 'en'], [{ 'accept-language': `${'x,'.repeat(800)}fr` }, 'en']]) {
    const answer = await get('/', headers);
    speaks(answer, code);
    assert.equal(nav(answer), code === 'fr' ? 'Images' : 'Pictures');
  }
});

test('caches tell languages apart', async () => {
  for (const path of ['/', '/about', '/gallery', '/~ida', '/moods?by=ida', '/nowhere']) {
    const turns = [];
    for (const headers of [inFrench, inEnglish, inFrench, inEnglish]) turns.push(await get(path, headers));
    turns.forEach((answer, i) => speaks(answer, i % 2 ? 'en' : 'fr'));
    assert.match(turns[0].headers.vary, /\bAccept-Language\b/);
    if (turns[0].status !== 200) continue;
    assert.notEqual(turns[0].headers.etag, turns[1].headers.etag, path);
    const same = await get(path, { ...inFrench, 'if-none-match': turns[0].headers.etag });
    const other = await get(path, { ...inFrench, 'if-none-match': turns[1].headers.etag });
    assert.deepEqual([same.status, other.status], [304, 200], path);
  }
});

test('what machines read is the same in every language', async () => {
  const paths = ['/index.json', '/gallery.json', '/statuses.json', '/moods.json', '/moods.json?by=ida', '/people.json', '/tags.json', '/~ida.json', '/p/1.json', '/moods/1.json',
    '/~ida/wall.json', '/guestbook.json', '/neighbours.json', '/moods/counts.json', '/api/limits', '/api/moods/1', '/feed.atom', '/feed.json', '/~ida/feed.atom', '/opensearch.xml', '/robots.txt',
    '/users/ida/status.json', '/current-status.js?name=ida', '/embed/ida/timeline', '/embed/ida/mood.json', '/embed/ida/mood.js', '/embed/ida/mood.gif', '/badge/ida.gif',
    '/api/v1/instance', '/api/v1/timelines/public', '/api/statuses/show.xml', '/oembed?format=json&url=' + encodeURIComponent(`${piclog.origin}/p/1`), '/static/style.css'];
  const own = ['/settings.json', '/settings/answers.json', '/settings/neighbours.json', '/settings/site.json', '/settings/feeds.json', '/themes.json', '/notices.json', '/standing.json', '/messages.json', '/friends.json',
    '/~boss/wall.json', '/statuses/2.json', '/api/me', '/p/1.json', '/mood.json', '/report/picture/1.json', '/api/v1/accounts/verify_credentials'];
  assert.match((await get('/~boss/wall.json', { ...bearer(ida), ...inFrench })).json.refusal, /Nobody but boss/, 'a sentence that is data');
  assert.match((await get('/~boss/wall', { ...bearer(ida), ...inFrench, accept: 'text/html' })).text, /Seul boss/);
  const still = (answer) => answer.text.replace(/"(csrf|once|created_at|now|seen_at|used_at)":("[^"]*"|\d+)/g, '');
  let asked = 0;
  for (const [path, headers] of [...paths.map((path) => [path, {}]), ...own.map((path) => [path, bearer(ida)])]) {
    const [one, other] = [await get(path, { ...headers, ...inEnglish }), await get(path, { ...headers, ...inFrench })];
    assert.equal(other.status, one.status, path);
    if (one.status >= 400 && /problem/.test(one.headers['content-type'])) continue; // may differ: see below
    asked++;
    assert.equal(still(other), still(one), path);
  }
  assert.ok(asked > 40, `${asked} were looked at`);
  const made = await Promise.all([inEnglish, inFrench].map((headers) => ida.call('POST', '/api/moods', { mood: 'happy', face: '😀' }, headers)));
  assert.deepEqual(made.map(({ json }) => json.mood), ['happy', 'happy']);
});

test('only title and detail of a problem are translated; type, status and members are not', async () => {
  const wrong = [['POST', '/api/statuses', { content: '' }], ['POST', '/api/moods', { mood: '' }], ['GET', '/api/pictures/999999'], ['GET', '/p/999999.json'], ['POST', '/api/follows', { name: 'nobody-here' }],
    ['PUT', '/api/me', { language: 'tlh' }], ['POST', '/api/bulletins', { subject: 'x'.repeat(900), content: 'y' }]];
  let differ = 0;
  for (const [method, path, body] of wrong) {
    const [one, other] = [await ida.call(method, path, body, inEnglish), await ida.call(method, path, body, inFrench)];
    assert.equal(one.headers['content-type'], 'application/problem+json', path);
    assert.deepEqual([one.headers['content-language'], other.headers['content-language']], ['en', 'fr'], path);
    assert.deepEqual(Object.keys(other.json), Object.keys(one.json));
    assert.deepEqual([other.status, other.json.type, other.json.status], [one.status, one.json.type, one.json.status]);
    assert.equal(other.json.title, french(one.json.title));
    differ += other.json.detail !== one.json.detail;
  }
  const said = french('The status is empty. Say something, anything.');
  assert.equal((await ida.call('POST', '/api/statuses', { content: '' }, inFrench)).json.detail, said);
  assert.ok(differ > 0 || french('Not found') === 'Not found', 'details are translated as well as titles');
  // other protocols speak English
  for (const [method, path, body] of [['GET', '/api/v1/statuses/1'], ['POST', '/api/v1/statuses', { status: '' }], ['POST', '/micropub', { type: ['h-entry'] }], ['GET', '/api/statuses/show/9.json']]) {
    const [one, other] = [await ida.call(method, path, body, inEnglish), await ida.call(method, path, body, inFrench)];
    assert.ok(one.status >= 400, path);
    assert.equal(other.text, one.text, path);
  }
});

test('why a picture is refused is said in the language, whatever its worker writes', async () => {
  const nothing = Buffer.from('no picture at all'), tiff = Buffer.from('II*\0\x08\0\0\0\0\0\0\0', 'latin1');
  const huge = Buffer.from(fixture('pictures/squares.gif'));
  huge.writeUInt16LE(65000, 6);
  huge.writeUInt16LE(65000, 8);
  for (const [bytes, type, english, said] of [
    [nothing, 'format', /^This cannot be crushed: not a [^.]* or \w+ by its first bytes\.$/, /^Ceci ne se broie pas\u00a0: ses premiers octets ne sont ceux d’aucun format connu ici \([^.]* ou \w+\)\.$/],
    [tiff, 'format', /^This cannot be crushed: this is a TIFF; save it as JPEG or PNG first\. JPEG.* and \w+ can\.$/, /^Ceci ne se broie pas\u00a0: c’est un TIFF\u202f; enregistre-le d’abord en JPEG ou en PNG\. Se broient\u00a0: JPEG.* et \w+\.$/],
    [huge, 'side', /^This is over the limit of side: the picture is 65000 x 65000 pixels, more than 50000 on a side\./, /^C’est au-delà de la limite \(côté\)\u00a0: l’image fait 65000 × 65000 pixels, plus que les 50000 permis par côté\./],
    [fixture('pictures/squares.gif').subarray(0, 20), 'cut', /^This picture cannot be used: GIF: /, /^Cette image ne peut pas servir\u00a0: GIF\u00a0: /],
  ]) {
    const [one, other] = await Promise.all([inEnglish, inFrench].map((headers) => ida.call('POST', '/api/pictures', pictureForm(bytes, { preset: 'dust' }), headers)));
    assert.equal(one.status, other.status, type);
    assert.equal(one.json.type, other.json.type);
    assert.match(one.json.detail, english);
    assert.match(other.json.detail, said);
  }
});

test('the script comes in the language of its page, at an address that is kept for good', async () => {
  const script = async (headers) => {
    const page = await get('/', headers);
    const address = /<script src="([^"]*)"/.exec(page.text)[1].replaceAll('&amp;', '&');
    return { address, policy: page.headers['content-security-policy'], answer: await get(address, { ...headers, 'accept-language': 'tlh' }) };
  };
  const [english, other] = [await script(inEnglish), await script(inFrench)];
  assert.notEqual(other.address, english.address);
  for (const { address, policy, answer } of [english, other]) {
    assert.match(address, /^\/static\/piclog\.js\?v=[0-9a-f]{16}$/, 'one path, which the policy names');
    assert.match(policy, /script-src \*:\*\/static\/piclog\.js(?!\S)/);
    assert.equal(answer.status, 200);
    assert.match(answer.headers['cache-control'], /immutable/);
    assert.equal(answer.headers.vary, english.answer.headers.vary);
    assert.doesNotMatch(answer.text, /\/\*tr\*\//);
    new Function(answer.text); // it can be parsed
  }
  const literals = (answer) => answer.text.match(/'[^'\n]*'|`[^`]*`/g);
  assert.equal(literals(other.answer).length, literals(english.answer).length);
  const marked = [...readFileSync(join(root, 'templates/static/piclog.js'), 'utf8').matchAll(/\/\*tr\*\/(['`])(.*?)\1/g)].map(([, , text]) => text);
  assert.ok(marked.length > 15, `${marked.length} words are marked`);
  for (const text of marked) {
    assert.ok(english.answer.text.includes(text), text);
    assert.ok(other.answer.text.includes(french(text)), text);
    if (/[a-z]{3}/i.test(text.replace(/\$\{.*?\}/g, ''))) assert.ok(!literals(other.answer).some((literal) => literal.slice(1, -1) === text), `${text} is English`);
  }
  assert.equal((await get('/static/piclog.js', inFrench)).text, english.answer.text, 'without a version: English, whoever asks');
  assert.equal((await get('/static/piclog.js?v=0123456789abcdef', inFrench)).status, 303);
  const [style, styled] = [await get('/', inEnglish), await get('/', inFrench)].map(({ text }) => /\/static\/style\.css[^"]*/.exec(text)[0]);
  assert.equal(styled, style, 'what has no words has one address');
});

test('a choice in the settings wins over the browser, is kept in the account and leaves with it', async () => {
  const browser = await new Browser(piclog, inEnglish).logIn(ida);
  const words = { display_name: '', homepage: '', about: '', links: '' };
  speaks(await browser.get('/settings/profile'), 'en');
  const saved = await browser.submit('/settings', { ...words, language: 'fr' }, { page: '/settings/profile' });
  assert.equal(saved.status, 303);
  const page = await browser.get('/settings/profile');
  speaks(page, 'fr');
  assert.match(page.text, /<option value="fr" lang="fr" selected>Français<\/option>/);
  assert.ok(page.text.includes(`role="status">${french('Saved.')}<`), 'the notice comes in it');
  assert.equal((await ida.call('GET', '/api/me')).json.language, 'fr');
  speaks(await get('/~ida', inEnglish), 'en'); // nobody else's business
  assert.ok(!('language' in (await get('/~ida.json')).json.person));
  assert.equal((await browser.submit('/settings', { ...words, language: 'tlh' }, { page: '/settings/profile' })).status, 422);
  assert.equal((await ida.call('PUT', '/api/me', { display_name: 'Ida' })).json.language, 'fr', 'what is not sent stays');
  const zip = await ida.call('GET', '/settings/export');
  assert.equal(zip.status, 200);
  const folder = join(piclog.data, 'ida.zip');
  piclog.run(['export', 'ida', folder]);
  piclog.addUser('copy');
  piclog.run(['import', folder, 'copy']);
  const copy = piclog.run(['token', 'copy']);
  assert.equal((await get('/api/me', { authorization: `Bearer ${copy}` })).json.language, 'fr');
  assert.equal((await ida.call('PUT', '/api/me', { language: '' })).json.language, '');
  speaks(await browser.get('/settings/profile'), 'en');
});

test('moods are stored once and shown in the viewer’s language', async () => {
  const happy = french('happy');
  assert.ok((await get('/moods/1', inFrench)).text.includes(`>${happy}</b>`));
  assert.ok((await get('/moods/1', inEnglish)).text.includes('>happy</b>'));
  assert.ok((await get('/moods/2', inFrench)).text.includes('>a word of my own</b>'));
  assert.equal((await get('/moods/1.json', inFrench)).json.mood.mood, 'happy');
  const browser = await new Browser(piclog, inFrench).logIn(ida);
  const form = (await browser.get('/mood')).text;
  assert.ok(form.includes(`<option value="😀 ${happy}">`) && form.includes(`value="😀 happy" class="quiet" formnovalidate>😀 ${happy}</button>`));
  await browser.submit('/mood', { mood: `😀 ${happy}`, note: 'typed in French' });
  assert.deepEqual((({ mood, face }) => ({ mood, face }))((await get('/moods.json?by=ida')).json.moods[0]), { mood: 'happy', face: '😀' });
  const { id } = (await get('/moods.json?by=ida')).json.moods[0];
  assert.ok((await browser.get(`/moods/${id}/edit`)).text.includes(`value="😀 ${happy}"`), 'the form is in the language as well');
  await browser.submit(`/moods/${id}/edit`, { mood: `😀 ${happy}`, note: 'again' });
  assert.equal((await get(`/api/moods/${id}`)).json.mood, 'happy');
  assert.ok((await get(`/moods?mood=${encodeURIComponent(happy)}`, inFrench)).text.includes(`/moods/${id}`));
});

test('the place has a language: of feeds, widgets, and of whoever asks for none that is spoken', async () => {
  const desk = await new Browser(piclog, inEnglish).logIn(boss);
  assert.equal((await desk.submit('/admin/site', { language: 'tlh' })).status, 422);
  assert.equal((await desk.submit('/admin/site', { language: 'fr' })).status, 303);
  speaks(await get('/'), 'fr');
  speaks(await get('/', { 'accept-language': 'de' }), 'fr');
  speaks(await get('/', inEnglish), 'en');
  assert.match((await get('/embed/ida/mood', inEnglish)).text, /<html lang="fr"/);
  assert.ok((await get('/embed/ida/mood', inEnglish)).text.includes(french('happy')));
  assert.equal((await get('/embed/ida/mood.json')).json.items[0].text, 'happy', 'data stays data');
  assert.ok((await get('/feed.atom', inEnglish)).text.includes(french('happy')));
  await piclog.restart();
  speaks(await get('/'), 'fr');
  assert.equal((await (await new Browser(piclog, inEnglish).logIn(boss)).submit('/admin/site', { language: 'en' })).status, 303);
  speaks(await get('/'), 'en');
});

test('a widget speaks the language that its address asks for, whoever looks and whatever the place speaks', async () => {
  for (const headers of [inEnglish, inFrench, bearer(ida)]) {
    const frame = await get('/embed/ida/mood?lang=fr', headers);
    speaks(frame, 'fr');
    assert.doesNotMatch(frame.headers.vary ?? '', /Accept-Language/);
    assert.match(frame.headers['cache-control'], /public/);
    assert.ok(frame.text.includes(french('happy')) && !frame.text.includes('>happy<'));
    for (const path of ['/embed/ida/mood', '/embed/ida/mood?lang=en', '/embed/ida/mood?lang=tlh', '/embed/ida/mood?lang=']) speaks(await get(path, headers), 'en');
  }
  const scripts = [];
  for (const lang of ['en', 'fr']) scripts.push((await get(`/embed/ida/clip.js?lang=${lang}`)).text);
  assert.match(scripts[0], /"lang":"en","none":"Nothing yet\.","hold":"Hold it still"/);
  for (const text of ['Nothing yet.', 'Hold it still', 'It flashes. Play it all the same']) {
    assert.ok(scripts[1].includes(JSON.stringify(french(text))) && !scripts[1].includes(text), text);
  }
  const ring = (await get('/embed/ida/ring.js?lang=fr')).text;
  assert.ok(ring.includes(french('anywhere')) && !ring.includes('"anywhere"'));
  assert.equal((await get('/embed/ida/mood.json?lang=fr')).text, (await get('/embed/ida/mood.json')).text, 'data stays data');
  for (const path of ['/embed/ida/mood.gif?', '/embed/ida/ring.gif?', '/badge/ida.gif?', '/button/ida.gif?style=block&'])
    assert.notDeepEqual((await get(`${path}lang=fr`)).data, (await get(`${path}lang=en`)).data, path);
  // whoever chose a language for themselves finds it in the code for their own site
  const addresses = async () => JSON.stringify((await ask(piclog, 'GET', '/settings/site.json', { headers: bearer(ida) })).json);
  assert.doesNotMatch(await addresses(), /lang=/);
  await ida.call('PUT', '/api/me', { language: 'fr' });
  assert.match(await addresses(), /embed\/ida\/mood\?lang=fr".*mood\.js\?lang=fr".*button\/ida\.gif\?style=block&lang=fr".*badge\/ida\.gif\?[^"]*&lang=fr"/);
  await ida.call('PUT', '/api/me', { language: '' });
});

test('the command line follows LC_ALL, LC_MESSAGES and LANG; what scripts read does not change', async () => {
  const { execFileSync, spawnSync } = await import('node:child_process');
  const { executable } = await import('./piclog.mjs');
  const run = (args, env) => spawnSync(executable, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  const usage = 'usage: piclog stats [--data DIR]\n';
  assert.equal(run(['stats', 'x'], {}).stderr, usage);
  for (const env of [{ LC_ALL: 'fr_FR.UTF-8' }, { LC_MESSAGES: 'fr_CA.UTF-8', LANG: 'C' }, { LANG: 'fr' }]) {
    const answer = run(['stats', 'x'], env);
    assert.equal(answer.stderr, french(usage));
    assert.equal(answer.status, 2);
  }
  for (const env of [{ LC_ALL: 'C', LANG: 'fr_FR.UTF-8' }, { LANG: 'fr_FR.ISO-8859-1' }, { LANG: 'de_DE.UTF-8' }]) assert.equal(run(['stats', 'x'], env).stderr, usage);
  const stats = (env) => execFileSync(executable, ['stats', '--data', piclog.data], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  assert.equal(stats({ LC_ALL: 'fr_FR.UTF-8' }), stats({}));
});
