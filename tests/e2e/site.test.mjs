// What a piclog says of itself: set on the web by its administrators, or by options, which win.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Browser, ask, bearer, executable, fixture, pictureForm, start } from './piclog.mjs';

const folder = mkdtempSync(join(tmpdir(), 'piclog-site-'));
const rulesFile = join(folder, 'rules.md');
writeFileSync(rulesFile, '# The law\n\n1. No *shouting*.\n');
let piclog, said, boss, desk;
before(async () => {
  piclog = await start();
  boss = piclog.addUser('boss', 'the password of the boss', '--admin');
  desk = await new Browser(piclog).logIn(boss);
  said = await start(['--site-name', 'Said <once>', '--motto', 'By the option', '--contact', 'me@pics.example', '--signup', 'closed', '--rules', rulesFile]);
});
after(async () => {
  await piclog.remove();
  await said.remove();
  rmSync(folder, { recursive: true });
});

const page = async (path, where = piclog) => (await ask(where, 'GET', path)).text;
const save = (fields) => desk.submit('/admin/site', fields);
const log = async () => (await ask(piclog, 'GET', '/admin/audit.json', { headers: bearer(boss) })).json.log.filter(({ action }) => action === 'setting').map(({ reason }) => reason);

test('nothing set: the defaults', async () => {
  assert.match(await page('/'), /<title>piclog/);
  assert.match(await page('/'), /No mercy\./);
  assert.match(await page('/rules'), /Eight rules/);
  assert.doesNotMatch(await page('/about'), /Who runs it/);
  assert.equal((await ask(piclog, 'GET', '/join')).status, 403);
});

test('set on the web: at once on every page, cached ones too, in feeds and link cards, with a line in the log each', async () => {
  const { id } = (await ask(piclog, 'POST', '/api/pictures', { headers: bearer(boss), body: pictureForm(fixture('pictures/squares.gif'), { preset: 'dust' }) })).json;
  for (const path of ['/', '/about', '/rules', '/feed.atom', '/opensearch.xml']) await page(path); // kept from here on
  const answer = await save({ name: 'Łódź & "pics"', motto: 'Small <b>is</b>', signup: 'open', contact: 'pics.example/me', rules: 'Be *kind*.\n\n<script>alert(1)</script>' });
  assert.equal(answer.status, 303, answer.text);
  assert.match(await page('/'), /<title>Łódź &amp; &quot;pics&quot;/);
  assert.match(await page('/'), /class="motto">Small &lt;b&gt;is&lt;\/b&gt;</);
  assert.match(await page('/about'), /<a href="https:\/\/pics\.example\/me">pics\.example\/me<\/a>/);
  const rules = await page('/rules');
  assert.match(rules, /Be <em>kind<\/em>/);
  assert.doesNotMatch(rules, /<script>alert|Eight rules/);
  for (const path of ['/feed.atom', '/opensearch.xml']) assert.match(await page(path), /Łódź &amp; /, path);
  assert.equal((await ask(piclog, 'GET', `/oembed?url=${encodeURIComponent(`${piclog.origin}/p/${id}`)}`)).json.provider_name, 'Łódź & "pics"');
  assert.equal((await ask(piclog, 'GET', '/join')).status, 200);
  assert.equal((await new Browser(piclog).submit('/join', { name: 'newcomer', password: 'a password of mine' })).status, 200);
  assert.deepEqual((await log()).sort(), ['site_contact = https://pics.example/me', 'site_motto = Small <b>is</b>', 'site_name = Łódź & "pics"', 'site_rules = Be *kind*.\n\n<script>alert(1)</script>', 'site_signup = open']);
  assert.match((await desk.get('/admin/site')).text, /value="Łódź &amp; &quot;pics&quot;"/);
});

test('what is the same is not logged again, a field that is not sent stays, an empty one is the default', async () => {
  const before = (await log()).length;
  assert.equal((await save({ name: 'Łódź & "pics"', signup: 'open' })).status, 303);
  assert.equal((await log()).length, before);
  assert.match(await page('/'), /Small &lt;b/);
  assert.equal((await save({ name: ' ', motto: '', rules: '', contact: '', signup: 'invite' })).status, 303);
  assert.match(await page('/'), /<title>piclog/);
  assert.match(await page('/'), /No mercy\./);
  assert.match(await page('/rules'), /Eight rules/);
  assert.doesNotMatch(await page('/about'), /Who runs it/);
  assert.equal((await ask(piclog, 'GET', '/join')).status, 403);
});

test('a long text of many bytes is cut between characters in the log', async () => {
  assert.equal((await save({ rules: 'ü'.repeat(5000) })).status, 303);
  assert.match((await log())[0], /^site_rules = ü{50}…$/);
  await save({ rules: '' });
});

test('what cannot be is refused, with the limit, and what was typed stays in the form', async () => {
  for (const [fields, reason] of [
    [{ name: 'x'.repeat(41) }, /name is too long: at most 40/], [{ motto: 'x'.repeat(101) }, /motto is too long: at most 100/],
    [{ rules: 'x'.repeat(5001) }, /rules is too long|rules.* at most 5000/], [{ signup: 'maybe' }, /open, by invite, or closed/],
    ...['javascript:alert(1)', 'data:text/html,x', 'javascript:a@b.c/%0aalert(1)', 'me@', '@pics.example', 'a b@pics.example', 'me@pics.example?subject=x', 'mailto:javascript:x@y.z', 'nothing'].map((contact) => [{ contact }, /The contact is an e-mail address/]),
  ]) {
    const answer = await save({ motto: 'kept as typed', ...fields });
    assert.equal(answer.status, 422, JSON.stringify(fields));
    assert.match(answer.text, reason);
    if (!fields.motto) assert.match(answer.text, /value="kept as typed"/);
  }
  assert.doesNotMatch(await page('/'), /kept as typed/, 'all or nothing');
  for (const [contact, url] of [['me@pics.example', 'mailto:me@pics.example'], ['mailto:a.b+c@pics.example', 'mailto:a.b+c@pics.example'], ['http://pics.example/?a=1', 'http://pics.example/?a=1'], ['https://social.example/@me', 'https://social.example/@me']]) {
    assert.equal((await save({ contact })).status, 303, contact);
    assert.ok((await page('/about')).includes(`<a href="${url}">`), contact);
    assert.equal(JSON.parse(await page('/api/v2/instance')).contact.email, url.startsWith('mailto:') ? url.slice(7) : '', 'as programs ask for it');
  }
});

test('an option wins, the page says so, and nothing there can change it', async () => {
  const admin = said.addUser('boss', 'the password of the boss', '--admin');
  const browser = await new Browser(said).logIn(admin);
  for (const look of [() => page('/', said), async () => {
    const csrf = await browser.token('/admin/site');
    assert.equal((await browser.go('POST', '/admin/site', { body: new URLSearchParams({ csrf, name: 'Other', motto: 'Other', signup: 'open', contact: 'other.example', rules: 'Other' }) })).status, 303);
    return page('/', said);
  }]) {
    const html = await look();
    assert.match(html, /<title>Said &lt;once&gt;/);
    assert.match(html, /By the option/);
    assert.ok((await page('/about', said)).includes('<a href="mailto:me@pics.example">'));
    assert.match(await page('/rules', said), /No <em>shouting<\/em>/);
    assert.equal((await ask(said, 'GET', '/join')).status, 403);
  }
  const form = (await browser.get('/admin/site')).text;
  for (const option of ['--site-name', '--motto', '--signup', '--contact', '--rules']) assert.match(form, new RegExp(`<code>${option}</code>[^<]*at the start, which wins`), option);
  assert.doesNotMatch(form, /name="(name|motto|signup|contact|rules)"/);
});

test('an option that cannot be ends the start, in words', () => {
  for (const [options, reason] of [[['--site-name', 'x'.repeat(41)], /--site-name: The name is too long/], [['--contact', 'javascript:alert(1)'], /--contact: The contact is an e-mail/], [['--rules', '/nowhere'], /--rules \/nowhere cannot be read/]]) {
    const { status, stderr } = spawnSync(executable, ['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', ...options], { encoding: 'utf8', timeout: 20000 });
    assert.equal(status, 1, stderr);
    assert.match(stderr, reason);
  }
});

test('only administrators', async () => {
  const user = piclog.addUser('somebody');
  assert.equal((await ask(piclog, 'GET', '/admin/site', { headers: bearer(user) })).status, 403);
  assert.equal((await ask(piclog, 'POST', '/admin/site', { headers: bearer(user), body: { name: 'mine' } })).status, 403);
  assert.doesNotMatch(await page('/'), /mine/);
});
