/*
 * Counts what a JPEG would weigh, to the bit, without writing it (ITU-T T.81 annexes F, G and K.2).
 * Only the stuffing of 0xFF bytes is an estimate.
 */
#ifndef PICLOG_CRUSH_ENCODE_HUFFMAN_COUNT_H
#define PICLOG_CRUSH_ENCODE_HUFFMAN_COUNT_H

#include "crush/encode/levels.h"

/* Symbols and the extra bits that follow them, of one Huffman table. */
struct symbols {
    uint32_t count[256];
    uint64_t extra_bits;
};

/*
 * How a picture is cut into scans. Luma by itself beats interleaving for DC prediction; the DC of both chroma
 * components shares a scan, their AC shares a table: at these sizes a table costs as much as a hundred coefficients.
 * A scan of AC without any level says that there is none; where it is left out, viewers smooth (smooth.h).
 */
enum layout {
    LAYOUT_BASELINE = 0,      /* one interleaved scan, two pairs of tables */
    LAYOUT_PROGRESSIVE,       /* DC scans, then one AC scan for each component */
    LAYOUT_PROGRESSIVE_SPLIT, /* the same with luma AC in two scans, 1..SPLIT_POSITION and the rest */
    LAYOUT_COUNT
};
enum { SPLIT_POSITION = 5 };

/* Huffman tables by what they code. */
enum table { TABLE_DC_LUMA = 0, TABLE_DC_CHROMA, TABLE_AC_LUMA, TABLE_AC_CHROMA, TABLE_AC_LUMA_HIGH, TABLE_COUNT };

/* A layout with its tables. */
struct jpeg_code {
    enum layout layout;
    uint8_t use[TABLE_COUNT];          /* the table that stands for this one: itself or an earlier */
    uint8_t lengths[TABLE_COUNT][256]; /* of the codes; all 0: there is no such table */
    uint8_t has_ac[3];                 /* by component: 0: never sent */
};

/* Optimal code lengths (K.2, at most 16 bits; 0: symbol unused). Returns the number of symbols. */
int huffman_lengths(const uint32_t count[256], uint8_t ret_lengths[256]);

/* What one component takes, however it is cut into scans. */
struct component_count {
    struct symbols dc;   /* differences in raster order */
    struct symbols ac;   /* run and size of the levels; no end of block */
    struct symbols runs; /* progressive: runs of blocks that end */
    uint32_t ends;       /* baseline: blocks that end before position 63 */
    uint32_t filled;     /* blocks with any level */
};

/* Cost: one pass over the levels. */
void count_component(const struct levels *levels, struct component_count *ret_count);

/* Makes what was counted over some rows of blocks stand for more. */
void count_scale(struct component_count *count, uint32_t rows, uint32_t counted_rows);

/* A picture to be counted. */
struct counted {
    const struct levels *levels;          /* one for each component */
    const struct component_count *counts; /* the same */
    int components;                       /* 1 (gray) or 3 */
    int subsampled;                       /* 1: chroma is 4:2:0 */
    int tables;                           /* of quantisation */
    int smoothed[PLANE_COUNT]; /* 1: progressive, AC without any level is never sent, so that viewers smooth */
};

/*
 * Size in bytes of the whole file in a layout, and the code for jpeg_write. Cost: some Huffman tables;
 * LAYOUT_PROGRESSIVE_SPLIT two more passes over the levels of luma.
 */
size_t count_jpeg_bytes(const struct counted *image, enum layout layout, struct jpeg_code *ret_code);

#endif
