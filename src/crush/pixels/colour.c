/*
 * Profiles to sRGB with lcms2, or by tables of our own where that is simple (colour_matrix.c). Every conversion has a
 * context of its own, so nothing is shared between threads, and lcms2's complaints about broken profiles go nowhere:
 * such a profile is just not used. Sources of 16 bits go by light.c. It never looks at planes; finishing pictures with
 * it is intake.c.
 */
#include "crush/pixels/colour.h"

#include <math.h>
#include <string.h>

#include <lcms2.h>

#include "crush/pixels/colour_matrix.h"
#include "crush/pixels/srgb.h"
#include "crush/pixels/scratch.h"

enum { SOME = 256 /* pixels at a time */ };

struct colour {
    cmsContext context;
    cmsHTRANSFORM transform; /* NULL: matrix does it */
    int spread;              /* gray in, which stands for three equal channels */
    struct colour_matrix matrix;
};

static void on_complaint(cmsContext context, cmsUInt32Number code, const char *text)
{
    (void)context;
    (void)code;
    (void)text;
}

static cmsContext context_open(void)
{
    cmsContext context = cmsCreateContext(NULL, NULL);
    if (context)
        cmsSetLogErrorHandlerTHR(context, on_complaint);
    return context;
}

static int near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

static int curve_is_srgb(const cmsToneCurve *curve)
{
    if (!curve)
        return 0;
    for (int i = 1; i <= 8; i++)
        if (!near(cmsEvalToneCurveFloat(curve, (cmsFloat32Number)(i / 8.0)), srgb_decode(i / 8.0), 0.004))
            return 0;
    return 1;
}

static int colorant_is(cmsHPROFILE profile, cmsTagSignature tag, double x, double y, double z)
{
    const cmsCIEXYZ *c = cmsReadTag(profile, tag);
    return c && near(c->X, x, 0.004) && near(c->Y, y, 0.004) && near(c->Z, z, 0.004);
}

/* Its numbers say so, whatever its name is: then converting would only cost time and a rounding. */
static int profile_is_srgb(cmsHPROFILE profile)
{
    if (cmsGetColorSpace(profile) == cmsSigGrayData)
        return curve_is_srgb(cmsReadTag(profile, cmsSigGrayTRCTag));
    return cmsGetColorSpace(profile) == cmsSigRgbData && cmsIsMatrixShaper(profile) &&
           !cmsIsTag(profile, cmsSigAToB0Tag) && colorant_is(profile, cmsSigRedColorantTag, 0.4361, 0.2225, 0.0139) &&
           colorant_is(profile, cmsSigGreenColorantTag, 0.3851, 0.7169, 0.0971) &&
           colorant_is(profile, cmsSigBlueColorantTag, 0.1431, 0.0606, 0.7141) &&
           curve_is_srgb(cmsReadTag(profile, cmsSigRedTRCTag)) &&
           curve_is_srgb(cmsReadTag(profile, cmsSigGreenTRCTag)) &&
           curve_is_srgb(cmsReadTag(profile, cmsSigBlueTRCTag));
}

static cmsColorSpaceSignature model_signature(enum colour_model model)
{
    switch (model) {
    case COLOUR_GRAY: return cmsSigGrayData;
    case COLOUR_YCC:
    case COLOUR_RGB: return cmsSigRgbData;
    case COLOUR_CMYK: return cmsSigCmykData;
    }
    return cmsSigRgbData;
}

static cmsUInt32Number model_type(enum colour_model model)
{
    switch (model) {
    case COLOUR_GRAY: return TYPE_GRAY_8;
    case COLOUR_YCC:
    case COLOUR_RGB: return TYPE_RGB_8;
    case COLOUR_CMYK: return TYPE_CMYK_8_REV;
    }
    return TYPE_RGB_8;
}

static cmsHTRANSFORM transform_make(cmsContext context, cmsHPROFILE profile, enum colour_model model)
{
    cmsHTRANSFORM transform = NULL;
    cmsHPROFILE srgb = cmsCreate_sRGBProfileTHR(context);
    if (srgb) {
        transform = cmsCreateTransformTHR(context, profile, model_type(model), srgb, TYPE_RGB_8, INTENT_PERCEPTUAL,
                                          cmsFLAGS_NOCACHE);
        cmsCloseProfile(srgb);
    }
    return transform;
}

/* Takes over context and profile (NULL: a broken one). */
static struct colour *colour_open(cmsContext context, cmsHPROFILE profile, enum colour_model model)
{
    struct colour *colour = NULL;
    const int spread = profile && model == COLOUR_GRAY && cmsGetColorSpace(profile) == cmsSigRgbData;
    if (spread)
        model = COLOUR_RGB;
    if (profile && cmsGetColorSpace(profile) == model_signature(model) && !profile_is_srgb(profile))
        colour = scratch_alloc(sizeof *colour);
    if (colour) {
        colour->spread = spread;
        colour->context = context;
        colour->transform = NULL;
        if (!colour_matrix_make(profile, &colour->matrix)) {
            colour->transform = transform_make(context, profile, model);
            if (!colour->transform) {
                scratch_free(colour);
                colour = NULL;
            }
        }
    }
    if (profile)
        cmsCloseProfile(profile);
    if (!colour)
        cmsDeleteContext(context);
    return colour;
}

struct colour *colour_open_icc(const uint8_t *data, size_t size_bytes, enum colour_model model)
{
    if (size_bytes > UINT32_MAX)
        return NULL;
    cmsContext context = context_open();
    if (!context)
        return NULL;
    return colour_open(context, cmsOpenProfileFromMemTHR(context, data, (cmsUInt32Number)size_bytes), model);
}

/* 1 for gamma and primaries that are possible and not those of sRGB. */
static int gamma_matters(double gamma, const double xy[8])
{
    int same = near(gamma, 0.45455, 0.02);
    for (int i = 0; i < 8; i++) {
        if (!(xy[i] > 0 && xy[i] < 1) && !(xy[i] == 0 && i % 2 == 0))
            return 0;
        same = same && near(xy[i], light_primaries_srgb.xy[i], 0.005);
    }
    return gamma > 0 && !same;
}

struct colour *colour_open_gamma(double gamma, const double xy[8], enum colour_model model)
{
    if (!xy)
        xy = light_primaries_srgb.xy;
    cmsContext context = gamma_matters(gamma, xy) ? context_open() : NULL;
    if (!context)
        return NULL;
    cmsToneCurve *curve = cmsBuildGamma(context, 1 / gamma);
    cmsHPROFILE profile = NULL;
    if (curve) {
        cmsCIExyY white = {xy[0], xy[1], 1};
        cmsCIExyYTRIPLE primaries = {{xy[2], xy[3], 1}, {xy[4], xy[5], 1}, {xy[6], xy[7], 1}};
        cmsToneCurve *curves[3] = {curve, curve, curve};
        profile = model == COLOUR_GRAY ? cmsCreateGrayProfileTHR(context, &white, curve)
                                       : cmsCreateRGBProfileTHR(context, &white, &primaries, curves);
        cmsFreeToneCurve(curve);
    }
    return colour_open(context, profile, model);
}

/* ---- Rows of 16 bits ---- */

static const double unchanged[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

static double profile_curve(const void *curve, double v)
{
    return (double)cmsEvalToneCurveFloat(curve, (cmsFloat32Number)v);
}

static double power_curve(const void *exponent, double v)
{
    return pow(v, *(const double *)exponent);
}

static struct light *profile_light(cmsHPROFILE profile, enum colour_model model)
{
    const cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    const cmsToneCurve *curves[3];
    double rows[3][3];
    if ((space != model_signature(model) && !(model == COLOUR_GRAY && space == cmsSigRgbData)) ||
        profile_is_srgb(profile))
        return NULL;
    if (space == cmsSigGrayData) {
        curves[0] = curves[1] = curves[2] = cmsReadTag(profile, cmsSigGrayTRCTag);
        if (!curves[0] || cmsIsTag(profile, cmsSigAToB0Tag))
            return NULL;
        memcpy(rows, unchanged, sizeof rows);
    } else if (!colour_matrix_read(profile, curves, rows)) {
        return NULL;
    }
    const void *const contexts[3] = {curves[0], curves[1], curves[2]};
    return light_open(profile_curve, contexts, (const double(*)[3])rows, LIGHT_STANDARD);
}

struct light *colour_light_icc(const uint8_t *data, size_t size_bytes, enum colour_model model)
{
    if (size_bytes > UINT32_MAX)
        return NULL;
    cmsContext context = context_open();
    if (!context)
        return NULL;
    cmsHPROFILE profile = cmsOpenProfileFromMemTHR(context, data, (cmsUInt32Number)size_bytes);
    struct light *light = profile ? profile_light(profile, model) : NULL;
    if (profile)
        cmsCloseProfile(profile);
    cmsDeleteContext(context);
    return light;
}

struct light *colour_light_gamma(double gamma, const double xy[8], enum colour_model model)
{
    struct light_primaries from = light_primaries_srgb;
    double rows[3][3];
    if (xy)
        memcpy(from.xy, xy, sizeof from.xy);
    if (!gamma_matters(gamma, from.xy) || !light_matrix(&from, &light_primaries_srgb, rows))
        return NULL;
    const double exponent = 1 / gamma;
    const void *const contexts[3] = {&exponent, &exponent, &exponent};
    return light_open(power_curve, contexts, model == COLOUR_GRAY ? unchanged : (const double(*)[3])rows,
                      LIGHT_STANDARD);
}

void colour_close(struct colour *colour)
{
    if (!colour)
        return;
    if (colour->transform)
        cmsDeleteTransform(colour->transform);
    cmsDeleteContext(colour->context);
    scratch_free(colour);
}

static void convert(const struct colour *colour, const uint8_t *in, size_t count, uint8_t *ret_rgb)
{
    if (!colour->transform)
        colour_matrix_convert(&colour->matrix, in, count, ret_rgb);
    else
        cmsDoTransform(colour->transform, in, ret_rgb, (cmsUInt32Number)count);
}

void colour_convert(const struct colour *colour, const uint8_t *in, size_t count, uint8_t *ret_rgb)
{
    uint8_t wide[3 * SOME];
    if (!colour->spread) {
        convert(colour, in, count, ret_rgb);
        return;
    }
    for (size_t some; count; count -= some, in += some, ret_rgb += 3 * some) {
        some = count < SOME ? count : SOME;
        for (size_t i = 0; i < 3 * some; i++)
            wide[i] = in[i / 3];
        convert(colour, wide, some, ret_rgb);
    }
}

void colour_rgb_from_cmyk(const uint8_t *cmyk, size_t count, uint8_t *ret_rgb)
{
    for (size_t i = 0; i < count; i++, cmyk += 4, ret_rgb += 3)
        for (int c = 0; c < 3; c++)
            ret_rgb[c] = (uint8_t)((cmyk[c] * cmyk[3] + 127) / 255);
}
