// Every variant of every format: dimensions, pixels against ImageMagick, background, first frames, truncation.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crush, fixtures, pixels, psnr } from './oracle.mjs';

const format = (name) => join(fixtures, 'formats', name);
const names = readdirSync(join(fixtures, 'formats'));

function compare(path, least, background = 'white', operations = [], ...options) {
  const got = crush(path, '-q', '97', '--chroma', '444', ...options);
  assert.equal(got.ok, true, got.error);
  const expected = pixels(path, '-coalesce', ...operations, '-background', background, '-alpha', 'remove', '-alpha', 'off', '-colorspace', 'sRGB', '-type', 'TrueColor');
  const ratio = psnr(pixels(got.path, '-type', 'TrueColor'), expected);
  assert.ok(ratio > least, `${ratio.toFixed(1)} dB`);
}

// PngSuite: bas* basic colour types and depths (n plain, i interlaced), t* transparency, bg* with alpha and bKGD.
// Its 32×32 patterns are harder than pictures, hence the low floor; a wrong channel or row falls far below it.
for (const name of names.filter((name) => /^pngsuite__(bas|tb|tp)/.test(name) && !/(4a|6a)(08|16)/.test(name)))
  test(`PNG ${name}`, () => compare(format(name), 24));
for (const name of names.filter((name) => /^pngsuite__bas[in][46]a/.test(name)))
  // These say gAMA 1.0: their samples are linear light, which ImageMagick has to be told.
  test(`PNG with alpha ${name}`, () =>
    compare(format(name), 24, '#336699', ['-set', 'colorspace', 'RGB', '-colorspace', 'sRGB'], '--background', '336699'));

for (const name of names.filter((name) => /\.jpe?g$/.test(name) && !/arith|12bit|monkey12|lossless|partial|trunc|cmyk|1x1|16x1|extraneous/i.test(name)))
  test(`JPEG ${name}`, () => {
    const got = crush(format(name), '-q', '97', '--chroma', '444');
    assert.equal(got.ok, true, got.error);
    const size = ['-resize', `${got.width}x${got.height}!`];
    assert.ok(psnr(pixels(got.path, '-type', 'TrueColor'), pixels(format(name), '-auto-orient', '-filter', 'Lanczos', ...size, '-colorspace', 'sRGB', '-type', 'TrueColor')) > 26);
  });

for (const name of names.filter((name) => /\.webp$/.test(name)))
  test(`WebP ${name}`, () => compare(format(name), 26));

for (const name of ['wuffs__bricks-dither.gif', 'wuffs__hippopotamus.interlaced.gif', 'wuffs__pjw-thumbnail.gif', 'oiio__gif_diagonal_interlaced.gif', 'wuffs__animated-red-blue.gif', 'sharp__animated-loop-3.gif'])
  test(`GIF ${name}`, () => compare(format(name), 22));

test('transparency shows the background', () => {
  const path = format('wuffs__hippopotamus.masked-with-muybridge.png');
  compare(path, 24, 'red', [], '--background', 'FF0000');
  assert.throws(() => compare(path, 24, 'white', [], '--background', 'FF0000'));
});

for (const name of ['trunc_half_baseline.jpg', 'trunc_half_progressive.jpg', 'webp_truncated.webp', 'wuffs__hippopotamus.regular.truncated.png', 'wuffs__peacock.default.truncated.jpeg', 'wuffs__peacock.progressive.truncated.jpeg', 'wuffs__hippopotamus.interlaced.truncated.png'])
  test(`cut off, used as far as it goes: ${name}`, () => {
    const got = crush(join(fixtures, 'hostile', name));
    assert.deepEqual([got.ok, got.truncated, got.status], [true, true, 0], got.error);
  });

// Progressive files that end before all bits were sent are shown smoothed by every viewer built on libjpeg, ImageMagick
// among them; that is what they are crushed from. Our own below 0.26 bits per pixel are such files.
for (const name of ['sky.jpg', 'paws.jpg', 'spices.jpg'])
  test(`unfinished: ${name} crushed again starts from what viewers show`, () => {
    const first = crush(join(fixtures, 'pictures', name), '-b', '4000', '--shrink', 'never'), shown = pixels(first.path);
    const again = psnr(pixels(crush(first.path, '-q', '97').path), shown);
    assert.ok(again >= 50, `${again.toFixed(1)} dB`);
    const kept = crush(first.path, '-b', '4000');
    assert.ok(pixels(kept.path).equals(shown), 'its own coefficients, sent as far as they were');
  });

test('unfinished: a progressive JPEG of which only the means came', () => {
  const whole = execFileSync('convert', [join(fixtures, 'pictures', 'paws.jpg'), '-resize', '400x400', '-interlace', 'JPEG', '-sampling-factor', '2x2', 'jpg:-']);
  const means = whole.indexOf(Buffer.from([0xff, 0xda])), end = whole.indexOf(Buffer.from([0xff, 0xc4]), means); // the second scan's tables
  assert.ok(means > 0 && end > means);
  const folder = mkdtempSync(join(tmpdir(), 'piclog-unfinished-')), path = join(folder, 'means.jpg');
  writeFileSync(path, Buffer.concat([whole.subarray(0, end), Buffer.from([0xff, 0xd9])]));
  const ratio = psnr(pixels(crush(path, '-q', '97').path), pixels(path));
  rmSync(folder, { recursive: true });
  assert.ok(ratio >= 50, `${ratio.toFixed(1)} dB`);
});
