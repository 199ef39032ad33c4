#!/bin/sh
# Three parsers of feeds take whatever link of an Atom entry comes first for its address, also the picture it encloses.
#
# Guess: the address of an entry is its link with rel="alternate", which is also what a link without rel is; the order of
#        elements says nothing (RFC 4287, sections 4.1.2 and 4.2.7.2).
# Seen:  htmlparser2 12.0.0 (parseFeed) and @extractus/feed-extractor 8.0.3 give the JPEG of an enclosure that stands first, with
#        rel="alternate" behind it and without; rss-parser 3.13.0 where rel is left out. feedparser 2.6.0 gives the page each
#        time.
# Ends with 0 while that is so, else 1. Needs root for apt-get if there is no npm.
set -eu
export LC_ALL=C
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund htmlparser2@12.0.0 @extractus/feed-extractor@8.0.3 rss-parser@3.13.0 feedparser@2.6.0 >/dev/null
cat >look.mjs <<'END'
import { extractFromXml } from '@extractus/feed-extractor';
import FeedParser from 'feedparser';
import { parseFeed } from 'htmlparser2';
import Parser from 'rss-parser';
const feed = (links) => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>http://a.example/</id><title>t</title><updated>2026-01-01T00:00:00Z</updated><author><name>ann</name></author>
<entry><id>http://a.example/p/1</id><title>one</title><updated>2026-01-01T00:00:00Z</updated>${links}<summary>s</summary></entry></feed>`;
const enclosure = '<link rel="enclosure" type="image/jpeg" length="12000" href="http://a.example/1.jpg"/>';
const feeds = { named: feed(`${enclosure}<link rel="alternate" href="http://a.example/p/1"/>`), bare: feed(`${enclosure}<link href="http://a.example/p/1"/>`) };
const parsers = {
  htmlparser2: (text) => parseFeed(text, { xmlMode: true }).items[0].link,
  'feed-extractor': (text) => extractFromXml(text).entries[0].link,
  'rss-parser': async (text) => (await new Parser().parseString(text)).items[0].link,
  feedparser: (text) => new Promise((done, fail) => {
    const parser = new FeedParser({ addmeta: false });
    parser.on('error', fail).on('readable', () => { const item = parser.read(); if (item) done(item.link); });
    parser.end(text);
  }),
};
const seen = [];
for (const [name, parse] of Object.entries(parsers))
  for (const [kind, text] of Object.entries(feeds)) {
    const link = await parse(text);
    console.log(`${name}, rel ${kind === 'named' ? '"alternate"' : 'left out'}: ${link}`);
    seen.push(/jpg$/.test(link) ? 'jpg' : 'page');
  }
process.exit(seen.join() === 'jpg,jpg,jpg,jpg,page,jpg,page,page' ? 0 : 1);
END
node look.mjs
