/*
 * Colour arithmetic with 15 fractional bits. Decoders that deliver RGB call it per row; JPEG never does.
 */
#include "ycc.h"

enum { BITS = 15, HALF = 1 << (BITS - 1) };

static uint8_t clamp_byte(int v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static inline void row_from_rgb(const uint8_t *restrict rgb, size_t step, size_t count, uint8_t *restrict y,
                                uint8_t *restrict cb, uint8_t *restrict cr)
{
    for (size_t i = 0; i < count; i++) {
        const int r = rgb[i * step], g = rgb[i * step + 1], b = rgb[i * step + 2];
        y[i] = (uint8_t)((9798 * r + 19235 * g + 3735 * b + HALF) >> BITS);
        /* one less than a half: pure blue and red give 255.5, which must stay a byte */
        cb[i] = (uint8_t)((-5529 * r - 10855 * g + 16384 * b + (128 << BITS) + HALF - 1) >> BITS);
        cr[i] = (uint8_t)((16384 * r - 13720 * g - 2664 * b + (128 << BITS) + HALF - 1) >> BITS);
    }
}

void ycc_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *ret_y, uint8_t *ret_cb, uint8_t *ret_cr)
{
    if (step == 4)
        row_from_rgb(rgb, 4, count, ret_y, ret_cb, ret_cr);
    else
        row_from_rgb(rgb, 3, count, ret_y, ret_cb, ret_cr);
}

void ycc_to_rgb(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, size_t count, uint8_t *ret_rgb)
{
    for (size_t i = 0; i < count; i++, ret_rgb += 3) {
        const int base = (y[i] << BITS) + HALF, u = cb[i] - 128, v = cr[i] - 128;
        ret_rgb[0] = clamp_byte((base + 45941 * v) >> BITS);
        ret_rgb[1] = clamp_byte((base - 11277 * u - 23401 * v) >> BITS);
        ret_rgb[2] = clamp_byte((base + 58065 * u) >> BITS);
    }
}

uint8_t ycc_luma(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((9798 * r + 19235 * g + 3735 * b + HALF) >> BITS);
}
