/* crush_clip on animations that are made here: what a strip looks like, which frames it has, what it refuses. */
#include "films.h"

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

/* A change of luma is one of relative luminance by its 2.2th power; what stays bright is none. */
static void test_only_changes_of_a_tenth_of_the_light_flash(void **state)
{
    (void)state;
    static const struct {
        float dark, bright;
        int flashes;
    } cases[] = {{0, 95, 1}, {0, 85, 0}, {225, 255, 1}, {235, 255, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct clip_glance glances[8];
        for (int n = 0; n < 8; n++)
            for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
                glances[n].luma[i] = n % 2 ? cases[c].bright : cases[c].dark;
        assert_int_equal(clip_flashes(glances, 8, 100), cases[c].flashes);
    }
}

/* Two of four frames: half the time the frame on show is one step of ten levels behind, and each step lasts twice. */
static void test_motion_that_is_lost_is_levels(void **state)
{
    (void)state;
    struct clip_glance glances[4];
    for (int n = 0; n < 4; n++)
        for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
            glances[n].luma[i] = 10.0f * (float)n;
    assert_float_equal(clip_motion_lost(glances, 4, 2), 5 + 5, 1e-4);
    assert_float_equal(clip_motion_lost(glances, 4, 4), 0 + 5, 1e-4);
}

static void test_what_costs_little_is_shown_large(void **state)
{
    (void)state;
    struct file *f = film(300, 300, "01", 10);
    crush_strip strip = clip_of(f, 8);
    assert_int_equal(strip.frame_width_px, 300);
    crush_strip_clear(&strip);
    free(f);
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

/* A frame of a strip is that frame: of a film of whole colours each has one of its own. */
static void test_a_frame_of_a_strip_is_a_picture(void **state)
{
    (void)state;
    struct file *f = film(100, 60, "01230123", 10);
    crush_strip strip = {0}, wrong;
    crush_picture *picture = NULL;
    crush_error error = {0};
    assert_int_equal(crush_clip(f->data, f->size, NULL, NULL, 4, &strip, NULL), CRUSH_OK);
    uint64_t seen = 0;
    for (uint32_t i = 0; i < strip.frames; i++) {
        assert_int_equal(crush_strip_frame(strip.jpeg.data, strip.jpeg.size_bytes, NULL, &strip, i, &picture, &error),
                         CRUSH_OK);
        const crush_info *info = crush_picture_info(picture);
        assert_int_equal(info->width_px, strip.frame_width_px);
        assert_int_equal(info->height_px, strip.frame_height_px);
        const struct plane *luma = &picture->planes[PLANE_Y];
        assert_int_equal(luma->width_px, strip.frame_width_px);
        const int first = luma->px[0];
        for (uint32_t y = 0; y < luma->height_px; y++)
            for (uint32_t x = 0; x < luma->width_px; x++)
                assert_in_range(luma->px[y * luma->stride_bytes + x] + 8, first, first + 16);
        seen |= 1ull << (first / 4);
        crush_close(picture);
    }
    assert_true((seen & (seen - 1)) != 0); /* they are not all alike */
    assert_int_equal(
        crush_strip_frame(strip.jpeg.data, strip.jpeg.size_bytes, NULL, &strip, strip.frames, &picture, &error),
        CRUSH_EINVAL);
    const int32_t changes[][3] = {{1, 0, 0}, {-1, 0, 0}, {0, 16, 0}, {0, -16, 0}, {0, 0, 16}, {20, 0, 0}, {0, 5000, 0}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        wrong = strip;
        wrong.frames += (uint32_t)changes[i][0];
        wrong.frame_width_px += (uint32_t)changes[i][1];
        wrong.frame_height_px += (uint32_t)changes[i][2];
        assert_int_equal(crush_strip_frame(strip.jpeg.data, strip.jpeg.size_bytes, NULL, &wrong, 0, &picture, &error),
                         CRUSH_EUNSUPPORTED);
    }
    assert_int_not_equal(crush_strip_frame("x", 1, NULL, &strip, 0, &picture, &error), CRUSH_OK);
    crush_strip_clear(&strip);
    free(f);
}

/* What was told of a strip when it was made is seen again in the JPEG, and depends on how fast it is shown. */
static void test_a_finished_strip_is_seen_to_flash(void **state)
{
    (void)state;
    static const struct {
        const char *frames;
        uint32_t frame_ms;
        int flashes;
    } cases[] = {
        {"01010101", 100, 1}, {"01010101", 20, 1}, {"01010101", 400, 0}, {"00001111", 100, 0}, {"22222222", 20, 0}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct file *f = film(40, 25, cases[c].frames, 10);
        crush_strip strip = clip_of(f, 8), shape;
        crush_open_options open;
        crush_picture *picture = NULL;
        crush_error error = {0};
        int flashes = -1;
        crush_open_options_init(&open);
        open.max_side_px = CRUSH_CLIP_MAX_SIDE_PX;
        assert_int_equal(crush_open(strip.jpeg.data, strip.jpeg.size_bytes, &open, &picture, NULL), CRUSH_OK);
        shape = strip;
        shape.frame_ms = cases[c].frame_ms;
        assert_int_equal(crush_strip_flashes(picture, &shape, &flashes, &error), CRUSH_OK);
        assert_int_equal(flashes, cases[c].flashes);
        flashes = -1;
        shape.frame_ms = CRUSH_CLIP_LEAST_MS - 1;
        assert_int_equal(crush_strip_flashes(picture, &shape, &flashes, &error), CRUSH_EINVAL);
        shape.frame_ms = CRUSH_CLIP_MOST_MS + 1;
        assert_int_equal(crush_strip_flashes(picture, &shape, &flashes, &error), CRUSH_EINVAL);
        shape = strip;
        shape.frames--;
        assert_int_equal(crush_strip_flashes(picture, &shape, &flashes, &error), CRUSH_EUNSUPPORTED);
        assert_int_equal(flashes, -1);
        crush_close(picture);
        crush_strip_clear(&strip);
        free(f);
    }
}

/* Each frame is looked at by itself: what is white in all of them at another place, or beside them, is no flash. */
static void test_frames_of_a_strip_are_told_apart(void **state)
{
    (void)state;
    struct plane plane = {0};
    struct clip_glance glance;
    assert_int_equal(plane_alloc(&plane, 64, 32), CRUSH_OK);
    for (uint32_t y = 0; y < 32; y++)
        for (uint32_t x = 0; x < 64; x++)
            plane.px[y * plane.stride_bytes + x] = x < 32 ? 10 : (uint8_t)(100 + y);
    struct plane frame = plane;
    frame.px += 32;
    frame.width_px = 32;
    clip_glance_of_plane(&frame, &glance);
    for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
        assert_true(glance.luma[i] == (float)(100 + i / CLIP_GRID));
    plane_free(&plane);
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
        cmocka_unit_test(test_only_changes_of_a_tenth_of_the_light_flash),
        cmocka_unit_test(test_motion_that_is_lost_is_levels),
        cmocka_unit_test(test_what_costs_little_is_shown_large),
        cmocka_unit_test(test_poster_is_not_the_black_beginning),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_no_strip_is_higher_than_strips_may_be),
        cmocka_unit_test(test_cells_that_are_one_picture_count_once),
        cmocka_unit_test(test_what_does_not_move_is_no_clip),
        cmocka_unit_test(test_frames_are_counted_when_opened),
        cmocka_unit_test(test_a_frame_of_a_strip_is_a_picture),
        cmocka_unit_test(test_a_finished_strip_is_seen_to_flash),
        cmocka_unit_test(test_frames_of_a_strip_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
