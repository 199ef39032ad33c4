/*
 * The transform, against the formula of T.81.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "crush/encode/dct.h"

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static double reference_dct_of(const double *samples, int u, int v)
{
    double sum = 0;
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            sum += (samples[8 * y + x] - 128) * cos((2 * x + 1) * u * M_PI / 16) * cos((2 * y + 1) * v * M_PI / 16);
    return sum / 4 * (u ? 1 : sqrt(0.5)) * (v ? 1 : sqrt(0.5));
}

static double reference_dct(const uint8_t *px, int u, int v)
{
    double samples[BLOCK_SIZE];
    for (int i = 0; i < BLOCK_SIZE; i++)
        samples[i] = px[i];
    return reference_dct_of(samples, u, v);
}

static void dct_is_that_of_the_standard(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int round = 0; round < 300; round++) {
        uint8_t px[BLOCK_SIZE], back[BLOCK_SIZE];
        float natural[BLOCK_SIZE];
        int16_t coefficients[BLOCK_SIZE];
        struct plane plane = {.px = px, .width_px = 8, .height_px = 8, .stride_bytes = 8};
        struct blocks blocks = {.coefficients = coefficients, .columns = 1, .rows = 1};
        for (int i = 0; i < BLOCK_SIZE; i++)
            px[i] = (uint8_t)(round == 0 ? 0 : round == 1 ? 255 : round % 2 ? (int)next_random(&random) : i * round);
        dct_forward_into(&plane, &blocks);
        for (int k = 0; k < BLOCK_SIZE; k++) {
            double expected = reference_dct(px, dct_natural_order[k] % 8, dct_natural_order[k] / 8);
            assert_true(fabs(coefficients[k] - expected * COEFFICIENT_UNIT) <= 0.51);
            natural[dct_natural_order[k]] = (float)coefficients[k] / COEFFICIENT_UNIT;
        }
        dct_inverse_block(natural, back, 8);
        assert_memory_equal(px, back, BLOCK_SIZE);
    }
}

/* A sample is px and 256ths of fine, at the edges too; 128 of them are none. */
static void fine_is_a_part_of_samples(void **state)
{
    (void)state;
    enum { SIDE = 11, BLOCKS = 4 };
    uint32_t random = 1;
    uint8_t px[SIDE * SIDE], fine[SIDE * SIDE];
    int16_t with[BLOCKS * BLOCK_SIZE], without[BLOCKS * BLOCK_SIZE];
    struct plane plane = {.px = px, .fine = fine, .width_px = SIDE, .height_px = SIDE, .stride_bytes = SIDE};
    struct blocks a = {.coefficients = with, .columns = 2, .rows = 2},
                  b = {.coefficients = without, .columns = 2, .rows = 2};
    for (int i = 0; i < SIDE * SIDE; i++) {
        px[i] = (uint8_t)next_random(&random);
        fine[i] = (uint8_t)next_random(&random);
    }
    dct_forward_into(&plane, &a);
    for (int block = 0; block < BLOCKS; block++) {
        double samples[BLOCK_SIZE];
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++) {
                const int left = 8 * (block % 2) + x, top = 8 * (block / 2) + y,
                          at = (top < SIDE ? top : SIDE - 1) * SIDE + (left < SIDE ? left : SIDE - 1);
                samples[8 * y + x] = px[at] + (fine[at] - FINE_NONE) / 256.0;
            }
        for (int k = 0; k < BLOCK_SIZE; k++) {
            const double expected = reference_dct_of(samples, dct_natural_order[k] % 8, dct_natural_order[k] / 8);
            assert_true(fabs(with[block * BLOCK_SIZE + k] - expected * COEFFICIENT_UNIT) <= 0.51);
        }
    }
    memset(fine, FINE_NONE, sizeof fine);
    dct_forward_into(&plane, &a);
    plane.fine = NULL;
    dct_forward_into(&plane, &b);
    assert_memory_equal(with, without, sizeof with);
}

static void edges_are_continued(void **state)
{
    (void)state;
    uint8_t px[3 * 16] = {10, 20, 30, [16] = 40, 50, 60, [32] = 70, 80, 90}, full[BLOCK_SIZE];
    int16_t cut_coefficients[BLOCK_SIZE], full_coefficients[BLOCK_SIZE];
    struct plane cut = {.px = px, .width_px = 3, .height_px = 3, .stride_bytes = 16};
    struct plane whole = {.px = full, .width_px = 8, .height_px = 8, .stride_bytes = 8};
    struct blocks a = {.coefficients = cut_coefficients, .columns = 1, .rows = 1};
    struct blocks b = {.coefficients = full_coefficients, .columns = 1, .rows = 1};
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            full[8 * y + x] = px[16 * (y < 2 ? y : 2) + (x < 2 ? x : 2)];
    dct_forward_into(&cut, &a);
    dct_forward_into(&whole, &b);
    assert_memory_equal(cut_coefficients, full_coefficients, sizeof cut_coefficients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dct_is_that_of_the_standard),
        cmocka_unit_test(fine_is_a_part_of_samples),
        cmocka_unit_test(edges_are_continued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
