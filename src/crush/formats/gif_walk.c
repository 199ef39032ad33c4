/*
 * See gif_walk.h. It knows what the words of a header mean and nothing of pixels or canvases. Next: decode_gif.c for
 * the first frame, animation_gif.c for all of them.
 */
#include "crush/formats/gif_walk.h"

#include <string.h>

#include "crush/pixels/bytes.h"

enum { SCREEN_BYTES = 13, FRAME_BYTES = 10, CONTROL_BYTES = 4, EXTENSION = 0x21, FRAME = 0x2C, TRAILER = 0x3B };
enum { HAS_PALETTE = 0x80, IS_INTERLACED = 0x40, PALETTE_BITS = 7, HAS_TRANSPARENT = 1 };
enum { IS_CONTROL = 0xF9, IS_APPLICATION = 0xFF, APPLICATION_BYTES = 11, LOOPS_BYTES = 3 };

/* The palette that flags announce at *at; moves *at behind it. 0: it is cut off. */
static int palette_find(const struct gif_walk *walk, uint8_t flags, size_t *at, const uint8_t **palette,
                        uint32_t *palette_count)
{
    if (!(flags & HAS_PALETTE))
        return 1;
    const uint32_t count = 2U << (flags & PALETTE_BITS);
    if (walk->size - *at < 3 * (size_t)count)
        return 0;
    *palette = walk->data + *at;
    *palette_count = count;
    *at += 3 * (size_t)count;
    return 1;
}

/* Behind the blocks that begin at `at`; the size of the data where their end is missing. */
static size_t blocks_skip(const struct gif_walk *walk, size_t at)
{
    for (; at < walk->size; at += 1 + (size_t)walk->data[at])
        if (!walk->data[at])
            return at + 1;
    return walk->size;
}

/* An extension, whose label is at `at`; returns what is behind it. */
static size_t extension_read(struct gif_walk *walk, size_t at, struct gif_frame *frame)
{
    const uint8_t *data = walk->data;
    if (walk->size - at < 2)
        return walk->size;
    const size_t left = walk->size - at - 2;
    const uint8_t *body = data + at + 2;
    if (data[at] == IS_CONTROL && data[at + 1] >= CONTROL_BYTES && left >= CONTROL_BYTES) {
        frame->transparent = body[0] & HAS_TRANSPARENT ? body[3] : -1;
        frame->disposal = body[0] >> 2 & 7;
        frame->delay_cs = bytes_little_16(body + 1);
    }
    if (data[at] == IS_APPLICATION && data[at + 1] == APPLICATION_BYTES && left > APPLICATION_BYTES + LOOPS_BYTES &&
        (memcmp(body, "NETSCAPE2.0", APPLICATION_BYTES) == 0 || memcmp(body, "ANIMEXTS1.0", APPLICATION_BYTES) == 0)) {
        const uint8_t *loops = body + APPLICATION_BYTES;
        if (loops[0] == LOOPS_BYTES && loops[1] == 1)
            walk->plays = bytes_little_16(loops + 2) ? bytes_little_16(loops + 2) + 1 : 0;
    }
    return blocks_skip(walk, at + 1);
}

int gif_walk_begin(const uint8_t *data, size_t size, struct gif_walk *ret_walk)
{
    struct gif_walk walk = {.data = data, .size = size, .at = SCREEN_BYTES, .plays = 1};
    if (size < SCREEN_BYTES || !palette_find(&walk, data[10], &walk.at, &walk.palette, &walk.palette_count))
        return 0;
    walk.width_px = bytes_little_16(data + 6);
    walk.height_px = bytes_little_16(data + 8);
    *ret_walk = walk;
    return 1;
}

enum gif_step gif_walk_next(struct gif_walk *walk, struct gif_frame *ret_frame)
{
    struct gif_frame f = {.transparent = -1, .palette = walk->palette, .palette_count = walk->palette_count};
    const uint8_t *data = walk->data;
    while (walk->at < walk->size && data[walk->at] != FRAME) {
        if (data[walk->at] == TRAILER)
            walk->at = walk->size;
        else if (data[walk->at] == EXTENSION)
            walk->at = extension_read(walk, walk->at + 1, &f);
        else
            walk->at++;
    }
    if (walk->at >= walk->size)
        return GIF_END;
    const uint8_t *frame = data + walk->at;
    size_t at = walk->at + FRAME_BYTES;
    if (walk->size - walk->at < FRAME_BYTES || !palette_find(walk, frame[9], &at, &f.palette, &f.palette_count)) {
        walk->at = walk->size;
        return GIF_CUT;
    }
    f.left_px = bytes_little_16(frame + 1);
    f.top_px = bytes_little_16(frame + 3);
    f.width_px = bytes_little_16(frame + 5);
    f.height_px = bytes_little_16(frame + 7);
    f.interlaced = (frame[9] & IS_INTERLACED) != 0;
    f.data_at = walk->at = at;
    *ret_frame = f;
    return GIF_FRAME;
}

void gif_walk_skip(struct gif_walk *walk)
{
    walk->at = walk->at < walk->size ? blocks_skip(walk, walk->at + 1) : walk->size;
}

void gif_frame_palette(const struct gif_frame *f, uint8_t ret_rgba[256 * 4])
{
    for (uint32_t i = 0; i < 256; i++) {
        for (uint32_t c = 0; c < 3; c++)
            ret_rgba[4 * i + c] = (uint8_t)(!f->palette ? i : i < f->palette_count ? f->palette[3 * i + c] : 0);
        ret_rgba[4 * i + 3] = (int)i == f->transparent ? 0 : 255;
    }
}
