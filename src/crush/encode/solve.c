/*
 * The solver: see solve.h. Every step quantises and counts; a file is written only when the right step is found.
 * Bytes fall roughly with a power of the step, so the next step comes from a straight line in logarithms, kept
 * inside the bracket that is known. The first steps are tried on some rows of blocks only. It knows nothing of pixels
 * or sizes. Before: tables.c, quantise.c. Next: jpeg_write.c.
 */
#include "crush/encode/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crush/encode/smooth.h"
#include "crush/pixels/scratch.h"

enum {
    MAX_PASSES = 12,       /* of each phase: a bound, hardly ever reached */
    THRIFT_PASSES = 5,     /* after which a result that is not WASTEFUL is taken */
    MODEST_PASSES = 4,     /* after which a little less is enough each time: MODESTY */
    COARSEST_PASSES = 10,  /* half at the usual price of bits, half at MOST_THRIFT */
    MAX_WRITES = 6,        /* each aims lower by what stuffing took */
    SETTLED_PASSES = 2,    /* after which only the layout that was smallest is counted */
    SAMPLE_PART = 4,       /* one row of blocks in so many */
    SAMPLE_LEAST_ROWS = 4, /* of chroma's blocks; fewer say too little */
    SAMPLE_PASSES = 5,
    OVERSHOOT_PART = 10,     /* fewer than one block in so many are not worth the time */
    FOLLOWING_PASSES = 4,    /* after which white and black stay, so that bytes depend on steps alone */
    SPLIT_FROM_BYTES = 9000, /* below, another table costs more than it saves */
    BITS_PER_BYTE = 8,
    STUFFING_BYTES = 4, /* aimed lower by, besides what stuffing took: it never takes the same twice */
};

#define FIRST_STEP       11.5f /* at one bit per pixel, about */
#define LEAST_STEP       0.5f
#define TYPICAL_SLOPE    -0.9f  /* of log bytes over log step */
#define THRIFT_SLOPE     -0.28f /* of log bytes over log price of a bit */
#define ENOUGH           0.997f /* of the budget: more is not worth another pass, unless the caller says less */
#define MODESTY          0.002  /* of the budget: so much less is enough after every pass beyond MODEST_PASSES */
#define WASTEFUL         0.985f /* less than this part of the budget deserves more passes */
#define NEAR             0.1f   /* logarithm of the price of a bit: only that changes where less is enough */
#define FAR              0.2    /* the same: the step has to change */
#define SAMPLE_NEAR      0.08f  /* logarithm of bytes: so near the target, all blocks are looked at */
#define MOST_THRIFT      16.0f
#define SMOOTH_RATE      0.26f /* bits per pixel: below, decoders' smoothing helps (+2 points at 4 kB); above it blurs */
#define SMOOTH_SURE_STEP 40.0f /* below, smoothing pays in some pictures only: both are tried */
#define NARROW           1.02f /* a bracket of steps that makes no visible difference any more */
#define CREEP            1.05f /* the least change of a step while nothing fits */

/* Two tries say how fast bytes fall where they are so far apart, and so near to what is typical. */
#define APART           0.02   /* logarithm of steps */
#define APART_THRIFT    0.01   /* logarithm of prices */
#define FLATTEST        4      /* times flatter than typical */
#define STEEPEST        3      /* times steeper */
#define OFF_THRIFT      2.5    /* times flatter or steeper */
#define FULL_SLOPE_STEP 100.0f /* from which on bytes fall with the price of a bit as THRIFT_SLOPE says */

#ifdef CRUSH_TRACE_SOLVER
#include <stdio.h>
#define TRACE(...) ((void)fprintf(stderr, __VA_ARGS__))
#else
#define TRACE(...) ((void)0) /* meson setup -Dtrace_solver=true */
#endif

/* ---- Passes ------------------------------------------------------------------------------------ */

/* Copies some rows of a component's blocks, and of masking where that is not NULL. */
static crush_status sample_rows(const struct blocks *from, const float *masking, struct blocks *ret_blocks,
                                float *ret_masking)
{
    const size_t row = (size_t)from->columns * BLOCK_SIZE;
    struct blocks to = {.columns = from->columns, .rows = from->rows / SAMPLE_PART};
    to.coefficients = scratch_alloc(to.rows * row * sizeof *to.coefficients);
    if (!to.coefficients)
        return CRUSH_ENOMEM;
    for (uint32_t y = 0; y < to.rows; y++) {
        const size_t from_y = (size_t)(2 * y + 1) * from->rows / (2 * to.rows);
        memcpy(to.coefficients + y * row, from->coefficients + from_y * row, row * sizeof *to.coefficients);
        if (masking)
            memcpy(ret_masking + y * from->columns, masking + from_y * from->columns, from->columns * sizeof *masking);
    }
    *ret_blocks = to;
    return CRUSH_OK;
}

/* A picture of few rows has no sample. */
static crush_status sample_init(struct solver *s)
{
    const struct blocks *luma = &s->blocks[PLANE_Y];
    if (s->blocks[s->components - 1].rows / SAMPLE_PART < SAMPLE_LEAST_ROWS)
        return CRUSH_OK;
    s->sample_masking = scratch_alloc((size_t)luma->columns * (luma->rows / SAMPLE_PART) * sizeof *s->sample_masking);
    crush_status status = s->sample_masking ? CRUSH_OK : CRUSH_ENOMEM;
    for (int c = 0; c < s->components && status == CRUSH_OK; c++)
        status = sample_rows(&s->blocks[c], c ? NULL : s->content.masking, &s->sample[c], s->sample_masking);
    return status;
}

/* Drawings consist of few shades, which decoders show as whole levels, and to which their steps are fitted: fine would
 * only move these apart. */
static crush_status take_whole_levels(struct solver *s, const struct plane planes[PLANE_COUNT])
{
    int has_fine = 0;
    for (int c = 0; c < s->components; c++) {
        struct plane whole = planes[c];
        has_fine |= whole.fine != NULL;
        whole.fine = NULL;
        if (planes[c].fine)
            dct_forward_into(&whole, &s->blocks[c]);
    }
    if (!has_fine)
        return CRUSH_OK;
    content_free(&s->content);
    return content_measure(&planes[PLANE_Y], s->blocks, s->components, &s->content);
}

crush_status solver_init(const struct plane planes[PLANE_COUNT], int plain, struct solver *ret_solver)
{
    struct solver s = {.width_px = planes[PLANE_Y].width_px,
                       .height_px = planes[PLANE_Y].height_px,
                       .components = planes[PLANE_CB].px ? 3 : 1,
                       .enough = ENOUGH};
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
    if (status == CRUSH_OK && !plain)
        status = overshoot_find(&planes[PLANE_Y], &s.overshoot);
    if (s.overshoot.count < (size_t)s.blocks[PLANE_Y].columns * s.blocks[PLANE_Y].rows / OVERSHOOT_PART)
        overshoot_free(&s.overshoot);
    if (status == CRUSH_OK)
        status = content_measure(&planes[PLANE_Y], s.blocks, s.components, &s.content);
    if (status == CRUSH_OK && s.content.drawing)
        status = take_whole_levels(&s, planes);
    if (status == CRUSH_OK && !plain)
        status = sample_init(&s);
    if (status != CRUSH_OK) {
        solver_free(&s);
        return status;
    }
    s.content.full_chroma = s.components == 3 && !s.subsampled;
    *ret_solver = s;
    return CRUSH_OK;
}

void solver_free(struct solver *solver)
{
    for (int c = 0; c < PLANE_COUNT; c++) {
        blocks_free(&solver->blocks[c]);
        blocks_free(&solver->sample[c]);
        levels_free(&solver->best.levels[c]);
        levels_free(&solver->trial.levels[c]);
    }
    scratch_free(solver->sample_masking);
    overshoot_free(&solver->overshoot);
    content_free(&solver->content);
    *solver = (struct solver){0};
}

/* Quantises one component into trial, learns the rates for the next pass. */
static void quantise_component(struct solver *s, int c, enum extent extent, struct component_count *ret_count)
{
    const struct blocks *blocks = extent == SAMPLE ? &s->sample[c] : &s->blocks[c];
    const float *masking = extent == SAMPLE ? s->sample_masking : s->content.masking;
    quantise(blocks, &s->trial.quantiser[c > 0], &s->rate[c], c && s->subsampled ? NULL : masking, &s->trial.levels[c]);
    count_component(&s->trial.levels[c], ret_count);
    if (extent == SAMPLE)
        count_scale(ret_count, s->blocks[c].rows, blocks->rows);
    rate_learn(ret_count, &s->rate[c]);
}

/* Lets white and black go where the trial puts them. */
static void follow(struct solver *s)
{
    const struct quantiser *q = s->trial.quantiser;
    if (q[0].lambda > 0 && q[0].approx == 0 && s->passes <= FOLLOWING_PASSES)
        overshoot_follow(&s->overshoot, &s->trial.levels[PLANE_Y], q[0].step, &s->blocks[PLANE_Y]);
}

/* Returns the size of the best layout. */
static size_t try_tables(struct solver *s, enum extent extent)
{
    size_t least = SIZE_MAX;
    const struct quantiser *q = s->trial.quantiser;
    const int tables = s->components == 1 || tables_equal(&q[0], &q[1]) ? 1 : 2;
    struct component_count counts[PLANE_COUNT];
    struct counted image = {.levels = s->trial.levels,
                            .counts = counts,
                            .components = s->components,
                            .subsampled = s->subsampled,
                            .tables = tables};
    for (int c = 0; c < s->components; c++) {
        quantise_component(s, c, extent, &counts[c]);
        image.smoothed[c] = counts[c].filled == 0 && smooth_helps(extent == SAMPLE ? &s->sample[c] : &s->blocks[c],
                                                                  &s->trial.levels[c], q[c > 0].step);
    }
    if (extent == SAMPLE)
        return count_jpeg_bytes(&image, LAYOUT_PROGRESSIVE, &s->trial.code);
    /* Which layout is smallest hardly changes from pass to pass. */
    const int settled = s->passes >= SETTLED_PASSES && (q[0].approx == 0 || s->last_layout == LAYOUT_PROGRESSIVE);
    for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
        struct jpeg_code code;
        if ((layout == LAYOUT_PROGRESSIVE_SPLIT && least < SPLIT_FROM_BYTES) ||
            (layout == LAYOUT_BASELINE && q[0].approx > 0) || (settled && layout != (int)s->last_layout))
            continue;
        const size_t bytes = count_jpeg_bytes(&image, (enum layout)layout, &code);
        if (bytes < least) {
            least = bytes;
            s->trial.code = code;
        }
    }
    s->last_layout = s->trial.code.layout;
    s->passes++;
    follow(s);
    return least;
}

/* What symbols cost at the trial's tables: a pass over the sample, where there is one, of which no bytes are counted.
 */
static void learn_rates(struct solver *s)
{
    const enum extent extent = s->sample_masking ? SAMPLE : WHOLE;
    struct component_count count;
    for (int c = 0; c < s->components; c++)
        quantise_component(s, c, extent, &count);
    if (extent == SAMPLE && s->overshoot.count) /* white and black are of all blocks */
        quantise(&s->blocks[PLANE_Y], &s->trial.quantiser[0], &s->rate[PLANE_Y], s->content.masking,
                 &s->trial.levels[PLANE_Y]);
    s->passes++;
    follow(s);
}

static size_t try_step(struct solver *s, enum extent extent, float step, float thrift)
{
    tables_house(step, &s->content, &s->trial.quantiser[0], &s->trial.quantiser[1]);
    s->trial.quantiser[0].lambda *= thrift;
    s->trial.quantiser[1].lambda *= thrift;
    const size_t bytes = try_tables(s, extent);
    TRACE("solver: %s step %.2f price %.3f approx %d layout %d: %zu bytes\n", extent == SAMPLE ? "sample" : "all",
          (double)step, (double)thrift, s->trial.quantiser[0].approx, (int)s->trial.code.layout, bytes);
    return bytes;
}

/* Lets white and black go where a step would put them, before bytes are counted. */
static void loosen(struct solver *s, float step)
{
    struct quantiser *q = s->trial.quantiser;
    tables_house(step, &s->content, &q[0], &q[1]);
    if (q[0].approx > 0 || s->overshoot.count == 0)
        return;
    quantise(&s->blocks[PLANE_Y], &q[0], &s->rate[PLANE_Y], s->content.masking, &s->trial.levels[PLANE_Y]);
    overshoot_follow(&s->overshoot, &s->trial.levels[PLANE_Y], q[0].step, &s->blocks[PLANE_Y]);
}

/* As if nothing had been tried yet. */
static void forget(struct solver *s)
{
    s->passes = 0;
    overshoot_reset(&s->overshoot, &s->blocks[PLANE_Y]);
    for (int c = 0; c < s->components; c++)
        rate_guess(&s->rate[c]);
}

size_t solver_guess_bytes(struct solver *solver, float step)
{
    const enum extent extent = solver->sample_masking ? SAMPLE : WHOLE;
    (void)try_step(solver, extent, step, 1); /* only to learn the rates */
    const size_t bytes = try_step(solver, extent, step, 1);
    forget(solver);
    return bytes;
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
    struct jpeg_chosen image = {.width_px = s->width_px,
                                .height_px = s->height_px,
                                .components = s->components,
                                .subsampled = s->subsampled,
                                .levels = s->best.levels,
                                .steps = {q[0].step, chroma, chroma},
                                .approx = q[0].approx,
                                .code = &s->best.code};
    ret_solution->progressive = s->best.code.layout != LAYOUT_BASELINE;
    return jpeg_write(&image, &ret_solution->data, &ret_solution->size_bytes);
}

/* ---- Search ------------------------------------------------------------------------------------ */

/* What is known so far. */
struct search {
    size_t budget_bytes;
    double target_bytes;
    float max_step;
    float fits, too_fine; /* steps with the usual price of bits; 0: none known */
    size_t fits_bytes;    /* what fits gives */
    float best_step;      /* of solver->best, 0: nothing fits yet */
    float best_thrift;
    size_t best_bytes;
    size_t least_bytes; /* at max_step, when that does not fit */
};

/* In the middle of what is enough and all of the budget. */
static double target_of(size_t budget_bytes, double enough)
{
    return (double)budget_bytes * (1 + enough) / 2;
}

/* Tries and remembers. 1: good enough. */
static int try_and_keep(struct solver *s, struct search *search, float step, float thrift, size_t *ret_bytes)
{
    size_t bytes = try_step(s, WHOLE, step, thrift);
    const double enough = (double)s->enough - MODESTY * (s->passes > MODEST_PASSES ? s->passes - MODEST_PASSES : 0);
    search->target_bytes = target_of(search->budget_bytes, enough);
    *ret_bytes = bytes;
    const int fits = bytes <= search->budget_bytes;
    if (fits && (!search->best_step || bytes > search->best_bytes)) {
        keep_trial(s);
        search->best_bytes = bytes;
        search->best_step = step;
        search->best_thrift = thrift;
    }
    return (search->best_step && (double)search->best_bytes >= enough * (double)search->budget_bytes) ||
           (fits && step <= LEAST_STEP);
}

/* How fast bytes fall, in logarithms, through two points; typical where they say nothing. */
static double slope_through(double x0, double bytes0, double x1, double bytes1, double typical)
{
    if (x0 <= 0 || bytes0 <= 0 || fabs(log(x1 / x0)) < APART)
        return typical;
    double slope = log(bytes1 / bytes0) / log(x1 / x0);
    return slope < typical / FLATTEST && slope > typical * STEEPEST ? slope : typical;
}

/* How fast bytes fall with the price of a bit, both in logarithms: slower where steps are fine. */
static double thrift_slope(float step)
{
    return THRIFT_SLOPE * sqrt((double)fminf(step, FULL_SLOPE_STEP) / (double)FULL_SLOPE_STEP);
}

/*
 * Phase two: the tables stay, the price of bits changes, from thrift on, at which *bytes came out. That closes the gaps
 * between whole steps. There is no bracket: every pass knows the bits of symbols better than the one before, so that
 * old results say little. 0: the price that is needed is further off than most, a logarithm; *bytes is then about what
 * the usual price gives.
 */
static int search_thrift(struct solver *s, struct search *search, float step, double thrift, double most, size_t *bytes)
{
    const double typical = thrift_slope(step);
    double slope = typical;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        if (pass >= THRIFT_PASSES && (double)search->best_bytes >= WASTEFUL * (double)search->budget_bytes)
            return 1;
        const double last_thrift = thrift, last_bytes = (double)*bytes;
        thrift *= exp(log(search->target_bytes / last_bytes) / slope);
        thrift = fmin(fmax(thrift, 1 / (double)MOST_THRIFT), (double)MOST_THRIFT);
        if (fabs(log(thrift)) > most) {
            *bytes = (size_t)(last_bytes * exp(-log(last_thrift) * slope));
            return 0;
        }
        if (try_and_keep(s, search, step, (float)thrift, bytes) ||
            ((double)*bytes == last_bytes && *bytes <= search->budget_bytes))
            return 1; /* or there is nothing left to spend on */
        if (fabs(log(thrift / last_thrift)) > APART_THRIFT)
            slope = fmin(fmax(log((double)*bytes / last_bytes) / log(thrift / last_thrift), OFF_THRIFT * typical),
                         typical / OFF_THRIFT);
    }
    return 1;
}

/* Phase zero: on the sample, a step that comes roughly near the budget. */
static float search_sample(struct solver *s, const struct search *search)
{
    const double pixels = (double)s->width_px * s->height_px;
    double last_step = 0, last_bytes = 0;
    float step = FIRST_STEP * (float)(pixels / (BITS_PER_BYTE * search->target_bytes));
    for (int pass = 0; pass < SAMPLE_PASSES && s->sample_masking; pass++) {
        step = fminf(fmaxf(step, LEAST_STEP), search->max_step);
        const double bytes = (double)try_step(s, SAMPLE, step, 1), ratio = search->target_bytes / bytes;
        const double slope = slope_through(last_step, last_bytes, step, bytes, TYPICAL_SLOPE);
        last_step = step;
        last_bytes = bytes;
        step *= (float)exp(log(ratio) / slope);
        if (pass > 0 && fabs(log(ratio)) < (double)SAMPLE_NEAR)
            break;
    }
    return step;
}

/* Phase one: a step, at most max_step, that comes near the budget. */
static void search_step(struct solver *s, struct search *search, float start_step)
{
    float step = fminf(fmaxf(start_step, LEAST_STEP), search->max_step), last_step = 0;
    double last_bytes = 0;
    int guessed = !s->sample_masking; /* what symbols cost */
    for (int pass = 0; pass < MAX_PASSES; pass++, guessed = 0) {
        size_t bytes;
        if (try_and_keep(s, search, step, 1, &bytes))
            return;
        if (bytes > search->budget_bytes) {
            search->too_fine = fmaxf(search->too_fine, step);
            if (step >= search->max_step) {
                search->least_bytes = bytes;
                if (guessed)
                    continue;
                return;
            }
        } else if (!search->fits || step <= search->fits) {
            search->fits = step;
            search->fits_bytes = bytes;
        }
        const int near =
            !guessed && fabs(log(search->target_bytes / (double)bytes) / thrift_slope(step)) < (double)NEAR;
        const int narrow = search->fits && search->too_fine && search->fits / search->too_fine < NARROW;
        if (near) {
            if (search_thrift(s, search, step, 1, FAR, &bytes) && search->best_step)
                return;
            search->fits = search->too_fine = 0; /* rates have changed so much */
        }
        if (narrow && !near) { /* a jump in the tables */
            (void)search_thrift(s, search, search->fits, 1, INFINITY, &search->fits_bytes);
            if (search->best_step)
                return;
        }
        const double ratio = search->target_bytes / (double)bytes;
        const double slope = slope_through(last_step, last_bytes, step, (double)bytes, TYPICAL_SLOPE);
        last_step = step;
        last_bytes = (double)bytes;
        float next = step * (float)exp(log(ratio) / slope);
        /* Stay inside the bracket, and do not creep along its edge. */
        if (search->fits && (next <= search->too_fine || next >= search->fits))
            next = sqrtf(fmaxf(search->too_fine, LEAST_STEP) * search->fits);
        else if (!search->fits && bytes > search->budget_bytes && next <= step)
            next = step * CREEP;
        step = fminf(fmaxf(next, LEAST_STEP), search->max_step);
    }
}

/* For a lower budget, from where the last search ended. */
static void search_again(struct solver *s, struct search *search)
{
    const struct search last = *search;
    size_t bytes = last.best_bytes;
    *search = (struct search){
        .budget_bytes = last.budget_bytes, .target_bytes = last.target_bytes, .max_step = last.max_step};
    (void)search_thrift(s, search, last.best_step, (double)last.best_thrift, INFINITY, &bytes);
    if (!search->best_step)
        search_step(s, search, last.best_step);
}

/* The least that max_step can give; always the same for the same picture, whatever was tried before. */
static crush_status write_coarsest(struct solver *s, float max_step, struct solution *ret_solution)
{
    size_t least = SIZE_MAX;
    for (int smoothing = 0; smoothing <= !s->content.drawing; smoothing++) {
        s->content.smoothing = smoothing; /* whatever the budget asked for */
        forget(s);
        for (int pass = 0; pass < COARSEST_PASSES; pass++) {
            size_t bytes = try_step(s, WHOLE, max_step, pass < COARSEST_PASSES / 2 ? 1 : MOST_THRIFT);
            if (bytes >= least)
                continue;
            least = bytes;
            keep_trial(s);
        }
    }
    ret_solution->step = max_step;
    return write_best(s, ret_solution);
}

/* solve_budget with decoders made to smooth where steps are coarse enough, or never. */
static crush_status solve_either(struct solver *solver, int smoothing, size_t budget_bytes, float max_step,
                                 int last_resort, struct solution *ret_solution, size_t *ret_least_bytes)
{
    struct search search = {.budget_bytes = budget_bytes, .max_step = max_step};
    struct solution solution = {0};
    crush_status status;
    if (solver->passes)
        forget(solver);
    solver->content.smoothing = smoothing;
    for (int write = 0; write < MAX_WRITES; write++) {
        search.target_bytes = target_of(search.budget_bytes, (double)solver->enough);
        if (write == 0) {
            const float start_step = search_sample(solver, &search);
            loosen(solver, fminf(fmaxf(start_step, LEAST_STEP), max_step));
            search_step(solver, &search, start_step);
        } else {
            search_again(solver, &search);
        }
        if (!search.best_step && !last_resort && search.least_bytes) {
            *ret_least_bytes = search.least_bytes;
            return CRUSH_EBUDGET;
        }
        if (!search.best_step)
            break;
        solution.step = search.best_step;
        status = write_best(solver, &solution);
        if (status != CRUSH_OK)
            return status;
        if (solution.size_bytes <= budget_bytes) {
            *ret_solution = solution;
            return CRUSH_OK;
        }
        /* Byte stuffing took more than expected: aim lower by what it took. */
        free(solution.data);
        size_t over = solution.size_bytes - budget_bytes + STUFFING_BYTES;
        search.budget_bytes = search.budget_bytes > over ? search.budget_bytes - over : 0;
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

/* How far decoders end up from the picture with the best choice: errors as the solver weighs them. */
static double best_error(const struct solver *s)
{
    double sum = 0;
    for (int c = 0; c < s->components; c++)
        sum += quantise_error(&s->blocks[c], &s->best.quantiser[c > 0], c && s->subsampled ? NULL : s->content.masking,
                              &s->best.levels[c]);
    return sum;
}

crush_status solve_budget(struct solver *solver, size_t budget_bytes, float max_step, int last_resort,
                          struct solution *ret_solution, size_t *ret_least_bytes)
{
    const int smoothing =
        !solver->content.drawing &&
        BITS_PER_BYTE * (float)budget_bytes < SMOOTH_RATE * (float)solver->width_px * (float)solver->height_px;
    struct solution chosen, other;
    size_t least;
    crush_status status =
        solve_either(solver, smoothing, budget_bytes, max_step, last_resort, &chosen, ret_least_bytes);
    if (status != CRUSH_OK)
        return status;
    if (solver->best.quantiser[0].approx > 0 && chosen.step < fminf(SMOOTH_SURE_STEP, max_step)) {
        const double error = best_error(solver);
        status = solve_either(solver, 0, budget_bytes, max_step, 0, &other, &least);
        if (status == CRUSH_ENOMEM) {
            free(chosen.data);
            return status;
        }
        if (status == CRUSH_OK) {
            const int is_better = best_error(solver) < error;
            free(is_better ? chosen.data : other.data);
            chosen = is_better ? other : chosen;
        }
    }
    *ret_solution = chosen;
    return CRUSH_OK;
}

crush_status solve_quality(struct solver *solver, int quality, int plain, struct solution *ret_solution)
{
    struct solution solution = {.step = step_of_quality(quality)};
    struct quantiser *q = solver->trial.quantiser;
    tables_standard(quality, plain, &solver->content, &q[0], &q[1]);
    if (!plain)
        learn_rates(solver);
    (void)try_tables(solver, WHOLE);
    keep_trial(solver);
    crush_status status = write_best(solver, &solution);
    if (status == CRUSH_OK)
        *ret_solution = solution;
    return status;
}
