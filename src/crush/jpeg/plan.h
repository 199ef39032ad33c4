/* Which scans of a JPEG a shrunken picture needs, asked scan by scan in the order of the file. */
#ifndef PICLOG_CRUSH_JPEG_PLAN_H
#define PICLOG_CRUSH_JPEG_PLAN_H

#include "crush/jpeg/outline.h"

struct jpeg_plan {
    /* Per component and zig-zag index: the bits that no wanted scan so far has delivered; 255: nothing at all. */
    uint8_t missing_bits[JPEG_COMPONENTS][64];
};

void jpeg_plan_begin(struct jpeg_plan *plan);

/*
 * 1 if this scan shows where component c is rebuilt at sizes[c] pixels for each block of eight (0: not wanted). Scans
 * that refine high bits are left out with the scan they refine, as their meaning depends on it.
 */
int jpeg_plan_wants(struct jpeg_plan *plan, const struct jpeg_scan *scan, const int sizes[JPEG_COMPONENTS]);

#endif
