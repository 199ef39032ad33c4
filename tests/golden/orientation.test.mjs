// Pictures come out upright, whatever EXIF says and wherever it stands.
import test from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { crush, fixtures, pixels, psnr } from './oracle.mjs';

const exif = (name) => join(fixtures, 'exif', name);

for (let n = 1; n <= 8; n++)
  test(`JPEG orientation ${n}`, () => {
    const got = crush(exif(`orientation_${n}.jpg`), '-q', '95', '--chroma', '444');
    assert.equal(got.ok, true);
    assert.deepEqual([got.width, got.height, got.source_width, got.source_height], [160, 107, 160, 107]);
    assert.ok(psnr(pixels(got.path), pixels(exif('orientation_1.jpg'))) > 30);
  });

// A JPEG that fits its budget is turned without loss where its size allows, and by decoding where not.
for (let n = 1; n <= 8; n++)
  test(`JPEG orientation ${n} within a budget`, () => {
    const got = crush(exif(`orientation_${n}.jpg`), '-b', '60k');
    assert.deepEqual([got.ok, got.width, got.height], [true, 160, 107]);
    assert.ok(psnr(pixels(got.path), pixels(exif('orientation_1.jpg'))) > 28);
  });

const turned = [
  ['png_exif_orient6.png', 'PNG eXIf', '90'],
  ['webp_exif_orient6.webp', 'WebP EXIF, which browsers do not look at', '0'],
  ['orient6_le_after_jfif.jpg', 'EXIF behind JFIF', '90'],
  ['exif_ifd_loop.jpg', 'EXIF whose directories loop', '90'],
  ['private_strings_orient3.jpg', 'EXIF with strings', '180'],
  ['two_exif_1_then_6.jpg', 'two EXIF blocks: the first counts', '0'],
  ['exif_bad_ifd_offset.jpg', 'EXIF with an offset outside', '0'],
  ['orient_only_in_thumbnail_ifd1.jpg', 'orientation of the thumbnail only', '0'],
];
for (const [name, what, degrees] of turned)
  test(what, () => {
    const got = crush(exif(name), '-q', '95', '--chroma', '444');
    assert.equal(got.ok, true, got.error);
    const expected = pixels(exif(name), '-background', 'white', '-flatten', '-rotate', degrees);
    assert.ok(psnr(pixels(got.path), expected) > 28);
  });

test('no metadata survives', () => {
  const got = crush(exif('private_strings_orient3.jpg'));
  for (const secret of ['secret description 42', 'Private Person!', 'private comment 42', 'Exif', 'ICC_PROFILE', 'http://'])
    assert.equal(got.data.includes(secret), false, secret);
});
