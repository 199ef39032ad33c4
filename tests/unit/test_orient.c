/* EXIF orientation: read from hostile bytes, applied to planes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crush/pixels/exif.h"
#include "crush/pixels/orient.h"

/* A TIFF block with the one tag. */
static size_t tiff(uint8_t *to, int little, int type, uint32_t value)
{
    static const uint8_t big[26] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 0, 0, 0, 0, 1};
    static const uint8_t small[26] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 0, 0, 1, 0, 0, 0};
    memcpy(to, little ? small : big, 26);
    to[little ? 12 : 13] = (uint8_t)type;
    to[little ? 18 : type == 3 ? 19 : 21] = (uint8_t)value;
    return 26;
}

static void orientation_is_read(void **state)
{
    (void)state;
    uint8_t block[32] = "Exif\0";
    for (int little = 0; little < 2; little++)
        for (int type = 3; type <= 4; type++)
            for (uint32_t value = 0; value < 12; value++) {
                const size_t n = tiff(block + 6, little, type, value);
                /* a LONG is no orientation: neither browser turns by one */
                const int want = type == 3 && value >= 1 && value <= 8 ? (int)value : 1;
                assert_int_equal(exif_orientation(block + 6, n), want);
                assert_int_equal(exif_orientation(block, n + 6), want);
            }
}

static void damage_means_upright(void **state)
{
    (void)state;
    uint8_t block[26];
    const size_t n = tiff(block, 0, 3, 6);
    for (size_t cut = 0; cut < n - 6; cut++) {
        uint8_t *exact = malloc(cut + 1); /* a sanitizer sees reads beyond */
        assert_non_null(exact);
        memcpy(exact, block, cut);
        assert_int_equal(exif_orientation(exact, cut), 1);
        free(exact);
    }
    for (int i = 4; i < 8; i++) { /* a directory far outside */
        tiff(block, 0, 3, 6);
        block[i] = 0xFF;
        assert_int_equal(exif_orientation(block, n), 1);
    }
    tiff(block, 0, 2, 6);
    assert_int_equal(exif_orientation(block, n), 1);
    tiff(block, 0, 3, 6);
    block[8] = block[9] = 0xFF; /* 65535 entries */
    assert_int_equal(exif_orientation(block, n), 6);
}

/* Where pixel (x, y) of the upright w × h picture is stored, by the words of the Exif standard. */
static void stored_at(int orientation, uint32_t w, uint32_t h, uint32_t x, uint32_t y, uint32_t *sx, uint32_t *sy)
{
    switch (orientation) {
    case 2: *sx = w - 1 - x, *sy = y; break;         /* row 0 top, column 0 right */
    case 3: *sx = w - 1 - x, *sy = h - 1 - y; break; /* bottom, right */
    case 4: *sx = x, *sy = h - 1 - y; break;         /* bottom, left */
    case 5: *sx = y, *sy = x; break;                 /* row 0 left, column 0 top */
    case 6: *sx = y, *sy = w - 1 - x; break;         /* right, top */
    case 7: *sx = h - 1 - y, *sy = w - 1 - x; break; /* right, bottom */
    case 8: *sx = h - 1 - y, *sy = x; break;         /* left, bottom */
    default: *sx = x, *sy = y; break;
    }
}

static void all_eight_are_turned_upright(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {5, 3}, {33, 70}, {64, 1}, {1, 9}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int orientation = 1; orientation <= 8; orientation++) {
            const uint32_t sw = sizes[i][0], sh = sizes[i][1];
            struct plane p;
            assert_int_equal(plane_alloc_fine(&p, sw, sh), CRUSH_OK);
            for (uint32_t y = 0; y < sh; y++)
                for (uint32_t x = 0; x < sw; x++) {
                    p.px[y * p.stride_bytes + x] = (uint8_t)(x * 7 + y * 31);
                    p.fine[y * p.stride_bytes + x] = (uint8_t)(x * 13 + y * 5);
                }
            assert_int_equal(orient_plane(&p, orientation), CRUSH_OK);
            assert_int_equal(p.width_px, orient_swaps_sides(orientation) ? sh : sw);
            for (uint32_t y = 0; y < p.height_px; y++)
                for (uint32_t x = 0; x < p.width_px; x++) {
                    uint32_t sx, sy;
                    stored_at(orientation, p.width_px, p.height_px, x, y, &sx, &sy);
                    assert_int_equal(p.px[y * p.stride_bytes + x], (uint8_t)(sx * 7 + sy * 31));
                    assert_int_equal(p.fine[y * p.stride_bytes + x], (uint8_t)(sx * 13 + sy * 5));
                }
            plane_free(&p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orientation_is_read),
        cmocka_unit_test(damage_means_upright),
        cmocka_unit_test(all_eight_are_turned_upright),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
