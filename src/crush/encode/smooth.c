/* Block smoothing as decoders do it: see smooth.h. Next: quantise.c, which counts on it. */
#include "crush/encode/smooth.h"

#include <math.h>

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

/* ---- AC that is never sent --------------------------------------------------------------------- */

enum { AROUND = 25, WIDE_POSITIONS = 10, NARROW_POSITIONS = 6 };

/* Weights of the DC values of 5 × 5 blocks in 256 times the estimate of each zig-zag position, from the mean on. */
static const int16_t wide_form[WIDE_POSITIONS][AROUND] = {
    {-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2},
    {-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1},
    {-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1},
    {0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0},
    {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1},
    {0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0},
};
static const int16_t narrow_form[NARROW_POSITIONS][AROUND] = {
    {[12] = 256},
    {[11] = 36, [13] = -36},
    {[7] = 36, [17] = -36},
    {[7] = 9, [12] = -18, [17] = 9},
    {[6] = 5, [8] = -5, [16] = -5, [18] = 5},
    {[11] = 9, [12] = -18, [13] = 9},
};

/* DC values of the 5 × 5 blocks around; those beyond the edges are the nearest within. */
static void dc_around(const struct levels *levels, uint32_t x, uint32_t y, int ret_dc[AROUND])
{
    for (int i = 0; i < AROUND; i++) {
        const int column = (int)x + i % 5 - 2, row = (int)y + i / 5 - 2;
        const int last_column = (int)levels->columns - 1, last_row = (int)levels->rows - 1;
        const int at_column = column < 0 ? 0 : column > last_column ? last_column : column;
        const int at_row = row < 0 ? 0 : row > last_row ? last_row : row;
        ret_dc[i] = levels->dc[(size_t)at_row * levels->columns + (size_t)at_column];
    }
}

/* Square of the error that a form of smoothing leaves in a block, less what no smoothing leaves. */
static float error_added(const int16_t form[][AROUND], int positions, const int dc[AROUND], const int16_t *wanted,
                         const uint16_t *step)
{
    float added = 0;
    for (int k = 0; k < positions; k++) {
        int sum = 0;
        for (int i = 0; i < AROUND; i++)
            sum += form[k][i] * dc[i];
        /* As decoders round: to whole steps. */
        const float unit = (float)step[k], estimate = rintf((float)sum * (float)step[0] / (256 * unit)) * unit;
        const float plain = k ? 0 : (float)dc[AROUND / 2] * unit;
        const float value = (float)wanted[k] / COEFFICIENT_UNIT;
        added += (value - estimate) * (value - estimate) - (value - plain) * (value - plain);
    }
    return added;
}

int smooth_helps(const struct blocks *wanted, const struct levels *levels, const uint16_t step[BLOCK_SIZE])
{
    double wide = 0, narrow = 0;
    const int16_t *c = wanted->coefficients;
    for (uint32_t y = 0; y < levels->rows; y++)
        for (uint32_t x = 0; x < levels->columns; x++, c += BLOCK_SIZE) {
            int dc[AROUND];
            dc_around(levels, x, y, dc);
            wide += (double)error_added(wide_form, WIDE_POSITIONS, dc, c, step);
            narrow += (double)error_added(narrow_form, NARROW_POSITIONS, dc, c, step);
        }
    return wide < 0 && narrow < 0;
}
