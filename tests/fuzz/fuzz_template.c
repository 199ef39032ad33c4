/*
 * The template engine: a template and the JSON it is rendered with, both from the input, with itself as its partial.
 * With an even first byte the template is fixed and only the words are strange: then nothing of them may come out as
 * markup, neither linked nor as Markdown.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "view/linkify.h"
#include "view/markdown.h"
#include "view/members.h"
#include "view/mustache.h"

static const struct mustache *find_self(void *data, const char *name)
{
    return strcmp(name, "none") ? *(const struct mustache **)data : NULL;
}

static int find_member(void *data, const json_t *value, const char *name, struct buf *out, int *ret_is_html)
{
    struct members_context context = {.now_s = 1764000000};
    (void)data;
    return members_find(&context, value, name, out, ret_is_html);
}

static void render(const char *source, size_t source_bytes, const json_t *context, struct buf *out)
{
    struct mustache *template = NULL;
    struct mustache_error error = {""};
    if (mustache_compile("fuzz", source, source_bytes, &template, &error)) {
        if (!error.message[0])
            abort();
        return;
    }
    struct mustache_host host = {find_self, find_member, &template, source_bytes % 2};
    if (mustache_render(template, &host, NULL, context, out, &error) && !error.message[0])
        abort();
    if (out->size_bytes > MUSTACHE_MAX_OUTPUT_BYTES + 2 * MUSTACHE_MAX_SOURCE_BYTES)
        abort();
    mustache_free(template);
}

/* Markdown: no tag but those that it writes, no attribute that runs anything, no picture from elsewhere. */
static void check_markdown(const char *html)
{
    static const char *const tags[] = {"p",  "/p",  "h2",         "/h2",         "h3",     "/h3",   "h4",  "/h4",
                                       "hr", "br",  "ul",         "/ul",         "ol",     "/ol",   "li",  "/li",
                                       "em", "/em", "blockquote", "/blockquote", "code",   "/code", "pre", "/pre",
                                       "a",  "/a",  "img",        "strong",      "/strong"};
    for (const char *at = html; (at = strchr(at, '<')); at++) {
        size_t length = strcspn(at + 1, " >"), i = 0;
        while (i < sizeof tags / sizeof tags[0] && (strlen(tags[i]) != length || memcmp(tags[i], at + 1, length)))
            i++;
        if (i == sizeof tags / sizeof tags[0])
            abort();
        const char *end = strchr(at, '>');
        if (!end || memchr(at + 1, '<', (size_t)(end - at - 1)))
            abort();
        if (!strncmp(at, "<img", 4) && strncmp(at, "<img src=\"/i/", 13) && strncmp(at, "<img src=\"/t/", 13))
            abort();
    }
    if (strcasestr(html, "href=\"javascript:") || strcasestr(html, "href=\"data:"))
        abort();
}

/* Every "<" must begin one of the two tags that linkify writes, every quote must be theirs. */
static void check_markup(const char *html)
{
    for (const char *at = html; (at = strchr(at, '<')); at++) {
        if (!strncmp(at, "<br>", 4) || !strncmp(at, "</a>", 4))
            continue;
        if (strncmp(at, "<a href=\"", 9))
            abort();
        const char *url = at + 9, *end = strchr(url, '"');
        if (!end || (strncasecmp(url, "http://", 7) && strncasecmp(url, "https://", 8) && strncmp(url, "/tag/", 5) &&
                     strncmp(url, "/~", 2)))
            abort();
        const char *rest = end + 1;
        if (*rest != '>' && strncmp(rest, " rel=\"nofollow ugc\">", 20) && strncmp(rest, " rel=\"tag\">", 11))
            abort();
    }
}

static void render_words(const char *bytes, size_t size)
{
    static const char source[] = "<p title=\"{{words}}\">{{words.short}}|{{words.url}}</p>";
    char *words = NULL;
    struct buf out = {0};
    if (text_clean(bytes, size, TEXT_BLOCK, 0, 0, &words))
        return;
    json_t *context = json_pack("{s:s}", "words", words);
    if (!context)
        abort(); /* what text_clean lets through is UTF-8 */
    render(source, sizeof source - 1, context, &out);
    int angles = 0, quotes = 0;
    for (size_t i = 0; i < out.size_bytes; i++) {
        angles += out.data[i] == '<' || out.data[i] == '>';
        quotes += out.data[i] == '"';
    }
    if (angles != 4 || quotes != 2)
        abort();
    buf_clear(&out);
    linkify_text(words, "", &out);
    if (out.data)
        check_markup(out.data);
    buf_clear(&out);
    markdown_write(words, "", &out);
    if (out.data)
        check_markdown(out.data);
    buf_free(&out);
    json_decref(context);
    free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const char *text = (const char *)data + 1;
    size--;
    if (data[0] % 2 == 0) {
        render_words(text, size);
        return 0;
    }
    const char *middle = memchr(text, 0, size); /* template NUL JSON */
    json_t *context = middle ? json_loadb(middle + 1, (size_t)(text + size - middle - 1), 0, NULL) : NULL;
    struct buf out = {0};
    if (!context)
        context = json_pack("{s:[{s:s},{s:s}],s:i,s:n}", "a", "b", "<x>", "b", "y", "n", 5, "z");
    render(text, middle ? (size_t)(middle - text) : size, context, &out);
    json_decref(context);
    buf_free(&out);
    return 0;
}
