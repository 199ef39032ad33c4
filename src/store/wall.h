/*
 * Walls: what people write on somebody's wall, what visitors without an account leave there, and the guestbook of the
 * site. Texts, and who may write, are checked by the caller; words that are not taken here, and pictures that are
 * blocked, are found here. Uses and bytes of pictures are counted by triggers (migrations/0009_neighbours.sql).
 */
#ifndef PICLOG_STORE_WALL_H
#define PICLOG_STORE_WALL_H

#include "image.h"

enum {
    WALL_WAITING_MAX = 5,     /* of one person on one wall, until its owner had a look */
    WALL_GUESTS_MAX = 100,    /* of visitors on one wall, likewise */
    WALL_NETWORK_A_DAY = 5,   /* from one network, on all walls */
    WALL_WAITS_FOR_OWNER = 16 /* as a bit of hidden */
};

struct wall_new {
    int64_t owner;                /* whose wall; 0: the guestbook of the site, which administrators look at first */
    int64_t account;              /* who writes; 0: a visitor */
    const char *name, *homepage;  /* of a visitor; else "" */
    const unsigned char *network; /* 16 bytes, of a visitor: kept as a keyed hash, for two days; else NULL */
    const char *content, *alt;
    const struct image *full, *thumb; /* both or neither */
    uint64_t fingerprint;
    int waits;           /* until the owner had a look */
    int64_t quota_bytes; /* of accounts without one of their own; 0: none */
};

/*
 * STORE_NOT_FOUND: one of the two blocked the other. STORE_CROWDED: as much waits, or came from that network, as there
 * may (the limits above). STORE_FULL: over the quota of whoever writes. STORE_REFUSED: a word is not taken here.
 * STORE_BLOCKED: the picture is not. The same words from the same network on the same day are one entry.
 */
STORE_MUST_USE enum store_status wall_add(struct store *store, struct db *db, const struct wall_new *entry,
                                          int64_t *ret_id);
/* Of visitors of two days ago and before: their limit is over, so nothing of where they came from is kept. */
STORE_MUST_USE enum store_status wall_forget_networks(struct db *db, int64_t now_s);
/* Shows what waited on the owner's wall. */
STORE_MUST_USE enum store_status wall_accept(struct db *db, int64_t owner, int64_t entry);
/* account: who wrote it, or whose wall it is; 0: an administrator. */
STORE_MUST_USE enum store_status wall_delete(struct db *db, int64_t account, int64_t entry);

/* The bytes of an entry's picture or its thumbnail: the caller has asked who may see them. malloc'd. */
STORE_MUST_USE enum store_status wall_image_find(struct db *db, int64_t entry, int is_thumb, void **ret_data,
                                                 size_t *ret_size_bytes);

#endif
