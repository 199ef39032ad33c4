/*
 * Checks a JPEG that came out of a worker, without decoding it: ITU-T T.81 marker structure only.
 */
#ifndef PICLOG_WORKER_JPEG_CHECK_H
#define PICLOG_WORKER_JPEG_CHECK_H

#include <stddef.h>
#include <stdint.h>

/*
 * NULL when data is one complete JPEG of the kind libcrush writes: SOI, a JFIF header at most, tables,
 * one baseline or progressive 8-bit frame with 1 or 3 components, scans, EOI, and nothing behind. No other
 * application data, no comments, no restart intervals. Otherwise a constant English reason.
 * Sets *ret_width_px and *ret_height_px on success. Cost: one pass over the bytes.
 */
const char *jpeg_check(const unsigned char *data, size_t size_bytes, uint32_t *ret_width_px, uint32_t *ret_height_px);

#endif
