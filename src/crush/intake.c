/*
 * From a decoder's rows to the working picture. Opaque sRGB sources are scaled as the planes they end up
 * as, chroma straight to its working size. Only a profile, opacity under a profile, and CMYK need whole
 * pixels; they are dealt with after scaling, when the picture is small. It decodes nothing. Before: decode_*.c,
 * scale.c. Next: colour.c, orient.c.
 */
#include "intake.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "orient.h"
#include "ycc.h"

static uint8_t background_channel(const crush_open_options *options, int channel)
{
    return (uint8_t)(options->background_rgb >> (16 - 8 * channel));
}

static int background_is_gray(const crush_open_options *options)
{
    return background_channel(options, 0) == background_channel(options, 1) &&
           background_channel(options, 1) == background_channel(options, 2);
}

static uint32_t share(uint32_t px, uint32_t max_px, uint32_t longest_px)
{
    uint64_t scaled = ((uint64_t)px * max_px + longest_px / 2) / longest_px;
    return scaled ? (uint32_t)scaled : 1;
}

void intake_size(uint32_t max_side_px, uint32_t width_px, uint32_t height_px, uint32_t *ret_width_px,
                 uint32_t *ret_height_px)
{
    const uint32_t longest = width_px > height_px ? width_px : height_px;
    const uint32_t max = longest > max_side_px ? max_side_px : longest;
    *ret_width_px = share(width_px, max, longest);
    *ret_height_px = share(height_px, max, longest);
}

void intake_plan(struct intake *intake, const crush_open_options *options, enum colour_model model, int alpha,
                 struct colour *colour, uint32_t source_width_px, uint32_t source_height_px)
{
    *intake = (struct intake){.options = options, .colour = colour};
    intake->alpha = alpha && colour;
    intake->compose = alpha && !colour;
    if (intake->compose && model == COLOUR_GRAY && !background_is_gray(options) && !options->gray)
        model = COLOUR_YCC;
    intake->model = model;
    intake->plane_count = (model == COLOUR_GRAY ? 1 : model == COLOUR_YCC ? 3 : 4) + intake->alpha;
    for (int i = 0; i < intake->plane_count; i++)
        intake->wanted[i] = !(model == COLOUR_YCC && !colour && options->gray && i > 0);
    intake_size(options->max_side_px, source_width_px, source_height_px, &intake->width_px, &intake->height_px);
}

/* 1 where working chroma has half the size while scaling. */
static int chroma_is_half(const struct intake *intake)
{
    return intake->model == COLOUR_YCC && !intake->colour && intake->options->chroma != CRUSH_CHROMA_444;
}

void intake_plane_size(const struct intake *intake, int i, uint32_t *ret_width_px, uint32_t *ret_height_px)
{
    const int half = chroma_is_half(intake) && (i == PLANE_CB || i == PLANE_CR);
    *ret_width_px = half ? (intake->width_px + 1) / 2 : intake->width_px;
    *ret_height_px = half ? (intake->height_px + 1) / 2 : intake->height_px;
}

/* An odd-sized picture's last chroma sample lies half outside: chroma covers a little more than the picture. */
static double chroma_extent(double extent, uint32_t luma_px, uint32_t plane_px)
{
    return luma_px == plane_px ? extent : extent * (2.0 * plane_px) / luma_px;
}

crush_status intake_begin(struct intake *intake, const struct intake_plane *sources, uint64_t decoder_bytes,
                          crush_error *ret_error)
{
    struct scale_axis x[INTAKE_PLANES], y[INTAKE_PLANES];
    uint64_t bytes = decoder_bytes;
    for (int i = 0; i < intake->plane_count; i++) {
        const struct intake_plane *s = &sources[i];
        uint32_t w, h;
        if (!intake->wanted[i])
            continue;
        intake_plane_size(intake, i, &w, &h);
        x[i] =
            (struct scale_axis){s->columns, w, chroma_extent(s->columns_extent, intake->width_px, w), s->columns_box};
        y[i] = (struct scale_axis){s->rows, h, chroma_extent(s->rows_extent, intake->height_px, h), s->rows_box};
        bytes += scale_memory_bytes(&x[i], &y[i]) + 2 * ((uint64_t)w + 63) * h; /* twice: turning upright */
    }
    crush_status status = check_memory(&intake->options->limits, bytes, ret_error);
    for (int i = 0; i < intake->plane_count && status == CRUSH_OK; i++) {
        if (!intake->wanted[i])
            continue;
        status = plane_alloc(&intake->planes[i], x[i].out_px, y[i].out_px);
        if (status == CRUSH_OK)
            status = scale_create(&x[i], &y[i], &intake->planes[i], &intake->scales[i]);
        if (status != CRUSH_OK)
            status = crush_fail(ret_error, status, "out of memory");
    }
    return status;
}

crush_status intake_begin_pixels(struct intake *intake, const struct intake_plane *source, uint64_t decoder_bytes,
                                 crush_error *ret_error)
{
    struct intake_plane sources[INTAKE_PLANES];
    for (int i = 0; i < INTAKE_PLANES; i++)
        sources[i] = *source;
    const uint64_t row_bytes = (uint64_t)source->columns * (INTAKE_PLANES + 3);
    crush_status status = intake_begin(intake, sources, decoder_bytes + row_bytes, ret_error);
    if (status != CRUSH_OK)
        return status;
    intake->row_px = source->columns;
    intake->rows = malloc(row_bytes);
    return intake->rows ? CRUSH_OK : crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
}

/* ---- Whole pixels ---- */

static inline uint8_t blend(unsigned over, unsigned under, unsigned alpha)
{
    unsigned v = over * alpha + under * (255 - alpha) + 128;
    return (uint8_t)((v + (v >> 8)) >> 8); /* a rounded division by 255 */
}

/* Lays a row with opacity over `under` (black: multiplies by the opacity) and gives opaque gray or RGB. */
static void row_blend(const uint8_t *row, int channels, size_t count, const uint8_t under[3], int to_gray,
                      uint8_t *ret_row)
{
    if (to_gray)
        for (size_t i = 0; i < count; i++, row += channels)
            ret_row[i] = blend(row[0], under[0], row[channels - 1]);
    else
        for (size_t i = 0; i < count; i++, row += channels, ret_row += 3)
            for (int c = 0; c < 3; c++)
                ret_row[c] = blend(row[channels == 4 ? c : 0], under[c], row[channels - 1]);
}

void intake_push_pixels(struct intake *intake, const uint8_t *row, int channels)
{
    const size_t n = intake->row_px;
    uint8_t *planes[INTAKE_PLANES];
    uint8_t *pixels = intake->rows + INTAKE_PLANES * n;
    for (size_t i = 0; i < INTAKE_PLANES; i++)
        planes[i] = intake->rows + i * n;
    if (intake->model == COLOUR_CMYK) {
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 4; c++)
                planes[c][i] = row[4 * i + c];
    } else {
        if (intake->alpha || intake->compose) {
            uint8_t under[3] = {0, 0, 0};
            for (int c = 0; c < 3 && intake->compose; c++)
                under[c] = background_channel(intake->options, c);
            if (intake->compose && intake->options->gray)
                under[0] = ycc_luma(under[0], under[1], under[2]);
            if (intake->alpha)
                for (size_t i = 0; i < n; i++)
                    planes[intake->plane_count - 1][i] = row[i * channels + channels - 1];
            row_blend(row, channels, n, under, intake->model == COLOUR_GRAY, pixels);
            row = pixels;
            channels = intake->model == COLOUR_GRAY ? 1 : 3;
        }
        if (intake->model == COLOUR_GRAY)
            planes[0] = (uint8_t *)row; /* only read from here on */
        else
            ycc_from_rgb(row, channels, n, planes[0], planes[1], planes[2]);
    }
    for (int i = 0; i < intake->plane_count; i++)
        intake_push_plane(intake, i, planes[i]);
}

void intake_palette_make(const struct intake *intake, const uint8_t rgba[256 * 4], struct intake_palette *ret_palette)
{
    uint8_t rgb[256 * 3], under[3];
    for (int c = 0; c < 3; c++)
        under[c] = background_channel(intake->options, c);
    row_blend(rgba, 4, 256, under, 0, rgb);
    ycc_from_rgb(rgb, 3, 256, ret_palette->planes[0], ret_palette->planes[1], ret_palette->planes[2]);
    ycc_from_rgb(under, 3, 1, &ret_palette->background[0], &ret_palette->background[1], &ret_palette->background[2]);
}

void intake_push_indices(struct intake *intake, const uint8_t *indices, uint32_t first, uint32_t count,
                         const struct intake_palette *palette)
{
    for (int p = 0; p < 3; p++) {
        if (!intake->wanted[p])
            continue;
        const uint8_t *table = palette->planes[p];
        uint8_t *row = intake->rows;
        if (count < intake->row_px)
            memset(row, palette->background[p], intake->row_px);
        for (uint32_t i = 0; i < count; i++)
            row[first + i] = table[indices[i]];
        intake_push_plane(intake, p, row);
    }
}

/* ---- After scaling ---- */

/* Opaque sRGB from row y of the planes. scratch holds four bytes a pixel. */
static void row_to_rgb(const struct intake *intake, uint32_t y, uint8_t *scratch, uint8_t *ret_rgb)
{
    const struct plane *planes = intake->planes;
    const uint32_t n = intake->width_px;
    const uint8_t *p[INTAKE_PLANES] = {0};
    for (int i = 0; i < intake->plane_count; i++)
        p[i] = planes[i].px + y * planes[i].stride_bytes;
    const uint8_t *alpha = intake->alpha ? p[intake->plane_count - 1] : NULL;
    const uint8_t *in = scratch;
    uint32_t channels = 3;
    if (intake->model == COLOUR_CMYK) {
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t c = 0; c < 4; c++)
                scratch[4 * i + c] = p[c][i];
    } else if (intake->model == COLOUR_GRAY) {
        memcpy(scratch, p[0], n);
        channels = 1;
    } else {
        ycc_to_rgb(p[0], p[1], p[2], n, scratch);
    }
    for (uint32_t i = 0; alpha && i < n * channels; i++) {
        unsigned a = alpha[i / channels], v = a ? (scratch[i] * 255u + a / 2) / a : 0;
        scratch[i] = (uint8_t)(v > 255 ? 255 : v);
    }
    if (intake->colour)
        colour_convert(intake->colour, in, n, ret_rgb);
    else
        colour_rgb_from_cmyk(in, n, ret_rgb);
    for (uint32_t i = 0; alpha && i < n * 3; i++)
        ret_rgb[i] = blend(ret_rgb[i], background_channel(intake->options, (int)(i % 3)), alpha[i / 3]);
}

/* Planes of whatever model to gray or full-size YCbCr planes in sRGB. */
static crush_status planes_convert(struct intake *intake)
{
    const int to_gray = intake->options->gray ||
                        (intake->model == COLOUR_GRAY && (!intake->alpha || background_is_gray(intake->options)));
    const uint32_t w = intake->width_px, h = intake->height_px;
    struct plane made[PLANE_COUNT] = {0};
    uint8_t *rows = malloc((size_t)w * 9);
    crush_status status = rows ? CRUSH_OK : CRUSH_ENOMEM;
    for (int i = 0; i < PLANE_COUNT && status == CRUSH_OK; i++)
        status = plane_alloc(&made[i], w, h);
    for (uint32_t y = 0; status == CRUSH_OK && y < h; y++) {
        row_to_rgb(intake, y, rows, rows + 4 * (size_t)w);
        ycc_from_rgb(rows + 4 * (size_t)w, 3, w, made[0].px + y * made[0].stride_bytes,
                     made[1].px + y * made[1].stride_bytes, made[2].px + y * made[2].stride_bytes);
    }
    free(rows);
    for (int i = 0; i < INTAKE_PLANES && status == CRUSH_OK; i++) {
        plane_free(&intake->planes[i]);
        if (i < (to_gray ? 1 : PLANE_COUNT)) {
            intake->planes[i] = made[i];
            made[i] = (struct plane){0};
        }
    }
    for (int i = 0; i < PLANE_COUNT; i++)
        plane_free(&made[i]);
    return status;
}

static crush_status plane_halve(struct plane *plane)
{
    const uint32_t w = (plane->width_px + 1) / 2, h = (plane->height_px + 1) / 2;
    const struct scale_axis x = {plane->width_px, w, 2.0 * w, 1}, y = {plane->height_px, h, 2.0 * h, 1};
    struct plane to = {0};
    struct scale *scale = NULL;
    if (plane_alloc(&to, w, h) != CRUSH_OK || scale_create(&x, &y, &to, &scale) != CRUSH_OK) {
        plane_free(&to);
        return CRUSH_ENOMEM;
    }
    for (uint32_t row = 0; row < plane->height_px; row++)
        scale_push_row(scale, plane->px + row * plane->stride_bytes);
    scale_destroy(scale);
    plane_free(plane);
    *plane = to;
    return CRUSH_OK;
}

static int plane_is_neutral(const struct plane *plane)
{
    for (uint32_t y = 0; y < plane->height_px; y++)
        for (uint32_t x = 0; x < plane->width_px; x++)
            if (plane->px[y * plane->stride_bytes + x] != 128)
                return 0;
    return 1;
}

crush_status intake_finish(struct intake *intake, int orientation, crush_picture *picture, crush_error *ret_error)
{
    struct plane *planes = intake->planes;
    crush_status status = CRUSH_OK;
    for (int i = 0; i < intake->plane_count; i++)
        if (intake->scales[i]) {
            scale_finish(intake->scales[i], 128);
            scale_destroy(intake->scales[i]);
            intake->scales[i] = NULL;
        }
    if (intake->colour || intake->model == COLOUR_CMYK)
        status = planes_convert(intake);
    const int has_chroma = planes[PLANE_CB].px != NULL;
    if (status == CRUSH_OK && has_chroma && plane_is_neutral(&planes[PLANE_CB]) &&
        plane_is_neutral(&planes[PLANE_CR])) {
        plane_free(&planes[PLANE_CB]);
        plane_free(&planes[PLANE_CR]);
    }
    const int full_chroma = intake->options->chroma == CRUSH_CHROMA_444;
    for (int i = PLANE_CB; i <= PLANE_CR && status == CRUSH_OK; i++)
        if (planes[i].px && !full_chroma && !chroma_is_half(intake))
            status = plane_halve(&planes[i]);
    for (int i = 0; i < PLANE_COUNT && status == CRUSH_OK; i++)
        if (planes[i].px)
            status = orient_plane(&planes[i], orientation);
    if (status != CRUSH_OK)
        return crush_fail(ret_error, status, "out of memory");
    for (int i = 0; i < PLANE_COUNT; i++) {
        picture->planes[i] = planes[i];
        planes[i] = (struct plane){0};
    }
    picture->chroma_444 = full_chroma && picture->planes[PLANE_CB].px;
    picture->info.width_px = picture->planes[PLANE_Y].width_px;
    picture->info.height_px = picture->planes[PLANE_Y].height_px;
    return CRUSH_OK;
}

void intake_end(struct intake *intake)
{
    for (int i = 0; i < INTAKE_PLANES; i++) {
        scale_destroy(intake->scales[i]);
        plane_free(&intake->planes[i]);
    }
    colour_close(intake->colour);
    free(intake->rows);
    *intake = (struct intake){0};
}
