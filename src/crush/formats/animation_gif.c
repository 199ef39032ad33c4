/*
 * GIF for animation.c: frames as gif_walk.c tells them, pixels by gif_lzw.c, one row at a time. A canvas that is
 * smaller than its first frame grows to hold that, as browsers do it; later frames are cut. Rows that never came leave
 * what was there. Next: gif_walk.c, gif_lzw.c.
 */
#include <string.h>

#include "crush/formats/animation.h"
#include "crush/formats/gif_lzw.h"
#include "crush/formats/gif_walk.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum { DISPOSAL_CLEAR = 2, DISPOSAL_RESTORE = 3, DISPOSAL_RESTORE_TOO = 4, CENTISECOND_MS = 10, ROWS_PER_LOOK = 256 };

struct gif_state {
    struct gif_walk header; /* before the first frame */
    struct gif_lzw lzw;
    uint8_t palette[256 * 4];
    uint8_t *indices; /* one row */
};

static struct animation_frame frame_of(const struct gif_frame *f, size_t at)
{
    return (struct animation_frame){.left_px = f->left_px,
                                    .top_px = f->top_px,
                                    .width_px = f->width_px,
                                    .height_px = f->height_px,
                                    .duration_ms = f->delay_cs * CENTISECOND_MS,
                                    .disposal = f->disposal == DISPOSAL_CLEAR ? ANIMATION_CLEAR
                                                : f->disposal == DISPOSAL_RESTORE || f->disposal == DISPOSAL_RESTORE_TOO
                                                    ? ANIMATION_RESTORE
                                                    : ANIMATION_KEEP,
                                    .over = 1,
                                    .opaque = f->transparent < 0,
                                    .interlaced = (uint8_t)f->interlaced,
                                    .at = at};
}

crush_status animation_gif_begin(struct animation *a, crush_error *ret_error)
{
    struct gif_state *s = scratch_alloc_zeroed(sizeof *s);
    struct gif_frame f;
    uint32_t widest = 0;
    if (!s)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    a->state = s;
    if (!gif_walk_begin(a->data, a->size, &s->header))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no usable header");
    struct gif_walk walk = s->header;
    a->width_px = walk.width_px;
    a->height_px = walk.height_px;
    for (;;) {
        const size_t at = walk.at; /* where the words about the frame begin */
        const enum gif_step step = gif_walk_next(&walk, &f);
        a->truncated |= step == GIF_CUT;
        if (step != GIF_FRAME)
            break;
        const struct animation_frame frame = frame_of(&f, at);
        if (!a->count) {
            const uint32_t right = f.left_px + f.width_px, bottom = f.top_px + f.height_px;
            a->width_px = right > a->width_px ? right : a->width_px;
            a->height_px = bottom > a->height_px ? bottom : a->height_px;
            const crush_status status = check_size(a->limits, a->width_px, a->height_px, ret_error);
            if (status != CRUSH_OK)
                return status;
        }
        const crush_status status = animation_add(a, &frame, ret_error);
        if (status != CRUSH_OK)
            return status;
        widest = f.width_px > widest ? f.width_px : widest;
        gif_walk_skip(&walk);
    }
    a->plays = walk.plays;
    if (!a->count)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no frame");
    s->indices = scratch_alloc((size_t)widest + 1);
    return s->indices ? CRUSH_OK : crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
}

crush_status animation_gif_draw(struct animation *a, const struct animation_frame *frame, int *ret_drawn,
                                crush_error *ret_error)
{
    static const uint32_t first[5] = {0, 4, 2, 1, 0}, step[5] = {8, 8, 4, 2, 1};
    struct gif_state *s = a->state;
    struct gif_walk walk = s->header;
    struct gif_frame f;
    walk.at = frame->at;
    if (gif_walk_next(&walk, &f) != GIF_FRAME)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no frame"); /* cannot be: it was there before */
    gif_frame_palette(&f, s->palette);
    gif_lzw_begin(&s->lzw, a->data, a->size, f.data_at);
    const int last = f.interlaced ? 3 : 4;
    const uint32_t seen = a->height_px - f.top_px; /* rows below the canvas are decoded only where others follow */
    size_t pixels = 0;
    uint32_t rows = 0;
    for (int pass = f.interlaced ? 0 : 4; pass <= last; pass++)
        for (uint32_t y = first[pass]; y < f.height_px && (pass < last || y < seen); y += step[pass]) {
            const size_t got = gif_lzw_read(&s->lzw, s->indices, f.width_px);
            animation_put_indices(a, f.left_px, f.top_px + y, s->indices, s->palette, f.transparent, (uint32_t)got);
            pixels += got;
            if (got < f.width_px) {
                a->truncated = 1;
                *ret_drawn = pixels > 0;
                return CRUSH_OK;
            }
            const crush_status status = rows++ % ROWS_PER_LOOK ? CRUSH_OK : check_deadline(a->limits, ret_error);
            if (status != CRUSH_OK)
                return status;
        }
    *ret_drawn = pixels > 0;
    return CRUSH_OK;
}

void animation_gif_end(struct animation *a)
{
    struct gif_state *s = a->state;
    if (!s)
        return;
    scratch_free(s->indices);
    scratch_free(s);
}
