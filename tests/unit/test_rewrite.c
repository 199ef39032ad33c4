/*
 * Lossless rewriting. The oracle for the eight orientations is the decoder itself: turning the decoded planes of
 * the source must give, sample for sample, the decoded planes of the result.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "crush/pixels/orient.h"
#include "crush/encode/rewrite.h"

struct source {
    unsigned char *data;
    unsigned long size;
};

struct kind {
    int components, h, v, progressive, restart_interval;
};

/* A colourful picture with edges, some noise and a gradient. */
static struct source make_source(unsigned width, unsigned height, struct kind kind)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct source source = {0};
    unsigned char row[3 * 512];
    unsigned noise = 1;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &source.data, &source.size);
    cinfo.image_width = width;
    cinfo.image_height = height;
    cinfo.input_components = kind.components;
    cinfo.in_color_space = kind.components == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, 40, TRUE);
    cinfo.comp_info[0].h_samp_factor = kind.h;
    cinfo.comp_info[0].v_samp_factor = kind.v;
    cinfo.restart_interval = (unsigned)kind.restart_interval;
    if (kind.progressive)
        jpeg_simple_progression(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    jpeg_write_marker(&cinfo, JPEG_COM, (const unsigned char *)"secret place", 12);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++)
            for (int c = 0; c < kind.components; c++) {
                noise = noise * 1103515245 + 12345;
                row[x * (unsigned)kind.components + (unsigned)c] =
                    (unsigned char)((x * (unsigned)(c + 2) + y * 3) / 4 + ((x / 11 + y / 7) % 2) * 60 +
                                    (noise >> 16) % 20);
            }
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return source;
}

/* Raw planes as decoded, without upsampling. */
static void decode_planes(const unsigned char *data, size_t size, struct plane planes[PLANE_COUNT])
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *rows[3][32];
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, data, size);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.raw_data_out = TRUE;
    cinfo.do_block_smoothing = FALSE;
    cinfo.do_fancy_upsampling = FALSE;
    cinfo.out_color_space = cinfo.jpeg_color_space;
    jpeg_start_decompress(&cinfo);
    memset(planes, 0, PLANE_COUNT * sizeof *planes);
    for (int c = 0; c < cinfo.num_components; c++) {
        assert_int_equal(
            plane_alloc(&planes[c], cinfo.comp_info[c].downsampled_width, cinfo.comp_info[c].downsampled_height), 0);
        for (int i = 0; i < 32; i++)
            rows[c][i] = malloc(cinfo.output_width + 64);
    }
    JSAMPARRAY arrays[3] = {rows[0], rows[1], rows[2]};
    unsigned at[3] = {0};
    while (cinfo.output_scanline < cinfo.output_height) {
        jpeg_read_raw_data(&cinfo, arrays, (unsigned)cinfo.max_v_samp_factor * 8);
        for (int c = 0; c < cinfo.num_components; c++)
            for (int i = 0; i < cinfo.comp_info[c].v_samp_factor * 8 && at[c] < planes[c].height_px; i++)
                memcpy(planes[c].px + at[c]++ * planes[c].stride_bytes, rows[c][i], planes[c].width_px);
    }
    for (int c = 0; c < cinfo.num_components; c++)
        for (int i = 0; i < 32; i++)
            free(rows[c][i]);
    jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);
}

static void assert_planes_equal(const struct plane *a, const struct plane *b)
{
    assert_int_equal(a->width_px, b->width_px);
    assert_int_equal(a->height_px, b->height_px);
    for (uint32_t y = 0; y < a->height_px; y++)
        assert_memory_equal(a->px + y * a->stride_bytes, b->px + y * b->stride_bytes, a->width_px);
}

/* libjpeg's inverse DCT rounds between its passes, so a transposed block may differ by one there. */
static void assert_planes_near(const struct plane *a, const struct plane *b)
{
    assert_int_equal(a->width_px, b->width_px);
    assert_int_equal(a->height_px, b->height_px);
    for (uint32_t y = 0; y < a->height_px; y++)
        for (uint32_t x = 0; x < a->width_px; x++)
            assert_true(abs(a->px[y * a->stride_bytes + x] - b->px[y * b->stride_bytes + x]) <= 1);
}

static void assert_rewrites(unsigned width, unsigned height, struct kind kind, int orientation)
{
    static const crush_limits limits = {0};
    struct jpeg_outline outline = {0};
    crush_picture picture = {0};
    struct plane before[PLANE_COUNT], after[PLANE_COUNT];
    struct source source = make_source(width, height, kind);
    assert_int_equal(jpeg_rewrite(source.data, source.size, orientation, &outline, &limits, &picture, NULL), CRUSH_OK);
    assert_non_null(picture.rewritten);
    assert_true(picture.rewritten_bytes <= source.size);
    assert_true(abs(picture.rewritten_quality - 40) <= 1);
    assert_null(memmem(picture.rewritten, picture.rewritten_bytes, "secret", 6));
    decode_planes(source.data, source.size, before);
    decode_planes(picture.rewritten, picture.rewritten_bytes, after);
    for (int c = 0; c < kind.components; c++) {
        assert_int_equal(orient_plane(&before[c], orientation), CRUSH_OK);
        if (orientation == 1)
            assert_planes_equal(&before[c], &after[c]);
        else
            assert_planes_near(&before[c], &after[c]);
    }
    for (int c = 0; c < PLANE_COUNT; c++) {
        plane_free(&before[c]);
        plane_free(&after[c]);
    }
    free(picture.rewritten);
    free(source.data);
}

static void all_orientations_are_lossless(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {1, 1, 1, 0, 0}, {3, 1, 1, 0, 0}, {3, 2, 2, 0, 0}, {3, 2, 2, 1, 0},
        {3, 2, 1, 0, 0}, {3, 1, 2, 1, 0}, {3, 4, 1, 0, 0}, {3, 2, 2, 0, 3},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (int orientation = 1; orientation <= 8; orientation++)
            assert_rewrites(160, 96, kinds[k], orientation);
}

static void odd_sizes_keep_their_edges(void **state)
{
    (void)state;
    assert_rewrites(157, 91, (struct kind){3, 2, 2, 0, 0}, 1);
    assert_rewrites(157, 91, (struct kind){3, 2, 2, 0, 0}, 5); /* a transposition moves no torn block inside */
    assert_rewrites(160, 91, (struct kind){3, 2, 2, 0, 0}, 2);
    assert_rewrites(157, 96, (struct kind){3, 2, 2, 1, 0}, 4);
    assert_rewrites(1, 1, (struct kind){1, 1, 1, 0, 0}, 1);
}

/* A progressive file with scans finer than ours must not grow. */
static void the_scans_of_the_source_are_tried(void **state)
{
    (void)state;
    static const crush_limits limits = {0};
    crush_picture picture = {0};
    struct jpeg_outline outline;
    struct source source = make_source(400, 320, (struct kind){3, 2, 2, 1, 0});
    jpeg_outline_read(source.data, source.size, &outline);
    assert_int_equal(jpeg_outline_walk_scans(source.data, source.size, &limits, &outline, NULL), CRUSH_OK);
    assert_int_equal(outline.scan_count, 10);
    assert_int_equal(jpeg_rewrite(source.data, source.size, 1, &outline, &limits, &picture, NULL), CRUSH_OK);
    assert_true(picture.rewritten_bytes <= source.size);
    size_t with = picture.rewritten_bytes;
    free(picture.rewritten);
    picture.rewritten = NULL;
    outline.sof = 0;
    assert_int_equal(jpeg_rewrite(source.data, source.size, 1, &outline, &limits, &picture, NULL), CRUSH_OK);
    assert_true(with < picture.rewritten_bytes); /* ours alone would have grown it */
    free(picture.rewritten);
    jpeg_outline_clear(&outline);
    free(source.data);
}

/* Rotating would move the torn blocks from the right and lower edges to the left and upper ones. */
/* What decoders put in place of bits that were never sent belongs to the look: our own files come back as they were. */
static void unsent_bits_stay_unsent(void **state)
{
    (void)state;
    static const crush_limits limits = {0};
    struct source source = make_source(400, 320, (struct kind){3, 2, 2, 0, 0});
    crush_picture *picture, kept = {0};
    crush_encode_options options;
    crush_result result;
    crush_encode_options_init(&options);
    options.budget_bytes = 2000;
    options.min_quality = 0;
    options.allow_rewrite = 0;
    options.shrink = CRUSH_SHRINK_NEVER;
    assert_int_equal(crush_open(source.data, source.size, NULL, &picture, NULL), CRUSH_OK);
    assert_int_equal(crush_encode(picture, &options, &result, NULL), CRUSH_OK);
    struct jpeg_outline outline;
    jpeg_outline_read(result.data, result.size_bytes, &outline);
    assert_int_equal(jpeg_outline_walk_scans(result.data, result.size_bytes, &limits, &outline, NULL), CRUSH_OK);
    int unsent = 0;
    for (size_t i = 0; i < outline.scan_count; i++)
        unsent |= outline.scans[i].approx_low;
    assert_int_equal(unsent, 2);
    assert_int_equal(jpeg_rewrite(result.data, result.size_bytes, 1, &outline, &limits, &kept, NULL), CRUSH_OK);
    assert_int_equal(kept.rewritten_bytes, result.size_bytes);
    assert_memory_equal(kept.rewritten, result.data, result.size_bytes);
    free(kept.rewritten);
    jpeg_outline_clear(&outline);
    crush_result_clear(&result);
    crush_close(picture);
    free(source.data);
}

static void torn_blocks_are_refused(void **state)
{
    (void)state;
    static const crush_limits limits = {0};
    struct jpeg_outline outline = {0};
    struct source source = make_source(157, 91, (struct kind){3, 2, 2, 0, 0});
    for (int orientation = 2; orientation <= 8; orientation++) {
        crush_picture picture = {0};
        if (orientation == 5)
            continue;
        assert_int_equal(jpeg_rewrite(source.data, source.size, orientation, &outline, &limits, &picture, NULL),
                         CRUSH_EUNSUPPORTED);
        assert_null(picture.rewritten);
    }
    free(source.data);
}

static void damage_is_not_rewritten(void **state)
{
    (void)state;
    static const crush_limits limits = {0};
    struct jpeg_outline outline = {0};
    crush_picture picture = {0};
    struct source source = make_source(160, 96, (struct kind){3, 2, 2, 0, 0});
    assert_int_equal(jpeg_rewrite(source.data, source.size * 2 / 3, 1, &outline, &limits, &picture, NULL),
                     CRUSH_ECORRUPT);
    assert_int_equal(jpeg_rewrite("not a JPEG", 10, 1, &outline, &limits, &picture, NULL), CRUSH_ECORRUPT);
    assert_null(picture.rewritten);
    free(source.data);
}

/* Through the public API: a JPEG that fits comes back as it is, and never twice degraded. */
static void a_fitting_jpeg_is_kept(void **state)
{
    (void)state;
    struct source source = make_source(160, 96, (struct kind){3, 2, 2, 0, 0});
    crush_picture *picture;
    crush_result once, twice;
    assert_true(source.size < 12000);
    assert_int_equal(crush_open(source.data, source.size, NULL, &picture, NULL), CRUSH_OK);
    assert_int_equal(crush_encode(picture, NULL, &once, NULL), CRUSH_OK);
    crush_close(picture);
    assert_int_equal(once.rewritten, 1);
    assert_int_equal(crush_open(once.data, once.size_bytes, NULL, &picture, NULL), CRUSH_OK);
    assert_int_equal(crush_encode(picture, NULL, &twice, NULL), CRUSH_OK);
    crush_close(picture);
    assert_int_equal(twice.rewritten, 1);
    assert_int_equal(once.size_bytes, twice.size_bytes);
    assert_memory_equal(once.data, twice.data, once.size_bytes);
    crush_result_clear(&once);
    crush_result_clear(&twice);
    free(source.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_orientations_are_lossless), cmocka_unit_test(odd_sizes_keep_their_edges),
        cmocka_unit_test(torn_blocks_are_refused),       cmocka_unit_test(the_scans_of_the_source_are_tried),
        cmocka_unit_test(damage_is_not_rewritten),       cmocka_unit_test(a_fitting_jpeg_is_kept),
        cmocka_unit_test(unsent_bits_stay_unsent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
