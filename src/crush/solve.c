/*
 * The solver: see solve.h. Every step quantises and counts; nothing is written before the right step is found.
 * Bytes fall roughly with a power of the step, so the next step comes from a straight line in logarithms, kept
 * inside the bracket that is known.
 */
#include "solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_PASSES = 12,
    THRIFT_PASSES = 6,
    COARSEST_PASSES = 10,
    MAX_WRITES = 6,
    SPLIT_FROM_BYTES = 9000 /* below, another table costs more than it saves */
};

#define FIRST_STEP    30.0f
#define LEAST_STEP    0.5f
#define TYPICAL_SLOPE -0.9f  /* of log bytes over log step */
#define ENOUGH        0.994f /* of the budget: a finer step is not worth another pass */
#define WASTEFUL      0.985f /* less than this part of the budget: another way must be tried */
#define MOST_THRIFT   16.0f
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
            status = levels_alloc(s.blocks[c].columns, s.blocks[c].rows, &s.best.levels[c]);
        if (status == CRUSH_OK)
            status = levels_alloc(s.blocks[c].columns, s.blocks[c].rows, &s.trial.levels[c]);
        rate_guess(&s.rate[c]);
    }
    if (status == CRUSH_OK)
        status = content_measure(s.blocks, s.components, &s.content);
    if (status != CRUSH_OK) {
        solver_free(&s);
        return status;
    }
    *ret_solver = s;
    return CRUSH_OK;
}

void solver_free(struct solver *solver)
{
    for (int c = 0; c < PLANE_COUNT; c++) {
        blocks_free(&solver->blocks[c]);
        levels_free(&solver->best.levels[c]);
        levels_free(&solver->trial.levels[c]);
    }
    content_free(&solver->content);
    *solver = (struct solver){0};
}

/* Quantises into trial, learns the rates for the next pass, returns the size of the best layout. */
static size_t try_tables(struct solver *s)
{
    size_t least = SIZE_MAX;
    const struct quantiser *q = s->trial.quantiser;
    const int tables = s->components == 1 || tables_equal(&q[0], &q[1]) ? 1 : 2;
    struct component_count counts[PLANE_COUNT];
    for (int c = 0; c < s->components; c++) {
        quantise(&s->blocks[c], &q[c > 0], &s->rate[c], c ? NULL : s->content.masking, &s->trial.levels[c]);
        count_component(&s->trial.levels[c], &counts[c]);
        rate_learn(&counts[c], s->blocks[c].columns * s->blocks[c].rows, &s->rate[c]);
    }
    for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
        if (layout == LAYOUT_PROGRESSIVE_SPLIT && least < SPLIT_FROM_BYTES)
            continue;
        size_t bytes =
            count_jpeg_bytes(s->trial.levels, counts, s->components, s->subsampled, tables, (enum layout)layout);
        if (bytes < least) {
            least = bytes;
            s->trial.layout = (enum layout)layout;
        }
    }
    s->passes++;
    return least;
}

static size_t try_step(struct solver *s, float step, float thrift)
{
    tables_house(step, &s->content, &s->trial.quantiser[0], &s->trial.quantiser[1]);
    s->trial.quantiser[0].lambda *= thrift;
    s->trial.quantiser[1].lambda *= thrift;
    return try_tables(s);
}

static void keep_trial(struct solver *s)
{
    struct choice kept = s->trial;
    s->trial = s->best;
    s->best = kept;
}

static crush_status write_best(const struct solver *s, struct solution *ret_solution)
{
    const struct quantiser *q = s->best.quantiser;
    const uint16_t *chroma = q[tables_equal(&q[0], &q[1]) ? 0 : 1].step;
    struct jpeg_image image = {.width_px = s->width_px,
                               .height_px = s->height_px,
                               .components = s->components,
                               .luma_h = s->subsampled ? 2 : 1,
                               .luma_v = s->subsampled ? 2 : 1,
                               .levels = s->best.levels,
                               .steps = {q[0].step, chroma, chroma},
                               .layout = s->best.layout};
    ret_solution->progressive = s->best.layout != LAYOUT_BASELINE;
    return encode_jpeg(&image, &ret_solution->data, &ret_solution->size_bytes);
}

/* What is known so far: best fits within the budget, everything up to too_fine does not. */
struct bracket {
    float fits, too_fine; /* steps; 0: none known */
    size_t bytes;         /* of best */
    size_t least_bytes;   /* at the largest step, when nothing fits */
};

static void take_if_better(struct solver *s, float step, size_t bytes, struct bracket *b)
{
    if (!b->fits || bytes > b->bytes) {
        keep_trial(s);
        b->bytes = bytes;
        b->fits = step;
    }
}

/* Phase one: the finest step that fits, up to max_step. */
static void search_step(struct solver *s, size_t budget_bytes, float start_step, float max_step, struct bracket *b)
{
    const double target = (double)budget_bytes * (1 + ENOUGH) / 2;
    float step = fminf(start_step, max_step), last_step = 0;
    double last_bytes = 0;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        size_t bytes = try_step(s, step, 1);
        if (bytes > budget_bytes && step >= max_step && pass > 0) {
            b->least_bytes = bytes;
            return;
        }
        if (bytes <= budget_bytes) {
            take_if_better(s, step, bytes, b);
            b->fits = fminf(b->fits, step);
            if ((double)bytes >= ENOUGH * (double)budget_bytes || step <= LEAST_STEP)
                return;
        } else {
            b->too_fine = fmaxf(b->too_fine, step);
            if (step >= max_step) /* rates were only a guess */
                continue;
        }
        if (b->fits && b->too_fine && b->fits / b->too_fine < NARROW)
            return;
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
        if (b->fits && (next <= b->too_fine || next >= b->fits))
            next = sqrtf(fmaxf(b->too_fine, LEAST_STEP) * b->fits);
        else if (!b->fits && next <= step)
            next = step * 1.05f;
        step = fminf(fmaxf(next, LEAST_STEP), max_step);
    }
}

/*
 * Phase two, where the next finer tables are just too much: those tables, but every bit made dearer. That closes the
 * gaps between whole steps.
 */
static void search_thrift(struct solver *s, size_t budget_bytes, struct bracket *b)
{
    float low = 1, high = MOST_THRIFT;
    if (!b->too_fine)
        return;
    for (int pass = 0; pass < THRIFT_PASSES && (double)b->bytes < ENOUGH * (double)budget_bytes; pass++) {
        float thrift = sqrtf(low * high);
        size_t bytes = try_step(s, b->too_fine, thrift);
        if (bytes <= budget_bytes) {
            high = thrift;
            if (bytes > b->bytes)
                take_if_better(s, b->too_fine, bytes, b);
        } else {
            low = thrift;
        }
    }
}

/* The least that max_step can give; always the same for the same picture, whatever was tried before. */
static crush_status write_coarsest(struct solver *s, float max_step, struct solution *ret_solution)
{
    for (int c = 0; c < s->components; c++)
        rate_guess(&s->rate[c]);
    size_t least = SIZE_MAX;
    for (int pass = 0; pass < COARSEST_PASSES; pass++) {
        size_t bytes = try_step(s, max_step, 1);
        if (bytes >= least)
            break;
        least = bytes;
        keep_trial(s);
    }
    ret_solution->step = max_step;
    return write_best(s, ret_solution);
}

crush_status solve_budget(struct solver *solver, size_t budget_bytes, float max_step, int last_resort,
                          struct solution *ret_solution, size_t *ret_least_bytes)
{
    size_t aim_bytes = budget_bytes;
    float start_step = FIRST_STEP;
    struct solution solution = {0};
    crush_status status;
    for (int write = 0; write < MAX_WRITES; write++) {
        struct bracket bracket = {0};
        search_step(solver, aim_bytes, start_step, max_step, &bracket);
        if (!bracket.fits && !last_resort && bracket.least_bytes) {
            *ret_least_bytes = bracket.least_bytes;
            return CRUSH_EBUDGET;
        }
        if (!bracket.fits)
            break;
        if ((double)bracket.bytes < WASTEFUL * (double)aim_bytes)
            search_thrift(solver, aim_bytes, &bracket);
        solution.step = bracket.fits;
        status = write_best(solver, &solution);
        if (status != CRUSH_OK)
            return status;
        if (solution.size_bytes <= budget_bytes) {
            *ret_solution = solution;
            return CRUSH_OK;
        }
        /* Byte stuffing took more than expected: aim lower by what it took. */
        free(solution.data);
        size_t over = solution.size_bytes - budget_bytes + 4;
        aim_bytes = aim_bytes > over ? aim_bytes - over : 0;
        start_step = bracket.fits * 1.01f;
    }
    status = write_coarsest(solver, max_step, &solution);
    if (status != CRUSH_OK)
        return status;
    if (solution.size_bytes > budget_bytes) {
        *ret_least_bytes = solution.size_bytes;
        free(solution.data);
        return CRUSH_EBUDGET;
    }
    *ret_solution = solution;
    return CRUSH_OK;
}

crush_status solve_quality(struct solver *solver, int quality, int plain, struct solution *ret_solution)
{
    struct solution solution = {.step = step_of_quality(quality)};
    struct quantiser *q = solver->trial.quantiser;
    tables_standard(quality, plain, &solver->content, &q[0], &q[1]);
    if (!plain)
        (void)try_tables(solver); /* only to learn the rates */
    (void)try_tables(solver);
    keep_trial(solver);
    crush_status status = write_best(solver, &solution);
    if (status == CRUSH_OK)
        *ret_solution = solution;
    return status;
}
