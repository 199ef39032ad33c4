/*
 * Reports: anybody can say that something is wrong with a picture, status, mood or person, signed in or not, with or
 * without cookies and scripts. The form stands on an unstyled page of its own, so that nobody's style can hide or move
 * it. Refuses to tell who reported what to anybody but administrators. Next: domain/report.c, admin.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/admin/admin.h"
#include "app/admin/handlers.h"
#include "domain/report.h"

struct subject {
    const char *kind;
    int64_t id;
    const char *url, *label;
};

/* Strangers may report, so the route asks for no right: but a token does only what it was made for. */
static int token_may(const struct request *req, const char *kind)
{
    const unsigned scopes = req->viewer.scopes;
    return !req->viewer.token || ((scopes & SCOPE_CREATE || req->method == METHOD_GET) &&
                                  (scopes & SCOPE_MESSAGES || !admin_subject_is_private(kind)));
}

/* What everybody can see, blocked or not: who was blocked may still be harassed, and who blocks may harass; of what is
   not for everybody, what whoever asks may read. 0, or -1 after an error was answered. */
static int find_subject(struct request *req, struct response *res, const char *kind, struct subject *ret_subject)
{
    const enum query query = admin_subject_query(kind);
    json_t *row = NULL;
    struct subject subject = {.kind = kind};
    if (!token_may(req, kind)) {
        respond_error(req, res, 403,
                      "This token may not report: that takes the right to post, and of a message the "
                      "right to read messages.");
        return -1;
    }
    if (strcmp(kind, "person") == 0) {
        row = db_row(request_db(req), QUERY_PERSON, request_capture(req, "name"));
        const char *state = json_string_value(json_object_get(row, "state"));
        subject.id = state && strcmp(state, "active") == 0 ? json_integer_value(json_object_get(row, "id")) : 0;
        subject.label = arena_copy(&req->arena, request_capture(req, "name"));
        subject.url = arena_printf(&req->arena, "/~%s", subject.label);
    }
    if (query != QUERY_COUNT) {
        row = admin_subject_is_private(kind) ? request_post(req, query, request_id(req))
                                             : db_row(request_db(req), query, request_id(req));
        if (json_is_null(row) && strcmp(kind, "wall") == 0) /* it may wait for the look of whoever reports it */
            row = request_post(req, query, request_id(req));
        const char *author = row_text(row, "author");
        subject.id = json_integer_value(json_object_get(row, "id"));
        subject.url = arena_copy(&req->arena, row_text(row, "url"));
        subject.label = arena_printf(&req->arena, tr("the %s by %s"), tr(admin_subject_noun(kind)),
                                     *author ? author : row_text(row, "visitor"));
    }
    json_decref(row);
    if (!subject.id) {
        respond_error(req, res, 404, "There is nothing here that could be reported. It may have been deleted.");
        return -1;
    }
    *ret_subject = subject;
    return 0;
}

static void form_page(struct request *req, struct response *res, const struct subject *subject, const char *error)
{
    const char *chosen = request_form(req, "reason", "");
    json_t *list = json_array();
    for (int i = 0; i < REPORT_REASONS; i++) {
        const struct report_reason *reason = &report_reasons[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "name", reason->name, "words", reason->words,
                                              "is_checked", strcmp(chosen, reason->name) == 0));
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "report",
                 json_pack("{s:s, s:s, s:b, s:b, s:s, s:s, s:s, s:o, s:s?}", "action", req->path, "kind", subject->kind,
                           "is_person", strcmp(subject->kind, "person") == 0, "is_message",
                           strcmp(subject->kind, "message") == 0, "url", subject->url, "label", subject->label, "note",
                           request_typed(req, "note"), "reasons", list, "error", error));
}

static void take_report(struct request *req, struct response *res, const struct subject *subject)
{
    const struct report_typed typed = {request_form(req, "reason", ""), request_form(req, "note", "")};
    struct actor actor = request_actor(req);
    const struct fault *fault = report_make(&actor, req->network, subject->kind, subject->id, &typed);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        form_page(req, res, subject, fault->sentence);
        return;
    }
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "report_done", json_pack("{s:s, s:s}", "url", subject->url, "label", subject->label));
}

static void report(struct request *req, struct response *res, const char *kind, int is_post)
{
    struct subject subject;
    if (find_subject(req, res, kind, &subject) != 0)
        return;
    if (is_post)
        take_report(req, res, &subject);
    else
        form_page(req, res, &subject, NULL);
}

void report_page(struct request *req, struct response *res)
{
    report(req, res, request_capture(req, "kind"), 0);
}

void report_post(struct request *req, struct response *res)
{
    report(req, res, request_capture(req, "kind"), 1);
}

void report_person_page(struct request *req, struct response *res)
{
    report(req, res, "person", 0);
}

void report_person_post(struct request *req, struct response *res)
{
    report(req, res, "person", 1);
}
