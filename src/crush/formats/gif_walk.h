/*
 * The blocks of a GIF, one frame after the other: what stands before the pixels of each. No pixel is decoded and no
 * memory taken. Source: GIF89a, and the Netscape extension for loops.
 */
#ifndef PICLOG_CRUSH_FORMATS_GIF_WALK_H
#define PICLOG_CRUSH_FORMATS_GIF_WALK_H

#include <stddef.h>
#include <stdint.h>

struct gif_frame {
    uint32_t left_px, top_px, width_px, height_px;
    int interlaced, transparent; /* index; -1: none */
    int disposal;                /* as it stands in the file, 0..7 */
    uint32_t delay_cs;
    const uint8_t *palette; /* its own or the common one; NULL: there is none */
    uint32_t palette_count;
    size_t data_at; /* where gif_lzw begins */
};

struct gif_walk {
    const uint8_t *data;
    size_t size, at;
    uint32_t width_px, height_px; /* of the screen */
    const uint8_t *palette;       /* the common one; NULL: there is none */
    uint32_t palette_count;
    uint32_t plays; /* how often the animation runs, 0: without end; as far as the walk has come */
};

enum gif_step { GIF_FRAME = 0, GIF_END, GIF_CUT /* in the middle of a frame's header */ };

/* 0: there is no usable header. data must outlive the walk. */
int gif_walk_begin(const uint8_t *data, size_t size_bytes, struct gif_walk *ret_walk);

/* The next frame; bytes between blocks that begin none are passed over. Outputs only for GIF_FRAME. */
enum gif_step gif_walk_next(struct gif_walk *walk, struct gif_frame *ret_frame);

/* Passes over the pixels of the frame that came last. */
void gif_walk_skip(struct gif_walk *walk);

/* 256 colours, RGBA: those that a palette lacks are black, and without any palette indices are shades of gray. */
void gif_frame_palette(const struct gif_frame *frame, uint8_t ret_rgba[256 * 4]);

#endif
