/*
 * Writes chosen levels as a JPEG: markers, Huffman tables and scans as counted by huffman_count.h, to the byte but for
 * stuffing. For levels that were chosen here; what others chose is written by encode_jpeg.h.
 */
#ifndef PICLOG_CRUSH_ENCODE_JPEG_WRITE_H
#define PICLOG_CRUSH_ENCODE_JPEG_WRITE_H

#include "crush/encode/huffman_count.h"

struct jpeg_chosen {
    uint32_t width_px, height_px;
    int components;              /* 1 or 3 */
    int subsampled;              /* 1: chroma is 4:2:0 */
    const struct levels *levels; /* one for each component, |AC| and |DC difference| below 2^11 */
    const uint16_t
        *steps[PLANE_COUNT]; /* zig-zag, 1..255 << approx for AC, 1..255 for DC; equal pointers share a table */
    /*
     * Progressive: AC is sent without its lowest approx bits, and those never follow, except where there is no level
     * at all. The levels count steps all the same; what decoders put in place of zeros: smooth.h.
     */
    int approx;
    const struct jpeg_code *code;
};

/*
 * On success *ret_data (malloc) belongs to the caller and *ret_size_bytes is its length. CRUSH_ENOMEM. Writes a JFIF
 * header and no other metadata. Thread-safe. Cost: one pass over the levels.
 */
CRUSH_MUST_USE crush_status jpeg_write(const struct jpeg_chosen *image, unsigned char **ret_data,
                                       size_t *ret_size_bytes);

#endif
