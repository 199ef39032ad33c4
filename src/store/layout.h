/* Layouts: stylesheets that people share by name. Whoever takes one gets a copy, which nothing ties to it. */
#ifndef PICLOG_STORE_LAYOUT_H
#define PICLOG_STORE_LAYOUT_H

#include "post.h"

enum { LAYOUTS_MAX = 16 /* of one person */ };

struct layout_new {
    const char *name; /* each of a person has another */
    const char *line; /* of description */
    const char *css;  /* NULL, when it is edited: it stays as it is */
};

/*
 * STORE_TAKEN: the account has one of that name. STORE_FULL: it has LAYOUTS_MAX. STORE_REFUSED: a word is not taken
 * here, or stands in the sheet, which cannot be masked; other words are masked, or the layout waits for review.
 */
STORE_MUST_USE enum store_status layout_add(struct db *db, int64_t account, const struct layout_new *layout,
                                            int64_t *ret_id);
/* account 0: an administrator, as for posts. */
STORE_MUST_USE enum store_status layout_edit(struct db *db, int64_t account, int64_t id,
                                             const struct layout_new *layout);
STORE_MUST_USE enum store_status layout_delete(struct db *db, int64_t account, int64_t id);
/* One from elsewhere, with its times there. STORE_TAKEN: it is known by its name. */
STORE_MUST_USE enum store_status layout_import(struct db *db, int64_t account, const struct layout_new *layout,
                                               struct post_times times);

#endif
