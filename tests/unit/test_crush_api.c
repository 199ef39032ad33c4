/* The public API of libcrush at its edges: names, defaults, presets, hostile arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "crush.h"

static void presets_are_found_by_name(void **state)
{
    (void)state;
    crush_preset preset;
    crush_encode_options options;
    assert_int_equal(crush_preset_by_name("dust", &preset), 0);
    assert_int_equal(crush_encode_options_preset(&options, preset), 320);
    assert_int_equal(options.budget_bytes, 3000);
    assert_int_equal(crush_preset_by_name("soggy", &preset), -1);
}

/* Every range at both of its ends, and a step beyond. */
static void options_out_of_range_are_refused(void **state)
{
    static const unsigned char gif[] = "GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
    crush_picture *picture = NULL;
    crush_error error;
    crush_encode_options options;
    (void)state;
    assert_int_equal(crush_open(gif, sizeof gif - 1, NULL, &picture, &error), CRUSH_OK);
#define CHECK(field, value, expected)                                                                                  \
    do {                                                                                                               \
        crush_result result = {0};                                                                                     \
        crush_encode_options_init(&options);                                                                           \
        options.budget_bytes = strcmp(#field, "quality") == 0 ? 0 : 12000;                                             \
        options.field = value;                                                                                         \
        crush_status status = crush_encode(picture, &options, &result, &error);                                        \
        if (status != expected)                                                                                        \
            fail_msg("%s %d: status %d", #field, (int)(value), (int)status);                                           \
        assert_int_equal(result.data != NULL, expected == CRUSH_OK);                                                   \
        crush_result_clear(&result);                                                                                   \
    } while (0)
#define RANGE(field, least, most)                                                                                      \
    CHECK(field, least, CRUSH_OK);                                                                                     \
    CHECK(field, most, CRUSH_OK);                                                                                      \
    CHECK(field, (least)-1, CRUSH_EINVAL);                                                                             \
    CHECK(field, (most) + 1, CRUSH_EINVAL)
    RANGE(quality, 1, 100);
    RANGE(min_quality, 0, 100);
    RANGE(generations, 1, 1000);
    RANGE(saturation_percent, 0, 400);
    RANGE(contrast_percent, 0, 400);
    RANGE(slack_percent, 0, 50);
    CHECK(shrink, CRUSH_SHRINK_FLOOR, CRUSH_OK);
    CHECK(shrink, CRUSH_SHRINK_NEVER, CRUSH_OK);
    CHECK(shrink, (crush_shrink)(CRUSH_SHRINK_NEVER + 1), CRUSH_EINVAL);
    CHECK(shrink, (crush_shrink)(CRUSH_SHRINK_FLOOR - 1), CRUSH_EINVAL);
    crush_close(picture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_are_found_by_name),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
