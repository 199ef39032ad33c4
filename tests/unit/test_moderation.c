/* Moderation in the store: who sees what, decisions and their log, reports that merge, branches, block lists. */
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

#include "store/account.h"
#include "store/blocklist.h"
#include "store/moderation.h"
#include "store/post.h"

struct fixture {
    char folder[64];
    struct store *store;
    struct db *db;
    int64_t boss, potato, fax, status;
};

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    static const char *const tags[] = {"bird"};
    char message[256];
    snprintf(f->folder, sizeof f->folder, "/tmp/piclog-moderation-XXXXXX");
    if (!mkdtemp(f->folder) || store_open(f->folder, &f->store, message, sizeof message) != STORE_OK)
        return -1;
    f->db = store_acquire(f->store);
    *state = f;
    return account_add(f->db, "boss", "correct horse", 1, 0, &f->boss) ||
           account_add(f->db, "potato", "correct horse", 0, 0, &f->potato) ||
           account_add(f->db, "fax", "correct horse", 0, f->potato, &f->fax) ||
           status_add(f->db, f->potato, "", "hello world", tags, 1, &f->status);
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

static enum store_status decide(struct fixture *f, const char *action, const char *kind, int64_t subject)
{
    return decision_make(f->db, &(struct decision){.actor = f->boss,
                                                   .action = action,
                                                   .kind = kind,
                                                   .subject = subject,
                                                   .reason = "a test",
                                                   .until_s = INT64_C(1) << 40});
}

static size_t count_of(json_t *rows)
{
    assert_non_null(rows);
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

/* How often the status is found: in the stream, under its tag, by search, on the person's page, at its address. */
static unsigned where(struct fixture *f, int64_t viewer)
{
    const int64_t most = 20, before = INT64_MAX;
    unsigned found = 0;
    found |= 1u * (unsigned)count_of(db_rows(f->db, QUERY_STATUSES, before, most, viewer));
    found |= 2u * (unsigned)count_of(db_rows(f->db, QUERY_STATUSES_TAGGED, before, most, "bird", viewer));
    found |= 4u * (unsigned)count_of(db_rows(f->db, QUERY_STATUSES_FOUND, before, most, "\"hello\"", viewer));
    found |= 8u * (unsigned)count_of(
                      db_rows(f->db, QUERY_STATUSES_OF, before, most, f->potato, (int64_t)(viewer == f->potato)));
    json_t *status = db_row(f->db, QUERY_STATUS, f->status, viewer, (int64_t)(viewer == f->boss));
    found |= json_is_object(status) ? 16u : 0;
    json_decref(status);
    return found;
}
enum { COMMON = 1 | 2 | 4, PAGE = 8, ADDRESS = 16, EVERYWHERE = COMMON | PAGE | ADDRESS };

static void what_is_hidden_is_seen_by_whom_it_should(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *action, *undo;
        int is_for_person;
        unsigned others, author;
    } cases[] = {
        {"hide", "unhide", 0, 0, PAGE | ADDRESS},  {"mute", "unmute", 1, PAGE | ADDRESS, PAGE | ADDRESS},
        {"ban", "unban", 1, 0, PAGE | ADDRESS},    {"suspend", "unsuspend", 1, EVERYWHERE, EVERYWHERE},
        {"warn", NULL, 1, EVERYWHERE, EVERYWHERE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *kind = cases[i].is_for_person ? "person" : "status";
        const int64_t subject = cases[i].is_for_person ? f->potato : f->status;
        assert_int_equal(where(f, 0), EVERYWHERE);
        assert_int_equal(decide(f, cases[i].action, kind, subject), STORE_OK);
        assert_int_equal(where(f, 0), cases[i].others);
        assert_int_equal(where(f, f->fax), cases[i].others);
        assert_int_equal(where(f, f->potato), cases[i].author);
        assert_true(where(f, f->boss) & ADDRESS);
        if (cases[i].undo)
            assert_int_equal(decide(f, cases[i].undo, kind, subject), STORE_OK);
    }
    assert_int_equal(where(f, 0), EVERYWHERE);
    /* Two reasons are two bits: taking one back leaves the other. */
    assert_int_equal(decide(f, "hide", "status", f->status), STORE_OK);
    assert_int_equal(decide(f, "ban", "person", f->potato), STORE_OK);
    assert_int_equal(decide(f, "unban", "person", f->potato), STORE_OK);
    assert_int_equal(where(f, 0), 0);
}

static void who_is_disabled_is_not_shown(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(account_set_state(f->db, f->potato, "disabled"), STORE_OK);
    assert_int_equal(where(f, 0), 0);
    assert_int_equal(account_set_state(f->db, f->potato, "active"), STORE_OK);
    assert_int_equal(where(f, 0), EVERYWHERE);
}

static void mutes_and_blocks_are_between_two(void **state)
{
    struct fixture *f = *state;
    int64_t other;
    assert_int_equal(account_add(f->db, "other", "correct horse", 0, 0, &other), STORE_OK);
    assert_int_equal(unseen_add(f->db, f->fax, f->potato, "mute"), STORE_OK);
    assert_int_equal(unseen_add(f->db, f->fax, f->potato, "mute"), STORE_OK);
    assert_int_equal(where(f, f->fax), PAGE | ADDRESS);
    assert_int_equal(where(f, other), EVERYWHERE);
    assert_int_equal(unseen_delete(f->db, f->fax, f->potato, "mute"), STORE_OK);
    assert_int_equal(unseen_delete(f->db, f->fax, f->potato, "mute"), STORE_NOT_FOUND);
    assert_int_equal(where(f, f->fax), EVERYWHERE);
    assert_int_equal(unseen_add(f->db, f->potato, f->fax, "block"), STORE_OK); /* the author blocks the reader */
    assert_int_equal(where(f, f->fax) & ~(unsigned)PAGE, 0);
    assert_int_equal(where(f, other), EVERYWHERE);
    assert_int_equal(where(f, 0), EVERYWHERE);
    assert_int_equal(db_number(f->db, QUERY_PERSON, 0, "potato", f->fax), 0);
    assert_int_equal(db_number(f->db, QUERY_PERSON, 0, "fax", f->potato), 0);
    assert_int_equal(db_number(f->db, QUERY_PERSON, 0, "fax", other), f->fax);
    /* Each blocks the other: taking one back leaves the other. */
    assert_int_equal(unseen_add(f->db, f->fax, f->potato, "block"), STORE_OK);
    assert_int_equal(unseen_delete(f->db, f->potato, f->fax, "block"), STORE_OK);
    assert_int_equal(where(f, f->fax) & ~(unsigned)PAGE, 0);
    assert_int_equal(unseen_delete(f->db, f->fax, f->potato, "block"), STORE_OK);
    assert_int_equal(where(f, f->fax), EVERYWHERE);
    assert_int_not_equal(unseen_add(f->db, f->fax, f->fax, "mute"), STORE_OK);
}

static void set_new_accounts(struct fixture *f, const char *mode)
{
    const struct setting settings[] = {{"new_accounts", mode}, {"new_quota_bytes", "500000"}};
    assert_int_equal(settings_decide(f->db, f->boss, settings, 2), STORE_OK);
}

/* Whoever came while accounts were free stays free, and trust in one releases nobody else's posts. */
static void who_waits_for_review(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"early", "newer", "newest"};
    int64_t people[3], posts[3];
    for (int i = 0; i < 3; i++) {
        set_new_accounts(f, i == 0 ? "free" : "review");
        assert_int_equal(account_add(f->db, names[i], "correct horse", 0, 0, &people[i]), STORE_OK);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(status_add(f->db, people[i], "", "first", NULL, 0, &posts[i]), STORE_OK);
    const int64_t most = 9;
    assert_int_equal(count_of(db_rows(f->db, QUERY_STATUSES_HELD, most)), 2);
    /* on somebody's wall as well */
    char path[128], entries[300];
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    snprintf(entries, sizeof entries,
             "INSERT INTO wall_entries (owner_id, account_id, content, hidden, created_at) "
             "VALUES (%lld, %lld, 'newer', 2, 0), (%lld, %lld, 'newest', 2, 0)",
             (long long)f->boss, (long long)people[1], (long long)f->boss, (long long)people[2]);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, entries, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(decide(f, "trust", "person", people[1]), STORE_OK);
    json_t *held = db_rows(f->db, QUERY_STATUSES_HELD, most);
    assert_int_equal(json_array_size(held), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(held, 0), "id")), posts[2]);
    json_decref(held);
    sqlite3_stmt *waiting = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(handle, "SELECT content FROM wall_entries WHERE hidden = 2", -1, &waiting, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(waiting), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(waiting, 0), "newest");
    assert_int_equal(sqlite3_step(waiting), SQLITE_DONE);
    sqlite3_finalize(waiting);
    sqlite3_close(handle);
}

static void the_log_only_grows(void **state)
{
    struct fixture *f = *state;
    static const char replace[] = "INSERT OR REPLACE INTO audit (id, created_at, actor_id, action) VALUES "
                                  "(1, 0, 0, 'nothing')";
    static const char *const attempts[] = {"UPDATE audit SET reason = 'nothing'", "DELETE FROM audit", replace,
                                           "DELETE FROM accounts WHERE name = 'boss'"};
    char path[128];
    sqlite3 *handle;
    assert_int_equal(decide(f, "warn", "person", f->potato), STORE_OK);
    assert_int_equal(decide(f, "hide", "status", f->status), STORE_OK);
    json_t *before = db_rows(f->db, QUERY_AUDIT, INT64_MAX, (int64_t)20);
    assert_int_equal(json_array_size(before), 2);
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        assert_int_equal(sqlite3_exec(handle, attempts[i], NULL, NULL, NULL) == SQLITE_OK, i == 3);
    sqlite3_close(handle);
    assert_int_equal(account_delete(f->db, f->potato, 0), STORE_OK);
    json_t *after = db_rows(f->db, QUERY_AUDIT, INT64_MAX, (int64_t)20);
    assert_int_equal(json_array_size(after), 2);
    json_t *line = json_array_get(after, 1);
    assert_string_equal(json_string_value(json_object_get(line, "action")), "warn");
    assert_string_equal(json_string_value(json_object_get(line, "reason")), "a test");
    assert_true(json_is_null(json_object_get(line, "about"))); /* the number stays, the name has left */
    json_decref(before);
    json_decref(after);
}

static enum store_status report(struct fixture *f, int64_t reporter, unsigned char network, const char *note)
{
    struct report_new r = {
        .kind = "status", .subject = f->status, .reporter = reporter, .reason = "spam", .note = note};
    r.network[0] = network;
    return report_add(f->store, f->db, &r);
}

static void reports_merge_and_go_with_their_post(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(report(f, 0, 1, "one"), STORE_OK);
    assert_int_equal(report(f, 0, 1, "one again"), STORE_OK);
    assert_int_equal(report(f, 0, 2, "another network"), STORE_OK);
    assert_int_equal(report(f, f->fax, 1, "an account"), STORE_OK);
    assert_int_equal(report(f, f->fax, 2, "from elsewhere"), STORE_OK);
    json_t *reports = db_rows(f->db, QUERY_REPORTS, (int64_t)0, (int64_t)20);
    assert_int_equal(json_array_size(reports), 1);
    json_t *first = json_array_get(reports, 0);
    assert_int_equal(json_integer_value(json_object_get(first, "times")), 3);
    assert_int_equal(json_array_size(json_object_get(first, "notes")), 3);
    json_decref(reports);
    for (int i = 0; i < 100; i++)
        assert_int_equal(report(f, 0, (unsigned char)(10 + i), "a crowd"), STORE_OK);
    reports = db_rows(f->db, QUERY_REPORTS, (int64_t)0, (int64_t)20);
    assert_int_equal(json_array_size(json_object_get(json_array_get(reports, 0), "notes")), 50);
    json_decref(reports);
    assert_int_equal(decide(f, "dismiss", "status", f->status), STORE_OK);
    assert_int_equal(db_number(f->db, QUERY_REPORT_COUNT, -1), 0);
    assert_int_equal(report(f, 0, 1, "once more"), STORE_OK);
    assert_int_equal(db_number(f->db, QUERY_REPORT_COUNT, -1), 1);
    assert_int_equal(status_delete(f->db, f->potato, f->status), STORE_OK);
    assert_int_equal(db_number(f->db, QUERY_REPORT_COUNT, -1), 0);
    assert_int_equal(report(f, 0, 1, "too late"), STORE_NOT_FOUND);
}

static void a_branch_is_cut_but_for_administrators(void **state)
{
    struct fixture *f = *state;
    int64_t child, chief;
    int count = 0;
    assert_int_equal(account_add(f->db, "child", "correct horse", 0, f->fax, &child), STORE_OK);
    assert_int_equal(account_add(f->db, "chief", "correct horse", 1, f->fax, &chief), STORE_OK);
    struct decision cut = {.actor = f->boss, .action = "ban", .kind = "person", .subject = f->potato, .reason = "bad"};
    assert_int_equal(decision_make_branch(f->db, &cut, &count), STORE_OK);
    assert_int_equal(count, 3);
    json_t *chiefs = db_row(f->db, QUERY_HISTORY_OF, chief), *childs = db_row(f->db, QUERY_HISTORY_OF, child);
    assert_true(json_is_false(json_object_get(chiefs, "is_banned")));
    assert_true(json_is_true(json_object_get(childs, "is_banned")));
    json_decref(chiefs);
    json_decref(childs);
    cut.action = "warn";
    assert_int_equal(decision_make_branch(f->db, &cut, &count), STORE_INVALID);
    assert_int_equal(decide(f, "ban", "person", chief), STORE_INVALID);
    assert_int_equal(account_delete(f->db, f->fax, 0), STORE_OK); /* the branch closes around who leaves */
    json_t *up = db_rows(f->db, QUERY_INVITERS_OF, child);
    assert_int_equal(json_array_size(up), 1);
    json_decref(up);
}

static void decisions_that_make_no_sense_are_refused(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(decide(f, "hide", "person", f->potato), STORE_INVALID);
    assert_int_equal(decide(f, "block", "status", f->status), STORE_INVALID);
    assert_int_equal(decide(f, "explode", "status", f->status), STORE_INVALID);
    assert_int_equal(decide(f, "hide", "status", 12345), STORE_NOT_FOUND);
    assert_int_equal(decide(f, "hide", "teapot", f->status), STORE_NOT_FOUND);
    json_t *log = db_rows(f->db, QUERY_AUDIT, INT64_MAX, (int64_t)20);
    assert_int_equal(count_of(log), 0);
}

static void near_fingerprints_are_blocked_and_far_ones_are_not(void **state)
{
    struct fixture *f = *state;
    const uint64_t fingerprint = 0x5A5A5A5AA5A5F00Fu, flat = 1;
    struct image image = {"bytes", 5, 10, 10}, other = {"other bytes", 11, 10, 10};
    struct picture_new picture = {.account = f->potato,
                                  .full = image,
                                  .thumb = {"small", 5, 5, 5},
                                  .caption = "",
                                  .alt = "",
                                  .preset = "dust",
                                  .source_format = "jpeg",
                                  .fingerprint = fingerprint};
    int64_t id, twin;
    assert_int_equal(picture_add(f->store, f->db, &picture, &id), STORE_OK);
    picture.account = f->fax;
    assert_int_equal(picture_add(f->store, f->db, &picture, &twin), STORE_OK);
    assert_int_equal(decide(f, "block", "picture", id), STORE_OK);
    assert_int_equal(subject_owner(f->db, "picture", id), 0);
    assert_int_equal(subject_owner(f->db, "picture", twin), 0);
    assert_int_equal(picture_add(f->store, f->db, &picture, &id), STORE_BLOCKED);
    uint64_t changed = fingerprint;
    for (int bit = 0; bit < 64; bit++) { /* ever more bits differ */
        int differs = __builtin_popcountll(changed ^ fingerprint);
        if (__builtin_popcountll(changed) >= FINGERPRINT_MIN_BITS)
            assert_int_equal(blocklist_has_picture(f->store, f->db, changed, &other, 1),
                             differs <= FINGERPRINT_TOLERANCE);
        changed ^= UINT64_C(1) << bit;
    }
    assert_false(blocklist_has_picture(f->store, f->db, flat, &other, 1));
    assert_true(blocklist_has_picture(f->store, f->db, flat, &image, 1)); /* the very same bytes */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_hidden_is_seen_by_whom_it_should),
        TEST(who_is_disabled_is_not_shown),
        TEST(mutes_and_blocks_are_between_two),
        TEST(who_waits_for_review),
        TEST(the_log_only_grows),
        TEST(reports_merge_and_go_with_their_post),
        TEST(a_branch_is_cut_but_for_administrators),
        TEST(decisions_that_make_no_sense_are_refused),
        TEST(near_fingerprints_are_blocked_and_far_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
