/*
 * 88×31 buttons: see badge.h. A style is a palette, a painter of the ground and a layout; the words are the same in
 * all. Refuses no text: what is too long becomes more pictures, and after eight of them three dots.
 */
#include "badge.h"

#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "font.h"

enum {
    W = BUTTON_WIDTH_PX,
    H = BUTTON_HEIGHT_PX,
    MOOD_HUNDREDTHS = 300,
    STATUS_HUNDREDTHS = 220,
    STATUS_PAGES_MAX = 8,
    BESIDE_ICON_PX = 55
};

/* Colours of every palette; the last ones are the style's own. */
enum { GROUND = 0, INK = 1, ACCENT = 2, SHADE = 3, NAME = 4, WORDS = 5, OWN_A = 6, OWN_B = 7 };

enum layout {
    LAYOUT_ICON, /* icon, name and mood; then the status over all of it, two lines at a time */
    LAYOUT_TITLE /* the name stays above, the line below changes */
};

/* One basis pattern of the 8×8 DCT, cos(2·(2x+1)π/16)·cos(2·(2y+1)π/16), by its sign: the mark of the house. */
static int block_sign(int x, int y)
{
    static const unsigned char sign[8] = {1, 1, 0, 0, 0, 0, 1, 1};
    return sign[x & 7] == sign[y & 7];
}

static void draw_block(struct canvas *canvas, int left, int top, int scale, unsigned char on, unsigned char off)
{
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            canvas_fill(canvas, left + x * scale, top + y * scale, scale, scale, block_sign(x, y) ? on : off);
}

/* Pixels of a drawing: rows of letters, "." is nothing, others are looked up in key. */
static void draw_pixels(struct canvas *canvas, int left, int top, const char *const *rows, int row_count,
                        const char *key, const unsigned char *colours)
{
    for (int y = 0; y < row_count; y++)
        for (int x = 0; rows[y][x]; x++) {
            const char *at = strchr(key, rows[y][x]);
            if (at)
                canvas_set(canvas, left + x, top + y, colours[at - key]);
        }
}

/* A gradient from above to below in ordered dither. */
static void dither_down(struct canvas *canvas, int x, int y, int w, int h, unsigned char from, unsigned char to)
{
    static const unsigned char order[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    for (int j = 0; j < h; j++)
        for (int i = 0; i < w; i++)
            canvas_set(canvas, x + i, y + j, j * 16 > order[j & 3][i & 3] * h + h / 2 ? to : from);
}

static void dither_right(struct canvas *canvas, int x, int y, int w, int h, unsigned char from, unsigned char to)
{
    static const unsigned char order[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
    for (int j = 0; j < h; j++)
        for (int i = 0; i < w; i++)
            canvas_set(canvas, x + i, y + j, i * 16 > order[j & 3][i & 3] * w + w / 2 ? to : from);
}

/* ---- Styles ------------------------------------------------------------------------------------- */

static void paint_block(struct canvas *canvas, int with_icon)
{
    canvas_fill(canvas, 0, 0, W, H, GROUND);
    if (with_icon) {
        canvas_fill(canvas, 2, 2, 27, 27, SHADE);
        draw_block(canvas, 3, 3, 3, ACCENT, OWN_A);
        canvas_fill(canvas, 29, 2, 1, 27, INK);
    } else {
        canvas_fill(canvas, 2, 2, W - 4, 2, ACCENT);
        canvas_fill(canvas, 2, H - 4, W - 4, 2, ACCENT);
    }
    canvas_frame(canvas, 0, 0, W, H, INK);
    canvas_bevel(canvas, 1, 1, W - 2, H - 2, OWN_B, SHADE);
}

static void paint_plain(struct canvas *canvas, int with_icon)
{
    canvas_fill(canvas, 0, 0, W, H, GROUND);
    canvas_frame(canvas, 0, 0, W, H, INK);
    if (with_icon) {
        draw_block(canvas, 4, 4, 3, INK, GROUND);
        canvas_fill(canvas, 30, 0, 1, H, INK);
    }
}

static void paint_night(struct canvas *canvas, int with_icon)
{
    static const char *const moon[] = {".....yyyyy......", "...yyyyyyyyy....", "..yyyyyy........", ".yyyyyy.........",
                                       ".yyyyy..........", "yyyyy...........", "yyyyy...........", "yyyyy...........",
                                       "yyyyy...........", "yyyyyy.........y", ".yyyyyy.......yy", ".yyyyyyyy..yyyy.",
                                       "..yyyyyyyyyyyy..", "...yyyyyyyyyy...", ".....yyyyyy....."};
    static const unsigned char stars[][2] = {{5, 4},   {24, 6}, {27, 25}, {35, 3},  {52, 27}, {61, 4},
                                             {72, 26}, {82, 5}, {84, 22}, {44, 28}, {13, 27}, {77, 3},
                                             {48, 2},  {21, 3}, {66, 28}, {32, 27}, {6, 24}};
    const unsigned char yellow = ACCENT;
    dither_down(canvas, 0, 0, W, H, SHADE, GROUND);
    for (size_t i = 0; i < sizeof stars / sizeof stars[0]; i++)
        canvas_set(canvas, stars[i][0], stars[i][1], i % 3 ? OWN_A : ACCENT);
    if (with_icon)
        draw_pixels(canvas, 8, 8, moon, sizeof moon / sizeof moon[0], "y", &yellow);
    canvas_frame(canvas, 0, 0, W, H, OWN_B);
}

static void paint_candy(struct canvas *canvas, int with_icon)
{
    static const char *const heart[] = {"..kkkk...kkkk..", ".kwwrrk.krrrrk.", "kwwrrrrkrrrrrrk", "kwrrrrrrrrrrrrk",
                                        "krrrrrrrrrrrrrk", "krrrrrrrrrrrrdk", ".krrrrrrrrrrdk.", "..krrrrrrrrdk..",
                                        "...krrrrrrdk...", "....krrrrdk....", ".....krrdk.....", "......kdk......",
                                        ".......k......."};
    const unsigned char colours[] = {INK, OWN_B, ACCENT, SHADE};
    dither_down(canvas, 0, 0, W, H, OWN_B, GROUND);
    for (int x = -H; x < W; x += 8) /* stripes of sugar along the edges */
        for (int i = 0; i < 4; i++) {
            canvas_fill(canvas, x + i, 1, 1, 2, ACCENT);
            canvas_fill(canvas, x + i + 4, H - 3, 1, 2, ACCENT);
        }
    if (with_icon)
        draw_pixels(canvas, 8, 9, heart, sizeof heart / sizeof heart[0], "kwrd", colours);
    canvas_frame(canvas, 0, 0, W, H, INK);
}

static void paint_terminal(struct canvas *canvas, int with_icon)
{
    canvas_fill(canvas, 0, 0, W, H, GROUND);
    for (int y = 2; y < H; y += 2) /* lines of the tube */
        canvas_fill(canvas, 1, y, W - 2, 1, SHADE);
    if (with_icon) {
        canvas_frame(canvas, 5, 6, 20, 15, ACCENT);
        canvas_frame(canvas, 6, 7, 18, 13, OWN_A);
        canvas_fill(canvas, 11, 22, 8, 1, ACCENT);
        canvas_fill(canvas, 8, 24, 14, 1, ACCENT);
        canvas_text(canvas, ">_", 9, 6, 20, 1, INK);
    }
    canvas_bevel(canvas, 0, 0, W, H, OWN_A, OWN_A);
}

static void paint_window(struct canvas *canvas, int with_icon)
{
    (void)with_icon;
    canvas_fill(canvas, 0, 0, W, H, GROUND);
    canvas_bevel(canvas, 0, 0, W, H, OWN_B, INK);
    canvas_bevel(canvas, 1, 1, W - 2, H - 2, OWN_B, SHADE);
    dither_right(canvas, 3, 3, W - 6, 11, ACCENT, OWN_A);
    canvas_fill(canvas, W - 13, 4, 9, 9, GROUND); /* the button that closes nothing */
    canvas_bevel(canvas, W - 13, 4, 9, 9, OWN_B, INK);
    for (int i = 0; i < 5; i++) {
        canvas_set(canvas, W - 11 + i, 6 + i, INK);
        canvas_set(canvas, W - 7 - i, 6 + i, INK);
    }
    canvas_fill(canvas, 3, 15, W - 6, 13, OWN_B);
    canvas_bevel(canvas, 3, 15, W - 6, 13, SHADE, GROUND);
}

static const struct style {
    const char *name;
    enum layout layout;
    void (*paint)(struct canvas *canvas, int with_icon);
    uint32_t palette_rgb[CANVAS_COLOURS]; /* ground, ink, accent, shade, name, words, two of its own */
} styles[BUTTON_STYLE_COUNT] = {
    [BUTTON_BLOCK] = {"block",
                      LAYOUT_ICON,
                      paint_block,
                      {0xF4F2FF, 0x1A1825, 0x4A28F0, 0xC6C0E8, 0x4A28F0, 0x1A1825, 0xD9F56B, 0xFFFFFF}},
    [BUTTON_PLAIN] = {"plain",
                      LAYOUT_ICON,
                      paint_plain,
                      {0xFFFFFF, 0x000000, 0x000000, 0xFFFFFF, 0x000000, 0x000000, 0x000000, 0xFFFFFF}},
    [BUTTON_NIGHT] = {"night",
                      LAYOUT_ICON,
                      paint_night,
                      {0x3A2A6B, 0xEAE8F2, 0xFFE08A, 0x110F1C, 0xFFE08A, 0xEAE8F2, 0x9B8CE0, 0x6B5BC4}},
    [BUTTON_CANDY] = {"candy",
                      LAYOUT_ICON,
                      paint_candy,
                      {0xFFB3D1, 0x7A1040, 0xFF4F8B, 0xC2185B, 0xC2185B, 0x7A1040, 0xFFFFFF, 0xFFF0F6}},
    [BUTTON_TERMINAL] = {"terminal",
                         LAYOUT_ICON,
                         paint_terminal,
                         {0x04140A, 0x4CFF88, 0x1FA85A, 0x06200F, 0xB8FFD0, 0x4CFF88, 0x0F5E31, 0x4CFF88}},
    [BUTTON_WINDOW] = {"window",
                       LAYOUT_TITLE,
                       paint_window,
                       {0xC3C3C3, 0x000000, 0x000084, 0x848484, 0xFFFFFF, 0x000000, 0x1084D0, 0xFFFFFF}},
};

int button_style_by_name(const char *name)
{
    for (int i = 0; i < BUTTON_STYLE_COUNT; i++)
        if (strcmp(name, styles[i].name) == 0)
            return i;
    return -1;
}

const char *button_style_name(enum button_style style)
{
    return styles[style].name;
}

/* ---- Pictures ----------------------------------------------------------------------------------- */

struct reel {
    struct canvas frames[CANVAS_FRAMES_MAX];
    int hundredths[CANVAS_FRAMES_MAX];
    int count;
};

static struct canvas *next_frame(struct reel *reel, const struct style *style, int with_icon, int hundredths)
{
    if (reel->count == CANVAS_FRAMES_MAX || canvas_init(&reel->frames[reel->count], W, H))
        return NULL;
    reel->hundredths[reel->count] = hundredths;
    style->paint(&reel->frames[reel->count], with_icon);
    return &reel->frames[reel->count++];
}

static void centred(struct canvas *canvas, const char *text, int left, int right, int y, unsigned char colour)
{
    int width = canvas_text_width(text, 1), room = right - left;
    width = width < room ? width : room;
    canvas_text(canvas, text, left + (room - width) / 2, y, room, 1, colour);
}

/* The name above, a line below it; both beside the icon, or title and field of a window. */
static int add_named(struct reel *reel, const struct style *style, const char *name, const char *line, int hundredths)
{
    int with_icon = canvas_text_width(name, 1) <= BESIDE_ICON_PX; /* a long name is worth more than an icon */
    struct canvas *canvas = next_frame(reel, style, with_icon, hundredths);
    if (!canvas)
        return -1;
    int left = with_icon ? W - 3 - BESIDE_ICON_PX : 4;
    if (style->layout == LAYOUT_TITLE) {
        canvas_text(canvas, name, 6, 1, W - 22, 1, NAME);
        centred(canvas, line, 5, W - 5, 15, WORDS);
    } else {
        centred(canvas, name, left, W - 3, *line ? 2 : 8, NAME);
        centred(canvas, line, left, W - 3, 15, WORDS);
    }
    return 0;
}

static int add_status(struct reel *reel, const struct style *style, const char *name, const char *status)
{
    const int per_page = style->layout == LAYOUT_TITLE ? 1 : 2;
    char *lines[2 * STATUS_PAGES_MAX] = {0};
    int count = canvas_wrap(status, W - 10, lines, per_page * STATUS_PAGES_MAX), failed = 0;
    for (int i = 0; i < count && !failed; i += per_page) {
        if (per_page == 1) {
            failed = add_named(reel, style, name, lines[i], STATUS_HUNDREDTHS);
            continue;
        }
        struct canvas *canvas = next_frame(reel, style, 0, STATUS_HUNDREDTHS);
        int is_pair = i + 1 < count;
        failed = !canvas;
        if (canvas) {
            centred(canvas, lines[i], 4, W - 4, is_pair ? 3 : 9, WORDS);
            if (is_pair)
                centred(canvas, lines[i + 1], 4, W - 4, 15, WORDS);
        }
    }
    for (int i = 0; i < count; i++)
        free(lines[i]);
    return failed;
}

static int add_mood(struct reel *reel, const struct style *style, const char *name, const char *mood)
{
    char *lines[3] = {0};
    int room = style->layout == LAYOUT_TITLE ? W - 10 : W - 35, failed = 0;
    int count = canvas_wrap(mood, room, lines, 3);
    if (!count)
        failed = add_named(reel, style, name, "", MOOD_HUNDREDTHS);
    for (int i = 0; i < count && !failed; i++)
        failed = add_named(reel, style, name, lines[i], MOOD_HUNDREDTHS);
    for (int i = 0; i < count; i++)
        free(lines[i]);
    return failed;
}

int button_draw(const char *name, const char *mood, const char *status, enum button_style style, struct buf *ret_gif)
{
    struct reel reel = {0};
    const struct style *look = &styles[style];
    int failed = add_mood(&reel, look, name, mood);
    if (!failed)
        failed = add_status(&reel, look, name, status);
    if (!failed)
        failed = canvas_write_gif(reel.frames, reel.hundredths, reel.count, look->palette_rgb, CANVAS_OPAQUE, ret_gif);
    for (int i = 0; i < reel.count; i++)
        canvas_free(&reel.frames[i]);
    return failed ? -1 : 0;
}
