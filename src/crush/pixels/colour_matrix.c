/*
 * See colour_matrix.h. Both intents that matter, perceptual and relative colorimetric, mean the same for a profile
 * without tables: linear light, a matrix from one set of primaries to the other by way of D50, and sRGB's curve (IEC
 * 61966-2-1). It refuses profiles that have tables as well, as those may differ. Before: colour.c.
 */
#include "crush/pixels/colour_matrix.h"

#include <math.h>
#include <string.h>

#include "crush/pixels/simd.h"

#define INLINE static inline __attribute__((always_inline))

enum { ONE = SRGB_LINEAR_ONE, SOME = 64 /* pixels at a time */ };

/* D50 XYZ to linear sRGB. */
static const double srgb_of_xyz[3][3] = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427},
};

static const double coefficient_max = 8; /* of a matrix: three of them keep sums below 2^31; real ones stay below 3 */

int colour_matrix_read(cmsHPROFILE profile, const cmsToneCurve *ret_curves[3], double ret_rows[3][3])
{
    static const cmsTagSignature colorants[3] = {cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
    static const cmsTagSignature tags[3] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
    if (cmsGetColorSpace(profile) != cmsSigRgbData || cmsGetPCS(profile) != cmsSigXYZData ||
        !cmsIsMatrixShaper(profile) || cmsIsTag(profile, cmsSigAToB0Tag) || cmsIsTag(profile, cmsSigAToB1Tag))
        return 0;
    for (int in = 0; in < 3; in++) {
        const cmsCIEXYZ *xyz = cmsReadTag(profile, colorants[in]);
        ret_curves[in] = cmsReadTag(profile, tags[in]);
        if (!xyz || !ret_curves[in])
            return 0;
        for (int out = 0; out < 3; out++) {
            const double v = srgb_of_xyz[out][0] * xyz->X + srgb_of_xyz[out][1] * xyz->Y + srgb_of_xyz[out][2] * xyz->Z;
            if (!(fabs(v) <= coefficient_max))
                return 0;
            ret_rows[out][in] = v;
        }
    }
    return 1;
}

static int curve_sample(const cmsToneCurve *curve, int32_t linear[256])
{
    for (int i = 0; i < 256; i++) {
        const double v = (double)cmsEvalToneCurveFloat(curve, (cmsFloat32Number)i / 255);
        if (!(v >= -0.01 && v <= 1.01))
            return 0;
        linear[i] = (int32_t)lrint(fmin(fmax(v, 0), 1) * ONE);
    }
    return 1;
}

int colour_matrix_make(cmsHPROFILE profile, struct colour_matrix *ret_matrix)
{
    const cmsToneCurve *curves[3];
    double rows[3][3];
    if (!colour_matrix_read(profile, curves, rows))
        return 0;
    for (int in = 0; in < 3; in++) {
        if (!curve_sample(curves[in], ret_matrix->linear[in]))
            return 0;
        for (int out = 0; out < 3; out++)
            ret_matrix->row[out][in] = (int32_t)lrint(rows[out][in] * (1 << COLOUR_ROW_BITS));
    }
    srgb_encoded_make(ret_matrix->encoded);
    return 1;
}

/* Linear RGB to linear sRGB, in place. */
INLINE void mix(const int32_t row[3][3], int32_t linear[3][SOME])
{
    for (size_t i = 0; i < SOME; i++) {
        const int32_t r = linear[0][i], g = linear[1][i], b = linear[2][i];
        for (int c = 0; c < 3; c++) {
            const int32_t sum = row[c][0] * r + row[c][1] * g + row[c][2] * b;
            const int32_t v = (sum + (1 << (COLOUR_ROW_BITS - 1))) >> COLOUR_ROW_BITS;
            linear[c][i] = v < 0 ? 0 : v > ONE ? ONE : v;
        }
    }
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void mix_avx2(const int32_t row[3][3], int32_t linear[3][SOME])
{
    mix(row, linear);
}
#endif

void colour_matrix_convert(const struct colour_matrix *matrix, const uint8_t *rgb, size_t count, uint8_t *ret_rgb)
{
    int32_t linear[3][SOME] = {{0}};
    for (size_t left = count, some; left; left -= some, rgb += 3 * some, ret_rgb += 3 * some) {
        some = left < SOME ? left : SOME;
        for (size_t i = 0; i < some; i++)
            for (size_t c = 0; c < 3; c++)
                linear[c][i] = matrix->linear[c][rgb[3 * i + c]];
#if defined(SIMD_AVX2)
        if (simd_has_avx2())
            mix_avx2(matrix->row, linear);
        else
#endif
            mix(matrix->row, linear);
        for (size_t i = 0; i < some; i++)
            for (size_t c = 0; c < 3; c++)
                ret_rgb[3 * i + c] = matrix->encoded[linear[c][i]];
    }
}
