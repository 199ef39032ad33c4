/*
 * Flat blocks, as pixel art, codes and swatches are made of: what viewers show of them, those that smooth blocks and
 * those that do not. The oracle is libjpeg, asked for either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "crush/pixels/scratch.h"
#include "crush/encode/smooth.h"
#include "crush/encode/solve.h"
#include "crush/pixels/picture.h"

enum { CELLS = 29, MOST_PX = CELLS * 32, COLOURS = 6 };

enum kind { KIND_CODE, KIND_GRAY, KIND_COLOUR, KIND_COUNT };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Cells of some pixels, each black or white, gray, or one of some colours (YCbCr). */
static crush_picture *picture_of_cells(enum kind kind, uint32_t cell_px, uint32_t cells, int chroma_444)
{
    static const uint8_t palette[COLOURS][PLANE_COUNT] = {{24, 131, 127}, {111, 100, 213}, {204, 58, 161},
                                                          {116, 113, 88}, {98, 196, 108},  {240, 128, 128}};
    uint8_t values[CELLS][CELLS];
    crush_picture *p = calloc(1, sizeof *p);
    uint32_t state = cell_px;
    assert_non_null(p);
    for (uint32_t i = 0; i < CELLS * CELLS; i++)
        values[i / CELLS][i % CELLS] = (uint8_t)(kind == KIND_CODE   ? 255 * (next_random(&state) & 1)
                                                 : kind == KIND_GRAY ? next_random(&state) % 256
                                                                     : next_random(&state) % COLOURS);
    p->info.width_px = p->info.source_width_px = p->info.height_px = p->info.source_height_px = cells * cell_px;
    p->info.source_bytes = 500; /* as such pictures have: no more than their cells */
    p->info.orientation = 1;
    p->chroma_444 = chroma_444;
    p->may_halve = chroma_444;
    for (int c = 0; c < (kind == KIND_COLOUR ? PLANE_COUNT : 1); c++) {
        const uint32_t factor = c && !chroma_444 ? 2 : 1, side = (cells * cell_px + factor - 1) / factor;
        assert_int_equal(plane_alloc(&p->planes[c], side, side), 0);
        for (uint32_t y = 0; y < side; y++)
            for (uint32_t x = 0; x < side; x++) {
                const uint32_t row = y * factor / cell_px, column = x * factor / cell_px, last = cells - 1;
                const uint8_t value =
                    values[(row < last ? row : last) % CELLS][(column < last ? column : last) % CELLS];
                p->planes[c].px[y * p->planes[c].stride_bytes + x] = kind == KIND_COLOUR ? palette[value][c] : value;
            }
    }
    return p;
}

/* Mean square error of what a viewer shows. */
static double shown_error(const crush_picture *p, const crush_result *result, int smoothing)
{
    static uint8_t row[3 * MOST_PX];
    JSAMPROW rows[1] = {row};
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    const int components = p->planes[PLANE_CB].px ? 3 : 1;
    double sum = 0;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, result->data, result->size_bytes);
    jpeg_read_header(&cinfo, TRUE);
    assert_int_equal(cinfo.image_width, p->info.width_px);
    cinfo.out_color_space = components == 3 ? JCS_YCbCr : JCS_GRAYSCALE;
    cinfo.do_block_smoothing = (boolean)smoothing;
    jpeg_start_decompress(&cinfo);
    while (cinfo.output_scanline < cinfo.output_height) {
        const uint32_t y = cinfo.output_scanline;
        jpeg_read_scanlines(&cinfo, rows, 1);
        for (uint32_t i = 0; i < cinfo.output_width * (uint32_t)components; i++) {
            const struct plane *plane = &p->planes[i % (uint32_t)components];
            const uint32_t factor = plane->width_px == cinfo.output_width ? 1 : 2;
            const int wanted = plane->px[y / factor * plane->stride_bytes + i / (uint32_t)components / factor];
            sum += (row[i] - wanted) * (row[i] - wanted);
        }
    }
    jpeg_finish_decompress(&cinfo);
    assert_int_equal(errors.num_warnings, 0);
    jpeg_destroy_decompress(&cinfo);
    return sum / (cinfo.output_width * (double)cinfo.output_height * components);
}

static double decibels(double square)
{
    return square > 0 ? 10 * log10(255 * 255 / square) : 99;
}

/* As viewers show it, whether they smooth or not. */
static double encode_shown(const crush_picture *p, const crush_encode_options *options, int *ret_progressive)
{
    crush_result result;
    assert_int_equal(crush_encode(p, options, &result, NULL), CRUSH_OK);
    const double smoothed = shown_error(p, &result, 1), plain = shown_error(p, &result, 0);
    *ret_progressive = result.progressive;
    assert_true(!options->budget_bytes || result.size_bytes <= options->budget_bytes);
    crush_result_clear(&result);
    return fmin(decibels(smoothed), decibels(plain));
}

/*
 * Cells on the block grid: all that there is are means of blocks, which JPEG gives exactly. Before, viewers that smooth
 * showed 7 to 22 dB. Half of the sizes give each layout; no matter which, the picture is there.
 */
static void cells_on_the_grid_are_sharp(void **state)
{
    (void)state;
    int layouts[2] = {0};
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        for (uint32_t cell_px = 8; cell_px <= 32; cell_px += 8)
            for (uint32_t cells = 1; cells <= CELLS; cells += 7) {
                crush_picture *p = picture_of_cells(kind, cell_px, cells, kind == KIND_COLOUR);
                crush_encode_options options;
                int progressive;
                crush_encode_options_preset(&options, CRUSH_PRESET_CRUNCHY);
                options.max_side_px = 0;
                assert_true(encode_shown(p, &options, &progressive) >= 34);
                layouts[progressive]++;
                options.budget_bytes = 0;
                options.quality = 95;
                assert_true(encode_shown(p, &options, &progressive) >= 45);
                layouts[progressive]++;
                crush_close(p);
            }
    assert_true(layouts[0] > 0 && layouts[1] > 0);
}

/* All other sizes: at quality 95 as near as its own table lets it be, without any loss that viewers add. */
static void cells_off_the_grid_are_sharp(void **state)
{
    (void)state;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        for (uint32_t cell_px = 4; cell_px <= 32; cell_px++) {
            crush_picture *p = picture_of_cells(kind, cell_px, 180 / cell_px, kind == KIND_COLOUR);
            crush_encode_options options;
            int progressive;
            crush_encode_options_preset(&options, CRUSH_PRESET_CRUNCHY);
            options.max_side_px = 0;
            options.budget_bytes = 0;
            options.quality = 95;
            const double least = kind == KIND_CODE ? 45 : 41;
            assert_true(encode_shown(p, &options, &progressive) >= least);
            crush_close(p);
        }
}

/* A slope is what smoothing guesses right; cells are what it does not. */
static void smoothing_is_kept_where_it_helps(void **state)
{
    (void)state;
    enum { SIDE = 12 };
    struct levels levels;
    struct blocks wanted = {scratch_alloc_zeroed(SIDE * SIDE * BLOCK_SIZE * sizeof *wanted.coefficients), SIDE, SIDE};
    uint16_t step[BLOCK_SIZE];
    assert_non_null(wanted.coefficients);
    assert_int_equal(levels_alloc(SIDE, SIDE, &levels), CRUSH_OK);
    for (int k = 0; k < BLOCK_SIZE; k++)
        step[k] = 16;
    for (int is_slope = 0; is_slope < 2; is_slope++) {
        for (uint32_t b = 0; b < SIDE * SIDE; b++) {
            levels.dc[b] = (int16_t)(is_slope ? 4 * (b % SIDE) : 40 * (b % 2));
            wanted.coefficients[b * BLOCK_SIZE] = (int16_t)(levels.dc[b] * 16 * COEFFICIENT_UNIT);
            /* of a slope of 8 gray levels a block: 64 of DC, -18.2 of the lowest AC for each 16 of DC's step */
            wanted.coefficients[b * BLOCK_SIZE + 1] = (int16_t)(is_slope ? -18.2 * COEFFICIENT_UNIT : 0);
        }
        assert_int_equal(smooth_helps(&wanted, &levels, step), is_slope);
    }
    levels_free(&levels);
    blocks_free(&wanted);
}

/* What is finer than whole levels reaches the coefficients of a gradient, not those of a drawing. */
static void drawings_are_whole_levels(void **state)
{
    (void)state;
    enum { SIDE = 128, FINE = FINE_NONE + 64 };
    for (int drawing = 0; drawing < 2; drawing++) {
        struct plane planes[PLANE_COUNT] = {0}, whole[PLANE_COUNT] = {0};
        struct solver with, without;
        assert_int_equal(plane_alloc_fine(&planes[PLANE_Y], SIDE, SIDE), CRUSH_OK);
        for (uint32_t y = 0; y < SIDE; y++)
            for (uint32_t x = 0; x < SIDE; x++) {
                const size_t at = y * planes[PLANE_Y].stride_bytes + x;
                planes[PLANE_Y].px[at] = (uint8_t)(drawing ? 40 + 160 * (x / 32 + y / 32) % 200 : 30 + x + y / 2);
                planes[PLANE_Y].fine[at] = FINE;
            }
        whole[PLANE_Y] = planes[PLANE_Y];
        whole[PLANE_Y].fine = NULL;
        assert_int_equal(solver_init(planes, 0, &with), CRUSH_OK);
        assert_int_equal(solver_init(whole, 0, &without), CRUSH_OK);
        assert_int_equal(with.content.drawing, drawing);
        assert_int_equal(without.content.drawing, drawing);
        for (size_t b = 0; b < (size_t)SIDE * SIDE / 64; b++) {
            const int16_t *fine = with.blocks[PLANE_Y].coefficients + 64 * b,
                          *plain = without.blocks[PLANE_Y].coefficients + 64 * b;
            /* a quarter of a level is two units of T.81 at DC */
            assert_int_equal(fine[0] - plain[0], drawing ? 0 : 2 * COEFFICIENT_UNIT);
        }
        solver_free(&with);
        solver_free(&without);
        plane_free(&planes[PLANE_Y]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawings_are_whole_levels),
        cmocka_unit_test(cells_on_the_grid_are_sharp),
        cmocka_unit_test(cells_off_the_grid_are_sharp),
        cmocka_unit_test(smoothing_is_kept_where_it_helps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
