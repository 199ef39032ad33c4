/*
 * Doing something once: see once.h. Two that come together wait for each other at the beginning of their transactions,
 * so that the second finds what the first one made. Refuses to keep keys or words: hashes under the instance's secret
 * are enough. Next: ../domain/once.c.
 */
#include "store/once.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "db.h"
#include "store/account.h"

enum { HASH_BYTES = 16 };

static void mix(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1); /* no two lists read the same */
}

static void hash_words(const struct store *store, const struct once *once, unsigned char ret_hash[HASH_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, store_secret(store), 32, HASH_BYTES);
    for (const char *const *word = once->words; word && *word; word++)
        mix(&state, *word);
    crypto_generichash_final(&state, ret_hash, HASH_BYTES);
}

static void hash_key(const struct store *store, const struct once *once, const char *what, unsigned char *ret_hash,
                     size_t hash_bytes)
{
    char account[24];
    unsigned char words[HASH_BYTES];
    crypto_generichash_state state;
    snprintf(account, sizeof account, "%lld", (long long)once->account);
    crypto_generichash_init(&state, store_secret(store), 32, hash_bytes);
    mix(&state, what);
    mix(&state, account);
    mix(&state, once->purpose);
    mix(&state, once->key);
    if (!once->is_strict) {
        hash_words(store, once, words);
        crypto_generichash_update(&state, words, sizeof words);
    }
    crypto_generichash_final(&state, ret_hash, hash_bytes);
}

/* STORE_NOT_FOUND: it was not done before. */
static enum store_status find(struct db *db, const struct once *once, int64_t *ret_made, int *ret_is_same)
{
    unsigned char key[HASH_BYTES], words[HASH_BYTES];
    enum store_status status = STORE_NOT_FOUND;
    assert(once->key && *once->key && once->purpose);
    hash_key(db->store, once, "once", key, sizeof key);
    hash_words(db->store, once, words);
    sqlite3_stmt *found = db_prepare(db, WRITE_ONCE_FIND, once->account, (&(struct blob){key, sizeof key}),
                                     clock_now_s() - ONCE_LIFETIME_S);
    if (!found)
        return STORE_FAILED;
    if (sqlite3_step(found) == SQLITE_ROW) {
        *ret_made = sqlite3_column_int64(found, 0);
        *ret_is_same = sqlite3_column_bytes(found, 1) == sizeof words &&
                       memcmp(sqlite3_column_blob(found, 1), words, sizeof words) == 0;
        status = STORE_OK;
    }
    sqlite3_reset(found);
    return status;
}

enum store_status once_begin(struct db *db, const struct once *once, int64_t *ret_made)
{
    int64_t made = 0;
    int is_same = 1;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = find(db, once, &made, &is_same);
    if (status == STORE_OK && !is_same)
        status = STORE_INVALID;
    if (status == STORE_NOT_FOUND)
        status = STORE_OK;
    else
        status = db_end(db, status);
    if (status == STORE_OK)
        *ret_made = made;
    return status;
}

static enum store_status remember(struct db *db, const struct once *once, int64_t made)
{
    unsigned char key[HASH_BYTES], words[HASH_BYTES];
    hash_key(db->store, once, "once", key, sizeof key);
    hash_words(db->store, once, words);
    enum store_status status = db_write(db, WRITE_ONCE_TRIM, once->account, (int64_t)ONCE_PER_ACCOUNT - 1);
    if (status == STORE_OK)
        status = db_write(db, WRITE_ONCE_ADD, once->account, (&(struct blob){key, sizeof key}),
                          (&(struct blob){words, sizeof words}), made, clock_now_s());
    return status;
}

enum store_status once_end(struct db *db, const struct once *once, enum store_status status, int64_t made)
{
    assert(db->in_transaction);
    if (status == STORE_OK && made)
        status = remember(db, once, made);
    return db_end(db, status);
}

int64_t once_find(struct db *db, const struct once *once)
{
    int64_t made = 0;
    int is_same;
    return find(db, once, &made, &is_same) == STORE_OK ? made : 0;
}

void once_secret(const struct store *store, const struct once *once, char *ret_secret)
{
    unsigned char bytes[32];
    hash_key(store, once, "secret", bytes, sizeof bytes);
    sodium_bin2base64(ret_secret, SECRET_TEXT_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

enum store_status once_expire(struct db *db)
{
    return db_write(db, WRITE_ONCE_EXPIRE, clock_now_s() - ONCE_LIFETIME_S);
}
