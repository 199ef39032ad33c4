/* Candidates: see candidate.h. Refuses to keep them beyond their hour. Next: ../app/posts/upload.c. */
#include "candidate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

enum { FORMAT_BYTES = 16, BLURHASH_BYTES = 32 };

static enum store_status insert_candidate(struct db *db, const struct picture_new *p, const char *tags_text,
                                          const struct candidate_image *images, int image_count, int64_t *ret_id)
{
    const int64_t now = clock_now_s();
    enum store_status status = db_write(db, WRITE_CANDIDATES_EXPIRE, now - CANDIDATE_LIFETIME_S);
    if (status == STORE_OK)
        status = db_write(db, WRITE_CANDIDATE_ADD, p->account, p->caption, p->alt, p->note ? p->note : "", tags_text,
                          (int64_t)p->fingerprint, p->source_format, p->source_bytes, p->source_width, p->source_height,
                          p->claimed_bytes, p->claimed_width, p->claimed_height, (int64_t)p->is_truncated, now,
                          p->reply.id ? p->reply.kind : "", p->reply.id, p->blurhash ? p->blurhash : "",
                          p->no_clip ? p->no_clip : "");
    if (status != STORE_OK)
        return status;
    *ret_id = sqlite3_last_insert_rowid(db->handle);
    for (int i = 0; i < image_count && status == STORE_OK; i++)
        status = db_write(db, WRITE_CANDIDATE_IMAGE, *ret_id, images[i].preset, (int64_t)images[i].image.width_px,
                          (int64_t)images[i].image.height_px, (int64_t)images[i].quality,
                          (int64_t)images[i].image.size_bytes,
                          (&(struct blob){images[i].image.data, images[i].image.size_bytes}), images[i].clip.frames,
                          images[i].clip.frame_width_px, images[i].clip.frame_height_px, images[i].clip.frame_ms,
                          images[i].clip.poster, images[i].clip.flashes);
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

/* The bytes are malloc'd for the caller, who frees them also when this fails. */
static enum store_status load_image(struct db *db, int64_t candidate, const char *preset,
                                    struct candidate_image *ret_image, void **ret_data)
{
    sqlite3_stmt *found = db_prepare(db, WRITE_CANDIDATE_IMAGE_OF, candidate, preset);
    if (!found)
        return STORE_FAILED;
    enum store_status status = STORE_INVALID;
    if (sqlite3_step(found) == SQLITE_ROW) {
        const size_t size = (size_t)sqlite3_column_bytes(found, 3);
        *ret_data = malloc(size);
        status = *ret_data ? STORE_OK : STORE_FAILED;
        if (*ret_data)
            ret_image->image =
                (struct image){memcpy(*ret_data, sqlite3_column_blob(found, 3), size), size,
                               (uint32_t)sqlite3_column_int(found, 0), (uint32_t)sqlite3_column_int(found, 1)};
        ret_image->quality = sqlite3_column_int(found, 2);
        ret_image->clip = (struct clip){sqlite3_column_int64(found, 4), sqlite3_column_int64(found, 5),
                                        sqlite3_column_int64(found, 6), sqlite3_column_int64(found, 7),
                                        sqlite3_column_int64(found, 8), sqlite3_column_int(found, 9)};
    }
    sqlite3_reset(found);
    return status;
}

/* What of a candidate's source is text, as the statement ends before it is used. */
struct source_texts {
    char format[FORMAT_BYTES], blurhash[BLURHASH_BYTES];
};

/* Where the candidate came from; its texts go to ret_texts. */
static enum store_status load_source(struct db *db, int64_t candidate, struct picture_new *picture,
                                     struct source_texts *ret_texts)
{
    sqlite3_stmt *found =
        db_prepare(db, WRITE_CANDIDATE_FIND, candidate, picture->account, clock_now_s() - CANDIDATE_LIFETIME_S);
    if (!found)
        return STORE_FAILED;
    enum store_status status = STORE_NOT_FOUND;
    if (sqlite3_step(found) == SQLITE_ROW) {
        picture->fingerprint = (uint64_t)sqlite3_column_int64(found, 0);
        snprintf(ret_texts->format, FORMAT_BYTES, "%s", (const char *)sqlite3_column_text(found, 1));
        picture->source_format = ret_texts->format;
        picture->source_bytes = sqlite3_column_int64(found, 2);
        picture->source_width = sqlite3_column_int64(found, 3);
        picture->source_height = sqlite3_column_int64(found, 4);
        picture->claimed_bytes = sqlite3_column_int64(found, 5); /* NULL is 0 */
        picture->claimed_width = sqlite3_column_int64(found, 6);
        picture->claimed_height = sqlite3_column_int64(found, 7);
        picture->is_truncated = sqlite3_column_int(found, 8);
        snprintf(ret_texts->blurhash, BLURHASH_BYTES, "%s", (const char *)sqlite3_column_text(found, 9));
        picture->blurhash = ret_texts->blurhash;
        status = STORE_OK;
    }
    sqlite3_reset(found);
    return status;
}

static enum store_status publish(struct db *db, int64_t candidate, const char *preset, struct picture_new *picture,
                                 int64_t *ret_id)
{
    const int is_clip = strncmp(preset, CANDIDATE_CLIP, sizeof CANDIDATE_CLIP - 1) == 0;
    struct candidate_image chosen = {0}, small = {0};
    struct source_texts texts;
    void *full = NULL, *thumb = NULL;
    enum store_status status = load_source(db, candidate, picture, &texts);
    if (status == STORE_OK)
        status = load_image(db, candidate, preset, &chosen, &full);
    if (status == STORE_OK)
        status = load_image(db, candidate, is_clip ? CANDIDATE_CLIP "thumbnail" : "thumbnail", &small, &thumb);
    if (status == STORE_OK) {
        picture->full = chosen.image;
        picture->thumb = small.image;
        picture->quality = chosen.quality;
        picture->clip = chosen.clip;
        picture->preset = is_clip ? preset + sizeof CANDIDATE_CLIP - 1 : preset;
        status = picture_add(db->store, db, picture, ret_id);
    }
    if (status == STORE_OK)
        status = candidate_delete(db, picture->account, candidate);
    free(full);
    free(thumb);
    return status;
}

enum store_status candidate_publish(struct db *db, int64_t candidate, const char *preset,
                                    const struct picture_new *picture, int64_t *ret_id)
{
    struct picture_new whole = *picture;
    int64_t id = 0;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = strstr(preset, "thumbnail") ? STORE_INVALID : publish(db, candidate, preset, &whole, &id);
    status = db_end(db, status);
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

int candidate_is_blocked(struct db *db, int64_t account, int64_t candidate, const char *preset)
{
    struct picture_new picture = {.account = account};
    struct source_texts texts;
    struct candidate_image chosen = {0};
    void *data = NULL;
    int is_blocked = 0;
    if (load_source(db, candidate, &picture, &texts) == STORE_OK &&
        load_image(db, candidate, preset, &chosen, &data) == STORE_OK)
        is_blocked = blocklist_has_picture(db->store, db, picture.fingerprint, &chosen.image, 1);
    free(data);
    return is_blocked;
}

enum store_status candidate_delete(struct db *db, int64_t account, int64_t candidate)
{
    enum store_status status = db_write(db, WRITE_CANDIDATE_DELETE, candidate, account);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status candidate_describe(struct db *db, int64_t account, int64_t candidate, const char *caption,
                                     const char *alt, const char *note, const char *tags_text)
{
    enum store_status status = db_write(db, WRITE_CANDIDATE_DESCRIBE, candidate, account,
                                        clock_now_s() - CANDIDATE_LIFETIME_S, caption, alt, note, tags_text);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status candidate_set_reply(struct db *db, int64_t account, int64_t candidate, struct post_ref reply)
{
    enum store_status status = db_write(db, WRITE_CANDIDATE_REPLY, candidate, account, reply.kind, reply.id);
    return status == STORE_OK ? db_changed(db) : status;
}
