/*
 * What the full-text index cannot find: tags, people, and words in the middle of longer ones. Posts are read newest
 * first and folded one by one, SEARCH_WINDOW at most, so that a search costs the same however large a piclog is.
 */
#ifndef PICLOG_STORE_SEARCH_H
#define PICLOG_STORE_SEARCH_H

#include <jansson.h>

#include "base/needles.h"
#include "store.h"

enum { SEARCH_WINDOW = 4096 };

enum search_kind { SEARCH_PICTURES = 0, SEARCH_STATUSES };

/* Each returns ids as a JSON array, newest first, at most limit, of what viewer may see; NULL on failure. */

/* Posts below before that hold every needle in their words or tags, at least one of them as a tag. Reads at most
   SEARCH_WINDOW posts of each tag. */
json_t *search_tagged(struct db *db, enum search_kind kind, const struct needles *needles, int64_t before, int limit,
                      int64_t viewer);

/* Of the newest SEARCH_WINDOW posts below before, those whose words hold every needle. */
json_t *search_inside(struct db *db, enum search_kind kind, const struct needles *needles, int64_t before, int limit,
                      int64_t viewer);

/* People: whose name is typed or begins so, first that name itself; then those of the newest SEARCH_WINDOW whose
   display name holds every needle. */
json_t *search_people(struct db *db, const struct needles *needles, int limit, int64_t viewer);

#endif
