// Odd files come out as viewers show them; what is checked, and by which oracle it is right, stands in odd.mjs.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crush } from './oracle.mjs';
import { odd } from './odd.mjs';
import { chunk, header, packed, png, signature, u16 } from './make_png.mjs';
import { blocks } from './make_gif.mjs';

const work = mkdtempSync(join(tmpdir(), 'piclog-odd-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
let serial = 0;

function file(bytes) {
  const path = join(work, String(serial++));
  writeFileSync(path, bytes);
  return path;
}

// With a comment of 20 kB, as a result may not be larger than its source.
function padded(bytes) {
  const letters = Buffer.alloc(20000, 'x');
  const insert = (at, part) => Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  if (bytes[0] === 0x89) return insert(33, chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), letters])));
  if (bytes[0] === 0xFF) return insert(2, Buffer.concat([Buffer.from([0xFF, 0xFE]), u16(letters.length + 2), letters]));
  if (bytes[0] === 0x47) return insert(13 + (6 << (bytes[10] & 7)), Buffer.concat([Buffer.from([0x21, 0xFE]), blocks(letters)]));
  return Buffer.concat([bytes, letters]);
}

function check(bytes, expected, truncated, tolerance, ...options) {
  const got = crush(file(padded(bytes)), '-q', '100', '--chroma', '444', ...options);
  assert.equal(got.ok, true, got.error);
  const rgb = execFileSync('convert', ['-define', 'jpeg:block-smoothing=off', got.path, '-type', 'TrueColor', '-depth', '8', 'rgb:-']);
  for (const [x, y, colour] of expected) {
    assert.ok(x < got.width && y < got.height, `${got.width} × ${got.height} px`);
    const at = 3 * (y * got.width + x), shown = [...rgb.subarray(at, at + 3)];
    assert.ok(shown.every((v, c) => Math.abs(v - colour[c]) <= tolerance), `at ${x}, ${y}: ${shown} instead of ${colour}`);
  }
  assert.equal(got.truncated, truncated);
}

for (const { name, bytes, pixels: expected, truncated, tolerance = 3 } of odd)
  test(name, () => check(bytes, expected, truncated, tolerance));

// What did not come is the background, as browsers leave it transparent. 40 rows, of which the data ends within the 20th or so.
const noisy = (width, height) => { let s = 1; return Buffer.from(Array.from({ length: 3 * width * height }, () => { s = (Math.imul(s, 1103515245) + 12345) >>> 0; return 64 + (s >>> 27); })); };
for (const [name, interlaced, type] of [['RGB', 0, 2], ['gray', 0, 0]])
  test(`a PNG that is cut off shows the background below, ${name}`, () => {
    const rows = type ? noisy(64, 40) : noisy(64, 40).subarray(0, 64 * 40);
    const whole = Buffer.concat([signature, header(64, 40, 8, type, interlaced), chunk('IDAT', packed(rows, 40)), chunk('IEND')]);
    check(whole.subarray(0, whole.length / 2), [[30, 36, type ? [255, 0, 0] : [76, 76, 76]], [30, 39, type ? [255, 0, 0] : [76, 76, 76]]], true, 3, '--background', 'FF0000');
  });
test('a PNG that is cut off, shrunk', () => {
  const whole = png(640, 400, 8, 2, noisy(640, 400));
  check(whole.subarray(0, whole.length / 2), [[30, 36, [0, 0, 255]], [30, 26, [0, 0, 255]], [30, 10, [79, 79, 79]]], true, 12, '--background', '0000FF', '-s', '64');
});

// A JPEG of headers only is none, whichever decoder would have got it.
const jpeg = odd.find(({ name }) => name === 'gray JPEG').bytes;
const large = (() => {
  const bytes = Buffer.from(jpeg), frame = bytes.indexOf(Buffer.from([0xFF, 0xC0]));
  bytes.writeUInt16BE(3000, frame + 5);
  bytes.writeUInt16BE(4000, frame + 7);
  const scan = bytes.indexOf(Buffer.from([0xFF, 0xDA]));
  return bytes.subarray(0, scan + 2 + bytes.readUInt16BE(scan + 2));
})();
const progressive = (() => { const bytes = Buffer.from(large); bytes[bytes.indexOf(Buffer.from([0xFF, 0xC0])) + 1] = 0xC2; bytes[bytes.length - 2] = 0; return bytes; })();
for (const [name, bytes] of [['baseline', large], ['progressive', progressive]])
  for (const [after, data] of [['nothing', []], ['the end marker', [0xFF, 0xD9]], ['two bytes', [0x12, 0x34]], ['two bytes and the end marker', [0x12, 0x34, 0xFF, 0xD9]]])
    for (const side of ['320', '4000'])
      test(`a JPEG of headers and ${after} is refused: ${name}, ${side} px`, () => {
        const got = crush(file(Buffer.concat([bytes, Buffer.from(data)])), '-s', side);
        assert.deepEqual([got.ok, got.data], [false, null]);
        assert.match(got.error, /JPEG: (the file ends before the picture begins|no picture data)/);
      });
