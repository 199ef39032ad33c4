/*
 * Halving chroma: see chroma.h. Next: encode.c, which chooses.
 */
#include "crush/pixels/chroma.h"
#include "crush/pixels/scratch.h"

/* 16 times the sample between the two in the middle: a little sharper than their mean, as decoders blur. */
static inline int filter(int before, int left, int right, int after)
{
    return 9 * (left + right) - (before + after);
}

static uint32_t clamp_index(int64_t i, uint32_t count)
{
    return i < 0 ? 0 : i >= (int64_t)count ? count - 1 : (uint32_t)i;
}

static uint8_t narrow(int sum)
{
    const int value = (sum + 128) >> 8;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

crush_status chroma_halve(const struct plane *full, struct plane *ret_half)
{
    const uint32_t w = (full->width_px + 1) / 2, h = (full->height_px + 1) / 2;
    struct plane half = {0};
    int16_t *sums = scratch_alloc((2 * (size_t)w + 2) * sizeof *sums); /* one column more on both sides */
    if (!sums || plane_alloc(&half, w, h) != CRUSH_OK) {
        scratch_free(sums);
        return CRUSH_ENOMEM;
    }
    for (uint32_t y = 0; y < h; y++) {
        const uint8_t *rows[4];
        uint8_t *to = half.px + y * half.stride_bytes;
        for (int i = 0; i < 4; i++)
            rows[i] = full->px + clamp_index(2 * (int64_t)y + i - 1, full->height_px) * full->stride_bytes;
        for (uint32_t x = 0; x < full->width_px; x++)
            sums[x + 1] = (int16_t)filter(rows[0][x], rows[1][x], rows[2][x], rows[3][x]);
        sums[0] = sums[1];
        for (uint32_t x = full->width_px + 1; x < 2 * w + 2; x++)
            sums[x] = sums[full->width_px];
        for (uint32_t x = 0; x < w; x++)
            to[x] = narrow(filter(sums[2 * x], sums[2 * x + 1], sums[2 * x + 2], sums[2 * x + 3]));
    }
    scratch_free(sums);
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
