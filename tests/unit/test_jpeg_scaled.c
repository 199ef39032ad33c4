/*
 * The parts of our scaled JPEG decoder one by one; as a whole it is compared with libjpeg in
 * tests/fuzz/differential_jpeg.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

#include <cmocka.h>

#include <stdio.h>

#include <jpeglib.h>

#include "crush/jpeg/bits.h"
#include "crush/jpeg/lanes.h"
#include "crush/jpeg/plan.h"
#include "crush/jpeg/reconstruct.h"
#include "crush/jpeg/scaled.h"
#include "crush/pixels/scratch.h"
#include "crush/jpeg/tables.h"

/* ---- Headers ---- */

static void test_tables_are_read(void **state)
{
    (void)state;
    struct jpeg_tables t = {0};
    uint8_t data[2 + 67 + 2 + 22 + 6] = {0xFF, 0xDB, 0, 67, 2};
    for (int i = 0; i < 64; i++)
        data[5 + i] = (uint8_t)(i + 1);
    const uint8_t rest[] = {0xFF, 0xC4, 0, 22, 0x13, 0, 1, 2, 0, 0,    0,    0, 0, 0, 0,
                            0,    0,    0, 0,  0,    0, 1, 2, 3, 0xFF, 0xDD, 0, 4, 1, 44};
    assert_int_equal(sizeof data, 69 + sizeof rest);
    memcpy(data + 69, rest, sizeof rest);
    assert_true(jpeg_tables_read(data, 0, sizeof data, &t));
    assert_true(t.quant[2].present && t.quant[2].steps[0] == 1 && t.quant[2].steps[63] == 64);
    assert_true(t.ac[3].present && !t.dc[3].present);
    assert_int_equal(t.ac[3].counts[3], 2);
    assert_int_equal(t.ac[3].symbols[2], 3);
    assert_int_equal(t.restart_interval, 300);
}

static void test_broken_tables_are_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } broken[] = {
        {"\xFF\xDB\x00\x43\x00", 5}, /* quantisation ends early */
        {"\xFF\xDB\x00\x01", 4},     /* length below its own */
        {"\xFF\xDB", 2},             /* no length */
        {"\xFF\xDB\x00", 3},
        {"\xFF\xDB\x00\x03\x04", 5},                                    /* table number 4 */
        {"\xFF\xC4\x00\x13\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05", 21}, /* five symbols, none there */
        {"\xFF\xC4\x00\x13\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 21},   /* class 2 */
        {"\xFF\xDD\x00\x05\x01\x02\x03", 7},                            /* restart interval of three bytes */
        {"\xFF\xCC\x00\x04\x00\x10", 6},                                /* arithmetic conditioning */
        {"\xFF\xDC\x00\x04\x00\x10", 6},                                /* number of lines */
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct jpeg_tables t = {0};
        uint8_t *exact = malloc(broken[i].size);
        assert_non_null(exact);
        memcpy(exact, broken[i].bytes, broken[i].size);
        assert_false(jpeg_tables_read(exact, 0, broken[i].size, &t));
        free(exact);
    }
}

static void test_scan_header(void **state)
{
    (void)state;
    const uint8_t good[] = {0, 0xFF, 0xDA, 0, 10, 2, 7, 0x12, 9, 0x30, 1, 5, 0x21};
    struct jpeg_scan_header h;
    assert_true(jpeg_scan_header_read(good, sizeof good, 1, &h));
    assert_int_equal(h.component_count, 2);
    assert_int_equal(h.components[0].id, 7);
    assert_int_equal(h.components[0].dc, 1);
    assert_int_equal(h.components[0].ac, 2);
    assert_int_equal(h.components[1].dc, 3);
    assert_true(h.first == 1 && h.last == 5 && h.high == 2 && h.low == 1);
    assert_int_equal(h.data, sizeof good);
    for (size_t size = 0; size < sizeof good; size++)
        assert_false(jpeg_scan_header_read(good, size, 1, &h));
}

/* ---- Huffman tables ---- */

/* 00: end, 01: (0, 2), 100: (1, 1), 1010: (15, 0), 1011: (2, 10), 110…0: a code of 13 bits */
static const struct jpeg_huffman_spec ac_spec = {.present = 1,
                                                 .counts = {0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                                 .symbols = {0x00, 0x02, 0x11, 0xF0, 0x2A, 0x31}};

static const uint8_t zeros[16];

static uint64_t word_of(const char *bits)
{
    uint64_t word = 0;
    int at = 63;
    for (; *bits; bits++)
        if (*bits != ' ')
            word |= (uint64_t)(*bits == '1') << at--;
    return word;
}

static void test_symbols(void **state)
{
    (void)state;
    struct huffman_table t;
    huffman_table_make(&ac_spec, HUFFMAN_AC, &t);
    static const struct {
        const char *bits;
        uint32_t take, move;
        int value;
    } symbols[] = {
        {"00", 2, HUFFMAN_END, 0},     {"01 11", 4, 1, 3},  {"01 10", 4, 1, 2},
        {"01 00", 4, 1, -3},           {"01 01", 4, 1, -2}, {"100 1", 4, 2, 1},
        {"100 0", 4, 2, -1},           {"1010", 4, 16, 0},  {"1011 1000000001", 14, 3, 513},
        {"1100000000000 1", 14, 4, 1},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        struct bits bits = {.word = word_of(symbols[i].bits), .left = 63, .next = zeros};
        const uint32_t entry = bits_symbol(&bits, &t);
        assert_int_equal(entry & 63, symbols[i].take);
        assert_int_equal(entry >> 10, symbols[i].move);
        assert_int_equal(bits_value(bits.word, entry), symbols[i].value);
        assert_int_equal(bits.invalid, 0);
    }
    struct bits bits = {.word = word_of("111"), .left = 63, .next = zeros};
    assert_int_equal(bits_symbol(&bits, &t), HUFFMAN_INVALID);
    assert_int_equal(bits.invalid, 1);
}

/* What a skip entry says must be what single symbols say, one after the other. */
static void test_skip_is_the_sum_of_symbols(void **state)
{
    (void)state;
    struct huffman_table t;
    struct huffman_skip skip;
    huffman_table_make(&ac_spec, HUFFMAN_AC, &t);
    huffman_skip_make(&ac_spec, &skip);
    unsigned several = 0;
    for (uint32_t i = 0; i < 1 << SKIP_BITS; i++) {
        const uint32_t entry = skip.entry[i];
        uint32_t taken = 0, move = 0, symbols = 0;
        if (entry >> 6 == SKIP_LONG) {
            assert_int_equal(entry & 63, 0);
            continue;
        }
        while (taken < (entry & 63)) {
            struct bits bits = {.word = (uint64_t)i << (64 - SKIP_BITS) << taken, .left = 63, .next = zeros};
            const uint32_t symbol = bits_symbol(&bits, &t);
            taken += symbol & 63;
            move += symbol >> 10 == HUFFMAN_END ? SKIP_END : symbol >> 10;
            symbols++;
        }
        assert_int_equal(taken, entry & 63);
        assert_int_equal(move, entry >> 6);
        several += symbols > 1;
    }
    assert_true(several > 1000);
}

static void test_codes_that_are_none(void **state)
{
    (void)state;
    struct jpeg_huffman_spec spec = {.present = 1, .counts = {0, 1, 1}};
    assert_true(huffman_spec_is_valid(&spec, HUFFMAN_AC));
    spec.counts[2] = 2; /* 0, 10, 11: all ones */
    assert_false(huffman_spec_is_valid(&spec, HUFFMAN_AC));
    spec.counts[2] = 3;
    assert_false(huffman_spec_is_valid(&spec, HUFFMAN_AC));
    spec = (struct jpeg_huffman_spec){.present = 1, .counts = {0, 1}, .symbols = {16}};
    assert_true(huffman_spec_is_valid(&spec, HUFFMAN_AC));
    assert_false(huffman_spec_is_valid(&spec, HUFFMAN_DC));
    spec.present = 0;
    assert_false(huffman_spec_is_valid(&spec, HUFFMAN_AC));
}

/* ---- Bits ---- */

static struct bits_window window;

static uint32_t read_byte(void)
{
    struct bits bits = window.bits;
    if (!bits_ready(&window, &bits))
        return 256;
    bits_refill(&bits);
    const uint32_t byte = (uint32_t)(bits.word >> 56);
    bits_take(&bits, 8);
    window.bits = bits;
    return byte;
}

static void test_unstuffing_over_many_windows(void **state)
{
    (void)state;
    const size_t count = 5 * BITS_WINDOW + 77;
    uint8_t *raw = malloc(2 * count);
    assert_non_null(raw);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = (uint8_t)(i % 5 ? i * 31 >> 3 : 0xFF);
        raw[size++] = byte;
        if (byte == 0xFF)
            raw[size++] = 0;
    }
    memset(&window, 0, sizeof window);
    bits_begin(&window, raw, raw + size, BITS_WINDOW);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(read_byte(), (uint8_t)(i % 5 ? i * 31 >> 3 : 0xFF));
    assert_false(window.damaged);
    assert_int_equal(read_byte(), 0);   /* one MCU of zeros, */
    assert_int_equal(read_byte(), 256); /* then no more */
    assert_true(window.damaged);
    free(raw);
}

static void test_restarts(void **state)
{
    (void)state;
    /* In order; then RST1 twice (passed over), RST3 instead of RST2 (an interval lost), the end. */
    static const uint8_t raw[] = {1, 0xFF, 0xD0, 2, 0xFF, 0xD1, 3, 0xFF, 0xD1, 9, 0xFF, 0xD3, 4, 0xFF, 0xD9};
    memset(&window, 0, sizeof window);
    bits_begin(&window, raw, raw + sizeof raw, BITS_WINDOW);
    assert_int_equal(read_byte(), 1);
    bits_restart(&window);
    assert_int_equal(read_byte(), 2);
    bits_restart(&window);
    assert_int_equal(read_byte(), 3);
    assert_false(window.damaged);
    bits_restart(&window);
    assert_true(window.damaged);
    assert_int_equal(read_byte(), 0);
    assert_int_equal(read_byte(), 256);
    bits_restart(&window);
    assert_int_equal(read_byte(), 4);
    bits_restart(&window);
    assert_int_equal(read_byte(), 0);
    assert_int_equal(read_byte(), 256);
}

/* An interval that does not fit beside the one before it is unstuffed once, and not again for every row of MCUs. */
static void test_hopeless_intervals_are_tried_once(void **state)
{
    (void)state;
    enum { SHORT_BYTES = 1000, LONG_BYTES = 2 * BITS_WINDOW, MCUS = 8000 };
    static struct jpeg_scan_pass pass;
    static struct huffman_table table;
    static struct huffman_skip skip;
    static struct jpeg_component_store store = {.size = 1, .h = 1, .v = 1, .across = 1, .down = MCUS, .stride = 1};
    struct jpeg_lane_run runs[LANE_COUNT];
    uint8_t *raw = calloc(1, SHORT_BYTES + 2 + 2 * LONG_BYTES);
    assert_non_null(raw);
    raw[SHORT_BYTES] = 0xFF;
    raw[SHORT_BYTES + 1] = 0xD0;
    for (size_t i = 0; i < LONG_BYTES; i++)
        raw[SHORT_BYTES + 2 + 2 * i] = 0xFF; /* stuffed */
    pass = (struct jpeg_scan_pass){.kind = SCAN_SEQUENTIAL,
                                   .part_count = 1,
                                   .parts = {{&store, &table, &table, &skip, 0}},
                                   .mcus_across = 1,
                                   .mcus_down = MCUS,
                                   .restart_interval = MCUS / 2,
                                   .restart_left = MCUS / 2 - 1};
    bits_begin(&pass.window, raw, raw + SHORT_BYTES + 2 + 2 * LONG_BYTES, BITS_WINDOW);
    struct jpeg_lanes *lanes = jpeg_lanes_create(&pass);
    assert_non_null(lanes);
    assert_int_equal(jpeg_lanes_decode(lanes, &pass, MCUS - 1, runs), 0);
    assert_int_equal(pass.window.data[BITS_WINDOW - 1], 0xFF); /* it was tried */
    pass.window.data[BITS_WINDOW - 1] = 0xAB;
    assert_int_equal(jpeg_lanes_decode(lanes, &pass, MCUS - 2, runs), 0);
    assert_int_equal(pass.window.data[BITS_WINDOW - 1], 0xAB);
    scratch_free(lanes);
    free(raw);
}

/* ---- Reconstruction ---- */

static void test_every_size_is_an_inverse_dct(void **state)
{
    (void)state;
    enum { BLOCKS = 77 };
    for (int size = 1; size <= RECONSTRUCT_SIZE_MAX; size++) {
        struct jpeg_reconstruct how = {.size = size};
        int16_t coefficients[RECONSTRUCT_SLOTS * BLOCKS];
        uint8_t out[RECONSTRUCT_SLOTS * BLOCKS] = {0};
        if (!jpeg_reconstruct_has(size))
            continue;
        for (int s = 0; s < size * size; s++) {
            how.step[s] = (float)(3 + s % 16);
            how.missing[s] = s % 3 == 2 ? (float)s : 0;
            for (int b = 0; b < BLOCKS; b++)
                coefficients[s * BLOCKS + b] = (int16_t)((b * 7 + s * 13) % 41 - 20);
        }
        jpeg_reconstruct_row(&how, coefficients, BLOCKS, BLOCKS, out, RECONSTRUCT_SIZE_MAX * BLOCKS);
        for (int b = 0; b < BLOCKS; b++)
            for (int y = 0; y < size; y++)
                for (int x = 0; x < size; x++) {
                    double sum = 128;
                    for (int s = 0; s < size * size; s++) {
                        const int v = s / size, u = s % size, c = coefficients[s * BLOCKS + b];
                        const double value = c * (3.0 + s % 16) + (s % 3 == 2 ? (c > 0) - (c < 0) : 0) * s;
                        sum += value * (u ? 0.5 : sqrt(0.125)) * (v ? 0.5 : sqrt(0.125)) *
                               cos((2 * x + 1) * u * M_PI / (2 * size)) * cos((2 * y + 1) * v * M_PI / (2 * size));
                    }
                    sum = sum < 0 ? 0 : sum > 255 ? 255 : sum;
                    assert_true(fabs(sum - out[y * RECONSTRUCT_SIZE_MAX * BLOCKS + b * size + x]) < 0.502);
                }
    }
}

/* ---- The whole, on a picture made here ---- */

struct taken {
    uint32_t rows;
    uint8_t first, last;
};

static void take_rows(void *context, int component, const uint8_t *rows, size_t stride_bytes, uint32_t count)
{
    struct taken *taken = (struct taken *)context + component;
    if (!taken->rows)
        taken->first = rows[0];
    taken->rows += count;
    taken->last = rows[(count - 1) * stride_bytes];
}

static uint8_t *flat_picture(uint32_t width, uint32_t height, int progressive, unsigned long *ret_size)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    uint8_t *data = NULL, row[3 * 200];
    *ret_size = 0;
    for (size_t i = 0; i < sizeof row; i++)
        row[i] = 200;
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &data, ret_size);
    cinfo.image_width = width;
    cinfo.image_height = height;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_RGB;
    jpeg_set_defaults(&cinfo);
    if (progressive)
        jpeg_simple_progression(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    while (cinfo.next_scanline < height) {
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return data;
}

static int stop_at_once(void *context)
{
    (void)context;
    return 1;
}

static void test_planes_and_their_sizes(void **state)
{
    (void)state;
    for (int progressive = 0; progressive < 2; progressive++) {
        unsigned long size;
        uint8_t *data = flat_picture(101, 67, progressive, &size);
        struct jpeg_outline outline;
        struct jpeg_scaled *scaled = NULL;
        struct taken taken[JPEG_COMPONENTS] = {0};
        crush_limits limits = {0};
        crush_error error;
        int damaged = -1;
        jpeg_outline_read(data, size, &outline);
        if (progressive)
            assert_int_equal(jpeg_outline_walk_scans(data, size, &limits, &outline, &error), CRUSH_OK);
        const int eighths[JPEG_COMPONENTS] = {3, 0, 2};
        assert_int_equal(jpeg_scaled_open(data, size, &outline, eighths, &scaled), CRUSH_OK);
        const struct jpeg_scaled_plane y = jpeg_scaled_plane(scaled, 0), cr = jpeg_scaled_plane(scaled, 2);
        assert_int_equal(y.columns, 38); /* 101 × 3/8 */
        assert_int_equal(y.rows, 26);
        assert_int_equal(cr.columns, 13); /* 50.5 × 2/8 */
        assert_int_equal(cr.rows, 9);
        assert_true(fabs(cr.rows_extent - 67 / 8.0) < 1e-9);
        assert_int_equal(jpeg_scaled_run(scaled, &limits, take_rows, taken, &damaged, &error), CRUSH_OK);
        assert_false(damaged);
        assert_true(taken[0].rows >= 26 && taken[0].first == 200 && taken[0].last == 200);
        assert_int_equal(taken[1].rows, 0);
        assert_true(taken[2].rows >= 9 && taken[2].first == 128 && taken[2].last == 128);
        jpeg_scaled_close(scaled);
        assert_int_equal(jpeg_scaled_open(data, size, &outline, eighths, &scaled), CRUSH_OK);
        limits.should_stop = stop_at_once;
        assert_int_equal(jpeg_scaled_run(scaled, &limits, take_rows, taken, &damaged, &error), CRUSH_ELIMIT);
        assert_int_equal(error.limit, CRUSH_LIMIT_DEADLINE);
        jpeg_scaled_close(scaled);
        jpeg_outline_clear(&outline);
        free(data);
    }
}

/* A byte of 255 in the data (stuffed), or a restart at once, is not the end of a scan; a marker is. */
static void test_where_a_scan_is_empty(void **state)
{
    (void)state;
    unsigned long size;
    uint8_t *data = flat_picture(160, 160, 0, &size);
    struct jpeg_outline outline;
    jpeg_outline_read(data, size, &outline);
    const size_t scan =
        outline.first_scan + 2 + (size_t)(data[outline.first_scan + 2] << 8 | data[outline.first_scan + 3]);
    const struct {
        uint8_t bytes[3];
        int is_empty;
    } cases[] = {{{0x12, 0xFF, 0xD9}, 0}, {{0xFF, 0x00, 0xFF}, 0}, {{0xFF, 0xD0, 0xFF}, 0}, {{0xFF, 0xD7, 0xFF}, 0},
                 {{0xFF, 0xD9, 0x00}, 1}, {{0xFF, 0xFF, 0xD9}, 1}, {{0xFF, 0xC4, 0x00}, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(data + scan, cases[i].bytes, sizeof cases[i].bytes);
        jpeg_outline_read(data, size, &outline);
        assert_int_equal(outline.first_scan_is_empty, cases[i].is_empty);
    }
    jpeg_outline_clear(&outline);
    free(data);
}

static void test_what_is_cut_off_is_gray(void **state)
{
    (void)state;
    unsigned long size;
    uint8_t *data = flat_picture(160, 160, 0, &size);
    struct jpeg_outline outline;
    struct jpeg_scaled *scaled = NULL;
    struct taken taken[JPEG_COMPONENTS] = {0};
    const crush_limits limits = {0};
    crush_error error;
    int damaged = 0;
    jpeg_outline_read(data, size, &outline);
    for (int i = 0; i < 2; i++) { /* what does not begin as a JPEG is none */
        data[i] ^= 1;
        assert_int_equal(jpeg_scaled_open(data, size, &outline, (int[JPEG_COMPONENTS]){1, 1, 1}, &scaled),
                         CRUSH_EUNSUPPORTED);
        data[i] ^= 1;
    }
    assert_int_equal(jpeg_scaled_open(data, size - 60, &outline, (int[JPEG_COMPONENTS]){1, 1, 1}, &scaled), CRUSH_OK);
    assert_int_equal(jpeg_scaled_run(scaled, &limits, take_rows, taken, &damaged, &error), CRUSH_OK);
    assert_true(damaged);
    assert_int_equal(taken[0].rows, 20);
    assert_int_equal(taken[0].first, 200);
    assert_int_equal(taken[0].last, 128);
    jpeg_scaled_close(scaled);
    free(data);
}

static void test_what_is_left_to_the_library(void **state)
{
    (void)state;
    unsigned long size;
    uint8_t *data = flat_picture(40, 40, 0, &size);
    struct jpeg_outline outline, other;
    struct jpeg_scaled *scaled = NULL;
    jpeg_outline_read(data, size, &outline);
    assert_int_equal(jpeg_scaled_open(data, size, &outline, (int[JPEG_COMPONENTS]){7, 7, 7}, &scaled),
                     CRUSH_EUNSUPPORTED);
    assert_int_equal(jpeg_scaled_open(data, size, &outline, (int[JPEG_COMPONENTS]){9, 8, 8}, &scaled),
                     CRUSH_EUNSUPPORTED);
    other = outline;
    other.sof = 9;
    assert_int_equal(jpeg_scaled_open(data, size, &other, (int[JPEG_COMPONENTS]){1, 1, 1}, &scaled),
                     CRUSH_EUNSUPPORTED);
    other = outline;
    other.precision = 12;
    assert_int_equal(jpeg_scaled_open(data, size, &other, (int[JPEG_COMPONENTS]){1, 1, 1}, &scaled),
                     CRUSH_EUNSUPPORTED);
    other = outline;
    other.components[2].id = other.components[1].id;
    assert_int_equal(jpeg_scaled_open(data, size, &other, (int[JPEG_COMPONENTS]){1, 1, 1}, &scaled),
                     CRUSH_EUNSUPPORTED);
    assert_null(scaled);
    free(data);
}

/* A block of a size needs the frequencies up to one; a scan that begins there is read, the next one is not. */
static void test_scans_that_a_size_needs(void **state)
{
    static const int last_needed[9] = {[1] = 0, [2] = 4, [3] = 5, [4] = 24, [5] = 63, [6] = 63, [8] = 63};
    (void)state;
    for (int size = 1; size <= 8; size++)
        for (int first = 0; jpeg_reconstruct_has(size) && first < 64; first++) {
            struct jpeg_plan plan;
            const int sizes[JPEG_COMPONENTS] = {0, size};
            struct jpeg_scan scan = {
                .components = 2, .spectral_first = (uint8_t)first, .spectral_last = 63, .approx_low = 1};
            jpeg_plan_begin(&plan);
            assert_int_equal(jpeg_plan_wants(&plan, &scan, sizes), first <= last_needed[size]);
            scan.components = 1; /* a plane that nobody wants */
            assert_false(jpeg_plan_wants(&plan, &scan, sizes));
            scan = (struct jpeg_scan){.components = 2,
                                      .spectral_first = (uint8_t)first,
                                      .spectral_last = 63,
                                      .approx_high = 1}; /* refines it: worth it for the mean and at full size */
            assert_int_equal(jpeg_plan_wants(&plan, &scan, sizes),
                             first <= last_needed[size] && (first == 0 || size > 4));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_read),
        cmocka_unit_test(test_broken_tables_are_left_alone),
        cmocka_unit_test(test_scan_header),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_skip_is_the_sum_of_symbols),
        cmocka_unit_test(test_codes_that_are_none),
        cmocka_unit_test(test_unstuffing_over_many_windows),
        cmocka_unit_test(test_restarts),
        cmocka_unit_test(test_hopeless_intervals_are_tried_once),
        cmocka_unit_test(test_every_size_is_an_inverse_dct),
        cmocka_unit_test(test_planes_and_their_sizes),
        cmocka_unit_test(test_where_a_scan_is_empty),
        cmocka_unit_test(test_what_is_cut_off_is_gray),
        cmocka_unit_test(test_what_is_left_to_the_library),
        cmocka_unit_test(test_scans_that_a_size_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
