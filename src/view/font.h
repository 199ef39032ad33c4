/*
 * The bitmap font of badges and buttons: ASCII and Latin-1, 7 pixels above the baseline, proportional.
 * Other characters fall back to words and signs that read the same (fallback.c), else to what they decompose to (NFKD);
 * emoji without a word are left out, letters of other scripts become a box.
 */
#ifndef PICLOG_VIEW_FONT_H
#define PICLOG_VIEW_FONT_H

#include <stdint.h>

enum {
    FONT_ABOVE_PX = 10, /* capital with an accent, above the baseline */
    FONT_BELOW_PX = 2,  /* descender */
    FONT_HEIGHT_PX = FONT_ABOVE_PX + FONT_BELOW_PX
};

/* Called for every pixel set, x from 0, y from 0 (top of the accents) to FONT_HEIGHT_PX - 1. */
typedef void (*font_plot)(void *context, int x, int y);

/*
 * Draws UTF-8 text (invalid bytes are skipped) from the left, as many whole characters as fit in max_width_px.
 * plot may be NULL to measure only. Returns the width used in pixels. Thread-safe.
 */
int font_draw(const char *utf8, int max_width_px, font_plot plot, void *context);

/* ASCII that stands for a character without a glyph, at most 15 bytes; NULL when there is none. */
const char *font_fallback(uint32_t scalar);

#endif
