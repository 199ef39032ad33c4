/*
 * The directory of sites near by, and the ring of members' homepages. Nothing here ever calls an address. Texts and
 * addresses are checked by the caller.
 */
#ifndef PICLOG_STORE_NEIGHBOUR_H
#define PICLOG_STORE_NEIGHBOUR_H

#include "image.h"

struct neighbour_new {
    int64_t account;
    int is_home;     /* the homepage of the account itself: its address comes from the profile */
    const char *url; /* of any other site */
    const char *title, *line, *category;
    const struct image *button; /* 88 × 31 pixels; NULL: none, and when editing: as it is */
    int is_shown;               /* 0: it waits for an administrator */
};

/* STORE_FULL: the account has NEIGHBOURS_MAX. STORE_TAKEN: that site stands there, or waits. STORE_REFUSED: a word is
   not taken here. STORE_BLOCKED: the button is on the block list. */
enum { NEIGHBOURS_MAX = 20 };
STORE_MUST_USE enum store_status neighbour_add(struct store *store, struct db *db, const struct neighbour_new *site,
                                               uint64_t fingerprint, int64_t *ret_id);
/* As above; account 0: an administrator. STORE_NOT_FOUND: no such site of that account. */
STORE_MUST_USE enum store_status neighbour_edit(struct store *store, struct db *db, int64_t id,
                                                const struct neighbour_new *site, uint64_t fingerprint);
STORE_MUST_USE enum store_status neighbour_delete(struct db *db, int64_t account, int64_t id);

/* Whether the homepage of an account is part of the ring. STORE_NOT_FOUND: it has none. */
STORE_MUST_USE enum store_status ring_set(struct db *db, int64_t account, int is_in);

#endif
