/*
 * Timelines, kept posts, notices and search by Mastodon's client protocol: pages of what post_list.c and the pages of
 * this site find, with the header "Link". Refuses notices that the protocol has no word for (walls, pokes). Read next:
 * mastodon.c, post_list.c.
 */
#include "app/programs/mastodon.h"

#include <string.h>

#include "app/posts/search.h"
#include "app/programs/handlers.h"
#include "base/text.h"
#include "domain/notice.h"

static int is_true(const struct request *req, const char *name)
{
    const char *value = request_query(req, name, "");
    return strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

/* Answers a page of a timeline by ?max_id, ?since_id, ?min_id, ?limit. */
static void respond_list(struct request *req, struct response *res, struct post_list list)
{
    const char *min = request_query(req, "min_id", "");
    list.limit = mastodon_limit(req);
    list.below = post_number_read(request_query(req, "max_id", ""), 0);
    list.above = post_number_read(*min ? min : request_query(req, "since_id", ""), 0);
    list.is_from_above = *min != '\0';
    if (is_true(req, "only_media"))
        list.kinds = LIST_PICTURES;
    json_t *rows = is_true(req, "remote") ? json_array() : post_list(req, &list);
    const size_t count = json_array_size(rows);
    if (count)
        mastodon_link(req, res, post_number_text(&req->arena, number_in(json_array_get(rows, 0), "number")),
                      count == (size_t)list.limit
                          ? post_number_text(&req->arena, number_in(json_array_get(rows, count - 1), "number"))
                          : NULL);
    respond_json(req, res, mastodon_statuses(req, rows));
}

void mastodon_home(struct request *req, struct response *res)
{
    respond_list(req, res, (struct post_list){.of = LIST_FRIENDS});
}

void mastodon_public(struct request *req, struct response *res)
{
    respond_list(req, res, (struct post_list){.of = LIST_EVERYBODY});
}

void mastodon_tag(struct request *req, struct response *res)
{
    char tag[65];
    const char *typed = request_capture(req, "tag");
    if (text_tag_span(typed) != strlen(typed) || text_fold_tag(typed, strlen(typed), tag) != 0)
        respond_json(req, res, json_array());
    else
        respond_list(req, res, (struct post_list){.of = LIST_TAG, .tag = arena_copy(&req->arena, tag)});
}

void mastodon_account_statuses(struct request *req, struct response *res)
{
    json_t *person = mastodon_person(req, request_id(req));
    if (!person)
        respond_store_error(req, res, STORE_FAILED, "person");
    else if (json_is_null(person))
        mastodon_missing(req, res);
    else if (is_true(req, "pinned")) /* nothing is */
        respond_json(req, res, json_array());
    else
        respond_list(req, res, (struct post_list){.of = LIST_PERSON, .account = number_in(person, "id")});
    json_decref(person);
}

/* What one keeps, the newest entry first: for favourites and bookmarks alike. */
void mastodon_kept(struct request *req, struct response *res)
{
    const int limit = mastodon_limit(req);
    const int64_t below = post_number_read(request_query(req, "max_id", ""), INT64_MAX), me = req->viewer.account;
    json_t *entries = db_rows(request_db(req), QUERY_KEPT_OF, below, (int64_t)limit, me, me), *entry;
    json_t *rows = entries ? json_array() : NULL;
    const size_t count = json_array_size(entries);
    size_t i;
    json_array_foreach(entries, i, entry)
        post_list_add(req, &rows, row_text(entry, "kind"), number_in(entry, "post_id"));
    if (count == (size_t)limit)
        mastodon_link(req, res, NULL,
                      post_number_text(&req->arena, number_in(json_array_get(entries, count - 1), "id")));
    json_decref(entries);
    respond_json(req, res, mastodon_statuses(req, rows));
}

/* ---- Notices -------------------------------------------------------------------------------------- */

/* The protocol's word for a notice; NULL: it has none, or there is nobody to show. */
static const char *type_of(const json_t *row)
{
    static const char *const words[][2] = {{"answer", "mention"}, {"mention", "mention"}, {"follower", "follow"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(row_text(row, "kind"), words[i][0]) == 0 && *row_text(row, "author"))
            return words[i][1];
    return NULL;
}

/* Is that type asked for, by types[] and exclude_types[]? */
static int is_wanted(const struct request *req, const char *type)
{
    int is_listed = 0, has_list = 0;
    for (int i = 0; i < req->query.count; i++) {
        const struct field *field = &req->query.items[i];
        if (strcmp(field->name, "exclude_types[]") == 0 && strcmp(field->value, type) == 0)
            return 0;
        if (strcmp(field->name, "types[]") == 0) {
            has_list = 1;
            is_listed |= strcmp(field->value, type) == 0;
        }
    }
    return !has_list || is_listed;
}

/* JSON null where what it tells of is not to be seen any more. */
static json_t *notification_of(struct request *req, const json_t *row, const char *type)
{
    json_t *person = db_row(request_db(req), QUERY_PERSON, row_text(row, "author"), req->viewer.account);
    json_t *post = json_null();
    struct post_ref ref = {0};
    if (*row_text(row, "post") && !answers_read(&req->arena, "post", row_text(row, "post"), &ref) && ref.id)
        post = post_list_ref(req, post_kind_find(ref.kind), ref.id);
    json_t *notification = json_null();
    if (json_is_object(person) && (json_is_object(post) || strcmp(type, "follow") == 0)) {
        const char *id = post_number_text(&req->arena, number_in(row, "id"));
        notification = json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", id, "type", type, "group_key",
                                 arena_printf(&req->arena, "ungrouped-%s", id), "created_at",
                                 mastodon_time(number_in(row, "created_at")), "account", mastodon_account(req, person));
        if (json_is_object(post))
            json_object_set_new(notification, "status", mastodon_status(req, NULL, post));
    }
    json_decref(person);
    json_decref(post);
    return notification;
}

void mastodon_notifications(struct request *req, struct response *res)
{
    const int limit = mastodon_limit(req);
    const int64_t below = post_number_read(request_query(req, "max_id", ""), INT64_MAX);
    const int64_t above = post_number_read(request_query(req, "since_id", request_query(req, "min_id", "")), 0);
    json_t *rows = db_rows(request_db(req), QUERY_NOTICES, below, (int64_t)limit, req->viewer.account), *row;
    json_t *list = rows ? json_array() : NULL;
    const size_t count = json_array_size(rows);
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const char *type = type_of(row);
        if (!type || !is_wanted(req, type) || number_in(row, "id") <= above)
            continue;
        json_t *notification = notification_of(req, row, type);
        if (json_is_object(notification))
            json_array_append(list, notification);
        json_decref(notification);
    }
    if (count)
        mastodon_link(req, res, post_number_text(&req->arena, number_in(json_array_get(rows, 0), "id")),
                      count == (size_t)limit
                          ? post_number_text(&req->arena, number_in(json_array_get(rows, count - 1), "id"))
                          : NULL);
    json_decref(rows);
    res->cache = CACHE_NEVER;
    respond_json(req, res, list);
}

void mastodon_notification_get(struct request *req, struct response *res)
{
    json_t *rows = db_rows(request_db(req), QUERY_NOTICES, request_id(req) + 1, (int64_t)1, req->viewer.account);
    if (!rows) {
        respond_store_error(req, res, STORE_FAILED, "notice");
        return;
    }
    const json_t *row = json_array_get(rows, 0);
    const char *type = row && number_in(row, "id") == request_id(req) ? type_of(row) : NULL;
    json_t *notification = type ? notification_of(req, row, type) : json_null();
    json_decref(rows);
    if (json_is_object(notification)) {
        respond_json(req, res, notification);
        return;
    }
    json_decref(notification);
    mastodon_missing(req, res);
}

/* Whether there is news, and never how much. */
void mastodon_unread(struct request *req, struct response *res)
{
    respond_json(req, res,
                 json_pack("{s:i}", "count", (int)db_number(request_db(req), QUERY_HAS_NEWS, 0, req->viewer.account)));
}

static void respond_read(struct request *req, struct response *res, const char *until, json_t *answer)
{
    const struct actor actor = request_actor(req);
    const struct fault *fault = notice_read(&actor, until);
    if (!fault) {
        respond_json(req, res, answer);
        return;
    }
    json_decref(answer);
    respond_fault(req, res, fault);
}

/* Notices are read, not thrown away: the list goes on holding them. */
void mastodon_notifications_clear(struct request *req, struct response *res)
{
    respond_read(req, res, NULL, json_object());
}

void mastodon_markers_get(struct request *req, struct response *res)
{
    respond_json(req, res, json_object());
}

/* How far the notices were read; how far a timeline was is not kept. */
void mastodon_markers_post(struct request *req, struct response *res)
{
    const json_t *given = json_object_get(json_object_get(req->json, "notifications"), "last_read_id");
    const char *until =
        json_string_value(given) ? json_string_value(given) : request_form(req, "notifications[last_read_id]", NULL);
    if (!until || !post_number_read(until, 0)) {
        respond_json(req, res, json_object());
        return;
    }
    respond_read(req, res, until,
                 json_pack("{s:{s:s, s:i, s:o}}", "notifications", "last_read_id", until, "version", 1, "updated_at",
                           mastodon_time(req->now_s)));
}

/* ---- Search --------------------------------------------------------------------------------------- */

/* Rows of one kind as statuses. */
static void add_found(struct request *req, json_t *list, const json_t *rows, const struct post_kind *kind)
{
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row)
    {
        json_t *found = post_list_ref(req, kind, number_in(row, "id"));
        if (json_is_object(found))
            json_array_append(list, found);
        json_decref(found);
    }
}

static json_t *accounts_found(struct request *req, const json_t *people)
{
    json_t *list = json_array(), *row;
    size_t i;
    json_array_foreach((json_t *)people, i, row)
    {
        json_t *person = db_row(request_db(req), QUERY_PERSON, row_text(row, "name"), req->viewer.account);
        if (json_is_object(person))
            json_array_append_new(list, mastodon_account(req, person));
        json_decref(person);
    }
    return list;
}

/* ?q as the search of pages takes it; JSON null after an answer. */
static json_t *found(struct request *req, struct response *res)
{
    const char *q = request_query(req, "q", "");
    if (strlen(q) > SEARCH_MAX_BYTES || !text_is_utf8(q, strlen(q))) {
        respond_error(req, res, 422, "Search for fewer words: %d bytes of UTF-8 at most.", SEARCH_MAX_BYTES);
        return json_null();
    }
    json_t *page = search_found(req, q);
    if (!page)
        respond_store_error(req, res, STORE_FAILED, "search");
    return page ? page : json_null();
}

void mastodon_search(struct request *req, struct response *res)
{
    const char *type = request_query(req, "type", "");
    const int is_past_first = post_number_read(request_query(req, "offset", ""), 0) > 0; /* there is one page */
    json_t *page = found(req, res), *tags = json_array(), *tag, *rows = json_array();
    size_t i;
    if (json_is_null(page) || is_past_first) {
        if (!json_is_null(page))
            respond_json(req, res, json_pack("{s:[], s:[], s:[]}", "accounts", "statuses", "hashtags"));
        json_decref(page);
        json_decref(tags);
        json_decref(rows);
        return;
    }
    json_array_foreach(json_object_get(page, "tags"), i, tag)
        json_array_append_new(tags, json_pack("{s:s, s:s, s:[], s:b}", "name", row_text(tag, "name"), "url",
                                              request_url(req, row_text(tag, "url")), "history", "following", 0));
    add_found(req, rows, json_object_get(page, "pictures"), &post_picture);
    add_found(req, rows, json_object_get(page, "statuses"), &post_status);
    json_t *answer = json_pack("{s:o, s:o, s:o}", "accounts", accounts_found(req, json_object_get(page, "people")),
                               "statuses", mastodon_statuses(req, rows), "hashtags", tags);
    json_decref(page);
    static const char *const types[] = {"accounts", "statuses", "hashtags"};
    for (i = 0; i < 3; i++)
        if (*type && strcmp(type, types[i]) != 0)
            json_object_set_new(answer, types[i], json_array());
    respond_json(req, res, answer);
}

void mastodon_accounts_search(struct request *req, struct response *res)
{
    json_t *page = found(req, res);
    if (!json_is_null(page))
        respond_json(req, res, accounts_found(req, json_object_get(page, "people")));
    json_decref(page);
}
