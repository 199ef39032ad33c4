/*
 * White may be coded whiter than white, black blacker than black: decoders clamp. Where letters stand on white, much of
 * what would be spent on keeping the white between them flat need not be.
 */
#ifndef PICLOG_CRUSH_ENCODE_OVERSHOOT_H
#define PICLOG_CRUSH_ENCODE_OVERSHOOT_H

#include "crush/encode/dct.h"
#include "crush/encode/levels.h"

/* A block of luma in which white or black pixels are beside others. */
struct overshoot_block {
    uint32_t index;
    uint8_t px[BLOCK_SIZE];
};

struct overshoot {
    struct overshoot_block *blocks;
    size_t count;
};

/* Finds such blocks. CRUSH_ENOMEM leaves nothing behind; overshoot_free takes zeroed ones. */
CRUSH_MUST_USE crush_status overshoot_find(const struct plane *luma, struct overshoot *ret_overshoot);
void overshoot_free(struct overshoot *overshoot);

/*
 * Changes their coefficients: white and black pixels shall be where levels (at steps, zig-zag) put them, where that is
 * beyond white or black. Cost: about 0.2 microseconds a block.
 */
void overshoot_follow(const struct overshoot *overshoot, const struct levels *levels, const uint16_t steps[BLOCK_SIZE],
                      struct blocks *blocks);

/* Back to where the pixels are. */
void overshoot_reset(const struct overshoot *overshoot, struct blocks *blocks);

#endif
