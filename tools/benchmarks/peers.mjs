// The other encoders, each with the best it can do within a byte budget. A picture is { png, raw, width, height }; the
// result is a JPEG, or null where the encoder cannot get that small.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import sharp from 'sharp';

const FIRST = 1, LAST = 100;

async function bisect(picture, budget, options) {
  let low = FIRST, high = LAST, best = null;
  const input = sharp(picture.raw, { raw: { width: picture.width, height: picture.height, channels: 3 } });
  while (low <= high) {
    const quality = (low + high) >> 1;
    const out = await input.clone().jpeg({ quality, ...options }).toBuffer();
    if (out.length <= budget) [best, low] = [out, quality + 1];
    else high = quality - 1;
  }
  return best;
}

// cjpegli searches for a size by itself, but lands a little beside it: aim lower until it fits.
function jpegli(picture, budget, sampling, work) {
  const out = `${work}/jpegli.${process.pid}.${sampling}.jpg`;
  for (const part of [1, 0.998, 0.995, 0.99, 0.98]) {
    const run = spawnSync('cjpegli', [picture.png, out, `--target_size=${Math.floor(budget * part)}`, `--chroma_subsampling=${sampling}`, '--quiet']);
    if (run.status === 0 && statSync(out).size <= budget) {
      const data = readFileSync(out);
      rmSync(out);
      return data;
    }
  }
  return null;
}

export const hasJpegli = spawnSync('cjpegli', ['-h']).error === undefined;

// name → list of functions, of which the best-looking result counts.
export const peers = {
  mozjpeg: [(picture, budget) => bisect(picture, budget, { mozjpeg: true, chromaSubsampling: '4:2:0' })],
  ...(hasJpegli && {
    jpegli: [
      (picture, budget, work) => jpegli(picture, budget, '420', work),
      (picture, budget, work) => jpegli(picture, budget, '444', work),
    ],
  }),
  'libjpeg-turbo': [(picture, budget) => bisect(picture, budget, { optimiseCoding: true, chromaSubsampling: '4:2:0' })],
};

// We, through the command line. shrink: never or auto.
export function piclog(tool, picture, budget, shrink, work) {
  const out = `${work}/piclog.${process.pid}.jpg`;
  execFileSync(tool, ['-f', '-b', String(budget), '-s', '640', '--shrink', shrink, '-o', out, picture.png], { stdio: 'ignore' });
  const data = readFileSync(out);
  rmSync(out);
  return data;
}
