/* Conditional requests and ranges, RFC 9110 §13 and §14. Pure functions on header values; NULL: the header is absent.
 */
#ifndef PICLOG_HTTP_CONDITIONAL_H
#define PICLOG_HTTP_CONDITIONAL_H

#include <stddef.h>
#include <stdint.h>

struct conditional_headers {
    const char *if_match, *if_none_match, *if_modified_since, *if_unmodified_since, *range, *if_range;
};

/* What to answer a GET or HEAD for a representation: 200, 206 with the range, 304, 412 or 416. etag is with quotes,
   NULL: none; modified_s 0: unknown. Several ranges are answered whole, as RFC 9110 §14.2 allows. */
int conditional_evaluate(const struct conditional_headers *headers, const char *etag, int64_t modified_s,
                         uint64_t size_bytes, uint64_t *ret_first, uint64_t *ret_last);

/* "Sun, 06 Nov 1994 08:49:37 GMT"; -1 when it is none. */
int64_t conditional_parse_date(const char *text);
void conditional_write_date(int64_t time_s, char ret_text[32]);

/* "bytes=FIRST-LAST", "bytes=FIRST-", "bytes=-SUFFIX": 206, 416, or 200 when it is to be ignored. */
int conditional_parse_range(const char *text, uint64_t size_bytes, uint64_t *ret_first, uint64_t *ret_last);

#endif
