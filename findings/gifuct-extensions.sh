#!/bin/sh
# gifuct-js forgets the transparency and the time of a frame when two extensions stand before its picture.
#
# Guess: a graphic control extension holds for the next picture, whatever comments and application extensions come between
#        (GIF89a, sections 23, 24 and 26), as in browsers, omggif, gifsicle and ImageMagick.
# Seen:  ImageMagick 6.9.11-60 writes a comment and the gamma of its source there, in this order. gifuct-js 2.1.2 reads
#        the control extension with either of them behind it; with both, the transparent half of the picture is opaque and
#        its delay is undefined instead of 700 ms. omggif 1.0.10 reads all three as they are meant.
# Ends with 0 while that is so, else 1. Needs root for apt-get, and npm.
set -eu
export LC_ALL=C
command -v convert >/dev/null || apt-get install -y -qq --no-install-recommends imagemagick >/dev/null
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund gifuct-js@2.1.2 omggif@1.0.10 >/dev/null
convert -version | head -1
picture() { convert -size 16x8 xc:none -fill red -draw 'rectangle 0,0 7,7' -set delay 70 "$@"; }
picture -set comment hello comment.gif
picture -set gamma 0.9 gamma.gif
picture -set comment hello -set gamma 0.9 both.gif
cat >look.js <<'END'
const fs = require('fs'), { parseGIF, decompressFrames } = require('gifuct-js'), { GifReader } = require('omggif');
const clear = (rgba) => rgba.filter((value, i) => i % 4 === 3 && value === 0).length;
const seen = {};
for (const name of ['comment', 'gamma', 'both']) {
  const file = Uint8Array.from(fs.readFileSync(name + '.gif')), [frame] = decompressFrames(parseGIF(file.buffer), true);
  const reader = new GifReader(file), pixels = new Uint8Array(16 * 8 * 4);
  reader.decodeAndBlitFrameRGBA(0, pixels);
  const right = [clear(pixels), reader.frameInfo(0).delay * 10].join();
  if (right !== '64,700') throw new Error('the picture was not written as asked');
  seen[name] = [clear(frame.patch), frame.delay].join();
  console.log(`${name}: clear pixels, ms: gifuct-js ${seen[name]} - omggif ${right}`);
}
process.exit(seen.comment === '64,700' && seen.gamma === '64,700' && seen.both === '0,' ? 0 : 1);
END
node look.js
