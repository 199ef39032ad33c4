/* Candidates: see candidate.h. Refuses to keep them beyond their hour. Next: ../app/posts/upload.c. */
#include "candidate.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

static enum store_status insert_candidate(struct db *db, const struct picture_new *p, const char *tags_text,
                                          const struct candidate_image *images, int image_count, int64_t *ret_id)
{
    const int64_t now = clock_now_s();
    enum store_status status = db_write(db, WRITE_CANDIDATES_EXPIRE, now - CANDIDATE_LIFETIME_S);
    if (status == STORE_OK)
        status = db_write(db, WRITE_CANDIDATE_ADD, p->account, p->caption, p->alt, p->note ? p->note : "", tags_text,
                          (int64_t)p->fingerprint, p->source_format, p->source_bytes, p->source_width, p->source_height,
                          now);
    if (status != STORE_OK)
        return status;
    *ret_id = sqlite3_last_insert_rowid(db->handle);
    for (int i = 0; i < image_count && status == STORE_OK; i++)
        status = db_write(db, WRITE_CANDIDATE_IMAGE, *ret_id, images[i].preset, (int64_t)images[i].image.width_px,
                          (int64_t)images[i].image.height_px, (int64_t)images[i].quality,
                          (int64_t)images[i].image.size_bytes,
                          (&(struct blob){images[i].image.data, images[i].image.size_bytes}));
    if (status == STORE_OK)
        status = db_write(db, WRITE_CANDIDATES_TRIM, p->account, (int64_t)CANDIDATES_PER_ACCOUNT);
    return status;
}

enum store_status candidate_add(struct db *db, const struct picture_new *picture, const char *tags_text,
                                const struct candidate_image *images, int image_count, int64_t *ret_id)
{
    int64_t id = 0;
    for (int i = 0; i < image_count; i++)
        if (blocklist_has_picture(db->store, db, picture->fingerprint, &images[i].image, 1))
            return STORE_BLOCKED;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_end(db, insert_candidate(db, picture, tags_text, images, image_count, &id));
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status candidate_image_find(struct db *db, int64_t account, int64_t candidate, const char *preset,
                                       void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(
        db_prepare(db, WRITE_CANDIDATE_DATA, candidate, account, preset, clock_now_s() - CANDIDATE_LIFETIME_S),
        ret_data, ret_size_bytes);
}

enum store_status candidates_expire(struct db *db)
{
    return db_write(db, WRITE_CANDIDATES_EXPIRE, clock_now_s() - CANDIDATE_LIFETIME_S);
}

enum store_status candidate_delete(struct db *db, int64_t account, int64_t candidate)
{
    enum store_status status = db_write(db, WRITE_CANDIDATE_DELETE, candidate, account);
    return status == STORE_OK ? db_changed(db) : status;
}
