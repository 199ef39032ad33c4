// How good crushed fixtures look has not changed unnoticed: every score of quality.tsv is met within 0.05 points. Builds
// by gcc and clang, without optimisation and with fused multiplication, differ by 0.01. A change that is meant rewrites the table:
// tests/golden/quality --update.
import assert from 'node:assert/strict';
import test from 'node:test';
import { BUDGETS, measure, readTable } from './quality.mjs';

const TOLERANCE = 0.05;
const rows = readTable();

test('the table has photographs, gradients, text, drawings, enlarged and strongly reduced ones', () => {
  assert.ok(rows.length >= 8);
});
for (const row of rows)
  test(`quality of ${row.picture} at ${row.side} px, shrink ${row.shrink}`, () => {
    for (const [i, { score, bytes }] of measure(row).entries()) {
      assert.ok(bytes <= BUDGETS[i], `${bytes} bytes for ${BUDGETS[i]}`);
      assert.ok(Math.abs(score - row.values[i]) <= TOLERANCE, `${BUDGETS[i]} bytes: ${score.toFixed(2)}, written ${row.values[i].toFixed(2)}; if that is meant: tests/golden/quality --update`);
    }
  });
