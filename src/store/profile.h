/*
 * What people show of themselves beside their posts: picture, background, links, and a style being tried on.
 * Texts and addresses are checked by the caller.
 */
#ifndef PICLOG_STORE_PROFILE_H
#define PICLOG_STORE_PROFILE_H

#include "post.h"

enum { PROFILE_LINKS_MAX = 12, PROFILE_CSS_MAX_BYTES = 20000 };

enum profile_image { PROFILE_AVATAR, PROFILE_BACKGROUND };

/*
 * Sets or, with image NULL, takes away the picture of a person. What was there before is deleted with its last use.
 * fingerprint: of the picture. quota_bytes: of accounts without one of their own; 0: none. STORE_FULL: over it.
 * STORE_BLOCKED: the picture is on the block list. STORE_NOT_FOUND: no such account.
 */
STORE_MUST_USE enum store_status profile_set_image(struct store *store, struct db *db, int64_t account,
                                                   enum profile_image which, const struct image *image,
                                                   uint64_t fingerprint, int64_t quota_bytes);

/* The bytes of the picture of a person, whoever asks; free() them. STORE_NOT_FOUND: there is none. */
STORE_MUST_USE enum store_status profile_image_find(struct db *db, int64_t account, enum profile_image which,
                                                    void **ret_data, size_t *ret_size_bytes);

struct profile_link {
    const char *url, *label;
};

/* What of a profile changes; NULL stays as it is. */
struct profile_new {
    const char *display_name, *homepage, *about, *css;
    const char *ring;                 /* "1": part of it; "0": not */
    const struct profile_link *links; /* in this order, instead of those before */
    int link_count;
    const char *shows_follows; /* "1": everybody sees whom they follow; "0": nobody else */
    const char *language;      /* a code; "": as the browser asks */
};

/* All of it or nothing; words to mask are masked. STORE_INVALID: more than PROFILE_LINKS_MAX. STORE_REFUSED: a word is
   not taken here. STORE_NOT_FOUND: no such account. */
STORE_MUST_USE enum store_status profile_edit(struct db *db, int64_t account, const struct profile_new *profile);

/* Saves a style and forgets the draft. */
STORE_MUST_USE enum store_status profile_set_css(struct db *db, int64_t account, const char *css);
/* A style to look at before it is saved, for its owner only. */
STORE_MUST_USE enum store_status profile_set_draft(struct db *db, int64_t account, const char *css);

#endif
