/*
 * Muting and blocking other people, from a page without anybody's style, and the list with its undo. A mute is for
 * one's own timelines; a block means that neither sees the other anywhere. Refuses to tell the other one. What that
 * means for every query is in store/statements/parts.sql.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/handlers.h"
#include "store/moderation.h"

/* The account at :name, also when it is blocked already; 0 after an error was answered. */
static int64_t find_other(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    int64_t other = db_number(request_db(req), QUERY_PERSON, 0, name);
    const int64_t me = req->viewer.account;
    if (!other || db_number(request_db(req), QUERY_IS_UNSEEN, 0, me, other, "blocked"))
        respond_error(req, res, 404, "There is nobody called %s here.", name);
    else if (other == me)
        respond_error(req, res, 422, "This is you. There is no button for that.");
    else
        return other;
    return 0;
}

void shun_page(struct request *req, struct response *res)
{
    int64_t other = find_other(req, res), me = req->viewer.account;
    if (!other)
        return;
    struct db *db = request_db(req);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "shun",
                 json_pack("{s:s, s:b, s:b}", "name", request_capture(req, "name"), "is_muted",
                           (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "mute"), "is_blocked",
                           (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "block")));
}

/* kind: mute or block; undo: takes it back. */
void shun_post(struct request *req, struct response *res)
{
    const char *kind = request_form(req, "kind", "");
    int is_undo = *request_form(req, "undo", "") != '\0';
    int64_t other = find_other(req, res);
    if (!other)
        return;
    if (strcmp(kind, "mute") != 0 && strcmp(kind, "block") != 0) {
        respond_error(req, res, 422, "People can be muted or blocked; kind is one of the two.");
        return;
    }
    enum store_status status = is_undo ? unseen_delete(request_db(req), req->viewer.account, other, kind)
                                       : unseen_add(request_db(req), req->viewer.account, other, kind);
    if (status != STORE_OK && !(is_undo && status == STORE_NOT_FOUND)) {
        respond_store_error(req, res, status, "person");
        return;
    }
    respond_notice(req, res, is_undo ? "Taken back." : "Done. You find it again in your settings.");
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
