/* Notices: whom to tell what. Those of answers, walls, pokes and followers are made by triggers
 * (migrations/0009_neighbours.sql). */
#ifndef PICLOG_STORE_NOTICE_H
#define PICLOG_STORE_NOTICE_H

#include "post.h"

enum { MENTIONS_MAX = 10 }; /* people that a post tells, whatever becomes of its words */

/* Tells a person, by a folded name, that the account named them in a post of its own. Once for each person and post;
   nobody is told of themselves, of a kind they switched off, or by whom they do not see. A name that nobody has is
   fine. */
STORE_MUST_USE enum store_status notice_mention(struct db *db, int64_t account, const char *name, struct post_ref post);

/* Marks what is told now as read, up to a number. */
STORE_MUST_USE enum store_status notices_read(struct db *db, int64_t account, int64_t until);

/* Kinds of notices, as bits of what is switched off. */
enum notice_kind {
    NOTICE_ANSWERS = 1 << 0,
    NOTICE_MENTIONS = 1 << 1,
    NOTICE_WALL = 1 << 2,
    NOTICE_POKES = 1 << 3,
    NOTICE_FOLLOWERS = 1 << 4
};

/* How somebody likes to be met. NULL and -1: it stays as it is. */
struct manners {
    const char *answers; /* everybody, followed, nobody */
    int quiet;           /* sum of enum notice_kind: not told */
    int shows_kept;
};
STORE_MUST_USE enum store_status manners_edit(struct db *db, int64_t account, const struct manners *manners);

#endif
