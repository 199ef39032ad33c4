/*
 * Scores pictures against a reference: score REFERENCE PICTURE... One line each: the mean SSIMULACRA2 of two crops, by
 * (3, 5) and by (6, 2) pixels, so that the measure's own pyramid does not line up with the 8×8 blocks of JPEG, which
 * flatters some encoders by points. With -w, the whole picture instead.
 *
 * Files are JPEG, decoded by libjpeg-turbo as most viewers do, or binary PPM (P6, 255). A smaller picture is shown in
 * the reference's place: it is enlarged by straight lines between pixels, centres on centres, as browsers do
 * (README.md).
 */
#include "ssimulacra2.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

struct picture {
    uint32_t width_px, height_px;
    uint8_t *rgb;
};

static void fail(const char *path, const char *what)
{
    fprintf(stderr, "score: %s: %s\n", path, what);
    exit(1);
}

static void allocate(const char *path, struct picture *picture)
{
    picture->rgb = malloc((size_t)picture->width_px * picture->height_px * 3);
    if (!picture->rgb)
        fail(path, "no memory");
}

static struct picture read_jpeg(const char *path, FILE *file)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr error;
    struct picture picture;
    cinfo.err = jpeg_std_error(&error); /* which exits */
    jpeg_create_decompress(&cinfo);
    jpeg_stdio_src(&cinfo, file);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_RGB;
    jpeg_start_decompress(&cinfo);
    picture = (struct picture){cinfo.output_width, cinfo.output_height, NULL};
    allocate(path, &picture);
    while (cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW row = picture.rgb + (size_t)cinfo.output_scanline * picture.width_px * 3;
        jpeg_read_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);
    return picture;
}

static struct picture read_picture(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct picture picture;
    unsigned width, height;
    if (!file)
        fail(path, "cannot be opened");
    int first = getc(file);
    rewind(file);
    if (first != 'P') {
        picture = read_jpeg(path, file);
    } else {
        if (fscanf(file, "P6 %u %u 255", &width, &height) != 2 || getc(file) == EOF || width > 65500 || height > 65500)
            fail(path, "not a PPM with a maximum of 255");
        picture = (struct picture){width, height, NULL};
        allocate(path, &picture);
        if (fread(picture.rgb, 3 * (size_t)width, height, file) != height)
            fail(path, "too short");
    }
    fclose(file);
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
static struct picture enlarge(const char *path, struct picture from, uint32_t width, uint32_t height)
{
    struct picture to = {width, height, NULL};
    const size_t in_row = 3 * (size_t)from.width_px, out_row = 3 * (size_t)width;
    float *in = malloc(in_row * from.height_px * sizeof *in), *wide = malloc(out_row * from.height_px * sizeof *wide);
    float *out = malloc(out_row * height * sizeof *out);
    allocate(path, &to);
    if (!in || !wide || !out)
        fail(path, "no memory");
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

int main(int argc, char **argv)
{
    static const uint32_t off_grid[2][2] = {{3, 5}, {6, 2}}, whole[1][2] = {{0, 0}};
    int first = argc > 1 && strcmp(argv[1], "-w") == 0 ? 2 : 1;
    const uint32_t(*crops)[2] = first == 2 ? whole : off_grid;
    const int crop_count = first == 2 ? 1 : 2;
    if (argc < first + 2) {
        fprintf(stderr, "usage: score [-w] REFERENCE PICTURE...\n");
        return 2;
    }
    struct picture reference = read_picture(argv[first]);
    struct ssimulacra2 *prepared[2] = {0};
    const size_t stride = (size_t)reference.width_px * 3;
    if (reference.width_px < 16 || reference.height_px < 16)
        fail(argv[first], "too small");
    for (int i = 0; i < crop_count; i++)
        prepared[i] = ssimulacra2_prepare(reference.rgb + crops[i][1] * stride + 3 * (size_t)crops[i][0], stride,
                                          reference.width_px - crops[i][0], reference.height_px - crops[i][1]);
    for (int n = first + 1; n < argc; n++) {
        struct picture picture = read_picture(argv[n]);
        double sum = 0;
        if (picture.width_px > reference.width_px || picture.height_px > reference.height_px)
            fail(argv[n], "larger than the reference");
        if (picture.width_px != reference.width_px || picture.height_px != reference.height_px)
            picture = enlarge(argv[n], picture, reference.width_px, reference.height_px);
        for (int i = 0; i < crop_count; i++) {
            if (!prepared[i])
                fail(argv[first], "no memory");
            sum += ssimulacra2_score(prepared[i], picture.rgb + crops[i][1] * stride + 3 * (size_t)crops[i][0], stride);
        }
        printf("%.6f %s\n", sum / crop_count, argv[n]);
        free(picture.rgb);
    }
    for (int i = 0; i < crop_count; i++)
        ssimulacra2_free(prepared[i]);
    free(reference.rgb);
    return 0;
}
