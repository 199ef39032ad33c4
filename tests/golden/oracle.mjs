// What golden tests share: run piclog-crush, get pixels from ImageMagick (the independent oracle), compare.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const fixtures = join(top, 'fixtures');
export const tool = process.env.PICLOG_CRUSH ?? join(top, 'build/tools/piclog-crush');
export const corpus = [process.env.PICLOG_CORPUS, join(top, '../shared/corpus')].find((folder) => folder && existsSync(folder));

const work = mkdtempSync(join(tmpdir(), 'piclog-golden-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
let serial = 0;

// Crushes one file. Returns {status, stderr, path, bytes (Buffer, or null when nothing was written), ...the JSON line}.
export function crush(file, ...options) {
  const path = join(work, `${serial++}.jpg`);
  const run = spawnSync(tool, ['--json', ...options, '-o', path, file], { encoding: 'utf8', timeout: 60000 });
  const line = run.stdout ? JSON.parse(run.stdout) : {};
  return { ...line, status: run.status, signal: run.signal, stderr: run.stderr, path, data: existsSync(path) ? readFileSync(path) : null };
}

// Runs the tool as it is; for whole folders.
export function crushMany(...options) {
  const run = spawnSync(tool, ['--json', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// 8-bit RGB of a picture after ImageMagick operations.
export function pixels(path, ...operations) {
  return execFileSync('convert', [`${path}[0]`, ...operations, '-depth', '8', 'rgb:-'], { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
}

// Peak signal-to-noise ratio of two RGB buffers in dB.
export function psnr(a, b) {
  if (a.length !== b.length) throw new Error(`sizes differ: ${a.length} and ${b.length} bytes`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum === 0 ? Infinity : 10 * Math.log10((255 * 255 * a.length) / sum);
}

// Mean of each channel.
export function mean(rgb) {
  const sum = [0, 0, 0];
  for (let i = 0; i < rgb.length; i++) sum[i % 3] += rgb[i];
  return sum.map((s) => (3 * s) / rgb.length);
}
