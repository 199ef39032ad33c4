/* crush_clip on animations that are damaged, endless or huge: what is shown of them, and which limit answers. */
#include "films.h"

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

/* A WebP's canvas of 300 x 200, by its header alone. */
static void test_canvas_of_webp_meets_the_limit(void **state)
{
    static const uint8_t header[] = {'R', 'I', 'F', 'F', 36, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8',
                                     'X', 10,  0,   0,   0,  2, 0, 0, 0,   43,  1,   0,   199, 0,   0,
                                     'A', 'N', 'I', 'M', 6,  0, 0, 0, 0,   0,   0,   0,   0,   0};
    crush_open_options open;
    crush_error error;
    (void)state;
    crush_open_options_init(&open);
    open.limits.max_side_px = 299;
    assert_int_equal(refused(header, sizeof header, &open, 0, &error), CRUSH_ELIMIT);
    assert_int_equal(error.limit, CRUSH_LIMIT_SIDE);
    open.limits.max_side_px = 300;
    assert_int_not_equal(refused(header, sizeof header, &open, 0, &error), CRUSH_ELIMIT);
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
        cmocka_unit_test(test_endless_frames_meet_a_limit),
        cmocka_unit_test(test_huge_claims_meet_a_limit),
        cmocka_unit_test(test_canvas_of_webp_meets_the_limit),
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
