/* Animations that are made here, byte by byte, for the tests of clips. */
#ifndef PICLOG_TESTS_FILMS_H
#define PICLOG_TESTS_FILMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crush/clip_choice.h"
#include "crush/clip_size.h"
#include "crush/formats/animation.h"
#include "picture_bytes.h"

/* A file that grows. */
struct file {
    uint8_t data[1 << 20];
    size_t size;
};

static inline void put(struct file *f, const void *bytes, size_t count)
{
    assert_true(count <= sizeof f->data - f->size);
    memcpy(f->data + f->size, bytes, count);
    f->size += count;
}

static inline void put_8(struct file *f, unsigned value)
{
    put(f, &(uint8_t){(uint8_t)value}, 1);
}

static inline void put_16(struct file *f, unsigned value)
{
    put_8(f, value & 255);
    put_8(f, value >> 8);
}

/* Black, white, red, blue. */
static inline void gif_begin(struct file *f, unsigned width, unsigned height)
{
    static const uint8_t palette[12] = {0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255};
    f->size = 0;
    put(f, "GIF89a", 6);
    put_16(f, width);
    put_16(f, height);
    put(f, (const uint8_t[3]){0x81, 0, 0}, 3);
    put(f, palette, sizeof palette);
}

/* What stands before the pixels of a frame. */
static inline void gif_frame(struct file *f, unsigned left, unsigned top, unsigned width, unsigned height,
                             unsigned delay_cs)
{
    put(f, (const uint8_t[4]){0x21, 0xF9, 4, 0}, 4);
    put_16(f, delay_cs);
    put(f, (const uint8_t[3]){0, 0, 0x2C}, 3);
    put_16(f, left);
    put_16(f, top);
    put_16(f, width);
    put_16(f, height);
    put_8(f, 0);
}

/* How the frame that begins here is disposed of; before its pixels. */
static inline void gif_dispose(struct file *f, unsigned disposal)
{
    f->data[f->size - 15] = (uint8_t)(disposal << 2);
}

/* All pixels of one colour, each a code of its own after a clear: long, and simple. */
static inline void gif_pixels(struct file *f, unsigned count, unsigned colour)
{
    uint8_t block[255];
    size_t used = 0;
    unsigned bits = 0, held = 0;
    put_8(f, 2);
    for (unsigned i = 0; i <= 2 * count; i++) {
        const unsigned code = i == 2 * count ? 5 : i % 2 ? colour : 4;
        held |= code << bits;
        for (bits += 3; bits >= 8 || (i == 2 * count && bits); held >>= 8, bits = bits > 8 ? bits - 8 : 0) {
            block[used++] = (uint8_t)held;
            if (used == sizeof block) {
                put_8(f, (unsigned)used);
                put(f, block, used);
                used = 0;
            }
        }
    }
    if (used) {
        put_8(f, (unsigned)used);
        put(f, block, used);
    }
    put_8(f, 0);
}

static inline void gif_end(struct file *f)
{
    put_8(f, 0x3B);
}

static inline struct file *file_new(void)
{
    struct file *f = malloc(sizeof *f);
    assert_non_null(f);
    return f;
}

/* colours: one frame of the whole canvas each, a tenth of a second long. */
static inline struct file *film(unsigned width, unsigned height, const char *colours, unsigned delay_cs)
{
    struct file *f = file_new();
    gif_begin(f, width, height);
    for (; *colours; colours++) {
        gif_frame(f, 0, 0, width, height, delay_cs);
        gif_pixels(f, width * height, (unsigned)(*colours - '0'));
    }
    gif_end(f);
    return f;
}

static inline crush_strip clip_of(const struct file *f, uint32_t frames)
{
    crush_strip strip = {0};
    crush_error error = {0};
    if (crush_clip(f->data, f->size, NULL, NULL, frames, &strip, &error) != CRUSH_OK)
        fail_msg("%s", error.message);
    return strip;
}

static inline struct animation *animation_of(const struct file *f)
{
    static crush_open_options options; /* the limits outlive the animation */
    struct animation *a = NULL;
    crush_open_options_init(&options);
    assert_int_equal(animation_open(f->data, f->size, &options.limits, &a, NULL), CRUSH_OK);
    return a;
}

static inline crush_status refused(const void *data, size_t size, const crush_open_options *open, uint32_t frames,
                                   crush_error *ret_error)
{
    crush_strip strip = {0};
    memset(ret_error, 0, sizeof *ret_error);
    const crush_status status = crush_clip(data, size, open, NULL, frames, &strip, ret_error);
    if (status == CRUSH_OK)
        crush_strip_clear(&strip);
    else
        assert_true(ret_error->message[0] && ret_error->status == status);
    return status;
}

/* The luma in the middle of frame n of a strip. */
static inline int luma_of(const crush_strip *strip, uint32_t n)
{
    crush_open_options options;
    crush_picture *picture = NULL;
    crush_open_options_init(&options);
    options.max_side_px = CRUSH_CLIP_MAX_SIDE_PX;
    assert_int_equal(crush_open(strip->jpeg.data, strip->jpeg.size_bytes, &options, &picture, NULL), CRUSH_OK);
    const struct plane *luma = &picture->planes[PLANE_Y];
    const uint32_t x = n * (strip->jpeg.width_px / strip->frames) + strip->frame_width_px / 2;
    const int value = luma->px[strip->frame_height_px / 2 * luma->stride_bytes + x];
    crush_close(picture);
    return value;
}

#endif
