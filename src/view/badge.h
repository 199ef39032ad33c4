/*
 * Badges, buttons and cards: small GIFs with words, for people's own pages and signatures. Texts are UTF-8; what the
 * font cannot draw falls back (font.h). All append a GIF89a to ret_gif and return 0, or -1 without memory (ret_gif as
 * before). Thread-safe.
 */
#ifndef PICLOG_VIEW_BADGE_H
#define PICLOG_VIEW_BADGE_H

#include <stdint.h>

#include "base/buf.h"

enum { BADGE_HEIGHT_PX = 15, BADGE_MAX_WIDTH_PX = 400, BUTTON_WIDTH_PX = 88, BUTTON_HEIGHT_PX = 31 };

struct badge_colours {
    uint32_t fg_rgb, bg_rgb; /* 0xRRGGBB */
    int transparent;         /* 1: the ground is left out, and with it the border */
};

/* A badge of one line, BADGE_HEIGHT_PX high and as wide as its text, cut at BADGE_MAX_WIDTH_PX. An empty text gives a
   blank badge. */
int badge_draw(const char *text, const struct badge_colours *colours, struct buf *ret_gif);

enum button_style {
    BUTTON_BLOCK = 0,
    BUTTON_PLAIN,
    BUTTON_NIGHT,
    BUTTON_CANDY,
    BUTTON_TERMINAL,
    BUTTON_WINDOW,
    BUTTON_STYLE_COUNT
};

/* "block", "plain", "night", "candy", "terminal", "window"; -1 for others. */
int button_style_by_name(const char *name);
const char *button_style_name(enum button_style style);

/*
 * An 88×31 button with a name: first the mood, then the status in as many pictures as its words need (at most eight),
 * in turns. A single picture when there is only one thing to say; empty texts are left out.
 */
int button_draw(const char *name, const char *mood, const char *status, enum button_style style, struct buf *ret_gif);

/* One thing on a card. Empty texts are left out. */
struct card_item {
    const char *name, *when, *text;
};

enum { CARD_ITEMS_MAX = 8, CARD_WIDTH_PX = 240, CARD_SCALE_MAX = 4 };

struct card_look {
    uint32_t fg_rgb, bg_rgb, link_rgb;
    int transparent; /* as above */
    int scale;       /* 1 … CARD_SCALE_MAX: pixels for a dot of the font; the card is CARD_WIDTH_PX × scale wide */
    int center;
};

/* A card with up to CARD_ITEMS_MAX items below each other, as high as they need. Without items: "Nothing yet." */
int card_draw(const struct card_item *items, int item_count, const struct card_look *look, struct buf *ret_gif);

#endif
