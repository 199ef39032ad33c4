// Real pictures: size, byte ceiling, a floor of quality against the reference downscale, and the same bytes twice.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crush, fixtures, pixels, psnr } from './oracle.mjs';

const presets = { crispy: [800, 24000], crunchy: [640, 12000], fried: [480, 6000], dust: [320, 3000] };
const folder = join(fixtures, 'pictures');
const reference = (path, width, height) => pixels(path, '-auto-orient', '-background', 'white', '-alpha', 'remove', '-colorspace', 'sRGB', '-filter', 'Lanczos', '-resize', `${width}x${height}!`, '-type', 'TrueColor');

for (const name of readdirSync(folder)) {
  const path = join(folder, name);
  test(`${name} keeps every preset's promises`, () => {
    for (const [preset, [side, budget]] of Object.entries(presets)) {
      const got = crush(path, '-p', preset);
      assert.equal(got.ok, true, got.error);
      assert.ok(got.bytes <= budget, `${preset}: ${got.bytes} bytes`);
      assert.ok(Math.max(got.width, got.height) <= side);
      assert.equal(got.data.length, got.bytes);
      assert.ok(Math.abs(got.width / got.height / (got.source_width / got.source_height) - 1) < 0.02, 'proportions');
    }
  });
  test(`${name} at quality 90 is its reference downscale`, () => {
    const got = crush(path, '-q', '90', '--chroma', '444');
    const ratio = psnr(pixels(got.path, '-type', 'TrueColor'), reference(path, got.width, got.height));
    assert.ok(ratio > 29, `${ratio.toFixed(1)} dB`);
  });
  test(`${name} in 12 kB is still the same picture`, () => {
    const got = crush(path);
    const ratio = psnr(pixels(got.path, '-type', 'TrueColor'), reference(path, got.width, got.height));
    assert.ok(ratio > 18, `${ratio.toFixed(1)} dB`);
    assert.ok(crush(path).data.equals(got.data), 'the same input gives the same bytes');
  });
}

test('a budget is used to within 3 percent', () => {
  for (const name of ['nuthatch.jpg', 'cat.jpg', 'spices.jpg', 'prompt.png', 'harvesters.jpg'])
    for (const budget of [5000, 8000, 16000]) {
      const got = crush(join(folder, name), '-b', String(budget), '--shrink', 'never');
      assert.ok(got.bytes <= budget && got.bytes >= 0.97 * budget, `${name}: ${got.bytes} of ${budget}`);
    }
});
