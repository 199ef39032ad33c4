/*
 * Rate–distortion quantisation: chooses for every coefficient the level that costs least, bits and error together.
 */
#ifndef PICLOG_CRUSH_ENCODE_QUANTISE_H
#define PICLOG_CRUSH_ENCODE_QUANTISE_H

#include "crush/encode/huffman_count.h"
#include "crush/encode/tables.h"

/* Bits that symbols are expected to cost, from an earlier pass over the same component. */
struct rate {
    float ac[256];
    float dc[16]; /* with the extra bits */
    float fill;   /* of a block that is not empty: the run of blocks that it breaks */
};

/* A first guess for a component that was not quantised yet. */
void rate_guess(struct rate *ret_rate);

/* From what a pass counted, as a progressive JPEG would code it. */
void rate_learn(const struct component_count *count, struct rate *ret_rate);

/*
 * Quantises a component into levels (memory by levels_alloc for these blocks). masking: a factor for each block, or
 * NULL for 1. Cost: about 60 ns a block at 12 kB for 640×480; deterministic.
 */
void quantise(const struct blocks *blocks, const struct quantiser *quantiser, const struct rate *rate,
              const float *masking, struct levels *levels);

/*
 * How far decoders end up from blocks with these levels: squares of errors, weighed as quantise weighs them, with
 * decoders' estimates where AC is sent without its lowest bits. Cost: about 0.1 microseconds a block.
 */
double quantise_error(const struct blocks *blocks, const struct quantiser *quantiser, const float *masking,
                      const struct levels *levels);

#endif
