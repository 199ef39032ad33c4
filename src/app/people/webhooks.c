/*
 * One's own webhook: where to tell about new, edited and deleted posts. Off until an address is set; the secret that
 * signs is shown once. What an address may be is domain/webhook.c's, what is told and how src/hook's.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/people/handlers.h"
#include "domain/webhook.h"

static void show(struct request *req, struct response *res, const char *secret, const char *typed, const char *error)
{
    json_t *webhook = db_row(request_db(req), QUERY_WEBHOOK_OF, req->viewer.account);
    const char *url = json_string_value(json_object_get(webhook, "url"));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "webhook",
                 json_pack("{s:s, s:s?, s:s?, s:o}", "url",
                           typed ? typed
                           : url ? url
                                 : "",
                           "new_secret", secret, "error", error, "webhook", webhook));
}

void webhook_page(struct request *req, struct response *res)
{
    show(req, res, NULL, NULL, NULL);
}

void webhook_post(struct request *req, struct response *res)
{
    char secret[SECRET_TEXT_BYTES];
    struct actor actor = request_actor(req);
    const struct fault *fault = webhook_point(&actor, request_form(req, "url", ""), secret);
    if (!fault) {
        show(req, res, arena_copy(&req->arena, secret), NULL, NULL);
    } else if (fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        show(req, res, NULL, request_typed(req, "url"), fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}

static void done(struct request *req, struct response *res, enum store_status status, const char *notice)
{
    respond_done(req, res, status, "webhook", notice, "/settings/webhook");
}

void webhook_turn_post(struct request *req, struct response *res)
{
    int is_on = strcmp(request_form(req, "to", ""), "on") == 0;
    done(req, res, webhook_turn(request_db(req), req->viewer.account, is_on),
         is_on ? N_("Your webhook is on.") : N_("Your webhook is off. What was waiting is forgotten."));
}

void webhook_delete_post(struct request *req, struct response *res)
{
    done(req, res, webhook_delete(request_db(req), req->viewer.account),
         N_("Your webhook is gone, and its secret with it."));
}
