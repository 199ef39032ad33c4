/*
 * Twitter 1.0 and GNU social, what is read: timelines, one post, favorites, search, and what a program asks about the
 * site. A translation of the timelines of pages. Refuses to rank, and to count. Read next: twitter_do.c,
 * twitter_people.c, twitter_shape.c.
 */
#include "app/programs/twitter.h"

#include <string.h>

#include "app/posts/search.h"
#include "app/programs/handlers.h"
#include "app/request/rate.h"
#include "base/text.h"
#include "domain/status.h"

/* ---- Timelines ---------------------------------------------------------------------------------- */

/* By count, page, max_id and since_id, as all timelines are asked for. Pages end at POST_LIST_MAX posts: from there on
   they are empty, and max_id leads further. */
static struct post_list asked_list(const struct request *req, enum post_list_of of)
{
    const int count = twitter_number(req, "count", twitter_number(req, "rpp", TWITTER_PAGE, 100), 100);
    const int page = twitter_number(req, "page", 1, TWITTER_PAGES_MAX);
    const int64_t most = post_number_read(request_query(req, "max_id", ""), 0);
    const int skip = (page - 1) * count, is_beyond = skip >= POST_LIST_MAX;
    return (struct post_list){.of = of,
                              .limit = is_beyond ? 0 : count,
                              .skip = is_beyond ? 0 : skip,
                              .below = most ? most + 1 : 0, /* max_id itself is shown */
                              .above = post_number_read(request_query(req, "since_id", ""), 0)};
}

void twitter_public_timeline(struct request *req, struct response *res)
{
    const struct post_list list = asked_list(req, LIST_EVERYBODY);
    twitter_answer_posts(req, res, post_list(req, &list), request_site(req)->of[SITE_NAME], "/");
}

void twitter_home_timeline(struct request *req, struct response *res)
{
    const struct post_list list = asked_list(req, LIST_FRIENDS);
    twitter_answer_posts(req, res, post_list(req, &list), arena_printf(&req->arena, "%s’s friends", req->viewer.name),
                         "/friends");
}

void twitter_user_timeline(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 1);
    if (json_is_null(person))
        return;
    struct post_list list = asked_list(req, LIST_PERSON);
    const char *name = arena_copy(&req->arena, row_text(person, "name"));
    list.account = json_integer_value(json_object_get(person, "id"));
    json_decref(person);
    twitter_answer_posts(req, res, post_list(req, &list), name, arena_printf(&req->arena, "/~%s", name));
}

/* The posts that answer or name the viewer, out of what they are told. */
void twitter_mentions(struct request *req, struct response *res)
{
    const struct post_list list = asked_list(req, LIST_EVERYBODY);
    json_t *told =
        db_rows(request_db(req), QUERY_NOTICES, INT64_MAX, (int64_t)(2 * POST_LIST_MAX), req->viewer.account);
    json_t *rows = told ? json_array() : NULL, *notice;
    size_t i;
    int skip = list.skip;
    json_array_foreach(told, i, notice)
    {
        struct post_ref post = {0};
        const char *kind = row_text(notice, "kind");
        if ((strcmp(kind, "answer") != 0 && strcmp(kind, "mention") != 0) ||
            answers_read(&req->arena, "post", row_text(notice, "post"), &post) || !post.id ||
            json_array_size(rows) >= (size_t)list.limit)
            continue;
        json_t *row = post_list_ref(req, post_kind_find(post.kind), post.id);
        const int64_t number = json_integer_value(json_object_get(row, "number"));
        if (json_is_object(row) && (!list.below || number < list.below) && number > list.above && skip-- <= 0)
            json_array_append(rows, row);
        json_decref(row);
    }
    json_decref(told);
    twitter_answer_posts(req, res, rows, arena_printf(&req->arena, "Answers to %s", req->viewer.name), "/notices");
}

void twitter_show(struct request *req, struct response *res)
{
    int64_t id = 0;
    const char *number = *request_capture(req, "id") ? request_capture(req, "id") : twitter_asked(req, "id");
    const struct post_kind *kind = post_number_find(request_db(req), post_number_read(number, 0), &id);
    twitter_answer_post(req, res, kind, id);
}

/* What somebody keeps: one's own, or where they show it; else nothing. Of the newest that were kept, in the order of
   their numbers, so that max_id and since_id lead from page to page. */
void twitter_favorites(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 1);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id")), me = req->viewer.account;
    const char *name = arena_copy(&req->arena, row_text(person, "name"));
    const struct post_list list = asked_list(req, LIST_EVERYBODY);
    json_t *manners = db_row(request_db(req), QUERY_MANNERS_OF, id), *entry;
    json_t *kept = id == me || json_is_true(json_object_get(manners, "shows_kept"))
                       ? db_rows(request_db(req), QUERY_KEPT_OF, INT64_MAX, (int64_t)(2 * POST_LIST_MAX), id, me)
                       : json_array();
    json_t *rows = kept ? json_array() : NULL;
    size_t i;
    json_array_foreach(kept, i, entry)
        post_list_add(req, &rows, row_text(entry, "kind"), json_integer_value(json_object_get(entry, "post_id")));
    json_decref(kept);
    json_decref(manners);
    json_decref(person);
    json_t *page = rows ? post_list_page(req, rows, &list) : NULL;
    json_decref(rows);
    twitter_answer_posts(req, res, page, arena_printf(&req->arena, "Kept by %s", name),
                         arena_printf(&req->arena, "/~%s/kept", name));
}

/* {"results": [...]} as search.twitter.com had it; XML and feeds as timelines. Pictures and statuses, newest first. */
void twitter_search(struct request *req, struct response *res)
{
    const struct post_list list = asked_list(req, LIST_EVERYBODY);
    const char *q = request_query(req, "q", "");
    static const struct {
        const struct post_kind *kind;
        enum search_kind search;
    } kinds[] = {{&post_picture, SEARCH_PICTURES}, {&post_status, SEARCH_STATUSES}};
    json_t *found = json_array(), *row, *users = json_object(), *results = json_array();
    size_t i;
    for (size_t k = 0; k < 2; k++) {
        json_t *rows =
            search_posts(req, kinds[k].search, q,
                         post_number_cursor(request_db(req), kinds[k].kind, list.below ? list.below : INT64_MAX),
                         list.skip + list.limit);
        if (!rows) {
            respond_store_error(req, res, STORE_FAILED, "search");
            json_decref(found);
            json_decref(users);
            json_decref(results);
            return;
        }
        json_array_foreach(rows, i, row) post_list_number(row, kinds[k].kind);
        json_array_extend(found, rows);
        json_decref(rows);
    }
    json_t *page = post_list_page(req, found, &list);
    json_decref(found);
    if (req->format) {
        json_decref(results);
        json_decref(users);
        twitter_answer_posts(req, res, page, arena_printf(&req->arena, "Search"), "/search");
        return;
    }
    json_array_foreach(page, i, row)
    {
        json_t *status = twitter_status(req, users, row), *user = json_object_get(status, "user");
        json_object_set(status, "from_user", json_object_get(user, "screen_name"));
        json_object_set(status, "from_user_id", json_object_get(user, "id"));
        json_object_set(status, "profile_image_url", json_object_get(user, "profile_image_url"));
        json_array_append_new(results, status);
    }
    json_decref(page);
    json_decref(users);
    twitter_answer(req, res,
                   json_pack("{s:o, s:s, s:i, s:i}", "results", results, "query", text_is_utf8(q, strlen(q)) ? q : "",
                             "results_per_page", list.limit, "page", twitter_number(req, "page", 1, TWITTER_PAGES_MAX)),
                   "search", "status");
}

/* ---- The site ----------------------------------------------------------------------------------- */

void twitter_test(struct request *req, struct response *res)
{
    twitter_answer(req, res, json_string("ok"), "ok", NULL);
}

/* GNU social's: programs look at it before they ask for more. */
void twitter_version(struct request *req, struct response *res)
{
    twitter_answer(req, res, json_string("1.1.3-piclog"), "version", NULL);
}

void twitter_config(struct request *req, struct response *res)
{
    const char *host = strstr(req->app->origin, "://") + 3;
    json_t *site =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:i}", "name", request_site(req)->of[SITE_NAME],
                  "server", host, "path", "", "theme", "default", "language", "en", "private", 0, "closed", 0,
                  "inviteonly", 0, "fancy", 1, "textlimit", STATUS_MAX);
    const int is_https = req->app->is_https;
    json_object_set_new(site, "ssl", json_string(is_https ? "always" : "never"));
    json_t *attachments =
        json_pack("{s:b, s:I}", "uploads", 1, "file_quota", (json_int_t)req->app->config->upload_bytes);
    twitter_answer(req, res, json_pack("{s:o, s:o}", "site", site, "attachments", attachments), "config", NULL);
}

/* The usual pace of reading; a program that keeps to it is never told to wait. */
void twitter_rate_limit_status(struct request *req, struct response *res)
{
    const struct rate_limit *limit = &req->app->config->rates[RATE_READ];
    const int hourly = limit->refill_ms > 0 ? 3600000 / limit->refill_ms : 1000000;
    twitter_answer(req, res,
                   json_pack("{s:i, s:i, s:I}", "hourly_limit", hourly, "remaining_hits", limit->burst,
                             "reset_time_in_seconds", (json_int_t)(req->now_s + 60)),
                   "hash", NULL);
}
