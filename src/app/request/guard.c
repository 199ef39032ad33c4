/*
 * Who asks, and whether this site's own page made them ask.
 *
 * A form that changes something must come back with a token that only our pages in the same browser can know: a keyed
 * hash of the session's secret, or of a random pre-session cookie before there is a session (log in, join). Both are
 * HttpOnly cookies, so the check holds also in browsers that send neither Origin nor Sec-Fetch-Site. The token is
 * masked with random bytes on every page, so that compression tells nothing about it.
 * A program with a Bearer token brings no cookies, so nobody can be tricked into sending it: it needs no form token.
 *
 * Refuses to decide what a person may do: that is the route's flags (dispatch.c) and the store.
 */
#include "app/request/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"
#include "app/request/fields.h"
#include "app/request/presence.h"
#include "app/request/route.h"
#include "app/request/rate.h"
#include "store/oauth.h"

enum {
    TOKEN_BYTES = 16,
    PRE_SESSION_BYTES = 16,
    PRE_SESSION_TEXT = 2 * (PRE_SESSION_BYTES + TOKEN_BYTES),
    AGENT_MAX_BYTES = 200,
    KNOWN_S = 365 * 86400
};

const char *guard_session_cookie(const struct app *app)
{
    return app->is_https ? "__Host-piclog" : "piclog";
}

const char *guard_pre_session_cookie(const struct app *app)
{
    return app->is_https ? "__Host-piclog-form" : "piclog-form";
}

static void keyed_hash(const struct app *app, const char *purpose, const char *text, size_t text_bytes,
                       unsigned char ret_hash[TOKEN_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, store_secret(app->store), 32, TOKEN_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, text_bytes);
    crypto_generichash_final(&state, ret_hash, TOKEN_BYTES);
}

/* A pre-session is random bytes and our signature of them: strangers cannot plant one of their own making. */
static int is_pre_session(const struct app *app, const char *text)
{
    unsigned char ours[TOKEN_BYTES], theirs[TOKEN_BYTES];
    size_t length = 0;
    if (strlen(text) != PRE_SESSION_TEXT)
        return 0;
    if (sodium_hex2bin(theirs, sizeof theirs, text + 2 * PRE_SESSION_BYTES, 2 * TOKEN_BYTES, NULL, &length, NULL) ||
        length != sizeof theirs)
        return 0;
    keyed_hash(app, "pre-session", text, 2 * PRE_SESSION_BYTES, ours);
    return !sodium_memcmp(ours, theirs, sizeof ours);
}

int guard_take_token(struct request *req, const char *secret)
{
    if (token_find(req->app->store, request_db(req), secret, &req->viewer))
        return 401;
    req->viewer.session = 0;
    req->came_with_token = 1;
    account_seen(request_db(req), req->viewer.account);
    return 0;
}

/* 1 when text could be one: 32 bytes as secret_make() writes them. Of eight random words none looks so. */
static int has_form_of_token(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return strlen(text) == SECRET_TEXT_BYTES - 1 && strspn(text, digits) == SECRET_TEXT_BYTES - 1;
}

enum basic_status guard_take_basic(struct request *req, const char *authorization)
{
    enum { PAIR_MAX_BYTES = 600 };
    char pair[PAIR_MAX_BYTES + 1], name[NAME_MAX_BYTES + 1];
    size_t length = 0;
    if (!strncasecmp(authorization, "Bearer ", 7))
        return guard_take_token(req, authorization + 7 + strspn(authorization + 7, " ")) ? BASIC_WRONG : BASIC_OK;
    if (strncasecmp(authorization, "Basic ", 6) != 0)
        return BASIC_UNKNOWN;
    const char *encoded = authorization + 6 + strspn(authorization + 6, " ");
    if (sodium_base642bin((unsigned char *)pair, PAIR_MAX_BYTES, encoded, strlen(encoded), NULL, &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL))
        return BASIC_UNKNOWN;
    pair[length] = '\0';
    char *colon = strchr(pair, ':');
    if (!colon || strlen(pair) != length)
        return BASIC_UNKNOWN;
    *colon = '\0';
    enum basic_status status = BASIC_PASSWORD;
    if (has_form_of_token(colon + 1)) {
        status = guard_take_token(req, colon + 1) ? BASIC_WRONG : BASIC_OK;
        if (status == BASIC_OK && (account_name_fold(pair, name) != 0 || strcmp(name, req->viewer.name) != 0)) {
            memset(&req->viewer, 0, sizeof req->viewer);
            req->came_with_token = 0;
            status = BASIC_WRONG;
        }
    }
    sodium_memzero(pair, sizeof pair);
    return status;
}

int guard_find_viewer(struct request *req)
{
    const char *authorization = request_header(req, "Authorization");
    const int is_without_cookies = (req->route->flags & SPEAKS_MASTODON) != 0;
    if (authorization && !strncasecmp(authorization, "Bearer ", 7)) {
        const char *secret = authorization + 7 + strspn(authorization + 7, " ");
        if (is_without_cookies && !app_token_find(req->app->store, request_db(req), secret))
            return 0; /* of a program that nobody let in: it reads what strangers read */
        return guard_take_token(req, secret);
    }
    if (is_without_cookies)
        return 0;
    const char *secret = request_cookie(req, guard_session_cookie(req->app));
    if (secret && *secret && !session_find(req->app->store, request_db(req), secret, &req->viewer)) {
        req->session_secret = secret;
        account_seen(request_db(req), req->viewer.account);
        return 0;
    }
    const char *pre_session = request_cookie(req, guard_pre_session_cookie(req->app));
    if (pre_session && is_pre_session(req->app, pre_session))
        req->pre_session = pre_session;
    return 0;
}

/* ---- Browsers that know a name ------------------------------------------------------------------- */

/* A browser that signed in to a name keeps random bytes and our signature of both, also when it signs out: guesses
   from elsewhere do not count against it. Worth nothing else. */
static const char *known_cookie(const struct app *app)
{
    return app->is_https ? "__Secure-piclog-known" : "piclog-known";
}

static void known_hash(const struct app *app, const char *bytes_hex, const char *name,
                       unsigned char ret_hash[TOKEN_BYTES])
{
    char text[PRE_SESSION_TEXT + NAME_MAX_BYTES + 2];
    int length = snprintf(text, sizeof text, "%.*s %s", 2 * PRE_SESSION_BYTES, bytes_hex, name);
    keyed_hash(app, "known browser", text, (size_t)length, ret_hash);
}

static void know_name(struct request *req, struct response *res, const char *name)
{
    unsigned char bytes[PRE_SESSION_BYTES], mac[TOKEN_BYTES];
    char text[PRE_SESSION_TEXT + 1];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
    known_hash(req->app, text, name, mac);
    sodium_bin2hex(text + 2 * PRE_SESSION_BYTES, sizeof text - 2 * PRE_SESSION_BYTES, mac, sizeof mac);
    respond_login_cookie(req, res, known_cookie(req->app), text, KNOWN_S);
}

/* 1 with the browser's bytes when it signed in to this name before. */
static int knows_name(struct request *req, const char *name, unsigned char ret_browser[PRE_SESSION_BYTES])
{
    unsigned char ours[TOKEN_BYTES], theirs[PRE_SESSION_BYTES + TOKEN_BYTES];
    const char *text = request_cookie(req, known_cookie(req->app));
    size_t length = 0;
    if (!text || strlen(text) != PRE_SESSION_TEXT ||
        sodium_hex2bin(theirs, sizeof theirs, text, PRE_SESSION_TEXT, NULL, &length, NULL) || length != sizeof theirs)
        return 0;
    known_hash(req->app, text, name, ours);
    memcpy(ret_browser, theirs, PRE_SESSION_BYTES);
    return !sodium_memcmp(ours, theirs + PRE_SESSION_BYTES, sizeof ours);
}

int guard_guess_wait_s(struct request *req, const char *name)
{
    unsigned char browser[PRE_SESSION_BYTES];
    char folded[NAME_MAX_BYTES + 1];
    if (!req->app->config->rate_limits || account_name_fold(name, folded) != 0)
        return 0;
    return rates_take_guess(req->app->rates, folded, knows_name(req, folded, browser) ? browser : NULL,
                            clock_monotonic_ms());
}

/* ---- Signing in and out -------------------------------------------------------------------------- */

enum store_status guard_sign_in(struct request *req, struct response *res, int64_t account, const char *name)
{
    char folded[NAME_MAX_BYTES + 1];
    char secret[SECRET_TEXT_BYTES];
    const char *sent = request_header(req, "User-Agent");
    char *agent = NULL; /* shown in the settings: bytes that are no text would spoil that page */
    if (text_clean(sent ? sent : "", sent ? strlen(sent) : 0, TEXT_LINE, 0, 0, &agent))
        agent = strdup("unknown");
    if (agent && strlen(agent) > AGENT_MAX_BYTES) {
        size_t end = AGENT_MAX_BYTES;
        while ((agent[end] & 0xC0) == 0x80) /* between characters */
            end--;
        agent[end] = 0;
    }
    enum store_status status = session_add(req->app->store, request_db(req), account, agent ? agent : "", secret);
    free(agent);
    if (status)
        return status;
    if (req->viewer.session)
        (void)!session_delete(request_db(req), req->viewer.account, req->viewer.session);
    if (account_name_fold(name, folded) == 0)
        know_name(req, res, folded);
    respond_cookie(req, res, guard_session_cookie(req->app), secret, SESSION_DAYS * 86400);
    respond_cookie(req, res, guard_pre_session_cookie(req->app), "", -1);
    memset(&req->viewer, 0, sizeof req->viewer); /* whoever was signed in before is so no more */
    req->session_secret = NULL;
    if (session_find(req->app->store, request_db(req), secret, &req->viewer) == STORE_OK)
        req->session_secret = arena_printf(&req->arena, "%s", secret); /* an answer may be a page of theirs already */
    sodium_memzero(secret, sizeof secret);
    return STORE_OK;
}

void guard_sign_out(struct request *req, struct response *res)
{
    if (req->viewer.session)
        (void)!session_delete(request_db(req), req->viewer.account, req->viewer.session);
    presence_left(req->app->presence, req->viewer.account);
    respond_cookie(req, res, guard_session_cookie(req->app), "", -1);
}

/* 1 when url begins with origin, and ends or goes on with a path there. */
static int has_origin(const char *url, const char *scheme, const char *authority, size_t authority_bytes)
{
    size_t scheme_bytes = strlen(scheme);
    if (strncasecmp(url, scheme, scheme_bytes) || strncasecmp(url + scheme_bytes, authority, authority_bytes))
        return 0;
    char next = url[scheme_bytes + authority_bytes];
    return !next || next == '/' || next == '?' || next == '#';
}

static int is_ours(const struct request *req, const char *url)
{
    const char *authority = strstr(req->app->origin, "://") + 3;
    if (has_origin(url, req->app->is_https ? "https://" : "http://", authority, strlen(authority)))
        return 1;
    /* Reached by another name than the public one (localhost, an address in the house): then what the browser calls
       the site and what it calls the page's origin must agree. */
    const char *host = request_header(req, "Host");
    return host && *host && has_origin(url, req->is_https ? "https://" : "http://", host, strlen(host));
}

int guard_same_origin(const struct request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site");
    if (site && strcasecmp(site, "same-origin") && strcasecmp(site, "none"))
        return 0;
    const char *origin = request_header(req, "Origin");
    if (origin)
        return is_ours(req, origin);
    const char *referer = request_header(req, "Referer");
    return !referer || !*referer || is_ours(req, referer);
}

int guard_is_program(const struct request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site"), *origin = request_header(req, "Origin");
    return (!site || !strcasecmp(site, "same-origin") || !strcasecmp(site, "none")) &&
           (!origin || is_ours(req, origin));
}

int guard_is_shared(const struct request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site");
    return site && (!strcasecmp(site, "none") || (!strcasecmp(site, "same-origin") && guard_same_origin(req)));
}

void guard_pre_session(struct request *req, struct response *res)
{
    if (req->viewer.account || req->pre_session)
        return;
    unsigned char bytes[PRE_SESSION_BYTES], mac[TOKEN_BYTES];
    char text[PRE_SESSION_TEXT + 1];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, sizeof text, bytes, sizeof bytes);
    keyed_hash(req->app, "pre-session", text, 2 * PRE_SESSION_BYTES, mac);
    sodium_bin2hex(text + 2 * PRE_SESSION_BYTES, sizeof text - 2 * PRE_SESSION_BYTES, mac, sizeof mac);
    req->pre_session = arena_copy(&req->arena, text);
    respond_cookie(req, res, guard_pre_session_cookie(req->app), text, 0);
}

/* Without session and cookies, for reports: of the network and the day, so that no page elsewhere can know it. */
static void network_hash(const struct request *req, int days_ago, unsigned char ret_hash[TOKEN_BYTES])
{
    unsigned char text[sizeof req->network + 8];
    const int64_t day = req->now_s / 86400 - days_ago;
    memcpy(text, req->network, sizeof req->network);
    memcpy(text + sizeof req->network, &day, 8);
    keyed_hash(req->app, "csrf of a network", (const char *)text, sizeof text, ret_hash);
}

static int csrf_hash(const struct request *req, unsigned char ret_hash[TOKEN_BYTES])
{
    if (req->session_secret)
        keyed_hash(req->app, "csrf", req->session_secret, strlen(req->session_secret), ret_hash);
    else if (req->route->flags & COOKIELESS)
        network_hash(req, 0, ret_hash);
    else if (req->pre_session)
        keyed_hash(req->app, "csrf before", req->pre_session, strlen(req->pre_session), ret_hash);
    else
        return -1;
    return 0;
}

const char *guard_csrf_token(struct request *req)
{
    unsigned char token[2 * TOKEN_BYTES], hash[TOKEN_BYTES];
    if (csrf_hash(req, hash))
        return "";
    randombytes_buf(token, TOKEN_BYTES);
    for (int i = 0; i < TOKEN_BYTES; i++)
        token[TOKEN_BYTES + i] = token[i] ^ hash[i];
    char *text = arena_alloc(&req->arena, 2 * sizeof token + 1);
    return sodium_bin2hex(text, 2 * sizeof token + 1, token, sizeof token);
}

const char *guard_fresh_key(struct request *req)
{
    enum { KEY_BYTES = 16 };
    unsigned char bytes[KEY_BYTES];
    if (!req->viewer.account)
        return NULL;
    char *text = arena_alloc(&req->arena, 2 * KEY_BYTES + 1);
    randombytes_buf(bytes, sizeof bytes);
    return sodium_bin2hex(text, 2 * KEY_BYTES + 1, bytes, sizeof bytes);
}

int guard_csrf_check(struct request *req)
{
    unsigned char token[2 * TOKEN_BYTES], hash[TOKEN_BYTES];
    size_t length = 0;
    const char *text = request_header(req, "X-CSRF-Token");
    if (!text)
        text = request_form(req, "csrf", "");
    if (csrf_hash(req, hash) || strlen(text) != 2 * sizeof token ||
        sodium_hex2bin(token, sizeof token, text, 2 * sizeof token, NULL, &length, NULL) || length != sizeof token)
        return 0;
    for (int i = 0; i < TOKEN_BYTES; i++)
        token[i] ^= token[TOKEN_BYTES + i];
    if (!sodium_memcmp(token, hash, TOKEN_BYTES))
        return 1;
    if (req->session_secret || !(req->route->flags & COOKIELESS))
        return 0;
    network_hash(req, 1, hash); /* the form was loaded before midnight */
    return !sodium_memcmp(token, hash, TOKEN_BYTES);
}
