/*
 * Feeds of everybody, of one person and, under a secret key, of one's friends: pictures, statuses and moods together,
 * newest first, as Atom, as JSON Feed and, where Blips had it, as RSS. What an entry looks like is in view/feed.c; the
 * feed that older widgets read
 * (/users/NAME.atom) is in dropin.c. Refuses to be paged: a feed is its newest items. Read next: view/feed.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/elsewhere/feeds.h"
#include "app/elsewhere/handlers.h"
#include "app/posts/clip.h"
#include "domain/feed_key.h"
#include "domain/name.h"
#include "store/follow.h"
#include "view/feed.h"

enum { FEED_ITEMS = 30 };

struct kind {
    const char *name;
    enum query of_all, of_one;
    enum friend_posts of_friends;
};

static const struct kind kinds[] = {{"picture", QUERY_PICTURES, QUERY_PICTURES_OF, FRIEND_PICTURES},
                                    {"status", QUERY_STATUSES, QUERY_STATUSES_OF, FRIEND_STATUSES},
                                    {"mood", QUERY_MOODS, QUERY_MOODS_OF, FRIEND_MOODS}};

static json_int_t created_at(const json_t *item)
{
    return json_integer_value(json_object_get(item, "created_at"));
}

/* Merges rows, both newest first, into items. */
static json_t *merge(json_t *items, json_t *rows)
{
    json_t *merged = json_array();
    size_t a = 0, b = 0;
    while (json_array_size(merged) < FEED_ITEMS && (a < json_array_size(items) || b < json_array_size(rows))) {
        json_t *first = json_array_get(items, a), *second = json_array_get(rows, b);
        int takes_first = first && (!second || created_at(first) >= created_at(second));
        json_array_append(merged, takes_first ? first : second);
        a += takes_first;
        b += !takes_first;
    }
    json_decref(items);
    json_decref(rows);
    return merged;
}

static json_t *rows_of(struct request *req, const struct feed_source *source, const struct kind *kind)
{
    struct db *db = request_db(req);
    const int64_t most = FEED_ITEMS, viewer = req->viewer.account;
    return source->is_of_friends ? friend_posts(db, kind->of_friends, INT64_MAX, most, viewer)
           : source->account     ? db_rows(db, kind->of_one, INT64_MAX, most, source->account)
                                 : db_rows(db, kind->of_all, INT64_MAX, most, viewer);
}

/* NULL on failure. */
static json_t *items_of(struct request *req, const struct feed_source *source)
{
    const unsigned kinds_wanted = source->statuses_only ? FEED_STATUSES : FEED_ALL; /* bit i for kinds[i] */
    json_t *items = json_array();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (!(kinds_wanted & 1u << k))
            continue;
        json_t *rows = rows_of(req, source, &kinds[k]);
        if (!rows) {
            json_decref(items);
            return NULL;
        }
        size_t i;
        json_t *row;
        json_array_foreach(rows, i, row)
        {
            json_object_set_new(row, "kind", json_string(kinds[k].name));
            clip_show_frame(row);
        }
        items = merge(items, rows);
    }
    return items;
}

void feed_respond(struct request *req, struct response *res, const struct feed_source *source)
{
    request_speak_here(req);
    const char *site = request_site(req)->of[SITE_NAME];
    json_t *items = items_of(req, source);
    if (!items) {
        respond_store_error(req, res, STORE_FAILED, "feed");
        return;
    }
    size_t i;
    json_t *item;
    json_int_t updated = source->created_at;
    json_array_foreach(items, i, item)
    {
        json_int_t edited = json_integer_value(json_object_get(item, "edited_at"));
        json_int_t at = edited ? edited : created_at(item);
        updated = at > updated ? at : updated;
    }
    const char *title = site, *page = "/";
    if (source->name) {
        title = arena_printf(&req->arena, source->is_of_friends ? tr("%s’s friends on %s") : tr("%s on %s"),
                             source->name, site);
        page = arena_printf(&req->arena, source->is_of_friends ? "/friends#%s" : "/~%s", source->name);
    }
    json_t *feed = json_pack("{s:s, s:s, s:s?, s:s, s:I, s:s?, s:n, s:b, s:o}", "title", title, "url",
                             request_url(req, page), "feed_url", source->path ? request_url(req, source->path) : NULL,
                             "base", req->app->config->public_url, "updated_at", updated, "author",
                             source->is_of_friends ? NULL : source->name, "next_url", "is_plain", source->statuses_only,
                             "items", items);
    int failed = source->is_json  ? feed_write_json(feed, &res->body)
                 : source->is_rss ? feed_write_rss(feed, &res->body)
                                  : feed_write_atom(feed, &res->body);
    json_decref(feed);
    if (failed) {
        respond_error(req, res, 500, "The feed could not be put together.");
        return;
    }
    if (!res->policy)
        res->policy = POLICY_NONE;
    respond_bytes(req, res,
                  source->is_json  ? "application/feed+json"
                  : source->is_rss ? "application/rss+xml; charset=utf-8"
                                   : "application/atom+xml; charset=utf-8");
}

void feed_atom(struct request *req, struct response *res)
{
    feed_respond(req, res, &(struct feed_source){.path = "/feed.atom"});
}

void feed_json(struct request *req, struct response *res)
{
    feed_respond(req, res, &(struct feed_source){.path = "/feed.json", .is_json = 1});
}

int feed_find_person(struct request *req, const char *name, struct feed_source *ret_source)
{
    json_t *person = db_row(request_db(req), QUERY_PERSON, name, req->viewer.account);
    const char *state = json_string_value(json_object_get(person, "state"));
    int found = state && strcmp(state, "active") == 0;
    if (found) {
        ret_source->account = json_integer_value(json_object_get(person, "id"));
        ret_source->name = arena_copy(&req->arena, json_string_value(json_object_get(person, "name")));
        ret_source->created_at = created_at(person);
    }
    json_decref(person);
    return found ? 0 : -1;
}

static void person_feed(struct request *req, struct response *res, int is_json, int is_rss)
{
    const char *name = request_capture(req, "name");
    struct feed_source source = {.is_json = is_json, .is_rss = is_rss};
    if (feed_find_person(req, name, &source)) {
        respond_fault(req, res, name_unknown(&req->arena, name));
        return;
    }
    source.path = is_rss ? arena_printf(&req->arena, "/%s/feed.rss", source.name)
                         : arena_printf(&req->arena, "/~%s/feed.%s", source.name, is_json ? "json" : "atom");
    feed_respond(req, res, &source);
}

void person_feed_atom(struct request *req, struct response *res)
{
    person_feed(req, res, 0, 0);
}

void person_feed_json(struct request *req, struct response *res)
{
    person_feed(req, res, 1, 0);
}

/* Where Blips had it, without the tilde. */
void person_feed_rss(struct request *req, struct response *res)
{
    person_feed(req, res, 0, 1);
}

static void friends_feed(struct request *req, struct response *res, int is_rss)
{
    const struct actor actor = request_actor(req);
    const char *name = request_capture(req, "name");
    const struct fault *fault = feed_key_open(&actor, "friends", request_query(req, "key", ""), &req->viewer);
    if (!fault && *name && strcmp(name, req->viewer.name) != 0)
        fault = fault_make(&req->arena, FAULT_NOT_FOUND, "This is the key of somebody else’s feed.");
    if (fault)
        respond_fault(req, res, fault);
    else
        feed_respond(req, res, &(struct feed_source){.is_of_friends = 1, .is_rss = is_rss, .name = req->viewer.name});
}

void friends_feed_atom(struct request *req, struct response *res)
{
    friends_feed(req, res, 0);
}

void friends_feed_rss(struct request *req, struct response *res)
{
    friends_feed(req, res, 1);
}
