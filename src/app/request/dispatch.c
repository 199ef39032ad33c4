/*
 * From a request to its handler. The order of checks, each of which may end it:
 *
 *     app_begin   target well-formed -> route -> loopback -> rate per network -> session or token -> sign-in, admin
 *                 -> rate per account -> same origin (what changes something)
 *     app_finish  form or JSON well-formed -> form token -> handler (SLOW ones on the side thread)
 *
 * Everything that needs the headers only happens before the body is read. Handlers may rely on all of it.
 * Refuses to know any noun. Read next: guard.c, rate.c, routes.c, respond.c.
 */
#include "app/request/app.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_bound.h"
#include "base/text.h"
#include "app/request/fields.h"
#include "app/request/guard.h"
#include "app/request/handle.h"
#include "app/request/live.h"
#include "app/request/presence.h"
#include "app/request/rate.h"
#include "app/request/route.h"
#include "app/request/side.h"
#include "hook/purge.h"

enum { TARGET_MAX_BYTES = 4000, PAGE_CACHE_S = 30, JSON_TREE_MAX_BYTES = 4 * 1000 * 1000 };

static int is_wanting_json(const struct request *req)
{
    const char *accept = request_header(req, "Accept");
    return accept && fields_accepts(accept, "application/json") && !fields_accepts(accept, "text/html");
}

/* Splits the target; an absolute one ("GET http://host/path") loses its origin. */
static int split_target(struct request *req, const char *target, const char **ret_query)
{
    req->is_respelled = *target != '/';
    if (!strncasecmp(target, "http://", 7) || !strncasecmp(target, "https://", 8)) {
        target = strstr(target, "//") + 2;
        target += strcspn(target, "/?");
    }
    if (*target != '/')
        return -1;
    if (strchr(target, '#')) /* no browser sends it, and a cache would take it for another address */
        return -1;
    size_t path_bytes = strcspn(target, "?");
    struct buf path = {0};
    for (size_t i = 0; i < path_bytes; i++) {
        if (!strncasecmp(target + i, "%7e", 3)) { /* some clients encode the "~" of people's pages */
            buf_putc(&path, '~');
            i += 2;
        } else {
            buf_putc(&path, target[i]);
        }
    }
    req->path = arena_copy_n(&req->arena, path.data, path.size_bytes);
    buf_free(&path);
    *ret_query = target[path_bytes] == '?' ? target + path_bytes + 1 : "";
    return 0;
}

static int answer_unknown(struct request *req, struct response *res, unsigned allowed)
{
    static const struct route nowhere = {0};
    size_t length = strlen(req->path);
    req->route = &nowhere;
    if (allowed) {
        char allow[64] = "OPTIONS";
        static const struct {
            unsigned method;
            const char *names;
        } known[] = {{METHOD_GET, ", GET, HEAD"},
                     {METHOD_POST, ", POST"},
                     {METHOD_PUT, ", PUT"},
                     {METHOD_DELETE, ", DELETE"},
                     {METHOD_PATCH, ", PATCH"}};
        size_t used = strlen(allow);
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (allowed & known[i].method) {
                size_t more = strlen(known[i].names);
                memcpy(allow + used, known[i].names, more + 1);
                used += more;
            }
        respond_header(req, res, "Allow", allow);
        if (req->is_options) {
            res->status = 204;
            return 1;
        }
        respond_error(req, res, 405, "This address does not take that method. It takes: %s.", allow);
        return 1;
    }
    if (req->method == METHOD_GET && length > 1 && req->path[length - 1] == '/') {
        const char *shorter = arena_copy_n(&req->arena, req->path, length - 1);
        if (route_find(req, shorter, &allowed)) {
            respond_redirect(req, res, shorter);
            res->status = 308;
            return 1;
        }
    }
    if (req->method == METHOD_OTHER && !req->is_options) {
        respond_error(req, res, 501, "This method is not known here.");
        return 1;
    }
    if (request_header(req, "Cookie") && guard_find_viewer(req)) /* for the page around the words */
        req->viewer.account = 0;
    respond_error(req, res, 404, "There is no page at this address: mistyped, moved, or deleted for good.");
    return 1;
}

static int limit_rate(struct request *req, struct response *res, int64_t account)
{
    if (!req->app->config->rate_limits || req->route->rate == RATE_NONE)
        return 0;
    int wait_s = rates_take(req->app->rates, req->route->rate, req->network, account, clock_monotonic_ms());
    if (!wait_s)
        return 0;
    respond_limited(req, res, req->route->rate, wait_s);
    return 1;
}

/* The path that was asked for, with its query, as a value of a query itself; without it when that would be long. */
static const char *next_of(struct request *req)
{
    enum { NEXT_MAX_BYTES = 1999 }; /* the address of a consent page is long */
    struct buf next = {0};
    buf_puts(&next, req->path);
    for (int i = 0; i < req->query.count; i++)
        buf_printf(&next, "%c%s=%s", i ? '&' : '?', req->query.items[i].name,
                   request_encode(req, req->query.items[i].value));
    int is_long = next.size_bytes > NEXT_MAX_BYTES;
    const char *encoded = req->query.count && !is_long ? request_encode(req, next.data) : req->path;
    buf_free(&next);
    return encoded;
}

/* What a token must be allowed for this route; what Micropub is asked to do, only its handler knows. */
static unsigned needed_scope(const struct request *req)
{
    const unsigned flags = req->route->flags;
    if (!(flags & NEEDS_SIGN_IN) || flags & SPEAKS_MICROPUB)
        return 0;
    if (flags & (OF_SETTINGS | OF_MESSAGES))
        return (flags & OF_SETTINGS ? SCOPE_SETTINGS : 0) | (flags & OF_MESSAGES ? SCOPE_MESSAGES : 0);
    if (!(flags & IS_API))
        return SCOPE_SETTINGS; /* pages are for people */
    if (!(flags & WRITES))
        return 0;
    return flags & OF_MEDIA                                  ? SCOPE_MEDIA
           : flags & DELETES || req->method == METHOD_DELETE ? SCOPE_DELETE
           : req->method & (METHOD_PUT | METHOD_PATCH)       ? SCOPE_UPDATE
                                                             : SCOPE_CREATE;
}

/* May whoever asks, as far as that is known now, use this route? */
static int check_viewer(struct request *req, struct response *res)
{
    if (!(req->route->flags & (NEEDS_SIGN_IN | NEEDS_ADMIN)))
        return 0;
    if (!req->viewer.account && !(req->route->flags & IS_API) && req->method == METHOD_GET && !req->wants_json) {
        respond_redirect(req, res, arena_printf(&req->arena, "/login?next=%s", next_of(req)));
        return 1;
    }
    if (!req->viewer.account && (req->route->flags & SHARED)) {
        respond_redirect(req, res, "/login?next=/upload");
        return 1;
    }
    if (!req->viewer.account) {
        respond_header(req, res, "WWW-Authenticate", "Bearer realm=\"piclog\"");
        if (req->route->flags & SPEAKS_BASIC)
            respond_error(req, res, 401,
                          "Sign in first: with your name, and a token of %s/settings/tokens as the password.",
                          req->app->config->public_url);
        else
            respond_error(
                req, res, 401,
                "Sign in first. Programs send \"Authorization: Bearer TOKEN\"; tokens are made in /settings.");
        return 1;
    }
    if ((req->route->flags & NEEDS_ADMIN) && !req->viewer.is_admin) {
        respond_error(req, res, 403, "Only an administrator may do this.");
        return 1;
    }
    if (req->viewer.is_restricted && !(req->route->flags & RESTRICTED_TOO)) {
        if (req->method == METHOD_GET && !req->wants_json)
            respond_redirect(req, res, "/standing");
        else
            respond_error(req, res, 403, "This account is suspended. %s/standing says why, and takes an appeal.",
                          req->app->config->public_url);
        return 1;
    }
    if (req->came_with_token && (needed_scope(req) & ~req->viewer.scopes ||
                                 (req->viewer.scopes & SCOPE_ONLY_POSTS && req->route->flags & OF_FOLLOWS))) {
        respond_error(req, res, 403, "This token is not allowed to do that. Make one that is, in /settings.");
        return 1;
    }
    return 0;
}

static int refuse_token(struct request *req, struct response *res)
{
    respond_header(req, res, "WWW-Authenticate", "Bearer realm=\"piclog\", error=\"invalid_token\"");
    respond_error(req, res, 401, "This token is not known here. Tokens are made and revoked in /settings.");
    return 1;
}

/* Somebody who shows when they are here did something; not so what a page or a program does by itself. */
static void note_presence(struct request *req)
{
    const int is_stream = req->method == METHOD_GET && strcmp(req->route->pattern, "/live") == 0;
    if (req->viewer.session && req->viewer.shows_presence && !is_stream && !request_header(req, "X-Background"))
        presence_acted(req->app->presence, req->viewer.account, clock_monotonic_ms());
}

/* Whoever asks by an old protocol. What is wrong counts as a try to sign in; what is right never waits for that. */
static int check_program(struct request *req, struct response *res)
{
    static const char *const sentences[] = {
        [BASIC_UNKNOWN] = "This is neither HTTP Basic nor Bearer. Send your name, and a token as the password.",
        [BASIC_PASSWORD] = "This is no token, so it was not looked at. Programs never get your password: make a token, "
                           "and give that to the program as its password.",
        [BASIC_WRONG] = "There is no such token of that name: it may have been revoked."};
    const char *authorization = request_header(req, "Authorization");
    if (!guard_is_program(req)) {
        respond_error(req, res, 403, "This was asked for by a page of another site. These addresses are for programs.");
        return 1;
    }
    const enum basic_status status = authorization ? guard_take_basic(req, authorization) : BASIC_OK;
    if (status == BASIC_OK)
        return check_viewer(req, res);
    const int wait_s = req->app->config->rate_limits
                           ? rates_take(req->app->rates, RATE_SIGN_IN, req->network, 0, clock_monotonic_ms())
                           : 0;
    if (wait_s) {
        respond_limited(req, res, RATE_SIGN_IN, wait_s);
        return 1;
    }
    respond_header(req, res, "WWW-Authenticate", "Bearer realm=\"piclog\", error=\"invalid_token\"");
    respond_error(req, res, 401, "%s Tokens are made in %s/settings/tokens.", sentences[status],
                  req->app->config->public_url);
    return 1;
}

static int check_person(struct request *req, struct response *res)
{
    if (req->route->flags & SPEAKS_BASIC)
        return check_program(req, res);
    if (guard_find_viewer(req))
        return refuse_token(req, res);
    request_speak(req); /* as they chose */
    note_presence(req);
    /* The token may still come in the body. Not with files: nobody unknown shall fill the room for uploads. */
    const char *type = request_header(req, "Content-Type");
    if (req->route->flags & SPEAKS_MICROPUB && !req->viewer.account && type &&
        !strncasecmp(type, "application/x-www-form-urlencoded", 33))
        return 0;
    return check_viewer(req, res);
}

/* The token of a Micropub form, which has no other way to say who it is. */
static int check_body_token(struct request *req, struct response *res)
{
    const char *secret = request_form(req, "access_token", NULL);
    if (!secret)
        return req->viewer.account ? 0 : check_viewer(req, res);
    if (req->came_with_token) {
        respond_error(req, res, 400, "The token came twice: as a header and as access_token. Send one of them.");
        return 1;
    }
    if (guard_take_token(req, secret))
        return refuse_token(req, res);
    return check_viewer(req, res) || (limit_rate(req, res, req->viewer.account));
}

static int begin(struct request *req, const char *target, struct response *res)
{
    const char *query = "";
    unsigned allowed = 0;
    req->res = res;
    req->now_s = clock_now_s();
    if (strlen(target) > TARGET_MAX_BYTES || split_target(req, target, &query)) {
        req->path = "/";
        answer_unknown(req, res, 0);
        respond_error(req, res, strlen(target) > TARGET_MAX_BYTES ? 414 : 400,
                      "The address must begin with a slash and be at most %d bytes long.", TARGET_MAX_BYTES);
        return 1;
    }
    req->wants_json = is_wanting_json(req);
    req->route = route_find(req, req->path, &allowed);
    if (req->route && req->route->flags & IS_API)
        req->wants_json = 1;
    request_speak(req);
    if (!req->route)
        return answer_unknown(req, res, allowed);
    if ((req->route->flags & LOOPBACK) && (!req->is_loopback || req->is_forwarded)) {
        respond_error(req, res, 404, "There is no page at this address: mistyped, moved, or deleted for good.");
        return 1;
    }
    if (fields_parse(&req->arena, query, strlen(query), req->route->params ? req->route->params : "", &req->query)) {
        respond_error(req, res, 400, "The part of the address behind the question mark is malformed.");
        return 1;
    }
    int is_read = req->route->rate == RATE_READ;
    if (is_read && limit_rate(req, res, 0))
        return 1;
    if (!(req->route->flags & (NO_SESSION | EMBEDDABLE)) && check_person(req, res))
        return 1;
    if (!is_read && limit_rate(req, res, req->viewer.account))
        return 1;
    int is_asked_here = req->route->flags & SHARED ? guard_is_shared(req) : guard_same_origin(req);
    int token_may_come = (req->route->flags & SPEAKS_MICROPUB && !req->viewer.account) ||
                         req->route->flags & SPEAKS_MASTODON; /* or none, as no cookie counts there */
    if ((req->route->flags & WRITES) && !req->came_with_token && !token_may_come && !is_asked_here) {
        respond_error(req, res, 403,
                      "This was asked for by a page of another site, so nothing was done. Use the form on this site.");
        return 1;
    }
    return 0;
}

int app_begin(struct request *req, const char *target, struct response *res)
{
    lang_use(LANG_ENGLISH); /* the thread may have spoken another before */
    int is_answered = begin(req, target, res);
    request_release_db(req); /* the body may take its time */
    return is_answered;
}

const char *app_cache_key(struct request *req, int *ret_keep_s)
{
    const struct route *route = req->route;
    if (!(route->flags & CACHEABLE) || req->method != METHOD_GET)
        return NULL;
    if (req->is_respelled && route->flags & NO_SESSION)
        return NULL; /* a picture has one address */
    int is_public = (route->flags & (NO_SESSION | EMBEDDABLE)) != 0;
    if (!is_public && (request_header(req, "Cookie") || request_header(req, "Authorization")))
        return NULL;
    *ret_keep_s = route->flags & NO_SESSION ? 0 : PAGE_CACHE_S;
    if (!req->query.count && !req->wants_json && lang_used() == LANG_ENGLISH)
        return req->path;
    struct buf key = {0};
    buf_printf(&key, "%s %s", req->wants_json ? "json" : lang_get(lang_used())->code, req->path);
    for (int i = 0; i < req->query.count; i++) /* names and values hold no NUL, so NUL-free separators need a length */
        buf_printf(&key, "\n%s=%zu:%s", req->query.items[i].name, req->query.items[i].value_bytes,
                   req->query.items[i].value);
    const char *copy = arena_copy_n(&req->arena, key.data, key.size_bytes);
    buf_free(&key);
    return copy;
}

void app_give_again(const struct request *req)
{
    purge_note(req->app->purge, req->path);
}

size_t app_body_limit(const struct request *req, size_t *ret_text_bytes)
{
    *ret_text_bytes = req->route->body_bytes;
    if (!(req->route->flags & CRUSHES))
        return req->route->body_bytes;
    return req->route->body_bytes + req->app->config->uploads_in_flight_bytes / 2;
}

/* Strings, numbers and booleans of a JSON object become form fields; arrays of strings repeated ones. */
static int add_json(struct request *req, const char *name, const json_t *value)
{
    char number[32];
    const char *text = NULL;
    size_t text_bytes = 0, index;
    json_t *item;
    if (json_is_array(value)) {
        /* Programs of Mastodon's protocol send lists of objects, which are for handlers, and of numbers. */
        const int takes_all = (req->route->flags & SPEAKS_MASTODON) != 0;
        json_array_foreach(value, index, item)
        {
            if (takes_all ? json_is_array(item) : !json_is_string(item))
                return -1;
            if (add_json(req, name, item))
                return -1;
        }
        return 0;
    }
    if (json_is_string(value)) {
        text = json_string_value(value);
        text_bytes = json_string_length(value);
    } else if (json_is_integer(value)) {
        text_bytes = (size_t)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = number;
    } else if (json_is_boolean(value)) {
        text = json_is_true(value) ? "1" : "";
        text_bytes = strlen(text);
    } else {
        return 0; /* null is absent; objects are for handlers that look into req->json */
    }
    return fields_add(&req->arena, &req->form, name, strlen(name), text, text_bytes) ? -1 : 0;
}

static int parse_body(struct request *req, struct response *res)
{
    const char *type = request_header(req, "Content-Type");
    if (!req->body.size_bytes)
        return 0;
    if (type && !strncasecmp(type, "application/json", 16)) {
        json_error_t error;
        const char *name;
        json_t *value;
        if (json_bound_check(req->body.data, req->body.size_bytes, JSON_TREE_MAX_BYTES) != JSON_BOUND_OK) {
            respond_error(req, res, 413,
                          "The JSON holds too many things, or lists that lie too deep in each other (%d at most).",
                          JSON_BOUND_DEPTH_MAX);
            return 1;
        }
        req->json = json_loadb(req->body.data, req->body.size_bytes, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(req->json)) {
            const char *why = req->json                                      ? tr("something else")
                              : text_is_utf8(error.text, strlen(error.text)) ? error.text
                                                                             : tr("broken near bytes that are no text");
            respond_error(req, res, 400, "The body is not a JSON object: %s.", why);
            return 1;
        }
        json_object_foreach(req->json, name, value) if (add_json(req, name, value))
        {
            respond_error(req, res, 400,
                          "The JSON object has too many fields, or a field that is too long or holds NUL.");
            return 1;
        }
        return 0;
    }
    if (type && strncasecmp(type, "application/x-www-form-urlencoded", 33)) {
        respond_error(req, res, 415,
                      "A body of this type is not taken here. Send a form, or JSON as application/json.");
        return 1;
    }
    switch (fields_parse(&req->arena, req->body.data, req->body.size_bytes, NULL, &req->form)) {
    case FIELDS_OK: return 0;
    case FIELDS_TOO_MANY: respond_error(req, res, 400, "The form has more than %d fields.", FIELDS_MAX); return 1;
    case FIELDS_NAME:
        respond_error(req, res, 400, "The form has a field whose name is longer than %d bytes.", FIELD_NAME_MAX_BYTES);
        return 1;
    case FIELDS_NUL: break;
    }
    respond_error(req, res, 400, "The form has a field with a NUL byte in it.");
    return 1;
}

int app_finish(struct request *req, struct response *res)
{
    request_speak(req);
    if (parse_body(req, res)) {
        request_release_db(req);
        return 0;
    }
    if (req->route->flags & SPEAKS_MICROPUB && check_body_token(req, res)) {
        request_release_db(req);
        return 0;
    }
    if ((req->route->flags & WRITES) && !(req->route->flags & (SHARED | SPEAKS_MASTODON)) && !req->came_with_token &&
        !guard_csrf_check(req)) {
        respond_error(req, res, 403,
                      "The form did not bring back its token, so nothing was done. Cookies must be allowed for this "
                      "site. Go back, load the page again and send the form once more.");
        request_release_db(req);
        return 0;
    }
    if (req->route->flags & SLOW) {
        request_release_db(req);
        if (!side_submit(req->app->side, req))
            return 1; /* from here on the request belongs to the side thread until resume */
        respond_header(req, res, "Retry-After", "5");
        respond_error(req, res, 503, "Too many people are signing in at this moment. Try again in a few seconds.");
        return 0;
    }
    handle_run(req, res);
    return res->is_waiting;
}

int app_continue(struct request *req, struct response *res)
{
    if (req->is_answered)
        return 0;
    res->is_waiting = 0;
    request_speak(req);
    respond_when_crushed(req, res);
    handle_end(req);
    return res->is_waiting;
}

void app_end(struct request *req, struct response *res)
{
    request_release_db(req);
    for (int i = 0; req->crushed && i < req->upload_count; i++)
        for (int j = 0; j < POOL_MAX_PICTURES; j++)
            free(req->crushed[i].outcome.pictures[j].data);
    for (int i = 0; i < req->upload_count; i++)
        close(req->uploads[i].fd);
    if (req->holds_export)
        atomic_fetch_sub(&req->app->metrics.exports_in_flight, 1);
    if (res->live)
        live_close(res->live);
    json_decref(req->json);
    buf_free(&req->body);
    buf_free(&res->body);
    if (res->body_fd >= 0)
        close(res->body_fd);
    arena_free(&req->arena);
}
