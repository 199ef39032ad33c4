/*
 * Walls: people write on somebody's wall, visitors without an account in a guestbook, which is the same wall. Its owner
 * decides who may, and whether everybody sees it at once or after a look. The guestbook of the site has no owner:
 * administrators look.
 */
#ifndef PICLOG_DOMAIN_WALL_H
#define PICLOG_DOMAIN_WALL_H

#include "domain/picture.h"
#include "store/wall.h"

enum {
    WALL_MAX = 500,
    WALL_MAX_BYTES = 4000,
    GUEST_WORDS_MAX = 300,
    GUEST_WORDS_MAX_BYTES = 2400,
    GUEST_NAME_MAX = 40,
    GUEST_NAME_MAX_BYTES = 200
};

struct wall {
    int64_t owner;     /* 0: the guestbook of the site */
    const char *name;  /* of the owner; "" */
    const char *takes; /* open, look, followed, nobody */
    int has_guestbook; /* visitors may sign */
};

/* The wall of that name, NULL: the guestbook of the site, as the actor may see it. */
const struct fault *wall_find(const struct actor *actor, const char *name, struct wall *ret_wall) FAULT_MUST_USE;
/* Why the actor, who has an account, may not write there; NULL: they may. */
const struct fault *wall_refuses(const struct actor *actor, const struct wall *wall) FAULT_MUST_USE;

/* As it was typed; NULL: it was not. */
struct wall_typed {
    const char *content, *alt;
    const char *name, *homepage; /* of a visitor */
    const char *trap;            /* a field that people do not see */
};

/* The same, clean, in the arena. */
struct wall_words {
    const char *content, *alt, *name, *homepage;
};

/* What became of a picture that goes with the words. */
struct wall_picture {
    struct image full, thumb;
    uint64_t fingerprint;
};

/* Before a picture is crushed, so that nobody waits for a worker in vain. Words may be missing where a picture comes.
 */
const struct fault *wall_clean(struct arena *arena, const struct wall_typed *typed, int has_picture,
                               struct wall_words *ret_words) FAULT_MUST_USE;

/* Writes on it, once for each key and picture; picture NULL: none. is_admin: whose entry in the guestbook of the site
   need not wait. *ret_id: its number. */
const struct fault *wall_write(const struct actor *actor, const struct wall *wall, int is_admin,
                               const struct wall_words *words, const struct wall_picture *picture,
                               int64_t *ret_id) FAULT_MUST_USE;

/* A visitor signs: actor->account is 0, network tells networks apart and is not kept. Always waits. */
const struct fault *wall_sign(const struct actor *actor, const struct wall *wall, const unsigned char network[16],
                              const struct wall_typed *typed) FAULT_MUST_USE;

/* Shows what waits on the actor's own wall. */
const struct fault *wall_let_in(const struct actor *actor, int64_t entry) FAULT_MUST_USE;
/* Deletes what the actor wrote, or what stands on the actor's wall. */
const struct fault *wall_remove(const struct actor *actor, int64_t entry) FAULT_MUST_USE;

#endif
