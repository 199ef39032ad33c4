/* Badges and buttons: real GIFs of the right size, whatever the words are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <gif_lib.h>

#include "view/badge.h"
#include "view/font.h"

struct reader {
    const struct buf *bytes;
    size_t at;
};

static int read_bytes(GifFileType *gif, GifByteType *into, int size)
{
    struct reader *reader = gif->UserData;
    size_t left = reader->bytes->size_bytes - reader->at;
    size_t take = (size_t)size < left ? (size_t)size : left;
    memcpy(into, reader->bytes->data + reader->at, take);
    reader->at += take;
    return (int)take;
}

/* Decodes with giflib; returns the number of frames, and how many pixels of the first have colour index 1. */
static int decode(const struct buf *bytes, int *ret_width_px, int *ret_height_px, int *ret_ink, int *ret_transparent)
{
    struct reader reader = {bytes, 0};
    int fault;
    GifFileType *gif = DGifOpen(&reader, read_bytes, &fault);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    *ret_width_px = gif->SWidth;
    *ret_height_px = gif->SHeight;
    *ret_ink = 0;
    for (int i = 0; i < gif->SWidth * gif->SHeight; i++)
        *ret_ink += gif->SavedImages[0].RasterBits[i] == 1;
    GraphicsControlBlock control;
    *ret_transparent = DGifSavedExtensionToGCB(gif, 0, &control) == GIF_OK ? control.TransparentColor : -2;
    int frames = gif->ImageCount;
    DGifCloseFile(gif, &fault);
    return frames;
}

static const struct badge_colours paper = {.fg_rgb = 0x1A1825, .bg_rgb = 0xFFFFFF};

static void a_badge_is_as_wide_as_its_text(void **state)
{
    struct buf gif = {0};
    int width, height, ink, transparent;
    (void)state;
    assert_int_equal(badge_draw("sleepy", &paper, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    assert_int_equal(height, BADGE_HEIGHT_PX);
    assert_int_equal(width, font_draw("sleepy", 1000, NULL, NULL) + 8);
    assert_int_equal(transparent, NO_TRANSPARENT_COLOR);
    buf_free(&gif);
}

static void an_empty_badge_is_blank(void **state)
{
    struct buf gif = {0};
    struct badge_colours clear = {.transparent = 1};
    int width, height, ink, transparent;
    (void)state;
    assert_int_equal(badge_draw("", &clear, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    assert_int_equal(ink, 0);
    assert_int_equal(transparent, 0);
    buf_free(&gif);
}

static void a_button_takes_turns(void **state)
{
    struct buf gif = {0};
    int width, height, ink, transparent;
    (void)state;
    assert_int_equal(button_draw("minitel", "sleepy", "hello there", BUTTON_NIGHT, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 2);
    assert_int_equal(width, 88);
    assert_int_equal(height, 31);
    buf_clear(&gif);
    assert_int_equal(button_draw("minitel", "sleepy", "", BUTTON_PLAIN, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    buf_free(&gif);
}

static void accents_and_other_scripts(void **state)
{
    (void)state;
    assert_int_equal(font_draw("é", 100, NULL, NULL), font_draw("e", 100, NULL, NULL));
    assert_int_equal(font_draw("e\xCC\x81", 100, NULL, NULL), font_draw("e", 100, NULL, NULL));
    assert_int_equal(font_draw("\xF0\x9F\xA5\xB1 sleepy", 100, NULL, NULL), font_draw("sleepy", 100, NULL, NULL));
    assert_int_equal(font_draw("“a”…", 100, NULL, NULL), font_draw("\"a\"...", 100, NULL, NULL));
    assert_true(font_draw("日本", 100, NULL, NULL) > 0);
}

static void hostile_text_stays_inside(void **state)
{
    char text[5000];
    struct buf gif = {0};
    int width, height, ink, transparent;
    (void)state;
    memset(text, 'W', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(badge_draw(text, &paper, &gif), 0);
    decode(&gif, &width, &height, &ink, &transparent);
    assert_true(width <= BADGE_MAX_WIDTH_PX);
    for (int i = 0; i < 4999; i++)
        text[i] = (char)(i * 7919 % 255 + 1);
    buf_clear(&gif);
    assert_int_equal(badge_draw(text, &paper, &gif), 0);
    assert_true(decode(&gif, &width, &height, &ink, &transparent) == 1 && width <= BADGE_MAX_WIDTH_PX);
    /* Fifty marks on one letter, and the ligature that decomposes furthest. */
    text[0] = 'e';
    for (int i = 0; i < 50; i++)
        memcpy(text + 1 + 2 * i, "\xCC\x81", 3);
    buf_clear(&gif);
    assert_int_equal(badge_draw(text, &paper, &gif), 0);
    buf_clear(&gif);
    assert_int_equal(badge_draw("\xEF\xB7\xBA", &paper, &gif), 0);
    buf_free(&gif);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_badge_is_as_wide_as_its_text), cmocka_unit_test(an_empty_badge_is_blank),
        cmocka_unit_test(a_button_takes_turns),           cmocka_unit_test(accents_and_other_scripts),
        cmocka_unit_test(hostile_text_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
