// HEIC and AVIF: what libheif (heif-convert) and libavif (avifdec) make of a file is what comes out. The files are made
// here by heif-enc and avifenc; what those cannot write (grids, turns, profiles) is put together by boxes.mjs.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { box, build, clap, fullBox, grid, icc, imir, irot, ispe, nclx, parse, withProperties } from './boxes.mjs';
import { crush, fixtures, pixels, psnr, tool } from './oracle.mjs';

const reads = /HEIC/.test(execFileSync(tool, ['--help'], { encoding: 'utf8' }));
const skip = reads ? false : 'this build reads no HEIC and AVIF';
const work = mkdtempSync(join(tmpdir(), 'piclog-heif-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const at = (name) => join(work, name);
const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
let serial = 0;
const written = (picture) => {
  const path = at(`made${serial++}.heif`);
  writeFileSync(path, Buffer.isBuffer(picture) ? picture : build(picture));
  return path;
};

// ---- Sources: a photograph of 192 × 128, the same with opacity, gray, of 16 bits, in odd sizes, and its six tiles ----
const photo = at('photo.png'), see_through = at('alpha.png'), gray = at('gray.png'), deep = at('deep.png'), odd = at('odd.png');
const heic = (png, ...options) => {
  const path = at(`h${serial++}.heic`);
  run('heif-enc', '-q', '80', ...options, png, '-o', path);
  return path;
};
const avif = (...args) => {
  const path = at(`a${serial++}.avif`);
  run('avifenc', '-s', '9', '--min', '10', '--max', '20', ...args, '-o', path);
  return path;
};
if (reads) {
  const spices = join(fixtures, 'pictures/spices.jpg');
  run('convert', spices, '-strip', '-resize', '192x128!', `PNG24:${photo}`);
  run('convert', photo, '-alpha', 'set', '-channel', 'A', '-fx', 'i/w', '+channel', `PNG32:${see_through}`);
  run('convert', photo, '-colorspace', 'Gray', `PNG8:${gray}`);
  run('convert', photo, `PNG48:${deep}`);
  run('convert', photo, '-crop', '171x99+0+0', '+repage', `PNG24:${odd}`);
  run('convert', photo, '-crop', '64x64', '+repage', `PNG24:${at('tile%d.png')}`);
}
const tile = (i) => at(`tile${i}.png`);

// What the peer decodes. heif-convert writes the turned and cropped picture.
const peer = (path) => {
  const png = at(`peer${serial++}.png`);
  if (path.endsWith('.avif')) run('avifdec', path, png);
  else run('heif-convert', path, png);
  return png;
};
const crushed = (path, ...options) => {
  const got = crush(path, '-q', '98', '--chroma', '444', '-s', '16000', ...options);
  assert.equal(got.ok, true, got.error ?? got.stderr);
  return got;
};
function same(path, expected, least, ...options) {
  const got = crushed(path, ...options);
  const size = execFileSync('identify', ['-format', '%w %h', expected], { encoding: 'utf8' }).split(' ').map(Number);
  assert.deepEqual([got.width, got.height], size);
  const ratio = psnr(pixels(got.path, '-type', 'TrueColor'), pixels(expected, '-background', 'white', '-alpha', 'remove', '-alpha', 'off', '-type', 'TrueColor'));
  assert.ok(ratio > least, `${ratio.toFixed(1)} dB`);
  return got;
}
const check = (name, body) => test(name, { skip }, body);

// ---- Coded pictures ------------------------------------------------------------------------------
// The peers repeat or interpolate chroma in other ways than the scaler does; a wrong matrix or range is far below 33 dB.
for (const chroma of ['420', '422', '444'])
  check(`HEIC ${chroma}`, () => { const path = heic(photo, '-p', `chroma=${chroma}`); assert.equal(same(path, peer(path), 35).source_format, 'heic'); });
check('HEIC of 10 bits', () => same(heic(deep, '-b', '10'), photo, 33));
check('HEIC of 12 bits', () => same(heic(deep, '-b', '12'), photo, 33));
check('gray HEIC', () => { const path = heic(gray); same(path, peer(path), 45); });
check('HEIC of an odd size', () => { const path = heic(odd); same(path, peer(path), 35); });
for (const [name, ...options] of [['420', '-y', '420'], ['422', '-y', '422'], ['444', '-y', '444'], ['gray', '-y', '400'], ['10 bits', '-d', '10', '-y', '420'],
  ['12 bits', '-d', '12'], ['limited range', '-r', 'limited', '-y', '420'], ['BT.709', '--cicp', '1/13/1', '-y', '420'], ['BT.709 of limited range, 10 bits', '--cicp', '1/13/1', '-r', 'limited', '-d', '10'],
  ['BT.2020 matrix', '--cicp', '1/13/9'], ['identity', '--cicp', '1/13/0'], ['YCgCo', '--cicp', '1/13/8'], ['unspecified colours', '--cicp', '2/2/2']])
  check(`AVIF ${name}`, () => { const path = avif(...options, photo); assert.equal(same(path, peer(path), 33).source_format, 'avif'); });
check('AVIF of an odd size', () => { const path = avif('-y', '420', odd); same(path, peer(path), 33); });

// ---- Opacity --------------------------------------------------------------------------------------
for (const [name, make] of [['HEIC', () => heic(see_through)], ['AVIF', () => avif(see_through)], ['AVIF 420', () => avif('-y', '420', see_through)], ['gray AVIF of 10 bits', () => avif('-y', '400', '-d', '10', see_through)]])
  check(`opacity over the background: ${name}`, () => {
    const path = make(), got = crushed(path, '--background', '336699');
    const expected = pixels(peer(path), '-background', '#336699', '-alpha', 'remove', '-alpha', 'off', '-type', 'TrueColor');
    assert.ok(psnr(pixels(got.path, '-type', 'TrueColor'), expected) > 33);
  });
check('colours that were multiplied by their opacity', () => same(avif('-p', see_through), peer(avif('-p', see_through)), 28));

// ---- Grids, turns, crops --------------------------------------------------------------------------
const tiles = (make) => [0, 1, 2, 3, 4, 5].map((i) => parse(readFileSync(make(tile(i)))));
check('HEIC grid', () => { const path = written(grid(tiles(heic), 3, 190, 126)); same(path, peer(path), 35); });
check('AVIF grid', () => same(avif('--grid', '3x2', ...[0, 1, 2, 3, 4, 5].map(tile)), photo, 33));
check('a grid of a single row, turned', () => {
  const path = written(grid(tiles(heic).slice(0, 3), 3, 192, 60, irot(1)));
  same(path, peer(path), 35);
});
for (let quarters = 0; quarters < 4; quarters++)
  for (const axis of [null, 0, 1])
    check(`turned ${quarters} quarters${axis === null ? '' : `, mirrored at axis ${axis}`}`, () => {
      const turns = [irot(quarters), ...(axis === null ? [] : [imir(axis)])];
      const path = written(withProperties(parse(readFileSync(heic(photo))), ...turns));
      const got = same(path, peer(path), 35);
      // libheif 1.15 mirrors no more than 8 bits: the same turns must give the same picture
      const wide = crushed(written(withProperties(parse(readFileSync(heic(deep, '-b', '10'))), ...turns)));
      assert.ok(psnr(pixels(wide.path, '-type', 'TrueColor'), pixels(got.path, '-type', 'TrueColor')) > 33);
    });
for (const [name, ...turns] of [['cropped', clap(100, 61, 7, -9)], ['cropped, then turned', clap(101, 60, 9, 4), irot(1)], ['turned, then cropped', irot(3), clap(61, 100, -9, 8)],
  ['cropped, turned and mirrored', clap(98, 64, -10, 6), irot(1), imir(0)], ['a crop beyond the picture is none', clap(400, 61)]])
  check(name, () => {
    const path = written(withProperties(parse(readFileSync(heic(photo))), ...turns));
    if (/beyond/.test(name)) assert.deepEqual([crushed(path).width, crushed(path).height], [192, 128]);
    else same(path, peer(path), 33);
  });

// ---- Colours --------------------------------------------------------------------------------------
const adobe = '/usr/share/color/icc/compatibleWithAdobeRGB1998.icc', srgb = '/usr/share/color/icc/sRGB.icc';
for (const [name, make] of [['HEIC', () => heic(photo)], ['AVIF 444', () => avif('-y', '444', photo)]])
  check(`a profile counts, and before code points: ${name}`, () => {
    const expected = at(`adobe${serial++}.png`), plain = parse(readFileSync(make()));
    run('convert', photo, '+profile', '*', '-profile', adobe, '-profile', srgb, expected);
    const profiled = withProperties(plain, icc(readFileSync(adobe)));
    const got = same(written(profiled), expected, 31);
    profiled.items.find((item) => item.id === profiled.primary).properties.push(nclx(9, 16, 6, true));
    assert.ok(got.data.equals(crushed(written(profiled)).data));
  });

// ---- What is not looked at ------------------------------------------------------------------------
check('EXIF is thrown away and turns nothing', () => {
  const path = heic(join(fixtures, 'exif/private_strings_orient3.jpg')), plain = parse(readFileSync(path));
  const exif = plain.items.find((item) => item.type === 'Exif');
  assert.ok(exif.data.includes('Private Person!'), 'the test file has no EXIF');
  const got = crushed(path);
  assert.ok(!got.data.includes('Private') && !got.data.includes('Exif'));
  const without = { ...plain, items: plain.items.filter((item) => item !== exif) };
  assert.ok(got.data.equals(crushed(written(without)).data));
});
check('gain maps and thumbnails change nothing', () => {
  const plain = parse(readFileSync(heic(photo))), shown = plain.items.find((item) => item.id === plain.primary);
  const map = { ...parse(readFileSync(heic(tile(0)))).items[0], id: 90, references: { auxl: [plain.primary] } };
  map.properties = [...map.properties, fullBox('auxC', 0, 0, 'urn:com:apple:photo:2020:aux:hdrgainmap\0')];
  const small = { ...shown, id: 91, references: { thmb: [plain.primary] } };
  const got = crushed(written({ ...plain, items: [...plain.items, map, small] }));
  assert.ok(got.data.equals(crushed(written(plain)).data));
});

// ---- Sequences ------------------------------------------------------------------------------------
check('of a sequence the first picture', () => {
  const other = at('negated.png');
  run('convert', photo, '-negate', other);
  const path = avif('-y', '420', photo, other);
  same(path, photo, 31);
  // the same without its items, as only a track: the box is renamed, so that nothing moves
  const track = Buffer.from(readFileSync(path));
  track.write('free', track.indexOf('meta'));
  same(written(track), photo, 31);
});

// ---- Damage and lies ------------------------------------------------------------------------------
check('a grid that was cut off is used as far as it goes', () => {
  const whole = build(grid(tiles(heic), 3, 192, 128)), got = crushed(written(whole.subarray(0, Math.floor(whole.length * 0.7))));
  assert.deepEqual([got.truncated, got.width, got.height], [true, 192, 128]);
  const expected = pixels(photo, '-crop', '192x60+0+0', '+repage', '-type', 'TrueColor');
  assert.ok(psnr(pixels(got.path, '-crop', '192x60+0+0', '+repage', '-type', 'TrueColor'), expected) > 30);
});
check('cut off anywhere: a picture or one clear sentence', () => {
  for (const path of [heic(see_through), avif(see_through), written(grid(tiles(heic), 3, 192, 128))]) {
    const whole = readFileSync(path);
    for (let i = 1; i < 24; i++) {
      const got = crush(written(whole.subarray(0, Math.floor((whole.length * i) / 24))));
      assert.ok(got.signal === null && (got.ok ? got.truncated : got.error.length > 10), `${path} cut at ${i}/24: ${got.stderr}`);
    }
  }
});
const lie = (make, ...properties) => crush(written(withProperties(parse(readFileSync(make(photo))), ...properties)));
check('a declared size over the limits is refused before decoding', () => {
  for (const make of [heic, avif]) {
    assert.match(lie(make, ispe(70000, 100)).error, /more than 65535 on a side/);
    assert.match(lie(make, ispe(40000, 40000)).error, /more than [0-9]+ in all/);
    assert.match(lie(make, ispe(0, 100)).error, /size of 0 x 100/);
  }
});
check('a coded picture larger than its container says is decoded as what it is', () => {
  const got = lie(heic, ispe(8, 8));
  assert.deepEqual([got.ok, got.width], [true, 192], got.error);
});
check('grids that cannot be', () => {
  const all = tiles(heic);
  assert.match(crush(written(grid(all, 3, 1900, 126))).error, /do not cover/);
  const missing = grid(all, 3, 190, 126);
  missing.items.at(-1).references.dimg.pop();
  assert.match(crush(written(missing)).error, /does not name as many/);
  const itself = grid(all, 3, 190, 126);
  itself.items.at(-1).references.dimg = [7, 7, 7, 7, 7, 7];
  assert.equal(crush(written(itself)).ok, false);
});
check('HEIF with other pictures says which', () => {
  const plain = parse(readFileSync(heic(photo)));
  for (const item of plain.items) item.type = 'jpeg';
  assert.match(crush(written(plain)).error, /type jpeg; only HEVC \(HEIC\) and AV1 \(AVIF\)/);
});
check('opacity that an item names nobody with is none', () => {
  const file = build(parse(readFileSync(heic(see_through)))), at = file.indexOf('auxl');
  assert.ok(at > 0 && file.readUInt16BE(at + 6) === 1);
  const seen = crushed(written(file)), other = Buffer.from(file);
  other.writeUInt16BE(0, at + 6);
  const opaque = same(written(other), photo, 31);
  assert.ok(!opaque.data.equals(seen.data));
});
check('a header without measure is refused', () => {
  const meta = fullBox('meta', 0, 0, Buffer.alloc(16 << 20));
  assert.match(crush(written(Buffer.concat([box('ftyp', 'heic', Buffer.alloc(4), 'mif1'), meta]))).error, /a header of 167772\d\d bytes, more than 16777216/);
});
check('told by its brands, wherever they stand', () => {
  const file = readFileSync(avif(photo)), other = Buffer.from(file);
  other.write('mif1', 8);
  assert.equal(crushed(written(other)).source_format, 'avif');
});

test('a build without HEIC says so', { skip: reads ? 'this build reads it' : false }, () => {
  assert.match(crush(written(Buffer.concat([box('ftyp', 'heic', Buffer.alloc(4), 'mif1'), Buffer.alloc(64)]))).error, /this is a HEIC, which was left out/);
});

// ---- Formats that are known and not read ----------------------------------------------------------
const words = (text) => Buffer.from(text, 'latin1');
const tiff = (entries) => Buffer.concat([words('II*\0\x08\0\0\0'), Buffer.from([entries.length, 0]), ...entries.map((tag) => { const entry = Buffer.alloc(12); entry.writeUInt16LE(tag); return entry; }), Buffer.alloc(4)]);
for (const [name, bytes, sentence] of [
  ['JPEG XL, naked', words('\xff\x0a\x10\0\0\0'), /^this is a JPEG XL; save it as JPEG or PNG first$/],
  ['JPEG XL', words('\0\0\0\x0cJXL \r\n\x87\n'), /^this is a JPEG XL; save/],
  ['JPEG 2000', words('\0\0\0\x0cjP  \r\n\x87\n'), /^this is a JPEG 2000; save/],
  ['TIFF', tiff([256, 257]), /^this is a TIFF; save it as JPEG or PNG first$/],
  ['TIFF, big-endian', words('MM\0*\0\0\0\x08\0\0\0\0'), /^this is a TIFF; save/],
  ['DNG', tiff([254, 50706]), /^this is a camera's raw file; develop it/],
  ['NEF', tiff([254, 271, 330]), /^this is a camera's raw file; develop it/],
  ['CR2', words('II*\0\x10\0\0\0CR\x02\0\0\0\0\0'), /^this is a camera's raw file/],
  ['RW2', words('IIU\0\x18\0\0\0\x88\xe7\x74\xd8'), /^this is a camera's raw file/],
  ['CR3', box('ftyp', 'crx ', Buffer.alloc(4)), /^this is a camera's raw file/],
  ['BMP', words('BM\x36\0\0\0\0\0\0\0\x36\0\0\0'), /^this is a BMP; save/],
  ['SVG', words('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'), /^this is an SVG; save/],
  ['a web page', words('<!DOCTYPE html><title>x</title><svg></svg>'), /^this is a web page; save/],
  ['PDF', words('%PDF-1.7\n'), /^this is a PDF; take a screenshot/],
  ['MP4', box('ftyp', 'isom', Buffer.alloc(4), 'mp42'), /^this is an MP4; films are not taken; save one picture/],
  ['QuickTime', box('ftyp', 'qt  ', Buffer.alloc(4)), /^this is a QuickTime film; films/],
  ['WebM', words('\x1a\x45\xdf\xa3\0\0\0\0'), /^this is a WebM or Matroska film/],
  ['ICO', words('\0\0\x01\0\x01\0'), /^this is an icon \(ICO\); save/],
  ['Photoshop', words('8BPS\0\x01'), /^this is a Photoshop file; save/],
  ['nothing known', words('BMX and other words'), /^not a JPEG, PNG, WebP.* GIF.* by its first bytes$/],
  ['nothing at all', words(''), /^the file is empty$/],
])
  test(`refused by name: ${name}`, () => {
    const got = crush(written(bytes));
    assert.deepEqual([got.status, got.ok], [1, false]);
    assert.match(got.error, sentence);
  });
