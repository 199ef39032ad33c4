/*
 * Finding things: search, tags, and the index of tags. Words are found whole by the full-text index, then as beginnings
 * of words; "#tags", people and, where that fills no page, words in the middle of longer ones by store/search.c.
 * Refuses to rank: newest first, and tags by their names. Read next: timeline.c, store/search.h.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "app/posts/handlers.h"
#include "app/posts/search.h"
#include "app/posts/timeline.h"
#include "base/text.h"
#include "store/search.h"

enum { BESIDE_STATUSES = 8, BESIDE_PEOPLE = 8, TAGS_SHOWN = 200 };

/* What was typed, in the forms in which it is looked for. */
struct wanted {
    struct needles needles;
    char *words, *beginning; /* for the full-text index */
    int has_tag;             /* with a "#": nothing but that tag will do */
};

/* ---- One kind of posts ---------------------------------------------------------------------------- */

static const struct {
    enum query found, listed;
} queries[] = {
    [SEARCH_PICTURES] = {QUERY_PICTURES_FOUND, QUERY_PICTURES_LISTED},
    [SEARCH_STATUSES] = {QUERY_STATUSES_FOUND, QUERY_STATUSES_LISTED},
};

static json_int_t id_at(const json_t *rows, size_t i)
{
    return json_integer_value(json_object_get(json_array_get(rows, i), "id"));
}

/* Both lists in one, newest first, each post once, at most limit. Takes both references; NULL if one is. */
static json_t *merge(json_t *rows, json_t *more, size_t limit)
{
    json_t *merged = rows && more ? json_array() : NULL;
    size_t a = 0, b = 0;
    while (merged && json_array_size(merged) < limit && (a < json_array_size(rows) || b < json_array_size(more))) {
        const json_int_t left = id_at(rows, a), right = id_at(more, b); /* 0 behind the end */
        json_array_append(merged, left >= right ? json_array_get(rows, a) : json_array_get(more, b));
        a += left >= right;
        b += right >= left;
    }
    json_decref(rows);
    json_decref(more);
    return merged;
}

/* rows and those that ids (NULL: failure) name. Takes both references. */
static json_t *with_listed(struct request *req, enum search_kind kind, json_t *rows, json_t *ids, int limit)
{
    char *list = ids ? json_dumps(ids, JSON_COMPACT) : NULL;
    json_t *more =
        list ? db_rows(request_db(req), queries[kind].listed, (const char *)list, req->viewer.account) : NULL;
    free(list);
    json_decref(ids);
    return merge(rows, more, (size_t)limit);
}

static json_t *find(struct request *req, enum search_kind kind, const struct wanted *wanted, int64_t before, int limit)
{
    struct db *db = request_db(req);
    const int64_t viewer = req->viewer.account, most = limit;
    json_t *rows = json_array();
    if (*wanted->words && !wanted->has_tag) {
        json_decref(rows);
        rows = db_rows(db, queries[kind].found, before, most, (const char *)wanted->words, viewer);
        if (rows && json_array_size(rows) < (size_t)limit) {
            json_decref(rows);
            rows = db_rows(db, queries[kind].found, before, most, (const char *)wanted->beginning, viewer);
        }
    }
    rows = with_listed(req, kind, rows, search_tagged(db, kind, &wanted->needles, before, limit, viewer), limit);
    if (rows && json_array_size(rows) < (size_t)limit && needles_are_words(&wanted->needles))
        rows = with_listed(req, kind, rows, search_inside(db, kind, &wanted->needles, before, limit, viewer), limit);
    return rows;
}

/* ---- Beside them ---------------------------------------------------------------------------------- */

static json_t *find_people(struct request *req, const struct wanted *wanted)
{
    json_t *ids = search_people(request_db(req), &wanted->needles, BESIDE_PEOPLE, req->viewer.account);
    char *list = ids ? json_dumps(ids, JSON_COMPACT) : NULL;
    json_t *people =
        list ? db_rows(request_db(req), QUERY_PEOPLE_LISTED, (const char *)list, req->viewer.account) : NULL;
    free(list);
    json_decref(ids);
    return people;
}

/* Rows of tags with the addresses of their pages. */
static json_t *with_urls(struct request *req, json_t *tags)
{
    size_t i;
    json_t *tag;
    json_array_foreach(tags, i, tag) json_object_set_new(
        tag, "url", json_string(arena_printf(&req->arena, "/tag/%s", request_encode(req, row_text(tag, "name")))));
    return tags;
}

static json_t *find_tags(struct request *req, const struct wanted *wanted)
{
    json_t *names = json_array();
    for (int i = 0; i < wanted->needles.count; i++)
        if (*wanted->needles.items[i].tag)
            json_array_append_new(names, json_string(wanted->needles.items[i].tag));
    char *list = json_dumps(names, JSON_COMPACT);
    json_t *tags = list ? db_rows(request_db(req), QUERY_TAGS_NAMED, (const char *)list, req->viewer.account) : NULL;
    free(list);
    json_decref(names);
    return with_urls(req, tags);
}

/* ---- The pages ------------------------------------------------------------------------------------ */

static json_t *found_beside(struct request *req, const struct wanted *wanted)
{
    return json_pack("{s:o, s:o, s:o}", "tags", find_tags(req, wanted), "people", find_people(req, wanted), "statuses",
                     find(req, SEARCH_STATUSES, wanted, INT64_MAX, BESIDE_STATUSES));
}

static json_t *found_page(struct request *req, const char *q, const struct wanted *wanted)
{
    json_t *page = found_beside(req, wanted);
    if (page &&
        !timeline_set(req, page, "pictures", find(req, SEARCH_PICTURES, wanted, request_before(req), PAGE_ITEMS + 1),
                      PAGE_ITEMS, arena_printf(&req->arena, "/search?q=%s", request_encode(req, q))))
        return page;
    json_decref(page);
    return NULL;
}

/* What was typed, taken apart; to be given to wanted_free(). -1: too long, or no text. */
static int wanted_read(const char *q, struct wanted *ret_wanted)
{
    if (strlen(q) > SEARCH_MAX_BYTES || !text_is_utf8(q, strlen(q)))
        return -1;
    *ret_wanted = (struct wanted){.words = store_search_words(q, 0), .beginning = store_search_words(q, 1)};
    needles_parse(q, &ret_wanted->needles);
    for (int i = 0; i < ret_wanted->needles.count; i++)
        ret_wanted->has_tag |= ret_wanted->needles.items[i].is_tag;
    return 0;
}

static void wanted_free(struct wanted *wanted)
{
    free(wanted->words);
    free(wanted->beginning);
    needles_free(&wanted->needles);
}

json_t *search_posts(struct request *req, enum search_kind kind, const char *q, int64_t before, int limit)
{
    struct wanted wanted;
    if (wanted_read(q, &wanted) != 0)
        return json_array();
    json_t *rows = wanted.needles.count || *wanted.words ? find(req, kind, &wanted, before, limit) : json_array();
    wanted_free(&wanted);
    return rows;
}

json_t *search_found(struct request *req, const char *q)
{
    struct wanted wanted;
    if (wanted_read(q, &wanted) != 0)
        return json_object();
    json_t *found = json_object();
    if (wanted.needles.count || *wanted.words) {
        json_decref(found);
        found = found_beside(req, &wanted);
        if (found)
            json_object_set_new(found, "pictures", find(req, SEARCH_PICTURES, &wanted, INT64_MAX, PAGE_ITEMS));
    }
    wanted_free(&wanted);
    return found;
}

void search_page(struct request *req, struct response *res)
{
    const char *q = request_query(req, "q", "");
    struct wanted wanted;
    if (wanted_read(q, &wanted) != 0) {
        respond_error(req, res, 400, "Search for fewer words: %d bytes of UTF-8 at most.", SEARCH_MAX_BYTES);
        return;
    }
    json_t *page = wanted.needles.count || *wanted.words
                       ? found_page(req, q, &wanted)
                       : json_pack("{s:[], s:[], s:[], s:[], s:n, s:n}", "tags", "people", "pictures", "statuses",
                                   "older_url", "newest_url");
    wanted_free(&wanted);
    if (page)
        json_object_set_new(page, "q", json_string(q));
    respond_page(req, res, "search", page);
}

void tag_page(struct request *req, struct response *res)
{
    char tag[65];
    struct db *db = request_db(req);
    const int64_t viewer = req->viewer.account;
    const char *typed = request_capture(req, "tag");
    if (text_tag_span(typed) != strlen(typed) || text_fold_tag(typed, strlen(typed), tag)) {
        respond_error(req, res, 404, "That is no tag: tags hold letters, digits, _ and -.");
        return;
    }
    json_t *page =
        json_pack("{s:s, s:o}", "tag", tag, "statuses",
                  db_rows(db, QUERY_STATUSES_TAGGED, INT64_MAX, (int64_t)BESIDE_STATUSES, (const char *)tag, viewer));
    json_t *pictures =
        db_rows(db, QUERY_PICTURES_TAGGED, request_before(req), (int64_t)(PAGE_ITEMS + 1), (const char *)tag, viewer);
    if (!page || timeline_set(req, page, "pictures", pictures, PAGE_ITEMS,
                              arena_printf(&req->arena, "/tag/%s", request_encode(req, tag)))) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "tag", page);
}

/* ?after=NAME: the tags behind that one. */
void tags_page(struct request *req, struct response *res)
{
    const char *after = request_query(req, "after", "");
    if (!text_is_utf8(after, strlen(after)))
        after = "";
    json_t *tags = db_rows(request_db(req), QUERY_TAGS, after, (int64_t)(TAGS_SHOWN + 1), req->viewer.account);
    const char *next = NULL;
    if (json_array_size(tags) > TAGS_SHOWN) {
        json_array_remove(tags, TAGS_SHOWN);
        next = arena_printf(&req->arena, "/tags?after=%s",
                            request_encode(req, row_text(json_array_get(tags, TAGS_SHOWN - 1), "name")));
    }
    respond_page(req, res, "tags",
                 json_pack("{s:o, s:s?, s:s?}", "tags", with_urls(req, tags), "next_url", next, "first_url",
                           *after ? "/tags" : NULL));
}
