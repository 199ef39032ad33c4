/*
 * Scores off the block grid: see offgrid.h. The measure itself is ssimulacra2.c.
 */
#include "offgrid.h"
#include "ssimulacra2.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { CROPS = 2, LEAST_SIDE_PX = 16, MOST_SIDE_PX = 65500 };

static const uint32_t crops[CROPS][2] = {{3, 5}, {6, 2}};

struct offgrid {
    uint32_t width_px, height_px;
    int whole;
    struct ssimulacra2 *prepared[CROPS];
};

static void fail(const char *name, const char *what)
{
    fprintf(stderr, "%s: %s\n", name, what);
    exit(1);
}

static void *allocate(const char *name, size_t bytes)
{
    void *memory = malloc(bytes);
    if (!memory)
        fail(name, "no memory");
    return memory;
}

unsigned char *offgrid_read_file(const char *path, size_t *ret_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail(path, "cannot be opened");
    const long end = ftell(file);
    const size_t bytes = end > 0 ? (size_t)end : 0;
    rewind(file);
    unsigned char *data = allocate(path, bytes + 1);
    if (fread(data, 1, bytes, file) != bytes)
        fail(path, "cannot be read");
    data[bytes] = 0;
    fclose(file);
    *ret_bytes = bytes;
    return data;
}

static struct offgrid_picture decode_jpeg(const char *name, const unsigned char *data, size_t bytes)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr error;
    cinfo.err = jpeg_std_error(&error); /* which exits */
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, data, bytes);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_RGB;
    jpeg_start_decompress(&cinfo);
    const size_t row_bytes = 3 * (size_t)cinfo.output_width;
    struct offgrid_picture picture = {cinfo.output_width, cinfo.output_height,
                                      allocate(name, row_bytes * cinfo.output_height)};
    while (cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW row = picture.rgb + cinfo.output_scanline * row_bytes;
        jpeg_read_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);
    return picture;
}

struct offgrid_picture offgrid_decode(const char *name, const unsigned char *data, size_t bytes)
{
    unsigned width, height;
    int header = 0;
    if (bytes == 0 || data[0] != 'P')
        return decode_jpeg(name, data, bytes);
    if (sscanf((const char *)data, "P6 %5u %5u 255%n", &width, &height, &header) != 2 || !header ||
        width > MOST_SIDE_PX || height > MOST_SIDE_PX)
        fail(name, "not a PPM with a maximum of 255");
    const size_t size = 3 * (size_t)width * height, start = (size_t)header + 1;
    if (bytes < start || bytes - start < size)
        fail(name, "too short");
    struct offgrid_picture picture = {width, height, allocate(name, size)};
    memcpy(picture.rgb, data + start, size);
    return picture;
}

/* One line of count values, step apart, to another of out_count; edges go on. */
static void enlarge_line(const float *in, size_t step, uint32_t count, float *out, size_t out_step, uint32_t out_count)
{
    const float last = (float)(count - 1);
    for (uint32_t i = 0; i < out_count; i++) {
        const float centre = ((float)i + 0.5f) * (float)count / (float)out_count - 0.5f;
        const float at = fminf(fmaxf(centre, 0), last);
        const uint32_t left = (uint32_t)at, right = left + 1 < count ? left + 1 : left;
        const float part = at - (float)left;
        out[i * out_step] = (1 - part) * in[left * step] + part * in[right * step];
    }
}

/* Enlarges to the size of the reference. */
static struct offgrid_picture enlarge(const char *name, struct offgrid_picture from, uint32_t width, uint32_t height)
{
    const size_t in_row = 3 * (size_t)from.width_px, out_row = 3 * (size_t)width;
    struct offgrid_picture to = {width, height, allocate(name, out_row * height)};
    float *in = allocate(name, in_row * from.height_px * sizeof *in);
    float *wide = allocate(name, out_row * from.height_px * sizeof *wide);
    float *out = allocate(name, out_row * height * sizeof *out);
    for (size_t i = 0; i < in_row * from.height_px; i++)
        in[i] = from.rgb[i];
    for (size_t y = 0; y < from.height_px; y++)
        for (size_t c = 0; c < 3; c++)
            enlarge_line(in + y * in_row + c, 3, from.width_px, wide + y * out_row + c, 3, width);
    for (size_t x = 0; x < out_row; x++)
        enlarge_line(wide + x, out_row, from.height_px, out + x, out_row, height);
    for (size_t i = 0; i < out_row * height; i++)
        to.rgb[i] = (uint8_t)(out[i] < 0 ? 0 : out[i] > 255 ? 255 : out[i] + 0.5f);
    free(in);
    free(wide);
    free(out);
    free(from.rgb);
    return to;
}

struct offgrid *offgrid_prepare(const char *name, const struct offgrid_picture *reference, int whole)
{
    struct offgrid *offgrid = allocate(name, sizeof *offgrid);
    const size_t stride = 3 * (size_t)reference->width_px;
    if (reference->width_px < LEAST_SIDE_PX || reference->height_px < LEAST_SIDE_PX)
        fail(name, "too small");
    *offgrid = (struct offgrid){.width_px = reference->width_px, .height_px = reference->height_px, .whole = whole};
    for (int i = 0; i < (whole ? 1 : CROPS); i++) {
        const uint32_t x = whole ? 0 : crops[i][0], y = whole ? 0 : crops[i][1];
        offgrid->prepared[i] = ssimulacra2_prepare(reference->rgb + y * stride + 3 * (size_t)x, stride,
                                                   reference->width_px - x, reference->height_px - y);
        if (!offgrid->prepared[i])
            fail(name, "no memory");
    }
    return offgrid;
}

double offgrid_score(const struct offgrid *reference, const char *name, struct offgrid_picture picture)
{
    const int count = reference->whole ? 1 : CROPS;
    const size_t stride = 3 * (size_t)reference->width_px;
    double sum = 0;
    if (picture.width_px > reference->width_px || picture.height_px > reference->height_px)
        fail(name, "larger than the reference");
    if (picture.width_px != reference->width_px || picture.height_px != reference->height_px)
        picture = enlarge(name, picture, reference->width_px, reference->height_px);
    for (int i = 0; i < count; i++) {
        const uint32_t x = reference->whole ? 0 : crops[i][0], y = reference->whole ? 0 : crops[i][1];
        sum += ssimulacra2_score(reference->prepared[i], picture.rgb + y * stride + 3 * (size_t)x, stride);
    }
    free(picture.rgb);
    return sum / count;
}

void offgrid_free(struct offgrid *reference)
{
    for (int i = 0; i < CROPS; i++)
        ssimulacra2_free(reference->prepared[i]);
    free(reference);
}
