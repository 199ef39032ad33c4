/*
 * The 8×8 discrete cosine transform (ITU-T T.81 A.3.3), whole planes at a time.
 */
#ifndef PICLOG_CRUSH_ENCODE_DCT_H
#define PICLOG_CRUSH_ENCODE_DCT_H

#include "crush/pixels/picture.h"

enum {
    BLOCK_SIZE = 64,
    NEAR_BLACK = 3, /* luma up to here, and from NEAR_WHITE on, may be coded beyond: overshoot.h */
    NEAR_WHITE = 250,
    COEFFICIENT_UNIT = 16 /* stored coefficients are 16 times those of T.81 */
};

/* Transformed blocks of one plane, row by row; a block is 64 coefficients in zig-zag order. */
struct blocks {
    int16_t *coefficients;
    uint32_t columns, rows;
};

/* Zig-zag position → natural position (row × 8 + column), T.81 figure 5. */
extern const uint8_t dct_natural_order[BLOCK_SIZE];

/* Distance of a zig-zag position from the mean: sqrt(u² + v²). */
float dct_radius(int zigzag);

/*
 * Transforms a plane; blocks over its right and lower edge are filled with the last column and row.
 * On success ret_blocks belongs to the caller: blocks_free(). CRUSH_ENOMEM otherwise. Cost: about 45 ns a block.
 */
CRUSH_MUST_USE crush_status dct_forward(const struct plane *plane, struct blocks *ret_blocks);

/* The same into blocks that the caller has made: columns and rows are set, coefficients has the room. */
void dct_forward_into(const struct plane *plane, struct blocks *blocks);

/* Reconstructs one block of T.81 coefficients (natural order) into 8 rows of pixels, clamped to 0..255. */
void dct_inverse_block(const float *coefficients, uint8_t *px, size_t stride_bytes);

/*
 * The coefficients, as blocks store them, that are nearest to a coded block (T.81 coefficients, natural order) among
 * those that decoders show as px: near-white may be anything brighter, near-black anything darker, as both are clamped.
 */
void dct_project(const uint8_t px[BLOCK_SIZE], const float coded[BLOCK_SIZE], int16_t ret_zigzag[BLOCK_SIZE]);

void blocks_free(struct blocks *blocks);

#endif
