/*
 * PNG to a working picture with libpng, row by row; only an interlaced picture is held whole. Palette pictures
 * without a profile are looked up as planes. Text chunks are skipped unread. Wrong checksums cost nothing, a
 * broken end of the data leaves the rows before it. Of an animation the default picture is shown.
 * setjmp is confined to png_run. Source: PNG, third edition (W3C). Before: open.c. Next: intake.c.
 */
#include "crush/formats/decode_png.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "crush/pixels/exif.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/check.h"
#include "crush/pixels/orient.h"

enum {
    SIGNATURE_BYTES = 8,
    CHUNK_MAX_BYTES = 4 << 20, /* uncompressed, for chunks other than the picture data: profiles at most */
    CHUNKS_KEPT_MAX = 64,
    ROWS_PER_LOOK = 64,     /* at the deadline */
    LIBRARY_BYTES = 100000, /* what libpng and zlib take besides rows */
    BOMB_BYTES = 200000000, /* unpacked; only from here on does a ratio make a bomb */
    BOMB_RATIO = 500,       /* deflate reaches 1032, large pictures that people make stay far below */
};

/* ---- Headers, without libpng ---- */

static uint32_t read_32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Chunk headers only; orientation may stand behind the picture data. *ret_cut_chunk: where a chunk of picture data
 * begins that the file does not hold completely; 0: none. */
static void chunks_walk(const uint8_t *data, size_t size, crush_info *info, size_t *ret_cut_chunk)
{
    int seen_exif = 0;
    *ret_cut_chunk = 0;
    for (size_t at = SIGNATURE_BYTES; size - at >= 12;) {
        const uint32_t length = read_32(data + at);
        const uint8_t *type = data + at + 4, *body = data + at + 8;
        if (length > size - at - 12) {
            if (memcmp(type, "IDAT", 4) == 0)
                *ret_cut_chunk = at;
            break;
        }
        if (memcmp(type, "eXIf", 4) == 0 && !seen_exif) {
            info->orientation = exif_orientation(body, length);
            seen_exif = 1;
        } else if (memcmp(type, "iCCP", 4) == 0) {
            info->has_profile = 1;
        } else if (memcmp(type, "tRNS", 4) == 0) {
            info->has_alpha = 1;
        }
        at += 12 + (size_t)length;
    }
}

/* What the rows of a picture take unpacked, from its IHDR. */
static uint64_t unpacked_bytes(const uint8_t *header)
{
    static const uint8_t channels[8] = {1, 0, 3, 1, 2, 0, 4, 0}; /* by colour type */
    const uint64_t row_bits = (uint64_t)read_32(header) * header[8] * channels[header[9] & 7];
    return (row_bits + 7) / 8 * read_32(header + 4);
}

static crush_status header_read(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                                size_t *ret_cut_chunk, crush_error *ret_error)
{
    if (size_bytes < SIGNATURE_BYTES + 8 + 13 || memcmp(data + SIGNATURE_BYTES + 4, "IHDR", 4) != 0)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "PNG: no header chunk");
    const uint8_t *header = data + SIGNATURE_BYTES + 8;
    const uint32_t width = read_32(header), height = read_32(header + 4);
    const crush_status status = check_size(limits, width, height, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (unpacked_bytes(header) > BOMB_BYTES && unpacked_bytes(header) / size_bytes > BOMB_RATIO)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_MEMORY, unpacked_bytes(header),
                                "PNG: %zu bytes that unpack to %.0f million are a bomb", size_bytes,
                                (double)unpacked_bytes(header) / 1e6);
    info->has_alpha = (header[9] & PNG_COLOR_MASK_ALPHA) != 0;
    chunks_walk(data, size_bytes, info, ret_cut_chunk);
    const int swaps = orient_swaps_sides(info->orientation);
    info->source_width_px = swaps ? height : width;
    info->source_height_px = swaps ? width : height;
    return CRUSH_OK;
}

crush_status probe_png(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                       crush_error *ret_error)
{
    size_t cut_chunk;
    return header_read(data, size_bytes, limits, info, &cut_chunk, ret_error);
}

/* ---- Pixels ---- */

struct session {
    const uint8_t *data;
    size_t size, at;
    size_t cut_chunk; /* see chunks_walk */
    const crush_open_options *options;
    struct intake intake;
    uint32_t width_px, height_px;
    int channels, passes;
    int indexed; /* rows are indices into palette */
    struct intake_palette palette;
    uint8_t *rows; /* one row, or the whole picture if interlaced */
    size_t row_bytes;
    uint32_t rows_read; /* over all passes */
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

static void on_warning(png_structp png, png_const_charp message)
{
    struct session *s = png_get_error_ptr(png);
    if (strstr(message, "IDAT: "))
        s->damaged = 1;
}

static void on_read(png_structp png, png_bytep to, size_t count)
{
    struct session *s = png_get_io_ptr(png);
    if (count > s->size - s->at)
        png_error(png, "the file ends early");
    memcpy(to, s->data + s->at, count);
    /* A chunk that is cut off is shortened to what is there, or libpng would not use any of its last piece. */
    if (s->cut_chunk && s->at == s->cut_chunk && count == 8)
        for (int i = 0; i < 4; i++)
            to[i] = (png_byte)((s->size - s->cut_chunk - 8) >> (24 - 8 * i));
    s->at += count;
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

static void set_limits(png_structp png, const crush_limits *limits)
{
    static const png_byte unread[] = "tEXt\0zTXt\0iTXt\0eXIf\0tIME\0hIST\0sPLT\0pCAL\0sCAL\0oFFs\0pHYs\0sBIT";
    const png_uint_32 side = limits->max_side_px ? limits->max_side_px : PNG_UINT_31_MAX;
    png_set_user_limits(png, side, side);
    png_set_chunk_malloc_max(png, CHUNK_MAX_BYTES);
    png_set_chunk_cache_max(png, CHUNKS_KEPT_MAX);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, unread, sizeof unread / 5);
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
    png_set_benign_errors(png, 1);
#if defined(PNG_IGNORE_ADLER32)
    png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
}

/* iCCP, else sRGB, else gAMA with cHRM. */
static struct colour *read_colour(png_structp png, png_infop info, enum colour_model model)
{
    png_charp name;
    png_bytep profile;
    png_uint_32 size;
    int method, intent;
    double gamma, xy[8];
    if (png_get_iCCP(png, info, &name, &method, &profile, &size))
        return colour_open_icc(profile, size, model);
    if (png_get_sRGB(png, info, &intent) || !png_get_gAMA(png, info, &gamma))
        return NULL;
    const int has_primaries =
        png_get_cHRM(png, info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0;
    return colour_open_gamma(gamma, has_primaries ? xy : NULL, model);
}

/* RGBA of the palette; indices beyond it are black. */
static void read_palette(png_structp png, png_infop info, uint8_t rgba[256 * 4])
{
    png_colorp colours = NULL;
    png_bytep opacity = NULL;
    int count = 0, opacity_count = 0;
    memset(rgba, 0, 256 * 4);
    png_get_PLTE(png, info, &colours, &count);
    png_get_tRNS(png, info, &opacity, &opacity_count, NULL);
    for (int i = 0; i < 256; i++) {
        if (i < count) {
            rgba[4 * i] = colours[i].red;
            rgba[4 * i + 1] = colours[i].green;
            rgba[4 * i + 2] = colours[i].blue;
        }
        rgba[4 * i + 3] = i < opacity_count ? opacity[i] : 255;
    }
}

static void push(struct session *s, const uint8_t *row)
{
    if (s->indexed)
        intake_push_indices(&s->intake, row, 0, s->width_px, &s->palette);
    else
        intake_push_pixels(&s->intake, row, s->channels);
}

/* Everything that may leave by png_error. What it allocates hangs on the session. */
static void body(png_structp png, png_infop info, struct session *s)
{
    set_limits(png, &s->options->limits);
    png_set_read_fn(png, s, on_read);
    png_read_info(png, info);
    s->width_px = png_get_image_width(png, info);
    s->height_px = png_get_image_height(png, info);
    const int type = png_get_color_type(png, info);
    const int alpha = type & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS);
    /* gray shows in colour only where a coloured background shines through */
    const int coloured = type & PNG_COLOR_MASK_COLOR || (alpha && !intake_background_is_gray(s->options));
    const enum colour_model model = coloured ? COLOUR_RGB : COLOUR_GRAY;
    struct colour *colour = read_colour(png, info, model);
    s->indexed = type == PNG_COLOR_TYPE_PALETTE && !colour;
    intake_plan(&s->intake, s->options, model, alpha && !s->indexed, colour, s->width_px, s->height_px);
    png_set_scale_16(png);
    if (s->indexed)
        png_set_packing(png);
    else
        png_set_expand(png);
    if (coloured && !(type & PNG_COLOR_MASK_COLOR))
        png_set_gray_to_rgb(png);
    s->passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    s->channels = png_get_channels(png, info);
    s->row_bytes = png_get_rowbytes(png, info);
    const size_t held_bytes = s->passes > 1 ? s->row_bytes * s->height_px : s->row_bytes;
    const struct intake_plane source = intake_plane_whole(s->width_px, s->height_px);
    const crush_status status =
        intake_begin_pixels(&s->intake, &source, held_bytes + 16 * (uint64_t)s->width_px + LIBRARY_BYTES, s->ret_error);
    if (status != CRUSH_OK)
        fail(png, s, status);
    if (s->indexed) {
        uint8_t rgba[256 * 4];
        read_palette(png, info, rgba);
        intake_palette_make(&s->intake, rgba, &s->palette);
    }
    s->rows = calloc(1, held_bytes);
    if (!s->rows)
        fail(png, s, crush_fail(s->ret_error, CRUSH_ENOMEM, "out of memory"));
    for (int pass = 0; pass < s->passes; pass++)
        for (uint32_t y = 0; y < s->height_px; y++) {
            if (s->passes > 1) {
                png_read_row(png, NULL, s->rows + y * s->row_bytes); /* fills the blocks of early passes */
            } else {
                png_read_row(png, s->rows, NULL);
                push(s, s->rows);
            }
            s->rows_read++;
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
    struct session s = {.data = data, .size = size_bytes, .options = options, .ret_error = ret_error};
    crush_status status = header_read(data, size_bytes, &options->limits, &picture->info, &s.cut_chunk, ret_error);
    if (status != CRUSH_OK)
        return status;
    png_run(&s);
    status = s.status;
    if (status == CRUSH_OK && s.passes > 1)
        for (uint32_t y = 0; y < s.height_px; y++)
            push(&s, s.rows + y * s.row_bytes);
    if (status == CRUSH_OK)
        status = intake_finish(&s.intake, picture->info.orientation, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = s.damaged;
    free(s.rows);
    intake_end(&s.intake);
    return status;
}
