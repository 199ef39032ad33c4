/*
 * Scores pictures against a reference: score REFERENCE PICTURE... One line each: the mean SSIMULACRA2 of two crops, by
 * (3, 5) and by (6, 2) pixels, so that the measure's own pyramid does not line up with the 8×8 blocks of JPEG, which
 * flatters some encoders by points. With -w, the whole picture instead.
 *
 * Files are JPEG, decoded by libjpeg-turbo as most viewers do, or binary PPM (P6, 255); all of the same size.
 */
#include "ssimulacra2.h"

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
        if (picture.width_px != reference.width_px || picture.height_px != reference.height_px)
            fail(argv[n], "not the size of the reference");
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
