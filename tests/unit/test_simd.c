/*
 * Whatever the processor, the same bits: the code that this processor runs against the same files compiled without any
 * of its vector instructions (CRUSH_PORTABLE; their functions are called portable_… here).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crush/pixels/scratch.h"
#include "crush/pixels/chroma.h"
#include "crush/pixels/colour_matrix.h"
#include "crush/encode/dct.h"
#include "crush/encode/quantise.h"
#include "crush/jpeg/reconstruct.h"
#include "crush/formats/png_unfilter.h"
#include "crush/jpeg/states.h"
#include "crush/pixels/scale.h"
#include "crush/pixels/ycc.h"
#include "planes.h"

crush_status portable_scale_create(const struct scale_axis *x, const struct scale_axis *y, const struct plane *out,
                                   struct scale **ret_scale);
void portable_scale_push_row(struct scale *scale, const uint8_t *row);
void portable_scale_finish(struct scale *scale, uint8_t fill);
void portable_scale_destroy(struct scale *scale);
void portable_ycc_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *y, uint8_t *cb, uint8_t *cr);
void portable_ycc_from_rgb_fine(const uint8_t *rgb, size_t step, size_t count, uint8_t *const px[3],
                                uint8_t *const fine[3]);
crush_status portable_chroma_halve(const struct plane *full, struct plane *half);
void portable_ycc_luma_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *y);
void portable_dct_forward_into(const struct plane *plane, struct blocks *blocks);
void portable_dct_project(const uint8_t px[BLOCK_SIZE], const float coded[BLOCK_SIZE], int16_t ret_zigzag[BLOCK_SIZE]);
void portable_jpeg_reconstruct_row(const struct jpeg_reconstruct *how, const int16_t *coefficients, size_t stride,
                                   uint32_t count, uint8_t *to, size_t to_stride);
void portable_jpeg_progressive_row(struct jpeg_scan_pass *pass, uint32_t row);
void slow_jpeg_progressive_row(struct jpeg_scan_pass *pass, uint32_t row);

void portable_colour_matrix_convert(const struct colour_matrix *matrix, const uint8_t *rgb, size_t count,
                                    uint8_t *ret_rgb);
void portable_jpeg_states_values(uint32_t *records, size_t words);
void portable_quantise(const struct blocks *blocks, const struct quantiser *quantiser, const struct rate *rate,
                       const float *masking, struct levels *levels);
int portable_png_unfilter(const uint8_t *raw, const uint8_t *above, uint32_t count, size_t row_bytes, int pixel_bytes,
                          uint8_t *to, size_t to_stride);

/* Noise, flat pieces and extremes. */
static uint8_t *random_bytes(size_t count)
{
    uint8_t *data = malloc(count ? count : 1); /* exactly: a sanitizer sees reads beyond */
    assert_non_null(data);
    for (size_t i = 0; i < count; i++)
        data[i] = (uint8_t)(i / 64 % 3 == 0 ? random_below(2) * 255 : i / 64 % 3 == 1 ? 200 : random_below(256));
    return data;
}

/* In whole levels and what is finer. */
static void assert_planes_equal(const struct plane *a, const struct plane *b)
{
    assert_true(a->width_px == b->width_px && a->height_px == b->height_px && a->fine && b->fine);
    for (uint32_t y = 0; y < a->height_px; y++) {
        assert_memory_equal(a->px + y * a->stride_bytes, b->px + y * b->stride_bytes, a->width_px);
        assert_memory_equal(a->fine + y * a->stride_bytes, b->fine + y * b->stride_bytes, a->width_px);
    }
}

static void fill_with_noise(uint8_t *px, const struct plane *plane)
{
    for (uint32_t y = 0; y < plane->height_px; y++) {
        uint8_t *row = random_bytes(plane->width_px);
        memcpy(px + y * plane->stride_bytes, row, plane->width_px);
        free(row);
    }
}

static void chroma_is_halved_alike(void **state)
{
    (void)state;
    for (uint32_t width = 1; width < 130; width += width < 40 ? 1 : 17)
        for (uint32_t height = 1; height < 9; height++)
            for (int fine = 0; fine < 2; fine++) {
                struct plane full, ours, portable;
                assert_int_equal((fine ? plane_alloc_fine : plane_alloc)(&full, width, height), CRUSH_OK);
                fill_with_noise(full.px, &full);
                if (fine)
                    fill_with_noise(full.fine, &full);
                assert_int_equal(chroma_halve(&full, &ours), CRUSH_OK);
                assert_int_equal(portable_chroma_halve(&full, &portable), CRUSH_OK);
                assert_planes_equal(&ours, &portable);
                plane_free(&full);
                plane_free(&ours);
                plane_free(&portable);
            }
}

static void planes_are_scaled_alike(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{640, 640}, {1001, 640}, {97, 96}, {4000, 640}, {33, 7}, {515, 514}, {9, 30}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j += 2) {
            const struct scale_axis x = {sizes[i][0], sizes[i][1], sizes[i][0] - 0.25, 1 + (uint32_t)i % 2},
                                    y = {sizes[j][0], sizes[j][1], sizes[j][0], 1};
            struct plane planes[2];
            struct scale *ours, *portable;
            for (int p = 0; p < 2; p++)
                assert_int_equal(plane_alloc_fine(&planes[p], x.out_px, y.out_px), CRUSH_OK);
            assert_int_equal(scale_create(&x, &y, &planes[0], &ours), CRUSH_OK);
            assert_int_equal(portable_scale_create(&x, &y, &planes[1], &portable), CRUSH_OK);
            for (uint32_t row = 0; row < y.in_px; row++) {
                uint8_t *samples = random_bytes(x.in_px);
                scale_push_row(ours, samples);
                portable_scale_push_row(portable, samples);
                free(samples);
            }
            scale_finish(ours, 128);
            portable_scale_finish(portable, 128);
            assert_planes_equal(&planes[0], &planes[1]);
            scale_destroy(ours);
            portable_scale_destroy(portable);
            plane_free(&planes[0]);
            plane_free(&planes[1]);
        }
}

static void pixels_are_converted_alike(void **state)
{
    (void)state;
    for (size_t step = 3; step <= 4; step++)
        for (size_t count = 1; count < 200; count++) {
            uint8_t *upper = random_bytes(count * step), *lower = random_bytes(count * step);
            uint8_t ours[3][200] = {{0}}, portable[3][200] = {{0}};
            ycc_from_rgb(upper, step, count, ours[0], ours[1], ours[2]);
            portable_ycc_from_rgb(upper, step, count, portable[0], portable[1], portable[2]);
            assert_memory_equal(ours, portable, sizeof ours);
            ycc_luma_from_rgb(lower, step, count, ours[0]);
            portable_ycc_luma_from_rgb(lower, step, count, portable[0]);
            assert_memory_equal(ours, portable, sizeof ours);
            uint8_t ours_fine[3][200] = {{0}}, portable_fine[3][200] = {{0}}, *to[6];
            for (int i = 0; i < 3; i++) {
                to[i] = ours_fine[i];
                to[3 + i] = portable_fine[i];
            }
            uint8_t *ours_px[3] = {ours[0], ours[1], ours[2]},
                    *portable_px[3] = {portable[0], portable[1], portable[2]};
            ycc_from_rgb_fine(upper, step, count, ours_px, to);
            portable_ycc_from_rgb_fine(upper, step, count, portable_px, to + 3);
            assert_memory_equal(ours, portable, sizeof ours);
            assert_memory_equal(ours_fine, portable_fine, sizeof ours_fine);
            ycc_from_rgb(upper, step, count, portable[0], portable[1], portable[2]);
            assert_memory_equal(ours, portable, sizeof ours); /* px is what it is without fine */
            free(upper);
            free(lower);
        }
}

/* What is gray stays gray, and its luma is that of one colour alone. */
static void grays_stay_gray(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        const uint8_t r = (uint8_t)random_below(256), g = i % 2 ? (uint8_t)random_below(256) : r,
                      b = i % 2 ? (uint8_t)random_below(256) : r;
        uint8_t row[37 * 3], y[37], cb[37], cr[37];
        for (int x = 0; x < 37; x++) {
            row[3 * x] = r;
            row[3 * x + 1] = g;
            row[3 * x + 2] = b;
        }
        ycc_from_rgb(row, 3, 37, y, cb, cr);
        assert_int_equal(y[0], ycc_luma(r, g, b));
        uint8_t fine[3][37], *px[3] = {y, cb, cr}, *to[3] = {fine[0], fine[1], fine[2]};
        ycc_from_rgb_fine(row, 3, 37, px, to);
        if (r == g && g == b) {
            assert_true(y[0] == r && cb[0] == 128 && cr[0] == 128);
            for (int c = 0; c < 3; c++)
                assert_true(fine[c][0] == FINE_NONE && fine[c][36] == FINE_NONE);
        }
    }
}

static void blocks_are_transformed_alike(void **state)
{
    (void)state;
    for (int fine = 0; fine < 2; fine++) {
        struct plane plane;
        struct blocks ours, portable;
        assert_int_equal((fine ? plane_alloc_fine : plane_alloc)(&plane, 150, 91), CRUSH_OK);
        fill_with_noise(plane.px, &plane);
        if (fine)
            fill_with_noise(plane.fine, &plane);
        assert_int_equal(dct_forward(&plane, &ours), CRUSH_OK);
        portable = ours;
        const size_t bytes = (size_t)ours.columns * ours.rows * BLOCK_SIZE * sizeof(int16_t);
        portable.coefficients = scratch_alloc(bytes);
        assert_non_null(portable.coefficients);
        portable_dct_forward_into(&plane, &portable);
        assert_memory_equal(ours.coefficients, portable.coefficients, bytes);
        blocks_free(&ours);
        blocks_free(&portable);
        plane_free(&plane);
    }
}

static void levels_are_chosen_alike(void **state)
{
    (void)state;
    enum { COLUMNS = 12, ROWS = 7 };
    struct blocks blocks = {scratch_alloc(COLUMNS * ROWS * BLOCK_SIZE * sizeof(int16_t)), COLUMNS, ROWS};
    const struct content content = {0};
    struct quantiser luma, chroma;
    struct levels ours, portable;
    struct rate rate;
    assert_non_null(blocks.coefficients);
    for (int i = 0; i < COLUMNS * ROWS * BLOCK_SIZE; i++) /* large ones rarely */
        blocks.coefficients[i] = (int16_t)((int)random_below(4000) / (1 + (int)random_below(60)) - 40);
    assert_int_equal(levels_alloc(COLUMNS, ROWS, &ours), CRUSH_OK);
    assert_int_equal(levels_alloc(COLUMNS, ROWS, &portable), CRUSH_OK);
    tables_house(12, &content, &luma, &chroma);
    rate_guess(&rate);
    quantise(&blocks, &luma, &rate, NULL, &ours);
    portable_quantise(&blocks, &luma, &rate, NULL, &portable);
    assert_memory_equal(ours.first, portable.first, (COLUMNS * ROWS + 1) * sizeof *ours.first);
    assert_memory_equal(ours.dc, portable.dc, COLUMNS * ROWS * sizeof *ours.dc);
    assert_true(ours.first[COLUMNS * ROWS] > ours.first[0] + COLUMNS * ROWS);
    for (uint32_t i = ours.first[0]; i < ours.first[COLUMNS * ROWS]; i++)
        assert_true(ours.ac[i].value == portable.ac[i].value && ours.ac[i].position == portable.ac[i].position);
    levels_free(&ours);
    levels_free(&portable);
    blocks_free(&blocks);
}

static void blocks_are_projected_alike(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        uint8_t *px = random_bytes(BLOCK_SIZE);
        float coded[BLOCK_SIZE] = {0};
        int16_t ours[BLOCK_SIZE], portable[BLOCK_SIZE];
        for (int i = 0; i < 1 + round % 20; i++)
            coded[random_below(BLOCK_SIZE)] = (float)random_below(1000) - 500;
        dct_project(px, coded, ours);
        portable_dct_project(px, coded, portable);
        assert_memory_equal(ours, portable, sizeof ours);
        free(px);
    }
}

static void low_frequencies_are_rebuilt_alike(void **state)
{
    (void)state;
    enum { BLOCKS = 77 };
    for (int size = 1; size <= RECONSTRUCT_SIZE_MAX; size++) {
        struct jpeg_reconstruct how = {.size = size};
        int16_t coefficients[RECONSTRUCT_SLOTS * BLOCKS];
        uint8_t ours[RECONSTRUCT_SLOTS * BLOCKS] = {0}, portable[RECONSTRUCT_SLOTS * BLOCKS] = {0};
        if (!jpeg_reconstruct_has(size))
            continue;
        for (int s = 0; s < size * size; s++) {
            how.step[s] = (float)(1 + random_below(90));
            how.missing[s] = s % 3 == 2 ? (float)s : 0;
        }
        for (int i = 0; i < size * size * BLOCKS; i++)
            coefficients[i] =
                (int16_t)(random_below(5) ? (int)random_below(41) - 20 : (int)random_below(65536) - 32768);
        jpeg_reconstruct_row(&how, coefficients, BLOCKS, BLOCKS, ours, RECONSTRUCT_SIZE_MAX * BLOCKS);
        portable_jpeg_reconstruct_row(&how, coefficients, BLOCKS, BLOCKS, portable, RECONSTRUCT_SIZE_MAX * BLOCKS);
        assert_memory_equal(ours, portable, sizeof ours);
    }
}

/* Noise as the refinement of blocks of noise, at every band and with runs of blocks; also as processors do it that
 * deposit bits slowly. */
static void values_are_refined_alike(void **state)
{
    (void)state;
    enum { BLOCKS = 40, BYTES = 3000, WAYS = 3 };
    /* 00: (0, 1), 01: (1, 1), 100: end, 101: (5, 1), 110: (15, 0), 1110: end of up to three, 11110: (0, 2) */
    static const struct jpeg_huffman_spec spec = {
        .present = 1, .counts = {0, 0, 2, 3, 1, 1}, .symbols = {0x01, 0x11, 0x00, 0x51, 0xF0, 0x10, 0x02}};
    static struct huffman_table table;
    static struct jpeg_scan_pass passes[WAYS];
    huffman_table_make(&spec, HUFFMAN_PROGRESSIVE_AC, &table);
    for (int round = 0; round < 200; round++) {
        struct jpeg_component_store stores[WAYS];
        uint8_t *raw = random_bytes(BYTES);
        int16_t *values[WAYS];
        uint64_t nonzero[WAYS][BLOCKS];
        const int first = 1 + (int)random_below(63), last = first + (int)random_below(64 - (uint32_t)first);
        for (int p = 0; p < WAYS; p++) {
            struct jpeg_component_store *store = &stores[p];
            *store = (struct jpeg_component_store){
                .size = 8, .h = 1, .v = 1, .across = BLOCKS, .down = 1, .stride = BLOCKS, .rows = 1, .refined = 1};
            for (uint32_t k = 0; k < JPEG_BLOCK; k++)
                if (round % 2 || k % 3) {
                    store->slot[k] = k * BLOCKS;
                    store->kept |= 1ull << 63 >> k;
                }
            values[p] = store->coefficients = calloc(JPEG_BLOCK * BLOCKS, sizeof(int16_t));
            store->nonzero = nonzero[p];
            assert_non_null(store->coefficients);
            passes[p] = (struct jpeg_scan_pass){.kind = SCAN_AC_REFINE,
                                                .part_count = 1,
                                                .parts = {{store, NULL, &table, NULL, 0}},
                                                .mcus_across = BLOCKS,
                                                .mcus_down = 1,
                                                .first = first,
                                                .last = last,
                                                .low = round % 14};
            bits_begin(&passes[p].window, raw, raw + BYTES, BITS_WINDOW_SMALL);
        }
        for (size_t m = 0; m < BLOCKS; m++) {
            nonzero[0][m] = 0;
            for (uint32_t k = 1; k < JPEG_BLOCK; k++)
                if (!random_below(m % 4 ? 3 : 50)) {
                    nonzero[0][m] |= 1ull << 63 >> k;
                    values[0][k * BLOCKS + m] =
                        (int16_t)(random_below(2) ? 1 + random_below(30000) : 0u - 1 - random_below(30000));
                }
        }
        for (int p = 1; p < WAYS; p++) {
            memcpy(nonzero[p], nonzero[0], sizeof nonzero[0]);
            memcpy(values[p], values[0], JPEG_BLOCK * BLOCKS * sizeof *values[0]);
        }
        jpeg_progressive_row(&passes[0], 0);
        portable_jpeg_progressive_row(&passes[1], 0);
        slow_jpeg_progressive_row(&passes[2], 0);
        for (int p = 1; p < WAYS; p++) {
            assert_memory_equal(values[0], values[p], JPEG_BLOCK * BLOCKS * sizeof *values[0]);
            assert_memory_equal(nonzero[0], nonzero[p], sizeof nonzero[0]);
            assert_int_equal(passes[0].window.bits.word, passes[p].window.bits.word);
            assert_int_equal(passes[0].window.bits.next - passes[0].window.data,
                             passes[p].window.bits.next - passes[p].window.data);
            assert_int_equal(passes[0].blocks_at_end, passes[p].blocks_at_end);
            assert_int_equal(passes[0].window.bits.invalid, passes[p].window.bits.invalid);
        }
        for (int p = 0; p < WAYS; p++)
            free(values[p]);
        free(raw);
    }
}

/* Values as T.81 F.2.2.1 has them, of all sizes. */
static void values_are_made_alike(void **state)
{
    (void)state;
    enum { WORDS = 1023 };
    uint32_t ours[WORDS], portable[WORDS];
    int32_t wanted[WORDS];
    for (uint32_t i = 0; i < WORDS; i++) {
        const uint32_t size = i % 16, plain = random_below(1u << size);
        const uint16_t half[2] = {(uint16_t)(plain << (16 - size) | (random_below(65536) >> size)),
                                  (uint16_t)(size << 12 | random_below(4096))};
        memcpy(&ours[i], half, sizeof half);
        wanted[i] = size && plain < 1u << (size - 1) ? (int32_t)plain - (1 << size) + 1 : (int32_t)plain;
    }
    memcpy(portable, ours, sizeof ours);
    jpeg_states_values(ours, WORDS);
    portable_jpeg_states_values(portable, WORDS);
    assert_memory_equal(ours, wanted, sizeof ours);
    assert_memory_equal(portable, wanted, sizeof ours);
}

/* The largest coefficients too, and counts that leave a rest. */
static void profiles_are_applied_alike(void **state)
{
    (void)state;
    struct colour_matrix matrix;
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 256; i++)
            matrix.linear[c][i] = i < 255 ? (int32_t)random_below(SRGB_LINEAR_ONE) : SRGB_LINEAR_ONE;
        for (int i = 0; i < 3; i++)
            matrix.row[c][i] = (c == 0 ? 8 : (int32_t)random_below(5) - 2) * (1 << COLOUR_ROW_BITS);
    }
    for (int i = 0; i <= SRGB_LINEAR_ONE; i++)
        matrix.encoded[i] = (uint8_t)random_below(256);
    for (size_t count = 1; count < 300; count += 7) {
        uint8_t *rgb = random_bytes(3 * count), ours[900], portable[900];
        memset(rgb, 255, 3);
        colour_matrix_convert(&matrix, rgb, count, ours);
        portable_colour_matrix_convert(&matrix, rgb, count, portable);
        assert_memory_equal(ours, portable, 3 * count);
        free(rgb);
    }
}

/* Every mixture of filters, rows of one pixel and of many; what stands behind a row is nobody's matter. */
static void rows_are_unfiltered_alike(void **state)
{
    (void)state;
    for (int pixel_bytes = 1; pixel_bytes <= 8; pixel_bytes++)
        for (uint32_t round = 0; round < 5 * 5 * 5 * 5; round++) {
            const uint32_t pixels = round % 7 == 0 ? 1 + round % 5 : 1 + random_below(60),
                           count = round % 11 ? 4 : 1 + round % 3;
            const size_t row_bytes = pixels * (size_t)pixel_bytes, stride = row_bytes + PNG_UNFILTER_SLACK_BYTES;
            uint8_t *raw = random_bytes(count * (row_bytes + 1) + PNG_UNFILTER_SLACK_BYTES);
            uint8_t *above = random_bytes(stride), *ours = calloc(count, stride), *portable = calloc(count, stride);
            for (uint32_t i = 0, mix = round; i < count; i++, mix /= 5)
                raw[i * (row_bytes + 1)] = (uint8_t)(mix % 5);
            assert_true(png_unfilter(raw, above, count, row_bytes, pixel_bytes, ours, stride));
            assert_true(portable_png_unfilter(raw, above, count, row_bytes, pixel_bytes, portable, stride));
            for (uint32_t i = 0; i < count; i++)
                assert_memory_equal(ours + i * stride, portable + i * stride, row_bytes);
            raw[(count - 1) * (row_bytes + 1)] = (uint8_t)(5 + random_below(251));
            assert_false(png_unfilter(raw, above, count, row_bytes, pixel_bytes, ours, stride));
            free(raw);
            free(above);
            free(ours);
            free(portable);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planes_are_scaled_alike),      cmocka_unit_test(chroma_is_halved_alike),
        cmocka_unit_test(pixels_are_converted_alike),   cmocka_unit_test(grays_stay_gray),
        cmocka_unit_test(blocks_are_transformed_alike), cmocka_unit_test(low_frequencies_are_rebuilt_alike),
        cmocka_unit_test(values_are_made_alike),        cmocka_unit_test(values_are_refined_alike),
        cmocka_unit_test(blocks_are_projected_alike),   cmocka_unit_test(levels_are_chosen_alike),
        cmocka_unit_test(profiles_are_applied_alike),   cmocka_unit_test(rows_are_unfiltered_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
