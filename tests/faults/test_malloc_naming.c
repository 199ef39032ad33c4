/* Names of outputs with every single allocation failing in turn: it is said, and nothing that was given away is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing_malloc.h"
#include "naming.h"

/* In place of inputs.c: operands here end in no slash. */
size_t inputs_trimmed_bytes(const char *path)
{
    return strlen(path);
}

/* Names so many inputs; returns how many got one. */
static int name_inputs(struct naming *naming, int count)
{
    int named = 0;
    for (int i = 0; i < count; i++) {
        char path[40];
        struct target target;
        snprintf(path, sizeof path, "folder/%d.jpg", i);
        struct input input = {.path = path, .relative_offset = 7};
        if (naming_target(naming, &input, &target) == NAMING_OK) {
            named++;
            free(target.path);
        }
    }
    return named;
}

static void no_memory_for_a_name(void **state)
{
    enum { INPUTS = 100 }; /* so many that the list of names grows twice */
    const struct options options = {.output = "out", .operand_count = 2};
    (void)state;
    for (int all_after = 0; all_after < 2; all_after++)
        for (long nth = 1, failed = 1; failed; nth++) {
            struct naming *naming = naming_open(&options);
            int has_failed = 0;
            assert_non_null(naming);
            malloc_fail_at(nth, all_after);
            const int named = name_inputs(naming, INPUTS);
            malloc_recover(&has_failed);
            failed = has_failed;
            if (!failed)
                assert_int_equal(named, INPUTS);
            assert_int_equal(name_inputs(naming, INPUTS), INPUTS); /* with memory all get theirs */
            naming_close(naming);
        }
    malloc_fail_at(1, 0);
    struct naming *none = naming_open(&options);
    malloc_recover(NULL);
    assert_null(none);
    naming_close(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_memory_for_a_name)};
    return cmocka_run_group_tests_name("malloc naming", tests, NULL, NULL);
}
