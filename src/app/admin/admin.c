/*
 * The administrators' desk: open reports with their context, posts that wait for review, appeals; and the one form that
 * every decision goes through. Each decision needs a reason, which the person reads and the log keeps.
 * Refuses to decide anything by itself. Next: domain/decision.c, admin_people.c, admin_lists.c.
 */
#include "app/admin/admin.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "app/admin/handlers.h"
#include "domain/appeal.h"
#include "domain/decision.h"
#include "store/message.h"

enum { QUEUE_ITEMS = 30 };

/* What decisions are about beside people. part: what of templates/admin_subject.mustache shows it; "thing": only
   "words" and "url" are shown. query: what is shown of it, here and to whoever reports it; of a message the desk sees
   the copy that came with the report. is_private: whoever cannot read it cannot report it either. */
static const struct {
    const char *kind, *noun, *part;
    enum query query;
    int is_private;
} subjects[] = {{"picture", "picture", "picture", QUERY_PICTURE, 0},
                {"status", "status", "status", QUERY_STATUS, 0},
                {"mood", "mood", "mood", QUERY_MOOD, 0},
                {"wall", "wall entry", "wall", QUERY_WALL_ENTRY, 0},
                {"bulletin", "bulletin", "bulletin", QUERY_BULLETIN, 1},
                {"layout", "layout", "layout", QUERY_LAYOUT, 0},
                {"neighbour", N_("site told"), "thing", QUERY_NEIGHBOUR, 0},
                {"message", "message", "message", QUERY_MESSAGE_RECEIVED, 1}};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

enum query admin_subject_query(const char *kind)
{
    for (int i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].kind, kind) == 0)
            return subjects[i].query;
    return QUERY_COUNT;
}

int admin_subject_is_private(const char *kind)
{
    for (int i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].kind, kind) == 0)
            return subjects[i].is_private;
    return 0;
}

static const char *part_of(const char *kind)
{
    for (int i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].kind, kind) == 0)
            return subjects[i].part;
    return "thing";
}

const char *admin_subject_noun(const char *kind)
{
    for (int i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].kind, kind) == 0)
            return subjects[i].noun;
    return kind;
}

void admin_add_context(struct request *req, json_t *row, const char *kind, int64_t subject, int64_t account)
{
    const enum query query = admin_subject_query(kind); /* QUERY_COUNT: a person */
    const int is_post = query != QUERY_COUNT;
    for (int i = 0; i < SUBJECTS; i++)
        json_object_set_new(row, subjects[i].part, json_null());
    const int is_message = strcmp(kind, "message") == 0;
    json_t *post = is_message ? json_pack("{s:o}", "lines", db_rows(request_db(req), QUERY_REPORTED_MESSAGES, subject))
                   : is_post  ? request_post(req, query, subject)
                              : json_null();
    json_object_set_new(row, "hides", json_boolean(json_is_true(json_object_get(post, "is_hidden"))));
    json_object_set_new(row, "waits", json_boolean(json_is_true(json_object_get(post, "is_held"))));
    json_object_set_new(row, "is_post", json_boolean(is_post));
    json_object_set_new(row, "can_hide", json_boolean(is_post && !is_message));
    json_object_set_new(row, part_of(kind), post);
    json_object_set_new(row, "person", db_row(request_db(req), QUERY_HISTORY_OF, account));
    json_object_set_new(row, "noun", json_string(admin_subject_noun(kind)));
    json_object_set_new(row, "kind", json_string(kind)); /* last: it may be the row’s own */
    json_object_set_new(row, "subject_id", json_integer(subject));
}

static void add_held(struct request *req, json_t *held, enum query query, const char *kind)
{
    json_t *rows = db_rows(request_db(req), query, (int64_t)QUEUE_ITEMS), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_t *item = json_object();
        admin_add_context(req, item, kind, json_integer_value(json_object_get(row, "id")),
                          json_integer_value(json_object_get(row, "account_id")));
        json_array_append_new(held, item);
    }
    json_decref(rows);
}

void admin_page(struct request *req, struct response *res)
{
    struct db *db = request_db(req);
    const int64_t first = 0, most = QUEUE_ITEMS;
    json_t *reports = db_rows(db, QUERY_REPORTS, first, most), *row;
    json_t *appeals = db_rows(db, QUERY_APPEALS, most), *held = json_array();
    size_t i;
    json_array_foreach(reports, i, row) admin_add_context(req, row, json_string_value(json_object_get(row, "kind")),
                                                          json_integer_value(json_object_get(row, "subject_id")),
                                                          json_integer_value(json_object_get(row, "account_id")));
    json_array_foreach(appeals, i, row)
    {
        int64_t account = json_integer_value(json_object_get(row, "account_id"));
        json_object_set_new(row, "person", db_row(db, QUERY_HISTORY_OF, account));
        json_object_set_new(row, "decisions", db_rows(db, QUERY_DECISIONS_OF, account, INT64_MAX, most));
    }
    add_held(req, held, QUERY_PICTURES_HELD, "picture");
    add_held(req, held, QUERY_STATUSES_HELD, "status");
    add_held(req, held, QUERY_MOODS_HELD, "mood");
    add_held(req, held, QUERY_WALL_HELD, "wall");
    add_held(req, held, QUERY_BULLETINS_HELD, "bulletin");
    add_held(req, held, QUERY_LAYOUTS_HELD, "layout");
    add_held(req, held, QUERY_NEIGHBOURS_HELD, "neighbour");
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin",
                 json_pack("{s:I, s:o, s:o, s:o}", "report_count", (json_int_t)db_number(db, QUERY_REPORT_COUNT, 0),
                           "reports", reports, "held", held, "appeals", appeals));
}

/* The picture of a line in an open report about a message. */
void admin_reported_bytes(struct request *req, struct response *res)
{
    void *data = NULL;
    size_t size = 0;
    enum store_status status = message_image_reported(request_db(req), request_id(req), &data, &size);
    res->cache = CACHE_NEVER;
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "picture");
        return;
    }
    respond_private_jpeg(req, res, data, size);
}

/* ---- Deciding ----------------------------------------------------------------------------------- */

/* Back to the person's page when the form stood there, else to the desk. */
static void go_back(struct request *req, struct response *res)
{
    char name[21];
    respond_redirect(req, res,
                     text_parse_name(request_form(req, "back", ""), name) == 0
                         ? arena_printf(&req->arena, "/admin/people/%s", name)
                         : "/admin");
}

/* Form: action, kind, id, reason, days (of suspend). */
void admin_act_post(struct request *req, struct response *res)
{
    const struct decision_typed typed = {.action = request_form(req, "action", ""),
                                         .kind = request_form(req, "kind", ""),
                                         .subject = strtoll(request_form(req, "id", "0"), NULL, 10),
                                         .reason = request_form(req, "reason", ""),
                                         .days = request_form(req, "days", "")};
    struct actor actor = request_actor(req);
    int is_again;
    const struct fault *fault = decision_take(&actor, &typed, &is_again);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res,
                   arena_printf(&req->arena,
                                is_again ? N_("This was sent twice, and done and written down once: %s.")
                                         : N_("Done and written down: %s."),
                                typed.action));
    go_back(req, res);
}

/* Form: answer, lift. */
void admin_appeal_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    const struct fault *fault =
        appeal_settle(&actor, request_id(req), request_form(req, "answer", ""), *request_form(req, "lift", "") != '\0');
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res, "Answered.");
    go_back(req, res);
}
