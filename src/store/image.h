/* The bytes of crushed pictures. The same bytes are kept once, whoever uses them. */
#ifndef PICLOG_STORE_IMAGE_H
#define PICLOG_STORE_IMAGE_H

#include "store.h"

enum { IMAGE_HASH_BYTES = 33 /* hex, terminated */ };

struct image {
    const void *data;
    size_t size_bytes;
    uint32_t width_px, height_px;
};

/* The bytes at /i/HASH.jpg or /t/HASH.jpg, unless every picture that uses them is hidden. *ret_data is malloc'd for the
   caller. */
STORE_MUST_USE enum store_status image_find(struct db *db, const char *hash, void **ret_data, size_t *ret_size_bytes);

/* STORE_OK when image_find would find it, STORE_NOT_FOUND when not. Reads no bytes of it. */
STORE_MUST_USE enum store_status image_is_shown(struct db *db, const char *hash);

/* The bytes of a picture or its thumbnail, hidden or not: the caller has asked who may see them. malloc'd. */
STORE_MUST_USE enum store_status image_find_of(struct db *db, int64_t picture, int is_thumb, void **ret_data,
                                               size_t *ret_size_bytes);

#endif
