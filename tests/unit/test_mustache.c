/* The engine beyond its specification: inheritance, strictness, limits, errors, members of values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "view/members.h"
#include "view/mustache.h"

static const char *const names[] = {"layout", "page", "list", "loop"};
static const char *const sources[] = {
    "<title>{{$title}}piclog{{/title}}</title>{{$main}}empty{{/main}}\n",
    "{{<layout}}ignored{{$main}}{{word}}{{/main}}{{/layout}}",
    "{{#items}}\n- {{.}}\n{{/items}}\n",
    "{{>loop}}",
};
enum { COUNT = sizeof names / sizeof *names };
static struct mustache *templates[COUNT];

static int setup(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        if (mustache_compile(names[i], sources[i], strlen(sources[i]), &templates[i], NULL))
            return -1;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        mustache_free(templates[i]);
    return 0;
}

static const struct mustache *find_partial(void *data, const char *name)
{
    (void)data;
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return templates[i];
    return NULL;
}

static struct mustache_error error;

static enum mustache_status render(const char *source, const char *json, int strict, struct buf *out)
{
    struct mustache *template;
    struct members_context members = {.now_s = 1000};
    struct mustache_host host = {find_partial, members_find, &members, strict};
    buf_puts(out, "");
    error.message[0] = '\0';
    enum mustache_status status = mustache_compile("test", source, strlen(source), &template, &error);
    if (status)
        return status;
    json_t *context = json_loads(json, 0, NULL);
    assert_non_null(context);
    status = mustache_render(template, &host, NULL, context, out, &error);
    json_decref(context);
    mustache_free(template);
    return status;
}

static void expect(const char *source, const char *json, const char *expected)
{
    struct buf out = {0};
    assert_int_equal(render(source, json, 1, &out), MUSTACHE_OK);
    assert_string_equal(out.data, expected);
    buf_free(&out);
}

static void expect_failure(const char *source, const char *json, enum mustache_status status, const char *message)
{
    struct buf out = {0};
    buf_puts(&out, "before");
    assert_int_equal(render(source, json, 1, &out), status);
    assert_string_equal(out.data, "before");
    if (!strstr(error.message, message))
        fail_msg("\"%s\" does not say \"%s\"", error.message, message);
    buf_free(&out);
}

static void test_inheritance(void **state)
{
    (void)state;
    expect("{{>layout}}", "{}", "<title>piclog</title>empty\n");
    expect("{{<layout}}{{$title}}{{t}} – piclog{{/title}}{{/layout}}", "{\"t\": \"<b>\"}",
           "<title>&lt;b&gt; – piclog</title>empty\n");
    expect("{{<page}}{{$title}}far{{/title}}{{/page}}", "{\"word\": \"hi\"}", "<title>far</title>hi\n");
    expect("{{<layout}}{{$main}}one{{/main}}{{/layout}}{{>layout}}", "{}",
           "<title>piclog</title>one\n<title>piclog</title>empty\n");
}

/* A tag alone on its line leaves nothing of it, however lines end. */
static void test_lines_of_tags_leave_nothing(void **state)
{
    (void)state;
    expect("a\n{{#t}}\nb\n{{/t}}\nc", "{\"t\": 1}", "a\nb\nc");
    expect("a\r\n{{#t}}\r\nb\r\n  {{/t}} \r\nc", "{\"t\": 1}", "a\r\nb\r\nc");
    expect("a\r\n{{#t}}\rb{{/t}}", "{\"t\": 1}", "a\r\n\rb");
}

static void test_truth(void **state)
{
    (void)state;
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": \"\"}", "no");
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": 0}", "no");
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": null}", "no");
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": []}", "no");
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": {}}", "yes");
    expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\": \"0\"}", "yes");
    expect("{{a}}", "{\"a\": null}", "");
}

static void test_members(void **state)
{
    (void)state;
    expect("{{t.ago}}|{{t.rfc3339}}|{{t.date}}", "{\"t\": 700}", "5 min ago|1970-01-01T00:11:40Z|1 January 1970");
    expect("{{#p}}{{bytes.bytes}}{{/p}}", "{\"p\": {\"bytes\": 11800}}", "11.8 kB");
    expect("{{#times}}{{.ago}} {{/times}}", "{\"times\": [1000, 880]}", "just now 2 min ago ");
    expect("{{s.html}}|{{s}}", "{\"s\": \"<&>\"}", "&lt;&amp;&gt;|&lt;&amp;&gt;");
    expect("{{s.url}}", "{\"s\": \"a/é\"}", "a%2F%C3%A9");
    expect("{{#a.length}}{{a.length}} of them{{/a.length}}{{^b.length}} none{{/b.length}}",
           "{\"a\": [1, 2], \"b\": []}", "2 of them none");
    expect("[{{n.ago}}{{n.html}}]", "{\"n\": null}", "[]");
    expect("{{s.short}}|{{l.short}}", "{\"s\": \"a\\nb\", \"l\": \"0123456789012345678901234567890123456789é\"}",
           "a b|0123456789012345678901234567890123456789…");
    expect("{{a.here}}|{{b.here}}|{{c.here}}",
           "{\"a\": \"http://a.example:80/x?y=1&z\", \"b\": \"https://a.example\", \"c\": \"/x\"}",
           "/x?y=1&amp;z|/|/x");
    expect_failure("{{t.age}}", "{\"t\": 1}", MUSTACHE_MISSING, "test:1");
}

static void test_strict(void **state)
{
    (void)state;
    struct buf out = {0};
    expect_failure("a\nb {{c}}", "{}", MUSTACHE_MISSING, "test:2: nothing is known of {{c}}");
    expect_failure("{{#c}}{{/c}}", "{}", MUSTACHE_MISSING, "{{#c}}");
    expect_failure("{{^c}}{{/c}}", "{}", MUSTACHE_MISSING, "{{^c}}");
    expect_failure("{{>nowhere}}", "{}", MUSTACHE_MISSING, "nowhere");
    expect_failure("{{a}}", "{\"a\": [1]}", MUSTACHE_SYNTAX, "list");
    assert_int_equal(render("[{{c}}{{#c}}x{{/c}}{{>nowhere}}]", "{}", 0, &out), MUSTACHE_OK);
    assert_string_equal(out.data, "[]");
    buf_free(&out);
}

static void test_syntax(void **state)
{
    (void)state;
    expect_failure("x\n{{#a}}", "{}", MUSTACHE_SYNTAX, "{{a}} of line 2 is never closed");
    expect_failure("{{/a}}", "{}", MUSTACHE_SYNTAX, "closes nothing");
    expect_failure("{{#a}}{{#b}}{{/a}}{{/b}}", "{}", MUSTACHE_SYNTAX, "{{/b}} of line 1 is awaited");
    expect_failure("{{a", "{}", MUSTACHE_SYNTAX, "never closed with }}");
    expect_failure("{{{a}}", "{}", MUSTACHE_SYNTAX, "never closed with }}}");
    expect_failure("{{ }}", "{}", MUSTACHE_SYNTAX, "without a name");
    expect_failure("{{=a=}}", "{}", MUSTACHE_SYNTAX, "two short words");
    expect_failure("{{= aaaaaaaaaaaaaaaaaaaaaaaa b =}}", "{}", MUSTACHE_SYNTAX, "two short words");
}

static void test_limits(void **state)
{
    (void)state;
    expect_failure("{{>loop}}", "{}", MUSTACHE_LIMIT, "in each other");
    struct buf deep = {0};
    for (int i = 0; i <= MUSTACHE_MAX_DEPTH; i++)
        buf_puts(&deep, "{{#a}}");
    expect_failure(deep.data, "{}", MUSTACHE_LIMIT, "sections");
    buf_clear(&deep);
    /* 1000 × 1000 × 16 bytes */
    buf_puts(&deep, "{\"a\": [");
    for (int i = 0; i < 1000; i++)
        buf_puts(&deep, i ? ", 1" : "1");
    buf_puts(&deep, "]}");
    expect_failure("{{#a}}{{#a}}0123456789ABCDEF{{/a}}{{/a}}", deep.data, MUSTACHE_LIMIT, "grows beyond");
    buf_free(&deep);
}

static void test_indent(void **state)
{
    (void)state;
    expect("  {{>list}}\n", "{\"items\": [1, 2]}", "  - 1\n  - 2\n");
    expect("a {{! one }} b {{c}}", "{\"c\": 1}", "a  b 1");
    expect("  {{! one }} {{c}}\n  {{c}}", "{\"c\": 1}", "   1\n  1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inheritance), cmocka_unit_test(test_lines_of_tags_leave_nothing),
        cmocka_unit_test(test_truth),       cmocka_unit_test(test_members),
        cmocka_unit_test(test_strict),      cmocka_unit_test(test_syntax),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_indent),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
