/*
 * How a JPEG looks beside a reference: the mean SSIMULACRA2 of two crops, by (3, 5) and by (6, 2) pixels, so that the
 * measure's own pyramid does not line up with the 8×8 blocks of JPEG, which flatters some encoders by points.
 *
 * For programs of tools/bench: what goes wrong is said on standard error and ends the process.
 */
#ifndef PICLOG_BENCH_OFFGRID_H
#define PICLOG_BENCH_OFFGRID_H

#include <stddef.h>
#include <stdint.h>

/* sRGB, three bytes a pixel, no padding; pixels belong to whoever holds it: free(). */
struct offgrid_picture {
    uint32_t width_px, height_px;
    uint8_t *rgb;
};

struct offgrid;

/* The bytes of a file; NUL-terminated, of the caller: free(). */
unsigned char *offgrid_read_file(const char *path, size_t *ret_bytes);

/* A JPEG, decoded by libjpeg-turbo as most viewers do, or a binary PPM (P6, 255). name is for complaints. */
struct offgrid_picture offgrid_decode(const char *name, const unsigned char *data, size_t bytes);

/* A reference of at least 16 pixels a side, prepared once. whole: the picture as it is, on the grid. */
struct offgrid *offgrid_prepare(const char *name, const struct offgrid_picture *reference, int whole);

/*
 * The score of a picture, at most 100; frees its pixels. A smaller picture is shown in the reference's place: it is
 * enlarged by straight lines between pixels, centres on centres, as browsers do (README.md).
 */
double offgrid_score(const struct offgrid *reference, const char *name, struct offgrid_picture picture);

void offgrid_free(struct offgrid *reference);

#endif
