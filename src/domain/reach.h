/* Who may reach a person: on their wall, in their guestbook, with a poke. */
#ifndef PICLOG_DOMAIN_REACH_H
#define PICLOG_DOMAIN_REACH_H

#include "domain/fault.h"

/* Who may write on a wall, for forms. */
enum { WALL_TAKERS = 4 };
struct wall_taker {
    const char *name, *words, *hint;
};
extern const struct wall_taker wall_takers[WALL_TAKERS];

/* As it was typed; NULL: it was not, and stays as it is. Of switches, "" and "0" are off. */
struct reach_typed {
    const char *wall; /* the name of one of them */
    const char *has_guestbook, *takes_pokes, *takes_nudges, *shows_presence;
};

/* What is wrong with it, before anything else is saved beside it. */
const struct fault *reach_check(const struct actor *actor, const struct reach_typed *typed) FAULT_MUST_USE;
/* Saves all of it, or nothing. Whoever takes no pokes any more has none waiting. */
const struct fault *reach_save(const struct actor *actor, const struct reach_typed *typed) FAULT_MUST_USE;

#endif
