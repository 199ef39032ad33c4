/* The store with every single allocation failing in turn: an error, nothing half done, and the next statement works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "failing_malloc.h"
#include "store/account.h"
#include "store/post.h"

static char folder[64];
static struct store *store;
static struct db *db;
static int64_t anna;

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

static int setup(void **state)
{
    char message[256];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/piclog-malloc-XXXXXX");
    if (!mkdtemp(folder) || store_open(folder, &store, message, sizeof message) != STORE_OK)
        return -1;
    db = store_acquire(store);
    return account_add(db, "anna", "long enough", 0, 0, &anna) == STORE_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    store_release(store, db);
    store_close(store);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static int64_t count_of(const char *table)
{
    json_t *stats = db_row(db, QUERY_STATS);
    if (!json_is_object(stats))
        fail_msg("the next statement fails: %s", db_error(db));
    int64_t count = json_integer_value(json_object_get(stats, table));
    json_decref(stats);
    return count;
}

/* What is tried: 0 when it was done. The first run prepares statements, later ones find them. */
typedef int action(void);

static int64_t last_status;

static int add_status(void)
{
    static const char *const tags[] = {"one", "two"};
    return status_add(db, anna, "🧠", "words that need memory #one", tags, 2, &last_status) != STORE_OK;
}

static int edit_status(void)
{
    static const char *const tags[] = {"three"};
    return status_edit(db, anna, last_status, "", "other words", tags, 1) != STORE_OK;
}

static int add_and_delete_status(void)
{
    int64_t id = 0;
    if (status_add(db, anna, "", "soon gone", NULL, 0, &id) != STORE_OK)
        return -1;
    /* When this fails the status stays, which is not half done. */
    return status_delete(db, anna, id) != STORE_OK;
}

static int add_mood(void)
{
    int64_t id;
    return mood_add(db, anna, "empty", "", "no memory", &id) != STORE_OK;
}

static int add_picture(void)
{
    static unsigned char bytes[3000];
    static const char *const tags[] = {"picture"};
    int64_t id;
    bytes[0]++;
    struct picture_new picture = {.account = anna,
                                  .full = {bytes, sizeof bytes, 64, 48},
                                  .thumb = {bytes, 300, 24, 18},
                                  .caption = "a picture",
                                  .alt = "of nothing",
                                  .preset = "dust",
                                  .source_format = "jpeg",
                                  .tags = tags,
                                  .tag_count = 1,
                                  .quality = 10,
                                  .source_bytes = 9999,
                                  .source_width = 640,
                                  .source_height = 480};
    return picture_add(store, db, &picture, &id) != STORE_OK;
}

static int read_rows(void)
{
    json_t *rows = db_rows(db, QUERY_PICTURES, INT64_MAX, (int64_t)20, anna);
    int failed = !rows;
    json_decref(rows);
    rows = db_rows(db, QUERY_STATUSES_FOUND, INT64_MAX, (int64_t)20, "\"words\"", anna);
    failed |= !rows;
    json_decref(rows);
    return failed;
}

static int make_session(void)
{
    char secret[SECRET_TEXT_BYTES];
    struct viewer viewer;
    return session_add(store, db, anna, "a browser", secret) != STORE_OK ||
           session_find(store, db, secret, &viewer) != STORE_OK;
}

static int back_up(void)
{
    char path[128], message[256];
    snprintf(path, sizeof path, "%s/backup", folder);
    unlink(path);
    return store_backup(db, path, message, sizeof message) != STORE_OK;
}

static int open_again(void)
{
    char message[256];
    struct store *second = NULL;
    if (store_open(folder, &second, message, sizeof message) != STORE_OK)
        return -1;
    store_close(second);
    return 0;
}

static void check_integrity(void)
{
    char path[128];
    sqlite3 *handle;
    sqlite3_stmt *statement;
    snprintf(path, sizeof path, "%s/piclog.db", folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}

/* Opening prepares every statement there is. */
enum { ALLOCATIONS_MOST = 1000000 };

static void fail_each(const char *name, action *act, const char *table, int adds)
{
    long nth = 1;
    int failed = 1;
    assert_int_equal(act(),
                     0); /* lists of blocked words and pictures are read once, and a process that cannot ends itself */
    for (int all_after = 0; all_after < 2; all_after++) {
        failed = 1;
        for (nth = 1; failed && nth < ALLOCATIONS_MOST;
             nth += nth < 256 ? 1 : nth / 16) { /* each of the first, then some */
            int64_t before = table ? count_of(table) : 0;
            malloc_fail_at(nth, all_after);
            int rc = act();
            malloc_recover(&failed);
            int64_t added = table ? count_of(table) - before : 0;
            if (table && added != (rc == 0 ? adds : 0) && !(adds == 0 && rc > 0))
                fail_msg("%s: allocation %ld: returned %d and added %lld", name, nth, rc, (long long)added);
            if (!failed && rc != 0)
                fail_msg("%s fails without a reason", name);
        }
        assert_true(nth < ALLOCATIONS_MOST);
        assert_int_equal(act(), 0);
    }
    check_integrity();
    print_message("# %s: allocations up to number %ld failed\n", name, nth - 2);
}

#define TRY(label, act, table, adds)                                                                                   \
    static void label(void **state)                                                                                    \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        fail_each(#label, act, table, adds);                                                                           \
    }
TRY(adding_a_status, add_status, "statuses", 1)
TRY(editing_a_status, edit_status, "statuses", 0)
TRY(deleting_a_status, add_and_delete_status, NULL, 0)
TRY(adding_a_mood, add_mood, "moods", 1)
TRY(adding_a_picture, add_picture, "pictures", 1)
TRY(reading_timelines, read_rows, NULL, 0)
TRY(signing_in, make_session, NULL, 0)
TRY(a_backup, back_up, NULL, 0)
TRY(opening, open_again, NULL, 0)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_a_status), cmocka_unit_test(editing_a_status), cmocka_unit_test(deleting_a_status),
        cmocka_unit_test(adding_a_mood),   cmocka_unit_test(adding_a_picture), cmocka_unit_test(reading_timelines),
        cmocka_unit_test(signing_in),      cmocka_unit_test(a_backup),         cmocka_unit_test(opening),
    };
    return cmocka_run_group_tests_name("malloc store", tests, setup, teardown);
}
