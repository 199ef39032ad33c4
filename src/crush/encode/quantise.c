/*
 * Rate–distortion quantisation: see quantise.h. For each block a shortest path over its candidate levels
 * ("trellis"): every level either stays, shrinks by one, or becomes zero, and a path pays for run and size symbols.
 * At crushed sizes a block has a handful of candidates, and a path hardly ever skips one that scores well.
 *
 * It refuses to look at pixels: all it knows is coefficients. Next: solve.c.
 */
#include "crush/encode/quantise.h"
#include "crush/encode/smooth.h"
#include "crush/pixels/simd.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__) && !defined(CRUSH_PORTABLE)
#define QUANTISE_SSE2
#include <emmintrin.h>
#endif

/* Of a step: a smaller coefficient hardly ever pays for its bits. */
#define LEAST_PART 0.55f
#define FILL_SHARE 0.5f  /* of a run of blocks: what it costs that a block is not empty */
#define AGAINST    0.25f /* of a step: the least coefficient that is weighed against an estimate of the other sign */
#define DC_SMOOTH  0.05f /* weight of differences between neighbours' DC errors */

/* ---- Rates ------------------------------------------------------------------------------------- */

#define UNSEEN_BITS  14.0f /* at most, of a symbol: a rare one must stay possible */
#define UNSEEN_COUNT 0.02f /* added to every count, so that what did not occur has a price */
#define TABLE_BITS   8.0f  /* a symbol's byte in the DHT segment, shared by all that use it */

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
static uint64_t candidates_of(const int16_t *c, const int16_t *threshold)
{
    uint64_t mask = 0;
#if defined(QUANTISE_SSE2)
    for (int k = 0; k < BLOCK_SIZE; k += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(c + k)), b = _mm_loadu_si128((const __m128i *)(c + k + 8));
        __m128i ta = _mm_loadu_si128((const __m128i *)(threshold + k));
        __m128i tb = _mm_loadu_si128((const __m128i *)(threshold + k + 8));
        a = _mm_max_epi16(a, _mm_sub_epi16(_mm_setzero_si128(), a));
        b = _mm_max_epi16(b, _mm_sub_epi16(_mm_setzero_si128(), b));
        __m128i less = _mm_packs_epi16(_mm_cmplt_epi16(a, ta), _mm_cmplt_epi16(b, tb));
        mask |= (uint64_t)(~_mm_movemask_epi8(less) & 0xFFFF) << k;
    }
#elif defined(SIMD_NEON)
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
    uint8x16_t kept[4];
    for (int i = 0; i < 4; i++) {
        const int16_t *from = c + 16 * i, *least = threshold + 16 * i;
        const uint16x8_t a = vcgeq_s16(vqabsq_s16(vld1q_s16(from)), vld1q_s16(least));
        const uint16x8_t b = vcgeq_s16(vqabsq_s16(vld1q_s16(from + 8)), vld1q_s16(least + 8));
        kept[i] = vandq_u8(vcombine_u8(vmovn_u16(a), vmovn_u16(b)), bits);
    }
    /* three rounds of sums of neighbours leave a byte for every eight */
    const uint8x16_t fours = vpaddq_u8(vpaddq_u8(kept[0], kept[1]), vpaddq_u8(kept[2], kept[3]));
    mask = vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(fours, fours)), 0);
#else
    for (int k = 0; k < BLOCK_SIZE; k++)
        mask |= (uint64_t)(abs(c[k]) >= threshold[k]) << k;
#endif
    return mask;
}

/* Coefficients of a block that may keep a level. The first is none but the start of all paths. */
struct candidates {
    struct level level[BLOCK_SIZE]; /* on the best path that ends here */
    float score[BLOCK_SIZE];        /* of that path */
    uint8_t from[BLOCK_SIZE];       /* the one before on it */
    int8_t better[BLOCK_SIZE];      /* the nearest before with a better score; -1: none */
};

/* What levels cost and save, in errors: rates times lambda, weights times squares of steps. */
struct prices {
    float level[BLOCK_SIZE][16]; /* by run and size, with the bits that follow */
    float fill;
    float weight[BLOCK_SIZE];
};

static void prices_fill(const struct rate *rate, const struct quantiser *q, struct prices *ret_prices)
{
    for (int run = 0; run < BLOCK_SIZE; run++)
        for (int size = 0; size < 16; size++)
            ret_prices->level[run][size] =
                q->lambda * (rate->ac[(run & 15) << 4 | size] + (float)size + (float)(run >> 4) * rate->ac[0xF0]);
    ret_prices->fill = q->lambda * rate->fill;
    for (int k = 0; k < BLOCK_SIZE; k++)
        ret_prices->weight[k] = q->weight[k] * (float)q->step[k] * (float)q->step[k];
}

/*
 * The best path through the candidates of a block. A path that comes from further away and has a lower score hardly
 * ever wins, since longer runs cost more: only the chain of ever better scores is asked. Levels are written backwards,
 * to end before end; returns the first.
 * estimates: what decoders put in place of zeros, or NULL.
 */
static struct level *choose_levels(const int16_t *c, uint64_t mask, const struct quantiser *q, const float *inverse,
                                   const struct prices *prices, float masking, const int16_t *estimates,
                                   struct level *end)
{
    struct candidates list;
    int count = 1, last = 0, position = 0;
    float score = 0, most = prices->fill; /* an empty block just prolongs a run */
    list.level[0] = (struct level){0};
    list.score[0] = 0;
    list.from[0] = 0;
    list.better[0] = -1;
    for (; mask; mask &= mask - 1) {
        const int k = __builtin_ctzll(mask);
        const float value = (float)abs(c[k]) * inverse[k], weight = masking * prices->weight[k];
        const int rounded = (int)(value + 0.5f), level = rounded ? rounded : 1;
        const int size = level_size(level), size_less = level_size(level - 1);
        float gain = weight * (float)level * (2 * value - (float)level); /* error saved */
        float gain_less = weight * (float)(level - 1) * (2 * value - (float)(level - 1));
        if (estimates && k <= SMOOTH_POSITIONS) {
            const float estimate = (float)(c[k] < 0 ? -estimates[k - 1] : estimates[k - 1]) / (float)q->step[k];
            const float already = weight * estimate * (2 * value - estimate);
            gain -= already;
            gain_less -= already;
        }
        if (level == 1)
            gain_less = -1e30f;
        const float *price = prices->level[k - position - 1];
        const float kept = score + (gain - price[size]), less = score + (gain_less - price[size_less]);
        float best = less > kept ? less : kept;
        int chosen = level - (less > kept), from = count - 1;
        for (int j = list.better[count - 1]; j >= 0; j = list.better[j]) {
            price = prices->level[k - list.level[j].position - 1];
            const float far_kept = list.score[j] + (gain - price[size]);
            const float far_less = list.score[j] + (gain_less - price[size_less]);
            const float far = far_less > far_kept ? far_less : far_kept;
            if (far > best) {
                best = far;
                from = j;
                chosen = level - (far_less > far_kept);
            }
        }
        int better = count - 1;
        if (score <= best)
            do
                better = list.better[better];
            while (better >= 0 && list.score[better] <= best);
        list.level[count] = (struct level){.value = (int16_t)(c[k] < 0 ? -chosen : chosen), .position = (uint8_t)k};
        list.score[count] = score = best;
        list.from[count] = (uint8_t)from;
        list.better[count] = (int8_t)better;
        position = k;
        if (k == BLOCK_SIZE - 1)
            best += prices->fill;
        if (best > most) {
            most = best;
            last = count;
        }
        count++;
    }
    for (int i = last; i > 0; i = list.from[i])
        *--end = list.level[i];
    return end;
}

/* Writes backwards as well. */
static struct level *round_levels(const int16_t *c, uint64_t mask, const float *inverse, struct level *end)
{
    while (mask) {
        const int k = 63 - __builtin_clzll(mask);
        const int level = (int)((float)abs(c[k]) * inverse[k] + 0.5f);
        mask ^= (uint64_t)1 << k;
        if (level)
            *--end = (struct level){.value = (int16_t)(c[k] < 0 ? -level : level), .position = (uint8_t)k};
    }
    return end;
}

/* ---- Choosing DC ------------------------------------------------------------------------------- */

/* floorf without the call that plain x86-64 needs for it. */
static inline int round_down(float value)
{
    int whole = (int)value;
    return whole - (value < (float)whole);
}

/*
 * DC levels of one row of blocks: each is rounded up or down so that errors, and differences of errors between
 * neighbours (which show as lines and bands), and bits cost least together. price: by size; before: the level before
 * this row; above: errors of the row above, and then of this row.
 */
static void choose_dc_row(const struct blocks *blocks, uint32_t row, const struct quantiser *q, const float *price,
                          const float *masking, struct levels *levels, int before, float *above)
{
    const uint32_t columns = blocks->columns;
    const int16_t *c = blocks->coefficients + (size_t)row * columns * BLOCK_SIZE;
    int16_t *dc = levels->dc + (size_t)row * columns;
    const int step = q->step[0];
    const float per_step = 1.0f / (float)step, smooth_down = row ? DC_SMOOTH : 0;
    int last_low = before;
    float smooth_across = 0, last_down = 0, last_up = 1e30f, error_down = 0, error_up = 0;
    for (uint32_t x = 0; x < columns; x++, c += BLOCK_SIZE) {
        const float value = (float)c[0] * (1.0f / COEFFICIENT_UNIT);
        const float weight = q->weight[0] * (masking ? masking[(size_t)row * columns + x] : 1);
        const int low = round_down(value * per_step), difference = low - last_low;
        /* by how much the difference is off low - last_low: -1, 0, 1 */
        const float bits[3] = {price[level_size(difference - 1)], price[level_size(difference)],
                               price[level_size(difference + 1)]};
        const float error[2] = {dc_error(value, low * step), dc_error(value, (low + 1) * step)};
        float score[2];
        for (int up = 0; up < 2; up++) {
            const float off = error[up] - above[x], off0 = error[up] - error_down, off1 = error[up] - error_up;
            const float own = weight * (error[up] * error[up] + smooth_down * off * off);
            const float cost0 = last_down + (own + weight * smooth_across * off0 * off0 + bits[1 + up]);
            const float cost1 = last_up + (own + weight * smooth_across * off1 * off1 + bits[up]);
            levels->path[2 * x + (uint32_t)up] = (struct dc_path){error[up], cost1 < cost0};
            score[up] = cost1 < cost0 ? cost1 : cost0;
        }
        last_down = score[0];
        last_up = score[1];
        error_down = error[0];
        error_up = error[1];
        last_low = dc[x] = (int16_t)low;
        smooth_across = DC_SMOOTH;
    }
    int up = last_up < last_down;
    for (uint32_t x = columns; x-- > 0;) {
        const struct dc_path *path = &levels->path[2 * x + (uint32_t)up];
        dc[x] = (int16_t)(dc[x] + up);
        above[x] = path->error;
        up = path->from_up;
    }
}

static void choose_dc(const struct blocks *blocks, const struct quantiser *q, const struct rate *rate,
                      const float *masking, struct levels *levels)
{
    float price[16];
    for (int size = 0; size < 16; size++)
        price[size] = q->lambda * rate->dc[size];
    memset(levels->above, 0, blocks->columns * sizeof *levels->above);
    for (uint32_t y = 0; y < blocks->rows; y++)
        choose_dc_row(blocks, y, q, price, masking, levels, y ? levels->dc[y * blocks->columns - 1] : 0, levels->above);
}

static void round_dc(const struct blocks *blocks, const struct quantiser *q, struct levels *levels)
{
    const float inverse = 1.0f / (float)(q->step[0] * COEFFICIENT_UNIT);
    for (size_t b = 0; b < (size_t)blocks->columns * blocks->rows; b++)
        levels->dc[b] = (int16_t)lrintf((float)blocks->coefficients[b * BLOCK_SIZE] * inverse);
}

/* ---- All blocks -------------------------------------------------------------------------------- */

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
        inverse[k] = 1.0f / (float)(quantiser->step[k] * COEFFICIENT_UNIT);
        threshold[k] = (int16_t)fminf(ceilf(least * quantiser->step[k] * COEFFICIENT_UNIT), INT16_MAX);
    }
    prices_fill(rate, quantiser, &prices);
    levels->columns = blocks->columns;
    levels->rows = blocks->rows;
    if (weighed)
        choose_dc(blocks, quantiser, rate, masking, levels);
    else
        round_dc(blocks, quantiser, levels);
    /* From the last block to the first: paths are followed from their ends. */
    const uint32_t columns = blocks->columns;
    uint32_t b = columns * blocks->rows;
    struct level *first = levels->ac + levels_capacity(levels);
    levels->first[b] = levels_capacity(levels);
    for (uint32_t y = blocks->rows; y-- > 0;) {
        if (smooth)
            smooth_predict_row(levels, y, quantiser->step, quantiser->approx, levels->estimates);
        for (uint32_t x = columns; x-- > 0;) {
            const int16_t *c = blocks->coefficients + (size_t)--b * BLOCK_SIZE;
            const int16_t *estimates = smooth ? levels->estimates + (size_t)x * SMOOTH_POSITIONS : NULL;
            uint64_t mask = candidates_of(c, threshold) & ~(uint64_t)1;
            if (estimates)
                mask |= estimated_candidates(c, estimates, quantiser);
            if (mask)
                first = weighed ? choose_levels(c, mask, quantiser, inverse, &prices, masking ? masking[b] : 1,
                                                estimates, first)
                                : round_levels(c, mask, inverse, first);
            levels->first[b] = (uint32_t)(first - levels->ac);
        }
    }
}

double quantise_error(const struct blocks *blocks, const struct quantiser *quantiser, const float *masking,
                      const struct levels *levels)
{
    const struct quantiser *q = quantiser;
    const uint32_t columns = levels->columns;
    int16_t *estimates = levels->estimates;
    double sum = 0;
    for (uint32_t y = 0, b = 0; y < levels->rows; y++) {
        if (q->approx > 0)
            smooth_predict_row(levels, y, q->step, q->approx, estimates);
        for (uint32_t x = 0; x < columns; x++, b++) {
            const int16_t *c = blocks->coefficients + (size_t)b * BLOCK_SIZE;
            int shown[BLOCK_SIZE] = {levels->dc[b] * q->step[0]};
            float error = 0;
            for (int k = 1; k <= SMOOTH_POSITIONS && q->approx > 0; k++)
                shown[k] = estimates[x * SMOOTH_POSITIONS + (uint32_t)k - 1];
            for (uint32_t l = levels->first[b]; l < levels->first[b + 1]; l++)
                shown[levels->ac[l].position] = levels->ac[l].value * q->step[levels->ac[l].position];
            for (int k = 0; k < BLOCK_SIZE; k++) {
                const float off = (float)c[k] * (1.0f / COEFFICIENT_UNIT) - (float)shown[k];
                error += q->weight[k] * off * off;
            }
            sum += (double)((masking ? masking[b] : 1) * error);
        }
    }
    return sum;
}
