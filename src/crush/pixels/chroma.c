/*
 * Halving chroma: see chroma.h. Next: encode.c, which chooses.
 */
#include "crush/pixels/chroma.h"
#include "crush/pixels/scratch.h"
#include "crush/pixels/simd.h"

enum { TAPS = 4 };

static uint32_t clamp_index(int64_t i, uint32_t count)
{
    return i < 0 ? 0 : i >= (int64_t)count ? count - 1 : (uint32_t)i;
}

/* 16 times the sample between the two in the middle: a little sharper than their mean, as decoders blur. */
static inline __attribute__((always_inline)) int32_t filter(int32_t before, int32_t left, int32_t right, int32_t after)
{
    return 9 * (left + right) - (before + after);
}

static inline __attribute__((always_inline)) uint16_t both(const uint8_t *px, const uint8_t *fine, uint32_t x)
{
    return (uint16_t)(px[x] << 8 | (fine ? fine[x] : FINE_NONE));
}

/* Where halving is: samples are px and fine as one number. */
struct halving {
    const struct plane *full, *half;
    uint16_t *left, *right; /* of where the halved row's samples are, in a row; one more beyond left's end, */
    int32_t *rows;          /* one more before right; and the last TAPS rows, halved across: 16 times samples */
    uint32_t filtered;      /* rows so far */
};

static inline __attribute__((always_inline)) void row_filter(struct halving *h)
{
    const uint32_t width = h->full->width_px, n = h->half->width_px;
    const size_t at = h->filtered * h->full->stride_bytes;
    const uint8_t *px = h->full->px + at, *fine = h->full->fine ? h->full->fine + at : NULL;
    int32_t *row = h->rows + (size_t)(h->filtered++ % TAPS) * n;
    uint16_t *restrict left = h->left, *restrict right = h->right;
    for (uint32_t x = 0; x < width / 2; x++) {
        left[x] = both(px, fine, 2 * x);
        right[x] = both(px, fine, 2 * x + 1);
    }
    left[n] = both(px, fine, width - 1); /* the edge goes on */
    if (width % 2)
        left[n - 1] = right[n - 1] = left[n];
    right[-1] = left[0];
    for (uint32_t x = 0; x < n; x++)
        row[x] = filter(right[(ptrdiff_t)x - 1], left[x], right[x], left[x + 1]);
}

static inline __attribute__((always_inline)) void rows_halve(struct halving *h)
{
    const struct plane *full = h->full, *half = h->half;
    const uint32_t n = half->width_px;
    for (uint32_t y = 0; y < half->height_px; y++) {
        const int32_t *rows[TAPS];
        const size_t at = y * half->stride_bytes;
        while (h->filtered < full->height_px && h->filtered < 2 * y + TAPS - 1)
            row_filter(h);
        for (int i = 0; i < TAPS; i++)
            rows[i] = h->rows + (size_t)(clamp_index(2 * (int64_t)y + i - 1, full->height_px) % TAPS) * n;
        for (uint32_t x = 0; x < n; x++) /* the half that plane_split rounds with is in it */
            plane_split(filter(rows[0][x], rows[1][x], rows[2][x], rows[3][x]) - 256 * FINE_NONE, &half->px[at + x],
                        &half->fine[at + x]);
    }
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void rows_halve_avx2(struct halving *h)
{
    rows_halve(h);
}
#endif

crush_status chroma_halve(const struct plane *full, struct plane *ret_half)
{
    const uint32_t w = (full->width_px + 1) / 2, h = (full->height_px + 1) / 2;
    struct plane half = {0};
    uint16_t *samples = scratch_alloc(2 * ((size_t)w + 1) * sizeof *samples);
    int32_t *rows = scratch_alloc(TAPS * (size_t)w * sizeof *rows);
    if (!samples || !rows || plane_alloc_fine(&half, w, h) != CRUSH_OK) {
        scratch_free(samples);
        scratch_free(rows);
        return CRUSH_ENOMEM;
    }
    struct halving halving = {full, &half, samples, samples + w + 2, rows, 0};
#if defined(SIMD_AVX2)
    if (simd_has_avx2())
        rows_halve_avx2(&halving);
    else
#endif
        rows_halve(&halving);
    scratch_free(samples);
    scratch_free(rows);
    *ret_half = half;
    return CRUSH_OK;
}

/* Squares of what one row lacks when it is made from two rows of half the width, the nearer first: 9, 3, 3 and 1 parts.
 */
static uint32_t row_loss(const uint8_t *full, uint32_t width_px, const uint8_t *nearer, const uint8_t *farther,
                         uint32_t half_px, int16_t *blend)
{
    uint32_t sum = 0;
    int16_t *at = blend + 1; /* one sample more on both sides */
    for (uint32_t x = 0; x < half_px; x++)
        at[x] = (int16_t)(3 * nearer[x] + farther[x]);
    at[-1] = at[0];
    at[half_px] = at[half_px - 1];
    for (uint32_t x = 0; x < width_px / 2; x++) {
        const int left = full[2 * x] - ((3 * at[x] + at[(int)x - 1] + 8) >> 4);
        const int right = full[2 * x + 1] - ((3 * at[x] + at[x + 1] + 8) >> 4);
        sum += (uint32_t)(left * left + right * right);
    }
    if (width_px % 2) {
        const int last = full[width_px - 1] - ((3 * at[half_px - 1] + at[(int)half_px - 2] + 8) >> 4);
        sum += (uint32_t)(last * last);
    }
    return sum;
}

crush_status chroma_loss(const struct plane *full, const struct plane *half, float *ret_loss)
{
    uint64_t sum = 0;
    int16_t *blend = scratch_alloc(((size_t)half->width_px + 2) * sizeof *blend);
    if (!blend)
        return CRUSH_ENOMEM;
    for (uint32_t y = 0; y < full->height_px; y++) {
        const uint32_t nearer = y / 2, farther = clamp_index((int64_t)nearer + (y % 2 ? 1 : -1), half->height_px);
        sum += row_loss(full->px + y * full->stride_bytes, full->width_px, half->px + nearer * half->stride_bytes,
                        half->px + farther * half->stride_bytes, half->width_px, blend);
    }
    scratch_free(blend);
    *ret_loss = (float)sum / ((float)full->width_px * (float)full->height_px);
    return CRUSH_OK;
}
