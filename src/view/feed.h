/*
 * Feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1 from the same description. Valid, with pictures and alt text, full
 * content.
 */
#ifndef PICLOG_VIEW_FEED_H
#define PICLOG_VIEW_FEED_H

#include <jansson.h>

#include "base/buf.h"

/*
 * feed: {"title", "url" (the page, absolute), "feed_url" (this feed, absolute; null in Atom: its address is a secret),
 * "base" (public URL, no trailing slash), "updated_at", "author": null | "name", "next_url": null | "…", "is_plain"
 * (Atom only, for programs that cut entries up: "NAME FACE" as title, the words alone as text), "items": [ITEM, …]}
 * ITEM: a row of the store's queries with "kind": "picture"|"status"|"mood" added. What is used of it:
 *   "url" (a path), "author", "created_at", "edited_at" (may be null), and by kind
 *   picture: "caption", "alt", "image_url" (a path), "width", "height", "bytes", "source_bytes", "tags": ["…"]
 *   status:  "face", "content"
 *   mood:    "mood", "face", "note"
 * and of answers "reply_to", "reply_url" (a path), "reply_author": in Atom as RFC 4685 says, in JSON as "_piclog".
 * Integers are seconds since 1970. Each appends to ret_out; missing optional texts may be null. 0, or -1 when a
 * required field is missing (ret_out as before). Thread-safe.
 */
int feed_write_atom(const json_t *feed, struct buf *ret_out);
/* RSS 2.0, for readers that know nothing newer. */
int feed_write_rss(const json_t *feed, struct buf *ret_out);
int feed_write_json(const json_t *feed, struct buf *ret_out);

#endif
