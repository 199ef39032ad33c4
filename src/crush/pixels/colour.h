/*
 * ICC colour management of small pictures, by rows. Source: ICC.1:2010 (profile version 4) through lcms2.
 */
#ifndef PICLOG_CRUSH_PIXELS_COLOUR_H
#define PICLOG_CRUSH_PIXELS_COLOUR_H

#include "crush/pixels/light.h"
#include "crush/pixels/picture.h"

/* What a decoder delivers, before anything is done about profile and transparency. */
enum colour_model {
    COLOUR_GRAY, /* one plane */
    COLOUR_YCC,  /* three, of RGB under the profile */
    COLOUR_RGB,  /* three */
    COLOUR_CMYK, /* four, 255 is no ink (as Adobe writes it) */
};

struct colour;

/*
 * Opens a source's profile for conversion to sRGB. NULL when there is nothing to do or nothing can be done:
 * the profile is sRGB in effect, is of another colour model, or is broken. Gray may have a profile of RGB, as browsers
 * have it: it stands for three equal channels. CMYK without a usable profile
 * is converted by colour_rgb_from_cmyk. data is not needed afterwards. The caller frees: colour_close().
 */
struct colour *colour_open_icc(const uint8_t *data, size_t size_bytes, enum colour_model model);

/*
 * The same for a PNG that has no profile but gamma and perhaps primaries (CIE xy of white, red, green, blue; NULL:
 * those of sRGB). gamma as in PNG's gAMA, e.g. 0.45455; any that is more than 0. NULL where that is sRGB in effect.
 */
struct colour *colour_open_gamma(double gamma, const double xy[8], enum colour_model model);

/*
 * The same two for rows of 16 bits, which dark colours of a steep gamma need: gray or RGB to sRGB by light_convert.
 * NULL also for profiles that are more than curves and a matrix; those are left to colour_open_icc and 8 bits. The
 * caller frees: light_close().
 */
struct light *colour_light_icc(const uint8_t *data, size_t size_bytes, enum colour_model model);
struct light *colour_light_gamma(double gamma, const double xy[8], enum colour_model model);

/* Frees; NULL is allowed. */
void colour_close(struct colour *colour);

/* Converts count pixels: gray (1 byte), RGB (3) or CMYK (4) in, sRGB (3) out; RGB may be converted in place. */
void colour_convert(const struct colour *colour, const uint8_t *in, size_t count, uint8_t *ret_rgb);

/* The plain conversion for CMYK without a profile; 255 is no ink. */
void colour_rgb_from_cmyk(const uint8_t *cmyk, size_t count, uint8_t *ret_rgb);

#endif
