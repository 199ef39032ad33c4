/*
 * Sessions of browsers and tokens of programs: see account.h. Both are random secrets of which only a keyed hash
 * is stored, so that a stolen database opens no account.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "account.h"
#include "base/clock.h"
#include "base/lang.h"
#include "db.h"

enum { USED_EVERY_S = 300 }; /* how exact "last used" is; a write for every request would be too much */

void secret_make(char ret_text[SECRET_TEXT_BYTES])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_text, SECRET_TEXT_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void secret_hash(const struct store *store, const char *text, unsigned char ret_hash[SECRET_HASH_BYTES])
{
    crypto_generichash(ret_hash, SECRET_HASH_BYTES, (const unsigned char *)text, strlen(text), store_secret(store), 32);
}

static const char *const scope_words[] = {"create", "update", "delete", "media", "settings", "messages", "only_posts"};
enum { SCOPES = sizeof scope_words / sizeof scope_words[0] };

static unsigned scopes_of(const char *words)
{
    unsigned scopes = 0;
    while (words && *words) {
        size_t length = strcspn(words, " ");
        for (unsigned i = 0; i < SCOPES; i++)
            if (strlen(scope_words[i]) == length && memcmp(scope_words[i], words, length) == 0)
                scopes |= 1u << i;
        words += length + strspn(words + length, " ");
    }
    return scopes;
}

static enum store_status find_viewer(struct db *db, enum write find, enum write used, const unsigned char *hash,
                                     int64_t oldest_s, struct viewer *ret_viewer, int64_t *ret_row)
{
    sqlite3_stmt *found = db_prepare(db, find, (&(struct blob){hash, SECRET_HASH_BYTES}));
    if (!found)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    int64_t used_at = 0, row = 0, now = clock_now_s();
    struct viewer viewer = {0};
    if (sqlite3_step(found) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(found, 2);
        row = sqlite3_column_int64(found, 0);
        viewer.account = sqlite3_column_int64(found, 1);
        if (name && strlen(name) < sizeof viewer.name)
            memcpy(viewer.name, name, strlen(name) + 1);
        viewer.is_admin = sqlite3_column_int(found, 3);
        used_at = sqlite3_column_int64(found, 4);
        viewer.is_restricted = sqlite3_column_int(found, 5);
        viewer.unread = sqlite3_column_int(found, 6);
        viewer.scopes = scopes_of((const char *)sqlite3_column_text(found, 7));
        viewer.shows_presence = sqlite3_column_int(found, 8);
        const char *language = (const char *)sqlite3_column_text(found, 9);
        viewer.language = lang_find(language ? language : "");
        status = used_at >= oldest_s ? STORE_OK : STORE_NOT_FOUND;
    }
    sqlite3_reset(found);
    if (status != STORE_OK)
        return status;
    if (now - used_at > USED_EVERY_S)
        (void)!db_write(db, used, row, now);
    *ret_viewer = viewer;
    *ret_row = row;
    return STORE_OK;
}

enum store_status session_add(struct store *store, struct db *db, int64_t account, const char *agent,
                              char ret_secret[SECRET_TEXT_BYTES])
{
    char secret[SECRET_TEXT_BYTES];
    unsigned char hash[SECRET_HASH_BYTES];
    int64_t now = clock_now_s();
    secret_make(secret);
    secret_hash(store, secret, hash);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_SESSIONS_EXPIRE, account, now - (int64_t)SESSION_DAYS * 86400);
    if (status == STORE_OK)
        status = db_write(db, WRITE_SESSION_ADD, (&(struct blob){hash, sizeof hash}), account, agent, now);
    status = db_end(db, status);
    if (status == STORE_OK)
        memcpy(ret_secret, secret, sizeof secret);
    return status;
}

enum store_status session_find(struct store *store, struct db *db, const char *secret, struct viewer *ret_viewer)
{
    unsigned char hash[SECRET_HASH_BYTES];
    int64_t session;
    secret_hash(store, secret, hash);
    enum store_status status = find_viewer(db, WRITE_SESSION_FIND, WRITE_SESSION_USED, hash,
                                           clock_now_s() - (int64_t)SESSION_DAYS * 86400, ret_viewer, &session);
    if (status == STORE_OK)
        ret_viewer->session = session;
    return status;
}

enum store_status session_delete(struct db *db, int64_t account, int64_t session)
{
    enum store_status status = db_write(db, WRITE_SESSION_DELETE, account, session);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status token_add_secret(struct store *store, struct db *db, int64_t account, const char *label,
                                   unsigned scopes, const char *secret)
{
    char words[64] = "";
    unsigned char hash[SECRET_HASH_BYTES];
    size_t used = 0;
    assert(strlen(secret) == SECRET_TEXT_BYTES - 1); /* as long as what is made here, so that nobody can guess it */
    for (unsigned i = 0; i < SCOPES; i++)
        if (scopes & 1u << i)
            used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used ? " " : "", scope_words[i]);
    assert(used < sizeof words);
    secret_hash(store, secret, hash);
    return db_write(db, WRITE_TOKEN_ADD, (&(struct blob){hash, sizeof hash}), account, label, clock_now_s(), words);
}

enum store_status token_add(struct store *store, struct db *db, int64_t account, const char *label, unsigned scopes,
                            char ret_secret[SECRET_TEXT_BYTES])
{
    char secret[SECRET_TEXT_BYTES];
    secret_make(secret);
    enum store_status status = token_add_secret(store, db, account, label, scopes, secret);
    if (status == STORE_OK)
        memcpy(ret_secret, secret, sizeof secret);
    return status;
}

enum store_status token_find(struct store *store, struct db *db, const char *secret, struct viewer *ret_viewer)
{
    unsigned char hash[SECRET_HASH_BYTES];
    int64_t token;
    secret_hash(store, secret, hash);
    enum store_status status = find_viewer(db, WRITE_TOKEN_FIND, WRITE_TOKEN_USED, hash, INT64_MIN, ret_viewer, &token);
    if (status == STORE_OK)
        ret_viewer->token = token;
    return status;
}

int token_is_there(struct store *store, struct db *db, const char *secret)
{
    unsigned char hash[SECRET_HASH_BYTES];
    secret_hash(store, secret, hash);
    sqlite3_stmt *found = db_prepare(db, WRITE_TOKEN_FIND, (&(struct blob){hash, sizeof hash}));
    int is_there = found && sqlite3_step(found) == SQLITE_ROW;
    sqlite3_reset(found);
    return is_there;
}

enum store_status token_delete(struct db *db, int64_t account, int64_t token)
{
    enum store_status status = db_write(db, WRITE_TOKEN_DELETE, account, token);
    return status == STORE_OK ? db_changed(db) : status;
}
