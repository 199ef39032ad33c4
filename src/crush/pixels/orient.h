/* Turns planes upright. */
#ifndef PICLOG_CRUSH_PIXELS_ORIENT_H
#define PICLOG_CRUSH_PIXELS_ORIENT_H

#include "crush/pixels/picture.h"

/* 1 where an EXIF orientation (1..8) exchanges width and height. */
int orient_swaps_sides(int orientation);

/*
 * Replaces *plane by its upright version. CRUSH_ENOMEM leaves it as it was. Orientation 1 costs nothing.
 */
CRUSH_MUST_USE crush_status orient_plane(struct plane *plane, int orientation);

#endif
