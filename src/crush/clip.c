/*
 * crush_clip: an animation as a flipbook, frames side by side in one JPEG. It decides which frames, how many and how
 * large; animation.c composes them, clip_cells.c lays them out, crush_encode finds the quality. It refuses what does
 * not move.
 *
 *     headers → frames evenly in time → how many? → how large? → encode
 *
 * Next: clip_choice.c, clip_cells.c, formats/animation.c.
 */
#include "crush/clip_cells.h"
#include "crush/clip_choice.h"
#include "crush/encode/solve.h"
#include "crush/pixels/check.h"
#include "crush/pixels/intake.h"

#include <math.h>
#include <stdlib.h>

enum {
    LEAST_MS = 20, /* of a frame: browsers take less for something else */
    MOST_MS = 1000,
    LEAST_SIDE_PX = 16,
    SIZE_TRIES = 4,
    FEW_FRAMES = 12,        /* of which all may be shown */
    FRAME_LEAST_BYTES = 750 /* with fewer for each, nothing is left of a photograph */
};

/* A cell's pixels are never more than the budget has at so few bits for each, so no frame is held larger. */
#define LEAST_BITS_PER_PX 0.1
/* More frames that bring less motion than this are not worth their bytes, even where there are enough. */
#define NOTICED_LEVELS 0.2f
/* With fewer it is not worth trying whether frames fit as they are. */
#define HOPELESS_BITS_PER_PX 0.05
/* Where the search for a size begins. */
#define FIRST_BITS_PER_PX 0.25
/* Cells shrink until the strip has this quality; see tools/benchmarks/README.md, "Clips". */
#define CELL_QUALITY 16
/* Bytes that are near enough to the budget. */
#define NEAR_LEAST 0.85
#define NEAR_MOST  1.05

/* Everything about one clip. */
struct clip {
    struct animation *animation;
    const crush_encode_options *encode;
    crush_open_options open;
    crush_picture *cells[CLIP_MOST]; /* of the instants */
    uint32_t instants;               /* that were looked at */
    struct clip_glance glances[CLIP_MOST];
    uint64_t total_ms;
    uint32_t frames; /* of the strip: a divisor of instants */
};

static crush_status options_check(const crush_open_options *open, uint32_t frames, crush_error *ret_error)
{
    if (open->max_side_px < 1 || open->max_side_px > 16384)
        return crush_fail(ret_error, CRUSH_EINVAL, "max_side_px is %u, not 1 to 16384", open->max_side_px);
    if (open->background_rgb > 0xFFFFFF)
        return crush_fail(ret_error, CRUSH_EINVAL, "background_rgb is %#x, more than 0xFFFFFF", open->background_rgb);
    if (frames && (frames < CRUSH_CLIP_LEAST_FRAMES || frames > CRUSH_CLIP_MOST_FRAMES))
        return crush_fail(ret_error, CRUSH_EINVAL, "frames is %u, not %d to %d", frames, CRUSH_CLIP_LEAST_FRAMES,
                          CRUSH_CLIP_MOST_FRAMES);
    return CRUSH_OK;
}

/* ---- Frames ---- */

/* The longest side that a frame may come to have, so that nothing larger is held. */
static uint32_t side_most(const struct clip *clip, uint32_t least_frames)
{
    const struct animation *a = clip->animation;
    uint32_t side = clip->open.max_side_px;
    if (clip->encode->max_side_px && clip->encode->max_side_px < side)
        side = clip->encode->max_side_px;
    if (clip->encode->budget_bytes) {
        const double px = (double)clip->encode->budget_bytes * 8 / LEAST_BITS_PER_PX / least_frames;
        const double w = a->width_px, h = a->height_px;
        const double longest = sqrt(px * (w > h ? w / h : h / w));
        side = longest < side ? (uint32_t)longest : side;
    }
    return side < LEAST_SIDE_PX ? LEAST_SIDE_PX : side;
}

/* Composes the frames that are on show at evenly spaced instants, the first at the very beginning. */
static crush_status instants_take(struct clip *clip, uint32_t count, crush_error *ret_error)
{
    struct animation *a = clip->animation;
    uint64_t end_ms = a->frames[0].duration_ms, held = (uint64_t)a->width_px * a->height_px * 8;
    uint32_t index = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t at_ms = i * clip->total_ms / count;
        while (at_ms >= end_ms && index + 1 < a->count)
            end_ms += a->frames[++index].duration_ms;
        crush_status status = animation_compose(a, index, ret_error);
        if (status == CRUSH_OK)
            status = clip_cell_take(a, &clip->open, held, &clip->cells[i], ret_error);
        if (status != CRUSH_OK)
            return status;
        clip->instants = i + 1;
        held += 3 * (uint64_t)clip->cells[i]->info.width_px * clip->cells[i]->info.height_px;
        clip_glance_take(clip->cells[i], &clip->glances[i]);
    }
    if (!a->drawn)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "no frame of the animation can be decoded");
    return CRUSH_OK;
}

/* Keeps so many of the instants. */
static void frames_keep(struct clip *clip, uint32_t frames)
{
    const uint32_t each = clip->instants / frames;
    for (uint32_t i = 0; i < clip->instants; i++) {
        crush_picture *cell = clip->cells[i];
        clip->cells[i] = NULL;
        if (i % each) {
            crush_close(cell);
        } else {
            clip->cells[i / each] = cell;
            clip->glances[i / each] = clip->glances[i];
        }
    }
    clip->instants = clip->frames = frames;
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

/* ---- Size ---- */

struct cell_size {
    uint32_t width_px, height_px;
};

/* In the animation's proportions. A width a little above whole blocks is cut down to those: a block costs bytes. */
static struct cell_size size_for_side(const struct clip *clip, double side)
{
    const crush_info *cell = &clip->cells[0]->info;
    const uint32_t w = cell->width_px, h = cell->height_px, longest = w > h ? w : h;
    const uint32_t widest = CRUSH_CLIP_MAX_SIDE_PX / clip->frames / CLIP_BLOCK_PX * CLIP_BLOCK_PX;
    double width = side * w / longest;
    width = width > w ? w : width > widest ? widest : width;
    width = width * h / w > CRUSH_CLIP_MAX_SIDE_PX ? (double)CRUSH_CLIP_MAX_SIDE_PX * w / h : width;
    struct cell_size size = {(uint32_t)(width + 0.5), 0};
    const uint32_t whole = size.width_px / CLIP_BLOCK_PX * CLIP_BLOCK_PX;
    if (size.width_px < w && whole >= 4 * CLIP_BLOCK_PX)
        size.width_px = whole;
    size.width_px = size.width_px ? size.width_px : 1;
    size.height_px = (uint32_t)(((uint64_t)size.width_px * h + w / 2) / w);
    size.height_px = size.height_px ? size.height_px : 1;
    return size;
}

/* About how many bytes a strip has at the quality that cells shall have. */
static crush_status bytes_guess(const crush_picture *strip, size_t *ret_bytes)
{
    struct solver solver;
    const crush_status status = solver_init(strip->planes, 0, &solver);
    if (status != CRUSH_OK)
        return status;
    *ret_bytes = solver_guess_bytes(&solver, step_of_quality(CELL_QUALITY));
    solver_free(&solver);
    return CRUSH_OK;
}

static crush_status strip_at(const struct clip *clip, struct cell_size size, crush_picture **ret_strip)
{
    return clip_strip_make(clip->cells, clip->frames, size.width_px, size.height_px,
                           clip->open.chroma == CRUSH_CHROMA_444, ret_strip);
}

/* 1 where so many of the instants fit the budget at the size and the quality that frames shall have. */
static crush_status all_fit(struct clip *clip, uint32_t frames, int *ret_fits)
{
    crush_picture *cells[CLIP_MOST], *strip = NULL;
    const crush_info *cell = &clip->cells[0]->info;
    const uint32_t each = clip->instants / frames,
                   longest = cell->width_px > cell->height_px ? cell->width_px : cell->height_px;
    const double bits = (double)clip->encode->budget_bytes * 8, px = (double)cell->width_px * cell->height_px * frames;
    size_t bytes = 0;
    clip->frames = frames;
    const struct cell_size size = size_for_side(clip, longest);
    *ret_fits = 0;
    if (size.width_px < cell->width_px || bits / px < HOPELESS_BITS_PER_PX)
        return CRUSH_OK;
    for (uint32_t i = 0; i < frames; i++)
        cells[i] = clip->cells[i * each];
    crush_status status = clip_strip_make(cells, frames, size.width_px, size.height_px, 0, &strip);
    if (status == CRUSH_OK)
        status = bytes_guess(strip, &bytes);
    crush_close(strip);
    *ret_fits = bytes <= clip->encode->budget_bytes;
    return status;
}

/*
 * How many frames: as many as fit as they are, and where bytes are scarce as many as clip_choice.c weighs them to be
 * worth.
 */
static crush_status count_choose(struct clip *clip, uint32_t *ret_frames)
{
    const size_t budget = clip->encode->budget_bytes;
    const uint32_t grid = clip->instants, most = budget ? (uint32_t)(budget / FRAME_LEAST_BYTES) : grid;
    const uint32_t weighed = budget ? clip_choose_count(clip->glances, grid, most) : grid;
    int fits = 0;
    crush_status status = CRUSH_OK;
    for (uint32_t frames = grid; frames > weighed && !fits && status == CRUSH_OK; frames--) {
        if (grid % frames ||
            clip_motion_lost(clip->glances, grid, weighed) - clip_motion_lost(clip->glances, grid, frames) <
                NOTICED_LEVELS)
            continue;
        status = all_fit(clip, frames, &fits);
        *ret_frames = frames;
    }
    if (!fits)
        *ret_frames = weighed;
    return status;
}

/* The strip whose cells are as large as the budget allows at their quality. */
static crush_status strip_find(const struct clip *clip, struct cell_size *ret_size, crush_picture **ret_strip)
{
    const crush_info *cell = &clip->cells[0]->info;
    const double w = cell->width_px, h = cell->height_px, longest = w > h ? w : h;
    const size_t budget = clip->encode->budget_bytes;
    double side = longest;
    crush_picture *strip = NULL;
    if (budget) {
        const double px = (double)budget * 8 / FIRST_BITS_PER_PX / clip->frames;
        side = fmin(longest, sqrt(px / (w * h)) * longest);
    }
    for (int i = 0; i < SIZE_TRIES; i++) {
        const struct cell_size size = size_for_side(clip, side);
        size_t bytes = 0;
        crush_close(strip);
        strip = NULL;
        crush_status status = strip_at(clip, size, &strip);
        if (status == CRUSH_OK && budget)
            status = bytes_guess(strip, &bytes);
        if (status != CRUSH_OK) {
            crush_close(strip);
            return status;
        }
        *ret_size = size;
        const double part = budget ? (double)bytes / (double)budget : 1;
        const int largest = size.width_px == size_for_side(clip, longest).width_px;
        if ((part >= NEAR_LEAST && part <= NEAR_MOST) || (part < NEAR_LEAST && largest) || side <= LEAST_SIDE_PX)
            break;
        const double next = fmax(LEAST_SIDE_PX, fmin(longest, side / pow(part, 0.65)));
        if (size_for_side(clip, next).width_px == size.width_px)
            break;
        side = next;
    }
    *ret_strip = strip;
    return CRUSH_OK;
}

/* ---- All of it ---- */

static crush_status strip_encode(const struct clip *clip, crush_strip *strip, crush_error *ret_error)
{
    crush_encode_options encode = *clip->encode;
    crush_picture *picture = NULL;
    struct cell_size size = {0};
    crush_status status = strip_find(clip, &size, &picture);
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
    clip->open.max_side_px = side_most(clip, frames ? frames : CRUSH_CLIP_LEAST_FRAMES);
    crush_status status = instants_take(clip, frames ? frames : grid_for(a), ret_error);
    if (status != CRUSH_OK)
        return status;
    if (!frames && count_choose(clip, &frames) != CRUSH_OK)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    frames_keep(clip, frames);
    status = strip_encode(clip, strip, ret_error);
    if (status != CRUSH_OK)
        return status;
    const uint64_t frame_ms = (clip->total_ms + clip->frames / 2) / clip->frames;
    strip->frames = clip->frames;
    strip->frame_ms = (uint32_t)(frame_ms < LEAST_MS ? LEAST_MS : frame_ms > MOST_MS ? MOST_MS : frame_ms);
    strip->source_frames = a->count;
    strip->plays = a->plays;
    strip->poster = clip_choose_poster(clip->glances, clip->frames);
    strip->flashes = clip_flashes(clip->glances, clip->frames, strip->frame_ms);
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
    struct clip *clip = calloc(1, sizeof *clip);
    if (!clip)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    clip->open = open ? *open : open_defaults;
    clip->encode = encode ? encode : &encode_defaults;
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
    for (uint32_t i = 0; i < CLIP_MOST; i++)
        crush_close(clip->cells[i]);
    animation_close(clip->animation);
    free(clip);
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
