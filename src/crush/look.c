/*
 * Deep frying: see look.h. A generation is a whole lossy round trip, transform, rounding, inverse, without the
 * entropy coding that would not change a pixel.
 */
#include "look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantise.h"

static void map_plane(struct plane *plane, int percent)
{
    uint8_t map[256];
    for (int i = 0; i < 256; i++) {
        int value = 128 + ((i - 128) * percent + (i < 128 ? -50 : 50)) / 100;
        map[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
    for (uint32_t y = 0; y < plane->height_px; y++) {
        uint8_t *row = plane->px + y * plane->stride_bytes;
        for (uint32_t x = 0; x < plane->width_px; x++)
            row[x] = map[row[x]];
    }
}

void look_adjust(struct plane planes[PLANE_COUNT], int contrast_percent, int saturation_percent)
{
    if (contrast_percent != 100)
        map_plane(&planes[PLANE_Y], contrast_percent);
    if (saturation_percent != 100)
        for (int c = PLANE_CB; c <= PLANE_CR; c++)
            if (planes[c].px)
                map_plane(&planes[c], saturation_percent);
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
        int shift = -(g * 3 % 8);
        /* Every reposter has another setting: steps vary by a quarter, so that the rounding never settles. */
        tables_house(step * (1 + 0.25f * (float)(g % 3 - 1)), &content, &quantiser[0], &quantiser[1]);
        if (should_stop && should_stop(context))
            return crush_fail_limit(ret_error, CRUSH_LIMIT_DEADLINE, 0, "stopped after %d generations", g);
        for (int c = 0; c < PLANE_COUNT; c++)
            if (planes[c].px)
                for (int y = shift; y < (int)planes[c].height_px; y += 8)
                    for (int x = shift; x < (int)planes[c].width_px; x += 8)
                        age_block(&planes[c], x, y, &quantiser[c > 0]);
    }
    return CRUSH_OK;
}
