/*
 * Rate–distortion quantisation: chooses for every coefficient the level that costs least, bits and error together.
 */
#ifndef PICLOG_CRUSH_QUANTISE_H
#define PICLOG_CRUSH_QUANTISE_H

#include "huffman_count.h"

/* Quantisation steps of one component, zig-zag, 1..255, and what an error weighs at each position. */
struct quantiser {
    uint16_t step[BLOCK_SIZE];
    float weight[BLOCK_SIZE];
    float lambda; /* error per bit; 0: plain rounding */
};

/* Bits that symbols are expected to cost, from an earlier pass over the same component. */
struct rate {
    float ac[256];
    float end_of_block;
};

/*
 * The house tables: flat-ish luma, finer chroma, for a step s > 0 of the lowest luma frequency.
 * Fills luma and chroma.
 */
void quantiser_house(float step, struct quantiser *ret_luma, struct quantiser *ret_chroma);

/* Tables K.1 and K.2 of T.81 scaled to a quality 1..100 as libjpeg does. plain: no rate–distortion. */
void quantiser_standard(int quality, int plain, struct quantiser *ret_luma, struct quantiser *ret_chroma);

/* The quality on libjpeg's scale whose table is nearest to the house table of a step, and the step of a quality. */
int quality_of_step(float step);
float step_of_quality(int quality);

/* The quality whose table K.1 is nearest to a luma table by its mean step. steps: zig-zag. */
int quality_of_table(const uint16_t steps[BLOCK_SIZE]);

/*
 * Visual masking: for each block of luma a factor on the weight of its errors, 1 on average (geometric mean); an
 * error shows less where there is texture. ret_factors holds columns × rows floats.
 */
void masking_measure(const struct blocks *luma, float *ret_factors);

/* A first guess for a component that was not quantised yet. */
void rate_guess(struct rate *ret_rate);

/* From what a pass counted: an AC scan of a component as progressive JPEG. */
void rate_learn(const struct levels *levels, struct rate *ret_rate);

/*
 * Quantises a component into levels (memory by levels_alloc for these blocks). masking: a factor for each block, or
 * NULL for 1. Cost: about 150 ns a block at 12 kB for 640×480; deterministic.
 */
void quantise(const struct blocks *blocks, const struct quantiser *quantiser, const struct rate *rate,
              const float *masking, struct levels *levels);

CRUSH_MUST_USE crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels);
void levels_free(struct levels *levels);

#endif
