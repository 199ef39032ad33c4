/*
 * Doing something once, however often it is asked for: by a double click, a reload, the way back, or a program that
 * heard no answer. Whoever asks brings a key; what came of it is kept beside the key in the same transaction.
 *
 *     status = once_begin(db, &once, &made);
 *     if (status == STORE_OK && !made) {
 *         status = status_add(db, …, &made);
 *         status = once_end(db, &once, status, made);
 *     }
 *
 * In between run the functions of the store that belong together: their transactions become part of this one.
 */
#ifndef PICLOG_STORE_ONCE_H
#define PICLOG_STORE_ONCE_H

#include "store.h"

enum {
    ONCE_LIFETIME_S = 86400,
    ONCE_PER_ACCOUNT = 128 /* the newest are remembered */
};

struct once {
    int64_t account;
    const char *purpose;      /* "status": the same key is another one elsewhere */
    const char *key;          /* of at most so many bytes as a request may have */
    const char *const *words; /* what is said, NULL behind the last */
    int is_strict;            /* the same key with other words is an error; else it is another key */
};

/*
 * Begins a transaction, unless this was done before: then *ret_made is what came of it and there is nothing to end.
 * STORE_INVALID: strict, and done before with other words. Every other failure leaves no transaction either.
 */
STORE_MUST_USE enum store_status once_begin(struct db *db, const struct once *once, int64_t *ret_made);
/* Ends it by what came of it: made is remembered when status is STORE_OK, and not 0. */
STORE_MUST_USE enum store_status once_end(struct db *db, const struct once *once, enum store_status status,
                                          int64_t made);

/* What came of the key before, when it is a strict one with whatever words; 0: nothing that is remembered. */
int64_t once_find(struct db *db, const struct once *once);

/*
 * The secret that belongs to a key: the same as long as the key is the same, and known to nobody who does not know the
 * instance's own. For secrets that are shown once, so that the second answer shows the one that the first one made.
 * ret_secret has room for SECRET_TEXT_BYTES (account.h).
 */
void once_secret(const struct store *store, const struct once *once, char *ret_secret);

/* Forgets what is older than a day. */
STORE_MUST_USE enum store_status once_expire(struct db *db);

#endif
