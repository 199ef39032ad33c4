/* What a clip's frames look like beside each other: how many are worth their bytes, which stands for all, do they
 * flash? */
#ifndef PICLOG_CRUSH_CLIP_CHOICE_H
#define PICLOG_CRUSH_CLIP_CHOICE_H

#include "crush/formats/animation.h"
#include "crush/pixels/picture.h"

enum { CLIP_GRID = 32, CLIP_MOST = CRUSH_CLIP_MOST_FRAMES };

/* The luma of CLIP_GRID × CLIP_GRID parts of a frame, each the mean of some of its pixels. */
struct clip_glance {
    float luma[CLIP_GRID * CLIP_GRID];
};

/* Of what stands on the canvas, over a background. */
void clip_glance_take(const struct animation *animation, uint32_t background_rgb, struct clip_glance *ret_glance);

/* Of one frame that is a picture already: the mean of all its pixels. */
void clip_glance_of_plane(const struct plane *luma, struct clip_glance *ret_glance);

/*
 * How far, on average, the frames on show are from those that should be, in levels, if only count of grid are shown.
 * Between the frames of the grid things move as well: half of what they do from one to the next.
 */
float clip_motion_lost(const struct clip_glance *glances, uint32_t grid, uint32_t count);

/*
 * How many of grid frames that lie evenly in time look best in motion, where more of them means fewer bytes for each: a
 * divisor of grid, at most `most` unless all are more.
 */
uint32_t clip_choose_count(const struct clip_glance *glances, uint32_t grid, uint32_t most);

/* The frame that says most by itself: the first that is nearly as rich in contrast as the richest. */
uint32_t clip_choose_poster(const struct clip_glance *glances, uint32_t count);

/* 1 where the frames in a loop flash more than three times a second over a quarter of their area. Source:
 * WCAG 2.2, 2.3.1, general flashes. */
int clip_flashes(const struct clip_glance *glances, uint32_t count, uint32_t frame_ms);

#endif
