/* Markdown from strangers: what becomes markup, and what never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/markdown.h"

static void expect(const char *text, const char *html)
{
    struct buf out = {0};
    buf_puts(&out, "");
    markdown_write(text, "", &out);
    assert_string_equal(out.data, html);
    buf_free(&out);
}

static void plain_words_and_marks(void **state)
{
    (void)state;
    expect("", "");
    expect("one\ntwo", "<p>one<br>\ntwo</p>\n");
    expect("*a* **b** `c<d`", "<p><em>a</em> <strong>b</strong> <code>c&lt;d</code></p>\n");
    expect("# Me\n\ntext", "<h2>Me</h2>\n<p>text</p>\n");
    expect("###### deep", "<h4>deep</h4>\n");
    expect("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>");
    expect("3. c", "<ol start=\"3\"><li>c</li>\n</ol>");
    expect("> said", "<blockquote><p>said</p>\n</blockquote>");
    expect("    code <b>", "<pre class=\"code\">code &lt;b&gt;\n</pre>\n");
    expect("---", "<hr>\n");
}

static void links(void **state)
{
    (void)state;
    expect("[x](https://a.example/?a=1&b='2' \"t\\\"<\")",
           "<p><a href=\"https://a.example/?a=1&amp;b=&#39;2&#39;\" rel=\"nofollow ugc\" "
           "title=\"t&quot;&lt;\">x</a></p>\n");
    expect("[x](/p/1)", "<p><a href=\"/p/1\" rel=\"nofollow ugc\">x</a></p>\n");
    expect("<https://a.example/é>",
           "<p><a href=\"https://a.example/é\" rel=\"nofollow ugc\">https://a.example/é</a></p>\n");
    expect("#cats @fax", "<p><a href=\"/tag/cats\" rel=\"tag\">#cats</a> <a href=\"/~fax\">@fax</a></p>\n");
    expect("see https://a.example/?a=1&b=2.",
           "<p>see <a href=\"https://a.example/?a=1&amp;b=2\" rel=\"nofollow ugc\">a.example/?a=1&amp;b=2</a>.</p>\n");
    expect("[#cats](https://a.example/)", "<p><a href=\"https://a.example/\" rel=\"nofollow ugc\">#cats</a></p>\n");
}

static void what_is_no_web_address_is_no_link(void **state)
{
    static const char *const urls[] = {
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",   "vbscript:x",    "file:///etc/passwd",
        "//evil.example",      "/\\evil.example",     "\\\\evil.example",   "about:blank",   "blob:https://a/b",
        "java&#x73;cript:x",   "&#106;avascript:x",   "intent://x#Intent;", "x-other:thing", "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char text[100];
        struct buf out = {0};
        buf_puts(&out, "");
        snprintf(text, sizeof text, "[x](<%s>) ![y](<%s>)", urls[i], urls[i]);
        markdown_write(text, "", &out);
        if (strstr(out.data, "href") || strstr(out.data, "src"))
            fail_msg("%s became %s", text, out.data);
        buf_free(&out);
    }
}

static void raw_html_is_shown_as_typed(void **state)
{
    (void)state;
    expect("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
    expect("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n");
    expect("<!-- x --> &lt;i&gt; &#0;", "<p>&lt;!-- x --&gt; &amp;lt;i&amp;gt; &amp;#0;\n</p>\n");
}

static void pictures_of_this_site_only(void **state)
{
    (void)state;
    expect("![a \"cat\"](/i/0f.jpg)", "<p><img src=\"/i/0f.jpg\" loading=\"lazy\" alt=\"a &quot;cat&quot;\"></p>\n");
    expect("![a](/i/../settings/export)", "<p><a href=\"/i/../settings/export\" rel=\"nofollow ugc\">a</a></p>\n");
    expect("![a cat](https://a.example/c.gif)",
           "<p><a href=\"https://a.example/c.gif\" rel=\"nofollow ugc\">a cat</a></p>\n");
    expect("![](https://a.example/c.gif)",
           "<p><a href=\"https://a.example/c.gif\" rel=\"nofollow ugc\">picture</a></p>\n");
    expect("[![cat](https://a.example/c.gif)](https://b.example/)",
           "<p><a href=\"https://b.example/\" rel=\"nofollow ugc\">cat</a></p>\n");
}

static int count(const char *text, const char *part)
{
    int found = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        found++;
    return found;
}

static void deep_nesting_is_flattened_and_balanced(void **state)
{
    static const char *const pieces[] = {"> ", "- ", "*a **b ", "1. "};
    (void)state;
    for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
        struct buf text = {0}, out = {0};
        for (int i = 0; i < 900; i++)
            buf_puts(&text, pieces[p]);
        buf_puts(&text, "end");
        buf_puts(&out, "");
        markdown_write(text.data, "", &out);
        static const char *const tags[][2] = {{"<blockquote>", "</blockquote>"},
                                              {"<ul>", "</ul>"},
                                              {"<ol>", "</ol>"},
                                              {"<li>", "</li>"},
                                              {"<em>", "</em>"},
                                              {"<p>", "</p>"}};
        for (size_t t = 0; t < sizeof tags / sizeof tags[0]; t++) {
            assert_int_equal(count(out.data, tags[t][0]), count(out.data, tags[t][1]));
            assert_true(count(out.data, tags[t][0]) <= 900);
        }
        assert_true(count(out.data, "<blockquote>") <= 16 && count(out.data, "<ul>") <= 16);
        assert_non_null(strstr(out.data, "end"));
        buf_free(&text);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_words_and_marks),
        cmocka_unit_test(links),
        cmocka_unit_test(what_is_no_web_address_is_no_link),
        cmocka_unit_test(raw_html_is_shown_as_typed),
        cmocka_unit_test(pictures_of_this_site_only),
        cmocka_unit_test(deep_nesting_is_flattened_and_balanced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
