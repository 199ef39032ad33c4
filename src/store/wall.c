/*
 * Walls: see wall.h. Every limit is asked within the transaction that adds, so that many at once do not pass it.
 * Refuses to keep the network of a visitor: a hash that changes every day bounds how much comes from one, and goes
 * after two. Next: ../domain/wall.c.
 */
#include "wall.h"

#include <sodium.h>

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

enum { NETWORK_BYTES = 16, DAY_S = 86400 };

static void hash_network(const struct store *store, const unsigned char network[NETWORK_BYTES], int64_t day,
                         unsigned char ret_hash[NETWORK_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, store_secret(store), 32, NETWORK_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)"guest", 5);
    crypto_generichash_update(&state, (const unsigned char *)&day, sizeof day);
    crypto_generichash_update(&state, network, NETWORK_BYTES);
    crypto_generichash_final(&state, ret_hash, NETWORK_BYTES);
}

/* Is there room on the wall, and for whoever writes? */
static enum store_status check_room(struct db *db, const struct wall_new *entry, const struct blob *network)
{
    const int most = entry->account ? WALL_WAITING_MAX : WALL_GUESTS_MAX;
    if (entry->waits && db_first(db_prepare(db, WRITE_WALL_WAITS, entry->owner, entry->account), most) >= most)
        return STORE_CROWDED;
    if (network && db_first(db_prepare(db, WRITE_WALL_FROM_NETWORK, network), WALL_NETWORK_A_DAY) >= WALL_NETWORK_A_DAY)
        return STORE_CROWDED;
    if (!entry->full)
        return STORE_OK;
    const int64_t used = storage_of(db, entry->account), quota = quota_of(db, entry->account, entry->quota_bytes);
    if (used < 0)
        return STORE_FAILED;
    return quota && used + (int64_t)(entry->full->size_bytes + entry->thumb->size_bytes) > quota ? STORE_FULL
                                                                                                 : STORE_OK;
}

static enum store_status insert(struct store *store, struct db *db, const struct wall_new *entry,
                                const struct checked *words, const struct blob *network, int64_t *ret_id)
{
    char full[IMAGE_HASH_BYTES], thumb[IMAGE_HASH_BYTES];
    enum store_status status = check_room(db, entry, network);
    if (status == STORE_OK && entry->full)
        status = image_keep(store, db, entry->full, full);
    if (status == STORE_OK && entry->full)
        status = image_keep(store, db, entry->thumb, thumb);
    if (status != STORE_OK)
        return status;
    const int64_t waits = !entry->waits ? 0 : entry->owner ? WALL_WAITS_FOR_OWNER : 2;
    const struct db_value values[] = {db_integer(entry->owner),
                                      db_integer(entry->account),
                                      db_text(words->texts[2]),
                                      db_text(entry->homepage),
                                      network ? db_bytes(network) : db_null(NULL),
                                      db_text(words->texts[0]),
                                      db_text(entry->full ? full : NULL),
                                      db_text(entry->full ? thumb : NULL),
                                      db_text(words->texts[1]),
                                      db_integer(waits | words->hidden),
                                      db_integer(clock_now_s()),
                                      {.type = DB_END}};
    status = db_write_of(db, WRITE_WALL_ENTRY_ADD, values);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

static enum store_status add(struct store *store, struct db *db, const struct wall_new *entry,
                             const struct checked *words, int64_t *ret_id)
{
    const int64_t now = clock_now_s();
    unsigned char hash[NETWORK_BYTES];
    const struct blob network = {hash, sizeof hash};
    if (!entry->network)
        return insert(store, db, entry, words, NULL, ret_id);
    hash_network(store, entry->network, now / DAY_S, hash);
    const int64_t known =
        db_first(db_prepare(db, WRITE_WALL_SIGNED, &network, entry->owner, words->texts[2], words->texts[0]), 0);
    if (known) {
        *ret_id = known;
        return STORE_OK;
    }
    enum store_status status = wall_forget_networks(db, now);
    return status == STORE_OK ? insert(store, db, entry, words, &network, ret_id) : status;
}

enum store_status wall_add(struct store *store, struct db *db, const struct wall_new *entry, int64_t *ret_id)
{
    int64_t id = 0;
    struct checked words;
    if (entry->full && blocklist_has_picture(store, db, entry->fingerprint, entry->full, 1))
        return STORE_BLOCKED;
    if (*entry->homepage && blocklist_has_word(db, entry->homepage)) /* an address cannot be masked */
        return STORE_REFUSED;
    enum store_status status =
        blocklist_check(db, (const char *const[]){entry->content, entry->alt, entry->name}, 3, &words);
    if (status != STORE_OK)
        return status;
    status = db_begin(db);
    if (status == STORE_OK)
        status = db_end(db, add(store, db, entry, &words, &id));
    checked_free(&words);
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status wall_forget_networks(struct db *db, int64_t now_s)
{
    return db_write(db, WRITE_WALL_FORGET_NETWORKS, now_s - 2 * DAY_S);
}

enum store_status wall_accept(struct db *db, int64_t owner, int64_t entry)
{
    enum store_status status = db_write(db, WRITE_WALL_ENTRY_ACCEPT, owner, entry);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status wall_delete(struct db *db, int64_t account, int64_t entry)
{
    enum store_status status = db_write(db, WRITE_WALL_ENTRY_DELETE, account, entry);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status wall_image_find(struct db *db, int64_t entry, int is_thumb, void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_WALL_IMAGE, entry, (int64_t)is_thumb), ret_data, ret_size_bytes);
}
