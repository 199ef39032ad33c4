/*
 * White that is coded whiter than white: what decoders show stays, and as many levels show more of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "crush/encode/solve.h"
#include "planes.h"

enum { SIDE = 128 };

/* Letters of soft edges: ink on paper. */
static struct plane text_plane(int paper, int ink)
{
    struct plane plane;
    assert_int_equal(plane_alloc(&plane, SIDE, SIDE), CRUSH_OK);
    for (uint32_t y = 0; y < SIDE; y++)
        for (uint32_t x = 0; x < SIDE; x++) {
            const int letter = x / 3 % 5 && y / 2 % 7 < 5 && (x / 2 * 7 + y / 2 * 13) % 11 < 5 && y % 64 < 40;
            plane.px[y * plane.stride_bytes + x] = (uint8_t)(letter ? (x % 3 ? ink : (ink + paper) / 2) : paper);
        }
    return plane;
}

/* A block as decoders show it. */
static void shown(const int16_t *zigzag, uint8_t *ret_px)
{
    float natural[BLOCK_SIZE];
    for (int k = 0; k < BLOCK_SIZE; k++)
        natural[dct_natural_order[k]] = (float)zigzag[k] / COEFFICIENT_UNIT;
    dct_inverse_block(natural, ret_px, 8);
}

static void what_is_shown_stays(void **state)
{
    (void)state;
    int moved = 0;
    for (int round = 0; round < 1000; round++) {
        uint8_t px[BLOCK_SIZE], back[BLOCK_SIZE];
        float coded[BLOCK_SIZE] = {0};
        int16_t projected[BLOCK_SIZE], plain[BLOCK_SIZE];
        for (int i = 0; i < BLOCK_SIZE; i++)
            px[i] = (uint8_t)(random_below(3) ? random_below(2) * 255 : random_below(256));
        for (int i = 0; i < 1 + round % 20; i++)
            coded[random_below(BLOCK_SIZE)] = (float)random_below(2000) - 1000;
        dct_project(px, coded, projected);
        shown(projected, back);
        for (int i = 0; i < BLOCK_SIZE; i++) {
            const int least = px[i] <= NEAR_BLACK ? 0 : px[i] - 1, most = px[i] >= NEAR_WHITE ? 255 : px[i] + 1;
            assert_in_range(back[i], least < 0 ? 0 : least, most);
        }
        struct plane plane = {.px = px, .width_px = 8, .height_px = 8, .stride_bytes = 8};
        struct blocks blocks = {.coefficients = plain, .columns = 1, .rows = 1};
        dct_forward_into(&plane, &blocks);
        moved += memcmp(plain, projected, sizeof plain) != 0;
    }
    assert_true(moved > 900);
}

static void only_blocks_with_both_are_found(void **state)
{
    (void)state;
    struct plane plane = text_plane(200, 40);
    struct overshoot overshoot;
    memset(plane.px, 255, 8 * plane.stride_bytes); /* a row of blocks all white */
    plane.px[20 * plane.stride_bytes + 30] = 255;
    plane.px[60 * plane.stride_bytes + 127] = 0;
    assert_int_equal(overshoot_find(&plane, &overshoot), CRUSH_OK);
    assert_int_equal(overshoot.count, 2);
    assert_int_equal(overshoot.blocks[0].index, 2 * (SIDE / 8) + 3);
    assert_int_equal(overshoot.blocks[1].index, 7 * (SIDE / 8) + 15);
    overshoot_free(&overshoot);
    plane_free(&plane);
}

/* Levels of luma, and the square error that decoders show. */
static uint32_t quantised(struct solver *s, const struct plane *plane, double *ret_error)
{
    const struct quantiser *q = &s->trial.quantiser[0];
    const struct levels *levels = &s->trial.levels[0];
    quantise(&s->blocks[0], q, &s->rate[0], NULL, &s->trial.levels[0]);
    *ret_error = 0;
    for (uint32_t b = 0; b < SIDE / 8 * (SIDE / 8); b++) {
        int16_t zigzag[BLOCK_SIZE] = {(int16_t)(levels->dc[b] * q->step[0] * COEFFICIENT_UNIT)};
        uint8_t px[BLOCK_SIZE];
        for (uint32_t i = levels->first[b]; i < levels->first[b + 1]; i++)
            zigzag[levels->ac[i].position] =
                (int16_t)(levels->ac[i].value * q->step[levels->ac[i].position] * COEFFICIENT_UNIT);
        shown(zigzag, px);
        for (uint32_t i = 0; i < BLOCK_SIZE; i++) {
            const uint32_t x = b % (SIDE / 8) * 8 + i % 8, y = b / (SIDE / 8) * 8 + i / 8;
            const double error = (double)px[i] - plane->px[y * plane->stride_bytes + x];
            *ret_error += error * error;
        }
    }
    return levels->first[SIDE / 8 * (SIDE / 8)] - levels->first[0];
}

/* Text on white, and light on black: less error from as many levels. On gray nothing changes. */
static void text_looks_better_for_as_many_levels(void **state)
{
    (void)state;
    static const int papers[][2] = {{255, 0}, {0, 230}, {200, 30}};
    for (int p = 0; p < 3; p++) {
        struct plane planes[PLANE_COUNT] = {text_plane(papers[p][0], papers[p][1])};
        struct solver s;
        double error, error_after;
        assert_int_equal(solver_init(planes, 0, &s), CRUSH_OK);
        tables_house(25, &s.content, &s.trial.quantiser[0], &s.trial.quantiser[1]);
        const uint32_t count = quantised(&s, &planes[0], &error);
        uint32_t after = count;
        for (int round = 0; round < 4; round++) {
            overshoot_follow(&s.overshoot, &s.trial.levels[0], s.trial.quantiser[0].step, &s.blocks[0]);
            after = quantised(&s, &planes[0], &error_after);
        }
        if (p < 2) {
            assert_true(after <= count * 102 / 100);
            assert_true(error_after < 0.8 * error);
        } else {
            assert_int_equal(after, count);
        }
        overshoot_reset(&s.overshoot, &s.blocks[0]);
        assert_int_equal(quantised(&s, &planes[0], &error_after), count);
        assert_true(error_after == error);
        solver_free(&s);
        plane_free(&planes[0]);
    }
}

/* Blocks over the right and lower edge too: their own coefficients come back to the bit. */
static void going_back_is_exact(void **state)
{
    (void)state;
    struct plane plane = text_plane(255, 0);
    struct blocks ours, plain;
    struct overshoot overshoot;
    for (size_t i = 0; i < SIDE * plane.stride_bytes; i++)
        plane.px[i] = (uint8_t)(random_below(2) ? 255 : random_below(256));
    plane.width_px -= 3;
    plane.height_px -= 5;
    assert_int_equal(dct_forward(&plane, &plain), CRUSH_OK);
    assert_int_equal(overshoot_find(&plane, &overshoot), CRUSH_OK);
    assert_int_equal(overshoot.count, plain.columns * plain.rows);
    assert_int_equal(dct_forward(&plane, &ours), CRUSH_OK);
    memset(ours.coefficients, 1, overshoot.count * BLOCK_SIZE * sizeof(int16_t));
    overshoot_reset(&overshoot, &ours);
    assert_memory_equal(ours.coefficients, plain.coefficients, overshoot.count * BLOCK_SIZE * sizeof(int16_t));
    overshoot_free(&overshoot);
    blocks_free(&ours);
    blocks_free(&plain);
    plane_free(&plane);
}

/* A guess in between does not change the file, whether it looks at a sample or, of few rows, at all. */
static void guesses_leave_nothing_behind(void **state)
{
    (void)state;
    for (uint32_t height = SIDE / 2; height <= SIDE; height += SIDE / 2) {
        struct solution files[2];
        for (int guess = 0; guess < 2; guess++) {
            struct plane planes[PLANE_COUNT] = {text_plane(255, 0)};
            struct solver s;
            size_t least;
            planes[PLANE_Y].height_px = height;
            assert_int_equal(solver_init(planes, 0, &s), CRUSH_OK);
            if (guess)
                assert_true(solver_guess_bytes(&s, 10) > 0);
            assert_int_equal(solve_budget(&s, 1500, 600, 1, &files[guess], &least), CRUSH_OK);
            solver_free(&s);
            plane_free(&planes[PLANE_Y]);
        }
        assert_int_equal(files[0].size_bytes, files[1].size_bytes);
        assert_memory_equal(files[0].data, files[1].data, files[0].size_bytes);
        free(files[0].data);
        free(files[1].data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_stays),
        cmocka_unit_test(only_blocks_with_both_are_found),
        cmocka_unit_test(text_looks_better_for_as_many_levels),
        cmocka_unit_test(going_back_is_exact),
        cmocka_unit_test(guesses_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
