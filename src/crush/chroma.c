/*
 * Halving chroma: see chroma.h. Next: encode.c, which chooses.
 */
#include "chroma.h"

#include <stdlib.h>

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
    int16_t *sums = malloc((2 * (size_t)w + 2) * sizeof *sums); /* one column more on both sides */
    if (!sums || plane_alloc(&half, w, h) != CRUSH_OK) {
        free(sums);
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
    free(sums);
    *ret_half = half;
    return CRUSH_OK;
}

float chroma_loss(const struct plane *full, const struct plane *half)
{
    uint64_t sum = 0;
    for (uint32_t y = 0; y < full->height_px; y++) {
        const uint32_t near_y = y / 2, other = y % 2 ? near_y + 1 : near_y ? near_y - 1 : 0;
        const uint8_t *at = full->px + y * full->stride_bytes, *a = half->px + near_y * half->stride_bytes,
                      *b = half->px + (other < half->height_px ? other : near_y) * half->stride_bytes;
        uint32_t row_sum = 0;
        for (uint32_t x = 0; x < full->width_px; x++) {
            const uint32_t near_x = x / 2,
                           beside = x % 2    ? near_x + 1
                                    : near_x ? near_x - 1
                                             : 0,
                           far_x = beside < half->width_px ? beside : near_x;
            const int enlarged = (3 * (3 * a[near_x] + b[near_x]) + 3 * a[far_x] + b[far_x] + 8) >> 4;
            const int error = at[x] - enlarged;
            row_sum += (uint32_t)(error * error);
        }
        sum += row_sum;
    }
    return (float)sum / ((float)full->width_px * (float)full->height_px);
}
