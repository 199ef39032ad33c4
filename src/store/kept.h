/* Posts that somebody wants to find again. */
#ifndef PICLOG_STORE_KEPT_H
#define PICLOG_STORE_KEPT_H

#include "post.h"

enum { KEPT_MAX = 10000 };

/* Twice is once. *ret_id: its number. The caller knows that the post is there. STORE_FULL: there are KEPT_MAX. */
STORE_MUST_USE enum store_status kept_add(struct db *db, int64_t account, struct post_ref post, int64_t *ret_id);
/* STORE_NOT_FOUND: it was not kept. */
STORE_MUST_USE enum store_status kept_delete(struct db *db, int64_t account, struct post_ref post);

#endif
