/* The top eight: whom somebody shows on their page, by name. */
#ifndef PICLOG_DOMAIN_TOP_H
#define PICLOG_DOMAIN_TOP_H

#include "domain/fault.h"
#include "store/top.h"

/*
 * Shows these people, in this order, instead of those before. Blank names are passed over, "@" and "~" in front are
 * allowed. A fault names the field "names": more than TOP_MAX, nobody of that name whom the actor may see, oneself, or
 * somebody twice. Sent twice it is the same, so it needs no key.
 */
const struct fault *top_choose(const struct actor *actor, const char *const *names, size_t count) FAULT_MUST_USE;

#endif
