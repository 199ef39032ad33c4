/*
 * SSIMULACRA2 (version 2.1), a full-reference measure of visible compression damage, for tools/bench.
 *
 * Published by Jon Sneyers, Cloudinary, 2022–2023: https://github.com/cloudinary/ssimulacra2. Written anew from the
 * published definition; the constants are the published ones. Agreement with the original: README.md here.
 *
 * A score of 100 is the same picture, 70 hard to notice, 50 medium, 30 low, 10 very low; negative scores are damage
 * that anyone calls extreme.
 */
#ifndef PICLOG_BENCH_SSIMULACRA2_H
#define PICLOG_BENCH_SSIMULACRA2_H

#include <stddef.h>
#include <stdint.h>

/* A reference, prepared once to be compared with many. */
struct ssimulacra2;

/*
 * rgb: sRGB, three bytes a pixel, rows of stride_bytes; at least 8×8 px. The caller frees with ssimulacra2_free.
 * NULL when there is no memory.
 */
struct ssimulacra2 *ssimulacra2_prepare(const uint8_t *rgb, size_t stride_bytes, uint32_t width_px, uint32_t height_px);

/* The score of a picture of the same size, at most 100. Negative infinity when there is no memory. */
double ssimulacra2_score(const struct ssimulacra2 *reference, const uint8_t *rgb, size_t stride_bytes);

void ssimulacra2_free(struct ssimulacra2 *reference);

#endif
