/*
 * Backup files put back: see store_restore in store.h. The copy is checked beside the old database and renamed over it,
 * so that a broken backup or a full disk costs nothing. Read next: migrate.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lang.h"
#include "db.h"

static int text_is(sqlite3 *handle, const char *sql, const char *expected)
{
    sqlite3_stmt *statement = NULL;
    int same = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW &&
               strcmp((const char *)sqlite3_column_text(statement, 0), expected) == 0;
    sqlite3_finalize(statement);
    return same;
}

/* Is the file as long as its header says? SQLite itself takes a last page of which the end is missing. */
static int is_whole(const char *path)
{
    unsigned char header[100];
    struct stat place;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const int was_read = fd >= 0 && fstat(fd, &place) == 0 && read(fd, header, sizeof header) == sizeof header;
    if (fd >= 0)
        close(fd);
    if (!was_read)
        return 0;
    int64_t page_bytes = header[16] << 8 | header[17]; /* https://sqlite.org/fileformat2.html, 1.3 */
    if (page_bytes == 1)
        page_bytes = 65536;
    const int64_t pages =
        (int64_t)header[28] << 24 | (int64_t)header[29] << 16 | (int64_t)header[30] << 8 | (int64_t)header[31];
    return page_bytes >= 512 && place.st_size % page_bytes == 0 && place.st_size / page_bytes >= pages;
}

/* Copies a backup with SQLite itself, which refuses what is no database, and migrates the copy. */
static enum store_status copy_checked(sqlite3 *source, const char *from, const char *to, char *message,
                                      size_t message_bytes)
{
    sqlite3 *copy = NULL;
    enum store_status status = STORE_INVALID;
    snprintf(message, message_bytes, tr("%s is no backup of a piclog, or its end is missing"), from);
    if (sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", source, "main");
        int code = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
        if (backup && sqlite3_backup_finish(backup) == SQLITE_OK && code == SQLITE_DONE &&
            text_is(copy, "SELECT count(*) FROM sqlite_schema WHERE name IN ('accounts', 'pictures', 'settings')",
                    "3")) {
            if (!text_is(copy, "PRAGMA integrity_check", "ok"))
                snprintf(message, message_bytes, tr("%s is damaged: its integrity check fails"), from);
            else
                status = db_migrate(copy, message, message_bytes);
        }
    }
    sqlite3_close(copy);
    return status;
}

/*
 * Root becomes whoever owns the folder, for good: in a folder of somebody else a name may be a link by the time that it
 * is used. 0, or -1 and errno.
 */
static int become_owner(const struct stat *folder)
{
    const gid_t group = folder->st_gid;
    if (geteuid() != 0 || folder->st_uid == 0)
        return 0;
    return setgroups(1, &group) == 0 && setgid(group) == 0 && setuid(folder->st_uid) == 0 ? 0 : -1;
}

/* Somebody who has the database open holds a shared lock that an exclusive one cannot pass. */
static int is_in_use(const char *path)
{
    sqlite3 *handle = NULL;
    int free =
        sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_exec(handle, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(handle);
    return !free;
}

/* Under the place of the old database, if there is one. */
static enum store_status put_back(sqlite3 *source, const char *path, const char *database, int force, char *message,
                                  size_t message_bytes)
{
    char fresh[1060], beside[1060];
    snprintf(fresh, sizeof fresh, "%s.restoring", database);
    if (access(database, F_OK) == 0) {
        if (!force) {
            snprintf(message, message_bytes, tr("%s exists; --force replaces it"), database);
            return STORE_TAKEN;
        }
        if (is_in_use(database)) {
            snprintf(message, message_bytes, tr("%s is in use: stop the service first"), database);
            return STORE_BUSY;
        }
    }
    unlink(fresh);
    enum store_status status = copy_checked(source, path, fresh, message, message_bytes);
    if (status == STORE_OK) {
        static const char *const leftovers[] = {"-wal", "-shm"};
        for (size_t i = 0; i < 2; i++) { /* of the old database; the new one must not read them */
            snprintf(beside, sizeof beside, "%s%s", database, leftovers[i]);
            unlink(beside);
        }
        if (rename(fresh, database) != 0) {
            snprintf(message, message_bytes, "%s: %s", database, strerror(errno));
            status = STORE_FAILED;
        }
    }
    if (status != STORE_OK)
        unlink(fresh);
    return status;
}

enum store_status store_restore(const char *path, const char *folder, int force, char *message, size_t message_bytes)
{
    char database[1024];
    struct stat place;
    if (strlen(folder) > sizeof database - 32) {
        snprintf(message, message_bytes, tr("the name of the folder is too long"));
        return STORE_INVALID;
    }
    snprintf(database, sizeof database, "%s/piclog.db", folder);
    if (stat(folder, &place) != 0) {
        snprintf(message, message_bytes, tr("%s: %s. Make the folder first, or is --data mistyped?"), folder,
                 strerror(errno));
        return STORE_FAILED;
    }
    sqlite3 *source = NULL; /* opened before root is given up, which alone may be allowed to */
    if (!is_whole(path) || sqlite3_open_v2(path, &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        snprintf(message, message_bytes, tr("%s is no backup of a piclog, or its end is missing"), path);
        sqlite3_close(source);
        return STORE_INVALID;
    }
    enum store_status status = STORE_FAILED;
    if (become_owner(&place) != 0)
        snprintf(message, message_bytes, "%s: %s", folder, strerror(errno));
    else
        status = put_back(source, path, database, force, message, message_bytes);
    sqlite3_close(source);
    return status;
}
