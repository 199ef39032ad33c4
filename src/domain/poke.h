/* Pokes: one, until it is answered. */
#ifndef PICLOG_DOMAIN_POKE_H
#define PICLOG_DOMAIN_POKE_H

#include "domain/fault.h"

/* What there is between the actor and somebody else. */
struct poke {
    int64_t other;
    const char *name; /* in the arena */
    int takes_pokes;  /* the other does */
    int waits;        /* the actor's waits for an answer */
    int is_poked;     /* the other's waits for the actor's */
};

/* The person of that name as the actor may see them; the actor is nobody to poke. */
const struct fault *poke_find(const struct actor *actor, const char *name, struct poke *ret_poke) FAULT_MUST_USE;
/* Pokes, or pokes back, once for each key. FAULT_TAKEN: one waits already. */
const struct fault *poke_send(const struct actor *actor, const struct poke *poke) FAULT_MUST_USE;
/* Lets the other's poke be, without an answer. FAULT_NOT_FOUND: none waits. */
const struct fault *poke_let_be(const struct actor *actor, const struct poke *poke) FAULT_MUST_USE;

#endif
