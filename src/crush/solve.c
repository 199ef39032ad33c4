/*
 * The solver: see solve.h. Every step quantises and counts; nothing is written before the right step is found.
 * Bytes fall roughly with a power of the step, so the next step comes from a straight line in logarithms, kept
 * inside the bracket that is known.
 */
#include "solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PASSES = 14, MAX_WRITES = 6 };

#define FIRST_STEP    30.0f
#define LEAST_STEP    0.5f
#define TYPICAL_SLOPE -0.9f  /* of log bytes over log step */
#define ENOUGH        0.994f /* of the budget: a finer step is not worth another pass */
#define NARROW        1.002f /* a bracket of steps that makes no visible difference any more */

crush_status solver_init(const struct plane planes[PLANE_COUNT], struct solver *ret_solver)
{
    struct solver s = {.width_px = planes[PLANE_Y].width_px,
                       .height_px = planes[PLANE_Y].height_px,
                       .components = planes[PLANE_CB].px ? 3 : 1};
    s.subsampled =
        s.components == 3 && (planes[PLANE_CB].width_px != s.width_px || planes[PLANE_CB].height_px != s.height_px);
    crush_status status = CRUSH_OK;
    for (int c = 0; c < s.components && status == CRUSH_OK; c++) {
        status = dct_forward(&planes[c], &s.blocks[c]);
        if (status == CRUSH_OK)
            status = levels_alloc(s.blocks[c].columns, s.blocks[c].rows, &s.best[c]);
        if (status == CRUSH_OK)
            status = levels_alloc(s.blocks[c].columns, s.blocks[c].rows, &s.trial[c]);
        rate_guess(&s.rate[c]);
    }
    if (status == CRUSH_OK) {
        s.masking = malloc((size_t)s.blocks[0].columns * s.blocks[0].rows * sizeof *s.masking);
        status = s.masking ? CRUSH_OK : CRUSH_ENOMEM;
    }
    if (status != CRUSH_OK) {
        solver_free(&s);
        return status;
    }
    masking_measure(&s.blocks[0], s.masking);
    *ret_solver = s;
    return CRUSH_OK;
}

void solver_free(struct solver *solver)
{
    for (int c = 0; c < PLANE_COUNT; c++) {
        blocks_free(&solver->blocks[c]);
        levels_free(&solver->best[c]);
        levels_free(&solver->trial[c]);
    }
    free(solver->masking);
    *solver = (struct solver){0};
}

/* Quantises into trial, learns the rates for the next pass, returns the size of the best layout. */
static size_t try_step(struct solver *s, const struct quantiser quantiser[2], enum layout *ret_layout)
{
    size_t least = SIZE_MAX;
    for (int c = 0; c < s->components; c++) {
        quantise(&s->blocks[c], &quantiser[c > 0], &s->rate[c], c ? NULL : s->masking, &s->trial[c]);
        rate_learn(&s->trial[c], &s->rate[c]);
    }
    for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
        size_t bytes = count_jpeg_bytes(s->trial, s->components, s->subsampled, (enum layout)layout);
        if (bytes < least) {
            least = bytes;
            *ret_layout = (enum layout)layout;
        }
    }
    s->passes++;
    return least;
}

static void keep_trial(struct solver *s)
{
    for (int c = 0; c < s->components; c++) {
        struct levels kept = s->trial[c];
        s->trial[c] = s->best[c];
        s->best[c] = kept;
    }
}

static crush_status write_best(const struct solver *s, const struct quantiser quantiser[2], enum layout layout,
                               struct solution *ret_solution)
{
    struct jpeg_image image = {.width_px = s->width_px,
                               .height_px = s->height_px,
                               .components = s->components,
                               .luma_h = s->subsampled ? 2 : 1,
                               .luma_v = s->subsampled ? 2 : 1,
                               .levels = s->best,
                               .steps = {quantiser[0].step, quantiser[1].step, quantiser[1].step},
                               .layout = layout};
    ret_solution->progressive = layout != LAYOUT_BASELINE;
    return encode_jpeg(&image, &ret_solution->data, &ret_solution->size_bytes);
}

static void house(float step, struct quantiser quantiser[2])
{
    quantiser_house(step, &quantiser[0], &quantiser[1]);
}

/* The finest step within budget_bytes by count; best holds its levels. 0: none up to max_step, *ret_bytes is the least.
 */
static float search(struct solver *s, size_t budget_bytes, float start_step, float max_step, enum layout *ret_layout,
                    size_t *ret_bytes)
{
    const double target = (double)budget_bytes * (1 + ENOUGH) / 2;
    float fits = 0, too_fine = LEAST_STEP, step = fminf(start_step, max_step);
    float last_step = 0;
    double last_bytes = 0;
    *ret_bytes = SIZE_MAX;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        struct quantiser quantiser[2];
        enum layout layout = LAYOUT_BASELINE;
        house(step, quantiser);
        size_t bytes = try_step(s, quantiser, &layout);
        if (bytes <= budget_bytes) {
            if (!fits || step < fits) {
                keep_trial(s);
                fits = step;
                *ret_layout = layout;
                *ret_bytes = bytes;
            }
            if ((double)bytes >= ENOUGH * (double)budget_bytes || step <= LEAST_STEP)
                return fits;
        } else {
            if (step >= max_step) {
                if (!fits)
                    *ret_bytes = bytes;
                return fits;
            }
            if (step > too_fine)
                too_fine = step;
        }
        if (fits && fits / too_fine < NARROW)
            return fits;
        double slope = TYPICAL_SLOPE;
        if (last_step > 0 && last_step != step && last_bytes > 0) {
            slope = log((double)bytes / last_bytes) / log((double)step / last_step);
            if (!(slope < -0.2 && slope > -3))
                slope = TYPICAL_SLOPE;
        }
        last_step = step;
        last_bytes = (double)bytes;
        float next = step * (float)exp(log(target / (double)bytes) / slope);
        /* Stay inside the bracket, and do not creep along its edge. */
        if (fits && (next <= too_fine || next >= fits))
            next = sqrtf(too_fine * fits);
        else if (!fits && next <= step)
            next = step * 1.05f;
        step = fminf(fmaxf(next, LEAST_STEP), max_step);
    }
    return fits;
}

crush_status solve_budget(struct solver *solver, size_t budget_bytes, float max_step, struct solution *ret_solution,
                          size_t *ret_least_bytes)
{
    size_t aim_bytes = budget_bytes, counted_bytes;
    float start = FIRST_STEP;
    for (int write = 0; write < MAX_WRITES; write++) {
        enum layout layout = LAYOUT_BASELINE;
        float step = search(solver, aim_bytes, start, max_step, &layout, &counted_bytes);
        if (step == 0) {
            *ret_least_bytes = counted_bytes;
            return CRUSH_EBUDGET;
        }
        struct quantiser quantiser[2];
        struct solution solution = {.step = step};
        house(step, quantiser);
        crush_status status = write_best(solver, quantiser, layout, &solution);
        if (status != CRUSH_OK)
            return status;
        if (solution.size_bytes <= budget_bytes) {
            *ret_solution = solution;
            return CRUSH_OK;
        }
        /* Byte stuffing took more than expected: aim lower by what it took. */
        free(solution.data);
        *ret_least_bytes = solution.size_bytes;
        size_t over = solution.size_bytes - budget_bytes + 4;
        aim_bytes = aim_bytes > over ? aim_bytes - over : 0;
        start = step * 1.01f;
    }
    return CRUSH_EBUDGET;
}

crush_status solve_quality(struct solver *solver, int quality, int plain, struct solution *ret_solution)
{
    struct quantiser quantiser[2];
    enum layout layout = LAYOUT_BASELINE;
    struct solution solution = {.step = step_of_quality(quality)};
    quantiser_standard(quality, plain, &quantiser[0], &quantiser[1]);
    if (!plain)
        (void)try_step(solver, quantiser, &layout); /* only to learn the rates */
    (void)try_step(solver, quantiser, &layout);
    keep_trial(solver);
    crush_status status = write_best(solver, quantiser, layout, &solution);
    if (status == CRUSH_OK)
        *ret_solution = solution;
    return status;
}
