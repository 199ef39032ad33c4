/*
 * Search beside the full-text index: see search.h. Refuses to read without end. Rejected: a trigram index, in
 * src/README.md. Read next: ../base/needles.c, statements/search.sql.
 */
#include "search.h"

#include <string.h>

#include "db.h"

static int is_listed(const json_t *ids, int64_t id)
{
    size_t i;
    json_t *known;
    json_array_foreach(ids, i, known) if (json_integer_value(known) == id) return 1;
    return 0;
}

static const char *column(sqlite3_stmt *row, int number)
{
    const char *text = (const char *)sqlite3_column_text(row, number);
    return text ? text : "";
}

/* Adds the ids of rows (id, words, tags) that hold the needles (NULL: all) to ids, until there are limit. -1 on
 * failure.
 */
static int collect(sqlite3_stmt *rows, const struct needles *needles, size_t limit, json_t *ids)
{
    int code = SQLITE_DONE;
    while (rows && json_array_size(ids) < limit && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        const int64_t id = sqlite3_column_int64(rows, 0);
        if ((!needles || needles_are_in(needles, column(rows, 1), column(rows, 2))) && !is_listed(ids, id))
            json_array_append_new(ids, json_integer(id));
    }
    sqlite3_reset(rows);
    return rows && (code == SQLITE_DONE || code == SQLITE_ROW) ? 0 : -1;
}

static json_t *checked(json_t *ids, int status)
{
    if (status == 0)
        return ids;
    json_decref(ids);
    return NULL;
}

/* The newest of several lists, each of which is in order. */
static void keep_newest(json_t *ids, size_t limit)
{
    for (size_t i = 1; i < json_array_size(ids); i++)
        for (size_t at = i;
             at && json_integer_value(json_array_get(ids, at)) > json_integer_value(json_array_get(ids, at - 1));
             at--) {
            json_t *later = json_incref(json_array_get(ids, at));
            json_array_remove(ids, at);
            json_array_insert_new(ids, at - 1, later);
        }
    while (json_array_size(ids) > limit)
        json_array_remove(ids, json_array_size(ids) - 1);
}

json_t *search_tagged(struct db *db, enum search_kind kind, const struct needles *needles, int64_t before, int limit,
                      int64_t viewer)
{
    static const enum write under[] = {WRITE_PICTURES_UNDER, WRITE_STATUSES_UNDER};
    json_t *ids = json_array();
    int status = 0;
    for (int i = 0; i < needles->count && status == 0; i++) {
        /* all needles hold, so with a "#" among them its posts are all there can be */
        const struct needle *needle = &needles->items[i];
        if (!*needle->tag)
            continue;
        status = collect(db_prepare(db, under[kind], before, (int64_t)SEARCH_WINDOW, (const char *)needle->tag, viewer),
                         needles, json_array_size(ids) + (size_t)limit, ids);
        if (needle->is_tag)
            break;
    }
    keep_newest(ids, (size_t)limit);
    return checked(ids, status);
}

json_t *search_inside(struct db *db, enum search_kind kind, const struct needles *needles, int64_t before, int limit,
                      int64_t viewer)
{
    static const enum write newest[] = {WRITE_PICTURES_WORDS, WRITE_STATUSES_WORDS};
    json_t *ids = json_array();
    return checked(ids, collect(db_prepare(db, newest[kind], before, (int64_t)SEARCH_WINDOW, viewer), needles,
                                (size_t)limit, ids));
}

json_t *search_people(struct db *db, const struct needles *needles, int limit, int64_t viewer)
{
    json_t *ids = json_array();
    int status = 0;
    if (needles->count == 1)
        status =
            collect(db_prepare(db, WRITE_PEOPLE_NAMED, (const char *)needles->items[0].word, (int64_t)limit, viewer),
                    NULL, (size_t)limit, ids);
    if (status == 0 && needles_are_words(needles))
        status =
            collect(db_prepare(db, WRITE_PEOPLE_WORDS, (int64_t)SEARCH_WINDOW, viewer), needles, (size_t)limit, ids);
    return checked(ids, status);
}
