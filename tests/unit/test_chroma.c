/*
 * Chroma at half the size or not: halving, what it loses, and which pictures keep it at full size. Pictures are made up
 * here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "crush/pixels/chroma.h"
#include "picture_bytes.h"
#include "planes.h"

enum { WIDTH = 320, HEIGHT = 208 };

static float loss_of(const struct plane *full, const struct plane *half)
{
    float loss;
    assert_int_equal(chroma_loss(full, half, &loss), CRUSH_OK);
    return loss;
}

/* ---- Halving ---- */

static void flat_planes_lose_nothing(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{64, 48}, {7, 5}, {1, 1}, {1, 9}, {33, 2}};
    static const uint8_t values[] = {0, 3, 128, 255};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t v = 0; v < sizeof values; v++) {
            struct plane full = plane_of(sizes[i][0], sizes[i][1]), half;
            memset(full.px, values[v], full.stride_bytes * full.height_px);
            assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
            assert_int_equal(half.width_px, (sizes[i][0] + 1) / 2);
            assert_int_equal(half.height_px, (sizes[i][1] + 1) / 2);
            for (uint32_t y = 0; y < half.height_px; y++)
                for (uint32_t x = 0; x < half.width_px; x++)
                    assert_int_equal(*sample(&half, x, y), values[v]);
            assert_true(loss_of(&full, &half) == 0);
            plane_free(&full);
            plane_free(&half);
        }
}

/* Samples of the halved plane lie in the middle of four: a slope goes through it unmoved. */
static void slopes_stay_in_place(void **state)
{
    (void)state;
    struct plane full = plane_of(60, 40), half;
    for (uint32_t y = 0; y < 40; y++)
        for (uint32_t x = 0; x < 60; x++)
            *sample(&full, x, y) = (uint8_t)(2 * x + 2 * y);
    assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
    for (uint32_t y = 1; y < 19; y++)
        for (uint32_t x = 1; x < 29; x++)
            assert_int_equal(*sample(&half, x, y), 4 * x + 4 * y + 2);
    assert_true(loss_of(&full, &half) < 1);
    plane_free(&full);
    plane_free(&half);
}

/* What lies between two levels is kept: slopes of half and of a quarter of a level, whose fine is given or missing. */
static void halving_is_finer_than_levels(void **state)
{
    (void)state;
    struct plane full, half;
    assert_int_equal(plane_alloc_fine(&full, 60, 40), CRUSH_OK);
    for (uint32_t y = 0; y < 40; y++)
        for (uint32_t x = 0; x < 60; x++) {
            const uint32_t value = 256 * (x + 20) + 64 * y + FINE_NONE; /* in 256ths */
            *sample(&full, x, y) = (uint8_t)(value >> 8);
            full.fine[y * full.stride_bytes + x] = (uint8_t)value;
        }
    assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
    for (uint32_t y = 1; y < 19; y++)
        for (uint32_t x = 1; x < 29; x++)
            assert_int_equal(256 * *sample(&half, x, y) + half.fine[y * half.stride_bytes + x],
                             256 * (2 * x + 20) + 128 + 64 * (2 * y) + 32 + FINE_NONE);
    plane_free(&half);
    plane_drop_fine(&full);
    for (uint32_t y = 0; y < 40; y++)
        for (uint32_t x = 0; x < 60; x++)
            *sample(&full, x, y) = (uint8_t)(x + 20);
    assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
    for (uint32_t y = 0; y < 20; y++)
        for (uint32_t x = 1; x < 29; x++)
            assert_int_equal(256 * *sample(&half, x, y) + half.fine[y * half.stride_bytes + x],
                             256 * (2 * x + 20) + 128 + FINE_NONE);
    plane_free(&full);
    plane_free(&half);
}

/* Extremes side by side overshoot; they must not wrap around. */
static void edges_are_clamped(void **state)
{
    (void)state;
    struct plane full = plane_of(65, 33), half;
    for (uint32_t y = 0; y < 33; y++)
        for (uint32_t x = 0; x < 65; x++)
            *sample(&full, x, y) = x < 20 ? 0 : 255;
    assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
    for (uint32_t y = 0; y < half.height_px; y++)
        for (uint32_t x = 0; x < half.width_px; x++)
            assert_int_equal(*sample(&half, x, y), x < 10 ? 0 : 255);
    plane_free(&full);
    plane_free(&half);
}

static void the_loss_is_that_of_noise_or_stripes(void **state)
{
    (void)state;
    struct plane full = plane_of(64, 64), half;
    for (uint32_t y = 0; y < 64; y++)
        for (uint32_t x = 0; x < 64; x++)
            *sample(&full, x, y) = x % 2 ? 148 : 108;
    assert_int_equal(chroma_halve(&full, &half), CRUSH_OK);
    assert_in_range((int)loss_of(&full, &half), 350, 430); /* 20 squared, all is lost */
    plane_free(&full);
    plane_free(&half);
}

/* ---- Choosing ---- */

enum scene { RED_TEXT, PALE_TEXT, GRAY_TEXT, PHOTO };

/* Red letters on blue: the same luma, so that all of the text is chroma; or black on gray; or something like a photo.
 */
static void scene_pixel(enum scene scene, uint32_t x, uint32_t y, uint8_t ret_ycc[3])
{
    const int ink = x / 3 % 5 && y / 2 % 7 < 5 && (x * 7 + y * 13) % 11 < 5 && y % 64 < 40 && x % 96 < 60;
    if (scene == PHOTO) {
        for (int c = 0; c < 3; c++)
            ret_ycc[c] = (uint8_t)(90 + (x * (uint32_t)(c + 2) / 3 + y / 2) % 60 + random_below(30));
        return;
    }
    static const uint8_t colours[PHOTO][2][3] = {[RED_TEXT] = {{60, 220, 107}, {76, 85, 240}},
                                                 [PALE_TEXT] = {{200, 128, 124}, {40, 140, 136}},
                                                 [GRAY_TEXT] = {{200, 128, 128}, {10, 128, 128}}};
    memcpy(ret_ycc, colours[scene][ink], 3);
}

static crush_picture *picture_of(enum scene scene, int may_halve)
{
    crush_picture *p = calloc(1, sizeof *p);
    assert_non_null(p);
    random_state = 1;
    p->info.width_px = p->info.source_width_px = WIDTH;
    p->info.height_px = p->info.source_height_px = HEIGHT;
    p->info.source_bytes = 10000000;
    p->info.orientation = 1;
    p->chroma_444 = 1;
    p->may_halve = may_halve;
    for (int c = 0; c < PLANE_COUNT; c++)
        p->planes[c] = plane_of(WIDTH, HEIGHT);
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++) {
            uint8_t ycc[3];
            scene_pixel(scene, x, y, ycc);
            for (int c = 0; c < PLANE_COUNT; c++)
                *sample(&p->planes[c], x, y) = ycc[c];
        }
    return p;
}

/* The sampling of the first component in a JPEG's frame header: 0x11 is 4:4:4, 0x22 is 4:2:0. */
static int sampling_of(const crush_result *result)
{
    for (size_t i = 2; i + 12 < result->size_bytes;) {
        const unsigned char *at = result->data + i;
        assert_int_equal(at[0], 0xFF);
        if (at[1] == 0xC0 || at[1] == 0xC2)
            return at[11];
        i += 2 + (size_t)(at[2] << 8 | at[3]);
    }
    fail_msg("no frame header");
    return 0;
}

static int sampling_for(enum scene scene, int may_halve, const crush_encode_options *options)
{
    crush_picture *p = picture_of(scene, may_halve);
    crush_result result;
    assert_int_equal(crush_encode(p, options, &result, NULL), CRUSH_OK);
    const int sampling = sampling_of(&result);
    assert_true(!options->budget_bytes || result.size_bytes <= options->budget_bytes);
    crush_result_clear(&result);
    crush_close(p);
    return sampling;
}

static crush_encode_options options_for(size_t budget_bytes, int quality)
{
    crush_encode_options options;
    crush_encode_options_init(&options);
    options.max_side_px = 0;
    options.budget_bytes = budget_bytes;
    options.quality = quality;
    options.min_quality = 0;
    options.shrink = CRUSH_SHRINK_NEVER;
    return options;
}

static void coloured_text_keeps_full_chroma_where_bytes_allow(void **state)
{
    (void)state;
    const crush_encode_options roomy = options_for(24000, 0), tight = options_for(2500, 0);
    assert_int_equal(sampling_for(RED_TEXT, 1, &roomy), 0x11);
    assert_int_equal(sampling_for(PALE_TEXT, 1, &roomy), 0x11);
    assert_int_equal(sampling_for(PALE_TEXT, 1, &tight), 0x22);
    const crush_encode_options fine = options_for(0, 90), coarse = options_for(0, 10);
    assert_int_equal(sampling_for(RED_TEXT, 1, &fine), 0x11);
    assert_int_equal(sampling_for(PALE_TEXT, 1, &fine), 0x11);
    assert_int_equal(sampling_for(PALE_TEXT, 1, &coarse), 0x22);
}

static void photographs_and_gray_text_do_not(void **state)
{
    (void)state;
    const crush_encode_options roomy = options_for(60000, 0), fine = options_for(0, 95);
    assert_int_equal(sampling_for(PHOTO, 1, &roomy), 0x22);
    assert_int_equal(sampling_for(PHOTO, 1, &fine), 0x22);
    assert_int_equal(sampling_for(GRAY_TEXT, 1, &roomy), 0x22);
}

static void what_was_asked_for_is_written(void **state)
{
    (void)state;
    const crush_encode_options roomy = options_for(60000, 0), tight = options_for(4500, 0);
    assert_int_equal(sampling_for(PHOTO, 0, &roomy), 0x11);
    assert_int_equal(sampling_for(RED_TEXT, 0, &tight), 0x11);
}

/* A look wears chroma of half the size, whatever the source was. */
static void looks_halve(void **state)
{
    (void)state;
    crush_encode_options options = options_for(24000, 0);
    options.generations = 3;
    assert_int_equal(sampling_for(RED_TEXT, 1, &options), 0x22);
    assert_int_equal(sampling_for(RED_TEXT, 0, &options), 0x11);
}

/* Pixels come with full chroma, planes of a JPEG without; the option has the last word. */
static void formats_leave_the_choice_or_not(void **state)
{
    (void)state;
    struct bytes png = picture_png(161, 99, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 0, NULL, 0, 0, 0});
    struct bytes jpeg = picture_jpeg(161, 99, (struct jpeg_spec){3, 1, 1, 0, 0, 0, NULL, 0});
    const struct {
        struct bytes file;
        crush_chroma chroma;
        int full, may_halve;
    } cases[] = {{png, CRUSH_CHROMA_AUTO, 1, 1},  {png, CRUSH_CHROMA_420, 0, 0},  {png, CRUSH_CHROMA_444, 1, 0},
                 {jpeg, CRUSH_CHROMA_AUTO, 0, 0}, {jpeg, CRUSH_CHROMA_420, 0, 0}, {jpeg, CRUSH_CHROMA_444, 1, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint32_t side = 60; side <= 200; side += 70) {
            crush_open_options options;
            crush_picture *p;
            crush_open_options_init(&options);
            options.chroma = cases[i].chroma;
            options.max_side_px = side;
            assert_int_equal(crush_open(cases[i].file.data, cases[i].file.size, &options, &p, NULL), CRUSH_OK);
            assert_int_equal(p->chroma_444, cases[i].full);
            assert_int_equal(p->may_halve, cases[i].may_halve);
            const uint32_t width = p->info.width_px, height = p->info.height_px;
            assert_int_equal(p->planes[PLANE_CR].width_px, cases[i].full ? width : (width + 1) / 2);
            assert_int_equal(p->planes[PLANE_CR].height_px, cases[i].full ? height : (height + 1) / 2);
            crush_close(p);
        }
    free(png.data);
    free(jpeg.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_planes_lose_nothing),
        cmocka_unit_test(slopes_stay_in_place),
        cmocka_unit_test(halving_is_finer_than_levels),
        cmocka_unit_test(edges_are_clamped),
        cmocka_unit_test(the_loss_is_that_of_noise_or_stripes),
        cmocka_unit_test(coloured_text_keeps_full_chroma_where_bytes_allow),
        cmocka_unit_test(photographs_and_gray_text_do_not),
        cmocka_unit_test(what_was_asked_for_is_written),
        cmocka_unit_test(looks_halve),
        cmocka_unit_test(formats_leave_the_choice_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
