/* Decisions of administrators over posts and people. Each needs a reason, which the person reads and the log keeps. */
#ifndef PICLOG_DOMAIN_DECISION_H
#define PICLOG_DOMAIN_DECISION_H

#include "domain/words.h"
#include "store/moderation.h"

enum { REASON_MAX = 500, SUSPEND_USUAL_DAYS = 7 };

/* As it was typed. */
struct decision_typed {
    const char *action, *kind; /* see store/moderation.h */
    int64_t subject;
    const char *reason;
    const char *days; /* of suspend; none or nonsense: a week */
};

/* The actor is the administrator. *ret_is_again: the same was sent before under the same key, and nothing is done this
   time, whatever has been decided since. */
const struct fault *decision_take(const struct actor *actor, const struct decision_typed *typed,
                                  int *ret_is_again) FAULT_MUST_USE;

/* Suspends or bans everybody in the branch of invitations below a person, that person included, administrators left
   out. is_sure: they have seen who that is. *ret_count: how many, this time or when it was sent before. */
const struct fault *decision_take_branch(const struct actor *actor, const struct decision_typed *typed, int is_sure,
                                         int *ret_count, int *ret_is_again) FAULT_MUST_USE;

#endif
