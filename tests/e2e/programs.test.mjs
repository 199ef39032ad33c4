// Programs of the days of Twitter 1.0, as Debian has them, against a running piclog: unchanged, and asked what
// /help/programs says. Which addresses they ask:
//
//   bti 034, with host=ORIGIN/api/xml/statuses, and no key for OAuth
//     update            POST .../update.json (multipart: status, source, in_reply_to_status_id), and reads XML
//     friends           GET  .../home_timeline.json?page=1, and reads XML
//     replies           GET  .../replies.xml?page=1
//     user              GET  .../user_timeline.jsonNAME.xml?page=1, without name and token
//     direct, public    ask twitter.com or nobody, whatever host says: "d NAME" in an update is a message instead
//   twittering-mode 3.1 for Emacs, as a StatusNet client: reads JSON, posts to .xml with all of it in the query, searches
//                     api/search.json
//   Net::Twitter::Lite 0.12, with apiurl=ORIGIN/api: JSON at the addresses of the protocol
//
// Looked for and not run, each for its reason; what is missing here is counted as skipped.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, fixtures, start } from './piclog.mjs';

const missing = {
  ttytter: 'not in Debian 12', oysttyer: 'not in Debian 12', turpial: 'not in Debian 12', identicurse: 'not in Debian 12', gwibber: 'not in Debian 12',
  twidge: 'not in Debian 12', hotot: 'not in Debian 12', choqok: 'needs a desktop', mikutter: 'speaks OAuth 1 alone', 'python3-twitter': 'speaks OAuth 1 alone',
  'python3-tweepy': 'speaks OAuth 1 alone', 'libtwitter-api-perl': 'speaks OAuth 1 alone', 'ruby-twitter': 'speaks OAuth 1 alone',
};
for (const [name, why] of Object.entries(missing)) test(name, { skip: why }, () => {});

const has = (...command) => spawnSync(command[0], command.slice(1)).status === 0;
const run = (home, file, args, input = '') => new Promise((done) => {
  const child = execFile(file, args, { env: { ...process.env, HOME: home, no_proxy: '*', http_proxy: '' }, timeout: 60000 }, (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }));
  child.stdin.end(input);
});

let piclog, ann, bob, home;
before(async () => {
  piclog = await start(['--log-requests', 'on']);
  [ann, bob] = ['ann', 'bob'].map((name) => piclog.person(name));
  home = mkdtempSync(join(tmpdir(), 'piclog-programs-'));
});
after(async () => {
  rmSync(home, { recursive: true, force: true });
  await piclog.remove();
});
const api = async (user, method, path, body) => (await ask(piclog, method, `/api/${path}`, { headers: { authorization: `Basic ${Buffer.from(`${user.name}:${user.token}`).toString('base64')}` }, body: body && new URLSearchParams(body) })).json;

// What /help/programs says to type, and the same for ann.
const helpBlocks = async () => [...(await ask(piclog, 'GET', '/help/programs')).text.matchAll(/<pre class="code">([^]*?)<\/pre>/g)]
  .map(([, text]) => text.replace(/&gt;/g, '>').replace(/&lt;/g, '<').replace(/&quot;/g, '"').replace(/&#39;|&#x27;/g, "'").replace(/&amp;/g, '&'));
const fill = (text) => text.replaceAll('SOMEBODY', 'bob').replaceAll('NAME', 'ann').replaceAll('TOKEN', ann.token).replaceAll('"HOST"', `"${piclog.origin.slice(7)}"`)
  .replaceAll('cat.jpg', join(fixtures, 'pictures/canyon-wren.jpg'));

test('bti', { skip: has('bti', '--version') ? false : 'bti is not installed' }, async (t) => {
  writeFileSync(join(home, '.bti'), `account=ann\npassword=${ann.token}\nhost=${piclog.origin}/api/xml/statuses\n`, { mode: 0o600 });
  const bti = (args, input) => run(home, 'bti', args, input);
  const shown = (text) => text.split('\n').filter((line) => line.startsWith('['));
  const listed = async (...args) => {
    const { stdout, stderr } = await bti(args);
    assert.match(stderr, /unexpected document type/); // what it says behind every list of an own host
    return shown(stdout);
  };
  await t.test('posts, and says nothing', async () => {
    assert.deepEqual(await bti([], 'hello <from> bti & friends\n'), { code: 0, stdout: '', stderr: '' });
    assert.equal((await api(ann, 'GET', 'statuses/user_timeline/ann.json'))[0].text, 'hello <from> bti & friends');
  });
  await t.test('reads: friends, with numbers and times', async () => {
    await bob.call('POST', '/api/statuses', { content: 'bob is here too' });
    await ann.call('POST', '/api/follows', { name: 'bob' });
    const lines = await listed('--action', 'friends', '--verbose');
    assert.match(lines[0], /^\[ *bob\] \{\d+\} \([A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d\) bob is here too$/);
    assert.match(lines[1], /hello <from> bti & friends$/);
    assert.deepEqual(await listed('--action', 'friends', '--page', '2'), []);
  });
  await t.test('answers, and sees what answers', async () => {
    const [line] = await listed('--action', 'friends', '--verbose');
    const [, id] = /\{(\d+)\}/.exec(line);
    assert.equal((await bti(['--replyto', id], '@bob good to see you\n')).code, 0);
    const [said] = await api(ann, 'GET', 'statuses/user_timeline/ann.json');
    assert.deepEqual([said.text, said.in_reply_to_status_id_str, said.in_reply_to_screen_name], ['@bob good to see you', id, 'bob']);
    await api(bob, 'POST', 'statuses/update.json', { status: '@ann likewise', in_reply_to_status_id: said.id_str });
    assert.match((await listed('--action', 'replies'))[0], /\[ *bob\] @ann likewise$/);
  });
  await t.test('reads somebody', async () => {
    assert.deepEqual((await listed('--action', 'user', '--user', 'bob')).map((line) => line.replace(/^\[ *bob\] /, '')), ['@ann likewise', 'bob is here too']);
  });
  await t.test('a message, by an update', async () => {
    await bob.call('POST', '/api/follows', { name: 'ann' });
    assert.equal((await bti([], 'd bob psst\n')).code, 0);
    assert.deepEqual((await api(bob, 'GET', 'direct_messages.json')).map(({ text }) => text), ['psst']);
    assert.ok(!(await api(ann, 'GET', 'statuses/user_timeline/ann.json')).some(({ text }) => /psst/.test(text)));
  });
  await t.test('what is wrong ends it with an error', async () => {
    assert.notEqual((await bti(['--password', 'wrong'], 'never\n')).code, 0);
    assert.notEqual((await bti([], `${'long '.repeat(40)}\n`)).code, 0);
    assert.ok(!(await api(ann, 'GET', 'statuses/user_timeline/ann.json')).some(({ text }) => /never|long/.test(text)));
  });
  await t.test('asks what stands above', async () => {
    await new Promise((done) => setTimeout(done, 1500));
    const log = piclog.log.join('\n');
    for (const route of ['update', 'home_timeline', 'replies', 'user_timeline.json:name']) assert.ok(log.includes(`"/api/xml/statuses/${route}","status":200`), route);
    assert.ok(!log.includes(ann.token));
  });
});

test('Net::Twitter::Lite', { skip: has('perl', '-MNet::Twitter::Lite', '-e', '1') ? false : 'libnet-twitter-lite-perl is not installed' }, async () => {
  const script = join(home, 'round.pl');
  writeFileSync(script, `
use strict; use warnings; use utf8; use Net::Twitter::Lite; use JSON::PP;
binmode STDOUT, ':utf8';
my ($url, $name, $token, $picture) = @ARGV;
my $it = Net::Twitter::Lite->new(legacy_lists_api => 0, apiurl => $url, upload_url => $url, username => $name, password => $token);
my %seen;
$seen{me} = $it->verify_credentials->{screen_name};
my $said = $it->update('grüße from Perl');
$seen{said} = $said->{text};
$seen{again} = $it->show_status($said->{id_str})->{text};
$seen{home} = $it->home_timeline({count => 1})->[0]{text};
$seen{picture} = $it->update_with_media('a picture', [$picture])->{attachments}[0]{mimetype};
$seen{mine} = scalar @{ $it->user_timeline({id => $name, count => 2}) };
my $other = $it->user_timeline({id => 'bob', count => 1})->[0];
$seen{kept} = $it->create_favorite($other->{id_str})->{favorited} ? 1 : 0;
$seen{favorites} = $it->favorites->[0]{text};
$it->destroy_favorite($other->{id_str});
$seen{left} = scalar @{ $it->favorites };
$it->destroy_friend('bob');
$seen{apart} = $it->friendship_exists('ann', 'bob') ? 1 : 0;
$it->create_friend('bob');
$seen{friends} = $it->friends->[0]{screen_name};
$seen{message} = $it->new_direct_message('bob', 'from Perl')->{text};
$seen{sent} = $it->sent_direct_messages->[0]{text};
$seen{bob} = $it->show_user('bob')->{statuses_count};
$seen{limit} = $it->rate_limit_status->{remaining_hits} > 0 ? 1 : 0;
$it->destroy_status($said->{id_str});
eval { $it->show_status($said->{id_str}) };
$seen{gone} = $@->code;
$seen{words} = $@->error;
print JSON::PP->new->canonical->encode(\\%seen);
`);
  await bob.call('POST', '/api/statuses', { content: 'for Perl to keep' });
  await bob.call('POST', '/api/follows', { name: 'ann' });
  await ann.call('POST', '/api/follows', { name: 'bob' });
  const { code, stdout, stderr } = await run(home, 'perl', [script, `${piclog.origin}/api`, 'ann', ann.token, join(fixtures, 'pictures/canyon-wren.jpg')]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    me: 'ann', said: 'grüße from Perl', again: 'grüße from Perl', home: 'grüße from Perl', picture: 'image/jpeg', mine: 2, kept: 1, favorites: 'for Perl to keep', left: 0,
    apart: 0, friends: 'bob', message: 'from Perl', sent: 'from Perl', bob: 0, limit: 1, gone: '404', words: 'There is no such post. It may have been deleted; deleting really deletes.',
  });
});

// As its user would set it up; process-connection-type is for curl, which makes header names bold on a terminal
// (findings/twittering-mode-curl.sh). Its own functions are called as its keys call them, and its buffers are read.
const hasEmacs = has('emacs', '-Q', '--batch', '-L', '/usr/share/emacs/site-lisp/twittering-mode', '-l', 'twittering-mode');
test('twittering-mode', { skip: hasEmacs ? false : 'twittering-mode is not installed' }, async () => {
  const script = join(home, 'round.el');
  const blocks = await helpBlocks();
  writeFileSync(script, `
${fill(blocks.find((block) => block.startsWith("(require 'twittering-mode)")))}
(setq twittering-use-ssl nil twittering-timer-interval 100000)
(defun settle (process)
  (let ((end (+ (float-time) 20)))
    (while (and (processp process) (process-live-p process) (< (float-time) end)) (accept-process-output process 0.1)))
  (sleep-for 0.3))
(defun call (command &rest arguments) (settle (twittering-call-api command arguments)))
(defun text-of (spec) (with-current-buffer (twittering-get-buffer-from-spec-string spec) (buffer-substring-no-properties (point-min) (point-max))))
(defun show (spec expected)
  (twittering-visit-timeline spec)
  (let ((end (+ (float-time) 20)))
    (while (and (< (float-time) end) (not (string-match (regexp-quote expected) (text-of spec))))
      (accept-process-output nil 0.5)
      (unless (string-match (regexp-quote expected) (text-of spec)) (with-current-buffer (twittering-get-buffer-from-spec-string spec) (twittering-current-timeline)))
      (sleep-for 0.5)))
  (princ (format "== %s\\n%s\\n" spec (text-of spec))))
(setq id (getenv "PICLOG_ID"))
(twit)
(call 'update-status '(status . "hello from Emacs & <friends>"))
(call 'update-status '(status . "@bob that is well said") (cons 'in-reply-to-status-id id))
(call 'create-favorites (cons 'id id))
(call 'destroy-friendships '(username . "bob"))
(call 'create-friendships '(username . "bob"))
(call 'send-direct-message '(username . "bob") '(status . "from Emacs"))
(show ":home" "that is well said")
(show ":replies" "hello Emacs")
(show "bob" "gnu-ish")
(show ":direct_messages" "from bob")
(show ":favorites" "gnu-ish")
(show ":search/gnu-ish/" "a gnu-ish word")
`);
  const said = await api(bob, 'POST', 'statuses/update.json', { status: 'a gnu-ish word' });
  await bob.call('POST', '/api/follows', { name: 'ann' });
  await ann.call('POST', '/api/follows', { name: 'bob' });
  await api(bob, 'POST', 'statuses/update.json', { status: '@ann hello Emacs' });
  await api(bob, 'POST', 'direct_messages/new.json', { user: 'ann', text: 'from bob' });
  process.env.PICLOG_ID = said.id_str;
  const { code, stdout, stderr } = await run(home, 'emacs', ['-Q', '--batch', '-L', '/usr/share/emacs/site-lisp/twittering-mode', '-l', script]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Authorization for the account "ann" succeeded/);
  const shown = Object.fromEntries(stdout.split('== ').slice(1).map((part) => [part.slice(0, part.indexOf('\n')), part]));
  assert.match(shown[':home'], /ann, [^]*?hello from Emacs & <friends>/);
  assert.match(shown[':home'], /bob, [^]*?a gnu-ish word/);
  assert.match(shown[':replies'], /bob, [^]*?@ann hello Emacs/);
  assert.match(shown.bob, /a gnu-ish word/);
  assert.match(shown[':direct_messages'], /from bob/);
  assert.match(shown[':favorites'], /a gnu-ish word/);
  assert.match(shown[':search/gnu-ish/'], /a gnu-ish word/);
  const mine = await api(ann, 'GET', 'statuses/user_timeline/ann.json');
  assert.deepEqual([mine[0].text, mine[0].in_reply_to_status_id_str, mine[1].text], ['@bob that is well said', said.id_str, 'hello from Emacs & <friends>']);
  assert.deepEqual((await api(ann, 'GET', 'favorites.json')).map(({ text }) => text), ['a gnu-ish word']);
  assert.equal((await api(bob, 'GET', 'direct_messages.json'))[0].text, 'from Emacs');
  assert.equal(await api(ann, 'GET', 'friendships/exists.json?user_a=ann&user_b=bob'), true);
});

// As they stand there; those for Emacs are above.
test('the lines of /help/programs', async () => {
  const blocks = await helpBlocks();
  assert.match(blocks[0], new RegExp(`^${piclog.origin}/api$`));
  await bob.call('POST', '/api/follows', { name: 'ann' });
  let tried = 0;
  for (const block of blocks) {
    if (/^perl /.test(block) && has('perl', '-MNet::Twitter::Lite', '-e', '1')) {
      const { code, stdout, stderr } = await run(home, 'sh', ['-c', fill(block)]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /ann: hello from Perl/);
      tried++;
    }
    if (/^account=/.test(block)) writeFileSync(join(home, '.bti'), fill(block), { mode: 0o600 });
    for (const line of block.split('\n')) {
      if (/\bbti\b/.test(line) && has('bti', '--version')) {
        const [newest] = await api(bob, 'GET', 'statuses/public_timeline.json');
        const { stderr } = await run(home, 'sh', ['-c', line.replaceAll('ID', newest.id_str).replaceAll('NAME', 'bob')]);
        assert.match(stderr, /action/.test(line) ? /^unexpected document type\n/ : /^$/, line);
        tried++;
      }
      if (/^curl /.test(line)) {
        const { code, stdout, stderr } = await run(home, 'sh', ['-c', fill(line).replace('curl', 'curl -fsS')]);
        assert.equal(code, 0, `${line}: ${stderr} ${stdout}`);
        assert.ok(stdout.length > 0);
        tried++;
      }
      if (/^http.*(query\.cgi|internet)/.test(line)) {
        const answer = await ask(piclog, 'GET', fill(line).slice(piclog.origin.length));
        assert.equal(answer.status, 200, line);
        tried++;
      }
    }
  }
  assert.ok(tried >= 10, `${tried} lines`);
  const posts = await api(ann, 'GET', 'statuses/user_timeline/ann.json?count=50');
  for (const words of ['hello', '🐢 slowly', 'my cat']) assert.ok(posts.some(({ text }) => text.includes(words.replace('🐢 ', ''))), words);
});
