/* Cleaned fields and tags: see words.h. Refuses what is no UTF-8 or too long. Read next: base/text.c. */
#include "domain/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct fault *words_clean(struct arena *arena, const struct words_field *field, const char *typed,
                                const char **ret_text)
{
    char *clean = NULL;
    assert(field->max_characters && field->max_bytes >= field->max_characters);
    if (!typed)
        typed = "";
    switch (text_clean(typed, strlen(typed), field->kind, field->max_characters, field->max_bytes, &clean)) {
    case TEXT_OK: break;
    case TEXT_NOT_UTF8:
        return fault_of_field(arena, field->name, 0, "%s is not text in UTF-8.", tr_fault(field->label));
    case TEXT_TOO_LONG:
    case TEXT_TOO_MANY_BYTES:
        return fault_of_field(arena, field->name, field->max_characters, "%s is too long: at most %zu characters fit.",
                              tr_fault(field->label), field->max_characters);
    }
    *ret_text = arena_copy(arena, clean);
    free(clean);
    return NULL;
}

int tags_hold(const struct tags *tags, const char *tag)
{
    for (int i = 0; i < tags->count; i++)
        if (strcmp(tags->names[i], tag) == 0)
            return 1;
    return 0;
}

static void add(struct arena *arena, struct tags *tags, const char *tag)
{
    if (tags->count < TAGS_MAX && !tags_hold(tags, tag))
        tags->names[tags->count++] = arena_copy(arena, tag);
}

void tags_add_listed(struct arena *arena, struct tags *tags, const char *list)
{
    char tag[65];
    while (text_next_tag(&list, tag))
        add(arena, tags, tag);
}

void tags_add_marked(struct arena *arena, struct tags *tags, const char *prose)
{
    char tag[65];
    for (const char *at = strchr(prose, '#'); at; at = strchr(at, '#')) {
        size_t span = text_tag_span(++at);
        if (span && text_fold_tag(at, span, tag) == 0)
            add(arena, tags, tag);
        at += span;
    }
}
