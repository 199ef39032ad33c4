// Equal bytes, side by side: node quality.mjs PICLOG-CRUSH SIZES... -- FILE...
// Each picture is scaled once (libvips); then we, libjpeg-turbo and mozjpeg (both through sharp, bisected) crush that
// to at most so many bytes at the same dimensions. butteraugli compares with the scaled picture: lower is better.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

const split = process.argv.indexOf('--');
const [tool, ...sizes] = process.argv.slice(2, split);
const files = process.argv.slice(split + 1);
const work = mkdtempSync(join(tmpdir(), 'piclog-quality-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

async function bisect(input, budget, options) {
  let low = 1, high = 100, best = null;
  while (low <= high) {
    const quality = (low + high) >> 1;
    const out = await sharp(input).jpeg({ quality, ...options }).toBuffer();
    if (out.length <= budget) [best, low] = [out, quality + 1];
    else high = quality - 1;
  }
  return best;
}

// Off the block grid: what aligns with 8×8 blocks flatters some encoders.
async function distance(reference, jpeg) {
  const crop = async (input, name) => {
    const { width, height } = await sharp(input).metadata();
    const path = join(work, name);
    await sharp(input).toColourspace('srgb').extract({ left: 3, top: 5, width: width - 3, height: height - 5 }).png().toFile(path);
    return path;
  };
  const run = spawnSync('butteraugli', [await crop(reference, 'a.png'), await crop(jpeg, 'b.png')], { encoding: 'utf8' });
  return Number(run.stdout);
}

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
console.log('bytes   pictures  piclog  mozjpeg  libjpeg-turbo  (mean butteraugli distance, lower is better)');
for (const size of sizes.map(Number)) {
  const scores = { ours: [], moz: [], turbo: [] };
  for (const file of files) {
    const scaled = await sharp(file).rotate().resize(640, 640, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#fff' }).toColourspace('srgb').png().toBuffer();
    const path = join(work, 'scaled.png'), out = join(work, 'ours.jpg');
    writeFileSync(path, scaled);
    execFileSync(tool, ['-f', '-b', String(size), '--shrink', 'never', '-o', out, path], { stdio: 'ignore' });
    const moz = await bisect(scaled, size, { mozjpeg: true });
    const turbo = await bisect(scaled, size, { optimiseCoding: true, chromaSubsampling: '4:2:0' });
    if (!moz || !turbo) continue; // a peer cannot reach this size at all
    scores.ours.push(await distance(scaled, readFileSync(out)));
    scores.moz.push(await distance(scaled, moz));
    scores.turbo.push(await distance(scaled, turbo));
  }
  const column = (list) => (list.length ? mean(list).toFixed(2) : '-').padStart(7);
  console.log(`${String(size).padEnd(7)} ${String(scores.ours.length).padStart(3)} of ${files.length} ${column(scores.ours)} ${column(scores.moz)}  ${column(scores.turbo)}`);
}
