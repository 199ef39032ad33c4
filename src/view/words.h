/* Numbers in words, in the language of the thread: times, bytes, lasting. Thread-safe; each appends to a buffer. */
#ifndef PICLOG_VIEW_WORDS_H
#define PICLOG_VIEW_WORDS_H

#include <stdint.h>

#include "base/buf.h"

/* "just now", "4 min ago", "3 hours ago", "yesterday", "5 days ago", "2 weeks ago", then the date. */
void words_ago(int64_t then_s, int64_t now_s, struct buf *out);

/* "just now", "6 minutes ago", "1 hour ago", "12 days ago": numbers and whole words only, for programs that read it. */
void words_ago_counted(int64_t then_s, int64_t now_s, struct buf *out);

/* "23 November 2026" and "23 November 2026, 09:12 UTC". */
void words_date(int64_t time_s, struct buf *out);
void words_datetime(int64_t time_s, struct buf *out);

/* "November". */
void words_month(int64_t time_s, struct buf *out);

/* "2026-11-23T09:12:00Z" (RFC 3339). */
void words_rfc3339(int64_t time_s, struct buf *out);
/* "Mon, 30 Nov 2026 13:00:00 +0000", as mail and RSS have it (RFC 5322). */
void words_rfc5322(int64_t time_s, struct buf *out);

/* "12345", in French "12 345". */
void words_number(int64_t number, struct buf *out);

/* "11.8 kB": three digits, 1 kB = 1000 bytes. */
void words_bytes(int64_t size_bytes, struct buf *out);

/* How long that many bytes take over a 56 kbit/s modem: "10 min 26 s", "1.7 s". */
void words_modem(int64_t size_bytes, struct buf *out);

/* "4.1 MB → 11.8 kB, 348 times smaller"; without the second half when it did not shrink by half. */
void words_shrunk(int64_t before_bytes, int64_t after_bytes, struct buf *out);

#endif
