/* Frames of a clip, at first as large as they may become, then as cells of a strip. */
#ifndef PICLOG_CRUSH_CLIP_CELLS_H
#define PICLOG_CRUSH_CLIP_CELLS_H

#include "crush/formats/animation.h"
#include "crush/pixels/picture.h"

enum { CLIP_BLOCK_PX = 16 /* of a JPEG whose chroma is halved */ };

static inline uint32_t clip_round_up(uint32_t px)
{
    return (px + CLIP_BLOCK_PX - 1) / CLIP_BLOCK_PX * CLIP_BLOCK_PX;
}

/*
 * A picture of what stands on the canvas, with chroma as large as luma, its longest side at most that of the options.
 * held_bytes: what is in memory besides. The caller closes it. CRUSH_ENOMEM, CRUSH_ELIMIT.
 */
CRUSH_MUST_USE crush_status clip_cell_take(const struct animation *animation, const crush_open_options *options,
                                           uint64_t held_bytes, crush_picture **ret_cell, crush_error *ret_error);

/*
 * Lays cells side by side, each scaled to width × height and padded to whole blocks with its own edge. full_chroma:
 * else chroma is halved, cell by cell. The caller closes the strip. CRUSH_ENOMEM leaves nothing behind.
 */
CRUSH_MUST_USE crush_status clip_strip_make(crush_picture *const *cells, uint32_t count, uint32_t width_px,
                                            uint32_t height_px, int full_chroma, crush_picture **ret_strip);

#endif
