/* The command line of piclog-crush: what its options come to where they depend on each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <getopt.h>

#include "../../tools/crush/options.h"

/* Rewriting a JPEG as it is takes longer than encoding it: only where it may fit the budget. */
static void rewriting_is_tried_where_it_may_fit(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value;
        size_t bytes;
    } cases[] = {
        {"--preset", "crunchy", 24000}, {"--preset", "crispy", 48000},
        {"--preset", "dust", 6000},     {"--preset", "fried", 0}, /* ages what it encodes */
        {"--quality", "10", 0},         {"--budget", "5000", 10000},
        {"--budget", "40000", 65536},   {"--budget", "100000", 100000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *argv[] = {(char *)"piclog-crush", (char *)cases[i].option, (char *)cases[i].value, (char *)"a.jpg", NULL};
        struct options options;
        optind = 0; /* getopt begins anew */
        assert_int_equal(options_parse(4, argv, &options), OPTIONS_RUN);
        assert_int_equal(options.open.max_rewrite_bytes, cases[i].bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rewriting_is_tried_where_it_may_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
