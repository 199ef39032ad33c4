/*
 * One person, for administrators: history, who invited them and whom they invited, quota; and cutting a whole branch of
 * invitations after a look at everybody in it. Refuses to cut administrators off. Next: admin.c.
 */
#include "app/admin/admin.h"
#include "app/admin/handlers.h"
#include "domain/decision.h"
#include "domain/setting.h"
#include "domain/name.h"

enum { HISTORY_ITEMS = 50 };

/* The account at :name in any state; 0 after an error was answered. */
static int64_t find_account(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    int64_t account = db_number(request_db(req), QUERY_PERSON, 0, name);
    if (!account)
        respond_fault(req, res, name_unknown(&req->arena, name));
    return account;
}

void admin_person_page(struct request *req, struct response *res)
{
    int64_t account = find_account(req, res);
    const int64_t most = HISTORY_ITEMS;
    if (!account)
        return;
    struct db *db = request_db(req);
    json_t *page = json_pack("{s:o, s:o, s:o, s:o}", "inviters", db_rows(db, QUERY_INVITERS_OF, account), "log",
                             db_rows(db, QUERY_AUDIT_ABOUT, account, INT64_MAX, most), "appeals",
                             db_rows(db, QUERY_APPEALS_OF, account, INT64_MAX, most), "decisions",
                             db_rows(db, QUERY_DECISIONS_OF, account, INT64_MAX, most));
    admin_add_context(req, page, "person", account, account);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_person", page);
}

/* Form: megabytes; empty: that of everybody. */
void admin_quota_post(struct request *req, struct response *res)
{
    int64_t account = find_account(req, res);
    if (!account)
        return;
    struct actor actor = request_actor(req);
    const struct fault *fault = setting_quota_of(&actor, account, request_form(req, "megabytes", ""));
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res, "Saved.");
    respond_redirect(req, res, arena_printf(&req->arena, "/admin/people/%s", request_capture(req, "name")));
}

static void branch_show(struct request *req, struct response *res, int64_t account, const char *error)
{
    json_t *people = db_rows(request_db(req), QUERY_BRANCH_OF, account, (int64_t)BRANCH_MAX), *person;
    size_t i;
    json_int_t affected = 0;
    json_array_foreach(people, i, person) affected += !json_is_true(json_object_get(person, "is_admin"));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_branch",
                 json_pack("{s:s, s:o, s:I, s:s, s:s?}", "name", request_capture(req, "name"), "people", people,
                           "affected", affected, "reason", request_typed(req, "reason"), "error", error));
}

void admin_branch_page(struct request *req, struct response *res)
{
    int64_t account = find_account(req, res);
    if (account)
        branch_show(req, res, account, NULL);
}

/* Form: action (suspend or ban), reason, days, affected: how many were in the preview. */
void admin_branch_post(struct request *req, struct response *res)
{
    struct decision_typed typed = {.action = request_form(req, "action", ""),
                                   .kind = "person",
                                   .subject = find_account(req, res),
                                   .reason = request_form(req, "reason", ""),
                                   .days = request_form(req, "days", "")};
    int count = 0, is_again = 0;
    if (!typed.subject)
        return;
    struct actor actor = request_actor(req);
    const struct fault *fault =
        decision_take_branch(&actor, &typed, *request_form(req, "sure", "") != '\0', &count, &is_again);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        branch_show(req, res, typed.subject, fault->sentence);
        return;
    }
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res,
                   arena_printf(&req->arena, "%s%s", is_again ? tr("This was sent twice, and done once. ") : "",
                                arena_printf(&req->arena, trn("Cut: %d person.", "Cut: %d people.", count), count)));
    respond_redirect(req, res, arena_printf(&req->arena, "/admin/people/%s", request_capture(req, "name")));
}
