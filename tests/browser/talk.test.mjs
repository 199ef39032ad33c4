// Two people at two browsers side by side: they talk, shake each other's window and see each other leave; on a phone, with
// less motion and without a script too.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bearer, ask, logIn, open } from './browser.mjs';

const site = await open(['--connections-per-address', '400']);
const { piclog } = site;
after(() => site.close());

let serial = 0;
// Two who follow each other and show when they are here, each signed in with a browser of their own.
async function pair(options = {}) {
  const users = [piclog.addUser(`ann${++serial}`), piclog.addUser(`bob${serial}`)];
  const call = async (user, method, path, body) => assert.ok((await ask(piclog, method, path, { headers: bearer(user), body })).status < 300);
  for (const [i, user] of users.entries()) {
    await call(user, 'POST', '/api/follows', { name: users[1 - i].name });
    await call(user, 'PUT', '/api/me', { shows_presence: '1' });
  }
  const pages = [await logIn(site, users[0], options), await logIn(site, users[1], options)];
  return { users, pages, call };
}
const talkTo = (page, name) => page.goto(`/messages/${name}`);
const send = async (page, words) => {
  await page.getByLabel('Your words').fill(words);
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'GET' && /\/messages\//.test(answer.url()) && answer.request().isNavigationRequest()), page.getByRole('button', { name: 'Send' }).click()]);
};
const line = (page, words) => page.locator('article .status-content', { hasText: words });

// Whether main had the class, and how long; the animation that ran.
const watchNudges = (page) => page.evaluate(() => {
  self.nudges = [];
  const main = document.querySelector('main');
  new MutationObserver(() => {
    if (main.classList.contains('nudged')) self.nudges.push({ animation: getComputedStyle(main).animationName, outline: getComputedStyle(main).outlineStyle, at: performance.now() });
    else if (self.nudges.length) self.nudges.at(-1).until ??= performance.now();
  }).observe(main, { attributes: true, attributeFilter: ['class'] });
});
const nudged = async (page) => {
  await page.waitForFunction(() => self.nudges.length && self.nudges[0].until);
  return page.evaluate(() => self.nudges[0]);
};

for (const [how, options] of [['side by side', {}], ['on phones', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }]])
  test(`they talk, shake and see each other leave, ${how}`, async () => {
    const { users: [ann, bob], pages: [hers, his] } = await pair(options);
    await talkTo(hers, bob.name);
    await talkTo(his, ann.name);
    // talk: what one writes stands at the other's without a reload
    await his.evaluate(() => { self.same = true; });
    await send(hers, 'hello bob');
    await line(his, 'hello bob').waitFor();
    assert.equal(await his.evaluate(() => self.same), true, 'nothing was reloaded');
    await send(his, 'hello ann');
    await line(hers, 'hello ann').waitFor();
    assert.deepEqual(await hers.locator('article .status-content').allTextContents().then((all) => all.map((text) => text.trim())), ['hello ann', 'hello bob'], 'in the order of the page');
    // what is being typed stays
    await his.getByLabel('Your words').fill('half a sen');
    await send(hers, 'are you there?');
    await line(his, 'are you there?').waitFor();
    assert.equal(await his.getByLabel('Your words').inputValue(), 'half a sen');
    // who answers has read what came meanwhile
    await send(his, 'half a sentence');
    assert.equal(await his.locator('article mark').count(), 0);
    // shake
    await watchNudges(his);
    await watchNudges(hers);
    await hers.getByRole('button', { name: /Nudge/ }).click();
    const shaken = await nudged(his);
    assert.equal(shaken.animation, 'nudge');
    assert.ok(shaken.until - shaken.at >= 400, `${shaken.until - shaken.at} ms`);
    await his.locator('article', { hasText: 'nudged' }).waitFor();
    assert.ok(!await his.evaluate(() => document.documentElement.scrollWidth > innerWidth), 'nothing sticks out');
    // the list of who is here, and the portrait's place in it
    const list = await hers.context().newPage();
    await list.goto('/messages');
    await list.locator('[data-part=here]', { hasText: bob.name }).waitFor();
    // leave
    await hers.locator('[data-part=there]', { hasText: 'is here' }).waitFor();
    await new Promise((done) => setTimeout(done, 3300)); // who leaves within three seconds is on the way to another page
    await his.context().close();
    await hers.locator('[data-part=there]', { hasText: 'is not here' }).waitFor({ timeout: 30000 });
    await list.locator('[data-part=here]', { hasText: 'Nobody you would see' }).waitFor({ timeout: 30000 });
    assert.deepEqual(hers.complaints, []);
    await hers.context().close();
  });

test('less motion: the border flashes instead', async () => {
  const { users: [ann, bob], pages: [hers, his], call } = await pair({ reducedMotion: 'reduce' });
  await talkTo(his, ann.name);
  await watchNudges(his);
  await call(ann, 'POST', `/api/messages`, { to: bob.name, content: 'first' });
  await line(his, 'first').waitFor();
  await call(ann, 'POST', `/api/messages/${bob.name}/nudge`);
  const shaken = await nudged(his);
  assert.deepEqual([shaken.animation, shaken.outline], ['none', 'solid']);
  for (const page of [hers, his]) await page.context().close();
});

test('a nudge shakes the conversation with whom it comes from, and no other', async () => {
  const { users: [ann, bob], pages: [hers, his], call } = await pair();
  const eve = piclog.addUser(`eve${serial}`);
  await call(bob, 'POST', '/api/follows', { name: eve.name });
  await call(eve, 'POST', '/api/messages', { to: bob.name, content: 'from eve' });
  await talkTo(his, ann.name);
  await watchNudges(his);
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'first' });
  await line(his, 'first').waitFor();
  await call(eve, 'POST', `/api/messages/${bob.name}/nudge`);
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'second' });
  await line(his, 'second').waitFor();
  assert.deepEqual(await his.evaluate(() => self.nudges), []);
  for (const page of [hers, his]) await page.context().close();
});

test('a deleted line goes, and one that is being looked at stays open', async () => {
  const { users: [ann, bob], pages: [hers, his], call } = await pair();
  for (const content of ['one', 'two']) await call(ann, 'POST', '/api/messages', { to: bob.name, content });
  const first = (await ask(piclog, 'GET', `/api/messages/${bob.name}`, { headers: bearer(ann) })).json.messages;
  await talkTo(his, ann.name);
  await his.locator('article', { hasText: 'one' }).locator('summary').click();
  await call(ann, 'DELETE', `/api/messages/${first.find(({ content }) => content === 'two').id}`);
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'three' });
  await line(his, 'three').waitFor();
  assert.equal(await line(his, 'two').count(), 0);
  assert.ok(await his.locator('article', { hasText: 'one' }).locator('details').evaluate((details) => details.open));
  for (const page of [hers, his]) await page.context().close();
});

test('the stream comes back after a restart, with what was written meanwhile', { timeout: 120000 }, async () => {
  const { users: [ann, bob], pages: [hers, his], call } = await pair();
  await talkTo(his, ann.name);
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'before' });
  await line(his, 'before').waitFor();
  await piclog.restart();
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'after' });
  await line(his, 'after').waitFor();
  for (const page of [hers, his]) await page.context().close();
});

test('without a script: a link makes the page look again, and the words are there', async () => {
  const { users: [ann, bob], pages: [hers, his], call } = await pair({ javaScriptEnabled: false });
  await talkTo(his, ann.name);
  await his.getByRole('link', { name: 'Look again every 30 seconds' }).click();
  await call(ann, 'POST', '/api/messages', { to: bob.name, content: 'after a while' });
  assert.equal(await his.locator('meta[http-equiv=refresh]').count(), 1);
  await his.reload();
  await line(his, 'after a while').waitFor();
  await his.goto('/messages');
  await his.getByRole('link', { name: 'Look again every 30 seconds' }).click();
  assert.equal(await his.locator('meta[http-equiv=refresh]').count(), 1);
  for (const page of [hers, his]) await page.context().close();
});

test('what is new is marked in the menu without a line more, on phones too', async () => {
  const { users: [ann, bob], call } = await pair();
  await call(ann, 'POST', '/api/statuses', { content: `hello @${bob.name}` });
  for (const [width, locale] of [[320, 'en-GB'], [360, 'fr-FR'], [768, 'en-GB']]) {
    const page = await logIn(site, bob, { viewport: { width, height: 740 }, isMobile: width < 400 });
    await page.setExtraHTTPHeaders({ 'accept-language': locale });
    await page.goto('/statuses');
    const seen = await page.evaluate(() => ({
      heights: [...document.querySelectorAll('.nav a')].map((link) => link.offsetHeight),
      mark: document.querySelector('.nav mark').textContent,
      sticksOut: document.documentElement.scrollWidth > innerWidth,
    }));
    assert.equal(new Set(seen.heights).size, 1, `${width} px: ${seen.heights}`);
    assert.equal(seen.mark, locale === 'fr-FR' ? 'du neuf' : 'new');
    assert.equal(seen.sticksOut, false);
    await page.context().close();
  }
});
