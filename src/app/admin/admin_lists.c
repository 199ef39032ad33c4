/*
 * The lists of administrators: the log, settings for new accounts, words, blocked pictures. The log is read only here;
 * nothing in piclog can change it, and the database refuses to (migrations/0004_moderation.sql). Read next:
 * domain/setting.c, domain/blocked_word.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "app/admin/handlers.h"
#include "app/posts/timeline.h"
#include "domain/blocked_picture.h"
#include "domain/blocked_word.h"
#include "domain/setting.h"

enum { LOG_ITEMS = 100, WORDS_SHOWN = 1000 };

void admin_audit_page(struct request *req, struct response *res)
{
    json_t *page = json_object();
    json_t *rows = db_rows(request_db(req), QUERY_AUDIT, request_before(req), (int64_t)(LOG_ITEMS + 1));
    if (timeline_set(req, page, "log", rows, LOG_ITEMS, "/admin/audit")) {
        json_decref(page);
        page = NULL;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_audit", page);
}

/* ---- Settings and words --------------------------------------------------------------------------- */

static const char *setting(struct request *req, const char *key, const char *fallback)
{
    json_t *row = db_row(request_db(req), QUERY_SETTING, key);
    const char *value = json_string_value(json_object_get(row, "value"));
    value = arena_copy(&req->arena, value ? value : fallback);
    json_decref(row);
    return value;
}

static void settings_show(struct request *req, struct response *res, const char *error)
{
    const char *mode = setting(req, "new_accounts", "free");
    const int64_t first = 0, most = WORDS_SHOWN;
    json_t *checked = json_object();
    const struct actor actor = request_actor(req);
    for (int i = 0; i < NEW_ACCOUNT_MODES; i++)
        json_object_set_new(checked, new_account_modes[i], json_boolean(strcmp(mode, new_account_modes[i]) == 0));
    long long quota_kb = strtoll(setting(req, "new_quota_bytes", "0"), NULL, 10) / 1000;
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_settings",
                 json_pack("{s:s, s:b, s:o, s:I, s:s, s:i, s:o, s:s?}", "new_accounts", mode, "has_guestbook",
                           setting_has_guestbook(&actor), "checked", checked, "new_quota_kb",
                           (json_int_t)(quota_kb ? quota_kb : NEW_QUOTA_KB), "name_rest_days",
                           setting(req, "name_rest_days", ""), "usual_rest_days", req->app->config->name_rest_days,
                           "words", db_rows(request_db(req), QUERY_BLOCKED_WORDS, first, most), "error", error));
}

void admin_settings_page(struct request *req, struct response *res)
{
    settings_show(req, res, NULL);
}

/* Back to the page with what went wrong on it, or with a notice. */
static void settings_done(struct request *req, struct response *res, const struct fault *fault, const char *path)
{
    if (!fault) {
        respond_notice(req, res, "Saved.");
        respond_redirect(req, res, path);
    } else if (fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        settings_show(req, res, fault->sentence);
    } else {
        respond_fault(req, res, fault);
    }
}

/* Form: new_accounts, new_quota_kb, name_rest_days. */
void admin_settings_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res,
                  setting_new_accounts(&actor, request_form(req, "new_accounts", ""),
                                       request_form(req, "new_quota_kb", "0"),
                                       request_form(req, "name_rest_days", setting(req, "name_rest_days", ""))),
                  "/admin/settings");
}

/* Form: guestbook. */
void admin_guestbook_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, setting_guestbook(&actor, *request_form(req, "guestbook", "") != '\0'), "/admin/settings");
}

/* Form: words, one a line; action. */
void admin_word_post(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, blocked_words_add(&actor, request_form(req, "words", ""), request_form(req, "action", "")),
                  "/admin/settings#words");
}

void admin_word_remove(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    settings_done(req, res, blocked_word_remove(&actor, request_id(req)), "/admin/settings#words");
}

/* ---- Blocked pictures ----------------------------------------------------------------------------- */

void admin_blocked_page(struct request *req, struct response *res)
{
    json_t *page = json_object();
    json_t *rows = db_rows(request_db(req), QUERY_BLOCKED_PICTURES, request_before(req), (int64_t)(LOG_ITEMS + 1));
    if (timeline_set(req, page, "pictures", rows, LOG_ITEMS, "/admin/blocked")) {
        json_decref(page);
        page = NULL;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_blocked", page);
}

void admin_blocked_remove(struct request *req, struct response *res)
{
    struct actor actor = request_actor(req);
    const struct fault *fault = blocked_picture_remove(&actor, request_id(req));
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    respond_notice(req, res, "Saved.");
    respond_redirect(req, res, "/admin/blocked");
}
