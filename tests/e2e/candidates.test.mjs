// Several files of one form become several candidates on one page: each with its crunch and words, published together
// or one by one, thrown away, gone. Without JavaScript: the script only sends the files one after the other.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Browser, ask, fixture, pictureForm, start } from './piclog.mjs';

const piclog = await start();
after(() => piclog.remove());
const ann = piclog.addUser('ann');
const browser = await new Browser(piclog, { accept: 'text/html' }).logIn(ann);
const names = ['cat.jpg', 'sky.jpg', 'paws.jpg'];
const posted = async (person = 'ann') => (await ask(piclog, 'GET', `/~${person}.json`)).json.pictures;
const send = (files, fields = {}, who = browser) => {
  const form = pictureForm([], { caption: '', alt: '', note: '', tags: '', ...fields });
  for (const [name, bytes] of files) form.append('image', new Blob([bytes], { type: 'image/jpeg' }), name);
  return who.submit('/upload', form);
};
const pictures = (list = names) => list.map((name) => [name, fixture(`pictures/${name}`)]);
const ids = (location) => [...new URL(location, piclog.origin).searchParams.get('of').split(',')].map((one) => one.split(':')[0]);
const twin = async (location) => {
  const { pathname, search } = new URL(location, piclog.origin);
  return (await browser.get(`${pathname}.json${search}`)).json;
};
// What the form of that page would send, with something else in some of its fields.
const press = async (location, button, changed = {}, who = browser) => {
  const page = (await who.get(location)).text;
  const fields = {};
  for (const [, name, value] of page.matchAll(/<input type="(?:hidden|text)"[^>]*? name="([^"]+)" value="([^"]*)"/g)) fields[name] = value;
  for (const [, name, value] of page.matchAll(/<input type="radio" name="([^"]+)" value="([^"]+)" checked>/g)) fields[name] = value;
  for (const [, name, value] of page.matchAll(/<textarea [^>]*?name="([^"]+)"[^>]*>([^<]*)</g)) fields[name] = value;
  return who.go('POST', '/crunch', { body: new URLSearchParams({ ...fields, ...button, ...changed }) });
};

test('nothing is published by sending three, and each has a place of its own', async () => {
  const sent = await send(pictures(), { preset: 'choose', caption: 'holiday #sun', alt: 'A cat on a chair', tags: 'summer' });
  assert.equal(sent.status, 303);
  assert.match(sent.headers.location, /^\/crunch\?of=\d+:crunchy,\d+:crunchy,\d+:crunchy$/);
  assert.equal((await posted()).length, 0);
  const page = (await browser.get(sent.headers.location)).text;
  for (const [i, id] of ids(sent.headers.location).entries()) {
    for (const preset of ['crispy', 'crunchy', 'fried', 'dust']) {
      assert.ok(page.includes(`src="/upload/${id}/${preset}.jpg"`), `${preset} of ${id}`);
      assert.equal((await browser.get(`/upload/${id}/${preset}.jpg`)).status, 200);
    }
    assert.match(page, new RegExp(`name="caption-${id}"[^>]*>holiday #sun<`));
    assert.match(page, new RegExp(`name="alt-${id}"[^>]*>${i ? '' : 'A cat on a chair'}<`), 'an alt text is about one picture');
    assert.match(page, new RegExp(`name="tags-${id}" value="summer"`));
    assert.match(page, new RegExp(`name="preset-${id}" value="crunchy" checked`));
  }
  assert.match(page, /kept for an hour, at most 16 of them/);
  assert.match((await browser.get('/upload')).text, /<a href="\/crunch">3 pictures of yours<\/a>/);
  assert.equal((await twin('/crunch')).candidates.length, 3, 'without names: all that wait');
});

test('one press publishes all, each as it was described; the second press, a reload and the way back post nothing', async () => {
  const sent = await send(pictures(), { preset: 'choose' }), of = ids(sent.headers.location);
  const words = Object.fromEntries(of.flatMap((id, i) => [[`caption-${id}`, `number ${i}`], [`alt-${id}`, `alt ${i}`], [`note-${id}`, i ? '' : 'cats'], [`tags-${id}`, `tag${i}`],
    [`preset-${id}`, ['dust', 'fried', 'crispy'][i]]]));
  const answers = await Promise.all(Array.from({ length: 4 }, () => press(sent.headers.location, { publish: 'all' }, words)));
  for (const { status, headers } of answers) assert.deepEqual([status, headers.location], [303, '/~ann']);
  const got = await posted();
  assert.deepEqual(got.map(({ caption, alt, note, preset }) => [caption, alt, note, preset]).reverse(),
    [['number 0', 'alt 0', 'cats', 'dust'], ['number 1', 'alt 1', '', 'fried'], ['number 2', 'alt 2', '', 'crispy']]);
  assert.equal((await ask(piclog, 'GET', '/tag/tag1.json')).json.pictures.length, 1);
  assert.match((await browser.get('/~ann')).text, /Published: 3 pictures\./);
  assert.equal((await browser.get(sent.headers.location)).headers.location, '/~ann', 'back');
  const again = await browser.go('POST', '/crunch', { body: new URLSearchParams({ csrf: await browser.token('/status'), of: of.join(), publish: 'all',
    ...Object.fromEntries(of.flatMap((id) => [[`caption-${id}`, 'late'], [`preset-${id}`, 'dust']])) }) });
  assert.equal(again.headers.location, '/~ann');
  assert.equal((await posted()).length, 3);
});

test('one by one: what was typed beside the others stays, and the last leads to its picture', async () => {
  const before = (await posted()).length;
  const sent = await send(pictures(), { preset: 'fried' }), [a, b, c] = ids(sent.headers.location);
  const first = await press(sent.headers.location, { publish: b }, { [`caption-${b}`]: 'in the middle', [`alt-${a}`]: 'typed already', [`preset-${c}`]: 'dust' });
  assert.equal(first.headers.location, `/crunch?of=${a}:fried,${c}:dust`);
  assert.deepEqual((await posted()).slice(0, 1).map(({ caption, preset }) => [caption, preset]), [['in the middle', 'fried']]);
  const page = (await browser.get(first.headers.location)).text;
  assert.match(page, /Published\. These still wait for you\./);
  assert.match(page, new RegExp(`name="alt-${a}"[^>]*>typed already<`));
  assert.match(page, new RegExp(`name="preset-${c}" value="dust" checked`));
  const thrown = await press(first.headers.location, { drop: a });
  assert.equal(thrown.headers.location, `/crunch?of=${c}:dust`);
  assert.equal((await browser.get(`/upload/${a}/dust.jpg`)).status, 404, 'thrown away is gone');
  const last = await press(thrown.headers.location, { publish: c });
  assert.match(last.headers.location, /^\/p\/\d+$/);
  assert.equal((await browser.get(thrown.headers.location)).headers.location, last.headers.location, 'back');
  assert.equal((await posted()).length, before + 2);
});

test('words that are too long publish nothing, and stand beside their picture with all that was typed', async () => {
  const before = (await posted()).length;
  const sent = await send(pictures(names.slice(0, 2)), { preset: 'choose' }), [a, b] = ids(sent.headers.location);
  const refused = await press(sent.headers.location, { publish: 'all' }, { [`caption-${a}`]: 'fine', [`caption-${b}`]: 'x'.repeat(201), [`preset-${a}`]: 'dust' });
  assert.equal(refused.status, 422);
  assert.ok(refused.text.indexOf('Not yet:') > refused.text.indexOf(`id="picture-${b}"`), 'beside the second');
  assert.equal(refused.text.match(/Not yet:/g).length, 1);
  assert.match(refused.text, /The caption .*200/);
  assert.match(refused.text, new RegExp(`name="caption-${a}"[^>]*>fine<`));
  assert.match(refused.text, new RegExp(`name="preset-${a}" value="dust" checked`));
  assert.equal((await posted()).length, before);
  assert.equal((await press(sent.headers.location, { drop: 'all' }, { [`caption-${b}`]: 'x'.repeat(201) })).headers.location, '/upload');
  assert.equal((await browser.get(sent.headers.location)).status, 404);
});

test('a file that is no picture is told by its name, and the others stay', async () => {
  const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n'), words = Buffer.from('no picture at all');
  const sent = await send([['C:\\fakepath\\paper.pdf', pdf], ...pictures(['cat.jpg']), ['<b>words.jpg', words]], { preset: 'crispy', alt: 'The cat' });
  assert.equal(ids(sent.headers.location).length, 1);
  const page = (await browser.get(sent.headers.location)).text;
  assert.match(page, /role="status">1 of 3 came through\.\npaper\.pdf: [^\n]*PDF[^\n]*\n&lt;b&gt;words\.jpg: This cannot be crushed/);
  assert.match(page, />The cat</, 'the alt text is not lost with the file in front');
  assert.match(page, /One picture waits here/);
  const none = await send([['paper.pdf', pdf], ['words.jpg', words]], { preset: 'choose', caption: 'keep this' });
  assert.equal(none.status, 415);
  assert.match(none.text, /None of them came through\.\npaper\.pdf: /);
  assert.match(none.text, /keep this/);
  const many = await send([...pictures(['cat.jpg']), ...Array.from({ length: 15 }, (_, i) => [`${'long '.repeat(20)}${i}.jpg`, words])], { preset: 'choose' });
  assert.match((await browser.get(many.headers.location)).text, /1 of 16 came through\.\nlong [^\n]*…: This [^<]*\nAnd \d+ more\./);
  await press('/crunch', { drop: 'all' });
});

test('sixteen at once have room, a seventeenth pushes out the oldest, and all of them take all of their words', async () => {
  const sixteen = Array.from({ length: 16 }, (_, i) => [`${i}.jpg`, fixture(`pictures/${names[i % 3]}`)]);
  const sent = await send(sixteen, { preset: 'dust' }), of = ids(sent.headers.location);
  assert.equal(of.length, 16);
  const single = await send(pictures(['clouds.jpg']), { preset: 'choose' });
  assert.match(single.headers.location, /^\/upload\/\d+$/);
  assert.deepEqual((await twin('/crunch')).candidates.map(({ id }) => String(id)), [...of.slice(1), single.headers.location.split('/').pop()]);
  const before = (await posted()).length;
  const alt = 'ж'.repeat(1500);
  const all = await press(sent.headers.location, { publish: 'all' }, Object.fromEntries(of.slice(1).flatMap((id) => [[`alt-${id}`, alt], [`caption-${id}`, 'ж'.repeat(200)]])));
  assert.equal(all.status, 303, all.text);
  assert.match((await browser.get('/~ann')).text, /Published: 15 pictures\./);
  const { json } = await ask(piclog, 'GET', '/~ann.json');
  assert.equal(json.person.picture_count, before + 15);
  assert.equal(json.pictures[0].alt, alt);
  // the one that is left is told of where the last was published
  assert.match((await browser.get('/upload')).text, /1 picture of yours/);
  assert.equal((await press('/crunch', { drop: 'all' })).headers.location, '/upload');
  assert.equal((await browser.get('/crunch')).headers.location, '/upload', 'nothing waits');
});

test('somebody else’s candidates are neither shown, published nor thrown away', async () => {
  const eve = await new Browser(piclog, { accept: 'text/html' }).logIn(piclog.addUser('eve'));
  const sent = await send(pictures(), { preset: 'choose' }), of = ids(sent.headers.location);
  assert.equal((await eve.get(sent.headers.location)).status, 404);
  const csrf = await eve.token('/status');
  for (const button of [{ publish: 'all' }, { drop: 'all' }, { publish: of[0] }])
    await eve.go('POST', '/crunch', { body: new URLSearchParams({ csrf, of: of.join(), [`preset-${of[0]}`]: 'dust', ...button }) });
  assert.equal((await posted('eve')).length, 0);
  assert.equal((await twin(sent.headers.location)).candidates.length, 3);
  for (const of of ['', 'x', '0', '-1', '12x,,:dust', '99999999999999999999', `${'1,'.repeat(1500)}`])
    assert.ok([404, 414].includes((await browser.get(`/crunch?of=${encodeURIComponent(of)}`)).status), of.slice(0, 30));
  const kept = Object.keys((await twin(sent.headers.location)).candidates[0]);
  assert.deepEqual(kept.filter((key) => /account|fingerprint|thumbnail/.test(key)), []);
  assert.equal((await press(sent.headers.location, { drop: 'all' })).status, 303);
});

test('throwing a single one away', async () => {
  const { location } = (await send(pictures(['cat.jpg']), { preset: 'choose' })).headers;
  assert.equal((await browser.submit(location, { drop: '1' })).headers.location, '/upload');
  assert.match((await browser.get('/upload')).text, /Thrown away\. Nobody saw it\./);
  assert.equal((await browser.get(location)).status, 404);
});

test('whoever publishes one of two is led to the other, of three to the page of the rest', async () => {
  const eve = await new Browser(piclog, { accept: 'text/html' }).logIn(piclog.addUser('eva'));
  const sent = await send(pictures(), { preset: 'choose' }, eve), [first, second, third] = ids(sent.headers.location);
  const publish = (id) => eve.submit(`/upload/${id}`, { preset: 'dust' });
  assert.equal((await publish(third)).headers.location, '/crunch');
  assert.equal((await publish(first)).headers.location, `/upload/${second}`);
  assert.match((await publish(second)).headers.location, /^\/p\/\d+$/);
});
