/*
 * Chooses scans by what their headers say; it never looks at their data. Before: jpeg/outline.c. Next: jpeg/scaled.c,
 * jpeg/coefficients.c.
 */
#include "crush/jpeg/plan.h"

#include <string.h>

enum { NOTHING = 255, LAST_INDEX = 63 };

/* The last zig-zag position that a block of size × size pixels needs; of 3 × 3 those that the usual first scan has,
 * as the others hardly show. */
static int last_needed(int size)
{
    return size == 1 ? 0 : size == 2 ? 4 : size == 3 ? 5 : size == 4 ? 24 : LAST_INDEX;
}

void jpeg_plan_begin(struct jpeg_plan *plan)
{
    memset(plan->missing_bits, NOTHING, sizeof plan->missing_bits);
}

int jpeg_plan_wants(struct jpeg_plan *plan, const struct jpeg_scan *scan, const int sizes[JPEG_COMPONENTS])
{
    int use = 0;
    for (int c = 0; c < JPEG_COMPONENTS; c++) {
        if (!(scan->components & 1 << c))
            continue;
        if (sizes[c] && scan->spectral_first <= last_needed(sizes[c]))
            use |= scan->spectral_first == 0 || scan->approx_high == 0 || sizes[c] > 4;
    }
    const int last = scan->spectral_last < LAST_INDEX ? scan->spectral_last : LAST_INDEX;
    for (int c = 0; c < JPEG_COMPONENTS && scan->approx_high; c++)
        for (int k = scan->spectral_first; scan->components & 1 << c && k <= last; k++)
            use &= plan->missing_bits[c][k] != NOTHING; /* refines what was left out */
    for (int c = 0; c < JPEG_COMPONENTS && use; c++)
        for (int k = scan->spectral_first; scan->components & 1 << c && k <= last; k++)
            plan->missing_bits[c][k] = scan->approx_low;
    return use;
}
