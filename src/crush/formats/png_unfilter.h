/* Undoing the filters of PNG rows. */
#ifndef PICLOG_CRUSH_FORMATS_PNG_UNFILTER_H
#define PICLOG_CRUSH_FORMATS_PNG_UNFILTER_H

#include <stddef.h>
#include <stdint.h>

enum {
    PNG_UNFILTER_ROWS = 4,       /* that are done at once, where that is faster */
    PNG_UNFILTER_SLACK_BYTES = 4 /* that may be read behind the last filtered row, and written behind each row */
};

/*
 * Undoes the filters of count rows that stand one behind the other. raw: a byte that names the filter, then row_bytes,
 * for each row, and PNG_UNFILTER_SLACK_BYTES that may be read. above: the row over the first, row_bytes; zeros over the
 * topmost. pixel_bytes: 1 to 8; row_bytes is a multiple of it. Row i comes out at to + i * to_stride, with to_stride >=
 * row_bytes + PNG_UNFILTER_SLACK_BYTES. 0: a byte names no filter, and nothing of to means anything. Thread-safe. Cost:
 * with AVX2 some 4 cycles a pixel of 3 or 4 bytes, else some 20 where a row is filtered by Paeth. Source: PNG, third
 * edition (W3C), clause 9.
 */
int png_unfilter(const uint8_t *raw, const uint8_t *above, uint32_t count, size_t row_bytes, int pixel_bytes,
                 uint8_t *to, size_t to_stride);

#endif
