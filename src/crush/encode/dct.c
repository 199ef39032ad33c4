/*
 * The 8×8 DCT: see dct.h. One-dimensional transforms by Arai, Agui and Nakajima ("A fast DCT-SQ scheme for
 * images", 1988) on vectors of eight floats, a transposition between the two, scaling at the end; that the forward
 * transform leaves rows and columns exchanged is made up for by the order in which coefficients are taken.
 * Integer results are rounded, so the same planes give the same coefficients in every build that uses IEEE floats.
 */
#include "crush/encode/dct.h"

#include <math.h>
#include <string.h>

#include "crush/pixels/simd.h"
#include "crush/pixels/scratch.h"

#define MOST_OVERSHOOT 100.0f /* libjpeg clamps correctly a good deal further */

typedef float row __attribute__((vector_size(32)));
typedef int32_t int_row __attribute__((vector_size(32)));
typedef int16_t short_row __attribute__((vector_size(16)));
typedef uint8_t byte_row __attribute__((vector_size(16)));

const uint8_t dct_natural_order[BLOCK_SIZE] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/* The same for blocks whose rows are columns. */
static const uint8_t transposed_order[BLOCK_SIZE] = {
    0,  8,  1,  2,  9,  16, 24, 17, 10, 3,  4,  11, 18, 25, 32, 40, 33, 26, 19, 12, 5,  6,
    13, 20, 27, 34, 41, 48, 56, 49, 42, 35, 28, 21, 14, 7,  15, 22, 29, 36, 43, 50, 57, 58,
    51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
};

float dct_radius(int zigzag)
{
    int u = dct_natural_order[zigzag] % 8, v = dct_natural_order[zigzag] / 8;
    return sqrtf((float)(u * u + v * v));
}

/* What the fast transform leaves to be done at the end: 1 / (8 · a(u) · a(v)), here with the stored unit. */
static const float scale_1d[8] = {1.0f, 1.387039845f, 1.306562965f, 1.175875602f,
                                  1.0f, 0.785694958f, 0.541196100f, 0.275899379f};

/* In three rounds of shuffles that processors do in one step each. */
static inline __attribute__((always_inline)) void transpose(row r[8])
{
    row a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = 0; j < 2; j++) {
            b[i + 2 * j] = __builtin_shufflevector(a[i + j], a[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * j + 1] = __builtin_shufflevector(a[i + j], a[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int i = 0; i < 4; i++) {
        r[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

static inline __attribute__((always_inline)) void forward_1d(row r[8])
{
    row s0 = r[0] + r[7], d0 = r[0] - r[7], s1 = r[1] + r[6], d1 = r[1] - r[6];
    row s2 = r[2] + r[5], d2 = r[2] - r[5], s3 = r[3] + r[4], d3 = r[3] - r[4];

    row e0 = s0 + s3, e3 = s0 - s3, e1 = s1 + s2, e2 = s1 - s2;
    r[0] = e0 + e1;
    r[4] = e0 - e1;
    row z1 = (e2 + e3) * 0.707106781f;
    r[2] = e3 + z1;
    r[6] = e3 - z1;

    row o0 = d3 + d2, o1 = d2 + d1, o2 = d1 + d0;
    row z5 = (o0 - o2) * 0.382683433f;
    row z2 = o0 * 0.541196100f + z5, z4 = o2 * 1.306562965f + z5, z3 = o1 * 0.707106781f;
    row z11 = d0 + z3, z13 = d0 - z3;
    r[5] = z13 + z2;
    r[3] = z13 - z2;
    r[1] = z11 + z4;
    r[7] = z11 - z4;
}

/* Eight samples less 128. Zeros put between make them wider, where compilers would convert one by one. */
static inline __attribute__((always_inline)) void load_row(const uint8_t *px, row *ret_row)
{
    byte_row bytes = {0};
    memcpy(&bytes, px, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const byte_row zero = {0};
    const short_row none = {0};
    const short_row words =
        (short_row)__builtin_shufflevector(bytes, zero, 0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, 16);
    const int_row ints = (int_row)__builtin_shufflevector(words, none, 0, 8, 1, 8, 2, 8, 3, 8, 4, 8, 5, 8, 6, 8, 7, 8);
#else
    int_row ints;
    for (int i = 0; i < 8; i++)
        ints[i] = bytes[i];
#endif
    *ret_row = __builtin_convertvector(ints, row) - 128.0f;
}

/* The same with fine: 256 times as much, and as exact, as both are bytes of one number of 16 bits. */
static inline __attribute__((always_inline)) void load_fine_row(const uint8_t *px, const uint8_t *fine, row *ret_row)
{
    byte_row high = {0}, low = {0};
    memcpy(&high, px, 8);
    memcpy(&low, fine, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const short_row none = {0};
    const short_row words =
        (short_row)__builtin_shufflevector(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const int_row ints = (int_row)__builtin_shufflevector(words, none, 0, 8, 1, 8, 2, 8, 3, 8, 4, 8, 5, 8, 6, 8, 7, 8);
#else
    int_row ints;
    for (int i = 0; i < 8; i++)
        ints[i] = high[i] << 8 | low[i];
#endif
    *ret_row = __builtin_convertvector(ints, row) - (256 * 128.0f + FINE_NONE);
}

/* From the rows of a transposed block to its scan. */
typedef void order_rows(const short_row rows[8], int16_t *ret_zigzag);

static inline void order_plain(const short_row rows[8], int16_t *ret_zigzag)
{
    int16_t transposed[BLOCK_SIZE];
    memcpy(transposed, rows, sizeof transposed);
    for (int k = 0; k < BLOCK_SIZE; k++)
        ret_zigzag[k] = transposed[transposed_order[k]];
}

#if defined(SIMD_AVX2)
/* Eight at a time from each of the rows that have some of them: the compiler sees constants only. */
SIMD_AVX2 static inline __attribute__((always_inline)) void order_shuffled(const short_row rows[8], int16_t *ret_zigzag)
{
#define FROM(i)   transposed_order[8 * out + (i)]
#define HAS(i)    (FROM(i) / 8 == in)
#define BYTE(i)   (char)(HAS(i) ? 2 * (FROM(i) % 8) : -1)
#define SAMPLE(i) BYTE(i), (char)(BYTE(i) + HAS(i))
#pragma GCC unroll 8
    for (int out = 0; out < 8; out++) {
        __m128i sum = _mm_setzero_si128();
#pragma GCC unroll 8
        for (int in = 0; in < 8; in++)
            if (HAS(0) || HAS(1) || HAS(2) || HAS(3) || HAS(4) || HAS(5) || HAS(6) || HAS(7))
                sum = _mm_or_si128(sum, _mm_shuffle_epi8((__m128i)rows[in],
                                                         _mm_setr_epi8(SAMPLE(0), SAMPLE(1), SAMPLE(2), SAMPLE(3),
                                                                       SAMPLE(4), SAMPLE(5), SAMPLE(6), SAMPLE(7))));
        _mm_storeu_si128((__m128i *)(ret_zigzag + 8 * out), sum);
    }
#undef FROM
#undef HAS
#undef BYTE
#undef SAMPLE
}
#endif

static inline __attribute__((always_inline)) void forward_rows(row r[8], const row scales[8], order_rows *order,
                                                               int16_t *ret_zigzag)
{
    /* Adding 1.5 × 2^23 leaves a float's integer, rounded, in its lowest bits. */
    const row rounder = (row){0} + 12582912.0f;
    short_row rows[8];
    forward_1d(r);
    transpose(r);
    forward_1d(r);
    for (int i = 0; i < 8; i++) {
        row scaled = r[i] * scales[i];
        rows[i] = __builtin_convertvector((int_row)(scaled + rounder) - (int_row)rounder, short_row);
    }
    order(rows, ret_zigzag);
}

/* fine: NULL, or with scales of a 256th. */
static inline __attribute__((always_inline)) void forward_block(const uint8_t *px, const uint8_t *fine,
                                                                size_t stride_bytes, const row scales[8],
                                                                order_rows *order, int16_t *ret_zigzag)
{
    row r[8];
    for (size_t i = 0; i < 8; i++)
        if (fine)
            load_fine_row(px + i * stride_bytes, fine + i * stride_bytes, &r[i]);
        else
            load_row(px + i * stride_bytes, &r[i]);
    forward_rows(r, scales, order, ret_zigzag);
}

/* px: the plane's px or fine. */
static void copy_edge_block(const struct plane *plane, const uint8_t *px, uint32_t left, uint32_t top, uint8_t *ret_px)
{
    for (uint32_t y = 0; y < 8; y++) {
        uint32_t from_y = top + y < plane->height_px ? top + y : plane->height_px - 1;
        const uint8_t *from = px + from_y * plane->stride_bytes;
        for (uint32_t x = 0; x < 8; x++)
            ret_px[8 * y + x] = from[left + x < plane->width_px ? left + x : plane->width_px - 1];
    }
}

static inline __attribute__((always_inline)) void fill_scales(float unit, row ret_scales[8])
{
    for (int v = 0; v < 8; v++)
        for (int u = 0; u < 8; u++)
            ret_scales[v][u] = unit / (8.0f * scale_1d[u] * scale_1d[v]);
}

static inline __attribute__((always_inline)) void forward_plane(const struct plane *plane, const int has_fine,
                                                                order_rows *order, struct blocks *blocks)
{
    row scales[8];
    fill_scales(has_fine ? COEFFICIENT_UNIT / 256.0f : COEFFICIENT_UNIT, scales);
    int16_t *to = blocks->coefficients;
    for (uint32_t y = 0; y < blocks->rows; y++)
        for (uint32_t x = 0; x < blocks->columns; x++, to += BLOCK_SIZE) {
            const size_t at = 8 * (y * plane->stride_bytes + x);
            uint8_t edge[BLOCK_SIZE], edge_fine[BLOCK_SIZE];
            if (8 * x + 8 <= plane->width_px && 8 * y + 8 <= plane->height_px) {
                forward_block(plane->px + at, has_fine ? plane->fine + at : NULL, plane->stride_bytes, scales, order,
                              to);
            } else {
                copy_edge_block(plane, plane->px, 8 * x, 8 * y, edge);
                if (has_fine)
                    copy_edge_block(plane, plane->fine, 8 * x, 8 * y, edge_fine);
                forward_block(edge, has_fine ? edge_fine : NULL, 8, scales, order, to);
            }
        }
}

static inline __attribute__((always_inline)) void forward_all(const struct plane *plane, order_rows *order,
                                                              struct blocks *blocks)
{
    if (plane->fine)
        forward_plane(plane, 1, order, blocks);
    else
        forward_plane(plane, 0, order, blocks);
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void forward_all_avx2(const struct plane *plane, struct blocks *blocks)
{
    forward_all(plane, order_shuffled, blocks);
}
#endif

void dct_forward_into(const struct plane *plane, struct blocks *blocks)
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        forward_all_avx2(plane, blocks);
        return;
    }
#endif
    forward_all(plane, order_plain, blocks);
}

crush_status dct_forward(const struct plane *plane, struct blocks *ret_blocks)
{
    struct blocks blocks = {.columns = (plane->width_px + 7) / 8, .rows = (plane->height_px + 7) / 8};
    blocks.coefficients = scratch_alloc((size_t)blocks.columns * blocks.rows * BLOCK_SIZE * sizeof(int16_t));
    if (!blocks.coefficients)
        return CRUSH_ENOMEM;
    dct_forward_into(plane, &blocks);
    *ret_blocks = blocks;
    return CRUSH_OK;
}

static inline __attribute__((always_inline)) void inverse_1d(row r[8])
{
    row e10 = r[0] + r[4], e11 = r[0] - r[4], e13 = r[2] + r[6], e12 = (r[2] - r[6]) * 1.414213562f - e13;
    row e0 = e10 + e13, e3 = e10 - e13, e1 = e11 + e12, e2 = e11 - e12;

    row z13 = r[5] + r[3], z10 = r[5] - r[3], z11 = r[1] + r[7], z12 = r[1] - r[7];
    row o7 = z11 + z13, t11 = (z11 - z13) * 1.414213562f;
    row z5 = (z10 + z12) * 1.847759065f;
    row o6 = z5 - z10 * 2.613125930f - o7, o5 = t11 - o6, o4 = z5 - z12 * 1.082392200f - o5;
    r[0] = e0 + o7;
    r[7] = e0 - o7;
    r[1] = e1 + o6;
    r[6] = e1 - o6;
    r[2] = e2 + o5;
    r[5] = e2 - o5;
    r[3] = e3 + o4;
    r[4] = e3 - o4;
}

static inline __attribute__((always_inline)) void inverse_rows(const float *coefficients, row r[8])
{
    for (int v = 0; v < 8; v++)
        for (int u = 0; u < 8; u++)
            r[v][u] = coefficients[8 * v + u] * scale_1d[u] * scale_1d[v] * 0.125f;
    inverse_1d(r);
    transpose(r);
    inverse_1d(r);
    transpose(r);
}

static inline __attribute__((always_inline)) void
project_block(const uint8_t px[BLOCK_SIZE], const float coded[BLOCK_SIZE], order_rows *order, int16_t *ret_zigzag)
{
    row r[8], scales[8];
    fill_scales(COEFFICIENT_UNIT, scales);
    inverse_rows(coded, r);
    for (int y = 0; y < 8; y++) {
        const row most = (row){0} + MOST_OVERSHOOT;
        row value;
        load_row(px + 8 * y, &value);
        const row low = value - (row)((value <= NEAR_BLACK - 128.0f) & (int_row)most);
        const row high = value + (row)((value >= NEAR_WHITE - 128.0f) & (int_row)most);
        const int_row below = (r[y] < low), above = (r[y] > high);
        r[y] = (row)((below & (int_row)low) | (above & (int_row)high) | (~(below | above) & (int_row)r[y]));
    }
    forward_rows(r, scales, order, ret_zigzag);
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void project_block_avx2(const uint8_t *px, const float *coded, int16_t *ret_zigzag)
{
    project_block(px, coded, order_shuffled, ret_zigzag);
}
#endif

void dct_project(const uint8_t px[BLOCK_SIZE], const float coded[BLOCK_SIZE], int16_t ret_zigzag[BLOCK_SIZE])
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        project_block_avx2(px, coded, ret_zigzag);
        return;
    }
#endif
    project_block(px, coded, order_plain, ret_zigzag);
}

void dct_inverse_block(const float *coefficients, uint8_t *px, size_t stride_bytes)
{
    row r[8];
    inverse_rows(coefficients, r);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) {
            float value = r[y][x] + 128.5f;
            px[(size_t)y * stride_bytes + x] = value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
        }
}

void blocks_free(struct blocks *blocks)
{
    scratch_free(blocks->coefficients);
    *blocks = (struct blocks){0};
}
