// Animations by the frame, right and wrong ones: GIF, APNG and WebP of small moving patches.
import { execFileSync } from 'node:child_process';
import { deflateSync } from 'node:zlib';
import { blocks, lzw, passes } from './make_gif.mjs';
import { chunk, filtered, header, signature, u16 as big16, u32 as big32 } from './make_png.mjs';

const u16 = (...values) => Buffer.from(values.flatMap((v) => [v & 255, (v >> 8) & 255]));
const u24 = (v) => Buffer.from([v & 255, (v >> 8) & 255, v >> 16]);
const u32 = (v) => Buffer.concat([u16(v & 0xffff), u16(v >>> 16)]);

export const palette = [255, 255, 255, 200, 30, 60, 20, 120, 220, 250, 210, 40];

// A patch of width × height indices: a ring of one colour around another; with `holes`, every third pixel is index 0.
export const patch = (width, height, outer, inner, holes = false) => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) =>
  holes && (x + y) % 3 === 0 ? 0 : x < 2 || y < 2 || x >= width - 2 || y >= height - 2 ? outer : inner));

// frames: {left, top, rows, disposal, transparent, delay (hundredths), colours, interlaced, data, bare: no words about it}
export function gifAnimation({ width, height, frames, loops, colours = palette, end = [0x3B] }) {
  const parts = [Buffer.from('GIF89a'), u16(width, height), Buffer.from([0x80 | (Math.log2(colours.length / 3) - 1), 0, 0, ...colours])];
  if (loops !== undefined) parts.push(Buffer.from([0x21, 0xFF, 11]), Buffer.from('NETSCAPE2.0'), Buffer.from([3, 1]), u16(loops), Buffer.from([0]));
  for (const { left = 0, top = 0, rows, disposal = 0, transparent, delay = 10, colours: own, interlaced, data, bare, size } of frames) {
    const [w, h] = size ?? [rows[0].length, rows.length];
    if (!bare) parts.push(Buffer.from([0x21, 0xF9, 4, (disposal << 2) | (transparent === undefined ? 0 : 1)]), u16(delay), Buffer.from([transparent ?? 0, 0]));
    parts.push(Buffer.from([0x2C]), u16(left, top, w, h), Buffer.from([(own ? 0x80 | (Math.log2(own.length / 3) - 1) : 0) | (interlaced ? 0x40 : 0), ...(own ?? []), 2]));
    const sent = rows && (interlaced ? passes(h) : rows.map((_, y) => y)).flatMap((y) => rows[y]);
    parts.push(data ?? blocks(lzw(sent, 2)));
  }
  return Buffer.concat([...parts, Buffer.from(end)]);
}

// frames: {left, top, width, height, bytes (rows of the picture's own kind), dispose, blend, delay: [a, b], sequence}; the
// first is the picture itself unless `hidden` holds the rows of one that is not part of the animation.
export function apng({ width, height, depth = 8, type, before = [], frames, plays = 0, hidden, interlaced = 0, count = frames.length, announced = true }) {
  const parts = [signature, header(width, height, depth, type, interlaced), ...before];
  if (announced) parts.push(chunk('acTL', big32(count, plays)));
  const data = (bytes, h) => deflateSync(filtered(bytes, h));
  let sequence = 0;
  if (hidden) parts.push(chunk('IDAT', data(hidden, height)));
  frames.forEach(({ left = 0, top = 0, width: w, height: h, bytes, dispose = 0, blend = 0, delay = [1, 10], sequence: wrong }, i) => {
    parts.push(chunk('fcTL', Buffer.concat([big32(wrong ?? sequence++, w, h, left, top), big16(...delay), Buffer.from([dispose, blend])])));
    if (!i && !hidden) parts.push(chunk('IDAT', data(bytes, h)));
    else parts.push(chunk('fdAT', Buffer.concat([big32(sequence++), data(bytes, h)])));
  });
  return Buffer.concat([...parts, chunk('IEND')]);
}

// A still picture as WebP, from RGBA rows; its chunks without the container's own.
export function webpStill(width, height, rgba, lossless) {
  const file = execFileSync('convert', ['-size', `${width}x${height}`, '-depth', '8', 'rgba:-', '-define', `webp:lossless=${lossless}`, '-quality', '90', 'webp:-'], { input: rgba });
  const kept = [];
  for (let at = 12; at + 8 <= file.length;) {
    const bytes = 8 + ((file.readUInt32LE(at + 4) + 1) & ~1);
    if (/^(VP8 |VP8L|ALPH)$/.test(file.toString('latin1', at, at + 4))) kept.push(file.subarray(at, at + bytes));
    at += bytes;
  }
  return Buffer.concat(kept);
}

const riff = (name, body) => Buffer.concat([Buffer.from(name), u32(body.length), body, Buffer.alloc(body.length & 1)]);

// frames: {left, top (even), width, height, chunks, dispose, blend (1: over), ms}
export function webpAnimation({ width, height, frames, loops = 0, alpha = true }) {
  const body = [Buffer.from('WEBP'), riff('VP8X', Buffer.concat([Buffer.from([2 | (alpha ? 16 : 0), 0, 0, 0]), u24(width - 1), u24(height - 1)])),
    riff('ANIM', Buffer.concat([Buffer.from([255, 255, 255, 255]), u16(loops)]))];
  for (const { left = 0, top = 0, width: w, height: h, chunks, dispose = 0, blend = 1, ms = 100 } of frames)
    body.push(riff('ANMF', Buffer.concat([u24(left / 2), u24(top / 2), u24(w - 1), u24(h - 1), u24(ms), Buffer.from([(blend ? 0 : 2) | dispose]), chunks])));
  const all = Buffer.concat(body);
  return Buffer.concat([Buffer.from('RIFF'), u32(all.length), all]);
}

// ---- The corpus that is made: name → bytes ----

const WIDTH = 40, HEIGHT = 30;

function gifs() {
  const made = {}, whole = patch(WIDTH, HEIGHT, 1, 2);
  const places = { inside: [[4, 3], [20, 12], [9, 9]], beyond: [[30, 20], [39, 29], [60, 50]], whole: [[0, 0], [0, 0], [0, 0]] };
  for (const disposal of [0, 1, 2, 3, 4, 7])
    for (const holes of [false, true])
      for (const [place, at] of Object.entries(places))
        made[`gif-${place}-disposal-${disposal}${holes ? '-holes' : ''}.gif`] = gifAnimation({
          width: WIDTH, height: HEIGHT, loops: 0,
          frames: [{ rows: whole }, ...at.map(([left, top], i) => ({
            left, top, disposal, transparent: holes ? 0 : undefined,
            rows: place === 'whole' ? patch(WIDTH, HEIGHT, 3, 1 + i % 2, holes) : patch(14, 12, 3, i % 2, holes) })),
          { left: 2, top: 2, rows: patch(6, 6, 3, 3) }],
        });
  made['gif-first-restores.gif'] = gifAnimation({ width: 40, height: 30, frames: [{ rows: patch(20, 20, 1, 2), disposal: 3 }, { left: 10, top: 5, rows: patch(20, 20, 3, 2) }] });
  made['gif-first-is-larger.gif'] = gifAnimation({ width: 20, height: 10, frames: [{ rows: patch(40, 30, 1, 2) }, { left: 10, top: 5, rows: patch(20, 20, 3, 2) }] });
  made['gif-second-is-larger.gif'] = gifAnimation({ width: 20, height: 10, frames: [{ rows: patch(20, 10, 1, 2) }, { left: 10, top: 5, rows: patch(20, 20, 3, 2) }] });
  made['gif-interlaced.gif'] = gifAnimation({ width: 40, height: 30, frames: [{ rows: whole, interlaced: true }, { left: 3, top: 3, rows: patch(20, 19, 3, 0), interlaced: true, transparent: 0 }] });
  made['gif-own-palettes.gif'] = gifAnimation({ width: 40, height: 30, frames: [{ rows: whole }, { left: 5, top: 5, rows: patch(20, 20, 1, 2), colours: [0, 0, 0, 0, 255, 0, 90, 90, 0, 1, 2, 3] }] });
  made['gif-short-delays.gif'] = gifAnimation({ width: 40, height: 30, loops: 3, frames: [0, 1, 2, 3, 65535].map((delay, i) => ({ rows: patch(40, 30, 1 + i % 3, i % 4), delay })) });
  made['gif-without-words.gif'] = gifAnimation({ width: 40, height: 30, frames: [{ rows: whole, transparent: 1 }, { rows: patch(10, 10, 3, 1), bare: true }, { left: 4, top: 4, rows: patch(10, 10, 1, 3), bare: true }] });
  return made;
}

function apngs() {
  const made = {};
  const kinds = {
    rgba: { type: 6, pixel: (i, x, y) => [40 + 60 * i, 200 - 50 * i, 10 * x, (x * 23 + y * 7) % 256] },
    palette: { type: 3, before: [chunk('PLTE', palette), chunk('tRNS', [255, 128, 255, 0])], pixel: (i, x, y) => [(i + (x >> 2) + (y >> 2)) % 4] },
    gray: { type: 4, pixel: (i, x, y) => [50 * i + x, (x * 11 + y * 5) % 256] },
  };
  const bytes = (kind, i, w, h) => Buffer.from(Array.from({ length: w * h }, (_, n) => kind.pixel(i, n % w, Math.floor(n / w))).flat());
  const frames = (kind, dispose, blend) => [
    { width: 24, height: 18, bytes: bytes(kind, 0, 24, 18), dispose },
    { left: 3, top: 2, width: 12, height: 9, bytes: bytes(kind, 1, 12, 9), dispose, blend },
    { left: 12, top: 9, width: 12, height: 9, bytes: bytes(kind, 2, 12, 9), dispose, blend, delay: [3, 0] },
    { left: 0, top: 0, width: 8, height: 8, bytes: bytes(kind, 3, 8, 8), blend, delay: [1, 1000] }];
  for (const [name, kind] of Object.entries(kinds))
    for (const dispose of [0, 1, 2])
      for (const blend of [0, 1])
        made[`apng-${name}-dispose-${dispose}-blend-${blend}.png`] = apng({ width: 24, height: 18, type: kind.type, before: kind.before, frames: frames(kind, dispose, blend) });
  const rgb = { type: 2, pixel: (i, x, y) => [50 * i, 5 * x, 9 * y] }, deep = { type: 6, pixel: (i, x, y) => [50 * i, 1, 5 * x, 2, 9 * y, 3, 200, 9] };
  made['apng-rgb.png'] = apng({ width: 24, height: 18, type: 2, frames: frames(rgb, 0, 1), plays: 2 });
  made['apng-16-bit.png'] = apng({ width: 24, height: 18, depth: 16, type: 6, frames: frames(deep, 0, 1) });
  made['apng-hidden-picture.png'] = apng({ width: 24, height: 18, type: 2, hidden: bytes(rgb, 4, 24, 18), frames: frames(rgb, 1, 0) });
  made['apng-hidden-picture-part-first.png'] = apng({ width: 24, height: 18, type: 2, hidden: bytes(rgb, 4, 24, 18), frames: frames(rgb, 0, 0).slice(1) });
  return made;
}

function webps() {
  const made = {};
  const still = (i, w, h, lossless) => webpStill(w, h, Buffer.from(Array.from({ length: w * h }, (_, n) => [60 * i, 200 - 40 * i, 8 * (n % w), ((n % w) * 13) % 256]).flat()), lossless);
  for (const lossless of [true, false]) {
    const [a, b] = [still(1, 32, 24, lossless), still(3, 16, 12, lossless)];
    for (const dispose of [0, 1])
      for (const blend of [0, 1])
        made[`webp-${lossless ? 'lossless' : 'lossy'}-dispose-${dispose}-blend-${blend}.webp`] = webpAnimation({
          width: 32, height: 24,
          frames: [{ width: 32, height: 24, chunks: a, dispose }, { left: 4, top: 2, width: 16, height: 12, chunks: b, dispose, blend, ms: 5 },
            { left: 16, top: 12, width: 16, height: 12, chunks: b, dispose, blend, ms: 15 }, { left: 10, top: 8, width: 16, height: 12, chunks: b, blend }],
        });
  }
  return made;
}

export const animations = () => ({ ...gifs(), ...apngs(), ...webps() });
