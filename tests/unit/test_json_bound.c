/* The bound on JSON from outside is never less than what jansson takes, and not foolishly more: base/json_bound.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/json_bound.h"

static size_t taken, most_taken;

static void *counting_malloc(size_t size_bytes)
{
    void *memory = malloc(size_bytes);
    taken += malloc_usable_size(memory) + 8;
    most_taken = taken > most_taken ? taken : most_taken;
    return memory;
}

static void counting_free(void *memory)
{
    taken -= memory ? malloc_usable_size(memory) + 8 : 0;
    free(memory);
}

static size_t tree_bytes(const struct buf *text)
{
    json_error_t error;
    most_taken = taken = 0;
    json_t *tree = json_loadb(text->data, text->size_bytes, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(tree);
    json_decref(tree);
    return most_taken;
}

static void repeat(struct buf *text, const char *one, int count, const char *first, const char *last)
{
    buf_puts(text, first);
    for (int i = 0; i < count; i++) {
        if (strcmp(one, "key") == 0)
            buf_printf(text, "%s\"%d\":1", i ? "," : "", i);
        else
            buf_printf(text, "%s%s", i ? "," : "", one);
    }
    buf_puts(text, last);
}

static void a_tree_stays_below_its_bound(void **state)
{
    static const char *const items[] = {"{}",         "[]",  "1",         "\"\"",     "\"a few words of text\"",
                                        "null",       "1.5", "{\"a\":1}", "[[],[1]]", "{\"a\":{\"b\":[]}}",
                                        "\"\\u00e9\""};
    (void)state;
    for (size_t i = 0; i < sizeof items / sizeof items[0] + 1; i++) {
        const int is_keys = i == sizeof items / sizeof items[0];
        for (int count = 1000; count <= 70000; count = count * 3 / 2) {
            struct buf text = {0};
            repeat(&text, is_keys ? "key" : items[i], count, is_keys ? "{" : "[", is_keys ? "}" : "]");
            const size_t used = tree_bytes(&text);
            assert_int_equal(json_bound_check(text.data, text.size_bytes, used), JSON_BOUND_TREE);
            assert_int_equal(json_bound_check(text.data, text.size_bytes, 10 * used), JSON_BOUND_OK);
            buf_free(&text);
        }
    }
}

static void one_long_text_counts_with_the_buffer_that_reads_it(void **state)
{
    struct buf text = {0};
    (void)state;
    repeat(&text, "x", 500000, "[\"", "\"]");
    assert_int_equal(json_bound_check(text.data, text.size_bytes, 2 * text.size_bytes), JSON_BOUND_TREE);
    assert_int_equal(json_bound_check(text.data, text.size_bytes, 4 * text.size_bytes), JSON_BOUND_OK);
    buf_free(&text);
}

static void depth_is_bounded_and_quotes_hide_what_they_hold(void **state)
{
    char deep[2 * JSON_BOUND_DEPTH_MAX + 3] = "";
    (void)state;
    memset(deep, '[', JSON_BOUND_DEPTH_MAX);
    memset(deep + JSON_BOUND_DEPTH_MAX, ']', JSON_BOUND_DEPTH_MAX);
    assert_int_equal(json_bound_check(deep, strlen(deep), 1000000), JSON_BOUND_OK);
    memset(deep, '[', JSON_BOUND_DEPTH_MAX + 1);
    assert_int_equal(json_bound_check(deep, strlen(deep), 1000000), JSON_BOUND_DEPTH);
    static const char hidden[] = "[\"[[[[\\\"{{{{,,,,\"]";
    assert_int_equal(json_bound_check(hidden, sizeof hidden - 1, 700), JSON_BOUND_OK);
    static const char *const broken[] = {"", "\"", "\"\\", "]]]]", "{\"", "::::", "[,,,", "\\"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(json_bound_check(broken[i], strlen(broken[i]), 1000000), JSON_BOUND_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_stays_below_its_bound),
        cmocka_unit_test(one_long_text_counts_with_the_buffer_that_reads_it),
        cmocka_unit_test(depth_is_bounded_and_quotes_hide_what_they_hold),
    };
    json_set_alloc_funcs(counting_malloc, counting_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
