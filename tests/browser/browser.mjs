// Debian's Chromium, driven by playwright-core, and a piclog of its own to look at. Read join.test.mjs for an example.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { start } from '../e2e/piclog.mjs';

export { chromium } from 'playwright-core';
export * from '../e2e/piclog.mjs';

export const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

// How Chromium is started, here and where no piclog is needed.
export const launch = {
  executablePath,
  // root has no user namespace to give away; --disable-dev-shm-usage is for small containers
  args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage', '--disable-gpu'],
};

// A piclog and a browser; close() ends both, and fails if the server did not end well.
export async function open(options = [], settings = {}) {
  const piclog = await start(options, settings);
  const browser = await chromium.launch(launch);
  const close = async () => {
    await browser.close();
    await piclog.remove();
  };
  return { piclog, browser, close };
}

// A fresh visitor's tab: cookies of its own, and a list "complaints" of everything that the console or the network
// objected to. Options are Playwright's: viewport, colorScheme, javaScriptEnabled, hasTouch, …
export async function visit({ piclog, browser }, path = '/', options = {}) {
  const context = await browser.newContext({ baseURL: piclog.origin, viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(60000);
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => { if (message.type() === 'error') page.complaints.push(`${message.text()} ${message.location().url}`); });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== piclog.origin) page.complaints.push(`asks ${request.url()}`); });
  if (path) await page.goto(path);
  return page;
}

// Signs a person in through the form, and returns the tab.
export async function logIn(site, user, options = {}) {
  const page = await visit(site, '/login', options);
  await page.getByLabel('Name').fill(user.name);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  return page;
}
