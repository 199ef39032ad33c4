// Debian's toot, a client of Mastodon's protocol for the terminal, unchanged, with a home of its own: logs in by the code to
// copy, posts a picture with its alt text, looks at it, keeps it, answers, searches, deletes. It talks to a piclog by http.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, ask, bearer, fixtures, start } from './piclog.mjs';

const missing = spawnSync('toot', ['--version'], { env: { ...process.env, XDG_CONFIG_HOME: tmpdir() } }).error ? 'toot is not installed: tools/setup test' : false;
const home = mkdtempSync(join(tmpdir(), 'piclog-toot-'));
const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, BROWSER: 'true', PYTHONIOENCODING: 'utf-8', COLUMNS: '100' };
let piclog, ann, bob, browser;
before(async () => {
  piclog = await start();
  ann = piclog.addUser('ann');
  bob = piclog.addUser('bob');
  browser = await new Browser(piclog).logIn(ann);
});
after(async () => {
  rmSync(home, { recursive: true, force: true });
  await piclog.remove();
});

const toot = (...args) => execFileSync('toot', [args[0], '--no-color', ...args.slice(1)], { env, encoding: 'utf8', timeout: 60000, stdio: ['ignore', 'pipe', 'pipe'] });
const wrong = (...args) => {
  const { status, stdout, stderr } = spawnSync('toot', [args[0], '--no-color', ...args.slice(1)], { env, encoding: 'utf8', timeout: 60000, stdio: ['ignore', 'pipe', 'pipe'] });
  assert.notEqual(status, 0, stdout);
  return stdout + stderr;
};
const newest = async () => (await ask(piclog, 'GET', '/api/v1/timelines/public', { headers: bearer(ann) })).json[0];

test('logs in by the code to copy', { skip: missing }, async () => {
  const child = spawn('toot', ['login', '--no-color', '--disable-https', '-i', `127.0.0.1:${piclog.port}`], { env });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const over = new Promise((done) => child.on('exit', done));
  const asks = async (what) => {
    for (let i = 0; i < 600 && !what.test(said) && child.exitCode === null; i++) await new Promise((done) => setTimeout(done, 100));
    assert.match(said, what);
  };
  await asks(/http:\/\/\S+\/oauth\/authorize\/\?\S+/);
  const url = new URL(/http:\/\/\S+\/oauth\/authorize\/\?\S+/.exec(said)[0]);
  const page = await browser.get(url.pathname + url.search);
  assert.match(page.text, /Let toot/);
  const fields = new URLSearchParams({ allow: '1' });
  for (const [, name, value] of page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)) fields.set(name, value);
  const [, code] = /<code id="code">([\w-]+)<\/code>/.exec((await browser.go('POST', '/oauth/allow', { body: fields })).text);
  child.stdin.write('n\n');
  await asks(/Authorization code/);
  child.stdin.end(`${code}\n`);
  assert.equal(await over, 0, said);
  assert.match(toot('auth'), /ann@127\.0\.0\.1/);
  assert.match(toot('whoami'), /@ann/);
  assert.match(toot('instance', '--disable-https'), /piclog/);
});

test('posts a picture with an alt text, and sees it', { skip: missing }, async () => {
  toot('post', '-m', join(fixtures, 'pictures/cat.jpg'), '-d', 'A cat on a chair', 'Head of Chair #cats');
  const post = await newest();
  const [media] = post.media_attachments;
  assert.equal(media.description, 'A cat on a chair');
  assert.match(media.blurhash, /^L.{27}$/);
  assert.match(post.content, /Head of Chair <a [^>]*>#cats<\/a>/);
  assert.ok((await ask(piclog, 'GET', new URL(media.url).pathname)).data.length <= 12000);
  assert.match(toot('timeline', '--once'), /Head of Chair #cats/);
  assert.match(toot('timeline', '--once', '--public'), /Head of Chair/);
  assert.match(toot('timeline', '--once', '--tag', 'cats'), /Head of Chair/);
  assert.match(toot('thread', post.id), /Head of Chair/);
  assert.match(toot('search', 'chair'), /./);
});

test('answers, keeps, follows, reads its notices', { skip: missing }, async () => {
  const first = await ask(piclog, 'POST', '/api/statuses', { headers: bearer(bob), body: { content: 'anybody here, @ann?' } });
  assert.equal(first.status, 201);
  const said = await newest();
  assert.match(toot('notifications'), /bob.*mentioned you/);
  toot('post', '-r', said.id, '@bob always');
  const thread = (await ask(piclog, 'GET', `/api/v1/statuses/${said.id}/context`, { headers: bearer(ann) })).json;
  assert.equal(thread.descendants.length, 1);
  assert.equal(thread.descendants[0].in_reply_to_id, said.id);
  toot('favourite', said.id);
  assert.match(toot('bookmarks', '--once'), /anybody here/);
  toot('unfavourite', said.id);
  assert.doesNotMatch(toot('bookmarks', '--once'), /anybody here/);
  toot('follow', 'bob');
  assert.match(toot('timeline', '--once'), /anybody here/);
  assert.match(toot('following', 'ann'), /bob/);
  toot('unfollow', 'bob');
  assert.match(toot('whois', 'bob'), /@bob/);
});

test('what cannot be honoured is refused, and nothing is posted', { skip: missing }, async () => {
  const before = (await newest()).id;
  for (const args of [['-v', 'private', 'for few'], ['-v', 'unlisted', 'for some'], ['-v', 'direct', '@bob for you'], ['-p', 'beware', 'of the dog'], ['--scheduled-in', '1 day', 'tomorrow'], ['-m', join(fixtures, 'pictures/cat.jpg'), '-m', join(fixtures, 'pictures/paws.jpg'), 'two']])
    assert.match(wrong('post', ...args), /nothing was posted/, args.join(' '));
  assert.equal((await newest()).id, before);
});

test('deletes', { skip: missing }, async () => {
  toot('post', 'soon gone');
  const post = await newest();
  assert.match(post.content, /soon gone/);
  assert.match(toot('delete', post.id), /deleted/i);
  assert.equal((await ask(piclog, 'GET', `/api/v1/statuses/${post.id}`)).status, 404);
  const { id } = (await ask(piclog, 'GET', '/api/v1/timelines/public?only_media=true')).json[0];
  toot('delete', id);
  assert.deepEqual((await ask(piclog, 'GET', '/api/v1/timelines/public?only_media=true')).json, []);
});
