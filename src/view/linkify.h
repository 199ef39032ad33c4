/*
 * Plain text of strangers as HTML: escaped, newlines as <br>, and links made of
 *   http:// and https:// addresses (shown shortened, rel="nofollow ugc"),
 *   #tags of any script  -> /tag/TAG,
 *   @names               -> /~name.
 * Nothing of the text ever comes out as markup.
 */
#ifndef PICLOG_VIEW_LINKIFY_H
#define PICLOG_VIEW_LINKIFY_H

#include "base/buf.h"

/* base: put before the addresses of tags and people ("" on pages, the public URL in feeds). text must be UTF-8. */
void linkify_text(const char *text, const char *base, struct buf *out);

/* & < > " ' as entities. */
void linkify_escape(const char *text, size_t size_bytes, struct buf *out);

/* An address as people read it: without its scheme, cut after 40 characters, escaped. */
void linkify_show_url(const char *url, struct buf *out);

/* Percent-encodes all but RFC 3986 unreserved characters: safe in a path segment or a query value. */
void linkify_encode(const char *text, struct buf *out);

#endif
