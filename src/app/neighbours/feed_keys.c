/*
 * Secret addresses of one's own feeds, for readers that cannot sign in: made, shown once, and revoked here. Refuses to
 * show one again, since only a keyed hash of it is kept. The feeds themselves are in app/elsewhere. Read next:
 * domain/feed_key.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/neighbours/handlers.h"
#include "domain/feed_key.h"

static const struct {
    const char *feed, *path, *title;
} feeds[] = {{"friends", "/friends/feed.atom", N_("What you and those you follow post")},
             {"notices", "/notices/feed.atom", N_("What you are told: answers, mentions and the like")}};

enum { FEEDS = sizeof feeds / sizeof feeds[0] };

/* secret: of the feed that was just made; else NULL. */
static void show(struct request *req, struct response *res, const char *feed, const char *secret)
{
    json_t *list = json_array(), *keys = db_rows(request_db(req), QUERY_FEED_KEYS_OF, req->viewer.account), *key;
    for (size_t f = 0; f < FEEDS; f++) {
        const char *url = secret && strcmp(feed, feeds[f].feed) == 0
                              ? request_url(req, arena_printf(&req->arena, "%s?key=%s", feeds[f].path, secret))
                              : NULL;
        const char *rss =
            url && strcmp(feed, "friends") == 0
                ? request_url(req, arena_printf(&req->arena, "/%s/with_friends.rss?key=%s", req->viewer.name, secret))
                : NULL;
        json_t *made = json_null();
        size_t i;
        json_array_foreach(keys, i, key)
        {
            if (strcmp(row_text(key, "feed"), feeds[f].feed) == 0)
                made = json_incref(json_object_get(key, "created_at"));
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s?, s:o}", "feed", feeds[f].feed, "title",
                                              feeds[f].title, "new_url", url, "new_rss_url", rss, "created_at", made));
    }
    json_decref(keys);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "feed_keys", json_pack("{s:o}", "feeds", list));
}

void feed_keys_page(struct request *req, struct response *res)
{
    show(req, res, "", NULL);
}

void feed_keys_post(struct request *req, struct response *res)
{
    char secret[SECRET_TEXT_BYTES];
    const char *feed = request_form(req, "feed", "");
    struct actor actor = request_actor(req);
    const struct fault *fault = feed_key_make(&actor, feed, secret);
    if (fault)
        respond_fault(req, res, fault);
    else
        show(req, res, feed, arena_copy(&req->arena, secret));
}

void feed_keys_revoke_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    respond_after(req, res, feed_key_revoke(&actor, request_form(req, "feed", "")),
                  "The address is revoked and opens nothing any more.", "/settings/feeds");
}
