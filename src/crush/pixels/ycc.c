/*
 * Colour arithmetic with 15 fractional bits. Decoders that deliver RGB call it per row; JPEG never does. With AVX2,
 * sixteen pixels at a time; the same bits come out, as every product and sum fits 32 bits. Next: intake.c.
 */
#include "crush/pixels/ycc.h"

#include "crush/pixels/simd.h"

enum { BITS = 15, HALF = 1 << (BITS - 1) };

/* Weights of red, green and blue, and what is added before the shift. */
enum {
    Y_R = 9798,
    Y_G = 19235,
    Y_B = 3735,
    Y_ADD = HALF,
    CB_R = -5529,
    CB_G = -10855,
    CB_B = 16384,
    CR_R = 16384,
    CR_G = -13720,
    CR_B = -2664,
    /* one less than a half: pure blue and red give 255.5, which must stay a byte */
    C_ADD = (128 << BITS) + HALF - 1,
};

static uint8_t clamp_byte(int v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* Any of the three outputs may be NULL. */
static inline __attribute__((always_inline)) void row_from_rgb(const uint8_t *restrict rgb, size_t step, size_t count,
                                                               uint8_t *restrict y, uint8_t *restrict cb,
                                                               uint8_t *restrict cr)
{
    for (size_t i = 0; i < count; i++) {
        const int r = rgb[i * step], g = rgb[i * step + 1], b = rgb[i * step + 2];
        if (y)
            y[i] = (uint8_t)((Y_R * r + Y_G * g + Y_B * b + Y_ADD) >> BITS);
        if (cb) {
            cb[i] = (uint8_t)((CB_R * r + CB_G * g + CB_B * b + C_ADD) >> BITS);
            cr[i] = (uint8_t)((CR_R * r + CR_G * g + CR_B * b + C_ADD) >> BITS);
        }
    }
}

#if defined(SIMD_AVX2)
enum { LANES = 8, AHEAD = 28 /* bytes that a load of eight RGB pixels touches */ };

/* Eight pixels, one in each 32 bits: red lowest. */
SIMD_AVX2 static inline __m256i pixels_load(const uint8_t *from, size_t step)
{
    if (step == 4)
        return _mm256_loadu_si256((const __m256i *)from);
    const __m256i spread =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
    const __m128i low = _mm_loadu_si128((const __m128i *)from), high = _mm_loadu_si128((const __m128i *)(from + 12));
    return _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1), spread);
}

/* With BITS fractional bits. */
SIMD_AVX2 static inline __m256i weigh_all(__m256i pixels, int r, int g, int b, int add)
{
    const __m256i mask = _mm256_set1_epi32(0x00FF00FF);
    const __m256i rb = _mm256_and_si256(pixels, mask), g_ = _mm256_and_si256(_mm256_srli_epi32(pixels, 8), mask);
    const __m256i rb_weights = _mm256_set1_epi32((int)((uint32_t)(uint16_t)r | (uint32_t)b << 16)),
                  g_weights = _mm256_set1_epi32((int)(uint16_t)g);
    const __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(rb, rb_weights), _mm256_madd_epi16(g_, g_weights));
    return _mm256_add_epi32(sum, _mm256_set1_epi32(add));
}

SIMD_AVX2 static inline __m256i weigh(__m256i pixels, int r, int g, int b, int add)
{
    return _mm256_srai_epi32(weigh_all(pixels, r, g, b, add), BITS);
}

/* Sixteen results as bytes. */
SIMD_AVX2 static inline void bytes_store(__m256i a, __m256i b, uint8_t *to)
{
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xD8);
    _mm_storeu_si128((__m128i *)to,
                     _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}

SIMD_AVX2 static inline void chroma_store(__m256i a, __m256i b, uint8_t *cb, uint8_t *cr)
{
    bytes_store(weigh(a, CB_R, CB_G, CB_B, C_ADD), weigh(b, CB_R, CB_G, CB_B, C_ADD), cb);
    bytes_store(weigh(a, CR_R, CR_G, CR_B, C_ADD), weigh(b, CR_R, CR_G, CR_B, C_ADD), cr);
}

/* Returns how many pixels are done. */
SIMD_AVX2 static inline size_t row_avx2(const uint8_t *rgb, size_t step, size_t count, uint8_t *y, uint8_t *cb,
                                        uint8_t *cr)
{
    size_t i = 0;
    for (; (count - i) * step >= LANES * step + (step == 4 ? LANES * step : AHEAD); i += 2 * LANES) {
        const __m256i a = pixels_load(rgb + i * step, step), b = pixels_load(rgb + (i + LANES) * step, step);
        if (y)
            bytes_store(weigh(a, Y_R, Y_G, Y_B, Y_ADD), weigh(b, Y_R, Y_G, Y_B, Y_ADD), y + i);
        if (cb)
            chroma_store(a, b, cb + i, cr + i);
    }
    return i;
}

SIMD_AVX2 static inline __m256i fine_of(__m256i sums)
{
    const __m256i rest = _mm256_and_si256(sums, _mm256_set1_epi32((1 << BITS) - 1));
    return _mm256_srai_epi32(_mm256_add_epi32(rest, _mm256_set1_epi32(1)), BITS - 8); /* bytes_store clamps 256 */
}

SIMD_AVX2 static inline void fine_store(__m256i a, __m256i b, uint8_t *px, uint8_t *fine)
{
    bytes_store(_mm256_srai_epi32(a, BITS), _mm256_srai_epi32(b, BITS), px);
    bytes_store(fine_of(a), fine_of(b), fine);
}

/* Returns how many pixels are done. */
SIMD_AVX2 static inline size_t fine_avx2(const uint8_t *rgb, size_t step, size_t count, uint8_t *const px[3],
                                         uint8_t *const fine[3])
{
    size_t i = 0;
    for (; (count - i) * step >= LANES * step + (step == 4 ? LANES * step : AHEAD); i += 2 * LANES) {
        const __m256i a = pixels_load(rgb + i * step, step), b = pixels_load(rgb + (i + LANES) * step, step);
        fine_store(weigh_all(a, Y_R, Y_G, Y_B, Y_ADD), weigh_all(b, Y_R, Y_G, Y_B, Y_ADD), px[0] + i, fine[0] + i);
        fine_store(weigh_all(a, CB_R, CB_G, CB_B, C_ADD), weigh_all(b, CB_R, CB_G, CB_B, C_ADD), px[1] + i,
                   fine[1] + i);
        fine_store(weigh_all(a, CR_R, CR_G, CR_B, C_ADD), weigh_all(b, CR_R, CR_G, CR_B, C_ADD), px[2] + i,
                   fine[2] + i);
    }
    return i;
}

SIMD_AVX2 static size_t some_from_rgb_fine(const uint8_t *rgb, size_t step, size_t count, uint8_t *const px[3],
                                           uint8_t *const fine[3])
{
    return step == 4 ? fine_avx2(rgb, 4, count, px, fine) : fine_avx2(rgb, 3, count, px, fine);
}

SIMD_AVX2 static size_t some_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *y, uint8_t *cb,
                                      uint8_t *cr)
{
    if (cb)
        return step == 4 ? row_avx2(rgb, 4, count, y, cb, cr) : row_avx2(rgb, 3, count, y, cb, cr);
    return step == 4 ? row_avx2(rgb, 4, count, y, NULL, NULL) : row_avx2(rgb, 3, count, y, NULL, NULL);
}
#endif

void ycc_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *ret_y, uint8_t *ret_cb, uint8_t *ret_cr)
{
    size_t done = 0;
#if defined(SIMD_AVX2)
    if (simd_has_avx2())
        done = some_from_rgb(rgb, step, count, ret_y, ret_cb, ret_cr);
#endif
    row_from_rgb(rgb + done * step, step, count - done, ret_y + done, ret_cb + done, ret_cr + done);
}

/* One is added as the sums for grays lack it: what is gray stays exactly so. */
static inline void sum_split(int sum, uint8_t *ret_px, uint8_t *ret_fine)
{
    *ret_px = (uint8_t)(sum >> BITS);
    *ret_fine = clamp_byte(((sum & ((1 << BITS) - 1)) + 1) >> (BITS - 8));
}

void ycc_from_rgb_fine(const uint8_t *rgb, size_t step, size_t count, uint8_t *const ret_px[3],
                       uint8_t *const ret_fine[3])
{
    size_t done = 0;
#if defined(SIMD_AVX2)
    if (simd_has_avx2())
        done = some_from_rgb_fine(rgb, step, count, ret_px, ret_fine);
#endif
    for (size_t i = done; i < count; i++) {
        const int r = rgb[i * step], g = rgb[i * step + 1], b = rgb[i * step + 2];
        sum_split(Y_R * r + Y_G * g + Y_B * b + Y_ADD, &ret_px[0][i], &ret_fine[0][i]);
        sum_split(CB_R * r + CB_G * g + CB_B * b + C_ADD, &ret_px[1][i], &ret_fine[1][i]);
        sum_split(CR_R * r + CR_G * g + CR_B * b + C_ADD, &ret_px[2][i], &ret_fine[2][i]);
    }
}

void ycc_luma_from_rgb(const uint8_t *rgb, size_t step, size_t count, uint8_t *ret_y)
{
    size_t done = 0;
#if defined(SIMD_AVX2)
    if (simd_has_avx2())
        done = some_from_rgb(rgb, step, count, ret_y, NULL, NULL);
#endif
    row_from_rgb(rgb + done * step, step, count - done, ret_y + done, NULL, NULL);
}

void ycc_to_rgb(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, size_t count, uint8_t *ret_rgb)
{
    for (size_t i = 0; i < count; i++, ret_rgb += 3) {
        const int base = (y[i] << BITS) + HALF, u = cb[i] - 128, v = cr[i] - 128;
        ret_rgb[0] = clamp_byte((base + 45941 * v) >> BITS);
        ret_rgb[1] = clamp_byte((base - 11277 * u - 23401 * v) >> BITS);
        ret_rgb[2] = clamp_byte((base + 58065 * u) >> BITS);
    }
}

uint8_t ycc_luma(unsigned r, unsigned g, unsigned b)
{
    return (uint8_t)((Y_R * (int)r + Y_G * (int)g + Y_B * (int)b + Y_ADD) >> BITS);
}
