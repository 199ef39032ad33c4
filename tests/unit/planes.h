/* Planes and noise for made-up pictures: the same noise everywhere. To be included after cmocka.h. */
#ifndef PICLOG_TESTS_PLANES_H
#define PICLOG_TESTS_PLANES_H

#include "crush/pixels/picture.h"

static uint32_t random_state = 1;

/* 0 … bound - 1. */
static inline uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * bound >> 32);
}

/* To be ended with plane_free(). */
static inline struct plane plane_of(uint32_t width_px, uint32_t height_px)
{
    struct plane plane;
    assert_int_equal(plane_alloc(&plane, width_px, height_px), CRUSH_OK);
    return plane;
}

static inline uint8_t *sample(const struct plane *plane, uint32_t x, uint32_t y)
{
    return &plane->px[y * plane->stride_bytes + x];
}

#endif
