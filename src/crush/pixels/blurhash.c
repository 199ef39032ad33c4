/*
 * crush_picture_blurhash: what a picture looks like from far away, in 28 characters, for programs that show it while
 * the picture is on its way. Four cosine waves across and three down, in linear light, each wave a colour: that of the
 * mean in 24 bits, of the others a level out of 19 for each channel, scaled by the strongest and curved so that weak
 * ones keep some. Numbers are written in base 83, from the most significant digit on. It refuses other numbers of
 * waves. Source: https://github.com/woltapp/blurhash/blob/master/Algorithm.md
 */
#include "crush/pixels/cells.h"

#include <math.h>

#include "crush/pixels/srgb.h"

enum { ACROSS = 4, DOWN = 3, WAVES = ACROSS * DOWN, BASE = 83, LEVELS = 19, MIDDLE = 9, STRENGTHS = 82 };

static char *write_digits(char *out, unsigned value, int digits)
{
    static const char alphabet[BASE + 1] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    for (int i = digits - 1; i >= 0; i--, value /= BASE)
        out[i] = alphabet[value % BASE];
    return out + digits;
}

static double between(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Linear light of one cell of each channel, by the inverse of BT.601 as in JFIF. */
static void light_of(double y, double cb, double cr, double ret_rgb[3])
{
    const double rgb[3] = {y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128),
                           y + 1.772 * (cb - 128)};
    for (int c = 0; c < 3; c++)
        ret_rgb[c] = srgb_decode(between(rgb[c], 0, 255) / 255);
}

/* A byte of sRGB for linear light. */
static unsigned coded(double light)
{
    const double v = between(light, 0, 1);
    return (unsigned)lround(255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055));
}

static unsigned level(double value, double strongest)
{
    const double part = value / strongest, curved = part < 0 ? -sqrt(-part) : sqrt(part);
    return (unsigned)between(floor(curved * MIDDLE + MIDDLE + 0.5), 0, LEVELS - 1);
}

static void average(const crush_picture *picture, int plane, double cells[CELLS_SIDE][CELLS_SIDE])
{
    if (picture->planes[plane].px) {
        cells_average(&picture->planes[plane], cells);
        return;
    }
    for (int i = 0; i < CELLS_SIDE * CELLS_SIDE; i++)
        cells[i / CELLS_SIDE][i % CELLS_SIDE] = 128; /* a gray picture has no chroma */
}

void crush_picture_blurhash(const crush_picture *picture, char ret_text[CRUSH_BLURHASH_BYTES])
{
    double cells[PLANE_COUNT][CELLS_SIDE][CELLS_SIDE], waves[WAVES][3] = {{0}}, basis[ACROSS][CELLS_SIDE];
    double strongest = 0;
    for (int plane = 0; plane < PLANE_COUNT; plane++)
        average(picture, plane, cells[plane]);
    for (int k = 0; k < ACROSS; k++)
        for (int n = 0; n < CELLS_SIDE; n++)
            basis[k][n] = cos(M_PI * k * (n + 0.5) / CELLS_SIDE);
    for (int j = 0; j < CELLS_SIDE; j++)
        for (int i = 0; i < CELLS_SIDE; i++) {
            double rgb[3];
            light_of(cells[PLANE_Y][j][i], cells[PLANE_CB][j][i], cells[PLANE_CR][j][i], rgb);
            for (int w = 0; w < WAVES; w++)
                for (int c = 0; c < 3; c++)
                    waves[w][c] += rgb[c] * basis[w % ACROSS][i] * basis[w / ACROSS][j] * (w ? 2 : 1);
        }
    for (int w = 0; w < WAVES; w++)
        for (int c = 0; c < 3; c++) {
            waves[w][c] /= CELLS_SIDE * CELLS_SIDE;
            if (w && fabs(waves[w][c]) > strongest)
                strongest = fabs(waves[w][c]);
        }
    const unsigned strength = (unsigned)between(floor(strongest * 166 - 0.5), 0, STRENGTHS);
    char *out = write_digits(ret_text, (ACROSS - 1) + (DOWN - 1) * 9, 1);
    out = write_digits(out, strength, 1);
    out = write_digits(out, coded(waves[0][0]) << 16 | coded(waves[0][1]) << 8 | coded(waves[0][2]), 4);
    for (int w = 1; w < WAVES; w++) {
        const double most = (strength + 1) / 166.0;
        out = write_digits(
            out, (level(waves[w][0], most) * LEVELS + level(waves[w][1], most)) * LEVELS + level(waves[w][2], most), 2);
    }
    *out = '\0';
}
