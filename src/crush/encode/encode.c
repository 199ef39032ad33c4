/*
 * crush_encode: from a working picture to a JPEG of a quality or within a budget. It decides about size and
 * look; solve.c finds the step, quantise.c the levels, jpeg_write.c writes. It refuses impossible options only.
 *
 *     rewrite?  →  resize, sharpen  →  look, generations  →  chroma  →  solve  →  fits above the floor?  else smaller
 *
 * Next: solve.c.
 */
#include "crush/pixels/chroma.h"
#include "crush/encode/look.h"
#include "crush/pixels/intake.h"
#include "crush/pixels/scale.h"
#include "crush/pixels/sharpen.h"
#include "crush/encode/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_SIDE_PX = 16, /* of the longest side: no picture is shrunk below this */
    GENERATION_QUALITY = 4,
    AUTO_LEAST_QUALITY = 5 /* at auto_least_px and below: the floor of crunchy, so that nobody has more pixels */
};

/*
 * CRUSH_SHRINK_AUTO: beyond this step fewer pixels look better, about as many fewer as leaves each the bits that it has
 * at the step; below the least part too much is gone. Found by comparing 17 sizes and 8 budgets of each of the
 * photographs used for tuning. Sharp edges, of drawings and of text, hardly survive it.
 */
#define AUTO_STEP       18.0f
#define AUTO_SHARP_STEP 150.0f
#define AUTO_PART       0.95 /* of the side that would keep the bits per pixel */
#define AUTO_LEAST_PART 0.36
#define SHARP_SHARE     0.3f /* of fine energy: photographs of the test pictures have at most 0.26, a page of text 0.35 */

/* The next size where the floor is too high: a little less than bytes ask, but not by too much, as bytes say it only
 * roughly, nor by too little, so that it ends soon. */
#define FLOOR_PART       0.99
#define FLOOR_LEAST_PART 0.5
#define FLOOR_MOST_PART  0.97

/*
 * cap_at_source: sources below so many bytes are beyond comparison. Drawings, of which the smallest sources are, keep a
 * quality at which letters, codes and pixel art can be made out; what more than the cap that takes, and a little more,
 * as bytes say it only roughly, is given.
 */
enum { LEAST_CAP_BYTES = 2048, CAPPED_QUALITY = 50 };
#define CAP_MARGIN 1.03

#define COARSEST_STEP 600.0f /* all tables are at their limit long before */

/* Of the root mean square that halving loses: the step from which on that is seen. */
#define SHOWING_STEP 5.0f

struct size {
    uint32_t width_px, height_px;
};

/* In the source's proportions, so that a picture made smaller twice has the same sides as one made smaller once. */
static struct size size_for_side(const crush_picture *picture, struct size full, uint32_t side_px)
{
    struct size s;
    if (side_px >= (full.width_px > full.height_px ? full.width_px : full.height_px))
        return full;
    intake_size(side_px, picture->info.source_width_px, picture->info.source_height_px, &s.width_px, &s.height_px);
    return s;
}

/* What is encoded: the picture's own planes, or changed copies in made. */
struct prepared {
    struct plane planes[PLANE_COUNT];
    struct plane made[PLANE_COUNT];
};

static void prepared_free(struct prepared *prepared)
{
    for (int c = 0; c < PLANE_COUNT; c++)
        plane_free(&prepared->made[c]);
}

static crush_status plane_resize(const struct plane *from, uint32_t width_px, uint32_t height_px,
                                 struct plane *ret_plane)
{
    struct scale_axis x = {.in_px = from->width_px, .out_px = width_px, .extent_px = from->width_px, .box = 1};
    struct scale_axis y = {.in_px = from->height_px, .out_px = height_px, .extent_px = from->height_px, .box = 1};
    struct plane plane = {0};
    struct scale *scale = NULL;
    crush_status status = plane_alloc_fine(&plane, width_px, height_px);
    if (status == CRUSH_OK)
        status = scale_create(&x, &y, &plane, &scale);
    if (status != CRUSH_OK) {
        plane_free(&plane);
        return status;
    }
    for (uint32_t row = 0; row < from->height_px; row++)
        scale_push_row(scale, from->px + row * from->stride_bytes);
    scale_finish(scale, 128);
    scale_destroy(scale);
    *ret_plane = plane;
    return CRUSH_OK;
}

/* Whether a look is asked for that changes pixels. */
static int look_changes(const crush_encode_options *o)
{
    return o->generations > 1 || o->saturation_percent != 100 || o->contrast_percent != 100;
}

/* One plane as it is wanted: a copy where it changes. */
static crush_status plane_prepare(const crush_picture *picture, int c, struct size size, int halve, int copy,
                                  struct prepared *prepared)
{
    const struct plane *from = &picture->planes[c], *luma = &picture->planes[PLANE_Y];
    struct plane *made = &prepared->made[c], halved;
    const int is_half = c > 0 && !picture->chroma_444;
    const int resized = size.width_px != luma->width_px || size.height_px != luma->height_px;
    crush_status status = CRUSH_OK;
    halve = halve && c > 0 && !is_half;
    if (from->px && (resized || (copy && !halve)))
        status = plane_resize(from, is_half ? (size.width_px + 1) / 2 : size.width_px,
                              is_half ? (size.height_px + 1) / 2 : size.height_px, made);
    if (from->px && halve && status == CRUSH_OK) {
        status = chroma_halve(made->px ? made : from, &halved);
        if (status != CRUSH_OK)
            return status;
        plane_free(made);
        *made = halved;
    }
    prepared->planes[c] = made->px ? *made : *from;
    return status;
}

/* The planes to encode, at a size and with the look that is asked for. enlarged: they will be shown larger. */
static crush_status prepare(const crush_picture *picture, const crush_encode_options *o, struct size size, int enlarged,
                            struct prepared *ret_prepared, crush_error *ret_error)
{
    const int changes = look_changes(o), step_quality = o->budget_bytes ? GENERATION_QUALITY : o->quality;
    struct prepared prepared = {0};
    crush_status status = CRUSH_OK;
    for (int c = 0; c < PLANE_COUNT && status == CRUSH_OK; c++)
        status = plane_prepare(picture, c, size, changes && picture->may_halve, changes, &prepared);
    if (status == CRUSH_OK && enlarged)
        status = plane_sharpen(&prepared.made[PLANE_Y]);
    for (int c = 0; c < PLANE_COUNT && changes; c++) { /* looks change px alone */
        plane_drop_fine(&prepared.made[c]);
        prepared.planes[c] = prepared.made[c];
    }
    if (status == CRUSH_OK && changes)
        status = look_adjust(prepared.made, o->contrast_percent, o->saturation_percent);
    if (status != CRUSH_OK)
        crush_fail(ret_error, status, "out of memory");
    else if (changes)
        status = look_age(prepared.made, o->generations - 1, step_of_quality(step_quality), o->should_stop,
                          o->should_stop_context, ret_error);
    if (status == CRUSH_OK)
        *ret_prepared = prepared;
    else
        prepared_free(&prepared);
    return status;
}

/* ---- Chroma ------------------------------------------------------------------------------------ */

/* Whether the rest of a picture gets so fine that it shows what halving its chroma loses. */
static crush_status halving_shows(const struct plane planes[PLANE_COUNT], const struct plane halved[PLANE_COUNT],
                                  const crush_encode_options *o, size_t budget_bytes, struct solver *solver,
                                  int *ret_shows)
{
    float blue = 0, red = 0;
    crush_status status = chroma_loss(&planes[PLANE_CB], &halved[PLANE_CB], &blue);
    if (status == CRUSH_OK)
        status = chroma_loss(&planes[PLANE_CR], &halved[PLANE_CR], &red);
    if (status != CRUSH_OK)
        return status;
    const float step = SHOWING_STEP * sqrtf(blue + red);
    *ret_shows = step > 0 && (budget_bytes ? solver_guess_bytes(solver, step) <= budget_bytes
                                           : step_of_quality(o->quality) <= step);
    return CRUSH_OK;
}

/* A solver for planes whose chroma is halved, unless it is seen: 4:4:4 is for drawings with bytes to spare. */
static crush_status solver_init_choosing(const struct plane planes[PLANE_COUNT], const crush_encode_options *o,
                                         size_t budget_bytes, struct solver *ret_solver)
{
    struct plane halved[PLANE_COUNT] = {planes[PLANE_Y]};
    struct solver solver = {0};
    const int plain = !budget_bytes && o->fast;
    int shows = 0;
    crush_status status = chroma_halve(&planes[PLANE_CB], &halved[PLANE_CB]);
    if (status == CRUSH_OK)
        status = chroma_halve(&planes[PLANE_CR], &halved[PLANE_CR]);
    if (status == CRUSH_OK)
        status = solver_init(halved, plain, &solver);
    if (status == CRUSH_OK && solver.content.drawing)
        status = halving_shows(planes, halved, o, budget_bytes, &solver, &shows);
    plane_free(&halved[PLANE_CB]);
    plane_free(&halved[PLANE_CR]);
    if (status != CRUSH_OK || shows)
        solver_free(&solver);
    if (status == CRUSH_OK && shows)
        status = solver_init(planes, plain, &solver);
    if (status == CRUSH_OK)
        *ret_solver = solver;
    return status;
}

/* Everything before the search: size, look, chroma, transform. */
static crush_status solver_begin(const crush_picture *picture, const crush_encode_options *o, struct size size,
                                 int enlarged, size_t budget_bytes, struct solver *ret_solver, crush_error *ret_error)
{
    struct prepared prepared;
    crush_status status = prepare(picture, o, size, enlarged, &prepared, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (picture->may_halve && !look_changes(o))
        status = solver_init_choosing(prepared.planes, o, budget_bytes, ret_solver);
    else
        status = solver_init(prepared.planes, !budget_bytes && o->fast, ret_solver);
    prepared_free(&prepared);
    return status == CRUSH_OK ? CRUSH_OK : crush_fail(ret_error, status, "out of memory");
}

/* ---- Encoding ---------------------------------------------------------------------------------- */

static void fill_result(const struct solution *solution, const struct solver *solver, int quality,
                        crush_result *ret_result)
{
    *ret_result = (crush_result){.data = solution->data,
                                 .size_bytes = solution->size_bytes,
                                 .width_px = solver->width_px,
                                 .height_px = solver->height_px,
                                 .quality = quality,
                                 .progressive = solution->progressive,
                                 .passes = solver->passes};
}

static crush_status encode_quality(const crush_picture *picture, const crush_encode_options *o, struct size size,
                                   crush_result *ret_result, crush_error *ret_error)
{
    struct solver solver;
    struct solution solution;
    crush_status status = solver_begin(picture, o, size, 0, 0, &solver, ret_error);
    if (status != CRUSH_OK)
        return status;
    status = solve_quality(&solver, o->quality, o->fast, &solution);
    if (status == CRUSH_OK)
        fill_result(&solution, &solver, o->quality, ret_result);
    solver_free(&solver);
    return status == CRUSH_OK ? CRUSH_OK : crush_fail(ret_error, status, "out of memory");
}

/* The coarsest step at which all pixels still look better than fewer. */
static float auto_step(const struct content *content)
{
    return content->drawing || content->fine_share > SHARP_SHARE ? AUTO_SHARP_STEP : AUTO_STEP;
}

/* A try at one size. */
struct attempt {
    struct size size;
    float part; /* of the full side */
    size_t budget_bytes;
    size_t cap_bytes; /* at most budget_bytes: no more than that unless it is needed for what can be made out */
    float max_step;
    int for_look;    /* 1: not where fewer pixels look better */
    int last_resort; /* 1: there is no smaller size to come */
};

/*
 * Within the cap where the quality allows it; else as many more bytes as the least quality takes, up to the budget.
 * CRUSH_EBUDGET: as solve_budget.
 */
static crush_status solve_capped(struct solver *solver, const struct attempt *attempt, struct solution *ret_solution,
                                 size_t *ret_least_bytes)
{
    const float capped_step =
        solver->content.drawing ? fminf(attempt->max_step, step_of_quality(CAPPED_QUALITY)) : attempt->max_step;
    size_t bytes = attempt->cap_bytes;
    while (bytes < attempt->budget_bytes) {
        size_t least = 0;
        const crush_status status = solve_budget(solver, bytes, capped_step, 0, ret_solution, &least);
        if (status != CRUSH_EBUDGET)
            return status;
        bytes = (size_t)((double)(least > bytes ? least : bytes) * CAP_MARGIN) + 1;
    }
    return solve_budget(solver, attempt->budget_bytes, attempt->max_step, attempt->last_resort, ret_solution,
                        ret_least_bytes);
}

/*
 * CRUSH_EBUDGET when max_step is not enough, with the bytes that it gives; for_look: with the bytes that all pixels
 * would need.
 */
static crush_status encode_attempt(const crush_picture *picture, const crush_encode_options *o,
                                   const struct attempt *attempt, crush_result *ret_result, size_t *ret_least_bytes,
                                   crush_error *ret_error)
{
    const int enlarged = attempt->part < 1;
    struct solver solver;
    struct solution solution;
    crush_status status = solver_begin(picture, o, attempt->size, enlarged, attempt->budget_bytes, &solver, ret_error);
    if (status != CRUSH_OK)
        return status;
    solver.content.enlarged = enlarged;
    if (o->slack_percent)
        solver.enough = 1 - (float)o->slack_percent / 100;
    const size_t bytes = attempt->for_look ? solver_guess_bytes(&solver, auto_step(&solver.content)) : 0;
    if (bytes > attempt->budget_bytes) {
        *ret_least_bytes = bytes;
        status = CRUSH_EBUDGET;
    } else {
        status = solve_capped(&solver, attempt, &solution, ret_least_bytes);
    }
    if (status == CRUSH_OK)
        fill_result(&solution, &solver, quality_of_step(solution.step), ret_result);
    solver_free(&solver);
    if (status == CRUSH_ENOMEM)
        return crush_fail(ret_error, status, "out of memory");
    return status;
}

/* What the source's size makes of the budget. */
static size_t cap_of(const crush_picture *picture, const crush_encode_options *o)
{
    size_t cap = picture->info.source_bytes > LEAST_CAP_BYTES ? picture->info.source_bytes : LEAST_CAP_BYTES;
    return o->cap_at_source && cap < o->budget_bytes ? cap : o->budget_bytes;
}

static uint32_t longest_side(struct size size)
{
    return size.width_px > size.height_px ? size.width_px : size.height_px;
}

/* The next smaller side to try, after bytes came out where budget_bytes were wanted. for_look: as AUTO_STEP says. */
static uint32_t smaller_side(uint32_t side_px, size_t bytes, size_t budget_bytes, int for_look)
{
    const double part = sqrt((double)budget_bytes / (double)bytes);
    const uint32_t next =
        (uint32_t)(side_px * (for_look ? fmax(AUTO_PART * part, AUTO_LEAST_PART)
                                       : fmin(fmax(FLOOR_PART * part, FLOOR_LEAST_PART), FLOOR_MOST_PART)));
    return next < side_px ? next : side_px - 1;
}

static crush_status encode_budget(const crush_picture *picture, const crush_encode_options *o, struct size full,
                                  crush_result *ret_result, crush_error *ret_error)
{
    const size_t budget_bytes = o->budget_bytes;
    const size_t cap_bytes = cap_of(picture, o);
    const uint32_t full_side = longest_side(full);
    const uint32_t auto_least = o->shrink == CRUSH_SHRINK_AUTO ? o->auto_least_px : 0;
    uint32_t side = full_side;
    size_t bytes = 0;
    crush_status status;
    for (;;) {
        if (o->should_stop && o->should_stop(o->should_stop_context))
            return crush_fail_limit(ret_error, CRUSH_LIMIT_DEADLINE, 0, "stopped while looking for a size that fits");
        /* How coarse may it get at this size? The last size takes what comes. */
        const int smallest = o->shrink == CRUSH_SHRINK_NEVER || side <= LEAST_SIDE_PX;
        const int floor =
            side <= auto_least && o->min_quality > AUTO_LEAST_QUALITY ? AUTO_LEAST_QUALITY : o->min_quality;
        const int for_look = o->shrink == CRUSH_SHRINK_AUTO && side == full_side && side > auto_least;
        const struct attempt attempt = {.size = size_for_side(picture, full, side),
                                        .part = (float)side / (float)full_side,
                                        .budget_bytes = budget_bytes,
                                        .cap_bytes = cap_bytes,
                                        .max_step = smallest || !floor ? COARSEST_STEP : step_of_quality(floor),
                                        .for_look = !smallest && for_look,
                                        .last_resort = smallest};
        status = encode_attempt(picture, o, &attempt, ret_result, &bytes, ret_error);
        if (status != CRUSH_EBUDGET)
            break;
        if (smallest) {
            crush_fail(ret_error, CRUSH_EBUDGET,
                       budget_bytes == 1 ? "%zu byte is not enough for this picture, it needs at least %zu bytes"
                                         : N_("%zu bytes are not enough for this picture, it needs at least %zu bytes"),
                       budget_bytes, bytes);
            if (ret_error)
                ret_error->value = bytes;
            return CRUSH_EBUDGET;
        }
        const uint32_t next = smaller_side(side, bytes, budget_bytes, attempt.for_look);
        const uint32_t least = side > auto_least && auto_least > LEAST_SIDE_PX ? auto_least : LEAST_SIDE_PX;
        side = next > least ? next : least;
    }
    if (status == CRUSH_OK) {
        ret_result->shrunk = side < full_side;
        ret_result->below_floor = o->min_quality && ret_result->quality < o->min_quality;
    }
    return status;
}

static crush_status options_check(const crush_encode_options *o, crush_error *ret_error)
{
    if (!o->budget_bytes && (o->quality < 1 || o->quality > 100))
        return crush_fail(ret_error, CRUSH_EINVAL, "quality is %d, not 1 to 100", o->quality);
    if (o->min_quality < 0 || o->min_quality > 100)
        return crush_fail(ret_error, CRUSH_EINVAL, "min_quality is %d, not 0 to 100", o->min_quality);
    if (o->generations < 1 || o->generations > 1000)
        return crush_fail(ret_error, CRUSH_EINVAL, "generations is %d, not 1 to 1000", o->generations);
    if (o->saturation_percent < 0 || o->saturation_percent > 400 || o->contrast_percent < 0 ||
        o->contrast_percent > 400)
        return crush_fail(ret_error, CRUSH_EINVAL, "saturation and contrast are %d and %d, not 0 to 400 percent",
                          o->saturation_percent, o->contrast_percent);
    if (o->slack_percent < 0 || o->slack_percent > 50)
        return crush_fail(ret_error, CRUSH_EINVAL, "slack_percent is %d, not 0 to 50", o->slack_percent);
    if ((int)o->shrink < CRUSH_SHRINK_FLOOR || o->shrink > CRUSH_SHRINK_NEVER)
        return crush_fail(ret_error, CRUSH_EINVAL, "shrink is none of crush_shrink");
    return CRUSH_OK;
}

/* The source's own coefficients, when they fit and nothing about the look is asked for. */
static int rewrite_fits(const crush_picture *picture, const crush_encode_options *o, struct size size)
{
    return picture->rewritten && o->allow_rewrite && o->generations == 1 && o->saturation_percent == 100 &&
           o->contrast_percent == 100 && o->budget_bytes && picture->rewritten_bytes <= o->budget_bytes &&
           size.width_px == picture->planes[PLANE_Y].width_px && size.height_px == picture->planes[PLANE_Y].height_px;
}

static crush_status take_rewrite(const crush_picture *picture, struct size size, crush_result *ret_result,
                                 crush_error *ret_error)
{
    unsigned char *data = malloc(picture->rewritten_bytes);
    if (!data)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    memcpy(data, picture->rewritten, picture->rewritten_bytes);
    *ret_result = (crush_result){.data = data,
                                 .size_bytes = picture->rewritten_bytes,
                                 .width_px = size.width_px,
                                 .height_px = size.height_px,
                                 .quality = picture->rewritten_quality,
                                 .progressive = picture->rewritten_progressive,
                                 .rewritten = 1};
    return CRUSH_OK;
}

crush_status crush_encode(const crush_picture *picture, const crush_encode_options *options, crush_result *ret_result,
                          crush_error *ret_error)
{
    crush_encode_options defaults;
    if (!options) {
        crush_encode_options_init(&defaults);
        options = &defaults;
    }
    crush_status status = options_check(options, ret_error);
    if (status != CRUSH_OK)
        return status;
    struct size full = {picture->planes[PLANE_Y].width_px, picture->planes[PLANE_Y].height_px};
    struct size size = options->max_side_px ? size_for_side(picture, full, options->max_side_px) : full;
    if (rewrite_fits(picture, options, size))
        return take_rewrite(picture, size, ret_result, ret_error);
    if (!options->budget_bytes)
        return encode_quality(picture, options, size, ret_result, ret_error);
    return encode_budget(picture, options, size, ret_result, ret_error);
}

void crush_result_clear(crush_result *result)
{
    if (!result)
        return;
    free(result->data);
    *result = (crush_result){0};
}
