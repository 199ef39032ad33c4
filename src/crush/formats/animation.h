/*
 * The frames of an animation, each composed on its canvas as browsers show it. The frames' headers are read at once,
 * pixels when they are asked for: in memory are the canvas, one frame, and what is put back after one.
 *
 *     animation_open() → animation_compose(0), animation_compose(1), …  → animation_close()
 */
#ifndef PICLOG_CRUSH_FORMATS_ANIMATION_H
#define PICLOG_CRUSH_FORMATS_ANIMATION_H

#include "crush/pixels/colour.h"

/* What happens to the canvas when a frame's time is over. */
enum animation_disposal { ANIMATION_KEEP = 0, ANIMATION_CLEAR /* its place */, ANIMATION_RESTORE /* what was there */ };

struct animation_frame {
    uint32_t left_px, top_px, width_px, height_px; /* may reach beyond the canvas, and be nothing */
    uint32_t duration_ms;                          /* as browsers show it, at least 11 */
    uint8_t disposal;
    uint8_t over;       /* 1: what is transparent shows what was there; 0: it replaces it */
    uint8_t opaque;     /* 1: surely nothing in it is transparent */
    uint8_t interlaced; /* 1: rows below the canvas are decoded too, since others come after them */
    size_t at;          /* where its format finds it */
};

struct animation {
    const uint8_t *data;
    size_t size;
    const crush_limits *limits;
    crush_format format;
    uint32_t width_px, height_px; /* of the canvas */
    struct animation_frame *frames;
    uint32_t count, room;
    uint32_t plays;  /* how often it runs; 0: without end */
    int has_alpha;   /* something of the canvas may show through; known when a frame has been composed */
    int truncated;   /* the file ended early, or a frame could not be decoded and left what was there */
    int orientation; /* EXIF 1..8 */
    uint8_t *canvas; /* RGBA rows, opacity not multiplied, of the frame composed last */
    uint32_t next;   /* the frame to compose; what stands on the canvas is the one before */
    int fresh;       /* the frame before next is not on the canvas: there is nothing to dispose of */
    uint8_t *saved;  /* what the frame on the canvas covered, if that comes back */
    uint32_t drawn;  /* frames of which something was decoded */
    void *state;     /* the format's */
    /* Colours, for who uses the canvas: a profile (points into data, or to own_profile), or gamma, or a light. */
    const uint8_t *profile;
    size_t profile_bytes;
    uint8_t *own_profile;
    double gamma, primaries[8];
    int has_gamma, has_primaries;
    struct light *light; /* converts rows; NULL: none */
};

/*
 * Reads the frames' headers of a GIF, WebP or PNG; data must outlive the animation, limits too. A picture that does not
 * move has one frame or none. Errors: CRUSH_ECORRUPT, CRUSH_ELIMIT (frames, pixels, also of all frames together, side,
 * memory), CRUSH_ENOMEM,
 * CRUSH_EUNSUPPORTED for other formats. On success the caller closes it.
 */
CRUSH_MUST_USE crush_status animation_open(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                           struct animation **ret_animation, crush_error *ret_error);

/*
 * Puts frame `index` on the canvas, starting anew where that lies behind. Frames between are composed as well, unless
 * one hides them all or they are put back. Errors: CRUSH_ENOMEM, CRUSH_ELIMIT; of damage the canvas keeps what was
 * there, and truncated is set.
 */
CRUSH_MUST_USE crush_status animation_compose(struct animation *animation, uint32_t index, crush_error *ret_error);

/* The conversion to sRGB that what was made of the canvas needs; NULL: none. The caller frees: colour_close(). */
struct colour *animation_colour(const struct animation *animation);

/* How many frames a file has; at most limits.max_frames are counted, and 1 where it is no animation that is read. */
uint32_t animation_count(const uint8_t *data, size_t size_bytes, const crush_limits *limits);

/* Frees; NULL is allowed. */
void animation_close(struct animation *animation);

/* ---- For the formats: animation_gif.c, animation_webp.c, animation_png.c ---- */

/* Adds a frame; its duration is what stands in the file, and becomes what browsers make of it. */
CRUSH_MUST_USE crush_status animation_add(struct animation *animation, const struct animation_frame *frame,
                                          crush_error *ret_error);

/* Lays count RGBA pixels of a frame over the canvas, from column x and row y of the canvas on; what is outside is lost.
 */
void animation_put(struct animation *animation, const struct animation_frame *frame, uint32_t x, uint32_t y,
                   const uint8_t *rgba, uint32_t count);

/* The same from a palette (RGBA) of opaque colours; pixels of index `transparent` (-1: none) leave what was there. */
void animation_put_indices(struct animation *animation, uint32_t x, uint32_t y, const uint8_t *indices,
                           const uint8_t palette[256 * 4], int transparent, uint32_t count);

/* Begin reads all headers; draw decodes one frame, of which something lies on the canvas, *ret_drawn: 1 if anything of
 * it came; what did not sets truncated. End frees state; it may be
 * NULL. */
crush_status animation_gif_begin(struct animation *animation, crush_error *ret_error);
crush_status animation_gif_draw(struct animation *animation, const struct animation_frame *frame, int *ret_drawn,
                                crush_error *ret_error);
void animation_gif_end(struct animation *animation);
crush_status animation_webp_begin(struct animation *animation, crush_error *ret_error);
crush_status animation_webp_draw(struct animation *animation, const struct animation_frame *frame, int *ret_drawn,
                                 crush_error *ret_error);
void animation_webp_end(struct animation *animation);
crush_status animation_png_begin(struct animation *animation, crush_error *ret_error);
crush_status animation_png_draw(struct animation *animation, const struct animation_frame *frame, int *ret_drawn,
                                crush_error *ret_error);
void animation_png_end(struct animation *animation);

#endif
