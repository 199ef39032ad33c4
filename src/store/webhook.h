/*
 * Webhooks: where an account wants to be told about its posts, and what is still to be told. Triggers of the schema
 * note events with every post (migrations/0003_webhooks.sql); src/hook delivers them.
 */
#ifndef PICLOG_STORE_WEBHOOK_H
#define PICLOG_STORE_WEBHOOK_H

#include "account.h"

enum { WEBHOOK_URL_MAX_BYTES = 500, WEBHOOK_GIVE_UP_FAILURES = 50, WEBHOOK_EVENT_LIFETIME_S = 2 * 86400 };

/* The oldest event of an account whose turn it is. url and secret are malloc'd: webhook_due_free. */
struct webhook_due {
    int64_t event_id, account, post_id, created_at;
    char name[NAME_MAX_BYTES + 1];
    char event[12], kind[12]; /* created, edited, deleted; picture, status, mood */
    char *url, *secret;
    int failures; /* in a row, of this webhook */
};

/* Sets the address of an account, turns it on and gives it this new secret (secret_make or once.h). */
STORE_MUST_USE enum store_status webhook_set(struct db *db, int64_t account, const char *url, const char *secret);
/* 1 when this is the address and the secret of an account. */
int webhook_is(struct db *db, int64_t account, const char *url, const char *secret);
/* Off: what waits is forgotten. STORE_NOT_FOUND when there is none. */
STORE_MUST_USE enum store_status webhook_turn(struct db *db, int64_t account, int is_on);
/* Forgets address, secret and everything that waits. */
STORE_MUST_USE enum store_status webhook_delete(struct db *db, int64_t account);

/*
 * Takes up to most accounts whose turn it is, one event each, and lets nobody else take them before now_s + hold_s: a
 * process that dies in between loses no event. Forgets events older than WEBHOOK_EVENT_LIFETIME_S. *ret_count may be 0.
 */
STORE_MUST_USE enum store_status webhook_take(struct db *db, int64_t now_s, int hold_s, int most,
                                              struct webhook_due *ret_due, int *ret_count);
void webhook_due_free(struct webhook_due *due);

/* When the next event is due; INT64_MAX when nothing waits. */
int64_t webhook_next(struct db *db);

/* The event was told, or (http_status 0) nothing is left to be told: the next of this account is due at once. */
STORE_MUST_USE enum store_status webhook_done(struct db *db, const struct webhook_due *due, int http_status);
/* It was not. http_status 0: no answer came. After WEBHOOK_GIVE_UP_FAILURES in a row, or with give_up, the webhook is
   turned off. */
STORE_MUST_USE enum store_status webhook_failed(struct db *db, const struct webhook_due *due, int http_status,
                                                const char *error, int64_t next_at, int give_up);

#endif
