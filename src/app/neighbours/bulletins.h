/* Bulletins, for whoever shows them beside something else or decides about them. */
#ifndef PICLOG_APP_NEIGHBOURS_BULLETINS_H
#define PICLOG_APP_NEIGHBOURS_BULLETINS_H

#include "app/posts/post_kind.h"

extern const struct post_kind bulletin_kind;

/* Those for whoever asks that are older than before, at most so many, as templates/bulletin_item.mustache shows them.
   NULL on failure. */
json_t *bulletins_before(struct request *req, int64_t before, int limit);

#endif
