/*
 * Muting and blocking other people, from a page without anybody's style, and the list with its undo. A mute is for
 * one's own timelines; a block means that neither sees the other anywhere. Refuses to tell the other one. What that
 * means for every query is in store/statements/parts.sql.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/people/handlers.h"
#include "domain/shun.h"

void shun_page(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    const int64_t me = actor.account;
    struct db *db = actor.db;
    int64_t other;
    const struct fault *fault = shun_find(&actor, request_capture(req, "name"), &other);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "shun",
                 json_pack("{s:s, s:b, s:b}", "name", request_capture(req, "name"), "is_muted",
                           (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "mute"), "is_blocked",
                           (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "block")));
}

/* kind: mute or block; undo: takes it back. */
void shun_post(struct request *req, struct response *res)
{
    int is_undo = *request_form(req, "undo", "") != '\0';
    struct actor actor = request_actor(req);
    int64_t other = 0;
    const struct fault *fault = shun_find(&actor, request_capture(req, "name"), &other);
    if (!fault)
        fault = shun_set(&actor, other, request_form(req, "kind", ""), is_undo);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res, is_undo ? "Taken back." : N_("Done. You find it again in your settings."));
    respond_redirect(req, res, "/settings/unseen");
}

void unseen_page(struct request *req, struct response *res)
{
    json_t *people = db_rows(request_db(req), QUERY_UNSEEN_OF, req->viewer.account), *person;
    size_t i;
    json_array_foreach(people, i, person)
    {
        const char *kind = json_string_value(json_object_get(person, "kind"));
        json_object_set_new(person, "is_block", json_boolean(strcmp(kind, "block") == 0));
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "unseen", json_pack("{s:o}", "people", people));
}
