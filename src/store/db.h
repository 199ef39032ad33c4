/* Inside the store only: a connection, its prepared statements, and how writes are run. */
#ifndef PICLOG_STORE_DB_H
#define PICLOG_STORE_DB_H

#include <sqlite3.h>

#include "post.h"
#include "writes.h"

enum { BUSY_TIMEOUT_MS = 10000 };

struct db {
    struct db *next; /* in the pool */
    struct store *store;
    sqlite3 *handle;
    sqlite3_stmt *queries[QUERY_COUNT];
    sqlite3_stmt *writes[WRITE_COUNT];
    int in_transaction; /* between db_begin and db_end */
    int within;         /* further ones begun in it */
    int has_turn;       /* to write: store_take_turn */
    int room, is_tight; /* reserve.c: when it began, and whether the file may not grow */
    int has_new_lists;  /* it changed what blocklist.c holds in memory */
};

/* Gives a connection the SQL functions that statements use. A code of SQLite. */
int db_add_functions(sqlite3 *handle);
/* Statements are prepared on first use and kept; NULL: they cannot be. Reset them after use. */
sqlite3_stmt *db_query(struct db *db, enum query query);
sqlite3_stmt *db_statement(struct db *db, enum write write);
const char *db_write_sql(enum write write);
/* All of them, since bad SQL shall fail at the start, not at the first visitor. 0, or -1 with the message. */
int db_prepare_all(struct db *db, char *message, size_t message_bytes);

/* Binds values up to DB_END; -1 when the statement has fewer parameters or memory ran out. */
int db_bind(sqlite3_stmt *statement, const struct db_value *values);

/* A statement with its parameters bound, ready for sqlite3_step. NULL on failure. */
#define db_prepare(db, write, ...) db_prepare_of(db, write, DB_VALUES(__VA_ARGS__))
sqlite3_stmt *db_prepare_of(struct db *db, enum write write, const struct db_value *values);

/* The first column of the first row as malloc'd bytes for the caller; STORE_NOT_FOUND without a row. Resets. */
STORE_MUST_USE enum store_status db_blob(sqlite3_stmt *statement, void **ret_data, size_t *ret_size_bytes);

/* The first column of the first row; fallback without one, for NULL, and when it cannot be read. statement may be
   NULL. Resets. */
int64_t db_first(sqlite3_stmt *statement, int64_t fallback);

/* Runs a write to its end. STORE_NOT_FOUND is never returned: see db_changed. */
#define db_write(db, write, ...) db_write_of(db, write, DB_VALUES(__VA_ARGS__))
STORE_MUST_USE enum store_status db_write_of(struct db *db, enum write write, const struct db_value *values);

/* The number that a pragma answers with; 0 when it cannot be read. */
int64_t db_pragma(sqlite3 *handle, const char *sql);
/* Does the write-ahead log hold nothing, so that all there is lies in the file? */
int db_is_log_empty(sqlite3 *handle);

/*
 * Writers of one process take turns, and one that ends wakes the next at once: SQLite lets only one write, and has the
 * others look again after ever longer naps. STORE_BUSY after BUSY_TIMEOUT_MS.
 */
STORE_MUST_USE enum store_status store_take_turn(struct store *store);
void store_give_turn(struct store *store);

/* A transaction was committed: tells whoever wants to know. */
void store_wrote(const struct store *store);

/* STORE_NOT_FOUND when the last write changed no row. */
enum store_status db_changed(struct db *db);

/*
 * Begin, and end by what came of it: commits STORE_OK, rolls everything else back. Returns what came of both. One that
 * begins within another is part of it and ends nothing: whoever began first has to roll back what failed within.
 */
STORE_MUST_USE enum store_status db_begin(struct db *db);
STORE_MUST_USE enum store_status db_end(struct db *db, enum store_status status);

enum store_status db_status(int sqlite_code);

/* Keeps the bytes of an image, once; whoever points to it counts its uses (triggers). ret_hash: its address. */
STORE_MUST_USE enum store_status image_keep(struct store *store, struct db *db, const struct image *image,
                                            char ret_hash[IMAGE_HASH_BYTES]);
/* The address of an image: a keyed hash, so that nobody can ask whether a picture they know is here. */
void image_hash(const struct store *store, const struct image *image, char ret_hash[IMAGE_HASH_BYTES]);
/* Bytes of all pictures of an account; -1: there is no such account. */
int64_t storage_of(struct db *db, int64_t account);
/* What an account may fill: its own quota, the small one of new accounts, or usual_bytes, that of everybody. 0: no end.
 */
int64_t quota_of(struct db *db, int64_t account, int64_t usual_bytes);

/* The update hook of every connection: counts what erase.c has to erase. counter: _Atomic uint64_t. */
void erase_watch(void *counter, int operation, const char *database, const char *table, sqlite3_int64 row);

/* What migrate.c does to a fresh connection. */
STORE_MUST_USE enum store_status db_migrate(sqlite3 *handle, char *message, size_t message_bytes);

/* What is stored of a secret. */
enum { SECRET_HASH_BYTES = 32 };
void secret_hash(const struct store *store, const char *text, unsigned char ret_hash[SECRET_HASH_BYTES]);

#endif
