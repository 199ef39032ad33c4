// What Chromium shows of a picture, against what piclog-crush makes of it. Used by chromium.test.mjs and tools/soak browser.
//
// The question is: right size, right way up, right frame, right colours, all of the picture? It is not how much a small
// JPEG loses, nor which filter shrinks better. So pictures are crushed to 640 px at the highest quality with all of
// their colour, which costs 1 to 3 levels, and both are compared
// - pixel by pixel, where nothing was shrunk;
// - else at 320 px, both brought there by plain averages over areas: of what Chromium decodes at full size, and of our
//   640 px. Averages of averages are the same whatever filter came first, while half a pixel of shift, a missing row, a
//   colour, or a frame remains. The 3 x 3 blur takes away what is left of the difference between filters.
// Ours is shown by Chromium as well, so that its decoding and its colours cancel out.
import { createServer } from 'node:http';
import { createReadStream } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, launch } from '../browser/browser.mjs';
import { tool } from './oracle.mjs';

const SIDE = 640, GRID = 320;
// Beyond this Chromium itself shrinks while it draws, so that 200 megapixels do not need a gigabyte.
const PIXELS_AT_FULL_SIZE = 30e6;

/* ---- In the page ---- */

// Draws a picture over white and averages it down to a grid. null: Chromium shows nothing.
async function show([address, columns, rows, largest]) {
  const image = new Image();
  const loaded = new Promise((done) => (image.onload = () => done(true), image.onerror = () => done(false)));
  image.src = address;
  if (!(await loaded) || !image.naturalWidth) return null;
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!columns) return { width, height };
  const shrink = Math.min(1, Math.sqrt(largest / (width * height)));
  const w = Math.round(width * shrink), h = Math.round(height * shrink);
  const context = new OffscreenCanvas(w, h).getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, w, h);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, w, h);
  const from = context.getImageData(0, 0, w, h).data;
  const grid = new Uint8Array(columns * rows * 3);
  if (columns === w && rows === h) {
    for (let i = 0, j = 0; j < grid.length; i++) if (i % 4 !== 3) grid[j++] = from[i];
  } else {
    // Averages over areas, a pixel at a border counts by its share: rows into narrow, as they end into the grid.
    const narrow = new Float64Array(columns * 3), sums = new Float64Array(columns * 3);
    for (let y = 0, row = 0, end = h / rows; y < h; y++) {
      narrow.fill(0);
      for (let x = 0, i = y * w * 4, column = 0, border = w / columns; x < w; x++, i += 4) {
        const share = Math.min(1, Math.max(0, border - x));
        for (let c = 0; c < 3; c++) narrow[column * 3 + c] += share * from[i + c];
        if (border < x + 1 - 1e-9) {
          border = ((++column + 1) * w) / columns;
          for (let c = 0; c < 3; c++) narrow[column * 3 + c] += (1 - share) * from[i + c];
        } else if (border <= x + 1) border = ((++column + 1) * w) / columns;
      }
      const share = Math.min(1, Math.max(0, end - y));
      for (let i = 0; i < sums.length; i++) sums[i] += share * narrow[i];
      if (end <= y + 1 + 1e-9) {
        for (let i = 0; i < sums.length; i++) {
          grid[row * sums.length + i] = Math.round((sums[i] * columns * rows) / (w * h));
          sums[i] = (1 - share) * narrow[i];
        }
        end = ((++row + 1) * h) / rows;
      }
    }
  }
  let text = '';
  for (let i = 0; i < grid.length; i += 32768) text += String.fromCharCode(...grid.subarray(i, i + 32768));
  return { width, height, grid: btoa(text) };
}

/* ---- Here ---- */

// A browser with one page, which loads files of this machine by their number from a server of ours.
export async function openEye() {
  const files = [];
  const server = createServer((request, response) => {
    const file = files[Number(request.url.slice(1))];
    if (!file) return response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end();
    createReadStream(file).on('error', () => response.destroy()).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch(launch);
  const page = await browser.newPage();
  await page.goto(origin);
  return {
    browser,
    // {width, height} and, with columns and rows, {grid}; null where Chromium shows nothing.
    async look(file, columns = 0, rows = 0) {
      const seen = await page.evaluate(show, [`/${files.push(file) - 1}`, columns, rows, PIXELS_AT_FULL_SIZE]);
      return seen?.grid ? { ...seen, grid: Buffer.from(seen.grid, 'base64') } : seen;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

// Crushes files, or folders with all that is in them, for comparing. Returns a map from input to its line of --json;
// output is null where it failed. The outputs last until the process ends.
export function crushForComparing(...inputs) {
  const out = mkdtempSync(join(tmpdir(), 'piclog-eye-'));
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  const run = spawnSync(tool, ['-r', '--json', '--quiet', '-q', '100', '--chroma', '444', '-s', String(SIDE), '-o', out, ...inputs], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 3600e3 });
  if (run.signal || run.status > 1) throw new Error(`piclog-crush: ${run.signal ?? run.stderr}`);
  return new Map(run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)).map((line) => [line.input, line]));
}

// 3 x 3 sums, the border repeated: along rows, then down columns.
function blur(grid, columns, rows) {
  const stride = columns * 3, across = new Uint16Array(grid.length), sums = new Uint16Array(grid.length);
  for (let at = 0, y = 0; y < rows; y++)
    for (let i = 0; i < stride; i++, at++) across[at] = grid[i < 3 ? at : at - 3] + grid[at] + grid[i < stride - 3 ? at + 3 : at];
  for (let at = 0, y = 0; y < rows; y++)
    for (let i = 0; i < stride; i++, at++) sums[at] = across[y ? at - stride : at] + across[at] + across[y < rows - 1 ? at + stride : at];
  return sums;
}

// The share of pixels of which a channel is more than 8 levels away after the blur, and the largest distance.
export function distance(a, b, columns, rows) {
  const [blurredA, blurredB] = [blur(a, columns, rows), blur(b, columns, rows)];
  let far = 0, most = 0;
  for (let i = 0; i < blurredA.length; i += 3) {
    let off = 0;
    for (let c = i; c < i + 3; c++) off = Math.max(off, Math.abs(blurredA[c] - blurredB[c]) / 9);
    if (off > 8) far++;
    if (off > most) most = off;
  }
  return { far: far / (columns * rows), most };
}

/*
 * Compares one picture; line is what piclog-crush said of it. The verdict:
 *   same     at most 1 % of the pixels are far away
 *   pixels   more are
 *   size     another width or height
 *   refused  Chromium shows it, piclog-crush refuses it: error says why
 *   unseen   Chromium does not show it, so there is nothing to compare with
 * far and most as from distance(); columns, rows, theirs and ours are what was compared, where it was.
 */
export async function compare(eye, line) {
  const seen = await eye.look(line.input);
  if (!seen) return { verdict: 'unseen', ok: line.ok, error: line.error };
  const { width, height } = seen;
  if (!line.ok) return { verdict: 'refused', width, height, error: line.error };
  const shrunk = Math.min(1, SIDE / Math.max(width, height));
  const right = (got, of) => Math.abs(got - Math.max(1, of * shrunk)) <= 0.5 + 1e-9;
  if (line.source_width !== width || line.source_height !== height || !right(line.width, width) || !right(line.height, height))
    return { verdict: 'size', width, height, error: `${line.source_width}x${line.source_height} made ${line.width}x${line.height}, Chromium shows ${width}x${height}` };
  const scale = shrunk < 1 ? GRID / Math.max(width, height) : 1;
  const columns = Math.max(1, Math.round(width * scale)), rows = Math.max(1, Math.round(height * scale));
  const [theirs, ours] = [await eye.look(line.input, columns, rows), await eye.look(line.output, columns, rows)];
  const { far, most } = distance(theirs.grid, ours.grid, columns, rows);
  return { verdict: far > 0.01 ? 'pixels' : 'same', width, height, far, most, columns, rows, theirs: theirs.grid, ours: ours.grid };
}
