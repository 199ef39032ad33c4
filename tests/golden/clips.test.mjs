// Strips of frames: each cell against its own frame, nothing of a neighbour in it, the same bytes twice; and animations that
// are made to do harm get a sentence. ImageMagick takes strips apart; frames are composed by frames.c, which frames.test.mjs
// compares with browsers.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ours } from './frames.mjs';
import { animations, apng, gifAnimation, patch, webpAnimation, webpStill } from './make_animation.mjs';
import { blocks, lzw } from './make_gif.mjs';
import { crush, pixels, psnr } from './oracle.mjs';

const work = mkdtempSync(join(tmpdir(), 'piclog-clips-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const file = (name, bytes) => {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return path;
};
const cell = (strip, i) => pixels(strip.path, '-crop', `${strip.frame_width}x${strip.frame_height}+${i * (strip.width / strip.frames)}+0`, '+repage');

// The frame on show at each of so many evenly spaced instants.
function shown(ms, count) {
  const total = ms.reduce((a, b) => a + b), at = [];
  for (let i = 0, frame = 0, end = ms[0]; i < count; i++) {
    while (Math.floor((i * total) / count) >= end && frame + 1 < ms.length) end += ms[++frame];
    at.push(frame);
  }
  return at;
}

const made = animations();
for (const name of ['gif-inside-disposal-2-holes.gif', 'gif-short-delays.gif', 'gif-first-is-larger.gif', 'apng-rgba-dispose-1-blend-1.png', 'apng-palette-dispose-2-blend-0.png', 'apng-hidden-picture.png', 'webp-lossless-dispose-1-blend-1.webp', 'webp-lossy-dispose-0-blend-0.webp'])
  test(`cells are the frames: ${name}`, () => {
    const path = file(name, made[name]), frames = ours(path);
    const strip = crush(path, '--clip=8', '-q', '100', '--chroma', '444');
    assert.equal(strip.ok, true, strip.error);
    assert.deepEqual([strip.frames, strip.frame_width, strip.frame_height], [8, frames.width, frames.height]);
    assert.equal(strip.frame_ms, Math.min(1000, Math.max(20, Math.round(frames.ms.reduce((a, b) => a + b) / 8))));
    for (const [i, frame] of shown(frames.ms, 8).entries()) {
      const distance = psnr(cell(strip, i), frames.frames[frame]);
      assert.ok(distance > 32, `cell ${i} is ${distance.toFixed(1)} dB from frame ${frame}`);
    }
  });

test('no cell holds anything of its neighbours', () => {
  const plain = (index) => ({ rows: patch(48, 32, index, index) });
  const strip = crush(file('plain.gif', gifAnimation({ width: 48, height: 32, frames: [1, 2, 1, 2].map(plain) })), '--clip=4', '-p', 'dust');
  for (let i = 0; i < 4; i++) {
    const rgb = cell(strip, i), wanted = i % 2 ? [20, 120, 220] : [200, 30, 60];
    // chroma is half as fine: viewers blend the outermost column of it, by a quarter
    for (let y = 0; y < 32; y++)
      for (let x = 1; x < 47; x++)
        for (let c = 0; c < 3; c++) assert.ok(Math.abs(rgb[(y * 48 + x) * 3 + c] - wanted[c]) < 8, `cell ${i}, ${x},${y}`);
  }
});

test('the same bytes twice', () => {
  const path = file('twice.webp', made['webp-lossy-dispose-1-blend-1.webp']);
  assert.deepEqual(crush(path, '--clip').data, crush(path, '--clip').data);
});

/* ---- Made to do harm ---- */

const still = webpStill(16, 16, Buffer.alloc(16 * 16 * 4, 200), true);
const empty = { data: blocks(lzw([0], 2)) };
const rgb = (w, h) => Buffer.alloc(w * h * 3, 99);
const hostile = {
  'claims 65535 x 65535': ['huge.gif', gifAnimation({ width: 65535, height: 65535, frames: [1, 2].map(() => ({ size: [65535, 65535], data: blocks(lzw([1, 2], 2)) })) }), /65535 x 65535 pixels, more than 1000000000 in all|bytes of memory, more than/],
  'claims 30000 x 30000, which would be allowed, but not in memory': ['large.gif', gifAnimation({ width: 30000, height: 30000, frames: [1, 2].map(() => ({ size: [30000, 30000], data: blocks(lzw([1, 2], 2)) })) }), /bytes of memory, more than/],
  'more frames than anybody watches': ['endless.gif', gifAnimation({ width: 8, height: 8, frames: Array(100001).fill({ size: [1, 1], delay: 0, data: Buffer.from([2, 0x4c, 1, 0]) }) }), /the animation has more than 100000 frames/],
  'more pixels in all frames than anybody watches': ['pixels.gif', gifAnimation({ width: 5000, height: 5000, frames: Array(200).fill({ size: [5000, 5000], disposal: 3, data: blocks(lzw([1, 2], 2)) }) }), /frames of the animation have 5000000000 pixels altogether, more than 4000000000/],
  'a WebP frame outside of its canvas': ['outside.webp', webpAnimation({ width: 16, height: 16, frames: [{ width: 16, height: 16, chunks: still }, { left: 8, top: 8, width: 16, height: 16, chunks: still }] }), /WebP: /],
  'frames without a single pixel': ['nothing.gif', gifAnimation({ width: 8, height: 8, frames: [1, 2, 3].map(() => ({ size: [8, 8], data: Buffer.from([0]) })) }), /no frame of the animation can be decoded/],
};
for (const [what, [name, bytes, words]] of Object.entries(hostile))
  test(`refused in words: ${what}`, () => {
    const got = crush(file(name, bytes), '--clip');
    assert.equal(got.signal, null);
    assert.equal(got.ok, false);
    assert.match(got.error, words);
    assert.equal(got.data, null);
  });

const survived = {
  'frames of no size': ['sizes.gif', gifAnimation({ width: 8, height: 8, frames: [{ rows: patch(8, 8, 1, 2) }, { size: [0, 0], ...empty }, { size: [0, 9], ...empty }, { size: [9, 0], ...empty }] }), 4, false],
  'frames outside of the canvas': ['outside.gif', gifAnimation({ width: 8, height: 8, frames: [{ rows: patch(8, 8, 1, 2) }, { left: 65535, top: 65535, size: [65535, 65535], ...empty }] }), 2, false],
  'an APNG frame outside of its canvas: what comes before it': ['outside.png', apng({ width: 8, height: 8, type: 2, frames: [{ width: 8, height: 8, bytes: rgb(8, 8) }, { width: 4, height: 4, bytes: rgb(4, 4) }, { left: 7, width: 4, height: 4, bytes: rgb(4, 4) }] }), 2, true],
  'an APNG frame of no size': ['size.png', apng({ width: 8, height: 8, type: 2, frames: [{ width: 8, height: 8, bytes: rgb(8, 8) }, { width: 4, height: 4, bytes: rgb(4, 4) }, { width: 0, height: 4, bytes: rgb(1, 4) }] }), 2, true],
  'an APNG frame out of its sequence': ['sequence.png', apng({ width: 8, height: 8, type: 2, frames: [{ width: 8, height: 8, bytes: rgb(8, 8) }, { width: 4, height: 4, bytes: rgb(4, 4) }, { width: 4, height: 4, sequence: 77, bytes: rgb(4, 4) }] }), 2, true],
  'an APNG that announces four thousand million frames': ['announces.png', apng({ width: 8, height: 8, type: 2, count: 0xffffffff, frames: [1, 2].map(() => ({ width: 8, height: 8, bytes: rgb(8, 8) })) }), 2, false],
};
for (const [what, [name, bytes, frames, truncated]] of Object.entries(survived))
  test(`taken for what it has: ${what}`, () => {
    const path = file(name, bytes), got = crush(path, '--clip=4');
    assert.equal(got.signal, null);
    assert.equal(got.ok, true, got.error);
    assert.equal(got.frames, 4);
    assert.equal(got.truncated, truncated);
    assert.equal(ours(path).ms.length, frames);
  });
