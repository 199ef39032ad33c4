/* Names with values out of query strings, forms and cookies: app/request/fields.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "app/request/fields.h"

static const char *value_of(const struct fields *fields, const char *name)
{
    const struct field *field = fields_find(fields, name);
    return field ? field->value : NULL;
}

static void test_decoding(void **state)
{
    struct arena arena = {0};
    struct fields fields = {0};
    const char text[] = "a=1&b=x+y%20z&c=%e2%98%83&d&=nameless&e=%&f=%4&g=%zz&h=a%3Db%26c&a=2&&i=a=b";
    (void)state;
    assert_int_equal(fields_parse(&arena, text, sizeof text - 1, NULL, &fields), FIELDS_OK);
    assert_string_equal(value_of(&fields, "a"), "1");
    assert_string_equal(value_of(&fields, "b"), "x y z");
    assert_string_equal(value_of(&fields, "c"), "\xe2\x98\x83");
    assert_string_equal(value_of(&fields, "d"), "");
    assert_string_equal(value_of(&fields, ""), "nameless");
    assert_string_equal(value_of(&fields, "e"), "%");
    assert_string_equal(value_of(&fields, "f"), "%4");
    assert_string_equal(value_of(&fields, "g"), "%zz");
    assert_string_equal(value_of(&fields, "h"), "a=b&c");
    assert_string_equal(value_of(&fields, "i"), "a=b");
    assert_null(value_of(&fields, "j"));
    assert_int_equal(fields.count, 11);
    arena_free(&arena);
}

static void test_allowed_names(void **state)
{
    struct arena arena = {0};
    struct fields fields = {0};
    const char text[] = "q=1&before=2&bef=3&beforeq=4&=5&utm=6";
    (void)state;
    assert_int_equal(fields_parse(&arena, text, sizeof text - 1, "q before", &fields), FIELDS_OK);
    assert_int_equal(fields.count, 2);
    fields.count = 0;
    assert_int_equal(fields_parse(&arena, text, sizeof text - 1, "", &fields), FIELDS_OK);
    assert_int_equal(fields.count, 0);
    arena_free(&arena);
}

static void test_refusals(void **state)
{
    struct arena arena = {0};
    struct fields fields = {0};
    struct buf text = {0};
    (void)state;
    assert_int_equal(fields_parse(&arena, "a=%00", 5, NULL, &fields), FIELDS_NUL);
    assert_int_equal(fields_parse(&arena, "%00=a", 5, NULL, &fields), FIELDS_NAME);
    assert_int_equal(fields_parse(&arena, "a\0b=1", 5, NULL, &fields), FIELDS_NAME);
    for (int i = 0; i < FIELD_NAME_MAX_BYTES + 1; i++)
        buf_putc(&text, 'n');
    assert_int_equal(fields_parse(&arena, text.data, text.size_bytes - 1, NULL, &fields), FIELDS_OK);
    assert_int_equal(fields_parse(&arena, text.data, text.size_bytes, NULL, &fields), FIELDS_NAME);
    buf_clear(&text);
    for (int i = 0; i < FIELDS_MAX; i++)
        buf_puts(&text, "a=1&");
    fields.count = 0;
    assert_int_equal(fields_parse(&arena, text.data, text.size_bytes, NULL, &fields), FIELDS_OK);
    assert_int_equal(fields_parse(&arena, "b=1", 3, NULL, &fields), FIELDS_TOO_MANY);
    assert_int_equal(fields.count, FIELDS_MAX);
    buf_free(&text);
    arena_free(&arena);
}

static void test_segments(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_string_equal(fields_decode_segment(&arena, "a+b%20c", 7), "a+b c");
    assert_null(fields_decode_segment(&arena, "a%", 2));
    assert_null(fields_decode_segment(&arena, "a%0", 3));
    assert_null(fields_decode_segment(&arena, "%00", 3));
    arena_free(&arena);
}

static void test_cookies(void **state)
{
    struct arena arena = {0};
    const char header[] = "xpiclog=0; piclog=abc;piclog-form=\"quoted\" ; piclog=second; empty=; last=z ";
    (void)state;
    assert_string_equal(fields_cookie(&arena, header, "piclog"), "abc");
    assert_string_equal(fields_cookie(&arena, header, "piclog-form"), "quoted");
    assert_string_equal(fields_cookie(&arena, header, "empty"), "");
    assert_string_equal(fields_cookie(&arena, header, "last"), "z");
    assert_null(fields_cookie(&arena, header, "log"));
    assert_null(fields_cookie(&arena, "piclog", "piclog"));
    assert_null(fields_cookie(&arena, ";;; ;", "a"));
    arena_free(&arena);
}

static void test_parameters(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_string_equal(fields_parameter(&arena, "multipart/form-data; boundary=abc", "boundary"), "abc");
    assert_string_equal(
        fields_parameter(&arena, "multipart/form-data; x=\"a;boundary=no\"; BOUNDARY=\"a b\\\"c\"", "boundary"),
        "a b\"c");
    assert_string_equal(fields_parameter(&arena, "a;boundary=x; y=z", "boundary"), "x");
    assert_null(fields_parameter(&arena, "multipart/form-data", "boundary"));
    assert_null(fields_parameter(&arena, "a; boundary", "boundary"));
    assert_string_equal(fields_parameter(&arena, "a; boundary=\"unclosed", "boundary"), "unclosed");
    arena_free(&arena);
}

static void test_accepts(void **state)
{
    (void)state;
    assert_true(fields_accepts("gzip", "gzip"));
    assert_true(fields_accepts("br, GZIP;q=0.1", "gzip"));
    assert_true(fields_accepts("text/html,application/json;q=0.5;x=1", "application/json"));
    assert_false(fields_accepts("gzip;q=0", "gzip"));
    assert_false(fields_accepts("gzip; q=0.000", "gzip"));
    assert_false(fields_accepts("xgzip, gzipx, x;gzip", "gzip"));
    assert_false(fields_accepts("zstd, pack200-gzip", "gzip")); /* as long, and not it */
    assert_false(fields_accepts(NULL, "gzip"));
    assert_false(fields_accepts("", "gzip"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding), cmocka_unit_test(test_allowed_names), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_segments), cmocka_unit_test(test_cookies),       cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_accepts),
    };
    return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
