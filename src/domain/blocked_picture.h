/* Pictures that are not taken here: decisions put them on the list ("block", decision.h), this takes them off it. */
#ifndef PICLOG_DOMAIN_BLOCKED_PICTURE_H
#define PICLOG_DOMAIN_BLOCKED_PICTURE_H

#include "domain/fault.h"

/* The actor is an administrator; id: of the list, not of a post. */
const struct fault *blocked_picture_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;

#endif
