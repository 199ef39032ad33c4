/* Names that cannot be had: those that exist, those that rest after their account was closed, and look-alikes of both.
 */
#ifndef PICLOG_STORE_NAME_H
#define PICLOG_STORE_NAME_H

#include "store.h"

/*
 * name: folded. STORE_TAKEN: somebody has this very name. STORE_ALIKE: somebody has one that looks like it, or it
 * rests, or one that looks like it does. One look-up in two indexes. What it says holds within the transaction that
 * takes the name; asked before, it spares a hash of a password in vain.
 */
STORE_MUST_USE enum store_status name_is_free(struct db *db, const char *name);

/* The name of an account, and all that look like it, rest from now on: so many days, unless administrators set others.
   For the transaction that deletes the account. */
STORE_MUST_USE enum store_status name_rest(struct db *db, int64_t account, int usual_days);

/* Forgets the hashes of names that have rested. */
STORE_MUST_USE enum store_status names_expire(struct db *db);

#endif
