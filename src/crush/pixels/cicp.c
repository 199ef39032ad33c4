/*
 * See cicp.h. The curves are those of the standards; where a standard has a curve for cameras only, that of displays is
 * taken, as Chromium does. Light is counted in units of white: for PQ and HLG that is paper white, 203 cd/m² (BT.2408),
 * and HLG's display reaches 1000. It looks at no pixel. Next: light.c.
 */
#include "crush/pixels/cicp.h"

#include <math.h>

#include "crush/pixels/srgb.h"

enum { TRANSFER_SRGB = 13, TRANSFER_PQ = 16, TRANSFER_HLG = 18 };

static const struct light_primaries *primaries_of(int code)
{
    static const struct light_primaries known[] = {
        [1] = {{0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}},        /* BT.709, sRGB */
        [4] = {{0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08}},          /* BT.470 M */
        [5] = {{0.3127, 0.3290, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06}},        /* BT.470 B, G */
        [6] = {{0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070}},  /* SMPTE 170M */
        [7] = {{0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070}},  /* SMPTE 240M */
        [8] = {{0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049}},    /* film */
        [9] = {{0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}},  /* BT.2020, BT.2100 */
        [10] = {{1.0 / 3, 1.0 / 3, 1, 0, 0, 1, 0, 0}},                       /* XYZ, SMPTE ST 428 */
        [11] = {{0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}},   /* DCI P3 */
        [12] = {{0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060}}, /* Display P3 */
        [22] = {{0.3127, 0.3290, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077}}, /* EBU 3213 */
    };
    if (code < 0 || code >= (int)(sizeof known / sizeof known[0]) || known[code].xy[0] <= 0)
        return NULL;
    return &known[code];
}

/* ---- Curves ---- */

static double power_curve(const void *gamma, double v)
{
    return pow(v, *(const double *)gamma);
}

static double srgb_curve(const void *context, double v)
{
    (void)context;
    return srgb_decode(v);
}

static double linear_curve(const void *context, double v)
{
    (void)context;
    return v;
}

static double smpte_240m_curve(const void *context, double v)
{
    (void)context;
    return v < 0.0912 ? v / 4 : pow((v + 0.1115) / 1.1115, 1 / 0.45);
}

/* SMPTE ST 428-1: white has 48 of 52.37 cd/m². */
static double st_428_curve(const void *context, double v)
{
    (void)context;
    return 52.37 / 48 * pow(v, 2.6);
}

/* SMPTE ST 2084 */
static double pq_curve(const void *context, double v)
{
    (void)context;
    const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128, c3 = 2392.0 / 128;
    const double p = pow(v, 1 / m2);
    return 10000.0 / 203 * pow(fmax(p - c1, 0) / (c2 - c3 * p), 1 / m1);
}

/* BT.2100, the inverse of its OETF: light of the scene */
static double hlg_curve(const void *context, double v)
{
    (void)context;
    const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    return v <= 0.5 ? v * v / 3 : (exp((v - c) / a) + b) / 12;
}

static light_curve *curve_of(int transfer, const void **ret_context)
{
    static const double gamma_bt1886 = 2.4, gamma_470m = 2.2, gamma_470bg = 2.8;
    *ret_context = NULL;
    switch (transfer) {
    case 1:
    case 6:
    case 11:
    case 14:
    case 15: *ret_context = &gamma_bt1886; return power_curve;
    case 4: *ret_context = &gamma_470m; return power_curve;
    case 5: *ret_context = &gamma_470bg; return power_curve;
    case 7: return smpte_240m_curve;
    case 8: return linear_curve;
    case TRANSFER_SRGB: return srgb_curve;
    case TRANSFER_PQ: return pq_curve;
    case 17: return st_428_curve;
    case TRANSFER_HLG: return hlg_curve;
    default: return NULL;
    }
}

int cicp_is_known(int primaries, int transfer)
{
    const void *context;
    return primaries_of(primaries) && curve_of(transfer, &context);
}

struct light *cicp_open(int primaries, int transfer)
{
    const struct light_primaries *from = primaries_of(primaries);
    const void *context;
    double to_linear[3][3];
    light_curve *curve = curve_of(transfer, &context);
    if (!from || !curve || (primaries == 1 && transfer == TRANSFER_SRGB))
        return NULL;
    const enum light_range range = transfer == TRANSFER_PQ    ? LIGHT_HIGH
                                   : transfer == TRANSFER_HLG ? LIGHT_HIGH_OF_SCENE
                                                              : LIGHT_STANDARD;
    if (!light_matrix(from, range == LIGHT_STANDARD ? &light_primaries_srgb : &light_primaries_bt2020, to_linear))
        return NULL;
    const void *const contexts[3] = {context, context, context};
    return light_open(curve, contexts, (const double(*)[3])to_linear, range);
}
