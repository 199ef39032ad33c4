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
  await lines.nth(2).getByRole('button', { name: 'Try again' }).waitFor();
  assert.equal(await lines.count(), 3);
  assert.equal(await lines.nth(0).getByRole('progressbar').getAttribute('value'), '1');
  assert.match(await lines.nth(1).textContent(), /connection broke/);
  assert.match(await lines.nth(2).textContent(), /cannot be crushed/);
  await lines.nth(1).getByRole('button', { name: 'Try again' }).click();
  await lines.nth(1).getByRole('link', { name: 'see it' }).waitFor();
  await lines.nth(1).getByRole('link', { name: 'see it' }).click();
  await at(page, /^\/p\/\d+$/);
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
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Take a photo' }).click()]);
  await chooser.setFiles(join(fixtures, 'pictures/cat.jpg'));
  await page.locator('.shots img').waitFor();
  await page.context().close();
});

test('a stranger who drops a picture is asked to log in', async () => {
  const page = await visit(site, '/');
  await carry(page, 'drop', 'cat.jpg');
  await at(page, /^\/login$/);
  await page.context().close();
});
