/*
 * See clip_size.h. It tries sizes and asks the solver for bytes; it chooses no frames and encodes nothing. Where its
 * numbers come from stands in tools/benchmarks/README.md, "Clips". Before: clip.c. Next: clip_cells.c, encode/solve.c.
 */
#include "crush/clip_size.h"

#include <math.h>

#include "crush/encode/solve.h"

enum { LEAST_SIDE_PX = 16, TRIES = 4, WHOLE_BLOCKS_FROM = 4 };

/* Cells shrink until the strip has this quality. */
#define CELL_QUALITY 16
/* Where the search begins. */
#define FIRST_BITS_PER_PX 0.25
/* Bytes that are near enough to the budget, by its parts. */
#define NEAR_LEAST 0.85
#define NEAR_MOST  1.05
/* Bytes grow a little slower than the square of a side. */
#define SIDE_POWER 0.65

static double longest_of(const crush_picture *cell)
{
    return fmax(cell->info.width_px, cell->info.height_px);
}

struct clip_size clip_size_for(const crush_picture *cell, uint32_t count, double side_px)
{
    const uint32_t w = cell->info.width_px, h = cell->info.height_px;
    const double widest = CRUSH_CLIP_MAX_SIDE_PX / count / CLIP_BLOCK_PX * CLIP_BLOCK_PX;
    double width = fmin(fmin(side_px * w / longest_of(cell), w), widest);
    if (width * h / w > CRUSH_CLIP_MAX_SIDE_PX)
        width = (double)CRUSH_CLIP_MAX_SIDE_PX * w / h;
    struct clip_size size = {(uint32_t)(width + 0.5), 0};
    /* a little more than whole blocks would pay for blocks of which little is seen */
    const uint32_t whole = size.width_px / CLIP_BLOCK_PX * CLIP_BLOCK_PX;
    if (size.width_px < w && whole >= WHOLE_BLOCKS_FROM * CLIP_BLOCK_PX)
        size.width_px = whole;
    size.width_px = size.width_px ? size.width_px : 1;
    size.height_px = (uint32_t)(((uint64_t)size.width_px * h + w / 2) / w);
    size.height_px = size.height_px ? size.height_px : 1;
    if (size.height_px > CRUSH_CLIP_MAX_SIDE_PX) /* a width that was rounded up may ask for more */
        size.height_px = CRUSH_CLIP_MAX_SIDE_PX;
    return size;
}

crush_status clip_size_bytes(const crush_picture *strip, int quality, size_t *ret_bytes)
{
    struct solver solver;
    const crush_status status = solver_init(strip->planes, 0, &solver);
    if (status != CRUSH_OK)
        return status;
    *ret_bytes = solver_guess_bytes(&solver, step_of_quality(quality));
    solver_free(&solver);
    return CRUSH_OK;
}

crush_status clip_size_find(crush_picture *const *cells, uint32_t count, int full_chroma, size_t budget_bytes,
                            struct clip_size *ret_size, crush_picture **ret_strip)
{
    const crush_picture *cell = cells[0];
    const double longest = longest_of(cell), cell_px = (double)cell->info.width_px * cell->info.height_px;
    const double budget = (double)budget_bytes;
    double side =
        budget_bytes ? fmin(longest, sqrt(budget * 8 / FIRST_BITS_PER_PX / count / cell_px) * longest) : longest;
    for (int i = 0;; i++) {
        const struct clip_size size = clip_size_for(cell, count, side);
        crush_picture *strip = NULL;
        size_t bytes = budget_bytes;
        crush_status status = clip_strip_make(cells, count, size.width_px, size.height_px, full_chroma, &strip);
        if (status == CRUSH_OK && budget_bytes)
            status = clip_size_bytes(strip, CELL_QUALITY, &bytes);
        if (status != CRUSH_OK) {
            crush_close(strip);
            return status;
        }
        const double part = budget_bytes ? (double)bytes / budget : 1;
        const double next = fmax(LEAST_SIDE_PX, fmin(longest, side / pow(part, SIDE_POWER)));
        const int near = part >= NEAR_LEAST && part <= NEAR_MOST;
        if (near || i == TRIES - 1 || clip_size_for(cell, count, next).width_px == size.width_px) {
            *ret_size = size;
            *ret_strip = strip;
            return CRUSH_OK;
        }
        crush_close(strip);
        side = next;
    }
}
