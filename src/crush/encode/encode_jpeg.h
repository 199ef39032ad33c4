/*
 * Writes chosen coefficients as a JPEG through libjpeg-turbo: markers, optimal Huffman tables, scans.
 */
#ifndef PICLOG_CRUSH_ENCODE_ENCODE_JPEG_H
#define PICLOG_CRUSH_ENCODE_ENCODE_JPEG_H

#include "crush/encode/huffman_count.h"
#include "crush/jpeg/outline.h"

struct jpeg_image {
    uint32_t width_px, height_px;
    int components;                     /* 1 or 3 */
    int luma_h, luma_v;                 /* sampling factors of luma; chroma's are 1 */
    const struct levels *levels;        /* one for each component */
    const uint16_t *steps[PLANE_COUNT]; /* zig-zag; equal pointers share a table */
    enum layout layout;
    const struct jpeg_scan *scans; /* NULL, or scan_count of them instead of those of layout: progressive */
    size_t scan_count;
};

/*
 * On success *ret_data (malloc) belongs to the caller and *ret_size_bytes is its length. CRUSH_ENOMEM;
 * CRUSH_EUNSUPPORTED for levels that no JPEG can hold. Writes a JFIF header and no other metadata. Thread-safe.
 */
CRUSH_MUST_USE crush_status encode_jpeg(const struct jpeg_image *image, unsigned char **ret_data,
                                        size_t *ret_size_bytes);

#endif
