/*
 * Webhooks: see webhook.h. Events are rows, so that they survive a restart; an account has at most a hundred of them.
 * Refuses to know HTTP. Read next: src/hook/deliver.c.
 */
#include "webhook.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "db.h"

enum store_status webhook_set(struct db *db, int64_t account, const char *url, const char *secret)
{
    assert(strlen(secret) == SECRET_TEXT_BYTES - 1); /* nobody can guess it */
    return db_write(db, WRITE_WEBHOOK_SET, account, url, secret, clock_now_s());
}

int webhook_is(struct db *db, int64_t account, const char *url, const char *secret)
{
    sqlite3_stmt *found = db_prepare(db, WRITE_WEBHOOK_IS, account, url, secret);
    int is = found && sqlite3_step(found) == SQLITE_ROW;
    sqlite3_reset(found);
    return is;
}

enum store_status webhook_turn(struct db *db, int64_t account, int is_on)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_WEBHOOK_TURN, account, (int64_t)(is_on != 0));
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK && !is_on)
        status = db_write(db, WRITE_WEBHOOK_FORGET, account);
    return db_end(db, status);
}

enum store_status webhook_delete(struct db *db, int64_t account)
{
    enum store_status status = db_write(db, WRITE_WEBHOOK_DELETE, account);
    return status == STORE_OK ? db_changed(db) : status;
}

/* ---- Delivering --------------------------------------------------------------------------------- */

static void copy_text(sqlite3_stmt *row, int column, char *ret_text, size_t text_bytes)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    snprintf(ret_text, text_bytes, "%s", text ? text : "");
}

static char *own_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return strdup(text ? text : "");
}

void webhook_due_free(struct webhook_due *due)
{
    free(due->url);
    free(due->secret);
    due->url = due->secret = NULL;
}

static enum store_status find_due(struct db *db, int64_t now_s, int most, struct webhook_due *due, int *ret_count)
{
    sqlite3_stmt *rows = db_prepare(db, WRITE_WEBHOOKS_DUE, now_s, (int64_t)most);
    int count = 0, code = SQLITE_ERROR;
    if (!rows)
        return STORE_FAILED;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW && count < most) {
        struct webhook_due one = {.event_id = sqlite3_column_int64(rows, 0),
                                  .account = sqlite3_column_int64(rows, 1),
                                  .post_id = sqlite3_column_int64(rows, 2),
                                  .created_at = sqlite3_column_int64(rows, 3),
                                  .failures = sqlite3_column_int(rows, 4),
                                  .url = own_text(rows, 8),
                                  .secret = own_text(rows, 9)};
        copy_text(rows, 5, one.name, sizeof one.name);
        copy_text(rows, 6, one.event, sizeof one.event);
        copy_text(rows, 7, one.kind, sizeof one.kind);
        if (!one.url || !one.secret) {
            webhook_due_free(&one);
            break;
        }
        due[count++] = one;
    }
    sqlite3_reset(rows);
    *ret_count = count;
    return code == SQLITE_ROW || code == SQLITE_DONE ? STORE_OK : db_status(code);
}

enum store_status webhook_take(struct db *db, int64_t now_s, int hold_s, int most, struct webhook_due *ret_due,
                               int *ret_count)
{
    int count = 0;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_WEBHOOK_EVENTS_EXPIRE, now_s - WEBHOOK_EVENT_LIFETIME_S);
    if (status == STORE_OK)
        status = find_due(db, now_s, most, ret_due, &count);
    for (int i = 0; i < count && status == STORE_OK; i++)
        status = db_write(db, WRITE_WEBHOOK_HOLD, ret_due[i].account, now_s + hold_s);
    status = db_end(db, status);
    for (int i = 0; i < count && status != STORE_OK; i++)
        webhook_due_free(&ret_due[i]);
    if (status == STORE_OK)
        *ret_count = count;
    return status;
}

int64_t webhook_next(struct db *db)
{
    return db_first(db_prepare(db, WRITE_WEBHOOK_NEXT), INT64_MAX);
}

enum store_status webhook_done(struct db *db, const struct webhook_due *due, int http_status)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_WEBHOOK_EVENT_DELETE, due->event_id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_WEBHOOK_DONE, due->account, (int64_t)http_status, clock_now_s());
    return db_end(db, status);
}

enum store_status webhook_failed(struct db *db, const struct webhook_due *due, int http_status, const char *error,
                                 int64_t next_at, int give_up)
{
    const int is_over = give_up || due->failures + 1 >= WEBHOOK_GIVE_UP_FAILURES;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_WEBHOOK_FAILED, due->account, (int64_t)http_status, error, clock_now_s(), next_at,
                      (int64_t)!is_over);
    if (status == STORE_OK && is_over)
        status = db_write(db, WRITE_WEBHOOK_FORGET, due->account);
    return db_end(db, status);
}
