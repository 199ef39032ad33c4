/* Bulletins: a subject and words for whoever follows their author, until they end. */
#ifndef PICLOG_STORE_BULLETIN_H
#define PICLOG_STORE_BULLETIN_H

#include "store.h"

enum { BULLETINS_MAX = 5 /* of one person, at a time */ };

struct bulletin_new {
    int64_t account;
    const char *subject, *content;
    int64_t created_s, ends_s; /* since 1970 UTC */
};

/* STORE_FULL: BULLETINS_MAX of that person run already. STORE_REFUSED: a word is not taken here; other words are
   masked, or the bulletin waits for review. */
STORE_MUST_USE enum store_status bulletin_add(struct db *db, const struct bulletin_new *bulletin, int64_t *ret_id);
/* The same for one from elsewhere. STORE_TAKEN: the account has one of that time with that subject. */
STORE_MUST_USE enum store_status bulletin_import(struct db *db, const struct bulletin_new *bulletin);
/* account 0: an administrator. */
STORE_MUST_USE enum store_status bulletin_delete(struct db *db, int64_t account, int64_t bulletin);

/* Deletes what has ended by then; their bytes go with the next store_erase(). */
STORE_MUST_USE enum store_status bulletins_expire(struct db *db, int64_t now_s);

#endif
