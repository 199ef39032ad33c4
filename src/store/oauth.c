/*
 * Programs that people let in: see oauth.h. Refuses to judge a code: domain/oauth.c does. Read next: session.c, which
 * finds whose a token is; statements/oauth.sql.
 */
#include "oauth.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "db.h"

enum store_status app_add(struct store *store, struct db *db, const struct app_new *app)
{
    unsigned char hash[SECRET_HASH_BYTES];
    const int64_t now = clock_now_s();
    secret_hash(store, app->secret, hash);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_APPS_TRIM, (int64_t)APPS_UNUSED_MAX - 1);
    if (status == STORE_OK)
        status = db_write(db, WRITE_APP_ADD, app->client_id, (&(struct blob){hash, sizeof hash}), app->name,
                          app->website, app->redirects, app->scope, now);
    return db_end(db, status);
}

/* STORE_OK when the statement finds a row; resets it. */
static enum store_status is_there(sqlite3_stmt *statement)
{
    if (!statement)
        return STORE_FAILED;
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_ROW ? STORE_OK : code == SQLITE_DONE ? STORE_NOT_FOUND : db_status(code);
}

enum store_status app_check_secret(struct store *store, struct db *db, const char *client_id, const char *secret)
{
    unsigned char hash[SECRET_HASH_BYTES];
    secret_hash(store, secret, hash);
    return is_there(db_prepare(db, WRITE_APP_SECRET, client_id, (&(struct blob){hash, sizeof hash})));
}

/* ---- Codes ---------------------------------------------------------------------------------------- */

enum store_status code_add(struct store *store, struct db *db, const struct code *code, const char *secret)
{
    unsigned char hash[SECRET_HASH_BYTES];
    const int64_t now = clock_now_s();
    secret_hash(store, secret, hash);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_CODE_ADD, (&(struct blob){hash, sizeof hash}), code->account, code->client_id,
                      code->redirect, code->challenge, code->scope, code->label, now);
    if (status == STORE_OK)
        status = db_write(db, WRITE_APP_USED, code->client_id, now);
    return db_end(db, status);
}

static const char *text_at(sqlite3_stmt *row, int column, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return arena_copy(arena, text ? text : "");
}

enum store_status code_find(struct store *store, struct db *db, const char *secret, struct arena *arena,
                            struct code *ret_code)
{
    unsigned char hash[SECRET_HASH_BYTES];
    secret_hash(store, secret, hash);
    sqlite3_stmt *row = db_prepare(db, WRITE_CODE_FIND, (&(struct blob){hash, sizeof hash}));
    if (!row)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    const int code = sqlite3_step(row);
    if (code == SQLITE_ROW) {
        *ret_code = (struct code){.id = sqlite3_column_int64(row, 0),
                                  .account = sqlite3_column_int64(row, 1),
                                  .name = text_at(row, 2, arena),
                                  .client_id = text_at(row, 3, arena),
                                  .redirect = text_at(row, 4, arena),
                                  .challenge = text_at(row, 5, arena),
                                  .scope = text_at(row, 6, arena),
                                  .label = text_at(row, 7, arena),
                                  .created_s = sqlite3_column_int64(row, 8),
                                  .is_used = sqlite3_column_int(row, 9),
                                  .token = sqlite3_column_int64(row, 10)};
        status = STORE_OK;
    } else if (code != SQLITE_DONE) {
        status = db_status(code);
    }
    sqlite3_reset(row);
    return status;
}

enum store_status code_use(struct db *db, const struct code *code)
{
    enum store_status status = db_write(db, WRITE_CODE_USE, code->id);
    if (status == STORE_OK)
        status = db_changed(db);
    return status == STORE_NOT_FOUND ? STORE_TAKEN : status;
}

enum store_status code_exchange(struct store *store, struct db *db, const struct code *code, unsigned scopes,
                                const char *secret)
{
    unsigned char bytes[SECRET_HASH_BYTES];
    const struct blob hash = {bytes, sizeof bytes};
    secret_hash(store, secret, bytes);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = code_use(db, code);
    if (status == STORE_OK)
        status = token_add_secret(store, db, code->account, code->label, scopes, secret);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TOKEN_GRANT, &hash, code->client_id, code->scope);
    if (status == STORE_OK)
        status = db_write(db, WRITE_CODE_GAVE, code->id, &hash);
    return db_end(db, status);
}

/* ---- Tokens --------------------------------------------------------------------------------------- */

enum store_status token_end(struct store *store, struct db *db, const char *secret)
{
    unsigned char hash[SECRET_HASH_BYTES];
    secret_hash(store, secret, hash);
    return db_write(db, WRITE_TOKEN_END, (&(struct blob){hash, sizeof hash}));
}

static const char app_prefix[] = "app.";

void app_token_make(const struct store *store, const char *client_id, char ret_token[APP_TOKEN_BYTES])
{
    unsigned char hash[SECRET_HASH_BYTES];
    char text[16 + SECRET_TEXT_BYTES], hex[2 * sizeof hash + 1];
    snprintf(text, sizeof text, "app token\n%s", client_id);
    secret_hash(store, text, hash);
    snprintf(ret_token, APP_TOKEN_BYTES, "%s%.*s.%s", app_prefix, SECRET_TEXT_BYTES, client_id,
             sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
}

enum store_status app_token_find(struct store *store, struct db *db, const char *token)
{
    char client_id[SECRET_TEXT_BYTES], ours[APP_TOKEN_BYTES];
    const size_t prefix = sizeof app_prefix - 1;
    if (strncmp(token, app_prefix, prefix) != 0)
        return STORE_NOT_FOUND;
    const size_t length = strcspn(token + prefix, ".");
    if (length >= sizeof client_id)
        return STORE_NOT_FOUND;
    memcpy(client_id, token + prefix, length);
    client_id[length] = '\0';
    app_token_make(store, client_id, ours);
    if (strlen(ours) != strlen(token) || sodium_memcmp(ours, token, strlen(ours)) != 0)
        return STORE_NOT_FOUND;
    json_t *app = db_row(db, QUERY_APP, client_id, clock_now_s() - APP_UNUSED_S);
    const enum store_status status = !app ? STORE_FAILED : json_is_null(app) ? STORE_NOT_FOUND : STORE_OK;
    json_decref(app);
    return status;
}

enum store_status oauth_expire(struct db *db)
{
    const int64_t now = clock_now_s();
    enum store_status status = db_write(db, WRITE_CODES_EXPIRE, now - CODE_REMEMBERED_S);
    if (status == STORE_OK)
        status = db_write(db, WRITE_APPS_EXPIRE, now - APP_UNUSED_S);
    return status == STORE_OK ? db_write(db, WRITE_APPS_FORGET, now - APP_FORGOTTEN_S) : status;
}
