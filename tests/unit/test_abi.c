/*
 * The binary interface of libcrush: where every field of its public structs lies, and the numbers of its enums.
 * Programs that were compiled against soname 1 rely on them. What breaks this test needs a new soname
 * (src/crush/meson.build) or another way. Which symbols it has is held by tests/lint/run and
 * tools/debian/libcrush1.symbols.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "crush.h"

/* Where pointers have 64 bits, and where they have 32 and uint64_t is aligned to 8 (all of Debian but i386). */
struct place {
    const char *name;
    size_t found, wide, narrow;
};
#define FIELD(type, field, wide, narrow)                                                                               \
    {                                                                                                                  \
#type "." #field, offsetof(type, field), wide, narrow                                                          \
    }
#define SIZE(type, wide, narrow)                                                                                       \
    {                                                                                                                  \
        "sizeof " #type, sizeof(type), wide, narrow                                                                    \
    }
static const struct place places[] = {
    FIELD(crush_error, status, 0, 0),
    FIELD(crush_error, limit, 4, 4),
    FIELD(crush_error, value, 8, 8),
    FIELD(crush_error, message, 16, 16),
    SIZE(crush_error, 208, 208),
    FIELD(crush_limits, max_pixels, 0, 0),
    FIELD(crush_limits, max_side_px, 8, 8),
    FIELD(crush_limits, max_input_bytes, 16, 12),
    FIELD(crush_limits, max_scans, 24, 16),
    FIELD(crush_limits, max_frames, 28, 20),
    FIELD(crush_limits, max_memory_bytes, 32, 24),
    FIELD(crush_limits, should_stop, 40, 28),
    FIELD(crush_limits, should_stop_context, 48, 32),
    SIZE(crush_limits, 56, 40),
    FIELD(crush_info, format, 0, 0),
    FIELD(crush_info, source_bytes, 8, 4),
    FIELD(crush_info, source_width_px, 16, 8),
    FIELD(crush_info, source_height_px, 20, 12),
    FIELD(crush_info, width_px, 24, 16),
    FIELD(crush_info, height_px, 28, 20),
    FIELD(crush_info, orientation, 32, 24),
    FIELD(crush_info, truncated, 36, 28),
    FIELD(crush_info, has_alpha, 40, 32),
    FIELD(crush_info, has_profile, 44, 36),
    FIELD(crush_info, frames, 48, 40),
    SIZE(crush_info, 56, 44),
    FIELD(crush_open_options, limits, 0, 0),
    FIELD(crush_open_options, max_side_px, 56, 40),
    FIELD(crush_open_options, background_rgb, 60, 44),
    FIELD(crush_open_options, chroma, 64, 48),
    FIELD(crush_open_options, gray, 68, 52),
    FIELD(crush_open_options, decoder, 72, 56),
    FIELD(crush_open_options, max_rewrite_bytes, 80, 60),
    SIZE(crush_open_options, 88, 64),
    FIELD(crush_encode_options, max_side_px, 0, 0),
    FIELD(crush_encode_options, budget_bytes, 8, 4),
    FIELD(crush_encode_options, quality, 16, 8),
    FIELD(crush_encode_options, min_quality, 20, 12),
    FIELD(crush_encode_options, shrink, 24, 16),
    FIELD(crush_encode_options, auto_least_px, 28, 20),
    FIELD(crush_encode_options, cap_at_source, 32, 24),
    FIELD(crush_encode_options, allow_rewrite, 36, 28),
    FIELD(crush_encode_options, generations, 40, 32),
    FIELD(crush_encode_options, saturation_percent, 44, 36),
    FIELD(crush_encode_options, contrast_percent, 48, 40),
    FIELD(crush_encode_options, slack_percent, 52, 44),
    FIELD(crush_encode_options, fast, 56, 48),
    FIELD(crush_encode_options, should_stop, 64, 52),
    FIELD(crush_encode_options, should_stop_context, 72, 56),
    SIZE(crush_encode_options, 80, 60),
    FIELD(crush_result, data, 0, 0),
    FIELD(crush_result, size_bytes, 8, 4),
    FIELD(crush_result, width_px, 16, 8),
    FIELD(crush_result, height_px, 20, 12),
    FIELD(crush_result, quality, 24, 16),
    FIELD(crush_result, shrunk, 28, 20),
    FIELD(crush_result, below_floor, 32, 24),
    FIELD(crush_result, rewritten, 36, 28),
    FIELD(crush_result, progressive, 40, 32),
    FIELD(crush_result, passes, 44, 36),
    SIZE(crush_result, 48, 40),
    FIELD(crush_strip, jpeg, 0, 0),
    FIELD(crush_strip, frames, 48, 40),
    FIELD(crush_strip, frame_width_px, 52, 44),
    FIELD(crush_strip, frame_height_px, 56, 48),
    FIELD(crush_strip, frame_ms, 60, 52),
    FIELD(crush_strip, source_frames, 64, 56),
    FIELD(crush_strip, plays, 68, 60),
    FIELD(crush_strip, poster, 72, 64),
    FIELD(crush_strip, flashes, 76, 68),
    FIELD(crush_strip, truncated, 80, 72),
    SIZE(crush_strip, 88, 76),
};

static void fields_lie_where_they_lay(void **state)
{
    (void)state;
#ifdef __i386__
    skip(); /* uint64_t is aligned to 4 there */
#endif
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const size_t expected = sizeof(void *) == 8 ? places[i].wide : places[i].narrow;
        if (places[i].found != expected)
            fail_msg("%s: %zu, was %zu", places[i].name, places[i].found, expected);
    }
}

static void enums_keep_their_numbers(void **state)
{
    (void)state;
    static const int found[] = {CRUSH_OK,
                                CRUSH_EINVAL,
                                CRUSH_ENOMEM,
                                CRUSH_EFORMAT,
                                CRUSH_EUNSUPPORTED,
                                CRUSH_ECORRUPT,
                                CRUSH_ELIMIT,
                                CRUSH_EBUDGET,
                                -1,
                                CRUSH_LIMIT_NONE,
                                CRUSH_LIMIT_PIXELS,
                                CRUSH_LIMIT_SIDE,
                                CRUSH_LIMIT_INPUT,
                                CRUSH_LIMIT_SCANS,
                                CRUSH_LIMIT_MEMORY,
                                CRUSH_LIMIT_DEADLINE,
                                CRUSH_LIMIT_FRAMES,
                                -1,
                                CRUSH_FORMAT_UNKNOWN,
                                CRUSH_FORMAT_JPEG,
                                CRUSH_FORMAT_PNG,
                                CRUSH_FORMAT_WEBP,
                                CRUSH_FORMAT_GIF,
                                CRUSH_FORMAT_HEIC,
                                CRUSH_FORMAT_AVIF,
                                -1,
                                CRUSH_CHROMA_AUTO,
                                CRUSH_CHROMA_420,
                                CRUSH_CHROMA_444,
                                -1,
                                CRUSH_DECODER_AUTO,
                                CRUSH_DECODER_LIBRARY,
                                -1,
                                CRUSH_PRESET_CRISPY,
                                CRUSH_PRESET_CRUNCHY,
                                CRUSH_PRESET_FRIED,
                                CRUSH_PRESET_DUST,
                                CRUSH_PRESET_THUMBNAIL,
                                -1,
                                CRUSH_SHRINK_FLOOR,
                                CRUSH_SHRINK_AUTO,
                                CRUSH_SHRINK_NEVER,
                                -1};
    for (size_t i = 0, number = 0; i < sizeof found / sizeof found[0]; i++, number++)
        if (found[i] == -1)
            number = (size_t)-1;
        else
            assert_int_equal(found[i], number);
    assert_int_equal(sizeof(crush_status), 4);
    assert_int_equal(sizeof(crush_preset), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_lie_where_they_lay),
        cmocka_unit_test(enums_keep_their_numbers),
    };
    return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
