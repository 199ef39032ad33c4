// Every page of the service as something to look at: an example piclog filled from fixtures/demo, and the list of its
// pages. The accessibility, markup and weight tests and tools/screenshots all go through this one list.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, fixtures, pictureForm } from '../e2e/piclog.mjs';
import { visit } from './browser.mjs';
import { walking } from './films.mjs';

const rows = (file) =>
  readFileSync(join(fixtures, 'demo', file), 'utf8').trimEnd().split('\n').map((line) => line.split('\t')).reverse();

// A stylesheet as a person may write it: a phosphor screen.
const theme = `:root { color-scheme: dark; --ground: #010a04; --paper: #04140a; --ink: #b9f5c4; --soft: #8fd39e; --line: #2c6b3d;
  --link: #7de0ff; --seen: #d6f59a; --hot: #ffd75e; --good: #7dffa0; --lemon: #cde94a; --said: #0a2414; --felt: #123420;
  --human: "DejaVu Sans Mono", monospace; --machine: "DejaVu Sans Mono", monospace; --tile: none }
.box, .nav, .foot { outline: 1px solid var(--line) }`;

// What the pages of somebody who has just arrived look like: one person, who has posted nothing.
export async function settle(piclog) {
  const person = piclog.addUser('potato', 'just a demo', '--admin');
  return { person, client: await new Browser(piclog).logIn(person) };
}

// The same after some days: six people, thirty pictures, statuses, moods, a profile with a style of its own.
export async function fill(piclog, most = 30) {
  const { person, client } = await settle(piclog);
  const people = { potato: person };
  for (const name of ['minitel', 'mosquito', 'zigzag', 'chroma420', 'toaster']) people[name] = piclog.addUser(name);
  const post = async (name, path, body) => {
    const answer = await ask(piclog, 'POST', path, { headers: bearer(people[name]), body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json.id;
  };
  let picture, status, mood;
  for (const [name, file, preset, caption, alt, tags = ''] of rows('pictures.tsv').slice(-most))
    picture = await post(name, '/api/pictures', pictureForm(fixture(`pictures/${file}`), { preset, caption, alt, tags }));
  for (const [name, face, content] of rows('statuses.tsv')) status = await post(name, '/api/statuses', { face, content });
  for (const [name, word, face, note = ''] of rows('moods.tsv')) mood = await post(name, '/api/moods', { mood: word, face, note });
  const own = await post('potato', '/api/pictures', pictureForm(fixture('pictures/hat.webp'), {
    caption: 'The hat stays on, also in the crusher. #hats', tags: 'hats', alt: 'Somebody in a hat, mostly hat by now' }));
  const ownStatus = await post('potato', '/api/statuses', { face: '🥔', content: 'baked. do not disturb until 14:00' });
  const ownMood = await post('potato', '/api/moods', { mood: 'sleepy', face: '🥱', note: 'too many tabs' });
  await client.submit('/settings', { display_name: 'The Potato', homepage: 'https://potato.example', css: '',
    about: 'Starchy, mostly harmless. I photograph my cat and call it research.' });
  const reported = `/report/picture/${picture}`;
  await client.submit(reported, { reason: 'spam', note: 'This nuthatch is clearly an advertisement for bark.' });
  const minitel = await new Browser(piclog).logIn(people.minitel);
  await minitel.submit('/settings', { display_name: 'Minitel 1B', homepage: 'https://3615.example',
    about: 'Bonjour. Je suis un terminal.', css: theme });
  const noted = await post('toaster', '/api/pictures', pictureForm(fixture('pictures/craft-beer.jpg'), {
    caption: 'Breakfast of toasters', alt: 'A glass of beer on a table', note: 'alcohol' }));
  const clip = await post('toaster', '/api/pictures', pictureForm(walking(), {
    clip: '1', caption: 'The long way to the fridge', alt: 'A red square walks to the right over a yellow floor' }));
  for (const [name, friends] of rows('follows.tsv'))
    for (const friend of friends.split(' ')) await post(name, '/api/follows', { name: friend });
  await minitel.submit('/friends/people', { shows_follows: '1' });
  await threads(piclog, people, { own, ownStatus, ownMood });
  await trouble(piclog, client, people, noted);
  await street(piclog, client, people);
  await walls(piclog, client, people);
  const { message } = await messages(piclog, client, people);
  const { layout, bulletin } = await circle(piclog, people);
  return { person, client, people, picture, status, mood, own, ownStatus, ownMood, noted, clip, layout, bulletin, message };
}

// Answers to what potato posted, of both kinds, one of them taken off and one behind a note; and what potato keeps.
async function threads(piclog, people, { own, ownStatus, ownMood }) {
  const call = async (name, method, path, body) => {
    const answer = await ask(piclog, method, path, { headers: bearer(people[name]), body });
    if (answer.status > 299) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.status === 204 ? null : answer.json.id;
  };
  for (const reply_to of [`pictures/${own}`, `statuses/${ownStatus}`, `moods/${ownMood}`]) {
    const first = await call('minitel', 'POST', '/api/statuses', { face: '📟', content: 'I can hear that at 1200 bauds, @potato', reply_to });
    await call('toaster', 'POST', '/api/pictures', pictureForm(fixture('pictures/spices.jpg'), { caption: 'Mine is made of pepper', alt: 'Heaps of spices', reply_to }));
    await call('toaster', 'POST', '/api/pictures', pictureForm(fixture('pictures/sky.jpg'), { alt: 'Clouds', note: 'heights', reply_to }));
    await call('zigzag', 'POST', '/api/statuses', { content: 'no it does not', reply_to: `statuses/${first}` });
    await call('potato', 'DELETE', `/api/answers/statuses/${await call('zigzag', 'POST', '/api/statuses', { face: '〰️', content: 'first!', reply_to })}`);
    await call('potato', 'POST', '/api/kept', { post: `statuses/${first}` });
  }
  await call('potato', 'POST', '/api/kept', { post: 'pictures/1' });
  await call('potato', 'POST', '/api/kept', { post: 'moods/1' });
  await call('potato', 'PUT', '/api/me', { shows_kept: true });
}

// Sites near by, one with a button of its own, one that waits; and three homepages in the ring.
async function street(piclog, client, people) {
  const put = (who, fields, button) => {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) body.append(key, value);
    if (button) body.append('button', new Blob([button], { type: 'image/png' }), 'button.png');
    return who.submit('/neighbours/new', body, { page: '/neighbours/new' });
  };
  for (const name of ['potato', 'minitel', 'toaster'])
    await ask(piclog, 'PUT', '/api/me', { headers: bearer(people[name]), body: new URLSearchParams({ homepage: `https://${name}.example`, ring: '1' }) });
  const toaster = await new Browser(piclog).logIn(people.toaster);
  await put(client, { url: 'https://soup.example', title: 'Soup of the day', line: 'One soup, every day, since 1999. Today: leek.', category: 'odd' },
    readFileSync(join(fixtures, '../templates/static/button.png')));
  await put(client, { home: '1', title: 'The potato field', line: 'Where the cat pictures grow.', category: 'people' });
  await put(toaster, { home: '1', title: 'Crumbs', category: 'machines' });
  await put(client, { url: 'https://dialup.example/sounds', title: 'Sounds of modems', line: 'All of them, from 300 baud.', category: 'music' });
  await put(toaster, { url: 'https://bread.example', title: 'Bread', line: 'It has to come from somewhere.', category: 'odd' });
}

// Walls with words and pictures that their owners let stand, some that wait, two guestbooks, pokes.
async function walls(piclog, client, people) {
  const call = (name, method, path, body) => ask(piclog, method, path, { headers: bearer(people[name]), body });
  for (const [owner, name, file, alt, content] of rows('walls.tsv')) {
    const sent = await call(name, 'POST', `/api/wall/${owner}`, file ? pictureForm(fixture(`pictures/${file}`), { content, alt }) : { content });
    if (sent.status !== 202) throw new Error(`/api/wall/${owner}: ${sent.status} ${sent.text}`);
    await call(owner, 'PUT', `/api/wall/${sent.json.id}`);
  }
  await call('potato', 'PUT', '/api/me', { has_guestbook: true });
  await call('zigzag', 'POST', '/api/wall/potato', pictureForm(fixture('pictures/paws.jpg'), { content: 'may this stay?', alt: 'Two paws' }));
  const visitor = new Browser(piclog);
  await visitor.submit('/~potato/wall/sign', { name: 'A modem', homepage: 'https://dialup.example', content: 'kshhhhh. nice potatoes.' }, { page: '/~potato/wall' });
  await visitor.submit('/guestbook/sign', { name: 'Somebody’s aunt', homepage: '', content: 'What a tidy place. I wiped my feet.' }, { page: '/guestbook' });
  for (const one of (await client.get('/admin.json')).json.held.filter(({ kind }) => kind === 'wall'))
    await client.submit('/admin/act', { action: 'approve', kind: 'wall', id: one.subject_id, reason: '' }, { page: '/admin/settings' });
  await visitor.submit('/guestbook/sign', { name: 'SEO expert', homepage: 'https://rank.example', content: 'Your pictures could be higher.' }, { page: '/guestbook' });
  await call('minitel', 'POST', '/api/pokes', { name: 'potato' });
}

// Portraits, whom each shows on their page and follows, what hangs on the board, what is shared.
async function circle(piclog, people) {
  const call = async (name, method, path, body, status) => {
    const answer = await ask(piclog, method, path, { headers: bearer(people[name]), body });
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  let bulletin, layout;
  for (const [name, , , avatar] of rows('people.tsv')) if (name !== 'toaster') await call(name, 'POST', '/api/me/avatar', pictureForm(fixture(`pictures/${avatar}`)), 200);
  for (const [name, friends] of rows('top.tsv')) {
    for (const friend of friends.split(' ')) await call(name, 'POST', '/api/follows', { name: friend }, 201);
    await call(name, 'PUT', '/api/me/top', { names: friends.split(' ') }, 200);
  }
  for (const [name, days, subject, content] of rows('bulletins.tsv')) bulletin = (await call(name, 'POST', '/api/bulletins', { subject, days, content: content.replaceAll('\\n', '\n') }, 201)).id;
  for (const [name, title, line, css] of rows('layouts.tsv')) layout = (await call(name, 'POST', '/api/layouts', { name: title, line, css }, 201)).id;
  const minitel = new Browser(piclog), csrf = async (path) => /name="csrf" value="([0-9a-f]+)"/.exec((await minitel.get(path)).text)[1];
  const where = `/report/layout/${layout}`;
  await minitel.go('POST', where, { body: new URLSearchParams({ csrf: await csrf(where), reason: 'rights', note: 'That is my toner.' }) });
  return { bulletin, layout };
}

// Two who talk, with a picture and a nudge; one who would like to; one line that was reported.
async function messages(piclog, client, people) {
  const call = async (name, path, body) => {
    const answer = await ask(piclog, 'POST', path, { headers: bearer(people[name]), body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  await call('mosquito', '/api/messages', { to: 'potato', content: 'bzzz' });
  const { id } = await call('mosquito', '/api/messages', { to: 'potato', content: 'sleep well tonight #bzzz' });
  await client.submit(`/report/message/${id}`, { reason: 'hate', note: 'Every night.' });
  await call('potato', '/api/messages', { to: 'minitel', content: 'Look what I found behind the radiator. Yours?\nhttps://example.org/lost' });
  await call('minitel', '/api/messages', pictureForm(fixture('pictures/paws.jpg'), { to: 'potato', content: 'no, but these are', alt: 'Two paws', preset: 'fried' }));
  await call('minitel', '/api/messages/potato/nudge', {});
  // somebody whom nobody follows, so that a request waits
  const pinhole = piclog.addUser('pinhole');
  await call('potato', '/api/messages', { to: 'zigzag', content: 'psst' });
  await ask(piclog, 'POST', '/api/messages', { headers: bearer(pinhole), body: { to: 'potato', content: 'may I?' } });
  return { message: id };
}

// Something for the desk of administrators: complaints, a post that waits, an appeal, a log, lists.
async function trouble(piclog, client, people, noted) {
  const decide = (action, kind, id, reason) => client.submit('/admin/act', { action, kind, id, reason }, { page: '/admin/settings' });
  const stranger = new Browser(piclog);
  await stranger.submit(`/report/picture/${noted}`, { reason: 'other', note: 'That is no toaster.\nI know toasters.' });
  await new Browser(piclog).submit('/report/person/zigzag', { reason: 'spam', note: '' });
  await client.submit('/admin/words', { words: 'casino', action: 'hold' }, { page: '/admin/settings' });
  await ask(piclog, 'POST', '/api/statuses', { headers: bearer(people.mosquito), body: { face: '🦟', content: 'the casino of blood is open' } });
  const spam = await ask(piclog, 'POST', '/api/pictures', { headers: bearer(people.zigzag), body: pictureForm(fixture('pictures/paths.jpg'), {}) });
  await decide('block', 'picture', spam.json.id, 'Advertising, for the third time.');
  const { id } = (await ask(piclog, 'GET', '/admin/people/zigzag.json', { headers: bearer(people.potato) })).json.person;
  await decide('mute', 'person', id, 'Cool down until Monday.');
  const zigzag = await new Browser(piclog).logIn(people.zigzag);
  await zigzag.submit('/standing/appeal', { words: 'It was art, not advertising.' }, { page: '/standing' });
  await client.submit('/shun/chroma420', { kind: 'mute' });
  await client.submit('/shun/chroma420', { kind: 'mute', undo: '1' });
  await client.submit('/shun/toaster', { kind: 'mute' });
  await client.submit('/standing/appeal', { words: 'Why is there nothing here?' }, { page: '/standing' });
}

// A picture that waits for a choice; the address of the choice.
export async function candidate(client, bytes = fixture('pictures/spices.jpg')) {
  const answer = await client.submit('/upload', pictureForm(bytes, { preset: 'choose',
    caption: 'Chroma subsampling? In MY market?', alt: 'A market stall with heaps of spices in every colour', tags: 'market' }));
  if (answer.status !== 303) throw new Error(`upload: ${answer.status} ${answer.text}`);
  return answer.headers.location;
}

// Several that wait on one page; the address of the page.
export async function candidates(client) {
  const answer = await client.submit('/upload', pictureForm(['cat.jpg', 'sky.jpg', 'hat.webp'].map((name) => fixture(`pictures/${name}`)), { preset: 'crunchy',
    caption: 'A day out', alt: 'A cat, asleep on a chair', tags: 'outside' }));
  if (answer.status !== 303) throw new Error(`upload: ${answer.status} ${answer.text}`);
  return answer.headers.location;
}

// Both kinds of visitor see these, with content or without.
const everywhere = {
  index: '/', gallery: '/gallery', statuses: '/statuses', moods: '/moods', people: '/people', search: '/search',
  'search-nothing': '/search?q=xylophone', tag: '/tag/cats', tags: '/tags', 'search-tag': '/search?q=%23cats', 'search-person': '/search?q=@potato', about: '/about', help: '/help', 'help-style': '/help/style', 'help-programs': '/help/programs',
  themes: '/themes', 'moods-felt': '/moods?mood=sleepy', rules: '/rules', person: '/~potato', layouts: '/layouts', neighbours: '/neighbours', ring: '/ring',
  'wall-empty': '/~potato/wall?before=1', guestbook: '/guestbook', 'report-person': '/report/person/potato',
};

// Pages as {name, path, who, answer}. who: 'out' or 'in'. answer: a page that is no plain GET, fetched by the client.
export async function pagesOf(piclog, site) {
  const pages = [];
  const add = (name, path, who, answer) => pages.push({ name: who === 'in' ? `${name}-in` : name, path, who, answer });
  for (const [name, path] of Object.entries(everywhere)) for (const who of ['out', 'in']) add(name, path, who);
  if (site.picture) {
    for (const who of ['out', 'in']) {
      add('search-hits', '/search?q=cat', who);
      add('picture', `/p/${site.picture}`, who);
      add('status', `/statuses/${site.status}`, who);
      add('mood', `/moods/${site.mood}`, who);
      add('moods-by', '/moods?by=potato', who);
      add('person-styled', '/~minitel', who);
      add('person-unstyled', '/~minitel?style=off', who);
      add('layout', `/layouts/${site.layout}`, who);
      add('report-picture', `/report/picture/${site.picture}`, who);
    }
    for (const who of ['out', 'in']) {
      add('wall', '/~minitel/wall', who);
      add('wall-own', '/~potato/wall', who);
    }
    add('wall-signed', '/~potato/wall/sign', 'out', () => new Browser(piclog).submit('/~potato/wall/sign', { name: 'Me', content: 'hello' }, { page: '/~potato/wall' }));
    add('wall-refused', '/~potato/wall/sign', 'out', () => new Browser(piclog).submit('/~potato/wall/sign', { name: ' ', homepage: 'no address', content: 'kept' }, { page: '/~potato/wall' }));
    for (const name of ['minitel', 'mosquito', 'pinhole', 'chroma420']) add(`messages-${name}`, `/messages/${name}`, 'in');
    add('messages', '/messages', 'in');
    add('messages-refused', '/messages/minitel', 'in', () => site.client.submit('/messages/minitel', { content: 'too long '.repeat(200) }));
    add('report-message', `/report/message/${site.message}`, 'in');
    for (const name of ['minitel', 'toaster']) add(`poke-${name}`, `/poke/${name}`, 'in');
    for (const who of ['out', 'in']) add('picture-note', `/p/${site.noted}`, who);
    for (const who of ['out', 'in']) add('picture-clip', `/p/${site.clip}`, who);
    for (const who of ['out', 'in']) add('person-follows', '/~minitel/follows', who);
    add('follow', '/follow/zigzag', 'in');
    add('follow-ends', '/follow/minitel', 'in');
    add('feed-key', '/settings/feeds', 'in', () => site.client.submit('/settings/feeds', { feed: 'friends' }));
    add('report-done', `/report/status/${site.status}`, 'out', () => new Browser(piclog).submit(`/report/status/${site.status}`, { reason: 'other', note: '' }));
    add('report-again', `/report/status/${site.status}`, 'out', () => new Browser(piclog).submit(`/report/status/${site.status}`, { note: 'no reason' }));
    add('bulletin', `/bulletins/${site.bulletin}`, 'in');
    add('bulletin-again', '/bulletins', 'in', () => site.client.submit('/bulletins', { subject: 'Kept', content: '', days: '10' }));
    add('top-again', '/settings/top', 'in', () => site.client.submit('/settings/top', { 'names[]': 'nobody-here' }));
    add('style-layout', `/settings/style?layout=${site.layout}`, 'in');
    add('style-layout-preview', `/settings/style/preview?layout=${site.layout}`, 'in');
    for (const who of ['out', 'in']) {
      add('picture-answers', `/p/${site.own}`, who);
      add('status-answers', `/statuses/${site.ownStatus}`, who);
      add('mood-answers', `/moods/${site.ownMood}`, who);
      add('statuses-answers', '/statuses?answers=1', who);
      add('person-kept', '/~potato/kept', who);
    }
    add('answer', `/status?reply_to=pictures/${site.own}`, 'in');
    add('answer-gone', '/status?reply_to=pictures/999999', 'in');
    add('answer-picture', `/upload?reply_to=statuses/${site.ownStatus}`, 'in');
    add('answer-again', '/status', 'in', () => site.client.submit('/status', { face: '🙂', content: 'too long '.repeat(20), reply_to: `moods/${site.ownMood}` }));
    add('admin-branch', '/admin/people/zigzag/branch', 'in');
    add('picture-own', `/p/${site.own}`, 'in');
    add('picture-edit', `/p/${site.own}/edit`, 'in');
    add('status-edit', `/statuses/${site.ownStatus}/edit`, 'in');
    add('mood-edit', `/moods/${site.ownMood}/edit`, 'in');
    add('crunch', await candidate(site.client), 'in');
    add('crunch-clip', await candidate(site.client, walking()), 'in');
    add('candidates', await candidates(site.client), 'in');
    add('shun', '/shun/zigzag', 'in');
    add('admin-person', '/admin/people/zigzag', 'in');
  }
  for (const [name, path] of [['upload', '/upload'], ['say', '/status'], ['feel', '/mood'], ['settings', '/settings'], ...['profile', 'pictures', 'password', 'tokens', 'invites', 'leave', 'neighbours'].map((room) => [`settings-${room}`, `/settings/${room}`]), ['friends', '/friends'], ['friends-statuses', '/friends/statuses'], ['friends-moods', '/friends/moods'], ['friends-people', '/friends/people'],
    ['friends-followers', '/friends/followers'], ['settings-feeds', '/settings/feeds'], ['neighbour-new', '/neighbours/new'], ['neighbour-home', '/neighbours/new?home=1'], ['say-popup', '/status?popup=1'],
    ['site', '/settings/site'], ['style', '/settings/style'], ['style-preview', '/settings/style/preview'],
    ...['aqua', 'channel', 'minitel', 'office', 'poster', 'starfield', 'zine'].map((theme) => [`theme-${theme}`, `/settings/style/preview?theme=${theme}`]),
    ['settings-top', '/settings/top'], ['settings-layouts', '/settings/layouts'], ['bulletins', '/bulletins'], ['friends', '/friends'], ['webhook', '/settings/webhook'], ['unseen', '/settings/unseen'], ['pokes', '/pokes'], ['standing', '/standing'], ['notices', '/notices'], ['kept', '/kept'], ['settings-answers', '/settings/answers'], ['admin', '/admin'], ['admin-audit', '/admin/audit'],
    ['admin-settings', '/admin/settings'], ['admin-site', '/admin/site'], ['admin-blocked', '/admin/blocked']]) add(name, path, 'in');
  const invitation = new URL(piclog.run(['invite']).split(/\s+/).find((word) => word.includes('/join/'))).pathname;
  const admin = new URL(piclog.run(['invite', '--admin']).split(/\s+/).find((word) => word.includes('/join/'))).pathname;
  for (const [name, path] of [['login', '/login'], ['join-closed', '/join'], ['join', invitation], ['join-admin', admin], ['recover', '/recover']]) add(name, path, 'out');
  const stranger = () => new Browser(piclog, { accept: 'text/html' });
  add('error-404', '/nowhere', 'out');
  add('error-login', '/login', 'out', () => stranger().submit('/login', { name: 'potato', password: 'tomato' }));
  add('error-join', invitation, 'out', () => stranger().submit(invitation, { name: 'No Such!', password: 'x' }));
  add('error-403', '/status', 'in', () => site.client.go('POST', '/status', { body: new URLSearchParams({ content: 'x' }) }));
  add('error-422', '/status', 'in', () => site.client.submit('/status', { face: '🙂', content: 'too long '.repeat(20) }));
  add('error-415', '/upload', 'in', () => site.client.submit('/upload', pictureForm(Buffer.from('words, no picture'), { preset: 'crunchy' })));
  add('error-upload', '/upload', 'in', () => site.client.submit('/upload', pictureForm(fixture('pictures/cat.jpg').subarray(0, 400), { preset: 'crunchy' })));
  add('error-413', '/status', 'in', () => site.client.submit('/status', { content: 'x'.repeat(20000) }, { page: '/status' }));
  add('error-405', '/people', 'out', () => stranger().go('DELETE', '/people'));
  add('error-settings', '/settings', 'in', () => site.client.submit('/settings', { display_name: 'x', homepage: 'javascript:alert(1)', about: 'kept', links: '' }));
  add('notice', '/settings/invites', 'in', async () => {
    await site.client.submit('/settings/tokens', { label: 'ShareX on the old laptop', may_post: '1' }, { page: '/settings' });
    await site.client.submit('/settings/invites', {}, { page: '/settings' });
    return site.client.get('/settings/invites');
  });
  const app = (await ask(piclog, 'POST', '/api/v1/apps', { body: { client_name: 'A program', website: 'https://program.example', redirect_uris: 'urn:ietf:wg:oauth:2.0:oob https://program.example/back', scopes: 'read write settings messages' } })).json;
  const asked = (redirect_uri, scope) => ({ client_id: app.client_id, redirect_uri, response_type: 'code', scope });
  for (const [name, fields] of [['consent', asked('https://program.example/back', 'read write')], ['consent-all', asked('urn:ietf:wg:oauth:2.0:oob', 'read write settings messages')], ['consent-site', { ...asked('https://quill.example/done', 'create'), client_id: 'https://quill.example/', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }]]) add(name, `/oauth/authorize?${new URLSearchParams(fields)}`, 'in');
  add('consent-code', '/oauth/allow', 'in', () => site.client.submit('/oauth/allow', { ...asked('urn:ietf:wg:oauth:2.0:oob', 'read'), allow: '1' }, { page: '/settings' }));
  add('error-consent', '/oauth/allow', 'in', () => site.client.submit('/oauth/allow', { ...asked('urn:ietf:wg:oauth:2.0:oob', 'settings'), allow: '1', password: 'wrong' }, { page: '/settings' }));
  add('recovery-codes', '/settings/codes', 'in', () => site.client.submit('/settings/codes', { password: site.person.password }, { page: '/settings' }));
  return pages;
}

// A tab that can show any of those pages: signed in when the client is given.
export async function viewer(site, client, options = {}) {
  const tab = await visit(site, null, options);
  if (client) await tab.context().addCookies([...client.jar].map(([name, value]) => ({ name, value, url: site.piclog.origin })));
  tab.look = async (page) => {
    if (!page.answer) return tab.goto(page.path, { waitUntil: 'load' });
    const answer = await page.answer();
    const at = (url) => url.pathname === page.path;
    await tab.route(at, (route) => route.fulfill({ status: answer.status, body: answer.data,
      headers: { 'content-type': answer.headers['content-type'], 'content-security-policy': answer.headers['content-security-policy'] } }));
    const response = await tab.goto(page.path, { waitUntil: 'load' });
    await tab.unroute(at);
    return response;
  };
  return tab;
}
