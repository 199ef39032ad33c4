// The downscale of JPEGs against a full decode scaled by Lanczos in floating point (tools/benchmarks/downscale.c), before
// any compression: our decoder takes only low frequencies, and of progressive files only the scans that show. Stated
// tolerance: at least 44 dB for each photograph, at most 8 dB below libjpeg-turbo's own scaled decode; and the median is not
// below vipsthumbnail's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { corpus, fixtures } from './oracle.mjs';

const folder = corpus ? join(corpus, 'photos') : join(fixtures, 'pictures');
const work = mkdtempSync(join(tmpdir(), 'piclog-downscale-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const rows = readdirSync(folder).filter((name) => /\.jpe?g$/i.test(name)).map((name) => {
  const file = join(folder, name), ppm = join(work, 'vips.ppm');
  execFileSync('vipsthumbnail', [file, '-s', '400', '--no-rotate', '-o', ppm]);
  const [width, , progressive, ours, turbo, vips] = execFileSync(process.env.PICLOG_DOWNSCALE, ['400', file, join(work, 'd'), ppm], { encoding: 'utf8' }).trim().split(' ').map(Number);
  return { name, width, progressive, ours, turbo, vips };
});

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

for (const kind of [0, 1]) {
  const own = rows.filter((row) => row.progressive === kind);
  test(`${kind ? 'progressive' : 'sequential'} photographs stay close to a full decode`, { skip: own.length === 0 && 'none here' }, () => {
    for (const row of own) {
      assert.ok(row.ours >= 44, `${row.name}: ${row.ours} dB`);
      assert.ok(row.ours >= row.turbo - 8, `${row.name}: ${row.ours} dB, libjpeg-turbo ${row.turbo} dB`);
    }
  });
}

test('the median is not below that of vipsthumbnail', () => {
  const both = rows.filter((row) => !Number.isNaN(row.vips));
  assert.ok(both.length > 3);
  const ours = median(both.map((row) => row.ours)), theirs = median(both.map((row) => row.vips));
  assert.ok(ours >= theirs, `${ours} dB against ${theirs} dB`);
});
