/* Who does not see whom: muting is for one's own timelines, a block means that neither sees the other anywhere. */
#ifndef PICLOG_DOMAIN_SHUN_H
#define PICLOG_DOMAIN_SHUN_H

#include "domain/fault.h"

/* The account with that name; FAULT_NOT_FOUND also where the actor is the one who was blocked, as nobody is told. */
const struct fault *shun_find(const struct actor *actor, const char *name, int64_t *ret_other) FAULT_MUST_USE;
/* kind: mute or block. Doing it twice is doing it once, and so is taking it back. */
const struct fault *shun_set(const struct actor *actor, int64_t other, const char *kind, int is_undo) FAULT_MUST_USE;

#endif
