/*
 * Letting programs in: see oauth.h. Refuses addresses that a browser would run, codes without proof of who asked for
 * them, and to fetch anything. Read next: store/oauth.c, ../app/programs/oauth.c.
 */
#include "domain/oauth.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"
#include "domain/token.h"
#include "domain/web_address.h"
#include "domain/words.h"

const char oauth_out_of_band[] = "urn:ietf:wg:oauth:2.0:oob";

/* ---- Addresses ------------------------------------------------------------------------------------ */

/* The length of what stands between "//" and the path. */
static size_t authority_bytes(const char *authority)
{
    return strcspn(authority, "/?#");
}

/* This machine, by a name that no network can point elsewhere. */
static int is_loopback(const char *authority)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        const size_t length = strlen(hosts[i]);
        if (strncasecmp(authority, hosts[i], length) == 0 && (!authority[length] || strchr(":/?", authority[length])))
            return 1;
    }
    return 0;
}

const char *oauth_redirect_fault(const char *redirect)
{
    static const char *const ran[] = {"javascript", "data", "vbscript",    "about", "blob",    "file",
                                      "filesystem", "ftp",  "view-source", "ws",    "wss",     "intent",
                                      "mailto",     "urn",  "chrome",      "jar",   "resource"};
    if (strcmp(redirect, oauth_out_of_band) == 0)
        return NULL;
    if (strlen(redirect) > REDIRECT_MAX_BYTES)
        return "is longer than 500 bytes";
    for (const char *at = redirect; *at; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7F || strchr("\"<>\\^`{|}#", *at))
            return "holds a character that addresses do not have, or a part behind “#”";
    /* in small letters: it is compared as it stands, here and in the policy of the consent page */
    const size_t scheme = strspn(redirect, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
    if (*redirect < 'a' || *redirect > 'z' || redirect[scheme] != ':' || !redirect[scheme + 1])
        return "is no full address whose scheme is in small letters";
    for (size_t i = 0; i < sizeof ran / sizeof ran[0]; i++)
        if (strlen(ran[i]) == scheme && strncmp(redirect, ran[i], scheme) == 0)
            return "is of a kind that browsers run or open themselves";
    const int is_https = strncmp(redirect, "https:", 6) == 0, is_http = strncmp(redirect, "http:", 5) == 0;
    if (!is_https && !is_http)
        return NULL; /* a program's own */
    if (strncmp(redirect + scheme, "://", 3) != 0 || !authority_bytes(redirect + scheme + 3))
        return "names no host";
    const char *authority = redirect + scheme + 3;
    if (strspn(authority, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") <
        authority_bytes(authority))
        return "holds a user’s name, or a host that is none";
    return is_http && !is_loopback(authority) ? "is plain http; only a program on the same machine may have that"
                                              : NULL;
}

/* Does one of the lines say exactly that? */
static int is_listed(const char *lines, const char *redirect)
{
    const size_t length = strlen(redirect);
    for (const char *at = lines; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strcspn(at, "\n") == length && memcmp(at, redirect, length) == 0)
            return 1;
    return 0;
}

/* ---- Scopes --------------------------------------------------------------------------------------- */

/* What the words of programs open here. Reading is what every token may. Parts of "write" that are finer than what is
   told apart here are not granted alone: who allows "may keep posts" shall not have allowed posting. Who allows posting
   by a word that says only that has not allowed following (SCOPE_ONLY_POSTS). */
static const struct {
    const char *word;
    unsigned scopes;
} known_words[] = {
    {"read", 0},
    {"profile", 0},
    {"follow", 0},
    {"write", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE | SCOPE_MEDIA},
    {"write:statuses", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE},
    {"write:media", SCOPE_MEDIA},
    {"create", SCOPE_CREATE},
    {"update", SCOPE_UPDATE},
    {"delete", SCOPE_DELETE},
    {"media", SCOPE_MEDIA},
    {"settings", SCOPE_SETTINGS},
    {"messages", SCOPE_MESSAGES},
};
enum { KNOWN_WORDS = sizeof known_words / sizeof known_words[0] };

const char *oauth_scope_word(int i)
{
    return i < KNOWN_WORDS ? known_words[i].word : NULL;
}

static int holds_word(const char *words, const char *word, size_t length)
{
    for (const char *at = words; *at; at += strcspn(at, " +"), at += strspn(at, " +"))
        if (strcspn(at, " +") == length && memcmp(at, word, length) == 0)
            return 1;
    return 0;
}

int oauth_scope_holds(const char *scope, const char *word)
{
    return holds_word(scope, word, strlen(word));
}

/* A part of "read" or "write" is covered by the whole. */
static int is_within(const char *within, const char *word, size_t length)
{
    const size_t whole = strcspn(word, ":");
    return !within || holds_word(within, word, length) || (whole < length && holds_word(within, word, whole));
}

const char *oauth_scope_known(struct arena *arena, const char *scope, const char *within, unsigned *ret_scopes)
{
    const char *known = "";
    unsigned scopes = 0;
    for (const char *at = scope; *at;) {
        const size_t length = strcspn(at, " +");
        int is_known = length > 5 && length < 40 && memcmp(at, "read:", 5) == 0 &&
                       strspn(at + 5, "abcdefghijklmnopqrstuvwxyz_:") >= length - 5;
        unsigned opens = 0;
        for (int i = 0; i < KNOWN_WORDS; i++)
            if (strlen(known_words[i].word) == length && memcmp(at, known_words[i].word, length) == 0) {
                is_known = 1;
                opens = known_words[i].scopes;
            }
        if (length && is_known && is_within(within, at, length) && !holds_word(known, at, length)) {
            known = arena_printf(arena, "%s%s%.*s", known, *known ? " " : "", (int)length, at);
            scopes |= opens;
        }
        at += length;
        at += strspn(at, " +");
    }
    if (scopes & SCOPE_CREATE && !holds_word(known, "write", 5) && !holds_word(known, "follow", 6))
        scopes |= SCOPE_ONLY_POSTS;
    *ret_scopes = scopes;
    return known;
}

int oauth_needs_password(unsigned scopes)
{
    return (scopes & (SCOPE_SETTINGS | SCOPE_MESSAGES)) != 0;
}

/* ---- Programs ------------------------------------------------------------------------------------- */

/* The addresses of a program, a line each. */
static const struct fault *read_redirects(struct arena *arena, const char *typed, const char **ret_lines)
{
    const char *lines = "";
    int count = 0;
    for (const char *at = typed + strspn(typed, " \t\r\n"); *at; at += strspn(at, " \t\r\n")) {
        const char *one = arena_copy_n(arena, at, strcspn(at, " \t\r\n"));
        const char *wrong = text_is_utf8(one, strlen(one)) ? oauth_redirect_fault(one) : "is no text";
        if (wrong)
            return fault_of_field(arena, "redirect_uris", 0, "An address of redirect_uris %s, so it is not taken.",
                                  wrong);
        if (++count > REDIRECTS_MAX)
            return fault_of_field(arena, "redirect_uris", REDIRECTS_MAX, "A program has at most %d redirect_uris.",
                                  REDIRECTS_MAX);
        lines = arena_printf(arena, "%s%s%s", lines, *lines ? "\n" : "", one);
        at += strlen(one);
    }
    if (!count)
        return fault_of_field(arena, "redirect_uris", 0,
                              "redirect_uris says where people are sent back to; “%s” shows "
                              "them the code to copy.",
                              oauth_out_of_band);
    *ret_lines = lines;
    return NULL;
}

const struct fault *oauth_register(const struct actor *actor, const struct app_typed *typed, struct app_made *ret_app)
{
    static const struct words_field name = {"client_name", "client_name", TEXT_LINE, APP_NAME_MAX,
                                            TOKEN_LABEL_MAX_BYTES};
    char client_id[SECRET_TEXT_BYTES], secret[SECRET_TEXT_BYTES];
    struct app_made app = {.created_s = clock_now_s(), .website = ""};
    unsigned scopes;
    const struct fault *fault = words_clean(actor->arena, &name, typed->name, &app.name);
    if (!fault && text_is_blank(app.name))
        fault =
            fault_of_field(actor->arena, "client_name", 0, "client_name says what the program is called. It is empty.");
    if (!fault)
        fault = read_redirects(actor->arena, typed->redirects ? typed->redirects : "", &app.redirects);
    if (fault)
        return fault;
    if (typed->website && *typed->website) {
        app.website = web_address_complete(actor->arena, typed->website);
        if (!app.website || !text_is_utf8(app.website, strlen(app.website)))
            return fault_of_field(actor->arena, "website", WEB_ADDRESS_MAX_BYTES,
                                  "website is an address with http or https, of at most %d bytes.",
                                  WEB_ADDRESS_MAX_BYTES);
    }
    const char *scope = typed->scope && *typed->scope ? typed->scope : "read";
    if (strlen(scope) > SCOPE_MAX_BYTES)
        return fault_of_field(actor->arena, "scopes", SCOPE_MAX_BYTES, "scopes is longer than %d bytes.",
                              SCOPE_MAX_BYTES);
    app.scope = oauth_scope_known(actor->arena, scope, NULL, &scopes);
    if (!*app.scope)
        return fault_of_field(actor->arena, "scopes", 0, "None of these scopes is known here. read and write are.");
    secret_make(client_id);
    secret_make(secret);
    app.client_id = arena_copy(actor->arena, client_id);
    app.secret = arena_copy(actor->arena, secret);
    const struct app_new row = {app.client_id, app.secret, app.name, app.website, app.redirects, app.scope};
    fault = fault_of_store(actor, app_add(actor->store, actor->db, &row), "program");
    if (!fault)
        *ret_app = app;
    return fault;
}

const struct fault *oauth_app(const struct actor *actor, const char *client_id, const char *secret, json_t **ret_app)
{
    json_t *app = client_id && text_is_utf8(client_id, strlen(client_id))
                      ? db_row(actor->db, QUERY_APP, client_id, clock_now_s() - APP_UNUSED_S)
                      : json_null();
    enum store_status status = !app ? STORE_FAILED : json_is_null(app) ? STORE_NOT_FOUND : STORE_OK;
    if (status == STORE_OK && secret)
        status = app_check_secret(actor->store, actor->db, client_id, secret);
    if (status == STORE_OK) {
        *ret_app = app;
        return NULL;
    }
    json_decref(app);
    if (status != STORE_NOT_FOUND)
        return fault_of_store(actor, status, "program");
    return fault_make(actor->arena, FAULT_STRANGER,
                      "This program is not known here, or its secret is wrong. Programs register at /api/v1/apps; one "
                      "that nobody let in is forgotten after a day.");
}

/* ---- Asking a person ------------------------------------------------------------------------------ */

/* A program that gives only its address: https, of a host, and people go back to that same host. */
static const char *indieauth_fault(const char *client_id, const char *redirect)
{
    if (strlen(client_id) > CLIENT_ID_MAX_BYTES || oauth_redirect_fault(client_id) ||
        (strncmp(client_id, "https://", 8) != 0 && strncmp(client_id, "http://", 7) != 0))
        return "client_id is neither of a program that registered here, nor an address with https";
    const size_t origin = (size_t)(strstr(client_id, "://") + 3 - client_id);
    const size_t length = origin + authority_bytes(client_id + origin);
    if (strncmp(redirect, client_id, length) != 0 || authority_bytes(redirect + origin) != length - origin)
        return "redirect_uri is not of the same scheme, host and port as client_id, and no address is fetched here to "
               "ask "
               "for others";
    return NULL;
}

/* Fills in the program and where people go back to. *ret_within: the scope that it registered, NULL for one that did
   not; *ret_was_let_in: somebody has allowed it before. */
static const struct fault *read_program(const struct actor *actor, const struct oauth_typed *typed,
                                        struct oauth_asked *asked, const char **ret_within, int *ret_was_let_in)
{
    const char *client_id = typed->client_id ? typed->client_id : "", *redirect = typed->redirect;
    json_t *app = NULL;
    if (strstr(client_id, "://")) {
        const char *wrong = indieauth_fault(client_id, redirect ? redirect : "");
        if (!wrong && oauth_redirect_fault(redirect))
            wrong = "redirect_uri is no address that people can be sent to";
        if (wrong)
            return fault_of_field(actor->arena, "client_id", 0, "%s.", wrong);
        const char *host = strstr(client_id, "://") + 3;
        asked->name = arena_copy_n(actor->arena, host, authority_bytes(host));
        asked->website = client_id;
    } else {
        const struct fault *fault = oauth_app(actor, client_id, NULL, &app);
        if (fault)
            return fault;
        const char *lines = json_string_value(json_object_get(app, "redirects"));
        const int is_known = redirect && is_listed(lines, redirect) && !oauth_redirect_fault(redirect);
        asked->is_registered = 1;
        asked->name = arena_copy(actor->arena, json_string_value(json_object_get(app, "name")));
        asked->website = arena_copy(actor->arena, json_string_value(json_object_get(app, "website")));
        *ret_within = arena_copy(actor->arena, json_string_value(json_object_get(app, "scope")));
        *ret_was_let_in = json_is_integer(json_object_get(app, "used_at"));
        json_decref(app);
        if (!is_known)
            return fault_of_field(
                actor->arena, "redirect_uri", 0,
                "redirect_uri is none of those that this program registered. They are compared letter by "
                "letter.");
    }
    asked->client_id = client_id;
    asked->redirect = redirect;
    return NULL;
}

const struct fault *oauth_read(const struct actor *actor, const struct oauth_typed *typed,
                               struct oauth_asked *ret_asked, int *ret_can_redirect, const char **ret_error)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    struct oauth_asked asked = {.state = typed->state ? typed->state : "",
                                .challenge = typed->challenge ? typed->challenge : ""};
    const char *within = NULL;
    int was_let_in = 0;
    *ret_can_redirect = 0;
    *ret_error = "invalid_request";
    const struct fault *fault = read_program(actor, typed, &asked, &within, &was_let_in);
    if (fault)
        return fault;
    if (strlen(asked.state) > STATE_MAX_BYTES || !text_is_utf8(asked.state, strlen(asked.state)))
        return fault_of_field(actor->arena, "state", STATE_MAX_BYTES, "state is longer than %d bytes, or no text.",
                              STATE_MAX_BYTES);
    *ret_can_redirect = was_let_in && strcmp(asked.redirect, oauth_out_of_band) != 0;
    if (!typed->response_type || strcmp(typed->response_type, "code") != 0) {
        *ret_error = "unsupported_response_type";
        return fault_of_field(actor->arena, "response_type", 0, "response_type is “code” here, and nothing else.");
    }
    if (*asked.challenge && (!typed->challenge_method || strcmp(typed->challenge_method, "S256") != 0))
        return fault_of_field(actor->arena, "code_challenge_method", 0, "code_challenge_method is S256 here.");
    if (*asked.challenge && (strlen(asked.challenge) != 43 || strspn(asked.challenge, unreserved) != 43))
        return fault_of_field(actor->arena, "code_challenge", 43, "code_challenge is 43 characters of base64url.");
    if (!*asked.challenge && !asked.is_registered)
        return fault_of_field(actor->arena, "code_challenge", 0,
                              "A program that did not register needs PKCE: send code_challenge, by S256.");
    const char *scope = typed->scope ? typed->scope : asked.is_registered ? "read" : "";
    if (strlen(scope) > SCOPE_MAX_BYTES) {
        *ret_error = "invalid_scope";
        return fault_of_field(actor->arena, "scope", SCOPE_MAX_BYTES, "scope is longer than %d bytes.",
                              SCOPE_MAX_BYTES);
    }
    asked.scope = oauth_scope_known(actor->arena, scope, within, &asked.scopes);
    if (!*asked.scope && *scope) {
        *ret_error = "invalid_scope";
        return fault_of_field(actor->arena, "scope", 0,
                              "Nothing of this scope is known here, or the program did not register it.");
    }
    *ret_asked = asked;
    return NULL;
}

const struct fault *oauth_allow(const struct actor *actor, const struct account_typed *owner,
                                const struct oauth_asked *asked, char ret_code[SECRET_TEXT_BYTES])
{
    char secret[SECRET_TEXT_BYTES];
    const struct fault *fault = oauth_needs_password(asked->scopes) ? account_confirm(actor, owner) : NULL;
    if (fault)
        return fault;
    const struct code code = {.account = actor->account,
                              .client_id = asked->client_id,
                              .redirect = asked->redirect,
                              .challenge = asked->challenge,
                              .scope = asked->scope,
                              .label = asked->name};
    secret_make(secret);
    fault = fault_of_store(actor, code_add(actor->store, actor->db, &code, secret), "code");
    if (!fault)
        memcpy(ret_code, secret, sizeof secret);
    return fault;
}

/* ---- Tokens --------------------------------------------------------------------------------------- */

/* RFC 7636: the challenge is the hash of the verifier. */
static int verifies(const char *challenge, const char *verifier)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    const size_t length = strlen(verifier);
    if (length < 43 || length > 128)
        return 0;
    crypto_hash_sha256(hash, (const unsigned char *)verifier, length);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strlen(challenge) == strlen(text) && sodium_memcmp(text, challenge, strlen(text)) == 0;
}

static const struct fault *bad_code(const struct actor *actor)
{
    return fault_make(
        actor->arena, FAULT_WORDS,
        "This code is wrong, older than %d seconds, used already, or of another program. Ask for a new one.",
        CODE_LIFETIME_S);
}

/* The word of OAuth for a fault: our own failures are nobody's wrong secret or code. */
static const char *error_of_fault(const struct fault *fault, const char *error)
{
    return fault->kind == FAULT_FAILED || fault->kind == FAULT_BUSY ? "server_error" : error;
}

/* A code came again: the token that it gave ends. */
static const struct fault *end_given(const struct actor *actor, const struct code *code)
{
    const enum store_status status = code->token ? token_delete(actor->db, code->account, code->token) : STORE_OK;
    return status == STORE_OK || status == STORE_NOT_FOUND ? bad_code(actor) : fault_of_store(actor, status, "token");
}

/* Whether whoever brings the code is who asked for it. */
static const struct fault *check_bringer(const struct actor *actor, const struct exchange_typed *typed,
                                         const struct code *code, const char **error)
{
    const int has_secret = typed->client_secret && *typed->client_secret;
    json_t *app = NULL;
    if (!typed->client_id || strcmp(typed->client_id, code->client_id) != 0 || !typed->redirect ||
        strcmp(typed->redirect, code->redirect) != 0)
        return bad_code(actor);
    if (has_secret) {
        const struct fault *fault = oauth_app(actor, code->client_id, typed->client_secret, &app);
        json_decref(app);
        if (fault) {
            *error = error_of_fault(fault, "invalid_client");
            return fault;
        }
    }
    if (*code->challenge ? !typed->verifier || !verifies(code->challenge, typed->verifier)
                         : typed->verifier && *typed->verifier)
        return fault_make(actor->arena, FAULT_WORDS,
                          "code_verifier does not belong to the code_challenge of this code.");
    if (!*code->challenge && !has_secret) {
        *error = "invalid_client";
        return fault_make(actor->arena, FAULT_STRANGER,
                          "A program without client_secret needs PKCE. This code was asked for without.");
    }
    return NULL;
}

const struct fault *oauth_exchange(const struct actor *actor, const struct exchange_typed *typed, int wants_token,
                                   struct oauth_granted *ret_granted, const char **ret_error)
{
    struct code code = {0};
    char secret[SECRET_TEXT_BYTES];
    unsigned scopes;
    *ret_error = "invalid_grant";
    enum store_status status = code_find(actor->store, actor->db, typed->code ? typed->code : "", actor->arena, &code);
    if (status == STORE_NOT_FOUND)
        return bad_code(actor);
    const struct fault *fault = fault_of_store(actor, status, "code");
    if (!fault)
        fault = check_bringer(actor, typed, &code, ret_error);
    if (!fault && code.is_used)
        fault = end_given(actor, &code);
    if (!fault && code.created_s <= clock_now_s() - CODE_LIFETIME_S)
        fault = bad_code(actor);
    if (!fault && wants_token && !*code.scope) {
        *ret_error = "invalid_scope";
        fault = fault_make(actor->arena, FAULT_WORDS,
                           "This code was given without a scope: it says who somebody is, and gives no token.");
    }
    if (!fault) {
        (void)oauth_scope_known(actor->arena, code.scope, NULL, &scopes);
        secret_make(secret);
        status =
            wants_token ? code_exchange(actor->store, actor->db, &code, scopes, secret) : code_use(actor->db, &code);
        if (status == STORE_TAKEN) /* in this very moment: it is read again for the token that it gave */
            status = code_find(actor->store, actor->db, typed->code, actor->arena, &code);
        fault = status == STORE_OK && code.is_used ? end_given(actor, &code) : fault_of_store(actor, status, "token");
    }
    if (fault) {
        *ret_error = error_of_fault(fault, *ret_error);
        return fault;
    }
    *ret_granted = (struct oauth_granted){.token = wants_token ? arena_copy(actor->arena, secret) : NULL,
                                          .scope = code.scope,
                                          .name = code.name,
                                          .account = code.account,
                                          .created_s = clock_now_s()};
    return NULL;
}
