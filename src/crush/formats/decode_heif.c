/*
 * HEIC and AVIF to a working picture: one coded picture or a grid of tiles, of which one row is held at a time. Planes
 * go on as they are where they are those of a JPEG but for range and depth; pictures with opacity, at full chroma or of
 * another matrix become pixels first. EXIF is not looked at: the container itself says how a picture is turned.
 * Before: open.c, heif_file.c, heif_codec.c. Next: intake.c.
 */
#include "crush/formats/decode_heif.h"

#include <string.h>

#include "crush/formats/heif_codec.h"
#include "crush/pixels/check.h"
#include "crush/pixels/cicp.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/orient.h"
#include "crush/pixels/scratch.h"

/* ---- Headers --------------------------------------------------------------------------------------- */

static void info_fill(const struct heif_file *file, const struct heif_crop *crop, int orientation, crush_info *info)
{
    const int swaps = orient_swaps_sides(orientation);
    info->orientation = orientation;
    info->source_width_px = swaps ? crop->height_px : crop->width_px;
    info->source_height_px = swaps ? crop->width_px : crop->height_px;
    info->has_alpha = file->has_alpha;
    info->has_profile = file->icc.size > 0;
}

static crush_status header_read(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                struct heif_file *ret_file, crush_info *info, crush_error *ret_error)
{
    struct heif_crop crop;
    int orientation;
    crush_status status = heif_file_read(data, size_bytes, ret_file, ret_error);
    if (status == CRUSH_OK)
        status = check_size(limits, ret_file->colour.width_px, ret_file->colour.height_px, ret_error);
    if (status != CRUSH_OK)
        return status;
    heif_file_place(ret_file, ret_file->colour.width_px, ret_file->colour.height_px, &crop, &orientation);
    info_fill(ret_file, &crop, orientation, info);
    return CRUSH_OK;
}

crush_status probe_heif(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                        crush_error *ret_error)
{
    struct heif_file file;
    return header_read(data, size_bytes, limits, &file, info, ret_error);
}

/* ---- Layers: the picture, or its opacity ------------------------------------------------------------ */

struct layer {
    const struct heif_file *file;
    const struct heif_image *image;
    const crush_limits *limits;
    struct heif_frame *frames; /* one row of tiles */
    struct heif_frame like;    /* what all tiles are like; its planes are not to be used */
    uint32_t band;             /* which row of tiles that is */
    uint32_t loaded;           /* how many of it were looked at */
    uint32_t width_px, height_px;
    enum heif_codec codec;
    int truncated;
    uint8_t *line;       /* of a grid: one row of samples */
    uint16_t *tables[2]; /* samples of luma and chroma to full range; NULL: they are bytes of it */
    int wide;            /* 1: full range is 65535, else 255 */
    struct heif_cicp cicp;
};

static void layer_drop_band(struct layer *l)
{
    for (uint32_t i = 0; i < l->loaded; i++)
        heif_frame_free(&l->frames[i]);
    l->loaded = 0;
}

static void layer_close(struct layer *l)
{
    layer_drop_band(l);
    scratch_free(l->frames);
    scratch_free(l->line);
    scratch_free(l->tables[0]);
    scratch_free(l->tables[1]);
}

static crush_status tile_decode(struct layer *l, uint32_t index, struct heif_frame *ret_frame, crush_error *ret_error)
{
    struct heif_item item;
    crush_status status = check_deadline(l->limits, ret_error);
    if (status == CRUSH_OK)
        status = heif_item_find(l->file, l->image, index, &item, ret_error);
    if (status != CRUSH_OK)
        return status;
    l->codec = item.codec;
    status = heif_codec_decode(&item, l->limits, ret_frame, ret_error);
    l->truncated |= item.truncated;
    heif_item_free(&item);
    return status;
}

/* Decodes the rest of a row of tiles. Tiles that are damaged stay empty. */
static crush_status layer_load(struct layer *l, uint32_t band, crush_error *ret_error)
{
    if (band != l->band)
        layer_drop_band(l);
    l->band = band;
    for (uint32_t i = l->loaded; i < l->image->columns; i++) {
        struct heif_frame *frame = &l->frames[i];
        const crush_status status = tile_decode(l, band * l->image->columns + i, frame, ret_error);
        l->loaded = i + 1;
        if (status == CRUSH_ECORRUPT)
            l->truncated = 1;
        else if (status != CRUSH_OK)
            return status;
        else if (frame->width_px != l->like.width_px || frame->height_px != l->like.height_px ||
                 frame->depth != l->like.depth || frame->gray != l->like.gray || frame->shift_x != l->like.shift_x ||
                 frame->shift_y != l->like.shift_y)
            return crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the tiles of a grid differ in size or kind");
        l->truncated |= frame->truncated;
    }
    return CRUSH_OK;
}

/* Samples of any depth and range to full range, of which `full` is the end and chroma's zero lies in the middle. */
static uint16_t *table_make(int depth, int full_range, int chroma, int full)
{
    const int count = 1 << depth, centre = chroma ? count / 2 : full_range ? 0 : 16 << (depth - 8);
    const int span = full_range ? count - 1 : (chroma ? 224 : 219) << (depth - 8);
    uint16_t *table = scratch_alloc((size_t)count * sizeof *table);
    for (int i = 0; table && i < count; i++) {
        const int64_t scaled = 2 * (int64_t)(i - centre) * full; /* twice, to round */
        const int64_t v = (chroma ? full / 2 + 1 : 0) + (scaled + (scaled < 0 ? -span : span)) / (2 * span);
        table[i] = (uint16_t)(v < 0 ? 0 : v > full ? full : v);
    }
    return table;
}

/* Decodes the first tile, which tells what all are like. */
static crush_status layer_open(struct layer *l, const struct heif_file *file, const struct heif_image *image,
                               const crush_limits *limits, crush_error *ret_error)
{
    *l = (struct layer){.file = file, .image = image, .limits = limits};
    l->frames = scratch_alloc_zeroed(image->columns * sizeof *l->frames);
    if (!l->frames)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    crush_status status = tile_decode(l, 0, &l->frames[0], ret_error);
    if (status != CRUSH_OK)
        return status;
    l->loaded = 1;
    l->like = l->frames[0];
    l->truncated |= l->like.truncated;
    const int is_grid = image->tiles.size > 0;
    l->width_px = is_grid ? image->width_px : l->like.width_px;
    l->height_px = is_grid ? image->height_px : l->like.height_px;
    status = check_size(limits, l->width_px, l->height_px, ret_error);
    if (status == CRUSH_OK && ((uint64_t)l->like.width_px * image->columns < l->width_px ||
                               (uint64_t)l->like.height_px * image->rows < l->height_px))
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the tiles of a grid do not cover it");
    if (status == CRUSH_OK && is_grid && !l->like.gray &&
        (l->like.width_px % (1u << l->like.shift_x) || l->like.height_px % (1u << l->like.shift_y)))
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "HEIF: the tiles of a grid have half a chroma sample");
    if (status != CRUSH_OK)
        return status;
    l->cicp = file->has_cicp && image == &file->colour ? file->cicp : l->like.cicp;
    /* also for a tile that is missing */
    l->line = scratch_alloc(((size_t)l->like.width_px * image->columns) * 2);
    return l->line ? CRUSH_OK : crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
}

/* Decides what samples become: bytes, or 16 bits. */
static crush_status layer_widen(struct layer *l, int wide, crush_error *ret_error)
{
    l->wide = wide;
    for (int i = 0; i < 2 && (wide || l->like.depth > 8 || !l->cicp.full_range); i++) {
        l->tables[i] = table_make(l->like.depth, l->cicp.full_range, i && l->cicp.matrix != 0, wide ? 65535 : 255);
        if (!l->tables[i])
            return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    return CRUSH_OK;
}

/* What the decoders of a row of tiles take. */
static uint64_t layer_memory_bytes(const struct layer *l)
{
    return l->image->columns *
           heif_codec_memory_bytes(l->codec, l->like.width_px, l->like.height_px, l->like.depth > 8 ? 2 : 1);
}

/* Row y of a plane, counted in its own rows, as it was decoded. Its row of tiles must be loaded. */
static const uint8_t *layer_line(struct layer *l, int plane, uint32_t y)
{
    const struct heif_frame *like = &l->like;
    const int sx = plane ? like->shift_x : 0, sy = plane ? like->shift_y : 0;
    const size_t sample = like->depth > 8 ? 2 : 1;
    const size_t tile_columns = (like->width_px + (1u << sx) - 1) >> sx, tile_rows = like->height_px >> sy;
    const size_t in_tile = l->image->rows > 1 ? y - l->band * tile_rows : y;
    if (l->image->columns == 1 && l->frames[0].owner)
        return l->frames[0].planes[plane] + (ptrdiff_t)in_tile * l->frames[0].strides[plane];
    for (uint32_t i = 0; i < l->image->columns; i++) {
        const struct heif_frame *frame = &l->frames[i];
        uint8_t *to = l->line + (size_t)i * (like->width_px >> sx) * sample;
        if (frame->owner)
            memcpy(to, frame->planes[plane] + (ptrdiff_t)in_tile * frame->strides[plane], tile_columns * sample);
        else
            for (size_t x = 0; x < tile_columns; x++)
                if (sample == 1)
                    to[x] = 128;
                else
                    ((uint16_t *)(void *)to)[x] = (uint16_t)(1u << (like->depth - 1));
    }
    return l->line;
}

/* The same in full range, from a column on: bytes, or 16 bits where the layer is wide; into `to` where need be. */
static const void *layer_row(struct layer *l, int plane, uint32_t y, uint32_t from, size_t count, void *to)
{
    const uint8_t *line = layer_line(l, plane, y);
    const uint16_t *table = l->tables[plane > 0], *samples = (const uint16_t *)(const void *)line + from;
    const unsigned mask = (1u << l->like.depth) - 1;
    uint8_t *bytes = to;
    uint16_t *words = to;
    line += from;
    if (!table && l->image->columns == 1)
        return line;
    if (!table)
        memcpy(bytes, line, count);
    else if (l->like.depth == 8 && !l->wide)
        for (size_t x = 0; x < count; x++)
            bytes[x] = (uint8_t)table[line[x]];
    else if (l->like.depth == 8)
        for (size_t x = 0; x < count; x++)
            words[x] = table[line[x]];
    else if (!l->wide)
        for (size_t x = 0; x < count; x++)
            bytes[x] = (uint8_t)table[samples[x] & mask];
    else
        for (size_t x = 0; x < count; x++)
            words[x] = table[samples[x] & mask];
    return to;
}

/* ---- Colour ---------------------------------------------------------------------------------------- */

enum { BITS = 15, HALF = 1 << (BITS - 1) };

/* From luma and chroma to red, green and blue, with 15 fractional bits. */
struct matrix {
    int is_identity, is_ycgco, is_jpeg;
    int r_cr, g_cb, g_cr, b_cb;
};

/* 0 where a matrix is not known: constant luminance and its like. */
static int matrix_make(const struct heif_cicp *cicp, struct matrix *ret_matrix)
{
    double red = 0.299, blue = 0.114;
    *ret_matrix = (struct matrix){0};
    switch (cicp->matrix) {
    case 0: ret_matrix->is_identity = 1; return 1;
    case 8: ret_matrix->is_ycgco = 1; return 1;
    case 2:
    case 3:
    case 5:
    case 6: ret_matrix->is_jpeg = 1; break;
    case 1: red = 0.2126, blue = 0.0722; break;
    case 4: red = 0.30, blue = 0.11; break;
    case 7: red = 0.212, blue = 0.087; break;
    case 9: red = 0.2627, blue = 0.0593; break;
    default: return 0;
    }
    const double green = 1 - red - blue, one = 1 << BITS;
    ret_matrix->r_cr = (int)(2 * (1 - red) * one + 0.5);
    ret_matrix->b_cb = (int)(2 * (1 - blue) * one + 0.5);
    ret_matrix->g_cb = (int)(2 * blue * (1 - blue) / green * one + 0.5);
    ret_matrix->g_cr = (int)(2 * red * (1 - red) / green * one + 0.5);
    return 1;
}

/* Stills that say BT.709 or its kin, the curves of cameras, are meant as sRGB; Chromium shows them so. */
static int transfer_shown(int transfer)
{
    return transfer == 1 || transfer == 6 || transfer == 14 || transfer == 15 ? 13 : transfer;
}

static uint8_t clamp_byte(int v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static uint16_t clamp_word(int64_t v)
{
    return (uint16_t)(v < 0 ? 0 : v > 65535 ? 65535 : v);
}

/* count pixels of `channels` bytes; a chroma sample counts for 2^shift of them, `odd` of which lie before the first. */
static void pixels_make(const struct matrix *m, const void *const planes[PLANE_COUNT], int shift, uint32_t odd,
                        size_t count, int channels, uint8_t *ret_pixels)
{
    const uint8_t *y = planes[0], *cb = planes[1], *cr = planes[2];
    for (size_t x = 0; x < count; x++, ret_pixels += channels) {
        const size_t c = (x + odd) >> shift;
        const int u = cb[c] - 128, v = cr[c] - 128, base = (y[x] << BITS) + HALF;
        if (m->is_identity) {
            ret_pixels[0] = cr[c];
            ret_pixels[1] = y[x];
            ret_pixels[2] = cb[c];
        } else if (m->is_ycgco) {
            ret_pixels[0] = clamp_byte(y[x] - u + v);
            ret_pixels[1] = clamp_byte(y[x] + u);
            ret_pixels[2] = clamp_byte(y[x] - u - v);
        } else {
            ret_pixels[0] = clamp_byte((base + m->r_cr * v) >> BITS);
            ret_pixels[1] = clamp_byte((base - m->g_cb * u - m->g_cr * v) >> BITS);
            ret_pixels[2] = clamp_byte((base + m->b_cb * u) >> BITS);
        }
    }
}

/* The same with 16 bits a channel. */
static void words_make(const struct matrix *m, const void *const planes[PLANE_COUNT], int shift, uint32_t odd,
                       size_t count, int channels, uint16_t *ret_pixels)
{
    const uint16_t *y = planes[0], *cb = planes[1], *cr = planes[2];
    for (size_t x = 0; x < count; x++, ret_pixels += channels) {
        const size_t c = (x + odd) >> shift;
        const int64_t u = cb[c] - 32768, v = cr[c] - 32768, base = ((int64_t)y[x] << BITS) + HALF;
        if (m->is_identity) {
            ret_pixels[0] = cr[c];
            ret_pixels[1] = y[x];
            ret_pixels[2] = cb[c];
        } else if (m->is_ycgco) {
            ret_pixels[0] = clamp_word(y[x] - u + v);
            ret_pixels[1] = clamp_word(y[x] + u);
            ret_pixels[2] = clamp_word(y[x] - u - v);
        } else {
            ret_pixels[0] = clamp_word((base + m->r_cr * v) >> BITS);
            ret_pixels[1] = clamp_word((base - m->g_cb * u - m->g_cr * v) >> BITS);
            ret_pixels[2] = clamp_word((base + m->b_cb * u) >> BITS);
        }
    }
}

/* ---- The picture ----------------------------------------------------------------------------------- */

struct session {
    struct heif_file file;
    struct layer colour, alpha;
    int has_alpha;
    struct heif_crop crop;
    struct matrix matrix;
    struct light *light; /* from the colours that code points describe; NULL: sRGB, or a profile says more */
    struct intake intake;
    uint16_t *rows; /* room for one of each plane, then for two of pixels */
    size_t room;    /* samples of one */
};

/* Makes sure that row y of the picture is decoded. */
static crush_status row_load(struct layer *l, uint32_t y, crush_error *ret_error)
{
    const uint32_t band = l->image->rows > 1 ? y / l->like.height_px : 0;
    return band != l->band || l->loaded < l->image->columns ? layer_load(l, band, ret_error) : CRUSH_OK;
}

static crush_status push_planes(struct session *s, crush_error *ret_error)
{
    struct layer *l = &s->colour;
    const struct heif_crop *c = &s->crop;
    const int sx = l->like.shift_x, sy = l->like.shift_y;
    const uint32_t cw = (c->width_px + (1u << sx) - 1) >> sx, ch = (c->height_px + (1u << sy) - 1) >> sy;
    const struct intake_plane luma = intake_plane_whole(c->width_px, c->height_px);
    const struct intake_plane chroma = {cw, ch, c->width_px / (double)(1 << sx), c->height_px / (double)(1 << sy),
                                        1,  1};
    const struct intake_plane sources[INTAKE_PLANES] = {luma, chroma, chroma};
    crush_status status = intake_begin(&s->intake, sources, layer_memory_bytes(l), ret_error);
    for (uint32_t y = 0; y < c->height_px && status == CRUSH_OK; y++) {
        status = row_load(l, c->top_px + y, ret_error);
        for (int p = 0; p < (l->like.gray ? 1 : PLANE_COUNT) && status == CRUSH_OK; p++) {
            if (p && y % (1u << sy))
                break;
            const uint32_t row = (c->top_px + y) >> (p ? sy : 0), from = c->left_px >> (p ? sx : 0);
            intake_push_plane(&s->intake, p, layer_row(l, p, row, from, p ? cw : c->width_px, s->rows));
        }
    }
    return status;
}

/* Lays a row of opacity into pixels of four channels, and takes it out of colours that were multiplied by it. */
static void row_add_alpha(struct session *s, uint32_t y, uint8_t *pixels, uint16_t *words)
{
    const size_t w = s->crop.width_px;
    const void *alpha = layer_row(&s->alpha, 0, y, s->crop.left_px, w, s->rows + 3 * s->room);
    const uint8_t *bytes = alpha;
    const uint16_t *wide = alpha;
    for (size_t x = 0; x < w && s->light; x++) {
        uint16_t *pixel = words + 4 * x, a = pixel[3] = wide[x];
        for (int i = 0; i < 3 && s->file.premultiplied && a; i++)
            pixel[i] = clamp_word(((int64_t)pixel[i] * 65535 + a / 2) / a);
    }
    for (size_t x = 0; x < w && !s->light; x++) {
        uint8_t *pixel = pixels + 4 * x, a = pixel[3] = bytes[x];
        for (int i = 0; i < 3 && s->file.premultiplied && a; i++)
            pixel[i] = clamp_byte((pixel[i] * 255 + a / 2) / a);
    }
}

static crush_status push_pixels(struct session *s, crush_error *ret_error)
{
    struct layer *l = &s->colour;
    const struct heif_crop *c = &s->crop;
    const int sx = l->like.shift_x, sy = l->like.shift_y, channels = s->has_alpha ? 4 : 3;
    const size_t w = c->width_px;
    const uint32_t odd = c->left_px & ((1u << sx) - 1);
    const size_t cw = (w + odd + (1u << sx) - 1) >> sx;
    uint16_t *words = s->rows + 4 * s->room;
    uint8_t *pixels = (uint8_t *)(s->rows + 8 * s->room);
    const struct intake_plane source = intake_plane_whole(c->width_px, c->height_px);
    crush_status status = intake_begin_pixels(
        &s->intake, &source, layer_memory_bytes(l) + (s->has_alpha ? layer_memory_bytes(&s->alpha) : 0), ret_error);
    const void *planes[PLANE_COUNT] = {NULL, s->rows + s->room, s->rows + 2 * s->room};
    for (size_t x = 0; x < 2 * s->room; x++) /* gray brings no chroma */
        s->rows[s->room + x] = s->light ? 32768 : 0x8080;
    for (uint32_t y = c->top_px; y < c->top_px + c->height_px && status == CRUSH_OK; y++) {
        status = row_load(l, y, ret_error);
        if (status == CRUSH_OK && s->has_alpha)
            status = row_load(&s->alpha, y, ret_error);
        if (status != CRUSH_OK)
            break;
        planes[0] = layer_row(l, 0, y, c->left_px, w, s->rows);
        for (int p = 1; p < PLANE_COUNT && !l->like.gray; p++)
            planes[p] = layer_row(l, p, y >> sy, c->left_px >> sx, cw, s->rows + (size_t)p * s->room);
        if (s->light)
            words_make(&s->matrix, planes, sx, odd, w, channels, words);
        else
            pixels_make(&s->matrix, planes, sx, odd, w, channels, pixels);
        if (s->has_alpha)
            row_add_alpha(s, y, pixels, words);
        if (s->light)
            light_convert(s->light, words, channels, w, pixels);
        intake_push_pixels(&s->intake, pixels, channels);
    }
    return status;
}

/* Opens both layers. Opacity that is broken or of another size is left out, as if there were none. */
static crush_status layers_open(struct session *s, const crush_limits *limits, crush_error *ret_error)
{
    crush_status status = layer_open(&s->colour, &s->file, &s->file.colour, limits, ret_error);
    if (status != CRUSH_OK || !s->file.has_alpha)
        return status;
    status = layer_open(&s->alpha, &s->file, &s->file.alpha, limits, ret_error);
    s->has_alpha =
        status == CRUSH_OK && s->alpha.width_px == s->colour.width_px && s->alpha.height_px == s->colour.height_px;
    return status == CRUSH_ECORRUPT ? CRUSH_OK : status;
}

static crush_status picture_make(struct session *s, const crush_open_options *options, crush_picture *picture,
                                 crush_error *ret_error)
{
    struct layer *l = &s->colour;
    int orientation;
    crush_status status = layers_open(s, &options->limits, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (!matrix_make(&l->cicp, &s->matrix) ||
        (!l->like.gray && (s->matrix.is_identity || s->matrix.is_ycgco) && l->like.shift_x))
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "HEIF: colours by matrix %d, which is not known here",
                          l->cicp.matrix);
    heif_file_place(&s->file, l->width_px, l->height_px, &s->crop, &orientation);
    info_fill(&s->file, &s->crop, orientation, &picture->info);
    const struct heif_crop *c = &s->crop;
    const int even = c->left_px % (1u << l->like.shift_x) == 0 && c->top_px % (1u << l->like.shift_y) == 0;
    if (!s->file.icc.size)
        s->light = cicp_open(l->cicp.primaries, transfer_shown(l->cicp.transfer));
    if (s->light && s->file.peak_cd_m2 > 0)
        light_set_peak(s->light, s->file.peak_cd_m2);
    const int planar = !s->has_alpha && !s->light && (l->like.gray || (s->matrix.is_jpeg && l->like.shift_x && even));
    if (l->like.gray)
        matrix_make(&(struct heif_cicp){.matrix = 6}, &s->matrix);
    const enum colour_model model = !planar ? COLOUR_RGB : l->like.gray ? COLOUR_GRAY : COLOUR_YCC;
    struct colour *colour = s->file.icc.size ? colour_open_icc(s->file.icc.data, s->file.icc.size, model) : NULL;
    intake_plan(&s->intake, options, model, s->has_alpha, colour, c->width_px, c->height_px);
    status = layer_widen(l, s->light != NULL, ret_error);
    if (status == CRUSH_OK && s->has_alpha)
        status = layer_widen(&s->alpha, s->light != NULL, ret_error);
    if (status != CRUSH_OK)
        return status;
    s->room = (size_t)c->width_px + 2;
    s->rows = scratch_alloc(s->room * 10 * sizeof *s->rows);
    if (!s->rows)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    status = planar ? push_planes(s, ret_error) : push_pixels(s, ret_error);
    if (status == CRUSH_OK)
        status = intake_finish(&s->intake, orientation, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = l->truncated || (s->has_alpha && s->alpha.truncated);
    return status;
}

crush_status decode_heif(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                         crush_picture *picture, crush_error *ret_error)
{
    struct session s = {0};
    crush_status status = header_read(data, size_bytes, &options->limits, &s.file, &picture->info, ret_error);
    if (status != CRUSH_OK)
        return status;
    status = picture_make(&s, options, picture, ret_error);
    layer_close(&s.colour);
    layer_close(&s.alpha);
    light_close(s.light);
    intake_end(&s.intake);
    scratch_free(s.rows);
    return status;
}
