/*
 * Quantised components: what the solver chooses, the counter counts and the writers write.
 */
#ifndef PICLOG_CRUSH_ENCODE_LEVELS_H
#define PICLOG_CRUSH_ENCODE_LEVELS_H

#include "crush/encode/dct.h"

/* One nonzero AC coefficient, quantised. */
struct level {
    int16_t value;
    uint8_t position; /* zig-zag, 1..63 */
};

/* Of a DC value rounded down or up, on the way through its row. */
struct dc_path {
    float error;
    int from_up; /* 1: the one before was rounded up */
};

enum { SMOOTH_POSITIONS = 5 }; /* zig-zag 1..5: what decoders estimate, smooth.h */

/* A quantised component: block b has the levels first[b] … first[b + 1] - 1 and the DC value dc[b]. */
struct levels {
    uint32_t columns, rows;
    int16_t *dc;
    uint32_t *first;
    struct level *ac;
    /* For quantise(), each for one row of blocks: */
    struct dc_path *path;
    float *above;       /* errors of DC */
    int16_t *estimates; /* of smooth.h */
};

/* Number of bits of a value's magnitude: T.81 "category", 0..15. */
static inline int level_size(int value)
{
    unsigned magnitude = (unsigned)(value < 0 ? -value : value);
    return 31 - __builtin_clz(2 * magnitude + 1);
}

/* 1: there is an AC level. */
static inline int levels_any(const struct levels *levels)
{
    return levels->first[levels->columns * levels->rows] > levels->first[0];
}

/* Of levels->ac. */
static inline uint32_t levels_capacity(const struct levels *levels)
{
    return levels->columns * levels->rows * (BLOCK_SIZE - 1);
}

/* Room for all levels of a component; belongs to the caller. CRUSH_ENOMEM leaves *ret_levels as it was; levels_free
 * takes zeroed ones. */
CRUSH_MUST_USE crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels);
void levels_free(struct levels *levels);

#endif
