// Every route of the neighbourhood, walked as nobody, as a stranger, as somebody who is blocked, as the owner, and with
// tokens that may only read or only post. The table says what each gets; a route of src/app/routes.c that has no line in
// it fails. Whoever is blocked meets no word of the other, no GET writes, no form works without its token.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, fixture, pictureForm, root, start } from './piclog.mjs';

// Words that stand in everything olga wrote, and in everything bela did.
const words = { olga: 'quaggamark', bela: 'thylacinemark' };
const walkers = ['nobody', 'stranger', 'blocked', 'owner', 'reads', 'posts'];

// What a walker gets for a request: method, pattern of the route, and a status for each of the walkers in that order.
// path and body: $other is stan, for others olga; $who is the walker; $new is what make() made for this line; other $words
// are what stood there before. page: where a form is that has a token of its own.
let piclog, database, stan, olga, bela, bystander, things, serial = 0;
const browsers = {}, tokens = {};

const routes = () => {
  const source = readFileSync(join(root, 'src/app/routes.c'), 'utf8');
  const handlers = new Set(readFileSync(join(root, 'src/app/neighbours/handlers.h'), 'utf8').match(/\b[a-z_]+\b/g));
  const others = /^answer_off_post$|^answers_open_post$|^(friends|notices)_feed_atom$|^admin_guestbook_post$/;
  return [...source.matchAll(/\{METHOD_(\w+),\s*"([^"]+)",\s*([^,]+),[^}]*?(\w+)\},?\n/g)]
    .map(([, method, pattern, flags, handler]) => ({ method, pattern, flags, handler }))
    .filter(({ handler }) => handlers.has(handler) || others.test(handler));
};

// A digest of everything in the database but when somebody was last seen, and what the eraser does when it has time:
// merging the index of words and noting the hour.
const WATCH = `
import hashlib, sqlite3, sys
database = sqlite3.connect(f'file:{sys.argv[1]}/piclog.db?mode=ro', uri=True, timeout=20, isolation_level=None)
tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE '%_text_%'")]
for line in sys.stdin:
    database.execute('BEGIN')
    found = []
    for table in sorted(tables):
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[1] not in ('seen_at', 'used_at')]
        rows = sorted(repr(row) for row in database.execute('SELECT ' + ', '.join(f'"{c}"' for c in columns) + f' FROM "{table}"' + (" WHERE key <> 'erased_at'" if table == 'settings' else '')))
        found.append(f'{table}={hashlib.sha256(repr(rows).encode()).hexdigest()[:12]}')
    database.execute('COMMIT')
    print(' '.join(found), flush=True)
`;
const watch = (data) => {
  const child = spawn('python3', ['-c', WATCH, data], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()(line.split(' ')));
  return { look: () => new Promise((done) => { waiting.push(done); child.stdin.write('\n'); }), close: () => child.stdin.end() };
};
const assertUnchanged = async (earlier, what) => {
  const now = await database.look();
  assert.deepEqual(now.filter((table, i) => table !== earlier[i]), [], `${what} changed the database`);
};

const made = async (answer, status = 201) => {
  const { status: found, json, text } = await answer;
  assert.equal(found, status, text);
  return json;
};
const call = (user, ...args) => made(user.call(...args));
const put = async (user, body) => made(user.call('PUT', '/api/me', body), 200);

// One of everything, by somebody whose every word is marked.
async function furnish(user, word) {
  await put(user, { display_name: `The ${word}`, about: `about ${word}`, homepage: `https://${word}.example/`, ring: '1', css: `/* ${word} */ p { color: red }`,
    wall: 'open', has_guestbook: true, shows_follows: true, shows_kept: true });
  const status = await call(user, 'POST', '/api/statuses', { content: `status ${word} #${word}`, face: '🙂' });
  const mood = await call(user, 'POST', '/api/moods', { mood: word, note: `note ${word}` });
  const picture = await made(user.upload(fixture('pictures/hat.webp'), { caption: `caption ${word}`, alt: `alt ${word}`, tags: word, preset: 'dust' }));
  const layout = await call(user, 'POST', '/api/layouts', { name: `layout ${word}`, line: `line ${word}`, css: `/* ${word} */` });
  const bulletin = await call(user, 'POST', '/api/bulletins', { subject: `subject ${word}`, content: `bulletin ${word}`, days: 5 });
  const home = await call(user, 'POST', '/api/neighbours', { home: '1', title: `home ${word}`, line: `line ${word}`, category: 'people' });
  const site = await call(user, 'POST', '/api/neighbours', { url: `https://site.example/${word}`, title: `site ${word}`, line: `line ${word}`, category: 'odd' });
  const wall = await call(user, 'POST', `/api/wall/${user.name}`, { content: `own wall ${word}` });
  return { status: status.id, mood: mood.id, picture: picture.id, layout: layout.id, bulletin: bulletin.id, home: home.id, site: site.id, wall: wall.id };
}

const answerOf = () => call(stan, 'POST', '/api/statuses', { content: 'an answer', reply_to: `statuses/${things.status}` });
const freshBulletin = () => call(olga, 'POST', '/api/bulletins', { subject: 'fresh', content: words.olga, days: 1 });
const freshLayout = () => call(olga, 'POST', '/api/layouts', { name: `fresh ${serial++}`, css: '/* fresh */' });
const freshSite = () => call(olga, 'POST', '/api/neighbours', { url: `https://fresh.example/${serial++}`, title: 'fresh', category: 'odd' });
const freshEntry = () => call(bystander, 'POST', '/api/wall/olga', { content: 'fresh' });
const waiting = async () => {
  await put(olga, { wall: 'look' });
  const entry = await made(bystander.call('POST', '/api/wall/olga', pictureForm(fixture('pictures/cat.jpg'), { content: 'may I?' })), 202);
  await put(olga, { wall: 'open' });
  return entry;
};
const keptOf = async () => { for (const who of [olga, stan]) await made(who.call('POST', '/api/kept', { post: `statuses/${things.ground}` })); return { id: things.ground }; };
const followed = async () => { for (const [from, name] of [[olga, 'stan'], [stan, 'olga']]) await call(from, 'POST', '/api/follows', { name }); };
const poked = async () => { for (const [from, name] of [[bystander, 'olga'], [bystander, 'stan']]) await from.call('POST', '/api/pokes', { name }); };

const friends = async () => { for (const [from, name] of [[olga, 'bystander'], [bystander, 'olga']]) await call(from, 'POST', '/api/follows', { name }); };
const pictured = async () => { await friends(); return made(bystander.call('POST', '/api/messages', pictureForm(fixture('pictures/cat.jpg'), { to: 'olga', content: 'look' }))); };
const posted = async () => { await friends(); return call(olga, 'POST', '/api/messages', { to: 'bystander', content: 'fresh' }); };

//   method    route                             nobody stranger blocked owner reads posts
const table = [
  ['POST',   '/admin/guestbook',                 '401 403 403 403 403 403', { body: { guestbook: '1' } }],
  ['POST',   '/answers/:kind/:id',               '401 404 404 303 403 403', { path: '/answers/statuses/$new', make: answerOf }],
  ['POST',   '/answerable/:kind/:id',            '401 404 404 303 403 403', { path: '/answerable/statuses/$status', body: { answers: 'everybody' } }],
  ['DELETE', '/api/answers/:kind/:id',           '401 404 404 204 403 403', { path: '/api/answers/statuses/$new', make: answerOf }],
  ['PUT',    '/api/answers/:kind/:id',           '401 404 404 204 403 403', { path: '/api/answers/statuses/$new', make: answerOf }],
  ['PUT',    '/api/answerable/:kind/:id',        '401 404 404 204 403 403', { path: '/api/answerable/moods/$mood', body: { answers: 'followed' } }],

  ['GET',    '/friends',                         '303 200 200 200 403 403'],
  ['GET',    '/friends/statuses',                '303 200 200 200 403 403'],
  ['GET',    '/friends/moods',                   '303 200 200 200 403 403'],
  ['GET',    '/friends/feed.atom',               '404 200 200 200 404 404', { path: '/friends/feed.atom?key=$key' }],
  ['GET',    '/friends/people',                  '303 200 200 200 403 403'],
  ['POST',   '/friends/people',                  '401 303 303 303 403 403', { body: { shows_follows: '1' } }],
  ['GET',    '/friends/followers',               '303 200 200 200 403 403'],
  ['POST',   '/friends/followers/:name/remove',  '401 303 404 303 403 403', { path: '/friends/followers/$other/remove', make: followed }],
  ['GET',    '/follow/:name',                    '303 200 404 200 403 403', { path: '/follow/$other' }],
  ['POST',   '/follow/:name',                    '401 303 404 303 403 403', { path: '/follow/$other' }],
  ['GET',    '/settings/feeds',                  '303 200 200 200 403 403'],
  ['POST',   '/settings/feeds',                  '401 200 200 200 403 403', { body: { feed: 'friends' } }],
  ['POST',   '/settings/feeds/revoke',           '401 303 303 303 403 403', { body: { feed: 'friends' } }],
  ['GET',    '/api/follows',                     '401 200 200 200 200 200'],
  ['POST',   '/api/follows',                     '401 201 404 201 403 201', { body: { name: '$other' } }],
  ['DELETE', '/api/follows/:name',               '401 204 404 204 403 403', { path: '/api/follows/$other' }],
  ['GET',    '/api/followers',                   '401 200 200 200 200 200'],
  ['DELETE', '/api/followers/:name',             '401 204 404 204 403 403', { path: '/api/followers/$other', make: followed }],
  ['GET',    '/~:name/follows',                  '200 200 404 200 200 200'],

  ['GET',    '/notices',                         '303 200 200 200 403 403'],
  ['GET',    '/notices/feed.atom',               '404 200 200 200 404 404', { path: '/notices/feed.atom?key=$told' }],
  ['POST',   '/notices/read',                    '401 303 303 303 403 403'],
  ['POST',   '/api/notices/read',                '401 204 204 204 403 204'],
  ['GET',    '/settings/answers',                '303 200 200 200 403 403'],
  ['POST',   '/settings/answers',                '401 303 303 303 403 403', { body: { answers: 'everybody', notices: 'answers', shows_kept: '1' } }],
  ['GET',    '/kept',                            '303 200 200 200 403 403'],
  ['POST',   '/kept',                            '401 303 422 303 403 403', { body: { post: 'statuses/$status' } }],
  ['POST',   '/api/kept',                        '401 201 422 201 403 201', { body: { post: 'pictures/$picture' } }],
  ['DELETE', '/api/kept/:kind/:id',              '401 204 204 204 403 403', { path: '/api/kept/statuses/$new', make: keptOf }],
  ['GET',    '/~:name/kept',                     '200 200 404 200 200 200'],

  ['GET',    '/settings/top',                    '303 200 200 200 403 403'],
  ['POST',   '/settings/top',                    '401 303 422 303 403 403', { body: { names: '$other' } }],
  ['GET',    '/api/me/top',                      '401 200 200 200 200 200'],
  ['PUT',    '/api/me/top',                      '401 200 422 200 403 403', { body: { names: ['$other'] } }],
  ['GET',    '/bulletins',                       '303 200 200 200 403 403'],
  ['GET',    '/bulletins.json',                  '401 200 200 200 200 200'],
  ['POST',   '/bulletins',                       '401 303 303 303 403 403', { body: { subject: 'by $who', content: '$mark', days: '1' } }],
  ['GET',    '/bulletins/:id',                   '303 404 404 200 403 403', { path: '/bulletins/$bulletin' }],
  ['POST',   '/bulletins/:id/delete',            '401 404 404 303 403 403', { path: '/bulletins/$new/delete', make: freshBulletin }],
  ['POST',   '/api/bulletins',                   '401 201 201 201 403 201', { body: { subject: 'by $who', content: '$mark', days: 1 } }],
  ['GET',    '/api/bulletins/:id',               '401 404 404 200 200 200', { path: '/api/bulletins/$bulletin' }],
  ['DELETE', '/api/bulletins/:id',               '401 404 404 204 403 403', { path: '/api/bulletins/$bulletin' }],
  ['GET',    '/layouts',                         '200 200 200 200 200 200'],
  ['GET',    '/layouts/:id',                     '200 200 404 200 200 200', { path: '/layouts/$layout' }],
  ['GET',    '/settings/layouts',                '303 200 200 200 403 403'],
  ['POST',   '/settings/layouts',                '401 303 303 303 403 403', { body: { name: 'by $who', line: '$mark' } }],
  ['POST',   '/settings/layouts/:id',            '401 404 404 303 403 403', { path: '/settings/layouts/$new', make: freshLayout, body: { name: 'renamed $who', line: '', then: 'save' } }],
  ['POST',   '/api/layouts',                     '401 201 201 201 403 201', { body: { name: 'program $who', css: '/* $mark */' } }],
  ['GET',    '/api/layouts/:id',                 '200 200 404 200 200 200', { path: '/api/layouts/$layout' }],
  ['PUT',    '/api/layouts/:id',                 '401 403 404 200 403 403', { path: '/api/layouts/$layout', body: { line: 'changed $mark' } }],
  ['DELETE', '/api/layouts/:id',                 '401 404 404 204 403 403', { path: '/api/layouts/$new', make: freshLayout }],

  ['GET',    '/neighbours',                      '200 200 200 200 200 200'],
  ['GET',    '/neighbours.opml',                 '200 200 200 200 200 200'],
  ['GET',    '/neighbours/feed.atom',            '200 200 200 200 200 200'],
  ['GET',    '/neighbours/new',                  '303 200 200 200 403 403'],
  ['POST',   '/neighbours/new',                  '401 303 303 303 403 403', { body: { url: 'https://$who.example/form', title: 'by $who', line: '$mark', category: 'odd' } }],
  ['GET',    '/neighbours/:id/edit',             '303 404 404 200 403 403', { path: '/neighbours/$site/edit' }],
  ['POST',   '/neighbours/:id',                  '401 404 404 303 403 403', { path: '/neighbours/$new', make: freshSite, body: { url: 'https://$who.example/changed', title: 'by $who', line: '', category: 'odd' } }],
  ['POST',   '/neighbours/:id/delete',           '401 404 404 303 403 403', { path: '/neighbours/$new/delete', make: freshSite }],
  ['POST',   '/api/neighbours',                  '401 201 201 201 403 201', { body: { url: 'https://$who.example/api', title: 'by $who', line: '$mark', category: 'odd' } }],
  ['DELETE', '/api/neighbours/:id',              '401 404 404 204 403 403', { path: '/api/neighbours/$new', make: freshSite }],
  ['GET',    '/neighbours/:id/button.gif',       '200 200 404 200 200 200', { path: '/neighbours/$site/button.gif' }],
  ['GET',    '/ring',                            '200 200 200 200 200 200'],
  ['POST',   '/ring',                            '401 422 303 303 403 403', { body: { is_in: '1' } }],
  ['GET',    '/ring/:name/prev',                 '303 303 303 303 303 303'],
  ['GET',    '/ring/:name/next',                 '303 303 303 303 303 303'],
  ['GET',    '/ring/:name/random',               '303 303 303 303 303 303'],

  ['GET',    '/~:name/wall',                     '200 200 404 200 200 200'],
  ['POST',   '/~:name/wall',                     '401 303 404 303 403 403', { body: { content: 'by $who $mark' } }],
  ['POST',   '/~:name/wall/sign',                '200 403 404 403 403 403', { body: { name: 'a visitor', content: 'by $who' }, page: '/guestbook' }],
  ['GET',    '/guestbook',                       '200 200 200 200 200 200'],
  ['POST',   '/guestbook',                       '401 303 303 303 403 403', { body: { content: 'by $who $mark' } }],
  ['POST',   '/guestbook/sign',                  '200 403 403 403 403 403', { body: { name: 'a visitor', content: 'by $who' }, page: '/guestbook' }],
  ['POST',   '/wall/:id',                        '401 404 404 303 403 403', { path: '/wall/$new', make: freshEntry, body: { do: 'delete' } }],
  ['GET',    '/wall/:id/:size.jpg',              '303 404 404 200 403 403', { path: '/wall/$new/full.jpg', make: waiting }],
  ['POST',   '/api/guestbook',                   '401 202 202 202 403 202', { body: { content: 'program $who $mark' } }],
  ['POST',   '/api/wall/:name',                  '401 201 404 201 403 201', { body: { content: 'program $who $mark' } }],
  ['GET',    '/api/wall/:id',                    '200 200 404 200 200 200', { path: '/api/wall/$wall' }],
  ['PUT',    '/api/wall/:id',                    '401 404 404 200 403 403', { path: '/api/wall/$new', make: waiting }],
  ['DELETE', '/api/wall/:id',                    '401 404 404 204 403 403', { path: '/api/wall/$new', make: freshEntry }],
  ['GET',    '/pokes',                           '303 200 200 200 403 403', { make: poked }],
  ['GET',    '/poke/:name',                      '303 200 404 200 403 403', { path: '/poke/$other' }],
  ['POST',   '/poke/:name',                      '401 303 404 303 403 403', { path: '/poke/$other' }],
  ['GET',    '/api/pokes',                       '401 200 200 200 200 200'],
  ['POST',   '/api/pokes',                       '401 201 404 201 403 409', { body: { name: '$other' } }],
  ['DELETE', '/api/pokes/:name',                 '401 204 404 204 403 403', { path: '/api/pokes/$poker', make: poked }],
  ['GET',    '/settings/neighbours',             '303 200 200 200 403 403'],
  ['POST',   '/settings/neighbours',             '401 303 303 303 403 403', { body: { wall: 'open', has_guestbook: '1', takes_pokes: '1', takes_nudges: '1' } }],

  ['GET',    '/live',                            '401 200 200 200 403 403'],
  ['POST',   '/live',                            '401 204 204 204 403 403', { body: {} }],
  ['GET',    '/messages',                        '303 200 200 200 403 403'],
  ['GET',    '/messages/:name',                  '303 200 404 200 403 403', { path: '/messages/$other' }],
  ['POST',   '/messages/:name',                  '401 303 404 303 403 403', { path: '/messages/$other', body: { content: 'by $who $mark' }, make: followed }],
  ['POST',   '/messages/:name/do',               '401 303 404 303 403 403', { path: '/messages/$other/do', body: { do: 'read' } }],
  ['GET',    '/messages/:id/full.jpg',           '303 404 404 200 403 403', { path: '/messages/$new/full.jpg', make: pictured }],
  ['GET',    '/api/messages',                    '401 200 200 200 403 403'],
  ['POST',   '/api/messages',                    '401 201 404 201 403 403', { body: { to: '$other', content: 'program $who $mark' } }],
  ['GET',    '/api/messages/:name',              '401 200 404 200 403 403', { path: '/api/messages/$other' }],
  ['DELETE', '/api/messages/:id',                '401 404 404 204 403 403', { path: '/api/messages/$new', make: posted }],
  ['POST',   '/api/messages/:name/read',         '401 204 404 204 403 403', { path: '/api/messages/$other/read' }],
  ['POST',   '/api/messages/:name/nudge',        '401 201 404 201 403 403', { path: '/api/messages/$other/nudge' }],
  ['POST',   '/api/messages/:name/accept',       '401 204 404 204 403 403', { path: '/api/messages/$other/accept' }],
  ['POST',   '/api/messages/:name/refuse',       '401 404 404 404 403 403', { path: '/api/messages/$other/refuse' }],
  ['DELETE', '/api/messages/:name/all',          '401 204 404 404 403 403', { path: '/api/messages/$other/all' }],
];

before(async () => {
  piclog = await start(['--threads', '4']);
  database = watch(piclog.data);
  [stan, olga, bela, bystander] = ['stan', 'olga', 'bela', 'bystander'].map(piclog.person);
  const boss = piclog.addUser('boss', undefined, '--admin');
  const people = { stranger: stan, blocked: bela, owner: olga };
  browsers.nobody = new Browser(piclog);
  for (const [who, user] of Object.entries(people)) {
    browsers[who] = await new Browser(piclog).logIn(user);
    tokens[who] = user.token;
  }
  for (const [who, box] of [['reads', 'may_read'], ['posts', 'may_post']]) {
    const page = await browsers.owner.submit('/settings/tokens', { label: who, [box]: '1' }, { page: '/settings/tokens' });
    tokens[who] = /<code>([\w-]{43})</.exec(page.text)[1];
  }
  things = { ...(await furnish(olga, words.olga)) };
  for (const [key, id] of Object.entries(await furnish(bela, words.bela))) things[`bela_${key}`] = id;
  await put(stan, { shows_follows: true, shows_kept: true, wall: 'open', has_guestbook: true, css: 'p { color: red }' });
  things.ground = (await call(stan, 'POST', '/api/statuses', { content: 'talk here' })).id;
  things.kept = (await call(olga, 'POST', '/api/statuses', { content: `kept ${words.olga}` })).id;
  const desk = await new Browser(piclog).logIn(boss);
  await desk.submit('/admin/guestbook', { has_guestbook: '1', guestbook: '1' }, { page: '/admin/settings' });
  for (const id of [things.site, things.bela_site]) await desk.submit('/admin/act', { action: 'approve', kind: 'neighbour', id, reason: '' }, { page: '/admin/settings' });
  // all three know each other: follows, answers, walls, the top eight, kept posts, mentions
  for (const [from, to] of [[stan, olga], [stan, bela], [olga, stan], [olga, bela], [bela, stan], [bela, olga]]) {
    await call(from, 'POST', '/api/follows', { name: to.name });
    const word = words[from.name] ?? 'stanword', post = { stan: `statuses/${things.ground}`, olga: `statuses/${things.status}`, bela: `statuses/${things.bela_status}` }[to.name];
    const answer = await call(from, 'POST', '/api/statuses', { content: `@${to.name} answer ${word}`, reply_to: post });
    things[`${from.name}_answers_${to.name}`] = answer.id;
    things[`${from.name}_on_${to.name}`] = (await call(from, 'POST', `/api/wall/${to.name}`, { content: `wall ${word}` })).id;
    await call(from, 'POST', '/api/kept', { post });
  }
  for (const user of [olga, bela]) {
    const { id } = await made(user.call('POST', '/api/guestbook', { content: `guestbook ${words[user.name]}` }), 202);
    assert.equal((await desk.submit('/admin/act', { action: 'approve', kind: 'wall', id, reason: '' }, { page: '/admin/settings' })).status, 303);
  }
  await made(stan.call('PUT', '/api/me/top', { names: ['olga', 'bela'] }), 200);
  for (const who of ['stranger', 'blocked', 'owner']) {
    const page = await browsers[who].submit('/settings/feeds', { feed: 'friends' });
    things[`key_${who}`] = /feed\.atom\?key=([\w-]+)/.exec(page.text)[1];
    const other = await browsers[who].submit('/settings/feeds', { feed: 'notices' });
    things[`told_${who}`] = /feed\.atom\?key=([\w-]+)/.exec(other.text)[1];
  }
  // before the block the words are there to be seen
  for (const path of ['/friends.json', '/~olga.json', '/bulletins.json', '/notices.json']) assert.match((await browsers.blocked.get(path)).text, new RegExp(words.olga), path);
  assert.equal((await browsers.owner.submit('/shun/bela', { kind: 'block' })).status, 303);
});
after(async () => {
  database.close();
  await piclog.remove();
});

// What stands for the $words of a line.
const spell = (text, who, made) => text.replace(/\$(\w+)/g, (_, word) => {
  const isOlga = ['owner', 'reads', 'posts'].includes(who);
  return { other: isOlga ? 'stan' : 'olga', who, poker: 'bystander', mark: words[{ owner: 'olga', reads: 'olga', posts: 'olga', blocked: 'bela' }[who]] ?? 'stanword',
    new: made?.id, key: things[`key_${who}`] ?? 'x'.repeat(43), told: things[`told_${who}`] ?? 'x'.repeat(43) }[word] ?? things[word] ?? assert.fail(`$${word}`);
});
const spelled = (body, who, made) => JSON.parse(spell(JSON.stringify(body ?? {}), who, made));

// One request of a walker: programs with a token, people with the form token of a page.
async function send(who, method, path, { isApi, body, page, json, csrf = true }) {
  const headers = json ? { accept: 'application/json' } : {};
  const isProgram = tokens[who] && (isApi || who === 'reads' || who === 'posts');
  if (method === 'GET') return isProgram ? ask(piclog, method, path, { headers: { ...headers, authorization: `Bearer ${tokens[who]}` } }) : browsers[who].get(path, { headers });
  if (isProgram && csrf) return ask(piclog, method, path, { headers: { ...headers, authorization: `Bearer ${tokens[who]}` }, body: method === 'DELETE' ? undefined : isApi ? body : new URLSearchParams(body) });
  const form = new URLSearchParams(body);
  if (csrf && (page || who !== 'nobody')) form.set('csrf', await browsers[who].token(page ?? '/status'));
  return browsers[who].go(method, path, { body: method === 'DELETE' ? undefined : form, headers });
}
const meets = (answer, word) => answer.text.toLowerCase().includes(word) || JSON.stringify(answer.headers).includes(word);
// Whoever asks without a session is anybody: the ring leads from homepage to homepage, where nobody is signed in.
const never = { blocked: words.olga, owner: words.bela, reads: words.bela, posts: words.bela };

test('every route of the neighbourhood has a line, and no line is without its route', () => {
  const found = routes();
  assert.ok(found.length > 90, `${found.length} routes`);
  assert.deepEqual(found.map(({ method, pattern }) => `${method} ${pattern}`).sort(), table.map(([method, pattern]) => `${method} ${pattern}`).sort());
});

test('each gets what the table says; no GET writes, no refusal writes, and whoever is blocked meets no word', async (t) => {
  const flags = new Map(routes().map((route) => [`${route.method} ${route.pattern}`, route.flags]));
  let both = 0;
  for (const [method, pattern, expected, { path = pattern.replace(':name', 'olga'), body, make, page } = {}] of table)
    await t.test(`${method} ${pattern}`, async () => {
      const flag = flags.get(`${method} ${pattern}`), isApi = /IS_API/.test(flag), isAnybody = /NO_SESSION/.test(flag) && !/SECRET_QUERY/.test(flag), thing = await make?.(), got = {};
      // refused ones first, so that they find what there is
      for (const who of ['nobody', 'blocked', 'reads', 'posts', 'stranger', 'owner']) {
        const where = spell(path, who, thing), what = { isApi, page, body: spelled(body, who, thing) };
        if (method !== 'GET' && ['nobody', 'stranger', 'owner'].includes(who)) {
          const earlier = await database.look(), forged = await send(who, method, where, { ...what, csrf: false });
          assert.ok([401, 403].includes(forged.status), `${who} without a form token: ${forged.status}`);
          await assertUnchanged(earlier, `${who} without a form token`);
        }
        const earlier = await database.look(), answer = await send(who, method, where, what);
        got[who] = answer.status;
        if (method === 'GET' || answer.status >= 400) await assertUnchanged(earlier, `${who}, answered ${answer.status}:`);
        const answers = [answer];
        if (method === 'GET') answers.push(await send(who, method, where, { ...what, json: true }));
        for (const one of answers) {
          assert.ok(one.status < 500, one.text);
          if (who in never && !isAnybody) assert.ok(!meets(one, never[who]), `${who} meets a word: ${one.text.slice(Math.max(0, one.text.toLowerCase().indexOf(never[who]) - 200)).slice(0, 400)}`);
        }
        if (who === 'stranger' && Object.values(words).every((word) => meets(answer, word))) both++;
      }
      assert.equal(walkers.map((who) => got[who]).join(' '), expected);
    });
  assert.ok(both >= 10, `a stranger meets the words of both on ${both} pages, so that there is something to hide`);
});

test('nor do they meet on any other page, in JSON or in a feed, of a third person either', async () => {
  const posts = ['status', 'picture', 'mood'].flatMap((kind) => [things[kind], things[`bela_${kind}`]].map((id) => `/${{ status: 'statuses', picture: 'p', mood: 'moods' }[kind]}/${id}`));
  const paths = ['/', '/gallery', '/statuses', '/statuses?answers=1', '/moods', '/people', '/tags', '/random', '/ring', '/guestbook', '/layouts', '/neighbours', '/neighbours?q=mark', '/neighbours?category=people',
    `/statuses/${things.ground}`, ...posts, ...['stan', 'olga', 'bela'].flatMap((name) => ['', '?style=off', '/wall', '/kept', '/follows', '/feed.atom', '/feed.json'].map((rest) => `/~${name}${rest}`)),
    ...Object.values(words).flatMap((word) => [`/search?q=${word}`, `/tag/${word}`]), '/feed.atom', '/feed.json', '/settings/top', '/settings/style', '/friends', '/friends/people', '/notices', '/kept', '/bulletins', '/pokes'];
  // the room of a page is framed without a session, and told whom to leave out
  const rooms = {};
  for (const who of ['stranger', 'blocked', 'owner']) rooms[who] = /<iframe class="room" src="([^"]+)"/.exec((await browsers[who].get('/~stan')).text)[1].replaceAll('&amp;', '&');
  const met = { stranger: [0, 0], blocked: [0, 0], owner: [0, 0] };
  for (const each of [...paths, 'room'])
    for (const who of ['stranger', 'blocked', 'owner'])
      for (const headers of [{}, { accept: 'application/json' }]) {
        const path = each === 'room' ? rooms[who] : each, answer = await browsers[who].get(path, { headers });
        assert.ok(answer.status < 500 && (each !== 'room' || answer.status === 200 || headers.accept), path);
        const text = (answer.text + (answer.headers.location ?? '')).toLowerCase().replaceAll(path.toLowerCase(), '').replaceAll(encodeURIComponent(path).toLowerCase(), '');
        // what was asked for is said again
        const asked = Object.values(words).find((word) => path.endsWith(word));
        Object.values(words).forEach((word, i) => {
          const found = asked === word ? /(status|caption|note|the) (quagga|thylacine)mark/.test(text) : text.includes(word);
          met[who][i] += found;
          if (found && never[who] === word) assert.fail(`${who} meets ${word} at ${path} ${JSON.stringify(headers)}: ${text.slice(Math.max(0, text.indexOf(word) - 200)).slice(0, 400)}`);
        });
      }
  for (const [who, counts] of Object.entries(met)) counts.forEach((count, i) => assert.ok(count > 15 || never[who] === Object.values(words)[i], `${who}: ${counts}`));
});
