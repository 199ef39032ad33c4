/*
 * The file and the pool of connections: see store.h. WAL lets readers go on while one writes; synchronous=FULL
 * makes an answered post survive a power cut; secure_delete overwrites what is deleted. Next: rows.c, then the
 * nouns: account.c, session.c, post.c.
 */
#include "base/lang.h"
#include "blocklist_memory.h"
#include "db.h"
#include "erase.h"
#include "reserve.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

enum { MAX_CONNECTIONS = 8, SECRET_BYTES = 32, CACHE_KIB = 4096 };

struct store {
    char *path;
    pthread_mutex_t mutex;
    pthread_cond_t given_back;
    pthread_mutex_t turn_mutex;
    pthread_cond_t turn_given;
    int is_writing; /* somebody has the turn */
    struct db *idle;
    int open_connections;
    pthread_mutex_t watch_mutex;
    struct db *watch; /* never writes, so that its data_version counts the commits of everyone else */
    sqlite3_stmt *watch_version;
    unsigned char secret[SECRET_BYTES];
    struct blocklist *blocklist;
    struct reserve *reserve;
    _Atomic uint64_t erasures;
    void (*wrote)(void *context); /* store_on_write(); NULL: nobody wants to know */
    void *wrote_context;
};

/* The page size counts when the file is made: src/README.md says why it is small. */
static const char connection_setup[] = "PRAGMA page_size = 1024;"
                                       "PRAGMA journal_mode = WAL;"
                                       "PRAGMA synchronous = FULL;"
                                       "PRAGMA foreign_keys = ON;"
                                       "PRAGMA secure_delete = ON;"
                                       "PRAGMA temp_store = MEMORY;";

static void db_close(struct db *db)
{
    if (!db)
        return;
    for (int i = 0; i < QUERY_COUNT; i++)
        sqlite3_finalize(db->queries[i]);
    for (int i = 0; i < WRITE_COUNT; i++)
        sqlite3_finalize(db->writes[i]);
    sqlite3_close(db->handle);
    free(db);
}

static struct db *db_open(struct store *store, char *message, size_t message_bytes)
{
    char cache[64];
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    db->store = store;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(store->path, &db->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", CACHE_KIB);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db->handle, cache, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db->handle, connection_setup, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = db_add_functions(db->handle);
    if (code == SQLITE_OK) {
        sqlite3_update_hook(db->handle, erase_watch, &store->erasures);
        return db;
    }
    if (message)
        snprintf(message, message_bytes, "%s: %s", store->path, sqlite3_errmsg(db->handle));
    db_close(db);
    return NULL;
}

static int load_secret(struct store *store, struct db *db)
{
    char hex[2 * SECRET_BYTES + 1];
    unsigned char fresh[SECRET_BYTES];
    randombytes_buf(fresh, sizeof fresh);
    sodium_bin2hex(hex, sizeof hex, fresh, sizeof fresh);
    /* Two processes may start at once: the first secret stays, both read it back. */
    sqlite3_stmt *insert = NULL, *select = NULL;
    int rc = -1;
    if (sqlite3_prepare_v2(db->handle, "INSERT INTO settings (key, value) VALUES ('secret', ?1) ON CONFLICT DO NOTHING",
                           -1, &insert, NULL) == SQLITE_OK &&
        sqlite3_bind_text(insert, 1, hex, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(insert) == SQLITE_DONE &&
        sqlite3_prepare_v2(db->handle, "SELECT value FROM settings WHERE key = 'secret'", -1, &select, NULL) ==
            SQLITE_OK &&
        sqlite3_step(select) == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(select, 0);
        size_t size;
        if (value && sodium_hex2bin(store->secret, SECRET_BYTES, value, strlen(value), NULL, &size, NULL) == 0 &&
            size == SECRET_BYTES)
            rc = 0;
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(select);
    return rc;
}

int store_exists(const char *folder)
{
    char path[1100];
    return (size_t)snprintf(path, sizeof path, "%s/piclog.db", folder) < sizeof path && access(path, F_OK) == 0;
}

enum store_status store_open(const char *folder, struct store **ret_store, char *message, size_t message_bytes)
{
    struct store *store = calloc(1, sizeof *store);
    enum store_status status = STORE_FAILED;
    if (store)
        store->blocklist = blocklist_new();
    if (!store || !store->blocklist || sodium_init() < 0 || asprintf(&store->path, "%s/piclog.db", folder) < 0) {
        blocklist_free(store ? store->blocklist : NULL);
        free(store);
        snprintf(message, message_bytes, tr("out of memory"));
        return STORE_FAILED;
    }
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->given_back, NULL);
    pthread_mutex_init(&store->turn_mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&store->turn_given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&store->watch_mutex, NULL);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        snprintf(message, message_bytes, tr("%s cannot be made: %s"), folder, strerror(errno));
        store_close(store);
        return STORE_FAILED;
    }
    reserve_make_way(folder);
    struct db *db = db_open(store, message, message_bytes);
    if (db) {
        status = db_migrate(db->handle, message, message_bytes);
        if (status == STORE_OK && db_prepare_all(db, message, message_bytes) != 0)
            status = STORE_FAILED;
        if (status == STORE_OK && load_secret(store, db) != 0) {
            snprintf(message, message_bytes, tr("%s: the secret of this instance cannot be read"), store->path);
            status = STORE_FAILED;
        }
        store->idle = db;
        store->open_connections = 1;
    }
    if (status == STORE_OK) {
        store->watch = db_open(store, message, message_bytes);
        if (!store->watch || sqlite3_prepare_v2(store->watch->handle, "PRAGMA data_version", -1, &store->watch_version,
                                                NULL) != SQLITE_OK)
            status = STORE_FAILED;
    }
    if (status != STORE_OK) {
        store_close(store);
        return status;
    }
    *ret_store = store;
    return STORE_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    while (store->idle) {
        struct db *next = store->idle->next;
        db_close(store->idle);
        store->idle = next;
    }
    sqlite3_finalize(store->watch_version);
    db_close(store->watch);
    pthread_mutex_destroy(&store->watch_mutex);
    pthread_cond_destroy(&store->turn_given);
    pthread_mutex_destroy(&store->turn_mutex);
    pthread_cond_destroy(&store->given_back);
    pthread_mutex_destroy(&store->mutex);
    sodium_memzero(store->secret, sizeof store->secret);
    blocklist_free(store->blocklist);
    reserve_close(store->reserve);
    free(store->path);
    free(store);
}

struct db *store_acquire(struct store *store)
{
    struct db *db = NULL;
    pthread_mutex_lock(&store->mutex);
    while (!db) {
        if (store->idle) {
            db = store->idle;
            store->idle = db->next;
        } else if (store->open_connections < MAX_CONNECTIONS && (db = db_open(store, NULL, 0))) {
            store->open_connections++;
        } else {
            /* All are out, or no more can be opened: there is at least one, and it comes back. */
            pthread_cond_wait(&store->given_back, &store->mutex);
        }
    }
    pthread_mutex_unlock(&store->mutex);
    return db;
}

void store_release(struct store *store, struct db *db)
{
    reserve_forget(db);
    pthread_mutex_lock(&store->mutex);
    db->next = store->idle;
    store->idle = db;
    pthread_cond_signal(&store->given_back);
    pthread_mutex_unlock(&store->mutex);
}

enum store_status store_take_turn(struct store *store)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BUSY_TIMEOUT_MS / 1000;
    int error = 0;
    pthread_mutex_lock(&store->turn_mutex);
    while (store->is_writing && !error)
        error = pthread_cond_timedwait(&store->turn_given, &store->turn_mutex, &until);
    const int is_mine = !store->is_writing;
    store->is_writing = 1;
    pthread_mutex_unlock(&store->turn_mutex);
    return is_mine ? STORE_OK : STORE_BUSY;
}

void store_give_turn(struct store *store)
{
    pthread_mutex_lock(&store->turn_mutex);
    store->is_writing = 0;
    pthread_cond_signal(&store->turn_given);
    pthread_mutex_unlock(&store->turn_mutex);
}

uint64_t store_version(struct store *store)
{
    uint64_t version = 0;
    pthread_mutex_lock(&store->watch_mutex);
    if (store->watch_version && sqlite3_step(store->watch_version) == SQLITE_ROW)
        version = (uint64_t)sqlite3_column_int64(store->watch_version, 0);
    sqlite3_reset(store->watch_version);
    pthread_mutex_unlock(&store->watch_mutex);
    return version;
}

void store_on_write(struct store *store, void (*wrote)(void *context), void *context)
{
    store->wrote = wrote;
    store->wrote_context = context;
}

void store_wrote(const struct store *store)
{
    if (store->wrote)
        store->wrote(store->wrote_context);
}

uint64_t store_erasures(struct store *store)
{
    return atomic_load(&store->erasures);
}

enum store_status store_keep_reserve(struct store *store, const char *folder, size_t bytes, int is_keeper)
{
    assert(!store->reserve);
    if (bytes)
        store->reserve = reserve_open(folder, bytes, is_keeper);
    return store->reserve || !bytes ? STORE_OK : STORE_FAILED;
}

int store_look_after_reserve(struct store *store)
{
    if (!store->reserve)
        return 0;
    reserve_look_after(store->reserve);
    return reserve_is_low(store->reserve);
}

struct reserve *reserve_of(const struct store *store)
{
    return store->reserve;
}

struct blocklist *store_blocklist(struct store *store)
{
    return store->blocklist;
}

const unsigned char *store_secret(const struct store *store)
{
    return store->secret;
}

const char *db_error(struct db *db)
{
    return sqlite3_errmsg(db->handle);
}
