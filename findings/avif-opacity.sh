#!/bin/sh
# Chromium 156 stretches the opacity of AVIF as if it were of limited range.
#
# Guess: an opacity of 32 of 255, stored losslessly in an AVIF whose AV1 stream says "full range" (as every encoder
#        writes it, and as the AVIF specification demands), is shown as 32.
# Seen:  Chromium 156.0.8078.108 of Debian 12 shows 0, 0, 19, 56, 130, 205, 255 for 0, 16, 32, 64, 128, 192, 240:
#        (a - 16) * 255 / 219. avifdec (libavif 0.11.1) gives the values that were stored. Soft edges get harder, and
#        what was nearly clear or nearly opaque becomes wholly so.
# Ends with 0 while that is so, else 1. Needs root for apt-get, npm and ImageMagick.
set -eu
export LC_ALL=C
for package in chromium libavif-bin imagemagick npm; do
    command -v "$package" >/dev/null || dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
dpkg-query -W chromium libavif-bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts playwright-core@1.60.0 >/dev/null
# eight columns of 32 pixels, each of one opacity
convert -size 32x64 xc:'gray(128)' xc:'gray(128)' xc:'gray(128)' xc:'gray(128)' xc:'gray(128)' xc:'gray(128)' xc:'gray(128)' +append -alpha off colour.png
convert -size 32x64 xc:'rgb(0,0,0)' xc:'rgb(16,16,16)' xc:'rgb(32,32,32)' xc:'rgb(64,64,64)' xc:'rgb(128,128,128)' xc:'rgb(192,192,192)' xc:'rgb(240,240,240)' +append opacity.png
convert colour.png opacity.png -alpha off -compose CopyOpacity -composite PNG32:p.png
avifenc --lossless -s 9 p.png -o p.avif >/dev/null
avifdec p.avif back.png >/dev/null
cat >look.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
const columns = [0, 1, 2, 3, 4, 5, 6].map((i) => 32 * i + 16), width = 7 * 32;
const back = execFileSync('convert', ['back.png', '-depth', '8', 'rgba:-']);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
const page = await browser.newPage();
const shown = await page.evaluate(async (data) => {
  const image = new Image();
  image.src = `data:image/avif;base64,${data}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 32, canvas.width, 1).data];
}, readFileSync('p.avif').toString('base64'));
await browser.close();
const stored = columns.map((x) => back[4 * (32 * width + x) + 3]), seen = columns.map((x) => shown[4 * x + 3]);
console.log('stored, as avifdec gives it:', stored.join(' '));
console.log('shown by Chromium:          ', seen.join(' '));
const stretched = stored.map((a) => Math.max(0, Math.min(255, Math.round(((a - 16) * 255) / 219))));
process.exit(seen.every((a, i) => Math.abs(a - stretched[i]) <= 1) && seen[2] !== stored[2] ? 0 : 1);
JS
node look.mjs
