/* Timelines of all kinds of post together, paged by their numbers (post_number.h). */
#ifndef PICLOG_APP_PROGRAMS_POST_LIST_H
#define PICLOG_APP_PROGRAMS_POST_LIST_H

#include "app/programs/post_number.h"

enum { POST_LIST_MAX = 200 }; /* on a page, and of what "page" skips */

enum post_list_of { LIST_EVERYBODY, LIST_FRIENDS, LIST_PERSON, LIST_TAG };

enum { LIST_PICTURES = 1, LIST_STATUSES = 2, LIST_MOODS = 4, LIST_ALL = 7 };

struct post_list {
    enum post_list_of of;
    int64_t account;   /* LIST_PERSON: whose */
    const char *tag;   /* LIST_TAG, folded; moods have none */
    unsigned kinds;    /* LIST_PICTURES, …; 0: all */
    int64_t below;     /* only numbers below that; 0: no matter */
    int64_t above;     /* only numbers above that */
    int is_from_above; /* of what is above, the page next to it instead of the newest, as far back as POST_LIST_MAX */
    int skip;          /* so many of the newest are left out */
    int limit;         /* 0 … POST_LIST_MAX, beside skip */
};

/*
 * Rows as of QUERY_PICTURES, QUERY_STATUSES and QUERY_MOODS, the greatest number first, each with "kind" ("picture", …)
 * and "number" (an integer), as the viewer may see them. New reference; NULL on failure. Cost: as that of a timeline of
 * each kind.
 */
json_t *post_list(struct request *req, const struct post_list *list);

/* The integer of that name in a row; 0: it has none. */
static inline int64_t number_in(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

/* Adds "kind" and "number" to a row. */
void post_list_number(json_t *row, const struct post_kind *kind);
/* Of rows that have them, the page that list asks for. New reference. */
json_t *post_list_page(struct request *req, const json_t *rows, const struct post_list *list);

/* One post by its number in digits, as the viewer may see it, with "kind", "number" and "account_id". JSON null: there
   is none. NULL on failure. */
json_t *post_list_one(struct request *req, const char *number);
/* The same of a post whose kind and id are known. */
json_t *post_list_ref(struct request *req, const struct post_kind *kind, int64_t id);
/* Adds that post to *rows; one that is not the viewer's to see is left out. On failure *rows is freed, and NULL. */
void post_list_add(struct request *req, json_t **rows, const char *kind, int64_t id);

#endif
