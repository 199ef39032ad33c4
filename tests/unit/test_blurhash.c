/*
 * The blurhash of a picture: known values of pictures of one colour, and for others what it is decoded to, by a decoder
 * of the test's own made from the public description.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crush/pixels/picture.h"
#include "crush/pixels/srgb.h"
#include "crush/pixels/ycc.h"

enum { SIDE = 96, WAVES = 12 };

typedef void painter(int x, int y, uint8_t ret_rgb[3]);

static void hash_of(painter *paint, int is_gray, int halves, char ret_text[CRUSH_BLURHASH_BYTES])
{
    struct crush_picture picture = {0};
    const uint32_t chroma_side = halves ? SIDE / 2 : SIDE;
    assert_int_equal(plane_alloc(&picture.planes[PLANE_Y], SIDE, SIDE), CRUSH_OK);
    for (int p = PLANE_CB; p <= PLANE_CR && !is_gray; p++)
        assert_int_equal(plane_alloc(&picture.planes[p], chroma_side, chroma_side), CRUSH_OK);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            uint8_t rgb[3], ycc[3];
            paint(x, y, rgb);
            ycc_from_rgb(rgb, 3, 1, &ycc[0], &ycc[1], &ycc[2]);
            picture.planes[PLANE_Y].px[(size_t)y * picture.planes[PLANE_Y].stride_bytes + (size_t)x] = ycc[0];
            for (int p = PLANE_CB; p <= PLANE_CR && !is_gray; p++) {
                const size_t row = (size_t)(halves ? y / 2 : y), column = (size_t)(halves ? x / 2 : x);
                picture.planes[p].px[row * picture.planes[p].stride_bytes + column] = ycc[p];
            }
        }
    crush_picture_blurhash(&picture, ret_text);
    for (int p = 0; p < PLANE_COUNT; p++)
        plane_free(&picture.planes[p]);
}

static unsigned digits(const char *text, int count)
{
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    unsigned value = 0;
    for (int i = 0; i < count; i++) {
        const char *at = strchr(alphabet, text[i]);
        assert_non_null(at);
        value = value * 83 + (unsigned)(at - alphabet);
    }
    return value;
}

/* The colour at a place of a decoded blurhash, 0 to 255 a channel; u and v from 0 to 1. */
static void decoded(const char *text, double u, double v, double ret_rgb[3])
{
    double light[3] = {0};
    assert_int_equal(strlen(text), 28);
    assert_int_equal(digits(text, 1), 3 + 2 * 9);
    const double most = (digits(text + 1, 1) + 1) / 166.0;
    for (int w = 0; w < WAVES; w++) {
        const unsigned value = w ? digits(text + 6 + 2 * (w - 1), 2) : digits(text + 2, 4);
        const unsigned of[3] = {w ? value / 361 : value >> 16, w ? value / 19 % 19 : value >> 8 & 255,
                                w ? value % 19 : value & 255};
        for (int c = 0; c < 3; c++) {
            const double level = ((double)of[c] - 9) / 9;
            const double strength = w ? copysign(level * level, level) * most : srgb_decode(of[c] / 255.0);
            light[c] += strength * cos(M_PI * (w % 4) * u) * cos(M_PI * (w / 4) * v);
        }
    }
    for (int c = 0; c < 3; c++) {
        const double l = fmin(fmax(light[c], 0), 1);
        ret_rgb[c] = 255 * (l <= 0.0031308 ? l * 12.92 : 1.055 * pow(l, 1 / 2.4) - 0.055);
    }
}

static void black(int x, int y, uint8_t rgb[3])
{
    (void)x, (void)y;
    memset(rgb, 0, 3);
}

static void white(int x, int y, uint8_t rgb[3])
{
    (void)x, (void)y;
    memset(rgb, 255, 3);
}

static void across(int x, int y, uint8_t rgb[3])
{
    (void)y;
    rgb[0] = (uint8_t)(40 + 2 * x);
    rgb[1] = 60;
    rgb[2] = (uint8_t)(220 - 2 * x);
}

static void down(int x, int y, uint8_t rgb[3])
{
    (void)x;
    memset(rgb, 20 + 2 * y, 3);
}

/* One colour: the mean, in four digits, and waves that are silent. */
static void known_values(void **state)
{
    char text[CRUSH_BLURHASH_BYTES];
    (void)state;
    hash_of(black, 0, 0, text);
    assert_string_equal(text, "L00000fQfQfQfQfQfQfQfQfQfQfQ");
    hash_of(white, 0, 1, text);
    assert_memory_equal(text + 2, "TSUA", 4);
    hash_of(white, 1, 0, text);
    assert_memory_equal(text + 2, "TSUA", 4);
}

/* In linear light, in which the waves are: dark colours look further off than they are. */
static void near(const char *text, painter *paint)
{
    for (int y = 0; y < SIDE; y += 12)
        for (int x = 0; x < SIDE; x += 12) {
            double rgb[3];
            uint8_t was[3];
            decoded(text, (x + 0.5) / SIDE, (y + 0.5) / SIDE, rgb);
            paint(x, y, was);
            for (int c = 0; c < 3; c++)
                if (fabs(srgb_decode(rgb[c] / 255) - srgb_decode(was[c] / 255.0)) > 0.06)
                    fail_msg("%s at %d, %d: channel %d is %.0f and was %d", text, x, y, c, rgb[c], was[c]);
        }
}

/* What changes slowly comes back nearly as it was, and in the right place. */
static void gradients_come_back(void **state)
{
    char text[CRUSH_BLURHASH_BYTES];
    (void)state;
    hash_of(across, 0, 0, text);
    near(text, across);
    hash_of(across, 0, 1, text);
    near(text, across);
    hash_of(down, 1, 0, text);
    near(text, down);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_values), cmocka_unit_test(gradients_come_back)};
    return cmocka_run_group_tests_name("blurhash", tests, NULL, NULL);
}
