/*
 * Chroma of half the size (4:2:0) against chroma as large as luma (4:4:4): how the one is made from the other, and
 * what is lost.
 */
#ifndef PICLOG_CRUSH_PIXELS_CHROMA_H
#define PICLOG_CRUSH_PIXELS_CHROMA_H

#include "crush/pixels/picture.h"

/* A chroma plane at half the size in both directions, rounded up. *ret_half belongs to the caller. CRUSH_ENOMEM. */
CRUSH_MUST_USE crush_status chroma_halve(const struct plane *full, struct plane *ret_half);

/*
 * Mean square of what is missing when a decoder enlarges a halved plane again, with the triangle filter that libjpeg
 * and the browsers use. CRUSH_ENOMEM.
 */
CRUSH_MUST_USE crush_status chroma_loss(const struct plane *full, const struct plane *half, float *ret_loss);

#endif
