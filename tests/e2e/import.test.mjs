// Moving house: what one piclog exports, another takes in; an export is hostile until proven otherwise.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, executable, fixture, pictureForm, start } from './piclog.mjs';

let old, fresh, potato, zip, folder;
const work = mkdtempSync(join(tmpdir(), 'piclog-import-'));
after(() => rmSync(work, { recursive: true, force: true }));

// Exit status and what was said; a failure is a result here.
const run = (piclog, ...args) => spawnSync(executable, [...args, '--data', piclog.data], { encoding: 'utf8' });
const words = (path) => JSON.parse(execFileSync('unzip', ['-p', path, 'piclog.json'], { maxBuffer: 1 << 26 }));
const picture = (path, name) => execFileSync('unzip', ['-p', path, name], { encoding: 'buffer', maxBuffer: 1 << 26 });
const pack = (name, files) => {
  const path = join(work, name), root = mkdtempSync(join(work, 'pack-'));
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), bytes);
  }
  execFileSync('zip', ['-q', '-r', path, '.'], { cwd: root });
  return path;
};

before(async () => {
  old = await start();
  potato = old.person('potato');
  const browser = await new Browser(old).logIn(potato);
  await browser.submit('/settings', { display_name: 'Pot Ato', homepage: 'potato.example', about: 'two\nlines', css: 'body { color: red }', links: 'a.example Words of mine' });
  for (const [what, file] of [['avatar', 'cat.jpg'], ['background', 'peaks.jpg']])
    assert.equal((await potato.call('POST', `/api/me/${what}`, pictureForm(fixture(`pictures/${file}`)))).status, 200);
  for (const [file, preset] of [['cat.jpg', 'crunchy'], ['peaks.jpg', 'fried'], ['focus.png', 'crispy'], ['bricks.gif', 'dust'], ['hibiscus.webp', 'crunchy']])
    assert.equal((await potato.upload(fixture(`pictures/${file}`), { caption: `${preset} #été`, alt: `from ${file}`, tags: 'one two', preset })).status, 201);
  await potato.call('PUT', '/api/pictures/2', { caption: 'edited', alt: 'still', tags: 'three' });
  for (const content of ['first words #hello @mosquito', 'שלום\nsecond line', '👩‍👩‍👧‍👧'.repeat(70)])
    assert.equal((await potato.call('POST', '/api/statuses', { face: '🥔', content })).status, 201);
  for (const mood of ['sleepy', 'a mood of my own']) assert.equal((await potato.call('POST', '/api/moods', { mood, face: '🥱', note: 'tabs' })).status, 201);
  for (const name of ['minitel', 'fax', 'toaster']) old.addUser(name);
  assert.equal((await potato.call('PUT', '/api/me/top', { names: ['toaster', 'minitel', 'fax'] })).status, 200);
  for (const [subject, days] of [['Soup', 1], ['Salad <b>', 10]]) assert.equal((await potato.call('POST', '/api/bulletins', { subject, content: `*${subject}*\n\nis on`, days })).status, 201);
  for (const name of ['Plaid', 'שלום']) assert.equal((await potato.call('POST', '/api/layouts', { name, line: 'a line', css: `/* ${name} */ p{}` })).status, 201);
  await potato.call('PUT', '/api/layouts/1', { line: 'another line' });
  zip = join(work, 'potato.zip');
  old.run(['export', 'potato', zip]);
  folder = join(work, 'potato');
  execFileSync('unzip', ['-q', zip, '-d', folder]);
  fresh = await start();
  fresh.addUser('potato');
  for (const name of ['fax', 'toaster']) fresh.addUser(name);
});
after(async () => { await old.remove(); await fresh.remove(); });

// What may differ elsewhere: numbers and addresses, and when it was packed.
const comparable = (path) => {
  const all = words(path);
  const item = ({ id, url, image_url, file, blurhash, ...rest }) => rest; // the blur is made anew, of what was crushed
  const { display_name, homepage, about, css, links, avatar_file, background_file } = all.person;
  return {
    person: { display_name, homepage, about, css, links, portraits: [avatar_file, background_file].map((name) => picture(path, name).toString('base64')) },
    pictures: all.pictures.map((one) => ({ ...item(one), content: picture(path, one.file).toString('base64') })),
    statuses: all.statuses.map(item),
    moods: all.moods.map(item),
    bulletins: all.bulletins.map(item),
    layouts: all.layouts.map(item),
  };
};

test('export, import elsewhere, export: the same', () => {
  const done = run(fresh, 'import', zip);
  assert.match(done.stderr, /^[^\n]*There is nobody called “minitel” here\.\n$/);
  assert.equal(done.stdout, '5 pictures, 3 statuses, 2 moods taken in; 0 were there already; 0 refused\n2 bulletins, 2 layouts\n0 people followed; 1 are not here\n');
  fresh.run(['export', 'potato', join(work, 'again.zip')]);
  assert.deepEqual(comparable(join(work, 'again.zip')), comparable(zip));
  assert.deepEqual(words(zip).top.map(({ name }) => name), ['toaster', 'minitel', 'fax']);
  assert.deepEqual(words(join(work, 'again.zip')).top, [{ name: 'toaster', display_name: '' }, { name: 'fax', display_name: '' }], 'who is not there has no place');
});

test('the same once more adds nothing', () => {
  const before = words(join(work, 'again.zip'));
  assert.match(run(fresh, 'import', zip).stdout, /^0 pictures, 0 statuses, 0 moods taken in; \d+ were there already; 0 refused\n/);
  fresh.run(['export', 'potato', join(work, 'third.zip')]);
  for (const list of ['pictures', 'statuses', 'moods', 'bulletins']) assert.deepEqual(words(join(work, 'third.zip'))[list].map(({ id }) => id), before[list].map(({ id }) => id), list);
});

test('bulletins that have ended are passed over; those that would hang too long, and hostile layouts and places, are refused', () => {
  const now = Math.floor(Date.now() / 1000), name = 'pressed', day = 86400;
  fresh.addUser(name);
  const one = (subject, created_at, ends_at) => ({ subject, content: 'words', created_at, ends_at });
  const path = pack('pressed.zip', { 'piclog.json': JSON.stringify({ piclog_export: 1, person: {}, pictures: [], statuses: [], moods: [],
    bulletins: [one('over', now - 5 * day, now - day), one('good', now - day, now + day), one('ages', now - day, now + 10 * day), one('', now, now + day), one('timeless', now, 'never'), 7],
    layouts: [{ name: 'good', css: 'p{}', created_at: now }, { name: 'x'.repeat(41), css: 'p{}', created_at: now }, { name: 'long', css: 'x'.repeat(20001), created_at: now }, { name: 'none', created_at: now }, null],
    top: [{ name: 'fax' }, { name }, { name: 'fax' }, 'toaster', { name: 7 }] }) });
  const done = run(fresh, 'import', path, name);
  assert.match(done.stdout, /; 6 refused\n1 bulletins, 1 layouts\n0 people followed; 2 are not here\n$/, done.stdout + done.stderr);
  assert.match(done.stderr, /bulletin 3 of the export: .*more than 10 days/);
  fresh.run(['export', name, join(work, 'pressed-again.zip')]);
  const all = words(join(work, 'pressed-again.zip'));
  assert.deepEqual([all.bulletins.map(({ subject }) => subject), all.layouts.map((layout) => layout.name), all.top.map((friend) => friend.name)], [['good'], ['good'], ['fax']]);
  assert.ok(!('account_id' in all.bulletins[0]) && !('account_id' in all.layouts[0]));
});

test('a small zip cannot take much memory: bombs of every kind are refused, with the limit', () => {
  const bombs = {
    objects: `[${'{},'.repeat(5e6)}{}]`, arrays: `[${'[],'.repeat(5e6)}[]]`, numbers: `[${'1,'.repeat(1e7)}1]`, words: `[${'"",'.repeat(5e6)}""]`,
    keys: `{${Array.from({ length: 1.5e6 }, (_, i) => `"${i}":1`).join()}}`, deep: '['.repeat(1e6),
  };
  for (const [kind, statuses] of Object.entries(bombs)) {
    const path = pack(`bomb-${kind}.zip`, { 'piclog.json': `{"piclog_export":1,"person":{},"pictures":[],"moods":[],"statuses":${statuses}}` });
    const done = run(fresh, 'import', path, 'potato');
    assert.match(done.stderr, /piclog\.json[^]*limit/, kind);
    assert.notEqual(done.status, 0);
  }
});

test('a second run changes nothing', () => {
  const done = run(fresh, 'import', zip, 'potato');
  assert.equal(done.status, 0);
  assert.match(done.stdout, /^0 pictures, 0 statuses, 0 moods taken in; 14 were there already; 0 refused/);
});

test('walls are exported with their pictures, and stay behind when somebody moves', async () => {
  const host = old.person('host'), guest = old.person('guest');
  await host.call('PUT', '/api/me', { wall: 'open', takes_pokes: false });
  const send = (who, name, fields, file) => who.call('POST', `/api/wall/${name}`, file ? pictureForm(fixture(`pictures/${file}`), fields) : fields);
  assert.equal((await send(guest, 'host', { content: 'with a picture', alt: 'spices' }, 'spices.jpg')).status, 201);
  assert.equal((await send(host, 'host', { content: 'my own wall' })).status, 201);
  assert.equal((await send(host, 'guest', { content: 'on yours, waiting' })).status, 202);
  for (const [name, received, written] of [['host', ['my own wall', 'with a picture'], ['on yours, waiting']], ['guest', ['on yours, waiting'], ['with a picture']]]) {
    const path = join(work, `${name}.zip`);
    old.run(['export', name, path]);
    const all = words(path);
    assert.deepEqual(all.wall.map(({ content }) => content), received);
    assert.deepEqual(all.written_on_walls.map(({ content }) => content), written);
    for (const entry of [...all.wall, ...all.written_on_walls]) {
      assert.ok(!('account_id' in entry) && !('network' in entry));
      if (entry.content === 'with a picture') assert.equal(picture(path, entry.file).length, entry.bytes);
      else assert.equal(entry.file, null);
    }
    assert.match(execFileSync('unzip', ['-p', path, 'index.html'], { encoding: 'utf8' }), /with a picture/);
  }
  const mover = fresh.person('mover');
  assert.equal(run(fresh, 'import', join(work, 'host.zip'), 'mover').status, 0);
  assert.deepEqual((await mover.call('GET', '/~mover/wall.json')).json.entries, []);
  const { wall, takes_pokes } = (await mover.call('GET', '/api/me')).json;
  assert.deepEqual([wall, takes_pokes], ['open', false], 'who may reach one comes along');
});

test('twenty thousand statuses are taken in without much memory, and are known again', () => {
  fresh.addUser('talker');
  const path = pack('talker.zip', { 'piclog.json': JSON.stringify({ piclog_export: 1, statuses: Array.from({ length: 20000 }, (_, i) => ({ created_at: 1700000000 - i, content: `status ${i} with #tag${i % 50}` })) }) });
  const measure = 'import resource, subprocess, sys; status = subprocess.run(sys.argv[1:]).returncode; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)';
  for (const says of [/^0 pictures, 20000 statuses, 0 moods taken in; 0 were there already; 0 refused\n/, /^0 pictures, 0 statuses, 0 moods taken in; 20000 were there already; 0 refused\n/]) {
    const done = spawnSync('python3', ['-c', measure, executable, 'import', path, 'talker', '--data', fresh.data], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, says);
    // Sanitizers keep several bytes for each.
    if (!readFileSync(executable).includes('__asan_init')) assert.ok(Number(done.stdout.split('\n')[1]) < 100000, `${done.stdout.split('\n')[1]} kB`);
  }
});

test('an export has everything, however much it is', async () => {
  const chatty = old.person('chatty'), MANY = 401; // read by two hundred
  for (let i = 0; i < MANY; i++) assert.equal((await chatty.call('POST', '/api/moods', { mood: `number ${i}`, face: '', note: '' })).status, 201);
  const path = join(work, 'chatty.zip');
  old.run(['export', 'chatty', path]);
  assert.deepEqual(words(path).moods.map(({ mood }) => mood), Array.from({ length: MANY }, (_, i) => `number ${MANY - 1 - i}`));
});

test('an unpacked folder goes in as well, into an account of another name', () => {
  fresh.addUser('mosquito');
  const done = run(fresh, 'import', folder, 'mosquito');
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /^5 pictures, 3 statuses, 2 moods/);
});

test('the quota of the account holds', () => {
  fresh.addUser('small');
  const done = run(fresh, 'import', zip, 'small', '--quota', '20000');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /picture \d of the export: .*full \(--quota\)/);
  assert.match(done.stdout, /3 statuses, 2 moods/);
});

test('nobody to take it in: it says how to make the account', () => {
  const done = run(fresh, 'import', zip, 'nobody');
  assert.equal(done.status, 1);
  assert.match(done.stderr, /piclog user add nobody/);
});

test('items that break a limit are refused one by one and named', () => {
  fresh.addUser('picky');
  const one = { created_at: 1600000000, edited_at: null };
  const path = pack('limits.zip', {
    'pictures/1.jpg': readFileSync(join(folder, words(zip).pictures[0].file)),
    'pictures/2.jpg': fixture('hostile/html_script.jpg'),
    'pictures/3.jpg': Buffer.alloc(1000001),
    'piclog.json': JSON.stringify({
      piclog_export: 1,
      pictures: [
        { ...one, file: '../../../etc/passwd' }, { ...one, file: 'pictures/../piclog.json' }, { ...one, file: 'pictures/2.jpg' },
        { ...one, file: 'pictures/9.jpg' }, { ...one, file: 'pictures/1.jpg', alt: 'x'.repeat(1501) }, { ...one, file: 7 }, 'nothing', null,
      ],
      statuses: [{ ...one, content: 'a'.repeat(141) }, { ...one, content: ' ' }, { content: 'no time' }, { ...one, created_at: 99999999999, content: 'from the future' },
        { ...one, content: 'fine <script>' }],
      moods: [{ ...one, mood: '' }, { ...one, mood: 'fine', face: '🙂' }],
    }),
  });
  const big = run(fresh, 'import', path, 'picky');
  assert.match(big.stderr, /pictures\/3\.jpg is larger than 1000000 bytes/);
  const without = pack('limits2.zip', { 'pictures/1.jpg': readFileSync(join(folder, words(zip).pictures[0].file)), 'pictures/2.jpg': fixture('hostile/html_script.jpg'), 'piclog.json': execFileSync('unzip', ['-p', path, 'piclog.json']) });
  const done = run(fresh, 'import', without, 'picky');
  assert.equal(done.status, 1);
  assert.match(done.stdout, /^0 pictures, 1 statuses, 1 moods taken in; 0 were there already; 13 refused/);
  assert.match(done.stderr, /status 1 of the export: The status is too long: at most 140/);
  assert.match(done.stderr, /status 4 of the export: .*future/);
  assert.match(done.stderr, /picture 1 of the export: .*not called pictures\/NUMBER\.jpg/);
  assert.match(done.stderr, /picture 3 of the export: This cannot be crushed/);
  assert.match(done.stderr, /picture 4 of the export: .*not in the export/);
});

test('the lists of words hold; what was masked is known again', async () => {
  const boss = await new Browser(fresh).logIn(fresh.addUser('boss', undefined, '--admin'));
  for (const [words, action] of [['voldemort', 'mask'], ['casino', 'refuse']])
    assert.equal((await boss.submit('/admin/words', { words, action }, { page: '/admin/settings' })).status, 303);
  fresh.addUser('spammer');
  const path = pack('words.zip', {
    'piclog.json': JSON.stringify({ piclog_export: 1, statuses: ['voldemort', 'my casino', 'fine'].map((content, i) => ({ created_at: 1600000000 + i, content })) }),
  });
  const done = run(fresh, 'import', path, 'spammer');
  assert.match(done.stderr, /status 2 of the export: This status holds a word that is not taken here/);
  assert.match(done.stdout, /^0 pictures, 2 statuses, 0 moods taken in; 0 were there already; 1 refused/);
  assert.match(run(fresh, 'import', path, 'spammer').stdout, /0 statuses, 0 moods taken in; 2 were there already; 1 refused/);
});

test('a picture that is not crushed yet is crushed', async () => {
  fresh.addUser('raw');
  const path = pack('raw.zip', {
    'pictures/1.jpg': fixture('pictures/cat.jpg'),
    'piclog.json': JSON.stringify({ piclog_export: 1, pictures: [{ created_at: 1600000000, file: 'pictures/1.jpg', preset: 'thumbnail', quality: 900, source_bytes: -1 }] }),
  });
  assert.equal(run(fresh, 'import', path, 'raw').status, 0);
  const [posted] = (await (await fetch(`${fresh.origin}/~raw.json`)).json()).pictures;
  assert.ok(posted.bytes <= 24000 && posted.width <= 800);
  assert.equal(posted.preset, 'crispy');
  assert.equal(posted.source_bytes, fixture('pictures/cat.jpg').length);
  assert.match(JSON.stringify(posted.created_at), /1600000000|2020-09-13/);
});

test('what is no export is refused in words', () => {
  const bomb = pack('bomb.zip', { 'piclog.json': Buffer.alloc(64000001, ' ') });
  const twice = { 'piclog.json': '{"piclog_export": 1, "piclog_export": 1}' };
  for (const [path, says] of [
    [join(work, 'missing.zip'), /No such file/],
    [join(top(), 'fixtures/pictures/cat.jpg'), /no zip/],
    [pack('empty.zip', { 'other.txt': 'x' }), /no export of a piclog/],
    [pack('broken.zip', { 'piclog.json': '{"piclog_export"' }), /piclog\.json: line 1/],
    [pack('twice.zip', twice), /duplicate/],
    [pack('nul.zip', { 'piclog.json': '{"piclog_export": 1, "a": "\\u0000"}' }), /piclog\.json: line 1/],
    [pack('deep.zip', { 'piclog.json': '['.repeat(100000) }), /piclog\.json: lists lie deeper in each other than 64/],
    [pack('none.zip', { 'piclog.json': '{}' }), /no export of a piclog/],
    [pack('newer.zip', { 'piclog.json': '{"piclog_export": 99}' }), /version 99/],
    [bomb, /larger than 24000000 bytes/],
    ['/dev/zero', /neither a zip nor a folder/],
  ]) {
    const done = run(fresh, 'import', path, 'potato');
    assert.equal(done.status, 1, path);
    assert.match(done.stderr, says, path);
  }
});

test('links in a folder are not followed', () => {
  const tricky = join(work, 'tricky');
  cpSync(folder, tricky, { recursive: true });
  const { file } = words(zip).pictures[0];
  rmSync(join(tricky, file));
  symlinkSync(join(folder, file), join(tricky, file));
  fresh.addUser('tricky');
  const done = run(fresh, 'import', tricky, 'tricky');
  assert.match(done.stderr, /picture 1 of the export: .*pictures/);
  assert.match(done.stdout, /^4 pictures/);
  rmSync(join(tricky, 'pictures'), { recursive: true });
  symlinkSync(join(folder, 'pictures'), join(tricky, 'pictures'));
  fresh.addUser('trickier');
  assert.match(run(fresh, 'import', tricky, 'trickier').stdout, /^0 pictures/);
});

const top = () => join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
