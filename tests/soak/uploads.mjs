// Every hostile file, every fixture cut off at 64 places, and up to 2 000 seeded corruptions of each, through the real
// upload. Usage: node tests/soak/uploads.mjs [SECONDS for the corruptions [FIRST SEED]]; run by tools/soak.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { start } from '../e2e/piclog.mjs';
import { DATABASE_FDS, corrupted, fixtureFiles, footprint, hostileFiles, sendAll, truncations } from '../e2e/hostile.mjs';

const seconds = Number(process.argv[2] ?? 600), first = Number(process.argv[3] ?? 0), CORRUPTIONS = 2000;
const piclog = await start(['--quota', '0', '--log-requests', 'on']);
const anna = piclog.person('anna');
const files = fixtureFiles();
const read = new Map(files.map((path) => [path, readFileSync(path)]));
let faults = [];

function* cutOff() {
  for (const path of files) for (const [i, bytes] of [...truncations(read.get(path))].entries()) yield { name: `${basename(path)} cut ${i}`, bytes };
}
// One seed of every fixture, then the next: however early it ends, every fixture had its share.
function* damaged() {
  for (let seed = first; seed < first + CORRUPTIONS; seed++)
    for (const path of files) yield { name: `${basename(path)} seed ${seed}`, bytes: corrupted(read.get(path), seed) };
}

async function part(name, inputs, options) {
  const began = Date.now();
  const got = await sendAll(piclog, anna, inputs, options);
  faults = faults.concat(got.faults);
  piclog.log.splice(0, piclog.log.length, ...piclog.log.filter((line) => /"note":"(signal|exit|forged)/.test(line)));
  console.log(`${name}: ${JSON.stringify(got.counts)} in ${Math.round((Date.now() - began) / 1000)} s, ${got.faults.length} faults`);
}

await part('warm-up', files.slice(0, 60).map((path) => ({ name: path, bytes: read.get(path) })), { atOnce: 12 });
const before = footprint(piclog.child.pid);
await part(`${hostileFiles().length} hostile files`, hostileFiles().map((path) => ({ name: path, bytes: readFileSync(path) })));
await part(`${files.length} fixtures, 64 truncations of each`, cutOff());
await part(`corruptions, ${seconds} s at most`, damaged(), { until: Date.now() + seconds * 1000 });
await new Promise((later) => setTimeout(later, 500));
const after = footprint(piclog.child.pid);
console.log(`before: ${JSON.stringify(before)}\nafter:  ${JSON.stringify(after)}`);
for (const line of piclog.log.filter((one) => /"note":"(signal|exit|forged)/.test(one))) faults.push(line);
if (after.processes > 2) faults.push(`${after.processes} processes are left`);
if (after.fds > before.fds + DATABASE_FDS) faults.push(`${after.fds - before.fds} descriptors are left`);
if (after.rss_kb > before.rss_kb + 8000) faults.push(`${after.rss_kb - before.rss_kb} kB are left`);
for (const fault of faults.slice(0, 50)) console.log(`fault: ${fault}`);
console.log(faults.length ? `${faults.length} faults` : 'no fault');
await piclog.remove();
process.exit(faults.length ? 1 : 0);
