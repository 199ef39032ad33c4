/*
 * crush_clip: an animation as a flipbook, frames side by side in one JPEG. It decides which frames and how many;
 * animation.c composes them, clip_size.c finds out how large they may be, clip_cells.c lays them out, crush_encode
 * finds the quality. It refuses what does not move.
 *
 *     headers → instants evenly in time → glances → how many? → cells → how large? → encode
 *
 * Where their number has to be found, frames of large canvases are composed twice: that costs less than scaling those
 * that are not used. Next: clip_choice.c, clip_size.c, clip_cells.c, formats/animation.c.
 */
#include "crush/clip_cells.h"
#include "crush/clip_choice.h"
#include "crush/clip_size.h"
#include "crush/pixels/check.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/scratch.h"

#include <math.h>

enum {
    LEAST_SIDE_PX = 16,
    FULL_QUALITY = 45,      /* at which frames of the full size are not worth giving up for better ones */
    KEEP_PX = 200000,       /* canvases up to this size cost less to scale than to compose again */
    FEW_FRAMES = 12,        /* of which all may be shown */
    FRAME_LEAST_BYTES = 750 /* with fewer for each, nothing is left of a photograph */
};

/* A cell's pixels are never more than its part of the budget has at so few bits for each, so no frame is held larger.
 */
#define LEAST_BITS_PER_PX 0.1
/* More frames that bring less motion than this are not worth their bytes, even where there are enough. */
#define NOTICED_LEVELS 0.2f
/* With fewer it is not worth trying whether frames fit at their full size. */
#define HOPELESS_BITS_PER_PX 0.05

/* Everything about one clip. */
struct clip {
    struct animation *animation;
    const crush_encode_options *encode;
    crush_open_options open;
    uint32_t side_px; /* of a frame, at most */
    uint64_t total_ms;
    uint32_t instants; /* at which it is looked at */
    struct clip_glance glances[CLIP_MOST];
    uint32_t frames; /* of the strip, or all instants: those that have cells */
    crush_picture *cells[CLIP_MOST];
    uint32_t side_of_cells_px; /* at most */
    uint64_t held_bytes;
};

static crush_status options_check(const crush_open_options *open, uint32_t frames, crush_error *ret_error)
{
    if (frames && (frames < CRUSH_CLIP_LEAST_FRAMES || frames > CRUSH_CLIP_MOST_FRAMES))
        return crush_fail(ret_error, CRUSH_EINVAL, "frames is %u, not %d to %d", frames, CRUSH_CLIP_LEAST_FRAMES,
                          CRUSH_CLIP_MOST_FRAMES);
    return check_open_options(open, ret_error);
}

/* ---- Frames ---- */

/* The frame that is on show at instant i of count, the first at the very beginning; i grows from call to call. */
struct clock {
    uint32_t index;
    uint64_t end_ms; /* of that frame */
};

static uint32_t clock_set(struct clock *clock, const struct clip *clip, uint32_t i, uint32_t count)
{
    const struct animation *a = clip->animation;
    const uint64_t at_ms = i * clip->total_ms / count;
    if (!i)
        *clock = (struct clock){0, a->frames[0].duration_ms};
    while (at_ms >= clock->end_ms && clock->index + 1 < a->count)
        clock->end_ms += a->frames[++clock->index].duration_ms;
    return clock->index;
}

/*
 * How many instants to look at: those of the frames themselves, where all are shown as long and some number of them
 * fits, else so many that they can be divided in many ways.
 */
static uint32_t grid_for(const struct animation *a)
{
    uint32_t grid = a->count;
    for (uint32_t i = 1; i < a->count; i++)
        if (a->frames[i].duration_ms != a->frames[0].duration_ms)
            return CLIP_MOST;
    while (grid < CRUSH_CLIP_LEAST_FRAMES)
        grid += a->count;
    if (grid <= FEW_FRAMES)
        return grid;
    for (uint32_t count = CRUSH_CLIP_LEAST_FRAMES; grid <= CLIP_MOST && count < grid; count++)
        if (grid % count == 0)
            return grid;
    return CLIP_MOST;
}

static void cells_close(struct clip *clip)
{
    for (uint32_t i = 0; i < clip->frames; i++) {
        if (i + 1 == clip->frames || clip->cells[i + 1] != clip->cells[i]) /* a frame that is on show for long */
            crush_close(clip->cells[i]);
        clip->cells[i] = NULL;
    }
    clip->frames = 0;
}

/* Adds what is on the canvas; again: it is what the last cell is. */
static crush_status cell_add(struct clip *clip, int again, uint32_t side_px, crush_error *ret_error)
{
    const struct animation *a = clip->animation;
    const uint32_t i = clip->frames;
    crush_open_options open = clip->open;
    crush_status status = CRUSH_OK;
    open.max_side_px = side_px;
    if (!i)
        clip->held_bytes = (uint64_t)a->width_px * a->height_px * 8;
    if (i && again)
        clip->cells[i] = clip->cells[i - 1];
    else
        status = clip_cell_take(a, &open, clip->held_bytes, &clip->cells[i], ret_error);
    if (status != CRUSH_OK)
        return status;
    if (!i || !again)
        clip->held_bytes += 3 * (uint64_t)clip->cells[i]->info.width_px * clip->cells[i]->info.height_px;
    clip->frames++;
    return CRUSH_OK;
}

/* What so many instants look like, roughly, and with a side also as cells. */
static crush_status instants_take(struct clip *clip, uint32_t count, uint32_t side_px, crush_error *ret_error)
{
    struct clock clock = {0};
    uint32_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t index = clock_set(&clock, clip, i, count);
        crush_status status = animation_compose(clip->animation, index, ret_error);
        if (status == CRUSH_OK && side_px)
            status = cell_add(clip, index == before, side_px, ret_error);
        if (status != CRUSH_OK)
            return status;
        clip_glance_take(clip->animation, clip->open.background_rgb, &clip->glances[i]);
        before = index;
    }
    clip->instants = count;
    if (!clip->animation->drawn)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "no frame of the animation can be decoded");
    return CRUSH_OK;
}

/* So many frames as pictures of a longest side, if they are not there already: of all instants then some are dropped.
 */
static crush_status cells_take(struct clip *clip, uint32_t frames, uint32_t side_px, crush_error *ret_error)
{
    struct clock clock = {0};
    uint32_t before = 0;
    if (clip->frames && clip->frames % frames == 0 && clip->side_of_cells_px >= side_px) {
        const uint32_t each = clip->frames / frames;
        for (uint32_t i = 0, run = 0; i < clip->frames; i++) {
            if (i + 1 < clip->frames && clip->cells[i + 1] == clip->cells[i])
                continue;
            if ((run + each - 1) / each * each > i) /* none of this frame's instants is used */
                crush_close(clip->cells[i]);
            run = i + 1;
        }
        for (uint32_t i = 0; i < frames; i++)
            clip->cells[i] = clip->cells[i * each];
        clip->frames = frames;
        return CRUSH_OK;
    }
    cells_close(clip);
    clip->side_of_cells_px = side_px;
    for (uint32_t i = 0; i < frames; i++) {
        const uint32_t index = clock_set(&clock, clip, i, frames);
        crush_status status = animation_compose(clip->animation, index, ret_error);
        if (status == CRUSH_OK)
            status = cell_add(clip, index == before, side_px, ret_error);
        if (status != CRUSH_OK)
            return status;
        before = index;
    }
    return CRUSH_OK;
}

/* The longest side that so many frames may come to have in the budget, so that nothing larger is held. */
static uint32_t side_most(const struct clip *clip, uint32_t frames)
{
    const double w = clip->animation->width_px, h = clip->animation->height_px;
    if (!clip->encode->budget_bytes)
        return clip->side_px;
    const double px = (double)clip->encode->budget_bytes * 8 / LEAST_BITS_PER_PX / frames;
    const double longest = fmax(LEAST_SIDE_PX, sqrt(px * (w > h ? w / h : h / w)));
    return longest < clip->side_px ? (uint32_t)longest : clip->side_px;
}

/* ---- How many ---- */

static int brings_motion(const struct clip *clip, uint32_t fewer, uint32_t more)
{
    return clip->instants % more == 0 && clip_motion_lost(clip->glances, clip->instants, fewer) -
                                                 clip_motion_lost(clip->glances, clip->instants, more) >=
                                             NOTICED_LEVELS;
}

/* 1 where it is not in vain to try so many frames at their full size. */
static int may_fit(const struct clip *clip, uint32_t frames)
{
    const struct animation *a = clip->animation;
    uint32_t w, h;
    intake_size(clip->side_px, a->width_px, a->height_px, &w, &h);
    return (uint64_t)frames * clip_round_up(w) <= CRUSH_CLIP_MAX_SIDE_PX && h <= CRUSH_CLIP_MAX_SIDE_PX &&
           (double)clip->encode->budget_bytes * 8 >= HOPELESS_BITS_PER_PX * frames * w * h;
}

/* About how many bytes so many frames have at their full size. */
static crush_status full_bytes(struct clip *clip, uint32_t frames, size_t *ret_bytes, crush_error *ret_error)
{
    crush_picture *strip = NULL, *cells[CLIP_MOST];
    crush_status status = CRUSH_OK;
    if (!clip->frames || clip->frames % frames)
        status = cells_take(clip, frames, clip->side_px, ret_error);
    if (status != CRUSH_OK)
        return status;
    for (uint32_t i = 0; i < frames; i++)
        cells[i] = clip->cells[i * (clip->frames / frames)];
    const crush_info *cell = &cells[0]->info;
    status = clip_strip_make(cells, frames, cell->width_px, cell->height_px, 0, &strip);
    if (status == CRUSH_OK)
        status = clip_size_bytes(strip, FULL_QUALITY, ret_bytes);
    crush_close(strip);
    return status == CRUSH_OK ? CRUSH_OK : crush_fail(ret_error, status, "out of memory");
}

/* As many as fit at their full size; where bytes are scarce, as many as clip_choice.c weighs them to be worth. */
static crush_status count_choose(struct clip *clip, uint32_t *ret_frames, crush_error *ret_error)
{
    const size_t budget = clip->encode->budget_bytes;
    const uint32_t grid = clip->instants;
    const uint32_t weighed =
        budget ? clip_choose_count(clip->glances, grid, (uint32_t)(budget / FRAME_LEAST_BYTES)) : grid;
    uint32_t frames = grid, tried;
    size_t bytes = 0;
    while (frames > weighed && !(brings_motion(clip, weighed, frames) && may_fit(clip, frames)))
        frames--;
    tried = frames;
    if (frames > weighed) {
        const crush_status status = full_bytes(clip, frames, &bytes, ret_error);
        if (status != CRUSH_OK)
            return status;
    }
    while (frames > weighed && (bytes * frames / tried > budget || !brings_motion(clip, weighed, frames)))
        frames--;
    *ret_frames = frames;
    return CRUSH_OK;
}

/* ---- All of it ---- */

static crush_status strip_encode(const struct clip *clip, crush_strip *strip, crush_error *ret_error)
{
    crush_encode_options encode = *clip->encode;
    crush_picture *picture = NULL;
    struct clip_size size = {0};
    crush_status status = clip_size_find(clip->cells, clip->frames, clip->open.chroma == CRUSH_CHROMA_444,
                                         encode.budget_bytes, &size, &picture);
    if (status != CRUSH_OK)
        return crush_fail(ret_error, status, "out of memory");
    encode.max_side_px = 0;
    encode.shrink = CRUSH_SHRINK_NEVER;
    encode.allow_rewrite = 0;
    picture->info.source_bytes = clip->animation->size;
    status = crush_encode(picture, &encode, &strip->jpeg, ret_error);
    crush_close(picture);
    strip->frame_width_px = size.width_px;
    strip->frame_height_px = size.height_px;
    return status;
}

static crush_status clip_make(struct clip *clip, uint32_t frames, crush_strip *strip, crush_error *ret_error)
{
    const struct animation *a = clip->animation;
    for (uint32_t i = 0; i < a->count; i++)
        clip->total_ms += a->frames[i].duration_ms;
    /* where the number is known they are taken at once */
    const int keep = frames || (uint64_t)a->width_px * a->height_px <= KEEP_PX;
    clip->side_of_cells_px = frames ? side_most(clip, frames) : clip->side_px;
    crush_status status =
        instants_take(clip, frames ? frames : grid_for(a), keep ? clip->side_of_cells_px : 0, ret_error);
    if (status == CRUSH_OK && !frames)
        status = count_choose(clip, &frames, ret_error);
    if (status == CRUSH_OK)
        status = cells_take(clip, frames, side_most(clip, frames), ret_error);
    if (status == CRUSH_OK)
        status = strip_encode(clip, strip, ret_error);
    if (status != CRUSH_OK)
        return status;
    const uint32_t each = clip->instants / frames;
    for (uint32_t i = 0; i < frames; i++)
        clip->glances[i] = clip->glances[i * each];
    const uint64_t frame_ms = (clip->total_ms + frames / 2) / frames;
    strip->frames = frames;
    strip->frame_ms = (uint32_t)(frame_ms < CRUSH_CLIP_LEAST_MS  ? CRUSH_CLIP_LEAST_MS
                                 : frame_ms > CRUSH_CLIP_MOST_MS ? CRUSH_CLIP_MOST_MS
                                                                 : frame_ms);
    strip->source_frames = a->count;
    strip->plays = a->plays;
    strip->poster = clip_choose_poster(clip->glances, frames);
    strip->flashes = clip_flashes(clip->glances, frames, strip->frame_ms);
    strip->truncated = a->truncated;
    return CRUSH_OK;
}

crush_status crush_clip(const void *data, size_t size_bytes, const crush_open_options *open,
                        const crush_encode_options *encode, uint32_t frames, crush_strip *ret_strip,
                        crush_error *ret_error)
{
    crush_open_options open_defaults;
    crush_encode_options encode_defaults;
    crush_open_options_init(&open_defaults);
    crush_encode_options_init(&encode_defaults);
    struct clip *clip = scratch_alloc_zeroed(sizeof *clip);
    if (!clip)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    clip->open = open ? *open : open_defaults;
    clip->encode = encode ? encode : &encode_defaults;
    clip->side_px = clip->open.max_side_px;
    if (clip->encode->max_side_px && clip->encode->max_side_px < clip->side_px)
        clip->side_px = clip->encode->max_side_px;
    const crush_limits limits = clip->open.limits;
    crush_strip strip = {0};
    crush_status status = options_check(&clip->open, frames, ret_error);
    if (status == CRUSH_OK)
        status = check_input(&limits, size_bytes, ret_error);
    if (status == CRUSH_OK)
        status = animation_open(data, size_bytes, &limits, &clip->animation, ret_error);
    if (status == CRUSH_OK && clip->animation->count < 2)
        status = crush_fail(ret_error, CRUSH_EUNSUPPORTED, "the picture does not move: it is no clip");
    if (status == CRUSH_OK)
        status = clip_make(clip, frames, &strip, ret_error);
    cells_close(clip);
    animation_close(clip->animation);
    scratch_free(clip);
    if (status == CRUSH_OK)
        *ret_strip = strip;
    return status;
}

void crush_strip_clear(crush_strip *strip)
{
    if (!strip)
        return;
    crush_result_clear(&strip->jpeg);
    *strip = (crush_strip){0};
}
