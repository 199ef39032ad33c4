// Pictures of every page at three widths, light and dark, for looking at: screenshots.mjs FOLDER [NAME-PART]...
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './browser.mjs';
import { fill, pagesOf, settle, viewer } from './pages.mjs';

const [folder, ...only] = process.argv.slice(2);
const wanted = (name) => !only.length || only.some((part) => name.includes(part));
const sizes = [[320, 640], [768, 1024], [1440, 900]];
let taken = 0;

for (const kind of ['filled', 'empty']) {
  const site = await open();
  try {
    const content = await (kind === 'filled' ? fill : settle)(site.piclog);
    const pages = (await pagesOf(site.piclog, content)).filter(({ name }) => wanted(`${kind}-${name}`));
    for (const colorScheme of ['light', 'dark'])
      for (const [width, height] of sizes)
        for (const who of ['out', 'in']) {
          const here = join(folder, `${width}-${colorScheme}`);
          mkdirSync(here, { recursive: true });
          const tab = await viewer(site, who === 'in' && content.client, { viewport: { width, height }, colorScheme, isMobile: width < 400 });
          for (const page of pages.filter((page) => page.who === who)) {
            await tab.look(page);
            // lazy pictures load when they come into view
            await tab.evaluate(async () => {
              document.querySelectorAll('img[loading]').forEach((image) => { image.loading = 'eager'; });
              await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
            });
            await tab.screenshot({ path: join(here, `${kind}-${page.name}.png`), fullPage: true });
            taken++;
          }
          await tab.context().close();
        }
  } finally {
    await site.close();
  }
}
console.log(`${taken} screenshots in ${folder}`);
