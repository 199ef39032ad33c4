/*
 * Every statement by its name, prepared on first use: the texts are statements/NAME.sql. Refuses to run any: rows.c
 * does.
 */
#include "base/text.h"
#include "db.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const query_sql[QUERY_COUNT] = {
#define QUERY_SQL(name, sql) [QUERY_##name] = (sql),
    QUERIES(QUERY_SQL)
#undef QUERY_SQL
};
static const char *const write_sql[WRITE_COUNT] = {
#define WRITE_SQL(name, sql) [WRITE_##name] = (sql),
    WRITES(WRITE_SQL)
#undef WRITE_SQL
};

/* folded(text): small letters without accents, as the full-text indices compare words. */
static void folded(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = (const char *)sqlite3_value_text(values[0]);
    (void)count;
    if (text)
        sqlite3_result_text(context, text_fold(text), -1, free);
    else if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        sqlite3_result_error_nomem(context);
}

int db_add_functions(sqlite3 *handle)
{
    return sqlite3_create_function(handle, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                   folded, NULL, NULL);
}

static sqlite3_stmt *prepare(struct db *db, sqlite3_stmt **slot, const char *sql)
{
    if (!*slot && sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL) != SQLITE_OK)
        *slot = NULL;
    return *slot;
}

sqlite3_stmt *db_query(struct db *db, enum query query)
{
    return prepare(db, &db->queries[query], query_sql[query]);
}

sqlite3_stmt *db_statement(struct db *db, enum write write)
{
    return prepare(db, &db->writes[write], write_sql[write]);
}

const char *db_write_sql(enum write write)
{
    return write_sql[write];
}

int db_prepare_all(struct db *db, char *message, size_t message_bytes)
{
    for (int i = 0; i < QUERY_COUNT; i++)
        if (!db_query(db, (enum query)i)) {
            snprintf(message, message_bytes, "statement %s: %s", query_sql[i], sqlite3_errmsg(db->handle));
            return -1;
        }
    for (int i = 0; i < WRITE_COUNT; i++)
        if (!db_statement(db, (enum write)i)) {
            snprintf(message, message_bytes, "statement %s: %s", write_sql[i], sqlite3_errmsg(db->handle));
            return -1;
        }
    return 0;
}
