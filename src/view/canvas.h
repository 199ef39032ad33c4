/*
 * A small picture of a few colours with words on it, and how it becomes a GIF: what badges, buttons and cards are
 * drawn on. Everything is clipped; nothing here trusts a coordinate or a text.
 */
#ifndef PICLOG_VIEW_CANVAS_H
#define PICLOG_VIEW_CANVAS_H

#include <stdint.h>

#include "base/buf.h"

enum { CANVAS_COLOURS = 8, CANVAS_FRAMES_MAX = 12, CANVAS_OPAQUE = -1 };

struct canvas {
    int width_px, height_px;
    unsigned char *px; /* indexes of colours, row by row */
};

/* Filled with colour 0. -1 without memory. */
int canvas_init(struct canvas *canvas, int width_px, int height_px) __attribute__((warn_unused_result));
void canvas_free(struct canvas *canvas);

void canvas_set(struct canvas *canvas, int x, int y, unsigned char colour);
void canvas_fill(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char colour);
/* A line of one pixel around the rectangle, inside of it. */
void canvas_frame(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char colour);
/* Edges of one pixel that let the rectangle stand out (or, swapped, lie deeper). */
void canvas_bevel(struct canvas *canvas, int x, int y, int width_px, int height_px, unsigned char light,
                  unsigned char dark);

/* One line of UTF-8 with its top left corner there (FONT_HEIGHT_PX high), each dot scale × scale pixels, cut at
   max_width_px. Returns the width used. */
int canvas_text(struct canvas *canvas, const char *text, int x, int y, int max_width_px, int scale,
                unsigned char colour);
/* How wide that would be. */
int canvas_text_width(const char *text, int scale);

/*
 * Breaks a text into lines of at most width_px (scale 1), between words where it can, at most most of them. Each line
 * is malloc'd: free them. What does not fit ends in "...". Returns how many.
 */
int canvas_wrap(const char *text, int width_px, char **ret_lines, int most);

/*
 * Appends a GIF89a of these frames (all of one size), each shown for hundredths[i] hundredths of a second, again and
 * again; hundredths may be NULL for a single frame. transparent: a colour, or CANVAS_OPAQUE. 0, or -1 without memory.
 */
int canvas_write_gif(const struct canvas *frames, const int *hundredths, int frame_count,
                     const uint32_t palette_rgb[CANVAS_COLOURS], int transparent, struct buf *ret_gif);

#endif
