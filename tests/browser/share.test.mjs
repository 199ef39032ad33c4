// Photos and words from a phone's share sheet: the manifest says where they go, a real navigation brings them, and a
// page of another site cannot.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, fixture, logIn, open, visit } from './browser.mjs';

const site = await open();
after(() => site.close());
const person = site.piclog.addUser('potato');
const { share_target: target } = JSON.parse((await ask(site.piclog, 'GET', '/static/piclog.webmanifest')).text);

// A navigation that no page asked for, with the body that the share sheet would send.
const share = async (page, fields, files = []) => {
  const form = new FormData();
  for (const [name, text] of Object.entries(fields)) form.set(target.params[name], text);
  for (const file of files) form.append(target.params.files[0].name, new Blob([file], { type: 'image/jpeg' }), 'IMG_2041.jpg');
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') }, postData = Buffer.from(await encoded.arrayBuffer());
  await page.route(`**${target.action}`, (route) => route.continue({ method: target.method, headers: { ...route.request().headers(), ...headers }, postData }));
  const response = await page.goto(target.action);
  await page.unroute(`**${target.action}`);
  return response;
};
const posts = async () => (await ask(site.piclog, 'GET', '/gallery.json')).json.pictures.length;

test('shared photos wait for a choice on one page, and nothing is published before', async () => {
  const page = await logIn(site, person);
  await share(page, { text: 'from my phone' }, [fixture('pictures/cat.jpg'), fixture('pictures/sky.jpg')]);
  assert.equal(new URL(page.url()).pathname, '/crunch');
  assert.equal(await page.locator('.crunch').count(), 8);
  for (const caption of await page.getByLabel('Caption').all()) assert.equal(await caption.inputValue(), 'from my phone');
  assert.equal(await posts(), 0);
  await page.getByRole('button', { name: 'Publish this one' }).first().click();
  await page.getByRole('status').waitFor();
  assert.match(await page.getByRole('status').textContent(), /still waits/);
  assert.equal(await posts(), 1);
  await page.getByRole('button', { name: 'Publish this one' }).click();
  await page.waitForURL((url) => /^\/p\/\d+$/.test(url.pathname));
  assert.equal(await posts(), 2);
  await page.context().close();
});

test('shared words lead to the status form', async () => {
  const page = await logIn(site, person);
  await share(page, { text: 'read this', url: 'https://example.org/?a=b&c' });
  assert.equal(await page.getByLabel('Status', { exact: true }).inputValue(), 'read this https://example.org/?a=b&c');
  await page.context().close();
});

test('without an account the share sheet leads to the door', async () => {
  const page = await visit(site, null);
  await share(page, {}, [fixture('pictures/cat.jpg')]);
  assert.equal(new URL(page.url()).pathname, '/login');
  await page.context().close();
});

test('another site cannot share in somebody’s name', async () => {
  const page = await logIn(site, person);
  const before = await posts();
  await page.route('https://evil.example/', (route) => route.fulfill({ contentType: 'text/html',
    body: `<form method="post" enctype="multipart/form-data" action="${site.piclog.origin}/share"><input name="caption" value="spam"></form>` }));
  await page.goto('https://evil.example/');
  const [response] = await Promise.all([page.waitForResponse('**/share'), page.evaluate(() => document.forms[0].submit())]);
  assert.ok([401, 403].includes(response.status()) || /\/login/.test(response.headers().location), `${response.status()}`);
  for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }]) {
    const cookie = (await page.context().cookies(site.piclog.origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await ask(site.piclog, 'POST', '/share', { headers: { cookie, ...headers }, body: new URLSearchParams({ caption: 'spam' }) });
    assert.equal(answer.status, 403, JSON.stringify(headers));
  }
  assert.equal(await posts(), before);
  await page.context().close();
});
