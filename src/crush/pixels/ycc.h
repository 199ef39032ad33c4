/*
 * RGB to full-range BT.601 YCbCr and back, as in JFIF (ITU-T T.871), one row at a time. Integers only,
 * so that every machine gives the same bits.
 */
#ifndef PICLOG_CRUSH_PIXELS_YCC_H
#define PICLOG_CRUSH_PIXELS_YCC_H

#include <stddef.h>
#include <stdint.h>

/* step: bytes from pixel to pixel, 3 (RGB) or 4 (RGB and a byte that is not looked at). */
void ycc_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *ret_y, uint8_t *ret_cb, uint8_t *ret_cr);

/* The same, with fine of struct plane for each of the three. */
void ycc_from_rgb_fine(const uint8_t *rgb, size_t step, size_t count, uint8_t *const ret_px[3],
                       uint8_t *const ret_fine[3]);

/* Luma alone. */
void ycc_luma_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *ret_y);

/* Interleaved RGB out, 3 bytes a pixel. */
void ycc_to_rgb(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, size_t count, uint8_t *ret_rgb);

/* The luma of one colour. */
uint8_t ycc_luma(unsigned r, unsigned g, unsigned b);

#endif
