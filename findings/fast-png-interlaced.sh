#!/bin/sh
# fast-png refuses interlaced PNGs of fewer than eight bits a sample, and says that their filter is unknown.
#
# Guess: a reader that takes interlaced pictures and takes palettes of 1, 2 and 4 bits takes both at once: six of the pictures
#        of PngSuite are such, and pngjs, libpng and browsers read them.
# Seen:  fast-png 8.0.0 reads the same 13 x 7 pixels with 1, 2 and 4 bits in rows and with 8 bits interlaced, and throws
#        "Unsupported filter: N" for 1, 2 and 4 bits interlaced, where N is a byte of pixels: it takes a row for as
#        many bytes as pixels.
# Ends with 0 while that is so, else 1. Needs root for apt-get, and npm.
set -eu
export LC_ALL=C
command -v convert >/dev/null || apt-get install -y -qq --no-install-recommends imagemagick >/dev/null
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund fast-png@8.0.0 pngjs@7.0.0 >/dev/null
convert -version | head -1
for bits in 1 2 4 8; do
    for way in none PNG; do
        convert -size 13x7 gradient: -colorspace Gray -depth $bits -type Grayscale -define png:bit-depth=$bits -define png:color-type=0 \
            -interlace $way "png:$bits-$way.png"
    done
done
cat >look.mjs <<'END'
import { readFileSync } from 'node:fs';
import { decode } from 'fast-png';
import { PNG } from 'pngjs';
let asSeen = 0;
for (const bits of [1, 2, 4, 8])
  for (const way of ['none', 'PNG']) {
    const file = readFileSync(`${bits}-${way}.png`);
    if (file[24] !== bits || file[28] !== (way === 'PNG' ? 1 : 0)) throw new Error('the picture was not written as asked');
    const { width, height } = PNG.sync.read(file); // a picture for somebody else
    let said = `${width} x ${height}`;
    try { decode(file); } catch (error) { said = error.message; }
    console.log(`${bits} bits, ${way === 'PNG' ? 'interlaced' : 'in rows'}: ${said}`);
    asSeen += /^Unsupported filter/.test(said) === (bits < 8 && way === 'PNG');
  }
process.exit(asSeen === 8 ? 0 : 1);
END
node look.mjs
