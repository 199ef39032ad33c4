/* Secret, revocable addresses of one's own feeds, for readers that cannot sign in. */
#ifndef PICLOG_DOMAIN_FEED_KEY_H
#define PICLOG_DOMAIN_FEED_KEY_H

#include "domain/fault.h"
#include "store/feed_key.h"

/* feed: "friends" or "notices". The key is shown once; asked again under the same key of a form, it is the same. The
   one before opens nothing any more. */
const struct fault *feed_key_make(const struct actor *actor, const char *feed,
                                  char ret_secret[SECRET_TEXT_BYTES]) FAULT_MUST_USE;
const struct fault *feed_key_revoke(const struct actor *actor, const char *feed) FAULT_MUST_USE;
/* Whose key this is. FAULT_NOT_FOUND: nobody's, or nobody's any more. The actor's account is not looked at. */
const struct fault *feed_key_open(const struct actor *actor, const char *feed, const char *secret,
                                  struct viewer *ret_viewer) FAULT_MUST_USE;

#endif
