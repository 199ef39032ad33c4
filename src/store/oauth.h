/*
 * Programs that people let in: who registered, codes that are exchanged for tokens once, and what the tokens were
 * given for. Only keyed hashes of codes and secrets are stored (account.h).
 */
#ifndef PICLOG_STORE_OAUTH_H
#define PICLOG_STORE_OAUTH_H

#include "account.h"
#include "base/arena.h"

enum {
    APPS_UNUSED_MAX = 2000, /* registered, and nobody let them in yet; the oldest make room */
    APP_UNUSED_S = 86400,
    APP_FORGOTTEN_S = 400 * 86400, /* after nobody let it in any more, and none of its tokens is left */
    CODE_LIFETIME_S = 60,
    CODE_REMEMBERED_S = 86400 /* to notice that one comes twice */
};

struct app_new {
    const char *client_id, *secret, *name, *website, *redirects, *scope;
};
STORE_MUST_USE enum store_status app_add(struct store *store, struct db *db, const struct app_new *app);
/* STORE_NOT_FOUND: there is no such app, or this is not its secret. */
STORE_MUST_USE enum store_status app_check_secret(struct store *store, struct db *db, const char *client_id,
                                                  const char *secret);

/* What somebody allowed a program; texts are borrowed, from code_find() in the arena. */
struct code {
    int64_t id, account, created_s, token;
    int is_used;
    const char *name; /* of the account; only from code_find() */
    const char *client_id, *redirect, *challenge, *scope, *label;
};
STORE_MUST_USE enum store_status code_add(struct store *store, struct db *db, const struct code *code,
                                          const char *secret);
/* Also one that is used or too old. STORE_NOT_FOUND: unknown, or of an account that is closed or disabled. */
STORE_MUST_USE enum store_status code_find(struct store *store, struct db *db, const char *secret, struct arena *arena,
                                           struct code *ret_code);
/* Uses it up and makes the token, in one step. STORE_TAKEN: it was used in between. scopes: enum token_scope. */
STORE_MUST_USE enum store_status code_exchange(struct store *store, struct db *db, const struct code *code,
                                               unsigned scopes, const char *secret);
/* Uses it up without a token. */
STORE_MUST_USE enum store_status code_use(struct db *db, const struct code *code);

/* Ends a token that was given to a program. One that is gone, or was made in the settings, is left alone. */
STORE_MUST_USE enum store_status token_end(struct store *store, struct db *db, const char *secret);

/* The token of an app itself: it follows from client_id, opens no account, and is as long as the app is. */
enum { APP_TOKEN_BYTES = 128 };
void app_token_make(const struct store *store, const char *client_id, char ret_token[APP_TOKEN_BYTES]);
/* STORE_NOT_FOUND: it is none, or of an app that is forgotten. */
STORE_MUST_USE enum store_status app_token_find(struct store *store, struct db *db, const char *token);

/* Forgets apps and codes whose time is over. */
STORE_MUST_USE enum store_status oauth_expire(struct db *db);

#endif
