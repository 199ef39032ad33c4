/* The plane scaler: flat stays flat, ramps stay ramps, copies are exact, what was not delivered is filled. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "crush/pixels/scale.h"

typedef uint8_t sample_function(uint32_t x, uint32_t y);

static uint8_t white(uint32_t x, uint32_t y)
{
    (void)x;
    (void)y;
    return 255;
}

static uint8_t black(uint32_t x, uint32_t y)
{
    (void)x;
    (void)y;
    return 0;
}

static uint8_t noise(uint32_t x, uint32_t y)
{
    uint32_t v = (x * 2654435761u) ^ (y * 40503u + 12345u);
    v ^= v >> 15;
    v *= 2246822519u;
    return (uint8_t)(v >> 24);
}

static uint8_t ramp_x(uint32_t x, uint32_t y)
{
    (void)y;
    return (uint8_t)(x / 4);
}

static uint8_t ramp_y(uint32_t x, uint32_t y)
{
    (void)x;
    return (uint8_t)(y / 4);
}

static struct plane scaled(struct scale_axis x, struct scale_axis y, uint32_t rows, sample_function *sample)
{
    struct plane plane;
    struct scale *scale;
    uint8_t *row = malloc(x.in_px); /* exactly: a sanitizer sees reads beyond */
    assert_non_null(row);
    assert_int_equal(plane_alloc_fine(&plane, x.out_px, y.out_px), CRUSH_OK);
    assert_int_equal(scale_create(&x, &y, &plane, &scale), CRUSH_OK);
    assert_true(scale_memory_bytes(&x, &y) > 0);
    for (uint32_t r = 0; r < rows; r++) {
        for (uint32_t i = 0; i < x.in_px; i++)
            row[i] = sample(i, r);
        scale_push_row(scale, row);
    }
    scale_finish(scale, 77);
    assert_int_equal(scale_rows_pushed(scale), y.in_px);
    scale_destroy(scale);
    free(row);
    return plane;
}

static struct scale_axis axis(uint32_t in_px, uint32_t out_px)
{
    return (struct scale_axis){in_px, out_px, in_px, 1};
}

static const uint32_t sizes[][2] = {{1, 1},   {2, 1},    {3, 2},     {17, 16},    {640, 639}, {1000, 640},
                                    {33, 31}, {100, 25}, {1001, 99}, {2000, 3},   {50000, 1}, {7, 7},
                                    {5, 9},   {1, 4},    {4096, 64}, {1037, 518}, {63, 21},   {9, 8}};

static void flat_stays_flat_at_every_ratio(void **state)
{
    (void)state;
    sample_function *const flats[] = {white, black};
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j += 5) {
                struct plane p =
                    scaled(axis(sizes[i][0], sizes[i][1]), axis(sizes[j][0], sizes[j][1]), sizes[j][0], flats[f]);
                for (uint32_t y = 0; y < p.height_px; y++)
                    for (uint32_t x = 0; x < p.width_px; x++)
                        assert_int_equal(p.px[y * p.stride_bytes + x], flats[f](0, 0));
                plane_free(&p);
            }
}

/* The largest sums: white at a ratio where the mean before is as wide as it gets. */
static void sums_do_not_overflow(void **state)
{
    (void)state;
    struct plane p = scaled(axis(10000, 1), axis(10000, 1), 10000, white);
    assert_int_equal(p.px[0], 255);
    plane_free(&p);
}

static void equal_sizes_are_copied(void **state)
{
    (void)state;
    struct plane p = scaled(axis(123, 123), axis(45, 45), 45, noise);
    for (uint32_t y = 0; y < 45; y++)
        for (uint32_t x = 0; x < 123; x++) {
            assert_int_equal(p.px[y * p.stride_bytes + x], noise(x, y));
            assert_int_equal(p.fine[y * p.stride_bytes + x], FINE_NONE);
        }
    plane_free(&p);
    struct scale_axis near = axis(123, 123); /* less than a thousandth of a sample is nothing */
    near.extent_px += 0.0009;
    p = scaled(near, near, 123, noise);
    for (uint32_t y = 0; y < 123; y++)
        for (uint32_t x = 0; x < 123; x++)
            assert_int_equal(p.px[y * p.stride_bytes + x], noise(x, y));
    plane_free(&p);
    /* one direction alone: the filter must give the same bytes */
    p = scaled(axis(123, 123), axis(90, 45), 90, ramp_x);
    for (uint32_t x = 0; x < 123; x++)
        assert_int_equal(p.px[20 * p.stride_bytes + x], ramp_x(x, 0));
    plane_free(&p);
}

/* What comes with its fine keeps it where rows are copied; elsewhere, and where there is no room for it, px are the
 * same. */
static void fine_is_copied_or_left(void **state)
{
    (void)state;
    enum { IN = 40 };
    for (uint32_t out = 30; out <= IN; out += 10)
        for (int has_fine = 0; has_fine < 2; has_fine++) {
            const struct scale_axis a = axis(IN, out);
            struct plane plain = scaled(a, a, IN, noise), plane;
            struct scale *scale;
            assert_int_equal((has_fine ? plane_alloc_fine : plane_alloc)(&plane, out, out), CRUSH_OK);
            assert_int_equal(scale_create(&a, &a, &plane, &scale), CRUSH_OK);
            assert_int_equal(scale_copies(&a, &a), out == IN);
            assert_int_equal(scale_copies_rows(scale), out == IN);
            for (uint32_t y = 0; y < IN + 2; y++) { /* rows beyond the last are ignored */
                uint8_t row[IN], fine[IN];
                for (uint32_t x = 0; x < IN; x++) {
                    row[x] = noise(x, y);
                    fine[x] = (uint8_t)(x + 3 * y);
                }
                scale_push_row_fine(scale, row, fine);
            }
            for (uint32_t y = 0; y < out; y++)
                for (uint32_t x = 0; x < out; x++) {
                    const size_t at = y * plane.stride_bytes + x;
                    assert_int_equal(plane.px[at], plain.px[at]);
                    if (has_fine)
                        assert_int_equal(plane.fine[at], out == IN ? (uint8_t)(x + 3 * y) : plain.fine[at]);
                }
            scale_destroy(scale);
            plane_free(&plane);
            plane_free(&plain);
        }
}

/* A linear ramp must come out as the same ramp, at the right place: half a sample off would be 0.6 levels here. */
static void ramps_keep_their_place(void **state)
{
    (void)state;
    static const uint32_t outs[] = {1000, 640, 500, 333, 200, 100, 37};
    for (size_t i = 0; i < sizeof outs / sizeof outs[0]; i++) {
        struct plane across = scaled(axis(1020, outs[i]), axis(8, 8), 8, ramp_x);
        struct plane down = scaled(axis(8, 8), axis(1020, outs[i]), 1020, ramp_y);
        const double ratio = 1020.0 / outs[i];
        for (uint32_t o = outs[i] / 8; o < outs[i] - outs[i] / 8; o++) {
            const double want = ((o + 0.5) * ratio - 0.5 - 1.5) / 4; /* x / 4 rounds down by 1.5 / 4 on average */
            assert_true(fabs(across.px[o] - want) < 1.2);
            assert_true(fabs(down.px[o * down.stride_bytes] - want) < 1.2);
        }
        plane_free(&across);
        plane_free(&down);
    }
}

/* 1001 columns that stand for 1000.25: the same picture as 4001 columns, so places differ from 1001 to 640. */
static void extents_move_samples(void **state)
{
    (void)state;
    struct scale_axis x = {1001, 640, 990, 1};
    struct plane p = scaled(x, axis(4, 4), 4, ramp_x);
    const double want = ((600 + 0.5) * 990 / 640 - 2) / 4;
    assert_true(fabs(p.px[600] - want) < 1.2);
    plane_free(&p);
}

static void missing_rows_repeat_the_last(void **state)
{
    (void)state;
    struct plane p = scaled(axis(64, 32), axis(640, 320), 200, ramp_y);
    for (uint32_t y = 110; y < 320; y++)
        assert_int_equal(p.px[y * p.stride_bytes + 5], ramp_y(0, 199));
    plane_free(&p);
    p = scaled(axis(64, 32), axis(64, 32), 0, white);
    assert_int_equal(p.px[3 * p.stride_bytes + 3], 77);
    plane_free(&p);
}

/* Against the filter computed plainly in floating point. */
static double lanczos(double t)
{
    t = fabs(t);
    return t < 1e-9 ? 1 : t >= 3 ? 0 : 3 * sin(M_PI * t) * sin(M_PI * t / 3) / (M_PI * M_PI * t * t);
}

static void agrees_with_plain_lanczos(void **state)
{
    (void)state;
    enum { IN = 150, OUT = 97 };
    struct plane p = scaled(axis(IN, OUT), axis(IN, OUT), IN, noise);
    const double ratio = (double)IN / OUT;
    double worst = 0, worst_fine = 0;
    for (int oy = 4; oy < OUT - 4; oy++)
        for (int ox = 4; ox < OUT - 4; ox++) {
            const double cx = (ox + 0.5) * ratio - 0.5, cy = (oy + 0.5) * ratio - 0.5;
            double sum = 0, weight = 0;
            for (int y = (int)(cy - 6); y <= (int)(cy + 6); y++)
                for (int x = (int)(cx - 6); x <= (int)(cx + 6); x++) {
                    const double w = lanczos((x - cx) / ratio) * lanczos((y - cy) / ratio);
                    sum += w * noise((uint32_t)x, (uint32_t)y);
                    weight += w;
                }
            double want = sum / weight;
            want = want < 0 ? 0 : want > 255 ? 255 : want;
            const size_t at = (size_t)oy * p.stride_bytes + (size_t)ox;
            const double off = fabs(p.px[at] - want), off_fine = fabs(p.px[at] + (p.fine[at] - 128) / 256.0 - want);
            worst = off > worst ? off : worst;
            worst_fine = off_fine > worst_fine ? off_fine : worst_fine;
        }
    plane_free(&p);
    assert_true(worst < 1.0);
    assert_true(worst_fine < 0.35);
}

static uint8_t steps(uint32_t x, uint32_t y)
{
    return (x / 3 + y / 5) % 2 ? 235 : 16;
}

/* Twice as large: three quarters of the nearer sample and one of the other, so that no edge overshoots. */
static void enlarges_linearly(void **state)
{
    (void)state;
    enum { IN = 24, OUT = 48 };
    struct plane p = scaled(axis(IN, OUT), axis(IN, OUT), IN, steps);
    double worst = 0;
    for (int oy = 0; oy < OUT; oy++)
        for (int ox = 0; ox < OUT; ox++) {
            const int x = ox / 2, y = oy / 2, x2 = x + (ox % 2 ? 1 : -1), y2 = y + (oy % 2 ? 1 : -1);
            const uint32_t nx = (uint32_t)(x2 < 0 ? 0 : x2 >= IN ? IN - 1 : x2);
            const uint32_t ny = (uint32_t)(y2 < 0 ? 0 : y2 >= IN ? IN - 1 : y2);
            const double want = (9 * steps((uint32_t)x, (uint32_t)y) + 3 * steps(nx, (uint32_t)y) +
                                 3 * steps((uint32_t)x, ny) + steps(nx, ny)) /
                                16.0;
            const double off = fabs(p.px[(size_t)oy * p.stride_bytes + (size_t)ox] - want);
            worst = off > worst ? off : worst;
        }
    plane_free(&p);
    assert_true(worst < 1.0);
}

/* Where the ratio is one of small numbers the tables repeat themselves; an extent that is off by nothing forbids that.
 */
static void repeated_tables_are_those_of_each_sample(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {{640, 240}, {1512, 640}, {150, 100}, {3000, 240}, {9, 6}, {100, 150}, {64, 48}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct scale_axis once = axis(pairs[i][0], pairs[i][1]), each = once;
        each.extent_px += 1e-9;
        struct plane a = scaled(once, once, once.in_px, noise), b = scaled(each, each, each.in_px, noise);
        for (uint32_t row = 0; row < a.height_px; row++)
            assert_memory_equal(a.px + row * a.stride_bytes, b.px + row * b.stride_bytes, a.width_px);
        plane_free(&a);
        plane_free(&b);
    }
}

/*
 * How much of a wave of `cycles` across the picture is left after scaling, of what a plain Lanczos would leave: the
 * mean before the Lanczos dims it, and the sharpening makes up for that.
 */
static double wave_left(uint32_t in_px, uint32_t out_px, uint32_t box_before, double cycles, int down)
{
    enum { ACROSS = 8 };
    const double samples = (double)in_px * box_before;
    struct scale_axis along = {in_px, out_px, in_px, box_before}, across = axis(ACROSS, ACROSS);
    struct plane plane;
    struct scale *scale;
    uint8_t *wave = malloc(in_px), row[ACROSS];
    assert_non_null(wave);
    for (uint32_t i = 0; i < in_px; i++) {
        double sum = 0;
        for (uint32_t b = 0; b < box_before; b++)
            sum += cos(2 * M_PI * cycles * (i * box_before + b + 0.5) / samples);
        wave[i] = (uint8_t)lrint(128 + 120 * sum / box_before);
    }
    assert_int_equal(plane_alloc(&plane, down ? ACROSS : out_px, down ? out_px : ACROSS), CRUSH_OK);
    assert_int_equal(scale_create(down ? &across : &along, down ? &along : &across, &plane, &scale), CRUSH_OK);
    for (uint32_t r = 0; r < (down ? in_px : ACROSS); r++) {
        for (int i = 0; down && i < ACROSS; i++)
            row[i] = wave[r];
        scale_push_row(scale, down ? row : wave);
    }
    scale_finish(scale, 0);
    scale_destroy(scale);
    free(wave);
    /* the best fit of the same wave, away from the edges */
    double product = 0, square = 0;
    for (uint32_t o = out_px / 8; o < out_px - out_px / 8; o++) {
        const double want = cos(2 * M_PI * cycles * (o + 0.5) / out_px);
        const double got = plane.px[down ? o * plane.stride_bytes + 3 : 3 * plane.stride_bytes + o] - 128.0;
        product += got * want;
        square += want * want;
    }
    plane_free(&plane);
    double plain = 0, weight = 0;
    const double ratio = samples / out_px;
    for (int i = (int)(-3 * ratio); i <= (int)(3 * ratio); i++) {
        plain += lanczos(i / ratio) * cos(2 * M_PI * cycles * i / samples);
        weight += lanczos(i / ratio);
    }
    return product / square / 120 / (plain / weight);
}

/* A quarter of the highest frequency: the mean takes 2.4 % of it in one direction, half of the sharpening gives back
   1.2. */
static void the_mean_before_dims_nothing(void **state)
{
    (void)state;
    for (int down = 0; down < 2; down++) {
        assert_true(fabs(wave_left(1024, 128, 1, 32, down) - 1) < 0.005); /* means of 4 before */
        assert_true(fabs(wave_left(256, 128, 8, 32, down) - 1) < 0.005);  /* the decoder made means of 8 */
        assert_true(fabs(wave_left(256, 128, 1, 32, down) - 1) < 0.005);  /* none */
    }
}

static uint8_t faint(uint32_t x, uint32_t y)
{
    return (uint8_t)(100 + noise(x, y) % 4);
}

/* Products are cut off at the last bit; what stands for half of it is added, so that no picture becomes darker. */
static void what_is_cut_off_dims_nothing(void **state)
{
    (void)state;
    struct plane p = scaled(axis(1500, 640), axis(600, 256), 600, faint);
    double before = 0, after = 0;
    for (uint32_t y = 0; y < 600; y++)
        for (uint32_t x = 0; x < 1500; x++)
            before += faint(x, y) / (1500.0 * 600);
    for (uint32_t y = 0; y < 256; y++)
        for (uint32_t x = 0; x < 640; x++)
            after += p.px[y * p.stride_bytes + x] / (640.0 * 256);
    plane_free(&p);
    assert_true(fabs(after - before) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_stays_flat_at_every_ratio),
        cmocka_unit_test(sums_do_not_overflow),
        cmocka_unit_test(equal_sizes_are_copied),
        cmocka_unit_test(fine_is_copied_or_left),
        cmocka_unit_test(ramps_keep_their_place),
        cmocka_unit_test(extents_move_samples),
        cmocka_unit_test(missing_rows_repeat_the_last),
        cmocka_unit_test(agrees_with_plain_lanczos),
        cmocka_unit_test(enlarges_linearly),
        cmocka_unit_test(repeated_tables_are_those_of_each_sample),
        cmocka_unit_test(the_mean_before_dims_nothing),
        cmocka_unit_test(what_is_cut_off_dims_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
