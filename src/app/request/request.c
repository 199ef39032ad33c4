/*
 * What a request brought, by name. Values are as a stranger sent them, but for captures, which are checked by
 * route.c. Refuses nothing and never fails: what is absent is a fallback. Read next: respond.c.
 */
#include "app/request/app.h"

#include <stdlib.h>
#include <string.h>

#include "app/request/fields.h"
#include "app/request/route.h"
#include "base/text.h"
#include "view/linkify.h"

struct db *request_db(struct request *req)
{
    if (!req->db)
        req->db = store_acquire(req->app->store);
    return req->db;
}

void request_release_db(struct request *req)
{
    if (req->db)
        store_release(req->app->store, req->db);
    req->db = NULL;
}

void request_speak_here(const struct request *req)
{
    lang_use(req->app->language);
}

void request_learn_language(struct app *app, const struct actor *actor)
{
    struct site_words site;
    site_read(actor, &app->site_options, &site);
    const int lang = lang_find(site.of[SITE_LANGUAGE]);
    app->language = lang < 0 ? LANG_ENGLISH : lang;
}

/* The viewer's, then the browser's; what others embed has the language that its address asks for, or of the place. */
void request_speak(struct request *req)
{
    const unsigned flags = req->route ? req->route->flags : 0;
    if (flags & (SPEAKS_MICROPUB | SPEAKS_MASTODON | SPEAKS_BASIC)) {
        lang_use(LANG_ENGLISH);
        return;
    }
    req->language = req->app->language;
    if (!(flags & (NO_SESSION | EMBEDDABLE)))
        req->language = req->viewer.account && req->viewer.language >= 0
                            ? req->viewer.language
                            : lang_choose(request_header(req, "Accept-Language"), req->app->language);
    if (flags & EMBEDDABLE) { /* of the routes that read it */
        const int asked = lang_find(request_query(req, "lang", ""));
        req->language = asked < 0 ? req->language : asked;
    }
    if (req->wants_json)
        lang_use_data(req->language);
    else
        lang_use(req->language);
}

const struct site_words *request_site(struct request *req)
{
    if (!req->site) {
        const int is_borrowed = req->db == NULL; /* an error page may lie with a slow client for long */
        const struct actor actor = request_actor(req);
        struct site_words *site = arena_alloc(&req->arena, sizeof *site);
        site_read(&actor, &req->app->site_options, site);
        req->site = site;
        if (is_borrowed)
            request_release_db(req);
    }
    return req->site;
}

struct actor request_actor(struct request *req)
{
    const int is_program = (req->route->flags & IS_API) != 0;
    return (struct actor){.store = req->app->store,
                          .db = request_db(req),
                          .arena = &req->arena,
                          .account = req->viewer.account,
                          .quota_bytes = req->app->config->quota_bytes,
                          .moods = view_moods(req->app->view),
                          .key = is_program ? request_header(req, "Idempotency-Key") : request_form(req, "once", NULL),
                          .is_program = is_program};
}

const char *request_capture(const struct request *req, const char *name)
{
    for (int i = 0; i < req->capture_count; i++)
        if (!strcmp(req->captures[i].name, name))
            return req->captures[i].value;
    return "";
}

int64_t request_id(const struct request *req)
{
    return strtoll(request_capture(req, "id"), NULL, 10);
}

const char *request_query(const struct request *req, const char *name, const char *fallback)
{
    const struct field *field = fields_find(&req->query, name);
    return field ? field->value : fallback;
}

const char *request_form(const struct request *req, const char *name, const char *fallback)
{
    const struct field *field = fields_find(&req->form, name);
    return field ? field->value : fallback;
}

const char *request_list(struct request *req, const char *name)
{
    const char *list = NULL;
    for (int i = 0; i < req->form.count; i++)
        if (strcmp(req->form.items[i].name, name) == 0)
            list = arena_printf(&req->arena, "%s%s%s", list ? list : "", list ? " " : "", req->form.items[i].value);
    return list;
}

const char *request_typed(const struct request *req, const char *name)
{
    const char *typed = request_form(req, name, "");
    return text_is_utf8(typed, strlen(typed)) ? typed : "";
}

const char *request_header(const struct request *req, const char *name)
{
    return req->header(req->http, name);
}

const char *request_cookie(struct request *req, const char *name)
{
    const char *header = request_header(req, "Cookie");
    return header ? fields_cookie(&req->arena, header, name) : NULL;
}

json_t *request_post(struct request *req, enum query query, int64_t id)
{
    return db_row(request_db(req), query, id, req->viewer.account, (int64_t)req->viewer.is_admin);
}

const char *row_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

int64_t request_before(const struct request *req)
{
    const char *text = request_query(req, "before", "");
    size_t digits = strspn(text, "0123456789");
    return digits && !text[digits] && digits <= 18 ? strtoll(text, NULL, 10) : INT64_MAX;
}

const char *request_url(struct request *req, const char *path)
{
    return arena_printf(&req->arena, "%s%s", req->app->config->public_url, path);
}

const char *request_encode(struct request *req, const char *text)
{
    struct buf out = {0};
    buf_puts(&out, "");
    linkify_encode(text, &out);
    const char *copy = arena_copy(&req->arena, out.data);
    buf_free(&out);
    return copy;
}
