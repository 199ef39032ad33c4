/*
 * The store: everything that piclog keeps, in one SQLite file.
 *
 *     struct store   the file and a pool of connections; any number of threads
 *     struct db      one connection, borrowed by one thread for a moment: store_acquire(), store_release()
 *
 * Reads are named statements (queries.h) whose column names are the field names of templates and JSON:
 * db_rows(), db_row(). Writes are typed functions, one file per noun: account.h, post.h, profile.h, webhook.h, … Each
 * is one transaction: when it fails, nothing has changed.
 */
#ifndef PICLOG_STORE_STORE_H
#define PICLOG_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "bind.h"
#include "queries.h"

enum store_status {
    STORE_OK = 0,
    STORE_NOT_FOUND, /* no such row, or it belongs to somebody else */
    STORE_TAKEN,     /* a name that must be unique exists already */
    STORE_ALIKE,     /* a name that looks like one that exists, or that rests */
    STORE_INVALID,   /* a value that the schema refuses */
    STORE_FULL,      /* a quota of storage is used up, or the disk is full */
    STORE_CROWDED,   /* as much waits there as may */
    STORE_BUSY,      /* another process kept the file locked for too long */
    STORE_REFUSED,   /* holds a word that this piclog does not take */
    STORE_BLOCKED,   /* a picture of the block list */
    STORE_FAILED     /* the database cannot be read or written; errno-like text: db_error() */
};

#define STORE_MUST_USE __attribute__((warn_unused_result))

struct store;
struct db;

/*
 * Opens or creates DIR/piclog.db, brings its schema up to date, prepares every statement once. folder is made when it
 * is missing. On success *ret_store belongs to the caller. Otherwise message (of message_bytes) says why, e.g. that the
 * database was written by a newer piclog.
 */
STORE_MUST_USE enum store_status store_open(const char *folder, struct store **ret_store, char *message,
                                            size_t message_bytes);
void store_close(struct store *store);

/*
 * Keeps a reserve of so many bytes in the folder of the database (piclog.reserve; 0: none), for what has to be written
 * when the disk is full: deletions, sign-ins, decisions of administrators. With less than it and an eighth left, what
 * adds something is STORE_FULL unless the database has free pages for it. is_keeper: makes the file, also again when
 * room is back; without, a shell command obeys and may use it. Once, before other threads know the store.
 */
STORE_MUST_USE enum store_status store_keep_reserve(struct store *store, const char *folder, size_t bytes,
                                                    int is_keeper);
/* From time to time: gives it up for the log when nothing else is left, makes it again when room is back. 1 when the
   disk is so full that what adds something is refused. */
int store_look_after_reserve(struct store *store);

/* 1 if there is a database in the folder. */
int store_exists(const char *folder);

/* A connection for the calling thread; waits while all are out. Give it back soon: never across a network wait. */
struct db *store_acquire(struct store *store);
void store_release(struct store *store, struct db *db);

/*
 * Moves whenever anything may have changed, by this process or another: what was cached under another number is stale.
 * Thread-safe. Cost: a few microseconds.
 */
uint64_t store_version(struct store *store);

/* wrote(context) is called after each commit of this process, by the thread that wrote; it must not use the store. Set
   it before there are other threads. */
void store_on_write(struct store *store, void (*wrote)(void *context), void *context);

struct blocklist;
struct blocklist *store_blocklist(struct store *store); /* blocklist.h */

/* The secret of this instance (32 random bytes, made with the database): for keyed hashes and signatures. */
const unsigned char *store_secret(const struct store *store);

/* The last error of a connection in words. */
const char *db_error(struct db *db);

/*
 * db_rows(db, query, …): runs a reading statement with its parameters, of any type that bind.h knows; those left out
 * are NULL. Returns an array of objects (new reference; empty when there is nothing), NULL on failure.
 * Columns become fields of the same name; is_*, has_* and shows_* become true or false; *_json is parsed and loses its
 * ending.
 */
#define db_rows(db, query, ...) db_rows_of(db, query, DB_VALUES(__VA_ARGS__))
json_t *db_rows_of(struct db *db, enum query query, const struct db_value *values);

/* The first row as an object; JSON null when there is none; NULL on failure. */
#define db_row(db, query, ...) db_row_of(db, query, DB_VALUES(__VA_ARGS__))
json_t *db_row_of(struct db *db, enum query query, const struct db_value *values);

/* The first column of the first row; fallback when there is none. */
#define db_number(db, query, fallback, ...) db_number_of(db, query, fallback, DB_VALUES(__VA_ARGS__))
int64_t db_number_of(struct db *db, enum query query, int64_t fallback, const struct db_value *values);

/*
 * Turns what a person typed into a full-text query that cannot fail: words in any order. Whole words are found newest
 * first without reading the others; with last_is_beginning also longer words count, for which all that match are read.
 * Returns malloc'd text; empty when there is no word.
 */
char *store_search_words(const char *typed, int last_is_beginning);

/* A consistent copy of the database into a new file, also while others write. */
STORE_MUST_USE enum store_status store_backup(struct db *db, const char *path, char *message, size_t message_bytes);

/*
 * The same into a pipe or whatever fd is, as the file it will be, without room on this disk. What is written meanwhile
 * waits in the log, which grows. Gives up after five minutes in which nobody reads. A reader that gets less than all of
 * it has a file that store_restore refuses.
 */
STORE_MUST_USE enum store_status store_stream(struct db *db, int fd, char *message, size_t message_bytes);

/*
 * Puts a backup in place as the database of a folder, after a check of its integrity and schema. An existing database
 * is replaced only with force, and never while another process has it open. The old one stays when anything fails.
 */
STORE_MUST_USE enum store_status store_restore(const char *path, const char *folder, int force, char *message,
                                               size_t message_bytes);

#endif
