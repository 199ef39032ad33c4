/*
 * Bulletins, from form to API: pinned up for whoever follows their author, until they end. Reading one needs an
 * account. What may be said is decided in domain/bulletin.c, who reads it in store/statements/bulletins.sql;
 * request/sweep.c deletes what has ended. There is no editing: some have read it.
 */
#include "app/neighbours/bulletins.h"

#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/posts/timeline.h"
#include "app/request/route.h"
#include "domain/bulletin.h"

const struct post_kind bulletin_kind = {
    .name = N_("bulletin"),
    .path = "/bulletins/",
    .query = QUERY_BULLETIN,
    .missing = N_("There is no such bulletin. It may have ended, or hang for those only who follow its author."),
    .not_own = N_("This bulletin is somebody else’s. Only whoever pinned it up can take it down.")};

json_t *bulletins_before(struct request *req, int64_t before, int limit)
{
    json_t *rows = db_rows(request_db(req), QUERY_BULLETINS, before, (int64_t)limit, req->viewer.account);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) timeline_mark_own(req, row);
    return rows;
}

static void board_show(struct request *req, struct response *res, const char *error)
{
    static const char *const choices[] = {"1", "5", "10"};
    const char *chosen = request_form(req, "days", "5");
    json_t *page = json_pack("{s:s, s:s, s:s?}", "subject", request_typed(req, "subject"), "content",
                             request_typed(req, "content"), "error", error);
    json_t *days = json_array();
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        json_array_append_new(days, json_pack("{s:s, s:b, s:b}", "days", choices[i], "is_checked",
                                              strcmp(choices[i], chosen) == 0, "is_one", i == 0));
    json_object_set_new(page, "choices", days);
    if (timeline_set(req, page, "bulletins", bulletins_before(req, request_before(req), PAGE_ITEMS + 1), PAGE_ITEMS,
                     "/bulletins")) {
        json_decref(page);
        page = NULL;
    }
    if (req->wants_json)
        for (const char *const *key = (const char *const[]){"subject", "content", "error", "choices", NULL}; *key;
             key++)
            json_object_del(page, *key); /* of the form */
    respond_page(req, res, "bulletins", page);
}

void bulletins_page(struct request *req, struct response *res)
{
    board_show(req, res, NULL);
}

void bulletin_page(struct request *req, struct response *res)
{
    json_t *bulletin = post_find(req, res, &bulletin_kind);
    if (!json_is_null(bulletin))
        respond_page(req, res, "bulletin", json_pack("{s:o}", "bulletin", bulletin));
}

void bulletins_post(struct request *req, struct response *res)
{
    const struct bulletin_typed typed = {.subject = request_form(req, "subject", NULL),
                                         .content = request_form(req, "content", NULL),
                                         .days = request_form(req, "days", NULL)};
    struct actor actor = request_actor(req);
    int64_t id = 0;
    const struct fault *fault = bulletin_publish(&actor, &typed, &id);
    if (!fault) {
        post_added(req, res, &bulletin_kind, id, N_("Pinned up for whoever follows you."), "/bulletins");
    } else if (fault->kind == FAULT_WORDS && !(req->route->flags & IS_API)) {
        res->status = respond_fault_status(fault);
        board_show(req, res, fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}

void bulletin_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, bulletin_remove(&actor, request_id(req)), "Taken down.", "/bulletins");
}

void api_bulletin_get(struct request *req, struct response *res)
{
    post_show(req, res, &bulletin_kind, request_id(req));
}
