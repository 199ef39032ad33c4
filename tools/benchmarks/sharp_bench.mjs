// Times sharp in process: node sharp_bench.mjs QUALITY ROUNDS SIDE FILE... One thread, cache off. A line for each file:
// median CPU milliseconds, bytes, name. node sharp_bench.mjs --batch QUALITY SIDE FILE...: milliseconds for all, with
// reading and writing. "--version" prints the versions.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

if (process.argv[2] === '--version') {
  console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, node ${process.version}`);
  process.exit();
}
sharp.concurrency(1);
sharp.cache(false);
const crush = (data, quality, side) =>
  sharp(data).rotate().resize(side, side, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#fff' }).jpeg({ quality }).toBuffer();
const spent = ({ user, system }) => (user + system) / 1000;

if (process.argv[2] === '--batch') {
  const [quality, side] = process.argv.slice(3, 5).map(Number), files = process.argv.slice(5);
  const folder = mkdtempSync(join(tmpdir(), 'sharp-'));
  await crush(readFileSync(files[0]), quality, side); // warms up
  const start = process.cpuUsage();
  for (const [i, file] of files.entries()) writeFileSync(join(folder, `${i}.jpg`), await crush(readFileSync(file), quality, side));
  console.log(spent(process.cpuUsage(start)).toFixed(3));
  rmSync(folder, { recursive: true });
  process.exit();
}
const [quality, rounds, side] = process.argv.slice(2, 5).map(Number);
for (const file of process.argv.slice(5)) {
  const data = readFileSync(file);
  const times = [];
  let bytes = 0;
  for (let round = 0; round < rounds + 1; round++) {
    const start = process.cpuUsage();
    const out = await crush(data, quality, side);
    const used = process.cpuUsage(start);
    bytes = out.length;
    if (round) times.push(spent(used)); // the first one warms up
  }
  times.sort((a, b) => a - b);
  console.log(`${times[times.length >> 1].toFixed(3)} ${bytes} ${file}`);
}
