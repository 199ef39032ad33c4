/*
 * Progressive JPEGs that end before every bit was sent: the scans say which. Viewers built on libjpeg smooth the blocks
 * of such files (ITU-T T.81 K.8), so what they show is not what the coefficients say.
 */
#ifndef PICLOG_CRUSH_JPEG_UNFINISHED_H
#define PICLOG_CRUSH_JPEG_UNFINISHED_H

#include "crush/jpeg/outline.h"

enum { JPEG_COEFFICIENTS = 64 };

/*
 * How many of the lowest bits of each coefficient (zig-zag) of a component are still missing after all scans; -1: none
 * of its bits were sent. Needs walked scans.
 */
void jpeg_missing_bits(const struct jpeg_outline *outline, int component, int ret_bits[JPEG_COEFFICIENTS]);

/* 1 where libjpeg-turbo smooths blocks: all means are known, but some of the lowest frequencies are not, or not fully.
 */
int jpeg_is_unfinished(const struct jpeg_outline *outline);

#endif
