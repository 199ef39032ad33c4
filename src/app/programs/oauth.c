/*
 * Letting programs in, over HTTP: registering, the consent page, tokens, and what IndieAuth asks beside it (RFC 6749,
 * 7009, 7636, 7662, 8414, 9207; https://indieauth.spec.indieweb.org). A translation: who may what is domain/oauth.c's.
 * The consent page is ours, in no frame and without anybody's style; where people go back to is named on it and allowed
 * by its policy, since Chromium applies form-action to what comes after the form.
 */
#include "app/programs/handlers.h"

#include <string.h>

#include "app/request/route.h"
#include "base/text.h"
#include "domain/oauth.h"
#include "domain/token.h"

/* ---- Answers -------------------------------------------------------------------------------------- */

/* RFC 6749, 5.2. */
static void refuse(struct request *req, struct response *res, const char *error, const struct fault *fault)
{
    respond_fault_log(fault);
    res->cache = CACHE_NEVER;
    const int is_ours = fault->kind == FAULT_FAILED || fault->kind == FAULT_BUSY;
    res->status = is_ours ? respond_fault_status(fault) : strcmp(error, "invalid_client") == 0 ? 401 : 400;
    if (is_ours)
        error = "server_error";
    respond_json(req, res, json_pack("{s:s, s:s}", "error", error, "error_description", fault->sentence));
}

static json_t *profile_url(struct request *req, const char *name)
{
    return json_string(request_url(req, arena_printf(&req->arena, "/~%s", name)));
}

/* ---- Programs ------------------------------------------------------------------------------------- */

/* The values of a field, also as NAME[]; separated by spaces. NULL: none came. */
static const char *list_of(struct request *req, const char *name)
{
    const char *plain = request_list(req, name), *listed = request_list(req, arena_printf(&req->arena, "%s[]", name));
    return plain ? plain : listed;
}

/* An app as Mastodon's clients know it; secret NULL: is not told. */
static json_t *app_entity(struct request *req, const char *client_id, const char *name, const char *website,
                          const char *redirects, const char *scope, const char *secret)
{
    const char *all = redirects;
    json_t *uris = json_array(), *scopes = json_array();
    for (const char *at = redirects; *at; at += strcspn(at, "\n"), at += *at == '\n')
        json_array_append_new(uris, json_stringn(at, strcspn(at, "\n")));
    for (const char *at = scope; *at; at += strcspn(at, " "), at += *at == ' ')
        json_array_append_new(scopes, json_stringn(at, strcspn(at, " ")));
    json_t *app = json_pack("{s:s, s:s, s:s?, s:s, s:o, s:o, s:s, s:s}", "id", client_id, "name", name, "website",
                            *website ? website : NULL, "redirect_uri", all, "redirect_uris", uris, "scopes", scopes,
                            "client_id", client_id, "vapid_key", "");
    if (secret) {
        json_object_set_new(app, "client_secret", json_string(secret));
        json_object_set_new(app, "client_secret_expires_at", json_integer(0));
    }
    (void)req;
    return app;
}

void oauth_app_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct app_typed typed = {.name = request_form(req, "client_name", NULL),
                                    .website = request_form(req, "website", NULL),
                                    .redirects = list_of(req, "redirect_uris"),
                                    .scope = list_of(req, "scopes")};
    struct app_made app;
    const struct fault *fault = oauth_register(&actor, &typed, &app);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    res->cache = CACHE_NEVER;
    respond_json(req, res, app_entity(req, app.client_id, app.name, app.website, app.redirects, app.scope, app.secret));
}

/* ---- The consent page ----------------------------------------------------------------------------- */

static const char *const asked_fields[] = {"client_id", "redirect_uri",   "response_type",        "scope",
                                           "state",     "code_challenge", "code_challenge_method"};
enum { ASKED_FIELDS = sizeof asked_fields / sizeof asked_fields[0] };

/* What the page was asked with: in its address, then in the fields of its form. */
static const char *asked_field(const struct request *req, const char *name)
{
    const char *value = req->method == METHOD_GET ? request_query(req, name, NULL) : request_form(req, name, NULL);
    return value && text_is_utf8(value, strlen(value)) ? value : NULL;
}

static struct oauth_typed asked_typed(const struct request *req)
{
    return (struct oauth_typed){.client_id = asked_field(req, "client_id"),
                                .redirect = asked_field(req, "redirect_uri"),
                                .response_type = asked_field(req, "response_type"),
                                .scope = asked_field(req, "scope"),
                                .state = asked_field(req, "state"),
                                .challenge = asked_field(req, "code_challenge"),
                                .challenge_method = asked_field(req, "code_challenge_method")};
}

/* Where people go, as they are told it: an origin, or the scheme of a program's own. */
static const char *goes_to(struct request *req, const char *redirect)
{
    const size_t scheme = strcspn(redirect, ":") + 1;
    if (strncmp(redirect, "https://", 8) != 0 && strncmp(redirect, "http://", 7) != 0)
        return arena_copy_n(&req->arena, redirect, scheme);
    return arena_copy_n(&req->arena, redirect, scheme + 2 + strcspn(redirect + scheme + 2, "/?"));
}

/* Where form-action has to let them go. No source of a policy names an address of IPv6. */
static const char *action_source(struct request *req, const char *redirect)
{
    const char *origin = goes_to(req, redirect);
    return strchr(origin, '[') ? arena_copy_n(&req->arena, origin, strcspn(origin, ":") + 1) : origin;
}

/* Back to the program, with what is to be said in the query. */
static void go_back(struct request *req, struct response *res, const char *redirect, const char *name,
                    const char *value, const char *state)
{
    const char *location =
        arena_printf(&req->arena, "%s%s%s=%s&iss=%s", redirect, strchr(redirect, '?') ? "&" : "?", name,
                     request_encode(req, value), request_encode(req, req->app->config->public_url));
    if (state && *state)
        location = arena_printf(&req->arena, "%s&state=%s", location, request_encode(req, state));
    res->cache = CACHE_NEVER;
    respond_redirect(req, res, location);
}

/* What a program could do, in words for people. */
static json_t *rights_of(const struct oauth_asked *asked)
{
    const struct {
        unsigned scope;
        const char *words;
    } rights[] = {{SCOPE_CREATE, asked->scopes & SCOPE_ONLY_POSTS ? N_("post and keep in your name")
                                                                  : N_("post, keep, follow and poke in your name")},
                  {SCOPE_MEDIA, N_("upload pictures")},
                  {SCOPE_UPDATE, N_("change what you posted")},
                  {SCOPE_DELETE, N_("delete what you posted, and take back what you did")},
                  {SCOPE_MESSAGES, N_("read and write your messages")},
                  {SCOPE_SETTINGS, N_("change your settings, and whom you mute and block")}};
    json_t *list = json_array();
    json_array_append_new(list, json_string(*asked->scope ? N_("see what you see here, your notices too")
                                                          : N_("learn that you are the person of this account")));
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
        if (asked->scopes & rights[i].scope)
            json_array_append_new(list, json_string(rights[i].words));
    return list;
}

static void consent_show(struct request *req, struct response *res, const struct oauth_asked *asked, const char *error)
{
    const int is_shown = strcmp(asked->redirect, oauth_out_of_band) == 0;
    json_t *fields = json_array();
    for (int i = 0; i < ASKED_FIELDS; i++) {
        const char *value = asked_field(req, asked_fields[i]);
        if (value)
            json_array_append_new(fields, json_pack("{s:s, s:s}", "name", asked_fields[i], "value", value));
    }
    res->cache = CACHE_NEVER;
    res->form_action = is_shown ? NULL : action_source(req, asked->redirect);
    respond_page(req, res, "oauth_consent",
                 json_pack("{s:o, s:s, s:s?, s:b, s:s?, s:o, s:b, s:s, s:s?}", "fields", fields, "program", asked->name,
                           "website", *asked->website ? asked->website : NULL, "is_registered", asked->is_registered,
                           "goes_to", is_shown ? NULL : goes_to(req, asked->redirect), "rights", rights_of(asked),
                           "needs_password", oauth_needs_password(asked->scopes), "name", req->viewer.name, "error",
                           error));
}

/* Reads what was asked. 0, or -1 after an answer. */
static int consent_read(struct request *req, struct response *res, struct oauth_asked *asked)
{
    const struct actor actor = request_actor(req);
    const struct oauth_typed typed = asked_typed(req);
    const char *error;
    int can_redirect;
    const struct fault *fault = oauth_read(&actor, &typed, asked, &can_redirect, &error);
    if (!fault)
        return 0;
    res->cache = CACHE_NEVER;
    if (can_redirect && fault->kind != FAULT_FAILED)
        go_back(req, res, typed.redirect, "error", error, typed.state);
    else
        respond_fault(req, res, fault);
    return -1;
}

void oauth_consent_page(struct request *req, struct response *res)
{
    struct oauth_asked asked;
    if (consent_read(req, res, &asked) == 0)
        consent_show(req, res, &asked, NULL);
}

/* The form of the page: allow=1, or anything else for no. */
void oauth_consent_post(struct request *req, struct response *res)
{
    struct oauth_asked asked;
    char code[SECRET_TEXT_BYTES];
    if (consent_read(req, res, &asked) != 0)
        return;
    const int is_shown = strcmp(asked.redirect, oauth_out_of_band) == 0;
    if (strcmp(request_form(req, "allow", ""), "1") != 0) {
        if (is_shown) {
            respond_notice(req, res, "Nothing was allowed.");
            respond_redirect(req, res, "/settings/tokens");
        } else {
            go_back(req, res, asked.redirect, "error", "access_denied", asked.state);
        }
        return;
    }
    const struct actor actor = request_actor(req);
    const struct account_typed owner = {req->viewer.name, request_form(req, "password", "")};
    const struct fault *fault = oauth_allow(&actor, &owner, &asked, code);
    if (fault && fault->kind != FAULT_FAILED) {
        respond_fault_log(fault);
        res->status = respond_fault_status(fault);
        consent_show(req, res, &asked, fault->sentence);
    } else if (fault) {
        respond_fault(req, res, fault);
    } else if (is_shown) {
        res->cache = CACHE_NEVER;
        respond_page(req, res, "oauth_code", json_pack("{s:s, s:s}", "code", code, "program", asked.name));
    } else {
        go_back(req, res, asked.redirect, "code", code, asked.state);
    }
}

/* ---- Tokens --------------------------------------------------------------------------------------- */

static json_t *token_entity(const char *token, const char *scope, int64_t created_s)
{
    return json_pack("{s:s, s:s, s:s, s:I}", "access_token", token, "token_type", "Bearer", "scope", scope,
                     "created_at", (json_int_t)created_s);
}

/* A program itself, nobody having let it in. */
static void give_app_token(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *client_id = request_form(req, "client_id", "");
    char token[APP_TOKEN_BYTES];
    json_t *app = NULL;
    const struct fault *fault = oauth_app(&actor, client_id, request_form(req, "client_secret", ""), &app);
    if (fault) {
        refuse(req, res, "invalid_client", fault);
        return;
    }
    app_token_make(req->app->store, client_id, token);
    res->cache = CACHE_NEVER;
    respond_json(req, res, token_entity(token, "read", json_integer_value(json_object_get(app, "created_at"))));
    json_decref(app);
}

/* IndieAuth, 5.3.4: who it is, for whoever asked for "profile". */
static void put_identity(struct request *req, json_t *answer, const struct oauth_granted *granted)
{
    json_object_set_new(answer, "me", profile_url(req, granted->name));
    if (!oauth_scope_holds(granted->scope, "profile"))
        return;
    json_t *person = db_row(request_db(req), QUERY_PERSON_BY_ID, granted->account);
    const char *display = row_text(person, "display_name"), *avatar = row_text(person, "avatar_url");
    json_t *profile =
        json_pack("{s:s, s:o}", "name", *display ? display : granted->name, "url", profile_url(req, granted->name));
    if (*avatar)
        json_object_set_new(profile, "photo", json_string(request_url(req, avatar)));
    json_object_set_new(answer, "profile", profile);
    json_decref(person);
}

static void exchange(struct request *req, struct response *res, int wants_token)
{
    const struct actor actor = request_actor(req);
    const struct exchange_typed typed = {.code = request_form(req, "code", NULL),
                                         .client_id = request_form(req, "client_id", NULL),
                                         .client_secret = request_form(req, "client_secret", NULL),
                                         .redirect = request_form(req, "redirect_uri", NULL),
                                         .verifier = request_form(req, "code_verifier", NULL)};
    struct oauth_granted granted;
    const char *error;
    const struct fault *fault = oauth_exchange(&actor, &typed, wants_token, &granted, &error);
    if (fault) {
        refuse(req, res, error, fault);
        return;
    }
    json_t *answer = granted.token ? token_entity(granted.token, granted.scope, granted.created_s) : json_object();
    put_identity(req, answer, &granted);
    res->cache = CACHE_NEVER;
    respond_json(req, res, answer);
}

void oauth_token_post(struct request *req, struct response *res)
{
    const char *type = request_form(req, "grant_type", "");
    if (strcmp(type, "authorization_code") == 0)
        exchange(req, res, 1);
    else if (strcmp(type, "client_credentials") == 0)
        give_app_token(req, res);
    else
        refuse(req, res, "unsupported_grant_type",
               fault_make(&req->arena, FAULT_WORDS,
                          "grant_type is authorization_code or client_credentials. A password is only typed into the "
                          "pages of this site; let people log in at /oauth/authorize."));
}

/* IndieAuth, 5.3.3: a code for who it is alone. */
void oauth_identity_post(struct request *req, struct response *res)
{
    exchange(req, res, 0);
}

/* RFC 7009: whoever has a token may end it, and hears the same whether there was one. */
void oauth_revoke_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct fault *fault =
        fault_of_store(&actor, token_end(actor.store, actor.db, request_form(req, "token", "")), "token");
    if (fault)
        refuse(req, res, "server_error", fault);
    else
        respond_json(req, res, json_object());
}

/* RFC 7662, for whoever brings a token of the same account, which may be that very one. */
void oauth_introspect_post(struct request *req, struct response *res)
{
    struct viewer viewer = {0};
    struct db *db = request_db(req);
    if (!req->viewer.account) {
        respond_header(req, res, "WWW-Authenticate", "Bearer realm=\"piclog\"");
        respond_error(req, res, 401, "Whoever asks what a token is worth brings one of the same account, as Bearer.");
        return;
    }
    res->cache = CACHE_NEVER;
    const enum store_status status = token_find(req->app->store, db, request_form(req, "token", ""), &viewer);
    json_t *row = status == STORE_OK && viewer.account == req->viewer.account
                      ? db_row(db, QUERY_TOKEN_GRANTED, viewer.account, viewer.token)
                      : json_null();
    if (!json_is_object(row)) {
        respond_json(req, res, json_pack("{s:b}", "active", 0));
        return;
    }
    const char *granted = row_text(row, "granted");
    json_t *answer = json_pack("{s:b, s:o, s:s, s:s, s:O}", "active", 1, "me", profile_url(req, row_text(row, "name")),
                               "client_id", row_text(row, "client_id"), "scope",
                               *granted ? granted : row_text(row, "scope"), "iat", json_object_get(row, "created_at"));
    json_decref(row);
    respond_json(req, res, answer);
}

/* RFC 8414, and the metadata of IndieAuth. */
void oauth_metadata(struct request *req, struct response *res)
{
    json_t *scopes = json_array();
    for (int i = 0; oauth_scope_word(i); i++)
        json_array_append_new(scopes, json_string(oauth_scope_word(i)));
    respond_json(req, res,
                 json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:[s], s:[s], s:[s, s], s:[s], s:[s, s], "
                           "s:[s], s:b, s:s}",
                           "issuer", req->app->config->public_url, "authorization_endpoint",
                           request_url(req, "/oauth/authorize"), "token_endpoint", request_url(req, "/oauth/token"),
                           "revocation_endpoint", request_url(req, "/oauth/revoke"), "introspection_endpoint",
                           request_url(req, "/oauth/introspect"), "app_registration_endpoint",
                           request_url(req, "/api/v1/apps"), "scopes_supported", scopes, "response_types_supported",
                           "code", "response_modes_supported", "query", "grant_types_supported", "authorization_code",
                           "client_credentials", "code_challenge_methods_supported", "S256",
                           "token_endpoint_auth_methods_supported", "client_secret_post", "none",
                           "revocation_endpoint_auth_methods_supported", "none",
                           "authorization_response_iss_parameter_supported", 1, "service_documentation",
                           request_url(req, "/help")));
}
