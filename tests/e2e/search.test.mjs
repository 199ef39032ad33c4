// What search finds beside whole words: tags, people, words within words; for whom; and the index of tags.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, fixture, pictureForm, start } from './piclog.mjs';

let piclog, ann, bob, boss;
const ids = {};
before(async () => {
  piclog = await start();
  ann = piclog.person('ann');
  bob = piclog.person('bobby-tables');
  boss = piclog.addUser('boss', 'the password of the boss', '--admin');
  const picture = async (name, fields) => { ids[name] = (await ann.upload(fixture('pictures/squares.gif'), { preset: 'dust', ...fields })).json.id; };
  const status = async (person, name, content) => { ids[name] = (await person.call('POST', '/api/statuses', { content, face: '🙂' })).json.id; };
  await picture('filed', { caption: 'A tin', tags: 'colours' });
  await picture('said', { caption: 'The colours of the sea' });
  await picture('both', { caption: 'More red #colours', alt: 'a red thing' });
  await picture('key', { caption: 'Der Haustürschlüssel liegt unter der Matte' });
  await picture('alt', { caption: 'x', alt: 'Ein alter Schlüsselbund' });
  await status(ann, 'dishes', 'Geschirrspülmaschine ausgeräumt, schon wieder');
  await status(ann, 'plane', 'Największy wielopłatowiec, jaki widziałam');
  await status(bob, 'tea', 'tea with @ann #colours');
  await status(bob, 'chinese', '今天的天氣很好');
  await (await new Browser(piclog).logIn(ann)).submit('/settings', { display_name: 'Änne Großmann', homepage: '', about: '', links: '' });
});
after(() => piclog.remove());

const search = async (q, user) => {
  const answer = await ask(piclog, 'GET', `/search.json?q=${encodeURIComponent(q)}`, { headers: user ? bearer(user) : {} });
  assert.equal(answer.status, 200, answer.text);
  const { pictures, statuses, people, tags } = answer.json;
  const of = (kind, rows) => rows.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id && kind.includes(name)));
  return { pictures: of(['filed', 'said', 'both', 'key', 'alt'], pictures), statuses: of(['dishes', 'plane', 'tea', 'chinese'], statuses), people: people.map(({ name }) => name), tags: tags.map(({ name }) => name) };
};

test('a tag, from the caption or from its field, by "#" and as a bare word', async () => {
  assert.deepEqual(await search('#colours'), { pictures: ['both', 'filed'], statuses: ['tea'], people: [], tags: ['colours'] });
  assert.deepEqual(await search('#COLOURS'), await search('#colours'));
  assert.deepEqual((await search('colours')).pictures, ['both', 'said', 'filed'], 'newest first, each once');
  assert.deepEqual((await search('colours')).tags, ['colours']);
  assert.deepEqual((await search('#nothing')), { pictures: [], statuses: [], people: [], tags: [] });
  assert.match((await ask(piclog, 'GET', '/search?q=colours')).text, /<a href="\/tag\/colours" rel="tag" dir="auto">#colours<\/a>/);
});

test('a tag and words: each has to be there', async () => {
  assert.deepEqual((await search('#colours red')).pictures, ['both']);
  assert.deepEqual((await search('tin colours')).pictures, ['filed'], 'one word in the caption, one in the tags');
  assert.deepEqual((await search('#colours blue')).pictures, []);
});

test('people by name, beginning of a name, and what they call themselves', async () => {
  for (const q of ['@ann', 'ann', 'ANN', 'an', 'änne', 'anne', 'großmann', 'mann']) assert.deepEqual((await search(q)).people, ['ann'], q);
  for (const q of ['@bobby', 'bobby-tables', 'tables']) assert.deepEqual((await search(q)).people, ['bobby-tables'], q);
  piclog.addUser('annabel');
  piclog.addUser('anna');
  assert.deepEqual((await search('@anna')).people, ['anna', 'annabel'], 'the name itself comes first');
  assert.deepEqual((await search('@nobody')).people, []);
  assert.match((await ask(piclog, 'GET', '/search?q=@ann')).text, /<a href="\/~ann"><b>ann<\/b><\/a> <span dir="auto">Änne Großmann<\/span>/);
});

test('words in the middle of longer ones, whatever case and accents', async () => {
  for (const q of ['schlüssel', 'SCHLÜSSEL', 'schlussel']) assert.deepEqual((await search(q)).pictures, ['alt', 'key'], q);
  assert.deepEqual((await search('tür matte')).pictures, ['key']);
  assert.deepEqual((await search('spülmaschine')).statuses, ['dishes']);
  for (const q of ['płatowiec', 'platowiec', 'WIELOPLATOWIEC', 'najwiekszy widzialam']) assert.deepEqual((await search(q)).statuses, ['plane'], q);
  assert.deepEqual((await search('天氣')).statuses, ['chinese'], 'also where no spaces are between words');
  assert.deepEqual((await search('üs')).pictures, [], 'two letters stand nearly everywhere');
  assert.deepEqual((await search('schlüssel unicorn')).pictures, []);
});

test('each way honours mutes, blocks, what is hidden, and who is banned', async () => {
  const reader = piclog.addUser('reader'), browser = await new Browser(piclog).logIn(reader);
  const everything = async () => [await search('#colours', reader), await search('colours', reader), await search('schlüssel', reader), await search('spülmaschine', reader), await search('@ann', reader), await search('großmann', reader)];
  const traces = async () => JSON.stringify(await everything()).match(/both|said|filed|key|alt|dishes|"ann"/g) ?? [];
  const tags = async (user) => (await ask(piclog, 'GET', '/tags.json', { headers: user ? bearer(user) : {} })).json.tags.map(({ name }) => name);
  assert.ok((await traces()).length > 8);
  for (const kind of ['mute', 'block']) {
    await browser.submit('/shun/ann', { kind });
    assert.deepEqual(await traces(), [], kind);
    assert.deepEqual((await search('#colours', reader)).statuses, ['tea'], 'others are still there');
    await browser.submit('/shun/ann', { kind, undo: '1' });
  }
  await browser.submit('/shun/bobby-tables', { kind: 'block' });
  await ann.call('PUT', `/api/pictures/${ids.both}`, { caption: 'More red #colours #rouge', alt: 'a red thing' });
  assert.deepEqual(await tags(reader), ['colours', 'rouge']);
  await browser.submit('/shun/bobby-tables', { kind: 'block', undo: '1' });
  await browser.submit('/shun/ann', { kind: 'block' });
  assert.deepEqual(await tags(reader), ['colours'], 'a tag of whom one does not see is not there');
  assert.deepEqual((await search('#rouge', reader)).tags, []);
  await browser.submit('/shun/ann', { kind: 'block', undo: '1' });
  const desk = await new Browser(piclog).logIn(boss);
  const decide = (action, kind, id) => desk.submit('/admin/act', { action, kind, id, reason: 'because of a test' }, { page: '/admin/settings' });
  await decide('hide', 'picture', ids.both);
  assert.deepEqual((await search('#colours', reader)).pictures, ['filed']);
  assert.deepEqual(await tags(), ['colours'], 'what is hidden has no tags');
  await decide('unhide', 'picture', ids.both);
  const { id } = (await ask(piclog, 'GET', '/admin/people/ann.json', { headers: bearer(boss) })).json.person;
  await decide('ban', 'person', id);
  assert.deepEqual(await traces(), []);
  await decide('unban', 'person', id);
  assert.ok((await traces()).length > 8);
});

test('the index of tags: by name, in pages, linked from search and tags, no numbers', async () => {
  const words = Array.from({ length: 230 }, (_, i) => `t${String(i).padStart(3, '0')}`);
  for (let i = 0; i < words.length; i += 5) await bob.call('POST', '/api/statuses', { content: words.slice(i, i + 5).map((word) => `#${word}`).join(' '), face: '' });
  const seen = [];
  let path = '/tags', pages = 0;
  while (path) {
    const page = (await ask(piclog, 'GET', path.replace('/tags', '/tags.json'))).json;
    assert.deepEqual(Object.keys(page).sort(), ['first_url', 'next_url', 'tags']);
    assert.equal(page.first_url, pages ? '/tags' : null);
    for (const tag of page.tags) assert.deepEqual(Object.keys(tag).sort(), ['name', 'url']);
    seen.push(...page.tags.map(({ name }) => name));
    path = page.next_url;
    pages++;
  }
  assert.equal(pages, 2);
  assert.deepEqual(seen, [...seen].sort());
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.includes('colours') && seen.includes('t000'));
  const html = (await ask(piclog, 'GET', '/tags')).text;
  assert.match(html, /<a href="\/tag\/colours" rel="tag" dir="auto">#colours<\/a>/);
  for (const from of ['/search', '/search?q=colours', '/tag/colours']) assert.match((await ask(piclog, 'GET', from)).text, /<a href="\/tags">/, from);
  for (const odd of ['/tags?after=%ff', '/tags?after=%E9', `/tags?after=${'z'.repeat(500)}`]) assert.ok((await ask(piclog, 'GET', odd)).status < 500, odd);
});
