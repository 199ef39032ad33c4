/*
 * See light.h. High dynamic range is brought to sRGB as Chromium does it, which follows SMPTE ST 2094-50 for pictures
 * that bring no curve of their own: its "reference white tone mapping operator", on a display that reaches paper white.
 * What is darker than paper is dimmed in proportion, down to a half for pictures that reach 1000 cd/m² and more; what
 * is brighter takes the rest along a quadratic Bézier curve. It acts on the largest of red, green and blue of BT.2020,
 * and the others follow in proportion, so hues stay. (Chromium draws the Bézier curve through eight points of a spline,
 * which overshoots for peaks beyond 4000; that is not imitated.) Before: cicp.c, colour.c.
 */
#include "crush/pixels/light.h"

#include <math.h>
#include <string.h>

#include "crush/pixels/srgb.h"
#include "crush/pixels/scratch.h"

enum { CURVE_SEGMENTS = 4096, SOME = 64 /* pixels at a time */ };

enum { PAPER_CD_M2 = 203, HLG_CD_M2 = 1000 };

/* Where paper comes out for peaks of 1000 cd/m² and more, and how far the tone curve's middle point is from there. */
static const double paper_least = 0.5, bend = 0.65;

/* Points of a tone curve in units of paper: (1, paper), (middle_in, middle_out), (peak, 1). */
struct tone {
    float paper, middle_in, middle_out, peak;
};

struct light {
    enum light_range range;
    float curve[3][CURVE_SEGMENTS + 2];
    float to_linear[3][3], to_srgb[3][3]; /* the second for high range only, as is tone */
    struct tone tone;
    uint8_t encoded[SRGB_LINEAR_ONE + 1];
};

const struct light_primaries light_primaries_srgb = {{0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}},
                             light_primaries_bt2020 = {{0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046}};

/* ---- Matrices ---- */

static void multiply(const double a[3][3], const double b[3][3], double ret[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            ret[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

static int invert(const double m[3][3], double ret[3][3])
{
    double adjugate[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r0 = (j + 1) % 3, r1 = (j + 2) % 3, c0 = (i + 1) % 3, c1 = (i + 2) % 3;
            adjugate[i][j] = m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0];
        }
    const double determinant = m[0][0] * adjugate[0][0] + m[0][1] * adjugate[1][0] + m[0][2] * adjugate[2][0];
    if (!(fabs(determinant) > 1e-6))
        return 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            ret[i][j] = adjugate[i][j] / determinant;
    return 1;
}

static void apply(const double m[3][3], const double v[3], double ret[3])
{
    for (int i = 0; i < 3; i++)
        ret[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
}

/* XYZ of a white of luminance 1. 0: there is no such colour. */
static int white_xyz(const double xy[2], double ret_xyz[3])
{
    if (!(xy[0] > 0 && xy[1] > 0 && xy[0] + xy[1] < 1))
        return 0;
    ret_xyz[0] = xy[0] / xy[1];
    ret_xyz[1] = 1;
    ret_xyz[2] = (1 - xy[0] - xy[1]) / xy[1];
    return 1;
}

/* Linear RGB to XYZ under its own white. */
static int xyz_of_rgb(const struct light_primaries *primaries, double ret[3][3])
{
    double columns[3][3], inverse[3][3], white[3], amount[3];
    for (int c = 0; c < 3; c++) {
        const double *xy = primaries->xy + 2 + 2 * (ptrdiff_t)c;
        columns[0][c] = xy[0];
        columns[1][c] = xy[1];
        columns[2][c] = 1 - xy[0] - xy[1];
    }
    if (!white_xyz(primaries->xy, white) || !invert((const double(*)[3])columns, inverse))
        return 0;
    apply((const double(*)[3])inverse, white, amount);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            ret[i][c] = columns[i][c] * amount[c];
    return 1;
}

/* XYZ under one white to XYZ under the other. */
static int adaptation(const double from_xy[2], const double to_xy[2], double ret[3][3])
{
    static const double bradford[3][3] = {
        {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}};
    double inverse[3][3], scaled[3][3], from[3], to[3], from_cone[3], to_cone[3];
    if (!white_xyz(from_xy, from) || !white_xyz(to_xy, to) || !invert(bradford, inverse))
        return 0;
    apply(bradford, from, from_cone);
    apply(bradford, to, to_cone);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            scaled[i][j] = bradford[i][j] * to_cone[i] / from_cone[i];
    multiply((const double(*)[3])inverse, (const double(*)[3])scaled, ret);
    return 1;
}

int light_matrix(const struct light_primaries *from, const struct light_primaries *to, double ret_matrix[3][3])
{
    double xyz[3][3], adapt[3][3], adapted[3][3], target[3][3], inverse[3][3], made[3][3];
    if (!xyz_of_rgb(from, xyz) || !xyz_of_rgb(to, target) || !invert((const double(*)[3])target, inverse) ||
        !adaptation(from->xy, to->xy, adapt))
        return 0;
    multiply((const double(*)[3])adapt, (const double(*)[3])xyz, adapted);
    multiply((const double(*)[3])inverse, (const double(*)[3])adapted, made);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (!(fabs(made[i][j]) < 100))
                return 0;
    memcpy(ret_matrix, made, sizeof made);
    return 1;
}

static void to_floats(const double from[3][3], float to[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            to[i][j] = (float)from[i][j];
}

/* ---- Opening ---- */

struct light *light_open(light_curve *curve, const void *const contexts[3], const double to_linear[3][3],
                         enum light_range range)
{
    double to_srgb[3][3];
    struct light *light = scratch_alloc(sizeof *light);
    if (!light)
        return NULL;
    light->range = range;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i <= CURVE_SEGMENTS + 1; i++) {
            const double v = curve(contexts[c], fmin(i / (double)CURVE_SEGMENTS, 1));
            light->curve[c][i] = v > 0 ? (float)fmin(v, 1e4) : 0; /* also where it is no number */
        }
    to_floats(to_linear, light->to_linear);
    light_matrix(&light_primaries_bt2020, &light_primaries_srgb, to_srgb);
    to_floats((const double(*)[3])to_srgb, light->to_srgb);
    srgb_encoded_make(light->encoded);
    light_set_peak(light, HLG_CD_M2);
    return light;
}

void light_set_peak(struct light *light, double peak_cd_m2)
{
    const double peak = peak_cd_m2 > PAPER_CD_M2 ? fmin(peak_cd_m2, 10000) / PAPER_CD_M2 : 1;
    const double headroom = log2(peak) / log2((double)HLG_CD_M2 / PAPER_CD_M2);
    const double paper = 1 - (1 - paper_least) * fmin(headroom, 1);
    /* The middle point lies on the straight line through black and paper, so nothing breaks there. */
    light->tone = (struct tone){(float)paper, (float)(1 + bend * (1 / paper - 1)), (float)(paper + bend * (1 - paper)),
                                (float)peak};
}

void light_close(struct light *light)
{
    scratch_free(light);
}

/* ---- Converting ---- */

/* For x of more than paper. */
static float tone_map(const struct tone *tone, float x)
{
    if (x >= tone->peak)
        return 1;
    const float a = 1 - 2 * tone->middle_in + tone->peak, b = 2 * (tone->middle_in - 1), c = 1 - x;
    const float t = 2 * -c / (b + sqrtf(b * b - 4 * a * c)); /* of a t² + b t + c = 0, also where a is near 0 */
    return tone->paper + t * (2 * (tone->middle_out - tone->paper) + t * (tone->paper - 2 * tone->middle_out + 1));
}

static void mix(const float m[3][3], float v[3][SOME])
{
    for (size_t i = 0; i < SOME; i++) {
        const float r = v[0][i], g = v[1][i], b = v[2][i];
        for (int c = 0; c < 3; c++)
            v[c][i] = m[c][0] * r + m[c][1] * g + m[c][2] * b;
    }
}

/* From linear BT.2020 of whatever brightness to what sRGB can show of it. */
static void lower(const struct light *light, float v[3][SOME], size_t count)
{
    const struct tone *tone = &light->tone;
    for (size_t i = 0; i < count; i++) {
        float gain = 1;
        if (light->range == LIGHT_HIGH_OF_SCENE) {
            const float luminance = 0.2627F * v[0][i] + 0.6780F * v[1][i] + 0.0593F * v[2][i];
            gain = luminance > 0 ? (float)HLG_CD_M2 / PAPER_CD_M2 * powf(luminance, 0.2F) : 0;
        }
        const float largest = gain * fmaxf(v[0][i], fmaxf(v[1][i], v[2][i]));
        gain *= largest > 1 ? tone_map(tone, largest) / largest : tone->paper;
        for (int c = 0; c < 3; c++)
            v[c][i] *= gain;
    }
}

/* SOME pixels at most, in v as linear light before the matrix. */
static void finish(const struct light *light, float v[3][SOME], size_t count, int channels, uint8_t *to)
{
    mix(light->to_linear, v);
    if (light->range != LIGHT_STANDARD) {
        lower(light, v, count);
        mix(light->to_srgb, v);
    }
    const int colours = channels <= 2 ? 1 : 3, first = channels <= 2; /* gray: green is as good as any */
    for (int c = 0; c < colours; c++) {
        int32_t index[SOME];
        for (size_t i = 0; i < SOME; i++)
            index[i] = (int32_t)(fminf(fmaxf(v[first + c][i], 0), 1) * SRGB_LINEAR_ONE + 0.5F);
        for (size_t i = 0; i < count; i++)
            to[i * (size_t)channels + (size_t)c] = light->encoded[index[i]];
    }
}

static float curve_at(const float curve[CURVE_SEGMENTS + 2], uint32_t sample)
{
    const uint32_t at = sample + (sample >> 15); /* 0 to 2^16 */
    const float *from = curve + (at >> 4);
    return from[0] + (from[1] - from[0]) * (float)(at & 15) * (1.0F / 16);
}

void light_convert(const struct light *light, const uint16_t *in, int channels, size_t count, uint8_t *ret_out)
{
    float v[3][SOME] = {{0}};
    const size_t step = (size_t)channels, colours = channels <= 2 ? 1 : 3;
    for (size_t some; count; count -= some, in += some * step, ret_out += some * step) {
        some = count < SOME ? count : SOME;
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < some; i++)
                v[c][i] = curve_at(light->curve[c], in[i * step + (colours == 3 ? c : 0)]);
        finish(light, v, some, channels, ret_out);
        for (size_t i = 0; i < some && step != colours; i++)
            ret_out[i * step + colours] = (uint8_t)((in[i * step + colours] * 255U + 32895) >> 16);
    }
}

void light_convert_bytes(const struct light *light, const uint8_t *in, int channels, size_t count, uint8_t *ret_out)
{
    uint16_t wide[4 * SOME];
    const size_t step = (size_t)channels;
    for (size_t some; count; count -= some, in += some * step, ret_out += some * step) {
        some = count < SOME ? count : SOME;
        for (size_t i = 0; i < some * step; i++)
            wide[i] = (uint16_t)(in[i] * 257);
        light_convert(light, wide, channels, some, ret_out);
    }
}
