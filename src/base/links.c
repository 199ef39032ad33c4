/*
 * Where links begin and end in prose: see links.h. Refuses to guess: "example.org" alone is no link, and none begins
 * inside of a word (a@b, C#, xhttp://). Read next: ../view/linkify.c.
 */
#include "links.h"

#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <unistr.h>

#include "text.h"

enum { MAX_URL_BYTES = 2000 };

static int is_host(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '~';
}

/* May stand in an address as people paste it: no spaces, nothing invisible, none of RFC 3986's delimiters of text. */
static int is_url_character(ucs4_t c)
{
    if (c < 0x80)
        return c > ' ' && c != 0x7F && !strchr("<>\"`{}|\\^", (int)c);
    return uc_is_graph(c) && !uc_is_general_category(c, UC_FORMAT);
}

/* No further than what is too long for a link, and each byte looked at twice at most. */
static size_t url_span(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t size_bytes = 0;
    int round = 0, square = 0; /* opened less closed */
    ucs4_t c;
    for (int n; size_bytes <= MAX_URL_BYTES && (n = u8_strmbtouc(&c, at)) > 0 && is_url_character(c); at += n) {
        round += (c == '(') - (c == ')');
        square += (c == '[') - (c == ']');
        size_bytes += (size_t)n;
    }
    /* Punctuation at the end belongs to the sentence, a closing bracket only if it was opened inside. */
    while (size_bytes) {
        char last = text[size_bytes - 1];
        if (strchr(".,;:!?'*_~", last)) {
            size_bytes--;
        } else if (last == ')' || last == ']') {
            int *open = last == ')' ? &round : &square;
            if (*open >= 0)
                break;
            ++*open;
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
    int has_host = host >= 0x80 || host == '[' || (host != '.' && host != '-' && is_host(host));
    return size_bytes > scheme_bytes && size_bytes <= MAX_URL_BYTES && has_host ? size_bytes : 0;
}

static size_t name_span(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    while (n && text[n - 1] == '-')
        n--;
    return n <= 20 ? n : 0;
}

/* The link that begins at text; 0 if none does. */
static int match(const char *text, struct link *ret_link)
{
    char tag[65];
    size_t n;
    if ((*text == 'h' || *text == 'H') && (n = match_url(text)))
        *ret_link = (struct link){LINK_URL, text, n};
    else if (*text == '#' && (n = text_tag_span(text + 1)) && text_fold_tag(text + 1, n, tag) == 0)
        *ret_link = (struct link){LINK_TAG, text, n + 1};
    else if (*text == '@' && (n = name_span(text + 1)))
        *ret_link = (struct link){LINK_NAME, text, n + 1};
    else
        return 0;
    return 1;
}

int links_next(struct links *links, struct link *ret_link)
{
    while (*links->at) {
        if (!links->in_word && match(links->at, ret_link)) {
            links->in_word = 1;
            links->at += ret_link->size_bytes;
            return 1;
        }
        ucs4_t c;
        const int width = u8_strmbtouc(&c, (const uint8_t *)links->at);
        if (width <= 0) /* not UTF-8: the caller's mistake */
            return 0;
        links->in_word = c == '_' || c == '&' || c == '/' || uc_is_general_category(c, UC_LETTER) ||
                         uc_is_general_category(c, UC_NUMBER) || uc_is_general_category(c, UC_MARK);
        links->at += width;
    }
    return 0;
}
