/*
 * What every text of people goes through before it is kept: cleaned, measured, and its tags read. Words that this
 * piclog does not take are the store's matter (store/blocklist.h), as they change while it runs.
 */
#ifndef PICLOG_DOMAIN_WORDS_H
#define PICLOG_DOMAIN_WORDS_H

#include "base/text.h"
#include "domain/fault.h"
#include "store/post.h"

/* A field of text: its name in forms and the API, how a sentence about it begins, what it may hold. */
struct words_field {
    const char *name;  /* "caption" */
    const char *label; /* "The caption" */
    enum text_kind kind;
    size_t max_characters; /* as people count them */
    size_t max_bytes;
};

/* Cleans what was typed (NULL: nothing was). *ret_text is in the arena. The fault names the field and its limit. */
const struct fault *words_clean(struct arena *arena, const struct words_field *field, const char *typed,
                                const char **ret_text) FAULT_MUST_USE;

/* Tags of a post as they are kept: folded, each once, the first TAGS_MAX of them. */
struct tags {
    const char *names[TAGS_MAX];
    int count;
};

/* 1 if it is among them. */
int tags_hold(const struct tags *tags, const char *tag);
/* The tags of a list: "colours, #Blue". */
void tags_add_listed(struct arena *arena, struct tags *tags, const char *list);
/* The #tags of prose. */
void tags_add_marked(struct arena *arena, struct tags *tags, const char *prose);

#endif
