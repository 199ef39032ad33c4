/* The public API of libcrush at its edges: names, defaults, presets, hostile arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
