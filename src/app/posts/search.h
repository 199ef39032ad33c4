/* Finding posts and people, for other protocols; the page is in search.c. */
#ifndef PICLOG_APP_POSTS_SEARCH_H
#define PICLOG_APP_POSTS_SEARCH_H

#include "app/request/app.h"
#include "store/search.h"

enum { SEARCH_MAX_BYTES = 800 }; /* of what is typed */

/* Rows as of QUERY_PICTURES or QUERY_STATUSES with ids below before that hold what was typed, the newest first, as the
   viewer may see them. Empty for what is too long, or no text. New reference; NULL on failure. */
json_t *search_posts(struct request *req, enum search_kind kind, const char *q, int64_t before, int limit);

/* {"people", "statuses", "pictures", "tags"}: rows as on the page, the first of each; {} for nothing, what is too long, or
   no text. New reference; NULL on failure. */
json_t *search_found(struct request *req, const char *q);

#endif
