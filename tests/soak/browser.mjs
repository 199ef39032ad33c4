// Every picture of some folders as Chromium shows it and as piclog-crush makes it: tests/golden/chromium.mjs says how they
// are compared. Usage: node tests/soak/browser.mjs [--out FOLDER] [FILE|FOLDER]...; run by tools/soak browser. Writes
//   OUT/table.tsv   all pictures, the worst first: verdict, share of pixels that are away, most levels, sizes, words
//   OUT/sheet.html  the worst hundred, and all whose size differs: what Chromium shows, ours, the difference
// and says the counts. Ends with 1 where a picture is seen differently. Not for hostile files.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { compare, crushForComparing, openEye } from '../golden/chromium.mjs';
import { corpus, fixtures, top } from '../golden/oracle.mjs';

const SHOWN = 100;
const folders = process.argv.slice(2);
const at = folders.indexOf('--out');
const out = resolve(at >= 0 ? folders.splice(at, 2)[1] : join(top, 'build/browser'));
if (!folders.length)
  folders.push(...(corpus ? ['exif', 'gif', 'icc', 'jpeg', 'photos', 'png', 'screenshots', 'webp'].map((name) => join(corpus, name)) : ['exif', 'formats', 'icc', 'pictures'].map((name) => join(fixtures, name))));
mkdirSync(out, { recursive: true });

console.log(`crushing ${folders.join(' ')}`);
const lines = [...crushForComparing(...folders.map((folder) => resolve(folder))).values()];
const eye = await openEye();
const seen = [];
for (const line of lines) {
  const got = await compare(eye, line).catch((error) => ({ verdict: 'broken', error: error.message.split('\n')[0] }));
  const worst = got.far ?? (got.verdict === 'same' || got.verdict === 'unseen' ? -1 : 2);
  // A grid is shown later or never: only those of the worst are kept.
  seen.push({ line, ...got, worst });
  seen.sort((a, b) => b.worst - a.worst);
  for (const other of seen.slice(SHOWN)) delete other.theirs, delete other.ours;
  if (seen.length % 100 === 0) console.log(`${seen.length} of ${lines.length}`);
}

const plain = (text) => String(text ?? '').replace(/[\t\n]/g, ' ');
const columns = ['picture', 'verdict', 'away_percent', 'most_levels', 'width', 'height', 'source_bytes', 'words'];
const row = ({ line, verdict, far, most, width, height, error }) =>
  [line.input, verdict, far === undefined ? '' : (far * 100).toFixed(2), most?.toFixed(0), width, height, line.source_bytes, error];
writeFileSync(join(out, 'table.tsv'), [columns, ...seen.map(row)].map((cells) => cells.map(plain).join('\t') + '\n').join(''));

// A grid as a BMP: every viewer shows it and it needs no library.
function bitmap(grid, width, height) {
  const stride = (width * 3 + 3) & ~3, data = Buffer.alloc(54 + stride * height);
  data.write('BM');
  for (const [offset, value] of [[2, data.length], [10, 54], [14, 40], [18, width], [22, -height]]) data.writeInt32LE(value, offset);
  data.writeInt16LE(1, 26);
  data.writeInt16LE(24, 28);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) data[54 + y * stride + x * 3 + c] = grid[(y * width + x) * 3 + 2 - c];
  return `<img width="${width}" height="${height}" src="data:image/bmp;base64,${data.toString('base64')}" alt="">`;
}
const html = (text) => plain(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const figures = seen.slice(0, SHOWN).filter((one) => one.verdict !== 'same' || one.far > 0).map((one) => {
  const { theirs, ours, columns: w, rows: h } = one;
  const type = { '.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png', '.gif': 'gif', '.webp': 'webp' }[extname(one.line.input).toLowerCase()];
  const original = () => `<img class="whole" alt="" src="data:image/${type ?? 'jpeg'};base64,${readFileSync(one.line.input).toString('base64')}">`;
  const pictures = ours
    ? [theirs, ours, Buffer.from(theirs.map((v, i) => Math.min(255, 4 * Math.abs(v - ours[i]))))].map((grid) => bitmap(grid, w, h)).join('\n')
    : statSync(one.line.input).size < 2e6 ? original() : '';
  return `<figure>${pictures}<figcaption><b>${html(one.verdict)}</b> ${one.far === undefined ? '' : `${(one.far * 100).toFixed(2)} % away, up to ${one.most.toFixed(0)} levels`} ${html(one.line.input)} ${html(one.error)}</figcaption></figure>`;
});
writeFileSync(join(out, 'sheet.html'), `<!doctype html><meta charset="utf-8"><title>Seen differently</title>
<style>body{font:14px sans-serif;background:#ddd}figure{margin:12px;padding:8px;background:#fff}img{vertical-align:top;margin-right:8px;image-rendering:pixelated;min-width:64px}.whole{max-width:320px;max-height:320px}</style>
<p>${seen.length} pictures; the worst first. Each as Chromium shows it, ours, and four times the difference.</p>
${figures.join('\n')}\n`);
const sheet = await eye.browser.newPage({ viewport: { width: 1060, height: 800 } });
await sheet.goto(`file://${join(out, 'sheet.html')}`);
await sheet.screenshot({ path: join(out, 'sheet.png'), clip: { x: 0, y: 0, width: 1060, height: Math.min(16000, await sheet.evaluate(() => document.documentElement.scrollHeight)) }, fullPage: true });
await eye.close();

const count = {};
for (const { verdict } of seen) count[verdict] = (count[verdict] ?? 0) + 1;
console.log(Object.entries(count).map(([verdict, number]) => `${number} ${verdict}`).join(', '));
console.log(`${out}/table.tsv, sheet.html, sheet.png`);
process.exitCode = seen.some(({ verdict }) => !['same', 'unseen'].includes(verdict)) ? 1 : 0;
