// Joining by invitation, as a person does it: with and without JavaScript.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { open, visit } from './browser.mjs';

const site = await open();
after(() => site.close());

for (const javaScriptEnabled of [true, false]) {
  test(`join by invite ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const link = new URL(site.piclog.run(['invite']).split(/\s+/).find((word) => word.includes('/join/')), site.piclog.origin);
    const name = javaScriptEnabled ? 'scripted' : 'plain';
    const page = await visit(site, link.pathname, { javaScriptEnabled });
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill('a cat walked over it');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'Write these down' }).waitFor();
    await page.goto(`/~${name}`);
    assert.match(await page.textContent('main'), new RegExp(name));
    await page.goto('/upload');
    assert.equal(await page.locator('input[type=file]').count(), 1, 'signed in after joining');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
