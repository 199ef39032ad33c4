/* How large the cells of a strip are: as large as the budget allows at the quality that they shall have. */
#ifndef PICLOG_CRUSH_CLIP_SIZE_H
#define PICLOG_CRUSH_CLIP_SIZE_H

#include "crush/clip_cells.h"

struct clip_size {
    uint32_t width_px, height_px; /* of a frame */
};

/* The size of count cells whose longest side is about side_px: in their proportions, not larger than they are, with a
 * strip of at most CRUSH_CLIP_MAX_SIDE_PX. */
struct clip_size clip_size_for(const crush_picture *cell, uint32_t count, double side_px);

/* About how many bytes a strip has at a quality, on libjpeg's scale. CRUSH_ENOMEM. */
CRUSH_MUST_USE crush_status clip_size_bytes(const crush_picture *strip, int quality, size_t *ret_bytes);

/*
 * The strip of count cells for a budget; 0: as large as the cells are. The caller closes it. CRUSH_ENOMEM. Cost: up to
 * four strips and their transforms.
 */
CRUSH_MUST_USE crush_status clip_size_find(crush_picture *const *cells, uint32_t count, int full_chroma,
                                           size_t budget_bytes, struct clip_size *ret_size, crush_picture **ret_strip);

#endif
