/*
 * The eight EXIF orientations, done on working planes because those are small. Next: colour.c.
 */
#include "crush/pixels/orient.h"

enum { TILE = 32 }; /* transposing by tiles keeps both sides in the cache */

int orient_swaps_sides(int orientation)
{
    return orientation >= 5 && orientation <= 8;
}

/* One byte a pixel, from px, which is the plane's px or fine, to those of the upright plane. */
static void turn(const struct plane *plane, const uint8_t *px, int orientation, const struct plane *to, uint8_t *ret_px)
{
    const uint32_t w = plane->width_px, h = plane->height_px;
    const int swaps = orient_swaps_sides(orientation);
    /* Where the upright picture's first pixel lies in the source, and how far a step right and a step down go there. */
    const ptrdiff_t stride = (ptrdiff_t)plane->stride_bytes;
    const int from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const int from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const uint8_t *origin = px + (from_right ? w - 1 : 0) + (from_bottom ? (h - 1) * stride : 0);
    const ptrdiff_t across = from_right ? -1 : 1, along = from_bottom ? -stride : stride;
    const ptrdiff_t right = swaps ? along : across, down = swaps ? across : along;
    for (uint32_t top = 0; top < to->height_px; top += TILE)
        for (uint32_t left = 0; left < to->width_px; left += TILE) {
            const uint32_t bottom = top + TILE < to->height_px ? top + TILE : to->height_px;
            const uint32_t end = left + TILE < to->width_px ? left + TILE : to->width_px;
            for (uint32_t y = top; y < bottom; y++) {
                const uint8_t *from = origin + (ptrdiff_t)y * down + (ptrdiff_t)left * right;
                uint8_t *row = ret_px + y * to->stride_bytes;
                for (uint32_t x = left; x < end; x++, from += right)
                    row[x] = *from;
            }
        }
}

crush_status orient_plane(struct plane *plane, int orientation)
{
    if (orientation <= 1 || orientation > 8)
        return CRUSH_OK;
    const int swaps = orient_swaps_sides(orientation);
    const uint32_t w = swaps ? plane->height_px : plane->width_px, h = swaps ? plane->width_px : plane->height_px;
    struct plane to;
    if ((plane->fine ? plane_alloc_fine(&to, w, h) : plane_alloc(&to, w, h)) != CRUSH_OK)
        return CRUSH_ENOMEM;
    turn(plane, plane->px, orientation, &to, to.px);
    if (plane->fine)
        turn(plane, plane->fine, orientation, &to, to.fine);
    plane_free(plane);
    *plane = to;
    return CRUSH_OK;
}
