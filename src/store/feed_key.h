/*
 * Secret addresses of one's own feeds: one key for each feed of a person, 'friends' or 'notices'. A key opens that feed
 * and nothing else. Only a keyed hash of it is stored (account.h).
 */
#ifndef PICLOG_STORE_FEED_KEY_H
#define PICLOG_STORE_FEED_KEY_H

#include "account.h"

/* Sets the key of a feed; the one before opens nothing any more. STORE_INVALID: there is no such feed. */
STORE_MUST_USE enum store_status feed_key_set(struct store *store, struct db *db, int64_t account, const char *feed,
                                              const char *secret);
STORE_MUST_USE enum store_status feed_key_delete(struct db *db, int64_t account, const char *feed);

/* Whose feed it opens: account and name, with no right to anything else. STORE_NOT_FOUND: nobody's, or one of somebody
   who is disabled, banned or suspended. */
STORE_MUST_USE enum store_status feed_key_find(struct store *store, struct db *db, const char *feed, const char *secret,
                                               struct viewer *ret_viewer);

#endif
