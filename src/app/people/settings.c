/*
 * One's own settings: profile, password, browsers, tokens, invitations, closing the account. Every secret is shown
 * once, on the answer that makes it, and that answer is never stored by anyone. Read next: store/account.h.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/request/guard.h"
#include "app/handlers.h"
#include "app/posts/posting.h"
#include "app/people/profile.h"

enum { LABEL_MAX = 60 };

struct shown_once {
    const char *token, *invite_url, *error;
};

/* What was typed stands in the form again beside what is wrong with it. */
static void keep_typed(const struct request *req, json_t *page)
{
    static const char *const fields[] = {"display_name", "homepage", "about", "css"};
    json_t *person = json_object_get(page, "person");
    if (!request_form(req, "about", NULL))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        json_object_set_new(person, fields[i], json_string(posting_typed(req, fields[i])));
    json_object_set_new(page, "links", json_string(posting_typed(req, "links")));
}

static void settings_show(struct request *req, struct response *res, const struct shown_once *once)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account;
    json_t *sessions = db_rows(db, QUERY_SESSIONS_OF, me), *session;
    size_t i;
    json_array_foreach(sessions, i, session) json_object_set_new(
        session, "is_current", json_boolean(json_integer_value(json_object_get(session, "id")) == req->viewer.session));
    /* Who may invite: everyone, unless nobody may come in any more. */
    int can_invite = req->app->config->signup != SIGNUP_CLOSED || req->viewer.is_admin;
    res->cache = CACHE_NEVER;
    json_t *page = json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:I, s:b, s:s?, s:s?, s:s?}", "person", db_row(db, QUERY_PERSON_BY_ID, me), "links",
        profile_links_text(req, me), "sessions", sessions, "tokens", db_rows(db, QUERY_TOKENS_OF, me), "invites",
        db_rows(db, QUERY_INVITES_OF, me), "codes_left", (json_int_t)db_number(db, QUERY_RECOVERY_CODES_LEFT, 0, me),
        "can_invite", can_invite, "new_token", once->token, "new_invite_url", once->invite_url, "error", once->error);
    if (once->error)
        keep_typed(req, page);
    respond_page(req, res, "settings", page);
}

static void settings_fault(struct request *req, struct response *res, const char *sentence)
{
    res->status = 422;
    settings_show(req, res, &(struct shown_once){.error = sentence});
}

/* Answers a finished change: a notice on the settings page, or what went wrong. */
static void settings_done(struct request *req, struct response *res, enum store_status status, const char *noun,
                          const char *notice)
{
    respond_done(req, res, status, noun, notice, "/settings");
}

void settings_page(struct request *req, struct response *res)
{
    settings_show(req, res, &(struct shown_once){0});
}

void settings_post(struct request *req, struct response *res)
{
    enum store_status status;
    const char *fault = profile_save(req, &status);
    if (fault)
        settings_fault(req, res, fault);
    else
        settings_done(req, res, status, "account", "Saved.");
}

/* ---- Password ------------------------------------------------------------------------------------ */

/* 1 when the person at the keyboard knows the password, and not only holds the browser. */
static int password_fits(struct request *req, const char *field)
{
    int64_t account = 0;
    return account_check_password(request_db(req), req->viewer.name, request_form(req, field, ""), &account) ==
               STORE_OK &&
           account == req->viewer.account;
}

void settings_password_post(struct request *req, struct response *res)
{
    const char *password = request_form(req, "new_password", "");
    if (strlen(password) < PASSWORD_MIN_BYTES || strlen(password) > PASSWORD_MAX_BYTES)
        settings_fault(req, res, "the new password has 8 to 1000 characters.");
    else if (!password_fits(req, "old_password"))
        settings_fault(req, res, "the old password is another one.");
    else
        settings_done(req, res,
                      account_set_password(request_db(req), req->viewer.account, password, req->viewer.session),
                      "password", "Changed. Every other browser was signed out.");
}

/* ---- Browsers, tokens, invitations ---------------------------------------------------------------- */

void settings_session_revoke(struct request *req, struct response *res)
{
    settings_done(req, res, session_delete(request_db(req), req->viewer.account, request_id(req)), "session",
                  "That browser is signed out.");
}

void settings_token_post(struct request *req, struct response *res)
{
    const char *label;
    char secret[SECRET_TEXT_BYTES];
    const char *fault = posting_text(req, "label", "The label", 0, LABEL_MAX, 300, &label);
    if (fault) {
        settings_fault(req, res, fault);
        return;
    }
    unsigned scopes = 0;
    if (*request_form(req, "may_post", ""))
        scopes |= SCOPE_CREATE | SCOPE_MEDIA;
    if (*request_form(req, "may_change", ""))
        scopes |= SCOPE_UPDATE | SCOPE_DELETE;
    if (*request_form(req, "may_all", "") || !scopes)
        scopes = SCOPE_ALL;
    enum store_status status = token_add(req->app->store, request_db(req), req->viewer.account, label, scopes, secret);
    if (status == STORE_OK)
        settings_show(req, res, &(struct shown_once){.token = arena_copy(&req->arena, secret)});
    else
        respond_store_error(req, res, status, "token");
}

void settings_token_revoke(struct request *req, struct response *res)
{
    settings_done(req, res, token_delete(request_db(req), req->viewer.account, request_id(req)), "token",
                  "The token is revoked.");
}

void settings_invite_post(struct request *req, struct response *res)
{
    char code[SECRET_TEXT_BYTES];
    if (req->app->config->signup == SIGNUP_CLOSED && !req->viewer.is_admin) {
        respond_error(req, res, 403, "This piclog takes nobody new at the moment, so there is nothing to invite to.");
        return;
    }
    enum store_status status = invite_add(req->app->store, request_db(req), req->viewer.account, 0, code);
    if (status == STORE_OK)
        settings_show(
            req, res,
            &(struct shown_once){.invite_url = request_url(req, arena_printf(&req->arena, "/join/%s", code))});
    else
        respond_store_error(req, res, status, "invitation");
}

void settings_invite_revoke(struct request *req, struct response *res)
{
    settings_done(req, res, invite_delete(request_db(req), req->viewer.account, request_id(req)), "invitation",
                  "The invitation is taken back.");
}

/* ---- Leaving ------------------------------------------------------------------------------------- */

void settings_close_post(struct request *req, struct response *res)
{
    if (!password_fits(req, "password")) {
        settings_fault(req, res, "this is not your password, so nothing was deleted.");
        return;
    }
    enum store_status status = account_delete(request_db(req), req->viewer.account);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "account");
        return;
    }
    guard_sign_out(req, res);
    respond_notice(req, res, "Your account is closed and everything you posted is deleted. Take care.");
    respond_redirect(req, res, "/");
}
