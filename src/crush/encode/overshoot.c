/*
 * Freedom beyond white and black: see overshoot.h. What a quantisation makes of white and black pixels is what the next
 * one aims at, as long as decoders clamp it to the same. Repeated, the two come to rest where fewest bits are needed:
 * projections onto convex sets (D. C. Youla and H. Webb, "Image Restoration by the Method of Convex Projections",
 * 1982). It decides nothing. Next: solve.c.
 */
#include "crush/encode/overshoot.h"
#include "crush/pixels/scratch.h"

#include <string.h>

/* Copies a block, over the edges the last column and row. */
static void copy_block(const struct plane *luma, uint32_t left, uint32_t top, uint8_t *ret_px)
{
    for (uint32_t y = 0; y < 8; y++) {
        const uint32_t from_y = top + y < luma->height_px ? top + y : luma->height_px - 1;
        const uint8_t *row = luma->px + from_y * luma->stride_bytes;
        if (left + 8 <= luma->width_px)
            memcpy(ret_px + 8 * y, row + left, 8);
        else
            for (uint32_t x = 0; x < 8; x++)
                ret_px[8 * y + x] = row[left + x < luma->width_px ? left + x : luma->width_px - 1];
    }
}

/* 1: it has white or black, and other pixels too. */
static int is_mixed(const uint8_t px[BLOCK_SIZE])
{
    uint8_t white = 0, black = 0;
    for (int i = 0; i < BLOCK_SIZE; i++) {
        white = (uint8_t)(white + (px[i] >= NEAR_WHITE));
        black = (uint8_t)(black + (px[i] <= NEAR_BLACK));
    }
    return white + black > 0 && white < BLOCK_SIZE && black < BLOCK_SIZE;
}

crush_status overshoot_find(const struct plane *luma, struct overshoot *ret_overshoot)
{
    const uint32_t columns = (luma->width_px + 7) / 8, rows = (luma->height_px + 7) / 8;
    /* For all blocks, one more to try into; only what is used becomes real memory. */
    struct overshoot found = {.blocks = scratch_alloc_sparse(((size_t)columns * rows + 1) * sizeof *found.blocks)};
    if (!found.blocks)
        return CRUSH_ENOMEM;
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++) {
            found.blocks[found.count].index = y * columns + x;
            copy_block(luma, 8 * x, 8 * y, found.blocks[found.count].px);
            found.count += (size_t)is_mixed(found.blocks[found.count].px);
        }
    *ret_overshoot = found;
    return CRUSH_OK;
}

void overshoot_free(struct overshoot *overshoot)
{
    scratch_free(overshoot->blocks);
    *overshoot = (struct overshoot){0};
}

void overshoot_follow(const struct overshoot *overshoot, const struct levels *levels, const uint16_t steps[BLOCK_SIZE],
                      struct blocks *blocks)
{
    for (size_t i = 0; i < overshoot->count; i++) {
        const struct overshoot_block *at = &overshoot->blocks[i];
        float coded[BLOCK_SIZE] = {(float)(levels->dc[at->index] * steps[0])};
        for (uint32_t l = levels->first[at->index]; l < levels->first[at->index + 1]; l++) {
            const struct level *level = &levels->ac[l];
            coded[dct_natural_order[level->position]] = (float)(level->value * steps[level->position]);
        }
        dct_project(at->px, coded, blocks->coefficients + (size_t)at->index * BLOCK_SIZE);
    }
}

void overshoot_reset(const struct overshoot *overshoot, struct blocks *blocks)
{
    static const float gray[BLOCK_SIZE] = {0}; /* what is nearest to it goes nowhere beyond the pixels */
    for (size_t i = 0; i < overshoot->count; i++)
        dct_project(overshoot->blocks[i].px, gray,
                    blocks->coefficients + (size_t)overshoot->blocks[i].index * BLOCK_SIZE);
}
