/* Bulletins: a subject and Markdown for whoever follows their author. They end, and then they are deleted. */
#ifndef PICLOG_DOMAIN_BULLETIN_H
#define PICLOG_DOMAIN_BULLETIN_H

#include "domain/words.h"
#include "store/bulletin.h"

enum {
    BULLETIN_SUBJECT_MAX = 80,
    BULLETIN_SUBJECT_MAX_BYTES = 800,
    BULLETIN_MAX = 2000,
    BULLETIN_MAX_BYTES = 10000,
    BULLETIN_DAYS_MAX = 10
};

/* As it was typed; NULL: it was not. */
struct bulletin_typed {
    const char *subject;
    const char *content; /* Markdown */
    const char *days;    /* "1", "5" or "10" */
};

/* Pins it up, once for each key. *ret_id: its number. */
const struct fault *bulletin_publish(const struct actor *actor, const struct bulletin_typed *typed,
                                     int64_t *ret_id) FAULT_MUST_USE;
/* Takes one of the actor's own down; there is no editing, since some have read it. */
const struct fault *bulletin_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;
/* One that hung elsewhere and has not ended, at its own time; days is not looked at. FAULT_TAKEN: it is here already.
 */
const struct fault *bulletin_bring(const struct actor *actor, const struct bulletin_typed *typed, int64_t created_s,
                                   int64_t ends_s) FAULT_MUST_USE;

#endif
