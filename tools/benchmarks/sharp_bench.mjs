// Times sharp in process: node sharp_bench.mjs QUALITY ROUNDS SIDE FILE... One thread, cache off. A line for each file:
// median CPU milliseconds, bytes, name. "--version" prints the versions.
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

if (process.argv[2] === '--version') {
  console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, node ${process.version}`);
  process.exit();
}
sharp.concurrency(1);
sharp.cache(false);
const [quality, rounds, side] = process.argv.slice(2, 5).map(Number);
for (const file of process.argv.slice(5)) {
  const data = readFileSync(file);
  const times = [];
  let bytes = 0;
  for (let round = 0; round < rounds + 1; round++) {
    const start = process.cpuUsage();
    const out = await sharp(data).rotate().resize(side, side, { fit: 'inside', withoutEnlargement: true }).flatten({ background: '#fff' }).jpeg({ quality }).toBuffer();
    const used = process.cpuUsage(start);
    bytes = out.length;
    if (round) times.push((used.user + used.system) / 1000); // the first one warms up
  }
  times.sort((a, b) => a - b);
  console.log(`${times[times.length >> 1].toFixed(3)} ${bytes} ${file}`);
}
