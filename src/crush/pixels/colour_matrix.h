/*
 * The common kind of profile (Display P3, Adobe RGB: three curves and a matrix) to sRGB by tables of our own: making
 * an lcms2 transform takes longer than decoding a small picture. Everything else is lcms2's: colour.c.
 */
#ifndef PICLOG_CRUSH_PIXELS_COLOUR_MATRIX_H
#define PICLOG_CRUSH_PIXELS_COLOUR_MATRIX_H

#include <stddef.h>
#include <stdint.h>

#include <lcms2.h>

#include "crush/pixels/srgb.h"

enum { COLOUR_ROW_BITS = 12 };

struct colour_matrix {
    int32_t linear[3][256];               /* what a byte stands for, of 2^14 */
    int32_t row[3][3];                    /* linear RGB to linear sRGB, of 2^12 */
    uint8_t encoded[SRGB_LINEAR_ONE + 1]; /* linear to sRGB bytes */
};

/* The curves (the profile's own) of a profile of three curves and a matrix, and the rows that make linear sRGB of
 * linear RGB. 0: it is another kind, or its numbers are out of range; what was to be returned is then undefined. */
int colour_matrix_read(cmsHPROFILE profile, const cmsToneCurve *ret_curves[3], double ret_rows[3][3]);

/* From a profile of three curves and a matrix. 0: it is another kind, or its numbers are out of range. */
int colour_matrix_make(cmsHPROFILE profile, struct colour_matrix *ret_matrix);

/* Interleaved RGB in and out. Out of gamut is clipped for each channel, as lcms2 does it. */
void colour_matrix_convert(const struct colour_matrix *matrix, const uint8_t *rgb, size_t count, uint8_t *ret_rgb);

#endif
