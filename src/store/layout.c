/*
 * Layouts: see layout.h. Refuses more of one person than fit, in the statement that adds one. What a sheet may do is
 * bounded by the page that shows it. Next: statements/layouts.sql.
 */
#include "layout.h"

#include "base/clock.h"
#include "blocklist.h"
#include "db.h"

static enum store_status check(struct db *db, const struct layout_new *layout, struct checked *ret_words)
{
    if (layout->css && blocklist_has_word(db, layout->css))
        return STORE_REFUSED;
    return blocklist_check(db, (const char *const[]){layout->name, layout->line}, 2, ret_words);
}

enum store_status layout_add(struct db *db, int64_t account, const struct layout_new *layout, int64_t *ret_id)
{
    struct checked words;
    enum store_status status = check(db, layout, &words);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_LAYOUT_ADD, account, words.texts[0], words.texts[1], layout->css, clock_now_s(),
                      words.hidden, LAYOUTS_MAX);
    checked_free(&words);
    if (status == STORE_OK && db_changed(db) != STORE_OK)
        status = STORE_FULL;
    if (status == STORE_OK)
        *ret_id = sqlite3_last_insert_rowid(db->handle);
    return status;
}

enum store_status layout_edit(struct db *db, int64_t account, int64_t id, const struct layout_new *layout)
{
    struct checked words;
    enum store_status status = check(db, layout, &words);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_LAYOUT_EDIT, account, id, words.texts[0], words.texts[1], layout->css, clock_now_s(),
                      words.hidden);
    checked_free(&words);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status layout_delete(struct db *db, int64_t account, int64_t id)
{
    enum store_status status = db_write(db, WRITE_LAYOUT_DELETE, account, id);
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status layout_import(struct db *db, int64_t account, const struct layout_new *layout,
                                struct post_times times)
{
    int64_t id;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = layout_add(db, account, layout, &id);
    if (status == STORE_OK)
        status = db_write(db, WRITE_LAYOUT_TIMES, id, times.created_s, times.edited_s);
    return db_end(db, status);
}
