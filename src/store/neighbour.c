/*
 * The directory and the ring: see neighbour.h. Uses of buttons are counted by triggers
 * (migrations/0009_neighbours.sql). Refuses a button that is on the block list. Next: statements/neighbours.sql.
 */
#include "neighbour.h"

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

enum { HELD = 2 };

/* An address can neither be masked nor wait. */
static enum store_status check_words(struct db *db, const struct neighbour_new *site, struct checked *ret_words)
{
    if (site->url && blocklist_has_word(db, site->url))
        return STORE_REFUSED;
    return blocklist_check(db, (const char *const[]){site->title, site->line}, 2, ret_words);
}

static enum store_status keep_button(struct store *store, struct db *db, const struct image *button,
                                     char ret_hash[IMAGE_HASH_BYTES])
{
    return button ? image_keep(store, db, button, ret_hash) : STORE_OK;
}

static enum store_status insert(struct store *store, struct db *db, const struct neighbour_new *site,
                                const struct checked *words, int64_t *ret_id)
{
    char hash[IMAGE_HASH_BYTES];
    if (db_number(db, QUERY_NEIGHBOUR_COUNT, NEIGHBOURS_MAX, site->account) >= NEIGHBOURS_MAX)
        return STORE_FULL;
    enum store_status status = keep_button(store, db, site->button, hash);
    if (status == STORE_OK)
        status = db_write(db, WRITE_NEIGHBOUR_ADD, site->account, (int64_t)site->is_home, site->url ? site->url : "",
                          words->texts[0], words->texts[1], site->category, site->button ? hash : NULL,
                          words->hidden | (site->is_shown ? 0 : HELD), clock_now_s());
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

enum store_status neighbour_add(struct store *store, struct db *db, const struct neighbour_new *site,
                                uint64_t fingerprint, int64_t *ret_id)
{
    struct checked words;
    int64_t id = 0;
    if (site->button && blocklist_has_picture(store, db, fingerprint, site->button, 1))
        return STORE_BLOCKED;
    enum store_status status = check_words(db, site, &words);
    if (status != STORE_OK)
        return status;
    status = db_begin(db);
    if (status == STORE_OK)
        status = db_end(db, insert(store, db, site, &words, &id));
    checked_free(&words);
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status neighbour_edit(struct store *store, struct db *db, int64_t id, const struct neighbour_new *site,
                                 uint64_t fingerprint)
{
    struct checked words;
    char hash[IMAGE_HASH_BYTES];
    if (site->button && blocklist_has_picture(store, db, fingerprint, site->button, 1))
        return STORE_BLOCKED;
    enum store_status status = check_words(db, site, &words);
    if (status != STORE_OK)
        return status;
    status = db_begin(db);
    if (status == STORE_OK) {
        status = keep_button(store, db, site->button, hash);
        if (status == STORE_OK)
            status = db_write(db, WRITE_NEIGHBOUR_EDIT, site->account, id, site->url ? site->url : "", words.texts[0],
                              words.texts[1], site->category, words.hidden | (site->is_shown ? 0 : HELD),
                              site->button ? hash : NULL, clock_now_s());
        if (status == STORE_OK)
            status = db_changed(db);
        status = db_end(db, status);
    }
    checked_free(&words);
    return status;
}

enum store_status neighbour_delete(struct db *db, int64_t account, int64_t id)
{
    enum store_status status = db_write(db, WRITE_NEIGHBOUR_DELETE, account, id);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status ring_set(struct db *db, int64_t account, int is_in)
{
    enum store_status status = db_write(db, WRITE_RING_SET, account, (int64_t)is_in);
    return status == STORE_OK ? db_changed(db) : status;
}
