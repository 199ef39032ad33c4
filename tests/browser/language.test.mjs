// Every page in every language: the same page but for its words. No browser is needed for that, only the list of pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, root, start } from './browser.mjs';
import { fill, pagesOf, settle } from './pages.mjs';

const others = readFileSync(join(root, 'templates/po/LINGUAS'), 'utf8').trim().split('\n');

// What a page is made of when nobody reads it: elements with their attributes, but for those that are read. Inline
// ones may stand in another order, so all of it is sorted.
const read = /\s(alt|title|placeholder|aria-label|content|lang|datetime|data-live)="[^"]*"/g;
const bones = (html) => [...html.replace(/<(script|style|textarea|pre)\b[\s\S]*?<\/\1>/g, '').matchAll(/<\/?[a-z][^<>]*>/g)]
  .map(([tag]) => tag.replace(read, ''))
  .filter((tag) => !/^<(b|i|em|br|code|kbd|html|option)\b|^<\/|^<meta|name="(csrf|once|mood)"/.test(tag)).sort();
const words = (html) => html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');

let piclog, site;
before(async () => {
  piclog = await start();
  site = await fill(piclog, 8);
});
after(() => piclog.remove());

for (const language of others)
  test(`every page in ${language}: the same but for its words, and no English left in its frame`, async () => {
    const pages = await pagesOf(piclog, site);
    const looked = new Set();
    for (const { name, path, who, answer } of pages) {
      if (answer) continue; // what a form answers: below
      const client = who === 'in' ? site.client : new Browser(piclog);
      const [one, other] = [await client.get(path, { headers: { 'accept-language': 'en', accept: 'text/html' } }), await client.get(path, { headers: { 'accept-language': language, accept: 'text/html' } })];
      assert.equal(other.status, one.status, name);
      if (one.status === 303) continue;
      assert.match(other.text, new RegExp(`<html lang="${language}"`), name);
      assert.equal(other.headers['content-language'], language, name);
      assert.doesNotMatch(other.text, /\{\{/, name);
      assert.notEqual(words(other.text), words(one.text), name);
      assert.deepEqual(bones(other.text), bones(one.text), name);
      looked.add(name);
    }
    assert.ok(looked.size > 120, `${looked.size} pages`);
    for (const { name, path, who, answer } of pages) {
      if (!answer) continue;
      site.client.headers = { 'accept-language': language };
      const got = await answer();
      if (/^text\/html/.test(got.headers['content-type'] ?? '')) assert.doesNotMatch(got.text, /\{\{/, `${name} ${path} ${who}`);
    }
  });

test('a page with nothing on it yet', async () => {
  const empty = await start();
  const { client } = await settle(empty);
  for (const path of ['/', '/gallery', '/statuses', '/moods', '/people', '/tags', '/friends', '/notices', '/messages', '/neighbours', '/layouts', '/~potato', '/kept', '/bulletins'])
    for (const language of others) {
      const [one, other] = [await client.get(path, { headers: { 'accept-language': 'en' } }), await client.get(path, { headers: { 'accept-language': language } })];
      assert.deepEqual(bones(other.text), bones(one.text), path);
    }
  await empty.remove();
});
