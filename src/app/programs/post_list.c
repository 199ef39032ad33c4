/*
 * Timelines for protocols that know one kind of post: see post_list.h. The timelines of pages, one a kind, are merged
 * by number; who sees what is decided in their queries. Refuses to look further back than a page for what is left out.
 * Read next: post_number.c.
 */
#include "app/programs/post_list.h"

#include <stdlib.h>
#include <string.h>

#include "store/follow.h"

static const struct list_kind {
    const struct post_kind *kind;
    unsigned flag;
    enum query of_all, of_one, of_tag;
    enum friend_posts of_friends;
} list_kinds[POST_KINDS] = {
    {&post_picture, LIST_PICTURES, QUERY_PICTURES, QUERY_PICTURES_OF, QUERY_PICTURES_TAGGED, FRIEND_PICTURES},
    {&post_status, LIST_STATUSES, QUERY_STATUSES, QUERY_STATUSES_OF, QUERY_STATUSES_TAGGED, FRIEND_STATUSES},
    {&post_mood, LIST_MOODS, QUERY_MOODS, QUERY_MOODS_OF, QUERY_COUNT, FRIEND_MOODS}};

static int64_t number_of(const json_t *row)
{
    return json_integer_value(json_object_get(row, "number"));
}

void post_list_number(json_t *row, const struct post_kind *kind)
{
    json_object_set_new(row, "kind", json_string(kind->name));
    json_object_set_new(row, "number",
                        json_integer(post_number_make(kind, json_integer_value(json_object_get(row, "id")),
                                                      json_integer_value(json_object_get(row, "created_at")))));
}

static json_t *rows_of(struct request *req, const struct post_list *list, const struct list_kind *kind, int64_t limit)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account;
    const int64_t before = post_number_cursor(db, kind->kind, list->below ? list->below : INT64_MAX);
    switch (list->of) {
    case LIST_FRIENDS: return friend_posts(db, kind->of_friends, before, limit, me);
    case LIST_PERSON:
        return db_rows(db, kind->of_one, before, limit, list->account, (int64_t)(me == list->account), me);
    case LIST_TAG:
        return kind->of_tag == QUERY_COUNT ? json_array() : db_rows(db, kind->of_tag, before, limit, list->tag, me);
    case LIST_EVERYBODY: break;
    }
    return db_rows(db, kind->of_all, before, limit, me);
}

static int compare_numbers(const void *a, const void *b)
{
    const int64_t first = number_of(*(json_t *const *)a), second = number_of(*(json_t *const *)b);
    return first < second ? 1 : first > second ? -1 : 0;
}

/* The rows with the greatest numbers first, of these so many from that place on. */
static json_t *sorted(struct request *req, const json_t *rows, size_t skip, size_t limit)
{
    const size_t count = json_array_size(rows);
    json_t *page = json_array(), **order = arena_alloc(&req->arena, (count + 1) * sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = json_array_get(rows, i);
    qsort(order, count, sizeof *order, compare_numbers);
    for (size_t i = skip; i < count && i < skip + limit; i++)
        json_array_append(page, order[i]);
    return page;
}

json_t *post_list_page(struct request *req, const json_t *rows, const struct post_list *list)
{
    json_t *within = json_array(), *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row)
    {
        if ((!list->below || number_of(row) < list->below) && number_of(row) > list->above)
            json_array_append(within, row);
    }
    const size_t count = json_array_size(within), limit = (size_t)list->limit;
    size_t skip = (size_t)list->skip;
    if (list->is_from_above)
        skip = count > limit ? count - limit : 0;
    json_t *page = sorted(req, within, skip, limit);
    json_decref(within);
    return page;
}

json_t *post_list(struct request *req, const struct post_list *list)
{
    const int from_each = list->is_from_above ? POST_LIST_MAX : list->skip + list->limit;
    json_t *all = json_array(), *row;
    size_t i;
    for (size_t k = 0; k < POST_KINDS; k++) {
        if (list->kinds && !(list->kinds & list_kinds[k].flag))
            continue;
        json_t *rows = rows_of(req, list, &list_kinds[k], from_each);
        if (!rows) {
            json_decref(all);
            return NULL;
        }
        json_array_foreach(rows, i, row) post_list_number(row, list_kinds[k].kind);
        json_array_extend(all, rows);
        json_decref(rows);
    }
    json_t *page = post_list_page(req, all, list);
    json_decref(all);
    return page;
}

json_t *post_list_ref(struct request *req, const struct post_kind *kind, int64_t id)
{
    json_t *row = request_post(req, kind->query, id);
    if (json_is_object(row))
        post_list_number(row, kind);
    return row;
}

json_t *post_list_one(struct request *req, const char *number)
{
    int64_t id = 0;
    const struct post_kind *kind = post_number_find(request_db(req), post_number_read(number, 0), &id);
    return kind ? post_list_ref(req, kind, id) : json_null();
}

void post_list_add(struct request *req, json_t **rows, const char *kind, int64_t id)
{
    json_t *row = *rows ? post_list_ref(req, post_kind_find(kind), id) : NULL;
    if (json_is_object(row))
        json_array_append(*rows, row);
    if (!row) {
        json_decref(*rows);
        *rows = NULL;
    }
    json_decref(row);
}
