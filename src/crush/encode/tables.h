/* Quantisation tables: our own, libjpeg's, and how the two compare. */
#ifndef PICLOG_CRUSH_ENCODE_TABLES_H
#define PICLOG_CRUSH_ENCODE_TABLES_H

#include "crush/encode/content.h"

/* Quantisation steps of one component, zig-zag, and what an error weighs at each position. */
struct quantiser {
    uint16_t step[BLOCK_SIZE]; /* DC 1..255; AC multiples of 1 << approx, 1..255 times that */
    int approx;                /* the lowest bits of AC that are never sent, so that decoders smooth: smooth.h */
    float weight[BLOCK_SIZE];
    float lambda; /* error per bit; 0: plain rounding */
};

/*
 * The house tables for a content: s > 0 is the step of the lowest luma frequency. From some step on both tables are
 * equal, so that one is enough in the file.
 */
void tables_house(float step, const struct content *content, struct quantiser *ret_luma, struct quantiser *ret_chroma);

/* Tables K.1 and K.2 of T.81 scaled to a quality 1..100 as libjpeg does. plain: no rate–distortion. */
void tables_standard(int quality, int plain, const struct content *content, struct quantiser *ret_luma,
                     struct quantiser *ret_chroma);

/* 1 where two quantisers have the same steps. */
int tables_equal(const struct quantiser *a, const struct quantiser *b);

/* The step of the house tables that is nearest to a quality 1..100 on libjpeg's scale, and the other way round. */
float step_of_quality(int quality);
int quality_of_step(float step);

/* The quality whose table K.1 is nearest to a luma table by its mean step. steps: zig-zag. */
int quality_of_table(const uint16_t steps[BLOCK_SIZE]);

/* What is left of a DC value (T.81) when it is coded as another; white and black may be overshot, decoders clamp. */
static inline float dc_error(float value, int coded)
{
    const int black = -128 * 8, white = 127 * 8;
    return value - (float)(coded < black ? black : coded > white ? white : coded);
}

#endif
