/*
 * Marks of what happened: see live.h. Refuses to hold a word of it, and to make one: triggers do. Next:
 * migrations/0011_live.sql, statements/live.sql.
 */
#include "live.h"

#include <string.h>

#include "account.h"
#include "base/clock.h"
#include "db.h"

enum store_status live_latest(struct db *db, int64_t *ret_newest, int64_t *ret_oldest)
{
    sqlite3_stmt *row = db_prepare_of(db, WRITE_LIVE_LATEST, &(struct db_value){.type = DB_END});
    enum store_status status = STORE_FAILED;
    if (row && sqlite3_step(row) == SQLITE_ROW) {
        *ret_newest = sqlite3_column_int64(row, 0);
        *ret_oldest = sqlite3_column_type(row, 1) == SQLITE_NULL ? *ret_newest + 1 : sqlite3_column_int64(row, 1);
        status = STORE_OK;
    }
    sqlite3_reset(row);
    return status;
}

static enum live_kind kind_of(const char *name)
{
    static const struct {
        const char *name;
        enum live_kind kind;
    } kinds[] = {{"picture", LIVE_POST}, {"status", LIVE_POST},       {"mood", LIVE_POST},
                 {"tie", LIVE_TIE},      {"presence", LIVE_PRESENCE}, {"end", LIVE_END}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (name && strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    return LIVE_OTHER;
}

int live_marks(struct db *db, int64_t after, struct live_mark *ret_marks, int max)
{
    sqlite3_stmt *row = db_prepare(db, WRITE_LIVE_MARKS, after, max);
    int count = 0, code = SQLITE_ERROR;
    while (row && count < max && (code = sqlite3_step(row)) == SQLITE_ROW)
        ret_marks[count++] = (struct live_mark){
            .id = sqlite3_column_int64(row, 0),
            .account = sqlite3_column_int64(row, 1),
            .kind = kind_of((const char *)sqlite3_column_text(row, 2)),
            .by = sqlite3_column_int64(row, 3),
            .ref = sqlite3_column_int64(row, 4),
        };
    sqlite3_reset(row);
    return code == SQLITE_DONE || code == SQLITE_ROW ? count : -1;
}

static int each_account(sqlite3_stmt *row, void (*each)(void *context, int64_t account), void *context)
{
    int code = SQLITE_ERROR;
    while (row && (code = sqlite3_step(row)) == SQLITE_ROW)
        each(context, sqlite3_column_int64(row, 0));
    sqlite3_reset(row);
    return code == SQLITE_DONE ? 0 : -1;
}

int live_followers(struct db *db, int64_t account, void (*each)(void *context, int64_t account), void *context)
{
    return each_account(db_prepare(db, WRITE_LIVE_FOLLOWERS, account), each, context);
}

int live_friends(struct db *db, int64_t account, void (*each)(void *context, int64_t account), void *context)
{
    return each_account(db_prepare(db, WRITE_LIVE_FRIENDS_OF, account), each, context);
}

int live_may(struct db *db, int64_t account, int64_t session, int64_t token)
{
    sqlite3_stmt *row =
        db_prepare(db, WRITE_LIVE_MAY, account, session, token, clock_now_s() - (int64_t)SESSION_DAYS * 86400);
    const int may = row && sqlite3_step(row) == SQLITE_ROW;
    sqlite3_reset(row);
    return may;
}

enum store_status live_expire(struct db *db)
{
    /* an hour's worth at once: each deletion is a write that others wait for */
    const int64_t now = clock_now_s();
    sqlite3_stmt *row =
        db_prepare(db, WRITE_LIVE_IS_OLD, now - LIVE_KEEP_S - 3600, (int64_t)LIVE_KEEP_MAX + LIVE_KEEP_MAX / 10);
    const int is_old = row && sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0);
    sqlite3_reset(row);
    return is_old ? db_write(db, WRITE_LIVE_EXPIRE, now - LIVE_KEEP_S, (int64_t)LIVE_KEEP_MAX) : STORE_OK;
}
