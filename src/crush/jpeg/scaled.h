/*
 * Our own JPEG decoder: from each block only the low frequencies that 1 to 6 pixels a side can show, or all for 8,
 * which are rebuilt by an inverse DCT of that size; everything else is stepped over. That is
 * faster than averaging all pixels and closer to a good downscale of them.
 *
 *     jpeg_scaled_open() → jpeg_scaled_run() → jpeg_scaled_close()
 *
 * Taken are Huffman-coded files of 8 bits, sequential or progressive, in any number of scans, gray or YCbCr. Whatever
 * else there is, and every header that is not plainly in order, is left to libjpeg-turbo (CRUSH_EUNSUPPORTED).
 * Damaged data decodes as far as libjpeg decodes it: missing blocks are middle gray.
 *
 * Not thread-safe per object; different objects are independent.
 */
#ifndef PICLOG_CRUSH_JPEG_SCALED_H
#define PICLOG_CRUSH_JPEG_SCALED_H

#include "crush/jpeg/outline.h"

struct jpeg_scaled;

/* How a component comes out. */
struct jpeg_scaled_plane {
    uint32_t columns, rows;             /* samples in a row, rows that mean something */
    double columns_extent, rows_extent; /* how many of them the picture really covers */
};

/* Receives `count` rows of a component, from top to bottom, as soon as they are there; components take turns. The
 * last ones may lie below the picture. */
typedef void jpeg_scaled_sink(void *context, int component, const uint8_t *rows, size_t stride_bytes, uint32_t count);

/*
 * Reads the headers and makes everything ready. eighths: 1 to 6 or 8 for each component, the samples that stand for
 * eight; 0: the component is not wanted. data and outline must outlive the result; the scans of an outline that is
 * not first_scan_is_all have been walked. CRUSH_OK: *ret_scaled belongs to the caller. CRUSH_EUNSUPPORTED: not for us.
 * CRUSH_ENOMEM. ret_error is not written.
 */
CRUSH_MUST_USE crush_status jpeg_scaled_open(const uint8_t *data, size_t size_bytes, const struct jpeg_outline *outline,
                                             const int eighths[JPEG_COMPONENTS], struct jpeg_scaled **ret_scaled);

/* How component c comes out. */
struct jpeg_scaled_plane jpeg_scaled_plane(const struct jpeg_scaled *scaled, int c);

/* What jpeg_scaled_run takes in memory, and how many blocks it visits, each counted as often as scans go over it. */
uint64_t jpeg_scaled_memory_bytes(const struct jpeg_scaled *scaled);
uint64_t jpeg_scaled_block_visits(const struct jpeg_scaled *scaled);

/*
 * Decodes everything into the sink; once. *ret_damaged: 1 where data was missing or wrong. CRUSH_ENOMEM,
 * CRUSH_ECORRUPT where the data end
 * within the first of several rows of MCUs, or CRUSH_ELIMIT when the deadline of limits (asked for every row) has
 * passed.
 */
CRUSH_MUST_USE crush_status jpeg_scaled_run(struct jpeg_scaled *scaled, const crush_limits *limits,
                                            jpeg_scaled_sink *sink, void *context, int *ret_damaged,
                                            crush_error *ret_error);

/* MCUs of the last run that lanes decoded, so that tests know what they test. */
uint64_t jpeg_scaled_lane_mcus(const struct jpeg_scaled *scaled);

/* NULL is allowed. */
void jpeg_scaled_close(struct jpeg_scaled *scaled);

#endif
