/*
 * Colours told by code points. The right values were read from Chromium 156 (software rendering, sRGB display): PNGs
 * with cICP drawn to a canvas, the same as on the screen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crush/pixels/cicp.h"

enum { PATCHES = 7, TOLERANCE = 2 };

static const uint8_t patches[PATCHES][3] = {{208, 96, 48}, {128, 128, 128}, {64, 160, 224}, {0, 0, 255},
                                            {255, 0, 0},   {240, 224, 192}, {16, 32, 48}};

static const struct shown {
    int primaries, transfer;
    uint8_t rgb[PATCHES][3];
} shown[] = {
    {12, 13, {{224, 87, 27}, {128, 128, 128}, {0, 163, 230}, {0, 0, 255}, {255, 0, 0}, {243, 223, 188}, {10, 33, 49}}},
    {9, 13, {{252, 66, 25}, {128, 128, 128}, {0, 167, 231}, {0, 0, 255}, {255, 0, 0}, {252, 222, 187}, {0, 33, 50}}},
    {9, 1, {{251, 50, 0}, {121, 121, 121}, {0, 162, 229}, {0, 0, 255}, {255, 0, 0}, {251, 220, 184}, {0, 21, 38}}},
    {6,
     13,
     {{203, 99, 47}, {128, 128, 128}, {77, 160, 224}, {26, 35, 255}, {248, 36, 0}, {239, 224, 192}, {18, 32, 48}}},
    {4, 4, {{243, 88, 15}, {129, 129, 129}, {0, 169, 230}, {0, 75, 255}, {255, 0, 0}, {250, 222, 190}, {0, 28, 45}}},
    {5, 5, {{201, 72, 25}, {106, 106, 106}, {25, 142, 217}, {0, 0, 254}, {255, 0, 0}, {237, 217, 180}, {1, 10, 24}}},
    {8,
     8,
     {{251, 162, 112}, {188, 188, 188}, {97, 209, 244}, {0, 0, 255}, {255, 0, 0}, {251, 241, 223}, {57, 100, 122}}},
    {10, 13, {{255, 0, 63}, {128, 128, 128}, {0, 213, 229}, {0, 56, 255}, {255, 0, 71}, {255, 205, 188}, {0, 43, 49}}},
    {1, 7, {{213, 112, 66}, {141, 141, 141}, {81, 170, 228}, {0, 0, 255}, {255, 0, 0}, {242, 228, 199}, {34, 50, 66}}},
    {1, 17, {{210, 83, 32}, {118, 118, 118}, {48, 154, 228}, {0, 0, 255}, {255, 0, 0}, {247, 228, 191}, {3, 15, 32}}},
    {9, 16, {{255, 0, 0}, {132, 132, 132}, {0, 90, 255}, {0, 0, 255}, {255, 0, 0}, {255, 189, 98}, {0, 5, 16}}},
    {12, 16, {{255, 0, 0}, {132, 132, 132}, {0, 91, 255}, {0, 0, 255}, {255, 0, 0}, {255, 206, 108}, {0, 5, 16}}},
    {1, 16, {{255, 41, 6}, {132, 132, 132}, {6, 93, 255}, {0, 0, 255}, {255, 0, 0}, {255, 215, 128}, {1, 5, 15}}},
    {9, 18, {{246, 27, 9}, {99, 99, 99}, {0, 127, 226}, {0, 0, 249}, {255, 0, 0}, {255, 203, 146}, {0, 15, 26}}},
    {12, 18, {{220, 66, 10}, {99, 99, 99}, {0, 125, 226}, {0, 0, 250}, {255, 0, 0}, {254, 212, 151}, {1, 15, 27}}},
    {1, 18, {{202, 78, 37}, {99, 99, 99}, {48, 125, 223}, {0, 0, 246}, {255, 0, 0}, {250, 216, 161}, {4, 14, 26}}},
};

/* Grays under PQ (16) and HLG (18) of BT.2020 by the brightest pixel that cLLI names. */
static const uint8_t grays[PATCHES] = {64, 100, 128, 148, 170, 192, 230};

static const struct peak {
    int transfer, cd_m2;
    uint8_t gray[PATCHES];
} peaks[] = {
    {16, 100, {44, 107, 181, 255, 255, 255, 255}}, {16, 300, {41, 100, 171, 240, 255, 255, 255}},
    {16, 600, {35, 88, 150, 212, 248, 255, 255}},  {16, 1500, {30, 76, 132, 187, 222, 245, 255}},
    {16, 4000, {30, 76, 132, 187, 210, 226, 255}}, {18, 100, {62, 104, 137, 165, 205, 255, 255}},
    {18, 300, {58, 98, 129, 155, 193, 242, 255}},  {18, 600, {50, 86, 113, 136, 170, 214, 252}},
    {18, 1500, {43, 75, 99, 120, 150, 189, 226}},  {18, 4000, {43, 75, 99, 120, 150, 189, 213}},
};

static void assert_near(int got, int want, const char *what, int a, int b, int patch)
{
    if (abs(got - want) > TOLERANCE)
        fail_msg("%s %d, %d, patch %d: %d instead of %d", what, a, b, patch, got, want);
}

static void code_points_look_as_in_chromium(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const struct shown *s = &shown[i];
        uint8_t out[PATCHES][3];
        struct light *light = cicp_open(s->primaries, s->transfer);
        assert_non_null(light);
        assert_true(cicp_is_known(s->primaries, s->transfer));
        light_convert_bytes(light, patches[0], 3, PATCHES, out[0]);
        for (int p = 0; p < PATCHES; p++)
            for (int c = 0; c < 3; c++)
                assert_near(out[p][c], s->rgb[p][c], "code points", s->primaries, s->transfer, p);
        light_close(light);
    }
}

static void the_peak_bends_the_tone_curve(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof peaks / sizeof peaks[0]; i++) {
        const struct peak *s = &peaks[i];
        uint8_t out[PATCHES];
        struct light *light = cicp_open(9, s->transfer);
        assert_non_null(light);
        light_set_peak(light, s->cd_m2);
        light_convert_bytes(light, grays, 1, PATCHES, out);
        for (int p = 0; p < PATCHES; p++)
            assert_near(out[p], s->gray[p], "transfer and peak", s->transfer, s->cd_m2, p);
        light_close(light);
    }
}

static void brighter_is_never_darker(void **state)
{
    (void)state;
    static const int cd_m2[] = {0, 203, 204, 500, 1000, 4000, 10000};
    for (int transfer = 16; transfer <= 18; transfer++)
        for (size_t i = 0; i < sizeof cd_m2 / sizeof cd_m2[0]; i++) {
            struct light *light = cicp_open(9, transfer);
            uint8_t before = 0;
            assert_non_null(light);
            light_set_peak(light, cd_m2[i]);
            for (uint32_t v = 0; v < 65536; v += 17) {
                const uint16_t gray = (uint16_t)v;
                uint8_t out;
                light_convert(light, &gray, 1, 1, &out);
                assert_true(out >= before);
                before = out;
            }
            light_close(light);
        }
}

static void unknown_code_points_mean_nothing(void **state)
{
    (void)state;
    static const int unknown[][2] = {{2, 2},   {2, 13},  {12, 2},  {0, 13},  {3, 13},  {12, 0},    {12, 3}, {12, 9},
                                     {12, 10}, {12, 12}, {13, 13}, {23, 13}, {12, 19}, {255, 255}, {-1, -1}};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_false(cicp_is_known(unknown[i][0], unknown[i][1]));
        assert_null(cicp_open(unknown[i][0], unknown[i][1]));
    }
    assert_true(cicp_is_known(1, 13));
    assert_null(cicp_open(1, 13)); /* sRGB: nothing to do */
}

/* 8 and 16 bits, gray and opacity, in place and in pieces: all the same colours. */
static void every_way_gives_the_same(void **state)
{
    (void)state;
    enum { COUNT = 301 };
    struct light *light = cicp_open(12, 16);
    uint16_t wide[4 * COUNT];
    uint8_t bytes[4 * COUNT], out[4 * COUNT], again[4 * COUNT], gray[COUNT], gray_out[COUNT], three[3], three_out[3];
    assert_non_null(light);
    for (int i = 0; i < 4 * COUNT; i++) {
        bytes[i] = (uint8_t)(i * 37 + i / 7);
        wide[i] = (uint16_t)(bytes[i] * 257);
    }
    light_convert(light, wide, 4, COUNT, out);
    memcpy(again, bytes, sizeof again);
    light_convert_bytes(light, again, 4, COUNT, again);
    assert_memory_equal(out, again, sizeof out);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(out[4 * i + 3], bytes[4 * i + 3]);
        light_convert_bytes(light, bytes + 4 * (ptrdiff_t)i, 3, 1, three_out);
        assert_memory_equal(three_out, out + 4 * (ptrdiff_t)i, 3);
        gray[i] = bytes[4 * i];
    }
    light_convert_bytes(light, gray, 1, COUNT, gray_out);
    for (int i = 0; i < COUNT; i++) {
        memset(three, gray[i], 3);
        light_convert_bytes(light, three, 3, 1, three_out);
        assert_true(abs(three_out[0] - gray_out[i]) <= 1 && three_out[1] == gray_out[i]);
    }
    light_close(light);
}

static void impossible_primaries_have_no_matrix(void **state)
{
    (void)state;
    double matrix[3][3];
    const struct light_primaries line = {{0.3127, 0.3290, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3}},
                                 white = {{0.3, 0, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}};
    assert_false(light_matrix(&line, &light_primaries_srgb, matrix));
    assert_false(light_matrix(&white, &light_primaries_srgb, matrix));
    assert_true(light_matrix(&light_primaries_bt2020, &light_primaries_srgb, matrix));
    for (int i = 0; i < 3; i++) /* white stays white */
        assert_true(matrix[i][0] + matrix[i][1] + matrix[i][2] > 0.9999 &&
                    matrix[i][0] + matrix[i][1] + matrix[i][2] < 1.0001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_look_as_in_chromium), cmocka_unit_test(the_peak_bends_the_tone_curve),
        cmocka_unit_test(brighter_is_never_darker),        cmocka_unit_test(unknown_code_points_mean_nothing),
        cmocka_unit_test(every_way_gives_the_same),        cmocka_unit_test(impossible_primaries_have_no_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
