/* Who may reach a person, and how. Values are checked by the caller. */
#ifndef PICLOG_STORE_REACH_H
#define PICLOG_STORE_REACH_H

#include "store.h"

struct reach {
    const char *wall;                             /* open, look, followed, nobody; NULL: as it is */
    int has_guestbook, takes_pokes, takes_nudges, shows_presence; /* 0, 1; below 0: as it is */
};

/* Whoever takes no pokes any more has none waiting. STORE_NOT_FOUND: no such account. */
STORE_MUST_USE enum store_status reach_set(struct db *db, int64_t account, const struct reach *reach);

#endif
