/*
 * The schema: migrations/NNNN_name.sql, append-only, embedded in the order of their numbers. Each runs in one
 * transaction together with the new user_version, so that a power cut leaves either the old schema or the new. Refuses
 * a database that a newer piclog wrote. Read next: migrations/.
 */
#include "base/lang.h"
#include "db.h"

#include <stdio.h>

#include "migrations.h" /* generated: static const char *const migrations[] */

enum { MIGRATION_COUNT = sizeof migrations / sizeof migrations[0] };

static int user_version(sqlite3 *handle)
{
    sqlite3_stmt *statement = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(handle, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

static int exec(sqlite3 *handle, const char *sql)
{
    return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

enum store_status db_migrate(sqlite3 *handle, char *message, size_t message_bytes)
{
    for (;;) {
        char set_version[64];
        /* The version is read inside the transaction: two processes may start on a new folder at once. */
        if (exec(handle, "BEGIN IMMEDIATE") != SQLITE_OK)
            break;
        int version = user_version(handle);
        if (version >= MIGRATION_COUNT || version < 0) {
            exec(handle, "ROLLBACK");
            if (version == MIGRATION_COUNT)
                return STORE_OK;
            snprintf(
                message, message_bytes,
                tr("the database has schema %d and this piclog knows up to %d: run the newer piclog that wrote it"),
                version, MIGRATION_COUNT);
            return STORE_INVALID;
        }
        snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", version + 1);
        if (exec(handle, migrations[version]) != SQLITE_OK || exec(handle, set_version) != SQLITE_OK ||
            exec(handle, "COMMIT") != SQLITE_OK) {
            snprintf(message, message_bytes, tr("schema %d: %s"), version + 1, sqlite3_errmsg(handle));
            exec(handle, "ROLLBACK");
            return STORE_FAILED;
        }
    }
    snprintf(message, message_bytes, tr("the database: %s"), sqlite3_errmsg(handle));
    return STORE_FAILED;
}
