/*
 * Markdown of strangers. Whatever goes in: what comes out is made of our own tags, closed in order, with attributes in
 * double quotes, links to the web, mail or this site, and pictures of this site.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "view/markdown.h"

enum { MAX_OPEN = 4000 };

static const char *const tags[] = {"p",  "br", "em", "strong", "code", "pre", "blockquote", "ul",
                                   "ol", "li", "a",  "hr",     "h2",   "h3",  "h4",         "img"};
static const char *const empty[] = {"br", "hr", "img"};

static void refuse(const char *why, const char *html)
{
    fprintf(stderr, "%s in: %s\n", why, html);
    abort();
}

static int is_one_of(const char *name, size_t length, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == length && !memcmp(names[i], name, length))
            return 1;
    return 0;
}

static int is_safe_url(const char *url, int is_picture)
{
    if (is_picture)
        return !strncmp(url, "/i/", 3) || !strncmp(url, "/t/", 3);
    return !strncasecmp(url, "https://", 8) || !strncasecmp(url, "http://", 7) || !strncasecmp(url, "mailto:", 7) ||
           (url[0] == '/' && url[1] != '/' && url[1] != '\\');
}

/* One tag from behind its "<"; returns what follows its ">". */
static const char *check_tag(const char *at, const char *html, const char **open, int *depth)
{
    int closes = *at == '/';
    const char *name = at + closes;
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz123456");
    if (!is_one_of(name, length, tags, sizeof tags / sizeof tags[0]))
        refuse("a tag that is not ours", html);
    at = name + length;
    while (*at == ' ') {
        const char *attribute = at + 1, *value = strstr(attribute, "=\"");
        const char *end = value ? strchr(value + 2, '"') : NULL;
        if (!end || memchr(value + 2, '<', (size_t)(end - value - 2)) ||
            strspn(attribute, "abcdefghijklmnopqrstuvwxyz") != (size_t)(value - attribute))
            refuse("a malformed attribute", html);
        size_t bytes = (size_t)(value - attribute);
        static const char *const known[] = {"href", "src", "rel", "title", "alt", "loading", "class", "start"};
        if (!is_one_of(attribute, bytes, known, sizeof known / sizeof known[0]))
            refuse("an attribute that is not ours", html);
        if ((bytes == 4 && !memcmp(attribute, "href", 4) && !is_safe_url(value + 2, 0)) ||
            (bytes == 3 && !memcmp(attribute, "src", 3) && !is_safe_url(value + 2, 1)))
            refuse("an address", html);
        at = end + 1;
    }
    if (*at != '>')
        refuse("a tag without an end", html);
    if (is_one_of(name, length, empty, sizeof empty / sizeof empty[0]))
        return at + 1;
    if (!closes && *depth < MAX_OPEN)
        open[(*depth)++] = name;
    else if (closes && (!*depth || strncmp(open[--*depth], name, length) != 0))
        refuse("tags out of order", html);
    return at + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *open[MAX_OPEN];
    if (size > 10000 || !text_is_utf8(data, size))
        return 0;
    char *text = strndup((const char *)data, size);
    struct buf html = {0};
    int depth = 0;
    buf_puts(&html, "");
    markdown_write(text, "", &html);
    for (const char *at = html.data; *at;)
        at = *at == '<' ? check_tag(at + 1, html.data, open, &depth) : at + 1;
    if (depth)
        refuse("a tag that stays open", html.data);
    buf_free(&html);
    free(text);
    return 0;
}
