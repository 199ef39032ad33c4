/* Memory for quantised components: see levels.h. It chooses nothing. Next: quantise.c, which fills them. */
#include "crush/encode/levels.h"

#include <stdlib.h>

crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels)
{
    size_t total = (size_t)columns * rows;
    struct levels levels = {.columns = columns, .rows = rows};
    levels.dc = malloc(total * sizeof *levels.dc);
    levels.first = malloc((total + 1) * sizeof *levels.first);
    levels.ac = malloc(levels_capacity(&levels) * sizeof *levels.ac); /* only what is used becomes real memory */
    levels.path = malloc(2 * (size_t)columns * sizeof *levels.path);
    levels.above = malloc(columns * sizeof *levels.above);
    levels.estimates = malloc(SMOOTH_POSITIONS * (size_t)columns * sizeof *levels.estimates);
    if (!levels.dc || !levels.first || !levels.ac || !levels.path || !levels.above || !levels.estimates) {
        levels_free(&levels);
        return CRUSH_ENOMEM;
    }
    *ret_levels = levels;
    return CRUSH_OK;
}

void levels_free(struct levels *levels)
{
    free(levels->dc);
    free(levels->first);
    free(levels->ac);
    free(levels->path);
    free(levels->above);
    free(levels->estimates);
    *levels = (struct levels){0};
}
