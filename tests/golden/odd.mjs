/*
 * Odd files that real software writes, and what viewers show of them. `pixels` are [x, y, [r, g, b]] over white; values
 * with `in: 'Chromium'` were read from Chromium 156 and are checked there by tests/browser/odd.test.mjs, those with another
 * oracle say which. `truncated` is what piclog-crush has to say.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { chunk, filtered, header, packed, patches, png, signature, tiff, u16, u32 } from './make_png.mjs';
import { blocks, gif, lzw, passes } from './make_gif.mjs';

export const odd = [];
const add = (name, type, bytes, pixels, more = {}) => odd.push({ name, type, bytes, pixels, in: 'Chromium', truncated: false, ...more });
const inRow = (...colours) => colours.map((colour, i) => [16 * i + 8, 8, colour]);

// ---- PNG: colours -------------------------------------------------------------------------------------------------

const cicp = (...codes) => chunk('cICP', codes);
const gamma = (value) => chunk('gAMA', u32(Math.round(value * 100000)));
const [brick, gray] = [[200, 100, 50], [128, 128, 128]];
const brickAndGray = (...before) => patches([brick, gray], 8, 2, before);
const p3 = [[215, 93, 31], gray], linear = [[229, 168, 122], [188, 188, 188]];

add('cICP Display P3', 'png', brickAndGray(cicp(12, 13, 0, 1)), inRow(...p3));
add('cICP BT.2020', 'png', brickAndGray(cicp(9, 13, 0, 1)), inRow([241, 76, 29], gray));
add('cICP PQ', 'png', brickAndGray(cicp(9, 16, 0, 1)), inRow([255, 0, 0], [132, 132, 132]));
add('cICP HLG', 'png', brickAndGray(cicp(9, 18, 0, 1)), inRow([230, 48, 17], [99, 99, 99]));
add('cICP PQ that reaches 300', 'png', brickAndGray(cicp(9, 16, 0, 1), chunk('cLLI', u32(3000000, 1000000))), [[24, 8, [171, 171, 171]]]);
add('cICP PQ from a display of 400', 'png', brickAndGray(cicp(9, 16, 0, 1), chunk('mDCV', Buffer.concat([u16(35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450), u32(4000000, 50)]))), [[24, 8, [163, 163, 163]]]);
add('cICP before gAMA', 'png', brickAndGray(cicp(12, 13, 0, 1), gamma(1)), inRow(...p3));
add('cICP behind gAMA', 'png', brickAndGray(gamma(1), cicp(12, 13, 0, 1)), inRow(...p3));
add('cICP and sRGB', 'png', brickAndGray(chunk('sRGB', [0]), cicp(12, 13, 0, 1)), inRow(...p3));
add('cICP of sRGB and gAMA', 'png', brickAndGray(cicp(1, 13, 0, 1), gamma(1)), inRow(brick, gray));
for (const [name, codes] of [['unspecified', [2, 2, 0, 1]], ['of narrow range', [12, 13, 0, 0]], ['of a reserved curve', [12, 3, 0, 1]], ['of reserved primaries', [3, 13, 0, 1]], ['of a logarithmic curve', [12, 9, 0, 1]]])
  add(`cICP ${name} leaves gAMA`, 'png', brickAndGray(cicp(...codes), gamma(1)), inRow(...linear));
add('cICP of five bytes', 'png', brickAndGray(cicp(12, 13, 0, 1, 0)), inRow(brick, gray));
add('cICP twice', 'png', brickAndGray(cicp(1, 13, 0, 1), cicp(12, 13, 0, 1)), inRow(brick, gray));
add('cICP with a wrong checksum', 'png', brickAndGray(chunk('cICP', [12, 13, 0, 1], 1)), inRow(brick, gray));
add('cICP behind the picture', 'png', patches([brick, gray], 8, 2, [], [cicp(12, 13, 0, 1)]), inRow(brick, gray));
add('cICP, gray', 'png', patches([[128], [160]], 8, 0, [cicp(9, 16, 0, 1)]), inRow([132, 132, 132], [213, 213, 213]));
add('cICP, palette', 'png', patches([[0], [1]], 8, 3, [cicp(12, 13, 0, 1), chunk('PLTE', [...brick, ...gray])]), inRow(...p3));
add('cICP, opacity', 'png', patches([[...brick, 255], [...brick, 0]], 8, 6, [cicp(12, 13, 0, 1)]), inRow(p3[0], [255, 255, 255]));
add('cICP, 16 bits', 'png', patches([u16(51400, 25700, 12850), u16(32896, 32896, 32896)], 16, 2, [cicp(9, 16, 0, 1)]), inRow([255, 0, 0], [132, 132, 132]));
add('gAMA below 0.05', 'png', brickAndGray(gamma(0.03)), inRow([1, 0, 0], [0, 0, 0]));
// Chromium cuts to 8 bits first and shows 0, 0 and 13; Firefox does not, nor does the formula of IEC 61966-2-1.
const dark = [100, 300, 1000], darkRight = dark.map((v) => { const c = v / 65535; return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)); }).map((v) => [v, v, v]);
add('gAMA 1, 16 bits, dark gray', 'png', patches(dark.map((v) => u16(v)), 16, 0, [gamma(1)]), inRow(...darkRight), { in: 'IEC 61966-2-1' });
add('gAMA 1, 16 bits, dark colours', 'png', patches(dark.map((v) => u16(v, v, v)), 16, 2, [gamma(1)]), inRow(...darkRight), { in: 'IEC 61966-2-1' });

// ---- PNG: data ----------------------------------------------------------------------------------------------------

const noise = (width, height) => { let s = 7; return Buffer.from(Array.from({ length: 3 * width * height }, () => { s = (Math.imul(s, 1103515245) + 12345) >>> 0; return s >>> 25; })); };
const stripes = (width, colours) => Buffer.concat(colours.map((colour) => Buffer.concat(Array(width).fill(Buffer.from(colour)))));
const red = [255, 0, 0], green = [0, 255, 0], blue = [0, 0, 255], yellow = [255, 255, 0], black = [0, 0, 0], white = [255, 255, 255];
const four = stripes(32, [red, green, blue, yellow].flatMap((colour) => Array(8).fill(colour)));
const fourRows = [red, green, blue, yellow].map((colour, i) => [16, 8 * i + 4, colour]);
const withData = (data, before = []) => Buffer.concat([signature, header(32, 32, 8, 2), ...before, chunk('IDAT', data), chunk('IEND')]);
const zlib = packed(four, 32);
add('bytes behind the zlib stream', 'png', withData(Buffer.concat([zlib, Buffer.from('padding')])), fourRows);
add('surplus rows', 'png', withData(packed(Buffer.concat([four, four]), 64)), fourRows);
// A window of 256 bytes is announced, but rows are copied from 4 kB before.
const far = Buffer.concat(Array(4).fill(noise(32, 43))), wide = (() => { const z = deflateSync(filtered(far, 172), { windowBits: 15 }); z[0] = 0x08; z[1] = 31 - ((z[0] << 8) % 31); return z; })();
add('a zlib header that names too small a window', 'png', Buffer.concat([signature, header(32, 172, 8, 2), chunk('IDAT', wide), chunk('IEND')]),
  [3, 46, 89, 132].map((y) => [10, y, [...far.subarray(3 * (32 * y + 10), 3 * (32 * y + 10) + 3)]]), { tolerance: 12 });

// ---- PNG: the first frame -----------------------------------------------------------------------------------------

const frame = (sequence, width, height, left, top) => chunk('fcTL', Buffer.concat([u32(sequence, width, height, left, top), u16(1, 10), Buffer.from([0, 0])]));
const frameData = (sequence, data) => chunk('fdAT', Buffer.concat([u32(sequence), data]));
const animated = chunk('acTL', u32(1, 0));
const solid = (width, height, pixel) => Buffer.concat(Array(width * height).fill(Buffer.from(pixel)));
const hidden = (depth, type, pixels, [width, height, left, top], before = []) => png(32, 32, depth, type, solid(32, 32, pixels[0]), [...before, animated],
  [frame(0, width, height, left, top), ...(() => { const z = packed(solid(width, height, pixels[1]), height); return [frameData(1, z.subarray(0, 5)), frameData(2, z.subarray(5))]; })()]);
const twice = chunk('PLTE', [...red, ...green]);
for (const [name, depth, type, pixels, before] of [['colour', 8, 2, [red, green], []], ['palette', 8, 3, [[0], [1]], [twice]], ['opacity', 8, 6, [[...red, 255], [...green, 255]], []], ['16 bits', 16, 2, [u16(65535, 0, 0), u16(0, 65535, 0)], []]]) {
  add(`APNG without its default image, ${name}`, 'png', hidden(depth, type, pixels, [32, 32, 0, 0], before), [[1, 1, green], [30, 30, green]]);
  add(`APNG without its default image, a part, ${name}`, 'png', hidden(depth, type, pixels, [12, 10, 8, 16], before), [[1, 1, white], [14, 20, green], [14, 14, white], [24, 20, white], [14, 30, white]]);
}
add('APNG whose first frame is the default image', 'png', png(32, 32, 8, 2, solid(32, 32, red), [animated, frame(0, 32, 32, 0, 0)], [frame(1, 32, 32, 0, 0), frameData(2, packed(solid(32, 32, green), 32))]), [[16, 16, red]]);
add('APNG in name only', 'png', png(32, 32, 8, 2, solid(32, 32, red), [animated]), [[16, 16, red]], { in: 'the specification: without frames the default image is shown' });
add('APNG whose frame is larger than its canvas', 'png', hidden(8, 2, [red, green], [33, 32, 0, 0]), [[16, 16, red]], { in: 'the specification: such an animation is none' });

// ---- PNG: what can be argued about; the table is in src/crush/README.md -----------------------------------------------

const quarters = Buffer.concat(Array.from({ length: 16 }, (_, y) => Buffer.concat(Array.from({ length: 32 }, (_, x) => Buffer.from([x < 16 ? 255 : 0, y < 8 ? 255 : 0, 0])))));
const lying = [[4, 4, yellow], [28, 4, green], [4, 12, red], [28, 12, black]], standing = [[4, 4, red], [12, 4, yellow], [4, 28, black], [12, 28, green]];
const exif = (...body) => chunk('eXIf', ...body);
add('eXIf', 'png', png(32, 16, 8, 2, quarters, [exif(tiff(6))]), standing);
add('eXIf behind the picture', 'png', png(32, 16, 8, 2, quarters, [], [exif(tiff(6))]), lying);
add('eXIf as LONG', 'png', png(32, 16, 8, 2, quarters, [exif(tiff(6, 4))]), lying);
add('eXIf with a wrong checksum', 'png', png(32, 16, 8, 2, quarters, [exif(tiff(6), 1)]), lying);
add('eXIf twice', 'png', png(32, 16, 8, 2, quarters, [exif(tiff(1)), exif(tiff(6))]), lying);
add('eXIf that begins as in JPEG', 'png', png(32, 16, 8, 2, quarters, [exif(Buffer.concat([Buffer.from('Exif\0\0'), tiff(6)]))]), lying);
add('indexes beyond the palette', 'png', patches([[0], [1], [2], [200]], 8, 3, [twice]), inRow(red, green, green, green));
add('tRNS longer than PLTE', 'png', patches([[0], [1], [2]], 8, 3, [twice, chunk('tRNS', [255, 0, 255, 255])]), inRow(red, white, white));

// ---- GIF ----------------------------------------------------------------------------------------------------------

const colours = [...red, ...green, ...blue, ...yellow];
const rowsOf = (height, index) => Array.from({ length: height }, (_, y) => Array(16).fill(index(y)));
const bands = rowsOf(32, (y) => y >> 3), bandPixels = [red, green, blue, yellow].map((colour, i) => [8, 8 * i + 4, colour]);
for (const bits of [2, 5, 8]) add(`GIF codes from ${bits} bits`, 'gif', gif({ palette: colours, rows: bands, bits }), bandPixels);
for (const bits of [9, 10, 11]) add(`GIF codes from ${bits} bits`, 'gif', gif({ palette: colours, rows: bands, bits }), bandPixels, { in: 'Firefox 153, ImageMagick' });
add('GIF codes from 1 bit', 'gif', gif({ palette: colours.slice(0, 6), rows: rowsOf(32, (y) => y >> 4), bits: 1 }), [[8, 4, red], [8, 28, green]]);
for (const block of [1, 2, 3]) add(`GIF data in blocks of ${block}`, 'gif', gif({ palette: colours, rows: bands, block }), bandPixels);
add('GIF with zero bytes before its frame', 'gif', gif({ palette: colours, rows: bands, before: [0, 0, 0] }), bandPixels, { in: 'ImageMagick' });
add('GIF with more pixels than its frame', 'gif', gif({ palette: colours, rows: bands, data: blocks(lzw([...bands.flat(), ...bands.flat()], 2)) }), bandPixels);
add('GIF with fewer pixels than its frame', 'gif', gif({ palette: colours, rows: bands, data: blocks(lzw(bands.slice(0, 16).flat(), 2)) }), [[8, 4, red], [8, 12, green], [8, 20, white], [8, 30, white]], { truncated: true });
add('GIF with indexes beyond its palette', 'gif', gif({ palette: colours.slice(0, 6), rows: bands }), [[8, 4, red], [8, 12, green], [8, 20, black], [8, 30, black]]);
// Rows 0, 8, 16, … come first and are shown for eight; then 4, 12, … for four; and so on.
const coarse = rowsOf(32, (y) => (y % 8 === 4 ? 1 : y % 16 === 8 ? 2 : 0));
const cutAfter = (count) => blocks(lzw(passes(32).slice(0, count).flatMap((y) => coarse[y]), 2)).subarray(0, -1);
add('GIF, interlaced, cut off in its first pass', 'gif', gif({ palette: colours, rows: coarse, interlaced: true, data: cutAfter(2), end: [] }), [[8, 2, red], [8, 6, red], [8, 10, blue], [8, 14, blue], [8, 20, white], [8, 30, white]], { truncated: true });
add('GIF, interlaced, cut off in its second pass', 'gif', gif({ palette: colours, rows: coarse, interlaced: true, data: cutAfter(6), end: [] }), [[8, 2, red], [8, 6, green], [8, 10, blue], [8, 14, green], [8, 18, red], [8, 22, red], [8, 28, blue]], { truncated: true });

// ---- JPEG and WebP, made by ImageMagick and changed ----------------------------------------------------------------------

const work = mkdtempSync(join(tmpdir(), 'piclog-odd-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
function convert(name, ...args) {
  const path = join(work, name);
  execFileSync('convert', [...args, path], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readFileSync(path);
}
// Segments of a JPEG up to its first scan: [offset, length with the marker, code].
function segments(jpeg) {
  const list = [];
  for (let at = 2; jpeg[at + 1] !== 0xDA; at += 2 + jpeg.readUInt16BE(at + 2)) list.push([at, 2 + jpeg.readUInt16BE(at + 2), jpeg[at + 1]]);
  return list;
}
const without = (jpeg, code) => segments(jpeg).reverse().filter((s) => s[2] === code).reduce((j, [at, length]) => Buffer.concat([j.subarray(0, at), j.subarray(at + length)]), jpeg);
const withSegment = (jpeg, code, body) => Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xFF, code]), u16(body.length + 2), body, jpeg.subarray(2)]);
const adobe = (transform) => Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]);

// ImageMagick writes YCCK; read as CMYK the same values are another colour. 255 is no ink either way.
const inks = without(convert('cmyk.jpg', '-size', '16x16', 'xc:rgb(220,40,40)', '-colorspace', 'CMYK', '-sampling-factor', '1x1', '-quality', '95'), 0xEE);
add('CMYK JPEG without an Adobe marker', 'jpeg', inks, [[8, 8, [127, 141, 20]]]);
add('CMYK JPEG with an Adobe marker', 'jpeg', withSegment(inks, 0xEE, adobe(0)), [[8, 8, [127, 141, 20]]]);
for (const transform of [1, 2, 200])
  add(`JPEG of four components, Adobe transform ${transform}`, 'jpeg', withSegment(inks, 0xEE, adobe(transform)), [[8, 8, [219, 39, 40]]]);

const grayJpeg = convert('gray.jpg', '-size', '32x16', 'xc:gray(50%)', '-colorspace', 'gray', '-quality', '95', '-strip');
add('gray JPEG', 'jpeg', grayJpeg, [[8, 8, [128, 128, 128]]]);
const profile = readFileSync('/usr/share/color/icc/LStar-RGB.icc');
add('gray JPEG with a profile of RGB', 'jpeg', withSegment(grayJpeg, 0xE2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile])), [[8, 8, [119, 119, 119]]]);
const quarterJpeg = (() => { writeFileSync(join(work, 'quarters.png'), png(32, 16, 8, 2, quarters)); return convert('quarters.jpg', join(work, 'quarters.png'), '-sampling-factor', '1x1', '-quality', '95', '-strip'); })();
add('JPEG with EXIF', 'jpeg', withSegment(quarterJpeg, 0xE1, Buffer.concat([Buffer.from('Exif\0\0'), tiff(6)])), standing);
add('JPEG with EXIF as LONG', 'jpeg', withSegment(quarterJpeg, 0xE1, Buffer.concat([Buffer.from('Exif\0\0'), tiff(6, 4)])), lying);

const le32 = (v) => { const b = Buffer.alloc(4); b.writeUInt32LE(v); return b; };
const riff = (...chunks) => Buffer.concat([Buffer.from('RIFF'), le32(4 + chunks.reduce((n, c) => n + c.length, 0)), Buffer.from('WEBP'), ...chunks]);
const part = (type, body) => Buffer.concat([Buffer.from(type), le32(body.length), body, Buffer.alloc(body.length & 1)]);
const extended = (flags) => part('VP8X', Buffer.from([flags, 0, 0, 0, 31, 0, 0, 15, 0, 0]));
const stored = convert('quarters.webp', join(work, 'quarters.png'), '-define', 'webp:lossless=true').subarray(12);
add('WebP with EXIF', 'webp', riff(extended(8), stored, part('EXIF', tiff(6))), lying);
writeFileSync(join(work, 'holes.png'), png(32, 16, 8, 6, Buffer.concat(Array(16).fill(Buffer.concat([solid(16, 1, [0, 0, 0, 0]), solid(16, 1, [...red, 255])])))));
const holes = convert('holes.webp', join(work, 'holes.png'), '-define', 'webp:lossless=true'), at = holes.indexOf('VP8L');
const lossless = Buffer.from(holes.subarray(at, at + 8 + holes.readUInt32LE(at + 4) + (holes.readUInt32LE(at + 4) & 1))), hintless = Buffer.from(lossless);
hintless[12] &= ~0x10; // alpha_is_used
const holePixels = [[4, 8, white], [28, 8, red]];
add('lossless WebP with opacity', 'webp', riff(lossless), holePixels);
add('lossless WebP with opacity, whose hint denies it', 'webp', riff(hintless), holePixels);
add('lossless WebP with opacity, whose container denies it', 'webp', riff(extended(0), lossless), holePixels);
