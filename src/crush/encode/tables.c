/*
 * Quantisation tables and what goes with them: see tables.h. The numbers were found on half of the test pictures by
 * hill climbing, scored with SSIMULACRA2 on crops off the block grid, and confirmed on the other half.
 *
 * At 4 kB more than half of a picture is DC values, so the DC steps matter as much as all others together.
 * Next: quantise.c.
 */
#include "crush/encode/tables.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The house tables -------------------------------------------------------------------------- */

/*
 * Where the numbers come from. Unless something else is said they were climbed to: one after the other a little up and
 * down, kept where the mean score rose, until none moved. Pictures: every second of the sorted photographs, and of the
 * sorted screenshots and drawings, at 640 px; the other half confirmed. Score: SSIMULACRA2 off the block grid at equal
 * bytes. tools/benchmarks/fit does that again, with the same pictures or with others, and shows how flat the top is.
 */

#ifdef CRUSH_FIT
#define NUMBER float /* for tools/benchmarks/fit.c, which changes them by name */
#else
#define NUMBER static const float
#endif

/*
 * A step grows with the radius of its frequency, step × level × (1 + slope × (radius − 1)), and so does the size of an
 * error that shows (visibility). Weights and visibility say how errors compare, so luma's lowest frequencies are 1.
 */
NUMBER CHROMA_LEVEL_VISIBLE = 0.88f;
NUMBER LUMA_DC = 0.56f;
NUMBER CHROMA_DC = 0.5f;
NUMBER LUMA_DC_WEIGHT = 1.0f;
NUMBER CHROMA_DC_WEIGHT = 2.4f;
NUMBER CHROMA_LAMBDA = 1.43f;

/* One table for all components saves 69 bytes; from shared_step on they are worth more than a finer chroma. */
NUMBER SHARED_DC = 0.48f;

/*
 * Coarse DC steps show as bands: the cap is 10 gray levels where up to 15 % of the picture is smooth, and
 * falls to 5 at 65 %. By eye, on skies: the measure would rather do without, people see stripes; test_encode.c
 * holds skies to it.
 */
NUMBER DC_CAP_TEXTURED = 92.0f;
NUMBER DC_CAP_SMOOTH = 80.0f; /* less this for a share of 1 */
NUMBER DC_CAP_MOST = 80.0f;
NUMBER DC_CAP_LEAST = 40.0f;

NUMBER PHOTO_LUMA_SLOPE = 0.5f;
NUMBER PHOTO_LUMA_VISIBILITY = 0.55f;
NUMBER PHOTO_CHROMA_LEVEL = 1.056f;
NUMBER PHOTO_CHROMA_SLOPE = 0.355f;
NUMBER PHOTO_CHROMA_VISIBILITY = 0.43f;
NUMBER PHOTO_SHARED_STEP = 49.0f;
NUMBER PHOTO_SHARED_SLOPE = 0.38f;
NUMBER PHOTO_LAMBDA = 0.037f;
NUMBER PHOTO_LAMBDA_GROWTH = 0.0f;

/*
 * Shown enlarged: high frequencies are in the middle of what is seen, and there are bits for finer steps. Climbed to
 * on the photographs shown enlarged.
 */
NUMBER ENLARGED_LUMA_SLOPE = 0.42f;
NUMBER ENLARGED_CHROMA_LEVEL = 0.85f;

/*
 * AC without its lowest bits, so that decoders smooth: smooth.h. Finer steps would be rounded too much, as a step is a
 * multiple of 4 then: a fifth of 20. The solver asks whether it pays: solve.c.
 */
NUMBER SMOOTH_LEAST_STEP = 20.0f;
enum { SMOOTH_APPROX = 2 };

/* The high frequencies of sharp edges show: flatter tables for text and drawings. Begun by eye, from all of them. */
NUMBER DRAWING_LUMA_SLOPE = 0.4f;
NUMBER DRAWING_LUMA_VISIBILITY = 0.31f;
NUMBER DRAWING_CHROMA_LEVEL = 0.765f;
NUMBER DRAWING_CHROMA_SLOPE = 0.28f;
NUMBER DRAWING_CHROMA_VISIBILITY = 0.3f;
NUMBER DRAWING_SHARED_STEP = 37.0f;
NUMBER DRAWING_SHARED_SLOPE = 0.35f;
NUMBER DRAWING_LAMBDA = 0.0275f;
NUMBER DRAWING_LAMBDA_GROWTH = 0.3f;

/*
 * Chroma as large as luma takes most of its bits where nobody looks: coarser, and bits are dearer. Climbed to on
 * the drawings that keep it.
 */
NUMBER FULL_LUMA_SLOPE = 0.14f;
NUMBER FULL_LUMA_VISIBILITY = 0.255f;
NUMBER FULL_CHROMA_LEVEL = 1.8f;
NUMBER FULL_CHROMA_SLOPE = 0.3f;
NUMBER FULL_CHROMA_VISIBILITY = 0.33f;
NUMBER FULL_CHROMA_DC = 0.6f;
NUMBER FULL_CHROMA_DC_WEIGHT = 2.5f;
NUMBER FULL_CHROMA_LAMBDA = 4.0f;

struct style {
    float luma_slope, luma_visibility, chroma_level, chroma_slope, chroma_visibility, shared_step, shared_slope;
    float chroma_dc, chroma_dc_weight, chroma_lambda, lambda, lambda_growth;
};

static struct style style_for(const struct content *content)
{
    const struct style photo = {.luma_slope = PHOTO_LUMA_SLOPE,
                                .luma_visibility = PHOTO_LUMA_VISIBILITY,
                                .chroma_level = PHOTO_CHROMA_LEVEL,
                                .chroma_slope = PHOTO_CHROMA_SLOPE,
                                .chroma_visibility = PHOTO_CHROMA_VISIBILITY,
                                .shared_step = PHOTO_SHARED_STEP,
                                .shared_slope = PHOTO_SHARED_SLOPE,
                                .chroma_dc = CHROMA_DC,
                                .chroma_dc_weight = CHROMA_DC_WEIGHT,
                                .chroma_lambda = CHROMA_LAMBDA,
                                .lambda = PHOTO_LAMBDA,
                                .lambda_growth = PHOTO_LAMBDA_GROWTH};

    const struct style drawing = {.luma_slope = DRAWING_LUMA_SLOPE,
                                  .luma_visibility = DRAWING_LUMA_VISIBILITY,
                                  .chroma_level = DRAWING_CHROMA_LEVEL,
                                  .chroma_slope = DRAWING_CHROMA_SLOPE,
                                  .chroma_visibility = DRAWING_CHROMA_VISIBILITY,
                                  .shared_step = DRAWING_SHARED_STEP,
                                  .shared_slope = DRAWING_SHARED_SLOPE,
                                  .chroma_dc = CHROMA_DC,
                                  .chroma_dc_weight = CHROMA_DC_WEIGHT,
                                  .chroma_lambda = CHROMA_LAMBDA,
                                  .lambda = DRAWING_LAMBDA,
                                  .lambda_growth = DRAWING_LAMBDA_GROWTH};
    struct style style = content->drawing ? drawing : photo;
    if (content->enlarged && !content->drawing) {
        style.luma_slope = ENLARGED_LUMA_SLOPE;
        style.chroma_level = ENLARGED_CHROMA_LEVEL;
    }
    if (content->full_chroma && content->drawing) {
        style.luma_slope = FULL_LUMA_SLOPE;
        style.luma_visibility = FULL_LUMA_VISIBILITY;
    }
    if (content->full_chroma) {
        style.chroma_level = FULL_CHROMA_LEVEL;
        style.chroma_slope = FULL_CHROMA_SLOPE;
        style.chroma_visibility = FULL_CHROMA_VISIBILITY;
        style.chroma_dc = FULL_CHROMA_DC;
        style.chroma_dc_weight = FULL_CHROMA_DC_WEIGHT;
        style.chroma_lambda = FULL_CHROMA_LAMBDA;
    }
    return style;
}

static uint16_t clamp_step(float step, int approx)
{
    step /= (float)(1 << approx);
    return (uint16_t)((step < 1 ? 1 : step > 255 ? 255 : (int)(step + 0.5f)) << approx);
}

static void fill_weights(const struct style *style, float step, struct quantiser *luma, struct quantiser *chroma)
{
    for (int k = 1; k < BLOCK_SIZE; k++) {
        float beyond = dct_radius(k) - 1, l = 1 + style->luma_visibility * beyond,
              c = CHROMA_LEVEL_VISIBLE * (1 + style->chroma_visibility * beyond);
        luma->weight[k] = 1 / (l * l);
        chroma->weight[k] = 1 / (c * c);
    }
    luma->weight[0] = LUMA_DC_WEIGHT;
    chroma->weight[0] = style->chroma_dc_weight;
    luma->lambda = style->lambda * step * step * powf(step / 40, style->lambda_growth);
    chroma->lambda = luma->lambda * style->chroma_lambda;
}

static void fill_steps(const struct style *style, float step, const struct content *content, struct quantiser *luma,
                       struct quantiser *chroma)
{
    const int shared = step >= style->shared_step;
    const float luma_slope = shared ? style->shared_slope : style->luma_slope;
    const float chroma_slope = shared ? style->shared_slope : style->chroma_slope;
    const float cap = fmaxf(DC_CAP_LEAST, fminf(DC_CAP_MOST, DC_CAP_TEXTURED - DC_CAP_SMOOTH * content->smooth_share));
    const int approx = content->smoothing && step >= SMOOTH_LEAST_STEP ? SMOOTH_APPROX : 0;
    luma->approx = chroma->approx = approx;
    for (int k = 1; k < BLOCK_SIZE; k++) {
        float beyond = dct_radius(k) - 1;
        luma->step[k] = clamp_step(step * (1 + luma_slope * beyond), approx);
        chroma->step[k] = clamp_step(step * (shared ? 1 : style->chroma_level) * (1 + chroma_slope * beyond), approx);
    }
    luma->step[0] = clamp_step(fminf(step * (shared ? SHARED_DC : LUMA_DC), cap), 0);
    chroma->step[0] = clamp_step(fminf(step * (shared ? SHARED_DC : style->chroma_dc), cap), 0);
}

/* ---- DC steps ---------------------------------------------------------------------------------- */

/*
 * Error of all values at a step, less what the coarser step saves in bits. That is weighed so that values spread evenly
 * (mean error step²/12) prefer no other step than base.
 */
static float dc_cost(const struct dc_values *values, int step, float base)
{
    float cost = 0;
    int below = -(DC_VALUES / 2 / step + 1) * step; /* the multiple of step that is not above the value */
    for (int i = 0; i < DC_VALUES; i++) {
        int value = i - DC_VALUES / 2;
        while (value >= below + step)
            below += step;
        float error = fminf(fabsf(dc_error((float)value, below)), fabsf(dc_error((float)value, below + step)));
        cost += values->weight[i] * error * error;
    }
    return cost - values->total * base * base / 6 * logf((float)step / base);
}

static uint16_t fit_dc(const struct dc_values *a, const struct dc_values *b, int base)
{
    int best = base;
    float least = INFINITY;
    for (int step = base - base / 4; step <= base; step++) {
        float cost = dc_cost(a, step, (float)base) + (b ? dc_cost(b, step, (float)base) : 0);
        if (cost < least) {
            least = cost;
            best = step;
        }
    }
    return (uint16_t)best;
}

/*
 * Makes the DC steps finer, by a quarter at most, where that hits the values that occur: flat areas, of which drawings
 * consist, then keep their exact shade.
 */
static void fit_dc_steps(const struct content *content, struct quantiser *luma, struct quantiser *chroma)
{
    if (tables_equal(luma, chroma)) {
        luma->step[0] = chroma->step[0] = fit_dc(&content->luma_dc, &content->chroma_dc, luma->step[0]);
        return;
    }
    luma->step[0] = fit_dc(&content->luma_dc, NULL, luma->step[0]);
    chroma->step[0] = fit_dc(&content->chroma_dc, NULL, chroma->step[0]);
}

void tables_house(float step, const struct content *content, struct quantiser *ret_luma, struct quantiser *ret_chroma)
{
    const struct style style = style_for(content);
    fill_weights(&style, step, ret_luma, ret_chroma);
    fill_steps(&style, step, content, ret_luma, ret_chroma);
    if (content->drawing)
        fit_dc_steps(content, ret_luma, ret_chroma);
}

int tables_equal(const struct quantiser *a, const struct quantiser *b)
{
    return memcmp(a->step, b->step, sizeof a->step) == 0;
}

/* ---- libjpeg's tables -------------------------------------------------------------------------- */

/* T.81 tables K.1 and K.2, natural order. */
static const uint8_t standard_luma[BLOCK_SIZE] = {
    16, 11,  10,  16, 24, 40, 51, 61, 12,  12,  14,  19,  26, 58, 60, 55,  14,  13,  16,  24, 40, 57,
    69, 56,  14,  17, 22, 29, 51, 87, 80,  62,  18,  22,  37, 56, 68, 109, 103, 77,  24,  35, 55, 64,
    81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98,  112, 100, 103, 99};
static const uint8_t standard_chroma[BLOCK_SIZE] = {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
                                                    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
                                                    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
                                                    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

/* libjpeg's jpeg_quality_scaling and jpeg_add_quant_table, in percent. */
static int standard_scale(int quality)
{
    return quality < 50 ? 5000 / quality : 200 - 2 * quality;
}

static uint16_t standard_step(const uint8_t *table, int zigzag, int scale)
{
    int step = (table[dct_natural_order[zigzag]] * scale + 50) / 100;
    return (uint16_t)(step < 1 ? 1 : step > 255 ? 255 : step);
}

void tables_standard(int quality, int plain, const struct content *content, struct quantiser *ret_luma,
                     struct quantiser *ret_chroma)
{
    const struct style style = style_for(content);
    const int scale = standard_scale(quality);
    fill_weights(&style, step_of_quality(quality), ret_luma, ret_chroma);
    for (int k = 0; k < BLOCK_SIZE; k++) {
        ret_luma->step[k] = standard_step(standard_luma, k, scale);
        ret_chroma->step[k] = standard_step(standard_chroma, k, scale);
    }
    ret_luma->approx = ret_chroma->approx = 0;
    if (plain)
        ret_luma->lambda = ret_chroma->lambda = 0;
}

/* Compared over the first 20 AC positions: at crushed sizes hardly any level is left beyond them. */
enum { COMPARED_POSITIONS = 20 };

float step_of_quality(int quality)
{
    float standard = 0, house = 0;
    for (int k = 1; k <= COMPARED_POSITIONS; k++) {
        standard += standard_step(standard_luma, k, standard_scale(quality));
        house += 1 + PHOTO_LUMA_SLOPE * (dct_radius(k) - 1);
    }
    return standard / house;
}

int quality_of_step(float step)
{
    int low = 1, high = 100;
    while (low < high) {
        int middle = (low + high) / 2;
        /* nearer to middle than to middle + 1, by ratio? */
        if (sqrtf(step_of_quality(middle) * step_of_quality(middle + 1)) <= step)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int quality_of_table(const uint16_t steps[BLOCK_SIZE])
{
    int best = 1, sum = 0, least = INT_MAX;
    for (int k = 0; k < BLOCK_SIZE; k++)
        sum += steps[k];
    for (int quality = 1; quality <= 100; quality++) {
        int standard = 0;
        for (int k = 0; k < BLOCK_SIZE; k++)
            standard += standard_step(standard_luma, k, standard_scale(quality));
        if (abs(standard - sum) < least) {
            least = abs(standard - sum);
            best = quality;
        }
    }
    return best;
}
