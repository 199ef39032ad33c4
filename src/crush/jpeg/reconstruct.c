/*
 * Inverse DCTs of 1 to 6 and 8 points over many blocks at once: every loop runs over neighbouring blocks, so that the
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
static const float five_1a = 0.47552826f, five_1b = 0.29389263f;                     /* cos(pi/10)/2, cos(3 pi/10)/2 */
static const float five_2a = 0.40450850f, five_2b = 0.15450850f;                     /* cos(pi/5)/2, cos(2 pi/5)/2 */
static const float six_1a = 0.48296291f, six_1b = 0.35355339f, six_1c = 0.12940952f; /* cos(pi/12)/2, … 3, … 5 */
static const float eight_1 = 0.49039264f, eight_3 = 0.41573481f, eight_5 = 0.27778512f, eight_7 = 0.09754516f;

typedef float lanes[LANES];

/* Turns `size` frequencies (`step` arrays apart) into as many points, in place. */
static inline __attribute__((always_inline)) void points(int size, lanes *at, size_t step)
{
    for (int i = 0; i < LANES; i++) {
        const float a = at[0][i] * dc_1d, b = at[step][i];
        const float c = size > 2 ? at[2 * step][i] : 0, d = size > 3 ? at[3 * step][i] : 0;
        if (size == 2) {
            at[0][i] = a + b * dc_1d; /* cos(pi/4)/2 */
            at[step][i] = a - b * dc_1d;
        } else if (size == 3) {
            const float odd = b * three_1;
            at[0][i] = a + c * three_2a + odd;
            at[step][i] = a - c * three_2b;
            at[2 * step][i] = a + c * three_2a - odd;
        } else if (size == 4) {
            const float even = c * four_2, outer = b * four_1a + d * four_1b, inner = b * four_1b - d * four_1a;
            at[0][i] = a + even + outer;
            at[step][i] = a - even + inner;
            at[2 * step][i] = a - even - inner;
            at[3 * step][i] = a + even - outer;
        } else if (size == 5) {
            const float e = at[4 * step][i];
            const float outer = a + c * five_2a + e * five_2b, inner = a - c * five_2b - e * five_2a;
            const float outer_odd = b * five_1a + d * five_1b, inner_odd = b * five_1b - d * five_1a;
            at[0][i] = outer + outer_odd;
            at[step][i] = inner + inner_odd;
            at[2 * step][i] = a + (e - c) * three_2b;
            at[3 * step][i] = inner - inner_odd;
            at[4 * step][i] = outer - outer_odd;
        } else if (size == 6) {
            const float e = at[4 * step][i], f = at[5 * step][i];
            const float outer = a + e * three_2a + c * three_1, middle = a - e * three_2b,
                        inner = a + e * three_2a - c * three_1;
            const float outer_odd = b * six_1a + d * six_1b + f * six_1c, middle_odd = (b - d - f) * six_1b,
                        inner_odd = b * six_1c - d * six_1b + f * six_1a;
            at[0][i] = outer + outer_odd;
            at[step][i] = middle + middle_odd;
            at[2 * step][i] = inner + inner_odd;
            at[3 * step][i] = inner - inner_odd;
            at[4 * step][i] = middle - middle_odd;
            at[5 * step][i] = outer - outer_odd;
        } else {
            const float e = at[4 * step][i] * dc_1d, f = at[5 * step][i], g = at[6 * step][i], h = at[7 * step][i];
            const float sum = a + e, difference = a - e, wide = c * four_1a + g * four_1b,
                        narrow = c * four_1b - g * four_1a;
            const float even[4] = {sum + wide, difference + narrow, difference - narrow, sum - wide};
            const float odd[4] = {b * eight_1 + d * eight_3 + f * eight_5 + h * eight_7,
                                  b * eight_3 - d * eight_7 - f * eight_1 - h * eight_5,
                                  b * eight_5 - d * eight_1 + f * eight_7 + h * eight_3,
                                  b * eight_7 - d * eight_5 + f * eight_3 - h * eight_1};
            for (size_t x = 0; x < 4; x++) {
                at[x * step][i] = even[x] + odd[x];
                at[(7 - x) * step][i] = even[x] - odd[x];
            }
        }
    }
}

/* Where in a word of `bytes` bytes the byte that comes number i in memory is. */
static inline int byte_shift(int bytes, int i)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 8 * i : 8 * (bytes - 1 - i);
}

/* Rounds points first … end - 1 of each block into a word. */
static inline __attribute__((always_inline)) void words_make(int bytes, int first, int end, const lanes *points,
                                                             uint32_t words[LANES])
{
    for (int i = 0; i < LANES; i++) {
        uint32_t word = 0;
        for (int x = first; x < end; x++) {
            const int32_t v = (int32_t)(points[x][i] + 128.5f);
            word |= (uint32_t)(v < 0 ? 0 : v > 255 ? 255 : v) << byte_shift(bytes, x - first);
        }
        words[i] = word;
    }
}

/* Rounds the `size` points of each block that lie in one row and stores them side by side, by way of words: storing
 * single bytes would take longer than all the arithmetic. */
static inline __attribute__((always_inline)) void row_store(int size, const lanes *points, uint8_t *to)
{
    uint32_t words[LANES], more[LANES];
    if (size == 1) {
        uint8_t bytes[LANES];
        words_make(1, 0, 1, points, words);
        for (int i = 0; i < LANES; i++)
            bytes[i] = (uint8_t)words[i];
        memcpy(to, bytes, sizeof bytes);
    } else if (size == 2) {
        uint16_t pairs[LANES];
        words_make(2, 0, 2, points, words);
        for (int i = 0; i < LANES; i++)
            pairs[i] = (uint16_t)words[i];
        memcpy(to, pairs, sizeof pairs);
    } else if (size == 3) {
        uint8_t bytes[3 * LANES + 1];
        words_make(4, 0, 3, points, words);
        for (int i = 0; i < LANES; i++)
            memcpy(bytes + 3 * i, &words[i], 4); /* the fourth is the next one's first */
        memcpy(to, bytes, 3 * LANES);
    } else if (size == 4) {
        words_make(4, 0, 4, points, words);
        memcpy(to, words, sizeof words);
    } else {
        uint8_t bytes[8 * LANES + 3];
        words_make(4, 0, 4, points, words);
        words_make(4, 4, size, points, more);
        for (int i = 0; i < LANES; i++) { /* what stands behind a block's samples is overwritten by the next */
            memcpy(bytes + size * i, &words[i], 4);
            memcpy(bytes + size * i + 4, &more[i], 4);
        }
        memcpy(to, bytes, (size_t)size * LANES);
    }
}

static inline __attribute__((always_inline)) void lanes_rebuild(const struct jpeg_reconstruct *how, int size,
                                                                const int16_t *coefficients, size_t stride, uint8_t *to,
                                                                size_t to_stride)
{
    lanes at[RECONSTRUCT_SLOTS]; /* frequencies, then points */
    for (int s = 0; s < size * size; s++) {
        const float step = how->step[s], missing = how->missing[s];
        const int16_t *from = coefficients + (size_t)s * stride;
        if (missing > 0)
            for (int i = 0; i < LANES; i++)
                at[s][i] = (float)from[i] * step + (from[i] > 0 ? missing : from[i] < 0 ? -missing : 0);
        else
            for (int i = 0; i < LANES; i++)
                at[s][i] = (float)from[i] * step;
    }
    if (size == 1) {
        for (int i = 0; i < LANES; i++)
            at[0][i] *= 0.125f;
    } else {
        for (int v = 0; v < size; v++)
            points(size, at + v * size, 1);
        for (int x = 0; x < size; x++)
            points(size, at + x, (size_t)size);
    }
    for (int y = 0; y < size; y++)
        row_store(size, at + y * size, to + (size_t)y * to_stride);
}

/* Constant sizes, so that each becomes straight code. */
static inline __attribute__((always_inline)) void
lanes_of(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride, uint8_t *to, size_t to_stride)
{
    switch (how->size) {
    case 1: lanes_rebuild(how, 1, coefficients, stride, to, to_stride); break;
    case 2: lanes_rebuild(how, 2, coefficients, stride, to, to_stride); break;
    case 3: lanes_rebuild(how, 3, coefficients, stride, to, to_stride); break;
    case 4: lanes_rebuild(how, 4, coefficients, stride, to, to_stride); break;
    case 5: lanes_rebuild(how, 5, coefficients, stride, to, to_stride); break;
    case 6: lanes_rebuild(how, 6, coefficients, stride, to, to_stride); break;
    default: lanes_rebuild(how, 8, coefficients, stride, to, to_stride); break;
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
    int16_t rest[RECONSTRUCT_SLOTS * LANES];
    uint8_t bytes[RECONSTRUCT_SLOTS * LANES];
    for (size_t s = 0; s < size * size; s++) {
        memcpy(rest + s * LANES, coefficients + s * stride + at, (count - at) * sizeof *rest);
        memset(rest + s * LANES + (count - at), 0, (LANES - (count - at)) * sizeof *rest);
    }
    lanes_of(how, rest, LANES, bytes, RECONSTRUCT_SIZE_MAX * LANES);
    for (size_t y = 0; y < size; y++)
        memcpy(to + y * to_stride + at * size, bytes + y * RECONSTRUCT_SIZE_MAX * LANES, (count - at) * size);
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
