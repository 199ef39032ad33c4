/*
 * Accounts, passwords, recovery codes and invites: see account.h. Sessions and tokens: session.c.
 */
#include "account.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/text.h"
#include "db.h"
#include "name.h"

/* OWASP's argon2id setting for little memory: 19 MiB, two passes. */
enum { HASH_PASSES = 2, HASH_BYTES = 19 << 20, HASHES_AT_ONCE = 2 };

/* Password hashing takes memory and time on purpose: strangers may not make it take all of both. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    int running;
} hashing = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void hashing_enter(void)
{
    pthread_mutex_lock(&hashing.mutex);
    while (hashing.running == HASHES_AT_ONCE)
        pthread_cond_wait(&hashing.ended, &hashing.mutex);
    hashing.running++;
    pthread_mutex_unlock(&hashing.mutex);
}

static void hashing_leave(void)
{
    pthread_mutex_lock(&hashing.mutex);
    hashing.running--;
    pthread_cond_signal(&hashing.ended);
    pthread_mutex_unlock(&hashing.mutex);
}

static enum store_status password_hash(const char *password, char ret_hash[crypto_pwhash_STRBYTES])
{
    size_t length = strlen(password);
    if (length < PASSWORD_MIN_BYTES || length > PASSWORD_MAX_BYTES)
        return STORE_INVALID;
    hashing_enter();
    int rc = crypto_pwhash_str_alg(ret_hash, password, length, HASH_PASSES, HASH_BYTES, crypto_pwhash_ALG_ARGON2ID13);
    hashing_leave();
    return rc == 0 ? STORE_OK : STORE_FAILED;
}

int account_name_fold(const char *typed, char ret_name[NAME_MAX_BYTES + 1])
{
    return text_parse_name(typed, ret_name);
}

enum alike { ALIKE_REFUSED, ALIKE_TAKEN };

/* Within a transaction, so that of two names that look alike and come at once one is refused. */
static enum store_status insert_account(struct db *db, const char *name, enum alike alike, const char *hash,
                                        int is_admin, int64_t invited_by, int64_t *ret_id)
{
    enum store_status status = alike == ALIKE_REFUSED ? name_is_free(db, name) : STORE_OK;
    if (status == STORE_OK)
        status = db_write(db, WRITE_ACCOUNT_ADD, name, hash, (int64_t)is_admin, invited_by, clock_now_s());
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

static enum store_status add(struct db *db, const char *name, enum alike alike, const char *password, int is_admin,
                             int64_t invited_by, int64_t *ret_id)
{
    char hash[crypto_pwhash_STRBYTES], folded[NAME_MAX_BYTES + 1];
    int64_t id = 0;
    if (account_name_fold(name, folded) != 0)
        return STORE_INVALID;
    enum store_status status = password_hash(password, hash);
    if (status == STORE_OK)
        status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_end(db, insert_account(db, folded, alike, hash, is_admin, invited_by, &id));
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status account_add(struct db *db, const char *name, const char *password, int is_admin, int64_t invited_by,
                              int64_t *ret_id)
{
    return add(db, name, ALIKE_REFUSED, password, is_admin, invited_by, ret_id);
}

enum store_status account_add_any(struct db *db, const char *name, const char *password, int is_admin,
                                  int64_t invited_by, int64_t *ret_id)
{
    return add(db, name, ALIKE_TAKEN, password, is_admin, invited_by, ret_id);
}

enum store_status account_check_password(struct db *db, const char *name, const char *password, int64_t *ret_id)
{
    /* What nobody's password hashes to, with the same cost, so that an unknown name takes as long as a known one. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char hash[crypto_pwhash_STRBYTES], folded[NAME_MAX_BYTES + 1];
    int64_t id = 0;
    snprintf(hash, sizeof hash, "%s", nobody);
    if (account_name_fold(name, folded) == 0) {
        sqlite3_stmt *found = db_prepare(db, WRITE_PASSWORD_OF, folded);
        if (found && sqlite3_step(found) == SQLITE_ROW) {
            id = sqlite3_column_int64(found, 0);
            snprintf(hash, sizeof hash, "%s", (const char *)sqlite3_column_text(found, 1));
        }
        sqlite3_reset(found);
    }
    if (strlen(password) > PASSWORD_MAX_BYTES)
        password = "";
    hashing_enter();
    int fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    hashing_leave();
    if (!fits || !id)
        return STORE_NOT_FOUND;
    *ret_id = id;
    return STORE_OK;
}

enum store_status account_set_password(struct db *db, int64_t account, const char *password, int64_t keep_session)
{
    char hash[crypto_pwhash_STRBYTES];
    enum store_status status = password_hash(password, hash);
    if (status == STORE_OK)
        status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_ACCOUNT_PASSWORD, account, hash);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = db_write(db, WRITE_SESSIONS_CLEAR, account, keep_session);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TOKENS_CLEAR, account);
    if (status == STORE_OK)
        status = db_write(db, WRITE_FEED_KEYS_CLEAR, account);
    return db_end(db, status);
}

enum store_status account_set_state(struct db *db, int64_t account, const char *state)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_ACCOUNT_STATE, account, state);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = db_write(db, WRITE_SESSIONS_CLEAR, account, (int64_t)0);
    return db_end(db, status);
}

enum store_status account_delete(struct db *db, int64_t account, int usual_rest_days)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = name_rest(db, account, usual_rest_days);
    if (status == STORE_OK)
        status = db_write(db, WRITE_ACCOUNT_DELETE, account);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TAGS_SWEEP);
    return db_end(db, status);
}

void account_seen(struct db *db, int64_t account)
{
    (void)!db_write(db, WRITE_ACCOUNT_SEEN, account, clock_now_s());
}

/* ---- Recovery codes ---------------------------------------------------------------------------- */

static void make_codes(const char *secret, char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that look alike */
    unsigned char seed[randombytes_SEEDBYTES];
    uint32_t random[RECOVERY_CODES][RECOVERY_CODE_BYTES - 1]; /* so large that every letter is as likely */
    crypto_generichash(seed, sizeof seed, (const unsigned char *)secret, strlen(secret), NULL, 0);
    randombytes_buf_deterministic(random, sizeof random, seed);
    for (int c = 0; c < RECOVERY_CODES; c++) {
        for (int i = 0; i < RECOVERY_CODE_BYTES - 1; i++)
            ret_codes[c][i] = i % 5 == 4 ? '-' : letters[random[c][i] % (sizeof letters - 1)];
        ret_codes[c][RECOVERY_CODE_BYTES - 1] = '\0';
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(random, sizeof random);
}

enum store_status recovery_make(struct store *store, struct db *db, int64_t account, const char *secret,
                                char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    assert(strlen(secret) == SECRET_TEXT_BYTES - 1);
    make_codes(secret, codes);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_RECOVERY_CLEAR, account);
    for (int c = 0; c < RECOVERY_CODES && status == STORE_OK; c++) {
        unsigned char hash[SECRET_HASH_BYTES];
        secret_hash(store, codes[c], hash);
        status = db_write(db, WRITE_RECOVERY_ADD, (&(struct blob){hash, sizeof hash}), account);
    }
    status = db_end(db, status);
    if (status == STORE_OK)
        memcpy(ret_codes, codes, sizeof codes);
    return status;
}

enum store_status recovery_find(struct store *store, struct db *db, int64_t account, const char *secret,
                                char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    unsigned char hash[SECRET_HASH_BYTES];
    make_codes(secret, codes);
    secret_hash(store, codes[0], hash);
    sqlite3_stmt *found = db_prepare(db, WRITE_RECOVERY_COUNT_WITH, account, (&(struct blob){hash, sizeof hash}));
    int count = found && sqlite3_step(found) == SQLITE_ROW ? sqlite3_column_int(found, 0) : 0;
    sqlite3_reset(found);
    if (count != RECOVERY_CODES)
        return STORE_NOT_FOUND;
    memcpy(ret_codes, codes, sizeof codes);
    return STORE_OK;
}

enum store_status recovery_use(struct store *store, struct db *db, const char *name, const char *code,
                               const char *new_password, int64_t *ret_account)
{
    unsigned char hash[SECRET_HASH_BYTES];
    char folded[NAME_MAX_BYTES + 1], password[crypto_pwhash_STRBYTES];
    int64_t account = 0;
    enum store_status status = password_hash(new_password, password);
    if (status != STORE_OK)
        return status;
    if (account_name_fold(name, folded) != 0)
        return STORE_NOT_FOUND;
    account = db_first(db_prepare(db, WRITE_PASSWORD_OF, folded), 0);
    secret_hash(store, code, hash);
    status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_RECOVERY_USE, (&(struct blob){hash, sizeof hash}), account);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = db_write(db, WRITE_ACCOUNT_PASSWORD, account, password);
    if (status == STORE_OK)
        status = db_write(db, WRITE_SESSIONS_CLEAR, account, (int64_t)0);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TOKENS_CLEAR, account);
    if (status == STORE_OK)
        status = db_write(db, WRITE_FEED_KEYS_CLEAR, account);
    status = db_end(db, status);
    if (status == STORE_OK)
        *ret_account = account;
    return status;
}

/* ---- Invites ------------------------------------------------------------------------------------ */

enum store_status invite_add_code(struct store *store, struct db *db, int64_t created_by, int is_admin,
                                  const char *code)
{
    unsigned char hash[SECRET_HASH_BYTES];
    const int64_t now = clock_now_s();
    assert(strlen(code) == SECRET_TEXT_BYTES - 1); /* as long as what is made here, so that nobody can guess it */
    secret_hash(store, code, hash);
    return db_write(db, WRITE_INVITE_ADD, (&(struct blob){hash, sizeof hash}), created_by, (int64_t)is_admin, now,
                    now + (int64_t)INVITE_DAYS * 86400);
}

enum store_status invite_add(struct store *store, struct db *db, int64_t created_by, int is_admin,
                             char ret_code[SECRET_TEXT_BYTES])
{
    char code[SECRET_TEXT_BYTES];
    secret_make(code);
    enum store_status status = invite_add_code(store, db, created_by, is_admin, code);
    if (status == STORE_OK)
        memcpy(ret_code, code, sizeof code);
    return status;
}

static enum store_status find_invite(struct db *db, const unsigned char *hash, int *ret_is_admin, int64_t *ret_by)
{
    sqlite3_stmt *found = db_prepare(db, WRITE_INVITE_FIND, (&(struct blob){hash, SECRET_HASH_BYTES}), clock_now_s());
    if (!found)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    if (sqlite3_step(found) == SQLITE_ROW) {
        *ret_is_admin = sqlite3_column_int(found, 0);
        *ret_by = sqlite3_column_int64(found, 1);
        status = STORE_OK;
    }
    sqlite3_reset(found);
    return status;
}

enum store_status invite_find(struct store *store, struct db *db, const char *code, int *ret_is_admin)
{
    unsigned char hash[SECRET_HASH_BYTES];
    int64_t by;
    secret_hash(store, code, hash);
    return find_invite(db, hash, ret_is_admin, &by);
}

enum store_status invite_use(struct store *store, struct db *db, const char *code, const char *name,
                             const char *password, int64_t *ret_account)
{
    unsigned char hash[SECRET_HASH_BYTES];
    char folded[NAME_MAX_BYTES + 1], password_text[crypto_pwhash_STRBYTES];
    int is_admin = 0;
    int64_t by = 0, id = 0;
    secret_hash(store, code, hash);
    enum store_status status = find_invite(db, hash, &is_admin, &by);
    if (status == STORE_OK && account_name_fold(name, folded) != 0)
        status = STORE_INVALID;
    if (status == STORE_OK)
        status = password_hash(password, password_text);
    if (status == STORE_OK)
        status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = insert_account(db, folded, ALIKE_REFUSED, password_text, is_admin, by, &id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_INVITE_USE, (&(struct blob){hash, sizeof hash}), id, clock_now_s());
    if (status == STORE_OK)
        status = db_changed(db);
    status = db_end(db, status);
    if (status == STORE_OK)
        *ret_account = id;
    return status;
}

enum store_status invite_delete(struct db *db, int64_t created_by, int64_t invite)
{
    enum store_status status = db_write(db, WRITE_INVITE_DELETE, created_by, invite);
    return status == STORE_OK ? db_changed(db) : status;
}
