/*
 * Badges and buttons: small GIFs with words, for people's own pages and signatures.
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

/*
 * A badge of one line, BADGE_HEIGHT_PX high and as wide as its text (UTF-8, cut at BADGE_MAX_WIDTH_PX). An
 * empty text gives a blank badge. Appends a GIF89a to ret_gif. Returns 0, or -1 without memory (ret_gif as before).
 */
int badge_draw(const char *text, const struct badge_colours *colours, struct buf *ret_gif);

enum button_style { BUTTON_BLOCK = 0, BUTTON_PLAIN, BUTTON_NIGHT, BUTTON_STYLE_COUNT };

/* "block", "plain", "night"; -1 for others. */
int button_style_by_name(const char *name);

/*
 * An 88×31 button with the name above and one of two lines below, taking turns every three seconds; a single
 * picture when second is NULL or empty. Appends a GIF89a to ret_gif; 0 or -1 as above.
 */
int button_draw(const char *name, const char *first, const char *second, enum button_style style, struct buf *ret_gif);

#endif
