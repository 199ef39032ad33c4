/*
 * statuslog, as omg.lol's clients speak it: /address/NAME/statuses/, read by anybody, written by NAME with a Bearer
 * token. A translation: an emoji is a face, the rest is domain/status.c. Refuses an external address, which a status
 * has no place for beside its words, and a bio, which is the profile. Read next: posts/statuses.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/people/people.h"
#include "app/posts/post_kind.h"
#include "app/programs/handlers.h"
#include "app/programs/post_number.h"
#include "base/text.h"
#include "domain/status.h"
#include "view/words.h"

enum { LOG_ITEMS = 60 };

/* {"request", "response"}, as every answer there is. Takes the reference. */
static void answer(struct request *req, struct response *res, json_t *response)
{
    respond_json(
        req, res,
        response ? json_pack("{s:{s:i, s:b}, s:o}", "request", "status_code", 200, "success", 1, "response", response)
                 : NULL);
}

static json_t *entry_of(struct request *req, const json_t *row)
{
    const int64_t at = json_integer_value(json_object_get(row, "created_at"));
    struct buf ago = {0};
    words_ago(at, req->now_s, &ago);
    json_t *entry =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:n}", "id",
                  arena_printf(&req->arena, "%lld", (long long)json_integer_value(json_object_get(row, "id"))),
                  "address", row_text(row, "author"), "created", arena_printf(&req->arena, "%lld", (long long)at),
                  "relative_time", ago.data ? ago.data : "", "emoji", row_text(row, "face"), "content",
                  row_text(row, "content"), "url", request_url(req, row_text(row, "url")), "external_url");
    buf_free(&ago);
    return entry;
}

/* The account of :name, or 0 after an error was answered. */
static int64_t address_of(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    json_decref(person);
    return id;
}

void statuslog_list(struct request *req, struct response *res)
{
    const int64_t account = address_of(req, res);
    if (!account)
        return;
    json_t *rows = db_rows(request_db(req), QUERY_STATUSES_OF, INT64_MAX, (int64_t)LOG_ITEMS, account, (int64_t)0,
                           req->viewer.account),
           *entries, *row;
    size_t i;
    if (!rows) {
        respond_store_error(req, res, STORE_FAILED, "status");
        return;
    }
    entries = json_array();
    json_array_foreach(rows, i, row) json_array_append_new(entries, entry_of(req, row));
    json_decref(rows);
    answer(req, res,
           json_pack("{s:s, s:o}", "message",
                     arena_printf(&req->arena, "Here are the statuses of %s.", request_capture(req, "name")),
                     "statuses", entries));
}

void statuslog_show(struct request *req, struct response *res)
{
    json_t *row = request_post(req, post_status.query, request_id(req));
    if (!row)
        respond_store_error(req, res, STORE_FAILED, "status");
    else if (json_is_object(row) && strcmp(row_text(row, "author"), request_capture(req, "name")) == 0)
        answer(req, res, json_pack("{s:s, s:o}", "message", "Here is the status.", "status", entry_of(req, row)));
    else
        respond_error(req, res, 404, "%s", post_status.missing);
    json_decref(row);
}

/* 1 when the address is the viewer's; else an error was answered. */
static int is_own(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    if (strcmp(name, req->viewer.name) == 0)
        return 1;
    respond_error(req, res, 403, "This token is not that of %s.", name);
    return 0;
}

/* {emoji, content}, or both in one: {status: "🐢 slowly"}. What was not sent is NULL. */
static const struct fault *typed_of(struct request *req, struct status_typed *ret_typed)
{
    const char *both = request_form(req, "status", "");
    struct status_typed typed = {.content = request_form(req, "content", NULL),
                                 .face = request_form(req, "emoji", NULL)};
    if (*both && (!typed.content || !*typed.content)) {
        const int has_face = !(typed.face && *typed.face) && text_is_utf8(both, strlen(both));
        const size_t face = has_face ? status_face_span(both) : 0;
        typed.face = face ? arena_copy_n(&req->arena, both, face) : typed.face;
        typed.content = face ? both + face + 1 : both;
    }
    if (*request_form(req, "external_url", ""))
        return fault_of_field(&req->arena, "external_url", 0,
                              "A status has no place for an address beside its words, so nothing was saved. Put it "
                              "into content.");
    *ret_typed = typed;
    return NULL;
}

static void answer_saved(struct request *req, struct response *res, const char *message, int64_t id,
                         const char *content)
{
    const char *url = request_url(req, arena_printf(&req->arena, "/statuses/%lld", (long long)id));
    answer(req, res,
           json_pack("{s:s, s:s, s:s, s:s, s:n}", "message", message, "id",
                     arena_printf(&req->arena, "%lld", (long long)id), "status", content, "url", url, "external_url"));
}

void statuslog_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    struct status_typed typed;
    int64_t id = 0;
    if (!is_own(req, res))
        return;
    const struct fault *fault = typed_of(req, &typed);
    if (!fault)
        fault = status_publish(&actor, &typed, &id);
    if (fault)
        respond_fault(req, res, fault);
    else
        answer_saved(req, res, "Your status is posted.", id, typed.content ? typed.content : "");
}

/* The status that "id" names, which stands in the body; what was not sent of it stays as it is. */
void statuslog_patch(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const int64_t id = post_number_read(request_form(req, "id", ""), 0);
    struct status_typed typed;
    if (!is_own(req, res))
        return;
    const struct fault *fault = typed_of(req, &typed);
    json_t *row = fault ? json_null() : request_post(req, post_status.query, id);
    if (fault) {
        respond_fault(req, res, fault);
    } else if (!row) {
        respond_store_error(req, res, STORE_FAILED, "status");
    } else if (!json_is_object(row) || json_integer_value(json_object_get(row, "account_id")) != req->viewer.account) {
        respond_error(req, res, 404, "%s", post_status.missing);
    } else {
        typed.content = typed.content ? typed.content : row_text(row, "content");
        typed.face = typed.face ? typed.face : row_text(row, "face");
        fault = status_change(&actor, id, &typed);
        if (fault)
            respond_fault(req, res, fault);
        else
            answer_saved(req, res, "Your status is changed.", id, typed.content);
    }
    json_decref(row);
}

void statuslog_delete(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    if (!is_own(req, res))
        return;
    const struct fault *fault = status_remove(&actor, request_id(req));
    if (fault)
        respond_fault(req, res, fault);
    else
        answer(req, res, json_pack("{s:s}", "message", "The status is deleted."));
}

/* What somebody says about themselves; written in the profile. */
void statuslog_bio(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    if (json_is_null(person))
        return;
    answer(req, res,
           json_pack("{s:s, s:s, s:s}", "message", "Here is the bio.", "bio", row_text(person, "about"), "css", ""));
    json_decref(person);
}
