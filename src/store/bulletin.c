/*
 * Bulletins: see bulletin.h. Refuses more of one person than may run at a time, in the statement that adds one, so that
 * two that come together cannot pass. Reports go with them by a trigger. Next: statements/bulletins.sql.
 */
#include "bulletin.h"

#include "blocklist.h"
#include "db.h"

enum store_status bulletin_add(struct db *db, const struct bulletin_new *b, int64_t *ret_id)
{
    struct checked words;
    enum store_status status = blocklist_check(db, (const char *const[]){b->subject, b->content}, 2, &words);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_BULLETIN_ADD, b->account, words.texts[0], words.texts[1], b->created_s, b->ends_s,
                      words.hidden, BULLETINS_MAX);
    checked_free(&words);
    if (status == STORE_OK && db_changed(db) != STORE_OK)
        status = STORE_FULL;
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

/* The subject is found as it was kept, masked. */
static int is_known(struct db *db, const struct bulletin_new *b)
{
    struct checked words;
    if (blocklist_check(db, &b->subject, 1, &words) != STORE_OK)
        return 0;
    sqlite3_stmt *found = db_prepare(db, WRITE_BULLETIN_KNOWN, b->account, b->created_s, words.texts[0]);
    int known = found && sqlite3_step(found) == SQLITE_ROW;
    sqlite3_reset(found);
    checked_free(&words);
    return known;
}

enum store_status bulletin_import(struct db *db, const struct bulletin_new *bulletin)
{
    int64_t id;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    return db_end(db, is_known(db, bulletin) ? STORE_TAKEN : bulletin_add(db, bulletin, &id));
}

enum store_status bulletin_delete(struct db *db, int64_t account, int64_t bulletin)
{
    enum store_status status = db_write(db, WRITE_BULLETIN_DELETE, account, bulletin);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status bulletins_expire(struct db *db, int64_t now_s)
{
    return db_write(db, WRITE_BULLETINS_EXPIRE, now_s);
}
