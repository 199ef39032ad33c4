/*
 * Words to mask, hold or refuse: see wordlist.h. A text is folded character by character, with the place each folded
 * character came from, so that what is found in the folded text can be masked in the one that was typed.
 * Refuses to guess: no look-alikes from other scripts, no numbers for letters, since both hit innocent words.
 */
#include "wordlist.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "buf.h"
#include "text.h"

struct word {
    uint32_t *letters;
    size_t length;
    int opens_left, opens_right; /* "*" in front, behind */
    enum word_action action;
};

struct wordlist {
    struct word *words;
    size_t count, capacity;
};

/* Folded characters, each with the bytes of the text it stands for. */
struct folded {
    uint32_t *letters;
    size_t *from, *to;
    size_t length, capacity;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void put(struct folded *out, uint32_t c, size_t from, size_t to)
{
    if (out->length == out->capacity) {
        out->capacity = out->capacity ? 2 * out->capacity : 64;
        out->letters = must(realloc(out->letters, out->capacity * sizeof *out->letters));
        out->from = must(realloc(out->from, out->capacity * sizeof *out->from));
        out->to = must(realloc(out->to, out->capacity * sizeof *out->to));
    }
    out->letters[out->length] = c;
    out->from[out->length] = from;
    out->to[out->length++] = to;
}

/* One character of the text becomes none (marks, invisible ones), one, or several letters; spaces become one. */
static void fold_character(ucs4_t c, size_t from, size_t to, struct folded *out)
{
    uint32_t letters[TEXT_FOLDED_MAX];
    const size_t count = text_fold_character(c, letters);
    for (size_t i = 0; i < count; i++)
        if (letters[i] != ' ' || (out->length && out->letters[out->length - 1] != ' '))
            put(out, letters[i], from, to);
}

static struct folded fold(const char *text)
{
    struct folded out = {0};
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        ucs4_t c;
        int n = u8_mbtouc(&c, (const uint8_t *)text + at, size - at);
        fold_character(c, at, at + (size_t)n, &out);
        at += (size_t)n;
    }
    return out;
}

static void folded_free(struct folded *folded)
{
    free(folded->letters);
    free(folded->from);
    free(folded->to);
}

/* Cuts spaces and "*" off the ends; says on which sides a "*" was. */
static void trim(const struct folded *folded, size_t *ret_from, size_t *ret_to, int *ret_left, int *ret_right)
{
    size_t from = 0, to = folded->length;
    *ret_left = *ret_right = 0;
    for (; from < to && (folded->letters[from] == '*' || folded->letters[from] == ' '); from++)
        *ret_left |= folded->letters[from] == '*';
    for (; to > from && (folded->letters[to - 1] == '*' || folded->letters[to - 1] == ' '); to--)
        *ret_right |= folded->letters[to - 1] == '*';
    *ret_from = from;
    *ret_to = to;
}

struct wordlist *wordlist_new(void)
{
    return must(calloc(1, sizeof(struct wordlist)));
}

void wordlist_free(struct wordlist *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        free(list->words[i].letters);
    free(list->words);
    free(list);
}

int wordlist_fold(const char *typed, char *ret_word)
{
    struct folded folded = fold(typed);
    size_t from, to;
    int left, right, rc = -1;
    struct buf out = {0};
    trim(&folded, &from, &to, &left, &right);
    buf_puts(&out, left ? "*" : "");
    for (size_t i = from; i < to; i++) {
        uint8_t bytes[6];
        int n = u8_uctomb(bytes, folded.letters[i], sizeof bytes);
        if (n > 0)
            buf_append(&out, bytes, (size_t)n);
    }
    buf_puts(&out, right ? "*" : "");
    if (to > from && out.size_bytes < WORD_MAX_BYTES) {
        memcpy(ret_word, out.data, out.size_bytes + 1);
        rc = 0;
    }
    buf_free(&out);
    folded_free(&folded);
    return rc;
}

void wordlist_add(struct wordlist *list, const char *word, enum word_action action)
{
    struct folded folded = fold(word);
    struct word made = {.action = action};
    size_t from, to;
    trim(&folded, &from, &to, &made.opens_left, &made.opens_right);
    if (to > from) {
        made.length = to - from;
        made.letters = must(malloc(made.length * sizeof *made.letters));
        memcpy(made.letters, folded.letters + from, made.length * sizeof *made.letters);
        if (list->count == list->capacity) {
            list->capacity = list->capacity ? 2 * list->capacity : 16;
            list->words = must(realloc(list->words, list->capacity * sizeof *list->words));
        }
        list->words[list->count++] = made;
    }
    folded_free(&folded);
}

static int is_inside_word(const struct folded *text, size_t at)
{
    return at < text->length &&
           uc_is_general_category_withtable(text->letters[at], UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

static int is_here(const struct word *word, const struct folded *text, size_t at)
{
    if (text->letters[at] != word->letters[0] || text->length - at < word->length ||
        memcmp(text->letters + at, word->letters, word->length * sizeof *word->letters) != 0)
        return 0;
    return (word->opens_left || !at || !is_inside_word(text, at - 1)) &&
           (word->opens_right || !is_inside_word(text, at + word->length));
}

/* The text with one "*" for each character of which is_masked is set for its first byte. */
static char *mask(const char *text, const char *is_masked)
{
    struct buf out = {0};
    buf_puts(&out, "");
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        ucs4_t c;
        size_t n = (size_t)u8_mbtouc(&c, (const uint8_t *)text + at, size - at);
        if (is_masked[at])
            buf_putc(&out, '*');
        else
            buf_append(&out, text + at, n);
        at += n;
    }
    return must(buf_take(&out, NULL));
}

enum word_action wordlist_check(const struct wordlist *list, const char *text, char **ret_masked)
{
    enum word_action strictest = WORD_NONE;
    *ret_masked = NULL;
    if (!list || !list->count)
        return WORD_NONE;
    struct folded folded = fold(text);
    char *is_masked = NULL;
    for (size_t at = 0; at < folded.length; at++) {
        for (size_t w = 0; w < list->count; w++) {
            const struct word *word = &list->words[w];
            if (!is_here(word, &folded, at))
                continue;
            if (word->action > strictest)
                strictest = word->action;
            if (word->action != WORD_MASK)
                continue;
            if (!is_masked)
                is_masked = must(calloc(strlen(text) + 1, 1));
            /* from the first letter to the last, with the invisible ones between them */
            memset(is_masked + folded.from[at], 1, folded.to[at + word->length - 1] - folded.from[at]);
        }
    }
    if (is_masked)
        *ret_masked = mask(text, is_masked);
    free(is_masked);
    folded_free(&folded);
    return strictest;
}
