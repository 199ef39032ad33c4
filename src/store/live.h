/*
 * Marks of what happened, for /live: made by triggers in the transaction that writes (migrations/0011_live.sql), read
 * in the order of their numbers, which is that of the commits. They are dropped after a day.
 */
#ifndef PICLOG_STORE_LIVE_H
#define PICLOG_STORE_LIVE_H

#include "store.h"

enum { LIVE_KEEP_S = 86400, LIVE_KEEP_MAX = 50000 };

enum live_kind { LIVE_OTHER, LIVE_POST, LIVE_TIE, LIVE_PRESENCE, LIVE_END };

struct live_mark {
    int64_t id, account, by, ref; /* account 0: whoever follows by */
    enum live_kind kind;
};

/* The number of the newest mark, and of the oldest that is still there (one more than the newest: none is). */
STORE_MUST_USE enum store_status live_latest(struct db *db, int64_t *ret_newest, int64_t *ret_oldest);
/* Marks behind after, at most max of them. Returns how many; -1: failed. */
int live_marks(struct db *db, int64_t after, struct live_mark *ret_marks, int max);

/* Calls each(context, account) for whoever follows somebody; for whoever may see them here. -1: failed. */
int live_followers(struct db *db, int64_t account, void (*each)(void *context, int64_t account), void *context);
int live_friends(struct db *db, int64_t account, void (*each)(void *context, int64_t account), void *context);

/* May a stream go on whose request came with a session or a token that may have ended since? */
int live_may(struct db *db, int64_t account, int64_t session, int64_t token);

/* Drops what is older than a day, and all but the newest LIVE_KEEP_MAX, a good part at a time. */
STORE_MUST_USE enum store_status live_expire(struct db *db);

#endif
