/*
 * The reserve: see reserve.h. The disk tells how things stand, not a variable: other processes fill it, and a shell
 * command works beside the service. With a reserve of R bytes, held or not:
 *
 * - free and held at least R + R/8: enough, everything is written.
 * - less: low. What makes room or lets somebody in is written, and may use all of it; everything else fits into free
 *   pages of the database, which deleting leaves, or is refused.
 * - less than R/2: what adds something is refused in any case.
 *
 * Refuses to be made where less than R/4 would be left. Read next: rows.c, which asks before each statement.
 */
#include "reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_BYTES = 1100 };

struct reserve {
    char *folder;
    char path[PATH_BYTES];
    int64_t bytes;
    int is_keeper;
};

/* ---- The disk ------------------------------------------------------------------------------------- */

static int path_of(const char *folder, char ret_path[PATH_BYTES])
{
    return snprintf(ret_path, PATH_BYTES, "%s/piclog.reserve", folder) < PATH_BYTES ? 0 : -1;
}

/* Of a regular file that we keep; 0: it is not there. */
static int64_t held_bytes(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode) ? (int64_t)about.st_size : 0;
}

/* -1: nobody knows. */
static int64_t free_bytes(const char *folder)
{
    struct statvfs about;
    return statvfs(folder, &about) == 0 ? (int64_t)about.f_bavail * (int64_t)about.f_frsize : -1;
}

static void make(const struct reserve *reserve)
{
    int fd = open(reserve->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    if (posix_fallocate(fd, 0, (off_t)reserve->bytes) != 0)
        unlink(reserve->path); /* somebody else was faster to fill the disk */
    close(fd);
}

void reserve_make_way(const char *folder)
{
    char path[PATH_BYTES];
    if (path_of(folder, path) != 0)
        return;
    const int64_t held = held_bytes(path), unused = free_bytes(folder);
    if (held && unused >= 0 && unused < held / 8)
        unlink(path);
}

struct reserve *reserve_open(const char *folder, size_t bytes, int is_keeper)
{
    struct reserve *reserve = calloc(1, sizeof *reserve);
    if (!reserve)
        return NULL;
    reserve->folder = strdup(folder);
    reserve->bytes = (int64_t)bytes;
    reserve->is_keeper = is_keeper;
    if (!reserve->folder || path_of(folder, reserve->path) != 0) {
        reserve_close(reserve);
        return NULL;
    }
    reserve_look_after(reserve);
    return reserve;
}

void reserve_close(struct reserve *reserve)
{
    if (!reserve)
        return;
    free(reserve->folder);
    free(reserve);
}

void reserve_look_after(struct reserve *reserve)
{
    const int64_t held = held_bytes(reserve->path), unused = free_bytes(reserve->folder);
    if (unused < 0)
        return;
    if (held && unused < reserve->bytes / 64) {
        unlink(reserve->path);
    } else if (reserve->is_keeper && held != reserve->bytes && held + unused >= reserve->bytes + reserve->bytes / 4) {
        unlink(reserve->path); /* of another size, when --reserve was changed */
        make(reserve);
    }
}

enum room { ROOM_ENOUGH, ROOM_LOW, ROOM_NONE };

static enum room look(struct reserve *reserve)
{
    const int64_t unused = free_bytes(reserve->folder), room = unused + held_bytes(reserve->path);
    if (unused < 0 || room >= reserve->bytes + reserve->bytes / 8)
        return ROOM_ENOUGH;
    return room >= reserve->bytes / 2 ? ROOM_LOW : ROOM_NONE;
}

int reserve_is_low(struct reserve *reserve)
{
    return look(reserve) != ROOM_ENOUGH;
}

/* ---- The database --------------------------------------------------------------------------------- */

enum kind {
    ADDS,   /* what people and strangers bring */
    PASSES, /* what is written beside, and may fail */
    SPENDS  /* what makes room, lets people in or keeps others out; each is small, and few, or limited by --rate */
};

static enum kind kind_of(enum write write)
{
    static const enum kind kinds[WRITE_COUNT] = {
        [WRITE_BEGIN] = PASSES,
        [WRITE_COMMIT] = PASSES,
        [WRITE_ROLLBACK] = PASSES,
        [WRITE_ITEM_BEGIN] = PASSES,
        [WRITE_ITEM_UNDO] = PASSES,
        [WRITE_ITEM_END] = PASSES,
        [WRITE_SESSION_USED] = PASSES,
        [WRITE_TOKEN_USED] = PASSES,
        [WRITE_ACCOUNT_SEEN] = PASSES,
        [WRITE_CANDIDATES_EXPIRE] = PASSES,
        [WRITE_CANDIDATES_TRIM] = PASSES,
        [WRITE_ONCE_EXPIRE] = PASSES,
        [WRITE_ONCE_TRIM] = PASSES,
        [WRITE_NAMES_EXPIRE] = PASSES,
        [WRITE_LIVE_EXPIRE] = PASSES,
        [WRITE_APPS_EXPIRE] = PASSES,
        [WRITE_APPS_FORGET] = PASSES,
        [WRITE_APPS_TRIM] = PASSES,
        [WRITE_CODES_EXPIRE] = PASSES,
        [WRITE_BULLETINS_EXPIRE] = PASSES,
        [WRITE_WEBHOOK_EVENTS_EXPIRE] = PASSES,
        [WRITE_PICTURE_UNTAG] = PASSES,
        [WRITE_STATUS_UNTAG] = PASSES,
        [WRITE_WALL_FORGET_NETWORKS] = PASSES,
        [WRITE_TAGS_SWEEP] = PASSES,
        [WRITE_SESSION_ADD] = SPENDS,
        [WRITE_ACCOUNT_PASSWORD] = SPENDS,
        [WRITE_RECOVERY_ADD] = SPENDS,
        [WRITE_NAME_REST] = SPENDS,
        [WRITE_ACCOUNT_AVATAR] = SPENDS,
        [WRITE_ACCOUNT_BACKGROUND] = SPENDS,
        [WRITE_ACCOUNT_STATE] = SPENDS,
        [WRITE_ACCOUNT_MUTE] = SPENDS,
        [WRITE_ACCOUNT_SUSPEND] = SPENDS,
        [WRITE_ACCOUNT_BAN] = SPENDS,
        [WRITE_AVATARS_SAME] = SPENDS,
        [WRITE_BACKGROUNDS_SAME] = SPENDS,
        [WRITE_BUTTONS_SAME] = SPENDS,
        [WRITE_BLOCKED_PICTURE_ADD] = SPENDS,
        [WRITE_UNSEEN_ADD] = SPENDS,
        [WRITE_CONVERSATION_SET] = SPENDS,
        [WRITE_PICTURE_TAKE_OFF] = SPENDS,
        [WRITE_STATUS_TAKE_OFF] = SPENDS,
        [WRITE_HIDE_PICTURE] = SPENDS,
        [WRITE_HIDE_STATUS] = SPENDS,
        [WRITE_HIDE_MOOD] = SPENDS,
        [WRITE_HIDE_WALL_ENTRY] = SPENDS,
        [WRITE_HIDE_BULLETIN] = SPENDS,
        [WRITE_HIDE_LAYOUT] = SPENDS,
        [WRITE_HIDE_NEIGHBOUR] = SPENDS,
        [WRITE_REPORTS_CLOSE] = SPENDS,
        [WRITE_DECISION_ADD] = SPENDS,
        [WRITE_AUDIT_ADD] = SPENDS,
        [WRITE_WEBHOOK_DONE] = SPENDS,
    };
    if (kinds[write] != ADDS)
        return kinds[write];
    return strncmp(db_write_sql(write), "DELETE", 6) == 0 ? SPENDS : ADDS;
}

static int64_t pragma(struct db *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = 0;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* The database may have so many pages; 0: as many as there is room for. */
static void limit_pages(struct db *db, int64_t pages)
{
    char sql[64];
    enum { MOST = 0x7ffffffe };
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld", (long long)(pages ? pages : MOST));
    (void)pragma(db, sql);
    db->is_tight = pages != 0;
}

void reserve_forget(struct db *db)
{
    if (db->is_tight)
        limit_pages(db, 0);
}

enum store_status reserve_check(struct db *db, enum write write)
{
    struct reserve *reserve = reserve_of(db->store);
    if (!reserve)
        return STORE_OK;
    if (!db->in_transaction)
        db->room = look(reserve);
    const enum kind kind = kind_of(write);
    if (db->room == ROOM_ENOUGH || kind == SPENDS) {
        reserve_forget(db);
        if (db->room != ROOM_ENOUGH)
            unlink(reserve->path);
        return STORE_OK;
    }
    if (kind == PASSES)
        return STORE_OK;
    if (db->is_tight && db->in_transaction)
        return STORE_OK;
    /* Its way leads through the log, for which there has to be room until the log is emptied. */
    if (db->room == ROOM_NONE || !pragma(db, "PRAGMA freelist_count"))
        return STORE_FULL;
    if (free_bytes(reserve->folder) < reserve->bytes / 16)
        unlink(reserve->path);
    limit_pages(db, pragma(db, "PRAGMA page_count"));
    return STORE_OK;
}
