/*
 * What is asked of a strip that is finished: crush_strip_frame, one frame as a picture, e.g. for a thumbnail, and
 * crush_strip_flashes. They refuse what cannot be the strip that it is said to be. Before: clip.c, which makes strips.
 * Next: clip_choice.c, open.c.
 */
#include "crush/clip_cells.h"
#include "crush/clip_choice.h"

#include <stdlib.h>
#include <string.h>

static crush_status plane_cut(struct plane *plane, uint32_t left_px, uint32_t width_px, uint32_t height_px)
{
    struct plane cut = {0};
    const crush_status status = plane_alloc(&cut, width_px, height_px);
    if (status != CRUSH_OK)
        return status;
    for (uint32_t y = 0; y < height_px; y++)
        memcpy(cut.px + y * cut.stride_bytes, plane->px + y * plane->stride_bytes + left_px, width_px);
    plane_free(plane);
    *plane = cut;
    return CRUSH_OK;
}

static int is_strip(const crush_info *info, const crush_strip *shape)
{
    return shape->frames >= CRUSH_CLIP_LEAST_FRAMES && shape->frames <= CRUSH_CLIP_MOST_FRAMES &&
           shape->frame_width_px && shape->frame_height_px && shape->frame_width_px <= CRUSH_CLIP_MAX_SIDE_PX &&
           shape->frame_height_px <= CRUSH_CLIP_MAX_SIDE_PX &&
           info->width_px == shape->frames * clip_round_up(shape->frame_width_px) &&
           info->height_px == clip_round_up(shape->frame_height_px);
}

static crush_status strip_check(const crush_picture *picture, const crush_strip *shape, crush_error *ret_error)
{
    if (picture->info.format == CRUSH_FORMAT_JPEG && is_strip(&picture->info, shape))
        return CRUSH_OK;
    return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "the picture is no strip of %u frames of %u x %u px",
                      shape->frames, shape->frame_width_px, shape->frame_height_px);
}

crush_status crush_strip_frame(const void *data, size_t size_bytes, const crush_open_options *open,
                               const crush_strip *shape, uint32_t frame, crush_picture **ret_picture,
                               crush_error *ret_error)
{
    crush_open_options options;
    crush_picture *picture = NULL;
    crush_open_options_init(&options);
    if (open)
        options = *open;
    options.max_side_px = CRUSH_CLIP_MAX_SIDE_PX;
    options.max_rewrite_bytes = 0;
    if (frame >= shape->frames)
        return crush_fail(ret_error, CRUSH_EINVAL, "frame is %u of %u", frame, shape->frames);
    crush_status status = crush_open(data, size_bytes, &options, &picture, ret_error);
    if (status != CRUSH_OK)
        return status;
    status = strip_check(picture, shape, ret_error);
    for (int c = 0; c < PLANE_COUNT && status == CRUSH_OK; c++) {
        const uint32_t part = c && !picture->chroma_444 ? 2 : 1;
        if (picture->planes[c].px)
            status = plane_cut(&picture->planes[c], frame * clip_round_up(shape->frame_width_px) / part,
                               (shape->frame_width_px + part - 1) / part, (shape->frame_height_px + part - 1) / part);
        if (status == CRUSH_ENOMEM)
            crush_fail(ret_error, status, "out of memory");
    }
    if (status != CRUSH_OK) {
        crush_close(picture);
        return status;
    }
    picture->source_fits = 0;
    picture->info.width_px = picture->info.source_width_px = shape->frame_width_px;
    picture->info.height_px = picture->info.source_height_px = shape->frame_height_px;
    *ret_picture = picture;
    return CRUSH_OK;
}

crush_status crush_strip_flashes(const crush_picture *picture, const crush_strip *shape, int *ret_flashes,
                                 crush_error *ret_error)
{
    if (shape->frame_ms < CRUSH_CLIP_LEAST_MS || shape->frame_ms > CRUSH_CLIP_MOST_MS)
        return crush_fail(ret_error, CRUSH_EINVAL, "frame_ms is %u, not %d to %d", shape->frame_ms, CRUSH_CLIP_LEAST_MS,
                          CRUSH_CLIP_MOST_MS);
    const crush_status status = strip_check(picture, shape, ret_error);
    if (status != CRUSH_OK)
        return status;
    struct clip_glance *glances = calloc(shape->frames, sizeof *glances);
    if (!glances)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    for (uint32_t i = 0; i < shape->frames; i++) {
        struct plane frame = picture->planes[PLANE_Y];
        frame.px += i * clip_round_up(shape->frame_width_px);
        frame.width_px = shape->frame_width_px;
        frame.height_px = shape->frame_height_px;
        clip_glance_of_plane(&frame, &glances[i]);
    }
    *ret_flashes = clip_flashes(glances, shape->frames, shape->frame_ms);
    free(glances);
    return CRUSH_OK;
}
