/*
 * Markdown: see markdown.h. libcmark parses (CommonMark 0.30), this file writes: libcmark's own writer cannot mark
 * links as nofollow, nor keep pictures of other sites out. Refuses raw HTML, addresses that are no web address, and
 * more than MAX_DEPTH nested lists and quotes, whose tags are left out. Escaping is linkify.c's.
 */
#include "markdown.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmark.h>

#include "linkify.h"

enum { MAX_DEPTH = 16, MAX_URL_BYTES = 2000 };

struct writer {
    struct buf *out;
    const char *base;
    int depth;   /* of lists, quotes and emphasis */
    int in_link; /* no link within a link */
};

static int is_local(const char *url)
{
    return url[0] == '/' && url[1] != '/' && url[1] != '\\';
}

static int is_allowed(const char *url)
{
    return strlen(url) <= MAX_URL_BYTES && (!strncasecmp(url, "https://", 8) || !strncasecmp(url, "http://", 7) ||
                                            !strncasecmp(url, "mailto:", 7) || is_local(url));
}

/* /i/HASH.jpg and nothing else: "/i/../settings/export" would have every visitor's browser ask for that. */
static int is_own_picture(const char *url)
{
    if (strncmp(url, "/i/", 3) && strncmp(url, "/t/", 3))
        return 0;
    size_t digits = strspn(url + 3, "0123456789abcdef");
    return digits && !strcmp(url + 3 + digits, ".jpg");
}

/* An address as an attribute's value: what RFC 3986 does not allow is percent-encoded. */
static void put_url(const struct writer *w, const char *url)
{
    if (is_local(url))
        buf_puts(w->out, w->base);
    for (; *url; url++) {
        unsigned char c = (unsigned char)*url;
        if (c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}", c))
            buf_printf(w->out, "%%%02X", c);
        else
            linkify_escape(url, 1, w->out);
    }
}

/* The plain words in a node, for alt texts. */
static void put_words(const struct writer *w, cmark_node *node)
{
    cmark_iter *iter = cmark_iter_new(node);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        const char *text = cmark_node_get_literal(cmark_iter_get_node(iter));
        if (text)
            linkify_escape(text, strlen(text), w->out);
    }
    cmark_iter_free(iter);
}

static void put_picture(const struct writer *w, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    if (is_own_picture(url)) {
        buf_puts(w->out, "<img src=\"");
        put_url(w, url);
        buf_puts(w->out, "\" loading=\"lazy\" alt=\"");
        put_words(w, node);
        buf_puts(w->out, "\">");
    } else if (!w->in_link && is_allowed(url)) {
        buf_puts(w->out, "<a href=\"");
        put_url(w, url);
        buf_puts(w->out, "\" rel=\"nofollow ugc\">");
        size_t before = w->out->size_bytes;
        put_words(w, node);
        if (w->out->size_bytes == before)
            buf_puts(w->out, "picture");
        buf_puts(w->out, "</a>");
    } else {
        put_words(w, node);
    }
}

static void put_link(struct writer *w, cmark_node *node, int enters)
{
    const char *url = cmark_node_get_url(node), *title = cmark_node_get_title(node);
    if (!is_allowed(url))
        return;
    w->in_link = enters;
    if (!enters) {
        buf_puts(w->out, "</a>");
        return;
    }
    buf_puts(w->out, "<a href=\"");
    put_url(w, url);
    buf_puts(w->out, "\" rel=\"nofollow ugc\"");
    if (title && *title) {
        buf_puts(w->out, " title=\"");
        linkify_escape(title, strlen(title), w->out);
        buf_puts(w->out, "\"");
    }
    buf_puts(w->out, ">");
}

/* "<name>" or "</name>"; what is nested too deeply loses its tags and keeps its words. */
static void put_nested(struct writer *w, const char *name, int enters)
{
    if (!enters)
        w->depth--;
    if (w->depth < MAX_DEPTH)
        buf_printf(w->out, enters ? "<%s>" : "</%s>", name);
    if (enters)
        w->depth++;
}

static void put_list(struct writer *w, cmark_node *node, int enters)
{
    int is_ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, start = cmark_node_get_list_start(node);
    if (enters && is_ordered && start != 1 && w->depth < MAX_DEPTH) {
        buf_printf(w->out, "<ol start=\"%d\">", start);
        w->depth++;
        return;
    }
    put_nested(w, is_ordered ? "ol" : "ul", enters);
}

static int is_tight(cmark_node *paragraph)
{
    cmark_node *list = cmark_node_parent(cmark_node_parent(paragraph));
    return list && cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static void put_text(const struct writer *w, const char *text)
{
    if (w->in_link)
        linkify_escape(text, strlen(text), w->out);
    else
        linkify_text(text, w->base, w->out);
}

static void put_literal(const struct writer *w, const char *before, const char *text, const char *after)
{
    buf_puts(w->out, before);
    linkify_escape(text, strlen(text), w->out);
    buf_puts(w->out, after);
}

static void put_node(struct writer *w, cmark_node *node, int enters)
{
    const char *literal = cmark_node_get_literal(node);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE: put_nested(w, "blockquote", enters); break;
    case CMARK_NODE_LIST: put_list(w, node, enters); break;
    case CMARK_NODE_ITEM:
        if (w->depth <= MAX_DEPTH)
            buf_puts(w->out, enters ? "<li>" : "</li>\n");
        break;
    case CMARK_NODE_PARAGRAPH:
        if (!is_tight(node))
            buf_puts(w->out, enters ? "<p>" : "</p>\n");
        break;
    case CMARK_NODE_HEADING: {
        int level = cmark_node_get_heading_level(node);
        buf_printf(w->out, enters ? "<h%d>" : "</h%d>\n", level < 3 ? level + 1 : 4);
        break;
    }
    case CMARK_NODE_THEMATIC_BREAK: buf_puts(w->out, "<hr>\n"); break;
    case CMARK_NODE_CODE_BLOCK: put_literal(w, "<pre class=\"code\">", literal, "</pre>\n"); break;
    case CMARK_NODE_HTML_BLOCK: put_literal(w, "<p>", literal, "</p>\n"); break;
    case CMARK_NODE_CODE: put_literal(w, "<code>", literal, "</code>"); break;
    case CMARK_NODE_HTML_INLINE: put_literal(w, "", literal, ""); break;
    case CMARK_NODE_TEXT: put_text(w, literal); break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: buf_puts(w->out, "<br>\n"); break;
    case CMARK_NODE_EMPH: put_nested(w, "em", enters); break;
    case CMARK_NODE_STRONG: put_nested(w, "strong", enters); break;
    case CMARK_NODE_LINK: put_link(w, node, enters); break;
    default: break;
    }
}

void markdown_write(const char *text, const char *base, struct buf *out)
{
    struct writer w = {.out = out, .base = base};
    cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
    if (!document)
        abort(); /* without memory, as everywhere */
    cmark_consolidate_text_nodes(document);
    cmark_iter *iter = cmark_iter_new(document);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
            if (event == CMARK_EVENT_ENTER) {
                put_picture(&w, node);
                cmark_iter_reset(iter, node, CMARK_EVENT_EXIT); /* its words are in the alt text */
            }
            continue;
        }
        put_node(&w, node, event == CMARK_EVENT_ENTER);
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
}
