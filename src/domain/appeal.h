/* Appeals: a person answers a decision about them, and an administrator answers that. */
#ifndef PICLOG_DOMAIN_APPEAL_H
#define PICLOG_DOMAIN_APPEAL_H

#include "domain/words.h"

enum { APPEAL_MAX = 2000, APPEAL_MAX_BYTES = 16000, APPEAL_ANSWER_MAX = 500 };

/* The actor's own; what was decided counts as seen. FAULT_TAKEN: another one waits. */
const struct fault *appeal_make(const struct actor *actor, const char *words) FAULT_MUST_USE;

/* The actor is the administrator. lift: ends mute, suspension and ban. */
const struct fault *appeal_settle(const struct actor *actor, int64_t appeal, const char *answer,
                                  int lift) FAULT_MUST_USE;

#endif
