/*
 * The working picture: what every decoder produces and the encoder consumes.
 *
 * Planes are 8-bit full-range BT.601 YCbCr as in JFIF (ITU-T T.871), upright, sRGB transfer. Chroma
 * is either as large as luma (4:4:4) or half in both directions, rounded up (4:2:0). A gray picture
 * has no chroma planes (px == NULL). What is scaled or computed keeps a second byte of each sample, as rounding to
 * whole levels costs smooth skies up to two points; whatever works on px alone must reset or drop fine.
 */
#ifndef PICLOG_CRUSH_PIXELS_PICTURE_H
#define PICLOG_CRUSH_PIXELS_PICTURE_H

#include "crush.h"

struct plane {
    uint8_t *px;   /* rows of stride_bytes; NULL: plane absent */
    uint8_t *fine; /* a sample is px + (fine - 128) / 256; rows as px, a block of its own. NULL: it is just px */
    uint32_t width_px;
    uint32_t height_px;
    size_t stride_bytes;
};

enum { FINE_NONE = 128 }; /* px is the sample */

enum { PLANE_Y = 0, PLANE_CB = 1, PLANE_CR = 2, PLANE_COUNT = 3 };

struct crush_picture {
    crush_info info;
    struct plane planes[PLANE_COUNT];
    int chroma_444;           /* 1: chroma as large as luma */
    int may_halve;            /* 1: it is, and the encoder chooses; 0: what there is is written */
    int source_fits;          /* 1: a complete JPEG that fits as it is; its coefficients may be kept */
    unsigned char *rewritten; /* the source's coefficients as our own clean JPEG, or NULL */
    size_t rewritten_bytes;
    int rewritten_quality;
    int rewritten_progressive;
};

/* Allocates one plane, rows padded to 64 bytes; CRUSH_ENOMEM leaves *plane empty. plane_free takes empty ones. */
CRUSH_MUST_USE crush_status plane_alloc(struct plane *plane, uint32_t width_px, uint32_t height_px);
/* The same with fine, which the caller fills as it fills px; and fine for a plane that has none. */
CRUSH_MUST_USE crush_status plane_alloc_fine(struct plane *plane, uint32_t width_px, uint32_t height_px);
CRUSH_MUST_USE crush_status plane_add_fine(struct plane *plane);
/* What is left are whole levels. */
void plane_drop_fine(struct plane *plane);
void plane_free(struct plane *plane);

/* From 65536 times a sample to its px and fine; what lies outside is clamped to 0 … 255. */
static inline void plane_split(int32_t sum, uint8_t *ret_px, uint8_t *ret_fine)
{
    const int32_t low = sum < 0 ? 0 : sum, clamped = low < 255 << 16 ? low : 255 << 16,
                  both = (clamped >> 8) + FINE_NONE;
    *ret_px = (uint8_t)(both >> 8);
    *ret_fine = (uint8_t)both;
}

/* Marks words of a reason that no crush_fail has as a literal: tools/po/update gathers them for translators. */
#define N_(text) text

/* Fills ret_error (may be NULL) and returns status, so that failing is one line: return crush_fail(err, CRUSH_…, "…").
   Whoever shows it in another language finds the format again by its words: see base/reason.h. */
crush_status crush_fail(crush_error *ret_error, crush_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
crush_status crush_fail_limit(crush_error *ret_error, crush_limit limit, uint64_t value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
