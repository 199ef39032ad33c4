/*
 * From a decoder's rows to the working picture. Opaque sRGB sources are scaled as the planes they end up
 * as, chroma straight to its working size. Only a profile, opacity under a profile, and CMYK need whole
 * pixels; they are dealt with after scaling, when the picture is small. It decodes nothing. Before: decode_*.c,
 * scale.c. Next: colour.c, orient.c.
 */
#include "crush/pixels/intake.h"

#include <string.h>

#include "crush/pixels/check.h"
#include "crush/pixels/chroma.h"
#include "crush/pixels/orient.h"
#include "crush/pixels/ycc.h"
#include "crush/pixels/scratch.h"

enum { BOX_MAX = 256 }; /* keeps a sum of rows below 2^16 */

static uint8_t background_channel(const crush_open_options *options, int channel)
{
    return (uint8_t)(options->background_rgb >> (16 - 8 * channel));
}

int intake_background_is_gray(const crush_open_options *options)
{
    return options->gray || (background_channel(options, 0) == background_channel(options, 1) &&
                             background_channel(options, 1) == background_channel(options, 2));
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
    if (model == COLOUR_RGB && !colour)
        model = COLOUR_YCC;
    intake->model = model;
    intake->plane_count = (model == COLOUR_GRAY ? 1 : model == COLOUR_CMYK ? 4 : 3) + intake->alpha;
    for (int i = 0; i < intake->plane_count; i++)
        intake->wanted[i] = !(model == COLOUR_YCC && !colour && options->gray && i > 0);
    intake_size(options->max_side_px, source_width_px, source_height_px, &intake->width_px, &intake->height_px);
}

/* 1 where working chroma stays as large as luma: asked for, or for the encoder to choose, as pixels may be a drawing.
 */
static int chroma_stays_full(const struct intake *intake)
{
    const crush_chroma chroma = intake->options->chroma;
    return chroma == CRUSH_CHROMA_444 || (chroma == CRUSH_CHROMA_AUTO && intake->row_px);
}

/* 1 where working chroma has half the size while scaling. */
static int chroma_is_half(const struct intake *intake)
{
    return intake->model == COLOUR_YCC && !intake->colour && !chroma_stays_full(intake);
}

/* 1 where colour is dealt with after scaling. */
static int planes_are_converted(const struct intake *intake)
{
    return intake->colour || intake->model == COLOUR_CMYK;
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

/* 1 where pixels become YCbCr before scaling. */
static int splits_pixels(const struct intake *intake)
{
    return intake->row_px && intake->model == COLOUR_YCC && !intake->colour && intake->wanted[PLANE_CB];
}

/* 1 where more of a sample is known than whole levels: scaled or computed here. copies: it is not scaled. */
static int plane_is_fine(const struct intake *intake, int copies)
{
    return !planes_are_converted(intake) && (!copies || splits_pixels(intake));
}

/* What planes_convert() and turning need beyond twice the planes: three with fine, and one more while it is turned. */
static uint64_t conversion_bytes(const struct intake *intake)
{
    const int held = (intake->plane_count > PLANE_COUNT ? intake->plane_count : PLANE_COUNT) + PLANE_COUNT + 2,
              counted = 2 * intake->plane_count;
    if (!planes_are_converted(intake) || held <= counted)
        return 0;
    return (uint64_t)(held - counted) * ((uint64_t)intake->width_px + 63) * intake->height_px;
}

crush_status intake_begin(struct intake *intake, const struct intake_plane *sources, uint64_t decoder_bytes,
                          crush_error *ret_error)
{
    struct scale_axis x[INTAKE_PLANES], y[INTAKE_PLANES];
    int copies[INTAKE_PLANES];
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
        copies[i] = scale_copies(&x[i], &y[i]);
        bytes += scale_memory_bytes(&x[i], &y[i]);
        bytes += (plane_is_fine(intake, copies[i]) ? 4 : 2) * ((uint64_t)w + 63) * h; /* once more: turning upright */
    }
    crush_status status = check_memory(&intake->options->limits, bytes + conversion_bytes(intake), ret_error);
    intake->source_rows = sources[0].rows;
    for (int i = 0; i < intake->plane_count && status == CRUSH_OK; i++) {
        if (!intake->wanted[i])
            continue;
        status = plane_is_fine(intake, copies[i]) ? plane_alloc_fine(&intake->planes[i], x[i].out_px, y[i].out_px)
                                                  : plane_alloc(&intake->planes[i], x[i].out_px, y[i].out_px);
        if (status == CRUSH_OK)
            status = scale_create(&x[i], &y[i], &intake->planes[i], &intake->scales[i]);
        if (status != CRUSH_OK)
            status = crush_fail(ret_error, status, "out of memory");
    }
    return status;
}

/* By how much whole pixels are averaged before they are split into planes: twice the working size must remain. */
static uint32_t box_for(const struct intake *intake, const struct intake_plane *source)
{
    const double x = source->columns_extent / (2.0 * intake->width_px),
                 y = source->rows_extent / (2.0 * intake->height_px), factor = x < y ? x : y;
    return factor < 2 ? 1 : factor > BOX_MAX ? BOX_MAX : (uint32_t)factor;
}

static uint32_t divide_up(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a + b - 1) / b);
}

crush_status intake_begin_pixels(struct intake *intake, const struct intake_plane *source, uint64_t decoder_bytes,
                                 crush_error *ret_error)
{
    intake->row_px = source->columns; /* first: from here on it is known that pixels come */
    const uint32_t box = box_for(intake, source);
    const struct intake_plane boxed = {divide_up(source->columns, box), divide_up(source->rows, box),
                                       source->columns_extent / box,    source->rows_extent / box,
                                       source->columns_box * box,       source->rows_box * box};
    struct intake_plane sources[INTAKE_PLANES];
    for (int i = 0; i < INTAKE_PLANES; i++)
        sources[i] = boxed;
    const uint64_t sum_bytes = box > 1 ? (uint64_t)source->columns * 4 * sizeof(uint16_t) : 0;
    const uint64_t row_bytes = (uint64_t)source->columns * 4;
    crush_status status = intake_begin(intake, sources, decoder_bytes + sum_bytes + 2 * row_bytes, ret_error);
    if (status != CRUSH_OK)
        return status;
    intake->box = box;
    intake->pixels = scratch_alloc(row_bytes);
    intake->rows = scratch_alloc((size_t)boxed.columns * INTAKE_PLANES);
    intake->sums = sum_bytes ? scratch_alloc_zeroed(sum_bytes) : NULL;
    const int fine = splits_pixels(intake) && scale_copies_rows(intake->scales[PLANE_Y]);
    intake->fine_rows = fine ? scratch_alloc((size_t)boxed.columns * PLANE_COUNT) : NULL;
    if (!intake->pixels || !intake->rows || (fine && !intake->fine_rows) || (sum_bytes && !intake->sums))
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    return CRUSH_OK;
}

/* ---- Whole pixels ---- */

static inline uint8_t blend(unsigned over, unsigned under, unsigned alpha)
{
    unsigned v = over * alpha + under * (255 - alpha) + 128;
    return (uint8_t)((v + (v >> 8)) >> 8); /* a rounded division by 255 */
}

/* Lays gray or RGB pixels with opacity (2 or 4 channels) over `under`; black multiplies by the opacity. */
static inline __attribute__((always_inline)) void pixels_blend(const uint8_t *restrict row, const size_t channels,
                                                               size_t count, const uint8_t under[3],
                                                               uint8_t *restrict ret_row)
{
    for (size_t i = 0; i < count; i++, row += channels, ret_row += channels) {
        const uint8_t alpha = row[channels - 1];
        for (size_t c = 0; c < channels - 1; c++)
            ret_row[c] = blend(row[c], under[c], alpha);
        ret_row[channels - 1] = alpha;
    }
}

static void row_blend(const uint8_t *row, int channels, size_t count, const uint8_t under[3], uint8_t *ret_row)
{
    if (channels == 2)
        pixels_blend(row, 2, count, under, ret_row);
    else
        pixels_blend(row, 4, count, under, ret_row);
}

/* 1 where no pixel lets anything through: most pictures with opacity have none. */
static int row_is_opaque(const uint8_t *row, int channels, size_t count)
{
    uint32_t all = UINT32_MAX;
    if (channels == 4)
        for (size_t i = 0; i < count; i++) {
            uint32_t pixel;
            memcpy(&pixel, row + 4 * i, sizeof pixel);
            all &= pixel;
        }
    else
        for (size_t i = 0; i < count; i++)
            ((uint8_t *)&all)[3] &= row[2 * i + 1];
    return ((uint8_t *)&all)[3] == 255;
}

/* Splits n pixels into the working planes' rows. */
static void pixels_split(struct intake *intake, const uint8_t *pixels, int channels, size_t n)
{
    uint8_t *planes[INTAKE_PLANES];
    for (size_t i = 0; i < INTAKE_PLANES; i++)
        planes[i] = intake->rows + i * n;
    if (intake->fine_rows && channels >= 3) {
        uint8_t *fine = intake->fine_rows;
        ycc_from_rgb_fine(pixels, (size_t)channels, n, planes, (uint8_t *[]){fine, fine + n, fine + 2 * n});
        for (size_t i = 0; i < PLANE_COUNT; i++)
            scale_push_row_fine(intake->scales[i], planes[i], fine + i * n);
        return;
    }
    if (intake->model == COLOUR_YCC && channels >= 3 && !intake->wanted[PLANE_CB])
        ycc_luma_from_rgb(pixels, (size_t)channels, n, planes[0]);
    else if (intake->model == COLOUR_YCC && channels >= 3)
        ycc_from_rgb(pixels, (size_t)channels, n, planes[0], planes[1], planes[2]);
    else
        for (int c = 0; c < channels && c < intake->plane_count; c++)
            for (size_t i = 0; i < n; i++)
                planes[c][i] = pixels[i * (size_t)channels + (size_t)c];
    if (intake->alpha)
        for (size_t i = 0; i < n; i++)
            planes[intake->plane_count - 1][i] = pixels[i * (size_t)channels + (size_t)channels - 1];
    for (int i = 0; i < intake->plane_count; i++)
        intake_push_plane(intake, i, planes[i]);
}

/* One mean for every box of the sums. The number of channels is a constant where it is called. */
static inline __attribute__((always_inline)) void boxes_average(const struct intake *intake, const size_t channels,
                                                                uint8_t *to)
{
    const size_t n = intake->row_px, box = intake->box;
    const uint16_t *sums = intake->sums;
    for (size_t x = 0; x < n; x += box) {
        const size_t columns = n - x < box ? n - x : box;
        const uint32_t samples = (uint32_t)columns * intake->box_rows;
        const uint64_t reciprocal = columns == box ? intake->box_reciprocal : ((uint64_t)1 << 32) / samples + 1;
        uint32_t sum[4] = {samples / 2, samples / 2, samples / 2, samples / 2};
        for (size_t i = 0; i < columns; i++, sums += channels)
            for (size_t c = 0; c < channels; c++)
                sum[c] += sums[c];
        for (size_t c = 0; c < channels; c++)
            *to++ = (uint8_t)(sum[c] * reciprocal >> 32);
    }
}

/* Averages what has been summed up and hands it on. */
static void box_flush(struct intake *intake, int channels)
{
    intake->box_reciprocal = ((uint64_t)1 << 32) / (intake->box * intake->box_rows) + 1;
    switch (channels) {
    case 1: boxes_average(intake, 1, intake->pixels); break;
    case 2: boxes_average(intake, 2, intake->pixels); break;
    case 3: boxes_average(intake, 3, intake->pixels); break;
    default: boxes_average(intake, 4, intake->pixels); break;
    }
    memset(intake->sums, 0, (size_t)intake->row_px * (size_t)channels * sizeof *intake->sums);
    intake->box_rows = 0;
    pixels_split(intake, intake->pixels, channels, divide_up(intake->row_px, intake->box));
}

void intake_push_pixels(struct intake *intake, const uint8_t *row, int channels)
{
    const size_t n = intake->row_px;
    if ((intake->alpha || intake->compose) && (channels == 2 || channels == 4) && !row_is_opaque(row, channels, n)) {
        uint8_t under[3] = {0, 0, 0};
        for (int c = 0; c < 3 && intake->compose; c++)
            under[c] = background_channel(intake->options, c);
        if (intake->compose && channels == 2)
            under[0] = ycc_luma(under[0], under[1], under[2]);
        row_blend(row, channels, n, under, intake->pixels);
        row = intake->pixels;
    }
    intake->channels = channels;
    if (intake->box == 1) {
        pixels_split(intake, row, channels, n);
        return;
    }
    for (size_t i = 0; i < n * (size_t)channels; i++)
        intake->sums[i] = (uint16_t)(intake->sums[i] + row[i]);
    if (++intake->box_rows == intake->box)
        box_flush(intake, channels);
}

void intake_palette_make(const struct intake *intake, const uint8_t rgba[256 * 4], struct intake_palette *ret_palette)
{
    for (int c = 0; c < 3; c++)
        ret_palette->background[c] = background_channel(intake->options, c);
    ret_palette->background[3] = 255;
    row_blend(rgba, 4, 256, ret_palette->background, ret_palette->pixels[0]);
}

void intake_push_indices(struct intake *intake, const uint8_t *indices, uint32_t first, uint32_t count,
                         const struct intake_palette *palette)
{
    uint8_t *row = intake->pixels;
    for (uint32_t x = 0; x < first; x++)
        memcpy(row + 4 * (size_t)x, palette->background, 4);
    for (uint32_t i = 0; i < count; i++)
        memcpy(row + 4 * ((size_t)first + i), palette->pixels[indices[i]], 4);
    for (uint32_t x = first + count; x < intake->row_px; x++)
        memcpy(row + 4 * (size_t)x, palette->background, 4);
    intake_push_pixels(intake, row, 4);
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
    uint32_t channels = 3;
    if (intake->model == COLOUR_YCC) {
        ycc_to_rgb(p[0], p[1], p[2], n, scratch);
    } else {
        channels = intake->model == COLOUR_GRAY ? 1 : intake->model == COLOUR_RGB ? 3 : 4;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t c = 0; c < channels; c++)
                scratch[channels * i + c] = p[c][i];
    }
    for (uint32_t i = 0; alpha && i < n * channels; i++) {
        unsigned a = alpha[i / channels], v = a ? (scratch[i] * 255u + a / 2) / a : 0;
        scratch[i] = (uint8_t)(v > 255 ? 255 : v);
    }
    if (intake->colour)
        colour_convert(intake->colour, scratch, n, ret_rgb);
    else
        colour_rgb_from_cmyk(scratch, n, ret_rgb);
    for (uint32_t i = 0; alpha && i < n * 3; i++)
        ret_rgb[i] = blend(ret_rgb[i], background_channel(intake->options, (int)(i % 3)), alpha[i / 3]);
}

/*
 * Planes of whatever model to gray or full-size YCbCr planes in sRGB, in their own memory: they all have the same size,
 * and a row is read before it is written.
 */
static crush_status planes_convert(struct intake *intake)
{
    const int to_gray = intake->options->gray || (intake->model == COLOUR_GRAY &&
                                                  (!intake->alpha || intake_background_is_gray(intake->options)));
    const uint32_t w = intake->width_px, h = intake->height_px;
    struct plane *planes = intake->planes;
    uint8_t *rows = scratch_alloc((size_t)w * 9), *rgb = rows ? rows + 4 * (size_t)w : NULL;
    crush_status status = rows ? CRUSH_OK : CRUSH_ENOMEM;
    for (int i = 0; i < PLANE_COUNT && status == CRUSH_OK; i++)
        status = planes[i].px ? plane_add_fine(&planes[i]) : plane_alloc_fine(&planes[i], w, h);
    for (uint32_t y = 0; status == CRUSH_OK && y < h; y++) {
        const size_t at = y * planes[0].stride_bytes;
        row_to_rgb(intake, y, rows, rgb);
        ycc_from_rgb_fine(rgb, 3, w, (uint8_t *[]){planes[0].px + at, planes[1].px + at, planes[2].px + at},
                          (uint8_t *[]){planes[0].fine + at, planes[1].fine + at, planes[2].fine + at});
    }
    scratch_free(rows);
    for (int i = to_gray ? 1 : PLANE_COUNT; i < INTAKE_PLANES; i++)
        plane_free(&planes[i]);
    return status;
}

/* How many rows of the working picture the source has reached; all where nothing is missing. */
static uint32_t rows_reached(const struct intake *intake)
{
    const struct scale *scale = intake->scales[0];
    const uint64_t pushed = scale_rows_pushed(scale), wanted = intake->source_rows;
    return pushed < wanted ? (uint32_t)((pushed * intake->height_px + wanted / 2) / wanted) : intake->height_px;
}

/* What did not come shows the background, from row `first` of the working picture on. */
static void background_fill(struct intake *intake, uint32_t first)
{
    uint8_t rgb[3], ycc[PLANE_COUNT];
    for (int c = 0; c < 3; c++)
        rgb[c] = background_channel(intake->options, c);
    ycc_from_rgb(rgb, 3, 1, &ycc[0], &ycc[1], &ycc[2]);
    for (int i = 0; i < PLANE_COUNT; i++) {
        const struct plane *plane = &intake->planes[i];
        uint32_t y = first;
        if (plane->px && plane->height_px < intake->height_px)
            y = (first + 1) / 2;
        for (; plane->px && y < plane->height_px; y++) {
            memset(plane->px + y * plane->stride_bytes, ycc[i], plane->width_px);
            if (plane->fine)
                memset(plane->fine + y * plane->stride_bytes, FINE_NONE, plane->width_px);
        }
    }
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
    if (intake->box_rows)
        box_flush(intake, intake->channels);
    const uint32_t reached = rows_reached(intake);
    for (int i = 0; i < intake->plane_count; i++)
        if (intake->scales[i]) {
            scale_finish(intake->scales[i], 128);
            scale_destroy(intake->scales[i]);
            intake->scales[i] = NULL;
        }
    if (planes_are_converted(intake))
        status = planes_convert(intake);
    if (status == CRUSH_OK && reached < intake->height_px)
        background_fill(intake, reached);
    const int has_chroma = planes[PLANE_CB].px != NULL;
    if (status == CRUSH_OK && has_chroma && plane_is_neutral(&planes[PLANE_CB]) &&
        plane_is_neutral(&planes[PLANE_CR])) {
        plane_free(&planes[PLANE_CB]);
        plane_free(&planes[PLANE_CR]);
    }
    const int full_chroma = chroma_stays_full(intake);
    for (int i = PLANE_CB; i <= PLANE_CR && status == CRUSH_OK; i++) {
        struct plane half;
        if (!planes[i].px || full_chroma || chroma_is_half(intake))
            continue;
        status = chroma_halve(&planes[i], &half);
        if (status != CRUSH_OK)
            break;
        plane_free(&planes[i]);
        planes[i] = half;
    }
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
    picture->may_halve = picture->chroma_444 && intake->options->chroma == CRUSH_CHROMA_AUTO;
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
    scratch_free(intake->sums);
    scratch_free(intake->pixels);
    scratch_free(intake->rows);
    scratch_free(intake->fine_rows);
    *intake = (struct intake){0};
}
