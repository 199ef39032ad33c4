/* Small pictures as files in memory, for tests of the decoders. Everything returned is allocated. */
#ifndef PICLOG_TESTS_PICTURE_BYTES_H
#define PICLOG_TESTS_PICTURE_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data;
    size_t size;
};

/* The pixel of the test picture: smooth, asymmetric, in colour. */
void picture_pixel(uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint8_t ret_rgb[3]);

struct jpeg_spec {
    int channels; /* 1, 3, or 4 (CMYK as Adobe writes it) */
    int h, v;     /* luma sampling factors */
    int progressive, rgb, orientation;
    const uint8_t *profile;
    size_t profile_bytes;
};

struct bytes picture_jpeg(uint32_t width, uint32_t height, struct jpeg_spec spec);

struct png_spec {
    int colour_type, depth, interlaced; /* as in PNG; with an alpha channel the left half is transparent */
    int orientation_after;              /* eXIf behind the picture data; 0: none */
    const uint8_t *profile;
    size_t profile_bytes;
    double gamma;    /* 0: none */
    int orientation; /* eXIf before the picture data; 0: none */
};

struct bytes picture_png(uint32_t width, uint32_t height, struct png_spec spec);

/* The left half is transparent where alpha is set. */
struct bytes picture_webp(uint32_t width, uint32_t height, int lossless, int alpha);

/* 4 colours in stripes across: red, green, blue, transparent. The frame begins at (left, top) of the canvas. */
struct bytes picture_gif(int canvas_width, int canvas_height, int left, int top, int width, int height, int interlaced);

#endif
