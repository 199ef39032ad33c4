/*
 * What somebody searches for: up to eight words in any order, each anywhere in a text, whatever case and accents:
 * "schlussel" finds Haustürschlüssel. "#word" is a tag, and a bare word may be one. Thread-safe; without memory it
 * aborts, as everything in base does.
 */
#ifndef PICLOG_BASE_NEEDLES_H
#define PICLOG_BASE_NEEDLES_H

#include <stddef.h>

enum {
    NEEDLES_MAX = 8,
    NEEDLE_MIN_BYTES = 3 /* folded: below that nearly every text holds it; one character of Chinese is enough */
};

struct needle {
    char *word;   /* folded as by text_fold, never empty */
    char tag[65]; /* as tags are stored; "" if it can be none */
    int is_tag;   /* "#" stood in front: nothing but a tag will do */
};

struct needles {
    struct needle items[NEEDLES_MAX];
    int count;
};

/* typed: UTF-8. The words beyond NEEDLES_MAX are passed over. */
void needles_parse(const char *typed, struct needles *ret_needles);
void needles_free(struct needles *needles);

/* 1 if all are bare words, one of them long enough to be looked for in the middle of others. */
int needles_are_words(const struct needles *needles);

/* 1 if each is in text, or one of tags: names with a space before and behind each, " a b ". Cost: linear in text. */
int needles_are_in(const struct needles *needles, const char *text, const char *tags);

#endif
