/*
 * What `fried` does to a picture before it is crushed: colour and contrast, and generations of recompression.
 */
#ifndef PICLOG_CRUSH_ENCODE_LOOK_H
#define PICLOG_CRUSH_ENCODE_LOOK_H

#include "crush/pixels/picture.h"

/*
 * Changes contrast around the mean (and, beyond 100 percent, between neighbours), and the strength of colours, in
 * place. 100 percent changes nothing. CRUSH_ENOMEM.
 */
CRUSH_MUST_USE crush_status look_adjust(struct plane planes[PLANE_COUNT], int contrast_percent, int saturation_percent);

/*
 * Recompresses the planes as often as generations says, in place, with the house tables of a step, the block grid
 * moving between two generations as it does when people crop and repost. CRUSH_ENOMEM; CRUSH_ELIMIT when should_stop
 * (may be NULL) asks for it. Cost: about 2 ms a generation at 480×360.
 */
CRUSH_MUST_USE crush_status look_age(struct plane planes[PLANE_COUNT], int generations, float step,
                                     int (*should_stop)(void *), void *context, crush_error *ret_error);

#endif
