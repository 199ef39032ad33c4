/*
 * Following and who does: the button, one's own lists with their ways out, the list that somebody shows, and the same
 * for programs. Whom one follows is one's own to see unless one shows it; who follows one, nobody else's ever. Refuses
 * to count. What is possible is decided in domain/follow.c. Read next: friends.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/neighbours/handlers.h"
#include "app/people/people.h"
#include "app/posts/timeline.h"
#include "app/request/route.h"
#include "domain/follow.h"
#include "domain/profile.h"

enum { LIST_ITEMS = 60 };

/* ---- The button ------------------------------------------------------------------------------------ */

/* A page without anybody's style, for those who come from one with it. */
void follow_page(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id")), me = req->viewer.account;
    res->cache = CACHE_NEVER;
    if (id == me)
        respond_redirect(req, res, "/friends/people");
    else
        respond_page(req, res, "follow",
                     json_pack("{s:s, s:b}", "name", row_text(person, "name"), "is_followed",
                               (int)db_number(request_db(req), QUERY_IS_FOLLOWING, 0, me, id)));
    json_decref(person);
}

/* undo: takes it back. back: where the button stood, "person" or "people"; else it was the page above. */
void follow_post(struct request *req, struct response *res)
{
    const int is_undo = *request_form(req, "undo", "") != '\0';
    const char *name = request_capture(req, "name"), *back = request_form(req, "back", "");
    struct actor actor = request_actor(req);
    int is_new;
    const struct fault *fault = is_undo ? follow_end(&actor, name) : follow_begin(&actor, name, &is_new);
    const char *notice = arena_printf(
        &req->arena, is_undo ? tr("You no longer follow %s.") : tr("You follow %s: see Friends in the menu."), name);
    respond_after(req, res, fault, notice,
                  strcmp(back, "people") == 0
                      ? "/friends/people"
                      : arena_printf(&req->arena, strcmp(back, "person") == 0 ? "/~%s" : "/follow/%s", name));
}

/* ---- Lists ----------------------------------------------------------------------------------------- */

/* A page of one of one's own lists: people with a name each, those who are not here at present included. NULL on
   failure. */
static json_t *own_list(struct request *req, enum query query, const char *key, const char *path)
{
    json_t *page = json_object();
    json_t *rows = query == QUERY_FOLLOWS_OF ? db_rows(request_db(req), query, request_before(req),
                                                       (int64_t)(LIST_ITEMS + 1), req->viewer.account, (int64_t)1)
                                             : db_rows(request_db(req), query, request_before(req),
                                                       (int64_t)(LIST_ITEMS + 1), req->viewer.account);
    if (!timeline_set(req, page, key, rows, LIST_ITEMS, path))
        return page;
    json_decref(page);
    return NULL;
}

void follows_page(struct request *req, struct response *res)
{
    json_t *page = own_list(req, QUERY_FOLLOWS_OF, "people", "/friends/people");
    json_t *me = db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account);
    if (page)
        json_object_set_new(page, "shows_follows", json_boolean(json_is_true(json_object_get(me, "shows_follows"))));
    json_decref(me);
    respond_page(req, res, "follows", page);
}

/* shows_follows: 1 or 0. */
void follows_post(struct request *req, struct response *res)
{
    const char *typed = request_form(req, "shows_follows", "");
    struct actor actor = request_actor(req);
    respond_after(req, res, profile_save(&actor, &(struct profile_typed){.shows_follows = typed}),
                  strcmp(typed, "1") == 0 ? "Everybody can see whom you follow."
                                          : N_("Nobody but you sees whom you follow."),
                  "/friends/people");
}

void followers_page(struct request *req, struct response *res)
{
    respond_page(req, res, "followers", own_list(req, QUERY_FOLLOWERS_OF, "people", "/friends/followers"));
}

void follower_remove_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    respond_after(req, res, follow_shake_off(&actor, request_capture(req, "name")), "They no longer follow you.",
                  "/friends/followers");
}

/* Whom somebody follows, where they show it. */
void person_follows_page(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    const char *name = arena_copy(&req->arena, row_text(person, "name"));
    const int is_shown = json_is_true(json_object_get(person, "shows_follows"));
    json_decref(person);
    if (!is_shown) {
        respond_error(req, res, 404, "Whom %s follows is shown to nobody.", name);
        return;
    }
    json_t *page = json_pack("{s:s}", "name", name);
    json_t *rows = db_rows(request_db(req), QUERY_FOLLOWS_OF, request_before(req), (int64_t)(LIST_ITEMS + 1), id,
                           (int64_t)0, req->viewer.account),
           *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_object_del(row, "created_at"); /* since when is theirs to know */
        json_object_del(row, "is_here");
    }
    if (timeline_set(req, page, "people", rows, LIST_ITEMS, arena_printf(&req->arena, "/~%s/follows", name))) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "person_follows", page);
}

/* ---- For programs ---------------------------------------------------------------------------------- */

void api_follows(struct request *req, struct response *res)
{
    respond_json(req, res, own_list(req, QUERY_FOLLOWS_OF, "follows", "/api/follows"));
}

void api_followers(struct request *req, struct response *res)
{
    respond_json(req, res, own_list(req, QUERY_FOLLOWERS_OF, "followers", "/api/followers"));
}

/* 201 also where they were followed already: whoever asks again, not having heard the answer, gets the same. */
void api_follow_post(struct request *req, struct response *res)
{
    const char *typed = request_form(req, "name", "");
    struct actor actor = request_actor(req);
    int is_new;
    const struct fault *fault = follow_begin(&actor, typed, &is_new);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    char name[NAME_MAX_BYTES + 1];
    (void)account_name_fold(typed, name); /* it was found by it */
    const char *url = request_url(req, arena_printf(&req->arena, "/~%s", name));
    respond_header(req, res, "Location", request_url(req, arena_printf(&req->arena, "/api/follows/%s", name)));
    res->status = 201;
    respond_json(req, res, json_pack("{s:s, s:s}", "name", name, "url", url));
}

void api_follow_delete(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    respond_after(req, res, follow_end(&actor, request_capture(req, "name")), NULL, NULL);
}

void api_follower_delete(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    respond_after(req, res, follow_shake_off(&actor, request_capture(req, "name")), NULL, NULL);
}
