/*
 * Messages: see message.h. Every limit is asked within the transaction that adds, so that many at once do not pass it.
 * Refuses to hold a message for review: nobody but the two reads it. Next: ../domain/message.c.
 */
#include "message.h"

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

static enum message_bar find_bar(struct db *db, const struct message_new *message, int64_t now)
{
    const int64_t bar =
        db_first(db_prepare(db, WRITE_MESSAGE_BAR, message->by, message->to, MESSAGE_WAITING_MAX, MESSAGE_ASKED_MAX),
                 MESSAGE_REFUSED);
    if (bar || !message->is_nudge)
        return (enum message_bar)bar;
    if (!db_first(db_prepare(db, WRITE_MESSAGE_TAKES, message->by, message->to), 0))
        return MESSAGE_UNASKED;
    const int64_t before = db_first(db_prepare(db, WRITE_MESSAGE_NUDGED, message->by, message->to), 0);
    return before > now - MESSAGE_NUDGE_EVERY_S && before <= now ? MESSAGE_TOO_SOON : MESSAGE_MAY;
}

static enum store_status keep_image(struct db *db, const struct message_new *message, int64_t id)
{
    const struct image *image = message->image;
    const int64_t used = storage_of(db, message->by), quota = quota_of(db, message->by, message->quota_bytes);
    if (used < 0)
        return STORE_FAILED;
    if (quota && used + (int64_t)image->size_bytes > quota)
        return STORE_FULL;
    return db_write(db, WRITE_MESSAGE_IMAGE_ADD, id, message->by, (int64_t)image->width_px, (int64_t)image->height_px,
                    (int64_t)image->size_bytes, (&(struct blob){image->data, image->size_bytes}));
}

static enum store_status add(struct db *db, const struct message_new *message, const struct checked *words,
                             enum message_bar *ret_bar, int64_t *ret_id)
{
    const int64_t now = clock_now_s();
    const enum message_bar bar = find_bar(db, message, now);
    if (bar != MESSAGE_MAY) {
        *ret_bar = bar;
        return STORE_NOT_FOUND;
    }
    enum store_status status = db_write(db, WRITE_MESSAGE_ADD, message->by, message->to, message->is_nudge,
                                        words->texts[0], words->texts[1], now);
    const int64_t id = sqlite3_last_insert_rowid(db->handle);
    if (status == STORE_OK && message->image)
        status = keep_image(db, message, id);
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status message_add(struct store *store, struct db *db, const struct message_new *message,
                              enum message_bar *ret_bar, int64_t *ret_id)
{
    struct checked words;
    int64_t id = 0;
    if (message->image && blocklist_has_picture(store, db, message->fingerprint, message->image, 1))
        return STORE_BLOCKED;
    enum store_status status = blocklist_check(db, (const char *const[]){message->content, message->alt}, 2, &words);
    if (status != STORE_OK)
        return status;
    status = words.hidden ? STORE_REFUSED : db_begin(db);
    if (status == STORE_OK)
        status = db_end(db, add(db, message, &words, ret_bar, &id));
    checked_free(&words);
    if (status == STORE_OK)
        *ret_id = id;
    return status;
}

enum store_status message_delete(struct db *db, int64_t account, int64_t message)
{
    enum store_status status = db_write(db, WRITE_MESSAGE_DELETE, account, message);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status message_image_find(struct db *db, int64_t message, void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_MESSAGE_IMAGE, message), ret_data, ret_size_bytes);
}

enum store_status message_image_reported(struct db *db, int64_t line, void **ret_data, size_t *ret_size_bytes)
{
    return db_blob(db_prepare(db, WRITE_REPORTED_IMAGE, line), ret_data, ret_size_bytes);
}

/* ---- How the two stand ---------------------------------------------------------------------------- */

enum store_status conversation_mark_read(struct db *db, int64_t account, int64_t other, int64_t until)
{
    return db_write(db, WRITE_CONVERSATION_READ, account, other, until);
}

enum store_status conversation_accept(struct db *db, int64_t account, int64_t other)
{
    enum store_status status = db_write(db, WRITE_CONVERSATION_SET, account, other, "open");
    return status == STORE_OK ? db_changed(db) : status;
}

static enum store_status clear(struct db *db, int64_t account, int64_t other, const char *state)
{
    enum store_status status = db_write(db, WRITE_CONVERSATION_SET, account, other, state);
    if (status == STORE_OK)
        status = db_changed(db);
    return status == STORE_OK ? db_write(db, WRITE_CONVERSATION_CLEAR, account, other) : status;
}

enum store_status conversation_refuse(struct db *db, int64_t account, int64_t other)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, clear(db, account, other, "refused")) : status;
}

enum store_status conversation_delete(struct db *db, int64_t account, int64_t other)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, clear(db, account, other, "asked")) : status;
}
