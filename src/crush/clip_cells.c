/*
 * See clip_cells.h. Frames come in through the intake as every picture does, so that background, profile and scaling
 * are the same; here they are only laid out. Before: clip.c. Next: formats/animation.c, pixels/intake.c.
 */
#include "crush/clip_cells.h"

#include <stdlib.h>
#include <string.h>

#include "crush/pixels/intake.h"
#include "crush/pixels/scale.h"
#include "crush/pixels/scratch.h"

crush_status clip_cell_take(const struct animation *a, const crush_open_options *options, uint64_t held_bytes,
                            crush_picture **ret_cell, crush_error *ret_error)
{
    const struct intake_plane source = intake_plane_whole(a->width_px, a->height_px);
    crush_open_options full = *options;
    struct intake intake;
    full.chroma = CRUSH_CHROMA_444;
    crush_picture *cell = calloc(1, sizeof *cell);
    uint8_t *lit = a->light ? scratch_alloc((size_t)a->width_px * 4) : NULL;
    if (!cell || (a->light && !lit)) {
        free(cell);
        scratch_free(lit);
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    intake_plan(&intake, &full, COLOUR_RGB, a->has_alpha, animation_colour(a), a->width_px, a->height_px);
    crush_status status = intake_begin_pixels(&intake, &source, held_bytes, ret_error);
    for (uint32_t y = 0; y < a->height_px && status == CRUSH_OK; y++) {
        const uint8_t *row = a->canvas + (size_t)y * a->width_px * 4;
        if (lit) {
            light_convert_bytes(a->light, row, 4, a->width_px, lit);
            row = lit;
        }
        intake_push_pixels(&intake, row, 4);
    }
    if (status == CRUSH_OK)
        status = intake_finish(&intake, a->orientation, cell, ret_error);
    intake_end(&intake);
    scratch_free(lit);
    if (status != CRUSH_OK) {
        crush_close(cell);
        return status;
    }
    *ret_cell = cell;
    return CRUSH_OK;
}

/* ---- Layout ---- */

/* One plane of a cell at its size, beginning at column left of *to; its edges fill the rest of width × height. */
static crush_status plane_lay(const struct plane *from, uint32_t width_px, uint32_t height_px, double extent_x,
                              double extent_y, uint32_t cell_width_px, uint32_t left_px, const struct plane *to)
{
    const struct scale_axis x = {from->width_px, width_px, extent_x, 1}, y = {from->height_px, height_px, extent_y, 1};
    struct plane scaled = {0};
    struct scale *scale = NULL;
    crush_status status = plane_alloc(&scaled, width_px, height_px);
    if (status == CRUSH_OK)
        status = scale_create(&x, &y, &scaled, &scale);
    for (uint32_t row = 0; row < from->height_px && status == CRUSH_OK; row++)
        scale_push_row(scale, from->px + row * from->stride_bytes);
    if (status == CRUSH_OK)
        scale_finish(scale, 128);
    for (uint32_t row = 0; row < to->height_px && status == CRUSH_OK; row++) {
        const uint8_t *in = scaled.px + (row < height_px ? row : height_px - 1) * scaled.stride_bytes;
        uint8_t *out = to->px + row * to->stride_bytes + left_px;
        memcpy(out, in, width_px);
        memset(out + width_px, in[width_px - 1], cell_width_px - width_px);
    }
    scale_destroy(scale);
    plane_free(&scaled);
    return status;
}

static crush_status cell_lay(const crush_picture *cell, uint32_t width_px, uint32_t height_px, uint32_t number,
                             crush_picture *strip)
{
    const uint32_t cell_width = clip_round_up(width_px);
    for (int c = 0; c < PLANE_COUNT; c++) {
        const struct plane *from = &cell->planes[c], *to = &strip->planes[c];
        const uint32_t part = c && !strip->chroma_444 ? 2 : 1;
        const uint32_t w = (width_px + part - 1) / part, h = (height_px + part - 1) / part;
        if (!to->px)
            continue;
        if (!from->px) { /* a gray frame among coloured ones */
            for (uint32_t y = 0; y < to->height_px; y++)
                memset(to->px + y * to->stride_bytes + number * cell_width / part, 128, cell_width / part);
            continue;
        }
        /* an odd side's last chroma sample lies half outside */
        const crush_status status = plane_lay(from, w, h, (double)from->width_px * part * w / width_px,
                                              (double)from->height_px * part * h / height_px, cell_width / part,
                                              number * cell_width / part, to);
        if (status != CRUSH_OK)
            return status;
    }
    return CRUSH_OK;
}

crush_status clip_strip_make(crush_picture *const *cells, uint32_t count, uint32_t width_px, uint32_t height_px,
                             int full_chroma, crush_picture **ret_strip)
{
    const uint32_t w = count * clip_round_up(width_px), h = clip_round_up(height_px);
    int coloured = 0;
    for (uint32_t i = 0; i < count; i++)
        coloured |= cells[i]->planes[PLANE_CB].px != NULL;
    crush_picture *strip = calloc(1, sizeof *strip);
    if (!strip)
        return CRUSH_ENOMEM;
    strip->info = cells[0]->info;
    strip->info.source_width_px = strip->info.width_px = w;
    strip->info.source_height_px = strip->info.height_px = h;
    strip->chroma_444 = full_chroma && coloured;
    crush_status status = plane_alloc(&strip->planes[PLANE_Y], w, h);
    const uint32_t part = full_chroma ? 1 : 2;
    for (int c = PLANE_CB; c < PLANE_COUNT && coloured && status == CRUSH_OK; c++)
        status = plane_alloc(&strip->planes[c], w / part, h / part);
    for (uint32_t i = 0; i < count && status == CRUSH_OK; i++)
        status = cell_lay(cells[i], width_px, height_px, i, strip);
    if (status != CRUSH_OK) {
        crush_close(strip);
        return status;
    }
    *ret_strip = strip;
    return CRUSH_OK;
}
