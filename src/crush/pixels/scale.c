/*
 * The streaming plane scaler: [area average by whole factors] → vertical Lanczos → horizontal Lanczos.
 *
 * All arithmetic is 16-bit fixed point. Samples are kept as (value - 128) × 128, coefficients with 15
 * fractional bits; a product keeps its upper 16 bits, which SSE2 and NEON do eight at a time, AVX2 sixteen. The
 * portable path computes the same bits. The vertical pass works on a ring of rows; the horizontal pass
 * collects 16 finished rows and works on them transposed, so that both passes are the same loop
 * "add up vectors times a coefficient" and need no gathering.
 *
 * It refuses nothing: sizes were checked by who calls. It knows nothing of colour. Next: decode_jpeg.c.
 */
#include "crush/pixels/scale.h"

#include <math.h>
#include <string.h>

#include "crush/pixels/simd.h"
#include "crush/pixels/scratch.h"

#if defined(__SSE2__) && !defined(CRUSH_PORTABLE)
#define SCALE_SSE2
#include <emmintrin.h>
#endif

enum {
    LANES = 8,
    BLOCK_ROWS = 16, /* rows that the horizontal pass takes at once: two vectors share a coefficient */
    ROW_PX = 32,     /* rows are padded to a multiple of this */
    LOBES = 3,
    SAMPLE_BITS = 7, /* fraction of a stored sample */
    RESULT_BITS = 6, /* fraction after a product with a 15-bit coefficient kept its upper 16 bits */
    MAX_BOX = 4096,  /* keeps a box sum below 2^32 */
    PART_ROWS = 256, /* keeps a sum of samples below 2^16 */
};

/* Colour that was halved is enlarged as viewers do it (libjpeg's "fancy" upsampling, libwebp's): linearly. Lanczos
 * would swing around the edges of text. Luma is never enlarged. */
static const double enlarging_ratio = 0.75;

typedef int16_t lanes __attribute__((vector_size(16)));
typedef int16_t half_lanes __attribute__((vector_size(8)));
typedef uint16_t unsigned_lanes __attribute__((vector_size(16)));
typedef uint8_t both_lanes __attribute__((vector_size(16)));

/* Upper 16 bits of the signed 32-bit products. */
static inline lanes multiply_high(lanes a, lanes b)
{
#if defined(SCALE_SSE2)
    return (lanes)_mm_mulhi_epi16((__m128i)a, (__m128i)b);
#else
    lanes r;
    for (int i = 0; i < LANES; i++)
        r[i] = (int16_t)(((int32_t)a[i] * b[i]) >> 16);
    return r;
#endif
}

/* To be added up. On arm64 the upper 16 bits of the doubled product, halved: two instructions where a product in full
 * takes four. It would saturate for -32768 squared alone, and no coefficient is that. */
static inline lanes add_product(lanes sum, lanes samples, lanes coef)
{
#if defined(SIMD_NEON)
    return (lanes)vsraq_n_s16((int16x8_t)sum, vqdmulhq_s16((int16x8_t)samples, (int16x8_t)coef), 1);
#else
    return sum + multiply_high(samples, coef);
#endif
}

static inline lanes splat(int16_t v)
{
    return (lanes){v, v, v, v, v, v, v, v};
}

/* One direction after the area average: for output i, taps samples from start[i] with coefficients coef[i * taps]. */
struct axis {
    uint32_t in_px; /* after the area average */
    uint32_t out_px;
    uint32_t box; /* samples averaged into one beforehand */
    uint32_t taps;
    uint32_t window; /* samples under the kernel; taps is less in a tiny picture */
    uint32_t *start;
    int16_t *coef;
    int16_t *bias; /* half a unit for every product that rounds down */
};

struct scale {
    struct axis x, y;
    struct plane out;
    int copy; /* sizes match: rows are copied */
    int avx2;
    uint32_t source_columns, source_rows;
    uint32_t pushed;     /* source rows */
    uint32_t stored;     /* rows put into the ring */
    uint32_t emitted;    /* rows that left the vertical pass */
    uint32_t block_rows; /* of them waiting for the horizontal pass */
    size_t row_px;       /* stride of ring and block rows */
    uint32_t box_rows;   /* source rows in the sums */
    uint16_t *box_parts; /* per column: sums of up to PART_ROWS rows, */
    uint32_t *box_sums;  /* and of the box */
    int16_t *ring;       /* y.taps rows */
    int16_t *block;      /* BLOCK_ROWS rows */
    int16_t *columns;    /* the block transposed: BLOCK_ROWS samples per column */
    uint8_t *last_row;
    uint8_t memory[] __attribute__((aligned(64)));
};

/* ---- Tables ---- */

static int axis_is_copy(const struct scale_axis *spec)
{
    return spec->in_px == spec->out_px && fabs(spec->extent_px - spec->in_px) < 1e-3;
}

int scale_copies(const struct scale_axis *x, const struct scale_axis *y)
{
    return axis_is_copy(x) && axis_is_copy(y);
}

static struct axis axis_plan(const struct scale_axis *spec)
{
    double ratio = spec->extent_px / spec->out_px;
    struct axis axis = {.out_px = spec->out_px, .box = 1};
    if (ratio >= 4)
        axis.box = ratio / 2 > MAX_BOX ? MAX_BOX : (uint32_t)(ratio / 2);
    axis.in_px = (spec->in_px + axis.box - 1) / axis.box;
    double stretch = ratio / axis.box > 1 ? ratio / axis.box : 1;
    axis.window = (uint32_t)ceil(2 * LOBES * stretch) + 1;
    axis.taps = axis.window + (axis.box > 1 || spec->box > 1 ? 2 : 0); /* one more at either end to sharpen */
    if (axis_is_copy(spec))
        axis.taps = 1;
    if (axis.taps > axis.in_px)
        axis.taps = axis.in_px;
    return axis;
}

/*
 * Weights of the samples first … first + count - 1 for an output centred at `centre` (in samples), a sample's width
 * being 1/stretch lobes. sin(pi t) comes from sin(pi t / 3) by the triple angle, that by rotating, so that an output
 * costs one sine and one cosine.
 */
static void lanczos_weights(double centre, double stretch, int64_t first, uint32_t count, double *ret_weights)
{
    double t = ((double)first - centre) / stretch, step = 1 / stretch;
    double s = sin(M_PI * t / LOBES), c = cos(M_PI * t / LOBES);
    double step_s = sin(M_PI * step / LOBES), step_c = cos(M_PI * step / LOBES);
    for (uint32_t j = 0; j < count; j++, t += step) {
        if (fabs(t) < 1e-6)
            ret_weights[j] = 1;
        else if (fabs(t) >= LOBES)
            ret_weights[j] = 0;
        else
            ret_weights[j] = LOBES * (3 * s - 4 * s * s * s) * s / (M_PI * M_PI * t * t);
        double rotated = s * step_c + c * step_s;
        c = c * step_c - s * step_s;
        s = rotated;
    }
}

/* Rounds weights to 15-bit coefficients whose sum is one; the largest takes the difference. Where an edge folded onto
 * itself makes one sample weigh more than one, it stands alone: such a coefficient would not fit. */
static int16_t coefficients_round(const double *weights, uint32_t count, int16_t *ret_coef)
{
    double sum = 0;
    for (uint32_t j = 0; j < count; j++)
        sum += weights[j];
    int32_t left = 32768, products = 0;
    uint32_t largest = 0;
    for (uint32_t j = 0; j < count; j++) {
        int32_t c = (int32_t)lrint(weights[j] / sum * 32768);
        ret_coef[j] = (int16_t)(c > 32767 ? 32767 : c);
        left -= ret_coef[j];
        products += ret_coef[j] != 0;
        if (ret_coef[j] > ret_coef[largest])
            largest = j;
    }
    const int32_t c = ret_coef[largest] + left;
    if (c > 32767) {
        memset(ret_coef, 0, count * sizeof *ret_coef);
        ret_coef[largest] = 32767;
        return 0;
    }
    ret_coef[largest] = (int16_t)c;
    return (int16_t)(products / 2);
}

/*
 * After how many outputs the weights come again, shifted by *ret_shift_px whole samples: 3 from 640 to 240. 0: never.
 * Photographs are as a rule scaled by ratios of small numbers, and half of what a small picture costs is its tables.
 */
static uint32_t axis_period(const struct axis *axis, const struct scale_axis *spec, uint32_t *ret_shift_px)
{
    double samples = spec->extent_px / axis->box;
    uint32_t whole = (uint32_t)samples, divisor = axis->out_px;
    if (samples != whole || !whole)
        return 0;
    for (uint32_t rest = whole % divisor; rest;) {
        uint32_t next = divisor % rest;
        divisor = rest;
        rest = next;
    }
    *ret_shift_px = whole / divisor;
    return axis->out_px / divisor;
}

static void axis_fill(struct axis *axis, const struct scale_axis *spec, double *scratch)
{
    double ratio = spec->extent_px / axis->box / axis->out_px;
    double stretch = ratio > 1 ? ratio : 1;
    /* An average over n samples dims the frequency f by about (pi f)^2 (1 - 1/n^2) / 6; a [-e, 1+2e, -e] makes up. */
    double boxed = (double)axis->box * (spec->box ? spec->box : 1);
    double sharpen = (1 - 1 / (boxed * boxed)) / 24;
    const uint32_t wide = axis->window;
    double *weights = scratch, *folded = scratch + wide + 4;
    uint32_t shift_px = 0, whole = 0; /* whole: outputs so far that no edge touches, up to the last one */
    const uint32_t period = axis->taps > 1 ? axis_period(axis, spec, &shift_px) : 0;
    for (uint32_t i = 0; i < axis->out_px; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int64_t first = (int64_t)floor(centre - LOBES * stretch) + 1;
        uint32_t count = wide;
        if (axis->taps == 1) {
            axis->start[i] = i < axis->in_px ? i : axis->in_px - 1;
            axis->coef[i] = 32767;
            axis->bias[i] = 0;
            continue;
        }
        if (period && whole >= period && axis->start[i - period] + shift_px + axis->taps <= axis->in_px) {
            const size_t taps = axis->taps;
            axis->start[i] = axis->start[i - period] + shift_px;
            axis->bias[i] = axis->bias[i - period];
            memcpy(axis->coef + i * taps, axis->coef + (i - period) * taps, taps * sizeof *axis->coef);
            continue;
        }
        memset(weights, 0, (wide + 4) * sizeof *weights);
        if (ratio < enlarging_ratio)
            for (uint32_t j = 0; j < wide; j++)
                weights[j + 2] = fmax(0, 1 - fabs((double)first + j - centre));
        else
            lanczos_weights(centre, stretch, first, wide, weights + 2);
        first -= 2;
        count += 4;
        if (sharpen > 0) {
            double before = 0;
            for (uint32_t j = 0; j < count; j++) {
                double here = weights[j], after = j + 1 < count ? weights[j + 1] : 0;
                weights[j] = here * (1 + 2 * sharpen) - sharpen * (before + after);
                before = here;
            }
        }
        /* Outside the picture the edge goes on: fold those weights onto it. */
        int64_t start = sharpen > 0 ? first + 1 : first + 2;
        const int touches = start < 0 || start > (int64_t)axis->in_px - axis->taps;
        whole = touches ? 0 : whole + 1;
        if (start > (int64_t)axis->in_px - axis->taps)
            start = (int64_t)axis->in_px - axis->taps;
        if (start < 0)
            start = 0;
        memset(folded, 0, axis->taps * sizeof *folded);
        for (uint32_t j = 0; j < count; j++) {
            int64_t at = first + j - start;
            if (weights[j] == 0)
                continue;
            at = at < 0 ? 0 : at >= axis->taps ? axis->taps - 1 : at;
            folded[at] += weights[j];
        }
        axis->start[i] = (uint32_t)start;
        axis->bias[i] = coefficients_round(folded, axis->taps, axis->coef + (size_t)i * axis->taps);
    }
}

/* ---- Memory: one block, cut up ---- */

static size_t cut(size_t *used, size_t bytes)
{
    size_t at = *used;
    *used += (bytes + 63) & ~(size_t)63;
    return at;
}

struct layout {
    size_t x_start, x_coef, x_bias, y_start, y_coef, y_bias, ring, block, columns, sums, parts, last_row, total, row_px;
};

static struct layout layout_plan(const struct axis *x, const struct axis *y, uint32_t source_columns)
{
    struct layout l = {0};
    size_t used = 0;
    l.row_px = ((size_t)x->in_px + ROW_PX - 1) / ROW_PX * ROW_PX;
    l.x_start = cut(&used, x->out_px * sizeof(uint32_t));
    l.x_coef = cut(&used, (size_t)x->out_px * x->taps * sizeof(int16_t));
    l.x_bias = cut(&used, x->out_px * sizeof(int16_t));
    l.y_start = cut(&used, y->out_px * sizeof(uint32_t));
    l.y_coef = cut(&used, (size_t)y->out_px * y->taps * sizeof(int16_t));
    l.y_bias = cut(&used, y->out_px * sizeof(int16_t));
    l.ring = cut(&used, l.row_px * y->taps * sizeof(int16_t));
    l.block = cut(&used, l.row_px * BLOCK_ROWS * sizeof(int16_t));
    l.columns = cut(&used, l.row_px * BLOCK_ROWS * sizeof(int16_t));
    l.sums = cut(&used, x->box > 1 || y->box > 1 ? source_columns * sizeof(uint32_t) : 0);
    l.parts = cut(&used, x->box > 1 || y->box > 1 ? source_columns * sizeof(uint16_t) : 0);
    l.last_row = cut(&used, source_columns);
    l.total = used;
    return l;
}

size_t scale_memory_bytes(const struct scale_axis *x, const struct scale_axis *y)
{
    struct axis ax = axis_plan(x), ay = axis_plan(y);
    return sizeof(struct scale) + 64 + layout_plan(&ax, &ay, x->in_px).total;
}

crush_status scale_create(const struct scale_axis *x, const struct scale_axis *y, const struct plane *out,
                          struct scale **ret_scale)
{
    struct axis ax = axis_plan(x), ay = axis_plan(y);
    struct layout l = layout_plan(&ax, &ay, x->in_px);
    size_t window = ax.window > ay.window ? ax.window : ay.window;
    size_t bytes = (sizeof(struct scale) + l.total + 63) & ~(size_t)63;
    struct scale *s = scratch_alloc(bytes);
    double *scratch = scratch_alloc((2 * window + 6) * sizeof *scratch);
    if (!s || !scratch) {
        scratch_free(s);
        scratch_free(scratch);
        return CRUSH_ENOMEM;
    }
    *s = (struct scale){
        .x = ax, .y = ay, .out = *out, .source_columns = x->in_px, .source_rows = y->in_px, .row_px = l.row_px};
    s->copy = scale_copies(x, y);
#if defined(SIMD_AVX2)
    s->avx2 = simd_has_avx2();
#endif
    s->x.start = (uint32_t *)(s->memory + l.x_start);
    s->x.coef = (int16_t *)(s->memory + l.x_coef);
    s->x.bias = (int16_t *)(s->memory + l.x_bias);
    s->y.start = (uint32_t *)(s->memory + l.y_start);
    s->y.coef = (int16_t *)(s->memory + l.y_coef);
    s->y.bias = (int16_t *)(s->memory + l.y_bias);
    s->ring = (int16_t *)(s->memory + l.ring);
    s->block = (int16_t *)(s->memory + l.block);
    s->columns = (int16_t *)(s->memory + l.columns);
    s->box_sums = (uint32_t *)(s->memory + l.sums);
    s->box_parts = (uint16_t *)(s->memory + l.parts);
    s->last_row = s->memory + l.last_row;
    if (!s->copy) {
        axis_fill(&s->x, x, scratch);
        axis_fill(&s->y, y, scratch);
        memset(s->ring, 0, l.sums - l.ring); /* row padding is computed with, too */
        memset(s->box_sums, 0, l.last_row - l.sums);
    }
    scratch_free(scratch);
    *ret_scale = s;
    return CRUSH_OK;
}

void scale_destroy(struct scale *scale)
{
    scratch_free(scale);
}

int scale_copies_rows(const struct scale *scale)
{
    return scale->copy;
}

uint32_t scale_rows_pushed(const struct scale *scale)
{
    return scale->pushed;
}

/* ---- The horizontal pass ---- */

#define ZIP_LOW(a, b)  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

static inline void transpose_8x8(lanes v[8])
{
    for (int round = 0; round < 3; round++) {
        lanes w[8];
        for (int i = 0; i < 4; i++) {
            w[2 * i] = ZIP_LOW(v[i], v[i + 4]);
            w[2 * i + 1] = ZIP_HIGH(v[i], v[i + 4]);
        }
        for (int i = 0; i < 8; i++)
            v[i] = w[i];
    }
}

static void block_transpose(const int16_t *block, size_t row_px, int16_t *ret_columns)
{
    for (size_t x = 0; x < row_px; x += LANES)
        for (size_t half = 0; half < BLOCK_ROWS; half += LANES) {
            lanes v[LANES];
            for (size_t i = 0; i < LANES; i++)
                v[i] = *(const lanes *)(block + (half + i) * row_px + x);
            transpose_8x8(v);
            for (size_t i = 0; i < LANES; i++)
                *(lanes *)(ret_columns + (x + i) * BLOCK_ROWS + half) = v[i];
        }
}

/* Samples as px, then fine; half a unit was added to v, which is clamped to 0 … 255. */
static inline __attribute__((always_inline)) both_lanes to_bytes(lanes v)
{
    enum {
        MOST = (127 << RESULT_BITS) + (1 << RESULT_BITS) / 2,
        LEAST = -(128 << RESULT_BITS) + (1 << RESULT_BITS) / 2
    };
#if defined(SCALE_SSE2)
    v = (lanes)_mm_min_epi16(_mm_max_epi16((__m128i)v, (__m128i)splat(LEAST)), (__m128i)splat(MOST));
#else
    const lanes over = v > splat(MOST), under = v < splat(LEAST);
    v = (v & ~over & ~under) | (splat(MOST) & over) | (splat(LEAST) & under);
#endif
    const unsigned_lanes both = (unsigned_lanes)(v << (8 - RESULT_BITS)) ^ 0x8000;
#if defined(SCALE_SSE2)
    return (both_lanes)_mm_packus_epi16((__m128i)(both >> 8), (__m128i)(both & 255));
#else
    both_lanes r;
    for (int i = 0; i < LANES; i++) {
        r[i] = (uint8_t)(both[i] >> 8);
        r[LANES + i] = (uint8_t)both[i];
    }
    return r;
#endif
}

/* Output column i of a block: the upper and the lower eight rows. */
static inline __attribute__((always_inline)) void column_filter(const struct scale *s, uint32_t i, lanes *ret_upper,
                                                                lanes *ret_lower)
{
    const int16_t *coef = s->x.coef + (size_t)i * s->x.taps;
    const lanes *column = (const lanes *)(s->columns + (size_t)s->x.start[i] * BLOCK_ROWS);
    lanes a = splat((int16_t)(s->x.bias[i] + (1 << RESULT_BITS) / 2)), b = a;
    for (uint32_t j = 0; j < s->x.taps; j++, column += 2) {
        const lanes c = splat(coef[j]);
        a = add_product(a, column[0], c);
        b = add_product(b, column[1], c);
    }
    *ret_upper = a;
    *ret_lower = b;
}

/* LANES output columns, from x on, into the output rows from top on. Beyond the last they go to the rows' padding. */
static inline __attribute__((always_inline)) void columns_store(struct scale *s, lanes upper[LANES], lanes lower[LANES],
                                                                uint32_t x, uint32_t top)
{
    transpose_8x8(upper);
    transpose_8x8(lower);
    for (uint32_t r = 0; r < s->block_rows; r++) {
        const size_t at = (size_t)(top + r) * s->out.stride_bytes + x;
        const both_lanes bytes = to_bytes(r < LANES ? upper[r] : lower[r - LANES]);
        memcpy(s->out.px + at, &bytes, LANES);
        if (s->out.fine)
            memcpy(s->out.fine + at, (const uint8_t *)&bytes + LANES, LANES);
    }
}

static void columns_filter(struct scale *s, uint32_t x, uint32_t count, uint32_t top)
{
    lanes upper[LANES] = {0}, lower[LANES] = {0};
    for (uint32_t i = 0; i < count; i++)
        column_filter(s, x + i, &upper[i], &lower[i]);
    columns_store(s, upper, lower, x, top);
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void columns_filter_avx2(struct scale *s, uint32_t x, uint32_t count, uint32_t top)
{
    lanes upper[LANES] = {0}, lower[LANES] = {0};
    for (uint32_t i = 0; i < count; i++) {
        const int16_t *coef = s->x.coef + (size_t)(x + i) * s->x.taps;
        const __m256i *column = (const __m256i *)(s->columns + (size_t)s->x.start[x + i] * BLOCK_ROWS);
        __m256i a = _mm256_set1_epi16((int16_t)(s->x.bias[x + i] + (1 << RESULT_BITS) / 2));
        for (uint32_t j = 0; j < s->x.taps; j++)
            a = _mm256_add_epi16(a, _mm256_mulhi_epi16(_mm256_load_si256(column + j), _mm256_set1_epi16(coef[j])));
        upper[i] = (lanes)_mm256_castsi256_si128(a);
        lower[i] = (lanes)_mm256_extracti128_si256(a, 1);
    }
    columns_store(s, upper, lower, x, top);
}
#endif

/* Filters the block's rows across and writes them as the output rows top … top + block_rows - 1. */
static void block_flush(struct scale *s, uint32_t top)
{
    block_transpose(s->block, s->row_px, s->columns);
    for (uint32_t x = 0; x < s->x.out_px; x += LANES) {
        const uint32_t count = s->x.out_px - x < LANES ? s->x.out_px - x : LANES;
#if defined(SIMD_AVX2)
        if (s->avx2) {
            columns_filter_avx2(s, x, count, top);
            continue;
        }
#endif
        columns_filter(s, x, count, top);
    }
    s->block_rows = 0;
}

/* ---- The vertical pass ---- */

/* The next output row from the ring, whose slot `first` has the first tap. */
static void row_filter(const struct scale *s, uint32_t first, const int16_t *coef, int16_t bias, int16_t *to)
{
    const uint32_t taps = s->y.taps;
    for (size_t x = 0; x < s->row_px; x += 2 * LANES) {
        lanes a = splat(bias), b = a;
        const int16_t *from = s->ring + first * s->row_px + x;
        uint32_t slot = first;
        for (uint32_t j = 0; j < taps; j++) {
            const lanes c = splat(coef[j]);
            a = add_product(a, *(const lanes *)from, c);
            b = add_product(b, *(const lanes *)(from + LANES), c);
            from += s->row_px;
            if (++slot == taps) {
                slot = 0;
                from = s->ring + x;
            }
        }
        *(lanes *)(to + x) = a + a;
        *(lanes *)(to + x + LANES) = b + b;
    }
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void row_filter_avx2(const struct scale *s, uint32_t first, const int16_t *coef, int16_t bias,
                                      int16_t *to)
{
    const uint32_t taps = s->y.taps;
    for (size_t x = 0; x < s->row_px; x += ROW_PX) {
        __m256i a = _mm256_set1_epi16(bias), b = a;
        const int16_t *from = s->ring + first * s->row_px + x;
        uint32_t slot = first;
        for (uint32_t j = 0; j < taps; j++) {
            const __m256i c = _mm256_set1_epi16(coef[j]);
            a = _mm256_add_epi16(a, _mm256_mulhi_epi16(_mm256_load_si256((const __m256i *)from), c));
            b = _mm256_add_epi16(b, _mm256_mulhi_epi16(_mm256_load_si256((const __m256i *)(from + ROW_PX / 2)), c));
            from += s->row_px;
            if (++slot == taps) {
                slot = 0;
                from = s->ring + x;
            }
        }
        _mm256_store_si256((__m256i *)(to + x), _mm256_add_epi16(a, a));
        _mm256_store_si256((__m256i *)(to + x + ROW_PX / 2), _mm256_add_epi16(b, b));
    }
}
#endif

/* Computes every output row whose last tap has been stored. */
static void rows_emit(struct scale *s)
{
    const uint32_t taps = s->y.taps;
    while (s->emitted < s->y.out_px && s->y.start[s->emitted] + taps <= s->stored) {
        const int16_t *coef = s->y.coef + (size_t)s->emitted * taps;
        const uint32_t first = s->y.start[s->emitted] % taps;
        int16_t *to = s->block + s->block_rows * s->row_px;
#if defined(SIMD_AVX2)
        if (s->avx2)
            row_filter_avx2(s, first, coef, s->y.bias[s->emitted], to);
        else
#endif
            row_filter(s, first, coef, s->y.bias[s->emitted], to);
        s->emitted++;
        if (++s->block_rows == BLOCK_ROWS || s->emitted == s->y.out_px)
            block_flush(s, s->emitted - s->block_rows);
    }
}

static void ring_store(struct scale *s, const uint8_t *row)
{
    int16_t *to = s->ring + (s->stored % s->y.taps) * s->row_px;
    for (uint32_t x = 0; x < s->x.in_px; x++)
        to[x] = (int16_t)((row[x] - 128) * (1 << SAMPLE_BITS));
    s->stored++;
    rows_emit(s);
}

/* ---- The area average ---- */

/* A sum of samples as one stored sample; reciprocal has 32 bits of fraction. */
static inline int16_t box_average(uint32_t sum, uint64_t reciprocal)
{
    return (int16_t)((int32_t)((sum * reciprocal + ((uint64_t)1 << 31)) >> 32) - (128 << SAMPLE_BITS));
}

static void box_store(struct scale *s)
{
    const uint32_t box = s->x.box, whole = s->source_columns / box;
    int16_t *to = s->ring + (s->stored % s->y.taps) * s->row_px;
    const uint64_t reciprocal = ((uint64_t)1 << (32 + SAMPLE_BITS)) / (box * s->y.box);
    const uint32_t *from = s->box_sums;
    for (uint32_t x = 0; x < whole; x++, from += box) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < box; i++)
            sum += from[i];
        to[x] = box_average(sum, reciprocal);
    }
    if (whole < s->x.in_px) { /* the edge goes on */
        uint32_t sum = 0;
        for (uint32_t i = whole * box; i < (whole + 1) * box; i++)
            sum += s->box_sums[i < s->source_columns ? i : s->source_columns - 1];
        to[whole] = box_average(sum, reciprocal);
    }
    memset(s->box_sums, 0, s->source_columns * sizeof *s->box_sums);
    s->box_rows = 0;
    s->stored++;
    rows_emit(s);
}

static void box_add(struct scale *s, const uint8_t *row)
{
    for (uint32_t x = 0; x < s->source_columns; x++)
        s->box_parts[x] = (uint16_t)(s->box_parts[x] + row[x]);
    const int full = ++s->box_rows == s->y.box;
    if (full || s->box_rows % PART_ROWS == 0) {
        for (uint32_t x = 0; x < s->source_columns; x++)
            s->box_sums[x] += s->box_parts[x];
        memset(s->box_parts, 0, s->source_columns * sizeof *s->box_parts);
    }
    if (full)
        box_store(s);
}

/* ---- Rows in ---- */

static void row_copy(struct scale *s, const uint8_t *row)
{
    const size_t at = (size_t)s->pushed * s->out.stride_bytes;
    memcpy(s->out.px + at, row, s->source_columns);
    if (s->out.fine)
        memset(s->out.fine + at, FINE_NONE, s->source_columns);
}

static void row_take(struct scale *s, const uint8_t *row)
{
    if (s->copy)
        row_copy(s, row);
    else if (s->x.box > 1 || s->y.box > 1)
        box_add(s, row);
    else
        ring_store(s, row);
    s->pushed++;
}

void scale_push_row(struct scale *scale, const uint8_t *row)
{
    struct scale *s = scale;
    if (s->pushed >= s->source_rows)
        return;
    row_take(s, row);
    /* The last row goes on below the picture until the last box is full. */
    if (s->pushed == s->source_rows)
        while (s->box_rows)
            box_add(s, row);
    else if (row != s->last_row)
        memcpy(s->last_row, row, s->source_columns);
}

void scale_push_row_fine(struct scale *scale, const uint8_t *row, const uint8_t *fine)
{
    const uint32_t y = scale->pushed;
    scale_push_row(scale, row);
    if (scale->copy && scale->out.fine && y < scale->source_rows)
        memcpy(scale->out.fine + (size_t)y * scale->out.stride_bytes, fine, scale->source_columns);
}

void scale_finish(struct scale *scale, uint8_t fill)
{
    if (!scale->pushed)
        memset(scale->last_row, fill, scale->source_columns);
    while (scale->pushed < scale->source_rows)
        scale_push_row(scale, scale->last_row);
}
