/*
 * Inverse DCTs of 1 to 4 points over many blocks at once: every loop runs over neighbouring blocks, so that the
 * compiler makes vectors of it, with the same result on every machine. It knows nothing of files. Before: jpeg/scan.c.
 */
#include "crush/jpeg/reconstruct.h"

#include <string.h>

#include "crush/pixels/simd.h"

enum { LANES = 32 };

/* A coefficient of a flat block is 8 times its samples; those scales are in the steps here: a basis value of the
 * 8-point transform is 1/2 cos, of DC sqrt(1/8). */
static const float dc_1d = 0.35355339f;
static const float three_1 = 0.43301270f, three_2a = 0.25f, three_2b = 0.5f; /* cos(pi/6)/2, cos(pi/3)/2, 1/2 */
static const float four_1a = 0.46193977f, four_1b = 0.19134172f, four_2 = 0.35355339f; /* cos(pi/8)/2, … */

/* Turns `size` frequencies (arrays of LANES, `from_step` arrays apart) into as many points. */
static inline __attribute__((always_inline)) void points(int size, const float (*from)[LANES], size_t from_step,
                                                         float (*to)[LANES], size_t to_step)
{
    for (int i = 0; i < LANES; i++) {
        const float a = from[0][i] * dc_1d;
        if (size == 2) {
            const float b = from[from_step][i] * dc_1d; /* cos(pi/4)/2 */
            to[0][i] = a + b;
            to[to_step][i] = a - b;
        } else if (size == 3) {
            const float b = from[from_step][i] * three_1, c = from[2 * from_step][i];
            to[0][i] = a + c * three_2a + b;
            to[to_step][i] = a - c * three_2b;
            to[2 * to_step][i] = a + c * three_2a - b;
        } else {
            const float b = from[from_step][i], c = from[2 * from_step][i] * four_2, d = from[3 * from_step][i];
            const float outer = b * four_1a + d * four_1b, inner = b * four_1b - d * four_1a;
            to[0][i] = a + c + outer;
            to[to_step][i] = a - c + inner;
            to[2 * to_step][i] = a - c - inner;
            to[3 * to_step][i] = a + c - outer;
        }
    }
}

/* Where in a word of `bytes` bytes the byte that comes number i in memory is. */
static inline int byte_shift(int bytes, int i)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 8 * i : 8 * (bytes - 1 - i);
}

/* Rounds the `size` points of each block that lie in one row and stores them side by side, by way of words: storing
 * single bytes would take longer than all the arithmetic. */
static inline __attribute__((always_inline)) void row_store(int size, const float (*points)[LANES], uint8_t *to)
{
    uint32_t words[LANES];
    for (int i = 0; i < LANES; i++) {
        uint32_t word = 0;
        for (int x = 0; x < size; x++) {
            const int32_t v = (int32_t)(points[x][i] + 128.5f);
            word |= (uint32_t)(v < 0 ? 0 : v > 255 ? 255 : v) << (size == 1 ? 0 : byte_shift(size == 2 ? 2 : 4, x));
        }
        words[i] = word;
    }
    if (size == 1) {
        uint8_t bytes[LANES];
        for (int i = 0; i < LANES; i++)
            bytes[i] = (uint8_t)words[i];
        memcpy(to, bytes, sizeof bytes);
    } else if (size == 2) {
        uint16_t pairs[LANES];
        for (int i = 0; i < LANES; i++)
            pairs[i] = (uint16_t)words[i];
        memcpy(to, pairs, sizeof pairs);
    } else if (size == 3) {
        uint8_t bytes[3 * LANES + 1];
        for (int i = 0; i < LANES; i++)
            memcpy(bytes + 3 * i, &words[i], 4); /* the fourth is the next one's first */
        memcpy(to, bytes, 3 * LANES);
    } else {
        memcpy(to, words, sizeof words);
    }
}

static inline __attribute__((always_inline)) void lanes_rebuild(const struct jpeg_reconstruct *how, int size,
                                                                const int16_t *coefficients, size_t stride, uint8_t *to,
                                                                size_t to_stride)
{
    float frequency[RECONSTRUCT_SLOTS][LANES], across[RECONSTRUCT_SLOTS][LANES], point[RECONSTRUCT_SLOTS][LANES];
    for (int s = 0; s < size * size; s++) {
        const float step = how->step[s], missing = how->missing[s];
        const int16_t *from = coefficients + (size_t)s * stride;
        if (missing > 0)
            for (int i = 0; i < LANES; i++)
                frequency[s][i] = (float)from[i] * step + (from[i] > 0 ? missing : from[i] < 0 ? -missing : 0);
        else
            for (int i = 0; i < LANES; i++)
                frequency[s][i] = (float)from[i] * step;
    }
    if (size == 1) {
        for (int i = 0; i < LANES; i++)
            point[0][i] = frequency[0][i] * 0.125f;
    } else {
        for (int v = 0; v < size; v++)
            points(size, frequency + v * size, 1, across + v * size, 1);
        for (int x = 0; x < size; x++)
            points(size, across + x, (size_t)size, point + x, (size_t)size);
    }
    for (int y = 0; y < size; y++)
        row_store(size, point + y * size, to + (size_t)y * to_stride);
}

/* Constant sizes, so that each becomes straight code. */
static inline __attribute__((always_inline)) void
lanes_of(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride, uint8_t *to, size_t to_stride)
{
    switch (how->size) {
    case 1: lanes_rebuild(how, 1, coefficients, stride, to, to_stride); break;
    case 2: lanes_rebuild(how, 2, coefficients, stride, to, to_stride); break;
    case 3: lanes_rebuild(how, 3, coefficients, stride, to, to_stride); break;
    default: lanes_rebuild(how, 4, coefficients, stride, to, to_stride); break;
    }
}

static inline __attribute__((always_inline)) void row_rebuild(const struct jpeg_reconstruct *how,
                                                              const int16_t *coefficients, size_t stride,
                                                              uint32_t count, uint8_t *to, size_t to_stride)
{
    const size_t size = (size_t)how->size;
    uint32_t at = 0;
    for (; at + LANES <= count; at += LANES)
        lanes_of(how, coefficients + at, stride, to + at * size, to_stride);
    if (at == count)
        return;
    int16_t rest[RECONSTRUCT_SLOTS * LANES] = {0};
    uint8_t bytes[4 * 4 * LANES];
    for (size_t s = 0; s < size * size; s++)
        memcpy(rest + s * LANES, coefficients + s * stride + at, (count - at) * sizeof *rest);
    lanes_of(how, rest, LANES, bytes, 4 * LANES);
    for (size_t y = 0; y < size; y++)
        memcpy(to + y * to_stride + at * size, bytes + y * 4 * LANES, (count - at) * size);
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void row_avx2(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride,
                               uint32_t count, uint8_t *to, size_t to_stride)
{
    row_rebuild(how, coefficients, stride, count, to, to_stride);
}
#endif

void jpeg_reconstruct_row(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride,
                          uint32_t count, uint8_t *to, size_t to_stride)
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        row_avx2(how, coefficients, stride, count, to, to_stride);
        return;
    }
#endif
    row_rebuild(how, coefficients, stride, count, to, to_stride);
}
