/* Following people: whose posts somebody wants to see together, and who is told about it. */
#ifndef PICLOG_DOMAIN_FOLLOW_H
#define PICLOG_DOMAIN_FOLLOW_H

#include "domain/fault.h"
#include "store/follow.h"

/*
 * Follows somebody by name. Needs no key: doing it twice is doing it once. *ret_is_new: 0 where they were followed
 * already. FAULT_NOT_FOUND: nobody of that name is here, or one of the two blocked the other. At most FOLLOWS_MAX.
 */
const struct fault *follow_begin(const struct actor *actor, const char *name, int *ret_is_new) FAULT_MUST_USE;
/* Ends it; also when they were not followed. FAULT_NOT_FOUND: there is nobody of that name. */
const struct fault *follow_end(const struct actor *actor, const char *name) FAULT_MUST_USE;
/* Takes somebody off those who follow the actor. They are not told, and may follow again; a block prevents it. */
const struct fault *follow_shake_off(const struct actor *actor, const char *name) FAULT_MUST_USE;

#endif
