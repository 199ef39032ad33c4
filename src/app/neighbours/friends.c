/*
 * What those whom one follows post, with one's own among it: pictures beside statuses and moods, as on the front page,
 * and each of the latter as a stream. Refuses to rank and to suggest. The feed of it is in elsewhere/feeds.c. Read
 * next: store/follow.h, follows.c.
 */
#include "app/request/app.h"
#include "app/neighbours/bulletins.h"
#include "app/neighbours/handlers.h"
#include "app/posts/timeline.h"
#include "store/follow.h"

enum { BESIDE_STATUSES = 8, BESIDE_MOODS = 6, BESIDE_BULLETINS = 3 };

static json_t *newest(struct request *req, enum friend_posts kind, int limit)
{
    return friend_posts(request_db(req), kind, INT64_MAX, limit, req->viewer.account);
}

/* A page with the posts of one kind, by ?before; NULL on failure. */
static json_t *stream(struct request *req, enum friend_posts kind, const char *key, const char *path)
{
    const int64_t me = req->viewer.account;
    json_t *page = json_pack("{s:b}", "is_alone", !db_number(request_db(req), QUERY_FOLLOWS_ANYBODY, 0, me));
    json_t *rows = friend_posts(request_db(req), kind, request_before(req), PAGE_ITEMS + 1, me);
    if (page && !timeline_set(req, page, key, rows, PAGE_ITEMS, path))
        return page;
    json_decref(page);
    return NULL;
}

void friends_page(struct request *req, struct response *res)
{
    json_t *page = stream(req, FRIEND_PICTURES, "pictures", "/friends");
    json_t *statuses = newest(req, FRIEND_STATUSES, BESIDE_STATUSES), *moods = newest(req, FRIEND_MOODS, BESIDE_MOODS);
    json_t *bulletins = bulletins_before(req, INT64_MAX, BESIDE_BULLETINS);
    if (!page || !statuses || !moods || !bulletins) {
        respond_store_error(req, res, STORE_FAILED, "page");
        json_decref(page);
        json_decref(statuses);
        json_decref(moods);
        json_decref(bulletins);
        return;
    }
    json_object_set_new(page, "statuses", statuses);
    json_object_set_new(page, "moods", moods);
    json_object_set_new(page, "bulletins", bulletins);
    json_object_set_new(page, "totals", timeline_totals(json_object_get(page, "pictures")));
    respond_page(req, res, "friends", page);
}

void friends_statuses_page(struct request *req, struct response *res)
{
    respond_page(req, res, "friends_statuses", stream(req, FRIEND_STATUSES, "statuses", "/friends/statuses"));
}

void friends_moods_page(struct request *req, struct response *res)
{
    respond_page(req, res, "friends_moods", stream(req, FRIEND_MOODS, "moods", "/friends/moods"));
}
