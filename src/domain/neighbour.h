/*
 * Neighbours: the hand-kept directory of sites, and the webring of members' homepages. A member's own homepage is shown
 * at once; a site that somebody suggests waits until an administrator says yes. Nobody here ever calls an address.
 */
#ifndef PICLOG_DOMAIN_NEIGHBOUR_H
#define PICLOG_DOMAIN_NEIGHBOUR_H

#include "domain/words.h"
#include "store/neighbour.h"

enum {
    NEIGHBOUR_TITLE_MAX = 60,
    NEIGHBOUR_TITLE_MAX_BYTES = 400,
    NEIGHBOUR_LINE_MAX = 140,
    NEIGHBOUR_LINE_MAX_BYTES = 1000,
    NEIGHBOUR_BUTTON_WIDTH_PX = 88,
    NEIGHBOUR_BUTTON_HEIGHT_PX = 31
};

/* What a site may be about; NULL behind the last. */
extern const char *const neighbour_categories[];
/* 1 if it is one of them. */
int neighbour_is_category(const char *category);

/* As it was typed; NULL: it was not. */
struct neighbour_typed {
    int is_home;     /* one's own homepage, whose address the profile knows */
    const char *url; /* of any other site; "you.example" will do */
    const char *title;
    const char *line; /* what it is, in a line */
    const char *category;
    const struct image *button; /* as a worker made it; NULL: none, or when changing: as it is */
    uint64_t fingerprint;       /* of the button */
};

/* Puts a site up, once for each key. *ret_id: its number. is_admin: it need not wait. */
const struct fault *neighbour_suggest(const struct actor *actor, const struct neighbour_typed *typed, int is_admin,
                                      int64_t *ret_id) FAULT_MUST_USE;
/* Changes one of the actor's own, or any for an administrator. A suggestion that others see waits again when its
   address changes hands: that is, always, unless an administrator changes it. */
const struct fault *neighbour_change(const struct actor *actor, int64_t id, const struct neighbour_typed *typed,
                                     int is_admin) FAULT_MUST_USE;
const struct fault *neighbour_remove(const struct actor *actor, int64_t id, int is_admin) FAULT_MUST_USE;

/* Joins the ring, which needs a homepage, or leaves it. Twice is once. */
const struct fault *ring_join(const struct actor *actor, int is_in) FAULT_MUST_USE;

#endif
