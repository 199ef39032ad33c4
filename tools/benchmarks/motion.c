/*
 * How a clip looks: motion BUDGET SIDE FRAMES ANIMATION. At six instants the frame of the strip that is on show,
 * enlarged, is compared with the animation's frame that it stands for (SSIMULACRA2 off the block grid), and that one
 * with what the animation shows at the instant (root of the mean square, in levels). One line: frames, their size,
 * quality, bytes, the mean score, the mean of the levels. SIDE and FRAMES 0: as the library chooses.
 */
#include "offgrid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crush/formats/animation.h"

enum { INSTANTS = 6 };

/* The frame that is on show at a part of the animation's time. */
static struct offgrid_picture frame_at(struct animation *a, double part)
{
    uint64_t total = 0, end = 0;
    uint32_t index = 0;
    for (uint32_t i = 0; i < a->count; i++)
        total += a->frames[i].duration_ms;
    for (end = a->frames[0].duration_ms; (uint64_t)(part * (double)total + 0.5) >= end && index + 1 < a->count;)
        end += a->frames[++index].duration_ms;
    struct offgrid_picture p = {.width_px = a->width_px, .height_px = a->height_px};
    p.rgb = malloc((size_t)p.width_px * p.height_px * 3);
    if (!p.rgb || animation_compose(a, index, NULL) != CRUSH_OK)
        exit(1);
    for (size_t i = 0; i < (size_t)p.width_px * p.height_px; i++)
        for (size_t c = 0; c < 3; c++) {
            const unsigned alpha = a->canvas[4 * i + 3];
            p.rgb[3 * i + c] = (unsigned char)((a->canvas[4 * i + c] * alpha + 255 * (255 - alpha)) / 255);
        }
    return p;
}

static struct offgrid_picture cell_of(const struct offgrid_picture *strip, const crush_strip *s, uint32_t n)
{
    struct offgrid_picture p = {.width_px = s->frame_width_px, .height_px = s->frame_height_px};
    const size_t left = n * (s->jpeg.width_px / s->frames);
    p.rgb = malloc((size_t)p.width_px * p.height_px * 3);
    for (uint32_t y = 0; p.rgb && y < p.height_px; y++)
        memcpy(p.rgb + (size_t)y * p.width_px * 3, strip->rgb + ((size_t)y * strip->width_px + left) * 3,
               (size_t)p.width_px * 3);
    return p;
}

static double distance(const struct offgrid_picture *a, const struct offgrid_picture *b)
{
    const size_t count = (size_t)a->width_px * a->height_px * 3;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (a->rgb[i] - b->rgb[i]) * (a->rgb[i] - b->rgb[i]);
    return sqrt(sum / (double)count);
}

int main(int argc, char **argv)
{
    crush_open_options open;
    crush_encode_options encode;
    crush_error error;
    crush_strip s;
    size_t size;
    struct animation *a = NULL;
    if (argc != 5) {
        fprintf(stderr, "usage: motion BUDGET SIDE FRAMES ANIMATION\n");
        return 2;
    }
    unsigned char *data = offgrid_read_file(argv[4], &size);
    crush_open_options_init(&open);
    crush_encode_options_init(&encode);
    encode.budget_bytes = strtoul(argv[1], NULL, 10);
    encode.max_side_px = open.max_side_px = 800;
    if (strtoul(argv[2], NULL, 10))
        encode.max_side_px = open.max_side_px = (uint32_t)strtoul(argv[2], NULL, 10);
    if (crush_clip(data, size, &open, &encode, (uint32_t)strtoul(argv[3], NULL, 10), &s, &error) != CRUSH_OK ||
        animation_open(data, size, &open.limits, &a, &error) != CRUSH_OK) {
        fprintf(stderr, "%s: %s\n", argv[4], error.message);
        return 1;
    }
    const struct offgrid_picture strip = offgrid_decode("strip", s.jpeg.data, s.jpeg.size_bytes);
    double score = 0, away = 0;
    for (int i = 0; i < INSTANTS; i++) {
        const double part = (i + 0.25) / INSTANTS; /* beside the beginnings of frames */
        const uint32_t n = (uint32_t)(part * s.frames);
        struct offgrid_picture now = frame_at(a, part), own = frame_at(a, (double)n / s.frames);
        struct offgrid *prepared = offgrid_prepare(argv[4], &own, 0);
        score += offgrid_score(prepared, "cell", cell_of(&strip, &s, n));
        away += distance(&now, &own);
        offgrid_free(prepared);
        free(now.rgb);
        free(own.rgb);
    }
    printf("%u\t%ux%u\tq%d\t%zu\t%.1f\t%.1f\n", s.frames, s.frame_width_px, s.frame_height_px, s.jpeg.quality,
           s.jpeg.size_bytes, score / INSTANTS, away / INSTANTS);
    crush_strip_clear(&s);
    animation_close(a);
    free(strip.rgb);
    free(data);
    return 0;
}
