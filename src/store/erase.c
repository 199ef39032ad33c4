/*
 * What secure_delete leaves behind, and how it goes: see erase.h.
 *
 * SQLite overwrites deleted content (PRAGMA secure_delete), but three places keep copies:
 * - The full-text index only adds: words go when its segments are merged. Merging in steps is what 'optimize' does at
 * once.
 * - The write-ahead log holds older versions of pages until a checkpoint truncates it.
 * - When a b-tree is balanced, cells move to other pages, and the gap between the pointers and the cells of the page
 *   they left keeps a copy (about one in a thousand deleted rows is still found there). The gap is unused by definition
 *   of the file format (https://sqlite.org/fileformat2.html, 1.6), so it can be overwritten in place: while this
 *   connection holds the write lock and the log is empty, the file is all there is, and nobody but us writes to it.
 *
 * Refuses to touch a page that it does not understand. Next: migrations/, whose triggers delete what belongs to a post.
 */
#include "erase.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "db.h"

enum {
    SLICE_PAGES = 4096, /* scrubbed under one lock: a few milliseconds */
    PAGE_MAX_BYTES = 65536,
    TRIES = 20,
    TRY_EVERY_MS = 25,
    WAIT_MS = 100 /* for a lock; the usual patience would hold up the thread */
};

/* Page numbers below this one keep the first byte of overflow and free pages below the types of b-tree pages. */
enum { PAGES_MAX = 0x02000000 };

static enum store_status run(sqlite3 *handle, const char *sql)
{
    return db_status(sqlite3_exec(handle, sql, NULL, NULL, NULL));
}

/* Merges the whole index of a table into one segment, which forgets what was deleted. */
static enum store_status merge(sqlite3 *handle, const char *first, const char *further)
{
    enum store_status status = run(handle, first);
    for (int moved = 1; moved && status == STORE_OK;) {
        int before = sqlite3_total_changes(handle);
        status = run(handle, further);
        moved = sqlite3_total_changes(handle) - before >= 2; /* as the documentation of FTS5 tells when it is done */
    }
    return status;
}

static enum store_status merge_all(sqlite3 *handle)
{
    enum store_status status = merge(handle, "INSERT INTO pictures_text (pictures_text, rank) VALUES ('merge', -256)",
                                     "INSERT INTO pictures_text (pictures_text, rank) VALUES ('merge', 256)");
    return status == STORE_OK ? merge(handle, "INSERT INTO statuses_text (statuses_text, rank) VALUES ('merge', -256)",
                                      "INSERT INTO statuses_text (statuses_text, rank) VALUES ('merge', 256)")
                              : status;
}

static enum store_status truncate_log(sqlite3 *handle)
{
    return db_status(sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

/* ---- Gaps --------------------------------------------------------------------------------------- */

static unsigned read_16(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Finds the gap of a b-tree page; empty for every other page. number begins with 1. */
static void find_gap(const unsigned char *page, unsigned page_bytes, int64_t number, unsigned *ret_from,
                     unsigned *ret_to)
{
    unsigned header = number == 1 ? 100 : 0, type = page[header];
    *ret_from = *ret_to = 0;
    if (type != 2 && type != 5 && type != 10 && type != 13)
        return;
    unsigned cells = read_16(page + header + 3), content = read_16(page + header + 5);
    unsigned from = header + (type == 2 || type == 5 ? 12 : 8) + 2 * cells;
    if (!content)
        content = 65536;
    if (from < content && content <= page_bytes) {
        *ret_from = from;
        *ret_to = content;
    }
}

/* Pages first to last of the file; the log is empty and the write lock ours. */
static enum store_status scrub_pages(sqlite3_file *file, unsigned page_bytes, int64_t first, int64_t last,
                                     int *ret_dirty)
{
    static const unsigned char zeros[PAGE_MAX_BYTES];
    unsigned char pages[PAGE_MAX_BYTES]; /* as many as fit */
    for (int64_t number = first; number <= last;) {
        const sqlite3_int64 offset = (number - 1) * page_bytes;
        int64_t count = PAGE_MAX_BYTES / page_bytes;
        if (count > last - number + 1)
            count = last - number + 1;
        if (file->pMethods->xRead(file, pages, (int)(count * page_bytes), offset) != SQLITE_OK)
            return STORE_FAILED;
        for (int64_t i = 0; i < count; i++) {
            const unsigned char *page = pages + i * page_bytes;
            unsigned from, to;
            find_gap(page, page_bytes, number + i, &from, &to);
            if (!memcmp(page + from, zeros, to - from))
                continue;
            if (file->pMethods->xWrite(file, zeros, (int)(to - from), offset + i * page_bytes + from) != SQLITE_OK)
                return STORE_FAILED;
            *ret_dirty = 1;
        }
        number += count;
    }
    return STORE_OK;
}

/* Begins a transaction that writes, with nothing in the log. */
static enum store_status lock_file(sqlite3 *handle)
{
    for (int i = 0; i < TRIES; i++) {
        if (truncate_log(handle) == STORE_OK && run(handle, "BEGIN IMMEDIATE") == STORE_OK) {
            if (db_is_log_empty(handle))
                return STORE_OK;
            (void)!run(handle, "ROLLBACK");
        }
        usleep(TRY_EVERY_MS * 1000);
    }
    return STORE_BUSY;
}

static enum store_status scrub(sqlite3 *handle, int *ret_dirty)
{
    sqlite3_file *file = NULL;
    const int64_t page_bytes = db_pragma(handle, "PRAGMA page_size");
    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        page_bytes < 512 || page_bytes > PAGE_MAX_BYTES ||
        db_pragma(handle, "PRAGMA auto_vacuum")) /* pages of pointers would look like b-trees */
        return STORE_FAILED;
    for (int64_t first = 1;;) {
        enum store_status status = lock_file(handle);
        if (status != STORE_OK)
            return status;
        const int64_t pages = db_pragma(handle, "PRAGMA page_count");
        int64_t last = first + SLICE_PAGES - 1 < pages ? first + SLICE_PAGES - 1 : pages;
        if (pages < PAGES_MAX)
            status = scrub_pages(file, (unsigned)page_bytes, first, last, ret_dirty);
        if (status == STORE_OK && *ret_dirty && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK)
            status = STORE_FAILED;
        (void)!run(handle, "ROLLBACK");
        if (status != STORE_OK || last == pages)
            return status;
        first = last + 1;
    }
}

/* ---- All of it ---------------------------------------------------------------------------------- */

/* Other connections, and this one, still hold old pages in memory and would write their gaps again: after a commit they
   read them anew. */
static enum store_status forget_old_pages(sqlite3 *handle)
{
    sqlite3_db_release_memory(handle);
    enum store_status status = run(
        handle, "INSERT INTO settings (key, value) VALUES ('erased_at', unixepoch()) ON CONFLICT (key) DO UPDATE SET "
                "value = excluded.value");
    return status == STORE_OK ? truncate_log(handle) : status;
}

enum store_status store_erase(struct store *store)
{
    struct db *db = store_acquire(store);
    int is_dirty = 0;
    enum store_status status = merge_all(db->handle);
    sqlite3_busy_timeout(db->handle, WAIT_MS);
    if (status == STORE_OK)
        status = scrub(db->handle, &is_dirty);
    if (status == STORE_OK && is_dirty)
        status = forget_old_pages(db->handle);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    store_release(store, db);
    return status;
}

void erase_watch(void *counter, int operation, const char *database, const char *table, sqlite3_int64 row)
{
    static const char *const held[] = {"pictures",          "images",           "statuses", "moods",
                                       "candidates",        "candidate_images", "reports",  "decisions",
                                       "appeals",           "wall_entries",     "messages", "message_images",
                                       "reported_messages", "bulletins",        "layouts"};
    (void)database;
    (void)row;
    if (operation == SQLITE_INSERT)
        return;
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (strcmp(table, held[i]) == 0) {
            atomic_fetch_add((_Atomic uint64_t *)counter, 1);
            return;
        }
    if (operation == SQLITE_DELETE && strcmp(table, "accounts") == 0)
        atomic_fetch_add((_Atomic uint64_t *)counter, 1);
}
