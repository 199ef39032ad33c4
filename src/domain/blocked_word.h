/* Words that are not taken here as they are: masked, held for review, or refused. The actor is an administrator. */
#ifndef PICLOG_DOMAIN_BLOCKED_WORD_H
#define PICLOG_DOMAIN_BLOCKED_WORD_H

#include "domain/fault.h"

enum { BLOCKED_WORDS_AT_ONCE = 1000 };

/* words: one a line; action: mask, hold or refuse. All of them, or none. */
const struct fault *blocked_words_add(const struct actor *actor, const char *words, const char *action) FAULT_MUST_USE;
const struct fault *blocked_word_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;

#endif
