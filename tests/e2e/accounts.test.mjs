// Coming, staying and going: join, recovery, sessions, tokens, closing the account.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Browser, ask, bearer, executable, start } from './piclog.mjs';

let open, invited;
before(async () => {
  open = await start(['--signup', 'open']);
  invited = await start(['--signup', 'invite']);
});
after(async () => {
  await open.remove();
  await invited.remove();
});

const codesIn = (text) => [...new Set(text.match(/\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b/g) ?? [])];

async function join(piclog, name, path = '/join', password = 'a password of my own') {
  const browser = new Browser(piclog);
  const answer = await browser.submit(path, { name, password, password_again: password });
  return { browser, answer, name, password, codes: codesIn(answer.text) };
}

test('join openly: signed in at once, recovery codes shown once', async () => {
  const { browser, answer, codes } = await join(open, 'Dora');
  assert.ok([200, 201].includes(answer.status), answer.text);
  assert.equal(codes.length, 8);
  assert.match(answer.headers['cache-control'], /no-store/);
  assert.equal((await browser.get('/settings')).status, 200);
  assert.equal((await ask(open, 'GET', '/~dora')).status, 200);
});
test('what cannot be a name or a password is refused in words', async () => {
  for (const [name, password] of [['', 'long enough'], ['a b', 'long enough'], ['x'.repeat(21), 'long enough'], ['../x', 'long enough'], ['ümlaut', 'long enough'], ['emil', 'short'], ['emil', 'x'.repeat(2000)]]) {
    const browser = new Browser(open);
    const answer = await browser.submit('/join', { name, password, password_again: password });
    assert.ok(answer.status >= 400 && answer.status < 500, `${name}: ${answer.status}`);
  }
  await join(open, 'taken-name');
  const again = await join(open, 'TAKEN-name', '/join', 'another password');
  assert.ok([409, 422].includes(again.answer.status), again.answer.text);
});
test('by invite: not without, not with a made-up one, once with a real one', async () => {
  assert.ok((await join(invited, 'eve').catch(() => ({ answer: { status: 403 } }))).answer.status >= 400);
  const link = invited.run(['invite']);
  const path = new URL(/https?:\/\/\S+/.exec(link)[0]).pathname;
  assert.match(path, /^\/join\/[\w-]+$/);
  const first = await join(invited, 'fred', path);
  assert.ok([200, 201].includes(first.answer.status), first.answer.text);
  const page = await ask(invited, 'GET', path);
  assert.doesNotMatch(page.text, /name="password"/);
});
test('a place that nobody runs yet says where its first link is, to anybody, and gives it to nobody', async () => {
  for (const signup of ['invite', 'closed']) {
    const fresh = await start(['--signup', signup]);
    try {
      for (const path of ['/join', '/join/too-old']) {
        const page = await ask(fresh, 'GET', path);
        assert.equal(page.status, 403);
        assert.match(page.text, /Nobody runs it yet/);
        assert.match(page.text, /<code>piclog invite --admin<\/code>/);
        assert.doesNotMatch(page.text, /name="password"|\/join\/[\w-]{43}/);
      }
      // what the page names works, and then the place is somebody's
      const { pathname } = new URL(/https?:\/\/\S+/.exec(fresh.run(['invite', '--admin']))[0]);
      const owner = await join(fresh, 'owner', pathname);
      assert.equal(owner.answer.status, 200, owner.answer.text);
      assert.equal((await owner.browser.get('/admin/site')).status, 200);
      const closed = await ask(fresh, 'GET', '/join');
      assert.equal(closed.status, 403);
      assert.doesNotMatch(closed.text, /Nobody runs it yet/);
    } finally {
      await fresh.remove();
    }
  }
});
test('a place that takes in everybody says so too: whoever joins there does not run it', async () => {
  assert.match((await ask(open, 'GET', '/join')).text, /name="password"[^]*Nobody runs it yet/);
});
test('joining twice by a double click is joining once, and every answer shows the codes that work', async () => {
  const link = invited.run(['invite']);
  for (const [piclog, name, path] of [[open, 'dieter', '/join'], [invited, 'doris', new URL(/https?:\/\/\S+/.exec(link)[0]).pathname]]) {
    const password = 'a password of my own', browser = new Browser(piclog);
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec((await browser.get(path)).text)[1];
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.go('POST', path, { body: new URLSearchParams({ csrf, name, password }) })));
    for (const answer of answers) assert.equal(answer.status, 200, answer.text);
    const shown = new Set(answers.map(({ text }) => codesIn(text).join(' ')));
    assert.equal(shown.size, 1);
    assert.equal((await browser.get('/settings.json')).json.codes_left, 8);
    const recover = await new Browser(piclog).submit('/recover', { name, password, code: [...shown][0].split(' ')[3] });
    assert.equal(recover.status, 303);
  }
});

test('a lost password: a recovery code sets a new one, once', async () => {
  const { name, codes, password } = await join(open, 'gina');
  const recover = (code, fresh) => new Browser(open).submit('/recover', { name, code, password: fresh, new_password: fresh, password_again: fresh });
  assert.ok((await recover('aaaa-bbbb-cccc-dddd', 'another password')).status >= 400);
  const done = await recover(codes[0], 'another password');
  assert.ok([200, 303].includes(done.status), done.text);
  await new Browser(open).logIn({ name, password: 'another password' });
  await assert.rejects(new Browser(open).logIn({ name, password }));
  assert.ok((await recover(codes[0], 'a third password')).status >= 400, 'a code works once');
});
test('tokens are made, shown once, work, and end when revoked', async () => {
  const { browser } = await join(open, 'hugo');
  const made = await browser.submit('/settings/tokens', { label: 'my phone', password: 'a password of my own' }, { page: '/settings' });
  const token = /(?<![\w-])[\w-]{43}(?![\w-])/.exec(made.text)?.[0];
  assert.ok(token, made.text);
  assert.equal((await ask(open, 'GET', '/api/me', { headers: bearer({ token }) })).status, 200);
  const settings = (await browser.get('/settings/tokens')).text;
  assert.ok(!settings.includes(token));
  assert.match(settings, /my phone/);
  const revoke = /\/settings\/tokens\/\d+\/revoke/.exec(settings)[0];
  assert.equal((await browser.submit(revoke, {}, { page: '/settings' })).status, 303);
  assert.equal((await ask(open, 'GET', '/api/me', { headers: bearer({ token }) })).status, 401);
});
test('sessions are listed and can be ended one by one', async () => {
  const person = await join(open, 'ida');
  const phone = await new Browser(open, { 'user-agent': 'phone of ida' }).logIn(person);
  const settings = (await person.browser.get('/settings/password')).text;
  assert.match(settings, /phone of ida/);
  const path = /phone of ida(?:(?!<\/li>)[^])*"(\/settings\/sessions\/\d+\/revoke)"/.exec(settings)[1];
  assert.equal((await person.browser.submit(path, {}, { page: '/settings' })).status, 303);
  assert.equal((await person.browser.get('/settings')).status, 200);
  assert.equal((await phone.get('/settings')).status, 303);
});
test('a new password ends the other sessions', async () => {
  const person = await join(open, 'jan');
  const other = await new Browser(open).logIn(person);
  const changed = await person.browser.submit('/settings/password', { password: person.password, old_password: person.password, current_password: person.password, new_password: 'quite another one', password_again: 'quite another one' }, { page: '/settings' });
  assert.equal(changed.status, 303, changed.text);
  assert.equal((await other.get('/settings')).status, 303);
  assert.equal((await person.browser.get('/settings')).status, 200);
  await new Browser(open).logIn({ name: 'jan', password: 'quite another one' });
});
test('what changes how one gets in asks for the password again, right session or not', async () => {
  const { browser, codes, name, password } = await join(open, 'nora');
  const post = (path, fields) => browser.submit(path, fields, { page: '/settings' });
  for (const fields of [{}, { password: '' }, { password: 'not hers at all' }]) {
    for (const [path, more] of [['/settings/codes', {}], ['/settings/tokens', { label: 'all' }], ['/settings/tokens', { label: 'all', may_post: '1', may_all: '1' }], ['/settings/password', { new_password: 'somebody else’s' }], ['/settings/close', {}]]) {
      const refused = await post(path, { ...more, ...fields, old_password: fields.password ?? '' });
      assert.equal(refused.status, 422, path);
      assert.match(refused.text, /password/);
      assert.equal(codesIn(refused.text).length, 0);
      assert.doesNotMatch(refused.text, /shown only now/);
    }
  }
  const user = { token: /<code>([\w-]{43})</.exec((await post('/settings/tokens', { label: 'all', password })).text)[1] };
  for (const path of ['/settings/codes', '/settings/tokens', '/settings/close']) assert.equal((await ask(open, 'POST', path, { headers: bearer(user), body: new URLSearchParams() })).status, 422, `${path} with a token`);
  assert.equal((await post('/settings/tokens', { label: 'posts', may_post: '1' })).status, 200, 'a token that may less needs no password');
  const fresh = codesIn((await post('/settings/codes', { password })).text);
  assert.equal(fresh.length, 8);
  assert.ok((await new Browser(open).submit('/recover', { name, code: codes[0], password: 'another one' })).status >= 400, 'the old codes are worth nothing');
});
test('a new password and a recovery end every token, and the pages say so', async () => {
  const { browser, codes, name, password } = await join(open, 'olga');
  const tokens = async (typed) => Promise.all([{ password: typed }, { may_post: '1' }].map(async (fields) => ({ token: /<code>([\w-]{43})</.exec((await browser.submit('/settings/tokens', { label: 'x', ...fields }, { page: '/settings' })).text)[1] })));
  const alive = async (all) => Promise.all(all.map(async (user) => (await ask(open, 'GET', '/api/me', { headers: bearer(user) })).status));
  const first = await tokens(password);
  assert.deepEqual(await alive(first), [200, 200]);
  assert.match((await browser.get('/settings/password')).text, /ends every <a href="\/settings\/tokens">token/);
  assert.equal((await browser.submit('/settings/password', { old_password: password, new_password: 'quite another one' }, { page: '/settings' })).status, 303);
  assert.match((await browser.get('/settings')).text, /every token ended/);
  assert.deepEqual(await alive(first), [401, 401]);
  const second = await tokens('quite another one');
  assert.deepEqual(await alive(second), [200, 200]);
  assert.match((await new Browser(open).get('/recover')).text, /every token ends/);
  assert.equal((await new Browser(open).submit('/recover', { name, code: codes[0], password: 'a third password' })).status, 303);
  assert.deepEqual(await alive(second), [401, 401]);
});
test('an account that is closed is gone, with all it posted', async () => {
  const person = await join(open, 'karl');
  await person.browser.submit('/status', { content: 'the last words of karl' });
  assert.match((await ask(open, 'GET', '/statuses')).text, /last words of karl/);
  const wrong = await person.browser.submit('/settings/close', { password: 'not mine', name: 'karl' }, { page: '/settings' });
  assert.ok(wrong.status >= 400, 'closing needs the password');
  const closed = await person.browser.submit('/settings/close', { password: person.password, name: 'karl', confirm: '1' }, { page: '/settings' });
  assert.equal(closed.status, 303, closed.text);
  assert.equal((await ask(open, 'GET', '/~karl')).status, 404);
  assert.doesNotMatch((await ask(open, 'GET', '/statuses')).text, /last words of karl/);
  assert.equal((await person.browser.get('/settings')).status, 303);
});
test('names of the place, of its addresses, and look-alikes are not for strangers; what is said tells no more than it has to', async () => {
  for (const name of ['admin', 'root', 'support', 'moderator', 'piclog', 'Settings', 'friends', 'oauth', 'adm1n', 'ad-min', '-', '___']) {
    const { answer } = await join(open, name);
    assert.equal(answer.status, 422, name);
    assert.match(answer.text, /kept for the place itself|at least one letter or digit/, name);
    assert.match(answer.text, /name="password"/, 'the form is there again');
  }
  assert.equal((await join(open, 'alice')).answer.status, 200);
  for (const name of ['a1ice', 'a-lice', 'A1ICE_']) {
    const { answer } = await join(open, name);
    assert.equal(answer.status, 409, name);
    assert.match(answer.text, /looks like it/);
    assert.doesNotMatch(answer.text, /\balice\b/);
  }
  const named = await start(['--signup', 'open', '--site-name', 'Büro Nord']);
  try {
    for (const name of ['buronord', 'buro-nord', 'bur0n0rd']) assert.equal((await join(named, name)).answer.status, 422, name);
    assert.equal((await join(named, 'buro')).answer.status, 200);
  } finally {
    await named.remove();
  }
});
test('two that look alike and come at once: one is taken', async () => {
  const answers = await Promise.all(['twin-0ne', 'twinone', 'tw1none', 'tvvinone'].map((name) => join(open, name)));
  assert.deepEqual(answers.map(({ answer }) => answer.status).sort(), [200, 409, 409, 409]);
});
test('a closed account’s name rests, as long as administrators say; the shell may give it away', async () => {
  const gone = await join(open, 'willa');
  assert.match((await gone.browser.get('/settings/leave')).text, /nobody can take your name for 365 days/);
  assert.equal((await gone.browser.submit('/settings/close', { password: gone.password }, { page: '/settings' })).status, 303);
  const [same, alike] = [(await join(open, 'willa')).answer, (await join(open, 'w1lla')).answer];
  for (const answer of [same, alike]) assert.equal(answer.status, 409);
  const said = ({ text }) => /<p class="wrong" role="alert">.*/.exec(text)[0];
  assert.equal(said(same), said(alike), 'nobody learns who left');
  const add = (...args) => spawnSync(executable, ['user', 'add', ...args, '--data', open.data], { input: 'long enough\n', encoding: 'utf8' });
  for (const name of ['willa', 'support', 'al1ce']) {
    const refused = add(name);
    assert.equal(refused.status, 1, name);
    assert.match(refused.stderr, /--force takes a name/);
    assert.equal(add(name, '--force').status, 0, name);
  }
  assert.doesNotMatch(add('alice', '--force').stderr, /--force takes/, 'somebody has that very name');
  const boss = await new Browser(open).logIn(open.addUser('boss', undefined, '--admin'));
  const set = (days) => boss.submit('/admin/settings', { new_accounts: 'free', new_quota_kb: '500', name_rest_days: days });
  for (const bad of ['-1', 'x', '36501']) assert.equal((await set(bad)).status, 422);
  assert.equal((await set('0')).status, 303);
  assert.match((await boss.get('/admin/settings')).text, /name="name_rest_days" value="0"/);
  const brief = await join(open, 'xaver');
  assert.doesNotMatch((await brief.browser.get('/settings')).text, /take your name/);
  assert.equal((await brief.browser.submit('/settings/close', { password: brief.password }, { page: '/settings' })).status, 303);
  assert.equal((await join(open, 'xaver')).answer.status, 200);
  assert.equal((await set('')).status, 303);
});
test('a disabled account is out at once, token and session', async () => {
  const user = open.addUser('lena');
  const browser = await new Browser(open).logIn(user);
  open.run(['user', 'disable', 'lena']);
  assert.equal((await browser.get('/settings')).status, 303);
  assert.equal((await ask(open, 'GET', '/api/me', { headers: bearer(user) })).status, 401);
  await assert.rejects(new Browser(open).logIn(user));
});
test('signed-in pages never enter a shared cache', async () => {
  const { browser } = await join(open, 'mia');
  for (const path of ['/', '/settings', '/status', '/~mia']) {
    const control = (await browser.get(path)).headers['cache-control'];
    assert.match(control, /private|no-store/, `${path}: ${control}`);
  }
});
