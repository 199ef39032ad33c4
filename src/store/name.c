/*
 * Names that cannot be had: see name.h. Refuses to keep the name of anybody who left: a hash of its skeleton under the
 * instance's secret is enough to know it again. Read next: ../base/skeleton.c.
 */
#include "name.h"

#include <stdio.h>

#include "account.h"
#include "base/clock.h"
#include "base/skeleton.h"
#include "db.h"

static void hash_skeleton(const struct store *store, const char *skeleton, unsigned char ret_hash[SECRET_HASH_BYTES])
{
    char text[SKELETON_BYTES + 16];
    snprintf(text, sizeof text, "resting name %s", skeleton);
    secret_hash(store, text, ret_hash);
}

enum store_status name_is_free(struct db *db, const char *name)
{
    char skeleton[SKELETON_BYTES];
    unsigned char hash[SECRET_HASH_BYTES];
    skeleton_make(name, skeleton);
    hash_skeleton(db->store, skeleton, hash);
    sqlite3_stmt *found =
        db_prepare(db, WRITE_NAME_FOUND, name, skeleton, (&(struct blob){hash, sizeof hash}), clock_now_s());
    if (!found)
        return STORE_FAILED;
    const int code = sqlite3_step(found);
    enum store_status status = code == SQLITE_ROW    ? (sqlite3_column_int(found, 0) ? STORE_TAKEN : STORE_ALIKE)
                               : code == SQLITE_DONE ? STORE_OK
                                                     : db_status(code);
    sqlite3_reset(found);
    return status;
}

enum store_status name_rest(struct db *db, int64_t account, int usual_days)
{
    char name[NAME_MAX_BYTES + 1] = "", skeleton[SKELETON_BYTES];
    unsigned char hash[SECRET_HASH_BYTES];
    const int64_t days = db_number(db, QUERY_NAME_REST_DAYS, usual_days, (int64_t)usual_days), now = clock_now_s();
    sqlite3_stmt *found = db_prepare(db, WRITE_NAME_OF, account);
    if (!found)
        return STORE_FAILED;
    if (sqlite3_step(found) == SQLITE_ROW)
        snprintf(name, sizeof name, "%s", (const char *)sqlite3_column_text(found, 0));
    sqlite3_reset(found);
    if (!*name)
        return STORE_NOT_FOUND;
    if (days <= 0)
        return STORE_OK;
    skeleton_make(name, skeleton);
    hash_skeleton(db->store, skeleton, hash);
    return db_write(db, WRITE_NAME_REST, (&(struct blob){hash, sizeof hash}), now + days * 86400);
}

enum store_status names_expire(struct db *db)
{
    return db_write(db, WRITE_NAMES_EXPIRE, clock_now_s());
}
