// Lighthouse on the front page, a picture and the gallery, as a phone sees them: lighthouse.mjs FOLDER-WITH-LIGHTHOUSE.
// Prints a line a page, and fails below 98. Timings are simulated, so they hold on a busy machine as well.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { start } from '../e2e/piclog.mjs';
import { fill } from './pages.mjs';

const LEAST = 98, PORT = 20000 + (process.pid % 20000);
const found = createRequire(resolve(process.argv[2], 'index.js')).resolve('lighthouse');
const { default: lighthouse } = await import(pathToFileURL(found));
const piclog = await start();
const { picture } = await fill(piclog);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [`--remote-debugging-port=${PORT}`, ...(process.getuid() === 0 ? ['--no-sandbox'] : [])] });
let worst = 100;
try {
  for (const path of ['/', `/p/${picture}`, '/gallery']) {
    const { lhr } = await lighthouse(piclog.origin + path, { port: PORT, onlyCategories: ['performance', 'accessibility', 'best-practices'] });
    const scores = Object.values(lhr.categories).map(({ title, score }) => [title, Math.round(score * 100)]);
    console.log(`${path.padEnd(10)} ${scores.map((pair) => pair.join(' ')).join(', ')}`);
    for (const { score, title, scoreDisplayMode } of Object.values(lhr.audits))
      if (score !== null && score < 0.9 && scoreDisplayMode !== 'informative') console.log(`           ${score} ${title}`);
    worst = Math.min(worst, ...scores.map(([, score]) => score));
  }
} finally {
  await browser.close();
  await piclog.remove();
}
process.exitCode = worst >= LEAST ? 0 : 1;
