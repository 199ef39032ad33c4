// Every page, with content and without, signed in and out: axe-core in light and dark, html-validate, no sideways
// scrolling at 320 px, targets for thumbs, no layout shift, nothing in the console, and what it weighs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { open } from './browser.mjs';
import { fill, pagesOf, settle, viewer } from './pages.mjs';

const MOST_BYTES = 100_000, LEAST_PX = 44;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });

// Runs in the page. Names of rules that are broken, with the first element of each.
const axe = async (rules) => {
  const { violations } = await window.axe.run(document, rules ? { runOnly: rules } : {});
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)} ${nodes[0].any[0]?.message ?? ''}`);
};

// Runs in the page. What a thumb cannot hit; links within a sentence are as high as the sentence.
const small = (least) => {
  const found = [];
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')) {
    const target = element.closest('label') ?? (/^(checkbox|radio)$/.test(element.type) && element.labels[0] || element); // a tap on its label is one on it
    const inText = element.tagName === 'A' && getComputedStyle(element).display === 'inline' &&
      element.closest('p, li, dd, div, nav, body').textContent.trim() !== element.textContent.trim();
    const { width, height, right } = target.getBoundingClientRect();
    if (!inText && right > 0 && width && (width < least - 0.5 || height < least - 0.5))
      found.push(`${target.outerHTML.slice(0, 90)} ${Math.round(width)} × ${Math.round(height)}`);
  }
  return found;
};

// Runs in the page. Labels that stand so close below a button that they seem to belong to it.
const stuck = () => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).map((element) => [element, element.getBoundingClientRect()]);
  const buttons = boxes('button, .go');
  return boxes('label').filter(([label, { top, left, right }]) => !label.closest('.faces div, .presets, .crunches') && !label.classList.contains('vh') &&
    buttons.some(([, button]) => top - button.bottom > -4 && top - button.bottom < 8 && button.left < right && button.right > left)).map(([label]) => label.outerHTML.slice(0, 90));
};

// Everything is looked at first; the tests say what was found.
const looked = [];
for (const kind of ['filled', 'empty']) {
  const site = await open();
  after(() => site.close());
  const content = await (kind === 'filled' ? fill : settle)(site.piclog);
  const pages = await pagesOf(site.piclog, content);
  const wrong = { light: [], dark: [], markup: [], sideways: [], thumbs: [], stuck: [], shift: [], console: [], weight: [] };

  const inspect = async (who) => {
    const tab = await viewer(site, who === 'in' && content.client, { viewport: { width: 1200, height: 900 }, hasTouch: true, bypassCSP: true });
    await tab.addInitScript(() => {
      window.shifted = 0;
      // a film that plays moves within its window, by its margin: nothing around it does
      const plays = ({ sources }) => sources.length && sources.every(({ node }) => node?.closest?.('.film'));
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!plays(entry)) window.shifted += entry.value; }))
        .observe({ type: 'layout-shift', buffered: true });
    });
    const network = await tab.context().newCDPSession(tab);
    await network.send('Network.enable');
    await network.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    network.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    for (const page of pages.filter((page) => page.who === who)) {
      const say = (what, list) => wrong[what].push(...list.map((text) => `${page.name}: ${text}`));
      bytes = 0;
      await tab.setViewportSize({ width: 1200, height: 900 });
      await tab.waitForFunction(() => innerWidth === 1200);
      const response = await tab.look(page);
      const html = await response.text();
      if (bytes > MOST_BYTES) say('weight', [`${bytes} bytes`]);
      // what the change of the window's size moved is not the page's doing: a jump counts when it comes again
      let shifted = await tab.evaluate(() => window.shifted);
      if (shifted) {
        await tab.look(page);
        shifted = await tab.evaluate(() => window.shifted);
      }
      if (shifted) say('shift', [String(shifted)]);
      // the observer above may not run in the sandboxed preview of a style either
      say('console', tab.complaints.splice(0).filter((text) => !(response.status() >= 400 && /responded with a status/.test(text)) && !/('about:srcdoc'|\/room(\?[^']*)?').*sandboxed/.test(text)));
      const report = await validator.validateString(html);
      say('markup', report.results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `line ${line} ${ruleId}: ${message}`)));
      await tab.evaluate(axeSource);
      // Of a page in somebody's style the heading and the main part stand in its frame, where no script can look.
      const isRoom = await tab.locator('iframe.room').count();
      say('light', (await tab.evaluate(axe)).filter((text) => !(isRoom && /^(landmark-one-main|page-has-heading-one):/.test(text))));
      await tab.emulateMedia({ colorScheme: 'dark' });
      say('dark', await tab.evaluate(axe, ['color-contrast', 'link-in-text-block']));
      await tab.emulateMedia({ colorScheme: 'light' });
      await tab.setViewportSize({ width: 320, height: 640 });
      const width = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (width > 320) say('sideways', [`${width} px wide`]);
      if (!/styled/.test(page.name)) say('thumbs', await tab.evaluate(small, LEAST_PX));
      if (!/styled/.test(page.name)) say('stuck', await tab.evaluate(stuck));
    }
    await tab.context().close();
  };
  await Promise.all([inspect('out'), inspect('in')]);

  looked.push({ kind, site, pages, wrong });
}

// Each check must be able to fail.
test('the checks find a page that is wrong in every way', async () => {
  const tab = await viewer(looked[0].site, null, { viewport: { width: 320, height: 640 }, bypassCSP: true });
  await tab.goto('/');
  const html = '<p id=a id=b><img src="/static/button.png"></p><p><a href="/">x</a></p><button style="display:block;height:44px;margin:0">Go</button><label style="display:block;margin:0">Where</label><b style="display:block;width:999px;color:#ccc;background:#fff">pale</b>';
  await tab.evaluate((html) => { document.body.innerHTML = html; }, html);
  await tab.evaluate(axeSource);
  const found = await tab.evaluate(axe);
  for (const rule of ['image-alt', 'color-contrast', 'page-has-heading-one']) assert.ok(found.some((text) => text.startsWith(rule)), rule);
  assert.equal((await tab.evaluate(small, LEAST_PX)).length, 1);
  assert.equal((await tab.evaluate(stuck)).length, 1);
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth) > 320);
  assert.ok(!(await validator.validateString(html)).valid);
});

for (const { kind, pages, wrong } of looked)
  for (const [check, name] of Object.entries({
    light: 'axe finds nothing in light', dark: 'contrast holds in dark', markup: 'html-validate finds nothing',
    sideways: 'nothing scrolls sideways at 320 px', thumbs: `what one taps is ${LEAST_PX} px high and wide on a phone`,
    stuck: 'no label sticks to the button above it on a phone',
    shift: 'nothing jumps while loading', console: 'the console stays silent and nobody else is asked', weight: `at most ${MOST_BYTES} bytes`,
  }))
    test(`${pages.length} pages, ${kind}: ${name}`, () => assert.ok(!wrong[check].length, `\n${wrong[check].join('\n')}`));
