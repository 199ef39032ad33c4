// Colours: what lcms2 makes of a profile (through ImageMagick) is what comes out, as sRGB and without the profile.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { corpus, crush, fixtures, mean, pixels, psnr } from './oracle.mjs';

const srgb = '/usr/share/color/icc/sRGB.icc';
const inFixtures = (name) => join(fixtures, 'icc', name);

function compare(path, least, ...convert) {
  const got = crush(path, '-q', '97', '--chroma', '444', '-s', '400');
  assert.equal(got.ok, true, got.error);
  const expected = pixels(path, ...convert, '-filter', 'Lanczos', '-resize', `${got.width}x${got.height}!`, '-colorspace', 'sRGB', '-type', 'TrueColor');
  const actual = pixels(got.path, '-type', 'TrueColor');
  const difference = mean(actual).map((m, i) => Math.abs(m - mean(expected)[i]));
  assert.ok(Math.max(...difference) < 2.5, `mean colour is off by ${difference.map((d) => d.toFixed(1))}`);
  const ratio = psnr(actual, expected);
  assert.ok(ratio > least, `${ratio.toFixed(1)} dB`);
}

test('Adobe RGB JPEG', () => compare(inFixtures('adobergb_rocket.jpg'), 32, '-profile', srgb));
test('Display P3 JPEG', () => compare(inFixtures('srgb_pixels_with_p3_tag.jpg'), 32, '-profile', srgb));
test('Display P3 WebP', () => compare(inFixtures('webp_display_p3.webp'), 32, '-profile', srgb));
test('gray profile', () => compare(inFixtures('gray_gamma22_concert.jpg'), 32));
test('profile in two segments', () => compare(inFixtures('icc_two_chunks.jpg'), 32, '-profile', srgb));
test('profile in two segments, the second first', () => {
  const [a, b] = ['icc_two_chunks.jpg', 'icc_two_chunks_reversed.jpg'].map((name) => crush(inFixtures(name)).data);
  assert.ok(a.equals(b));
});
test('YCCK without a profile', () => {
  const got = crush(inFixtures('ycck_noicc_flower.jpg'), '-q', '97', '--chroma', '444');
  const expected = pixels(inFixtures('ycck_noicc_flower.jpg'), '-colorspace', 'sRGB');
  assert.ok(psnr(pixels(got.path), expected) > 22);
});
for (const name of ['icc_garbage.jpg', 'icc_missing_chunk.jpg', 'icc_zero_length.jpg'])
  test(`a broken profile does not cost the picture: ${name}`, () => compare(inFixtures(name), 30, '-strip'));

// Larger files of the corpus, where there is one.
if (corpus)
  for (const name of readdirSync(join(corpus, 'icc')).filter((name) => /prophoto|cmyk|p3|adobe/i.test(name) && /jpg|jpeg/i.test(name) && !/noicc|untagged/.test(name)))
    test(`corpus ${name}`, () => compare(join(corpus, 'icc', name), 24, '-auto-orient', '-profile', srgb));
