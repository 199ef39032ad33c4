/*
 * One person, for administrators: history, who invited them and whom they invited, quota; and cutting a whole branch of
 * invitations after a look at everybody in it. Refuses to cut administrators off. Next: admin.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/admin/admin.h"
#include "base/text.h"
#include "app/handlers.h"
#include "app/posts/posting.h"
#include "store/moderation.h"

enum { HISTORY_ITEMS = 50, REASON_MAX = 500, DEFAULT_DAYS = 7, QUOTA_MAX_MB = 100000 };

/* The account at :name in any state; 0 after an error was answered. */
static int64_t find_account(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    int64_t account = db_number(request_db(req), QUERY_PERSON, 0, name);
    if (!account)
        respond_error(req, res, 404, "There is nobody called %s here.", name);
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
    const char *typed = request_form(req, "megabytes", "");
    int64_t account = find_account(req, res);
    if (!account)
        return;
    char *end;
    long megabytes = strtol(typed, &end, 10);
    if (*typed && (*end || megabytes < 1 || megabytes > QUOTA_MAX_MB)) {
        respond_error(req, res, 422, "A quota is a number of megabytes from 1 to %d, or empty for that of everybody.",
                      QUOTA_MAX_MB);
        return;
    }
    enum store_status status =
        account_set_quota(request_db(req), req->viewer.account, account, *typed ? (int64_t)megabytes * 1000000 : -1);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "account");
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
                           "affected", affected, "reason", posting_typed(req, "reason"), "error", error));
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
    struct decision decision = {
        .actor = req->viewer.account, .action = request_form(req, "action", ""), .kind = "person"};
    long days = strtol(request_form(req, "days", ""), NULL, 10);
    int count = 0;
    decision.subject = find_account(req, res);
    if (!decision.subject)
        return;
    const char *fault = posting_text(req, "reason", "The reason", 0, REASON_MAX, REASON_MAX_BYTES, &decision.reason);
    if (!fault && strcmp(decision.action, "suspend") != 0 && strcmp(decision.action, "ban") != 0)
        fault = "A branch can be suspended or banned.";
    if (!fault && text_is_blank(decision.reason))
        fault = "Say why: everybody in the branch is shown the reason.";
    if (!fault && days > SUSPEND_MAX_DAYS)
        fault = "A suspension lasts ten years at most. A ban has no end.";
    if (!fault && !*request_form(req, "sure", ""))
        fault = "Tick the box: this is about everybody in the list.";
    if (fault) {
        res->status = 422;
        branch_show(req, res, decision.subject, fault);
        return;
    }
    decision.until_s = req->now_s + (days > 0 ? days : DEFAULT_DAYS) * 86400;
    enum store_status status = decision_make_branch(request_db(req), &decision, &count);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "branch");
        return;
    }
    respond_notice(req, res, arena_printf(&req->arena, "Cut: %d people.", count));
    respond_redirect(req, res, arena_printf(&req->arena, "/admin/people/%s", request_capture(req, "name")));
}
