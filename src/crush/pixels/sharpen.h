/* A smaller picture that will be shown at the old size: sharper, by what enlarging it dims. */
#ifndef PICLOG_CRUSH_PIXELS_SHARPEN_H
#define PICLOG_CRUSH_PIXELS_SHARPEN_H

#include "crush/pixels/picture.h"

/*
 * Sharpens a plane in place, edges go on. Browsers enlarge by straight lines between pixels (Chromium and Firefox both,
 * ../tools/benchmarks/README.md), which dims the frequency f by (sin πf / πf)². CRUSH_ENOMEM changes nothing.
 * Cost: about 2 ns a pixel.
 */
CRUSH_MUST_USE crush_status plane_sharpen(struct plane *plane);

#endif
