// How good crushed fixtures look: SSIMULACRA2 off the block grid (tools/benchmarks/score.c) against the fixture scaled by
// ImageMagick, at 6 and 12 kB. For quality.test.mjs, which compares with quality.tsv, and quality, which rewrites that.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crush, fixtures, top } from './oracle.mjs';

export const BUDGETS = [6000, 12000];
export const TABLE = join(top, 'tests/golden/quality.tsv');
const score = process.env.PICLOG_SCORE ?? join(top, 'build/tools/score');

// The rows of the table: { picture, side, shrink, values: score at each budget }.
export function readTable() {
  return readFileSync(TABLE, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [picture, side, shrink, ...values] = line.split('\t');
    return { picture, side, shrink, values: values.map(Number) };
  });
}

export function writeTable(rows) {
  const head = readFileSync(TABLE, 'utf8').split('\n').filter((line) => line.startsWith('#'));
  const lines = rows.map(({ picture, side, shrink, values }) => [picture, side, shrink, ...values.map((value) => value.toFixed(2))].join('\t'));
  writeFileSync(TABLE, [...head, ...lines, ''].join('\n'));
}

// What a row scores now, for each budget { bytes, score }.
export function measure({ picture, side, shrink }) {
  const file = join(fixtures, 'pictures', picture);
  const results = BUDGETS.map((budget) => crush(file, '-s', side, '--shrink', shrink, '-b', String(budget)));
  const failed = results.find(({ data }) => !data);
  if (failed) throw new Error(`${picture} was not crushed (is PICLOG_CRUSH the built tool?): ${failed.stderr}`);
  const shown = shrink === 'never' ? results[0] : crush(file, '-s', side, '--shrink', 'never'); // in whose place they are shown
  const reference = `${shown.path}.ppm`;
  execFileSync('convert', [file, '-auto-orient', '-background', 'white', '-flatten', '-filter', 'Lanczos', '-resize', `${shown.width}x${shown.height}!`, '-depth', '8', reference]);
  const scores = execFileSync(score, [reference, ...results.map(({ path }) => path)], { encoding: 'utf8' }).split('\n');
  return results.map(({ bytes }, i) => ({ bytes, score: Number(scores[i].split(' ')[0]) }));
}
