/*
 * SSIMULACRA2: see ssimulacra2.h. Six scales, each half of the one before in linear light; on each scale three
 * components of the XYB colour space, and for each of them three maps: what SSIM loses, edges that were not there,
 * edges that are gone. Their means and 4-norms are weighted and bent into the final score.
 *
 * It knows nothing of files, alpha or profiles. Next: score.c.
 */
#include "ssimulacra2.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCALES = 6,
    COMPONENTS = 3,
    LEAST_SIDE_PX = 8, /* below a scale of a smaller side there is no other */
    RADIUS = 4,        /* of the blur */
    LINE_PADDING = 16
};

#define C2 0.0009f /* the constant of SSIM's contrast term */

/* [component][scale][mean, 4-norm][SSIM, new edges, lost edges] */
static const double weights[COMPONENTS][SCALES][2][3] = {
    {
        /* X */
        {{0.0, 0.0007376606707406586, 0.0}, {0.0, 0.0007793481682867309, 0.0}},
        {{0.0, 0.0004371155730107379, 0.0}, {1.1041726426657346, 0.00066284834129271, 0.00015231632783718752}},
        {{0.0, 0.0016406437456599754, 0.0}, {1.8422455520539298, 11.441172603757666, 0.0}},
        {{0.0007989109436015163, 0.000176816438078653, 0.0}, {1.8787594979546387, 10.94906990605142, 0.0}},
        {{0.0007289346991508072, 0.9677937080626833, 0.0},
         {0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053}},
        {{0.0004550992113792063, 0.0, 0.0}, {0.0013648766163243398, 0.0, 0.0}},
    },
    {
        /* Y */
        {{0.0, 0.0, 0.0}, {7.466890328078848, 0.0, 17.445833984131262}},
        {{0.0006235601634041466, 0.0, 0.0}, {6.683678146179332, 0.00037724407979611296, 1.027889937768264}},
        {{225.20515300849274, 0.0, 0.0}, {19.213238186143016, 0.0011401524586618361, 0.001237755635509985}},
        {{176.39317598450694, 0.0, 0.0}, {24.43300999870476, 0.28520802612117757, 0.0004485436923833408}},
        {{0.0, 0.0, 0.0}, {34.77906344483772, 44.835625328877896, 0.0}},
        {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}},
    },
    {
        /* B − Y */
        {{0.0, 0.0008680556573291698, 0.0}, {0.0, 0.0, 0.0}},
        {{0.0, 0.0005313191874358747, 0.0}, {0.00016533814161379112, 0.0, 0.0}},
        {{0.0, 0.0, 0.0}, {0.0004179171803251336, 0.0017290828234722833, 0.0}},
        {{0.0020827005846636437, 0.0, 0.0}, {8.826982764996862, 23.19243343998926, 0.0}},
        {{95.1080498811086, 0.9863978034400682, 0.9834382792465353},
         {0.0012286405048278493, 171.2667255897307, 0.9807858872435379}},
        {{0.0, 0.0, 0.0}, {0.0005130064588990679, 0.0, 0.00010854057858411537}},
    },
};

/* One scale of one picture: components as planes without padding, one after another. */
struct scale {
    uint32_t width_px, height_px;
    float *xyb;
};

struct ssimulacra2 {
    int scale_count;
    struct scale scales[SCALES];
    struct scale mean[SCALES], square[SCALES]; /* blurred, and the blurred square */
};

/* ---- Colour -------------------------------------------------------------------------------------- */

static void fill_linear(float ret_linear[256])
{
    for (int i = 0; i < 256; i++) {
        double v = i / 255.0;
        ret_linear[i] = (float)(v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
}

/* Two steps of Newton's method after a first guess from the bits; the error is below 1e-6 in 0..1. */
static inline float cube_root(float v)
{
    union {
        float f;
        uint32_t bits;
    } guess = {.f = v};
    guess.bits = guess.bits / 3 + 709921077;
    float r = guess.f;
    r = (2 * r + v / (r * r)) * (1.0f / 3);
    r = (2 * r + v / (r * r)) * (1.0f / 3);
    return (2 * r + v / (r * r)) * (1.0f / 3);
}

/* Linear RGB planes to XYB, moved so that every component is about 0..1 and B is B − Y. */
static void to_xyb(const float *restrict linear, size_t count, float *restrict ret_xyb)
{
    const float bias = 0.0037930732552754493f, root = cbrtf(bias);
    const float *r = linear, *g = linear + count, *b = linear + 2 * count;
    for (size_t i = 0; i < count; i++) {
        float l = 0.30f * r[i] + 0.622f * g[i] + 0.078f * b[i] + bias;
        float m = 0.23f * r[i] + 0.692f * g[i] + 0.078f * b[i] + bias;
        float s = 0.24342268924547819f * r[i] + 0.20476744424496821f * g[i] + 0.55180986650955360f * b[i] + bias;
        l = cube_root(l) - root;
        m = cube_root(m) - root;
        s = cube_root(s) - root;
        float y = 0.5f * (l + m);
        ret_xyb[i] = 7 * (l - m) + 0.42f;
        ret_xyb[count + i] = y + 0.01f;
        ret_xyb[2 * count + i] = s - y + 0.55f;
    }
}

/* Halves linear RGB planes in place; odd edges count twice. */
static void halve(float *planes, uint32_t width, uint32_t height)
{
    const uint32_t w = (width + 1) / 2, h = (height + 1) / 2;
    float *to = planes;
    for (int c = 0; c < COMPONENTS; c++) {
        const float *from = planes + (size_t)c * width * height;
        for (uint32_t y = 0; y < h; y++) {
            const float *a = from + (size_t)(2 * y) * width;
            const float *b = 2 * y + 1 < height ? a + width : a;
            for (uint32_t x = 0; x < w; x++) {
                uint32_t right = 2 * x + 1 < width ? 2 * x + 1 : 2 * x;
                *to++ = 0.25f * (a[2 * x] + a[right] + b[2 * x] + b[right]);
            }
        }
    }
}

/* ---- Blur ---------------------------------------------------------------------------------------- */

/*
 * A Gaussian of sigma 1.5 as a sum of three cosines that ends after four pixels (D. Charalampidis, "Recursive
 * Implementation of the Gaussian Filter Using Truncated Cosine Functions", 2016, with N = 5). Beyond the edges is 0.
 */
static const float kernel[RADIUS + 1] = {0.264621105f, 0.212928592f, 0.109335373f, 0.036011115f, 0.009414368f};

/* One row of a blurred plane. line: room for width + 2 × LINE_PADDING, zero at both ends. */
static void blur_row(const float *plane, uint32_t width, uint32_t height, uint32_t y, float *line, float *ret_row)
{
    float *restrict sum = line + LINE_PADDING;
    const float *here = plane + (size_t)y * width;
    for (uint32_t x = 0; x < width; x++)
        sum[x] = kernel[0] * here[x];
    for (uint32_t k = 1; k <= RADIUS; k++) {
        const float *above = here - (size_t)k * width, *below = here + (size_t)k * width;
        const float part = kernel[k];
        if (y >= k && y + k < height)
            for (uint32_t x = 0; x < width; x++)
                sum[x] += part * (above[x] + below[x]);
        else if (y >= k)
            for (uint32_t x = 0; x < width; x++)
                sum[x] += part * above[x];
        else if (y + k < height)
            for (uint32_t x = 0; x < width; x++)
                sum[x] += part * below[x];
    }
    for (uint32_t x = 0; x < width; x++) {
        const float *at = sum + x;
        ret_row[x] = kernel[0] * at[0] + kernel[1] * (at[-1] + at[1]) + kernel[2] * (at[-2] + at[2]) +
                     kernel[3] * (at[-3] + at[3]) + kernel[4] * (at[-4] + at[4]);
    }
}

/* ---- The maps ------------------------------------------------------------------------------------ */

struct sums {
    double mean[3], fourth[3];
};

struct row {
    const float *a, *b, *mean_a, *mean_b, *square_a, *square_b, *product;
};

static void add_row(const struct row *r, uint32_t width, struct sums *sums)
{
    float mean[3] = {0}, fourth[3] = {0};
    for (uint32_t x = 0; x < width; x++) {
        const float ma = r->mean_a[x], mb = r->mean_b[x], difference = ma - mb;
        const float numerator = (1 - difference * difference) * (2 * (r->product[x] - ma * mb) + C2);
        const float denominator = (r->square_a[x] - ma * ma) + (r->square_b[x] - mb * mb) + C2;
        float lost = 1 - numerator / denominator;
        lost = lost > 0 ? lost : 0;
        const float edge = (1 + fabsf(r->b[x] - mb)) / (1 + fabsf(r->a[x] - ma)) - 1;
        const float made = edge > 0 ? edge : 0, gone = edge < 0 ? -edge : 0;
        mean[0] += lost;
        mean[1] += made;
        mean[2] += gone;
        fourth[0] += lost * lost * (lost * lost);
        fourth[1] += made * made * (made * made);
        fourth[2] += gone * gone * (gone * gone);
    }
    for (int i = 0; i < 3; i++) {
        sums->mean[i] += (double)mean[i];
        sums->fourth[i] += (double)fourth[i];
    }
}

/* ---- Pyramids ------------------------------------------------------------------------------------ */

static float *planes_of(uint32_t width, uint32_t height)
{
    return malloc((size_t)width * height * COMPONENTS * sizeof(float));
}

static float *linear_of(const uint8_t *rgb, size_t stride_bytes, uint32_t width, uint32_t height)
{
    float table[256], *linear = planes_of(width, height);
    const size_t count = (size_t)width * height;
    if (!linear)
        return NULL;
    fill_linear(table);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            for (size_t c = 0; c < COMPONENTS; c++)
                linear[c * count + (size_t)y * width + x] = table[rgb[y * stride_bytes + 3 * (size_t)x + c]];
    return linear;
}

/* The blurred components, and of their squares. */
static int blur_scale(const struct scale *from, struct scale *ret_mean, struct scale *ret_square)
{
    const uint32_t width = from->width_px, height = from->height_px;
    const size_t count = (size_t)width * height;
    float *line = calloc(width + 2 * LINE_PADDING, sizeof *line), *squares = planes_of(width, height);
    *ret_mean = *ret_square = *from;
    ret_mean->xyb = planes_of(width, height);
    ret_square->xyb = planes_of(width, height);
    int ok = line && squares && ret_mean->xyb && ret_square->xyb;
    for (size_t i = 0; ok && i < COMPONENTS * count; i++)
        squares[i] = from->xyb[i] * from->xyb[i];
    for (size_t c = 0; ok && c < COMPONENTS; c++)
        for (uint32_t y = 0; y < height; y++) {
            size_t at = c * count + (size_t)y * width;
            blur_row(from->xyb + c * count, width, height, y, line, ret_mean->xyb + at);
            blur_row(squares + c * count, width, height, y, line, ret_square->xyb + at);
        }
    free(line);
    free(squares);
    return ok;
}

struct ssimulacra2 *ssimulacra2_prepare(const uint8_t *rgb, size_t stride_bytes, uint32_t width_px, uint32_t height_px)
{
    struct ssimulacra2 *reference = calloc(1, sizeof *reference);
    float *linear = linear_of(rgb, stride_bytes, width_px, height_px);
    int ok = reference && linear;
    int large = width_px >= LEAST_SIDE_PX && height_px >= LEAST_SIDE_PX;
    for (int s = 0; ok && s < SCALES && large; s++) {
        struct scale *scale = &reference->scales[s];
        *scale = (struct scale){width_px, height_px, planes_of(width_px, height_px)};
        reference->scale_count = s + 1;
        ok = scale->xyb != NULL;
        if (ok) {
            to_xyb(linear, (size_t)width_px * height_px, scale->xyb);
            ok = blur_scale(scale, &reference->mean[s], &reference->square[s]);
            halve(linear, width_px, height_px);
        }
        large = width_px >= LEAST_SIDE_PX && height_px >= LEAST_SIDE_PX;
        width_px = (width_px + 1) / 2;
        height_px = (height_px + 1) / 2;
    }
    free(linear);
    if (!ok) {
        ssimulacra2_free(reference);
        return NULL;
    }
    return reference;
}

void ssimulacra2_free(struct ssimulacra2 *reference)
{
    if (!reference)
        return;
    for (int s = 0; s < SCALES; s++) {
        free(reference->scales[s].xyb);
        free(reference->mean[s].xyb);
        free(reference->square[s].xyb);
    }
    free(reference);
}

/* ---- The score ----------------------------------------------------------------------------------- */

/* Planes of one scale that are needed while comparing. */
struct room {
    float *xyb, *square, *product, *rows, *line;
};

static void compare_component(const struct ssimulacra2 *reference, int s, size_t c, const struct room *room,
                              struct sums *ret_sums)
{
    const struct scale *scale = &reference->scales[s];
    const uint32_t width = scale->width_px, height = scale->height_px;
    const size_t count = (size_t)width * height, first = c * count;
    const float *a = scale->xyb + first, *b = room->xyb + first;
    float *mean_row = room->rows, *square_row = room->rows + width, *product_row = room->rows + 2 * (size_t)width;
    *ret_sums = (struct sums){0};
    for (size_t i = 0; i < count; i++) {
        room->square[i] = b[i] * b[i];
        room->product[i] = a[i] * b[i];
    }
    for (uint32_t y = 0; y < height; y++) {
        const size_t at = (size_t)y * width;
        blur_row(b, width, height, y, room->line, mean_row);
        blur_row(room->square, width, height, y, room->line, square_row);
        blur_row(room->product, width, height, y, room->line, product_row);
        const struct row row = {.a = a + at,
                                .b = b + at,
                                .mean_a = reference->mean[s].xyb + first + at,
                                .mean_b = mean_row,
                                .square_a = reference->square[s].xyb + first + at,
                                .square_b = square_row,
                                .product = product_row};
        add_row(&row, width, ret_sums);
    }
}

static double bend(double weighted)
{
    const double v = weighted * 0.9562382616834844;
    const double bent = 2.326765642916932 * v - 0.020884521182843837 * v * v + 6.248496625763138e-05 * v * v * v;
    return bent > 0 ? 100 - 10 * pow(bent, 0.6276336467831387) : 100;
}

double ssimulacra2_score(const struct ssimulacra2 *reference, const uint8_t *rgb, size_t stride_bytes)
{
    const uint32_t width = reference->scales[0].width_px, height = reference->scales[0].height_px;
    const size_t count = (size_t)width * height;
    float *linear = linear_of(rgb, stride_bytes, width, height);
    struct room room = {planes_of(width, height), malloc(count * sizeof(float)), malloc(count * sizeof(float)),
                        malloc(3 * (size_t)width * sizeof(float)), NULL};
    double weighted = 0;
    int ok = linear && room.xyb && room.square && room.product && room.rows;
    for (int s = 0; ok && s < reference->scale_count; s++) {
        const struct scale *scale = &reference->scales[s];
        const size_t pixels = (size_t)scale->width_px * scale->height_px;
        room.line = calloc(scale->width_px + 2 * LINE_PADDING, sizeof *room.line);
        ok = room.line != NULL;
        if (!ok)
            break;
        to_xyb(linear, pixels, room.xyb);
        for (size_t c = 0; c < COMPONENTS; c++) {
            struct sums sums;
            compare_component(reference, s, c, &room, &sums);
            for (int map = 0; map < 3; map++)
                weighted += weights[c][s][0][map] * sums.mean[map] / (double)pixels +
                            weights[c][s][1][map] * sqrt(sqrt(sums.fourth[map] / (double)pixels));
        }
        free(room.line);
        halve(linear, scale->width_px, scale->height_px);
    }
    free(linear);
    free(room.xyb);
    free(room.square);
    free(room.product);
    free(room.rows);
    return ok ? bend(weighted) : -INFINITY;
}
