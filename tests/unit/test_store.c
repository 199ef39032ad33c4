/* The store: accounts and their secrets, posts and their bytes, timelines that never scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store/account.h"
#include "store/batch.h"
#include "store/db.h"
#include "store/post.h"
#include "store/profile.h"
#include "store/search.h"

struct fixture {
    char folder[64];
    struct store *store;
    struct db *db;
    int64_t potato;
};

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char message[256];
    snprintf(f->folder, sizeof f->folder, "/tmp/piclog-store-XXXXXX");
    if (!mkdtemp(f->folder) || store_open(f->folder, &f->store, message, sizeof message) != STORE_OK) {
        print_error("%s\n", message);
        return -1;
    }
    f->db = store_acquire(f->store);
    *state = f;
    return account_add(f->db, "Potato", "correct horse", 0, 0, &f->potato) == STORE_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    store_release(f->store, f->db);
    store_close(f->store);
    nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static void names_are_folded_and_checked(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    char name[NAME_MAX_BYTES + 1];
    assert_int_equal(account_add(f->db, "pOTATO", "correct horse", 0, 0, &id), STORE_TAKEN);
    assert_int_equal(account_add(f->db, "a b", "correct horse", 0, 0, &id), STORE_INVALID);
    assert_int_equal(account_add(f->db, "short", "1234567", 0, 0, &id), STORE_INVALID);
    assert_int_equal(account_name_fold("abcdefghijklmnopqrstu", name), -1);
    assert_int_equal(account_name_fold("\xC3\xA9", name), -1);
    assert_int_equal(account_name_fold("A-_9", name), 0);
    assert_string_equal(name, "a-_9");
}

static void passwords_open_and_end_sessions(void **state)
{
    struct fixture *f = *state;
    int64_t id = 0;
    char secret[SECRET_TEXT_BYTES];
    struct viewer viewer;
    assert_int_equal(account_check_password(f->db, "potato", "correct horse", &id), STORE_OK);
    assert_int_equal(id, f->potato);
    assert_int_equal(account_check_password(f->db, "potato", "wrong", &id), STORE_NOT_FOUND);
    assert_int_equal(account_check_password(f->db, "nobody", "wrong", &id), STORE_NOT_FOUND);
    assert_int_equal(session_add(f->store, f->db, id, "lynx", secret), STORE_OK);
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_OK);
    assert_string_equal(viewer.name, "potato");
    secret[3] ^= 1;
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_NOT_FOUND);
    secret[3] ^= 1;
    assert_int_equal(account_set_password(f->db, id, "another one", 0), STORE_OK);
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_NOT_FOUND);
    assert_int_equal(account_check_password(f->db, "potato", "correct horse", &id), STORE_NOT_FOUND);
    assert_int_equal(token_add(f->store, f->db, id, "curl", SCOPE_ALL, secret), STORE_OK);
    assert_int_equal(token_find(f->store, f->db, secret, &viewer), STORE_OK);
    assert_int_equal(account_set_state(f->db, id, "disabled"), STORE_OK);
    assert_int_equal(token_find(f->store, f->db, secret, &viewer), STORE_NOT_FOUND);
}

/* Ages the only session, beside the store. */
static void age_session(struct fixture *f, int64_t seconds)
{
    char path[128], *sql = sqlite3_mprintf("UPDATE sessions SET used_at = unixepoch() - %lld", (long long)seconds);
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(handle), 1);
    sqlite3_free(sql);
    sqlite3_close(handle);
}

static void a_session_ends_when_it_is_not_used(void **state)
{
    enum { LIFE_S = SESSION_DAYS * 86400 };
    struct fixture *f = *state;
    char secret[SECRET_TEXT_BYTES];
    struct viewer viewer;
    assert_int_equal(session_add(f->store, f->db, f->potato, "lynx", secret), STORE_OK);
    age_session(f, LIFE_S + 1);
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_NOT_FOUND);
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_NOT_FOUND); /* trying is no use */
    age_session(f, LIFE_S - 60);
    assert_int_equal(session_find(f->store, f->db, secret, &viewer), STORE_OK); /* and counts from here anew */
    json_t *sessions = db_rows(f->db, QUERY_SESSIONS_OF, f->potato);
    assert_int_equal(json_array_size(sessions), 1);
    json_decref(sessions);
    age_session(f, LIFE_S + 1);
    char other[SECRET_TEXT_BYTES];
    assert_int_equal(session_add(f->store, f->db, f->potato, "w3m", other), STORE_OK); /* clears away the old one */
    sessions = db_rows(f->db, QUERY_SESSIONS_OF, f->potato);
    assert_int_equal(json_array_size(sessions), 1);
    json_decref(sessions);
    assert_int_equal(session_find(f->store, f->db, other, &viewer), STORE_OK);
}

static void count_call(void *context)
{
    ++*(int *)context;
}

/* Whoever wants to know of writes hears of those that were written. */
static void a_write_that_failed_is_not_told_of(void **state)
{
    struct fixture *f = *state;
    const unsigned char hash[32] = {7};
    int told = 0;
    store_on_write(f->store, count_call, &told);
    assert_int_equal(
        db_write(f->db, WRITE_SESSION_ADD, (&(struct blob){hash, sizeof hash}), f->potato, "lynx", (int64_t)1),
        STORE_OK);
    assert_int_equal(told, 1);
    assert_int_not_equal(
        db_write(f->db, WRITE_SESSION_ADD, (&(struct blob){hash, sizeof hash}), f->potato, "w3m", (int64_t)1),
        STORE_OK);
    assert_int_equal(told, 1);
    store_on_write(f->store, NULL, NULL);
}

static void an_invite_works_once(void **state)
{
    struct fixture *f = *state;
    char code[SECRET_TEXT_BYTES];
    int is_admin = 0;
    int64_t id;
    assert_int_equal(invite_add(f->store, f->db, 0, 1, code), STORE_OK);
    assert_int_equal(invite_find(f->store, f->db, code, &is_admin), STORE_OK);
    assert_int_equal(is_admin, 1);
    assert_int_equal(invite_use(f->store, f->db, code, "potato", "long enough", &id), STORE_TAKEN);
    assert_int_equal(invite_use(f->store, f->db, code, "zigzag", "long enough", &id), STORE_OK);
    assert_int_equal(invite_use(f->store, f->db, code, "second", "long enough", &id), STORE_NOT_FOUND);
    assert_int_equal(db_number(f->db, QUERY_ADMIN_COUNT, -1), 1);
}

static void a_recovery_code_works_once(void **state)
{
    struct fixture *f = *state;
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    char secret[SECRET_TEXT_BYTES], again[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    int64_t id = 0;
    secret_make(secret);
    assert_int_equal(recovery_make(f->store, f->db, f->potato, secret, codes), STORE_OK);
    assert_int_equal(recovery_find(f->store, f->db, f->potato, secret, again), STORE_OK);
    assert_memory_equal(codes, again, sizeof codes);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        assert_int_equal(strlen(codes[i]), RECOVERY_CODE_BYTES - 1);
        assert_int_equal(strspn(codes[i], "abcdefghjkmnpqrstuvwxyz23456789-"), RECOVERY_CODE_BYTES - 1);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(codes[i], codes[j]);
    }
    assert_int_equal(recovery_use(f->store, f->db, "potato", codes[2], "new password", &id), STORE_OK);
    assert_int_equal(recovery_use(f->store, f->db, "potato", codes[2], "new password", &id), STORE_NOT_FOUND);
    assert_int_equal(db_number(f->db, QUERY_RECOVERY_CODES_LEFT, -1, f->potato), RECOVERY_CODES - 1);
    assert_int_equal(recovery_find(f->store, f->db, f->potato, secret, again), STORE_NOT_FOUND); /* one is used */
    assert_int_equal(account_check_password(f->db, "potato", "new password", &id), STORE_OK);
}

static int64_t post_picture(struct fixture *f, const char *bytes, const char *caption)
{
    static const char *const tags[] = {"cats", "été"};
    int64_t id = 0;
    struct picture_new p = {.account = f->potato,
                            .full = {bytes, strlen(bytes), 640, 480},
                            .thumb = {"thumb", 5, 240, 180},
                            .caption = caption,
                            .alt = "A cat",
                            .preset = "crunchy",
                            .source_format = "png",
                            .tags = tags,
                            .tag_count = 2,
                            .quality = 12,
                            .source_bytes = 4000000,
                            .source_width = 4000,
                            .source_height = 3000,
                            .quota_bytes = 1000};
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_OK);
    return id;
}

static int64_t image_count(struct fixture *f)
{
    json_t *stats = db_row(f->db, QUERY_STATS);
    int64_t bytes = json_integer_value(json_object_get(stats, "image_bytes"));
    json_decref(stats);
    return bytes;
}

static void the_same_bytes_are_stored_once_and_go_with_the_last(void **state)
{
    struct fixture *f = *state;
    int64_t a = post_picture(f, "jpeg bytes", "first"), b = post_picture(f, "jpeg bytes", "second");
    assert_int_equal(image_count(f), 15);
    json_t *picture = db_row(f->db, QUERY_PICTURE, a);
    const char *url = json_string_value(json_object_get(picture, "image_url"));
    char hash[IMAGE_HASH_BYTES];
    void *data;
    size_t size;
    assert_int_equal(json_array_size(json_object_get(picture, "tags")), 2);
    snprintf(hash, sizeof hash, "%.32s", url + 3);
    json_decref(picture);
    assert_int_equal(image_find(f->db, hash, &data, &size), STORE_OK);
    assert_memory_equal(data, "jpeg bytes", 10);
    free(data);
    assert_int_equal(picture_delete(f->db, f->potato + 1, a), STORE_NOT_FOUND);
    assert_int_equal(picture_delete(f->db, f->potato, a), STORE_OK);
    assert_int_equal(image_count(f), 15);
    assert_int_equal(picture_delete(f->db, 0, b), STORE_OK);
    assert_int_equal(image_count(f), 0);
    assert_int_equal(image_find(f->db, hash, &data, &size), STORE_NOT_FOUND);
}

static int64_t storage(struct fixture *f)
{
    json_t *person = db_row(f->db, QUERY_PERSON_BY_ID, f->potato);
    int64_t bytes = json_integer_value(json_object_get(person, "storage_bytes"));
    json_decref(person);
    return bytes;
}

static void a_quota_holds(void **state)
{
    struct fixture *f = *state;
    char large[1200];
    int64_t id;
    memset(large, 'x', sizeof large);
    struct picture_new p = {.account = f->potato,
                            .full = {large, 990, 1, 1},
                            .thumb = {"thumb", 5, 1, 1},
                            .caption = "",
                            .alt = "",
                            .preset = "dust",
                            .source_format = "gif",
                            .quota_bytes = 1000};
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_OK);
    p.full.size_bytes = 10;
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_FULL);
    /* thumbnails count: with this one it is a byte too much, with one byte less exactly full */
    p.full.size_bytes = 1;
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_FULL);
    p.thumb.size_bytes = 4;
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_OK);
    assert_int_equal(storage(f), 1000);
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_FULL);
    p.quota_bytes = 0; /* no end */
    p.full.size_bytes = 1196;
    assert_int_equal(picture_add(f->store, f->db, &p, &id), STORE_OK);
    assert_int_equal(storage(f), 2200);
}

static void portraits_are_counted_and_deleted(void **state)
{
    struct fixture *f = *state;
    const struct image first = {"a face", 6, 240, 240}, second = {"another face", 12, 240, 200};
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_AVATAR, &first, 0, 15), STORE_OK);
    assert_int_equal(storage(f), 6);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_BACKGROUND, &second, 0, 15), STORE_FULL);
    assert_int_equal(image_count(f), 6);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_AVATAR, &second, 0, 15), STORE_OK);
    assert_int_equal(storage(f), 12);
    assert_int_equal(image_count(f), 12);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_BACKGROUND, &second, 0, 0), STORE_OK);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_AVATAR, NULL, 0, 0), STORE_OK);
    assert_int_equal(image_count(f), 12);
    assert_int_equal(storage(f), 12);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato, PROFILE_BACKGROUND, NULL, 0, 0), STORE_OK);
    assert_int_equal(image_count(f), 0);
    assert_int_equal(storage(f), 0);
    assert_int_equal(profile_set_image(f->store, f->db, f->potato + 9, PROFILE_AVATAR, &first, 0, 0), STORE_NOT_FOUND);
    assert_int_equal(image_count(f), 0);
}

static void links_and_styles_replace_those_before(void **state)
{
    struct fixture *f = *state;
    const struct profile_link links[] = {{"https://a.example/", "A"}, {"https://b.example/", "B"}};
    assert_int_equal(profile_edit(f->db, f->potato, &(struct profile_new){.links = links, .link_count = 2}), STORE_OK);
    assert_int_equal(profile_edit(f->db, f->potato, &(struct profile_new){.links = links + 1, .link_count = 1}),
                     STORE_OK);
    assert_int_equal(
        profile_edit(f->db, f->potato, &(struct profile_new){.links = links, .link_count = PROFILE_LINKS_MAX + 1}),
        STORE_INVALID);
    json_t *rows = db_rows(f->db, QUERY_LINKS_OF, f->potato);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "label")), "B");
    json_decref(rows);
    assert_int_equal(profile_set_draft(f->db, f->potato, "p{color:red}"), STORE_OK);
    json_t *draft = db_row(f->db, QUERY_CSS_DRAFT_OF, f->potato);
    assert_string_equal(json_string_value(json_object_get(draft, "css_draft")), "p{color:red}");
    json_decref(draft);
    assert_int_equal(profile_set_css(f->db, f->potato, "p{color:blue}"), STORE_OK);
    draft = db_row(f->db, QUERY_CSS_DRAFT_OF, f->potato);
    assert_true(json_is_null(draft));
}

static void search_never_fails_on_what_people_type(void **state)
{
    static const char *const typed[] = {"cat",   "first pic", "\"", "*",   "cat* OR",
                                        "NEAR(", "a:b",       "",   "été", "x'; DROP"};
    struct fixture *f = *state;
    post_picture(f, "jpeg", "First picture of a cat, été");
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        char *words = store_search_words(typed[i], 1);
        if (*words) {
            json_t *found = db_rows(f->db, QUERY_PICTURES_FOUND, INT64_MAX, (int64_t)20, words);
            assert_non_null(found);
            if (i < 2 || i == 8)
                assert_int_equal(json_array_size(found), 1);
            json_decref(found);
        }
        free(words);
    }
}

static json_t *search(struct fixture *f, const char *typed, int64_t before)
{
    struct needles needles;
    needles_parse(typed, &needles);
    json_t *ids = search_inside(f->db, SEARCH_STATUSES, &needles, before, 20, 0);
    needles_free(&needles);
    assert_non_null(ids);
    return ids;
}

static void search_within_words_reads_no_more_than_its_window(void **state)
{
    struct fixture *f = *state;
    char path[128], sql[400];
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO statuses (account_id, "
             "content, created_at) SELECT %d, iif(i IN (1, 3), 'Haustürschlüssel', 'word ' || i), i FROM n",
             SEARCH_WINDOW + 2, (int)f->potato);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
    json_t *ids = search(f, "schlussel", INT64_MAX);
    assert_int_equal(json_array_size(ids), 1); /* the third is the last that is read */
    assert_int_equal(json_integer_value(json_array_get(ids, 0)), 3);
    json_decref(ids);
    ids = search(f, "schlussel", SEARCH_WINDOW);
    assert_int_equal(json_array_size(ids), 2);
    assert_int_equal(json_integer_value(json_array_get(ids, 1)), 1);
    json_decref(ids);
}

static void timelines_page_by_cursor(void **state)
{
    struct fixture *f = *state;
    int64_t id, before = INT64_MAX, seen = 0;
    for (int i = 0; i < 45; i++)
        assert_int_equal(status_add(f->db, f->potato, ":)", "hello", NULL, 0, &id), STORE_OK);
    for (;;) {
        json_t *page = db_rows(f->db, QUERY_STATUSES, before, (int64_t)20);
        size_t count = json_array_size(page);
        seen += (int64_t)count;
        if (count)
            before = json_integer_value(json_object_get(json_array_get(page, count - 1), "id"));
        json_decref(page);
        if (count < 20)
            break;
    }
    assert_int_equal(seen, 45);
}

static void deleting_an_account_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    post_picture(f, "jpeg bytes", "first");
    assert_int_equal(status_add(f->db, f->potato, "", "words to forget", NULL, 0, &id), STORE_OK);
    assert_int_equal(mood_add(f->db, f->potato, "sleepy", "", "", &id), STORE_OK);
    uint64_t version = store_version(f->store);
    assert_int_equal(account_delete(f->db, f->potato, 0), STORE_OK);
    assert_true(store_version(f->store) != version);
    version = store_version(f->store);
    assert_int_not_equal(status_add(f->db, 12345, "", "of nobody", NULL, 0, &id), STORE_OK);
    assert_int_equal(store_version(f->store), version);
    assert_int_equal(image_count(f), 0);
    json_t *found = db_rows(f->db, QUERY_STATUSES_FOUND, INT64_MAX, (int64_t)20, "\"forget\"");
    assert_int_equal(json_array_size(found), 0);
    json_decref(found);
}

/* A timeline that scans a table or sorts is a timeline that dies at a million posts. */
static void timelines_neither_scan_nor_sort(void **state)
{
#define PLAN(name, sql) {#name, "EXPLAIN QUERY PLAN " sql},
    static const struct {
        const char *name, *sql;
    } plans[] = {QUERIES(PLAN)};
    static const char *const may_scan[] = {"ACCOUNT_COUNT",
                                           "ADMIN_COUNT",
                                           "STATS",
                                           "SESSIONS_OF",
                                           "PICTURES_AFTER",
                                           "INVITERS_OF",
                                           "BRANCH_OF",
                                           /* of their own recursion */ "FEEL_THE_SAME" /* of 200 rows */,
                                           "PICTURES_FAR",
                                           "STATUSES_FAR",
                                           "MOODS_FAR", /* of a heap that is one page long */
                                           "PICTURE_NUMBERED",
                                           "STATUS_NUMBERED",
                                           "MOOD_NUMBERED", /* of one id in 2^19 */
                                           "BULLETINS" /* of whom one follows, with the few that run of each */};
    static const char *const may_sort[] = {"PICTURES_CRUSHED", "MOOD_COUNTS", "MOOD_DAYS",
                                           "FEEL_THE_SAME"}; /* what a few days brought */
    struct fixture *f = *state;
    char path[128];
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(db_add_functions(handle), SQLITE_OK);
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        sqlite3_stmt *plan;
        int exempt = 0, sorts = 0;
        for (size_t a = 0; a < sizeof may_scan / sizeof may_scan[0]; a++)
            exempt |= strcmp(plans[i].name, may_scan[a]) == 0;
        for (size_t a = 0; a < sizeof may_sort / sizeof may_sort[0]; a++)
            sorts |= strcmp(plans[i].name, may_sort[a]) == 0;
        assert_int_equal(sqlite3_prepare_v2(handle, plans[i].sql, -1, &plan, NULL), SQLITE_OK);
        while (!exempt && sqlite3_step(plan) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(plan, 3);
            int scans =
                strncmp(detail, "SCAN", 4) == 0 && !strstr(detail, "VIRTUAL TABLE") && !strstr(detail, "CONSTANT ROW");
            if (scans || (!sorts && strstr(detail, "TEMP B-TREE")))
                fail_msg("%s: %s", plans[i].name, detail);
            /* the answers to one post, and not all there are */
            if (strstr(detail, "_answering") && !strstr(detail, "reply_id=?"))
                fail_msg("%s: %s", plans[i].name, detail);
        }
        sqlite3_finalize(plan);
    }
    sqlite3_close(handle);
}

static void a_newer_database_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[128], message[256] = "";
    sqlite3 *handle;
    struct store *second;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "PRAGMA user_version = 999", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
    assert_int_equal(store_open(f->folder, &second, message, sizeof message), STORE_INVALID);
    assert_non_null(strstr(message, "newer"));
}

static void a_backup_is_complete(void **state)
{
    struct fixture *f = *state;
    char path[128], message[256] = "";
    sqlite3 *copy;
    sqlite3_stmt *count;
    post_picture(f, "jpeg bytes", "first");
    snprintf(path, sizeof path, "%s/copy.db", f->folder);
    assert_int_equal(store_backup(f->db, path, message, sizeof message), STORE_OK);
    assert_int_equal(sqlite3_open(path, &copy), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(copy, "SELECT count(*) FROM pictures", -1, &count, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(count), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(count, 0), 1);
    sqlite3_finalize(count);
    sqlite3_close(copy);
}

static atomic_int naps;
static int (*nap)(sqlite3_vfs *vfs, int us);

static int count_nap(sqlite3_vfs *vfs, int us)
{
    atomic_fetch_add(&naps, 1);
    return nap(vfs, us);
}

static void *write_too(void *store)
{
    static enum store_status status;
    struct db *db = store_acquire(store);
    status = batch_begin(db);
    if (status == STORE_OK)
        status = batch_end(db, STORE_OK);
    store_release(store, db);
    return &status;
}

/* SQLite itself would have one that finds the file locked look again later. */
static void writers_queue_for_their_turn(void **state)
{
    struct fixture *f = *state;
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    pthread_t thread;
    void *status;
    store_release(f->store, store_acquire(f->store)); /* what opens a connection is not meant */
    nap = vfs->xSleep;
    vfs->xSleep = count_nap;
    assert_int_equal(batch_begin(f->db), STORE_OK);
    assert_int_equal(pthread_create(&thread, NULL, write_too, f->store), 0);
    for (int i = 0; i < 20 && !atomic_load(&naps); i++)
        usleep(10000);
    assert_int_equal(batch_end(f->db, STORE_OK), STORE_OK);
    assert_int_equal(pthread_join(thread, &status), 0);
    vfs->xSleep = nap;
    assert_int_equal(*(enum store_status *)status, STORE_OK);
    assert_int_equal(atomic_load(&naps), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(names_are_folded_and_checked),
        TEST(passwords_open_and_end_sessions),
        TEST(a_session_ends_when_it_is_not_used),
        TEST(a_write_that_failed_is_not_told_of),
        TEST(an_invite_works_once),
        TEST(a_recovery_code_works_once),
        TEST(the_same_bytes_are_stored_once_and_go_with_the_last),
        TEST(a_quota_holds),
        TEST(portraits_are_counted_and_deleted),
        TEST(links_and_styles_replace_those_before),
        TEST(search_never_fails_on_what_people_type),
        TEST(search_within_words_reads_no_more_than_its_window),
        TEST(timelines_page_by_cursor),
        TEST(deleting_an_account_leaves_nothing),
        TEST(timelines_neither_scan_nor_sort),
        TEST(a_newer_database_is_refused),
        TEST(a_backup_is_complete),
        TEST(writers_queue_for_their_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
