// How good crushed fixtures look has not changed unnoticed: every score of quality.tsv is met within a tenth of a point,
// which other compilers, their optimisation and other processors stay far below. A change that is meant rewrites the table:
// tests/golden/quality --update.
import assert from 'node:assert/strict';
import test from 'node:test';
import { BUDGETS, measure, readTable } from './quality.mjs';

const TOLERANCE = 0.1;
const rows = readTable();

test('the table has photographs, gradients, text, drawings, enlarged and strongly reduced ones', () => {
  assert.equal(rows.length, 8);
});
for (const row of rows)
  test(`quality of ${row.picture} at ${row.side} px, shrink ${row.shrink}`, () => {
    for (const [i, { score, bytes }] of measure(row).entries()) {
      assert.ok(bytes <= BUDGETS[i], `${bytes} bytes for ${BUDGETS[i]}`);
      assert.ok(Math.abs(score - row.values[i]) <= TOLERANCE, `${BUDGETS[i]} bytes: ${score.toFixed(2)}, written ${row.values[i].toFixed(2)}`);
    }
  });
