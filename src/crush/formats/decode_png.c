/*
 * PNG to a working picture with libpng, row by row, or the rows alone by png_rows.c; only an interlaced picture is held
 * whole. Colours of a palette are converted and laid over the background once. Text chunks are skipped unread. Wrong
 * checksums cost nothing, a broken end of the data leaves the rows before it, and whatever follows the last row is no
 * fault. Of an animation its first frame is shown. Colours: cICP, else iCCP, else sRGB, else gAMA with cHRM, in that
 * order. setjmp is confined to png_run. Source: PNG, third edition (W3C). Before: open.c, png_chunks.c. Next: intake.c.
 */
#include "crush/formats/decode_png.h"

#include <setjmp.h>
#include <string.h>

#include "crush/formats/png_chunks.h"
#include "crush/formats/png_rows.h"
#include "crush/formats/png_setup.h"
#include "crush/pixels/cicp.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/check.h"
#include "crush/pixels/orient.h"
#include "crush/pixels/scratch.h"

enum {
    ROWS_PER_LOOK = 64,     /* at the deadline */
    LIBRARY_BYTES = 100000, /* what libpng and zlib take besides rows */
    BOMB_BYTES = 200000000, /* unpacked; only from here on does a ratio make a bomb */
    BOMB_RATIO = 500,       /* deflate reaches 1032, large pictures that people make stay far below */
};

/* ---- The header ---- */

static crush_status header_read(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                                struct png_chunks *ret_chunks, crush_error *ret_error)
{
    if (!png_chunks_read(data, size_bytes, ret_chunks))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "PNG: no header chunk");
    const uint32_t width = ret_chunks->width_px, height = ret_chunks->height_px;
    const crush_status status = check_size(limits, width, height, ret_error);
    if (status != CRUSH_OK)
        return status;
    const uint64_t unpacked_bytes = png_chunks_unpacked_bytes(ret_chunks);
    if (unpacked_bytes > BOMB_BYTES && unpacked_bytes / size_bytes > BOMB_RATIO)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_MEMORY, unpacked_bytes,
                                "PNG: %zu bytes that unpack to %.0f million are a bomb", size_bytes,
                                (double)unpacked_bytes / 1e6);
    info->has_alpha = (ret_chunks->colour_type & PNG_COLOR_MASK_ALPHA) || ret_chunks->transparency ||
                      ret_chunks->frame.width_px < width || ret_chunks->frame.height_px < height;
    info->has_profile = ret_chunks->has_profile;
    info->orientation = ret_chunks->orientation;
    const int swaps = orient_swaps_sides(info->orientation);
    info->source_width_px = swaps ? height : width;
    info->source_height_px = swaps ? width : height;
    return CRUSH_OK;
}

crush_status probe_png(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                       crush_error *ret_error)
{
    struct png_chunks chunks;
    return header_read(data, size_bytes, limits, info, &chunks, ret_error);
}

/* ---- Pixels ---- */

struct session {
    struct png_chunks chunks;
    struct png_source source;
    const crush_open_options *options;
    struct intake intake;
    struct light *light;         /* converts rows before they are pushed; NULL: the intake's profile, or nothing */
    int channels, passes, depth; /* of rows */
    int indexed;                 /* rows are indices into palette */
    int part;                    /* the frame leaves some of the canvas free */
    struct intake_palette palette;
    struct png_rows *fast; /* rows as they stand in the file; NULL: libpng makes them */
    int file_depth;
    uint8_t *rows; /* one row, or the whole frame if interlaced */
    size_t row_bytes;
    uint8_t *canvas_row; /* 8 bits a channel; NULL where rows are pushed as they are */
    uint32_t rows_read;  /* over all passes */
    int damaged;
    crush_status status;
    crush_error *ret_error;
    char message[96]; /* libpng's */
};

static void on_error(png_structp png, png_const_charp message)
{
    struct session *s = png_get_error_ptr(png);
    size_t n = strlen(message);
    n = n < sizeof s->message ? n : sizeof s->message - 1;
    memcpy(s->message, message, n);
    s->message[n] = '\0';
    png_longjmp(png, 1);
}

/* Bytes behind the last row are warned of as well, and are no damage. */
static void on_warning(png_structp png, png_const_charp message)
{
    struct session *s = png_get_error_ptr(png);
    if (strstr(message, "IDAT: CRC error"))
        s->damaged = 1;
}

static _Noreturn void fail(png_structp png, struct session *s, crush_status status)
{
    s->status = status;
    png_longjmp(png, 1);
}

static void look_at_deadline(png_structp png, struct session *s)
{
    const crush_status status = check_deadline(&s->options->limits, s->ret_error);
    if (status != CRUSH_OK)
        fail(png, s, status);
}

/* What the file says of its colours: either a conversion of rows, or the profile for what has been scaled. */
static void read_colour(png_structp png, png_infop info, enum colour_model model, struct session *s,
                        struct colour **ret_colour)
{
    const struct png_chunks *chunks = &s->chunks;
    png_charp name;
    png_bytep profile;
    png_uint_32 size;
    int method, intent;
    double gamma, xy[8];
    *ret_colour = NULL;
    if (chunks->has_cicp) {
        s->light = cicp_open(chunks->primaries, chunks->transfer);
        if (s->light && chunks->peak_cd_m2 > 0)
            light_set_peak(s->light, chunks->peak_cd_m2);
    } else if (png_get_iCCP(png, info, &name, &method, &profile, &size)) {
        if (chunks->depth == 16)
            s->light = colour_light_icc(profile, size, model);
        if (!s->light)
            *ret_colour = colour_open_icc(profile, size, model);
    } else if (!png_get_sRGB(png, info, &intent) && png_get_gAMA(png, info, &gamma)) {
        const int has_primaries =
            png_get_cHRM(png, info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0;
        if (chunks->depth == 16)
            s->light = colour_light_gamma(gamma, has_primaries ? xy : NULL, model);
        else
            *ret_colour = colour_open_gamma(gamma, has_primaries ? xy : NULL, model);
    }
}

/* RGBA of the palette. As in Chromium indices beyond it show its last colour, and opacities beyond it mean nothing. */
static void read_palette(png_structp png, png_infop info, const struct png_chunks *chunks, uint8_t rgba[256 * 4])
{
    png_colorp colours = NULL;
    int count = 0;
    memset(rgba, 0, 256 * 4);
    png_get_PLTE(png, info, &colours, &count);
    for (int i = 0; i < 256; i++) {
        const int at = i < count ? i : count - 1;
        if (at >= 0) {
            rgba[4 * i] = colours[at].red;
            rgba[4 * i + 1] = colours[at].green;
            rgba[4 * i + 2] = colours[at].blue;
        }
        rgba[4 * i + 3] = at >= 0 && (uint32_t)at < chunks->transparency_bytes ? chunks->transparency[at] : 255;
    }
}

/* To sRGB, once for all pixels. colour may be NULL. */
static void convert_palette(const struct light *light, const struct colour *colour, uint8_t rgba[256 * 4])
{
    uint8_t rgb[3];
    if (light)
        light_convert_bytes(light, rgba, 4, 256, rgba);
    for (int i = 0; i < 256 && colour; i++) {
        colour_convert(colour, rgba + 4 * (ptrdiff_t)i, 1, rgb);
        memcpy(rgba + 4 * (ptrdiff_t)i, rgb, 3);
    }
}

/* Pushes a row of the canvas, NULL: one that the frame does not reach. */
static void push(struct session *s, const uint8_t *row)
{
    const uint32_t left = s->chunks.frame.left_px, width = s->chunks.frame.width_px;
    if (s->indexed) {
        intake_push_indices(&s->intake, row, left, row ? width : 0, &s->palette);
        return;
    }
    if (!s->canvas_row) {
        intake_push_pixels(&s->intake, row, s->channels);
        return;
    }
    const size_t step = (size_t)s->channels;
    uint8_t *to = s->canvas_row + left * step;
    if (s->part)
        memset(s->canvas_row, 0, s->chunks.width_px * step);
    if (row && s->depth == 16)
        light_convert(s->light, (const uint16_t *)(const void *)row, s->channels, width, to);
    else if (row && s->light)
        light_convert_bytes(s->light, row, s->channels, width, to);
    else if (row)
        memcpy(to, row, width * step);
    intake_push_pixels(&s->intake, s->canvas_row, s->channels);
}

/* Above or below the frame. */
static crush_status push_free_rows(struct session *s, uint32_t count)
{
    crush_status status = CRUSH_OK;
    for (uint32_t y = 0; y < count && status == CRUSH_OK; y++) {
        push(s, NULL);
        if (y % ROWS_PER_LOOK == 0)
            status = check_deadline(&s->options->limits, s->ret_error);
    }
    return status;
}

/* How libpng shall deliver rows. */
static void set_transforms(png_structp png, struct session *s, int add_colour)
{
    if (s->depth == 8)
        png_set_scale_16(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    else
        png_set_swap(png);
#endif
    if (s->indexed)
        png_set_packing(png);
    else
        png_set_expand(png);
    if (add_colour)
        png_set_gray_to_rgb(png);
    if (s->part && !s->indexed)
        png_set_add_alpha(png, 0xFFFF, PNG_FILLER_AFTER);
    s->passes = png_set_interlace_handling(png);
}

static void allocate(png_structp png, struct session *s, size_t held_bytes)
{
    s->rows = scratch_alloc_zeroed(held_bytes);
    if ((s->part || s->light) && !s->indexed)
        s->canvas_row = scratch_alloc_zeroed(s->chunks.width_px * (size_t)s->channels);
    if (!s->rows || ((s->part || s->light) && !s->indexed && !s->canvas_row))
        fail(png, s, crush_fail(s->ret_error, CRUSH_ENOMEM, "out of memory"));
}

/* ---- Rows without libpng ---- */

/* Samples of less than 8 bits, each to a byte: as they are for a palette, else spread over all values. */
static void unpack(const uint8_t *row, int depth, int indexed, uint32_t width, uint8_t *to)
{
    const int mask = (1 << depth) - 1, scale = indexed ? 1 : 255 / mask;
    for (uint32_t x = 0; x < width; x++) {
        const uint32_t bit = x * (uint32_t)depth;
        to[x] = (uint8_t)((row[bit / 8] >> (8 - depth - (int)(bit % 8)) & mask) * scale);
    }
}

/* As set_transforms() has libpng do it. */
static void convert_fast(const struct session *s, const uint8_t *row, uint32_t width, uint8_t *to)
{
    const size_t samples = width * (size_t)s->channels;
    if (s->file_depth < 8) {
        unpack(row, s->file_depth, s->indexed, width, to);
    } else if (s->file_depth == 8) {
        memcpy(to, row, samples);
    } else {
        for (size_t i = 0; i < samples; i++) {
            const uint32_t sample = (uint32_t)row[2 * i] << 8 | row[2 * i + 1];
            if (s->depth == 16)
                memcpy(to + 2 * i, &(uint16_t){(uint16_t)sample}, 2);
            else
                to[i] = (uint8_t)((sample * 255 + 32895) >> 16); /* rounded */
        }
    }
}

static size_t fast_row_bytes(const struct session *s, uint32_t width)
{
    return (width * (size_t)s->channels * (size_t)s->file_depth + 7) / 8;
}

/* From where they end on libpng goes on, which begins at the first. */
static void push_fast_rows(png_structp png, struct session *s)
{
    const uint32_t width = s->chunks.frame.width_px, height = s->chunks.frame.height_px;
    const uint8_t *row;
    png_rows_begin(s->fast, fast_row_bytes(s, width), height);
    while (s->rows_read < height && (row = png_rows_next(s->fast))) {
        if (s->file_depth != 8) {
            convert_fast(s, row, width, s->rows);
            row = s->rows;
        }
        push(s, row);
        if (s->rows_read++ % ROWS_PER_LOOK == 0)
            look_at_deadline(png, s);
    }
}

/* The seven passes into the whole frame. 0: not all of them; then libpng begins anew. */
static int gather_fast_passes(png_structp png, struct session *s)
{
    const struct png_frame *frame = &s->chunks.frame;
    const size_t pixel = s->row_bytes / frame->width_px;
    uint8_t *scratch = scratch_alloc(s->row_bytes);
    int is_whole = scratch != NULL;
    for (int pass = 0; pass < 7 && is_whole; pass++) {
        const uint32_t width = PNG_PASS_COLS(frame->width_px, pass), height = PNG_PASS_ROWS(frame->height_px, pass);
        png_rows_begin(s->fast, fast_row_bytes(s, width), height);
        for (uint32_t y = 0; y < height && width && is_whole; y++) {
            const uint8_t *row = png_rows_next(s->fast);
            is_whole = row != NULL && check_deadline(&s->options->limits, s->ret_error) == CRUSH_OK;
            if (!is_whole)
                break;
            convert_fast(s, row, width, scratch);
            uint8_t *to = s->rows + PNG_ROW_FROM_PASS_ROW(y, pass) * s->row_bytes;
            for (uint32_t x = 0; x < width; x++)
                memcpy(to + PNG_COL_FROM_PASS_COL(x, pass) * pixel, scratch + x * pixel, pixel);
        }
    }
    scratch_free(scratch);
    look_at_deadline(png, s);
    return is_whole;
}

/* What png_rows.c reads of the picture, which is all of it if nothing is odd. */
static void read_fast(png_structp png, struct session *s)
{
    const int pixel_bytes = s->channels * s->file_depth / 8;
    s->fast = png_rows_open(&s->source, fast_row_bytes(s, s->chunks.frame.width_px), pixel_bytes ? pixel_bytes : 1);
    if (!s->fast)
        return;
    if (s->passes == 1)
        push_fast_rows(png, s);
    else if (gather_fast_passes(png, s))
        s->rows_read = s->chunks.frame.height_px * (uint32_t)s->passes;
    else
        memset(s->rows, 0, s->row_bytes * s->chunks.frame.height_px);
}

/* Everything that may leave by png_error. What it allocates hangs on the session. */
static void body(png_structp png, png_infop info, struct session *s)
{
    const struct png_frame *frame = &s->chunks.frame;
    const uint32_t side = s->options->limits.max_side_px ? s->options->limits.max_side_px : PNG_UINT_31_MAX;
    /* the source's own checksums of a frame are of what stands in the file */
    png_setup(png, &s->source, side, side, s->chunks.default_hidden ? PNG_CRC_QUIET_USE : PNG_CRC_WARN_USE,
              PNG_CRC_WARN_DISCARD);
    png_read_info(png, info);
    const int type = png_get_color_type(png, info);
    const int alpha = type & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS) || s->part;
    /* gray shows in colour only where a coloured background shines through */
    const int coloured = type & PNG_COLOR_MASK_COLOR || (alpha && !intake_background_is_gray(s->options));
    const enum colour_model model = coloured ? COLOUR_RGB : COLOUR_GRAY;
    struct colour *colour;
    uint8_t rgba[256 * 4];
    read_colour(png, info, model, s, &colour);
    s->indexed = type == PNG_COLOR_TYPE_PALETTE;
    if (s->indexed) {
        read_palette(png, info, &s->chunks, rgba);
        convert_palette(s->light, colour, rgba);
        colour_close(colour);
        colour = NULL;
    }
    const int channels = png_get_channels(png, info);
    s->file_depth = png_get_bit_depth(png, info);
    s->depth = s->file_depth == 16 && s->light ? 16 : 8;
    intake_plan(&s->intake, s->options, model, alpha && !s->indexed, colour, s->chunks.width_px, s->chunks.height_px);
    set_transforms(png, s, coloured && !(type & PNG_COLOR_MASK_COLOR));
    png_read_update_info(png, info);
    s->channels = png_get_channels(png, info);
    s->row_bytes = png_get_rowbytes(png, info);
    const int is_fast = s->options->decoder == CRUSH_DECODER_AUTO && channels == s->channels;
    const size_t held_bytes = s->passes > 1 ? s->row_bytes * frame->height_px : s->row_bytes;
    const struct intake_plane source = intake_plane_whole(s->chunks.width_px, s->chunks.height_px);
    crush_status status = intake_begin_pixels(&s->intake, &source,
                                              held_bytes + 16 * (uint64_t)s->chunks.width_px + LIBRARY_BYTES +
                                                  (is_fast ? png_rows_bytes(fast_row_bytes(s, frame->width_px)) : 0),
                                              s->ret_error);
    if (status != CRUSH_OK)
        fail(png, s, status);
    if (s->indexed)
        intake_palette_make(&s->intake, rgba, &s->palette);
    allocate(png, s, held_bytes);
    status = push_free_rows(s, frame->top_px);
    if (status != CRUSH_OK)
        fail(png, s, status);
    if (is_fast)
        read_fast(png, s);
    const uint32_t pushed = s->rows_read;
    for (int pass = 0; pass < s->passes && pushed < frame->height_px; pass++)
        for (uint32_t y = 0; y < frame->height_px; y++) {
            if (s->passes > 1) {
                png_read_row(png, NULL, s->rows + y * s->row_bytes); /* fills the blocks of early passes */
            } else {
                png_read_row(png, s->rows, NULL);
                if (y >= pushed)
                    push(s, s->rows);
            }
            s->rows_read += y >= pushed;
            if (y % ROWS_PER_LOOK == 0)
                look_at_deadline(png, s);
        }
}

/* Runs body; what went wrong is in *s. */
static void png_run(struct session *s)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, s, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        s->status = crush_fail(s->ret_error, CRUSH_ENOMEM, "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        body(png, info, s);
    } else if (s->status == CRUSH_OK) {
        s->damaged = 1;
        if (!s->rows_read)
            s->status = crush_fail(s->ret_error, CRUSH_ECORRUPT, "PNG: %s", s->message);
    }
    png_destroy_read_struct(&png, &info, NULL);
}

crush_status decode_png(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture *picture, crush_error *ret_error)
{
    struct session s = {.options = options, .ret_error = ret_error};
    crush_status status = header_read(data, size_bytes, &options->limits, &picture->info, &s.chunks, ret_error);
    if (status != CRUSH_OK)
        return status;
    const struct png_frame *frame = &s.chunks.frame;
    s.source = png_source_begin(data, size_bytes, &s.chunks);
    s.part = frame->width_px < s.chunks.width_px || frame->height_px < s.chunks.height_px;
    png_run(&s);
    status = s.status;
    /* Rows that the first pass did not reach stay out, as do those that never came; the intake shows the background. */
    for (uint32_t y = 0; status == CRUSH_OK && s.passes > 1 && y < frame->height_px && y < s.rows_read; y++)
        push(&s, s.rows + y * s.row_bytes);
    if (status == CRUSH_OK && s.rows_read >= frame->height_px)
        status = push_free_rows(&s, s.chunks.height_px - frame->top_px - frame->height_px);
    if (status == CRUSH_OK)
        status = intake_finish(&s.intake, picture->info.orientation, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = s.damaged;
    png_rows_close(s.fast);
    scratch_free(s.rows);
    scratch_free(s.canvas_row);
    light_close(s.light);
    intake_end(&s.intake);
    return status;
}
