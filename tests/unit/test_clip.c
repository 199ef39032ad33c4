/* crush_clip on animations that are made here: what a strip looks like, which frames it has, what it refuses. */
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

static void put(struct file *f, const void *bytes, size_t count)
{
    assert_true(count <= sizeof f->data - f->size);
    memcpy(f->data + f->size, bytes, count);
    f->size += count;
}

static void put_8(struct file *f, unsigned value)
{
    put(f, &(uint8_t){(uint8_t)value}, 1);
}

static void put_16(struct file *f, unsigned value)
{
    put_8(f, value & 255);
    put_8(f, value >> 8);
}

/* Black, white, red, blue. */
static void gif_begin(struct file *f, unsigned width, unsigned height)
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
static void gif_frame(struct file *f, unsigned left, unsigned top, unsigned width, unsigned height, unsigned delay_cs)
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
static void gif_dispose(struct file *f, unsigned disposal)
{
    f->data[f->size - 15] = (uint8_t)(disposal << 2);
}

/* All pixels of one colour, each a code of its own after a clear: long, and simple. */
static void gif_pixels(struct file *f, unsigned count, unsigned colour)
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

static void gif_end(struct file *f)
{
    put_8(f, 0x3B);
}

static struct file *file_new(void)
{
    struct file *f = malloc(sizeof *f);
    assert_non_null(f);
    return f;
}

/* colours: one frame of the whole canvas each, a tenth of a second long. */
static struct file *film(unsigned width, unsigned height, const char *colours, unsigned delay_cs)
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

static crush_strip clip_of(const struct file *f, uint32_t frames)
{
    crush_strip strip = {0};
    crush_error error = {0};
    if (crush_clip(f->data, f->size, NULL, NULL, frames, &strip, &error) != CRUSH_OK)
        fail_msg("%s", error.message);
    return strip;
}

static struct animation *animation_of(const struct file *f)
{
    static crush_open_options options; /* the limits outlive the animation */
    struct animation *a = NULL;
    crush_open_options_init(&options);
    assert_int_equal(animation_open(f->data, f->size, &options.limits, &a, NULL), CRUSH_OK);
    return a;
}

static crush_status refused(const void *data, size_t size, const crush_open_options *open, uint32_t frames,
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
static int luma_of(const crush_strip *strip, uint32_t n)
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

static void test_cells_are_blocks_and_hold_one_frame(void **state)
{
    (void)state;
    struct file *f = film(40, 25, "0101", 20);
    crush_strip strip = clip_of(f, 4);
    assert_int_equal(strip.frames, 4);
    assert_int_equal(strip.frame_width_px, 40);
    assert_int_equal(strip.frame_height_px, 25);
    assert_int_equal(strip.jpeg.width_px, 4 * 48);
    assert_int_equal(strip.jpeg.height_px, 32);
    assert_int_equal(strip.frame_ms, 200);
    assert_int_equal(strip.source_frames, 4);
    assert_int_equal(strip.plays, 1);
    for (uint32_t n = 0; n < 4; n++) {
        const int luma = luma_of(&strip, n);
        assert_true(n % 2 ? luma > 250 : luma < 5);
    }
    crush_strip_clear(&strip);
    free(f);
}

static void test_frames_lie_evenly_in_time(void **state)
{
    (void)state;
    struct file *f = file_new();
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 30); /* black for 0.3 s of 0.4 */
    gif_pixels(f, 256, 0);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_pixels(f, 256, 1);
    gif_end(f);
    crush_strip strip = clip_of(f, 8);
    for (uint32_t n = 0; n < 8; n++)
        assert_true(n < 6 ? luma_of(&strip, n) < 5 : luma_of(&strip, n) > 250);
    assert_int_equal(strip.frame_ms, 50);
    crush_strip_clear(&strip);
    free(f);
}

static void test_where_little_changes_there_are_few_frames(void **state)
{
    (void)state;
    struct file *f = film(32, 32, "2222222222222222222222222", 10);
    crush_strip strip = clip_of(f, 0);
    assert_int_equal(strip.frames, CRUSH_CLIP_LEAST_FRAMES);
    crush_strip_clear(&strip);
    free(f);
}

static void test_budget_and_sides_hold(void **state)
{
    (void)state;
    static const crush_preset presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_FRIED,
                                           CRUSH_PRESET_DUST};
    struct file *f = film(170, 60, "0123012301", 10);
    for (int p = 0; p < 4; p++)
        for (uint32_t frames = 0; frames <= 24; frames += frames ? 5 : 4) {
            crush_encode_options encode;
            crush_strip strip = {0};
            const uint32_t side = crush_encode_options_preset(&encode, presets[p]);
            assert_int_equal(crush_clip(f->data, f->size, NULL, &encode, frames, &strip, NULL), CRUSH_OK);
            assert_true(strip.jpeg.size_bytes <= encode.budget_bytes);
            assert_true(strip.jpeg.width_px <= CRUSH_CLIP_MAX_SIDE_PX && strip.jpeg.width_px % 16 == 0);
            assert_int_equal(strip.jpeg.width_px % strip.frames, 0);
            assert_true(strip.jpeg.height_px % 16 == 0 && strip.frame_width_px <= side);
            assert_true(frames == 0 || strip.frames == frames);
            crush_strip_clear(&strip);
        }
    free(f);
}

static void test_flashes_are_told(void **state)
{
    (void)state;
    struct file *quick = film(32, 32, "01010101", 10), *slow = film(32, 32, "0101", 40),
                *red = film(32, 32, "2222", 10);
    crush_strip a = clip_of(quick, 8), b = clip_of(slow, 4), c = clip_of(red, 4);
    assert_true(a.flashes);
    assert_false(b.flashes); /* 2.5 changes a second */
    assert_false(c.flashes);
    crush_strip_clear(&a);
    crush_strip_clear(&b);
    crush_strip_clear(&c);
    free(quick);
    free(slow);
    free(red);
}

static void test_small_flashes_are_none(void **state)
{
    (void)state;
    struct clip_glance glances[8];
    for (int n = 0; n < 8; n++)
        for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
            glances[n].luma[i] = i < CLIP_GRID * CLIP_GRID / 5 && n % 2 ? 255 : 0;
    assert_false(clip_flashes(glances, 8, 100));
    for (int n = 0; n < 8; n++)
        for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
            glances[n].luma[i] = i < CLIP_GRID * CLIP_GRID / 3 && n % 2 ? 255 : 0;
    assert_true(clip_flashes(glances, 8, 100));
}

static void test_poster_is_not_the_black_beginning(void **state)
{
    (void)state;
    struct clip_glance glances[4] = {0};
    for (int n = 2; n < 4; n++)
        for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
            glances[n].luma[i] = (float)(i % 200);
    assert_int_equal(clip_choose_poster(glances, 4), 2);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    struct file *f = film(16, 16, "01", 10);
    crush_open_options open;
    crush_error error;
    assert_int_equal(refused(f->data, f->size, NULL, 3, &error), CRUSH_EINVAL);
    assert_int_equal(refused(f->data, f->size, NULL, 25, &error), CRUSH_EINVAL);
    crush_open_options_init(&open);
    open.max_side_px = 0;
    assert_int_equal(refused(f->data, f->size, &open, 0, &error), CRUSH_EINVAL);
    crush_open_options_init(&open);
    open.chroma = CRUSH_CHROMA_444 + 1;
    assert_int_equal(refused(f->data, f->size, &open, 0, &error), CRUSH_EINVAL);
    crush_open_options_init(&open);
    open.decoder = CRUSH_DECODER_LIBRARY + 1;
    assert_int_equal(refused(f->data, f->size, &open, 0, &error), CRUSH_EINVAL);
    free(f);
}

/* Also where a width that was rounded up asks for more. */
static void test_no_strip_is_higher_than_strips_may_be(void **state)
{
    (void)state;
    for (uint32_t width = 1; width <= 64; width++) {
        const crush_picture cell = {.info = {.width_px = width, .height_px = 16384}};
        const struct clip_size size = clip_size_for(&cell, 4, 16384);
        assert_true(size.width_px > 0 && size.height_px > 0);
        assert_true(clip_round_up(size.height_px) <= CRUSH_CLIP_MAX_SIDE_PX);
    }
}

static void test_cells_that_are_one_picture_count_once(void **state)
{
    (void)state;
    struct file *f = film(300, 300, "01", 10);
    crush_open_options open;
    crush_encode_options encode;
    crush_strip strip = {0};
    crush_error error = {0};
    crush_open_options_init(&open);
    crush_encode_options_init(&encode);
    encode.budget_bytes = 0;
    open.limits.max_memory_bytes = 4000000; /* two cells are half a million bytes, 24 would be six */
    if (crush_clip(f->data, f->size, &open, &encode, 24, &strip, &error) != CRUSH_OK)
        fail_msg("%s", error.message);
    crush_strip_clear(&strip);
    free(f);
}

static void test_what_does_not_move_is_no_clip(void **state)
{
    (void)state;
    struct file *f = film(16, 16, "0", 10);
    crush_error error;
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_EUNSUPPORTED);
    assert_non_null(strstr(error.message, "does not move"));
    struct bytes still[] = {picture_png(20, 20, (struct png_spec){.colour_type = 2, .depth = 8}),
                            picture_webp(20, 20, 1, 1),
                            picture_jpeg(20, 20, (struct jpeg_spec){.channels = 3, .h = 2, .v = 2})};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(refused(still[i].data, still[i].size, NULL, 0, &error), CRUSH_EUNSUPPORTED);
        free(still[i].data);
    }
    assert_int_equal(refused("nonsense, and more", 18, NULL, 0, &error), CRUSH_EUNSUPPORTED);
    free(f);
}

static void test_frames_are_counted_when_opened(void **state)
{
    (void)state;
    struct file *f = film(16, 16, "01230123", 10);
    crush_picture *picture = NULL;
    crush_info info;
    assert_int_equal(crush_probe(f->data, f->size, NULL, &info, NULL), CRUSH_OK);
    assert_int_equal(info.frames, 8);
    assert_int_equal(crush_open(f->data, f->size, NULL, &picture, NULL), CRUSH_OK);
    assert_int_equal(crush_picture_info(picture)->frames, 8);
    crush_close(picture);
    crush_limits limits = {.max_frames = 5};
    assert_int_equal(crush_probe(f->data, f->size, &limits, &info, NULL), CRUSH_OK);
    assert_int_equal(info.frames, 5);
    free(f);
}

/* ---- Hostile ones ---- */

static void test_endless_frames_meet_a_limit(void **state)
{
    (void)state;
    struct file *f = file_new();
    crush_error error;
    gif_begin(f, 16, 16);
    while (f->size + 40 < sizeof f->data) {
        gif_frame(f, 0, 0, 1, 1, 0);
        gif_pixels(f, 1, 1);
    }
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_FRAMES);
    assert_string_equal(error.message, "the animation has more than 5000 frames");
    free(f);
}

static void test_huge_claims_meet_a_limit(void **state)
{
    (void)state;
    struct file *f = file_new();
    crush_error error;
    gif_begin(f, 65535, 65535);
    for (int i = 0; i < 3; i++) {
        gif_frame(f, 0, 0, 65535, 65535, 10);
        gif_pixels(f, 4, 1);
    }
    gif_end(f);
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_SIDE);
    /* a canvas that is allowed, but not in memory */
    gif_begin(f, 9000, 9000);
    for (int i = 0; i < 3; i++) {
        gif_frame(f, 0, 0, 9000, 9000, 10);
        gif_pixels(f, 4, 1);
    }
    gif_end(f);
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_MEMORY);
    /* only a later frame claims it: it is cut to the canvas, and costs what it has */
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_pixels(f, 256, 1);
    gif_frame(f, 65535, 65535, 65535, 65535, 10);
    gif_pixels(f, 4, 1);
    gif_end(f);
    crush_open_options open;
    crush_open_options_init(&open);
    assert_int_equal(refused(f->data, f->size, &open, 0, &error), CRUSH_OK);
    free(f);
}

static void test_frames_of_nothing_and_outside_change_nothing(void **state)
{
    (void)state;
    struct file *f = file_new();
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_pixels(f, 256, 1);
    gif_frame(f, 3, 3, 0, 0, 10);
    gif_pixels(f, 0, 0);
    gif_frame(f, 3, 3, 0, 9, 10);
    gif_pixels(f, 0, 0);
    gif_frame(f, 16, 0, 5, 5, 10);
    gif_pixels(f, 25, 0);
    gif_end(f);
    crush_strip strip = clip_of(f, 4);
    assert_int_equal(strip.source_frames, 4);
    for (uint32_t n = 0; n < 4; n++)
        assert_true(luma_of(&strip, n) > 250);
    crush_strip_clear(&strip);
    free(f);
}

static void test_damaged_frames_show_what_was_there(void **state)
{
    (void)state;
    struct file *f = film(16, 16, "1111", 10);
    f->size -= 200; /* in the middle of the last */
    crush_strip strip = clip_of(f, 4);
    assert_true(strip.truncated);
    assert_true(luma_of(&strip, 3) > 250);
    crush_strip_clear(&strip);
    free(f);
}

/* The palette's black is none of a frame's: where nothing was drawn, the background shows. */
static void test_background_shows_where_nothing_is(void **state)
{
    (void)state;
    struct file *f = file_new();
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_dispose(f, 3); /* a first frame that shall be put back leaves nothing */
    gif_pixels(f, 256, 0);
    gif_frame(f, 0, 0, 1, 1, 10);
    gif_pixels(f, 1, 0);
    gif_end(f);
    crush_strip strip = clip_of(f, 4);
    assert_true(luma_of(&strip, 0) < 5 && luma_of(&strip, 3) > 250);
    crush_strip_clear(&strip);
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_pixels(f, 64, 0); /* four rows of sixteen */
    gif_frame(f, 0, 0, 1, 1, 10);
    gif_pixels(f, 1, 0);
    gif_end(f);
    strip = clip_of(f, 4);
    assert_true(strip.truncated);
    assert_true(luma_of(&strip, 0) > 250 && luma_of(&strip, 3) > 250);
    crush_strip_clear(&strip);
    free(f);
}

/* A frame that would hide all before it but never comes hides nothing, asked for alone or in turn. */
static void test_frames_that_never_come_hide_nothing(void **state)
{
    (void)state;
    struct file *f = file_new();
    gif_begin(f, 16, 16);
    for (unsigned i = 0; i < 4; i++) {
        gif_frame(f, 0, 0, 16, 16, 10);
        gif_pixels(f, i == 3 ? 0 : i == 2 ? 64 : 256, i); /* the third has four rows, the last none */
    }
    gif_end(f);
    for (uint32_t asked = 2; asked < 4; asked++) {
        struct animation *a = animation_of(f);
        assert_int_equal(animation_compose(a, asked, NULL), CRUSH_OK);
        assert_memory_equal(a->canvas, ((const uint8_t[4]){255, 0, 0, 255}), 4);
        assert_memory_equal(a->canvas + 15 * 16 * 4, ((const uint8_t[4]){255, 255, 255, 255}), 4);
        assert_true(a->truncated);
        animation_close(a);
    }
    free(f);
}

static void test_frames_without_end_of_pixels_meet_a_limit(void **state)
{
    (void)state;
    struct file *f = file_new();
    crush_error error;
    gif_begin(f, 5000, 5000);
    for (int i = 0; i < 200; i++) {
        gif_frame(f, 0, 0, 5000, 5000, 10);
        gif_dispose(f, 3);
        gif_pixels(f, 4, 1);
    }
    gif_end(f);
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_PIXELS);
    assert_string_equal(error.message,
                        "the frames of the animation have 5000000000 pixels altogether, more than 4000000000");
    /* an interlaced frame costs what is under the canvas, too: its last rows come last */
    gif_begin(f, 16, 16);
    for (int i = 0; i < 3; i++) {
        gif_frame(f, 0, 0, i ? 65535 : 16, i ? 65535 : 16, 10);
        f->data[f->size - 1] = 0x40;
        gif_pixels(f, 256, 1);
    }
    gif_end(f);
    assert_int_equal(refused(f->data, f->size, NULL, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_PIXELS);
    free(f);
}

static void test_what_nobody_sees_is_not_decoded(void **state)
{
    (void)state;
    struct file *f = file_new();
    gif_begin(f, 16, 16);
    gif_frame(f, 0, 0, 16, 16, 10);
    gif_pixels(f, 256, 1);
    for (unsigned i = 0; i < 3; i++) { /* frames that are put back, damaged */
        gif_frame(f, 4 * i, 0, 8, 8, 10);
        gif_dispose(f, 3);
        gif_pixels(f, 3, 2);
    }
    gif_frame(f, 0, 0, 16, 4000, 10); /* rows below the canvas, missing */
    gif_pixels(f, 256, 3);
    gif_frame(f, 20, 20, 16, 16, 10); /* outside, and empty */
    gif_pixels(f, 0, 3);
    gif_frame(f, 0, 0, 1, 1, 10);
    gif_pixels(f, 1, 0);
    gif_end(f);
    struct animation *a = animation_of(f);
    assert_int_equal(animation_compose(a, 0, NULL), CRUSH_OK);
    a->frames[4].opaque = 0; /* so that all before it count */
    assert_int_equal(animation_compose(a, 6, NULL), CRUSH_OK);
    assert_int_equal(a->drawn, 3);
    assert_false(a->truncated);
    assert_memory_equal(a->canvas, ((const uint8_t[8]){0, 0, 0, 255, 0, 0, 255, 255}), 8);
    /* asked for, it is drawn, and what was there comes back */
    struct animation *b = animation_of(f);
    assert_int_equal(animation_compose(b, 2, NULL), CRUSH_OK);
    assert_memory_equal(b->canvas + 4 * 4, ((const uint8_t[4]){255, 0, 0, 255}), 4);
    assert_int_equal(animation_compose(b, 3, NULL), CRUSH_OK);
    assert_memory_equal(b->canvas + 4 * 4, ((const uint8_t[4]){255, 255, 255, 255}), 4);
    assert_memory_equal(b->canvas + 8 * 4, ((const uint8_t[4]){255, 0, 0, 255}), 4);
    animation_close(a);
    animation_close(b);
    free(f);
}

/* ---- A PNG that is cut ---- */

static void put_32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A chunk whose body begins with a number (-1: without) and goes on with body; its checksum is wrong. */
static void png_chunk(struct file *f, const char *type, int64_t number, const uint8_t *body, size_t size)
{
    uint8_t word[4];
    put_32(word, (uint32_t)size + (number < 0 ? 0 : 4));
    put(f, word, 4);
    put(f, type, 4);
    put_32(word, (uint32_t)number);
    put(f, word, number < 0 ? 0 : 4);
    put(f, body, size);
    put(f, "\0\0\0\0", 4);
}

static void png_frame(struct file *f, uint32_t number, uint32_t side_px)
{
    uint8_t body[22] = {0};
    put_32(body, side_px);
    put_32(body + 4, side_px);
    body[17] = 1; /* of a hundredth: a tenth, as everybody takes it */
    png_chunk(f, "fcTL", number, body, sizeof body);
}

/* Where the first IDAT's body is. */
static const uint8_t *png_data(const struct bytes *png, uint32_t *ret_size)
{
    size_t at = 8;
    while (memcmp(png->data + at + 4, "IDAT", 4) != 0)
        at += 12 + ((size_t)png->data[at + 2] << 8 | png->data[at + 3]);
    *ret_size = (uint32_t)png->data[at + 2] << 8 | png->data[at + 3];
    return png->data + at + 8;
}

/* Two interlaced frames, 64 and 32 pixels a side, with so many hundredths of their data. */
static struct file *png_film(uint32_t first_percent, uint32_t second_percent)
{
    const struct png_spec spec = {.colour_type = 2, .depth = 8, .interlaced = 1};
    struct bytes first = picture_png(64, 64, spec), second = picture_png(32, 32, spec);
    struct file *f = file_new();
    uint8_t frames[8] = {0, 0, 0, 2};
    uint32_t size;
    f->size = 0;
    put(f, first.data, 33); /* up to the end of the header */
    png_chunk(f, "acTL", -1, frames, sizeof frames);
    png_frame(f, 0, 64);
    const uint8_t *data = png_data(&first, &size);
    png_chunk(f, "IDAT", -1, data, size * first_percent / 100);
    png_frame(f, 1, 32);
    data = png_data(&second, &size);
    png_chunk(f, "fdAT", 2, data, size * second_percent / 100);
    png_chunk(f, "IEND", -1, frames, 0);
    free(first.data);
    free(second.data);
    return f;
}

static void test_passes_that_came_are_drawn(void **state)
{
    (void)state;
    struct file *whole = png_film(100, 100), *cut = png_film(100, 50);
    struct animation *a = animation_of(whole), *b = animation_of(cut);
    uint8_t before[64 * 64 * 4];
    assert_int_equal(animation_compose(a, 0, NULL), CRUSH_OK);
    memcpy(before, a->canvas, sizeof before);
    assert_int_equal(animation_compose(a, 1, NULL), CRUSH_OK);
    assert_int_equal(animation_compose(b, 1, NULL), CRUSH_OK);
    assert_false(a->truncated);
    assert_true(b->truncated);
    int came = 0, left = 0;
    for (size_t i = 0; i < sizeof before; i += 4) {
        const int as_before = memcmp(b->canvas + i, before + i, 4) == 0;
        assert_true(as_before || memcmp(b->canvas + i, a->canvas + i, 4) == 0);
        came += !as_before;
        left += as_before && memcmp(a->canvas + i, before + i, 4) != 0;
    }
    assert_true(came > 100 && left > 100);
    animation_close(a);
    animation_close(b);
    free(whole);
    free(cut);
    crush_error error;
    struct file *none = png_film(0, 0);
    assert_int_equal(refused(none->data, none->size, NULL, 0, &error), CRUSH_ECORRUPT);
    assert_string_equal(error.message, "no frame of the animation can be decoded");
    free(none);
}

static int stop_at_once(void *context)
{
    int *left = context;
    return --*left < 0;
}

static void test_deadline_is_kept(void **state)
{
    (void)state;
    struct file *f = film(64, 64, "0123012301230123", 10);
    crush_open_options open;
    crush_error error;
    int left = 5;
    crush_open_options_init(&open);
    open.limits.should_stop = stop_at_once;
    open.limits.should_stop_context = &left;
    assert_int_equal(refused(f->data, f->size, &open, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_DEADLINE);
    free(f);
}

/* In every pass: rows are counted, not their places. */
static void test_deadline_is_looked_at_in_every_pass(void **state)
{
    (void)state;
    enum { HEIGHT = 4096 };
    struct file *f = file_new();
    gif_begin(f, 1, HEIGHT);
    for (int i = 0; i < 2; i++) {
        gif_frame(f, 0, 0, 1, HEIGHT, 10);
        f->data[f->size - 1] = 0x40;
        gif_pixels(f, HEIGHT, 2);
    }
    gif_end(f);
    crush_error error;
    int left = 10; /* more than half of the frame, which has 16 looks, and one before it */
    struct animation *a = NULL;
    const crush_limits limits = {.should_stop = stop_at_once, .should_stop_context = &left};
    assert_int_equal(animation_open(f->data, f->size, &limits, &a, NULL), CRUSH_OK);
    assert_int_equal(animation_compose(a, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_DEADLINE);
    assert_int_equal(a->canvas[4 * 4 + 3], 255);          /* of the second pass */
    assert_int_equal(a->canvas[(HEIGHT - 1) * 4 + 3], 0); /* of the last */
    animation_close(a);
    free(f);
}

/* Composing a frame by itself gives what composing all before it does. */
static void test_frames_can_be_asked_for_in_any_order(void **state)
{
    (void)state;
    struct file *f = file_new();
    crush_open_options options;
    struct animation *all = NULL, *one = NULL;
    crush_open_options_init(&options);
    gif_begin(f, 16, 16);
    for (unsigned i = 0; i < 12; i++) {
        const int whole = i % 4 == 0;
        gif_frame(f, whole ? 0 : i, whole ? 0 : 2, whole ? 16 : 4, whole ? 16 : 5, 10);
        gif_dispose(f, i % 4);
        gif_pixels(f, whole ? 256 : 20, i % 4);
    }
    gif_end(f);
    assert_int_equal(animation_open(f->data, f->size, &options.limits, &all, NULL), CRUSH_OK);
    assert_int_equal(animation_open(f->data, f->size, &options.limits, &one, NULL), CRUSH_OK);
    for (uint32_t i = 0; i < 12; i++) {
        const uint32_t other = i * 7 % 12;
        for (uint32_t k = 0; k <= other; k++)
            assert_int_equal(animation_compose(all, k, NULL), CRUSH_OK);
        assert_int_equal(animation_compose(one, other, NULL), CRUSH_OK);
        assert_memory_equal(all->canvas, one->canvas, 16 * 16 * 4);
    }
    animation_close(all);
    animation_close(one);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_blocks_and_hold_one_frame),
        cmocka_unit_test(test_frames_lie_evenly_in_time),
        cmocka_unit_test(test_where_little_changes_there_are_few_frames),
        cmocka_unit_test(test_budget_and_sides_hold),
        cmocka_unit_test(test_flashes_are_told),
        cmocka_unit_test(test_small_flashes_are_none),
        cmocka_unit_test(test_poster_is_not_the_black_beginning),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_no_strip_is_higher_than_strips_may_be),
        cmocka_unit_test(test_cells_that_are_one_picture_count_once),
        cmocka_unit_test(test_what_does_not_move_is_no_clip),
        cmocka_unit_test(test_frames_are_counted_when_opened),
        cmocka_unit_test(test_endless_frames_meet_a_limit),
        cmocka_unit_test(test_huge_claims_meet_a_limit),
        cmocka_unit_test(test_frames_of_nothing_and_outside_change_nothing),
        cmocka_unit_test(test_damaged_frames_show_what_was_there),
        cmocka_unit_test(test_background_shows_where_nothing_is),
        cmocka_unit_test(test_frames_that_never_come_hide_nothing),
        cmocka_unit_test(test_frames_without_end_of_pixels_meet_a_limit),
        cmocka_unit_test(test_what_nobody_sees_is_not_decoded),
        cmocka_unit_test(test_passes_that_came_are_drawn),
        cmocka_unit_test(test_deadline_is_kept),
        cmocka_unit_test(test_deadline_is_looked_at_in_every_pass),
        cmocka_unit_test(test_frames_can_be_asked_for_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
