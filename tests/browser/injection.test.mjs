// Every text of payloads.mjs in every field that strangers fill, looked at in every place that shows it. Nothing may
// run, no dialog may open, no policy may be violated, nobody elsewhere may be asked.
//
// Three looks: a browser visits the pages under their own policy; it opens the same documents without any policy, so that
// escaping alone must hold; and a parser goes through all of them for elements, handlers and addresses that nobody put there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addresses, pack, payloads } from './payloads.mjs';
import { ask, bearer, Browser, fixture, open, pictureForm } from './browser.mjs';

const site = await open();
const { piclog } = site;
const asked = []; // by anybody who was talked into it
const elsewhere = http.createServer((request, response) => {
  if (request.url === '/home') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(home);
  }
  asked.push(request.url);
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end();
});
const names = Array.from({ length: 6 }, (_, i) => `mallory${i}`);
let texts, people, browser, home = '', foreign, thread;

const all = async (items, work, atOnce = 6) => {
  const rest = [...items];
  const results = [];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (rest.length) {
      const item = rest.shift();
      results.push(await work(item, items.indexOf(item)));
    }
  }));
  return results;
};
const post = async (i, path, body) => {
  const answer = await ask(piclog, 'POST', path, { headers: bearer(people[i % people.length]), body });
  assert.ok(answer.status === 201 || answer.status === 422, `${path}: ${answer.status} ${answer.text}`);
  return answer.status;
};
const faces = ['"><b', '<b>', "'\"", '{{a', '&lt;', '</p', ']]>', '`$', '\\"', '<!--'];

before(async () => {
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  foreign = `//localhost:${elsewhere.address().port}`;
  texts = payloads(foreign);
  people = names.map((name) => piclog.addUser(name));
  browser = await new Browser(piclog, { 'user-agent': pack(texts.filter((text) => /^[\x20-\x7e]*$/.test(text)), 200)[0] }).logIn(people[0]);

  const made = [];
  made.push(...await all(pack(texts, 140), (content, i) => post(i, '/api/statuses', { content, face: faces[i % faces.length] })));
  made.push(...await all(pack(texts, 140), (note, i) => post(i, '/api/moods', { mood: `mood ${i}`, note, face: faces[i % faces.length] })));
  made.push(...await all(pack(texts, 40), (mood, i) => post(i, '/api/moods', { mood, note: '', face: '' })));
  const alts = pack(texts, 1500), picture = fixture('pictures/squares.gif');
  made.push(...await all(pack(texts, 200), (caption, i) => post(i, '/api/pictures', pictureForm(picture, { caption, alt: alts[i % alts.length], tags: texts[i], preset: 'dust', note: texts.filter((text) => text.length <= 40)[i] }))));
  assert.ok(made.filter((status) => status === 201).length > 350, `of ${made.length} posts too few were taken`);
  const abouts = pack(texts, 2000, '\n\n'), labels = pack(texts.filter((text) => !/[\r\n\u2028\u2029]/.test(text)), 60);
  await all(people, async (person, i) => {
    const links = labels.slice(12 * i, 12 * i + 12).map((label) => `https://a.example/${i} ${label.replace(/\s+/g, ' ')}`).join('\n');
    const answer = await ask(piclog, 'PUT', '/api/me', { headers: bearer(person), body: { about: abouts[i % abouts.length], links, css: `/* ${texts.slice(40 * i, 40 * i + 40).join(' ')} */`.slice(0, 19000) } });
    assert.equal(answer.status, 200, answer.text);
  });
  // walls: words and alt texts of members, names and words of visitors, all let in by whose wall it is
  await all(people, (person) => ask(piclog, 'PUT', '/api/me', { headers: bearer(person), body: { wall: 'open', has_guestbook: true } }));
  made.push(...await all(pack(texts, 500), (content, i) => post(i, `/api/wall/${names[(i + 1) % names.length]}`, i % 8 ? { content } : pictureForm(picture, { content, alt: alts[i % alts.length] }))));
  await all(pack(texts, 300).slice(0, 30), async (content, i) => {
    const where = `/~${names[i % names.length]}/wall`, localAddress = `127.0.1.${1 + (i >> 2)}`;
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await ask(piclog, 'GET', where, { localAddress })).text)[1];
    const fields = { csrf, name: labels[i].slice(0, 40), homepage: i % 2 ? '' : addresses(foreign)[i], content };
    await ask(piclog, 'POST', `${where}/sign`, { localAddress, body: new URLSearchParams(fields) });
  });
  await all(people, async (person, i) => {
    const { waiting } = (await ask(piclog, 'GET', `/~${names[i]}/wall.json`, { headers: bearer(person) })).json;
    for (const { id } of waiting) await ask(piclog, 'PUT', `/api/wall/${id}`, { headers: bearer(person) });
  }, 1);
  // bulletins, five of each person at a time; layouts; sites of the directory; answers; all with whom to show them to
  const lines = pack(texts.filter((text) => !/[\r\n\u2028\u2029]/.test(text)), 80), took = { bulletins: 0, layouts: 0, neighbours: 0, answers: 0, messages: 0 };
  const give = async (i, what, path, body) => { const status = await post(i, path, body); took[what] += status === 201; };
  await all(people, async (person, i) => {
    for (const name of names.filter((name) => name !== names[i])) await post(i, '/api/follows', { name });
    for (let k = 0; k < 5; k++) await give(i, 'bulletins', '/api/bulletins', { subject: lines[(5 * i + k) % lines.length], content: abouts[(5 * i + k) % abouts.length], days: 10 });
  }, 1);
  await all(pack(texts, 40).slice(0, 60), (name, i) => give(i, 'layouts', '/api/layouts', { name, line: lines[i % lines.length].slice(0, 80), css: i % 3 ? 'p { color: red }' : `/* ${texts[i].replaceAll('*/', '')} */ p { color: red }` }));
  const suggested = [];
  await all([...pack(texts, 60).slice(0, 60), ...addresses(foreign)], async (text, i) => {
    const isAddress = i >= 60;
    const answer = await ask(piclog, 'POST', '/api/neighbours', { headers: bearer(people[i % people.length]), body: { title: isAddress ? `site ${i}` : text, line: lines[i % lines.length], url: isAddress ? text : `https://a.example/n${i}`, category: i % 5 ? 'odd' : text } });
    assert.ok([201, 409, 422].includes(answer.status), answer.text);
    if (answer.status === 201) suggested.push(answer.json.id);
    took.neighbours += answer.status === 201;
  }, 1);
  const boss = await new Browser(piclog).logIn(piclog.addUser('boss', undefined, '--admin'));
  for (const id of suggested) await boss.submit('/admin/act', { action: 'approve', kind: 'neighbour', id, reason: '' }, { page: '/admin/settings' });
  const { id: ground } = (await ask(piclog, 'POST', '/api/statuses', { headers: bearer(people[1]), body: { content: 'answer me' } })).json;
  thread = `/statuses/${ground}`;
  await all(pack(texts, 140).slice(0, 30), (content, i) => give(i, 'answers', '/api/statuses', { content, face: faces[i % faces.length], reply_to: `statuses/${ground}` }));
  await all(pack(texts, 200).slice(0, 12), (caption, i) => give(i, 'answers', '/api/pictures', pictureForm(picture, { caption, alt: alts[i % alts.length], preset: 'dust', reply_to: `statuses/${ground}` })));
  for (const post of (await ask(piclog, 'GET', `${thread}.json`)).json.replies) await ask(piclog, 'POST', '/api/kept', { headers: bearer(people[0]), body: { post: `${post.kind === 'status' ? 'statuses' : 'pictures'}/${post.id}` } });
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(people[0]), body: { shows_kept: true, shows_follows: true } });
  const shortTexts = texts.filter((text) => text.length <= 40);
  for (const [i, person] of people.entries()) {
    await ask(piclog, 'PUT', '/api/me', { headers: bearer(person), body: { display_name: shortTexts[i] } });
    await ask(piclog, 'PUT', '/api/me/top', { headers: bearer(person), body: { names: names.filter((name) => name !== names[i]).slice(0, 8) } });
  }
  // messages, among people who all follow each other
  await all(pack(texts, 500), async (content, i) => {
    const from = 1 + i % (names.length - 1), answer = await ask(piclog, 'POST', '/api/messages', { headers: bearer(people[from]), body: { to: names[0], content } });
    took.messages += answer.status === 201;
  }, 1);
  for (const [what, least] of Object.entries({ bulletins: 25, layouts: 40, neighbours: 40, answers: 30, messages: 10 })) assert.ok(took[what] >= least, `${took[what]} ${what} were taken`);
  await all(labels.slice(0, 20), (label) => browser.submit('/settings/tokens', { label, may_post: '1' }, { page: '/settings' }), 1);
});
after(async () => {
  elsewhere.close();
  elsewhere.closeAllConnections();
  await site.close();
});

// ---- The looks ---------------------------------------------------------------------------------------

// In the browser: what in a document nobody of us put there. fragment: what feed readers and widgets assign to innerHTML.
function inspect({ html, origin, fragment, xml }) {
  const known = new Set(('html head meta title link script body a header footer p nav ul ol li main section article div span h1 h2 h3 h4 img time b i em strong code pre blockquote hr br ' +
    'dl dt dd form input textarea button label fieldset legend svg path rect text g defs pattern desc details summary datalist option select progress table caption thead tbody tr td th base small figure figcaption').split(' '));
  const words = new Set('a b br code em i img p strong time span'.split(' '));
  const found = [];
  const look = (document, allowed) => {
    for (const element of document.querySelectorAll('*')) {
      const name = element.localName;
      // the frame of a person's room: ours, by its address, and without scripts
      if (name === 'iframe' && /^\/(~[a-z0-9_-]{1,20}|settings\/style)\/room(\?[a-z0-9=&]*)?$/.test(element.getAttribute('src')) && element.hasAttribute('sandbox') && !/scripts/.test(element.getAttribute('sandbox'))) continue;
      if (name === 'mark' && element.textContent === 'new' && !element.attributes.length) continue; // in the menu: there are notices
      if (!allowed.has(name) || (name === 'base' && element.hasAttribute('href'))) found.push(`<${name}>`);
      if (name === 'script' && (element.textContent || !/^\/static\/(piclog|live)\.js\?v=\w+$/.test(element.getAttribute('src')))) found.push(element.outerHTML);
      if (/^(pwn|document|location|body|cookie|getElementById)$/.test(element.id) || (element.getAttribute('name') && name !== 'input' && name !== 'button' && name !== 'textarea' && name !== 'meta' && name !== 'select')) found.push(`clobbers ${element.outerHTML.slice(0, 80)}`);
      for (const { name: attribute, value } of element.attributes) {
        if (/^on|^style$|^srcdoc$|^formaction$|^background$|^xlink|^data$|^http-equiv$/.test(attribute)) found.push(`${name} ${attribute}=${value}`);
        const isOrnament = /^(img|link)$/.test(name) && /^data:image\/(png|jpeg);base64,[\w+/=]+$/.test(value);
        if (/^(href|src|action|poster|srcset|cite|manifest)$/.test(attribute) && !isOrnament) {
          const { protocol, origin: to } = new URL(value, origin);
          if (!/^(https?|mailto):$/.test(protocol) || (attribute !== 'href' && to !== origin) || (name === 'link' && to !== origin)) found.push(`${name} ${attribute}=${value}`);
        }
      }
    }
  };
  if (xml) {
    const document = new DOMParser().parseFromString(html, 'application/xml');
    if (document.querySelector('parsererror')) return [document.querySelector('parsererror').textContent];
    const texts = [...document.querySelectorAll('content[type=html], summary[type=html], title[type=html]')].map((element) => element.textContent);
    for (const text of texts) found.push(...inspect({ html: text, origin, fragment: true }));
    const isThread = (element) => element.namespaceURI === 'http://purl.org/syndication/thread/1.0' && element.localName === 'in-reply-to' && new URL(element.getAttribute('href')).origin === origin;
    for (const element of document.querySelectorAll('*')) if (element.namespaceURI !== 'http://www.w3.org/2005/Atom' && !isThread(element)) found.push(`${element.namespaceURI} <${element.localName}>`);
    for (const link of document.querySelectorAll('link')) if (new URL(link.getAttribute('href')).origin !== origin) found.push(link.outerHTML);
    return found;
  }
  const document = new DOMParser().parseFromString(html, 'text/html');
  look(fragment ? document.body : document, fragment ? words : known);
  return found;
}

async function watched(context) {
  const events = [];
  await context.exposeBinding('pwned', (_, what) => events.push(what));
  await context.addInitScript(() => {
    Object.defineProperty(window, 'pwn', { value: () => window.pwned('a payload ran'), writable: false });
    addEventListener('securitypolicyviolation', (event) => window.pwned(`violates ${event.violatedDirective}: ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => { events.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`; // an error page, or a picture /i/x in somebody's Markdown, is no event
    if (message.type() === 'error' && !/status of 404|ERR_FILE_NOT_FOUND.*\/i\/x/.test(text)) events.push(text);
  });
  page.on('pageerror', (error) => events.push(String(error)));
  page.on('request', (request) => { if (request.url().includes('localhost:')) events.push(`asks ${request.url()}`); });
  return { page, events };
}

const links = (html, pattern) => [...html.matchAll(pattern)].map((match) => match[1].replaceAll('&amp;', '&'));

// All pages of a timeline, then its posts' own.
async function collect(visitor) {
  const documents = new Map();
  const take = async (path) => {
    if (documents.has(path)) return '';
    const answer = await visitor.get(path);
    assert.match(answer.headers['content-type'], /^text\/html; charset=utf-8/, path);
    assert.ok(answer.headers['content-security-policy'], path);
    documents.set(path, answer.text);
    return answer.text;
  };
  for (const start of ['/', '/gallery', '/statuses', '/statuses?answers=1', '/moods', '/people', '/layouts', '/neighbours', '/ring', thread, `/~${names[0]}/kept`, `/~${names[0]}/follows`, ...names.map((name) => `/~${name}`), ...names.map((name) => `/~${name}/wall`), ...names.map((name) => `/moods?by=${name}`)])
    for (let path = start; path;) [path] = links(await take(path), /<a[^>]* href="([^"]*[?&]before=\d+)"[^>]*rel="next"|<a[^>]*rel="next"[^>]*href="([^"]+)"/g);
  const inner = [...documents.values()].flatMap((html) => links(html, /href="(\/(?:p|statuses|moods|layouts)\/\d+|\/tag\/[^"]+)"/g));
  await all([...new Set(inner)], take);
  return documents;
}

let documents; // path -> HTML, for the looks without a policy
test('pages, under their policy and by their structure', async () => {
  documents = await collect(new Browser(piclog));
  const own = [...documents.keys()].filter((path) => /^\/(p|statuses|moods)\/\d+$/.test(path)).slice(0, 120);
  await all(['/settings', ...['profile', 'pictures', 'password', 'tokens', 'invites', 'leave'].map((room) => `/settings/${room}`), '/settings/style', '/settings/style/preview', '/settings/layouts', '/settings/style?layout=1', '/bulletins/1', '/messages', ...names.slice(1).map((name) => `/messages/${name}`), '/settings/top', '/settings/answers', '/settings/neighbours', '/settings/feeds', '/friends', '/friends/statuses', '/friends/people', '/friends/followers', '/notices', '/kept', '/bulletins', '/pokes', '/neighbours/new', `/follow/${names[1]}`, `/poke/${names[1]}`, `/status?reply_to=${thread.slice(1)}`, `/upload?reply_to=${thread.slice(1)}`, ...own.flatMap((path) => [`${path}/edit`])], async (path) => {
    const answer = await browser.get(path);
    if (answer.status === 200) documents.set(path, answer.text);
  });
  // What is asked for is shown again: searches, forms, errors.
  await all(texts, async (text, i) => {
    const q = encodeURIComponent(text);
    for (const path of [`/search?q=${q}`, ...(i % 3 ? [] : [`/login?next=${q}`, `/status?content=${q}`, `/~${q}`, `/tag/${q}`, `/p/${q}`, `/embed/mallory0/status?fg=${q}&bg=${q}&link=${q}&font=${q}&size=${q}&hide=${q}`])]) {
      const answer = await (path.startsWith('/status?') ? browser : new Browser(piclog)).get(path);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.ok(!('pwn' in answer.headers) && !answer.setCookie.some((cookie) => cookie.startsWith('pwn')), path);
      if (answer.headers['content-type'].startsWith('text/html')) documents.set(path, answer.text);
      else assert.match(answer.headers['content-type'], /^application\/problem\+json|^text\/plain/, path);
    }
  });
  await all(pack(texts, 700), async (text, i) => {
    for (const [path, field] of [['/settings', 'homepage'], ['/settings', 'links'], ['/status', 'content'], ['/mood', 'mood'], ['/bulletins', 'subject'], ['/settings/layouts', 'name'], ['/settings/top', 'names'], ['/neighbours/new', 'title'], ['/neighbours/new', 'url'], ['/neighbours/new', 'category'], ['/kept', 'post'], ['/settings/feeds', 'feed'], ['/settings/answers', 'answers'], ['/settings/neighbours', 'wall'], [`/~${names[1]}/wall`, 'content']]) {
      if (path.length > 10 && i % 3) continue;
      const page = path === '/kept' ? thread : path;
      const answer = await browser.submit(path, { display_name: text, about: text, css: '', links: '', homepage: '', subject: text, days: '1', name: text, line: text, title: text, url: 'https://a.example/', category: 'odd', names: text, answers: 'everybody', wall: 'look', mood: '', [field]: text + 'x'.repeat(path.endsWith('/wall') ? 600 : 200), face: text }, { page });
      if (answer.status === 422) documents.set(`${path} ${field} ${i}`, answer.text);
    }
  }, 1);
  assert.ok(documents.size > 500, `${documents.size} documents`);
  const page = await site.browser.newPage();
  const found = await page.evaluate(`(${inspectAll})(${inspect}, ${JSON.stringify([...documents])}, ${JSON.stringify(piclog.origin)})`);
  await page.close();
  assert.deepEqual(found.slice(0, 20), []);

  const { page: tab, events } = await watched(await site.browser.newContext({ baseURL: piclog.origin }));
  await tab.context().addCookies([...browser.jar].map(([name, value]) => ({ name, value, url: piclog.origin })));
  const visits = [...documents.keys()].filter((path) => path.startsWith('/') && !path.includes(' '));
  const timelines = visits.filter((path) => /^\/(gallery|statuses|moods|people|layouts|neighbours.*|bulletins|notices|kept|friends.*|settings.*)?(\?|$)|^\/~mallory/.test(path) && (!path.includes('before=') || path.length % 2));
  const every = (pattern, most) => visits.filter((path) => pattern.test(path)).slice(0, most);
  for (const path of [...timelines, ...every(/^\/p\/\d+$/, 12), ...every(/^\/p\/.*edit/, 4), ...every(/^\/search/, 12), ...every(/^\/embed/, 3), ...every(/^\/tag/, 3), ...every(/^\/(login|status)\?/, 4), ...every(/^\/~(?!mallory)/, 3)]) await tab.goto(path);
  assert.deepEqual(events, []);
  await tab.context().close();
  assert.deepEqual(asked, []);
});

function inspectAll(look, list, origin) {
  return list.flatMap(([path, html]) => look({ html, origin }).map((what) => `${path}: ${what}`));
}

test('the same documents without any policy: escaping alone holds', async () => {
  const { page, events } = await watched(await site.browser.newContext());
  let html = '';
  await page.route(`${piclog.origin}/**`, (route) => route.request().isNavigationRequest() ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }) : route.fulfill({ body: '' }));
  const some = [...documents].filter(([path], i) => !/^\/(search|login|tag|embed|~%|status\?)/.test(path) ? /before=|^\/[^/]*$| /.test(path) || i % 9 === 0 : i % 25 === 0);
  for (const [path, text] of some) {
    html = text;
    await page.goto(`${piclog.origin}/without-policy`);
    assert.deepEqual(events, [], path);
  }
  assert.ok(some.length > 60, `${some.length} documents`);
  await page.context().close();
  assert.deepEqual(asked, []);
});

test('the looks can fail: one payload that is not escaped is seen by each', async () => {
  const page = await site.browser.newPage();
  for (const html of ['<p onclick=x>', '<img src=x onerror=pwn(1)>', '<script>pwn(1)</script>', '<a href=javascript:x>', `<img src=${foreign}/x>`, '<base href=x>', '<a id=pwn>'])
    assert.ok((await page.evaluate(`(${inspect})(${JSON.stringify({ html, origin: piclog.origin })})`)).length, html);
  assert.ok((await page.evaluate(`(${inspect})(${JSON.stringify({ html: '<feed><a></feed>', xml: true, origin: piclog.origin })})`)).length);
  await page.close();
  const { page: tab, events } = await watched(await site.browser.newContext());
  await tab.setContent('<img src=x onerror=pwn(1)>');
  await tab.waitForTimeout(200);
  assert.ok(events.includes('a payload ran'));
  await tab.context().close();
});

test('display names, a hundred of them, in the list of people and on their pages', async () => {
  const shown = pack(texts, 80);
  const { page, events } = await watched(await site.browser.newContext({ baseURL: piclog.origin }));
  for (let i = 0; i < shown.length; i += names.length) {
    await all(people, (person, k) => ask(piclog, 'PUT', '/api/me', { headers: bearer(person), body: { display_name: shown[i + k] ?? 'x' } }));
    await page.goto('/people');
    if (i % 4 === 0) await page.goto(`/~${names[i % names.length]}`);
    const html = (await ask(piclog, 'GET', '/people')).text;
    assert.deepEqual(await page.evaluate(inspect, { html, origin: piclog.origin }), []);
  }
  assert.deepEqual(events, []);
  await page.context().close();
});

test('addresses that are no web addresses are refused as homepage and link', async () => {
  let refused = 0;
  for (const address of addresses(foreign)) {
    const { status } = await ask(piclog, 'PUT', '/api/me', { headers: bearer(people[0]), body: { homepage: address } });
    const { homepage } = (await ask(piclog, 'GET', `/~${names[0]}.json`)).json.person;
    refused += status === 422;
    if (homepage) assert.match(homepage, /^https?:\/\/[^\s"'<>`\\]+$|^https?:\/\/[^\s"<>`\\]+$/, address);
  }
  assert.ok(refused > 20, `${refused} refused`);
  const html = (await ask(piclog, 'GET', `/~${names[0]}`)).text;
  const page = await site.browser.newPage();
  assert.deepEqual(await page.evaluate(inspect, { html, origin: piclog.origin }), []);
  await page.close();
});

test('feeds are XML and JSON, and what they carry as HTML is harmless', async () => {
  const page = await site.browser.newPage();
  for (const path of ['/feed.atom', ...names.flatMap((name) => [`/~${name}/feed.atom`, `/users/${name}.atom`]), '/neighbours/feed.atom']) {
    const answer = await ask(piclog, 'GET', path);
    assert.match(answer.headers['content-type'], /^application\/atom\+xml/);
    assert.deepEqual(await page.evaluate(inspect, { html: answer.text, xml: true, origin: piclog.origin }), [], path);
  }
  const opml = await ask(piclog, 'GET', '/neighbours.opml');
  assert.deepEqual(await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'application/xml');
    return [...document.querySelectorAll('*')].map((element) => element.localName).filter((name) => !['opml', 'head', 'title', 'dateCreated', 'body', 'outline'].includes(name));
  }, opml.text), []);
  for (const feed of ['friends', 'notices']) {
    const shown = await browser.submit('/settings/feeds', { feed });
    const [path] = new RegExp(`/${feed}/feed\\.atom\\?key=[\\w-]+`).exec(shown.text), answer = await ask(piclog, 'GET', path);
    assert.match(answer.text, /<entry>/);
    assert.deepEqual(await page.evaluate(inspect, { html: answer.text, xml: true, origin: piclog.origin }), [], path.split('?')[0]);
  }
  for (const path of ['/feed.json', ...names.map((name) => `/~${name}/feed.json`)]) {
    const answer = await ask(piclog, 'GET', path);
    assert.match(answer.headers['content-type'], /json/);
    for (const item of answer.json.items)
      assert.deepEqual(await page.evaluate(inspect, { html: item.content_html ?? '', fragment: true, origin: piclog.origin }), [], path);
  }
  await page.close();
});

test('JSON twins, API, problems: JSON that nobody takes for a page', async () => {
  const paths = ['/index.json', '/gallery.json', '/statuses.json', '/moods.json', '/moods/counts.json', '/people.json', ...names.map((name) => `/~${name}.json`), '/p/1.json', '/api/pictures/1', '/api/statuses/1', '/api/moods/1',
    ...names.flatMap((name) => ['status', 'mood', 'picture', 'timeline'].map((kind) => `/embed/${name}/${kind}.json`)), ...names.map((name) => `/users/${name}/status.json`), `/oembed?url=${encodeURIComponent(`${piclog.origin}/p/1`)}`];
  for (const text of texts.filter((_, i) => i % 2)) {
    const q = encodeURIComponent(text);
    paths.push(`/search.json?q=${q}`, `/api/pictures/${q}`, `/oembed?url=${q}&format=${q}`, `/.well-known/webfinger?resource=${q}`, `/current-status.js?name=mallory0&callback=${q}`);
  }
  await all(paths, async (path) => {
    const answer = await ask(piclog, 'GET', path);
    assert.match(answer.headers['content-type'], path.startsWith('/current-status.js') && answer.status === 200 ? /^text\/javascript/ : /json|text\/html/, path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.ok(!answer.headers['content-type'].startsWith('text/html') || !path.includes('callback'), path);
    if (/json/.test(answer.headers['content-type'])) JSON.parse(answer.text);
    if (path.includes('callback=') && answer.status === 200) assert.match(new URL(path, piclog.origin).searchParams.get('callback'), /^[\w$]+(\.[\w$]+)*$/);
  });
});

test('badges and the widgets’ stylesheet take no text from the query', async () => {
  await all(texts.filter((_, i) => i % 3 === 0), async (text) => {
    const q = encodeURIComponent(text);
    for (const path of [`/badge/mallory0.gif?fg=${q}&bg=${q}&show=${q}&trans=${q}`, `/button/mallory0.gif?style=${q}`, `/display/uname-mallory0/fg-${q}/bg-${q}/imood.gif`]) {
      const answer = await ask(piclog, 'GET', path);
      if (answer.status === 200) assert.equal(answer.data.subarray(0, 3).toString(), 'GIF', path);
      assert.match(answer.headers['content-type'], /^image\/gif|json|text\/html/, path);
    }
    const css = (await ask(piclog, 'GET', `/embed/style.css?fg=${q}&bg=${q}&link=${q}&font=${q}&size=${q}&center=${q}`)).text;
    assert.ok(!/[<>\\]|url|import|pwn|elsewhere|localhost/.test(css), css);
  });
});

test('on other people’s sites: scripts, frames, JSONP and innerHTML of the status, for everyone here', async () => {
  const kinds = ['status', 'mood', 'picture', 'timeline'];
  const { page, events } = await watched(await site.browser.newContext());
  page.removeAllListeners('request');
  for (const name of names) {
    home = `<!DOCTYPE html><meta charset="utf-8"><title>home</title><link rel="icon" href="data:,"><div id="html"></div><div id="statuscafe"><div id="statuscafe-username"></div><div id="statuscafe-content"></div></div>
      ${kinds.map((kind) => `<script src="${piclog.origin}/embed/${name}/${kind}.js"></script><iframe src="${piclog.origin}/embed/${name}/${kind}"></iframe>`).join('')}
      <script>function show(s) { document.getElementById('html').innerHTML = s.content + s.face.replace(/[<>]/g, '') }</script>
      <script src="${piclog.origin}/current-status.js?name=${name}"></script><script src="${piclog.origin}/current-status.js?name=${name}&callback=show"></script>
      <script>fetch('${piclog.origin}/users/${name}/status.json').then((r) => r.json()).then((s) => { document.getElementById('html').innerHTML += s.content; document.title = 'done' })</script>`;
    await page.goto(`http:${foreign}/home`, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => document.title === 'done');
    assert.ok(await page.locator('.piclog').count() >= 4, 'the widgets are there');
  }
  assert.deepEqual(events, []);
  assert.deepEqual(asked, []);
  await page.context().close();
});

test('the export opens offline and runs nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piclog-export-'));
  try {
    piclog.run(['export', names[1], join(folder, 'all.zip'), '--force']);
    execFileSync('unzip', ['-q', 'all.zip'], { cwd: folder });
    JSON.parse(readFileSync(join(folder, 'piclog.json'), 'utf8'));
    const { page, events } = await watched(await site.browser.newContext());
    await page.goto(`file://${folder}/index.html`);
    assert.ok(await page.locator('.status').count() > 5);
    assert.deepEqual(events, []);
    assert.deepEqual(asked, []);
    await page.context().close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
