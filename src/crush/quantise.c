/*
 * Rate–distortion quantisation: see quantise.h. For each block a shortest path over its candidate levels
 * ("trellis"): every level either stays, shrinks by one, or becomes zero, and a path pays for run and size symbols.
 * At crushed sizes a block has a handful of candidates, so the quadratic path search is cheap.
 *
 * It refuses to look at pixels: all it knows is coefficients. Next: solve.c.
 */
#include "quantise.h"
#include "smooth.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Of a step: a smaller coefficient hardly ever pays for its bits. */
#define LEAST_PART 0.55f
#define DC_LAMBDA  1.0f
#define FILL_SHARE 0.5f  /* of a run of blocks: what it costs that a block is not empty */
#define AGAINST    0.25f /* of a step: the least coefficient that is weighed against an estimate of the other sign */
#define DC_SMOOTH  0.05f /* weight of differences between neighbours' DC errors */

/* ---- Rates ------------------------------------------------------------------------------------- */

#define UNSEEN_BITS  14.0f
#define UNSEEN_COUNT 0.02f
#define TABLE_BITS   8.0f

void rate_guess(struct rate *ret_rate)
{
    for (int symbol = 0; symbol < 256; symbol++) {
        int run = symbol >> 4, size = symbol & 15;
        ret_rate->ac[symbol] = fminf(2 + 0.5f * (float)run + 2.2f * (float)(size > 0 ? size - 1 : 0), UNSEEN_BITS);
    }
    ret_rate->ac[0xF0] = 8;
    ret_rate->fill = 2;
    for (int size = 0; size < 16; size++)
        ret_rate->dc[size] = 1.5f + 1.6f * (float)size;
}

/* Bits of each symbol; one also takes a byte in the table, shared by all that use it. */
static void learn(const uint32_t *counts, int symbols, float table_bits, float *ret_bits)
{
    float total = 0;
    for (int i = 0; i < symbols; i++)
        total += (float)counts[i] + UNSEEN_COUNT;
    const float total_bits = log2f(total);
    const float unseen = fminf(total_bits - log2f(UNSEEN_COUNT) + table_bits, UNSEEN_BITS);
    for (int i = 0; i < symbols; i++) {
        ret_bits[i] = unseen;
        if (counts[i])
            ret_bits[i] = fminf(
                total_bits - log2f((float)counts[i] + UNSEEN_COUNT) + table_bits / ((float)counts[i] + 1), UNSEEN_BITS);
    }
}

void rate_learn(const struct component_count *count, struct rate *ret_rate)
{
    uint32_t all[256];
    float block_runs = 0;
    for (int i = 0; i < 256; i++)
        all[i] = count->ac.count[i] + count->runs.count[i];
    learn(all, 256, TABLE_BITS, ret_rate->ac);
    for (int bits = 0; bits < 15; bits++)
        block_runs += (float)count->runs.count[bits << 4] * (ret_rate->ac[bits << 4] + (float)bits);
    ret_rate->fill = FILL_SHARE * block_runs / (float)(count->filled + 1);
    learn(count->dc.count, 16, 0, ret_rate->dc);
    for (int size = 0; size < 16; size++)
        ret_rate->dc[size] += (float)size;
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

/* What symbols cost, in errors: rates times lambda. */
struct prices {
    float level[256]; /* by run and size, with the bits that follow */
    float zero_run, fill;
};

static void prices_fill(const struct rate *rate, float lambda, struct prices *ret_prices)
{
    for (int symbol = 0; symbol < 256; symbol++)
        ret_prices->level[symbol] = lambda * (rate->ac[symbol] + (float)(symbol & 15));
    ret_prices->zero_run = lambda * rate->ac[0xF0];
    ret_prices->fill = lambda * rate->fill;
}

/* estimates: what decoders put in place of zeros, or NULL. */
static uint32_t choose_levels(const int16_t *c, uint64_t mask, const struct quantiser *q, const float *inverse,
                              const struct prices *prices, float masking, const int16_t *estimates,
                              struct level *ret_levels)
{
    struct candidate list[BLOCK_SIZE];
    int count = 0, last = -1;
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
        if (estimates && k <= SMOOTH_POSITIONS) {
            const float estimate = (float)(at->sign * estimates[k - 1]);
            const float already = weight * estimate * (2 * value - estimate);
            at->gain[0] -= already;
            at->gain[1] -= already;
        }
        const int size = level_size(level), size_less = level_size(level - 1);
        float best = -1e30f;
        for (int j = count - 1; j >= -1; j--) {
            int run = k - (j < 0 ? 0 : list[j].position) - 1;
            float before = j < 0 ? 0 : list[j].score;
            if (run > 15)
                before -= (float)(run >> 4) * prices->zero_run;
            run = (run & 15) << 4;
            float score = before + at->gain[0] - prices->level[run | size];
            if (score > best) {
                best = score;
                at->from = j;
                at->chosen = level;
            }
            if (level > 1) {
                score = before + at->gain[1] - prices->level[run | size_less];
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
    float best = prices->fill; /* an empty block just prolongs a run */
    for (int i = 0; i < count; i++) {
        float score = list[i].score + (list[i].position == 63 ? prices->fill : 0);
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

/* floorf without the call that plain x86-64 needs for it. */
static inline int round_down(float value)
{
    int whole = (int)value;
    return whole - (value < (float)whole);
}

/*
 * DC levels of one row of blocks: each is rounded up or down so that errors, and differences of errors between
 * neighbours (which show as lines and bands), and bits cost least together. before: the level before this row.
 */
static void choose_dc_row(const struct blocks *blocks, uint32_t row, const struct quantiser *q, const struct rate *rate,
                          const float *masking, struct levels *levels, int before)
{
    const uint32_t columns = blocks->columns, first = row * columns;
    const float per_step = 1.0f / q->step[0];
    int level[2] = {before, before}, last_level[2];
    float score[2] = {0, 1e30f}, error[2] = {0, 0}, last_score[2], last_error[2];
    for (uint32_t x = 0; x < columns; x++) {
        const uint32_t b = first + x;
        const float value = (float)blocks->coefficients[(size_t)b * BLOCK_SIZE] * (1.0f / COEFFICIENT_UNIT);
        const float weight = q->weight[0] * (masking ? masking[b] : 1);
        float above = 0;
        if (row)
            above =
                dc_error((float)blocks->coefficients[(size_t)(b - columns) * BLOCK_SIZE] * (1.0f / COEFFICIENT_UNIT),
                         levels->dc[b - columns] * q->step[0]);
        memcpy(last_level, level, sizeof level);
        memcpy(last_score, score, sizeof score);
        memcpy(last_error, error, sizeof error);
        level[0] = round_down(value * per_step);
        level[1] = level[0] + 1;
        for (int i = 0; i < 2; i++) {
            error[i] = dc_error(value, level[i] * q->step[0]);
            float own = error[i] * error[i];
            if (row)
                own += DC_SMOOTH * (error[i] - above) * (error[i] - above);
            float best = 1e30f;
            for (int j = 0; j < 2; j++) {
                float across = x ? DC_SMOOTH * (error[i] - last_error[j]) * (error[i] - last_error[j]) : 0;
                float cost = last_score[j] + weight * across +
                             DC_LAMBDA * q->lambda * rate->dc[level_size(level[i] - last_level[j])];
                if (cost < best) {
                    best = cost;
                    levels->path[2 * x + (uint32_t)i] = (uint8_t)j;
                }
            }
            score[i] = best + weight * own;
        }
    }
    int way = score[1] < score[0];
    for (uint32_t x = columns; x-- > 0;) {
        const float value = (float)blocks->coefficients[(size_t)(first + x) * BLOCK_SIZE] * (1.0f / COEFFICIENT_UNIT);
        levels->dc[first + x] = (int16_t)(round_down(value * per_step) + way);
        way = levels->path[2 * x + (uint32_t)way];
    }
}

/* Candidates among the positions that are estimated: a small coefficient counts where the estimate is far off. */
static uint64_t estimated_candidates(const int16_t *c, const int16_t *estimates, const struct quantiser *q)
{
    uint64_t mask = 0;
    for (int k = 1; k <= SMOOTH_POSITIONS; k++)
        if (c[k] * estimates[k - 1] < 0 && (float)abs(c[k]) >= AGAINST * (float)(q->step[k] * COEFFICIENT_UNIT))
            mask |= (uint64_t)1 << k;
    return mask;
}

void quantise(const struct blocks *blocks, const struct quantiser *quantiser, const struct rate *rate,
              const float *masking, struct levels *levels)
{
    struct prices prices;
    float inverse[BLOCK_SIZE];
    int16_t threshold[BLOCK_SIZE];
    const int weighed = quantiser->lambda > 0, smooth = weighed && quantiser->approx > 0;
    const float least = weighed ? LEAST_PART : 0.5f;
    for (int k = 0; k < BLOCK_SIZE; k++) {
        inverse[k] = 1.0f / quantiser->step[k];
        threshold[k] = (int16_t)fminf(ceilf(least * quantiser->step[k] * COEFFICIENT_UNIT), INT16_MAX);
    }
    prices_fill(rate, quantiser->lambda, &prices);
    const uint32_t columns = blocks->columns;
    const int16_t *c = blocks->coefficients;
    for (uint32_t b = 0; b < columns * blocks->rows; b++)
        levels->dc[b] = (int16_t)lrintf((float)c[(size_t)b * BLOCK_SIZE] * (1.0f / COEFFICIENT_UNIT) * inverse[0]);
    for (uint32_t y = 0; weighed && y < blocks->rows; y++)
        choose_dc_row(blocks, y, quantiser, rate, masking, levels, y ? levels->dc[y * columns - 1] : 0);
    uint32_t count = 0, b = 0;
    for (uint32_t y = 0; y < blocks->rows; y++) {
        if (smooth)
            smooth_predict_row(levels, y, quantiser->step, quantiser->approx, levels->estimates);
        for (uint32_t x = 0; x < columns; x++, b++, c += BLOCK_SIZE) {
            const int16_t *estimates = smooth ? levels->estimates + (size_t)x * SMOOTH_POSITIONS : NULL;
            uint64_t mask = candidates(c, threshold) & ~(uint64_t)1;
            if (estimates)
                mask |= estimated_candidates(c, estimates, quantiser);
            levels->first[b] = count;
            if (mask)
                count += weighed ? choose_levels(c, mask, quantiser, inverse, &prices, masking ? masking[b] : 1,
                                                 estimates, levels->ac + count)
                                 : round_levels(c, mask, inverse, levels->ac + count);
        }
    }
    levels->first[b] = count;
}

crush_status levels_alloc(uint32_t columns, uint32_t rows, struct levels *ret_levels)
{
    size_t total = (size_t)columns * rows;
    struct levels levels = {.columns = columns, .rows = rows};
    levels.dc = malloc(total * sizeof *levels.dc);
    levels.first = malloc((total + 1) * sizeof *levels.first);
    levels.ac = malloc(total * (BLOCK_SIZE - 1) * sizeof *levels.ac); /* only what is used becomes real memory */
    levels.path = malloc(2 * (size_t)columns);
    levels.estimates = malloc(SMOOTH_POSITIONS * (size_t)columns * sizeof *levels.estimates);
    if (!levels.dc || !levels.first || !levels.ac || !levels.path || !levels.estimates) {
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
    free(levels->path);
    free(levels->estimates);
    *levels = (struct levels){0};
}
