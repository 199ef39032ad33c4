/*
 * Links in plain text: http:// and https:// addresses, #tags and @names, as pages show them and as people are told that
 * they were named. One rule for both.
 *
 *     struct links links = {.at = text};
 *     for (struct link link; links_next(&links, &link);)
 *         …
 *
 * Linear in the text, thread-safe, nothing is allocated.
 */
#ifndef PICLOG_BASE_LINKS_H
#define PICLOG_BASE_LINKS_H

#include <stddef.h>

struct link {
    enum { LINK_URL, LINK_TAG, LINK_NAME } kind;
    const char *at; /* in the text, "#" or "@" included */
    size_t size_bytes;
};

struct links {
    const char *at; /* where to go on: the end when there is no further link, or where the text is no UTF-8 */
    int in_word;
};

/* 1 with the next link, 0 when there is none. text must be UTF-8 and ends with NUL. */
int links_next(struct links *links, struct link *ret_link);

#endif
