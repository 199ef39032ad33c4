/* The transfer curve of sRGB, in both directions. Source: IEC 61966-2-1. */
#ifndef PICLOG_CRUSH_PIXELS_SRGB_H
#define PICLOG_CRUSH_PIXELS_SRGB_H

#include <stdint.h>

enum { SRGB_LINEAR_BITS = 14, SRGB_LINEAR_ONE = 1 << SRGB_LINEAR_BITS };

/* From a coded value to linear light, both 0 to 1. */
double srgb_decode(double v);

/* The byte for linear light of 0 to 2^14: each stands for all that is nearer to it than to its neighbours, as it is
 * encoded. */
void srgb_encoded_make(uint8_t ret_encoded[SRGB_LINEAR_ONE + 1]);

#endif
