/*
 * One's own standing: what administrators decided about the person who looks, why, and an appeal. Reachable also for
 * who is suspended or banned: they sign in as ever, are led here, and can export what they made or leave. Refuses a
 * second appeal while one is open. Read next: admin.c.
 */
#include "app/request/app.h"
#include "base/text.h"
#include "app/handlers.h"
#include "app/posts/posting.h"
#include "store/moderation.h"

enum { APPEAL_MAX = 2000, APPEAL_MAX_BYTES = 16000, SHOWN = 50 };

static void standing_show(struct request *req, struct response *res, const char *error)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account, most = SHOWN;
    json_t *page = json_pack("{s:o, s:o, s:o, s:s, s:s?}", "standing", db_row(db, QUERY_STANDING_OF, me), "decisions",
                             db_rows(db, QUERY_DECISIONS_OF, me, INT64_MAX, most), "appeals",
                             db_rows(db, QUERY_APPEALS_OF, me, INT64_MAX, most), "words", posting_typed(req, "words"),
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
    const char *words;
    if (*request_form(req, "seen", "")) {
        enum store_status status = decisions_seen(request_db(req), req->viewer.account);
        if (status != STORE_OK)
            respond_store_error(req, res, status, "message");
        else
            respond_redirect(req, res, "/standing");
        return;
    }
    const char *fault = posting_text(req, "words", "Your appeal", 1, APPEAL_MAX, APPEAL_MAX_BYTES, &words);
    if (!fault && text_is_blank(words))
        fault = "An appeal needs words: what happened, and what should be different?";
    if (fault) {
        res->status = 422;
        standing_show(req, res, fault);
        return;
    }
    enum store_status status = appeal_add(request_db(req), req->viewer.account, words);
    if (status == STORE_TAKEN) {
        res->status = 409;
        standing_show(req, res, "You have an appeal that waits for an answer. One at a time, please.");
    } else if (status != STORE_OK) {
        respond_store_error(req, res, status, "appeal");
    } else {
        (void)!decisions_seen(request_db(req), req->viewer.account);
        respond_notice(req, res, "Your appeal is on the desk of whoever runs this piclog.");
        respond_redirect(req, res, "/standing");
    }
}
