/*
 * The output side of libcrush: counting, budgets, shrinking, generations. Pictures are made up here, from
 * smooth to noisy, so that every run sees the same ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "crush/encode/solve.h"

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

enum scene { SCENE_FLAT, SCENE_GRADIENT, SCENE_TEXT, SCENE_PHOTO, SCENE_NOISE, SCENE_COUNT };

static int scene_value(enum scene scene, int c, uint32_t x, uint32_t y, uint32_t *state)
{
    switch (scene) {
    case SCENE_FLAT: return 90 + 40 * c;
    case SCENE_GRADIENT: return (int)(x / 4 + y / 3 + 30 * (uint32_t)c) & 255;
    case SCENE_TEXT: return c ? 128 : x / 3 % 5 && y / 2 % 7 < 5 && (x * 7 + y * 13) % 11 < 5 && y % 90 < 60 ? 20 : 250;
    case SCENE_PHOTO:
        return (int)(128 + 60 * sin((double)x / (17 + 9 * c)) * cos((double)y / 23) + 30 * sin((double)(x * y) / 900) +
                     (double)(next_random(state) % 24)) -
               12;
    default: return (int)(next_random(state) % 256);
    }
}

/* A working picture as a decoder leaves it; free with picture_free. */
static crush_picture *picture_make(uint32_t width, uint32_t height, int components, int chroma_444, enum scene scene)
{
    crush_picture *p = calloc(1, sizeof *p);
    uint32_t state = 7;
    assert_non_null(p);
    p->info.width_px = p->info.source_width_px = width;
    p->info.height_px = p->info.source_height_px = height;
    p->info.source_bytes = 10000000;
    p->info.orientation = 1;
    p->chroma_444 = chroma_444;
    for (int c = 0; c < components; c++) {
        int halve = c > 0 && !chroma_444;
        struct plane *plane = &p->planes[c];
        assert_int_equal(plane_alloc(plane, halve ? (width + 1) / 2 : width, halve ? (height + 1) / 2 : height), 0);
        for (uint32_t y = 0; y < plane->height_px; y++)
            for (uint32_t x = 0; x < plane->width_px; x++) {
                int value = scene_value(scene, c, x, y, &state);
                plane->px[y * plane->stride_bytes + x] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
    }
    return p;
}

/* libjpeg's view of a result: its size, and that it decodes without a warning. */
static void assert_decodes(const crush_result *result, int components)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char row[3 * 2048];
    JSAMPROW rows[1] = {row};
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, result->data, result->size_bytes);
    jpeg_read_header(&cinfo, TRUE);
    assert_int_equal(cinfo.image_width, result->width_px);
    assert_int_equal(cinfo.image_height, result->height_px);
    assert_int_equal(cinfo.num_components, components);
    assert_int_equal(cinfo.progressive_mode, result->progressive);
    assert_true(cinfo.saw_JFIF_marker);
    jpeg_start_decompress(&cinfo);
    while (cinfo.output_scanline < cinfo.output_height)
        jpeg_read_scanlines(&cinfo, rows, 1);
    jpeg_finish_decompress(&cinfo);
    assert_int_equal(cinfo.err->num_warnings, 0);
    jpeg_destroy_decompress(&cinfo);
}

/* ---- Counting ---- */

/* Kraft: a complete prefix code with one word kept free; never more than 16 bits. */
static void huffman_lengths_make_a_code(void **state)
{
    (void)state;
    uint32_t random = 3;
    for (int round = 0; round < 500; round++) {
        uint32_t count[256] = {0};
        uint8_t lengths[256];
        int used = 0;
        double kraft = 0;
        int symbols = 1 + (int)(next_random(&random) % 256);
        for (int i = 0; i < symbols; i++) {
            /* every third round grows like Fibonacci numbers, which would need more than 16 bits */
            count[i] = round % 3 == 0 ? (uint32_t)pow(1.6, i % 40) + 1 : next_random(&random) % 1000;
            used += count[i] > 0;
        }
        if (!used)
            continue;
        assert_int_equal(huffman_lengths(count, lengths), used);
        for (int i = 0; i < 256; i++) {
            assert_int_equal(lengths[i] > 0, count[i] > 0);
            assert_true(lengths[i] <= 16);
            if (lengths[i])
                kraft += pow(2, -lengths[i]);
        }
        assert_true(kraft <= 1 - pow(2, -16));
    }
}

/* Bytes that stuffing really took: a zero after each 0xFF of coded data. */
static size_t stuffed_bytes(const unsigned char *data, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < size; i++)
        count += data[i] == 0xFF && data[i + 1] == 0;
    return count;
}

/* Each layout, written, is as long as counted: to the byte but for stuffing and padding of each scan. */
static void counted_size_is_written_size(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        int components, chroma_444;
    } kinds[] = {{160, 120, 3, 0}, {157, 91, 3, 0}, {157, 91, 3, 1}, {99, 201, 1, 0}, {1, 1, 3, 0}, {8, 17, 3, 0}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (int scene = 0; scene < SCENE_COUNT; scene++) {
            struct solver s;
            struct component_count counts[PLANE_COUNT];
            crush_picture *p =
                picture_make(kinds[k].width, kinds[k].height, kinds[k].components, kinds[k].chroma_444, scene);
            assert_int_equal(solver_init(p->planes, 0, &s), CRUSH_OK);
            struct quantiser *q = s.trial.quantiser;
            tables_house(30, &s.content, &q[0], &q[1]);
            for (int c = 0; c < s.components; c++) {
                quantise(&s.blocks[c], &q[c > 0], &s.rate[c], NULL, &s.trial.levels[c]);
                count_component(&s.trial.levels[c], &counts[c]);
            }
            for (int layout = 0; layout < 2 * LAYOUT_COUNT; layout++) {
                const int smoothed = layout / LAYOUT_COUNT;
                unsigned char *data;
                struct jpeg_code code;
                const struct counted whole = {.levels = s.trial.levels,
                                              .counts = counts,
                                              .components = s.components,
                                              .subsampled = s.subsampled,
                                              .tables = s.components == 3 ? 2 : 1,
                                              .smoothed = {smoothed, smoothed, smoothed}};
                size_t size, counted = count_jpeg_bytes(&whole, (enum layout)(layout % LAYOUT_COUNT), &code);
                struct jpeg_chosen image = {.width_px = s.width_px,
                                            .height_px = s.height_px,
                                            .components = s.components,
                                            .subsampled = s.subsampled,
                                            .levels = s.trial.levels,
                                            .steps = {q[0].step, q[1].step, q[1].step},
                                            .code = &code};
                assert_int_equal(jpeg_write(&image, &data, &size), CRUSH_OK);
                size_t stuffed = stuffed_bytes(data, size), guessed = counted / 256 + 8;
                assert_true(counted + stuffed + 8 >= size && counted <= size - stuffed + guessed);
                free(data);
            }
            solver_free(&s);
            crush_close(p);
        }
}

/* ---- Budgets ---- */

static crush_encode_options plain_options(size_t budget_bytes, crush_shrink shrink, int min_quality)
{
    crush_encode_options options;
    crush_encode_options_init(&options);
    options.max_side_px = 0;
    options.budget_bytes = budget_bytes;
    options.shrink = shrink;
    options.min_quality = min_quality;
    return options;
}

static void budgets_are_kept(void **state)
{
    (void)state;
    uint32_t random = 5;
    for (int round = 0; round < 60; round++) {
        uint32_t width = 1 + next_random(&random) % 400, height = 1 + next_random(&random) % 400;
        int components = round % 4 == 3 ? 1 : 3;
        size_t budget = 300 + next_random(&random) % 15000;
        crush_picture *p = picture_make(width, height, components, round % 5 == 4, (enum scene)(round % SCENE_COUNT));
        crush_encode_options options = plain_options(budget, (crush_shrink)(round % 3), round % 3 == 2 ? 0 : 6);
        crush_result result;
        crush_error error = {0};
        crush_status status = crush_encode(p, &options, &result, &error);
        if (status == CRUSH_EBUDGET) {
            /* The size named as reachable is reachable. */
            assert_true(error.value > budget);
            char number[32];
            snprintf(number, sizeof number, "%llu", (unsigned long long)error.value);
            assert_non_null(strstr(error.message, number));
            options.budget_bytes = (size_t)error.value;
            status = crush_encode(p, &options, &result, &error);
        }
        assert_int_equal(status, CRUSH_OK);
        assert_true(result.size_bytes <= options.budget_bytes);
        assert_true(result.quality >= 1 && result.quality <= 100);
        assert_decodes(&result, components);
        crush_result_clear(&result);
        crush_close(p);
    }
}

/* Within 3 % below the budget where the picture has that much to say. */
static void budgets_are_used(void **state)
{
    (void)state;
    double unused = 0;
    int count = 0;
    for (int scene = SCENE_TEXT; scene < SCENE_COUNT; scene++)
        for (size_t budget = 4000; budget <= 24000; budget += 2500) {
            crush_picture *p = picture_make(400, 300, 3, 0, (enum scene)scene);
            crush_encode_options options = plain_options(budget, CRUSH_SHRINK_NEVER, 0);
            crush_result result;
            crush_status status = crush_encode(p, &options, &result, NULL);
            assert_true(status == CRUSH_OK || scene == SCENE_NOISE);
            if (status == CRUSH_OK) {
                double part = (double)result.size_bytes / (double)budget;
                assert_true(part > 0.97 && part <= 1);
                unused += 1 - part;
                count++;
                crush_result_clear(&result);
            }
            crush_close(p);
        }
    assert_true(count >= 18 && unused / count < 0.01);
}

static void slack_saves_passes(void **state)
{
    (void)state;
    int passes[2] = {0};
    for (int i = 0; i < 2 * 5 * (SCENE_COUNT - SCENE_TEXT); i++) {
        crush_picture *p = picture_make(400, 300, 3, 0, (enum scene)(SCENE_TEXT + i / 10));
        crush_encode_options options = plain_options(4000 + 2000 * (size_t)(i / 2 % 5), CRUSH_SHRINK_NEVER, 0);
        crush_result result;
        options.slack_percent = 8 * (i % 2);
        assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
        assert_true((double)result.size_bytes > (i % 2 ? 0.90 : 0.97) * (double)options.budget_bytes);
        passes[i % 2] += result.passes;
        crush_result_clear(&result);
        crush_close(p);
    }
    assert_true(passes[0] > 0 && passes[1] * 3 < passes[0] * 2);
}

static void impossible_budgets_name_the_least(void **state)
{
    (void)state;
    crush_picture *p = picture_make(320, 240, 3, 0, SCENE_PHOTO);
    for (int shrink = CRUSH_SHRINK_FLOOR; shrink <= CRUSH_SHRINK_NEVER; shrink++) {
        crush_encode_options options = plain_options(100, (crush_shrink)shrink, 5);
        crush_result result = {0};
        crush_error error = {0};
        assert_int_equal(crush_encode(p, &options, &result, &error), CRUSH_EBUDGET);
        assert_null(result.data);
        assert_int_equal(error.status, CRUSH_EBUDGET);
        assert_true(error.value > 100 && error.value < 20000);
        size_t least = (size_t)error.value;
        options.budget_bytes = least * 97 / 100; /* the least is exact, but no proof is searched that no byte can go */
        assert_int_equal(crush_encode(p, &options, &result, &error), CRUSH_EBUDGET);
        assert_int_equal(error.value, least);
        options.budget_bytes = least;
        assert_int_equal(crush_encode(p, &options, &result, &error), CRUSH_OK);
        assert_true(result.size_bytes <= least);
        crush_result_clear(&result);
    }
    crush_close(p);
}

/* Tiny pictures need more than the bytes below which decoders smooth: the least is named for either. */
static void the_least_is_enough_for_tiny_pictures(void **state)
{
    (void)state;
    for (int scene = 0; scene < SCENE_COUNT; scene++) {
        crush_picture *p = picture_make(64, 64, 1, 0, (enum scene)scene);
        crush_encode_options options = plain_options(60, CRUSH_SHRINK_NEVER, 5);
        crush_result result;
        crush_error error = {0};
        assert_int_equal(crush_encode(p, &options, &result, &error), CRUSH_EBUDGET);
        options.budget_bytes = (size_t)error.value;
        assert_int_equal(crush_encode(p, &options, &result, &error), CRUSH_OK);
        crush_result_clear(&result);
        crush_close(p);
    }
}

static void the_floor_shrinks_or_is_broken(void **state)
{
    (void)state;
    crush_picture *p = picture_make(400, 300, 3, 0, SCENE_PHOTO);
    crush_result result;
    crush_encode_options options = plain_options(4000, CRUSH_SHRINK_FLOOR, 20);
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(result.shrunk && !result.below_floor && result.quality >= 20);
    assert_true(result.width_px < 400 && result.width_px * 3 / 4 <= result.height_px + 1);
    crush_result_clear(&result);

    options.shrink = CRUSH_SHRINK_NEVER;
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(!result.shrunk && result.below_floor && result.quality < 20);
    assert_int_equal(result.width_px, 400);
    crush_result_clear(&result);

    options = plain_options(40000, CRUSH_SHRINK_FLOOR, 5);
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(!result.shrunk && !result.below_floor);
    crush_result_clear(&result);
    crush_close(p);
}

static void no_result_outgrows_its_source(void **state)
{
    (void)state;
    crush_picture *p = picture_make(320, 240, 3, 0, SCENE_PHOTO);
    crush_encode_options options = plain_options(12000, CRUSH_SHRINK_FLOOR, 5);
    crush_result result;
    p->info.source_bytes = 5000;
    options.cap_at_source = 1;
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(result.size_bytes <= 5000 && result.size_bytes > 4800);
    crush_result_clear(&result);
    p->info.source_bytes = 50; /* beyond comparison: as much as the floor takes, and all pixels */
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    assert_true(result.size_bytes <= 4000 && result.size_bytes > 1900);
    assert_true(result.quality >= 5 && !result.shrunk);
    assert_int_equal(result.width_px, 320);
    crush_result_clear(&result);
    crush_close(p);
}

/* Luma as decoders show it. */
static struct plane decode_luma(const crush_result *result)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct plane back;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, result->data, result->size_bytes);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&cinfo);
    assert_int_equal(plane_alloc(&back, cinfo.output_width, cinfo.output_height), CRUSH_OK);
    while (cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW rows[1] = {back.px + cinfo.output_scanline * back.stride_bytes};
        jpeg_read_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_decompress(&cinfo);
    assert_int_equal(errors.num_warnings, 0);
    jpeg_destroy_decompress(&cinfo);
    return back;
}

/* How far off a sky is, in gray levels. */
struct sky {
    double mean, most; /* of the errors of blocks' means: bands */
    double lines;      /* the most that the mean error of a row of blocks differs from that of the next */
};

static struct sky measure_sky(const struct plane *plane, const struct plane *back, uint32_t height)
{
    struct sky sky = {0};
    double row_before = 0;
    for (uint32_t top = 0; top + 8 <= height; top += 8) {
        double row = 0;
        for (uint32_t left = 0; left + 8 <= plane->width_px; left += 8) {
            int error = 0;
            for (uint32_t y = top; y < top + 8; y++)
                for (uint32_t x = left; x < left + 8; x++)
                    error += plane->px[y * plane->stride_bytes + x] - back->px[y * back->stride_bytes + x];
            sky.mean += abs(error) / 64.0 / (plane->width_px / 8 * (height / 8));
            sky.most = fmax(sky.most, abs(error) / 64.0);
            row += error / 64.0 / (plane->width_px / 8);
        }
        if (top)
            sky.lines = fmax(sky.lines, fabs(row - row_before));
        row_before = row;
    }
    return sky;
}

/* A dusk sky above texture from some row on. */
static struct sky crush_dusk(uint32_t horizon, size_t budget_bytes)
{
    uint32_t random = 11;
    crush_picture *p = picture_make(640, 480, 1, 0, SCENE_FLAT);
    struct plane *plane = &p->planes[PLANE_Y], back;
    uint8_t cells[80][107];
    for (int i = 0; i < 80 * 107; i++)
        cells[i / 107][i % 107] = (uint8_t)(next_random(&random) % 200);
    for (uint32_t y = 0; y < 480; y++)
        for (uint32_t x = 0; x < 640; x++)
            plane->px[y * plane->stride_bytes + x] =
                (uint8_t)(y < horizon ? 40 + y / 4 + x / 16 + (x * 7 + y * 3) % 3 : cells[y / 6][x / 6]);
    crush_encode_options options = plain_options(budget_bytes, CRUSH_SHRINK_NEVER, 0);
    crush_result result;
    assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
    back = decode_luma(&result);
    struct sky sky = measure_sky(plane, &back, horizon);
    plane_free(&back);
    crush_result_clear(&result);
    crush_close(p);
    return sky;
}

/* A sky at a 35th of a bit per pixel and more: no block's mean is off by a visible band, and hardly any at all. */
static void gradients_do_not_band(void **state)
{
    (void)state;
    for (size_t budget = 1100; budget <= 1500; budget += 50) {
        struct sky sky = crush_dusk(480, budget);
        assert_true(sky.most <= 2 && sky.mean <= 0.8 && sky.lines <= 0.5);
    }
}

/* Where texture takes the bytes, the steps of the means are capped: else the sky above it comes in bands. */
static void skies_above_texture_do_not_band(void **state)
{
    (void)state;
    for (size_t budget = 2000; budget <= 3000; budget += 1000) {
        struct sky sky = crush_dusk(320, budget);
        assert_true(sky.most <= 5 && sky.mean <= 1.6 && sky.lines <= 0.6); /* without the cap 8.6, 2.9, 0.7 at 2 kB */
    }
}

/* ---- Qualities and looks ---- */

static void qualities_use_libjpegs_tables(void **state)
{
    (void)state;
    crush_picture *p = picture_make(200, 150, 3, 0, SCENE_PHOTO);
    for (int quality = 1; quality <= 100; quality += 11) {
        struct jpeg_compress_struct expected;
        struct jpeg_decompress_struct written;
        struct jpeg_error_mgr errors;
        crush_encode_options options = plain_options(0, CRUSH_SHRINK_NEVER, 0);
        crush_result result;
        options.quality = quality;
        options.fast = 1;
        assert_int_equal(crush_encode(p, &options, &result, NULL), CRUSH_OK);
        assert_int_equal(result.quality, quality);
        expected.err = written.err = jpeg_std_error(&errors);
        jpeg_create_compress(&expected);
        expected.in_color_space = JCS_YCbCr;
        expected.input_components = 3;
        jpeg_set_defaults(&expected);
        jpeg_set_quality(&expected, quality, TRUE);
        jpeg_create_decompress(&written);
        jpeg_mem_src(&written, result.data, result.size_bytes);
        jpeg_read_header(&written, TRUE);
        for (int table = 0; table < 2; table++)
            assert_memory_equal(expected.quant_tbl_ptrs[table]->quantval,
                                written.comp_info[table].quant_table
                                    ? written.comp_info[table].quant_table->quantval
                                    : written.quant_tbl_ptrs[written.comp_info[table].quant_tbl_no]->quantval,
                                sizeof expected.quant_tbl_ptrs[0]->quantval);
        jpeg_destroy_compress(&expected);
        jpeg_destroy_decompress(&written);
        crush_result_clear(&result);
    }
    crush_close(p);
}

static void qualities_and_steps_agree(void **state)
{
    (void)state;
    for (int quality = 5; quality < 100; quality++)
        assert_int_equal(quality_of_step(step_of_quality(quality)), quality);
}

static void the_same_options_give_the_same_bytes(void **state)
{
    (void)state;
    crush_picture *p = picture_make(300, 200, 3, 0, SCENE_PHOTO);
    for (int preset = CRUSH_PRESET_CRISPY; preset <= CRUSH_PRESET_THUMBNAIL; preset++) {
        crush_encode_options options;
        crush_result a, b;
        crush_encode_options_preset(&options, (crush_preset)preset);
        assert_int_equal(crush_encode(p, &options, &a, NULL), CRUSH_OK);
        assert_int_equal(crush_encode(p, &options, &b, NULL), CRUSH_OK);
        assert_int_equal(a.size_bytes, b.size_bytes);
        assert_memory_equal(a.data, b.data, a.size_bytes);
        assert_decodes(&a, 3);
        crush_result_clear(&a);
        crush_result_clear(&b);
    }
    crush_close(p);
}

static int stop_after_ten(void *context)
{
    return ++*(int *)context > 10;
}

static void generations_wear_and_can_be_stopped(void **state)
{
    (void)state;
    crush_picture *p = picture_make(200, 150, 3, 0, SCENE_PHOTO);
    crush_encode_options options = plain_options(5000, CRUSH_SHRINK_NEVER, 0);
    crush_result once, often;
    crush_error error = {0};
    int calls = 0;
    assert_int_equal(crush_encode(p, &options, &once, NULL), CRUSH_OK);
    options.generations = 30;
    assert_int_equal(crush_encode(p, &options, &often, NULL), CRUSH_OK);
    assert_true(often.size_bytes <= 5000);
    assert_true(once.size_bytes != often.size_bytes || memcmp(once.data, often.data, once.size_bytes) != 0);
    crush_result_clear(&once);
    crush_result_clear(&often);
    options.generations = 1000;
    options.should_stop = stop_after_ten;
    options.should_stop_context = &calls;
    assert_int_equal(crush_encode(p, &options, &often, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_DEADLINE);
    assert_int_equal(calls, 11);
    crush_close(p);
}

static void tiny_and_gray_pictures_work(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {2, 1}, {1, 300}, {7, 9}, {16, 16}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int components = 1; components <= 3; components += 2) {
            crush_picture *p = picture_make(sizes[i][0], sizes[i][1], components, 0, SCENE_NOISE);
            crush_result result;
            assert_int_equal(crush_encode(p, NULL, &result, NULL), CRUSH_OK);
            assert_decodes(&result, components);
            assert_false(result.shrunk);
            crush_result_clear(&result);
            crush_close(p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huffman_lengths_make_a_code),
        cmocka_unit_test(counted_size_is_written_size),
        cmocka_unit_test(budgets_are_kept),
        cmocka_unit_test(budgets_are_used),
        cmocka_unit_test(slack_saves_passes),
        cmocka_unit_test(impossible_budgets_name_the_least),
        cmocka_unit_test(the_least_is_enough_for_tiny_pictures),
        cmocka_unit_test(the_floor_shrinks_or_is_broken),
        cmocka_unit_test(no_result_outgrows_its_source),
        cmocka_unit_test(gradients_do_not_band),
        cmocka_unit_test(skies_above_texture_do_not_band),
        cmocka_unit_test(qualities_use_libjpegs_tables),
        cmocka_unit_test(qualities_and_steps_agree),
        cmocka_unit_test(the_same_options_give_the_same_bytes),
        cmocka_unit_test(generations_wear_and_can_be_stopped),
        cmocka_unit_test(tiny_and_gray_pictures_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
