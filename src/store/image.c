/*
 * The bytes of crushed pictures, kept once under a keyed hash: see image.h. Refuses to count their uses: triggers do.
 * Read next: post.c, profile.c.
 */
#include "image.h"

#include <sodium.h>

#include "db.h"

void image_hash(const struct store *store, const struct image *image, char ret_hash[IMAGE_HASH_BYTES])
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, image->data, image->size_bytes, store_secret(store), 32);
    sodium_bin2hex(ret_hash, IMAGE_HASH_BYTES, hash, sizeof hash);
}

enum store_status image_keep(struct store *store, struct db *db, const struct image *image,
                             char ret_hash[IMAGE_HASH_BYTES])
{
    image_hash(store, image, ret_hash);
    return db_write(db, WRITE_IMAGE_ADD, ret_hash, (int64_t)image->width_px, (int64_t)image->height_px,
                    (int64_t)image->size_bytes, (&(struct blob){image->data, image->size_bytes}));
}

enum store_status image_find(struct db *db, const char *hash, void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_IMAGE_DATA, hash), ret_data, ret_size_bytes);
}

enum store_status image_is_shown(struct db *db, const char *hash)
{
    sqlite3_stmt *row = db_prepare(db, WRITE_IMAGE_IS_SHOWN, hash);
    const int code = row ? sqlite3_step(row) : SQLITE_ERROR;
    sqlite3_reset(row);
    return code == SQLITE_ROW ? STORE_OK : code == SQLITE_DONE ? STORE_NOT_FOUND : STORE_FAILED;
}

enum store_status image_find_of(struct db *db, int64_t picture, int is_thumb, void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_IMAGE_OF, picture, (int64_t)is_thumb), ret_data, ret_size_bytes);
}
