/* Webhooks: where somebody wants to be told about their posts. */
#ifndef PICLOG_DOMAIN_WEBHOOK_H
#define PICLOG_DOMAIN_WEBHOOK_H

#include "domain/words.h"
#include "store/webhook.h"

/* Looks at the text only, as a host says nothing before it is connected to (hook/address.h): http or https, a host, a
   port that is no other service's, neither a name and password nor a fragment. */
const struct fault *webhook_check_url(struct arena *arena, const char *url) FAULT_MUST_USE;

/* Sets the address, turns it on, and makes a new secret, which is shown once; asked again under the same key, it is the
   same secret. */
const struct fault *webhook_point(const struct actor *actor, const char *url,
                                  char ret_secret[SECRET_TEXT_BYTES]) FAULT_MUST_USE;

#endif
