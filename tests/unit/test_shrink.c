/*
 * Fewer pixels for a better look: what is shown enlarged is sharpened before, and which pictures get smaller. Pictures
 * are made up here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crush/pixels/sharpen.h"
#include "planes.h"

/* ---- Sharpening ---- */

static void flat_planes_stay(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{64, 48}, {7, 5}, {1, 1}, {1, 9}, {9, 1}, {2, 2}};
    static const uint8_t values[] = {0, 3, 128, 254, 255};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t v = 0; v < sizeof values; v++) {
            struct plane plane = plane_of(sizes[i][0], sizes[i][1]);
            for (uint32_t y = 0; y < plane.height_px; y++)
                memset(sample(&plane, 0, y), values[v], plane.width_px);
            assert_int_equal(plane_sharpen(&plane), CRUSH_OK);
            for (uint32_t y = 0; y < plane.height_px; y++)
                for (uint32_t x = 0; x < plane.width_px; x++)
                    assert_int_equal(*sample(&plane, x, y), values[v]);
            plane_free(&plane);
        }
}

/* A wave with so many small pixels to a period, at a place between two of them. */
static double wave(double x, double y, double period_px)
{
    return 128 + 50 * sin(2 * M_PI * x / period_px) + 50 * cos(2 * M_PI * (y + x / 3) / period_px);
}

/* Root mean square of what is wrong where a browser shows the plane at twice its size: straight lines between pixels.
 */
static double error_enlarged(const struct plane *small, double period_px)
{
    double sum = 0;
    int count = 0;
    for (uint32_t j = 4; j < 2 * small->height_px - 4; j++)
        for (uint32_t i = 4; i < 2 * small->width_px - 4; i++, count++) {
            const double x = (i + 0.5) / 2 - 0.5, y = (j + 0.5) / 2 - 0.5;
            const uint32_t left = (uint32_t)x, top = (uint32_t)y;
            const double right = x - left, low = y - top;
            const double shown =
                (1 - low) * ((1 - right) * *sample(small, left, top) + right * *sample(small, left + 1, top)) +
                low * ((1 - right) * *sample(small, left, top + 1) + right * *sample(small, left + 1, top + 1));
            sum += pow(shown - wave(x, y, period_px), 2);
        }
    return sqrt(sum / count);
}

static void what_is_enlarged_comes_nearer(void **state)
{
    (void)state;
    for (double period = 3.5; period < 9; period += 0.5) {
        struct plane plane = plane_of(96, 80);
        for (uint32_t y = 0; y < plane.height_px; y++)
            for (uint32_t x = 0; x < plane.width_px; x++)
                *sample(&plane, x, y) = (uint8_t)lrint(wave(x, y, period));
        const double before = error_enlarged(&plane, period);
        assert_int_equal(plane_sharpen(&plane), CRUSH_OK);
        assert_true(error_enlarged(&plane, period) < 0.9 * before);
        plane_free(&plane);
    }
}

/* Edges are exaggerated on both sides, and clamped at black and white. */
static void edges_are_clamped(void **state)
{
    (void)state;
    for (int inner = 0; inner < 2; inner++) {
        struct plane plane = plane_of(16, 8);
        const uint8_t dark = inner ? 60 : 0, light = inner ? 200 : 255;
        for (uint32_t y = 0; y < 8; y++)
            for (uint32_t x = 0; x < 16; x++)
                *sample(&plane, x, y) = x < 8 ? dark : light;
        assert_int_equal(plane_sharpen(&plane), CRUSH_OK);
        assert_int_equal(*sample(&plane, 2, 3), dark);
        assert_int_equal(*sample(&plane, 13, 3), light);
        if (inner)
            assert_true(*sample(&plane, 7, 3) < dark && *sample(&plane, 8, 3) > light);
        else
            assert_true(*sample(&plane, 7, 3) == dark && *sample(&plane, 8, 3) == light);
        plane_free(&plane);
    }
}

/* ---- Which pictures get smaller ---- */

enum scene { SCENE_PHOTO, SCENE_TEXT, SCENE_DRAWING };

enum { WIDTH = 480, HEIGHT = 320, BUDGET_BYTES = 4000 };

static uint8_t scene_pixel(enum scene scene, uint32_t x, uint32_t y)
{
    const double rough = sin(x / 3.1 + y / 7.0) + sin(y / 2.7 - x / 11.0) + 2 * sin(x / 23.0) * cos(y / 31.0);
    switch (scene) {
    case SCENE_PHOTO: return (uint8_t)(128 + 25 * rough + random_below(12));
    case SCENE_TEXT: /* noise keeps blocks from being flat */
        return (uint8_t)((y % 12 < 8 && random_below(3) == 0 ? 30 : 220) + random_below(12));
    default: return x % 160 < 80 ? 40 : y % 40 < 4 ? 90 : 230;
    }
}

static crush_picture *picture_make(enum scene scene)
{
    crush_picture *p = calloc(1, sizeof *p);
    assert_non_null(p);
    random_state = 1;
    p->info.source_width_px = WIDTH, p->info.source_height_px = HEIGHT;
    p->planes[PLANE_Y] = plane_of(WIDTH, HEIGHT);
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++)
            *sample(&p->planes[PLANE_Y], x, y) = scene_pixel(scene, x, y);
    return p;
}

static crush_result encode(enum scene scene, size_t budget_bytes, crush_shrink shrink)
{
    crush_picture *p = picture_make(scene);
    crush_encode_options options;
    crush_result result;
    crush_encode_options_init(&options);
    options.max_side_px = 0;
    options.budget_bytes = budget_bytes;
    options.shrink = shrink;
    options.min_quality = 0;
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(result.size_bytes <= budget_bytes);
    assert_int_equal(result.shrunk, result.width_px < WIDTH);
    crush_close(p);
    return result;
}

static uint32_t width_of(enum scene scene, size_t budget_bytes, crush_shrink shrink)
{
    crush_result result = encode(scene, budget_bytes, shrink);
    const uint32_t width = result.width_px;
    crush_result_clear(&result);
    return width;
}

static void photographs_get_smaller_with_the_budget(void **state)
{
    (void)state;
    uint32_t last = WIDTH;
    for (size_t budget = 64000; budget >= 2000; budget /= 2) {
        const uint32_t width = width_of(SCENE_PHOTO, budget, CRUSH_SHRINK_AUTO);
        assert_true(width <= last && width >= WIDTH * 36 / 100);
        assert_int_equal(width_of(SCENE_PHOTO, budget, CRUSH_SHRINK_NEVER), WIDTH);
        assert_int_equal(width_of(SCENE_PHOTO, budget, CRUSH_SHRINK_FLOOR), WIDTH);
        if (budget == 64000)
            assert_int_equal(width, WIDTH);
        last = width;
    }
    assert_true(last < WIDTH / 2);
    assert_int_equal(width_of(SCENE_PHOTO, 1000, CRUSH_SHRINK_AUTO), WIDTH * 36 / 100);
}

static void text_and_drawings_keep_their_pixels(void **state)
{
    (void)state;
    assert_true(width_of(SCENE_PHOTO, BUDGET_BYTES, CRUSH_SHRINK_AUTO) < WIDTH);
    assert_int_equal(width_of(SCENE_TEXT, 2 * BUDGET_BYTES, CRUSH_SHRINK_AUTO), WIDTH);
    assert_int_equal(width_of(SCENE_DRAWING, BUDGET_BYTES, CRUSH_SHRINK_AUTO), WIDTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_planes_stay),
        cmocka_unit_test(what_is_enlarged_comes_nearer),
        cmocka_unit_test(edges_are_clamped),
        cmocka_unit_test(photographs_get_smaller_with_the_budget),
        cmocka_unit_test(text_and_drawings_keep_their_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
