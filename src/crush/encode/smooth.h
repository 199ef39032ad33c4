/*
 * What decoders put in place of zeros: libjpeg and its descendants, and with them the browsers, estimate the five
 * lowest AC coefficients from the DC values around ("block smoothing", after ITU-T T.81 K.8) where a progressive JPEG
 * ends before all bits were sent. A picture that counts on it needs fewer bits for its soft gradients. Decoders that do
 * not smooth show zeros, as ever.
 */
#ifndef PICLOG_CRUSH_ENCODE_SMOOTH_H
#define PICLOG_CRUSH_ENCODE_SMOOTH_H

#include "crush/encode/levels.h"

/*
 * The estimates for one row of blocks whose AC is sent without its lowest approx bits (1 or more): SMOOTH_POSITIONS
 * values for each block, as T.81 coefficients. step: zig-zag, multiples of 1 << approx but for DC. Needs levels->dc of
 * all rows. Cost: about 20 ns a block. Source: libjpeg-turbo 2.1 and later; older ones look at fewer neighbours.
 */
void smooth_predict_row(const struct levels *levels, uint32_t row, const uint16_t step[BLOCK_SIZE], int approx,
                        int16_t *ret_values);

/*
 * Whether a component without any AC level is shown nearer to what is wanted when its AC is never sent, so that viewers
 * estimate it, than when an empty scan tells them that it is zero: 1 where that holds for both forms of smoothing that
 * are about. step: zig-zag. Cost: about 0.2 microseconds a block. Source: libjpeg-turbo 2.1 and later (5 × 5 blocks,
 * the means too), and before (3 × 3).
 */
int smooth_helps(const struct blocks *wanted, const struct levels *levels, const uint16_t step[BLOCK_SIZE]);

#endif
