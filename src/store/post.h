/*
 * What people post: pictures, statuses, moods.
 *
 * Edits and deletes name the account they are for: a post of somebody else is STORE_NOT_FOUND, except for account 0,
 * which is the administrator and may all. Texts are checked by the caller; tags come folded (text.h).
 */
#ifndef PICLOG_STORE_POST_H
#define PICLOG_STORE_POST_H

#include "image.h"
#include "store.h"

enum { TAGS_MAX = 16 };

/* A post by its kind, "picture", "status" or "mood", and its number. id 0: none. */
struct post_ref {
    const char *kind;
    int64_t id;
};

struct picture_new {
    int64_t account;
    struct image full, thumb;
    const char *caption, *alt, *preset, *source_format;
    const char *note; /* shown before the picture, which is blurred; NULL or "": none */
    const char *const *tags;
    int tag_count;
    int quality;
    struct clip clip;
    uint64_t fingerprint;
    const char *blurhash;                                 /* NULL or "": unknown */
    int64_t source_bytes, source_width, source_height;    /* of the file that arrived */
    int64_t claimed_bytes, claimed_width, claimed_height; /* of the one it was made from, as a browser says; 0: none */
    int is_truncated;                                     /* the file was cut off or damaged */
    const char *no_clip;   /* of a candidate: why it is no clip although it moves; else NULL or "" */
    struct post_ref reply; /* what it answers */
    int64_t quota_bytes;   /* of accounts without one of their own; 0: none */
};

/*
 * Posts a picture; the same bytes are stored once. STORE_FULL: over the quota. STORE_BLOCKED: it is on the block list.
 * For all posts: STORE_REFUSED when a word is not taken here; other words are masked, or the post waits for review.
 */
STORE_MUST_USE enum store_status picture_add(struct store *store, struct db *db, const struct picture_new *picture,
                                             int64_t *ret_id);
/* note NULL: it stays as it is. */
STORE_MUST_USE enum store_status picture_edit(struct db *db, int64_t account, int64_t picture, const char *caption,
                                              const char *alt, const char *note, const char *const *tags,
                                              int tag_count);
STORE_MUST_USE enum store_status picture_delete(struct db *db, int64_t account, int64_t picture);

STORE_MUST_USE enum store_status status_add(struct db *db, int64_t account, const char *face, const char *content,
                                            const char *const *tags, int tag_count, int64_t *ret_id);
/* The same as an answer; reply NULL or with id 0: to nothing. */
STORE_MUST_USE enum store_status status_add_answer(struct db *db, int64_t account, const char *face,
                                                   const char *content, const char *const *tags, int tag_count,
                                                   const struct post_ref *reply, int64_t *ret_id);
STORE_MUST_USE enum store_status status_edit(struct db *db, int64_t account, int64_t status, const char *face,
                                             const char *content, const char *const *tags, int tag_count);
STORE_MUST_USE enum store_status status_delete(struct db *db, int64_t account, int64_t status);

STORE_MUST_USE enum store_status mood_add(struct db *db, int64_t account, const char *mood, const char *face,
                                          const char *note, int64_t *ret_id);
STORE_MUST_USE enum store_status mood_edit(struct db *db, int64_t account, int64_t id, const char *mood,
                                           const char *face, const char *note);
STORE_MUST_USE enum store_status mood_delete(struct db *db, int64_t account, int64_t id);

/*
 * Posts that were made elsewhere, with the times they had there. A post is known by its time and its content, since its
 * number says nothing in another database: STORE_TAKEN when the account has it already.
 */
struct post_times {
    int64_t created_s; /* since 1970 UTC */
    int64_t edited_s;  /* 0: never */
};
STORE_MUST_USE enum store_status picture_import(struct store *store, struct db *db, const struct picture_new *picture,
                                                struct post_times times);
STORE_MUST_USE enum store_status status_import(struct db *db, int64_t account, const char *face, const char *content,
                                               const char *const *tags, int tag_count, struct post_times times);
STORE_MUST_USE enum store_status mood_import(struct db *db, int64_t account, const char *mood, const char *face,
                                             const char *note, struct post_times times);

#endif
