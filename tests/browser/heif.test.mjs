// AVIF as Chromium shows it, and HEIC, which it cannot show: words instead of a preview, and the file sent as it is.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, logIn, open } from './browser.mjs';
import { build, icc, nclx, parse, withProperties } from '../golden/boxes.mjs';
import { crush, fixtures, pixels, tool } from '../golden/oracle.mjs';

const skip = /HEIC/.test(execFileSync(tool, ['--help'], { encoding: 'utf8' })) ? false : 'this build reads no HEIC and AVIF';
const work = mkdtempSync(join(tmpdir(), 'piclog-avif-'));
const at = (name) => join(work, name);
const photo = at('photo.png');
let site, page;
before(async () => {
  site = await open();
  page = await site.browser.newPage();
  execFileSync('convert', [join(fixtures, 'pictures/spices.jpg'), '-strip', '-resize', '320x208!', `PNG24:${photo}`]);
});
after(async () => {
  rmSync(work, { recursive: true, force: true });
  await site.close();
});

// RGB as a canvas has it, over white.
async function shown(path) {
  const answer = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/avif;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0);
    const bytes = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let text = '';
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    return { width: canvas.width, height: canvas.height, data: btoa(text) };
  }, readFileSync(path).toString('base64'));
  const rgba = at('shown.rgba');
  writeFileSync(rgba, Buffer.from(answer.data, 'base64'));
  return { ...answer, rgb: (...operations) => execFileSync('convert', ['-size', `${answer.width}x${answer.height}`, '-depth', '8', `rgba:${rgba}`, '-alpha', 'off', ...operations, '-depth', '8', 'rgb:-'], { maxBuffer: 1 << 28 }) };
}

// 99 % of the samples within 8 levels after a blur of 3 × 3, and the same size.
async function same(path) {
  const got = crush(path, '-q', '98', '--chroma', '444', '-s', '16000'), want = await shown(path);
  assert.equal(got.ok, true, got.error);
  assert.deepEqual([got.width, got.height], [want.width, want.height]);
  const blur = ['-define', 'convolve:scale=!', '-morphology', 'Convolve', 'Square:1'];
  const [a, b] = [pixels(got.path, '-type', 'TrueColor', ...blur), want.rgb(...blur)];
  const far = a.reduce((count, value, i) => count + (Math.abs(value - b[i]) > 8), 0) / a.length;
  assert.ok(far < 0.01, `${(100 * far).toFixed(1)} % of the samples are off by more than 8 levels`);
}
const avif = (...options) => {
  execFileSync('avifenc', ['-s', '9', '--min', '10', '--max', '20', ...options, photo, '-o', at('made.avif')], { stdio: 'ignore' });
  return at('made.avif');
};

for (const [name, ...options] of [['4:2:0', '-y', '420'], ['4:4:4', '-y', '444'], ['10 bits', '-d', '10', '-y', '420'], ['12 bits', '-d', '12'], ['limited range', '-r', 'limited', '--cicp', '1/13/1'],
  ['gray', '-y', '400'], ['identity', '-y', '444', '--cicp', '1/13/0'], ['BT.709 curve, shown as sRGB', '--cicp', '1/1/1'], ['Display P3', '--cicp', '12/13/6'], ['BT.2020', '--cicp', '9/13/9'],
  ['gamma 2.2', '--cicp', '1/4/6'], ['linear', '--cicp', '1/8/6'], ['PQ', '--cicp', '9/16/9', '-d', '10'], ['HLG', '--cicp', '9/18/9', '-d', '10'], ['PQ of 12 bits in P3', '--cicp', '12/16/6', '-d', '12', '-y', '444'],
  ['turned', '--irot', '1'], ['mirrored', '--imir', '0'], ['mirrored the other way', '--imir', '1'], ['turned and mirrored, 10 bits', '--irot', '3', '--imir', '1', '-d', '10']])
  test(`AVIF as Chromium shows it: ${name}`, { skip }, () => same(avif(...options)));

test('AVIF as Chromium shows it: the profile counts before code points', { skip }, () => {
  const picture = withProperties(parse(readFileSync(avif('-y', '420'))), nclx(9, 16, 6, true));
  picture.items.find((item) => item.id === picture.primary).properties.push(icc(readFileSync('/usr/share/color/icc/compatibleWithAdobeRGB1998.icc')));
  writeFileSync(at('profile.avif'), build(picture));
  return same(at('profile.avif'));
});
test('AVIF as Chromium shows it: EXIF does not turn', { skip }, () => {
  const png = readFileSync(join(fixtures, 'exif/png_exif_orient6.png')), chunk = png.indexOf('eXIf');
  writeFileSync(at('exif'), png.subarray(chunk + 4, chunk + 4 + png.readUInt32BE(chunk - 4)));
  const picture = parse(readFileSync(avif('-y', '420', '--exif', at('exif'))));
  // avifenc writes the turn as its own; without that, EXIF alone says it
  for (const item of picture.items) item.properties = item.properties.filter((property) => property.toString('latin1', 4, 8) !== 'irot');
  assert.ok(picture.items.some((item) => item.type === 'Exif'));
  writeFileSync(at('exif.avif'), build(picture));
  return same(at('exif.avif'));
});

test('a HEIC: words instead of a preview, and it is crushed', { skip }, async () => {
  const anna = site.piclog.addUser('anna'), tab = await logIn(site, anna);
  await tab.goto('/upload');
  await tab.setInputFiles('#image', { name: 'IMG_0001.HEIC', mimeType: '', buffer: fixture('formats/spices_grid.heic') });
  await tab.getByText('this browser cannot show IMG_0001.HEIC').waitFor();
  assert.equal(await tab.locator('.shots img').count(), 0);
  await tab.getByLabel('crunchy').check();
  await tab.getByRole('button', { name: 'Crush it' }).click();
  await tab.waitForURL(/\/p\/\d+$/);
  assert.deepEqual(tab.complaints, []);
});
