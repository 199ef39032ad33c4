/* From low-frequency coefficients to samples: an inverse DCT of the size that is wanted. */
#ifndef PICLOG_CRUSH_JPEG_RECONSTRUCT_H
#define PICLOG_CRUSH_JPEG_RECONSTRUCT_H

#include <stddef.h>
#include <stdint.h>

enum { RECONSTRUCT_SIZE_MAX = 8, RECONSTRUCT_SLOTS = RECONSTRUCT_SIZE_MAX * RECONSTRUCT_SIZE_MAX };

/* 1 for the sizes that blocks can be rebuilt at. */
static inline int jpeg_reconstruct_has(int size)
{
    return (size >= 1 && size <= 6) || size == RECONSTRUCT_SIZE_MAX;
}

/* 1 for the frequencies u across and v down that blocks of size × size samples are rebuilt from: half of 3 × 3 to
 * 6 × 6 would cost a fifth of the time and could hardly be seen. */
static inline int jpeg_reconstruct_keeps(int size, int u, int v)
{
    return u < size && v < size && (size == RECONSTRUCT_SIZE_MAX || u + v <= (size == 3 ? 2 : size));
}

struct jpeg_reconstruct {
    int size;                         /* as jpeg_reconstruct_has says */
    float step[RECONSTRUCT_SLOTS];    /* by slot: quantisation */
    float missing[RECONSTRUCT_SLOTS]; /* added to what is not zero: half of the bits that were not read */
};

/*
 * Rebuilds `count` neighbouring blocks, coefficients of slot s from coefficients + s * stride on, as size rows of
 * count × size samples from `to` on, to_stride bytes apart. Values are rounded to nearest and clamped to 0..255.
 * Exact to 1e-3 before rounding for |coefficient × step| up to 2^13.
 */
void jpeg_reconstruct_row(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride,
                          uint32_t count, uint8_t *to, size_t to_stride);

#endif
