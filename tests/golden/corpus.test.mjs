// The whole corpus (PICLOG_CORPUS, else ../shared/corpus, else fixtures/): what opens, and what hostile files get.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpus, crush, crushMany, fixtures } from './oracle.mjs';

const root = corpus ?? fixtures;
console.log(`# corpus: ${root}`);

// At least as many as vipsthumbnail 8.14 opens.
const least = { photos: 14, screenshots: 18, jpeg: 63, exif: 36, icc: 24, png: 207, webp: 23, gif: 46 };
if (corpus)
  for (const [folder, count] of Object.entries(least))
    test(`${folder}: at least ${count} pictures open`, () => {
      const out = mkdtempSync(join(tmpdir(), 'piclog-corpus-'));
      const files = readdirSync(join(corpus, folder)).map((name) => join(corpus, folder, name));
      const ok = crushMany('-o', out, ...files).filter((line) => line.ok).length;
      rmSync(out, { recursive: true });
      assert.ok(ok >= count, `${ok} of ${files.length}`);
    });

// Each alone, so that a crash or a hang has a name. The watchdog is far above the second that is allowed.
for (const name of readdirSync(join(root, 'hostile')))
  test(`hostile ${name}`, () => {
    const got = crush(join(root, 'hostile', name));
    assert.equal(got.signal, null, 'crashed or hung');
    assert.ok(got.status === 0 || got.status === 1, `status ${got.status}`);
    if (got.status === 1) {
      assert.equal(got.data, null, 'an output although it failed');
      assert.match(got.error, /\w/);
    } else {
      assert.ok(got.data.length <= 12000);
      assert.equal(spawnSync('identify', [got.path]).status, 0);
    }
  });

test('bombs are refused by a limit that has a name', () => {
  for (const [name, words] of Object.entries({ 'dims_65535x65535.jpg': /pixels/, 'png_dims_max.png': /pixel|side/, 'scan_bomb_4000x4000_1000scans.jpg': /scans/ })) {
    if (!existsSync(join(root, 'hostile', name))) continue;
    assert.match(crush(join(root, 'hostile', name)).error, words, name);
  }
});
