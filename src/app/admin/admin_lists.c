/*
 * The lists of administrators: the log, settings for new accounts, words, blocked pictures. The log is read only here;
 * nothing in piclog can change it, and the database refuses to (migrations/0004_moderation.sql). Read next:
 * store/blocklist.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "base/text.h"
#include "app/handlers.h"
#include "app/posts/posting.h"
#include "store/blocklist.h"
#include "store/moderation.h"
#include "app/posts/timeline.h"

enum { LOG_ITEMS = 100, WORDS_MAX = 1000, NEW_QUOTA_KB = 500, NEW_QUOTA_MAX_KB = 1000000 };

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

static const char *const modes[] = {"free", "quota", "review"};

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
    const int64_t first = 0, most = WORDS_MAX;
    json_t *checked = json_object();
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        json_object_set_new(checked, modes[i], json_boolean(strcmp(mode, modes[i]) == 0));
    long long quota_kb = strtoll(setting(req, "new_quota_bytes", "0"), NULL, 10) / 1000;
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_settings",
                 json_pack("{s:s, s:o, s:I, s:o, s:s?}", "new_accounts", mode, "checked", checked, "new_quota_kb",
                           (json_int_t)(quota_kb ? quota_kb : NEW_QUOTA_KB), "words",
                           db_rows(request_db(req), QUERY_BLOCKED_WORDS, first, most), "error", error));
}

void admin_settings_page(struct request *req, struct response *res)
{
    settings_show(req, res, NULL);
}

static void settings_fault(struct request *req, struct response *res, const char *sentence)
{
    res->status = 422;
    settings_show(req, res, sentence);
}

static void done(struct request *req, struct response *res, enum store_status status, const char *noun,
                 const char *path)
{
    respond_done(req, res, status, noun, "Saved.", path);
}

/* Form: new_accounts, new_quota_kb. */
void admin_settings_post(struct request *req, struct response *res)
{
    const char *mode = request_form(req, "new_accounts", "");
    char *end;
    long quota_kb = strtol(request_form(req, "new_quota_kb", "0"), &end, 10);
    int known = 0;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        known |= strcmp(mode, modes[i]) == 0;
    if (!known) {
        settings_fault(req, res, "New accounts are free, held to a small quota, or reviewed.");
        return;
    }
    if (*end || quota_kb < 1 || quota_kb > NEW_QUOTA_MAX_KB) {
        settings_fault(req, res, "The small quota is a number of kilobytes from 1 to 1 000 000.");
        return;
    }
    struct db *db = request_db(req);
    enum store_status status = setting_decide(db, req->viewer.account, "new_accounts", mode);
    if (status == STORE_OK)
        status = setting_decide(db, req->viewer.account, "new_quota_bytes",
                                arena_printf(&req->arena, "%ld", quota_kb * 1000));
    done(req, res, status, "setting", "/admin/settings");
}

/* Form: words, one a line; action. */
void admin_word_post(struct request *req, struct response *res)
{
    const char *action = request_form(req, "action", ""), *typed = request_form(req, "words", "");
    char *lines = arena_copy(&req->arena, typed), *line;
    int added = 0;
    if ((strcmp(action, "mask") != 0 && strcmp(action, "hold") != 0 && strcmp(action, "refuse") != 0) ||
        !text_is_utf8(typed, strlen(typed))) {
        settings_fault(req, res, "A word is masked, held for review or refused.");
        return;
    }
    while ((line = strsep(&lines, "\r\n"))) {
        if (!*line)
            continue;
        enum store_status status =
            blocklist_add_word(req->app->store, request_db(req), req->viewer.account, line, action);
        if (status == STORE_INVALID) {
            settings_fault(req, res,
                           arena_printf(&req->arena, "“%.*s” is no word that could be looked for.",
                                        (int)text_prefix(line, 60), line));
            return;
        }
        if (status != STORE_OK) {
            respond_store_error(req, res, status, "word");
            return;
        }
        if (++added == WORDS_MAX)
            break;
    }
    if (added)
        done(req, res, STORE_OK, "word", "/admin/settings#words");
    else
        settings_fault(req, res, "Type a word first, one a line.");
}

void admin_word_remove(struct request *req, struct response *res)
{
    done(req, res, blocklist_remove_word(req->app->store, request_db(req), req->viewer.account, request_id(req)),
         "word", "/admin/settings#words");
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
    done(req, res, blocklist_remove_picture(req->app->store, request_db(req), req->viewer.account, request_id(req)),
         "blocked picture", "/admin/blocked");
}
