/*
 * Pictures, statuses and moods: see post.h. Counters, uses of images and the search index are kept by
 * triggers of the schema (migrations/), so no path can forget them.
 */
#include "post.h"

#include <string.h>

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

static enum store_status tags_set(struct db *db, enum write untag, enum write tag, int64_t id, const char *const *tags,
                                  int tag_count)
{
    enum store_status status = db_write(db, untag, id);
    for (int i = 0; i < tag_count && i < TAGS_MAX && status == STORE_OK; i++) {
        status = db_write(db, WRITE_TAG_ADD, tags[i]);
        if (status == STORE_OK)
            status = db_write(db, tag, id, tags[i]);
    }
    return status;
}

int64_t storage_of(struct db *db, int64_t account)
{
    return db_first(db_prepare(db, WRITE_STORAGE_OF, account), -1);
}

int64_t quota_of(struct db *db, int64_t account, int64_t usual_bytes)
{
    return db_first(db_prepare(db, WRITE_QUOTA_OF, account, usual_bytes), usual_bytes);
}

/* Outside of the transaction that it refuses, so that the hit stays counted. */
static int is_blocked(struct store *store, struct db *db, const struct picture_new *p)
{
    return blocklist_has_picture(store, db, p->fingerprint, &p->full, 1);
}

/* A tag with a word that is not wanted is left out. Returns how many stay. */
static int keep_tags(struct db *db, const char *const *tags, int tag_count, const char **ret_tags)
{
    int kept = 0;
    for (int i = 0; i < tag_count && i < TAGS_MAX; i++)
        if (!blocklist_has_word(db, tags[i]))
            ret_tags[kept++] = tags[i];
    return kept;
}

static enum store_status insert_picture(struct store *store, struct db *db, const struct picture_new *p,
                                        int64_t *ret_id)
{
    char full[IMAGE_HASH_BYTES], thumb[IMAGE_HASH_BYTES];
    int64_t used = storage_of(db, p->account);
    if (used < 0)
        return sqlite3_errcode(db->handle) == SQLITE_NOMEM ? STORE_FAILED : STORE_NOT_FOUND;
    int64_t quota_bytes = quota_of(db, p->account, p->quota_bytes);
    if (quota_bytes && used + (int64_t)(p->full.size_bytes + p->thumb.size_bytes) > quota_bytes)
        return STORE_FULL;
    struct checked words;
    enum store_status status =
        blocklist_check(db, (const char *const[]){p->caption, p->alt, p->note ? p->note : ""}, 3, &words);
    if (status != STORE_OK)
        return status;
    status = image_keep(store, db, &p->full, full);
    if (status == STORE_OK)
        status = image_keep(store, db, &p->thumb, thumb);
    if (status == STORE_OK)
        status = db_write(db, WRITE_PICTURE_ADD, p->account, full, thumb, words.texts[0], words.texts[1], p->preset,
                          (int64_t)p->quality, (int64_t)p->fingerprint, p->source_format, p->source_bytes,
                          p->source_width, p->source_height, clock_now_s(), words.texts[2], words.hidden,
                          p->claimed_bytes, p->claimed_width, p->claimed_height, (int64_t)p->is_truncated,
                          p->reply.id ? p->reply.kind : "", p->reply.id, p->blurhash ? p->blurhash : "");
    if (status == STORE_OK && p->clip.frames)
        status = db_write(db, WRITE_PICTURE_CLIP, sqlite3_last_insert_rowid(db->handle), p->clip.frames,
                          p->clip.frame_width_px, p->clip.frame_height_px, p->clip.frame_ms, p->clip.poster,
                          p->clip.flashes);
    if (status == STORE_OK) {
        const char *tags[TAGS_MAX];
        *ret_id = sqlite3_last_insert_rowid(db->handle);
        status = tags_set(db, WRITE_PICTURE_UNTAG, WRITE_PICTURE_TAG, *ret_id, tags,
                          keep_tags(db, p->tags, p->tag_count, tags));
    }
    checked_free(&words);
    return status;
}

enum store_status picture_add(struct store *store, struct db *db, const struct picture_new *picture, int64_t *ret_id)
{
    int64_t id = 0;
    if (is_blocked(store, db, picture))
        return STORE_BLOCKED;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_end(db, insert_picture(store, db, picture, &id));
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

/* After the row itself was edited, with status: its tags, those that nobody uses any more, and the end. */
static enum store_status end_edit(struct db *db, enum store_status status, enum write untag, enum write tag, int64_t id,
                                  const char *const *tags, int tag_count)
{
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = tags_set(db, untag, tag, id, tags, tag_count);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TAGS_SWEEP);
    return db_end(db, status);
}

enum store_status picture_edit(struct db *db, int64_t account, int64_t picture, const char *caption, const char *alt,
                               const char *note, const char *const *tags, int tag_count)
{
    struct checked words;
    const char *kept[TAGS_MAX];
    enum store_status status = blocklist_check(db, (const char *const[]){caption, alt, note ? note : ""}, 3, &words);
    if (status != STORE_OK)
        return status;
    tag_count = keep_tags(db, tags, tag_count, kept);
    status = db_begin(db);
    if (status == STORE_OK) {
        status = db_write(db, WRITE_PICTURE_EDIT, account, picture, words.texts[0], words.texts[1], clock_now_s(),
                          words.hidden, note ? words.texts[2] : NULL);
        status = end_edit(db, status, WRITE_PICTURE_UNTAG, WRITE_PICTURE_TAG, picture, kept, tag_count);
    }
    checked_free(&words);
    return status;
}

/* Deletes a post and the tags that nobody uses any more. */
static enum store_status delete_post(struct db *db, enum write delete_row, int64_t account, int64_t id)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, delete_row, account, id);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK)
        status = db_write(db, WRITE_TAGS_SWEEP);
    return db_end(db, status);
}

enum store_status picture_delete(struct db *db, int64_t account, int64_t picture)
{
    return delete_post(db, WRITE_PICTURE_DELETE, account, picture);
}

/* ---- Statuses ----------------------------------------------------------------------------------- */

static enum store_status insert_status(struct db *db, int64_t account, const char *face, const char *content,
                                       const char *const *tags, int tag_count, const struct post_ref *reply,
                                       int64_t *ret_id)
{
    struct checked words;
    enum store_status status = blocklist_check(db, (const char *const[]){content, face}, 2, &words);
    if (status != STORE_OK)
        return status;
    const int is_answer = reply && reply->id;
    status = db_write(db, WRITE_STATUS_ADD, account, words.texts[1], words.texts[0], clock_now_s(), words.hidden,
                      is_answer ? reply->kind : "", is_answer ? reply->id : (int64_t)0);
    checked_free(&words);
    if (status == STORE_OK) {
        const char *kept[TAGS_MAX];
        *ret_id = sqlite3_last_insert_rowid(db->handle);
        status =
            tags_set(db, WRITE_STATUS_UNTAG, WRITE_STATUS_TAG, *ret_id, kept, keep_tags(db, tags, tag_count, kept));
    }
    return status;
}

enum store_status status_add(struct db *db, int64_t account, const char *face, const char *content,
                             const char *const *tags, int tag_count, int64_t *ret_id)
{
    return status_add_answer(db, account, face, content, tags, tag_count, NULL, ret_id);
}

enum store_status status_add_answer(struct db *db, int64_t account, const char *face, const char *content,
                                    const char *const *tags, int tag_count, const struct post_ref *reply,
                                    int64_t *ret_id)
{
    int64_t id = 0;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_end(db, insert_status(db, account, face, content, tags, tag_count, reply, &id));
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status status_edit(struct db *db, int64_t account, int64_t id, const char *face, const char *content,
                              const char *const *tags, int tag_count)
{
    struct checked words;
    const char *kept[TAGS_MAX];
    enum store_status status = blocklist_check(db, (const char *const[]){content, face}, 2, &words);
    if (status != STORE_OK)
        return status;
    tag_count = keep_tags(db, tags, tag_count, kept);
    status = db_begin(db);
    if (status == STORE_OK) {
        status =
            db_write(db, WRITE_STATUS_EDIT, account, id, words.texts[1], words.texts[0], clock_now_s(), words.hidden);
        status = end_edit(db, status, WRITE_STATUS_UNTAG, WRITE_STATUS_TAG, id, kept, tag_count);
    }
    checked_free(&words);
    return status;
}

enum store_status status_delete(struct db *db, int64_t account, int64_t id)
{
    return delete_post(db, WRITE_STATUS_DELETE, account, id);
}

/* ---- Moods -------------------------------------------------------------------------------------- */

enum store_status mood_add(struct db *db, int64_t account, const char *mood, const char *face, const char *note,
                           int64_t *ret_id)
{
    struct checked words;
    enum store_status status = blocklist_check(db, (const char *const[]){mood, face, note}, 3, &words);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_MOOD_ADD, account, words.texts[0], words.texts[1], words.texts[2], clock_now_s(),
                      words.hidden);
    checked_free(&words);
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

enum store_status mood_edit(struct db *db, int64_t account, int64_t id, const char *mood, const char *face,
                            const char *note)
{
    struct checked words;
    enum store_status status = blocklist_check(db, (const char *const[]){mood, face, note}, 3, &words);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_MOOD_EDIT, account, id, words.texts[0], words.texts[1], words.texts[2], clock_now_s(),
                      words.hidden);
    checked_free(&words);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status mood_delete(struct db *db, int64_t account, int64_t id)
{
    enum store_status status = db_write(db, WRITE_MOOD_DELETE, account, id);
    return status == STORE_OK ? db_changed(db) : status;
}

/* ---- Posts that were made elsewhere -------------------------------------------------------------- */

/* 1 when the account made that at that second; words are found as they were kept, masked. */
static int is_known(struct db *db, enum write find, int64_t account, int64_t created_s, const char *what)
{
    struct checked words;
    if (blocklist_check(db, &what, 1, &words) != STORE_OK)
        return 0;
    sqlite3_stmt *found = db_prepare(db, find, account, created_s, words.texts[0]);
    int known = found && sqlite3_step(found) == SQLITE_ROW;
    sqlite3_reset(found);
    checked_free(&words);
    return known;
}

enum store_status picture_import(struct store *store, struct db *db, const struct picture_new *picture,
                                 struct post_times times)
{
    char hash[IMAGE_HASH_BYTES];
    int64_t id = 0;
    if (is_blocked(store, db, picture))
        return STORE_BLOCKED;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    image_hash(store, &picture->full, hash);
    status = is_known(db, WRITE_PICTURE_KNOWN, picture->account, times.created_s, hash)
                 ? STORE_TAKEN
                 : insert_picture(store, db, picture, &id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_PICTURE_TIMES, id, times.created_s, times.edited_s);
    return db_end(db, status);
}

enum store_status status_import(struct db *db, int64_t account, const char *face, const char *content,
                                const char *const *tags, int tag_count, struct post_times times)
{
    int64_t id = 0;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = is_known(db, WRITE_STATUS_KNOWN, account, times.created_s, content)
                 ? STORE_TAKEN
                 : insert_status(db, account, face, content, tags, tag_count, NULL, &id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_STATUS_TIMES, id, times.created_s, times.edited_s);
    return db_end(db, status);
}

enum store_status mood_import(struct db *db, int64_t account, const char *mood, const char *face, const char *note,
                              struct post_times times)
{
    int64_t id = 0;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = is_known(db, WRITE_MOOD_KNOWN, account, times.created_s, mood)
                 ? STORE_TAKEN
                 : mood_add(db, account, mood, face, note, &id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_MOOD_TIMES, id, times.created_s, times.edited_s);
    return db_end(db, status);
}
