/*
 * The first frame of a GIF on its canvas, row by row; only an interlaced frame is held whole, as indices. A canvas that
 * is smaller than its first frame grows to hold it, as browsers do it. Bytes between blocks that begin none are passed
 * over; later frames, comments and application blocks are not read. A reader of our own and not giflib, which stops at
 * much of what browsers show. Source: GIF89a. Before: open.c. Next: gif_lzw.c, intake.c.
 */
#include "crush/formats/decode_gif.h"

#include <stdlib.h>
#include <string.h>

#include "crush/formats/gif_lzw.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/check.h"

enum { SCREEN_BYTES = 13, FRAME_BYTES = 10, CONTROL_BYTES = 4, EXTENSION = 0x21, FRAME = 0x2C, TRAILER = 0x3B };
enum { HAS_PALETTE = 0x80, IS_INTERLACED = 0x40, PALETTE_BITS = 7, HAS_TRANSPARENT = 1, IS_CONTROL = 0xF9 };
enum { ROWS_PER_LOOK = 64 /* at the deadline */ };

/* What stands before the first frame's data. */
struct gif_header {
    uint32_t canvas_width_px, canvas_height_px;
    uint32_t left_px, top_px, width_px, height_px; /* of the frame */
    int interlaced, transparent;                   /* index; -1: none */
    const uint8_t *palette;                        /* NULL: there is none */
    uint32_t palette_count;
    size_t data_at;
};

static uint32_t read_16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

/* The palette that flags announce at *at; moves *at behind it. 0: it is cut off. */
static int palette_find(const uint8_t *data, size_t size, uint8_t flags, size_t *at, struct gif_header *h)
{
    if (!(flags & HAS_PALETTE))
        return 1;
    const uint32_t count = 2U << (flags & PALETTE_BITS);
    if (size - *at < 3 * (size_t)count)
        return 0;
    h->palette = data + *at;
    h->palette_count = count;
    *at += 3 * (size_t)count;
    return 1;
}

/* Behind an extension, whose label is at `at`. SIZE_MAX: it is cut off. */
static size_t extension_read(const uint8_t *data, size_t size, size_t at, struct gif_header *h)
{
    if (size - at < 2)
        return SIZE_MAX;
    const uint8_t *control = data + at + 2;
    if (data[at] == IS_CONTROL && data[at + 1] >= CONTROL_BYTES && size - at - 2 >= CONTROL_BYTES)
        h->transparent = control[0] & HAS_TRANSPARENT ? control[3] : -1;
    for (at++; at < size; at += 1 + (size_t)data[at])
        if (!data[at])
            return at + 1;
    return SIZE_MAX;
}

static crush_status header_read(const uint8_t *data, size_t size, const crush_limits *limits, crush_info *info,
                                struct gif_header *ret_header, crush_error *ret_error)
{
    struct gif_header h = {.transparent = -1};
    size_t at = SCREEN_BYTES;
    if (size < SCREEN_BYTES || !palette_find(data, size, data[10], &at, &h))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no usable header");
    while (at < size && data[at] != FRAME) {
        if (data[at] == TRAILER)
            at = size;
        else if (data[at] == EXTENSION)
            at = extension_read(data, size, at + 1, &h);
        else
            at++;
    }
    if (at >= size)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no frame");
    if (size - at < FRAME_BYTES)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged frame header");
    const uint8_t *frame = data + at;
    h.left_px = read_16(frame + 1);
    h.top_px = read_16(frame + 3);
    h.width_px = read_16(frame + 5);
    h.height_px = read_16(frame + 7);
    h.interlaced = (frame[9] & IS_INTERLACED) != 0;
    h.data_at = at + FRAME_BYTES;
    if (!palette_find(data, size, frame[9], &h.data_at, &h))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged frame header");
    const uint32_t width = read_16(data + 6), height = read_16(data + 8);
    const uint32_t right = h.left_px + h.width_px, bottom = h.top_px + h.height_px;
    h.canvas_width_px = width > right ? width : right;
    h.canvas_height_px = height > bottom ? height : bottom;
    info->source_width_px = h.canvas_width_px;
    info->source_height_px = h.canvas_height_px;
    info->has_alpha = h.transparent >= 0 || h.width_px < h.canvas_width_px || h.height_px < h.canvas_height_px;
    *ret_header = h;
    return check_size(limits, h.canvas_width_px, h.canvas_height_px, ret_error);
}

crush_status probe_gif(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                       crush_error *ret_error)
{
    struct gif_header header;
    return header_read(data, size_bytes, limits, info, &header, ret_error);
}

/* The palette; colours that it lacks are black, and without any palette indices are shades of gray. */
static void palette_read(const struct gif_header *h, uint8_t rgba[256 * 4])
{
    for (uint32_t i = 0; i < 256; i++) {
        for (uint32_t c = 0; c < 3; c++)
            rgba[4 * i + c] = (uint8_t)(!h->palette ? i : i < h->palette_count ? h->palette[3 * i + c] : 0);
        rgba[4 * i + 3] = (int)i == h->transparent ? 0 : 255;
    }
}

struct session {
    struct gif_header header;
    struct gif_lzw lzw;
    struct intake intake;
    struct intake_palette palette;
    uint8_t *held; /* the whole frame, where it is interlaced, else one row */
    size_t pixels; /* that have come */
};

/* Reads an interlaced frame. Each row also stands for those below that only later passes bring, so that a frame that is
 * cut off shows what it has, coarsely. *ret_rows: how many rows of the frame are known. */
static crush_status passes_read(struct session *s, uint32_t *ret_rows, crush_error *ret_error)
{
    static const uint32_t first[4] = {0, 4, 2, 1}, step[4] = {8, 8, 4, 2}, covers[4] = {8, 4, 2, 1};
    const uint32_t width = s->header.width_px, height = s->header.height_px;
    crush_status status = CRUSH_OK;
    uint32_t known = 0;
    for (int pass = 0; pass < 4; pass++)
        for (uint32_t y = first[pass]; y < height && status == CRUSH_OK; y += step[pass]) {
            uint8_t *row = s->held + (size_t)y * width;
            const size_t got = gif_lzw_read(&s->lzw, row, width);
            s->pixels += got;
            if (!got)
                break;
            uint32_t below = 1;
            for (; below < covers[pass] && y + below < height; below++)
                memcpy(row + (size_t)below * width, row, got);
            known = pass ? known : y + below;
            if (y / step[pass] % ROWS_PER_LOOK == 0)
                status = check_deadline(&s->intake.options->limits, ret_error);
        }
    *ret_rows = known;
    return status;
}

/* Reads the frame's rows and pushes canvas rows. Where no pixels came the background shows. */
static crush_status frame_read(struct session *s, crush_error *ret_error)
{
    const struct gif_header *h = &s->header;
    crush_status status = CRUSH_OK;
    uint32_t known = h->height_px;
    if (h->interlaced && h->width_px)
        status = passes_read(s, &known, ret_error);
    for (uint32_t y = 0; y < h->canvas_height_px && status == CRUSH_OK; y++) {
        const uint8_t *row = s->held;
        size_t count = 0;
        if (y >= h->top_px && y - h->top_px < known && h->interlaced) {
            row += (size_t)(y - h->top_px) * h->width_px;
            count = h->width_px;
        } else if (y >= h->top_px && y - h->top_px < known) {
            count = gif_lzw_read(&s->lzw, s->held, h->width_px);
            s->pixels += count;
        }
        intake_push_indices(&s->intake, row, h->left_px, (uint32_t)count, &s->palette);
        if (y % ROWS_PER_LOOK == 0)
            status = check_deadline(&s->intake.options->limits, ret_error);
    }
    return status;
}

crush_status decode_gif(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture *picture, crush_error *ret_error)
{
    uint8_t rgba[256 * 4];
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    const struct gif_header *h = &s->header;
    crush_status status = header_read(data, size_bytes, &options->limits, &picture->info, &s->header, ret_error);
    if (status != CRUSH_OK)
        goto out;
    const size_t whole = (size_t)h->width_px * h->height_px, held_bytes = h->interlaced ? whole : h->width_px;
    const struct intake_plane source = intake_plane_whole(h->canvas_width_px, h->canvas_height_px);
    intake_plan(&s->intake, options, COLOUR_RGB, 0, NULL, h->canvas_width_px, h->canvas_height_px);
    status = intake_begin_pixels(&s->intake, &source, sizeof *s + held_bytes, ret_error);
    if (status != CRUSH_OK)
        goto out;
    s->held = malloc(held_bytes + 1);
    if (!s->held) {
        status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
        goto out;
    }
    /* what an interlaced frame that is cut off leaves free in the middle of a row */
    memset(s->held, h->transparent >= 0 ? h->transparent : data[11], held_bytes);
    palette_read(h, rgba);
    intake_palette_make(&s->intake, rgba, &s->palette);
    gif_lzw_begin(&s->lzw, data, size_bytes, h->data_at);
    status = frame_read(s, ret_error);
    if (status == CRUSH_OK && whole && !s->pixels)
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: the first frame cannot be decoded");
    if (status == CRUSH_OK)
        status = intake_finish(&s->intake, 1, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = s->pixels < whole;
out:
    free(s->held);
    intake_end(&s->intake);
    free(s);
    return status;
}
