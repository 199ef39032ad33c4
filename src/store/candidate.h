/*
 * Candidates: an upload crushed in several presets, private to its owner, gone after an hour or when one is published.
 */
#ifndef PICLOG_STORE_CANDIDATE_H
#define PICLOG_STORE_CANDIDATE_H

#include "post.h"

enum { CANDIDATE_LIFETIME_S = 3600, CANDIDATES_PER_ACCOUNT = 16 };

/* Of an upload that moves, the presets that are clips are named "clip_crunchy" and so on. */
#define CANDIDATE_CLIP "clip_"

struct candidate_image {
    const char *preset;
    struct image image;
    int quality;
    struct clip clip; /* of a strip */
};

/* picture: everything but full, thumb, preset, quality and clip; tags as one line of text in tags_text. Forgets what
   expired, and the account's oldest beyond CANDIDATES_PER_ACCOUNT. */
STORE_MUST_USE enum store_status candidate_add(struct db *db, const struct picture_new *picture, const char *tags_text,
                                               const struct candidate_image *images, int image_count, int64_t *ret_id);

/* The bytes of one preset, malloc'd for the caller. */
STORE_MUST_USE enum store_status candidate_image_find(struct db *db, int64_t account, int64_t candidate,
                                                      const char *preset, void **ret_data, size_t *ret_size_bytes);

/* Forgets every candidate whose hour is over. */
STORE_MUST_USE enum store_status candidates_expire(struct db *db);

/*
 * Posts one preset of a candidate and forgets the others. picture: account, words, tags and quota_bytes; the rest is
 * known of the candidate. STORE_NOT_FOUND: it is gone. STORE_INVALID: it has no such preset.
 */
STORE_MUST_USE enum store_status candidate_publish(struct db *db, int64_t candidate, const char *preset,
                                                   const struct picture_new *picture, int64_t *ret_id);

/* Gives it other words. STORE_NOT_FOUND: it is gone, or somebody else's. */
STORE_MUST_USE enum store_status candidate_describe(struct db *db, int64_t account, int64_t candidate,
                                                    const char *caption, const char *alt, const char *note,
                                                    const char *tags_text);

/* What it will answer when it is published; id 0: nothing. STORE_NOT_FOUND as above. */
STORE_MUST_USE enum store_status candidate_set_reply(struct db *db, int64_t account, int64_t candidate,
                                                     struct post_ref reply);

/* 1 when the block list has this preset of a candidate; counts the hit. */
int candidate_is_blocked(struct db *db, int64_t account, int64_t candidate, const char *preset);

STORE_MUST_USE enum store_status candidate_delete(struct db *db, int64_t account, int64_t candidate);

#endif
