/*
 * What is shown enlarged is sharpened before: see sharpen.h. [−s, 1 + 2s, −s] along rows, then along columns. Next:
 * encode.c, which makes pictures smaller.
 */
#include "crush/pixels/sharpen.h"
#include "crush/pixels/scratch.h"

/*
 * s, of 256: 0.09. Where browsers enlarge, the least squares would be 0.11; viewers with a cubic filter want 0.05. What
 * is above costs bits and rings.
 */
enum { STRENGTH = 23, ONE = 256 };

static int32_t sharpened(int32_t before, int32_t here, int32_t after)
{
    return (ONE + 2 * STRENGTH) * here - STRENGTH * (before + after);
}

/* One row, ONE times its values. */
static void sharpen_row(const uint8_t *row, uint32_t width_px, int32_t *ret_row)
{
    const uint32_t last = width_px - 1;
    ret_row[0] = sharpened(row[0], row[0], row[last ? 1 : 0]);
    for (uint32_t x = 1; x < last; x++)
        ret_row[x] = sharpened(row[x - 1], row[x], row[x + 1]);
    ret_row[last] = sharpened(row[last ? last - 1 : 0], row[last], row[last]);
}

crush_status plane_sharpen(struct plane *plane)
{
    const uint32_t width = plane->width_px, last = plane->height_px - 1;
    int32_t *rows = scratch_alloc(3 * (size_t)width * sizeof *rows);
    if (!rows)
        return CRUSH_ENOMEM;
    int32_t *above = rows, *here = rows + width, *below = rows + 2 * (size_t)width;
    sharpen_row(plane->px, width, here);
    sharpen_row(plane->px, width, above);
    for (uint32_t y = 0; y <= last; y++) {
        uint8_t *to = plane->px + (size_t)y * plane->stride_bytes;
        uint8_t *fine = plane->fine ? plane->fine + (size_t)y * plane->stride_bytes : NULL, none;
        sharpen_row(y < last ? to + plane->stride_bytes : to, width, below);
        for (uint32_t x = 0; x < width; x++)
            plane_split(sharpened(above[x], here[x], below[x]), &to[x], fine ? &fine[x] : &none);
        int32_t *free_row = above;
        above = here;
        here = below;
        below = free_row;
    }
    scratch_free(rows);
    return CRUSH_OK;
}
