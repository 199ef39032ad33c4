/*
 * Text from strangers. Unicode's own tables come from libunistring; what stands here is our policy of what to keep.
 * Refuses nothing for its meaning: filtering words is not its business. Links are made in view/linkify.c.
 */
#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>

#include "buf.h"

enum { MAX_MARKS = 8, MAX_NEWLINES = 2 };

int text_is_utf8(const void *bytes, size_t size_bytes)
{
    return !memchr(bytes, 0, size_bytes) && !u8_check(bytes, size_bytes);
}

size_t text_count_clusters(const char *text)
{
    size_t size_bytes = strlen(text), count = 0;
    char *breaks = malloc(size_bytes + 1);
    if (!breaks)
        abort(); /* without memory, as everywhere in base */
    /* Not u8_grapheme_next: it looks at pairs only, and so splits emoji joined by ZWJ. */
    u8_grapheme_breaks((const uint8_t *)text, size_bytes, breaks);
    for (size_t i = 0; i < size_bytes; i++)
        count += breaks[i] != 0;
    free(breaks);
    return count;
}

static int is_noncharacter(ucs4_t c)
{
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

/* Directional embeddings and overrides: they reach beyond their text, isolates do not. */
static int is_override(ucs4_t c)
{
    return c >= 0x202A && c <= 0x202E;
}

static int is_isolate(ucs4_t c)
{
    return c >= 0x2066 && c <= 0x2068;
}

enum { POP_ISOLATE = 0x2069, MAX_ISOLATES = 16 };

static int is_line_break(ucs4_t c)
{
    return c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static int is_space(ucs4_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == 0xA0 || uc_is_property_white_space(c);
}

static void put(struct buf *out, ucs4_t c)
{
    uint8_t bytes[6];
    int n = u8_uctomb(bytes, c, sizeof bytes);
    if (n > 0)
        buf_append(out, bytes, (size_t)n);
}

static void filter(const uint8_t *at, size_t size_bytes, enum text_kind kind, struct buf *out)
{
    const uint8_t *end = at + size_bytes;
    size_t marks = 0, newlines = 0, isolates = 0;
    while (at < end) {
        ucs4_t c;
        int n = u8_mbtouc(&c, at, (size_t)(end - at));
        at += n;
        if (is_line_break(c)) {
            if (c == '\r' && at < end && *at == '\n')
                at++;
            for (; isolates; isolates--) /* an isolate ends with its paragraph */
                put(out, POP_ISOLATE);
            if (kind == TEXT_LINE)
                buf_putc(out, ' ');
            else if (newlines++ < MAX_NEWLINES)
                buf_putc(out, '\n');
            marks = 0;
            continue;
        }
        if (c == '\t')
            c = ' ';
        if (uc_is_general_category(c, UC_CONTROL) || is_noncharacter(c) || is_override(c) || c == 0xFEFF)
            continue;
        if (is_isolate(c) && isolates++ >= MAX_ISOLATES) {
            isolates--;
            continue;
        }
        if (c == POP_ISOLATE && !isolates)
            continue;
        if (c == POP_ISOLATE)
            isolates--;
        if (uc_is_general_category(c, UC_NON_SPACING_MARK) || uc_is_general_category(c, UC_ENCLOSING_MARK)) {
            if (marks++ >= MAX_MARKS)
                continue;
        } else if (c < 0xE0020 || c > 0xE007F) { /* tags of flags count with their flag */
            marks = 0;
        }
        if (c != ' ')
            newlines = 0;
        put(out, c);
    }
    for (; isolates; isolates--)
        put(out, POP_ISOLATE);
}

/* Outer white space away, in place. */
static void trim(struct buf *text)
{
    const uint8_t *from = (const uint8_t *)text->data, *to = from + text->size_bytes;
    ucs4_t c;
    while (from < to) {
        int n = u8_mbtouc(&c, from, (size_t)(to - from));
        if (!is_space(c))
            break;
        from += n;
    }
    for (const uint8_t *before; from < to && (before = u8_prev(&c, to, from)) && is_space(c);)
        to = before;
    size_t size_bytes = (size_t)(to - from);
    memmove(text->data, from, size_bytes);
    text->size_bytes = size_bytes;
    text->data[size_bytes] = '\0';
}

enum text_status text_clean(const char *bytes, size_t size_bytes, enum text_kind kind, size_t max_clusters,
                            size_t max_bytes, char **ret_text)
{
    if (max_bytes && size_bytes > max_bytes)
        return TEXT_TOO_MANY_BYTES;
    if (!text_is_utf8(bytes, size_bytes))
        return TEXT_NOT_UTF8;
    struct buf text = {0};
    buf_reserve(&text, size_bytes);
    buf_append(&text, "", 0);
    filter((const uint8_t *)bytes, size_bytes, kind, &text);
    trim(&text);
    if (text.size_bytes) {
        size_t composed_bytes;
        uint8_t *composed =
            u8_normalize(UNINORM_NFC, (const uint8_t *)text.data, text.size_bytes, NULL, &composed_bytes);
        if (!composed)
            abort(); /* without memory, as everywhere in base */
        buf_clear(&text);
        buf_append(&text, composed, composed_bytes);
        free(composed);
    }
    enum text_status status = TEXT_OK;
    if (max_bytes && text.size_bytes > max_bytes)
        status = TEXT_TOO_MANY_BYTES;
    else if (max_clusters && text_count_clusters(text.data) > max_clusters)
        status = TEXT_TOO_LONG;
    if (status)
        buf_free(&text);
    else
        *ret_text = buf_take(&text, &(size_t){0});
    return status;
}

int text_is_blank(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;
    for (int n; (n = u8_strmbtouc(&c, at)) > 0; at += n)
        if (!is_space(c) && !uc_is_general_category(c, UC_FORMAT) && !uc_is_general_category(c, UC_MARK) &&
            !uc_is_property_default_ignorable_code_point(c) && c != 0x2800)
            return 0;
    return 1;
}

int text_parse_name(const char *text, char ret_name[21])
{
    char name[21];
    size_t n = 0;
    for (; text[n]; n++) {
        char c = text[n];
        if (n == 20)
            return -1;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return -1;
        name[n] = c;
    }
    if (!n)
        return -1;
    name[n] = '\0';
    memcpy(ret_name, name, n + 1);
    return 0;
}

/* Marks belong to the letters of many scripts; joiners occur inside words of some. */
static int is_tag_character(ucs4_t c)
{
    return c == '_' || c == '-' || uc_is_general_category(c, UC_LETTER) || uc_is_general_category(c, UC_NUMBER) ||
           uc_is_general_category(c, UC_MARK) || c == 0x200C || c == 0x200D;
}

size_t text_tag_span(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;
    int has_letter = 0;
    for (int n; (n = u8_strmbtouc(&c, at)) > 0 && is_tag_character(c); at += n)
        has_letter |= uc_is_general_category(c, UC_LETTER) || uc_is_general_category(c, UC_NUMBER);
    return has_letter ? (size_t)(at - (const uint8_t *)text) : 0;
}

int text_fold_tag(const char *text, size_t size_bytes, char ret_tag[65])
{
    uint8_t room[65];
    size_t folded_bytes = sizeof room;
    uint8_t *folded = u8_tolower((const uint8_t *)text, size_bytes, NULL, UNINORM_NFC, room, &folded_bytes);
    int fits = folded && folded_bytes <= 64;
    if (fits) {
        memcpy(ret_tag, folded, folded_bytes);
        ret_tag[folded_bytes] = '\0';
    }
    if (folded != room)
        free(folded);
    return fits ? 0 : -1;
}

int text_next_tag(const char **cursor, char ret_tag[65])
{
    const uint8_t *at = (const uint8_t *)*cursor;
    ucs4_t c;
    for (int n; (n = u8_strmbtouc(&c, at)) > 0;) {
        size_t span = text_tag_span((const char *)at);
        if (span) {
            const char *tag = (const char *)at;
            *cursor = tag + span;
            if (text_fold_tag(tag, span, ret_tag) == 0)
                return 1;
            at += span;
        } else {
            at += n;
        }
    }
    *cursor = (const char *)at;
    return 0;
}

static int is_invisible(ucs4_t c)
{
    return uc_is_property_default_ignorable_code_point(c) || uc_is_general_category(c, UC_FORMAT);
}

size_t text_fold_character(uint32_t character, uint32_t ret_letters[TEXT_FOLDED_MAX])
{
    uint32_t folded[TEXT_FOLDED_MAX];
    size_t count = TEXT_FOLDED_MAX, kept = 0;
    if (is_invisible(character))
        return 0;
    uint32_t *result = u32_casefold(&character, 1, NULL, UNINORM_NFKD, folded, &count);
    for (size_t i = 0; result && i < count && kept < TEXT_FOLDED_MAX; i++) {
        if (uc_is_property_white_space(result[i]))
            ret_letters[kept++] = ' ';
        else if (!uc_is_general_category(result[i], UC_MARK) && !is_invisible(result[i]))
            ret_letters[kept++] = result[i];
    }
    if (result != folded)
        free(result);
    return kept;
}

/* Letters that Unicode takes for their own, and keyboards without them for others: "Lodz", "coeur". NULL: itself. */
static const char *fold_own_letter(uint32_t letter)
{
    static const struct {
        uint32_t letter;
        const char *folded;
    } letters[] = {{0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},  {0x0111, "d"}, {0x0127, "h"},
                   {0x0131, "i"},  {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"}};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].letter == letter)
            return letters[i].folded;
    return NULL;
}

char *text_fold(const char *text)
{
    struct buf out = {0};
    const size_t size = strlen(text);
    buf_reserve(&out, size + 1);
    buf_puts(&out, "");
    for (size_t at = 0; at < size;) {
        const unsigned char byte = (unsigned char)text[at];
        if (byte < 0x80) { /* nearly all there is, and a hundred times faster */
            buf_putc(&out, (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte <= ' ' ? ' ' : byte));
            at++;
            continue;
        }
        uint32_t letters[TEXT_FOLDED_MAX];
        ucs4_t c;
        at += (size_t)u8_mbtouc(&c, (const uint8_t *)text + at, size - at);
        const size_t count = text_fold_character(c, letters);
        for (size_t i = 0; i < count; i++) {
            uint8_t bytes[6];
            const char *own = fold_own_letter(letters[i]);
            const int n = own ? 0 : u8_uctomb(bytes, letters[i], sizeof bytes);
            buf_append(&out, bytes, n > 0 ? (size_t)n : 0);
            buf_puts(&out, own ? own : "");
        }
    }
    return buf_take(&out, NULL);
}

size_t text_prefix(const char *text, size_t max_bytes)
{
    size_t length = strlen(text);
    if (length <= max_bytes)
        return length;
    for (length = max_bytes; length && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
        ;
    return length;
}
