/* crush_open and crush_probe on small pictures of every format, on damaged ones, and at every limit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <lcms2.h>
#include <png.h>

#include "crush/pixels/picture.h"
#include "picture_bytes.h"

static crush_picture *opened(struct bytes file, const crush_open_options *options)
{
    crush_picture *picture = NULL;
    crush_error error = {0};
    crush_info probed;
    const crush_status status = crush_open(file.data, file.size, options, &picture, &error);
    if (status != CRUSH_OK)
        fail_msg("%s", error.message);
    const crush_info *info = crush_picture_info(picture);
    assert_int_equal(crush_probe(file.data, file.size, NULL, &probed, &error), CRUSH_OK);
    assert_int_equal(probed.format, info->format);
    assert_int_equal(probed.orientation, info->orientation);
    assert_int_equal(probed.source_width_px, info->source_width_px);
    assert_int_equal(probed.source_height_px, info->source_height_px);
    return picture;
}

static crush_status refused(struct bytes file, const crush_open_options *options, crush_error *ret_error)
{
    crush_picture *picture = NULL;
    memset(ret_error, 0, sizeof *ret_error);
    const crush_status status = crush_open(file.data, file.size, options, &picture, ret_error);
    if (status == CRUSH_OK)
        crush_close(picture);
    else
        assert_true(ret_error->message[0] != 0 && ret_error->status == status);
    return status;
}

#define clamp(v) (int)lround(fmin(fmax(v, 0), 255))

static void rgb_at(const crush_picture *p, uint32_t x, uint32_t y, int ret_rgb[3])
{
    const struct plane *l = &p->planes[PLANE_Y], *b = &p->planes[PLANE_CB], *r = &p->planes[PLANE_CR];
    const uint32_t half = !p->chroma_444;
    const double luma = l->px[y * l->stride_bytes + x];
    const double cb = b->px ? b->px[(y >> half) * b->stride_bytes + (x >> half)] - 128.0 : 0;
    const double cr = r->px ? r->px[(y >> half) * r->stride_bytes + (x >> half)] - 128.0 : 0;
    ret_rgb[0] = clamp(luma + 1.402 * cr);
    ret_rgb[1] = clamp(luma - 0.344136 * cb - 0.714136 * cr);
    ret_rgb[2] = clamp(luma + 1.772 * cb);
}

static void assert_colour(const crush_picture *p, uint32_t x, uint32_t y, int r, int g, int b, int tolerance)
{
    int rgb[3];
    rgb_at(p, x, y, rgb);
    if (abs(rgb[0] - r) > tolerance || abs(rgb[1] - g) > tolerance || abs(rgb[2] - b) > tolerance)
        fail_msg("at %u, %u: %d %d %d instead of %d %d %d", x, y, rgb[0], rgb[1], rgb[2], r, g, b);
}

/* Compares with the test picture away from its edges. */
static void assert_is_picture(const crush_picture *p, int tolerance)
{
    const uint32_t w = p->info.width_px, h = p->info.height_px;
    for (uint32_t y = h / 8; y < h - h / 8; y += 1 + h / 9)
        for (uint32_t x = w / 8; x < w - w / 8; x += 1 + w / 9) {
            uint8_t want[3];
            const double fx = (x + 0.5) / w, fy = (y + 0.5) / h;
            picture_pixel((uint32_t)(fx * 10000), (uint32_t)(fy * 10000), 10000, 10000, want);
            if ((fx < 0.4 || fx > 0.6) && (fy < 0.4 || fy > 0.6)) /* beside the step in blue */
                assert_colour(p, x, y, want[0], want[1], want[2], tolerance);
        }
}

static void jpeg_in_every_sampling_and_scale(void **state)
{
    (void)state;
    static const int samplings[][2] = {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}};
    static const uint32_t sides[] = {700, 300, 150, 90, 30, 1};
    for (size_t s = 0; s < sizeof samplings / sizeof samplings[0]; s++)
        for (int progressive = 0; progressive < 2; progressive++) {
            struct bytes file = picture_jpeg(
                401, 303, (struct jpeg_spec){3, samplings[s][0], samplings[s][1], progressive, 0, 0, NULL, 0});
            for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++)
                for (int chroma = CRUSH_CHROMA_420; chroma <= CRUSH_CHROMA_444; chroma++) {
                    crush_open_options options;
                    crush_open_options_init(&options);
                    options.max_side_px = sides[i];
                    options.chroma = (crush_chroma)chroma;
                    crush_picture *p = opened(file, &options);
                    assert_int_equal(p->info.width_px, sides[i] > 401 ? 401 : sides[i]);
                    assert_int_equal(p->chroma_444, chroma == CRUSH_CHROMA_444);
                    assert_int_equal(p->planes[PLANE_CB].width_px,
                                     p->chroma_444 ? p->info.width_px : (p->info.width_px + 1) / 2);
                    assert_false(p->info.truncated);
                    if (sides[i] > 1)
                        assert_is_picture(p, sides[i] < 50 ? 14 : 8);
                    crush_close(p);
                }
            free(file.data);
        }
}

/* libjpeg's coefficients, rebuilt by us at every size of a block. */
static void jpeg_by_the_library_in_every_scale(void **state)
{
    (void)state;
    struct bytes file = picture_jpeg(401, 303, (struct jpeg_spec){3, 2, 2, 1, 0, 0, NULL, 0});
    for (uint32_t side = 20; side < 401; side += 23) {
        crush_open_options options;
        crush_open_options_init(&options);
        options.max_side_px = side;
        options.decoder = CRUSH_DECODER_LIBRARY;
        crush_picture *p = opened(file, &options);
        assert_int_equal(p->info.width_px, side);
        assert_false(p->info.truncated);
        assert_is_picture(p, side < 50 ? 14 : 5);
        crush_close(p);
    }
    free(file.data);
}

static void jpeg_gray_rgb_and_cmyk(void **state)
{
    (void)state;
    crush_open_options options;
    crush_open_options_init(&options);
    options.max_side_px = 100;
    for (int progressive = 0; progressive < 2; progressive++) {
        struct bytes gray = picture_jpeg(400, 300, (struct jpeg_spec){.channels = 1, .progressive = progressive});
        crush_picture *p = opened(gray, &options);
        assert_null(p->planes[PLANE_CB].px);
        assert_colour(p, 50, 30, 121, 121, 121, 4);
        crush_close(p);
        free(gray.data);
        struct bytes rgb =
            picture_jpeg(400, 300, (struct jpeg_spec){.channels = 3, .rgb = 1, .progressive = progressive});
        p = opened(rgb, &options);
        assert_is_picture(p, 8);
        crush_close(p);
        free(rgb.data);
        struct bytes cmyk = picture_jpeg(400, 300, (struct jpeg_spec){.channels = 4, .progressive = progressive});
        p = opened(cmyk, &options);
        assert_is_picture(p, 8);
        crush_close(p);
        free(cmyk.data);
    }
}

static void gray_is_kept_gray_when_asked(void **state)
{
    (void)state;
    crush_open_options options;
    crush_open_options_init(&options);
    options.gray = 1;
    struct bytes files[] = {picture_jpeg(200, 100, (struct jpeg_spec){.channels = 3}),
                            picture_png(200, 100, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 0, NULL, 0, 0, 0}),
                            picture_webp(200, 100, 0, 0), picture_gif(20, 20, 0, 0, 20, 20, 0)};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        crush_picture *p = opened(files[i], &options);
        assert_non_null(p->planes[PLANE_Y].px);
        assert_null(p->planes[PLANE_CB].px);
        crush_close(p);
        free(files[i].data);
    }
}

static void jpeg_is_turned_upright(void **state)
{
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct bytes file = picture_jpeg(160, 120, (struct jpeg_spec){.channels = 3, .orientation = orientation});
        crush_picture *p = opened(file, NULL);
        const uint32_t w = p->info.width_px, h = p->info.height_px;
        assert_int_equal(p->info.orientation, orientation);
        assert_int_equal(w, orientation >= 5 ? 120 : 160);
        /* the corner that is blue as stored, by the corner that row 0 and column 0 are said to be */
        const int right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        const int bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        assert_colour(p, right ? w - 10 : 10, bottom ? h - 10 : 10, 32, 45, 200, 20);
        crush_close(p);
        free(file.data);
    }
}

static void png_of_every_kind(void **state)
{
    (void)state;
    static const int kinds[][2] = {{PNG_COLOR_TYPE_RGB, 8}, {PNG_COLOR_TYPE_RGB, 16}};
    static const uint32_t sides[] = {640, 100, 40};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (int interlaced = 0; interlaced < 2; interlaced++)
            for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
                struct png_spec spec = {kinds[k][0], kinds[k][1], interlaced, 0, NULL, 0, 0, 0};
                crush_open_options options;
                crush_open_options_init(&options);
                options.max_side_px = sides[i];
                struct bytes file = picture_png(401, 299, spec);
                crush_picture *p = opened(file, &options);
                assert_is_picture(p, sides[i] < 50 ? 8 : 4);
                crush_close(p);
                free(file.data);
            }
    struct bytes palette = picture_png(160, 100, (struct png_spec){PNG_COLOR_TYPE_PALETTE, 4, 0, 0, NULL, 0, 0, 0});
    crush_picture *p = opened(palette, NULL);
    assert_true(p->info.has_alpha);
    assert_colour(p, 4, 50, 255, 255, 255, 3); /* index 0 is transparent */
    assert_colour(p, 86, 50, 128, 127, 40, 4); /* index 8 */
    crush_close(p);
    free(palette.data);
}

static void opacity_shows_the_background(void **state)
{
    (void)state;
    crush_open_options options;
    crush_open_options_init(&options);
    options.background_rgb = 0x2060C0;
    static const uint32_t sides[] = {640, 50};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        options.max_side_px = sides[i];
        struct bytes files[] = {
            picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, 0, NULL, 0, 0, 0}),
            picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_RGB_ALPHA, 16, 1, 0, NULL, 0, 0, 0}),
            picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, 0, NULL, 0, 0.6, 0}),
            picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, 0, NULL, 0, 0, 0}),
            picture_webp(400, 300, 0, 1),
            picture_webp(400, 300, 1, 1)};
        for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
            crush_picture *p = opened(files[f], &options);
            assert_true(p->info.has_alpha);
            assert_colour(p, p->info.width_px / 4, p->info.height_px / 3, 0x20, 0x60, 0xC0, 4);
            int rgb[3];
            rgb_at(p, p->info.width_px * 3 / 4, p->info.height_px * 3 / 4, rgb);
            assert_true(rgb[0] > 120); /* the picture itself on the right */
            crush_close(p);
            free(files[f].data);
        }
    }
}

/* As Chromium and Firefox have it. */
static void png_orientation_stands_before_the_pixels(void **state)
{
    (void)state;
    struct bytes file =
        picture_png(160, 120, (struct png_spec){.colour_type = PNG_COLOR_TYPE_RGB, .depth = 8, .orientation = 6});
    crush_picture *p = opened(file, NULL);
    assert_int_equal(p->info.orientation, 6);
    assert_int_equal(p->info.width_px, 120);
    assert_colour(p, 110, 10, 32, 45, 200, 20);
    crush_close(p);
    /* of two the first counts: the same chunk again, as if the picture lay upright */
    static const uint8_t second[] = {0, 0, 0, 26, 'e', 'X', 'I', 'f', 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12,
                                     1, 3, 0, 1,  0,   0,   0,   1,   0,   0,   0,  0, 0, 0, 0, 0, 0, 0, 0};
    const size_t end = file.size - 12; /* IEND */
    struct bytes twice = {malloc(file.size + sizeof second), file.size + sizeof second};
    assert_non_null(twice.data);
    memcpy(twice.data, file.data, end);
    memcpy(twice.data + end, second, sizeof second);
    memcpy(twice.data + end + sizeof second, file.data + end, 12);
    p = opened(twice, NULL);
    assert_int_equal(p->info.orientation, 6);
    crush_close(p);
    free(twice.data);
    free(file.data);
    file = picture_png(160, 120, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 6, NULL, 0, 0, 0});
    p = opened(file, NULL);
    assert_int_equal(p->info.orientation, 1);
    assert_int_equal(p->info.width_px, 160);
    crush_close(p);
    free(file.data);
}

static void webp_lossy_and_lossless(void **state)
{
    (void)state;
    static const uint32_t sides[] = {640, 120, 37};
    for (int lossless = 0; lossless < 2; lossless++)
        for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
            crush_open_options options;
            crush_open_options_init(&options);
            options.max_side_px = sides[i];
            struct bytes file = picture_webp(401, 299, lossless, 0);
            crush_picture *p = opened(file, &options);
            assert_is_picture(p, sides[i] < 50 ? 10 : 6);
            crush_close(p);
            free(file.data);
        }
}

static void gif_frames_lie_on_their_canvas(void **state)
{
    (void)state;
    crush_open_options options;
    crush_open_options_init(&options);
    options.background_rgb = 0x808000;
    for (int interlaced = 0; interlaced < 2; interlaced++) {
        struct bytes file = picture_gif(120, 120, 20, 20, 80, 80, interlaced);
        crush_picture *p = opened(file, &options);
        assert_int_equal(p->info.width_px, 120);
        assert_colour(p, 10, 10, 0x80, 0x80, 0, 3);
        assert_colour(p, 60, 30, 255, 0, 0, 3);
        assert_colour(p, 60, 50, 0, 255, 0, 3);
        assert_colour(p, 60, 70, 0, 0, 255, 3);
        assert_colour(p, 60, 90, 0x80, 0x80, 0, 3);
        static const uint32_t around[][2] = {{10, 30}, {110, 30}, {60, 10}, {60, 110}, {1, 119}, {119, 1}, {118, 118}};
        for (size_t i = 0; i < sizeof around / sizeof around[0]; i++)
            assert_colour(p, around[i][0], around[i][1], 0x80, 0x80, 0, 3);
        assert_true(p->info.has_alpha);
        assert_false(p->info.truncated);
        crush_close(p);
        free(file.data);
    }
    /* without a transparent colour what a small frame leaves free is transparent all the same */
    static const int opaque[][3] = {{120, 80, 1}, {80, 120, 1}, {80, 80, 0}};
    for (size_t i = 0; i < sizeof opaque / sizeof opaque[0]; i++) {
        struct bytes whole = picture_gif(opaque[i][0], opaque[i][1], 0, 0, 80, 80, 0);
        for (size_t at = 0; at + 3 < whole.size; at++)
            if (memcmp(whole.data + at, "\x21\xf9\x04", 3) == 0)
                whole.data[at + 3] &= 0xFE; /* the transparent colour does not count */
        crush_picture *p = opened(whole, &options);
        assert_int_equal(p->info.has_alpha, opaque[i][2]);
        assert_colour(p, 60, 70, 9, 9, 9, 3);
        if (opaque[i][2])
            assert_colour(p, (uint32_t)opaque[i][0] - 10, (uint32_t)opaque[i][1] - 10, 0x80, 0x80, 0, 3);
        crush_close(p);
        free(whole.data);
    }
    struct bytes file = picture_gif(10, 10, 0, 0, 80, 40, 0); /* larger than its canvas */
    crush_picture *p = opened(file, NULL);
    assert_int_equal(p->info.width_px, 80);
    assert_int_equal(p->info.height_px, 40);
    crush_close(p);
    free(file.data);
}

/* ---- Colour ---- */

static struct bytes test_profile(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.2);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsUInt32Number size = 0;
    assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    struct bytes out = {malloc(size), size};
    assert_true(cmsSaveProfileToMem(profile, out.data, &size));
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    return out;
}

static void profiles_are_converted_and_broken_ones_ignored(void **state)
{
    (void)state;
    struct bytes profile = test_profile();
    cmsHPROFILE from = cmsOpenProfileFromMem(profile.data, (cmsUInt32Number)profile.size), to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_RGB_8, to, TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
    uint8_t want[3], plain[3];
    picture_pixel(300, 75, 400, 300, plain);
    cmsDoTransform(transform, plain, want, 1);
    assert_true(abs(want[0] - plain[0]) > 10); /* or the test shows nothing */
    struct bytes files[] = {
        picture_jpeg(400, 300,
                     (struct jpeg_spec){.channels = 3, .profile = profile.data, .profile_bytes = profile.size}),
        picture_jpeg(400, 300,
                     (struct jpeg_spec){
                         .channels = 3, .progressive = 1, .profile = profile.data, .profile_bytes = profile.size}),
        picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 0, profile.data, profile.size, 0, 0}),
        picture_png(400, 300, (struct png_spec){PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, 0, profile.data, profile.size, 0, 0})};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        crush_open_options options;
        crush_open_options_init(&options);
        for (options.max_side_px = 400; options.max_side_px >= 100; options.max_side_px /= 4) {
            crush_picture *p = opened(files[i], &options);
            assert_true(p->info.has_profile);
            assert_colour(p, p->info.width_px * 3 / 4, p->info.height_px / 4, want[0], want[1], want[2], 6);
            crush_close(p);
        }
        free(files[i].data);
    }
    memset(profile.data + 140, 0xA5, profile.size - 140);
    struct bytes broken = picture_jpeg(
        400, 300, (struct jpeg_spec){.channels = 3, .profile = profile.data, .profile_bytes = profile.size});
    crush_picture *p = opened(broken, NULL);
    assert_is_picture(p, 8);
    crush_close(p);
    free(broken.data);
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    free(profile.data);
}

/* ---- Damage ---- */

static void truncated_files_give_what_they_have(void **state)
{
    (void)state;
    struct bytes files[] = {picture_jpeg(300, 300, (struct jpeg_spec){.channels = 3}),
                            picture_jpeg(300, 300, (struct jpeg_spec){.channels = 3, .progressive = 1}),
                            picture_png(300, 300, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 0, NULL, 0, 0, 0}),
                            picture_png(300, 300, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 1, 0, NULL, 0, 0, 0}),
                            picture_webp(300, 300, 0, 0),
                            picture_webp(300, 300, 1, 0),
                            picture_gif(300, 300, 0, 0, 300, 300, 0)};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        crush_open_options options;
        crush_open_options_init(&options);
        options.max_side_px = 100;
        struct bytes half = {files[i].data, files[i].size * 7 / 10};
        crush_picture *p = opened(half, &options);
        assert_true(p->info.truncated);
        if (i < 6)
            assert_colour(p, 12, 6, 46, 42, 200, i == 1 || i == 3 ? 60 : 20);
        crush_close(p);
        /* every length gives a picture or an error, and never reads beyond the end */
        for (size_t size = 0; size < files[i].size; size += 1 + files[i].size / 97) {
            struct bytes cut = {malloc(size + 1), size};
            crush_error error;
            assert_non_null(cut.data);
            memcpy(cut.data, files[i].data, size);
            const crush_status status = refused(cut, &options, &error);
            assert_true(status == CRUSH_OK || status == CRUSH_ECORRUPT || status == CRUSH_EFORMAT);
            free(cut.data);
        }
        free(files[i].data);
    }
}

/* The least memory that a picture can be opened with. */
static size_t least_memory_bytes(struct bytes file, uint32_t side_px)
{
    size_t low = 0, high = 100000000;
    while (high - low > 500) {
        crush_open_options options;
        crush_error error;
        crush_open_options_init(&options);
        options.max_side_px = side_px;
        options.limits.max_memory_bytes = (low + high) / 2;
        if (refused(file, &options, &error) == CRUSH_OK)
            high = options.limits.max_memory_bytes;
        else
            low = options.limits.max_memory_bytes;
    }
    return high;
}

/* What only libjpeg can decode is decoded small where it becomes small, so that it costs no more than a small one. */
static void cmyk_is_shrunk_on_load(void **state)
{
    (void)state;
    struct bytes large = picture_jpeg(1600, 1200, (struct jpeg_spec){.channels = 4});
    struct bytes small = picture_jpeg(400, 300, (struct jpeg_spec){.channels = 4});
    const size_t large_bytes = least_memory_bytes(large, 100), small_bytes = least_memory_bytes(small, 100);
    if (large_bytes > small_bytes + 1000)
        fail_msg("%zu bytes of memory instead of %zu", large_bytes, small_bytes);
    free(large.data);
    free(small.data);
}

static void flipped_bytes_do_no_harm(void **state)
{
    (void)state;
    struct bytes files[] = {picture_jpeg(64, 48, (struct jpeg_spec){.channels = 3, .orientation = 6}),
                            picture_jpeg(64, 48, (struct jpeg_spec){.channels = 3, .progressive = 1}),
                            picture_jpeg(64, 48, (struct jpeg_spec){.channels = 4}),
                            picture_png(64, 48, (struct png_spec){PNG_COLOR_TYPE_PALETTE, 4, 1, 3, NULL, 0, 0, 0}),
                            picture_webp(64, 48, 0, 1),
                            picture_webp(64, 48, 1, 0),
                            picture_gif(64, 48, 3, 3, 40, 40, 1)};
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        for (int round = 0; round < 400; round++) {
            struct bytes hurt = {malloc(files[i].size), files[i].size};
            crush_open_options options;
            crush_error error;
            crush_open_options_init(&options);
            options.limits.max_pixels = 1000000;
            options.max_side_px = 20;
            assert_non_null(hurt.data);
            memcpy(hurt.data, files[i].data, hurt.size);
            for (int flips = 0; flips <= round % 4; flips++) {
                random = random * 1664525 + 1013904223;
                hurt.data[(random >> 8) % hurt.size] ^= (uint8_t)(1 << (random >> 29));
            }
            (void)refused(hurt, &options, &error);
            free(hurt.data);
        }
        free(files[i].data);
    }
}

/* ---- Limits ---- */

static int stop_after(void *context)
{
    int *left = context;
    return (*left)-- <= 0;
}

static void limits_are_named(void **state)
{
    (void)state;
    struct bytes files[] = {picture_jpeg(300, 200, (struct jpeg_spec){.channels = 3}),
                            picture_jpeg(300, 200, (struct jpeg_spec){.channels = 3, .progressive = 1}),
                            picture_png(300, 200, (struct png_spec){PNG_COLOR_TYPE_RGB, 8, 0, 0, NULL, 0, 0, 0}),
                            picture_webp(300, 200, 0, 0), picture_gif(300, 200, 0, 0, 300, 200, 0)};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        crush_open_options o;
        crush_error error;
        crush_open_options_init(&o);
        o.limits.max_pixels = 59999;
        assert_int_equal(refused(files[i], &o, &error), CRUSH_ELIMIT);
        assert_int_equal(error.limit, CRUSH_LIMIT_PIXELS);
        assert_int_equal(error.value, 60000);
        crush_open_options_init(&o);
        o.limits.max_side_px = 299;
        assert_int_equal(refused(files[i], &o, &error), CRUSH_ELIMIT);
        assert_int_equal(error.limit, CRUSH_LIMIT_SIDE);
        crush_open_options_init(&o);
        o.limits.max_input_bytes = files[i].size - 1;
        assert_int_equal(refused(files[i], &o, &error), CRUSH_ELIMIT);
        assert_int_equal(error.limit, CRUSH_LIMIT_INPUT);
        crush_open_options_init(&o);
        o.limits.max_memory_bytes = 20000;
        assert_int_equal(refused(files[i], &o, &error), CRUSH_ELIMIT);
        assert_int_equal(error.limit, CRUSH_LIMIT_MEMORY);
        for (int left = 0; left < 2; left++) {
            int counter = left;
            crush_open_options_init(&o);
            o.limits.should_stop = stop_after;
            o.limits.should_stop_context = &counter;
            assert_int_equal(refused(files[i], &o, &error), CRUSH_ELIMIT);
            assert_int_equal(error.limit, CRUSH_LIMIT_DEADLINE);
        }
        crush_open_options_init(&o);
        memset(&o.limits, 0, sizeof o.limits); /* none at all */
        assert_int_equal(refused(files[i], &o, &error), CRUSH_OK);
    }
    crush_open_options o;
    crush_error error;
    crush_open_options_init(&o);
    o.limits.max_scans = 3;
    assert_int_equal(refused(files[1], &o, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_SCANS);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        free(files[i].data);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    struct bytes file = picture_gif(8, 8, 0, 0, 8, 8, 0);
    crush_open_options o;
    crush_error error;
    crush_open_options_init(&o);
    o.max_side_px = 0;
    assert_int_equal(refused(file, &o, &error), CRUSH_EINVAL);
    o.max_side_px = 16385;
    assert_int_equal(refused(file, &o, &error), CRUSH_EINVAL);
    crush_open_options_init(&o);
    o.background_rgb = 0x1000000;
    assert_int_equal(refused(file, &o, &error), CRUSH_EINVAL);
    free(file.data);
    uint8_t nothing[1] = {0};
    assert_int_equal(refused((struct bytes){nothing, 0}, NULL, &error), CRUSH_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jpeg_in_every_sampling_and_scale),
        cmocka_unit_test(jpeg_by_the_library_in_every_scale),
        cmocka_unit_test(jpeg_gray_rgb_and_cmyk),
        cmocka_unit_test(gray_is_kept_gray_when_asked),
        cmocka_unit_test(jpeg_is_turned_upright),
        cmocka_unit_test(png_of_every_kind),
        cmocka_unit_test(opacity_shows_the_background),
        cmocka_unit_test(png_orientation_stands_before_the_pixels),
        cmocka_unit_test(webp_lossy_and_lossless),
        cmocka_unit_test(gif_frames_lie_on_their_canvas),
        cmocka_unit_test(profiles_are_converted_and_broken_ones_ignored),
        cmocka_unit_test(truncated_files_give_what_they_have),
        cmocka_unit_test(cmyk_is_shrunk_on_load),
        cmocka_unit_test(flipped_bytes_do_no_harm),
        cmocka_unit_test(limits_are_named),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
