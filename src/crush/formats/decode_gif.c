/*
 * The first frame of a GIF on its canvas, row by row; only an interlaced frame is held whole, as indices. A canvas that
 * is smaller than its first frame grows to hold it, as browsers do it. Later frames are not read. A reader of our own
 * and not giflib, which stops at much of what browsers show. Source: GIF89a. Before: open.c. Next: gif_walk.c,
 * gif_lzw.c, intake.c.
 */
#include "crush/formats/decode_gif.h"

#include <string.h>

#include "crush/formats/gif_lzw.h"
#include "crush/formats/gif_walk.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum { ROWS_PER_LOOK = 64 /* at the deadline */ };

/* The first frame on its canvas. */
struct gif_header {
    uint32_t canvas_width_px, canvas_height_px;
    struct gif_frame frame;
};

static crush_status header_read(const uint8_t *data, size_t size, const crush_limits *limits, crush_info *info,
                                struct gif_header *ret_header, crush_error *ret_error)
{
    struct gif_header h;
    struct gif_walk walk;
    if (!gif_walk_begin(data, size, &walk))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no usable header");
    switch (gif_walk_next(&walk, &h.frame)) {
    case GIF_FRAME: break;
    case GIF_END: return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no frame");
    case GIF_CUT: return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged frame header");
    }
    const struct gif_frame *f = &h.frame;
    const uint32_t right = f->left_px + f->width_px, bottom = f->top_px + f->height_px;
    h.canvas_width_px = walk.width_px > right ? walk.width_px : right;
    h.canvas_height_px = walk.height_px > bottom ? walk.height_px : bottom;
    info->source_width_px = h.canvas_width_px;
    info->source_height_px = h.canvas_height_px;
    info->has_alpha = f->transparent >= 0 || f->width_px < h.canvas_width_px || f->height_px < h.canvas_height_px;
    *ret_header = h;
    return check_size(limits, h.canvas_width_px, h.canvas_height_px, ret_error);
}

crush_status probe_gif(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                       crush_error *ret_error)
{
    struct gif_header header;
    return header_read(data, size_bytes, limits, info, &header, ret_error);
}

struct session {
    struct gif_header header;
    struct gif_lzw lzw;
    struct intake intake;
    struct intake_palette palette;
    uint8_t *held; /* one row; before it the whole frame, where it is interlaced */
    size_t pixels; /* that have come */
};

/* Reads an interlaced frame. Each row also stands for those below that only later passes bring, so that a frame that is
 * cut off shows what it has, coarsely. *ret_rows: how many rows of the frame are known. */
static crush_status passes_read(struct session *s, uint32_t *ret_rows, crush_error *ret_error)
{
    static const uint32_t first[4] = {0, 4, 2, 1}, step[4] = {8, 8, 4, 2}, covers[4] = {8, 4, 2, 1};
    const uint32_t width = s->header.frame.width_px, height = s->header.frame.height_px;
    crush_status status = CRUSH_OK;
    uint8_t *read = s->held + (size_t)width * height; /* no row: bytes without meaning may follow what is read */
    uint32_t known = 0;
    for (int pass = 0; pass < 4; pass++)
        for (uint32_t y = first[pass]; y < height && status == CRUSH_OK; y += step[pass]) {
            uint8_t *row = s->held + (size_t)y * width;
            const size_t got = gif_lzw_read(&s->lzw, read, width);
            s->pixels += got;
            if (!got)
                break;
            memcpy(row, read, got);
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
    const struct gif_frame *f = &h->frame;
    crush_status status = CRUSH_OK;
    uint32_t known = f->height_px;
    if (f->interlaced && f->width_px)
        status = passes_read(s, &known, ret_error);
    for (uint32_t y = 0; y < h->canvas_height_px && status == CRUSH_OK; y++) {
        const uint8_t *row = s->held;
        size_t count = 0;
        if (y >= f->top_px && y - f->top_px < known && f->interlaced) {
            row += (size_t)(y - f->top_px) * f->width_px;
            count = f->width_px;
        } else if (y >= f->top_px && y - f->top_px < known) {
            count = gif_lzw_read(&s->lzw, s->held, f->width_px);
            s->pixels += count;
        }
        intake_push_indices(&s->intake, row, f->left_px, (uint32_t)count, &s->palette);
        if (y % ROWS_PER_LOOK == 0)
            status = check_deadline(&s->intake.options->limits, ret_error);
    }
    return status;
}

crush_status decode_gif(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture *picture, crush_error *ret_error)
{
    uint8_t rgba[256 * 4];
    struct session *s = scratch_alloc_zeroed(sizeof *s);
    if (!s)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    const struct gif_header *h = &s->header;
    const struct gif_frame *f = &h->frame;
    crush_status status = header_read(data, size_bytes, &options->limits, &picture->info, &s->header, ret_error);
    if (status != CRUSH_OK)
        goto out;
    const size_t whole = (size_t)f->width_px * f->height_px, held_bytes = (f->interlaced ? whole : 0) + f->width_px;
    const struct intake_plane source = intake_plane_whole(h->canvas_width_px, h->canvas_height_px);
    intake_plan(&s->intake, options, COLOUR_RGB, 0, NULL, h->canvas_width_px, h->canvas_height_px);
    status = intake_begin_pixels(&s->intake, &source, sizeof *s + held_bytes, ret_error);
    if (status != CRUSH_OK)
        goto out;
    s->held = scratch_alloc(held_bytes + 1);
    if (!s->held) {
        status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
        goto out;
    }
    /* what an interlaced frame that is cut off leaves free in the middle of a row */
    memset(s->held, f->transparent >= 0 ? f->transparent : data[11], held_bytes);
    gif_frame_palette(f, rgba);
    intake_palette_make(&s->intake, rgba, &s->palette);
    gif_lzw_begin(&s->lzw, data, size_bytes, f->data_at);
    status = frame_read(s, ret_error);
    if (status == CRUSH_OK && whole && !s->pixels)
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: the first frame cannot be decoded");
    if (status == CRUSH_OK)
        status = intake_finish(&s->intake, 1, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = s->pixels < whole;
out:
    scratch_free(s->held);
    intake_end(&s->intake);
    scratch_free(s);
    return status;
}
