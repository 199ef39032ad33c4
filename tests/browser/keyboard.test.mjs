// Without a mouse: everything that can be clicked is reached by Tab and shows that it has the focus, and a whole visit
// works by keys alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bearer, ask, fixture, logIn, open, pictureForm, visit } from './browser.mjs';
import { candidate } from './pages.mjs';
import { Browser } from '../e2e/piclog.mjs';

const site = await open();
after(() => site.close());
const person = site.piclog.addUser('potato');
const { json: picture } = await ask(site.piclog, 'POST', '/api/pictures', { headers: bearer(person), body: pictureForm(fixture('pictures/cat.jpg'), { caption: 'a cat #cats', alt: 'A cat' }) });
const crunch = await candidate(await new Browser(site.piclog).logIn(person));
const page = await logIn(site, person);

// What Tab should visit: of radio buttons with one name only one.
const reachable = () => {
  const seen = new Set();
  let count = 0;
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary, iframe')) {
    if (element.closest('details:not([open])') && element.tagName !== 'SUMMARY') continue;
    if (element.type === 'radio') {
      const group = (element.form?.action ?? '') + element.name;
      if (seen.has(group)) continue;
      seen.add(group);
    }
    count++;
  }
  return count;
};
const focused = () => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shows = (node) => node && getComputedStyle(node).outlineStyle !== 'none' && parseFloat(getComputedStyle(node).outlineWidth) >= 2;
  element.dataset.number ??= String(window.visited = (window.visited ?? 0) + 1);
  return { number: element.dataset.number, shown: shows(element) || shows(element.nextElementSibling), html: element.outerHTML.slice(0, 80) };
};

for (const path of ['/', '/gallery', `/p/${picture.id}`, `/p/${picture.id}/edit`, '/status', '/upload', crunch, '/settings', '/settings/tokens'])
  test(`Tab reaches everything on ${path.replace(/\d+/, 'ID')}`, async () => {
    await page.goto(path);
    const count = await page.evaluate(reachable), visited = new Set();
    for (let i = 0; i < count + 2; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(focused);
      if (!at) break;
      assert.ok(at.shown, `no focus to be seen on ${at.html}`);
      visited.add(at.number);
    }
    assert.equal(visited.size, count);
  });

test('log in, say something and publish a picture by keys alone', async () => {
  const tab = await visit(site, '/login');
  const to = async (selector) => {
    for (let i = 0; i < 80; i++) {
      await tab.keyboard.press('Tab');
      if (await tab.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
    }
    assert.fail(`Tab never came to ${selector}`);
  };
  await to('#name');
  await tab.keyboard.type(person.name);
  await to('#password');
  await tab.keyboard.type(person.password);
  await tab.keyboard.press('Enter');
  await tab.waitForURL((url) => url.pathname !== '/login');
  await tab.goto('/status');
  await to('#content');
  await tab.keyboard.type('no mouse was used');
  await to('.faces input[type=radio]');
  await tab.keyboard.press('ArrowRight');
  await to('form.say button');
  await tab.keyboard.press('Enter');
  await tab.waitForURL((url) => url.pathname !== '/status');
  assert.match((await ask(site.piclog, 'GET', '/statuses.json')).text, /no mouse was used/);
  await tab.goto(crunch);
  await to('input[name=preset]');
  await tab.keyboard.press('ArrowDown');
  await to('#caption');
  await tab.keyboard.type('by keys');
  await to('main button[type=submit]');
  await tab.keyboard.press('Enter');
  await tab.waitForURL((url) => /^\/p\/\d+$/.test(url.pathname));
  assert.match(await tab.textContent('.facts'), /fried/);
});
