// Quality at equal bytes: node quality.mjs. Environment: CRUSH, BUILD, CORPUS, PHOTOS, MADE, WORK, PLOT as tools/bench sets
// them; CACHE=FOLDER keeps what peers made, and their scores, for another run; KINDS=smooth,photograph,screenshot only those; BUDGETS=4000,6000,12000,24000.
//
// Each picture is scaled to 640 px once. Every encoder makes the best of at most so many bytes of that; the results are
// compared with what was scaled, by SSIMULACRA2 off the block grid (score.c) and by butteraugli on a crop by (3, 5): its
// maximum, and its 3-norm where libjxl's butteraugli_main is in PATH. Of the pictures in sorted order the first, third,
// fifth, … were used for tuning, the others are held back; smooth ones (pictures) say so by their names.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { hasJpegli, peers, piclog } from './peers.mjs';
import { plot } from './plot.mjs';

const run = promisify(execFile);
const { CRUSH, BUILD, CORPUS, PHOTOS, MADE, WORK, PLOT, CACHE, KINDS } = process.env;
const BUDGETS = (process.env.BUDGETS ?? '4000,6000,12000,24000').split(',').map(Number), SMALLER_SIDES = [480, 320];
const rivals = Object.keys(peers).filter((peer) => peer !== 'libjpeg-turbo');
const CROP = { left: 3, top: 5 };
const KIND_NAMES = { photograph: 'photographs', screenshot: 'screenshots and drawings', smooth: 'skies, skin, walls and fog' };
const hasNorm = spawnSync('butteraugli_main').error === undefined;
if (CACHE) mkdirSync(CACHE, { recursive: true });

// ---- Pictures ---------------------------------------------------------------------------------------------------

async function toPicture(image, name) {
  const { data: raw, info: { width, height } } = await image.raw().toBuffer({ resolveWithObject: true });
  const png = join(WORK, `${name}.png`), ppm = join(WORK, `${name}.ppm`);
  await sharp(raw, { raw: { width, height, channels: 3 } }).png().toFile(png);
  writeFileSync(ppm, Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), raw]));
  return { name, raw, width, height, png, ppm, hash: createHash('sha256').update(raw).digest('hex').slice(0, 16) };
}

const fromRaw = ({ raw, width, height }) => sharp(raw, { raw: { width, height, channels: 3 } });

async function readFolder(folder, kind) {
  const pictures = [];
  const files = readdirSync(folder).filter((file) => /\.(jpe?g|png|webp)$/i.test(file)).sort((a, b) => (a < b ? -1 : 1));
  for (const [index, file] of files.entries()) {
    const scaled = sharp(join(folder, file)).rotate().resize(640, 640, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
    const picture = { ...await toPicture(scaled, `${kind.slice(0, 2)}${index}`), file, kind, tuned: kind === 'smooth' ? file.startsWith('t-') : index % 2 === 0 };
    const twin = pictures.find((other) => other.hash === picture.hash);
    if (twin) twin.tuned ||= picture.tuned; // the same pixels under two names count once, and as seen
    else pictures.push(picture);
  }
  return pictures;
}

// ---- Scores -----------------------------------------------------------------------------------------------------

let number = 0;
const temporary = (end) => join(WORK, `t${number++}.${end}`);

async function ssimulacra2(picture, jpeg) {
  const path = temporary('in');
  writeFileSync(path, jpeg);
  const { stdout } = await run(join(BUILD, 'tools/score'), [picture.ppm, path]);
  return Number(stdout.split(' ')[0]);
}

// All chunks but the pixels stay away from butteraugli's PNGs: two that differ in gamma would be compared wrongly.
async function butteraugli(picture, jpeg) {
  const area = { ...CROP, width: picture.width - CROP.left, height: picture.height - CROP.top };
  const a = join(WORK, `${picture.name}.crop.png`), b = temporary('png');
  if (!existsSync(a)) await fromRaw(picture).extract(area).png().toFile(a);
  await sharp(jpeg).toColourspace('srgb').extract(area).png().toFile(b);
  const distance = Number((await run('butteraugli', [a, b])).stdout);
  return { distance, norm: hasNorm ? Number((await run('butteraugli_main', [a, b])).stdout.match(/3-norm: ([\d.]+)/)[1]) : NaN };
}

async function cached(key, make) {
  const path = CACHE && join(CACHE, createHash('sha256').update(key).digest('hex').slice(0, 32));
  if (path && existsSync(path)) return JSON.parse(readFileSync(path));
  const value = await make();
  if (path) writeFileSync(path, JSON.stringify(value));
  return value;
}

// What a peer makes of a picture, of several ways the best-looking, shown in the place of another.
const ofPeer = (peer, shown, source, budget) =>
  cached(`${source === shown ? 6 : 7} ${hasNorm} ${peer} ${shown.hash} ${source.hash} ${budget}`, async () => {
    const ways = source === shown ? peers[peer] : peers[peer].slice(0, 1); // 4:4:4 never pays where pixels are saved
    let best = null;
    for (const encode of ways) {
      const jpeg = await encode(source, budget, WORK);
      const score = jpeg ? await ssimulacra2(shown, jpeg) : -Infinity;
      if (jpeg && (!best || score > best.score)) best = { score, bytes: jpeg.length, jpeg };
    }
    return best && { score: best.score, bytes: best.bytes, ...(source === shown && await butteraugli(shown, best.jpeg)) };
  });

const bestScore = (results) => results.reduce((a, b) => ((b?.score ?? -Infinity) > (a?.score ?? -Infinity) ? b : a), null);

async function ofPiclog(picture, budget, shrink, confirm) {
  const jpeg = piclog(CRUSH, picture, budget, shrink, WORK);
  const score = await ssimulacra2(picture, jpeg);
  return { score, bytes: jpeg.length, ...(confirm && await butteraugli(picture, jpeg)) };
}

async function measure(picture) {
  const anySize = picture.kind !== 'smooth'; // what shrinking gains is the same question for all photographs
  const sizes = await Promise.all((anySize ? SMALLER_SIDES : []).map((side) =>
    toPicture(fromRaw(picture).resize(side, side, { fit: 'inside', withoutEnlargement: true }), `${picture.name}.${side}`)));
  const rows = [];
  for (const budget of BUDGETS) {
    const row = { picture, budget, piclog: await ofPiclog(picture, budget, 'never', true), auto: anySize ? await ofPiclog(picture, budget, 'auto', false) : null, anySize: {} };
    for (const peer of Object.keys(peers)) row[peer] = await ofPeer(peer, picture, picture, budget);
    for (const peer of rivals) {
      const smaller = [];
      for (const size of sizes) smaller.push(await ofPeer(peer, picture, size, budget));
      row.anySize[peer] = bestScore([row[peer], ...smaller]);
    }
    rows.push(row);
  }
  return rows;
}

// ---- Tables -----------------------------------------------------------------------------------------------------

const mean = (list) => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : NaN);
const column = (value, digits = 1, width = 9) => (Number.isFinite(value) ? value.toFixed(digits) : '-').padStart(width);
const encoders = ['piclog', ...Object.keys(peers)];
const bestOf = (results) => Math.max(...rivals.map((peer) => results[peer]?.score ?? -Infinity));

function gains(rows, ours, theirs) {
  const list = rows.map((row) => ({ gain: (row[ours]?.score ?? NaN) - bestOf(theirs(row)), file: row.picture.file })).filter((entry) => Number.isFinite(entry.gain));
  return { mean: mean(list.map((entry) => entry.gain)), worst: list.reduce((a, b) => (b.gain < a.gain ? b : a), { gain: Infinity, file: '' }) };
}

// The pictures where a rival is better by a measure, the worst first; sign: 1 where more is better.
function behind(rows, measure, sign) {
  return rows.map((row) => ({ file: row.picture.file, by: Math.max(...rivals.filter((peer) => row[peer]).map((peer) => sign * (row[peer][measure] - row.piclog[measure]))) }))
    .filter(({ by }) => by > 0).sort((a, b) => b.by - a.by).map(({ file, by }) => `${file} ${by.toFixed(2)}`).join(', ');
}

function table(title, rows) {
  console.log(`\n${title}: SSIMULACRA2, off the grid, higher is better; then butteraugli, lower is better`);
  console.log(`  ${'bytes'.padEnd(6)}${encoders.map((name) => name.padStart(14)).join('')}     gain  worst   auto`);
  for (const budget of BUDGETS) {
    const here = rows.filter((row) => row.budget === budget);
    const fixed = gains(here, 'piclog', (row) => row), auto = gains(here, 'auto', (row) => row.anySize);
    const reached = (name) => here.filter((row) => row[name]);
    const cell = (name) => {
      const some = reached(name);
      const missing = some.length < here.length ? `(${some.length})` : '';
      return `${missing}${column(mean(some.map((row) => row[name].score)), 1, 0)}`.padStart(14);
    };
    console.log(`  ${String(budget).padEnd(6)}${encoders.map(cell).join('')}${column(fixed.mean)}${column(fixed.worst.gain, 1, 7)}${column(auto.mean, 1, 7)}   worst: ${fixed.worst.file}`);
    const all = here.filter((row) => encoders.every((name) => row[name]));
    for (const measure of hasNorm ? ['distance', 'norm'] : ['distance'])
      console.log(`  ${(measure === 'norm' ? '3-norm' : '').padEnd(6)}${encoders.map((name) => column(mean(all.map((row) => row[name][measure])), 2, 14)).join('')}   (${all.length} pictures that all can do)`);
    if (hasNorm) console.log(`  ${''.padEnd(6)}behind the better rival: ${behind(here, 'score', 1) || 'none'} by SSIMULACRA2; ${behind(here, 'norm', -1) || 'none'} by the 3-norm`);
  }
}

const folders = { photograph: PHOTOS, screenshot: join(CORPUS, 'screenshots'), smooth: join(MADE ?? '', 'smooth') };
const pictures = [];
for (const [kind, folder] of Object.entries(folders))
  if (existsSync(folder) && (KINDS ?? kind).split(',').includes(kind)) pictures.push(...await readFolder(folder, kind));
const rows = [];
const queue = [...pictures];
await Promise.all([0, 1].map(async () => { while (queue.length) rows.push(...await measure(queue.shift())); }));

console.log('gain: over the better of', rivals.join(' and '), 'for each picture, mean and worst, at 640 px. auto: mean gain of --shrink auto over the');
console.log('best of those at 320, 480 and 640 px, all shown at 640 px. (n): only n pictures get that small.', hasJpegli ? '' : 'No cjpegli in PATH: jpegli is left out.');
for (const kind of Object.keys(folders))
  for (const tuned of [false, true]) {
    const part = rows.filter((row) => row.picture.kind === kind && row.picture.tuned === tuned);
    if (part.length) table(`${part.length / BUDGETS.length} ${KIND_NAMES[kind]}, ${tuned ? 'used for tuning' : 'held back'}`, part);
  }
const held = rows.filter((row) => !row.picture.tuned && row.picture.kind !== 'smooth');
if (held.length) table('All photographs, screenshots and drawings that were held back', held);
const free = rows.map((row) => (row.budget - row.piclog.bytes) / row.budget);
console.log(`\nOf the budget ${(100 * mean(free)).toFixed(2)} % stays unused on average, ${(100 * Math.max(...free)).toFixed(2)} % at most; exceeded ${free.filter((part) => part < 0).length} times.`);
if (process.env.JSON_OUT) writeFileSync(process.env.JSON_OUT, JSON.stringify(rows.map(({ picture: { file, kind, tuned }, ...row }) => ({ file, kind, tuned, ...row }))));
if (PLOT) {
  const photographs = held.filter((row) => row.picture.kind === 'photograph');
  const lines = encoders.map((name) => ({
    name,
    points: BUDGETS.map((budget) => photographs.filter((row) => row.budget === budget)).filter((here) => here.every((row) => row[name]))
      .map((here) => ({ bytes: here[0].budget, score: mean(here.map((row) => row[name].score)) })),
  }));
  writeFileSync(PLOT, plot(lines, { pictures: photographs.length / BUDGETS.length, date: new Date().toISOString().slice(0, 10) }));
  console.log(`Drawn: ${PLOT}`);
}
