#!/bin/sh
# jpeg-js takes a JPEG whose components are red, green and blue for luma and chroma.
#
# Guess: a decoder that reads the Adobe marker keeps to it: transform 0 with three components says RGB, as cjpeg -rgb and some
#        scanners and Photoshop write it, and every browser shows it so.
# Seen:  jpeg-js 0.4.4 reads the marker and passes over its 0: red is shown as 75 255 28, green as 0 47 225, blue as 178 0 0;
#        jimp 1.6.0, which uses it, the same. libjpeg-turbo gives the colours that went in. No error; the caller can say
#        colorTransform: false, if it knows.
# Ends with 0 while that is so, else 1. Needs root for apt-get, and npm.
set -eu
export LC_ALL=C
command -v cjpeg >/dev/null || apt-get install -y -qq --no-install-recommends libjpeg-turbo-progs >/dev/null
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund jpeg-js@0.4.4 jimp@1.6.0 >/dev/null
cjpeg -version 2>&1 | head -1
# three flat pictures
flat()
{
    printf 'P6 16 16 255\n'
    i=0
    while [ $i -lt 256 ]; do
        printf '%b' "$1"
        i=$((i + 1))
    done
}
flat '\0377\0000\0000' | cjpeg -rgb -quality 100 >red.jpg
flat '\0000\0377\0000' | cjpeg -rgb -quality 100 >green.jpg
flat '\0000\0000\0377' | cjpeg -rgb -quality 100 >blue.jpg
cat >look.js <<'END'
const fs = require('fs'), jpeg = require('jpeg-js'), { Jimp } = require('jimp');
const wanted = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255] };
(async () => {
  let wrong = 0;
  for (const [name, colour] of Object.entries(wanted)) {
    const file = fs.readFileSync(name + '.jpg');
    const ours = [...jpeg.decode(file).data.slice(0, 3)], jimps = [...(await Jimp.read(file)).bitmap.data.slice(0, 3)];
    console.log(name, 'is', colour.join(' '), '- jpeg-js', ours.join(' '), '- jimp', jimps.join(' '));
    wrong += [ours, jimps].filter((seen) => seen.some((value, i) => Math.abs(value - colour[i]) > 40)).length;
  }
  process.exit(wrong === 6 ? 0 : 1);
})();
END
djpeg red.jpg | tail -c 3 | od -An -tu1 # what libjpeg-turbo makes of it
node look.js
