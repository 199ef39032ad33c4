/* Kept posts: those of others that somebody wants to find again. Nobody is told, and the list is one's own unless
 * shown. */
#ifndef PICLOG_DOMAIN_KEPT_H
#define PICLOG_DOMAIN_KEPT_H

#include "domain/fault.h"
#include "store/kept.h"

/* post: as domain/answers.h names it. Twice is once. *ret_id: the number of the entry. FAULT_WORDS: the post is gone,
   or not the actor's to see. FAULT_FULL: beyond KEPT_MAX. */
const struct fault *kept_keep(const struct actor *actor, const char *post, int64_t *ret_id) FAULT_MUST_USE;
/* Letting go of what was not kept is fine. */
const struct fault *kept_let_go(const struct actor *actor, const char *post) FAULT_MUST_USE;

#endif
