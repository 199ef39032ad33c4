/* Badges and buttons: real GIFs of the right size, whatever the words are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>
#include <unistr.h>

#include "view/badge.h"
#include "view/canvas.h"
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
    /* emoji become words, or nothing where there is none; other alphabets are spelled by sound */
    assert_int_equal(font_draw("\xF0\x9F\xA5\xB1 sleepy", 100, NULL, NULL),
                     font_draw("(yawn) sleepy", 100, NULL, NULL));
    assert_int_equal(font_draw("\xF0\x9F\x9B\xB8 sleepy", 100, NULL, NULL), font_draw("sleepy", 100, NULL, NULL));
    assert_int_equal(font_draw("Привет, Ωμέγα", 200, NULL, NULL), font_draw("Privet, Omega", 200, NULL, NULL));
    assert_int_equal(font_draw("“a”…", 100, NULL, NULL), font_draw("\"a\"...", 100, NULL, NULL));
    assert_true(font_draw("日本", 100, NULL, NULL) > 0);
}

/* Every character is drawn, or passed over, but never crashes; those of the font are never passed over. */
static void every_character_can_be_drawn(void **state)
{
    char text[8];
    (void)state;
    for (uint32_t scalar = 1; scalar < 0x110000; scalar += scalar < 0x20000 ? 1 : 997) {
        int used = u8_uctomb((uint8_t *)text, scalar, sizeof text - 1);
        if (used < 0)
            continue; /* a surrogate */
        text[used] = '\0';
        int width = font_draw(text, 1000, NULL, NULL);
        if ((scalar > ' ' && scalar < 0x7F) || (scalar > 0xA0 && scalar < 0x100 && scalar != 0xAD))
            assert_true(width > 0);
    }
    /* the table is in order, or its search would miss some */
    assert_string_equal(font_fallback(0x2026), "...");
    assert_string_equal(font_fallback(0x1F642), ":)");
    assert_string_equal(font_fallback(0x44F), "ya");
    assert_null(font_fallback(0x4E00));
}

static void lines_are_wrapped_between_words(void **state)
{
    char *lines[3];
    (void)state;
    assert_int_equal(canvas_wrap("", 50, lines, 3), 0);
    assert_int_equal(canvas_wrap("   ", 50, lines, 3), 0);
    assert_int_equal(canvas_wrap("one two\nthree", 200, lines, 3), 2);
    assert_string_equal(lines[0], "one two");
    assert_string_equal(lines[1], "three");
    free(lines[0]);
    free(lines[1]);
    assert_int_equal(canvas_wrap("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and more", 50, lines, 3), 3);
    for (int i = 0; i < 3; i++) {
        assert_true(canvas_text_width(lines[i], 1) <= 50);
        assert_int_equal(strcmp(lines[i] + strlen(lines[i]) - 3, "...") == 0, i == 2);
        free(lines[i]);
    }
    /* a character wider than the line is still taken, so that it ends */
    assert_int_equal(canvas_wrap("WWW", 1, lines, 3), 3);
    for (int i = 0; i < 3; i++)
        free(lines[i]);
}

static void every_style_is_a_button(void **state)
{
    struct buf gif = {0};
    int width, height, ink, transparent;
    char status[1500] = "";
    (void)state;
    for (int i = 0; i < 140; i++)
        memcpy(status + 3 * i, "\xC3\x9C ", 4);
    for (int style = 0; style < BUTTON_STYLE_COUNT; style++) {
        assert_int_equal(button_style_by_name(button_style_name((enum button_style)style)), style);
        buf_clear(&gif);
        assert_int_equal(
            button_draw("a_name_of_20_letters", "awake at the wrong hours", status, (enum button_style)style, &gif), 0);
        assert_in_range(decode(&gif, &width, &height, &ink, &transparent), 8, CANVAS_FRAMES_MAX);
        assert_true(width == 88 && height == 31);
        assert_true(gif.size_bytes < 10000);
        buf_clear(&gif);
        assert_int_equal(button_draw("", "", "", (enum button_style)style, &gif), 0);
        assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    }
    assert_int_equal(button_style_by_name("none of them"), -1);
    buf_free(&gif);
}

static void a_card_is_as_high_as_its_words(void **state)
{
    struct buf gif = {0};
    int width, height, taller, ink, transparent;
    const struct card_item items[] = {
        {"potato", "now", "hello"},
        {"", "", "a second thing, which is long enough to need more than a single line of a card"}};
    struct card_look look = {.fg_rgb = 0x1A1825, .bg_rgb = 0xFFFFFF, .link_rgb = 0x4A28F0, .scale = 1};
    (void)state;
    assert_int_equal(card_draw(items, 1, &look, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    assert_int_equal(width, CARD_WIDTH_PX);
    assert_int_equal(transparent, NO_TRANSPARENT_COLOR);
    buf_clear(&gif);
    look.scale = 2;
    look.transparent = 1;
    assert_int_equal(card_draw(items, 2, &look, &gif), 0);
    assert_int_equal(decode(&gif, &width, &taller, &ink, &transparent), 1);
    assert_int_equal(width, 2 * CARD_WIDTH_PX);
    assert_true(taller > 2 * height);
    assert_int_equal(transparent, 0);
    buf_clear(&gif);
    assert_int_equal(card_draw(NULL, 0, &look, &gif), 0);
    assert_int_equal(decode(&gif, &width, &height, &ink, &transparent), 1);
    buf_free(&gif);
}

/* ---- What they look like --------------------------------------------------------------------------- */

/* FNV-1a over the colours of all frames as a viewer shows them, one behind the other. */
static uint64_t look_of(const struct buf *bytes)
{
    struct reader reader = {bytes, 0};
    int fault;
    uint64_t hash = 0xCBF29CE484222325u;
    GifFileType *gif = DGifOpen(&reader, read_bytes, &fault);
    assert_non_null(gif);
    assert_int_equal(DGifSlurp(gif), GIF_OK);
    for (int f = 0; f < gif->ImageCount; f++) {
        const SavedImage *frame = &gif->SavedImages[f];
        const ColorMapObject *map = frame->ImageDesc.ColorMap ? frame->ImageDesc.ColorMap : gif->SColorMap;
        GraphicsControlBlock control = {.TransparentColor = NO_TRANSPARENT_COLOR};
        (void)DGifSavedExtensionToGCB(gif, f, &control);
        for (int i = 0; i < frame->ImageDesc.Width * frame->ImageDesc.Height; i++) {
            const int index = frame->RasterBits[i];
            assert_true(index < map->ColorCount);
            const GifColorType *colour = &map->Colors[index];
            const unsigned char seen[] = {colour->Red, colour->Green, colour->Blue, index == control.TransparentColor};
            for (size_t b = 0; b < sizeof seen; b++)
                hash = (hash ^ seen[b]) * 0x100000001B3u;
        }
        hash = (hash ^ (unsigned)control.DelayTime) * 0x100000001B3u;
    }
    DGifCloseFile(gif, &fault);
    return hash;
}

/* A picture that changes is left as NAME.gif to be looked at; when it is as it should be, its number goes here. */
static void expect_look(const char *name, struct buf *gif, uint64_t look)
{
    uint64_t got = look_of(gif);
    if (got != look) {
        char path[80];
        snprintf(path, sizeof path, "test_badge-%s.gif", name);
        FILE *file = fopen(path, "wb");
        if (file) {
            (void)!fwrite(gif->data, 1, gif->size_bytes, file);
            fclose(file);
        }
        print_error("%s looks like 0x%016llX: see %s\n", name, (unsigned long long)got, path);
    }
    assert_true(got == look);
    buf_clear(gif);
}

static void they_look_as_they_did(void **state)
{
    static const uint64_t buttons[BUTTON_STYLE_COUNT] = {
        [BUTTON_BLOCK] = 0x6FCB258F683A8E0C,    [BUTTON_PLAIN] = 0x48145B3CC4BFC754,
        [BUTTON_NIGHT] = 0x48D3E28DB9E329B2,    [BUTTON_CANDY] = 0x9AB107715190C215,
        [BUTTON_TERMINAL] = 0x48D879E9D6381581, [BUTTON_WINDOW] = 0x2F519516840950A4};
    struct buf gif = {0};
    (void)state;
    for (int style = 0; style < BUTTON_STYLE_COUNT; style++) {
        assert_int_equal(
            button_draw("potato", "awake at 4", "Grüße & more words than fit", (enum button_style)style, &gif), 0);
        expect_look(button_style_name((enum button_style)style), &gif, buttons[style]);
    }
    const struct badge_colours clear = {.fg_rgb = 0xC02040, .transparent = 1};
    assert_int_equal(badge_draw("sleepy, 20 %", &paper, &gif), 0);
    expect_look("badge", &gif, 0x065C78927F28B9BE);
    assert_int_equal(badge_draw("sleepy, 20 %", &clear, &gif), 0);
    expect_look("badge-clear", &gif, 0xDEFB533DF301E1AF);
    const struct card_item items[] = {{"potato", "3 min ago", "hello"},
                                      {"mosquito", "", "a second thing, long enough for two lines of a card"}};
    struct card_look look = {.fg_rgb = 0x1A1825, .bg_rgb = 0xFFFFFF, .link_rgb = 0x4A28F0, .scale = 1};
    assert_int_equal(card_draw(items, 2, &look, &gif), 0);
    expect_look("card", &gif, 0xCACE2F0CE1E9C551);
    look = (struct card_look){.fg_rgb = 0x1A1825, .link_rgb = 0x4A28F0, .scale = 2, .center = 1, .transparent = 1};
    assert_int_equal(card_draw(items, 2, &look, &gif), 0);
    expect_look("card-center", &gif, 0xF489320F2B04109F);
    buf_free(&gif);
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
        cmocka_unit_test(a_badge_is_as_wide_as_its_text),
        cmocka_unit_test(an_empty_badge_is_blank),
        cmocka_unit_test(a_button_takes_turns),
        cmocka_unit_test(accents_and_other_scripts),
        cmocka_unit_test(hostile_text_stays_inside),
        cmocka_unit_test(every_character_can_be_drawn),
        cmocka_unit_test(lines_are_wrapped_between_words),
        cmocka_unit_test(every_style_is_a_button),
        cmocka_unit_test(a_card_is_as_high_as_its_words),
        cmocka_unit_test(they_look_as_they_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
