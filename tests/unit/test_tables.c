/* Quantisation tables where pictures hardly come: caps on DC steps, the one table of coarse steps, qualities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "crush/encode/tables.h"

static struct quantiser q[2]; /* luma, chroma */

static void fill(float step, struct content content)
{
    tables_house(step, &content, &q[0], &q[1]);
}

/* 10 gray levels where little is smooth, 5 where most is; 8 are a gray level. */
static void dc_steps_are_capped(void **state)
{
    static const struct {
        float smooth_share;
        int cap;
    } cases[] = {{0, 80}, {0.15f, 80}, {0.3f, 68}, {0.5f, 52}, {0.65f, 40}, {1, 40}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fill(250, (struct content){.smooth_share = cases[i].smooth_share});
        assert_int_equal(q[0].step[0], cases[i].cap);
        assert_int_equal(q[1].step[0], cases[i].cap);
        fill(60, (struct content){.smooth_share = cases[i].smooth_share});
        assert_int_equal(q[0].step[0], 29); /* the rest stays */
    }
}

/* In drawings steps become finer to hit a value that occurs: those of luma by its values, of chroma by its own. */
static void dc_steps_hit_what_occurs(void **state)
{
    static struct content content = {.drawing = 1, .luma_dc.total = 1, .chroma_dc.total = 1};
    (void)state;
    content.luma_dc.weight[DC_VALUES / 2 + 30] = 1;
    content.chroma_dc.weight[DC_VALUES / 2 - 26] = 1;
    fill(30, content);
    assert_int_equal(q[0].step[0], 15);
    assert_int_equal(q[1].step[0], 13);
}

static void coarse_steps_share_a_table(void **state)
{
    (void)state;
    fill(48.9f, (struct content){0});
    assert_false(tables_equal(&q[0], &q[1]));
    fill(49, (struct content){0});
    assert_true(tables_equal(&q[0], &q[1]));
    fill(36.9f, (struct content){.drawing = 1});
    assert_false(tables_equal(&q[0], &q[1]));
    fill(37, (struct content){.drawing = 1});
    assert_true(tables_equal(&q[0], &q[1]));
}

/* AC steps can be written without their lowest two bits, from a step of 20 on; DC never. */
static void smoothing_leaves_out_two_bits(void **state)
{
    (void)state;
    fill(19.9f, (struct content){.smoothing = 1});
    assert_int_equal(q[0].approx, 0);
    fill(20, (struct content){.smoothing = 1});
    assert_int_equal(q[0].approx, 2);
    fill(40, (struct content){.smoothing = 1});
    assert_int_equal(q[0].approx, 2);
    assert_int_equal(q[1].approx, 2);
    for (int k = 1; k < BLOCK_SIZE; k++)
        assert_int_equal(q[0].step[k] % 4, 0);
    assert_int_equal(q[0].step[0], 22);
    fill(40, (struct content){0});
    assert_int_equal(q[0].approx, 0);
}

static void steps_stay_within_a_byte(void **state)
{
    (void)state;
    for (int smoothing = 0; smoothing < 2; smoothing++) {
        fill(10000, (struct content){.smoothing = smoothing});
        for (int k = 1; k < BLOCK_SIZE; k++)
            assert_int_equal(q[0].step[k], smoothing ? 255 * 4 : 255);
        fill(0.01f, (struct content){.smoothing = smoothing});
        for (int k = 0; k < BLOCK_SIZE; k++)
            assert_int_equal(q[1].step[k], 1);
    }
}

static void qualities_and_steps_agree(void **state)
{
    uint16_t steps[BLOCK_SIZE];
    (void)state;
    for (int quality = 2; quality <= 96; quality++) {
        assert_true(step_of_quality(quality) < step_of_quality(quality - 1));
        assert_int_equal(quality_of_step(step_of_quality(quality)), quality);
        tables_standard(quality, 1, &(struct content){0}, &q[0], &q[1]);
        for (int k = 0; k < BLOCK_SIZE; k++)
            steps[k] = q[0].step[k];
        if (quality >= 10) /* below most steps are 255 */
            assert_int_equal(quality_of_table(steps), quality);
    }
    assert_int_equal(quality_of_step(1e6f), 1);
    assert_int_equal(quality_of_step(1e-3f), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dc_steps_are_capped),        cmocka_unit_test(dc_steps_hit_what_occurs),
        cmocka_unit_test(coarse_steps_share_a_table), cmocka_unit_test(smoothing_leaves_out_two_bits),
        cmocka_unit_test(steps_stay_within_a_byte),   cmocka_unit_test(qualities_and_steps_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
