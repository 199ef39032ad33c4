/* What the search of pages finds, for others that search. */
#ifndef PICLOG_APP_POSTS_SEARCH_H
#define PICLOG_APP_POSTS_SEARCH_H

#include "app/request/app.h"

enum { SEARCH_MAX_BYTES = 800 };

/*
 * {"people", "statuses", "pictures", "tags"}: rows as on the page, the first of each; {} where nothing is looked for.
 * q: UTF-8 of at most SEARCH_MAX_BYTES. New reference; NULL on failure.
 */
json_t *search_found(struct request *req, const char *q);

#endif
