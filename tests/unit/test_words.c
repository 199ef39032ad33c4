/* Numbers in words, and plain text as HTML with links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "view/linkify.h"
#include "view/words.h"

static void expect(struct buf *out, const char *expected)
{
    assert_string_equal(out->data ? out->data : "", expected);
    buf_clear(out);
    if (out->data)
        out->data[0] = '\0';
}

static void test_ago(void **state)
{
    (void)state;
    enum { NOW = 1700000000 };
    static const struct {
        int64_t age_s;
        const char *words;
    } cases[] = {{-100, "just now"},
                 {0, "just now"},
                 {59, "just now"},
                 {60, "1 min ago"},
                 {3599, "59 min ago"},
                 {3600, "1 hour ago"},
                 {7200, "2 hours ago"},
                 {86399, "23 hours ago"},
                 {86400, "yesterday"},
                 {172800, "2 days ago"},
                 {1209599, "13 days ago"},
                 {1209600, "2 weeks ago"},
                 {4838400, "19 September 2023"}};
    struct buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        words_ago(NOW - cases[i].age_s, NOW, &out);
        expect(&out, cases[i].words);
    }
    static const struct {
        int64_t age_s;
        const char *words;
    } counted[] = {{-100, "just now"},        {59, "just now"},         {60, "1 minute ago"},
                   {6 * 60, "6 minutes ago"}, {3599, "59 minutes ago"}, {3600, "1 hour ago"},
                   {86399, "23 hours ago"},   {86400, "1 day ago"},     {400 * 86400, "400 days ago"}};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        words_ago_counted(NOW - counted[i].age_s, NOW, &out);
        expect(&out, counted[i].words);
    }
    words_rfc3339(NOW, &out);
    expect(&out, "2023-11-14T22:13:20Z");
    words_datetime(NOW, &out);
    expect(&out, "14 November 2023, 22:13 UTC");
    words_rfc5322(NOW, &out);
    expect(&out, "Tue, 14 Nov 2023 22:13:20 +0000");
    words_rfc5322(0, &out);
    expect(&out, "Thu, 01 Jan 1970 00:00:00 +0000");
    words_rfc5322(INT64_MAX, &out);
    buf_clear(&out);
    words_rfc3339(INT64_MAX, &out); /* absurd, but no crash */
    buf_free(&out);
}

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes;
        const char *words;
    } cases[] = {{-5, "0 bytes"},     {0, "0 bytes"},        {1, "1 byte"},          {999, "999 bytes"},
                 {1000, "1.0 kB"},    {11849, "11.8 kB"},    {11850, "11.9 kB"},     {99949, "99.9 kB"},
                 {99950, "100 kB"},   {466000, "466 kB"},    {999499, "999 kB"},     {999500, "1.0 MB"},
                 {4100000, "4.1 MB"}, {256000000, "256 MB"}, {1000000000, "1.0 GB"}, {INT64_MAX, "9.2 EB"}};
    struct buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        words_bytes(cases[i].bytes, &out);
        expect(&out, cases[i].words);
    }
    words_shrunk(4100000, 11780, &out);
    expect(&out, "4.1 MB → 11.8 kB, 348 times smaller");
    words_shrunk(2000, 1900, &out);
    expect(&out, "2.0 kB → 1.9 kB");
    words_modem(12000, &out);
    expect(&out, "1.7 s");
    words_modem(4382000, &out);
    expect(&out, "10 min 26 s");
    buf_free(&out);
}

static void expect_html(const char *text, const char *expected)
{
    struct buf out = {0};
    linkify_text(text, "", &out);
    assert_string_equal(out.data ? out.data : "", expected);
    buf_free(&out);
}

static void test_links(void **state)
{
    (void)state;
    expect_html(
        "see https://example.org/a?b=1&c=2.",
        "see <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow ugc\">example.org/a?b=1&amp;c=2</a>.");
    expect_html("(https://en.example/x_(y))",
                "(<a href=\"https://en.example/x_(y)\" rel=\"nofollow ugc\">en.example/x_(y)</a>)");
    expect_html("HTTP://EXAMPLE.ORG/", "<a href=\"HTTP://EXAMPLE.ORG/\" rel=\"nofollow ugc\">EXAMPLE.ORG</a>");
    expect_html("https://münchen.example/straße",
                "<a href=\"https://münchen.example/straße\" rel=\"nofollow ugc\">münchen.example/straße</a>");
    expect_html("https:// https://. http://-x", "https:// https://. http://-x");
    expect_html("javascript:alert(1) ftp://a.b data:x", "javascript:alert(1) ftp://a.b data:x");
    expect_html("#Bird #été!", "<a href=\"/tag/bird\" rel=\"tag\">#Bird</a> "
                               "<a href=\"/tag/%C3%A9t%C3%A9\" rel=\"tag\">#été</a>!");
    expect_html("#日本語 C# a#b # #--",
                "<a href=\"/tag/%E6%97%A5%E6%9C%AC%E8%AA%9E\" rel=\"tag\">#日本語</a> C# a#b # #--");
    expect_html("@Potato, me@example.org @", "<a href=\"/~potato\">@Potato</a>, me@example.org @");
    expect_html("a\nb", "a<br>\nb");
    expect_html("see https://example.org/abcdefghijklmnopqrstuvwxyz0123456789",
                "see <a href=\"https://example.org/abcdefghijklmnopqrstuvwxyz0123456789\" rel=\"nofollow ugc\">"
                "example.org/abcdefghijklmnopqrstuvwxyz01…</a>");
}

static void test_hostile(void **state)
{
    (void)state;
    expect_html("<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;");
    expect_html("https://a.b/\" onclick=\"x",
                "<a href=\"https://a.b/\" rel=\"nofollow ugc\">a.b</a>&quot; onclick=&quot;x");
    expect_html("https://a.b/'onclick='x",
                "<a href=\"https://a.b/&#39;onclick=&#39;x\" rel=\"nofollow ugc\">a.b/&#39;onclick=&#39;x</a>");
    expect_html("https://a.b/<img src=x>", "<a href=\"https://a.b/\" rel=\"nofollow ugc\">a.b</a>&lt;img src=x&gt;");
    expect_html("#a\"b", "<a href=\"/tag/a\" rel=\"tag\">#a</a>&quot;b");
    expect_html("@a\"onload=x", "<a href=\"/~a\">@a</a>&quot;onload=x");
    expect_html("&lt;b&gt; &#60;", "&amp;lt;b&amp;gt; &amp;#60;");
    expect_html("https://a.b/\u202Ec", "<a href=\"https://a.b/\" rel=\"nofollow ugc\">a.b</a>\u202Ec");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ago),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
