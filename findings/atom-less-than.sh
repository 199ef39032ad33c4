#!/bin/sh
# Two parsers of feeds take the plain text of Atom for HTML, and lose what stands between "<" and ">".
#
# Guess: title and summary of Atom are plain text unless they say otherwise (RFC 4287, section 3.1.1.1): "I <3 cats -> all of them"
#        and "use <b> for bold" come out as they went in.
# Seen:  @extractus/feed-extractor 8.0.3 makes "I  all of them" of that summary; feedparser 2.6.0 keeps that and makes
#        "use  for bold" of the title, its <b> taken out. Both also where type="text" is written. rss-parser 3.13.0 keeps everything.
# Ends with 0 while that is so, else 1. Needs root for apt-get if there is no npm.
set -eu
export LC_ALL=C
command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends npm >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @extractus/feed-extractor@8.0.3 rss-parser@3.13.0 feedparser@2.6.0 >/dev/null
cat >look.mjs <<'END'
import { extractFromXml } from '@extractus/feed-extractor';
import FeedParser from 'feedparser';
import Parser from 'rss-parser';
const feed = (type) => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>http://a.example/</id><title>t</title><updated>2026-01-01T00:00:00Z</updated><author><name>ann</name></author>
<entry><id>http://a.example/p/1</id><title${type}>use &lt;b&gt; for bold</title><updated>2026-01-01T00:00:00Z</updated>
<link rel="alternate" href="http://a.example/p/1"/><summary${type}>I &lt;3 cats -&gt; all of them</summary></entry></feed>`;
let asSeen = 0;
for (const type of ['', ' type="text"']) {
  const text = feed(type);
  const extracted = extractFromXml(text).entries[0].description;
  const parsed = await new Promise((done, fail) => {
    const parser = new FeedParser({ addmeta: false });
    parser.on('error', fail).on('readable', () => { const item = parser.read(); if (item) done(item); });
    parser.end(text);
  });
  const [item] = (await new Parser().parseString(text)).items;
  console.log(`type${type ? '="text"' : ' left out'}: feed-extractor "${extracted}" - feedparser "${parsed.title}", "${parsed.summary}" - rss-parser "${item.title}", "${item.summary}"`);
  asSeen += extracted === 'I  all of them' && parsed.title === 'use  for bold' && parsed.summary === 'I <3 cats -> all of them' && item.title === 'use <b> for bold' && item.summary === 'I <3 cats -> all of them';
}
process.exit(asSeen === 2 ? 0 : 1);
END
node look.mjs
