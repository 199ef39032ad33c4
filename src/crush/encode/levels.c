/* Memory for quantised components: see levels.h. It chooses nothing. Next: quantise.c, which fills them. */
#include "crush/encode/levels.h"
#include "crush/pixels/scratch.h"

crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels)
{
    size_t total = (size_t)columns * rows;
    struct levels levels = {.columns = columns, .rows = rows};
    levels.dc = scratch_alloc(total * sizeof *levels.dc);
    levels.first = scratch_alloc((total + 1) * sizeof *levels.first);
    levels.ac = scratch_alloc_sparse(levels_capacity(&levels) * sizeof *levels.ac);
    levels.path = scratch_alloc(2 * (size_t)columns * sizeof *levels.path);
    levels.above = scratch_alloc(columns * sizeof *levels.above);
    levels.estimates = scratch_alloc(SMOOTH_POSITIONS * (size_t)columns * sizeof *levels.estimates);
    if (!levels.dc || !levels.first || !levels.ac || !levels.path || !levels.above || !levels.estimates) {
        levels_free(&levels);
        return CRUSH_ENOMEM;
    }
    *ret_levels = levels;
    return CRUSH_OK;
}

void levels_free(struct levels *levels)
{
    scratch_free(levels->dc);
    scratch_free(levels->first);
    scratch_free(levels->ac);
    scratch_free(levels->path);
    scratch_free(levels->above);
    scratch_free(levels->estimates);
    *levels = (struct levels){0};
}
