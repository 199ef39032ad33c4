/*
 * Answers: a page or its JSON twin, a redirect, an error in words, pictures once they are crushed.
 * Refuses to know any noun. Headers and cookies: respond_headers.c. Read next: src/view/view.h, src/http/reply.c.
 */
#include "app/request/app.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "app/request/guard.h"
#include "app/request/route.h"
#include "domain/invitation.h"
#include "view/linkify.h"

void response_init(struct response *res)
{
    memset(res, 0, sizeof *res);
    res->body_fd = -1;
}

static const char *reason(int status)
{
    switch (status) {
    case 400: return N_("Bad request");
    case 401: return N_("Sign in first");
    case 403: return N_("Not allowed");
    case 404: return N_("Not found");
    case 405: return N_("Method not allowed");
    case 409: return N_("Conflict");
    case 410: return N_("Gone");
    case 411: return N_("Length required");
    case 413: return N_("Too large");
    case 414: return N_("Address too long");
    case 415: return N_("Unsupported media type");
    case 422: return N_("Cannot be processed");
    case 429: return N_("Too many requests");
    case 500: return N_("Something broke here");
    case 501: return N_("Not implemented");
    case 503: return N_("Busy");
    case 507: return N_("Storage is full");
    default: return N_("Error");
    }
}

/* Whether anything on a page is a clip, wherever in it: its rules are in a stylesheet of their own. */
static int has_clip(const json_t *found)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach((json_t *)found, key, value)
    {
        if ((strcmp(key, "frames") == 0 && json_is_integer(value)) || has_clip(value))
            return 1;
    }
    json_array_foreach(found, i, value)
    {
        if (has_clip(value))
            return 1;
    }
    return 0;
}

static json_t *page_context(struct request *req, struct response *res, json_t *page)
{
    const struct site_words *said = request_site(req);
    const char *motto = said->of[SITE_MOTTO], *contact = said->of[SITE_CONTACT];
    json_t *site =
        json_pack("{s:s, s:s, s:s, s:b, s:s?, s:s?}", "name", said->of[SITE_NAME], "url", req->app->config->public_url,
                  "signup", said->of[SITE_SIGNUP], "joinable", site_signup(said) == SIGNUP_OPEN, "motto",
                  *motto ? motto : NULL, "contact", *contact ? contact : NULL);
    json_t *viewer =
        req->viewer.account
            ? json_pack("{s:s, s:b, s:i, s:b, s:b, s:b, s:b}", "name", req->viewer.name, "admin", req->viewer.is_admin,
                        "unread", req->viewer.unread, "has_news",
                        (int)db_number(request_db(req), QUERY_HAS_NEWS, 0, req->viewer.account), "has_message",
                        (int)db_number(request_db(req), QUERY_HAS_MESSAGE, 0, req->viewer.account), "desk_waits",
                        req->viewer.is_admin ? (int)db_number(request_db(req), QUERY_DESK_WAITS, 0) : 0, "can_invite",
                        invitation_is_possible(site_signup(said), req->viewer.is_admin))
            : json_null();
    return json_pack("{s:o, s:o, s:s, s:s?, s:b, s:o, s:o}", "site", site, "viewer", viewer, "csrf",
                     guard_csrf_token(req), "once", guard_fresh_key(req), "has_clip", has_clip(page), "notice",
                     req->route->flags & (NO_SESSION | EMBEDDABLE) ? json_null() : respond_take_notice(req, res),
                     "page", page);
}

void respond_json(struct request *req, struct response *res, json_t *value)
{
    if (!value) {
        respond_error(req, res, 500, "The database did not answer. Try again in a moment.");
        return;
    }
    buf_clear(&res->body);
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    if (text)
        buf_puts(&res->body, text);
    free(text);
    buf_putc(&res->body, '\n');
    res->type = "application/json";
    if (!res->status)
        res->status = 200;
    if (!res->policy)
        res->policy = POLICY_NONE;
}

void respond_page(struct request *req, struct response *res, const char *template_name, json_t *page)
{
    struct view_error error;
    if (!page || req->wants_json) {
        respond_json(req, res, page);
        return;
    }
    json_t *context = page_context(req, res, page);
    buf_clear(&res->body);
    enum view_status status = view_render(req->app->view, template_name, context, &res->body, &error);
    json_decref(context);
    if (status) {
        fprintf(stderr, "piclog: page \"%s\": %s\n", template_name, error.message);
        if (res->status < 400)
            respond_error(req, res, 500, "This page could not be put together. The log says why.");
        return;
    }
    res->type = "text/html; charset=utf-8";
    res->language = lang_get(lang_used())->code;
    if (!res->status)
        res->status = 200;
}

void respond_bytes(struct request *req, struct response *res, const char *type)
{
    (void)req;
    res->type = type;
    if (!res->status)
        res->status = 200;
}

void respond_private_jpeg(struct request *req, struct response *res, void *data, size_t size_bytes)
{
    buf_free(&res->body);
    res->body = (struct buf){.data = data, .size_bytes = size_bytes, .capacity_bytes = size_bytes};
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/jpeg");
}

void respond_redirect(struct request *req, struct response *res, const char *location)
{
    buf_clear(&res->body);
    respond_header(req, res, "Location", location);
    res->type = "text/plain; charset=utf-8";
    buf_printf(&res->body, "See %s\n", location);
    res->status = 303;
}

/* Micropub (W3C Recommendation, 3.3): {"error", "error_description"}, and few statuses. */
static void respond_micropub_error(struct request *req, struct response *res, int status, const char *detail)
{
    const char *error = status == 401 ? "unauthorized" : status == 403 ? "forbidden" : "invalid_request";
    if (status == 403 && req->came_with_token)
        error = "insufficient_scope";
    if (status == 422 || status == 415)
        res->status = 400;
    json_t *answer = json_pack("{s:s, s:s}", "error", error, "error_description", detail);
    respond_json(req, res, answer ? answer : json_pack("{s:s}", "error", error)); /* the detail was no UTF-8 */
}

/* What Mastodon's clients show to people is "error". */
static void respond_mastodon_error(struct request *req, struct response *res, const char *detail)
{
    json_t *answer = json_pack("{s:s}", "error", detail);
    respond_json(req, res, answer ? answer : json_pack("{s:s}", "error", "There were bytes that are no text."));
}

/* As programs of the Twitter 1.0 protocol read it: {"error", "request"}, or the same in XML. */
static void respond_old_error(struct request *req, struct response *res, const char *detail)
{
    const char *path = text_is_utf8(req->path, strlen(req->path)) ? req->path : "";
    if (req->format) {
        buf_puts(&res->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<hash>\n<request>");
        linkify_escape(path, strlen(path), &res->body);
        buf_puts(&res->body, "</request>\n<error>");
        linkify_escape(detail, strlen(detail), &res->body);
        buf_puts(&res->body, "</error>\n</hash>\n");
        res->policy = POLICY_NONE;
        respond_bytes(req, res, "application/xml; charset=utf-8");
        return;
    }
    json_t *answer = json_pack("{s:s, s:s}", "error", detail, "request", path);
    respond_json(req, res, answer ? answer : json_pack("{s:s}", "error", reason(res->status)));
}

void respond_error(struct request *req, struct response *res, int status, const char *format, ...)
{
    char detail[600];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, tr_fault(format), args);
    va_end(args);
    detail[text_prefix(detail, sizeof detail - 4)] = '\0'; /* what did not fit may have ended within a character */
    buf_clear(&res->body);
    res->status = status;
    res->cache = CACHE_NEVER;
    if (req->route && req->route->flags & SPEAKS_MICROPUB) {
        respond_micropub_error(req, res, status, detail);
        return;
    }
    if (req->route && req->route->flags & SPEAKS_MASTODON) {
        respond_mastodon_error(req, res, detail);
        return;
    }
    if (req->route && req->route->flags & SPEAKS_BASIC) {
        respond_old_error(req, res, detail);
        return;
    }
    const char *title = tr_fault(reason(status));
    int is_api = req->wants_json || (req->route && req->route->flags & (IS_API | EMBEDDABLE));
    if (!is_api) {
        respond_page(req, res, "error",
                     json_pack("{s:i, s:s, s:s}", "status", status, "title", title, "detail", detail));
        if (res->body.size_bytes)
            return;
    }
    json_t *problem =
        json_pack("{s:s, s:s, s:i, s:s}", "type", "about:blank", "title", title, "status", status, "detail", detail);
    if (!problem) /* the detail was no UTF-8 */
        problem = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title", title, "status", status);
    respond_json(req, res, problem);
    res->type = "application/problem+json";
    res->language = lang_get(lang_faults())->code;
    res->policy = POLICY_NONE;
}

void respond_limited(struct request *req, struct response *res, enum rate_class rate, int wait_s)
{
    static const char *const too_many[RATE_CLASSES] = {
        [RATE_READ] = N_("Too many requests in a short time."),
        [RATE_WRITE] = N_("Too many changes in a short time."),
        [RATE_UPLOAD] = N_("Too many pictures in a short time."),
        [RATE_SIGN_IN] = N_("Too many tries to log in in a short time."),
        [RATE_SIGN_UP] = N_("Too many people joined from your network in a short time."),
        [RATE_SEARCH] = N_("Too many searches in a short time."),
        [RATE_REPORT] = N_("Too many reports in a short time."),
        [RATE_GUESS] = N_("Too many wrong passwords for this name in a short time."),
    };
    req->app->metrics.limited++;
    respond_header(req, res, "Retry-After", arena_printf(&req->arena, "%d", wait_s));
    const int minutes = (wait_s + 59) / 60;
    if (wait_s <= 120)
        respond_error(req, res, 429, "%s Try again in %d second%s.", tr_fault(too_many[rate]), wait_s,
                      wait_s == 1 ? "" : "s");
    else
        respond_error(req, res, 429, "%s Try again in %d minutes.", tr_fault(too_many[rate]), minutes);
}

/* The one place that says which status of HTTP a fault has. */
int respond_fault_status(const struct fault *fault)
{
    switch (fault->kind) {
    case FAULT_WORDS:
    case FAULT_UNUSABLE:
    case FAULT_REFUSED:
    case FAULT_BLOCKED: return 422;
    case FAULT_STRANGER: return 401;
    case FAULT_FORMAT: return 415;
    case FAULT_TOO_LARGE: return 413;
    case FAULT_NOT_FOUND: return 404;
    case FAULT_NOT_YOURS:
    case FAULT_NOT_ALLOWED: return 403;
    case FAULT_TAKEN: return 409;
    case FAULT_FULL: return 507;
    case FAULT_BUSY: return 503;
    case FAULT_FAILED: break;
    }
    return 500;
}

void respond_fault_log(const struct fault *fault)
{
    if (fault->cause)
        fprintf(stderr, "piclog: %s\n", fault->cause);
}

void respond_fault(struct request *req, struct response *res, const struct fault *fault)
{
    respond_fault_log(fault);
    if (fault->kind == FAULT_BUSY)
        respond_header(req, res, "Retry-After", "2");
    respond_error(req, res, respond_fault_status(fault), "%s", fault->sentence);
}

void respond_store_error(struct request *req, struct response *res, enum store_status status, const char *noun)
{
    const struct actor actor = request_actor(req);
    respond_fault(req, res, fault_of_store(&actor, status == STORE_OK ? STORE_FAILED : status, noun));
}

void respond_after(struct request *req, struct response *res, const struct fault *fault, const char *notice,
                   const char *location)
{
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    if (req->route->flags & IS_API) {
        res->status = 204;
        return;
    }
    if (notice)
        respond_notice(req, res, notice);
    respond_redirect(req, res, location);
}

void respond_done(struct request *req, struct response *res, enum store_status status, const char *noun,
                  const char *notice, const char *location)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, fault_of_store(&actor, status, noun), notice, location);
}

/* On the pool's thread. */
static void on_crushed(void *context, struct pool_outcome *outcome)
{
    struct crushed *crushed = context;
    struct request *req = crushed->request;
    crushed->outcome = *outcome;
    for (int i = 0; i < POOL_MAX_PICTURES; i++)
        outcome->pictures[i].data = NULL; /* ours now */
    if (atomic_fetch_sub(&req->crushes_left, 1) == 1)
        req->resume(req->http);
}

void respond_when_crushed(struct request *req, struct response *res)
{
    for (int i = 0; i < req->upload_count; i++)
        if (*req->crushed[i].outcome.cause)
            req->note = req->crushed[i].outcome.cause;
    req->then(req, res);
}

void respond_crushed(struct request *req, struct response *res, const crush_preset *presets, int preset_count,
                     handler *then)
{
    respond_crushed_moving(req, res, POOL_STILL, presets, preset_count, then);
}

void respond_crushed_moving(struct request *req, struct response *res, enum pool_motion motion,
                            const crush_preset *presets, int preset_count, handler *then)
{
    const struct pool_wish wish = {.presets = presets, .preset_count = preset_count, .motion = motion};
    int submitted = 0;
    req->then = then;
    req->crushed = arena_alloc(&req->arena, (size_t)(req->upload_count + 1) * sizeof *req->crushed);
    atomic_store(&req->crushes_left, req->upload_count + 1); /* one more, so that none resumes us before we wait */
    res->is_waiting = 1;
    for (int i = 0; i < req->upload_count; i++) {
        struct crushed *crushed = &req->crushed[i];
        crushed->request = req;
        if (!pool_submit(req->app->pool, req->uploads[i].fd, req->uploads[i].size_bytes, &wish, on_crushed, crushed)) {
            submitted++;
            continue;
        }
        crushed->outcome.status = POOL_CLOSED;
        atomic_fetch_sub(&req->crushes_left, 1);
    }
    if (atomic_fetch_sub(&req->crushes_left, 1) > 1)
        return;
    res->is_waiting = 0; /* nothing to wait for, or no longer */
    if (submitted || !req->upload_count) {
        respond_when_crushed(req, res);
        return;
    }
    respond_header(req, res, "Retry-After", "5");
    respond_error(req, res, 503, "Every crusher is busy and the queue is full. Try again in a few seconds.");
}
