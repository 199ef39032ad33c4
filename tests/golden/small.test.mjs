// Small sources: codes, buttons, pixel art. A source of a few hundred bytes keeps its pixels and whatever could be read
// in it. Oracles: qrencode writes codes and zbarimg reads them; ImageMagick shows pictures as libjpeg does, blocks
// smoothed where a file asks for it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { crush, crushMany, fixtures, pixels, psnr } from './oracle.mjs';

const folder = mkdtempSync(join(tmpdir(), 'piclog-small-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const art = (name) => join(fixtures, 'pixelart', name);

// Text of each code that is read, by file name without extension.
function readCodes(files) {
  const xml = spawnSync('zbarimg', ['--quiet', '--xml', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout;
  const codes = {};
  for (const [, href, data] of xml.matchAll(/<source href='([^']*)'>[\s\S]*?<data><!\[CDATA\[([\s\S]*?)\]\]>/g)) codes[basename(href).split('.')[0]] = data;
  return codes;
}

const sources = [], texts = {};
mkdirSync(join(folder, 'codes'));
for (const module of [3, 4, 8, 16])
  for (let i = 1; i <= 15; i++) {
    const name = `m${module}-${i}`, path = join(folder, 'codes', `${name}.png`);
    texts[name] = `https://example.org/${i}/${'abcdefghij0123456789'.repeat(7).slice(i, 8 * i)}`;
    execFileSync('qrencode', ['-s', String(module), '-m', '4', '-l', 'LMQH'[i % 4], '-o', path, texts[name]]);
    sources.push(path);
  }
const readOf = (codes) => Object.keys(texts).filter((name) => codes[name] === texts[name]).length;

test('all codes are read before', () => assert.equal(readOf(readCodes(sources)), 60));

for (const [preset, least] of [['crispy', 57], ['crunchy', 57], ['dust', 36]])
  test(`codes in modules of 3 to 16 px are read from ${preset}`, () => {
    const out = join(folder, preset);
    const results = crushMany('-p', preset, '-o', out, ...sources);
    assert.equal(results.filter((result) => result.ok).length, 60);
    const read = readOf(readCodes(results.map((result) => result.output)));
    console.log(`# ${preset}: ${read} of 60`);
    assert.ok(read >= least, `${read} of 60 were read`);
  });

for (const [preset, most] of [['crispy', 24000], ['crunchy', 12000], ['fried', 6000], ['dust', 3000]])
  test(`a button and a code keep their pixels in ${preset}`, () => {
    const button = crush(art('button88.gif'), '-p', preset);
    assert.deepEqual([button.width, button.height], [88, 31]);
    const code = crush(art('qr8.png'), '-p', preset), side = preset === 'dust' ? 320 : 328;
    // 3 kB do not hold 320 px of edges: there the budget takes pixels, and never the size of the source (484 bytes).
    if (preset === 'dust') assert.ok(code.width >= 200, `${code.width} px`);
    else assert.deepEqual([code.width, code.height], [side, side]);
    for (const result of [button, code]) assert.ok(result.bytes <= most, `${result.bytes} bytes`);
    if (side === 328 && preset !== 'fried') assert.equal(Object.keys(readCodes([code.path])).length, 1);
  });

// All that they have is means of blocks; a viewer that guesses gradients between those shows 10 to 20 dB.
for (const name of ['bars.png', 'code_8px.png'])
  for (const [options, least] of [[['-q', '95'], 45], [['-p', 'crunchy'], 34]])
    test(`${name} is sharp with ${options.join(' ')}`, () => {
      const result = crush(art(name), ...options);
      const shown = psnr(pixels(result.path), pixels(art(name)));
      assert.ok(shown >= least, `${shown.toFixed(1)} dB`);
    });

// What the cap takes is quality nobody misses: no picture of a kilobyte becomes one of twelve.
test('a small source takes little more than it needs', () => {
  for (const name of ['bars.png', 'button88.gif', 'code_8px.png', 'qr8.png']) {
    const result = crush(art(name), '-p', 'crunchy');
    assert.ok(result.bytes <= 4000, `${name}: ${result.bytes} bytes`);
    assert.ok(result.bytes <= 2048 || result.bytes > readFileSync(art(name)).length);
  }
});
