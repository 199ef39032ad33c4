/*
 * Why something was not done, once for everybody who has to say so: the page with the form, the API, Micropub, an
 * import, the shell. A function that may refuse returns a fault, or NULL when all is well.
 *
 *     const struct fault *fault = status_publish(&actor, &typed, &id);
 *     if (fault)
 *         respond_fault(req, res, fault);
 *
 * Faults live in the actor's arena. Thread-safe as far as the arena is.
 */
#ifndef PICLOG_DOMAIN_FAULT_H
#define PICLOG_DOMAIN_FAULT_H

#include "base/lang.h"
#include "domain/actor.h"

enum fault_kind {
    FAULT_WORDS = 1,   /* a field is empty, too long, no text, or none of what it may be */
    FAULT_UNUSABLE,    /* a picture that cannot be decoded */
    FAULT_FORMAT,      /* a file of a kind that is not taken here */
    FAULT_TOO_LARGE,   /* a file over the limit of an upload */
    FAULT_STRANGER,    /* a name and a secret that do not belong together */
    FAULT_NOT_FOUND,   /* not there, or somebody else's and better not told apart */
    FAULT_NOT_YOURS,   /* somebody else's */
    FAULT_NOT_ALLOWED, /* nobody, or not this account, may do this here */
    FAULT_TAKEN,       /* what must be unique exists already, or as much waits as may */
    FAULT_FULL,        /* a quota, or the disk */
    FAULT_REFUSED,     /* holds a word that is not taken here */
    FAULT_BLOCKED,     /* a picture of the block list */
    FAULT_BUSY,        /* try again in a moment */
    FAULT_FAILED       /* the database does not answer: our fault, not theirs */
};

struct fault {
    enum fault_kind kind;
    const char *field;    /* as forms and the API call it; NULL: it is about no single field */
    size_t limit;         /* so many characters or bytes fit; 0: it is about no limit */
    const char *sentence; /* finished, in the language of faults: what is wrong, which limit, what to do */
    const char *cause;    /* of FAULT_FAILED, for the log: what the database said; else NULL */
};

#define FAULT_MUST_USE __attribute__((warn_unused_result))

/* A fault that is about a field. */
const struct fault *fault_of_field(struct arena *arena, const char *field, size_t limit, const char *format, ...)
    __attribute__((format(printf, 4, 5), returns_nonnull)) FAULT_MUST_USE;

/* Any other. */
const struct fault *fault_make(struct arena *arena, enum fault_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull)) FAULT_MUST_USE;

/* What a failed call of the store means; noun: "picture", "status", … NULL for STORE_OK. */
const struct fault *fault_of_store(const struct actor *actor, enum store_status status,
                                   const char *noun) FAULT_MUST_USE;

#endif
