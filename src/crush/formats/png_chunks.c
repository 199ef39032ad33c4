/*
 * See png_chunks.h. It looks at lengths, names and a few small bodies; pixels, profiles and text are libpng's. What it
 * cannot make sense of it passes over. Sources: PNG, third edition (W3C), 11 and 12; ITU-T H.273. Next: decode_png.c.
 */
#include "crush/formats/png_chunks.h"

#include <string.h>

#include <zlib.h>

#include "crush/pixels/bytes.h"
#include "crush/pixels/cicp.h"
#include "crush/pixels/exif.h"

enum {
    SIGNATURE_BYTES = 8,
    FRAME_BYTES = 12, /* of a chunk besides its body */
    HEADER_BODY_BYTES = 13,
    CONTROL_BODY_BYTES = 26, /* of fcTL */
    DISPLAY_BODY_BYTES = 24, /* of mDCV */
    SEQUENCE_BYTES = 4,
};

static int is(const uint8_t *chunk, const char type[5])
{
    return memcmp(chunk + 4, type, 4) == 0;
}

static int checksum_is_right(const uint8_t *chunk, uint32_t length)
{
    return crc32(0, chunk + 4, 4 + length) == bytes_big_32(chunk + 8 + length);
}

/* How far the walk has come. */
struct walk {
    int animated, has_cicp, has_exif, has_content_light, default_is_frame, control_seen;
    struct png_frame frame; /* of the first control chunk behind the default image */
};

/* As Chromium has it: the first one before the picture data counts, if its code points are usable for RGB at full
 * range. */
static void cicp_read(const uint8_t *chunk, uint32_t length, struct walk *walk, struct png_chunks *c)
{
    const uint8_t *body = chunk + 8;
    if (walk->has_cicp || length != 4 || !checksum_is_right(chunk, length))
        return;
    walk->has_cicp = 1;
    c->has_cicp = body[2] == 0 && body[3] == 1 && cicp_is_known(body[0], body[1]);
    c->primaries = body[0];
    c->transfer = body[1];
}

/* As browsers have it: before the picture data, and without the "Exif\\0\\0" that JPEG puts before it. */
static void orientation_read(const uint8_t *chunk, uint32_t length, struct walk *walk, struct png_chunks *c)
{
    if (!checksum_is_right(chunk, length) || (length >= 4 && memcmp(chunk + 8, "Exif", 4) == 0))
        return;
    c->orientation = exif_orientation(chunk + 8, length);
    walk->has_exif = 1;
}

/* Both in units of 0.0001 cd/m². */
static void brightness_read(const uint8_t *chunk, uint32_t length, struct walk *walk, struct png_chunks *c)
{
    const uint8_t *body = chunk + 8;
    if (is(chunk, "cLLI") && length == 8 && bytes_big_32(body) && checksum_is_right(chunk, length)) {
        walk->has_content_light = 1;
        c->peak_cd_m2 = bytes_big_32(body) / 10000.0;
    } else if (is(chunk, "mDCV") && length == DISPLAY_BODY_BYTES && !walk->has_content_light &&
               checksum_is_right(chunk, length)) {
        c->peak_cd_m2 = bytes_big_32(body + 16) / 10000.0;
    }
}

/* Inside the canvas; else the animation is not one that a browser would show. */
static int control_read(const uint8_t *body, const struct png_chunks *c, struct png_frame *ret_frame)
{
    const struct png_frame f = {bytes_big_32(body + 12), bytes_big_32(body + 16), bytes_big_32(body + 4),
                                bytes_big_32(body + 8)};
    if (!f.width_px || !f.height_px || f.left_px > c->width_px || f.top_px > c->height_px ||
        f.width_px > c->width_px - f.left_px || f.height_px > c->height_px - f.top_px)
        return 0;
    *ret_frame = f;
    return 1;
}

static void animation_read(const uint8_t *chunk, uint32_t length, size_t at, struct walk *walk, struct png_chunks *c)
{
    if (is(chunk, "acTL") && length == 8) {
        walk->animated = !c->default_at && bytes_big_32(chunk + 8) > 0;
    } else if (is(chunk, "fcTL") && length == CONTROL_BODY_BYTES) {
        if (!c->default_at)
            walk->default_is_frame = 1;
        else if (!walk->control_seen)
            walk->control_seen = control_read(chunk + 8, c, &walk->frame) ? 1 : -1;
    } else if (is(chunk, "fdAT") && length > SEQUENCE_BYTES && walk->animated && !walk->default_is_frame &&
               walk->control_seen > 0 && !c->default_hidden) {
        c->default_hidden = 1;
        c->data_at = at;
        c->frame = walk->frame;
    }
}

int png_chunks_read(const uint8_t *data, size_t size, struct png_chunks *ret_chunks)
{
    struct png_chunks c = {.orientation = 1};
    struct walk walk = {0};
    if (size < SIGNATURE_BYTES + 8 + HEADER_BODY_BYTES || !is(data + SIGNATURE_BYTES, "IHDR"))
        return 0;
    const uint8_t *header = data + SIGNATURE_BYTES + 8;
    c.width_px = bytes_big_32(header);
    c.height_px = bytes_big_32(header + 4);
    c.depth = header[8];
    c.colour_type = header[9];
    c.frame = (struct png_frame){0, 0, c.width_px, c.height_px};
    for (size_t at = SIGNATURE_BYTES; size - at >= FRAME_BYTES;) {
        const uint8_t *chunk = data + at;
        const uint32_t length = bytes_big_32(chunk);
        const int cut = length > size - at - FRAME_BYTES;
        if (is(chunk, "IDAT") && !c.default_at)
            c.default_at = at;
        if (cut && is(chunk, "fdAT")) /* what there is of it */
            animation_read(chunk, (uint32_t)(size - at - 8), at, &walk, &c);
        if (cut)
            break;
        if (is(chunk, "eXIf") && !walk.has_exif && !c.default_at) {
            orientation_read(chunk, length, &walk, &c);
        } else if (is(chunk, "iCCP")) {
            c.has_profile = 1;
        } else if (is(chunk, "tRNS") && !c.default_at) {
            c.transparency = chunk + 8;
            c.transparency_bytes = length;
        } else if (is(chunk, "cICP") && !c.default_at) {
            cicp_read(chunk, length, &walk, &c);
        } else if (!c.default_at) {
            brightness_read(chunk, length, &walk, &c);
        }
        animation_read(chunk, length, at, &walk, &c);
        at += FRAME_BYTES + (size_t)length;
    }
    *ret_chunks = c;
    return 1;
}

uint64_t png_chunks_unpacked_bytes(const struct png_chunks *chunks)
{
    static const uint8_t channels[8] = {1, 0, 3, 1, 2, 0, 4, 0}; /* by colour type */
    const uint64_t row_bits = (uint64_t)chunks->frame.width_px * chunks->depth * channels[chunks->colour_type & 7];
    return (row_bits + 7) / 8 * chunks->frame.height_px;
}

/* ---- Reading ---- */

struct png_source png_source_begin(const uint8_t *data, size_t size_bytes, const struct png_chunks *chunks)
{
    return (struct png_source){data, size_bytes, 0, SIGNATURE_BYTES, chunks};
}

/* The length and name of the chunk at hand, as they shall be. 0: none. */
static int chunk_header_read(struct png_source *s, uint8_t to[8])
{
    if (s->chunks->default_hidden && s->at == s->chunks->default_at)
        s->at = s->chunks->data_at;
    if (s->size - s->at < 8)
        return 0;
    const uint8_t *chunk = s->data + s->at;
    const int of_frame = s->chunks->default_hidden && s->at >= s->chunks->data_at;
    uint32_t length = bytes_big_32(chunk);
    if (of_frame && !is(chunk, "fdAT"))
        return 0;
    if ((of_frame || is(chunk, "IDAT")) && (s->size - s->at < FRAME_BYTES || length > s->size - s->at - FRAME_BYTES))
        length = (uint32_t)(s->size - s->at - 8);
    s->next_chunk = s->at + FRAME_BYTES + length;
    s->at += 8;
    memcpy(to, chunk, 8);
    if (of_frame) {
        if (length < SEQUENCE_BYTES)
            return 0;
        length -= SEQUENCE_BYTES;
        s->at += SEQUENCE_BYTES;
        memcpy(to + 4, "IDAT", 4);
    }
    bytes_put_big_32(to, length);
    return 1;
}

int png_source_read(struct png_source *source, uint8_t *to, size_t count)
{
    struct png_source *s = source;
    if (s->at == s->next_chunk && count == 8)
        return chunk_header_read(s, to);
    if (s->at > s->size || count > s->size - s->at)
        return 0;
    memcpy(to, s->data + s->at, count);
    if (s->chunks->default_hidden && s->at == SIGNATURE_BYTES + 8 && count == HEADER_BODY_BYTES) {
        bytes_put_big_32(to, s->chunks->frame.width_px);
        bytes_put_big_32(to + 4, s->chunks->frame.height_px);
    }
    s->at += count;
    return 1;
}
