/*
 * Coming and going: join, log in, log out, recover. Sessions and form tokens are guard.c's; what a name and a password
 * are, and who may join, domain/account.c's. Read next: guard.c, domain/account.h.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/request/guard.h"
#include "app/request/rate.h"
#include "base/clock.h"
#include "base/text.h"
#include "app/people/handlers.h"
#include "domain/account.h"

/* ---- Log in, log out ----------------------------------------------------------------------------- */

/* Only paths of this site: "/x", but not "//host" or "/\host", which browsers take for other sites. */
static const char *safe_next(const char *next)
{
    int is_path =
        next[0] == '/' && next[1] != '/' && next[1] != '\\' && strlen(next) < 2000 && text_is_utf8(next, strlen(next));
    for (const char *at = next; *at; at++)
        is_path &= (unsigned char)*at > ' ' && *at != '\\';
    return is_path ? next : "/";
}

static struct account_typed typed_of(const struct request *req)
{
    return (struct account_typed){request_form(req, "name", ""), request_form(req, "password", "")};
}

static void login_form(struct request *req, struct response *res, const char *next, const char *error)
{
    res->cache = CACHE_NEVER;
    next = safe_next(next);
    respond_page(req, res, "login",
                 json_pack("{s:s, s:s, s:b, s:s?}", "name", request_typed(req, "name"), "next", next, "was_sent",
                           strcmp(next, "/") != 0, "error", error));
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
    const struct account_typed typed = typed_of(req);
    int64_t account = 0;
    const char *next = request_form(req, "next", "/");
    int wait_s = guard_guess_wait_s(req, typed.name);
    if (wait_s) { /* before anything is hashed, and the same for names that nobody has */
        respond_limited(req, res, RATE_GUESS, wait_s);
        return;
    }
    struct actor actor = request_actor(req);
    const struct fault *fault = account_recognise(&actor, &typed, &account);
    if (!fault)
        fault = fault_of_store(&actor, guard_sign_in(req, res, account, typed.name), "session");
    if (!fault) {
        respond_redirect(req, res, safe_next(next));
    } else if (fault->kind == FAULT_STRANGER) {
        res->status = respond_fault_status(fault);
        login_form(req, res, next, fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}

void logout_post(struct request *req, struct response *res)
{
    guard_sign_out(req, res);
    respond_redirect(req, res, "/");
}

/* ---- Join ---------------------------------------------------------------------------------------- */

/* Whoever opens a new place without its first link is told where that link is. They are given nothing: it may be
   anybody. */
static void join_form(struct request *req, struct response *res, int can_join, int is_admin, const char *error)
{
    const char *code = request_capture(req, "code");
    const char *action = *code ? arena_printf(&req->arena, "/join/%s", code) : "/join";
    res->cache = CACHE_NEVER;
    respond_page(req, res, "join",
                 json_pack("{s:b, s:b, s:b, s:s, s:s, s:s?}", "can_join", can_join, "is_admin", is_admin,
                           "is_unclaimed", !is_admin && db_number(request_db(req), QUERY_ADMIN_COUNT, 1) == 0, "action",
                           action, "name", request_typed(req, "name"), "error", error));
}

void join_page(struct request *req, struct response *res)
{
    int is_admin = 0;
    struct actor actor = request_actor(req);
    const struct fault *fault =
        account_may_join(&actor, site_signup(request_site(req)), request_capture(req, "code"), &is_admin);
    if (fault && fault->kind != FAULT_NOT_ALLOWED) {
        respond_fault(req, res, fault);
        return;
    }
    if (fault)
        res->status = respond_fault_status(fault);
    join_form(req, res, !fault, is_admin, fault ? fault->sentence : NULL);
}

/* Recovery codes are shown once, on the very answer that makes them. */
static void show_codes(struct request *req, struct response *res, char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    json_t *list = json_array();
    for (int i = 0; i < RECOVERY_CODES; i++)
        json_array_append_new(list, json_string(codes[i]));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "recovery_codes", json_pack("{s:o}", "codes", list));
}

/* Whoever chose a short password or a name that somebody has did not join. Words count as a try to log in, of which
   there are more; a name as a guess, so that nobody asks for one after the other who is here; and only where those are
   used up as a joining. */
static void forgive_mistype(const struct request *req, enum fault_kind kind)
{
    const enum rate_class rate = kind == FAULT_TAKEN ? RATE_GUESS : RATE_SIGN_IN;
    const int64_t now_ms = clock_monotonic_ms();
    if (req->app->config->rate_limits && !rates_take(req->app->rates, rate, req->network, 0, now_ms))
        rates_give_back(req->app->rates, RATE_SIGN_UP, req->network, req->viewer.account, now_ms);
}

/* Shows the form again, or says that there is none; what the person cannot mend is an error page. */
static void refuse_to_join(struct request *req, struct response *res, const struct fault *fault)
{
    int is_admin = 0;
    struct actor actor = request_actor(req);
    if (fault->kind != FAULT_WORDS && fault->kind != FAULT_TAKEN && fault->kind != FAULT_NOT_ALLOWED) {
        respond_fault(req, res, fault);
        return;
    }
    int can_join = fault->kind != FAULT_NOT_ALLOWED;
    if (fault->kind == FAULT_WORDS || fault->kind == FAULT_TAKEN)
        forgive_mistype(req, fault->kind);
    if (can_join) /* for the words of the form */
        (void)!account_may_join(&actor, site_signup(request_site(req)), request_capture(req, "code"), &is_admin);
    res->status = respond_fault_status(fault);
    join_form(req, res, can_join, is_admin, fault->sentence);
}

void join_post(struct request *req, struct response *res)
{
    const struct account_typed typed = typed_of(req);
    struct actor actor = request_actor(req);
    int64_t account = 0;
    const struct site_words *site = request_site(req);
    const int may_be_twice =
        guard_guess_wait_s(req, typed.name) == 0; /* a name that is new is asked for its password */
    const struct fault *fault = account_join(&actor, site_signup(site), site->of[SITE_NAME],
                                             request_capture(req, "code"), &typed, may_be_twice, &account);
    if (fault) {
        refuse_to_join(req, res, fault);
        return;
    }
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    actor.account = account;
    actor.key = request_form(req, "csrf", NULL); /* the same where the form is sent twice */
    fault = fault_of_store(&actor, guard_sign_in(req, res, account, typed.name), "session");
    if (!fault)
        fault = account_first_codes(&actor, codes);
    if (fault)
        respond_fault(req, res, fault);
    else
        show_codes(req, res, codes);
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
    const struct account_typed typed = typed_of(req);
    struct actor actor = request_actor(req);
    int64_t account = 0;
    const struct fault *fault = account_recover(&actor, &typed, request_form(req, "code", ""), &account);
    if (!fault)
        fault = fault_of_store(&actor, guard_sign_in(req, res, account, typed.name), "session");
    if (!fault) {
        respond_notice(
            req, res,
            "Welcome back. Every other browser was signed out, and every token ended, as did the keys of your feeds.");
        respond_redirect(req, res, "/settings");
    } else if (fault->kind == FAULT_STRANGER || fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        recover_form(req, res, fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}

void settings_codes_post(struct request *req, struct response *res)
{
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    struct actor actor = request_actor(req);
    const struct fault *fault =
        account_make_codes(&actor, &(struct account_typed){req->viewer.name, request_form(req, "password", "")}, codes);
    if (fault)
        settings_refuse(req, res, ROOM_PASSWORD, fault);
    else
        show_codes(req, res, codes);
}
