/*
 * Rate–distortion quantisation: paths through a block against all paths, and what is counted over some rows of blocks.
 * Blocks are made up here: small coefficients often, large ones rarely.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crush/pixels/scratch.h"
#include "crush/encode/quantise.h"

enum { COLUMNS = 40, ROWS = 30, BLOCKS = COLUMNS * ROWS };

static double next_part(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) / 16777216.0;
}

/* Coefficients fall exponentially in number, and with their frequency. The caller frees. */
static struct blocks blocks_make(uint32_t seed)
{
    struct blocks blocks = {scratch_alloc(BLOCKS * BLOCK_SIZE * sizeof(int16_t)), COLUMNS, ROWS};
    assert_non_null(blocks.coefficients);
    for (int i = 0; i < BLOCKS * BLOCK_SIZE; i++) {
        double spread = 900 / (1 + 0.3 * (i % BLOCK_SIZE)) * (1 + i / BLOCK_SIZE % 3);
        double value = -log(1 - next_part(&seed)) * spread;
        blocks.coefficients[i] = (int16_t)(next_part(&seed) < 0.5 ? -value : value);
    }
    return blocks;
}

/* Photographs' luma at a step. */
static struct quantiser quantiser_make(float step)
{
    struct content content = {0};
    struct quantiser luma, chroma;
    tables_house(step, &content, &luma, &chroma);
    return luma;
}

/* Error and price of a level, 0 or not; run: zeros before it. Less what the coefficient costs as a zero. */
static double cost_of(const struct quantiser *q, const struct rate *rate, const int16_t *c, int k, int level, int run)
{
    double value = (double)c[k] / COEFFICIENT_UNIT, left = value - (double)level * q->step[k];
    double bits =
        rate->ac[(run & 15) << 4 | level_size(level)] + (float)level_size(level) + (float)(run >> 4) * rate->ac[0xF0];
    return (double)q->weight[k] * (left * left - value * value) + (double)q->lambda * bits;
}

/* What the levels of a block cost, less an empty one. */
static double cost_of_levels(const struct quantiser *q, const struct rate *rate, const int16_t *c,
                             const struct level *levels, uint32_t count)
{
    double cost = count ? (double)(q->lambda * rate->fill) : 0;
    int before = 0;
    for (uint32_t i = 0; i < count; i++) {
        cost += cost_of(q, rate, c, levels[i].position, levels[i].value, levels[i].position - before - 1);
        before = levels[i].position;
    }
    return cost - (before == BLOCK_SIZE - 1 ? (double)(q->lambda * rate->fill) : 0);
}

/* The least that any levels of a block cost: rounded or one less, each after every other. */
static double least_cost(const struct quantiser *q, const struct rate *rate, const int16_t *c)
{
    const double fill = (double)(q->lambda * rate->fill);
    double best[BLOCK_SIZE] = {0}, least = 0;
    for (int k = 1; k < BLOCK_SIZE; k++) {
        int rounded = (int)lround(fabs((double)c[k]) / COEFFICIENT_UNIT / q->step[k]), sign = c[k] < 0 ? -1 : 1;
        best[k] = INFINITY;
        for (int level = rounded; level >= 1 && level >= rounded - 1; level--)
            for (int j = 0; j < k; j++)
                best[k] = fmin(best[k], (j ? best[j] : fill) + cost_of(q, rate, c, k, sign * level, k - j - 1));
        least = fmin(least, best[k] - (k == BLOCK_SIZE - 1 ? fill : 0));
    }
    return least;
}

/* Not every path is asked, and yet hardly anything is lost. */
static void paths_are_nearly_the_best(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        const struct quantiser q = quantiser_make((float[]){5, 15, 40, 120}[round]);
        struct blocks blocks = blocks_make((uint32_t)round);
        struct levels levels;
        struct component_count count;
        struct rate rate;
        double ours = 0, best = 0;
        assert_int_equal(levels_alloc(COLUMNS, ROWS, &levels), CRUSH_OK);
        rate_guess(&rate);
        for (int pass = 0; pass < 2; pass++) {
            quantise(&blocks, &q, &rate, NULL, &levels);
            count_component(&levels, &count);
            if (pass == 0)
                rate_learn(&count, &rate);
        }
        for (uint32_t b = 0; b < BLOCKS; b++) {
            const int16_t *c = blocks.coefficients + (size_t)b * BLOCK_SIZE;
            double cost =
                cost_of_levels(&q, &rate, c, levels.ac + levels.first[b], levels.first[b + 1] - levels.first[b]);
            double least = least_cost(&q, &rate, c);
            assert_true(cost >= least * (1 + 1e-3) - 1); /* both are negative */
            ours += cost;
            best += least;
        }
        assert_true(best < 0 && count.filled > BLOCKS / 2);
        assert_true(ours <= best * 0.998);
        levels_free(&levels);
        blocks_free(&blocks);
    }
}

/* A picture that is three times the same rows: counting a third tells the same. */
static void counts_of_some_rows_stand_for_all(void **state)
{
    (void)state;
    const struct quantiser q = quantiser_make(20);
    struct blocks all = blocks_make(9), some = {all.coefficients, COLUMNS, ROWS / 3};
    const size_t third = (size_t)COLUMNS * (ROWS / 3) * BLOCK_SIZE;
    memcpy(all.coefficients + third, all.coefficients, third * sizeof(int16_t));
    memcpy(all.coefficients + 2 * third, all.coefficients, third * sizeof(int16_t));
    struct levels levels;
    struct component_count whole, part;
    struct rate rate;
    rate_guess(&rate);
    assert_int_equal(levels_alloc(COLUMNS, ROWS, &levels), CRUSH_OK);
    quantise(&all, &q, &rate, NULL, &levels);
    assert_int_equal(levels.rows, ROWS);
    count_component(&levels, &whole);
    quantise(&some, &q, &rate, NULL, &levels);
    assert_int_equal(levels.rows, ROWS / 3);
    count_component(&levels, &part);
    count_scale(&part, ROWS, ROWS / 3);
    assert_memory_equal(part.ac.count, whole.ac.count, sizeof whole.ac.count);
    assert_int_equal(part.ac.extra_bits, whole.ac.extra_bits);
    assert_int_equal(part.filled, whole.filled);
    assert_true(part.ends == whole.ends);
    levels_free(&levels);
    blocks_free(&all);
}

/* Squares of what is lost, weighed: of a block that keeps one level, and with a mask. */
static void errors_are_what_levels_leave(void **state)
{
    (void)state;
    const struct quantiser q = quantiser_make(20);
    struct blocks blocks = {scratch_alloc_zeroed(BLOCK_SIZE * sizeof(int16_t)), 1, 1};
    struct levels levels;
    struct rate rate;
    const float half = 0.5f;
    assert_non_null(blocks.coefficients);
    blocks.coefficients[0] = (int16_t)((3 * q.step[0] + 1) * COEFFICIENT_UNIT);
    blocks.coefficients[1] = (int16_t)((-4 * q.step[1] - 2) * COEFFICIENT_UNIT);
    blocks.coefficients[9] = 3 * COEFFICIENT_UNIT; /* too little for a level */
    rate_guess(&rate);
    assert_int_equal(levels_alloc(1, 1, &levels), CRUSH_OK);
    struct quantiser rounding = q;
    rounding.lambda = 0;
    quantise(&blocks, &rounding, &rate, NULL, &levels);
    const float lost = q.weight[0] * 1 + q.weight[1] * 4 + q.weight[9] * 9;
    assert_true(fabs(quantise_error(&blocks, &q, NULL, &levels) - (double)lost) < 1e-4);
    assert_true(fabs(quantise_error(&blocks, &q, &half, &levels) - (double)lost / 2) < 1e-4);
    levels_free(&levels);
    blocks_free(&blocks);
}

/* The AC levels of a gradient, with decoders that smooth or without. */
static uint32_t levels_of_gradient(int smoothing)
{
    enum { SIDE = 80 };
    struct plane plane;
    struct blocks blocks;
    struct levels levels;
    struct content content = {.smoothing = smoothing};
    struct quantiser luma, chroma;
    struct rate rate;
    assert_int_equal(plane_alloc(&plane, SIDE, SIDE), CRUSH_OK);
    for (uint32_t i = 0; i < SIDE * SIDE; i++)
        plane.px[i / SIDE * plane.stride_bytes + i % SIDE] = (uint8_t)(3 * (i % SIDE));
    assert_int_equal(dct_forward(&plane, &blocks), CRUSH_OK);
    assert_int_equal(levels_alloc(blocks.columns, blocks.rows, &levels), CRUSH_OK);
    tables_house(60, &content, &luma, &chroma);
    assert_int_equal(luma.approx > 0, smoothing);
    rate_guess(&rate);
    quantise(&blocks, &luma, &rate, NULL, &levels);
    const uint32_t count = levels.first[blocks.columns * blocks.rows] - levels.first[0];
    struct quantiser silent = luma; /* the same levels where nobody smooths */
    silent.approx = 0;
    const double error = quantise_error(&blocks, &luma, NULL, &levels),
                 flat = quantise_error(&blocks, &silent, NULL, &levels);
    assert_true(smoothing ? error < flat / 10 : error == flat);
    levels_free(&levels);
    blocks_free(&blocks);
    plane_free(&plane);
    return count;
}

/* The means around tell the whole gradient. */
static void what_decoders_estimate_is_not_sent(void **state)
{
    (void)state;
    assert_int_equal(levels_of_gradient(0), 100); /* one for each block */
    assert_int_equal(levels_of_gradient(1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_nearly_the_best),
        cmocka_unit_test(counts_of_some_rows_stand_for_all),
        cmocka_unit_test(errors_are_what_levels_leave),
        cmocka_unit_test(what_decoders_estimate_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
