/*
 * See colour_matrix.h. Both intents that matter, perceptual and relative colorimetric, mean the same for a profile
 * without tables: linear light, a matrix from one set of primaries to the other by way of D50, and sRGB's curve (IEC
 * 61966-2-1). It refuses profiles that have tables as well, as those may differ. Before: colour.c.
 */
#include "colour_matrix.h"

#include <math.h>
#include <string.h>

enum { ONE = 1 << COLOUR_LINEAR_BITS };

/* D50 XYZ to linear sRGB. */
static const double srgb_of_xyz[3][3] = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427},
};

static const double coefficient_max = 8; /* of a matrix: keeps sums in 32 bits; real ones stay below 3 */

static int curve_read(cmsHPROFILE profile, cmsTagSignature tag, int32_t linear[256])
{
    const cmsToneCurve *curve = cmsReadTag(profile, tag);
    if (!curve)
        return 0;
    for (int i = 0; i < 256; i++) {
        const double v = (double)cmsEvalToneCurveFloat(curve, (cmsFloat32Number)i / 255);
        if (!(v >= -0.01 && v <= 1.01))
            return 0;
        linear[i] = (int32_t)lrint(fmin(fmax(v, 0), 1) * ONE);
    }
    return 1;
}

static double srgb_decode(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* A byte stands for all that is nearer to it than to its neighbours, as it is encoded. */
static void encoded_make(uint8_t encoded[ONE + 1])
{
    int from = 0;
    for (int byte = 0; byte < 256; byte++) {
        const int to = byte < 255 ? (int)ceil(srgb_decode((byte + 0.5) / 255) * ONE) : ONE + 1;
        memset(encoded + from, byte, (size_t)(to - from));
        from = to;
    }
}

int colour_matrix_make(cmsHPROFILE profile, struct colour_matrix *ret_matrix)
{
    static const cmsTagSignature colorants[3] = {cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
    static const cmsTagSignature curves[3] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
    if (cmsGetColorSpace(profile) != cmsSigRgbData || cmsGetPCS(profile) != cmsSigXYZData ||
        !cmsIsMatrixShaper(profile) || cmsIsTag(profile, cmsSigAToB0Tag) || cmsIsTag(profile, cmsSigAToB1Tag))
        return 0;
    for (int in = 0; in < 3; in++) {
        const cmsCIEXYZ *xyz = cmsReadTag(profile, colorants[in]);
        if (!xyz || !curve_read(profile, curves[in], ret_matrix->linear[in]))
            return 0;
        for (int out = 0; out < 3; out++) {
            const double v = srgb_of_xyz[out][0] * xyz->X + srgb_of_xyz[out][1] * xyz->Y + srgb_of_xyz[out][2] * xyz->Z;
            if (!(fabs(v) <= coefficient_max))
                return 0;
            ret_matrix->row[out][in] = (int32_t)lrint(v * ONE);
        }
    }
    encoded_make(ret_matrix->encoded);
    return 1;
}

void colour_matrix_convert(const struct colour_matrix *matrix, const uint8_t *rgb, size_t count, uint8_t *ret_rgb)
{
    for (size_t i = 0; i < count; i++, rgb += 3, ret_rgb += 3) {
        const int64_t r = matrix->linear[0][rgb[0]], g = matrix->linear[1][rgb[1]], b = matrix->linear[2][rgb[2]];
        for (int c = 0; c < 3; c++) {
            const int32_t *row = matrix->row[c];
            const int64_t v = (row[0] * r + row[1] * g + row[2] * b + ONE / 2) >> COLOUR_LINEAR_BITS;
            ret_rgb[c] = matrix->encoded[v < 0 ? 0 : v > ONE ? ONE : v];
        }
    }
}
