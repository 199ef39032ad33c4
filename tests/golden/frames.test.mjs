// Every frame of every animation, composed by us, by Chromium's ImageDecoder and by ImageMagick's -coalesce. Animations are
// made here (make_animation.mjs: all disposals and blends, in and beyond the canvas), and those of the corpus join where it
// is. Where a judge sees something else, frames.tsv names the files and the reason; a reason that is not met fails as well.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, launch } from '../browser/browser.mjs';
import { apart, coalesced, openDecoder, ours } from './frames.mjs';
import { animations } from './make_animation.mjs';
import { corpus } from './oracle.mjs';

const NEAR = 4; // levels: opacity is multiplied by 8-bit numbers there
const SHORT_MS = 10, SHORT_SHOWN_MS = 100; // ImageDecoder tells what stands in the file, the page shows it as this
const FRAMES_MOST = 60; // of one of the corpus; the others take long and say no more

const table = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'frames.tsv'), 'utf8').split('\n').slice(1).filter(Boolean)
  .map((line) => line.split('\t')).map(([judge, file, why]) => ({ judge, file: new RegExp(`^${file}`), why, met: 0 }));
const allowed = (judge, name) => {
  const row = table.find((r) => r.judge === judge && r.file.test(name));
  if (row) row.met++;
  return row;
};

const work = mkdtempSync(join(tmpdir(), 'piclog-frames-'));
const eye = await openDecoder(chromium, launch);
after(async () => {
  await eye.close();
  rmSync(work, { recursive: true });
});

// What differs, as a sentence; undefined: nothing.
function differs(mine, theirs) {
  if (mine.length !== theirs.length) return `${mine.length} frames here, ${theirs.length} there`;
  for (const [i, frame] of mine.entries()) {
    const { most, far } = apart(frame, theirs[i], NEAR);
    if (far) return `frame ${i}: ${far} pixels are away by up to ${most} levels`;
  }
  return undefined;
}

async function judge(path, name) {
  const mine = ours(path);
  assert.equal(mine.error, undefined);
  const seen = await eye.look(path);
  assert.equal(seen.fault, undefined);
  assert.deepEqual([mine.width, mine.height], [seen.width, seen.height]);
  assert.equal(differs(mine.frames, seen.frames.map((frame) => frame.rgb)), undefined, 'Chromium');
  assert.deepEqual(mine.ms, seen.frames.map(({ ms }) => (ms <= SHORT_MS ? SHORT_SHOWN_MS : ms)));
  assert.equal(seen.repetitions, mine.plays ? String(mine.plays - 1) : 'Infinity');
  if (name.endsWith('.png')) return; // ImageMagick reads no APNG
  const merged = coalesced(path, mine.width, mine.height, mine.frames.length);
  const fault = !merged?.frames ? 'another number or size of frames' : differs(mine.frames, merged.frames);
  if (fault && !allowed('ImageMagick', name)) assert.fail(`ImageMagick: ${fault}`);
}

const made = Object.entries(animations());
test('there are at least 60 of them', () => assert.ok(made.length >= 60));
for (const [name, bytes] of made) {
  const path = join(work, name);
  writeFileSync(path, bytes);
  test(name, () => judge(path, name));
}
for (const folder of corpus ? ['gif', 'webp'] : [])
  for (const name of readdirSync(join(corpus, folder)).filter((file) => /\.(gif|webp)$/.test(file))) {
    const path = join(corpus, folder, name), head = ours(path);
    if (head.error || head.ms.length < 2 || head.ms.length > FRAMES_MOST || head.width * head.height > 500000) continue;
    test(name, () => judge(path, name));
  }
test('every reason of frames.tsv is met', () => assert.deepEqual(table.filter((row) => !row.met && !row.why.endsWith('(corpus)')).map((row) => row.why), []));
