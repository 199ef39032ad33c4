/*
 * Coming and going: join, log in, log out, recover. Sessions and form tokens are guard.c's; passwords and secrets the
 * store's. Answers never tell whether a name exists, but for joining, where a taken name has to be said. Read next:
 * guard.c, store/account.h.
 */
#include <string.h>

#include "app/request/app.h"
#include "base/text.h"
#include "app/request/guard.h"
#include "app/people/handlers.h"
#include "app/posts/posting.h"
#include "store/blocklist.h"

/* ---- Log in, log out ----------------------------------------------------------------------------- */

/* Only paths of this site: "/x", but not "//host" or "/\host", which browsers take for other sites. */
static const char *safe_next(const char *next)
{
    int is_path =
        next[0] == '/' && next[1] != '/' && next[1] != '\\' && strlen(next) < 500 && text_is_utf8(next, strlen(next));
    for (const char *at = next; *at; at++)
        is_path &= (unsigned char)*at > ' ' && *at != '\\';
    return is_path ? next : "/";
}

static void login_form(struct request *req, struct response *res, const char *next, const char *error)
{
    res->cache = CACHE_NEVER;
    respond_page(
        req, res, "login",
        json_pack("{s:s, s:s, s:s?}", "name", request_typed(req, "name"), "next", safe_next(next), "error", error));
}

void login_page(struct request *req, struct response *res)
{
    if (req->viewer.account)
        respond_redirect(req, res, safe_next(request_query(req, "next", "/")));
    else
        login_form(req, res, request_query(req, "next", "/"), NULL);
}

void login_post(struct request *req, struct response *res)
{
    int64_t account = 0;
    const char *next = request_form(req, "next", "/"), *name = request_form(req, "name", "");
    int wait_s = guard_guess_wait_s(req, name);
    if (wait_s) { /* before anything is hashed, and the same for names that nobody has */
        respond_limited(req, res, RATE_GUESS, wait_s);
        return;
    }
    enum store_status status =
        account_check_password(request_db(req), name, request_form(req, "password", ""), &account);
    if (status == STORE_OK)
        status = guard_sign_in(req, res, account, name);
    if (status == STORE_NOT_FOUND) {
        res->status = 401;
        login_form(req, res, next, "this name and this password do not belong together.");
    } else if (status != STORE_OK) {
        respond_store_error(req, res, status, "session");
    } else {
        respond_redirect(req, res, safe_next(next));
    }
}

void logout_post(struct request *req, struct response *res)
{
    guard_sign_out(req, res);
    respond_redirect(req, res, "/");
}

/* ---- Join ---------------------------------------------------------------------------------------- */

static void join_form(struct request *req, struct response *res, int can_join, int is_admin, const char *error)
{
    const char *code = request_capture(req, "code");
    const char *action = *code ? arena_printf(&req->arena, "/join/%s", code) : "/join";
    res->cache = CACHE_NEVER;
    respond_page(req, res, "join",
                 json_pack("{s:b, s:b, s:s, s:s, s:s?}", "can_join", can_join, "is_admin", is_admin, "action", action,
                           "name", request_typed(req, "name"), "error", error));
}

/* Whether joining is possible here and now; else *ret_why says why not. */
static int can_join(struct request *req, int *ret_is_admin, const char **ret_why)
{
    const char *code = request_capture(req, "code");
    *ret_is_admin = 0;
    *ret_why = NULL;
    if (*code) {
        if (invite_find(req->app->store, request_db(req), code, ret_is_admin) == STORE_OK)
            return 1;
        *ret_why = "This invitation was used already or is too old. Ask for a new one.";
        return 0;
    }
    if (req->app->config->signup == SIGNUP_OPEN)
        return 1;
    if (req->app->config->signup == SIGNUP_CLOSED)
        *ret_why = "This piclog takes nobody new at the moment.";
    return 0;
}

void join_page(struct request *req, struct response *res)
{
    int is_admin;
    const char *why;
    int possible = can_join(req, &is_admin, &why);
    if (!possible)
        res->status = 403;
    join_form(req, res, possible, is_admin, why);
}

/* Recovery codes are shown once, on the very answer that makes them. */
static void show_codes(struct request *req, struct response *res, int64_t account)
{
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    enum store_status status = recovery_make(req->app->store, request_db(req), account, codes);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "recovery code");
        return;
    }
    json_t *list = json_array();
    for (int i = 0; i < RECOVERY_CODES; i++)
        json_array_append_new(list, json_string(codes[i]));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "recovery_codes", json_pack("{s:o}", "codes", list));
}

void join_post(struct request *req, struct response *res)
{
    int is_admin;
    const char *why, *code = request_capture(req, "code"), *name = request_form(req, "name", "");
    const char *password = request_form(req, "password", "");
    char folded[NAME_MAX_BYTES + 1];
    int64_t account = 0;
    if (!can_join(req, &is_admin, &why)) {
        res->status = 403;
        join_form(req, res, 0, 0, why);
        return;
    }
    const char *fault = NULL;
    if (account_name_fold(name, folded) != 0)
        fault = "a name has 1 to 20 letters a–z, digits, _ or -.";
    else if (blocklist_has_word(request_db(req), folded))
        fault = "this name holds a word that is not taken here. Try another.";
    else if (strlen(password) < PASSWORD_MIN_BYTES)
        fault = "a password has at least 8 characters.";
    else if (strlen(password) > PASSWORD_MAX_BYTES)
        fault = "a password has at most 1000 bytes.";
    enum store_status status = STORE_INVALID;
    if (!fault) {
        struct db *db = request_db(req);
        status = *code ? invite_use(req->app->store, db, code, name, password, &account)
                       : account_add(db, name, password, 0, 0, &account);
        if (status == STORE_TAKEN)
            fault = "somebody has this name already. Try another.";
        else if (status == STORE_NOT_FOUND)
            fault = "this invitation was used a moment ago.";
    }
    if (fault) {
        res->status = status == STORE_TAKEN ? 409 : 422;
        join_form(req, res, 1, is_admin, fault);
        return;
    }
    if (status == STORE_OK)
        status = guard_sign_in(req, res, account, name);
    if (status == STORE_OK)
        show_codes(req, res, account);
    else
        respond_store_error(req, res, status, "account");
}

/* ---- Recover ------------------------------------------------------------------------------------- */

static void recover_form(struct request *req, struct response *res, const char *error)
{
    res->cache = CACHE_NEVER;
    respond_page(req, res, "recover", json_pack("{s:s, s:s?}", "name", request_typed(req, "name"), "error", error));
}

void recover_page(struct request *req, struct response *res)
{
    recover_form(req, res, NULL);
}

void recover_post(struct request *req, struct response *res)
{
    const char *password = request_form(req, "password", "");
    int64_t account = 0;
    if (strlen(password) < PASSWORD_MIN_BYTES || strlen(password) > PASSWORD_MAX_BYTES) {
        res->status = 422;
        recover_form(req, res, "the new password has 8 to 1000 characters.");
        return;
    }
    enum store_status status = recovery_use(req->app->store, request_db(req), request_form(req, "name", ""),
                                            request_form(req, "code", ""), password, &account);
    if (status == STORE_OK)
        status = guard_sign_in(req, res, account, request_form(req, "name", ""));
    if (status == STORE_NOT_FOUND) {
        res->status = 401;
        recover_form(req, res, "this name and this code do not belong together, or the code was used before.");
    } else if (status != STORE_OK) {
        respond_store_error(req, res, status, "account");
    } else {
        respond_notice(req, res, "Welcome back. Every other browser was signed out.");
        respond_redirect(req, res, "/settings");
    }
}

void settings_codes_post(struct request *req, struct response *res)
{
    show_codes(req, res, req->viewer.account);
}
