// Twitter 1.0 and GNU social as their programs speak it, by hand; the programs themselves are in programs.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, ask, bearer, fixture, pictureForm, root, start } from './piclog.mjs';

let piclog, ann, bob, eve, browser;
const tokens = {}; // of ann, by what they may do
before(async () => {
  piclog = await start();
  [ann, bob, eve] = ['ann', 'bob', 'eve'].map((name) => piclog.person(name));
  browser = await new Browser(piclog).logIn(ann);
  for (const scope of ['may_read', 'may_post', 'may_change']) tokens[scope] = await makeToken(scope);
});
after(() => piclog.remove());

async function makeToken(scope) {
  const page = await browser.submit('/settings/tokens', { label: scope, [scope]: '1' });
  return /[A-Za-z0-9_-]{43}(?=<)/.exec(page.text)[0];
}
const basic = (name, secret) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` });
const as = (user) => (user ? basic(user.name, user.token) : {});
const get = (path, user, headers = {}) => ask(piclog, 'GET', `/api/${path}`, { headers: { ...as(user), ...headers } });
const post = (path, fields = {}, user = ann, method = 'POST') =>
  ask(piclog, method, `/api/${path}`, { headers: as(user), body: fields instanceof FormData ? fields : new URLSearchParams(fields) });
const fine = (answer) => { assert.equal(answer.status, 200, answer.text); return answer; };
const refused = (answer, status, words) => {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.json.error, words);
  assert.doesNotMatch(answer.headers['www-authenticate'] ?? '', /Basic/i);
};
const update = async (status, user = ann, more = {}) => fine(await post('statuses/update.json', { status, ...more }, user)).json;
const texts = (answer) => fine(answer).json.map((status) => status.text);
const publicTexts = async () => texts(await get('statuses/public_timeline.json?count=100'));
const nothingNew = async (act) => {
  const before = await publicTexts();
  await act();
  assert.deepEqual(await publicTexts(), before);
};

test('who one is: by name and token, in any case of the name', async () => {
  const me = fine(await get('account/verify_credentials.json', ann)).json;
  assert.equal(me.screen_name, 'ann');
  assert.equal(me.protected, false);
  fine(await ask(piclog, 'GET', '/api/account/verify_credentials.json', { headers: basic('Ann', ann.token) }));
  fine(await ask(piclog, 'GET', '/api/account/verify_credentials.json', { headers: bearer(ann) }));
  const xml = fine(await get('account/verify_credentials.xml', ann));
  assert.match(xml.headers['content-type'], /^application\/xml/);
  assert.match(xml.text, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<user>\n<id>\d+<\/id>[^]*<screen_name>ann<\/screen_name>/);
});

test('what is no token is refused in words, and no answer asks for Basic', async () => {
  const path = '/api/account/verify_credentials.json';
  const with_ = (headers) => ask(piclog, 'GET', path, { headers });
  refused(await with_({}), 401, /token/);
  refused(await with_(basic('ann', ann.password)), 401, /no token, so it was not looked at.*settings\/tokens/);
  refused(await with_(basic('bob', ann.token)), 401, /no such token of that name/);
  refused(await with_(basic('ann', 'A'.repeat(43))), 401, /no such token/);
  refused(await with_({ authorization: 'OAuth oauth_token="x"' }), 401, /neither/);
  refused(await with_({ authorization: 'Basic ???' }), 401, /neither/);
  refused(await with_({ authorization: `Basic ${Buffer.from('noColon').toString('base64')}` }), 401, /neither/);
  refused(await with_({ authorization: `Basic ${'QQ'.repeat(2000)}` }), 401, /neither/);
  // cookies count for nothing here
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  refused(await with_({ cookie }), 401, /Sign in/);
  // and Basic for nothing elsewhere
  assert.equal((await ask(piclog, 'GET', '/api/me', { headers: as(ann) })).status, 401);
  assert.equal((await ask(piclog, 'GET', '/settings', { headers: as(ann) })).status, 303);
  assert.equal((await ask(piclog, 'POST', '/api/statuses', { headers: as(ann), body: { content: 'x' } })).status, 401);
});

test('what a page of another site asks is refused', async () => {
  const path = '/api/statuses/public_timeline.json';
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    refused(await ask(piclog, 'GET', path, { headers: { ...as(ann), ...headers } }), 403, /another site/);
    refused(await ask(piclog, 'POST', '/api/statuses/update.json', { headers: { ...as(ann), ...headers }, body: new URLSearchParams({ status: 'evil' }) }), 403, /another site/);
  }
  fine(await ask(piclog, 'GET', path, { headers: { ...as(ann), origin: piclog.origin, referer: 'https://a-program.example/' } }));
  assert.ok(!(await publicTexts()).includes('evil'));
});

test('posting, looking, answering and deleting', async () => {
  const said = await update('hello & <welcome> to 2009 #old');
  assert.equal(said.text, 'hello & <welcome> to 2009 #old');
  assert.equal(said.id_str, String(said.id));
  assert.ok(Number.isSafeInteger(said.id));
  assert.match(said.created_at, /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \+0000 \d{4}$/);
  assert.equal(said.user.screen_name, 'ann');
  assert.match((await ask(piclog, 'GET', '/tag/old')).text, /to 2009/);
  const answer = await update('@ann hello yourself', bob, { in_reply_to_status_id: said.id_str });
  assert.equal(answer.in_reply_to_status_id_str, said.id_str);
  assert.equal(answer.in_reply_to_screen_name, 'ann');
  assert.deepEqual(texts(await get('statuses/mentions.json', ann)), ['@ann hello yourself']);
  assert.deepEqual(texts(await get('statuses/replies.json', ann)), ['@ann hello yourself']);
  assert.deepEqual(texts(await get(`statuses/replies.json?since_id=${answer.id_str}`, ann)), []);
  assert.deepEqual(fine(await get(`statuses/show/${answer.id_str}.json`)).json.text, '@ann hello yourself');
  assert.deepEqual(fine(await get(`statuses/show.json?id=${said.id_str}`)).json.id, said.id);
  const xml = fine(await get(`statuses/show/${said.id_str}.xml`)).text;
  assert.match(xml, new RegExp(`^<\\?xml[^]*<status>[^]*<text>hello &amp; &lt;welcome&gt; to 2009 #old</text>[^]*<id>${said.id}</id>[^]*<screen_name>ann</screen_name>`));
  refused(await post('statuses/update.json', { status: 'x', in_reply_to_status_id: '12345' }), 422, /nothing was posted/);
  refused(await post(`statuses/destroy/${answer.id_str}.json`), 403, /somebody else/);
  assert.equal(fine(await post(`statuses/destroy/${answer.id_str}.json`, {}, bob)).json.id, answer.id);
  refused(await get(`statuses/show/${answer.id_str}.json`), 404, /no such post/);
  assert.equal(fine(await ask(piclog, 'DELETE', `/api/statuses/destroy.xml?id=${said.id_str}`, { headers: as(ann) })).status, 200);
  assert.deepEqual(texts(await get('statuses/mentions.json', ann)), []);
});

test('sent twice under a key is said once', async () => {
  const headers = { ...as(bob), 'idempotency-key': 'once and only once' };
  const send = (status) => ask(piclog, 'POST', '/api/statuses/update.json', { headers, body: new URLSearchParams({ status }) });
  const answers = await Promise.all(Array.from({ length: 4 }, () => send('said once')));
  assert.equal(new Set(answers.map((answer) => fine(answer).json.id_str)).size, 1);
  assert.equal((await publicTexts()).filter((text) => text === 'said once').length, 1);
  assert.ok((await send('something else')).status >= 400);
});

test('an update that cannot be honoured is never posted', async () => {
  await nothingNew(async () => {
    refused(await post('statuses/update.json', { status: '' }), 422, /./);
    refused(await post('statuses/update.json', { status: 'x'.repeat(141) }), 422, /140/);
    refused(await post('statuses/update.json', { status: 'secret', visibility: 'private' }), 422, /nothing was posted/);
    refused(await post('statuses/update.json', { status: 'secret', visibility: 'direct' }), 422, /one person/);
    refused(await post('statuses/update.json', { status: 'later', scheduled_at: '2030-01-01' }), 422, /scheduled_at/);
    refused(await post('statuses/update_with_media.json', { status: 'no file' }), 422, /No picture/);
    refused(await post('statuses/retweet/123.json'), 422, /answer it/);
    refused(await post('statuses/update.json', { status: 'd nobody_here hello' }), 404, /nobody/i);
    refused(await post('statuses/update.json', { status: 'd bob' }), 422, /Nothing was posted/);
    refused(await post('statuses/update.json', { status: 'D ' }), 422, /Nothing was posted/);
    refused(await post('statuses/update.json', { status: ' d @ann to oneself' }), 422, /./);
    refused(await ask(piclog, 'POST', '/api/statuses/update.json', { headers: basic('ann', tokens.may_post), body: new URLSearchParams({ status: 'd bob hush' }) }), 403, /may not write messages/);
  });
});

test('a picture with words', async () => {
  const form = pictureForm(fixture('pictures/canyon-wren.jpg'), { status: 'seen today', alt: 'a test picture' }, 'media[]');
  const shown = fine(await post('statuses/update_with_media.json', form)).json;
  assert.equal(shown.attachments[0].mimetype, 'image/jpeg');
  assert.equal(shown.attachments[0].description, 'a test picture');
  assert.ok(shown.attachments[0].size <= 12288);
  assert.match(shown.text, /^seen today http:\/\/127[^ ]*\/p\/\d+$/);
  const image = await ask(piclog, 'GET', new URL(shown.attachments[0].url).pathname);
  assert.deepEqual([image.status, image.headers['content-type'], image.data.length], [200, 'image/jpeg', shown.attachments[0].size]);
  const answer = await update('nice', bob, { in_reply_to_status_id: shown.id_str });
  assert.equal(answer.in_reply_to_status_id_str, shown.id_str);
  assert.match(fine(await get('statuses/user_timeline/ann.rss')).text, /<enclosure type="image\/jpeg"/);
  const social = fine(await post('statuses/update.json', pictureForm(fixture('pictures/cat.jpg'), { status: 'as GNU social has it', in_reply_to_status_id: answer.id_str }, 'media'))).json;
  assert.deepEqual([social.attachments.length, social.in_reply_to_status_id_str], [1, answer.id_str]);
  await nothingNew(async () => refused(await post('statuses/update.json', pictureForm(fixture('pictures/cat.jpg'), { status: 'd bob look' }, 'media')), 422, /without a picture/));
  const two = pictureForm([fixture('pictures/canyon-wren.jpg'), fixture('pictures/canyon-wren.jpg')], { status: 'two' }, 'media[]');
  await nothingNew(async () => refused(await post('statuses/update_with_media.json', two), 422, /One picture/));
  await nothingNew(async () => refused(await post('statuses/update_with_media.json', pictureForm(Buffer.from('no picture'), { status: 'x' }, 'media')), 415, /./));
  fine(await post(`statuses/destroy/${shown.id_str}.json`));
  assert.equal((await ask(piclog, 'GET', new URL(shown.attachments[0].url).pathname)).status, 404);
});

test('timelines page by max_id, since_id, count and page, over all kinds', async () => {
  for (let i = 0; i < 5; i++) {
    await update(`line ${i}`, eve);
    await eve.call('POST', '/api/moods', { mood: `mood ${i}`, face: '🥱' });
  }
  const all = fine(await get('statuses/user_timeline/eve.json?count=100')).json;
  assert.equal(all.length, 10);
  assert.ok(all.every((status, i) => !i || status.id < all[i - 1].id));
  assert.ok(all.some((status) => status.text === '🥱 mood 3'));
  const seen = [];
  for (let most = ''; ;) {
    const page = fine(await get(`statuses/user_timeline.json?screen_name=eve&count=3${most}`)).json;
    seen.push(...page);
    if (!page.length) break;
    most = `&max_id=${page.at(-1).id - 1}`;
  }
  assert.deepEqual(seen.map(({ id }) => id), all.map(({ id }) => id));
  assert.deepEqual(fine(await get(`statuses/user_timeline/eve.json?max_id=${all[3].id}&count=1`)).json[0].id, all[3].id);
  assert.deepEqual(fine(await get(`statuses/user_timeline/eve.json?since_id=${all[3].id}`)).json.map(({ id }) => id), all.slice(0, 3).map(({ id }) => id));
  for (const count of ['0', '00']) assert.equal(fine(await get(`statuses/user_timeline/eve.json?count=${count}`)).json.length, 1, 'as many as the least that can be asked for');
  assert.deepEqual(fine(await get('statuses/user_timeline/eve.json?count=4&page=2')).json.map(({ id }) => id), all.slice(4, 8).map(({ id }) => id));
  assert.equal(fine(await get('statuses/user_timeline/eve.xml')).text.match(/<status>/g).length, 10);
  assert.match(fine(await get('statuses/user_timeline/eve.xml')).text, /<statuses type="array">/);
  const eveUser = all[0].user;
  assert.equal(fine(await get(`statuses/user_timeline.json?user_id=${eveUser.id}&count=1`)).json.length, 1);
  refused(await get('statuses/user_timeline/nobody_here.json'), 404, /nobody/);
  refused(await get('statuses/user_timeline.json'), 422, /screen_name/);
  assert.equal(fine(await get('statuses/user_timeline.json?count=2', eve)).json.length, 2); // one's own
  fine(await get('statuses/public_timeline.rss'));
  assert.match(fine(await get('statuses/public_timeline.atom')).text, /<feed xmlns/);
});

test('friends: following, the timeline of it, and whom one may ask about', async () => {
  assert.equal(fine(await post('friendships/create/eve.json')).json.screen_name, 'eve');
  assert.equal(fine(await get('users/show/eve.json', ann)).json.following, true);
  assert.ok(texts(await get('statuses/home_timeline.json', ann)).includes('line 4'));
  assert.ok(texts(await get('statuses/friends_timeline.json', ann)).includes('line 4'));
  assert.deepEqual(texts(await get('statuses/home_timeline.json?count=3', bob)).filter((text) => /line/.test(text)), []);
  const exists = async (a, b, user) => fine(await get(`friendships/exists.json?user_a=${a}&user_b=${b}`, user)).json;
  assert.equal(await exists('ann', 'eve', ann), true);
  assert.equal(await exists('ann', 'eve', eve), true); // who follows one, one may see
  assert.equal(await exists('ann', 'eve', bob), false); // and nobody else
  assert.equal(await exists('ann', 'eve'), false);
  assert.match(fine(await get('friendships/exists.xml?user_a=ann&user_b=eve', ann)).text, /<friends>true<\/friends>/);
  const names = async (path, user) => fine(await get(path, user)).json.map((person) => person.screen_name);
  assert.deepEqual(await names('statuses/friends.json', ann), ['eve']);
  assert.deepEqual(await names('statuses/friends/ann.json', bob), []);
  assert.deepEqual(await names('statuses/followers.json', eve), ['ann']);
  assert.deepEqual(await names('statuses/followers/eve.json', ann), []);
  assert.deepEqual(await names('statuses/followers/eve.json'), []);
  await browser.submit('/friends/people', { shows_follows: '1' });
  assert.deepEqual(await names('statuses/friends/ann.json', bob), ['eve']);
  assert.equal(await exists('ann', 'eve', bob), true);
  fine(await post('friendships/destroy/eve.json'));
  assert.deepEqual(await names('statuses/friends.json', ann), []);
  refused(await post('friendships/create/nobody_here.json'), 404, /nobody/);
  refused(await post('friendships/create.json'), 422, /screen_name/);
});

test('counts of others are 0', async () => {
  const other = fine(await get('users/show.json?screen_name=eve', ann)).json;
  for (const [key, value] of Object.entries(other)) if (/_count$/.test(key)) assert.equal(value, 0, key);
  assert.ok(fine(await get('users/show/eve.json', eve)).json.statuses_count >= 10);
  assert.match(fine(await get('users/show/eve.xml')).text, /<statuses_count>0<\/statuses_count>/);
});

test('favorites keep, and are one’s own until shown', async () => {
  const [status] = fine(await get('statuses/user_timeline/eve.json?count=1')).json;
  assert.equal(fine(await post(`favorites/create/${status.id_str}.json`)).json.favorited, true);
  assert.deepEqual(texts(await get('favorites.json', ann)), [status.text]);
  assert.equal(fine(await get(`statuses/show/${status.id_str}.json`, ann)).json.favorited, true);
  assert.equal(fine(await get(`statuses/show/${status.id_str}.json`, bob)).json.favorited, false);
  assert.deepEqual(texts(await get('favorites/ann.json', bob)), []);
  await browser.submit('/settings/answers', { answers: 'everybody', shows_kept: '1' });
  assert.deepEqual(texts(await get('favorites/ann.json', bob)), [status.text]);
  assert.equal(fine(await post('favorites/destroy.xml', { id: status.id_str })).status, 200);
  assert.deepEqual(texts(await get('favorites.json', ann)), []);
  refused(await post('favorites/create/77.json'), 404, /no such post/);
});

test('favorites are paged by max_id and since_id, and pages end', async () => {
  const kept = fine(await get('statuses/user_timeline/eve.json?count=3')).json;
  for (const { id_str } of [kept[1], kept[0], kept[2]]) fine(await post(`favorites/create/${id_str}.json`));
  const ids = async (query) => fine(await get(`favorites.json?${query}`, ann)).json.map((one) => one.id_str);
  const all = kept.map((one) => one.id_str);
  assert.deepEqual(await ids(''), all);
  assert.deepEqual(await ids('count=1'), all.slice(0, 1));
  assert.deepEqual(await ids(`count=1&max_id=${kept[0].id - 1}`), all.slice(1, 2));
  assert.deepEqual(await ids(`max_id=${all[2]}`), all.slice(2));
  assert.deepEqual(await ids(`since_id=${all[1]}`), all.slice(0, 1));
  assert.deepEqual(await ids('count=1&page=3'), all.slice(2));
  for (const { id_str } of kept) fine(await post(`favorites/destroy/${id_str}.json`));
});

test('messages: to and from, d NAME, and gone for both', async () => {
  fine(await post('friendships/create/ann.json', {}, bob)); // then bob takes what ann writes
  const sent = fine(await post('direct_messages/new.json', { user: 'bob', text: 'psst' })).json;
  assert.deepEqual([sent.text, sent.sender_screen_name, sent.recipient.screen_name], ['psst', 'ann', 'bob']);
  const shouted = await update('D @bob psst again');
  assert.equal(shouted.text, 'psst again');
  assert.ok(!(await publicTexts()).some((text) => /psst/.test(text)));
  assert.deepEqual(fine(await get('direct_messages.json', bob)).json.map(({ text }) => text), ['psst again', 'psst']);
  assert.deepEqual(fine(await get(`direct_messages.json?since_id=${sent.id_str}`, bob)).json.map(({ text }) => text), ['psst again']);
  assert.deepEqual(fine(await get('direct_messages/sent.json?count=1', ann)).json.map(({ text }) => text), ['psst again']);
  assert.match(fine(await get('direct_messages.xml', bob)).text, /<direct-messages type="array">\n<direct_message>[^]*<text>psst again<\/text>/);
  assert.deepEqual(fine(await get('direct_messages.json', eve)).json, []);
  refused(await post(`direct_messages/destroy/${sent.id_str}.json`, {}, eve), 404, /./);
  assert.equal(fine(await post(`direct_messages/destroy/${sent.id_str}.json`)).json.text, 'psst');
  assert.deepEqual(fine(await get('direct_messages.json', bob)).json.map(({ text }) => text), ['psst again']);
  refused(await post('direct_messages/new.json', { user: 'nobody_here', text: 'x' }), 404, /nobody/);
  refused(await post('direct_messages/new.json', { user: 'bob' }), 422, /./);
});

test('search, as search.twitter.com had it and as a feed', async () => {
  await update('a pamphlet of words', eve);
  const found = fine(await get('search.json?q=pamphlet')).json;
  assert.deepEqual(found.results.map(({ text, from_user }) => [text, from_user]), [['a pamphlet of words', 'eve']]);
  assert.match(fine(await get('search.rss?q=pamphlet')).text, /<rss version="2.0"[^]*a pamphlet of words/);
  assert.deepEqual(fine(await get(`search.json?q=pamphlet&max_id=${found.results[0].id - 1}`)).json.results, []);
  for (const q of ['', '%9d', 'x'.repeat(900)]) assert.deepEqual(fine(await get(`search.json?q=${q}`)).json.results, []);
});

test('blocks and the list of words', async () => {
  await ask(piclog, 'POST', '/shun/eve', { headers: bearer(bob), body: { kind: 'block' } }); // by a token that may do all
  assert.deepEqual(texts(await get('statuses/public_timeline.json?count=100', bob)).filter((text) => /line|pamphlet/.test(text)), []);
  refused(await get('statuses/user_timeline/eve.json', bob), 404, /nobody/);
  refused(await get('users/show/bob.json', eve), 404, /nobody/);
  refused(await post('direct_messages/new.json', { user: 'bob', text: 'x' }, eve), 404, /nobody/);
  refused(await post('friendships/create/bob.json', {}, eve), 404, /nobody/);
  piclog.addUser('root', 'root has a password', '--admin');
  const admin = await new Browser(piclog).logIn({ name: 'root', password: 'root has a password' });
  await admin.submit('/admin/words', { words: 'gadzooks', action: 'refuse' }, { page: '/admin/settings' });
  await nothingNew(async () => refused(await post('statuses/update.json', { status: 'gadzooks it is' }), 422, /./));
});

test('the site: test, config, version, limits', async () => {
  assert.equal(fine(await get('help/test.json')).text, '"ok"');
  assert.match(fine(await get('help/test.xml')).text, /^<\?xml [^>]+>\n<ok>(ok|true)<\/ok>\n$/);
  assert.equal(fine(await get('statusnet/config.json')).json.site.textlimit, 140);
  assert.match(fine(await get('statusnet/config.xml')).text, /<config>\n<site>/);
  assert.match(fine(await get('statusnet/version.json')).text, /^"\d/);
  const limits = fine(await get('account/rate_limit_status.json')).json;
  assert.ok(limits.remaining_hits > 0 && limits.hourly_limit >= limits.remaining_hits && limits.hourly_limit < 1000000, JSON.stringify(limits));
  const feedOf = await get('users/show/eve.rss');
  assert.equal(feedOf.status, 406);
  assert.match(feedOf.text, /<error>There is no rss of this/);
});

test('Blips’ feeds: /NAME/feed.rss, and with friends by a secret key', async () => {
  const feed = await ask(piclog, 'GET', '/eve/feed.rss');
  assert.match(fine(feed).headers['content-type'], /^application\/rss\+xml/);
  assert.match(feed.text, /<title>a pamphlet of words<\/title>\n<link>http:[^<]*\/statuses\/\d+<\/link>\n<guid isPermaLink="true">/);
  assert.match(feed.text, /<pubDate>(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000<\/pubDate>/);
  assert.equal((await ask(piclog, 'GET', '/nobody_here/feed.rss')).status, 404);
  const page = await browser.submit('/settings/feeds', { feed: 'friends' });
  const key = /with_friends\.rss\?key=([A-Za-z0-9_-]{43})/.exec(page.text)[1];
  const friends = await ask(piclog, 'GET', `/ann/with_friends.rss?key=${key}`);
  assert.match(fine(friends).text, /<rss version="2.0"/);
  assert.match(friends.headers['cache-control'], /no-store/);
  assert.equal((await ask(piclog, 'GET', `/eve/with_friends.rss?key=${key}`)).status, 404);
  assert.equal((await ask(piclog, 'GET', '/ann/with_friends.rss?key=x')).status, 404);
  await browser.submit('/settings/feeds/revoke', { feed: 'friends' }, { page: '/settings/feeds' });
  assert.equal((await ask(piclog, 'GET', `/ann/with_friends.rss?key=${key}`)).status, 404);
});

// Every address with every kind of token: what it answers is one table.
test('each address with each kind of token', async () => {
  const revoked = await makeToken('may_post');
  const page = await browser.get('/settings/tokens');
  const [newest] = /\/settings\/tokens\/\d+\/revoke/.exec(page.text);
  assert.equal((await browser.submit(newest, {}, { page: '/settings/tokens' })).status, 303);
  const ways = { none: {}, read: basic('ann', tokens.may_read), post: basic('ann', tokens.may_post), change: basic('ann', tokens.may_change), all: as(ann), revoked: basic('ann', revoked), password: basic('ann', ann.password) };
  const number = (await update('for the table', eve)).id_str;
  // what none, read, post, change, all get; those revoked and passwords are 401 everywhere
  const open = [200, 200, 200, 200, 200], own = [401, 200, 200, 200, 200], say = [401, 403, 'x', 403, 'x'], named = [422, 200, 200, 200, 200], undo = [401, 403, 403, 'x', 'x'], hush = [401, 403, 403, 403, 'x'];
  const table = [
    ['GET', 'statuses/public_timeline', open], ['GET', 'statuses/home_timeline', own], ['GET', 'statuses/friends_timeline', own],
    ['GET', 'statuses/user_timeline/eve', open], ['GET', 'statuses/user_timeline', named], ['GET', 'statuses/mentions', own], ['GET', 'statuses/mentions_timeline', own], ['GET', 'statuses/replies', own],
    ['GET', `statuses/show/${number}`, open], ['GET', 'statuses/show', [404, 404, 404, 404, 404]], ['GET', 'statuses/friends/eve', open], ['GET', 'statuses/followers/eve', open], ['GET', 'statuses/friends', named], ['GET', 'statuses/followers', named],
    ['POST', 'statuses/update', say], ['POST', 'statuses/update_with_media', say], ['POST', 'statuses/destroy/1', undo], ['DELETE', 'statuses/destroy/1', undo], ['POST', 'statuses/destroy', undo],
    ['POST', 'statuses/retweet/1', say], ['GET', 'account/verify_credentials', own], ['GET', 'account/rate_limit_status', open],
    ['GET', 'users/show/eve', open], ['GET', 'users/show', named], ['GET', 'direct_messages', [401, 403, 403, 403, 200]], ['GET', 'direct_messages/sent', [401, 403, 403, 403, 200]],
    ['POST', 'direct_messages/new', hush], ['POST', 'direct_messages/destroy/1', hush], ['DELETE', 'direct_messages/destroy/1', hush],
    ['GET', 'favorites/eve', open], ['GET', 'favorites', named], ['POST', 'favorites/create/1', say], ['POST', 'favorites/create', say], ['POST', 'favorites/destroy/1', undo], ['POST', 'favorites/destroy', undo],
    ['POST', 'friendships/create/ann', say], ['POST', 'friendships/create', say], ['POST', 'friendships/destroy/ann', undo], ['POST', 'friendships/destroy', undo],
    ['GET', 'friendships/exists', open], ['GET', 'search', open], ['GET', 'help/test', open], ['GET', 'statusnet/config', open], ['GET', 'statusnet/version', open],
    ['POST', 'xml/statuses/update', say], ['GET', 'xml/statuses/home_timeline', own], ['GET', 'xml/statuses/replies', own], ['GET', 'xml/statuses/user_timeline.jsoneve', open],
  ];
  // a route that speaks Basic and has no line here fails
  const source = readFileSync(join(root, 'src/app/routes.c'), 'utf8');
  const patterns = [...source.matchAll(/\{METHOD_(\w+)[^"]*"\/api\/([^"]+)",\s*OLD/g)].map(([, method, pattern]) => [method, new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(':name', '\\w+').replaceAll(':id', '\\d+')}$`)]);
  assert.ok(patterns.length >= 45, `${patterns.length} routes`);
  for (const [method, pattern] of patterns) assert.ok(table.some(([m, path]) => m === method && pattern.test(path)), `${method} ${pattern} has no line`);
  for (const [method, path, expected] of table) {
    for (const [i, way] of Object.keys(ways).entries()) {
      const answer = await ask(piclog, method, `/api/${path}.${/jsoneve/.test(path) ? 'xml' : 'json'}`, { headers: ways[way], body: method === 'GET' ? undefined : '' });
      const want = expected[i] ?? 401;
      if (want === 'x') assert.ok([200, 404, 422].includes(answer.status), `${method} ${path} with ${way}: ${answer.status} ${answer.text}`);
      else assert.equal(answer.status, want, `${method} ${path} with ${way}: ${answer.text}`);
      assert.doesNotMatch(answer.headers['www-authenticate'] ?? '', /Basic/i);
      assert.equal(answer.setCookie.length, 0);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  }
});

test('a page beyond the last is empty, however far', async () => {
  for (const path of ['statuses/public_timeline', 'statuses/user_timeline/eve', 'statuses/home_timeline', 'statuses/mentions', 'favorites', 'direct_messages'])
    for (const query of ['count=100&page=3', 'count=1&page=201', 'count=1&page=202', 'page=99999999999999999999'])
      assert.deepEqual(fine(await get(`${path}.json?${query}`, ann)).json, [], `${path}?${query}`);
  assert.deepEqual(fine(await get('search.json?q=line&page=9999')).json.results, []);
  const max = piclog.person('max');
  for (let i = 0; i < 202; i++) await update(`so many: ${i}`, max);
  const page = async (query) => texts(await get(`statuses/user_timeline/max.json?${query}`));
  assert.deepEqual(await page('count=1&page=200'), ['so many: 2']);
  assert.deepEqual(await page('count=1&page=201'), []);
  assert.deepEqual(await page('count=100&page=2'), Array.from({ length: 100 }, (_, i) => `so many: ${101 - i}`));
  assert.deepEqual(await page('count=100&page=3'), []);
});

test('nothing of a token stands in the log', async () => {
  const encoded = Buffer.from(`ann:${ann.token}`).toString('base64');
  await get('account/verify_credentials.json', ann);
  await new Promise((done) => setTimeout(done, 1500));
  const log = piclog.log.join('\n') + piclog.errors;
  assert.match(log, /verify_credentials/);
  for (const secret of [ann.token, encoded, ann.password]) assert.ok(!log.includes(secret));
});

test('wrong tokens count as tries to sign in; right ones never wait', async () => {
  const strict = await start([], { limits: 'on' });
  try {
    const dot = strict.addUser('dot');
    const check = (headers) => ask(strict, 'GET', '/api/account/verify_credentials.json', { headers });
    let last;
    for (let i = 0; i < 100 && last?.status !== 429; i++) last = await check(basic('dot', 'B'.repeat(43)));
    assert.equal(last.status, 429);
    assert.match(last.json.error, /Try again/);
    assert.ok(Number(last.headers['retry-after']) > 0);
    assert.equal((await check(basic('dot', 'a password'))).status, 429);
    assert.equal((await check(basic('dot', dot.token))).status, 200);
    // the same bucket as that of the log-in
    const browser = new Browser(strict);
    assert.equal((await browser.submit('/login', { name: 'dot', password: dot.password })).status, 429);
  } finally {
    await strict.remove();
  }
});
