// What the one script adds: dropping and pasting anywhere, several pictures with retry, shrinking before they leave,
// previews, counting, keys, swipes, copying.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixture, fixtures, logIn, open, visit } from './browser.mjs';

const site = await open();
after(() => site.close());
const person = site.piclog.addUser('potato');
const at = (page, pattern) => page.waitForURL((url) => pattern.test(url.pathname));
const inTab = (name, options, act) => test(name, async () => {
  const page = await logIn(site, person, options);
  await act(page);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// An event that carries files, as the system's drag and drop or its clipboard would send it.
const carry = (page, type, name) => page.evaluate(({ type, base64, name }) => {
  const carrier = new DataTransfer();
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  carrier.items.add(new File([bytes], name, { type: 'image/jpeg' }));
  document.body.dispatchEvent(type === 'paste' ? new ClipboardEvent(type, { clipboardData: carrier, bubbles: true })
    : new DragEvent(type, { dataTransfer: carrier, bubbles: true, cancelable: true }));
}, { type, name, base64: fixture(`pictures/${name}`).toString('base64') });

for (const [type, from] of [['drop', '/gallery'], ['paste', '/'], ['drop', '/upload']])
  inTab(`${type} a picture on ${from}`, {}, async (page) => {
    await page.goto(from);
    if (type === 'drop') {
      await carry(page, 'dragover', 'cat.jpg');
      assert.ok(await page.evaluate(() => document.documentElement.classList.contains('dropping')));
    }
    await carry(page, type, 'cat.jpg');
    await page.getByLabel('Caption').fill(`by ${type}`);
    await page.locator('[name=preset][value=crunchy]').check();
    await page.locator('.shots img').waitFor();
    assert.match(await page.textContent('.shots'), /200 kB → about \d/);
    await page.getByRole('button', { name: 'Crush it' }).click();
    await at(page, /^\/p\/\d+$/);
    assert.match(await page.textContent('h1'), new RegExp(`by ${type}`));
  });

inTab('what it says is in the language of the page', {}, async (page) => {
  await page.setExtraHTTPHeaders({ 'accept-language': 'fr' });
  await page.goto('/upload');
  await page.locator('input[type=file]').setInputFiles(join(fixtures, 'pictures/cat.jpg'));
  await page.locator('[name=preset][value=crispy]').check();
  await page.waitForFunction(() => document.querySelector('.shots img')?.naturalWidth === 800);
  assert.match(await page.textContent('.shots'), /^200\u00a0ko → environ \d+,\d\u00a0ko$/);
  const field = page.locator('[data-max]').first(), most = +(await field.getAttribute('data-max'));
  await field.fill('é'.repeat(most - 1));
  assert.equal(await page.locator('.left').first().textContent(), 'encore 1');
  await field.fill('é'.repeat(most + 2));
  assert.equal(await page.locator('.left').first().textContent(), '2 de trop');
  assert.equal(await field.evaluate((one) => one.validationMessage), `2 de trop\u00a0: ${most} au plus.`);
});

inTab('the preview follows the crunch', {}, async (page) => {
  await page.goto('/upload');
  await page.getByLabel('Pictures').setInputFiles(join(fixtures, 'pictures/cat.jpg'));
  for (const [preset, px, most] of [['crispy', 800, 24], ['fried', 480, 6], ['dust', 320, 3]]) {
    await page.locator(`[name=preset][value=${preset}]`).check();
    await page.waitForFunction((px) => document.querySelector('.shots img')?.naturalWidth === px, px);
    const [, bytes] = /about ([\d.]+) kB/.exec(await page.textContent('.shots b'));
    assert.ok(+bytes <= most && +bytes > most / 3, `${preset}: ${bytes} kB`);
  }
});

inTab('several pictures: each with its progress, a broken one says why, a lost one is sent again', {}, async (page) => {
  await page.goto('/upload');
  await page.getByLabel('Pictures').setInputFiles([
    ...['cat.jpg', 'sky.jpg'].map((name) => ({ name, mimeType: 'image/jpeg', buffer: fixture(`pictures/${name}`) })),
    { name: 'words.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') },
  ]);
  let requests = 0;
  await page.route('**/upload', (route) => (route.request().method() === 'POST' && ++requests === 2 ? route.abort() : route.continue()));
  await page.locator('[name=preset][value=fried]').check();
  await page.getByRole('button', { name: 'Crush it' }).click();
  const lines = page.locator('.things > li');
  await lines.nth(2).locator('.wrong').waitFor();
  assert.equal(await lines.count(), 3);
  assert.equal(await lines.nth(0).getByRole('progressbar').getAttribute('value'), '1');
  assert.match(await lines.nth(1).textContent(), /connection broke/);
  assert.match(await lines.nth(2).textContent(), /cannot be crushed/);
  assert.equal(await lines.nth(2).getByRole('button').count(), 0, 'trying that again would be of no use');
  await page.getByRole('link', { name: 'Go on with the 1 that came through' }).waitFor();
  await lines.nth(1).getByRole('button', { name: 'Try again' }).click();
  await at(page, /^\/crunch$/);
  assert.match(await page.getByRole('status').textContent(), /^2 of 3 came through\.\nwords\.jpg: This cannot be crushed/);
  assert.equal(await page.locator('[value=fried]:checked').count(), 2);
  await page.getByRole('button', { name: 'Publish all 2' }).first().click();
  await at(page, /^\/~potato$/);
  page.complaints.splice(0); // the lost connection and the 415 were asked for
});

// The same JPEG, but four megabytes heavy: its orientation and its profile stay, comments come along.
const heavy = (bytes) => {
  const end = bytes.indexOf(Buffer.from([0xff, 0xdb])); // the first quantisation table follows all of the metadata
  const comment = Buffer.alloc(2 + 65535, ' ');
  comment.set([0xff, 0xfe, 0xff, 0xff]);
  return Buffer.concat([bytes.subarray(0, end), ...Array(62).fill(comment), bytes.subarray(end)]);
};

// The colours of a picture of this site, on a coarse grid.
const colours = (page, address) => page.evaluate(async (address) => {
  const image = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = Object.assign(document.createElement('canvas'), { width: 6, height: 6 });
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, 6, 6);
  return { tall: image.height > image.width, bytes: [...context.getImageData(0, 0, 6, 6).data] };
}, address);

for (const [what, name] of [['lies on its side', 'exif/orientation_6.jpg'], ['is wider than sRGB', 'icc/adobergb_rocket.jpg'], ['has a Display P3 profile', 'icc/srgb_pixels_with_p3_tag.jpg']])
  inTab(`a large picture that ${what} is shrunk before it leaves, and looks the same`, {}, async (page) => {
    const answers = [];
    for (const buffer of [fixture(name), heavy(fixture(name))]) {
      await page.goto('/upload');
      await page.getByLabel('Pictures').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
      await page.locator('[name=preset][value=crispy]').check();
      const [request] = await Promise.all([
        page.waitForRequest((request) => request.method() === 'POST'), page.getByRole('button', { name: 'Crush it' }).click(),
      ]);
      if (buffer.length > 3e6) await page.getByText(/[34]\.\d MB saved before it even left/).waitFor();
      await at(page, /^\/p\/\d+$/);
      assert.equal(/The browser says that it was 4\.\d MB/.test(await page.textContent('.hot')), buffer.length > 3e6, 'and shown with what it was');
      if (buffer.length > 3e6) assert.match(await page.textContent('.hot .bytes'), /^4\.\d MB → \d.* → .*, \d{3,} times smaller$/);
      answers.push({ sent: (await request.sizes()).requestBodySize, ...(await colours(page, await page.locator('.frame img').getAttribute('src'))) });
    }
    const [plain, shrunk] = answers;
    assert.ok(shrunk.sent < 1e6, `${shrunk.sent} bytes were sent`);
    assert.equal(shrunk.tall, plain.tall);
    const error = Math.max(...plain.bytes.map((value, i) => Math.abs(value - shrunk.bytes[i])));
    assert.ok(error <= 12, `colours differ by ${error}`);
  });

inTab('characters are counted as people count them', {}, async (page) => {
  await page.goto('/status');
  const field = page.getByLabel('Status', { exact: true }), left = page.locator('[name=content] + .left');
  await field.fill('👩‍🚀'.repeat(139));
  assert.equal(await left.textContent(), '1 left');
  await field.fill('👩‍🚀'.repeat(142));
  assert.equal(await left.textContent(), '2 too many');
  await page.getByRole('button', { name: 'Say it' }).click();
  assert.equal(new URL(page.url()).pathname, '/status', 'the browser holds it back');
});

inTab('keys in the gallery, arrows and swipes on a picture', { hasTouch: true }, async (page) => {
  await page.goto('/gallery');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  const second = await page.locator('.sheet a').nth(1).getAttribute('href');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), second);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${second}`);
  const older = await page.locator('a[rel=next]').getAttribute('href');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(`**${older}`);
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(`**${second}`);
  await page.evaluate(() => {
    const frame = document.querySelector('.frame');
    const touch = (clientX) => new Touch({ identifier: 1, target: frame, clientX, clientY: 200 });
    frame.dispatchEvent(new TouchEvent('touchstart', { touches: [touch(300)], changedTouches: [touch(300)] }));
    frame.dispatchEvent(new TouchEvent('touchend', { touches: [], changedTouches: [touch(100)] }));
  });
  await page.waitForURL(`**${older}`);
  await Promise.all([page.waitForResponse('**/random'), page.waitForEvent('load'), page.keyboard.press('r')]);
  await at(page, /^\/p\/\d+$/);
  await page.goto('/search');
  await page.getByLabel('Words').fill('jkr');
  assert.equal(new URL(page.url()).pathname, '/search', 'letters typed into a field are letters');
});

inTab('copy as Markdown, HTML and BBCode', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
  await page.goto('/gallery');
  await page.locator('.sheet a').first().click();
  await at(page, /^\/p\/\d+$/);
  const address = page.url(), image = await page.evaluate(() => document.querySelector('.frame img').src);
  await page.locator('.copies summary').click();
  const copied = {};
  for (const kind of ['Markdown', 'HTML', 'BBCode']) {
    await page.getByRole('button', { name: kind }).click();
    copied[kind] = await page.evaluate(() => navigator.clipboard.readText());
  }
  assert.match(copied.Markdown, /^\[!\[.*\]\(.*\)\]\(.*\)$/);
  assert.equal(copied.BBCode, `[url=${address}][img]${image}[/img][/url]`);
  assert.equal(await page.evaluate((html) => new DOMParser().parseFromString(html, 'text/html').querySelector('a img').src, copied.HTML), image);
});

test('a phone gets a button for its camera', async () => {
  const page = await logIn(site, person, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  await page.goto('/upload');
  const [camera, caption] = [await page.getByRole('button', { name: 'Take a photo' }).boundingBox(), await page.getByLabel('Caption').boundingBox()];
  assert.ok(camera.y < caption.y, 'beside the file field');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Take a photo' }).click()]);
  await chooser.setFiles(join(fixtures, 'pictures/cat.jpg'));
  await page.locator('.shots img').waitFor();
  await page.context().close();
});

inTab('what is no picture is named, large, without a button that would not help', {}, async (page) => {
  const box = Buffer.alloc(200000);
  box.write('\0\0\0\x18ftypisom\0\0\0\0isomiso2', 0, 'latin1');
  const files = [
    ['holiday.mp4', 'video/mp4', box, /MP4/], ['scan.tiff', 'image/tiff', Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'), /TIFF/],
    ['old.bmp', 'image/bmp', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)]), /BMP/],
    ['logo.svg', 'image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/], ['paper.pdf', 'application/pdf', Buffer.from('%PDF-1.7\n'), /PDF/],
  ];
  await page.goto('/upload');
  await page.getByLabel('Pictures').setInputFiles(files.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
  await page.locator('[name=preset][value=dust]').check();
  await page.getByRole('button', { name: 'Crush it' }).click();
  await page.locator('.things .wrong').nth(files.length - 1).waitFor();
  for (const [i, [name, , , words]] of files.entries())
    assert.match(await page.locator('.things > li').nth(i).locator('.wrong').textContent(), words, name);
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
  page.complaints.splice(0); // the answers of 415 were asked for
});

inTab('a drop of what is no picture is not passed over in silence', {}, async (page) => {
  await page.goto('/gallery');
  await page.evaluate(() => {
    const carrier = new DataTransfer();
    carrier.items.add(new File(['%PDF-1.7'], 'paper.pdf', { type: 'application/pdf' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carrier, bubbles: true, cancelable: true }));
  });
  await page.getByRole('button', { name: 'Crush it' }).click();
  await page.getByText(/PDF/).first().waitFor();
  await page.locator('.things .wrong').waitFor();
  page.complaints.splice(0);
});

for (const width of [360, 1200])
  inTab(`the four are shown at one size, which the page says, at ${width} px`, { viewport: { width, height: 900 } }, async (page) => {
    await page.goto('/upload');
    await page.getByLabel('Pictures').setInputFiles(join(fixtures, 'pictures/cat.jpg'));
    await page.locator('[name=preset][value=choose]').check();
    await page.getByRole('button', { name: 'Crush it' }).click();
    await page.locator('.crunches').waitFor();
    await page.getByText('All four are shown at one size').waitFor();
    const boxes = await page.locator('.crunch > img').evaluateAll((images) => images.map((image) => [image.offsetWidth, image.offsetHeight, image.naturalWidth]));
    assert.equal(boxes.length, 4);
    assert.equal(new Set(boxes.map(([, , natural]) => natural)).size > 1, true, 'they have different pixels');
    for (const [w, h] of boxes) assert.ok(w === boxes[0][0] && Math.abs(h - boxes[0][1]) <= 1, JSON.stringify(boxes));
    assert.match(await page.textContent('.crunches'), /Small text and QR codes do not survive it/);
  });

inTab('the script also runs at another name of the same host', {}, async (page) => {
  const other = site.piclog.origin.replace('127.0.0.1', 'localhost');
  await page.goto(`${other}/help`);
  await page.evaluate(() => document.body.focus());
  await page.keyboard.press('r');
  await page.waitForURL((url) => url.origin === other && url.pathname !== '/help');
  page.complaints.splice(0, page.complaints.length, ...page.complaints.filter((one) => !one.startsWith('asks ')));
});

test('a stranger who drops a picture is asked to log in', async () => {
  const page = await visit(site, '/');
  await carry(page, 'drop', 'cat.jpg');
  await at(page, /^\/login$/);
  await page.context().close();
});
