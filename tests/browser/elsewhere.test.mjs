// Widgets where people have them: on a page of another origin, under the policy of free static hosts (scripts, pictures
// and frames from anywhere, no requests).
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { ask, bearer, fixture, logIn, open, pictureForm } from './browser.mjs';

export const policy = "connect-src 'self'; form-action 'self'; script-src * 'unsafe-inline'; img-src *; frame-src *";
const kinds = ['status', 'mood', 'picture', 'timeline'];
const styles = ['block', 'plain', 'night', 'candy', 'terminal', 'window'];
const words = 'a <b>bold</b> "claim" & a <script>alert(1)</script> naïve café';

let site, potato, home, port, html = '';
before(async () => {
  site = await open();
  potato = site.piclog.addUser('potato');
  const post = (path, body) => ask(site.piclog, 'POST', path, { headers: bearer(potato), body });
  await post('/api/pictures', pictureForm(fixture('pictures/cat.jpg'), { caption: 'cat & <i>dog</i>', alt: 'a "cat"' }));
  await post('/api/statuses', { face: '🥔', content: words });
  await post('/api/moods', { mood: 'crunchy', face: '🍪', note: '</script><img src=x onerror=alert(2)>' });
  home = http.createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(html);
  });
  await new Promise((done) => home.listen(0, '127.0.0.1', done));
  port = home.address().port;
});
after(async () => {
  home.close();
  home.closeAllConnections();
  await site.close();
});

// Shows a page of somebody's own site; "localhost" is another site than the piclog's 127.0.0.1.
async function showAtHome(body, title = 'home') {
  html = `<!DOCTYPE html><meta charset="utf-8"><title>${title}</title><body style="font: 15px sans-serif; background: #cfe8d5">${body}`;
  const context = await site.browser.newContext({ viewport: { width: 1100, height: 1000 } });
  // a cookie of the piclog must neither be sent along nor change anything
  await context.addCookies([{ name: 'piclog', value: 'x'.repeat(43), domain: '127.0.0.1', path: '/' }]);
  const page = await context.newPage();
  page.violations = [];
  page.on('console', (message) => { if (message.type() === 'error') page.violations.push(message.text()); });
  page.on('pageerror', (error) => page.violations.push(String(error)));
  page.on('dialog', (dialog) => { page.violations.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(`http://localhost:${port}/`, { waitUntil: 'networkidle' });
  return page;
}
const url = (path) => site.piclog.origin + path;

test('all widgets, in all forms, on one foreign page', async () => {
  const page = await showAtHome(`
    <div id="frames">${kinds.map((kind) => `<iframe id="frame-${kind}" src="${url(`/embed/Potato/${kind}`)}" width="420" height="190" title="${kind}"></iframe>`).join('')}</div>
    ${kinds.map((kind) => `<div id="script-${kind}" style="float:left;width:260px"><script src="${url(`/embed/potato/${kind}.js`)}"></script></div>`).join('')}
    <p style="clear:both">${['status.gif', 'mood.gif', 'timeline.gif', 'picture.jpg'].map((name) => `<img id="image-${name}" src="${url(`/embed/potato/${name}`)}" alt="${name}">`).join(' ')}</p>
    <p>${styles.map((style) => `<img class="button" src="${url(`/button/potato.gif?style=${style}`)}" alt="${style}">`).join(' ')}
    <img class="badge" src="${url('/badge/potato.gif')}" alt=""><img class="badge" src="${url('/display/uname-POTATO/fg-ff0000/bg-00ff00/trans-1/imood.gif')}" alt=""></p>
    <div id="statuscafe"><div id="statuscafe-username"></div><div id="statuscafe-content"></div></div><script src="${url('/current-status.js?name=potato')}"></script>
    <div id="jsonp"></div><script>function show(s) { document.getElementById('jsonp').textContent = s.author + ' ' + s.contentText }</script><script src="${url('/current-status.js?name=potato&callback=show')}"></script>`);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/widgets.png`, fullPage: true });
  const text = { status: words, mood: 'crunchy – </script><img src=x onerror=alert(2)>', picture: 'cat & <i>dog</i>' };
  for (const kind of ['status', 'mood', 'picture']) {
    const frame = page.frameLocator(`#frame-${kind}`);
    assert.equal((await frame.locator('.piclog-text').textContent()).trim(), text[kind], `frame ${kind}`);
    assert.equal(await page.locator(`#script-${kind} .piclog-text`).textContent(), text[kind], `script ${kind}`);
    for (const where of [frame.locator('.piclog-by'), page.locator(`#script-${kind} .piclog-by`)]) assert.match(await where.textContent(), /potato (just now|\d+ seconds? ago|a moment ago)/);
  }
  for (const where of [page.frameLocator('#frame-timeline').locator('.piclog-item'), page.locator('#script-timeline .piclog-item')]) assert.equal(await where.count(), 3);
  // the looks came along: a border in the frame and on the page
  assert.equal(await page.frameLocator('#frame-status').locator('.piclog').evaluate((box) => getComputedStyle(box).borderTopWidth), '2px');
  assert.equal(await page.locator('#script-status .piclog').evaluate((box) => getComputedStyle(box).borderTopWidth), '2px');
  // pictures have pixels
  for (const image of await page.locator('img').all()) assert.ok(await image.evaluate((one) => one.complete && one.naturalWidth > 0), await image.getAttribute('src'));
  assert.ok(await page.frameLocator('#frame-picture').locator('img').evaluate((one) => one.naturalWidth > 100));
  for (const image of await page.locator('img.button').all()) assert.deepEqual(await image.evaluate((one) => [one.naturalWidth, one.naturalHeight]), [88, 31]);
  for (const image of await page.locator('img.badge').all()) assert.equal(await image.evaluate((one) => one.naturalHeight), 15);
  assert.equal(await page.locator('#statuscafe-content').textContent(), words);
  assert.match(await page.locator('#statuscafe-username').textContent(), /^potato/);
  assert.equal(await page.locator('#jsonp').textContent(), `potato ${words}`);
  assert.equal(await page.locator('b, i, script[src="x"]').count(), 0, 'no markup came out of data');
  assert.deepEqual(page.violations, []);
  await page.context().close();
});

test('a theme colours frame, script and picture', async () => {
  const theme = 'fg=ff0000&bg=%2300ff00&link=00f&font=mono&size=20&center=1&hide=name,time,face&evil=1';
  const page = await showAtHome(`<iframe id="frame" src="${url(`/embed/potato/status?${theme}`)}" width="500" height="200" title="status"></iframe><div id="script"><script src="${url(`/embed/potato/status.js?${theme}`)}"></script></div><img id="gif" src="${url(`/embed/potato/status.gif?${theme}`)}" alt="">`);
  for (const box of [page.frameLocator('#frame').locator('.piclog'), page.locator('#script .piclog')]) {
    const look = await box.evaluate((one) => { const style = getComputedStyle(one); return [style.color, style.backgroundColor, style.fontSize, style.textAlign, style.fontFamily]; });
    assert.deepEqual(look.slice(0, 4), ['rgb(255, 0, 0)', 'rgb(0, 255, 0)', '20px', 'center']);
    assert.match(look[4], /Courier/);
    assert.doesNotMatch(await box.textContent(), /potato|ago|now|🥔/);
  }
  assert.equal(await page.locator('#gif').evaluate((one) => one.naturalWidth), 480);
  await page.context().close();
});

test('a page’s own rules are stronger than the looks of a script', async () => {
  const page = await showAtHome(`<style>.piclog { border: 7px dashed; }</style><div id="script"><script src="${url('/embed/potato/mood.js')}"></script></div>`);
  assert.equal(await page.locator('#script .piclog').evaluate((box) => getComputedStyle(box).borderTopWidth), '7px');
  await page.context().close();
});

test('unknown names do no harm', async () => {
  const page = await showAtHome(`<div id="script"><script src="${url('/embed/nobody/status.js')}"></script></div><div id="statuscafe"></div><script src="${url('/current-status.js?name=nobody')}"></script><script>var called = 'no'; function show(s) { called = JSON.stringify(s) }</script><script src="${url('/current-status.js?name=nobody&callback=show')}"></script>`);
  assert.equal(await page.locator('#script .piclog').count(), 0);
  assert.equal(await page.locator('#statuscafe').textContent(), '');
  await page.context().close();
});

test('the bookmarklet opens a small window with what is said already', async () => {
  const page = await logIn(site, potato);
  await page.goto('/settings/site');
  const bookmarklet = await page.getByLabel('The bookmarklet to copy').inputValue();
  await page.getByLabel('The bookmarklet to copy').focus();
  assert.equal(await page.evaluate(() => { const { selectionStart, selectionEnd, value } = document.activeElement; return value.slice(selectionStart, selectionEnd); }), bookmarklet, 'code to copy is marked as a whole');
  assert.match(bookmarklet, /^javascript:/);
  html = '<!DOCTYPE html><title>A page &amp; its title</title><p>somewhere';
  await page.goto(`http://localhost:${port}/there?a=1&b=2`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate(bookmarklet.slice('javascript:'.length))]);
  await popup.waitForLoadState();
  assert.equal(await popup.getByLabel(/Status/).inputValue(), `A page & its title http://localhost:${port}/there?a=1&b=2`);
  assert.ok(await popup.evaluate(() => document.documentElement.scrollWidth <= 350), 'nothing stands out at the side');
  await popup.getByLabel('Face').selectOption('🤖');
  await popup.getByRole('button', { name: 'Say it' }).click();
  await popup.getByText('You can close this window').waitFor();
  const said = await (await fetch(url('/users/potato/status.json'))).json();
  assert.deepEqual([said.face, said.contentText], ['🤖', `A page & its title http://localhost:${port}/there?a=1&b=2`]);
  await page.context().close();
});

// Microformats 2 as far as it is needed here: roots h-*, properties p- u- dt- e-, nested roots as values, implied names.
const microformats = () => {
  const words = (element, pattern) => [...element.classList].filter((name) => pattern.test(name));
  const value = (element, prefix) => {
    if (prefix === 'u') {
      const url = element.href || element.src;
      return element.tagName === 'IMG' ? { value: url, alt: element.getAttribute('alt') } : url || element.textContent.trim();
    }
    if (prefix === 'dt') return element.dateTime || element.textContent.trim();
    return element.textContent.trim();
  };
  const parse = (root) => {
    const item = { type: words(root, /^h-[a-z]/), properties: {}, children: [] };
    const walk = (element) => {
      for (const child of element.children) {
        const nested = words(child, /^h-[a-z]/).length ? parse(child) : null;
        const names = words(child, /^(p|u|dt|e)-[a-z]/);
        for (const name of names) {
          const [, prefix, property] = /^(p|u|dt|e)-(.*)$/.exec(name);
          (item.properties[property] ??= []).push(nested ?? value(child, prefix));
        }
        if (nested && !names.length) item.children.push(nested);
        if (!nested) walk(child);
      }
    };
    walk(root);
    if (!item.properties.name && !Object.keys(item.properties).length) item.properties.name = [root.textContent.trim()];
    if (root.tagName === 'A') item.properties.url ??= [root.href];
    return item;
  };
  const roots = [...document.querySelectorAll('[class*="h-"]')].filter((one) => words(one, /^h-[a-z]/).length && !one.parentElement.closest('.h-entry, .h-feed, .h-card'));
  return { items: roots.map(parse), me: [...document.querySelectorAll('a[rel~=me], link[rel~=me]')].map((one) => one.href) };
};

test('microformats: feeds, entries, cards, rel=me', async () => {
  const { Browser } = await import('../e2e/piclog.mjs');
  await (await new Browser(site.piclog).logIn(potato)).submit('/settings', { display_name: 'The Potato', homepage: 'https://potato.example', about: 'Starchy.', css: '' });
  const context = await site.browser.newContext({ baseURL: site.piclog.origin });
  const page = await context.newPage();
  const look = async (path) => {
    await page.goto(path);
    return page.evaluate(microformats);
  };
  const entries = (found) => found.items.flatMap((item) => (item.type.includes('h-feed') ? item.children : [item])).filter((item) => item.type.includes('h-entry'));
  const holdsTo = (entry, where) => {
    assert.ok(entry, where);
    const { author, url: urls, published } = entry.properties;
    assert.equal(author[0].type[0], 'h-card', where);
    assert.equal(author[0].properties.name[0], 'potato', where);
    assert.equal(author[0].properties.url[0], url('/~potato'), where);
    assert.match(urls[0], new RegExp(`^${site.piclog.origin}/(p|statuses|moods)/\\d+$`), where);
    assert.match(published[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, where);
  };
  for (const [path, kind] of [['/', 'h-feed'], ['/statuses', 'h-feed'], ['/moods', 'h-feed'], ['/~potato', 'h-feed'], ['/p/1', 'h-entry'], ['/statuses/1', 'h-entry'], ['/moods/1', 'h-entry'], ['/embed/potato/timeline', 'h-feed']]) {
    const found = await look(path);
    assert.ok(found.items.some((item) => item.type.includes(kind)), `${path} has ${kind}`);
    assert.ok(entries(found).length > 0, path);
    for (const entry of entries(found)) holdsTo(entry, path);
  }
  const [picture] = entries(await look('/p/1'));
  assert.equal(picture.properties.name[0], 'cat & <i>dog</i>');
  assert.deepEqual([picture.properties.photo[0].alt, new URL(picture.properties.photo[0].value).pathname.slice(0, 3)], ['a "cat"', '/i/']);
  const [status] = entries(await look('/statuses/1'));
  assert.equal(status.properties.content[0], words);
  const [mood] = entries(await look('/moods/1'));
  assert.equal(mood.properties.name[0], 'crunchy');
  const profile = await look('/~potato');
  const card = profile.items.find((item) => item.type.includes('h-card'));
  assert.equal(card.properties.name[0], 'The Potato');
  assert.equal(card.properties.uid[0], url('/~potato'));
  assert.ok(card.properties.url.includes('https://potato.example/') && card.properties.url.includes(url('/~potato')));
  assert.ok(profile.me.includes('https://potato.example/'));
  await context.close();
});
