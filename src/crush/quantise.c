/*
 * Rate–distortion quantisation: see quantise.h. For each block a shortest path over its candidate levels
 * ("trellis"): every level either stays, shrinks by one, or becomes zero, and a path pays for run and size symbols.
 * At crushed sizes a block has a handful of candidates, so the quadratic path search is cheap.
 *
 * It refuses to look at pixels: all it knows is coefficients. Next: solve.c.
 */
#include "quantise.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ---- Tables ------------------------------------------------------------------------------------ */

/*
 * Slopes of the steps and of the visibility of errors over the radius of a frequency, found by experiment on
 * half of the test pictures (SSIMULACRA2 off the block grid).
 */
#define LUMA_SLOPE           0.5f
#define LUMA_DC              0.65f
#define LUMA_VISIBILITY      0.56f
#define CHROMA_SLOPE         0.3f
#define CHROMA_LEVEL         0.765f
#define CHROMA_DC            0.5f
#define CHROMA_VISIBILITY    0.455f
#define CHROMA_LEVEL_VISIBLE 0.9f
#define LAMBDA               0.05f
#define LAMBDA_GROWTH        0.3f
#define CHROMA_LAMBDA        1.4f
#define DC_STEP_CAP          28.0f /* 3.5 gray levels: coarser steps show as bands in skies */

static uint16_t clamp_step(float step)
{
    return step < 1 ? 1 : step > 255 ? 255 : (uint16_t)(step + 0.5f);
}

void quantiser_house(float step, struct quantiser *ret_luma, struct quantiser *ret_chroma)
{
    for (int k = 1; k < BLOCK_SIZE; k++) {
        float beyond = dct_radius(k) - 1;
        ret_luma->step[k] = clamp_step(step * (1 + LUMA_SLOPE * beyond));
        ret_chroma->step[k] = clamp_step(step * CHROMA_LEVEL * (1 + CHROMA_SLOPE * beyond));
        float luma = 1 + LUMA_VISIBILITY * beyond, chroma = CHROMA_LEVEL_VISIBLE * (1 + CHROMA_VISIBILITY * beyond);
        ret_luma->weight[k] = 1 / (luma * luma);
        ret_chroma->weight[k] = 1 / (chroma * chroma);
    }
    ret_luma->step[0] = clamp_step(fminf(step * LUMA_DC, DC_STEP_CAP));
    ret_chroma->step[0] = clamp_step(fminf(step * CHROMA_DC, DC_STEP_CAP));
    ret_luma->weight[0] = ret_chroma->weight[0] = 1;
    ret_luma->lambda = LAMBDA * step * step * powf(step / 40, LAMBDA_GROWTH);
    ret_chroma->lambda = ret_luma->lambda * CHROMA_LAMBDA;
}

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

void quantiser_standard(int quality, int plain, struct quantiser *ret_luma, struct quantiser *ret_chroma)
{
    int scale = standard_scale(quality);
    quantiser_house(step_of_quality(quality), ret_luma, ret_chroma); /* weights and lambda fit this step */
    for (int k = 0; k < BLOCK_SIZE; k++) {
        ret_luma->step[k] = standard_step(standard_luma, k, scale);
        ret_chroma->step[k] = standard_step(standard_chroma, k, scale);
    }
    if (plain)
        ret_luma->lambda = ret_chroma->lambda = 0;
}

/* Compared over the first 20 AC positions: at crushed sizes hardly any level is left beyond them. */
enum { COMPARED_POSITIONS = 20 };

float step_of_quality(int quality)
{
    float standard = 0, house = 0;
    for (int k = 1; k <= COMPARED_POSITIONS; k++) {
        standard += (float)standard_luma[dct_natural_order[k]] * (float)standard_scale(quality) / 100;
        house += 1 + LUMA_SLOPE * (dct_radius(k) - 1);
    }
    return fmaxf(standard / house, 0.25f);
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

/* ---- Masking ----------------------------------------------------------------------------------- */

#define MASK_OFFSET     8.4f
#define MASK_EXPONENT   -0.7f
#define BRIGHT_EXPONENT -0.2f

static float block_activity(const int16_t *c, const float *radius)
{
    float sum = 0;
    for (int k = 1; k < BLOCK_SIZE; k++) {
        float value = (float)c[k] * radius[k];
        sum += value * value;
    }
    return sqrtf(sum) / (8 * COEFFICIENT_UNIT);
}

void masking_measure(const struct blocks *luma, float *ret_factors)
{
    const uint32_t columns = luma->columns, rows = luma->rows;
    float radius[BLOCK_SIZE];
    double log_sum = 0;
    for (int k = 0; k < BLOCK_SIZE; k++)
        radius[k] = sqrtf(dct_radius(k));
    float *activity = malloc((size_t)columns * rows * sizeof *activity);
    if (!activity) { /* masking is a nicety: without memory all blocks are equal */
        for (size_t b = 0; b < (size_t)columns * rows; b++)
            ret_factors[b] = 1;
        return;
    }
    for (size_t b = 0; b < (size_t)columns * rows; b++)
        activity[b] = block_activity(luma->coefficients + b * BLOCK_SIZE, radius);
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++) {
            float sum = 0;
            int count = 0;
            for (uint32_t j = y ? y - 1 : 0; j <= y + 1 && j < rows; j++)
                for (uint32_t i = x ? x - 1 : 0; i <= x + 1 && i < columns; i++, count++)
                    sum += activity[(size_t)j * columns + i];
            size_t b = (size_t)y * columns + x;
            float mean = (float)luma->coefficients[b * BLOCK_SIZE] / (8 * COEFFICIENT_UNIT) + 128;
            float brightness = (fminf(fmaxf(mean, 0), 255) + 16) / 144;
            float logarithm =
                MASK_EXPONENT * logf(sum / (float)count + MASK_OFFSET) + BRIGHT_EXPONENT * logf(brightness);
            ret_factors[b] = logarithm;
            log_sum += logarithm;
        }
    float mean = (float)(log_sum / ((double)columns * rows));
    for (size_t b = 0; b < (size_t)columns * rows; b++)
        ret_factors[b] = expf(ret_factors[b] - mean);
    free(activity);
}

/* ---- Rates ------------------------------------------------------------------------------------- */

enum { UNSEEN_BITS = 14 };

void rate_guess(struct rate *ret_rate)
{
    for (int symbol = 0; symbol < 256; symbol++) {
        int run = symbol >> 4, size = symbol & 15;
        ret_rate->ac[symbol] = fminf(2 + 0.5f * (float)run + 2.2f * (float)(size > 0 ? size - 1 : 0), UNSEEN_BITS);
    }
    ret_rate->ac[0xF0] = 8;
    ret_rate->end_of_block = 2;
}

void rate_learn(const struct levels *levels, struct rate *ret_rate)
{
    struct symbols symbols;
    memset(&symbols, 0, sizeof symbols);
    count_ac(levels, 1, 63, 1, &symbols);
    float total = 0, block_runs = 0;
    for (int i = 0; i < 256; i++)
        total += (float)symbols.count[i] + 0.02f;
    for (int i = 0; i < 256; i++) {
        float bits = log2f(total / ((float)symbols.count[i] + 0.02f));
        ret_rate->ac[i] = fminf(bits, UNSEEN_BITS);
        if ((i & 15) == 0 && i != 0xF0)
            block_runs += (float)symbols.count[i] * (ret_rate->ac[i] + (float)(i >> 4));
    }
    ret_rate->end_of_block = block_runs / (float)(levels->columns * levels->rows);
}

/* ---- Choosing levels --------------------------------------------------------------------------- */

/* Bit k is set where |c[k]| >= threshold[k]. */
static uint64_t candidates(const int16_t *c, const int16_t *threshold)
{
    uint64_t mask = 0;
#if defined(__SSE2__)
    for (int k = 0; k < BLOCK_SIZE; k += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(c + k)), b = _mm_loadu_si128((const __m128i *)(c + k + 8));
        __m128i ta = _mm_loadu_si128((const __m128i *)(threshold + k));
        __m128i tb = _mm_loadu_si128((const __m128i *)(threshold + k + 8));
        a = _mm_max_epi16(a, _mm_sub_epi16(_mm_setzero_si128(), a));
        b = _mm_max_epi16(b, _mm_sub_epi16(_mm_setzero_si128(), b));
        __m128i less = _mm_packs_epi16(_mm_cmplt_epi16(a, ta), _mm_cmplt_epi16(b, tb));
        mask |= (uint64_t)(~_mm_movemask_epi8(less) & 0xFFFF) << k;
    }
#else
    for (int k = 0; k < BLOCK_SIZE; k++)
        mask |= (uint64_t)(abs(c[k]) >= threshold[k]) << k;
#endif
    return mask;
}

struct candidate {
    int position;
    int level, sign;
    float gain[2]; /* error saved by keeping level, or level - 1 */
    float score;   /* best path that ends here */
    int from;      /* candidate before on that path, -1: none */
    int chosen;    /* level on that path */
};

static uint32_t choose_levels(const int16_t *c, uint64_t mask, const struct quantiser *q, const float *inverse,
                              const struct rate *rate, float masking, struct level *ret_levels)
{
    struct candidate list[BLOCK_SIZE];
    int count = 0, last = -1;
    const float lambda = q->lambda;
    for (mask &= ~(uint64_t)1; mask; mask &= mask - 1) {
        int k = __builtin_ctzll(mask);
        float value = fabsf((float)c[k]) * (1.0f / COEFFICIENT_UNIT), step = q->step[k];
        int level = (int)(value * inverse[k] + 0.5f);
        if (level == 0)
            level = 1;
        struct candidate *at = &list[count];
        float weight = masking * q->weight[k], kept = (float)level * step, less = kept - step;
        at->position = k;
        at->level = level;
        at->sign = c[k] < 0 ? -1 : 1;
        at->gain[0] = weight * kept * (2 * value - kept);
        at->gain[1] = level > 1 ? weight * less * (2 * value - less) : 0;
        const int size = level_size(level), size_less = level_size(level - 1);
        float best = -1e30f;
        for (int j = count - 1; j >= -1; j--) {
            int run = k - (j < 0 ? 0 : list[j].position) - 1;
            float before = j < 0 ? 0 : list[j].score;
            before -= lambda * (float)(run >> 4) * rate->ac[0xF0];
            run &= 15;
            float score = before + at->gain[0] - lambda * (rate->ac[run << 4 | size] + (float)size);
            if (score > best) {
                best = score;
                at->from = j;
                at->chosen = level;
            }
            if (level > 1) {
                score = before + at->gain[1] - lambda * (rate->ac[run << 4 | size_less] + (float)size_less);
                if (score > best) {
                    best = score;
                    at->from = j;
                    at->chosen = level - 1;
                }
            }
        }
        at->score = best;
        count++;
    }
    float best = 0; /* the empty block ends as well: its end of block is in both sides of the comparison */
    for (int i = 0; i < count; i++) {
        float score = list[i].score + (list[i].position == 63 ? lambda * rate->end_of_block : 0);
        if (score > best) {
            best = score;
            last = i;
        }
    }
    uint32_t kept = 0;
    for (int i = last; i >= 0; i = list[i].from)
        kept++;
    uint32_t at = kept;
    for (int i = last; i >= 0; i = list[i].from)
        ret_levels[--at] =
            (struct level){.value = (int16_t)(list[i].sign * list[i].chosen), .position = (uint8_t)list[i].position};
    return kept;
}

static uint32_t round_levels(const int16_t *c, uint64_t mask, const float *inverse, struct level *ret_levels)
{
    uint32_t count = 0;
    for (mask &= ~(uint64_t)1; mask; mask &= mask - 1) {
        int k = __builtin_ctzll(mask);
        int level = (int)(fabsf((float)c[k]) * (1.0f / COEFFICIENT_UNIT) * inverse[k] + 0.5f);
        if (level)
            ret_levels[count++] = (struct level){.value = (int16_t)(c[k] < 0 ? -level : level), .position = (uint8_t)k};
    }
    return count;
}

void quantise(const struct blocks *blocks, const struct quantiser *quantiser, const struct rate *rate,
              const float *masking, struct levels *levels)
{
    float inverse[BLOCK_SIZE];
    int16_t threshold[BLOCK_SIZE];
    /* Below 0.55 of a step no level ever pays for its bits. */
    const float least = quantiser->lambda > 0 ? 0.55f : 0.5f;
    for (int k = 0; k < BLOCK_SIZE; k++) {
        inverse[k] = 1.0f / quantiser->step[k];
        threshold[k] = (int16_t)ceilf(least * quantiser->step[k] * COEFFICIENT_UNIT);
    }
    uint32_t count = 0, total = blocks->columns * blocks->rows;
    const int16_t *c = blocks->coefficients;
    for (uint32_t b = 0; b < total; b++, c += BLOCK_SIZE) {
        levels->first[b] = count;
        levels->dc[b] = (int16_t)lrintf((float)c[0] * (1.0f / COEFFICIENT_UNIT) * inverse[0]);
        uint64_t mask = candidates(c, threshold);
        if (mask & ~(uint64_t)1)
            count += quantiser->lambda > 0 ? choose_levels(c, mask, quantiser, inverse, rate, masking ? masking[b] : 1,
                                                           levels->ac + count)
                                           : round_levels(c, mask, inverse, levels->ac + count);
    }
    levels->first[total] = count;
}

crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels)
{
    size_t total = (size_t)columns * rows;
    struct levels levels = {.columns = columns, .rows = rows};
    levels.dc = malloc(total * sizeof *levels.dc);
    levels.first = malloc((total + 1) * sizeof *levels.first);
    levels.ac = malloc(total * (BLOCK_SIZE - 1) * sizeof *levels.ac); /* only what is used becomes real memory */
    if (!levels.dc || !levels.first || !levels.ac) {
        levels_free(&levels);
        return CRUSH_ENOMEM;
    }
    *ret_levels = levels;
    return CRUSH_OK;
}

void levels_free(struct levels *levels)
{
    free(levels->dc);
    free(levels->first);
    free(levels->ac);
    *levels = (struct levels){0};
}
