/*
 * See clip_choice.h: numbers about frames, from means of their parts. It changes no pixel. Where the numbers come from
 * stands in tools/benchmarks/README.md, "Clips". Before: clip.c.
 */
#include "crush/clip_choice.h"

#include "crush/pixels/cells.h"
#include "crush/pixels/ycc.h"

#include <math.h>
#include <string.h>

/* A flash is a pair of opposing changes of relative luminance by a tenth, the darker below 0.8. */
#define FLASH_CHANGE 0.1f
#define FLASH_DARKER 0.8f
_Static_assert((int)CLIP_GRID == (int)CELLS_SIDE, "a glance is cells");
enum { SAMPLES = 6 /* of a part, in each direction */ };
enum { FLASHES_MOST = 3, FLASH_AREA_PARTS = 4, SECOND_MS = 1000 };

/*
 * In points of SSIMULACRA2: what twice as many frames take from each at equal bytes, measured; and what motion is
 * worth, by the root of the levels that the frames on show are away from those that should be, chosen by looking.
 */
#define DOUBLING_COST 24.0f
#define LOST_COST     28.0f

#define POSTER_PART 0.8f /* of the richest frame's contrast */

/* The luma of a pixel of the canvas over the background. */
static uint32_t luma_of(const uint8_t *rgba, uint32_t background_rgb)
{
    uint32_t over[3];
    if (rgba[3] == 255)
        return ycc_luma(rgba[0], rgba[1], rgba[2]);
    for (int c = 0; c < 3; c++) {
        const uint32_t under = background_rgb >> (16 - 8 * c) & 255;
        over[c] = (rgba[c] * (uint32_t)rgba[3] + under * (255U - rgba[3]) + 127) / 255;
    }
    return ycc_luma((uint8_t)over[0], (uint8_t)over[1], (uint8_t)over[2]);
}

void clip_glance_take(const struct animation *a, uint32_t background_rgb, struct clip_glance *ret_glance)
{
    const uint32_t samples_x = a->width_px < CLIP_GRID * SAMPLES ? 1 : SAMPLES;
    const uint32_t samples_y = a->height_px < CLIP_GRID * SAMPLES ? 1 : SAMPLES;
    for (uint32_t gy = 0; gy < CLIP_GRID; gy++)
        for (uint32_t gx = 0; gx < CLIP_GRID; gx++) {
            uint32_t sum = 0;
            for (uint32_t sy = 0; sy < samples_y; sy++)
                for (uint32_t sx = 0; sx < samples_x; sx++) {
                    const uint64_t x = (uint64_t)(gx * samples_x + sx) * a->width_px / (CLIP_GRID * samples_x);
                    const uint64_t y = (uint64_t)(gy * samples_y + sy) * a->height_px / (CLIP_GRID * samples_y);
                    sum += luma_of(a->canvas + (y * a->width_px + x) * 4, background_rgb);
                }
            ret_glance->luma[gy * CLIP_GRID + gx] = (float)sum / (float)(samples_x * samples_y);
        }
}

void clip_glance_of_plane(const struct plane *luma, struct clip_glance *ret_glance)
{
    double cells[CLIP_GRID][CLIP_GRID];
    cells_average(luma, cells);
    for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
        ret_glance->luma[i] = (float)cells[i / CLIP_GRID][i % CLIP_GRID];
}

/* The root of the mean square of what two frames differ by, in levels. */
static float difference(const struct clip_glance *a, const struct clip_glance *b)
{
    float sum = 0;
    for (int i = 0; i < CLIP_GRID * CLIP_GRID; i++)
        sum += (a->luma[i] - b->luma[i]) * (a->luma[i] - b->luma[i]);
    return sqrtf(sum / (CLIP_GRID * CLIP_GRID));
}

float clip_motion_lost(const struct clip_glance *glances, uint32_t grid, uint32_t count)
{
    const uint32_t each = grid / count;
    float lost = 0, steps = 0;
    for (uint32_t i = 0; i < grid; i++) {
        lost += difference(&glances[i], &glances[i / each * each]);
        steps += i ? difference(&glances[i], &glances[i - 1]) : 0;
    }
    return lost / (float)grid + steps / (2 * (float)(grid - 1));
}

uint32_t clip_choose_count(const struct clip_glance *glances, uint32_t grid, uint32_t most)
{
    uint32_t best = grid;
    float least = INFINITY;
    for (uint32_t count = CRUSH_CLIP_LEAST_FRAMES; count <= grid; count++) {
        if (grid % count || (count > most && least < INFINITY))
            continue;
        const float cost =
            DOUBLING_COST * log2f((float)count) + LOST_COST * sqrtf(clip_motion_lost(glances, grid, count));
        if (cost < least) {
            least = cost;
            best = count;
        }
    }
    return best;
}

uint32_t clip_choose_poster(const struct clip_glance *glances, uint32_t count)
{
    float contrast[CLIP_MOST], most = 0;
    for (uint32_t i = 0; i < count; i++) {
        float sum = 0, squares = 0;
        for (int k = 0; k < CLIP_GRID * CLIP_GRID; k++) {
            sum += glances[i].luma[k];
            squares += glances[i].luma[k] * glances[i].luma[k];
        }
        const float mean = sum / (CLIP_GRID * CLIP_GRID);
        contrast[i] = sqrtf(fmaxf(0, squares / (CLIP_GRID * CLIP_GRID) - mean * mean));
        most = fmaxf(most, contrast[i]);
    }
    uint32_t poster = 0;
    while (poster + 1 < count && contrast[poster] < POSTER_PART * most)
        poster++;
    return poster;
}

/* ---- Flashes ---- */

/* The changes of one part of the picture, in two rounds of the loop: 1 where one ends with that frame. */
static void changes_find(const struct clip_glance *glances, uint32_t count, int part,
                         uint8_t ret_changes[2 * CLIP_MOST])
{
    float extreme = powf(glances[0].luma[part] / 255, 2.2f);
    int direction = 0;
    memset(ret_changes, 0, 2 * CLIP_MOST);
    for (uint32_t i = 1; i < 2 * count; i++) {
        const float now = powf(glances[i % count].luma[part] / 255, 2.2f);
        const int goes = now > extreme ? 1 : -1;
        if (goes == direction) {
            extreme = now;
        } else if (fabsf(now - extreme) >= FLASH_CHANGE && fminf(now, extreme) < FLASH_DARKER) {
            ret_changes[i] = 1;
            extreme = now;
            direction = goes;
        }
    }
}

int clip_flashes(const struct clip_glance *glances, uint32_t count, uint32_t frame_ms)
{
    const uint32_t window = SECOND_MS / frame_ms + 1; /* frames whose beginnings a second holds */
    uint32_t flashing[2 * CLIP_MOST] = {0};           /* parts, by the first frame of the second */
    for (int part = 0; part < CLIP_GRID * CLIP_GRID; part++) {
        uint8_t changes[2 * CLIP_MOST];
        changes_find(glances, count, part, changes);
        for (uint32_t first = 0; first < 2 * count; first++) {
            uint32_t sum = 0;
            for (uint32_t i = first; i < 2 * count && i < first + window; i++)
                sum += changes[i];
            flashing[first] += sum > 2 * FLASHES_MOST;
        }
    }
    for (uint32_t first = 0; first < 2 * count; first++)
        if (flashing[first] * FLASH_AREA_PARTS >= CLIP_GRID * CLIP_GRID)
            return 1;
    return 0;
}
