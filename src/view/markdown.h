/* A stranger's Markdown as HTML: CommonMark by libcmark, written out by rules of our own. Thread-safe. */
#ifndef PICLOG_VIEW_MARKDOWN_H
#define PICLOG_VIEW_MARKDOWN_H

#include "base/buf.h"

/*
 * Appends the HTML of a text (UTF-8). Headings begin at h2, line breaks stay, bare addresses, #tags and @names are
 * links as everywhere else. Raw HTML is shown as it was typed. Links go to http, https, mailto and paths of this site,
 * and carry rel="nofollow ugc"; pictures are shown from this site only, others become links.
 * base: in front of paths of this site, "" on the site itself. Cost: linear but for libcmark's own bounds.
 */
void markdown_write(const char *text, const char *base, struct buf *out);

#endif
