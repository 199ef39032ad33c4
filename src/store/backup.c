/*
 * Consistent copies while others write: into a file, by SQLite's own backup, or into a pipe, page by page.
 *
 * A stream needs no room on this disk and holds up nobody. With nothing in the log a reader reads the database file
 * alone, and as long as it does no checkpoint writes into that file (https://sqlite.org/walformat.html, 2.3: a read
 * lock 0); what is posted meanwhile waits in the log. So the file is sent as it lies there. What our own erasing of
 * gaps (erase.c) writes past the log goes to bytes that no database uses.
 *
 * Refuses to send into a terminal, and to go on when nobody reads. Read next: restore.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lang.h"
#include "db.h"

enum {
    TRIES = 200,
    TRY_EVERY_MS = 25,
    CHUNK_BYTES = 65536,
    PATIENCE_MS = 300000, /* for a reader that takes nothing, as the log grows meanwhile */
    /* Of the file format: which journal readers and writers use. 1: none beside the file, 2: a log. */
    HEADER_WRITE_VERSION = 18,
    HEADER_READ_VERSION = 19
};

enum store_status store_backup(struct db *db, const char *path, char *message, size_t message_bytes)
{
    sqlite3 *copy = NULL;
    enum store_status status = STORE_FAILED;
    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db->handle, "main");
        if (backup) {
            /* In one step: a snapshot in WAL mode holds up nobody. */
            int code = sqlite3_backup_step(backup, -1);
            if (sqlite3_backup_finish(backup) == SQLITE_OK && code == SQLITE_DONE)
                status = STORE_OK;
        }
    }
    /* One file, without a WAL beside it. */
    if (status == STORE_OK && sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        status = STORE_FAILED;
    if (status != STORE_OK)
        snprintf(message, message_bytes, "%s: %s", path, sqlite3_errmsg(copy));
    sqlite3_close(copy);
    return status;
}

/* Begins to read, with nothing in the log: from now on the file stays as it is until the end of the transaction. */
static enum store_status hold_file(sqlite3 *handle)
{
    for (int i = 0; i < TRIES; i++) {
        (void)!sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        if (sqlite3_exec(handle, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK &&
            db_is_log_empty(handle))
            return STORE_OK;
        (void)!sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
        usleep(TRY_EVERY_MS * 1000);
    }
    return STORE_BUSY;
}

/* 0 or an errno. */
static int write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        const int answer = poll(&ready, 1, PATIENCE_MS);
        if (answer == 0)
            return ETIMEDOUT;
        const ssize_t done =
            answer < 0 ? -1 : write(fd, bytes, size < 4096 ? size : 4096); /* what a pipe takes at once */
        if (done < 0 && errno != EINTR && errno != EAGAIN)
            return errno;
        if (done > 0) {
            bytes += done;
            size -= (size_t)done;
        }
    }
    return 0;
}

static enum store_status send_file(sqlite3 *handle, int fd, char *message, size_t message_bytes)
{
    sqlite3_file *file = NULL;
    const int64_t total_bytes = db_pragma(handle, "PRAGMA page_size") * db_pragma(handle, "PRAGMA page_count");
    char *chunk = malloc(CHUNK_BYTES);
    int fault = chunk ? 0 : ENOMEM;
    if (!fault && (total_bytes <= 0 ||
                   sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file))
        fault = EIO;
    for (int64_t at = 0; !fault && at < total_bytes;) {
        const int64_t left = total_bytes - at;
        const int size = left < CHUNK_BYTES ? (int)left : CHUNK_BYTES;
        if (file->pMethods->xRead(file, chunk, size, at) != SQLITE_OK) {
            fault = EIO;
            break;
        }
        if (at == 0) /* a file by itself, as a backup is */
            chunk[HEADER_WRITE_VERSION] = chunk[HEADER_READ_VERSION] = 1;
        fault = write_all(fd, chunk, (size_t)size);
        at += size;
    }
    free(chunk);
    if (fault)
        snprintf(message, message_bytes, tr("the backup is not whole: %s"),
                 fault == ETIMEDOUT ? tr("nobody has read from it for five minutes") : strerror(fault));
    return fault ? STORE_FAILED : STORE_OK;
}

enum store_status store_stream(struct db *db, int fd, char *message, size_t message_bytes)
{
    if (db_pragma(db->handle, "PRAGMA page_size") < 512) {
        snprintf(message, message_bytes, tr("the database cannot be read: %s"), sqlite3_errmsg(db->handle));
        return STORE_FAILED;
    }
    /* a checkpoint that waits for readers holds the write lock meanwhile */
    sqlite3_busy_timeout(db->handle, TRY_EVERY_MS);
    enum store_status status = hold_file(db->handle);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    if (status == STORE_OK) {
        status = send_file(db->handle, fd, message, message_bytes);
        (void)!sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    } else {
        snprintf(message, message_bytes, "%s",
                 tr("the database is too busy: another backup may be under way, try again"));
    }
    return status;
}
