/*
 * From samples of 16 bits to sRGB bytes by way of linear light: a curve for each channel, a matrix from one set of
 * primaries to the other, for high dynamic range a tone curve, and sRGB's own curve. For sources that would lose by
 * being cut to 8 bits first, and for those whose colours a few code points describe (cicp.h).
 */
#ifndef PICLOG_CRUSH_PIXELS_LIGHT_H
#define PICLOG_CRUSH_PIXELS_LIGHT_H

#include <stddef.h>
#include <stdint.h>

/* CIE xy of white, red, green, blue. */
struct light_primaries {
    double xy[8];
};
extern const struct light_primaries light_primaries_srgb, light_primaries_bt2020;

enum light_range {
    LIGHT_STANDARD,     /* 1 is white */
    LIGHT_HIGH,         /* 1 is the white of paper (203 cd/m², BT.2408), more is brighter */
    LIGHT_HIGH_OF_SCENE /* of a scene as HLG has it: the display's part (OOTF, BT.2100) is still to come */
};

/* A channel's linear light for a coded value of 0 to 1. context is what light_open was given for the channel. */
typedef double light_curve(const void *context, double v);

struct light;

/* Linear RGB of the first primaries to linear RGB of the second; whites are adapted (Bradford). 0: no such matrix. */
int light_matrix(const struct light_primaries *from, const struct light_primaries *to, double ret_matrix[3][3]);

/*
 * curve and contexts say what the coded values of red, green and blue mean; to_linear makes of it linear RGB: of sRGB
 * for LIGHT_STANDARD, else of BT.2020. NULL: no memory. The caller frees: light_close(). Cost: 12 000 calls of curve,
 * 80 kB.
 */
struct light *light_open(light_curve *curve, const void *const contexts[3], const double to_linear[3][3],
                         enum light_range range);

/*
 * For high range: how bright the picture gets (cLLI, clli) or the display that it was made on (mDCV, mdcv), which is
 * the second best to know; 1000 cd/m² if nothing says it.
 */
void light_set_peak(struct light *light, double peak_cd_m2);

/* Frees; NULL is allowed. */
void light_close(struct light *light);

/*
 * count pixels of 1 (gray), 2 (gray and opacity), 3 (RGB) or 4 channels (RGB and opacity), 65535 is full, to as many
 * bytes of the same kind. What does not fit into sRGB is clipped for each channel; opacity is only rounded. In place is
 * not allowed. Thread-safe. Cost: some 5 ns a pixel of standard, 20 ns of high range.
 */
void light_convert(const struct light *light, const uint16_t *in, int channels, size_t count, uint8_t *ret_out);

/* The same from bytes; in place is allowed. */
void light_convert_bytes(const struct light *light, const uint8_t *in, int channels, size_t count, uint8_t *ret_out);

#endif
