/*
 * Who follows whom. A block ends it in both directions, a closed account takes its side along, and whoever is followed
 * gets a notice: triggers of the schema see to that (migrations/0009_neighbours.sql).
 */
#ifndef PICLOG_STORE_FOLLOW_H
#define PICLOG_STORE_FOLLOW_H

#include "store.h"

enum { FOLLOWS_MAX = 5000 };

/* STORE_NOT_FOUND: nobody who is here, or a block stands between the two. STORE_FULL: FOLLOWS_MAX are followed.
   STORE_TAKEN: is followed already. STORE_INVALID: oneself. */
STORE_MUST_USE enum store_status follow_add(struct db *db, int64_t follower, int64_t followed);
/* STORE_NOT_FOUND: was not followed. */
STORE_MUST_USE enum store_status follow_delete(struct db *db, int64_t follower, int64_t followed);

/* The timelines of friends. */
enum friend_posts { FRIEND_PICTURES, FRIEND_STATUSES, FRIEND_MOODS, FRIEND_POSTS };

/*
 * Posts by the viewer and those they follow, newest first, with ids below before; rows as of QUERY_PICTURES and the
 * like. NULL on failure. Cost: at most some hundred rows of the common timeline, then at most one look-up for each who
 * is followed and each row; no more at page 100 than at the first (tools/benchmarks/friends).
 */
json_t *friend_posts(struct db *db, enum friend_posts kind, int64_t before, int64_t limit, int64_t viewer);

#endif
