#!/bin/sh
# @napi-rs/image makes noise of a baseline JPEG whose components come in scans of their own.
#
# Guess: a JPEG with a scan for each component (jpegtran -scans writes it, cameras and encoders that save memory do) is shown
#        like the same coefficients in one scan: the standard lets every baseline decoder expect it, and browsers,
#        sharp, jpeg-js and libjpeg-turbo do.
# Seen:  @napi-rs/image 1.15.0 gives a green picture in stripes, by 107 of 255 off on average, and no error.
# Ends with 0 while that is so, else 1. Needs root for apt-get, and npm.
set -eu
export LC_ALL=C
command -v jpegtran >/dev/null || apt-get install -y -qq --no-install-recommends libjpeg-turbo-progs >/dev/null
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @napi-rs/image@1.15.0 jpeg-js@0.4.4 >/dev/null
jpegtran -version 2>&1 | head -1
# 64 x 48 pixels: brighter to the right, redder downwards
node -e 'const p = Buffer.alloc(64 * 48 * 3);
for (let i = 0; i < 64 * 48; i++) p.set([60 + (i >> 6) * 4, 40 + (i & 63) * 3, 90], i * 3);
process.stdout.write(Buffer.concat([Buffer.from("P6 64 48 255\n"), p]));' | cjpeg -quality 90 >together.jpg
printf '0;\n1;\n2;\n' >scans
jpegtran -scans scans -outfile apart.jpg together.jpg
djpeg together.jpg >together.ppm
djpeg apart.jpg >apart.ppm
cmp together.ppm apart.ppm # for libjpeg-turbo they are one picture
cat >look.js <<'END'
const fs = require('fs'), jpeg = require('jpeg-js'), { Transformer } = require('@napi-rs/image');
const mean = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
const colours = (rgba) => rgba.filter((_, i) => i % 4 !== 3);
(async () => {
  const [together, apart] = await Promise.all(['together', 'apart'].map((name) => new Transformer(fs.readFileSync(name + '.jpg')).rawPixels()));
  const [one, other] = ['together', 'apart'].map((name) => colours(jpeg.decode(fs.readFileSync(name + '.jpg'), { useTArray: true }).data));
  const off = mean(together, apart);
  console.log('mean difference of the two files: @napi-rs/image', off.toFixed(1), '- jpeg-js', mean(one, other).toFixed(1));
  console.log('first pixels of the second:', [...apart.slice(0, 6)].join(' '), '- jpeg-js', [...other.slice(0, 6)].join(' '));
  process.exit(off > 30 && mean(one, other) === 0 ? 0 : 1);
})();
END
node look.js
