// The tolerance of the block list: how far apart are the fingerprints of one picture at every size and crunch, and how
// near can two different pictures come? The tolerance itself is read from the source, so that both stay together.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus, crush, fixtures, pixels, top } from './oracle.mjs';

const header = readFileSync(join(top, 'src/store/blocklist.h'), 'utf8');
const tolerance = Number(/FINGERPRINT_TOLERANCE = (\d+)/.exec(header)[1]);
const leastBits = Number(/FINGERPRINT_MIN_BITS = (\d+)/.exec(header)[1]);

const fingerprints = (files) =>
  new Map(
    execFileSync(process.env.PICLOG_FINGERPRINT, files, { encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\n')
      .filter((line) => line && !line.startsWith('- '))
      .map((line) => [line.slice(17), BigInt('0x' + line.slice(0, 16))]),
  );
const bits = (value) => value.toString(2).replaceAll('0', '').length;
const distance = (a, b) => bits(a ^ b);
const isTelling = (value) => bits(value) >= leastBits;
// How much two pictures go up and down together, whatever their brightness and contrast: 1 the same, about 0 unrelated.
const correlation = (a, b) => {
  const mean = (x) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [p, q] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - p) * (b[i] - q);
    aa += (a[i] - p) ** 2;
    bb += (b[i] - q) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};
const list = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp|gif)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
const real = corpus ? ['photos', 'screenshots'].flatMap((name) => list(join(corpus, name))) : list(join(fixtures, 'pictures'));

test('one picture is known again at every preset, in other sizes, at low quality and with its rim cut off', () => {
  const worst = {};
  for (const file of real.filter((_, i) => i % 4 === 0)) {
    const variants = { fried: crush(file, '-p', 'fried').path, dust: crush(file, '-p', 'dust').path, crunchy: crush(file).path };
    const crispy = crush(file, '-p', 'crispy').path;
    const changed = { small: ['-resize', '320x320'], large: ['-resize', '150%', '-quality', '30'], cut: ['-gravity', 'center', '-crop', '98%x98%+0+0', '+repage'] };
    for (const [name, operations] of Object.entries(changed)) {
      variants[name] = crispy.replace('.jpg', `.${name}.jpg`);
      execFileSync('convert', [crispy, ...operations, variants[name]]);
    }
    const found = fingerprints([file, crispy, ...Object.values(variants)]);
    if (!isTelling(found.get(file))) continue;
    for (const [name, path] of Object.entries({ crispy, ...variants })) {
      const bits = distance(found.get(file), found.get(path));
      worst[name] = Math.max(worst[name] ?? 0, bits);
      assert.ok(bits <= tolerance, `${file} as ${name}: ${bits} bits`);
    }
  }
  console.log(`# worst distances of one picture: ${JSON.stringify(worst)}, tolerance ${tolerance}`);
});

test('no two different pictures are within the tolerance', () => {
  const folders = corpus ? ['photos', 'screenshots', 'webp', 'gif', 'png', 'jpeg'].map((name) => join(corpus, name)) : [join(fixtures, 'pictures'), join(fixtures, 'formats')];
  // not PngSuite: 32 px cards, all of them variations of a few motifs
  const files = folders.flatMap(list).filter((file) => !file.includes('pngsuite__'));
  const found = [...fingerprints(files)].filter(([, value]) => isTelling(value));
  const seen = new Map();
  const look = (path) => seen.get(path) ?? seen.set(path, pixels(path, '-background', 'white', '-alpha', 'remove', '-auto-orient', '-resize', '32x32!', '-colorspace', 'Gray')).get(path);
  let near = 64, hits = 0;
  for (let i = 0; i < found.length; i++)
    for (let j = 0; j < i; j++) {
      const bits = distance(found[i][1], found[j][1]);
      if (bits > tolerance) near = Math.min(near, bits);
      else {
        hits++;
        assert.ok(correlation(look(found[i][0]), look(found[j][0])) > 0.6, `${found[i][0]} is taken for ${found[j][0]} (${bits} bits)`);
      }
    }
  console.log(`# ${found.length} pictures; ${hits} pairs within the tolerance show the same; the next pair differs by ${near} bits`);
});
