/* Reports: anybody says what is wrong with a post or a person. */
#ifndef PICLOG_DOMAIN_REPORT_H
#define PICLOG_DOMAIN_REPORT_H

#include "domain/words.h"
#include "store/moderation.h"

enum { COMPLAINT_MAX = 500, COMPLAINT_MAX_BYTES = 4000, REPORT_REASONS = 8 };

/* What may be wrong, for forms. */
struct report_reason {
    const char *name, *words;
};
extern const struct report_reason report_reasons[REPORT_REASONS];

struct report_typed {
    const char *reason; /* the name of one of them */
    const char *note;
};

/* actor->account 0: nobody signed in; then network tells people apart, and is kept as a keyed hash only. */
const struct fault *report_make(const struct actor *actor, const unsigned char network[16], const char *kind,
                                int64_t subject, const struct report_typed *typed) FAULT_MUST_USE;

#endif
