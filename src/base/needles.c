/*
 * Words that are looked for inside texts: see needles.h. Refuses to rank and to guess: a text holds all of them or it
 * is not found. Read next: text.c, which folds; store/search.c, which decides in how many texts.
 */
#include "needles.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char between[] = " \t\r\n,", around[] = "#@.!?:;\"'()<>";

static void add(struct needles *needles, const char *typed, size_t size_bytes)
{
    struct needle needle = {.is_tag = size_bytes > 1 && *typed == '#'};
    while (size_bytes && strchr(around, *typed))
        typed++, size_bytes--;
    while (size_bytes && strchr(around, typed[size_bytes - 1]))
        size_bytes--;
    const size_t span = text_tag_span(typed);
    if (span < size_bytes || text_fold_tag(typed, size_bytes, needle.tag) != 0)
        needle.tag[0] = '\0', needle.is_tag = 0;
    char *word = strndup(typed, size_bytes);
    if (!word)
        abort();
    needle.word = text_fold(word);
    free(word);
    if (*needle.word)
        needles->items[needles->count++] = needle;
    else
        free(needle.word);
}

void needles_parse(const char *typed, struct needles *ret_needles)
{
    *ret_needles = (struct needles){0};
    for (const char *at = typed; *at && ret_needles->count < NEEDLES_MAX;) {
        at += strspn(at, between);
        const size_t size = strcspn(at, between);
        if (size)
            add(ret_needles, at, size);
        at += size;
    }
}

void needles_free(struct needles *needles)
{
    for (int i = 0; i < needles->count; i++)
        free(needles->items[i].word);
    *needles = (struct needles){0};
}

int needles_are_words(const struct needles *needles)
{
    size_t longest = 0;
    for (int i = 0; i < needles->count; i++) {
        const size_t length = strlen(needles->items[i].word);
        if (needles->items[i].is_tag)
            return 0;
        if (length > longest)
            longest = length;
    }
    return longest >= NEEDLE_MIN_BYTES;
}

static int is_one_of(const char *tag, const char *tags)
{
    const size_t length = strlen(tag);
    for (const char *at = tags; length && (at = strstr(at, tag)); at++)
        if (at > tags && at[-1] == ' ' && at[length] == ' ')
            return 1;
    return 0;
}

int needles_are_in(const struct needles *needles, const char *text, const char *tags)
{
    char *folded = NULL;
    int found = needles->count > 0;
    for (int i = 0; i < needles->count && found; i++) {
        const struct needle *needle = &needles->items[i];
        found = is_one_of(needle->tag, tags);
        if (found || needle->is_tag)
            continue;
        if (!folded)
            folded = text_fold(text);
        found = strstr(folded, needle->word) != NULL;
    }
    free(folded);
    return found;
}
