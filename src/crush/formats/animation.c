/*
 * The canvas: see animation.h. What is laid over what, and what is left of it, as browsers do it: a canvas begins
 * transparent whatever background a file names; what is cleared becomes transparent; a first frame that shall be put
 * back leaves nothing. It refuses what breaks a limit before pixels are decoded, and decodes none itself. Before:
 * clip.c. Next: animation_gif.c, animation_webp.c, animation_png.c.
 */
#include "crush/formats/animation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum {
    SHORT_MS = 10, /* up to here browsers take 100, since authors meant "as fast as it goes" */
    SHORT_SHOWN_MS = 100,
    ROOM_FIRST = 64,
    LOOK_PX = 8
};

/* Of all frames together, whatever the caller's limits: a minute of Full HD at 30 a second. */
#define FRAMES_MOST_PX 4000000000U

struct format {
    crush_status (*begin)(struct animation *, crush_error *);
    crush_status (*draw)(struct animation *, const struct animation_frame *, int *, crush_error *);
    void (*end)(struct animation *);
};

static const struct format *format_of(crush_format format)
{
    static const struct format gif = {animation_gif_begin, animation_gif_draw, animation_gif_end},
                               webp = {animation_webp_begin, animation_webp_draw, animation_webp_end},
                               png = {animation_png_begin, animation_png_draw, animation_png_end};
    return format == CRUSH_FORMAT_GIF    ? &gif
           : format == CRUSH_FORMAT_WEBP ? &webp
           : format == CRUSH_FORMAT_PNG  ? &png
                                         : NULL;
}

/* ---- Frames ---- */

crush_status animation_add(struct animation *a, const struct animation_frame *frame, crush_error *ret_error)
{
    if (a->limits->max_frames && a->count >= a->limits->max_frames)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_FRAMES, 0,
                                a->limits->max_frames == 1 ? "the animation has more than %u frame"
                                                           : N_("the animation has more than %u frames"),
                                a->limits->max_frames);
    if (a->count == a->room) {
        const uint32_t room = a->room ? 2 * a->room : ROOM_FIRST;
        struct animation_frame *frames = realloc(a->frames, room * sizeof *frames);
        if (!frames)
            return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
        a->frames = frames;
        a->room = room;
    }
    a->frames[a->count] = *frame;
    if (frame->duration_ms <= SHORT_MS)
        a->frames[a->count].duration_ms = SHORT_SHOWN_MS;
    a->count++;
    return a->count % 256 ? CRUSH_OK : check_deadline(a->limits, ret_error);
}

/* The part of a frame that lies on the canvas; 0: none. */
static int visible(const struct animation *a, const struct animation_frame *f, uint32_t *ret_width,
                   uint32_t *ret_height)
{
    if (f->left_px >= a->width_px || f->top_px >= a->height_px || !f->width_px || !f->height_px)
        return 0;
    const uint32_t w = a->width_px - f->left_px, h = a->height_px - f->top_px;
    *ret_width = f->width_px < w ? f->width_px : w;
    *ret_height = f->height_px < h ? f->height_px : h;
    return 1;
}

static int covers(const struct animation *a, const struct animation_frame *f)
{
    return !f->left_px && !f->top_px && f->width_px >= a->width_px && f->height_px >= a->height_px;
}

/* What decoding a frame costs. */
static uint64_t decoded_px(const struct animation *a, const struct animation_frame *f)
{
    uint32_t w, h;
    return visible(a, f, &w, &h) ? (uint64_t)f->width_px * (f->interlaced ? f->height_px : h) : 0;
}

/* 1 where a frame looks the same whatever came before it. In a damaged file it may turn out not to come. */
static int stands_alone(const struct animation *a, uint32_t i)
{
    const struct animation_frame *f = &a->frames[i];
    if (i == 0 || a->truncated)
        return i == 0;
    if (covers(a, f) && (f->opaque || !f->over) && f->disposal != ANIMATION_RESTORE)
        return 1;
    return a->frames[i - 1].disposal == ANIMATION_CLEAR && covers(a, &a->frames[i - 1]);
}

/* ---- The canvas ---- */

static uint8_t *pixel_at(const struct animation *a, uint32_t x, uint32_t y)
{
    return a->canvas + ((size_t)y * a->width_px + x) * 4;
}

/* Between the canvas and `saved`, row by row. */
static void rect_copy(const struct animation *a, const struct animation_frame *f, int to_saved)
{
    uint32_t w, h;
    if (!visible(a, f, &w, &h))
        return;
    for (uint32_t y = 0; y < h; y++) {
        uint8_t *row = pixel_at(a, f->left_px, f->top_px + y), *saved = a->saved + (size_t)y * w * 4;
        memcpy(to_saved ? saved : row, to_saved ? row : saved, (size_t)w * 4);
    }
}

static void rect_clear(const struct animation *a, const struct animation_frame *f)
{
    uint32_t w, h;
    if (!visible(a, f, &w, &h))
        return;
    for (uint32_t y = 0; y < h; y++)
        memset(pixel_at(a, f->left_px, f->top_px + y), 0, (size_t)w * 4);
}

static void dispose(const struct animation *a, uint32_t i)
{
    const struct animation_frame *f = &a->frames[i];
    if (f->disposal == ANIMATION_CLEAR || (f->disposal == ANIMATION_RESTORE && i == 0))
        rect_clear(a, f);
    else if (f->disposal == ANIMATION_RESTORE)
        rect_copy(a, f, 0);
}

/* One pixel over another; neither is multiplied by its opacity. */
static void pixel_over(uint8_t *under, const uint8_t *over)
{
    const uint32_t alpha = over[3], left = under[3] * (255 - alpha) / 255, sum = alpha + left;
    if (alpha == 255 || !left) {
        memcpy(under, over, 4);
        return;
    }
    for (int c = 0; c < 3; c++)
        under[c] = (uint8_t)((over[c] * alpha + under[c] * left + sum / 2) / sum);
    under[3] = (uint8_t)sum;
}

void animation_put(struct animation *a, const struct animation_frame *frame, uint32_t x, uint32_t y,
                   const uint8_t *rgba, uint32_t count)
{
    if (y >= a->height_px || x >= a->width_px)
        return;
    if (count > a->width_px - x)
        count = a->width_px - x;
    uint8_t *to = pixel_at(a, x, y);
    if (!frame->over || frame->opaque) {
        memcpy(to, rgba, (size_t)count * 4);
        return;
    }
    for (uint32_t i = 0; i < count; i++, to += 4, rgba += 4)
        if (rgba[3] == 255)
            memcpy(to, rgba, 4);
        else if (rgba[3])
            pixel_over(to, rgba);
}

void animation_put_indices(struct animation *a, uint32_t x, uint32_t y, const uint8_t *indices,
                           const uint8_t palette[256 * 4], int transparent, uint32_t count)
{
    if (y >= a->height_px || x >= a->width_px)
        return;
    if (count > a->width_px - x)
        count = a->width_px - x;
    uint8_t *to = pixel_at(a, x, y), nothing[LOOK_PX];
    memset(nothing, transparent, sizeof nothing);
    for (uint32_t i = 0; i < count;) {
        const uint32_t end = count - i < LOOK_PX ? count : i + LOOK_PX;
        /* most of what a frame does not change comes in long runs */
        if (transparent >= 0 && end - i == LOOK_PX && memcmp(indices + i, nothing, LOOK_PX) == 0)
            i = end;
        for (; i < end; i++)
            if (indices[i] != transparent)
                memcpy(to + 4 * (size_t)i, palette + 4 * (size_t)indices[i], 4);
    }
}

static void start_at(struct animation *a, uint32_t index)
{
    memset(a->canvas, 0, (size_t)a->width_px * a->height_px * 4);
    a->next = index;
    a->fresh = 1;
}

/* wanted: it is looked at. Of one that is not and is put back, nothing is left. */
static crush_status draw_next(struct animation *a, int wanted, crush_error *ret_error)
{
    const struct animation_frame *f = &a->frames[a->next];
    uint32_t w, h;
    int drawn = 0;
    if (a->next && !a->fresh)
        dispose(a, a->next - 1);
    a->fresh = !visible(a, f, &w, &h) || (f->disposal == ANIMATION_RESTORE && !wanted);
    crush_status status = check_deadline(a->limits, ret_error);
    if (status == CRUSH_OK && !a->fresh) {
        if (f->disposal == ANIMATION_RESTORE && a->next)
            rect_copy(a, f, 1);
        status = format_of(a->format)->draw(a, f, &drawn, ret_error);
        a->drawn += (uint32_t)drawn;
        a->truncated |= !drawn;
        a->has_alpha |= a->truncated; /* where rows never came */
    }
    if (status != CRUSH_OK)
        return status;
    a->next++;
    return CRUSH_OK;
}

crush_status animation_compose(struct animation *a, uint32_t index, crush_error *ret_error)
{
    if (index + 1 == a->next)
        return CRUSH_OK;
    uint32_t from = index;
    while (from != a->next && !stands_alone(a, from))
        from--;
    if (from != a->next)
        start_at(a, from);
    while (a->next <= index) {
        const int was_whole = !a->truncated;
        const crush_status status = draw_next(a, a->next == index, ret_error);
        if (status != CRUSH_OK)
            return status;
        if (was_whole && a->truncated) /* once: it may have stood alone, and shows what was there after all */
            start_at(a, 0);
    }
    return CRUSH_OK;
}

/* ---- Opening ---- */

/* Canvas and what is put back, once all frames are known. */
static crush_status memory_take(struct animation *a, crush_error *ret_error)
{
    size_t saved = 0, frame_px = 0;
    uint64_t all_px = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct animation_frame *f = &a->frames[i];
        uint32_t w, h;
        const size_t whole = (size_t)f->width_px * f->height_px;
        /* of a GIF only a row is held */
        frame_px = whole > frame_px && a->format != CRUSH_FORMAT_GIF ? whole : frame_px;
        if (f->disposal == ANIMATION_RESTORE && visible(a, f, &w, &h) && (size_t)w * h * 4 > saved)
            saved = (size_t)w * h * 4;
        all_px += decoded_px(a, f);
        a->has_alpha |= i == 0 && (!f->opaque || !covers(a, f) || f->disposal == ANIMATION_RESTORE);
        a->has_alpha |= f->disposal == ANIMATION_CLEAR || (!f->over && !f->opaque);
    }
    if (all_px > FRAMES_MOST_PX)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_PIXELS, all_px,
                                "the frames of the animation have %" PRIu64 " pixels altogether, more than %u", all_px,
                                FRAMES_MOST_PX);
    const size_t canvas = (size_t)a->width_px * a->height_px * 4;
    /* a frame is held once where it is interlaced or WebP, and libwebp itself may hold it again */
    const crush_status status =
        check_memory(a->limits, canvas + saved + 8 * (uint64_t)frame_px + a->room * sizeof *a->frames, ret_error);
    if (status != CRUSH_OK)
        return status;
    a->canvas = scratch_alloc_zeroed(canvas);
    a->saved = scratch_alloc(saved + 1);
    return a->canvas && a->saved ? CRUSH_OK : crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
}

crush_status animation_open(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                            struct animation **ret_animation, crush_error *ret_error)
{
    const crush_format format = crush_sniff(data, size_bytes);
    if (!format_of(format))
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "only GIF, WebP and PNG are read as animations");
    struct animation *a = scratch_alloc_zeroed(sizeof *a);
    if (!a)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    a->data = data;
    a->size = size_bytes;
    a->limits = limits;
    a->format = format;
    a->plays = 1;
    a->orientation = 1;
    crush_status status = format_of(format)->begin(a, ret_error);
    if (status == CRUSH_OK && a->count)
        status = memory_take(a, ret_error);
    if (status != CRUSH_OK) {
        animation_close(a);
        return status;
    }
    *ret_animation = a;
    return CRUSH_OK;
}

uint32_t animation_count(const uint8_t *data, size_t size_bytes, const crush_limits *limits)
{
    struct animation a = {.data = data, .size = size_bytes, .limits = limits, .format = crush_sniff(data, size_bytes)};
    const struct format *format = format_of(a.format);
    if (!format)
        return 1;
    (void)format->begin(&a, NULL); /* what is wrong with it is told by who uses its frames */
    format->end(&a);
    free(a.frames);
    return a.count ? a.count : 1;
}

struct colour *animation_colour(const struct animation *a)
{
    if (a->profile)
        return colour_open_icc(a->profile, a->profile_bytes, COLOUR_RGB);
    return a->has_gamma ? colour_open_gamma(a->gamma, a->has_primaries ? a->primaries : NULL, COLOUR_RGB) : NULL;
}

void animation_close(struct animation *a)
{
    if (!a)
        return;
    format_of(a->format)->end(a);
    light_close(a->light);
    free(a->own_profile);
    free(a->frames);
    scratch_free(a->canvas);
    scratch_free(a->saved);
    scratch_free(a);
}
