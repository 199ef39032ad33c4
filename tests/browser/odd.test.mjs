// The values of odd.mjs that are said to be Chromium's are what Debian's Chromium shows today. One that differs is either a
// change in Chromium, which we then follow, or a wrong value.
import test from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { launch } from './browser.mjs';
import { odd } from '../golden/odd.mjs';

let browser, page;
test.before(async () => {
  browser = await chromium.launch({ ...launch, args: [...launch.args, '--force-color-profile=srgb'] });
  page = await browser.newPage();
});
test.after(() => browser.close());

// [width, height, RGBA] as drawn to a canvas; the same as on the screen.
const shown = (bytes, type) => page.evaluate(async (url) => {
  const image = new Image();
  const loaded = new Promise((done, failed) => { image.onload = done; image.onerror = () => failed(new Error('not shown')); });
  image.src = url;
  await loaded;
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  return [canvas.width, canvas.height, [...context.getImageData(0, 0, canvas.width, canvas.height).data]];
}, `data:image/${type};base64,${bytes.toString('base64')}`);

for (const { name, type, bytes, pixels } of odd.filter((file) => file.in === 'Chromium'))
  test(`Chromium: ${name}`, async () => {
    const [width, height, data] = await shown(bytes, type);
    for (const [x, y, colour] of pixels) {
      assert.ok(x < width && y < height, `${width} × ${height} px`);
      const at = 4 * (y * width + x), rgb = data.slice(at, at + 3);
      assert.ok(rgb.every((v, c) => Math.abs(v - colour[c]) <= 1), `at ${x}, ${y}: ${rgb} instead of ${colour}`);
    }
  });
