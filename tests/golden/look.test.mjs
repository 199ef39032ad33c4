// What a budget buys: never exceeded, hardly anything unused, the same bytes every time, and none of the faults that a
// greedy encoder makes: bands in skies, colours that run. Over the corpus (PICLOG_CORPUS, else ../shared/corpus, else
// fixtures/).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { corpus, crush, crushMany, fixtures, pixels } from './oracle.mjs';

const folder = mkdtempSync(join(tmpdir(), 'piclog-look-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const photos = corpus ? join(corpus, 'photos') : join(fixtures, 'pictures');
const files = readdirSync(photos).filter((name) => /\.jpe?g$/i.test(name)).map((name) => join(photos, name));

for (const budget of [4000, 12000])
  test(`photographs in ${budget} bytes: never more, 1 % unused on average, the same bytes twice`, () => {
    const sizes = ['a', 'b'].map((run) => crushMany('-f', '-j', '2', '-b', String(budget), '--shrink', 'never', '-o', join(folder, run), ...files));
    assert.equal(sizes[0].length, files.length);
    const bytes = sizes[0].map((line) => line.bytes);
    for (const size of bytes) assert.ok(size <= budget, `${size} bytes`);
    const unused = bytes.reduce((sum, size) => sum + 1 - size / budget, 0) / bytes.length;
    assert.ok(unused <= 0.01, `${(100 * unused).toFixed(2)} % unused`);
    for (const name of readdirSync(join(folder, 'a'))) execFileSync('cmp', [join(folder, 'a', name), join(folder, 'b', name)]);
  });

// A saturated red disc on a calm ground keeps its colour to itself: outside, a little away from the edge, the ground
// stays what it was. Chroma has half the resolution and a 16 px block, so a careless quantiser leaves pink squares.
for (const ground of ['gray85', '#2d6a35', '#203050'])
  test(`red on ${ground} does not run`, () => {
    const source = join(folder, 'red.png');
    execFileSync('convert', ['-size', '640x480', `xc:${ground}`, '-fill', '#e00010', '-draw', 'circle 320,240 320,100', '-seed', '5', '-attenuate', '0.05', '+noise', 'Gaussian', '-strip', source]);
    for (const budget of [4000, 12000]) {
      const result = crush(source, '-b', String(budget), '--shrink', 'never');
      const before = pixels(source), after = pixels(result.path);
      let worst = 0, sum = 0, count = 0;
      for (let top = 0; top < 480; top += 8)
        for (let left = 0; left < 640; left += 8) {
          if (Math.hypot(left + 4 - 320, top + 4 - 240) < 140 + 16) continue;
          const drift = [0, 0, 0];
          for (let y = top; y < top + 8; y++)
            for (let x = left; x < left + 8; x++) for (let c = 0; c < 3; c++) drift[c] += (after[3 * (640 * y + x) + c] - before[3 * (640 * y + x) + c]) / 64;
          const colour = Math.max(Math.abs(drift[0] - drift[1]), Math.abs(drift[2] - drift[1]));
          worst = Math.max(worst, colour);
          sum += colour;
          count++;
        }
      console.log(`# ${ground} ${budget}: ${worst.toFixed(1)} at most, ${(sum / count).toFixed(2)} on average`);
      assert.ok(worst <= 6 && sum / count <= 2, `${worst.toFixed(1)} and ${(sum / count).toFixed(2)} gray levels of colour`);
    }
  });

// Skies of real photographs: wherever a 64 × 64 px area is smooth, the means of its blocks stay close to the original's.
const skies = [corpus && join(corpus, 'photos/nexus6p_dusk.jpg'), corpus && join(corpus, 'photos/sky.jpg'), join(fixtures, 'pictures/sky.jpg'), join(fixtures, 'pictures/clouds.jpg')];
for (const file of skies.filter((name) => name && existsSync(name)))
  test(`no bands in ${file.split('/').pop()}`, () => {
    const result = crush(file, '-b', '6000', '--shrink', 'never');
    const [width, height] = execFileSync('identify', ['-format', '%w %h', result.path], { encoding: 'utf8' }).split(' ').map(Number);
    const gray = (path, ...more) => pixels(path, ...more, '-colorspace', 'Gray');
    const before = gray(file, '-auto-orient', '-resize', `${width}x${height}!`), after = gray(result.path);
    const mean = (rgb, left, top) => {
      let sum = 0;
      for (let y = top; y < top + 8; y++) for (let x = left; x < left + 8; x++) sum += rgb[3 * (width * y + x)];
      return sum / 64;
    };
    let smooth = 0, sum = 0;
    for (let top = 0; top + 16 <= height; top += 8)
      for (let left = 0; left + 16 <= width; left += 8) {
        let spread = 0;
        for (let y = top; y < top + 16; y++)
          for (let x = left; x + 1 < left + 16; x++) spread = Math.max(spread, Math.abs(before[3 * (width * y + x)] - before[3 * (width * y + x + 1)]));
        if (spread > 6) continue;
        // A band: a step between neighbours that the original does not have.
        const right = Math.abs(mean(after, left + 8, top) - mean(after, left, top) - (mean(before, left + 8, top) - mean(before, left, top)));
        const below = Math.abs(mean(after, left, top + 8) - mean(after, left, top) - (mean(before, left, top + 8) - mean(before, left, top)));
        smooth++;
        sum += Math.max(right, below);
      }
    console.log(`# ${file.split('/').pop()}: ${smooth} smooth places, steps of ${(sum / smooth).toFixed(2)} gray levels`);
    assert.ok(smooth > 100, `${smooth} smooth places`);
    assert.ok(sum / smooth <= 2.2, `${(sum / smooth).toFixed(2)} gray levels`);
  });

test('crispy never has fewer pixels than crunchy', () => {
  const [crispy, crunchy] = ['crispy', 'crunchy'].map((preset) => crushMany('-f', '-j', '2', '-p', preset, '-o', join(folder, preset), ...files));
  assert.equal(crispy.length, files.length);
  for (const [i, result] of crispy.entries())
    assert.ok(result.width * result.height >= crunchy[i].width * crunchy[i].height, `${result.input}: ${result.width} × ${result.height}`);
});
