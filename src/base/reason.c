/*
 * Finds the format that a finished sentence was made of: see reason.h. Refuses printf for what it finds: a translated
 * format never meets arguments, only pieces of text. Read next: crush/pixels/picture.c, where reasons are made.
 */
#include "base/reason.h"

#include <string.h>

/* Of a sentence, of its values, and of names within names: "PNG: %s", and what libpng or we say there. */
enum { LANGS_MAX = 16, PIECES_MAX = 6, ENGLISH_MAX = 256, DEPTH_MAX = 2 };

struct piece {
    const char *text;
    size_t length;
    int is_words; /* %s; else a number */
};

static const struct lang_catalogue *reasons_of[LANGS_MAX];

void reason_load(const struct lang_catalogue *reasons)
{
    for (; reasons && reasons->code; reasons++) {
        const int lang = lang_find(reasons->code);
        if (lang > 0 && lang < LANGS_MAX)
            reasons_of[lang] = reasons;
    }
}

/* Behind the directive at a '%': "%d", "%.150s", "%2$zu", "%<PRIu64>". ret_place counts from 1, 0: the next one. */
static const char *directive(const char *at, int *ret_is_words, size_t *ret_place)
{
    const size_t digits = strspn(at + 1, "0123456789");
    *ret_place = 0;
    at++;
    if (digits && at[digits] == '$') {
        *ret_place = (size_t)(at[0] - '0');
        at += digits + 1;
    }
    at += strspn(at, "#0- +.123456789hlzjt");
    *ret_is_words = *at == 's';
    if (*at == '<')
        at += strcspn(at, ">");
    return *at ? at + 1 : at;
}

/* 1: text is what format makes of some values, which are pieces then. A value takes as little as it can. */
static int fits(const char *format, const char *text, struct piece pieces[PIECES_MAX], size_t count)
{
    for (; *format; format++, text++) {
        if (*format == '%' && *++format != '%') {
            size_t place;
            int is_words;
            const char *behind = directive(format - 1, &is_words, &place);
            const size_t most = is_words ? strlen(text) : strspn(text, "0123456789abcdefx.-");
            if (count == PIECES_MAX)
                return 0;
            for (size_t n = 1; n <= most; n++)
                if (fits(behind, text + n, pieces, count + 1)) {
                    pieces[count] = (struct piece){text, n, is_words};
                    return 1;
                }
            return 0;
        }
        if (*format != *text)
            return 0;
    }
    return !*text;
}

/* How much of a format is words: of two that fit, "JPEG: damaged" and "JPEG: %s", the one that says more counts. */
static size_t words_of(const char *format)
{
    size_t words = 0, place;
    int is_words;
    while (*format) {
        const int is_value = *format == '%' && format[1] != '%';
        words += !is_value;
        format = is_value ? directive(format, &is_words, &place) : format + 1;
    }
    return words;
}

static int say(const struct lang_catalogue *catalogue, const char *english, int depth, char *ret_text, size_t bytes);

/* Appends; 0 when it does not fit. */
static int append(char *out, size_t *length, size_t bytes, const char *text, size_t text_length)
{
    if (text_length >= bytes - *length)
        return 0;
    memcpy(out + *length, text, text_length);
    *length += text_length;
    out[*length] = '\0';
    return 1;
}

static int append_piece(const struct lang_catalogue *catalogue, const struct piece *piece, int depth, char *out,
                        size_t *length, size_t bytes)
{
    char words[ENGLISH_MAX], said[REASON_MAX];
    memcpy(words, piece->text, piece->length);
    words[piece->length] = '\0';
    if (piece->is_words && say(catalogue, words, depth + 1, said, sizeof said))
        return append(out, length, bytes, said, strlen(said));
    return append(out, length, bytes, piece->text, piece->length);
}

/* The translation with its values. 0 when it asks for one that is not there, or does not fit. */
static int fill(const struct lang_catalogue *catalogue, const char *format, const struct piece pieces[PIECES_MAX],
                int depth, char *out, size_t bytes)
{
    size_t length = 0, next = 0, place;
    int is_words;
    while (*format) {
        if (*format == '%' && format[1] != '%') {
            format = directive(format, &is_words, &place);
            const size_t which = place ? place - 1 : next++;
            if (which >= PIECES_MAX || !pieces[which].text ||
                !append_piece(catalogue, &pieces[which], depth, out, &length, bytes))
                return 0;
            continue;
        }
        format += *format == '%';
        if (!append(out, &length, bytes, format++, 1))
            return 0;
    }
    return 1;
}

static int say(const struct lang_catalogue *catalogue, const char *english, int depth, char *ret_text, size_t bytes)
{
    const struct lang_message *best = NULL;
    struct piece pieces[PIECES_MAX] = {0};
    for (size_t i = 0; depth <= DEPTH_MAX && i < catalogue->message_count; i++) {
        struct piece found[PIECES_MAX] = {0};
        const struct lang_message *message = &catalogue->messages[i];
        if ((best && words_of(message->key) <= words_of(best->key)) || !fits(message->key, english, found, 0))
            continue;
        best = message;
        memcpy(pieces, found, sizeof pieces);
    }
    return best && fill(catalogue, best->said[0], pieces, depth, ret_text, bytes);
}

const char *reason_say(const char *english, char ret_text[REASON_MAX])
{
    const int lang = lang_faults();
    const struct lang_catalogue *catalogue = lang > 0 && lang < LANGS_MAX ? reasons_of[lang] : NULL;
    if (catalogue && strlen(english) < ENGLISH_MAX && say(catalogue, english, 0, ret_text, REASON_MAX))
        return ret_text;
    return english;
}
