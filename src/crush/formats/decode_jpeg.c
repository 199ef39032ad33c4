/*
 * JPEG to a working picture. Four ways, chosen by the header:
 * - gray or YCbCr, Huffman-coded, finished: our own decoder, jpeg/scaled.c;
 * and with libjpeg-turbo what that one does not take, or everything if the caller wants it so:
 * - gray or YCbCr in one scan, or unfinished: planes stream, shrunk in its inverse DCT, to the scalers;
 * - gray or YCbCr in several scans, where the picture shrinks: jpeg/coefficients.c;
 * - RGB, CMYK, YCCK: whole pixels, shrunk in the inverse DCT.
 *
 * It refuses what the installed libjpeg-turbo cannot decode (12 bits, lossless) as unsupported, and only files
 * without any picture data as damaged. Before: jpeg/outline.c. Next: intake.c.
 */
#include "crush/formats/decode_jpeg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crush/pixels/intake.h"
#include "crush/jpeg/coefficients.h"
#include "crush/jpeg/outline.h"
#include "crush/jpeg/reader.h"
#include "crush/jpeg/scaled.h"
#include "crush/jpeg/unfinished.h"
#include "crush/encode/rewrite.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

/*
 * How many times larger than the working size a shrunken decode must stay. Found by comparing with full decodes: at
 * 1.5 fine detail is visibly (3 to 5 dB) worse, beyond 2 nothing is gained that could be seen.
 */
static const double spare_ratio = 1.7;

/* Up to here blocks are rebuilt at every size; libjpeg-turbo's 5 to 7 eighths are slower than its 8. */
enum { LIBRARY_EIGHTHS_MAX = 4, OWN_EIGHTHS_MAX = 6 };

/* The same for chroma from our own decoder, of which less shows. */
static const double own_chroma_spare_ratio = 1.5;

/*
 * Unfinished progressive files start from what viewers show, with their blocks smoothed, where a block is still at
 * least about half as large as it was, in eighths; in smaller ones nobody sees it, and large ones would need memory.
 */
static const int smoothing_least_eighths = 4;

/* And for chroma that a profile is applied to at full size, but that is halved afterwards. */
static const double own_converted_chroma_spare_ratio = 1.1;

static double own_spare_ratio(const struct intake *intake, int component)
{
    if (component == 0)
        return spare_ratio;
    return intake->colour && intake->options->chroma != CRUSH_CHROMA_444 ? own_converted_chroma_spare_ratio
                                                                         : own_chroma_spare_ratio;
}

/* ---- The header ---- */

static crush_status outline_check(const struct jpeg_outline *o, const crush_limits *limits, crush_error *ret_error)
{
    if (o->sof < 0)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "JPEG: no frame header");
    crush_status status = check_size(limits, o->width_px, o->height_px, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (o->precision != 8)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "JPEG: samples of %d-bit depth are not supported",
                          o->precision);
    if (o->component_count != 1 && o->component_count != 3 && o->component_count != 4)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "JPEG: %d components are not supported", o->component_count);
    return CRUSH_OK;
}

/* 1 where the first scan is too short for its first row, of which each MCU takes a bit at least. */
static int first_row_is_missing(const struct jpeg_outline *o)
{
    const struct jpeg_scan *scan = &o->scans[0];
    int h_max = 1, v_max = 1;
    for (int c = 0; c < o->component_count; c++) {
        h_max = o->components[c].h > h_max ? o->components[c].h : h_max;
        v_max = o->components[c].v > v_max ? o->components[c].v : v_max;
    }
    const int huffman = o->sof <= 2;
    return scan->data >= scan->end || (huffman && o->height_px > 8 * (uint32_t)v_max &&
                                       8 * (uint64_t)(scan->end - scan->data) < o->width_px / (8 * (uint32_t)h_max));
}

static void outline_info(const struct jpeg_outline *o, crush_info *info)
{
    const int swaps = o->orientation >= 5;
    info->orientation = o->orientation;
    info->source_width_px = swaps ? o->height_px : o->width_px;
    info->source_height_px = swaps ? o->width_px : o->height_px;
    info->has_profile = o->icc_count > 0;
}

crush_status probe_jpeg(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                        crush_error *ret_error)
{
    struct jpeg_outline outline;
    jpeg_outline_read(data, size_bytes, &outline);
    const crush_status status = outline_check(&outline, limits, ret_error);
    if (status == CRUSH_OK)
        outline_info(&outline, info);
    return status;
}

/* The colour space, by the same rules as libjpeg's. */
static J_COLOR_SPACE colour_space(const struct jpeg_outline *o)
{
    const struct jpeg_component *c = o->components;
    if (o->component_count == 1)
        return JCS_GRAYSCALE;
    if (o->component_count == 4)
        return o->adobe_transform > 0 ? JCS_YCCK : JCS_CMYK;
    if (o->has_jfif)
        return JCS_YCbCr;
    if (o->adobe_transform >= 0)
        return o->adobe_transform == 0 ? JCS_RGB : JCS_YCbCr;
    return c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B' ? JCS_RGB : JCS_YCbCr;
}

/* The smallest of 1 … most and 8 eighths of a plane that leaves `spare` times the working size; 8 if none does. */
static int eighths_for(double columns, double rows, double spare, int most, uint32_t width_px, uint32_t height_px)
{
    for (int s = 1; s <= most; s++)
        if (columns * s >= 8 * spare * width_px && rows * s >= 8 * spare * height_px)
            return s;
    return 8;
}

/* ---- One scan, or nothing to gain from leaving scans out: libjpeg-turbo streams ---- */

struct session {
    const struct jpeg_outline *outline;
    J_COLOR_SPACE space;
    struct intake *intake;
    int eighths;
    int smoothing; /* 1: as viewers do with unfinished files */
    uint8_t *rows;
};

static void fail_on(struct jpeg_reader *reader, crush_status status)
{
    if (status != CRUSH_OK)
        jpeg_reader_fail(reader, status);
}

static void fail_memory(struct jpeg_reader *reader)
{
    jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ENOMEM, "out of memory"));
}

/* As our own decoder does it: jpeg/scaled.h. */
static void fail_if_empty(struct jpeg_reader *reader)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    const int ended = reader->short_of_data ? reader->starved || cinfo->unread_marker == JPEG_EOI
                                            : reader->starved && cinfo->arith_code;
    if (ended && !jpeg_has_multiple_scans(cinfo) &&
        cinfo->output_scanline <= (JDIMENSION)(cinfo->max_v_samp_factor * cinfo->min_DCT_scaled_size) &&
        cinfo->output_scanline < cinfo->output_height)
        jpeg_reader_fail(
            reader, crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: the file ends before the picture begins"));
}

/* Coefficients that libjpeg keeps for pictures of several scans. */
static uint64_t coefficient_bytes(const struct jpeg_decompress_struct *cinfo)
{
    uint64_t bytes = 0;
    if (!jpeg_has_multiple_scans((j_decompress_ptr)cinfo))
        return 0;
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        bytes += (uint64_t)(comp->width_in_blocks + comp->h_samp_factor) *
                 (comp->height_in_blocks + comp->v_samp_factor) * sizeof(JBLOCK);
    }
    return bytes;
}

/* Source samples that libjpeg-turbo's inverse DCT of this size averages; 1 where it leaves high frequencies out. */
static uint32_t averaged_box(int size)
{
    return size == 1 || size == 2 || size == 4 ? 8 / (uint32_t)size : 1;
}

static void stream_planes(struct jpeg_reader *reader, struct session *s)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    struct intake_plane sources[INTAKE_PLANES] = {0};
    JSAMPROW pointers[JPEG_COMPONENTS][4 * DCTSIZE];
    JSAMPARRAY planes[JPEG_COMPONENTS];
    size_t bytes = 0;
    cinfo->raw_data_out = TRUE;
    cinfo->out_color_space = cinfo->jpeg_color_space;
    jpeg_calc_output_dimensions(cinfo);
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        const double scale = comp->DCT_scaled_size / 8.0;
        const uint32_t box = averaged_box(comp->DCT_scaled_size);
        sources[c] = (struct intake_plane){comp->downsampled_width,
                                           comp->downsampled_height,
                                           scale * cinfo->image_width * comp->h_samp_factor / cinfo->max_h_samp_factor,
                                           scale * cinfo->image_height * comp->v_samp_factor / cinfo->max_v_samp_factor,
                                           box,
                                           box};
        bytes += (size_t)(comp->width_in_blocks + comp->h_samp_factor) * comp->DCT_scaled_size * comp->v_samp_factor *
                 comp->DCT_scaled_size;
    }
    fail_on(reader, intake_begin(s->intake, sources, coefficient_bytes(cinfo) + bytes, reader->ret_error));
    uint8_t *at = s->rows = scratch_alloc(bytes);
    if (!at)
        fail_memory(reader);
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        const size_t stride = (size_t)(comp->width_in_blocks + comp->h_samp_factor) * comp->DCT_scaled_size;
        planes[c] = pointers[c];
        for (int i = 0; i < comp->v_samp_factor * comp->DCT_scaled_size; i++, at += stride)
            pointers[c][i] = at;
    }
    jpeg_start_decompress(cinfo);
    while (cinfo->output_scanline < cinfo->output_height) {
        jpeg_read_raw_data(cinfo, planes, (JDIMENSION)(cinfo->max_v_samp_factor * cinfo->min_DCT_scaled_size));
        fail_if_empty(reader);
        for (int c = 0; c < cinfo->num_components; c++) {
            const jpeg_component_info *comp = &cinfo->comp_info[c];
            for (int i = 0; i < comp->v_samp_factor * comp->DCT_scaled_size; i++)
                intake_push_plane(s->intake, c, pointers[c][i]);
        }
    }
}

static void stream_pixels(struct jpeg_reader *reader, struct session *s)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    const int cmyk = s->intake->model == COLOUR_CMYK; /* 255 is no ink, as Adobe writes it; all viewers read all so */
    cinfo->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_calc_output_dimensions(cinfo);
    const double scale = s->eighths / 8.0;
    const uint32_t box = averaged_box(s->eighths);
    const struct intake_plane source = {
        cinfo->output_width, cinfo->output_height, scale * cinfo->image_width, scale * cinfo->image_height, box, box};
    const size_t bytes = (size_t)cinfo->output_width * (cmyk ? 4 : 3);
    fail_on(reader, intake_begin_pixels(s->intake, &source, coefficient_bytes(cinfo) + bytes, reader->ret_error));
    s->rows = scratch_alloc(bytes);
    if (!s->rows)
        fail_memory(reader);
    jpeg_start_decompress(cinfo);
    while (cinfo->output_scanline < cinfo->output_height) {
        JSAMPROW row[1] = {s->rows};
        jpeg_read_scanlines(cinfo, row, 1);
        fail_if_empty(reader);
        intake_push_pixels(s->intake, s->rows, cmyk ? 4 : 3);
    }
}

static void stream_body(struct jpeg_reader *reader, void *context)
{
    struct session *s = context;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->num_components != s->outline->component_count || cinfo->image_width != s->outline->width_px ||
        cinfo->image_height != s->outline->height_px)
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: contradictory headers"));
    cinfo->jpeg_color_space = s->space;
    cinfo->scale_num = (unsigned)s->eighths;
    cinfo->scale_denom = 8;
    cinfo->dct_method = JDCT_ISLOW;
    cinfo->do_fancy_upsampling = TRUE; /* for pixels; planes come as they are */
    cinfo->do_block_smoothing = (boolean)s->smoothing;
    if (s->space == JCS_YCbCr || s->space == JCS_GRAYSCALE)
        stream_planes(reader, s);
    else
        stream_pixels(reader, s);
}

/* ---- Our own decoder ---- */

static void push_rows(void *context, int component, const uint8_t *rows, size_t stride_bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        intake_push_plane(context, component, rows + i * stride_bytes);
}

/* CRUSH_EUNSUPPORTED, and nothing done yet, where the file is not one for our decoder. */
static crush_status decode_scaled(const uint8_t *data, size_t size, const struct jpeg_outline *o,
                                  const int eighths[JPEG_COMPONENTS], struct intake *intake, int *ret_truncated,
                                  crush_error *ret_error)
{
    struct intake_plane sources[INTAKE_PLANES] = {0};
    struct jpeg_scaled *scaled = NULL;
    int damaged = 0;
    crush_status status = jpeg_scaled_open(data, size, o, eighths, &scaled);
    if (status == CRUSH_ENOMEM)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    if (status != CRUSH_OK)
        return status;
    for (int c = 0; c < o->component_count; c++) {
        const struct jpeg_scaled_plane plane = jpeg_scaled_plane(scaled, c);
        const uint32_t box = eighths[c] == 1 ? 8 : 1;
        sources[c] =
            (struct intake_plane){plane.columns, plane.rows, plane.columns_extent, plane.rows_extent, box, box};
    }
    status = jpeg_outline_check_work(o, jpeg_scaled_block_visits(scaled), &intake->options->limits, ret_error);
    if (status == CRUSH_OK)
        status = intake_begin(intake, sources, jpeg_scaled_memory_bytes(scaled), ret_error);
    if (status == CRUSH_OK)
        status = jpeg_scaled_run(scaled, &intake->options->limits, push_rows, intake, &damaged, ret_error);
    if (status == CRUSH_OK)
        *ret_truncated = damaged || (!o->first_scan_is_all && !o->complete);
    jpeg_scaled_close(scaled);
    return status;
}

/* ---- Choosing the way ---- */

static crush_status decode_by_outline(const uint8_t *data, size_t size, const struct jpeg_outline *o,
                                      J_COLOR_SPACE space, struct intake *intake, int *ret_truncated,
                                      crush_error *ret_error)
{
    const int planar = space == JCS_YCbCr || space == JCS_GRAYSCALE;
    int eighths[JPEG_COMPONENTS], h_max = 1, v_max = 1;
    for (int c = 0; c < o->component_count; c++) {
        if (o->components[c].h < 1 || o->components[c].h > 4 || o->components[c].v < 1 || o->components[c].v > 4)
            return crush_fail(ret_error, CRUSH_ECORRUPT, "JPEG: a sampling factor is out of range");
        h_max = o->components[c].h > h_max ? o->components[c].h : h_max;
        v_max = o->components[c].v > v_max ? o->components[c].v : v_max;
    }
    int own_eighths[JPEG_COMPONENTS] = {0};
    for (int c = 0; planar && c < o->component_count; c++) {
        const double columns = (double)o->width_px * o->components[c].h / h_max,
                     rows = (double)o->height_px * o->components[c].v / v_max;
        uint32_t w, h;
        intake_plane_size(intake, c, &w, &h);
        eighths[c] = eighths_for(columns, rows, spare_ratio, LIBRARY_EIGHTHS_MAX, w, h);
        own_eighths[c] =
            intake->wanted[c] ? eighths_for(columns, rows, own_spare_ratio(intake, c), OWN_EIGHTHS_MAX, w, h) : 0;
    }
    const int scale =
        eighths_for(o->width_px, o->height_px, spare_ratio, LIBRARY_EIGHTHS_MAX, intake->width_px, intake->height_px);
    const int smoothing = scale >= smoothing_least_eighths && jpeg_is_unfinished(o);
    if (planar && !smoothing && intake->options->decoder == CRUSH_DECODER_AUTO) {
        const crush_status status = decode_scaled(data, size, o, own_eighths, intake, ret_truncated, ret_error);
        if (status != CRUSH_EUNSUPPORTED)
            return status;
    }
    if (planar && !smoothing && !o->first_scan_is_all && eighths[0] < 8)
        return jpeg_coefficients_decode(data, size, o, eighths, intake, ret_truncated, ret_error);
    uint64_t visits = 0;
    for (size_t i = 0; i < o->scan_count; i++)
        visits += jpeg_outline_scan_blocks(o, &o->scans[i]);
    crush_status status = jpeg_outline_check_work(o, visits, &intake->options->limits, ret_error);
    if (status != CRUSH_OK)
        return status;
    struct jpeg_reader reader;
    const struct jpeg_piece whole = {data, size};
    struct session session = {.outline = o, .space = space, .intake = intake, .eighths = scale, .smoothing = smoothing};
    status = jpeg_reader_run(&reader, &whole, 1, &intake->options->limits, ret_error, stream_body, &session);
    scratch_free(session.rows);
    if (status == CRUSH_OK)
        *ret_truncated = reader.damaged || (!o->first_scan_is_all && !o->complete);
    return status;
}

/* 1 for a whole JPEG that already fits and needs no change of colour: its coefficients can be kept. */
static int rewrite_is_possible(const struct jpeg_outline *o, J_COLOR_SPACE space, size_t size,
                               const struct intake *intake, int truncated)
{
    const crush_open_options *options = intake->options;
    const int huffman = o->sof <= 2;
    return !truncated && huffman && (space == JCS_YCbCr || (space == JCS_GRAYSCALE)) && !intake->colour &&
           !options->gray && o->width_px <= options->max_side_px && o->height_px <= options->max_side_px &&
           size - o->first_scan <= options->max_rewrite_bytes;
}

crush_status decode_jpeg(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                         crush_picture *picture, crush_error *ret_error)
{
    struct jpeg_outline outline;
    struct intake intake = {0};
    int truncated = 0;
    jpeg_outline_read(data, size_bytes, &outline);
    crush_status status = outline_check(&outline, &options->limits, ret_error);
    if (status == CRUSH_OK && (!outline.first_scan || outline.first_scan_is_empty))
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "JPEG: the file ends before the picture begins");
    if (status == CRUSH_OK && !outline.first_scan_is_all) {
        status = jpeg_outline_walk_scans(data, size_bytes, &options->limits, &outline, ret_error);
        if (status == CRUSH_OK && (!outline.scan_count || first_row_is_missing(&outline)))
            status = crush_fail(ret_error, CRUSH_ECORRUPT, "JPEG: no picture data");
    }
    if (status != CRUSH_OK)
        goto out;
    outline_info(&outline, &picture->info);
    const J_COLOR_SPACE space = colour_space(&outline);
    const enum colour_model model = space == JCS_GRAYSCALE         ? COLOUR_GRAY
                                    : outline.component_count == 4 ? COLOUR_CMYK
                                    : space == JCS_RGB             ? COLOUR_RGB
                                                                   : COLOUR_YCC;
    size_t profile_bytes = 0;
    uint8_t *profile = jpeg_outline_icc(&outline, &profile_bytes);
    struct colour *colour = profile ? colour_open_icc(profile, profile_bytes, model) : NULL;
    free(profile);
    intake_plan(&intake, options, model, 0, colour, outline.width_px, outline.height_px);
    status = decode_by_outline(data, size_bytes, &outline, space, &intake, &truncated, ret_error);
    if (status == CRUSH_OK)
        status = intake_finish(&intake, outline.orientation, picture, ret_error);
    if (status == CRUSH_OK) {
        picture->info.truncated = truncated;
        picture->source_fits = rewrite_is_possible(&outline, space, size_bytes, &intake, truncated);
        /* Faults other than memory only mean that the picture will be encoded anew. */
        if (picture->source_fits && jpeg_rewrite(data, size_bytes, outline.orientation, &outline, &options->limits,
                                                 picture, NULL) == CRUSH_ENOMEM)
            status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
out:
    intake_end(&intake);
    jpeg_outline_clear(&outline);
    return status;
}
