/*
 * Deep frying: see look.h. A generation is a whole lossy round trip, transform, rounding, inverse, without the
 * entropy coding that would not change a pixel.
 */
#include "crush/encode/look.h"

#include <math.h>
#include <string.h>

#include "crush/encode/quantise.h"
#include "crush/pixels/scratch.h"

/* Contrast turns around the mean, so that a dark picture does not drown in black. */
enum { LEAST_PIVOT = 60, MOST_PIVOT = 190 };

/* Percent of sharpening at 200 % contrast: contrast between neighbours is contrast too. */
enum { SHARPENING = 180 };

/* The mean of a plane, kept away from the ends. */
static int mean_of(const struct plane *plane)
{
    uint64_t sum = 0;
    for (uint32_t y = 0; y < plane->height_px; y++)
        for (uint32_t x = 0; x < plane->width_px; x++)
            sum += plane->px[y * plane->stride_bytes + x];
    int mean = (int)(sum / ((uint64_t)plane->width_px * plane->height_px));
    return mean < LEAST_PIVOT ? LEAST_PIVOT : mean > MOST_PIVOT ? MOST_PIVOT : mean;
}

/* Pulls all values away from pivot, which moves to centre. */
static void map_plane(struct plane *plane, int percent, int pivot, int centre)
{
    uint8_t map[256];
    for (int i = 0; i < 256; i++) {
        int value = centre + ((i - pivot) * percent + (i < pivot ? -50 : 50)) / 100;
        map[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
    for (uint32_t y = 0; y < plane->height_px; y++) {
        uint8_t *row = plane->px + y * plane->stride_bytes;
        for (uint32_t x = 0; x < plane->width_px; x++)
            row[x] = map[row[x]];
    }
}

/* Each pixel moves away from the mean of its four neighbours. */
static crush_status sharpen(struct plane *plane, int percent)
{
    const size_t width = plane->width_px, stride = plane->stride_bytes;
    uint8_t *above = scratch_alloc(2 * width), *here = above + width; /* as they were before */
    if (!above)
        return CRUSH_ENOMEM;
    memcpy(here, plane->px, width);
    for (uint32_t y = 1; y + 1 < plane->height_px; y++) {
        uint8_t *row = plane->px + y * stride;
        memcpy(above, here, width);
        memcpy(here, row, width);
        for (size_t x = 1; x + 1 < width; x++) {
            int value =
                here[x] + (4 * here[x] - above[x] - here[x - 1] - here[x + 1] - row[stride + x]) * percent / 400;
            row[x] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
    scratch_free(above);
    return CRUSH_OK;
}

crush_status look_adjust(struct plane planes[PLANE_COUNT], int contrast_percent, int saturation_percent)
{
    if (saturation_percent != 100)
        for (int c = PLANE_CB; c <= PLANE_CR; c++)
            if (planes[c].px)
                map_plane(&planes[c], saturation_percent, 128, 128);
    if (contrast_percent == 100)
        return CRUSH_OK;
    map_plane(&planes[PLANE_Y], contrast_percent, mean_of(&planes[PLANE_Y]), 128);
    return contrast_percent > 100 ? sharpen(&planes[PLANE_Y], SHARPENING * (contrast_percent - 100) / 100) : CRUSH_OK;
}

/* One block at (left, top), which may hang over the edges: the last column and row go on outside. */
static void age_block(struct plane *plane, int left, int top, const struct quantiser *q)
{
    struct blocks block;
    uint8_t px[BLOCK_SIZE];
    float natural[BLOCK_SIZE];
    struct plane cut = {.px = px, .width_px = 8, .height_px = 8, .stride_bytes = 8};
    int right = (int)plane->width_px - 1, bottom = (int)plane->height_px - 1;
    int16_t coefficients[BLOCK_SIZE];
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) {
            int from_x = left + x < 0 ? 0 : left + x > right ? right : left + x;
            int from_y = top + y < 0 ? 0 : top + y > bottom ? bottom : top + y;
            px[8 * y + x] = plane->px[(size_t)from_y * plane->stride_bytes + (size_t)from_x];
        }
    block = (struct blocks){.coefficients = coefficients, .columns = 1, .rows = 1};
    dct_forward_into(&cut, &block);
    for (int k = 0; k < BLOCK_SIZE; k++) {
        float step = q->step[k], value = (float)coefficients[k] / COEFFICIENT_UNIT;
        natural[dct_natural_order[k]] = rintf(value / step) * step;
    }
    dct_inverse_block(natural, px, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            if (left + x >= 0 && left + x <= right && top + y >= 0 && top + y <= bottom)
                plane->px[(size_t)(top + y) * plane->stride_bytes + (size_t)(left + x)] = px[8 * y + x];
}

crush_status look_age(struct plane planes[PLANE_COUNT], int generations, float step, int (*should_stop)(void *),
                      void *context, crush_error *ret_error)
{
    static const struct content content = {0};
    struct quantiser quantiser[2];
    for (int g = 0; g < generations; g++) {
        /* The grid wanders at first; later every generation digs the same blocks deeper, so that one can count them. */
        int shift = 2 * g < generations ? -(g * 3 % 8) : 0;
        /* Every reposter has another setting: steps vary by a quarter, so that the rounding never settles. */
        tables_house(step * (1 + 0.25f * (float)(g % 3 - 1)), &content, &quantiser[0], &quantiser[1]);
        if (should_stop && should_stop(context))
            return crush_fail_limit(ret_error, CRUSH_LIMIT_DEADLINE, 0, "stopped at generation %d", g);
        for (int c = 0; c < PLANE_COUNT; c++)
            if (planes[c].px)
                for (int y = shift; y < (int)planes[c].height_px; y += 8)
                    for (int x = shift; x < (int)planes[c].width_px; x += 8)
                        age_block(&planes[c], x, y, &quantiser[c > 0]);
    }
    return CRUSH_OK;
}
