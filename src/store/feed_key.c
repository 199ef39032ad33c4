/* Keys of secret feeds: see feed_key.h. Refuses to tell a wrong key from a revoked one. What a feed holds: statements/.
 */
#include "feed_key.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "db.h"

enum store_status feed_key_set(struct store *store, struct db *db, int64_t account, const char *feed,
                               const char *secret)
{
    unsigned char hash[SECRET_HASH_BYTES];
    assert(strlen(secret) == SECRET_TEXT_BYTES - 1); /* as long as what is made here, so that nobody can guess it */
    secret_hash(store, secret, hash);
    return db_write(db, WRITE_FEED_KEY_SET, (&(struct blob){hash, sizeof hash}), account, feed, clock_now_s());
}

enum store_status feed_key_delete(struct db *db, int64_t account, const char *feed)
{
    enum store_status status = db_write(db, WRITE_FEED_KEY_DELETE, account, feed);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status feed_key_find(struct store *store, struct db *db, const char *feed, const char *secret,
                                struct viewer *ret_viewer)
{
    unsigned char hash[SECRET_HASH_BYTES];
    struct viewer viewer = {0};
    secret_hash(store, secret, hash);
    sqlite3_stmt *found = db_prepare(db, WRITE_FEED_KEY_FIND, (&(struct blob){hash, sizeof hash}), feed);
    if (!found)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    const int code = sqlite3_step(found);
    if (code == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(found, 1);
        viewer.account = sqlite3_column_int64(found, 0);
        if (name && strlen(name) < sizeof viewer.name)
            memcpy(viewer.name, name, strlen(name) + 1);
        status = STORE_OK;
    } else if (code != SQLITE_DONE) {
        status = db_status(code);
    }
    sqlite3_reset(found);
    if (status == STORE_OK)
        *ret_viewer = viewer;
    return status;
}
