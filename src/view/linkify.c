/*
 * Plain text as HTML with links. The only way in which a stranger's words become markup, so everything passes through
 * linkify_escape. Refuses to find the links itself, since others look for them too: base/links.c.
 */
#include "linkify.h"

#include <stdint.h>
#include <string.h>
#include <unistr.h>

#include "base/links.h"
#include "base/text.h"

enum { MAX_SHOWN_CHARACTERS = 40 };

void linkify_escape(const char *text, size_t size_bytes, struct buf *out)
{
    const char *from = text, *end = text + size_bytes;
    for (const char *at = text; at < end; at++) {
        const char *entity;
        switch (*at) {
        case '&': entity = "&amp;"; break;
        case '<': entity = "&lt;"; break;
        case '>': entity = "&gt;"; break;
        case '"': entity = "&quot;"; break;
        case '\'': entity = "&#39;"; break;
        default: continue;
        }
        buf_append(out, from, (size_t)(at - from));
        buf_puts(out, entity);
        from = at + 1;
    }
    buf_append(out, from, (size_t)(end - from));
}

static int is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void encode(const char *text, size_t size_bytes, struct buf *out)
{
    for (size_t i = 0; i < size_bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (is_unreserved(c))
            buf_putc(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

void linkify_encode(const char *text, struct buf *out)
{
    encode(text, strlen(text), out);
}

/* The address without its scheme, cut after MAX_SHOWN_CHARACTERS. */
static void show_url(const char *url, size_t size_bytes, struct buf *out)
{
    const char *scheme = memmem(url, size_bytes, "://", 3), *from = scheme ? scheme + 3 : url, *end = url + size_bytes;
    if (end > from && end[-1] == '/')
        end--;
    const uint8_t *at = (const uint8_t *)from, *stop = (const uint8_t *)end;
    ucs4_t c;
    int shown = 0;
    while (at < stop && shown++ < MAX_SHOWN_CHARACTERS)
        at += u8_mbtouc(&c, at, (size_t)(stop - at));
    linkify_escape(from, (size_t)((const char *)at - from), out);
    if (at < stop)
        buf_puts(out, "…");
}

void linkify_show_url(const char *url, struct buf *out)
{
    show_url(url, strlen(url), out);
}

static void write_link(const struct link *link, const char *base, struct buf *out)
{
    const char *text = link->at + 1;
    const size_t n = link->size_bytes - 1; /* without "#" or "@" */
    char tag[65] = "";
    switch (link->kind) {
    case LINK_URL:
        buf_puts(out, "<a href=\"");
        linkify_escape(link->at, link->size_bytes, out);
        buf_puts(out, "\" rel=\"nofollow ugc\">");
        show_url(link->at, link->size_bytes, out);
        break;
    case LINK_TAG:
        (void)!text_fold_tag(text, n, tag); /* it was one before */
        buf_printf(out, "<a href=\"%s/tag/", base);
        linkify_encode(tag, out);
        buf_puts(out, "\" rel=\"tag\">#");
        linkify_escape(text, n, out);
        break;
    case LINK_NAME:
        buf_printf(out, "<a href=\"%s/~", base);
        for (size_t i = 0; i < n; i++)
            buf_putc(out, (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]));
        buf_puts(out, "\">@");
        linkify_escape(text, n, out);
        break;
    }
    buf_puts(out, "</a>");
}

/* What stands between links. */
static void write_prose(const char *from, const char *end, struct buf *out)
{
    for (const char *line; (line = memchr(from, '\n', (size_t)(end - from))); from = line + 1) {
        linkify_escape(from, (size_t)(line - from), out);
        buf_puts(out, "<br>\n");
    }
    linkify_escape(from, (size_t)(end - from), out);
}

void linkify_text(const char *text, const char *base, struct buf *out)
{
    struct links links = {.at = text};
    const char *from = text;
    for (struct link link; links_next(&links, &link); from = links.at) {
        write_prose(from, link.at, out);
        write_link(&link, base, out);
    }
    write_prose(from, links.at, out); /* of what is not UTF-8, the caller's mistake, nothing is shown */
}
