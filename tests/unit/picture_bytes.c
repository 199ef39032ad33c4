/* Encodes small test pictures with the codec libraries themselves. */
#include "picture_bytes.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>
#include <zlib.h>

void picture_pixel(uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint8_t ret_rgb[3])
{
    ret_rgb[0] = (uint8_t)(20 + 200 * x / width);
    ret_rgb[1] = (uint8_t)(30 + 180 * y / height);
    ret_rgb[2] = (uint8_t)(x * 2 < width && y * 2 < height ? 200 : 60);
}

static void append(struct bytes *to, const void *data, size_t size)
{
    to->data = realloc(to->data, to->size + size);
    assert(to->data);
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

/* TIFF block with an orientation. */
static void exif_block(int orientation, uint8_t block[26])
{
    static const uint8_t head[18] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1};
    memset(block, 0, 26);
    memcpy(block, head, sizeof head);
    block[19] = (uint8_t)orientation;
}

struct bytes picture_jpeg(uint32_t width, uint32_t height, struct jpeg_spec spec)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long size = 0;
    uint8_t *row = malloc((size_t)width * 4);
    assert(row);
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &out, &size);
    cinfo.image_width = width;
    cinfo.image_height = height;
    cinfo.input_components = spec.channels;
    cinfo.in_color_space = spec.channels == 1 ? JCS_GRAYSCALE : spec.channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&cinfo);
    if (spec.rgb)
        jpeg_set_colorspace(&cinfo, JCS_RGB);
    if (spec.channels == 4) {
        jpeg_set_colorspace(&cinfo, JCS_CMYK);
        cinfo.write_Adobe_marker = TRUE;
    }
    jpeg_set_quality(&cinfo, 95, TRUE);
    if (spec.channels == 3 && !spec.rgb && spec.h) {
        cinfo.comp_info[0].h_samp_factor = spec.h;
        cinfo.comp_info[0].v_samp_factor = spec.v;
    }
    if (spec.progressive)
        jpeg_simple_progression(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    if (spec.orientation) {
        uint8_t app1[32] = "Exif\0";
        exif_block(spec.orientation, app1 + 6);
        jpeg_write_marker(&cinfo, JPEG_APP0 + 1, app1, sizeof app1);
    }
    if (spec.profile)
        jpeg_write_icc_profile(&cinfo, spec.profile, (unsigned)spec.profile_bytes);
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            uint8_t rgb[3];
            picture_pixel(x, y, width, height, rgb);
            memcpy(row + (size_t)x * (size_t)spec.channels, rgb, spec.channels == 1 ? 1 : 3);
            if (spec.channels == 4)
                row[(size_t)x * 4 + 3] = 255; /* no black ink */
        }
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    free(row);
    return (struct bytes){out, size};
}

static void png_append(png_structp png, png_bytep data, size_t size)
{
    append(png_get_io_ptr(png), data, size);
}

static void png_flush_nothing(png_structp png)
{
    (void)png;
}

static void png_give_up(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
    abort();
}

struct bytes picture_png(uint32_t width, uint32_t height, struct png_spec spec)
{
    struct bytes out = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, png_give_up, NULL);
    png_infop info = png_create_info_struct(png);
    assert(png && info);
    png_set_write_fn(png, &out, png_append, png_flush_nothing);
    png_set_option(png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
    png_set_IHDR(png, info, width, height, spec.depth, spec.colour_type,
                 spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (spec.profile)
        png_set_iCCP(png, info, "test", 0, spec.profile, (png_uint_32)spec.profile_bytes);
    if (spec.gamma > 0)
        png_set_gAMA(png, info, spec.gamma);
    if (spec.colour_type == PNG_COLOR_TYPE_PALETTE) {
        png_color colours[16];
        png_byte opacity[1] = {0};
        for (int i = 0; i < 16; i++)
            colours[i] = (png_color){(png_byte)(i * 16), (png_byte)(255 - i * 16), 40};
        png_set_PLTE(png, info, colours, 16);
        png_set_tRNS(png, info, opacity, 1, NULL); /* index 0 */
    }
    if (spec.orientation) {
        uint8_t exif[26];
        exif_block(spec.orientation, exif);
        png_set_eXIf_1(png, info, sizeof exif, exif);
    }
    png_write_info(png, info);
    const size_t row_bytes = png_get_rowbytes(png, info);
    uint8_t *pixels = calloc(height, row_bytes);
    uint8_t **rows = calloc(height, sizeof *rows);
    assert(pixels && rows);
    const int channels = png_get_channels(png, info), bytes = spec.depth == 16 ? 2 : 1;
    for (uint32_t y = 0; y < height; y++) {
        rows[y] = pixels + y * row_bytes;
        for (uint32_t x = 0; x < width; x++) {
            uint8_t v[4];
            picture_pixel(x, y, width, height, v);
            if (spec.depth < 8) {
                const unsigned index = 16 * x / width;
                rows[y][x * (unsigned)spec.depth / 8] |=
                    (uint8_t)(index << (8 - (unsigned)spec.depth - x * (unsigned)spec.depth % 8));
                continue;
            }
            v[channels == 2 ? 1 : 3] = x * 2 < width ? 0 : 255;
            for (int c = 0; c < channels; c++)
                for (int b = 0; b < bytes; b++)
                    rows[y][(x * (unsigned)channels + (unsigned)c) * (unsigned)bytes + (unsigned)b] = v[c];
        }
    }
    png_write_image(png, rows);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(rows);
    free(pixels);
    if (spec.orientation_after) {
        uint8_t chunk[4 + 4 + 26 + 4] = {0, 0, 0, 26, 'e', 'X', 'I', 'f'};
        uint8_t end[12];
        exif_block(spec.orientation_after, chunk + 8);
        const uint32_t sum = (uint32_t)crc32(0, chunk + 4, 4 + 26);
        for (int i = 0; i < 4; i++)
            chunk[34 + i] = (uint8_t)(sum >> (24 - 8 * i));
        memcpy(end, out.data + out.size - 12, 12);
        out.size -= 12;
        append(&out, chunk, sizeof chunk);
        append(&out, end, sizeof end);
    }
    return out;
}

struct bytes picture_webp(uint32_t width, uint32_t height, int lossless, int alpha)
{
    uint8_t *out = NULL, *rgba = malloc((size_t)width * height * 4);
    assert(rgba);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint8_t *p = rgba + ((size_t)y * width + x) * 4;
            picture_pixel(x, y, width, height, p);
            p[3] = alpha && x * 2 < width ? 0 : 255;
        }
    const int w = (int)width, h = (int)height;
    const size_t size =
        lossless ? WebPEncodeLosslessRGBA(rgba, w, h, w * 4, &out) : WebPEncodeRGBA(rgba, w, h, w * 4, 95, &out);
    assert(size);
    free(rgba);
    struct bytes copy = {0};
    append(&copy, out, size);
    WebPFree(out);
    return copy;
}

static int gif_append(GifFileType *gif, const GifByteType *data, int size)
{
    append(gif->UserData, data, (size_t)size);
    return size;
}

struct bytes picture_gif(int canvas_width, int canvas_height, int left, int top, int width, int height, int interlaced)
{
    static const GifColorType colours[4] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {9, 9, 9}};
    static const int first[4] = {0, 4, 2, 1}, step[4] = {8, 8, 4, 2};
    struct bytes out = {0};
    int error;
    GifFileType *gif = EGifOpen(&out, gif_append, &error);
    ColorMapObject *map = GifMakeMapObject(4, colours);
    GifByteType control[4];
    GraphicsControlBlock block = {.TransparentColor = 3};
    uint8_t *row = malloc((size_t)width);
    assert(gif && map && row);
    EGifSetGifVersion(gif, true);
    EGifGCBToExtension(&block, control);
    int ok = EGifPutScreenDesc(gif, canvas_width, canvas_height, 2, 0, map) == GIF_OK &&
             EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, control) == GIF_OK &&
             EGifPutImageDesc(gif, left, top, width, height, interlaced, NULL) == GIF_OK;
    for (int pass = 0; pass < (interlaced ? 4 : 1); pass++)
        for (int y = interlaced ? first[pass] : 0; y < height && ok; y += interlaced ? step[pass] : 1) {
            for (int x = 0; x < width; x++)
                row[x] = (uint8_t)(4 * y / height);
            ok = EGifPutLine(gif, row, width) == GIF_OK;
        }
    assert(ok);
    (void)ok;
    free(row);
    GifFreeMapObject(map);
    EGifCloseFile(gif, &error);
    return out;
}
