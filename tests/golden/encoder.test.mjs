// What comes out, to the byte: encoder.tsv says what each picture becomes. The same for every compiler, with sanitizers
// and without, with AVX2 and without. A change that was meant to change no picture changes nothing here; one that was
// meant to is looked at and measured (tools/bench quality), and then written down: node encoder.test.mjs --write
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { crush, fixtures } from './oracle.mjs';

const table = join(dirname(fileURLToPath(import.meta.url)), 'encoder.tsv');
const photo = 'pictures/spices.jpg', drawing = '../templates/static/icon-512.png';
const cases = [
  ...['crispy', 'crunchy', 'fried', 'dust'].flatMap((preset) => [[photo, '-p', preset], [drawing, '-p', preset]]),
  ...['4000', '6000', '12000'].map((budget) => ['pictures/canyon-wren.jpg', '-b', budget, '--shrink', 'never']),
  ['pictures/book.jpg', '-b', '20000', '--shrink', 'auto'],
  ['pictures/clouds.jpg', '-b', '2000', '--shrink', 'auto'],
  ['formats/wuffs__hippopotamus.interlaced.png', '-p', 'crunchy'],
  [photo, '-q', '10'],
  [photo, '-q', '50', '-s', '300'],
  [photo, '-q', '90', '-s', '97'],
  [drawing, '-q', '10', '--gray'],
  [drawing, '-b', '700'],
  [drawing, '-b', '900', '--shrink', 'auto', '-g', '3'],
  ['formats/skimage__chessboard_RGB.png', '-b', '3000'],
  ['formats/pngsuite__basn6a16.png', '-b', '1000'],
  ['formats/wuffs__bricks-dither.lossless.webp', '-b', '5000'],
  ['formats/muybridge_anim_lossless.webp', '-b', '4000'],
  ['formats/sharp__animated-loop-3.gif', '-b', '4000'],
  ['formats/wuffs__peacock.s1x1-444.jpeg', '-b', '3000'],
  ['formats/wuffs__peacock.s2x1-422.jpeg', '-b', '64000'],
  ['formats/wuffs__peacock.progressive.jpeg', '-b', '64000'],
  ...['60', '28', '20', '12', '6'].map((side) => ['formats/wuffs__peacock.progressive.jpeg', '-q', '60', '-s', side, '--decoder', 'library']),
  ['formats/wuffs__peacock.grayscale.jpeg', '-b', '2000'],
  ['exif/orientation_6.jpg', '-b', '64000'],
  ['exif/orientation_3.jpg', '-b', '5000'],
];

const made = ([file, ...options]) => {
  const { data, stderr, width, height } = crush(join(fixtures, file), ...options);
  assert.ok(data, `${file}: ${stderr}`);
  return `${width}x${height}\t${data.length}\t${createHash('sha256').update(data).digest('hex').slice(0, 16)}`;
};
const name = (one) => one.join(' ');

if (process.argv.includes('--write'))
  writeFileSync(table, `picture and options\tsize\tbytes\tsha256\n${cases.map((one) => `${name(one)}\t${made(one)}\n`).join('')}`);
else {
  const known = new Map(readFileSync(table, 'utf8').trim().split('\n').slice(1).map((line) => line.split(/\t(.*)/).slice(0, 2)));
  // Other processors contract a product and a sum into one rounding.
  const skip = arch() === 'x64' ? false : 'the table is of x86-64';
  for (const one of cases)
    test(`${name(one)}: the bytes that are written down`, { skip }, () => assert.equal(made(one), known.get(name(one))));
}
