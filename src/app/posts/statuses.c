/*
 * Statuses, from form to API: a face and at most 140 characters, counted as people count them. The stream, one status,
 * writing, editing and deleting, each by form and by API. What may be said is decided in domain/status.c. Read next:
 * post_kind.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "base/text.h"
#include "domain/status.h"
#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/post_kind.h"
#include "app/request/route.h"
#include "app/posts/timeline.h"
#include "domain/name.h"

/* ---- Looking ------------------------------------------------------------------------------------ */

void statuses_page(struct request *req, struct response *res)
{
    const char *path = "/statuses";
    const int with_answers = strcmp(request_query(req, "answers", ""), "1") == 0;
    char name[21];
    json_t *person = json_null(), *rows, *page;
    if (text_parse_name(request_query(req, "by", ""), name) == 0) {
        person = db_row(request_db(req), QUERY_PERSON, name, req->viewer.account);
        if (json_is_null(person)) {
            respond_fault(req, res, name_unknown(&req->arena, name));
            return;
        }
        path = arena_printf(&req->arena, "/statuses?by=%s", name);
        rows = timeline_of(req, QUERY_STATUSES_OF, json_integer_value(json_object_get(person, "id")), PAGE_ITEMS + 1);
    } else {
        rows = db_rows(request_db(req), with_answers ? QUERY_STATUSES_AND_ANSWERS : QUERY_STATUSES, request_before(req),
                       (int64_t)(PAGE_ITEMS + 1), req->viewer.account);
        if (with_answers)
            path = "/statuses?answers=1";
    }
    page = json_pack("{s:o, s:O?, s:b}", "today", timeline_today(req), "by", json_object_get(person, "name"),
                     "with_answers", with_answers);
    json_decref(person);
    if (timeline_set(req, page, "statuses", rows, PAGE_ITEMS, path)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "statuses", page);
}

void status_page(struct request *req, struct response *res)
{
    json_t *status = post_find(req, res, &post_status);
    if (json_is_null(status))
        return;
    json_t *page = json_pack("{s:o}", "status", status);
    if (answers_set(req, page, &post_status, status)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "status", page);
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static struct status_typed typed(const struct request *req)
{
    return (struct status_typed){.content = request_form(req, "content", NULL),
                                 .face = request_form(req, "face", NULL),
                                 .own_face = request_form(req, "own_face", NULL),
                                 .reply_to = request_form(req, "reply_to", NULL)};
}

/* The 64 faces, with the chosen one marked; a chosen face that is none of them goes to *ret_own. */
static json_t *faces_with(struct request *req, const char *chosen, const char **ret_own)
{
    const json_t *all = view_faces(req->app->view);
    json_t *faces = json_array();
    *ret_own = chosen;
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *face = json_array_get(all, i);
        int is_chosen = strcmp(json_string_value(face), chosen) == 0;
        if (is_chosen)
            *ret_own = "";
        json_array_append_new(faces, json_pack("{s:O, s:b}", "face", face, "is_checked", is_chosen));
    }
    return faces;
}

/* The small window that a bookmarklet opens: the same form in 350 × 350 pixels. */
static int is_popup(const struct request *req)
{
    return strcmp(request_form(req, "popup", request_query(req, "popup", "")), "1") == 0;
}

/* url: NULL for a new one. */
static void form_page(struct request *req, struct response *res, const char *url, const char *face, const char *content,
                      const char *error)
{
    const char *own;
    json_t *faces = faces_with(req, face, &own);
    const char *action = url ? arena_printf(&req->arena, "%s/edit", url) : "/status";
    res->cache = CACHE_NEVER;
    json_t *page = json_pack("{s:s, s:s?, s:o, s:s, s:s, s:s?, s:O, s:s, s:s, s:o}", "action", action, "url", url,
                             "faces", faces, "own_face", own, "content", content, "error", error, "moods",
                             view_moods(req->app->view), "mood", "", "note", "", "today", timeline_today(req));
    answers_put_quote(req, page, url ? "" : answers_asked(req));
    respond_page(req, res, is_popup(req) ? "popup" : "status_form", page);
}

/* For people, words that do not do come back in the form, so that nothing is lost. url as above. */
static void refuse(struct request *req, struct response *res, const char *url, const struct fault *fault)
{
    if (req->route->flags & IS_API || (fault->kind != FAULT_WORDS && fault->kind != FAULT_NOT_ALLOWED)) {
        respond_fault(req, res, fault);
        return;
    }
    const char *own = request_typed(req, "own_face");
    res->status = respond_fault_status(fault);
    form_page(req, res, url, *own ? own : request_typed(req, "face"), request_typed(req, "content"), fault->sentence);
}

void status_form_page(struct request *req, struct response *res)
{
    const char *content = request_query(req, "content", "");
    form_page(req, res, NULL, "🙂", text_is_utf8(content, strlen(content)) ? content : "", NULL);
}

void status_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct status_typed words = typed(req);
    int64_t id = 0;
    const struct fault *fault = status_publish(&actor, &words, &id);
    if (fault)
        refuse(req, res, NULL, fault);
    else
        post_added(req, res, &post_status, id, N_("Said, and it weighs next to nothing."),
                   is_popup(req) ? "/status?popup=1" : answers_back(req, "/"));
}

void status_edit_page(struct request *req, struct response *res)
{
    json_t *status = post_find_own(req, res, &post_status);
    if (json_is_null(status))
        return;
    form_page(req, res, json_string_value(json_object_get(status, "url")),
              json_string_value(json_object_get(status, "face")), json_string_value(json_object_get(status, "content")),
              NULL);
    json_decref(status);
}

void status_edit_post(struct request *req, struct response *res)
{
    json_t *status = post_find_own(req, res, &post_status);
    if (json_is_null(status))
        return;
    const struct actor actor = request_actor(req);
    const struct status_typed words = typed(req);
    const struct fault *fault = status_change(&actor, request_id(req), &words);
    if (fault)
        refuse(req, res, json_string_value(json_object_get(status, "url")), fault);
    else
        post_edited(req, res, &post_status, request_id(req));
    json_decref(status);
}

void status_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, status_remove(&actor, request_id(req)), "Unsaid. Nobody heard a thing.", "/statuses");
}

void api_status_get(struct request *req, struct response *res)
{
    post_show(req, res, &post_status, request_id(req));
}
