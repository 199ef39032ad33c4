/* Block smoothing as decoders do it: see smooth.h. Next: quantise.c, which counts on it. */
#include "crush/encode/smooth.h"

/* Divides without a division: exact for magnitudes below 2^26 and units of a byte. */
enum { RECIPROCAL_BITS = 43 };

static uint64_t reciprocal_of(int divisor)
{
    return (((uint64_t)1 << RECIPROCAL_BITS) + (uint64_t)divisor - 1) / (uint64_t)divisor;
}

/* The estimate of one coefficient. sum: weighted DC levels, 256 times the estimate; reciprocal: of 256 units. */
static inline int16_t estimate(int sum, int dc_step, int unit, uint64_t reciprocal, int most)
{
    const int magnitude = (sum < 0 ? -sum : sum) * dc_step;
    const int value = (int)((uint64_t)(128 * unit + magnitude) * reciprocal >> RECIPROCAL_BITS);
    const int at_most = value > most ? most : value;
    return (int16_t)((sum < 0 ? -at_most : at_most) * unit);
}

void smooth_predict_row(const struct levels *levels, uint32_t row, const uint16_t step[BLOCK_SIZE], int approx,
                        int16_t *ret_values)
{
    const uint32_t columns = levels->columns, last_row = levels->rows - 1, last = columns - 1;
    const int16_t *up2 = levels->dc + (size_t)(row > 1 ? row - 2 : 0) * columns;
    const int16_t *up1 = levels->dc + (size_t)(row > 0 ? row - 1 : 0) * columns;
    const int16_t *mid = levels->dc + (size_t)row * columns;
    const int16_t *down1 = levels->dc + (size_t)(row < last_row ? row + 1 : last_row) * columns;
    const int16_t *down2 = levels->dc + (size_t)(row + 2 < last_row ? row + 2 : last_row) * columns;
    const int most = (1 << approx) - 1;
    uint64_t reciprocals[SMOOTH_POSITIONS];
    for (int i = 0; i < SMOOTH_POSITIONS; i++)
        reciprocals[i] = reciprocal_of(256 * (step[1 + i] >> approx));
    for (uint32_t x = 0; x < columns; x++, ret_values += SMOOTH_POSITIONS) {
        const uint32_t l1 = x > 0 ? x - 1 : 0, l2 = x > 1 ? x - 2 : 0;
        const uint32_t r1 = x < last ? x + 1 : last, r2 = x + 2 < last ? x + 2 : last;
        const int sums[SMOOTH_POSITIONS] = {
            -7 * mid[l2] + 50 * mid[l1] - 50 * mid[r1] + 7 * mid[r2],
            -7 * up2[x] + 50 * up1[x] - 50 * down1[x] + 7 * down2[x],
            -up2[x] + 13 * up1[x] - 24 * mid[x] + 13 * down1[x] - down2[x],
            up2[r1] - up2[l1] - up1[l2] + 10 * up1[l1] - 10 * up1[r1] + up1[r2] + down1[l2] - 10 * down1[l1] +
                10 * down1[r1] - down1[r2] + down2[l1] - down2[r1],
            -mid[l2] + 13 * mid[l1] - 24 * mid[x] + 13 * mid[r1] - mid[r2],
        };
        for (int i = 0; i < SMOOTH_POSITIONS; i++)
            ret_values[i] = estimate(sums[i], step[0], step[1 + i] >> approx, reciprocals[i], most);
    }
}
