/*
 * Accounts: names, passwords, recovery codes, invites, sessions and API tokens.
 *
 * Secrets are shown once and stored as hashes: passwords by argon2id (19 MiB, 2 passes; at most two at a time in this
 * process), everything else, being 32 random bytes, by BLAKE2b keyed with the instance's secret. Functions that take a
 * struct store as well need that secret.
 */
#ifndef PICLOG_STORE_ACCOUNT_H
#define PICLOG_STORE_ACCOUNT_H

#include "store.h"

enum {
    NAME_MAX_BYTES = 20,
    PASSWORD_MIN_BYTES = 8,
    PASSWORD_MAX_BYTES = 1000,
    SECRET_TEXT_BYTES = 44, /* 32 bytes in URL-safe base64, terminated */
    RECOVERY_CODES = 8,
    RECOVERY_CODE_BYTES = 20, /* aaaa-bbbb-cccc-dddd, terminated */
    SESSION_DAYS = 60,
    INVITE_DAYS = 14
};

/* 32 random bytes as text. */
void secret_make(char ret_text[SECRET_TEXT_BYTES]);

/* Lower-cases ASCII into ret_name; -1 when it is not [a-z0-9_-]{1,20} in any case. */
int account_name_fold(const char *typed, char ret_name[NAME_MAX_BYTES + 1]);

/* STORE_TAKEN: the name exists. STORE_ALIKE: see name.h. STORE_INVALID: name or password are out of range. */
STORE_MUST_USE enum store_status account_add(struct db *db, const char *name, const char *password, int is_admin,
                                             int64_t invited_by, int64_t *ret_id);
/* The same with any name that nobody has. */
STORE_MUST_USE enum store_status account_add_any(struct db *db, const char *name, const char *password, int is_admin,
                                                 int64_t invited_by, int64_t *ret_id);

/* STORE_NOT_FOUND when name and password do not fit or the account is disabled; takes as long for unknown names. */
STORE_MUST_USE enum store_status account_check_password(struct db *db, const char *name, const char *password,
                                                        int64_t *ret_id);

/* Also ends every token, every key of a feed, and every session but keep_session (0: all). */
STORE_MUST_USE enum store_status account_set_password(struct db *db, int64_t account, const char *password,
                                                      int64_t keep_session);
STORE_MUST_USE enum store_status account_set_state(struct db *db, int64_t account, const char *state);
/* Deletes everything the account ever posted, bytes included; its name rests (name.h). */
STORE_MUST_USE enum store_status account_delete(struct db *db, int64_t account, int usual_rest_days);
/* Notes that the account was here; at most once a minute is written. */
void account_seen(struct db *db, int64_t account);

/* New codes replace the old ones. They follow from the secret: the same one makes the same codes (once.h). */
STORE_MUST_USE enum store_status recovery_make(struct store *store, struct db *db, int64_t account, const char *secret,
                                               char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES]);
/* The codes that the secret made, as long as they are the account's newest and none is used; else STORE_NOT_FOUND. */
STORE_MUST_USE enum store_status recovery_find(struct store *store, struct db *db, int64_t account, const char *secret,
                                               char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES]);
/* Uses up one code and sets a new password; ends every session, token and key of a feed. */
STORE_MUST_USE enum store_status recovery_use(struct store *store, struct db *db, const char *name, const char *code,
                                              const char *new_password, int64_t *ret_account);

STORE_MUST_USE enum store_status invite_add(struct store *store, struct db *db, int64_t created_by, int is_admin,
                                            char ret_code[SECRET_TEXT_BYTES]);
/* The same with a code that the caller made (once.h). */
STORE_MUST_USE enum store_status invite_add_code(struct store *store, struct db *db, int64_t created_by, int is_admin,
                                                 const char *code);
/* Is this invite open? */
STORE_MUST_USE enum store_status invite_find(struct store *store, struct db *db, const char *code, int *ret_is_admin);
/* Makes an account with an invite, in one step, so that an invite is never used twice. Names: as account_add(). */
STORE_MUST_USE enum store_status invite_use(struct store *store, struct db *db, const char *code, const char *name,
                                            const char *password, int64_t *ret_account);
STORE_MUST_USE enum store_status invite_delete(struct db *db, int64_t created_by, int64_t invite);

/* What a token may do; a session may do all of it. Kept as words: "create update delete media settings messages
 * only_posts". */
enum token_scope {
    SCOPE_CREATE = 1 << 0,
    SCOPE_UPDATE = 1 << 1,
    SCOPE_DELETE = 1 << 2,
    SCOPE_MEDIA = 1 << 3,
    SCOPE_SETTINGS = 1 << 4, /* everything else: settings, webhook, export */
    SCOPE_MESSAGES = 1 << 5, /* reading and writing messages, and an export, which holds them */
    SCOPE_ALL = (1 << 6) - 1,
    SCOPE_ONLY_POSTS = 1 << 6 /* takes away: of a program that may write posts, but follow nobody */
};

struct viewer {
    int64_t account; /* 0: nobody */
    int64_t session; /* 0: came with a token */
    int64_t token;   /* 0: came with a session */
    char name[NAME_MAX_BYTES + 1];
    unsigned scopes; /* enum token_scope */
    int is_admin;
    int shows_presence; /* to people who follow each other: app/request/presence.h */
    int is_restricted;  /* suspended or banned: may read, appeal, export and leave, nothing else */
    int language;       /* that they chose, of base/lang.h; -1: as their browser asks */
    int unread;         /* decisions about this person that they have not seen */
};

STORE_MUST_USE enum store_status session_add(struct store *store, struct db *db, int64_t account, const char *agent,
                                             char ret_secret[SECRET_TEXT_BYTES]);
STORE_MUST_USE enum store_status session_find(struct store *store, struct db *db, const char *secret,
                                              struct viewer *ret_viewer);
STORE_MUST_USE enum store_status session_delete(struct db *db, int64_t account, int64_t session);

STORE_MUST_USE enum store_status token_add(struct store *store, struct db *db, int64_t account, const char *label,
                                           unsigned scopes, char ret_secret[SECRET_TEXT_BYTES]);
/* The same with a secret that the caller made (once.h). */
STORE_MUST_USE enum store_status token_add_secret(struct store *store, struct db *db, int64_t account,
                                                  const char *label, unsigned scopes, const char *secret);
STORE_MUST_USE enum store_status token_find(struct store *store, struct db *db, const char *secret,
                                            struct viewer *ret_viewer);
/* 1 when there is such a token; unlike token_find() this is no use of it. */
int token_is_there(struct store *store, struct db *db, const char *secret);
STORE_MUST_USE enum store_status token_delete(struct db *db, int64_t account, int64_t token);

#endif
