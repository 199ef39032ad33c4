/*
 * One's own standing: what administrators decided about the person who looks, why, and an appeal. Reachable also for
 * who is suspended or banned: they sign in as ever, are led here, and can export what they made or leave. Read next:
 * domain/appeal.c.
 */
#include "app/request/app.h"
#include "app/people/handlers.h"
#include "domain/appeal.h"
#include "store/moderation.h"

enum { SHOWN = 50 };

static void standing_show(struct request *req, struct response *res, const char *error)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account, most = SHOWN;
    json_t *page = json_pack("{s:o, s:o, s:o, s:s, s:s?}", "standing", db_row(db, QUERY_STANDING_OF, me), "decisions",
                             db_rows(db, QUERY_DECISIONS_OF, me, INT64_MAX, most), "appeals",
                             db_rows(db, QUERY_APPEALS_OF, me, INT64_MAX, most), "words", request_typed(req, "words"),
                             "error", error);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "standing", page);
}

/* Looking at the page is no write of its own: what was decided counts as seen when the next form on it is sent, or by
   the button that says so. */
void standing_page(struct request *req, struct response *res)
{
    standing_show(req, res, NULL);
}

void standing_appeal_post(struct request *req, struct response *res)
{
    if (*request_form(req, "seen", "")) {
        enum store_status status = decisions_seen(request_db(req), req->viewer.account);
        if (status != STORE_OK)
            respond_store_error(req, res, status, "message");
        else
            respond_redirect(req, res, "/standing");
        return;
    }
    struct actor actor = request_actor(req);
    const struct fault *fault = appeal_make(&actor, request_form(req, "words", ""));
    if (!fault) {
        respond_notice(req, res, "Your appeal is on the desk of whoever runs this piclog.");
        respond_redirect(req, res, "/standing");
    } else if (fault->kind == FAULT_WORDS || fault->kind == FAULT_TAKEN) {
        res->status = respond_fault_status(fault);
        standing_show(req, res, fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}
