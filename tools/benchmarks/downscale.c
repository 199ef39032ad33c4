/*
 * How close downscales of a JPEG come to a full decode scaled by Lanczos in floating point:
 *
 *     downscale SIDE FILE PREFIX [PPM]...
 *
 * prints the width and height of the downscale, 1 for a progressive file, then the peak signal-to-noise ratio of luma
 * in dB of ours, of ours with libjpeg-turbo as decoder, and of each PPM ("-" where its size differs), and writes
 * PREFIX.exact.ppm and PREFIX.ours.ppm. Profiles and orientation are left out of it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "crush.h"
#include "crush/pixels/chroma.h"
#include "crush/pixels/picture.h"
#include "crush/pixels/ycc.h"

enum { TAPS_MAX = 4096 };

struct rgb {
    int width, height;
    float *px; /* interleaved */
};

static void *allocate(size_t bytes)
{
    void *memory = malloc(bytes);
    if (!memory)
        exit(1);
    return memory;
}

static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        exit(1);
    fseek(file, 0, SEEK_END);
    *ret_size = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = allocate(*ret_size);
    if (fread(data, 1, *ret_size, file) != *ret_size)
        exit(1);
    fclose(file);
    return data;
}

/* Makes an application segment one that nobody knows. */
static void hide(uint8_t *data, size_t size, const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i + length <= size; i++)
        if (data[i] == (uint8_t)name[0] && memcmp(data + i, name, length) == 0)
            data[i] = 'X';
}

static struct rgb decode_fully(const uint8_t *data, size_t size, int *ret_progressive)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, data, size);
    jpeg_read_header(&cinfo, TRUE);
    *ret_progressive = cinfo.progressive_mode;
    cinfo.out_color_space = JCS_RGB;
    jpeg_start_decompress(&cinfo);
    struct rgb to = {(int)cinfo.output_width, (int)cinfo.output_height, NULL};
    const size_t samples = 3 * (size_t)to.width;
    uint8_t *row = allocate(samples);
    to.px = allocate(samples * (size_t)to.height * sizeof *to.px);
    while (cinfo.output_scanline < cinfo.output_height) {
        float *out = to.px + cinfo.output_scanline * samples;
        JSAMPROW rows[1] = {row};
        jpeg_read_scanlines(&cinfo, rows, 1);
        for (size_t i = 0; i < samples; i++)
            out[i] = row[i];
    }
    jpeg_destroy_decompress(&cinfo);
    free(row);
    return to;
}

/* Scales the height and turns the picture over its diagonal, so that doing it twice scales both. */
static struct rgb lanczos_turned(struct rgb in, int height)
{
    struct rgb out = {height, in.width, allocate((size_t)height * (size_t)in.width * 3 * sizeof *out.px)};
    const double ratio = (double)in.height / height, stretch = ratio > 1 ? ratio : 1;
    float *sum = allocate(3 * (size_t)in.width * sizeof *sum);
    for (int o = 0; o < height; o++) {
        const double centre = (o + 0.5) * ratio - 0.5;
        const int first = (int)floor(centre - 3 * stretch), last = (int)ceil(centre + 3 * stretch);
        double total = 0;
        memset(sum, 0, 3 * (size_t)in.width * sizeof *sum);
        for (int y = first; y <= last && last - first < TAPS_MAX; y++) {
            const double t = fabs((y - centre) / stretch);
            const double weight = t < 1e-9 ? 1
                                  : t >= 3 ? 0
                                           : 3 * sin(M_PI * t) * sin(M_PI * t / 3) / (M_PI * M_PI * t * t);
            const float *from = in.px + 3 * (size_t)in.width * (size_t)(y < 0 ? 0 : y >= in.height ? in.height - 1 : y);
            total += weight;
            for (int i = 0; i < 3 * in.width; i++)
                sum[i] += (float)weight * from[i];
        }
        for (int x = 0; x < in.width; x++)
            for (int c = 0; c < 3; c++)
                out.px[3 * ((size_t)x * (size_t)height + (size_t)o) + (size_t)c] = (float)(sum[3 * x + c] / total);
    }
    free(sum);
    free(in.px);
    return out;
}

/* Chroma of a pixel, between samples as decoders do it. */
static uint8_t chroma_at(const struct plane *plane, int is_444, uint32_t x, uint32_t y)
{
    if (is_444)
        return plane->px[y * plane->stride_bytes + x];
    const uint32_t near_x = x / 2, near_y = y / 2;
    const uint32_t far_x = x & 1 ? near_x + (near_x + 1 < plane->width_px) : near_x - (near_x > 0),
                   far_y = y & 1 ? near_y + (near_y + 1 < plane->height_px) : near_y - (near_y > 0);
    const uint8_t *near = plane->px + near_y * plane->stride_bytes, *far = plane->px + far_y * plane->stride_bytes;
    return (uint8_t)((9 * near[near_x] + 3 * near[far_x] + 3 * far[near_x] + far[far_x] + 8) / 16);
}

static struct rgb crush_downscale(const uint8_t *data, size_t size, uint32_t side, crush_decoder decoder)
{
    crush_open_options options;
    crush_picture *picture;
    crush_error error;
    crush_open_options_init(&options);
    options.max_side_px = side;
    options.max_rewrite_bytes = 0;
    options.decoder = decoder;
    if (crush_open(data, size, &options, &picture, &error) != CRUSH_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    const struct plane *p = picture->planes;
    struct rgb to = {(int)p->width_px, (int)p->height_px, NULL};
    const size_t samples = 3 * (size_t)p->width_px;
    uint8_t *row = allocate(samples);
    to.px = allocate(samples * p->height_px * sizeof *to.px);
    uint8_t *chroma = allocate(2 * (size_t)p->width_px);
    for (uint32_t y = 0; y < p->height_px; y++) {
        const uint8_t *luma = p[0].px + y * p[0].stride_bytes;
        if (p[PLANE_CB].px) {
            for (uint32_t x = 0; x < p->width_px; x++) {
                chroma[x] = chroma_at(&p[PLANE_CB], picture->chroma_444, x, y);
                chroma[p->width_px + x] = chroma_at(&p[PLANE_CR], picture->chroma_444, x, y);
            }
            ycc_to_rgb(luma, chroma, chroma + p->width_px, p->width_px, row);
        }
        for (size_t i = 0; i < samples; i++)
            to.px[y * samples + i] = p[PLANE_CB].px ? row[i] : luma[i / 3];
    }
    free(chroma);
    free(row);
    crush_close(picture);
    return to;
}

static void write_ppm(const char *prefix, const char *name, struct rgb picture)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.%s.ppm", prefix, name);
    FILE *file = fopen(path, "wb");
    if (!file)
        exit(1);
    fprintf(file, "P6\n%d %d\n255\n", picture.width, picture.height);
    for (size_t i = 0; i < 3 * (size_t)picture.width * (size_t)picture.height; i++) {
        const float v = picture.px[i] + 0.5f;
        fputc(v < 0 ? 0 : v > 255 ? 255 : (int)v, file);
    }
    fclose(file);
}

/* Binary, 255, comments in the header allowed. */
static struct rgb read_ppm(const char *path)
{
    size_t size, at = 2;
    uint8_t *data = read_file(path, &size);
    int values[3] = {0, 0, 0};
    for (int i = 0; i < 3 && at < size; i++) {
        while (at < size && (data[at] <= ' ' || data[at] == '#'))
            if (data[at++] == '#')
                while (at < size && data[at] != '\n')
                    at++;
        while (at < size && data[at] >= '0' && data[at] <= '9' && values[i] < 100000)
            values[i] = 10 * values[i] + data[at++] - '0';
    }
    struct rgb to = {values[0], values[1], NULL};
    const size_t samples = 3 * (size_t)to.width * (size_t)to.height;
    if (memcmp(data, "P6", 2) != 0 || values[2] != 255 || at + 1 + samples > size)
        exit(1);
    to.px = allocate(samples * sizeof *to.px);
    for (size_t i = 0; i < samples; i++)
        to.px[i] = data[at + 1 + i];
    free(data);
    return to;
}

/* Chroma of half the size and back. */
static void halve_chroma(struct rgb picture)
{
    const uint32_t width = (uint32_t)picture.width, height = (uint32_t)picture.height;
    const size_t samples = 3 * (size_t)width;
    uint8_t *rgb = allocate(samples * height), *y = allocate(width), *chroma = allocate(2 * (size_t)width);
    struct plane full[2], planes[2];
    for (size_t i = 0; i < samples * height; i++)
        rgb[i] = (uint8_t)picture.px[i];
    for (int i = 0; i < 2; i++)
        if (plane_alloc(&full[i], width, height) != CRUSH_OK)
            exit(1);
    for (uint32_t row = 0; row < height; row++)
        ycc_from_rgb(rgb + row * samples, 3, width, y, full[0].px + row * full[0].stride_bytes,
                     full[1].px + row * full[1].stride_bytes);
    for (int i = 0; i < 2; i++) {
        if (chroma_halve(&full[i], &planes[i]) != CRUSH_OK)
            exit(1);
        plane_free(&full[i]);
    }
    for (uint32_t row = 0; row < height; row++) {
        ycc_luma_from_rgb(rgb + row * samples, 3, width, y);
        for (uint32_t x = 0; x < width; x++)
            for (uint32_t i = 0; i < 2; i++)
                chroma[i * width + x] = chroma_at(&planes[i], 0, x, row);
        ycc_to_rgb(y, chroma, chroma + width, width, rgb + row * samples);
    }
    for (size_t i = 0; i < samples * height; i++)
        picture.px[i] = rgb[i];
    plane_free(&planes[0]);
    plane_free(&planes[1]);
    free(chroma);
    free(y);
    free(rgb);
}

static double luma(const float *px)
{
    const double y = 0.299 * px[0] + 0.587 * px[1] + 0.114 * px[2];
    return y < 0 ? 0 : y > 255 ? 255 : y;
}

static void print_psnr(struct rgb exact, struct rgb other)
{
    const size_t count = (size_t)exact.width * (size_t)exact.height;
    double sum = 0;
    if (exact.width != other.width || exact.height != other.height) {
        printf(" -");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const double off = luma(exact.px + 3 * i) - luma(other.px + 3 * i);
        sum += off * off;
    }
    printf(" %.2f", 10 * log10(255.0 * 255.0 * (double)count / sum));
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    size_t size;
    int progressive;
    const uint32_t side = (uint32_t)strtoul(argv[1], NULL, 10);
    uint8_t *data = read_file(argv[2], &size);
    hide(data, size, "ICC_PROFILE");
    hide(data, size, "Exif");
    const struct rgb ours = crush_downscale(data, size, side, CRUSH_DECODER_AUTO),
                     library = crush_downscale(data, size, side, CRUSH_DECODER_LIBRARY);
    const struct rgb exact =
        lanczos_turned(lanczos_turned(decode_fully(data, size, &progressive), ours.height), ours.width);
    write_ppm(argv[3], "exact", exact);
    write_ppm(argv[3], "ours", ours);
    printf("%d %d %d", exact.width, exact.height, progressive);
    print_psnr(exact, ours);
    print_psnr(exact, library);
    for (int i = 4; i < argc; i++) {
        struct rgb peer = read_ppm(argv[i]);
        print_psnr(exact, peer);
        halve_chroma(peer);
        if (i == 4)
            write_ppm(argv[3], "peer", peer);
        free(peer.px);
    }
    puts("");
    free(ours.px);
    free(library.px);
    free(exact.px);
    free(data);
    return 0;
}
