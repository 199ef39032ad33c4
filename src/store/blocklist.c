/*
 * Block lists of words and pictures: see blocklist.h. Refuses to be clever about pictures that were turned or mirrored:
 * the fingerprint does not know them. Next: ../base/wordlist.c, ../crush/pixels/fingerprint.c.
 */
#include "blocklist.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/wordlist.h"
#include "blocklist_memory.h"
#include "db.h"

enum { READ_AGAIN_S = 30 };

void blocklist_changed(struct store *store)
{
    struct blocklist *list = store_blocklist(store);
    pthread_mutex_lock(&list->mutex);
    list->read_at_s = 0;
    pthread_mutex_unlock(&list->mutex);
}

static enum word_action action_by_name(const char *name)
{
    return strcmp(name, "mask") == 0 ? WORD_MASK : strcmp(name, "hold") == 0 ? WORD_HOLD : WORD_REFUSE;
}

static void read_words(struct blocklist *list, struct db *db)
{
    wordlist_free(list->words);
    list->words = wordlist_new();
    sqlite3_stmt *rows = db_prepare(db, WRITE_BLOCKED_WORDS_ALL);
    while (rows && sqlite3_step(rows) == SQLITE_ROW)
        wordlist_add(list->words, (const char *)sqlite3_column_text(rows, 0),
                     action_by_name((const char *)sqlite3_column_text(rows, 1)));
    sqlite3_reset(rows);
}

static void read_pictures(struct blocklist *list, struct db *db)
{
    list->picture_count = 0;
    sqlite3_stmt *rows = db_prepare(db, WRITE_BLOCKED_FINGERPRINTS);
    while (rows && sqlite3_step(rows) == SQLITE_ROW) {
        if (list->picture_count == list->picture_capacity) {
            size_t capacity = list->picture_capacity ? 2 * list->picture_capacity : 64;
            struct blocked *more = realloc(list->pictures, capacity * sizeof *more);
            if (!more)
                break;
            list->pictures = more;
            list->picture_capacity = capacity;
        }
        list->pictures[list->picture_count++] =
            (struct blocked){sqlite3_column_int64(rows, 0), (uint64_t)sqlite3_column_int64(rows, 1)};
    }
    sqlite3_reset(rows);
}

/* The mutex is held from here until unlock(). */
static struct blocklist *lock_fresh(struct store *store, struct db *db)
{
    struct blocklist *list = store_blocklist(store);
    const int64_t now = clock_now_s();
    pthread_mutex_lock(&list->mutex);
    if (!list->read_at_s || now < list->read_at_s || now - list->read_at_s >= READ_AGAIN_S) {
        read_words(list, db);
        read_pictures(list, db);
        list->read_at_s = now;
    }
    return list;
}

static void unlock(struct blocklist *list)
{
    pthread_mutex_unlock(&list->mutex);
}

/* ---- Pictures ----------------------------------------------------------------------------------- */

/* A picture without structure (one colour, or nearly) has a fingerprint that many share: it tells nothing. */
static int is_telling(uint64_t fingerprint)
{
    return __builtin_popcountll(fingerprint) >= FINGERPRINT_MIN_BITS;
}

static int64_t find_fingerprint(struct store *store, struct db *db, uint64_t fingerprint)
{
    struct blocklist *list = lock_fresh(store, db);
    int64_t found = 0;
    for (size_t i = 0; i < list->picture_count && !found; i++)
        if (__builtin_popcountll(list->pictures[i].fingerprint ^ fingerprint) <= FINGERPRINT_TOLERANCE)
            found = list->pictures[i].id;
    unlock(list);
    return found;
}

static int64_t find_bytes(struct store *store, struct db *db, const struct image *image)
{
    char hash[IMAGE_HASH_BYTES];
    image_hash(store, image, hash);
    return db_first(db_prepare(db, WRITE_BLOCKED_HASH, hash), 0);
}

int blocklist_has_picture(struct store *store, struct db *db, uint64_t fingerprint, const struct image *images,
                          int image_count)
{
    int64_t found = is_telling(fingerprint) ? find_fingerprint(store, db, fingerprint) : 0;
    for (int i = 0; i < image_count && !found; i++)
        found = find_bytes(store, db, &images[i]);
    if (found)
        (void)!db_write(db, WRITE_BLOCKED_PICTURE_HIT, found);
    return found != 0;
}

enum store_status blocklist_take_picture(struct db *db, int64_t picture, const char *reason)
{
    int64_t same[64];
    db->has_new_lists = 1;
    enum store_status status = db_write(db, WRITE_BLOCKED_PICTURE_ADD, picture, reason, clock_now_s());
    if (status == STORE_OK)
        status = db_write(db, WRITE_AVATARS_SAME, picture);
    if (status == STORE_OK)
        status = db_write(db, WRITE_BACKGROUNDS_SAME, picture);
    if (status == STORE_OK)
        status = db_write(db, WRITE_WALL_SAME, picture);
    if (status == STORE_OK)
        status = db_write(db, WRITE_BUTTONS_SAME, picture);
    for (size_t count = 1; status == STORE_OK && count > 0;) {
        sqlite3_stmt *rows = db_prepare(db, WRITE_PICTURES_SAME, picture);
        count = 0;
        while (rows && count < sizeof same / sizeof same[0] && sqlite3_step(rows) == SQLITE_ROW) {
            int64_t id = sqlite3_column_int64(rows, 0);
            if (id != picture) /* it goes last, since the others are found by it */
                same[count++] = id;
        }
        sqlite3_reset(rows);
        for (size_t i = 0; i < count && status == STORE_OK; i++)
            status = db_write(db, WRITE_PICTURE_DELETE, (int64_t)0, same[i]);
    }
    if (status == STORE_OK)
        status = db_write(db, WRITE_PICTURE_DELETE, (int64_t)0, picture);
    return status == STORE_OK ? db_write(db, WRITE_TAGS_SWEEP) : status;
}

/* Ends what changed a list, after its line in the log. */
static enum store_status finish(struct db *db, enum store_status status, int64_t actor, const char *action)
{
    db->has_new_lists = 1;
    if (status == STORE_OK)
        status = audit_add(db, actor, action, "", 0, 0, "");
    return db_end(db, status);
}

static enum store_status remove_row(struct db *db, enum write write, int64_t id)
{
    enum store_status status = db_write(db, write, id);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status blocklist_remove_picture(struct db *db, int64_t actor, int64_t id)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? finish(db, remove_row(db, WRITE_BLOCKED_PICTURE_DELETE, id), actor, "unblock picture")
                              : status;
}

/* ---- Words -------------------------------------------------------------------------------------- */

static enum store_status add_word(struct db *db, int64_t actor, const char *word, const char *action)
{
    char folded[WORD_MAX_BYTES];
    if (wordlist_fold(word, folded) != 0)
        return STORE_INVALID;
    enum store_status status = db_write(db, WRITE_BLOCKED_WORD_ADD, folded, action, clock_now_s());
    if (status == STORE_OK && db_changed(db) == STORE_OK) /* else it stands there already */
        status = audit_add(db, actor, "block word", "", 0, 0, folded);
    return status;
}

enum store_status blocklist_add_words(struct db *db, int64_t actor, const char *const *words, int count,
                                      const char *action)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    for (int i = 0; i < count && status == STORE_OK; i++)
        status = add_word(db, actor, words[i], action);
    db->has_new_lists = 1;
    return db_end(db, status);
}

enum store_status blocklist_remove_word(struct db *db, int64_t actor, int64_t id)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? finish(db, remove_row(db, WRITE_BLOCKED_WORD_DELETE, id), actor, "unblock word")
                              : status;
}

enum store_status blocklist_check(struct db *db, const char *const *texts, int count, struct checked *ret_checked)
{
    struct checked checked = {0};
    enum word_action strictest = WORD_NONE;
    struct blocklist *list = lock_fresh(db->store, db);
    for (int i = 0; i < count; i++) {
        enum word_action action = wordlist_check(list->words, texts[i], &checked.masked[i]);
        checked.texts[i] = checked.masked[i] ? checked.masked[i] : texts[i];
        if (action > strictest)
            strictest = action;
    }
    unlock(list);
    if (strictest == WORD_REFUSE) {
        checked_free(&checked);
        return STORE_REFUSED;
    }
    checked.hidden = strictest == WORD_HOLD ? 2 : 0;
    *ret_checked = checked;
    return STORE_OK;
}

void checked_free(struct checked *checked)
{
    for (int i = 0; i < CHECKED_TEXTS_MAX; i++)
        free(checked->masked[i]);
}

int blocklist_has_word(struct db *db, const char *text)
{
    struct checked checked;
    if (blocklist_check(db, &text, 1, &checked) != STORE_OK)
        return 1;
    int has_word = checked.masked[0] || checked.hidden;
    checked_free(&checked);
    return has_word;
}
