// Every picture of fixtures/, and of the corpus and the cases where they are, as Chromium shows it: chromium.mjs says how
// they are compared. Where we differ on purpose, or Chromium is no judge, chromium.tsv names the picture and the reason.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, crushForComparing, distance, openEye } from './chromium.mjs';
import { corpus, fixtures, top } from './oracle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
// picture, from the last folder of its root on → {verdict, why}
const exceptions = new Map(readFileSync(join(here, 'chromium.tsv'), 'utf8').split('\n').slice(1).filter(Boolean).map((line) => {
  const [name, verdict, why] = line.split('\t');
  return [name, { verdict, why }];
}));

// Hostile files stay out: they are made to break browsers, among others.
const roots = [
  [fixtures, ['exif', 'formats', 'icc', 'pictures', 'readme']],
  [corpus, ['exif', 'gif', 'icc', 'jpeg', 'photos', 'png', 'screenshots', 'webp']],
  [corpus && join(corpus, '../cases'), ['.']],
];
const work = mkdtempSync(join(tmpdir(), 'piclog-large-'));
const eye = await openEye();
after(async () => {
  await eye.close();
  rmSync(work, { recursive: true });
});

async function judge(line, name, t) {
  const got = await compare(eye, line);
  const allowed = exceptions.get(name);
  if (got.verdict === 'same') {
    if (allowed && allowed.verdict !== 'same') t.diagnostic(`${name} is an exception without need: ${allowed.why}`);
    return;
  }
  // Chromium shows nothing: then there is no picture to differ from.
  if (got.verdict === 'unseen') return t.diagnostic(`not shown by Chromium${got.ok ? '' : `, nor here: ${got.error}`}`);
  if (allowed?.verdict === got.verdict) return t.diagnostic(`as expected: ${allowed.why}`);
  const far = got.far === undefined ? '' : `${(got.far * 100).toFixed(1)} % of the pixels are away, by up to ${got.most.toFixed(0)} levels`;
  assert.fail(`${got.verdict}: ${got.error ?? far}`);
}

const known = new Set();
for (const [root, folders] of roots) {
  if (!root || !existsSync(root)) continue;
  const found = folders.map((folder) => join(root, folder)).filter(existsSync);
  for (const line of crushForComparing(...found).values()) {
    if (!statSync(line.input).isFile() || /\.(txt|tsv|md|py)$/.test(line.input)) continue;
    const hash = createHash('sha256').update(readFileSync(line.input)).digest('hex');
    if (known.has(hash)) continue;
    known.add(hash);
    const name = relative(join(root, '..'), line.input);
    test(name, (t) => judge(line, name, t));
  }
}

test('nothing is excepted that is not there', { skip: !corpus && 'no corpus' }, () => {
  const missing = [...exceptions.keys()].filter((name) => !existsSync(join(top, name)) && !existsSync(join(corpus, '..', name)));
  assert.deepEqual(missing, []);
});

test('faults are seen: a shift by one pixel, half a turn, another colour, a lost row', () => {
  const columns = 40, rows = 30;
  const paint = (colour) => Buffer.from(Array.from({ length: columns * rows }, (_, i) => colour(i % columns, Math.floor(i / columns))).flat());
  const disc = (x, y) => [(x - 15) ** 2 + (y - 12) ** 2 < 60 ? 220 : 40, x * 5, y * 7];
  const plain = paint(disc);
  assert.equal(distance(plain, plain, columns, rows).far, 0);
  for (const [what, other] of Object.entries({
    shift: (x, y) => disc(x - 1, y),
    turn: (x, y) => disc(columns - 1 - x, rows - 1 - y),
    colour: (x, y) => disc(x, y).map((v, c) => Math.min(255, v + (c === 1 ? 9 : 0))),
    row: (x, y) => (y === rows - 1 ? [128, 128, 128] : disc(x, y)),
  }))
    assert.ok(distance(plain, paint(other), columns, rows).far > 0.01, what);
});

// Too large for fixtures: made here of a photograph, every pixel sixteen or twelve times as large, the second turned by EXIF.
const tools = ['vips', 'vipsheader'].every((name) => !spawnSync(name, ['--version']).error);
test('photographs of 108 and 200 megapixels', { skip: !tools && 'no vips' }, async (t) => {
  // the smallest Exif block that says orientation 6
  const exif = Buffer.from('ffe100224578696600004d4d002a000000080001011200030000000100060000' + '00000000', 'hex');
  for (const [width, height, times, turned] of [[1000, 750, 12, false], [1020, 765, 16, true]]) {
    const [small, large] = ['small.v', `${width * times}.jpg`].map((name) => join(work, name));
    execFileSync('vips', ['thumbnail', join(fixtures, 'pictures/spices.jpg'), small, width, '--height', height, '--size', 'force'].map(String));
    execFileSync('vips', ['zoom', small, `${large}[Q=80]`, times, times].map(String));
    if (turned) {
      const jpeg = readFileSync(large);
      writeFileSync(large, Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
    }
    const [line] = crushForComparing(large).values();
    assert.deepEqual([line.source_width, line.source_height], turned ? [height * times, width * times] : [width * times, height * times]);
    await judge(line, large, t);
  }
});
