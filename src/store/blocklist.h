/*
 * What may not come in: words, and pictures known by their fingerprint or their exact bytes. The lists are held in
 * memory, read anew after a change (at once in this process, within half a minute from another).
 */
#ifndef PICLOG_STORE_BLOCKLIST_H
#define PICLOG_STORE_BLOCKLIST_H

#include "image.h"

/*
 * How many of the 64 bits of a fingerprint may differ for two pictures to count as the same. Measured by
 * tests/golden/fingerprints.test.mjs: see src/README.md.
 */
enum { FINGERPRINT_TOLERANCE = 10, FINGERPRINT_MIN_BITS = 28 };

/* This process has changed a list. Thread-safe. */
void blocklist_changed(struct store *store);

/* 1 when a picture with this fingerprint, or with one of these bytes, is blocked; counts the hit. Thread-safe. Cost:
   one xor and popcount for each blocked picture, a millisecond for a million. */
int blocklist_has_picture(struct store *store, struct db *db, uint64_t fingerprint, const struct image *images,
                          int image_count);

/* Inside a transaction: blocks a picture, deletes every post of the same bytes, and takes it from every profile. */
STORE_MUST_USE enum store_status blocklist_take_picture(struct db *db, int64_t picture, const char *reason);
STORE_MUST_USE enum store_status blocklist_remove_picture(struct db *db, int64_t actor, int64_t id);

/* action: mask, hold or refuse. All of them or none; the log gets a line for each that was not so before.
   STORE_INVALID: nothing is left of a word when it is folded. */
STORE_MUST_USE enum store_status blocklist_add_words(struct db *db, int64_t actor, const char *const *words, int count,
                                                     const char *action);
STORE_MUST_USE enum store_status blocklist_remove_word(struct db *db, int64_t actor, int64_t id);

/* Words on their way into the store. */
enum { CHECKED_TEXTS_MAX = 4 };
struct checked {
    const char *texts[CHECKED_TEXTS_MAX]; /* as they may be kept */
    char *masked[CHECKED_TEXTS_MAX];      /* what of them is new; checked_free() */
    int64_t hidden;                       /* 2: has to wait for review; 0 */
};
/* STORE_REFUSED: a word is not taken here, and nothing has to be freed. Else checked_free() afterwards. */
STORE_MUST_USE enum store_status blocklist_check(struct db *db, const char *const *texts, int count,
                                                 struct checked *ret_checked);
void checked_free(struct checked *checked);

/* 1 when a text that can neither be masked nor wait, such as a name or a tag, holds any word of the list. */
int blocklist_has_word(struct db *db, const char *text);

#endif
