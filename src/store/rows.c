/*
 * Running statements: rows become JSON, parameters come as values of bind.h, results of SQLite become store_status, and
 * whoever writes waits for their turn.
 * Refuses to go on in a transaction that SQLite has rolled back by itself. Read next: post.c.
 */
#include "db.h"
#include "reserve.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "blocklist.h"

int db_bind(sqlite3_stmt *statement, const struct db_value *values)
{
    for (int i = 0; values[i].type != DB_END; i++) {
        const struct db_value *value = &values[i];
        int code = SQLITE_OK;
        switch (value->type) {
        case DB_END:
        case DB_NULL: code = sqlite3_bind_null(statement, i + 1); break;
        case DB_INTEGER: code = sqlite3_bind_int64(statement, i + 1, value->integer); break;
        case DB_TEXT: code = sqlite3_bind_text(statement, i + 1, value->text, -1, SQLITE_TRANSIENT); break;
        case DB_BLOB:
            code = sqlite3_bind_blob64(statement, i + 1, value->blob->data, value->blob->size_bytes, SQLITE_STATIC);
            break;
        }
        assert(code != SQLITE_RANGE && "more values than parameters");
        if (code != SQLITE_OK)
            return -1;
    }
    return 0;
}

enum store_status db_status(int sqlite_code)
{
    switch (sqlite_code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW: return STORE_OK;
    case SQLITE_CONSTRAINT:
        return sqlite_code == SQLITE_CONSTRAINT_UNIQUE || sqlite_code == SQLITE_CONSTRAINT_PRIMARYKEY ? STORE_TAKEN
                                                                                                      : STORE_INVALID;
    case SQLITE_FULL: return STORE_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return STORE_BUSY;
    default: return STORE_FAILED;
    }
}

static int starts_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static int ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);
    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static json_t *column_value(sqlite3_stmt *statement, int column, const char *name)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
        json_int_t value = sqlite3_column_int64(statement, column);
        return starts_with(name, "is_") || starts_with(name, "has_") || starts_with(name, "takes_") ||
                       starts_with(name, "shows_")
                   ? json_boolean(value)
                   : json_integer(value);
    }
    case SQLITE_FLOAT: return json_real(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        size_t length = (size_t)sqlite3_column_bytes(statement, column);
        return ends_with(name, "_json") ? json_loadb(text, length, JSON_DECODE_ANY, NULL) : json_stringn(text, length);
    }
    default: return json_null();
    }
}

static json_t *row_object(sqlite3_stmt *statement)
{
    json_t *object = json_object();
    for (int i = 0; object && i < sqlite3_column_count(statement); i++) {
        const char *name = sqlite3_column_name(statement, i);
        char shortened[64];
        json_t *value = column_value(statement, i, name);
        if (ends_with(name, "_json") && strlen(name) < sizeof shortened) {
            memcpy(shortened, name, strlen(name) - 5);
            shortened[strlen(name) - 5] = '\0';
            name = shortened;
        }
        if (json_object_set_new(object, name, value) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

static json_t *rows(sqlite3_stmt *statement, const struct db_value *values, int only_first)
{
    json_t *result = NULL;
    if (!statement || db_bind(statement, values) != 0)
        goto out;
    result = only_first ? json_null() : json_array();
    int code;
    while (result && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        json_t *object = row_object(statement);
        if (only_first) {
            json_decref(result);
            result = object;
            code = SQLITE_DONE;
            break;
        }
        if (json_array_append_new(result, object) != 0) {
            code = SQLITE_NOMEM;
            break;
        }
    }
    if (result && code != SQLITE_DONE) {
        json_decref(result);
        result = NULL;
    }
out:
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
    return result;
}

json_t *db_rows_of(struct db *db, enum query query, const struct db_value *values)
{
    return rows(db_query(db, query), values, 0);
}

json_t *db_row_of(struct db *db, enum query query, const struct db_value *values)
{
    return rows(db_query(db, query), values, 1);
}

int64_t db_number_of(struct db *db, enum query query, int64_t fallback, const struct db_value *values)
{
    sqlite3_stmt *statement = db_query(db, query);
    int64_t number = fallback;
    if (statement && db_bind(statement, values) == 0 && sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_type(statement, 0) != SQLITE_NULL)
        number = sqlite3_column_int64(statement, 0);
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
    return number;
}

sqlite3_stmt *db_prepare_of(struct db *db, enum write write, const struct db_value *values)
{
    sqlite3_stmt *statement = db_statement(db, write);
    return statement && db_bind(statement, values) == 0 ? statement : NULL;
}

/* One that is taken already stays. */
static enum store_status take_turn(struct db *db)
{
    const enum store_status status = db->has_turn ? STORE_OK : store_take_turn(db->store);
    db->has_turn = status == STORE_OK;
    return status;
}

static void give_turn(struct db *db)
{
    if (db->has_turn)
        store_give_turn(db->store);
    db->has_turn = 0;
}

static enum store_status write_in_turn(struct db *db, enum write write, const struct db_value *values)
{
    sqlite3_stmt *statement = db_statement(db, write);
    enum store_status status = STORE_FAILED;
    /* SQLite rolls back by itself when memory or disk run out: what comes behind must not be kept alone. */
    int is_rolled_back = db->in_transaction && sqlite3_get_autocommit(db->handle);
    const enum store_status room = is_rolled_back ? STORE_FAILED : reserve_check(db, write);
    if (room != STORE_OK) {
        status = room;
    } else if (statement && db_bind(statement, values) == 0) {
        int code = sqlite3_step(statement);
        status = db_status(code == SQLITE_DONE || code == SQLITE_ROW ? code : sqlite3_extended_errcode(db->handle));
    }
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
    return status;
}

enum store_status db_write_of(struct db *db, enum write write, const struct db_value *values)
{
    const int had_turn = db->has_turn;
    enum store_status status = take_turn(db);
    if (status == STORE_OK)
        status = write_in_turn(db, write, values);
    if (!had_turn)
        give_turn(db);
    if (status == STORE_OK && !db->in_transaction && sqlite3_get_autocommit(db->handle))
        store_wrote(db->store);
    return status;
}

enum store_status db_blob(sqlite3_stmt *statement, void **ret_data, size_t *ret_size_bytes)
{
    if (!statement)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const void *data = sqlite3_column_blob(statement, 0);
        size_t size = (size_t)sqlite3_column_bytes(statement, 0);
        void *copy = data ? malloc(size) : NULL;
        status = copy ? STORE_OK : STORE_FAILED;
        if (copy) {
            *ret_data = memcpy(copy, data, size);
            *ret_size_bytes = size;
        }
    }
    sqlite3_reset(statement);
    return status;
}

int64_t db_first(sqlite3_stmt *statement, int64_t fallback)
{
    int64_t value = fallback;
    if (statement && sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

enum store_status db_changed(struct db *db)
{
    return sqlite3_changes(db->handle) > 0 ? STORE_OK : STORE_NOT_FOUND;
}

enum store_status db_begin(struct db *db)
{
    if (db->in_transaction) {
        db->within++;
        return STORE_OK;
    }
    enum store_status status = take_turn(db);
    if (status != STORE_OK)
        return status;
    /* Left open when the memory did not suffice to roll back. */
    if (!sqlite3_get_autocommit(db->handle))
        (void)!db_write(db, WRITE_ROLLBACK);
    db->in_transaction = 0;
    status = db_write(db, WRITE_BEGIN);
    db->in_transaction = status == STORE_OK;
    if (status != STORE_OK)
        give_turn(db);
    return status;
}

enum store_status db_end(struct db *db, enum store_status status)
{
    assert(db->in_transaction);
    if (db->within) {
        db->within--;
        return status;
    }
    if (status == STORE_OK)
        status = db_write(db, WRITE_COMMIT);
    if (status != STORE_OK && !sqlite3_get_autocommit(db->handle))
        (void)!db_write(db, WRITE_ROLLBACK);
    db->in_transaction = 0;
    give_turn(db);
    if (status == STORE_OK)
        store_wrote(db->store);
    if (db->has_new_lists)
        blocklist_changed(db->store); /* not before: whoever read them now would keep the old ones */
    db->has_new_lists = 0;
    return status;
}

/* Words as SQLite's unicode61 tokenizer sees them are letters and digits; everything else separates them here. */
static int is_word_byte(unsigned char byte)
{
    return byte >= 0x80 || isalnum(byte);
}

char *store_search_words(const char *typed, int last_is_beginning)
{
    struct buf words = {0};
    enum { MAX_WORDS = 8, MAX_WORD_BYTES = 64 };
    int count = 0;
    buf_puts(&words, "");
    for (const char *at = typed; *at && count < MAX_WORDS;) {
        while (*at && !is_word_byte((unsigned char)*at))
            at++;
        size_t length = 0;
        while (is_word_byte((unsigned char)at[length]))
            length++;
        if (length && length <= MAX_WORD_BYTES) {
            if (count++)
                buf_putc(&words, ' ');
            buf_putc(&words, '"');
            buf_append(&words, at, length);
            buf_puts(&words, "\"");
        }
        at += length;
    }
    if (count && last_is_beginning)
        buf_putc(&words, '*');
    return buf_take(&words, NULL);
}

int64_t db_pragma(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = 0;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

int db_is_log_empty(sqlite3 *handle)
{
    sqlite3_file *log = NULL;
    sqlite3_int64 size_bytes = -1;
    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log &&
           (!log->pMethods || (log->pMethods->xFileSize(log, &size_bytes) == SQLITE_OK && size_bytes == 0));
}
