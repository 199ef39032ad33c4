/*
 * One's own settings: a page of rooms, and the rooms for profile, pictures, signing in, tokens, invitations and
 * leaving; what is wrong with a form stands in its room. All are shown from the same facts. Every secret is shown once,
 * on the answer that makes it, and that answer is never stored by anyone. Read next: profile.c, domain/account.h.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/request/guard.h"
#include "app/people/handlers.h"
#include "app/people/profile.h"
#include "app/request/route.h"
#include "domain/account.h"
#include "domain/invitation.h"
#include "domain/profile.h"
#include "domain/token.h"

struct shown_once {
    const char *token, *invite_url, *error;
};

static const struct {
    const char *path, *template_name;
} rooms[] = {
    [ROOM_ALL] = {"/settings", "settings"},
    [ROOM_PROFILE] = {"/settings/profile", "settings_profile"},
    [ROOM_PICTURES] = {"/settings/pictures", "settings_pictures"},
    [ROOM_PASSWORD] = {"/settings/password", "settings_password"},
    [ROOM_TOKENS] = {"/settings/tokens", "settings_tokens"},
    [ROOM_INVITES] = {"/settings/invites", "settings_invites"},
    [ROOM_LEAVE] = {"/settings/leave", "settings_leave"},
};
enum { ROOMS = sizeof rooms / sizeof rooms[0] };

/* What was typed stands in the form again beside what is wrong with it. */
static void keep_typed(const struct request *req, json_t *page)
{
    static const char *const fields[] = {"display_name", "homepage", "about"};
    json_t *person = json_object_get(page, "person");
    if (!request_form(req, "about", NULL))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        json_object_set_new(person, fields[i], json_string(request_typed(req, fields[i])));
    json_object_set_new(page, "links", json_string(request_typed(req, "links")));
}

/* Each with its own name, the chosen one marked. */
json_t *settings_languages(const char *chosen)
{
    json_t *list = json_array();
    for (int i = 0; i < lang_count(); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "code", lang_get(i)->code, "name", lang_get(i)->name,
                                              "is_chosen", strcmp(chosen, lang_get(i)->code) == 0));
    return list;
}

static void settings_show(struct request *req, struct response *res, enum settings_room room,
                          const struct shown_once *once)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account;
    json_t *sessions = db_rows(db, QUERY_SESSIONS_OF, me), *session;
    size_t i;
    json_array_foreach(sessions, i, session) json_object_set_new(
        session, "is_current", json_boolean(json_integer_value(json_object_get(session, "id")) == req->viewer.session));
    int can_invite = invitation_is_possible(site_signup(request_site(req)), req->viewer.is_admin);
    struct actor actor = request_actor(req);
    const int64_t usual_days = req->app->config->name_rest_days;
    const int64_t rest_days = db_number(db, QUERY_NAME_REST_DAYS, usual_days, usual_days);
    res->cache = CACHE_NEVER;
    json_t *page = json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:I, s:b, s:s?, s:s?, s:s?}", "person", db_row(db, QUERY_PERSON_BY_ID, me), "links",
        profile_links_text(&actor), "sessions", sessions, "tokens", db_rows(db, QUERY_TOKENS_OF, me), "invites",
        db_rows(db, QUERY_INVITES_OF, me), "codes_left", (json_int_t)db_number(db, QUERY_RECOVERY_CODES_LEFT, 0, me),
        "can_invite", can_invite, "new_token", once->token, "new_invite_url", once->invite_url, "error", once->error);
    json_object_set_new(page, "languages", settings_languages(row_text(json_object_get(page, "person"), "language")));
    if (rest_days)
        json_object_set_new(page, "name_rest_days", json_integer(rest_days));
    if (once->error)
        keep_typed(req, page);
    respond_page(req, res, rooms[room].template_name, page);
}

void settings_refuse(struct request *req, struct response *res, enum settings_room room, const struct fault *fault)
{
    switch (fault->kind) {
    case FAULT_WORDS:
    case FAULT_FORMAT:
    case FAULT_UNUSABLE:
    case FAULT_REFUSED:
    case FAULT_BLOCKED:
    case FAULT_TOO_LARGE:
        res->status = respond_fault_status(fault);
        settings_show(req, res, room, &(struct shown_once){.error = fault->sentence});
        break;
    default: respond_fault(req, res, fault);
    }
}

void settings_done(struct request *req, struct response *res, enum settings_room room, const struct fault *fault,
                   const char *notice)
{
    if (fault) {
        settings_refuse(req, res, room, fault);
        return;
    }
    respond_notice(req, res, notice);
    respond_redirect(req, res, rooms[room].path);
}

/* GET of any room. */
void settings_page(struct request *req, struct response *res)
{
    enum settings_room room = ROOM_ALL;
    for (int i = 0; i < ROOMS; i++)
        if (strcmp(req->route->pattern, rooms[i].path) == 0)
            room = (enum settings_room)i;
    settings_show(req, res, room, &(struct shown_once){0});
}

/* The address of a form without a room of that name, asked for as a page: to the room where the form stands. */
void settings_form_page(struct request *req, struct response *res)
{
    static const char *const forms[][2] = {{"/settings/codes", "/settings/password#codes"},
                                           {"/settings/close", "/settings/leave"},
                                           {"/settings/avatar", "/settings/pictures"},
                                           {"/settings/background", "/settings/pictures"}};
    const char *room = "/settings";
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(req->route->pattern, forms[i][0]) == 0)
            room = forms[i][1];
    respond_redirect(req, res, room);
}

void settings_post(struct request *req, struct response *res)
{
    settings_done(req, res, ROOM_PROFILE, profile_save_form(req), "Saved.");
}

/* ---- Password ------------------------------------------------------------------------------------ */

void settings_password_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, ROOM_PASSWORD,
                  account_change_password(&actor, req->viewer.name, request_form(req, "old_password", ""),
                                          request_form(req, "new_password", ""), req->viewer.session),
                  "Changed. Every other browser was signed out, and every token ended, as did the keys of your feeds.");
}

/* ---- Browsers, tokens, invitations ---------------------------------------------------------------- */

void settings_session_revoke(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, ROOM_PASSWORD,
                  fault_of_store(&actor, session_delete(actor.db, actor.account, request_id(req)), "session"),
                  "That browser is signed out.");
}

void settings_token_post(struct request *req, struct response *res)
{
    const struct token_typed typed = {.label = request_form(req, "label", ""),
                                      .may_read = *request_form(req, "may_read", "") != '\0',
                                      .may_post = *request_form(req, "may_post", "") != '\0',
                                      .may_change = *request_form(req, "may_change", "") != '\0',
                                      .may_all = *request_form(req, "may_all", "") != '\0'};
    char secret[SECRET_TEXT_BYTES];
    struct actor actor = request_actor(req);
    const struct account_typed owner = {req->viewer.name, request_form(req, "password", "")};
    const struct fault *fault = token_make(&actor, &owner, &typed, secret);
    if (fault)
        settings_refuse(req, res, ROOM_TOKENS, fault);
    else
        settings_show(req, res, ROOM_TOKENS, &(struct shown_once){.token = arena_copy(&req->arena, secret)});
}

void settings_token_revoke(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, ROOM_TOKENS, token_revoke(&actor, request_id(req)), "The token is revoked.");
}

void settings_invite_post(struct request *req, struct response *res)
{
    char code[SECRET_TEXT_BYTES];
    struct actor actor = request_actor(req);
    const struct fault *fault = invitation_make(&actor, site_signup(request_site(req)), req->viewer.is_admin, 0, code);
    if (fault)
        settings_refuse(req, res, ROOM_INVITES, fault);
    else
        settings_show(
            req, res, ROOM_INVITES,
            &(struct shown_once){.invite_url = request_url(req, arena_printf(&req->arena, "/join/%s", code))});
}

void settings_invite_revoke(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, ROOM_INVITES, invitation_take_back(&actor, request_id(req)),
                  "The invitation is taken back.");
}

/* ---- Leaving ------------------------------------------------------------------------------------- */

void settings_close_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    const struct fault *fault =
        account_close(&actor, &(struct account_typed){req->viewer.name, request_form(req, "password", "")},
                      req->app->config->name_rest_days);
    if (fault) {
        settings_refuse(req, res, ROOM_LEAVE, fault);
        return;
    }
    guard_sign_out(req, res);
    respond_notice(req, res, "Your account is closed and everything you posted is deleted. Take care.");
    respond_redirect(req, res, "/");
}
