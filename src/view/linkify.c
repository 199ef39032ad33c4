/*
 * Plain text as HTML with links. The only way in which a stranger's words become markup, so everything passes through
 * linkify_escape, and an address must be http or https with a host. Refuses to guess: "example.org" alone is no link.
 */
#include "linkify.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <unistr.h>

#include "base/text.h"

enum { MAX_SHOWN_CHARACTERS = 40, MAX_URL_BYTES = 2000 };

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

/* May stand in an address as people paste it: no spaces, nothing invisible, none of RFC 3986's delimiters of text. */
static int is_url_character(ucs4_t c)
{
    if (c < 0x80)
        return c > ' ' && c != 0x7F && !strchr("<>\"`{}|\\^", (int)c);
    return uc_is_graph(c) && !uc_is_general_category(c, UC_FORMAT);
}

static size_t url_span(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;
    for (int n; (n = u8_strmbtouc(&c, at)) > 0 && is_url_character(c);)
        at += n;
    size_t size_bytes = (size_t)(at - (const uint8_t *)text);
    /* Punctuation at the end belongs to the sentence, a closing bracket only if it was opened inside. */
    while (size_bytes) {
        char last = text[size_bytes - 1];
        if (strchr(".,;:!?'*_~", last)) {
            size_bytes--;
        } else if (last == ')' || last == ']') {
            char first = last == ')' ? '(' : '[';
            int balance = 0;
            for (size_t i = 0; i < size_bytes; i++)
                balance += (text[i] == first) - (text[i] == last);
            if (balance >= 0)
                break;
            size_bytes--;
        } else {
            break;
        }
    }
    return size_bytes;
}

/* Length of an http or https address with a host at text, else 0. */
static size_t match_url(const char *text)
{
    size_t scheme_bytes = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
    if (!scheme_bytes)
        return 0;
    size_t size_bytes = url_span(text);
    unsigned char host = (unsigned char)text[scheme_bytes];
    int has_host = host >= 0x80 || host == '[' || (host != '.' && host != '-' && is_unreserved(host));
    return size_bytes > scheme_bytes && size_bytes <= MAX_URL_BYTES && has_host ? size_bytes : 0;
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

static size_t name_span(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    while (n && text[n - 1] == '-')
        n--;
    return n <= 20 ? n : 0;
}

/* Writes the link that begins at text and returns its length, or 0 if none begins there. */
static size_t write_link(const char *text, const char *base, struct buf *out)
{
    size_t n;
    if ((*text == 'h' || *text == 'H') && (n = match_url(text))) {
        buf_puts(out, "<a href=\"");
        linkify_escape(text, n, out);
        buf_puts(out, "\" rel=\"nofollow ugc\">");
        show_url(text, n, out);
        buf_puts(out, "</a>");
        return n;
    }
    char tag[65];
    if (*text == '#' && (n = text_tag_span(text + 1)) && text_fold_tag(text + 1, n, tag) == 0) {
        buf_puts(out, "<a href=\"");
        buf_puts(out, base);
        buf_puts(out, "/tag/");
        linkify_encode(tag, out);
        buf_puts(out, "\" rel=\"tag\">#");
        linkify_escape(text + 1, n, out);
        buf_puts(out, "</a>");
        return n + 1;
    }
    if (*text == '@' && (n = name_span(text + 1))) {
        buf_puts(out, "<a href=\"");
        buf_puts(out, base);
        buf_puts(out, "/~");
        for (size_t i = 1; i <= n; i++)
            buf_putc(out, (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]));
        buf_puts(out, "\">@");
        linkify_escape(text + 1, n, out);
        buf_puts(out, "</a>");
        return n + 1;
    }
    return 0;
}

void linkify_text(const char *text, const char *base, struct buf *out)
{
    int in_word = 0; /* no link begins inside of a word: a@b, C#, xhttp:// */
    for (const char *at = text; *at;) {
        size_t n = in_word ? 0 : write_link(at, base, out);
        if (n) {
            in_word = 1;
            at += n;
            continue;
        }
        ucs4_t c;
        int width = u8_strmbtouc(&c, (const uint8_t *)at);
        if (width <= 0) /* not UTF-8: the caller's mistake, and nothing of it is shown */
            return;
        if (c == '\n')
            buf_puts(out, "<br>\n");
        else
            linkify_escape(at, (size_t)width, out);
        in_word = c == '_' || c == '&' || c == '/' || uc_is_general_category(c, UC_LETTER) ||
                  uc_is_general_category(c, UC_NUMBER) || uc_is_general_category(c, UC_MARK);
        at += width;
    }
}
