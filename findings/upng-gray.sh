#!/bin/sh
# UPNG.js shears gray PNGs of 2 and 4 bits whose rows do not end with a byte.
#
# Guess: a decoder that is right for gray of 1, 8 and 16 bits and for palettes of 2 and 4 bits is right for gray of 2 and 4:
#        rows begin at a byte (PNG, section 7.2), whatever the width.
# Seen:  upng-js 2.1.0 takes the samples of the whole picture as if they followed each other without a gap: of 13 x 7
#        pixels 35 (2 bits) and 21 (4 bits) are wrong, as each row begins a little too late. Where the width fills its
#        bytes (16), and with a palette of the same depth, all are right. No error.
# Ends with 0 while that is so, else 1. Needs root for apt-get, and npm.
set -eu
export LC_ALL=C
command -v convert >/dev/null || apt-get install -y -qq --no-install-recommends imagemagick >/dev/null
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund upng-js@2.1.0 pngjs@7.0.0 >/dev/null
convert -version | head -1
for width in 13 16; do
    for bits in 2 4; do
        for type in 0 3; do
            convert -size ${width}x7 gradient: -rotate 180 -colorspace Gray -depth $bits -define png:bit-depth=$bits -define png:color-type=$type "png:$width-$bits-$type.png"
        done
    done
done
cat >look.js <<'END'
const fs = require('fs'), UPNG = require('upng-js'), { PNG } = require('pngjs');
let asSeen = 0;
for (const width of [13, 16])
  for (const bits of [2, 4])
    for (const type of [0, 3]) {
      const file = fs.readFileSync(`${width}-${bits}-${type}.png`);
      if (file[24] !== bits || file[25] !== type) throw new Error('the picture was not written as asked');
      const right = PNG.sync.read(file).data, seen = new Uint8Array(UPNG.toRGBA8(UPNG.decode(file.buffer.slice(file.byteOffset, file.byteOffset + file.length)))[0]);
      let wrong = 0;
      for (let i = 0; i < width * 7; i++) wrong += [0, 1, 2, 3].some((c) => Math.abs(right[4 * i + c] - seen[4 * i + c]) > 1);
      console.log(`${width} pixels wide, ${bits} bits, ${type === 0 ? 'gray' : 'palette'}: ${wrong} of ${width * 7} wrong`);
      asSeen += wrong > 0 === (width === 13 && type === 0);
    }
process.exit(asSeen === 8 ? 0 : 1);
END
node look.js
