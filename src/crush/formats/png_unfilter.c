/*
 * Undoing the filters of PNG rows: see png_unfilter.h. A pixel needs the one before it, so a row by itself waits for
 * every sum. Four rows as a wave do not: while the first is at pixel t the second is at t - 1, which needs just what
 * the first had there. One vector holds the four pixels, each in 16 bits a channel, and one step of the wave moves them
 * all; the filters differ from row to row, so all are computed and masks choose. Refuses filters that there are none
 * of. Read next: png_rows.c.
 */
#include "crush/formats/png_unfilter.h"

#include <stdlib.h>
#include <string.h>

#include "crush/pixels/simd.h"

enum filter { FILTER_NONE, FILTER_SUB, FILTER_UP, FILTER_AVERAGE, FILTER_PAETH, FILTER_COUNT };

/* ---- A row by itself ------------------------------------------------------------------------------ */

static uint8_t paeth(int left, int above, int corner)
{
    const int to_left = abs(above - corner), to_above = abs(left - corner), to_corner = abs(left + above - 2 * corner);
    if (to_left <= to_above && to_left <= to_corner)
        return (uint8_t)left;
    return (uint8_t)(to_above <= to_corner ? above : corner);
}

static void row_portable(enum filter filter, const uint8_t *raw, const uint8_t *above, size_t row_bytes, size_t step,
                         uint8_t *to)
{
    /* what stands left of the row is 0 */
    switch (filter) {
    case FILTER_SUB:
        memcpy(to, raw, step);
        for (size_t i = step; i < row_bytes; i++)
            to[i] = (uint8_t)(raw[i] + to[i - step]);
        break;
    case FILTER_UP:
        for (size_t i = 0; i < row_bytes; i++)
            to[i] = (uint8_t)(raw[i] + above[i]);
        break;
    case FILTER_AVERAGE:
        for (size_t i = 0; i < step; i++)
            to[i] = (uint8_t)(raw[i] + above[i] / 2);
        for (size_t i = step; i < row_bytes; i++)
            to[i] = (uint8_t)(raw[i] + (to[i - step] + above[i]) / 2);
        break;
    case FILTER_PAETH:
        for (size_t i = 0; i < step; i++)
            to[i] = (uint8_t)(raw[i] + above[i]);
        for (size_t i = step; i < row_bytes; i++)
            to[i] = (uint8_t)(raw[i] + paeth(to[i - step], above[i], above[i - step]));
        break;
    case FILTER_NONE:
    case FILTER_COUNT: memcpy(to, raw, row_bytes); break;
    }
}

/* ---- Four as a wave ------------------------------------------------------------------------------- */

#ifdef SIMD_AVX2

/* What four rows are, a lane of 64 bits each. */
struct wave {
    const uint8_t *raw[4];
    const uint8_t *above;
    uint8_t *to[4];
    size_t pixels, step;
    __m256i masks[FILTER_COUNT];
    __m256i left, above_left; /* the sums of the step before, and what stood over them */
};

static inline uint32_t load_32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Is row i at a pixel of its own when the first is at t? */
static inline int is_on(const struct wave *w, size_t t, size_t i)
{
    return t >= i && t - i < w->pixels;
}

/* all: every row is at a pixel. Else only those that are, and the others stay 0. */
SIMD_AVX2 static inline void wave_step(struct wave *w, size_t t, int all)
{
    uint32_t raw[4] = {0};
    for (size_t i = 0; i < 4; i++)
        if (all || is_on(w, t, i))
            raw[i] = load_32(w->raw[i] + (t - i) * w->step);
    const __m256i filtered = _mm256_cvtepu8_epi16(_mm_setr_epi32((int)raw[0], (int)raw[1], (int)raw[2], (int)raw[3]));
    /* over each row is the one before it, a step ago; over the first what was there */
    const uint32_t over = all || t < w->pixels ? load_32(w->above + t * w->step) : 0;
    const __m256i above = _mm256_blend_epi32(_mm256_permute4x64_epi64(w->left, 0x90),
                                             _mm256_cvtepu8_epi16(_mm_cvtsi32_si128((int)over)), 0x03);
    const __m256i left = w->left, corner = w->above_left;
    const __m256i up_slope = _mm256_sub_epi16(above, corner), left_slope = _mm256_sub_epi16(left, corner);
    const __m256i to_left = _mm256_abs_epi16(up_slope), to_above = _mm256_abs_epi16(left_slope);
    const __m256i to_corner = _mm256_abs_epi16(_mm256_add_epi16(up_slope, left_slope));
    const __m256i least = _mm256_min_epi16(to_corner, _mm256_min_epi16(to_left, to_above));
    const __m256i nearest = _mm256_blendv_epi8(_mm256_blendv_epi8(corner, above, _mm256_cmpeq_epi16(least, to_above)),
                                               left, _mm256_cmpeq_epi16(least, to_left));
    const __m256i average = _mm256_srli_epi16(_mm256_add_epi16(left, above), 1);
    const __m256i guess = _mm256_or_si256(
        _mm256_or_si256(_mm256_and_si256(left, w->masks[FILTER_SUB]), _mm256_and_si256(above, w->masks[FILTER_UP])),
        _mm256_or_si256(_mm256_and_si256(average, w->masks[FILTER_AVERAGE]),
                        _mm256_and_si256(nearest, w->masks[FILTER_PAETH])));
    __m256i sum = _mm256_and_si256(_mm256_add_epi16(filtered, guess), _mm256_set1_epi16(255));
    if (!all)
        sum = _mm256_and_si256(sum,
                               _mm256_setr_epi64x(-is_on(w, t, 0), -is_on(w, t, 1), -is_on(w, t, 2), -is_on(w, t, 3)));
    const __m256i bytes = _mm256_packus_epi16(sum, sum);
    const __m128i low = _mm256_castsi256_si128(bytes), high = _mm256_extracti128_si256(bytes, 1);
    const uint32_t done[4] = {(uint32_t)_mm_cvtsi128_si32(low), (uint32_t)_mm_extract_epi32(low, 1),
                              (uint32_t)_mm_cvtsi128_si32(high), (uint32_t)_mm_extract_epi32(high, 1)};
    for (size_t i = 0; i < 4; i++)
        if (all || is_on(w, t, i))
            memcpy(w->to[i] + (t - i) * w->step, &done[i],
                   sizeof done[i]); /* a pixel may be shorter; the next overwrites */
    w->left = sum;
    w->above_left = above;
}

SIMD_AVX2 static void wave_run(const uint8_t *raw, const uint8_t *above, size_t row_bytes, size_t step, uint8_t *to,
                               size_t to_stride)
{
    struct wave w = {.above = above,
                     .pixels = row_bytes / step,
                     .step = step,
                     .left = _mm256_setzero_si256(),
                     .above_left = _mm256_setzero_si256()};
    int64_t masks[FILTER_COUNT][4] = {{0}};
    for (size_t i = 0; i < 4; i++) {
        const uint8_t *row = raw + i * (row_bytes + 1);
        w.raw[i] = row + 1;
        w.to[i] = to + i * to_stride;
        masks[row[0]][i] = -1;
    }
    for (int i = 0; i < FILTER_COUNT; i++)
        w.masks[i] = _mm256_loadu_si256((const __m256i *)(const void *)masks[i]);
    size_t t = 0;
    for (; t < 3; t++)
        wave_step(&w, t, 0);
    for (; t < w.pixels; t++)
        wave_step(&w, t, 1);
    for (; t < w.pixels + 3; t++)
        wave_step(&w, t, 0);
}

#endif

/* Is it worth a wave? Rows that need nothing left of them are vectors by themselves. */
static int is_wave(const uint8_t *raw, uint32_t count, size_t row_bytes, int pixel_bytes)
{
    int waiting = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t filter = raw[i * (row_bytes + 1)];
        waiting += filter == FILTER_SUB || filter == FILTER_AVERAGE || filter == FILTER_PAETH;
    }
    return count == PNG_UNFILTER_ROWS && waiting > 1 && pixel_bytes <= 4;
}

int png_unfilter(const uint8_t *raw, const uint8_t *above, uint32_t count, size_t row_bytes, int pixel_bytes,
                 uint8_t *to, size_t to_stride)
{
    for (uint32_t i = 0; i < count; i++)
        if (raw[i * (row_bytes + 1)] >= FILTER_COUNT)
            return 0;
#ifdef SIMD_AVX2
    if (simd_has_avx2() && is_wave(raw, count, row_bytes, pixel_bytes)) {
        wave_run(raw, above, row_bytes, (size_t)pixel_bytes, to, to_stride);
        return 1;
    }
#else
    (void)is_wave;
#endif
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *row = raw + i * (row_bytes + 1);
        row_portable((enum filter)row[0], row + 1, i ? to + (i - 1) * to_stride : above, row_bytes, (size_t)pixel_bytes,
                     to + i * to_stride);
    }
    return 1;
}
