/* What an import writes together, and what it says when that fails halfway: src/app/move/import.c, store/batch.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/move/import.h"
#include "stage.h"
#include "store/db.h"

enum { STATUSES = 20000, MOODS = 100 };

static char complaints[4000];

static void complain(const char *sentence)
{
    strncat(complaints, sentence, sizeof complaints - strlen(complaints) - 1);
}

/* An export of so many posts, newest first; every tenth is said at the same second. */
static struct import_source *make_export(struct stage *s, int statuses, int moods)
{
    char path[128], message[256];
    struct import_source *source = NULL;
    snprintf(path, sizeof path, "%s/piclog.json", s->folder);
    FILE *file = fopen(path, "w");
    fprintf(file, "{\"piclog_export\":1,\"statuses\":[");
    for (int i = statuses; i-- > 0;)
        fprintf(file, "{\"created_at\":%d,\"content\":\"status %d #tag%d\"}%s", 1600000000 + i / 10, i, i % 7,
                i ? "," : "");
    fprintf(file, "],\"moods\":[");
    for (int i = moods; i-- > 0;)
        fprintf(file, "{\"created_at\":%d,\"mood\":\"mood %d\"}%s", 1600000000 + i, i, i ? "," : "");
    fprintf(file, "]}");
    fclose(file);
    if (import_source_open(s->folder, &source, message, sizeof message) != 0)
        fail_msg("%s", message);
    return source;
}

static int run(struct stage *s, struct import_source *source, struct import_counts *ret_counts)
{
    struct config config;
    struct app app = {.config = &config, .store = s->store};
    config_init(&config);
    complaints[0] = '\0';
    memset(ret_counts, 0, sizeof *ret_counts);
    store_release(s->store, s->db); /* the only connection: hooks and limits of it hold */
    int rc = import_run(&app, s->potato.account, source, complain, ret_counts);
    sqlite3 *handle = s->db->handle;
    s->db = store_acquire(s->store);
    assert_ptr_equal(s->db->handle, handle);
    return rc;
}

static long number(struct stage *s, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(s->db->handle, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const long value = (long)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Lets so many commits through, then none; counts them all. */
struct commits {
    int asked, allowed;
};

static int on_commit(void *context)
{
    struct commits *commits = context;
    return ++commits->asked > commits->allowed;
}

static void twenty_thousand_in_a_handful_of_transactions(void **state)
{
    struct stage *s = *state;
    struct import_counts counts;
    struct commits commits = {0, 1000};
    struct import_source *source = make_export(s, STATUSES, MOODS);
    sqlite3_commit_hook(s->db->handle, on_commit, &commits);
    assert_int_equal(run(s, source, &counts), 0);
    assert_in_range(commits.asked, 1, 10);
    assert_int_equal(counts.statuses, STATUSES);
    assert_int_equal(counts.moods, MOODS);
    assert_int_equal(counts.refused + counts.known, 0);
    assert_string_equal(complaints, "");
    assert_int_equal(number(s, "SELECT count(DISTINCT content) FROM statuses"), STATUSES);
    assert_int_equal(number(s, "SELECT status_count FROM accounts WHERE id = 1"), STATUSES);
    /* in the order of the export, oldest first, with its times */
    assert_int_equal(
        number(s, "SELECT count(*) FROM statuses WHERE content <> printf('status %d #tag%d', id - 1, (id - 1) % "
                  "7) OR created_at <> 1600000000 + (id - 1) / 10"),
        0);
    /* a second run finds all of it */
    assert_int_equal(run(s, source, &counts), 0);
    assert_int_equal(counts.known, STATUSES + MOODS);
    assert_int_equal(counts.statuses + counts.moods + counts.refused, 0);
    sqlite3_commit_hook(s->db->handle, NULL, NULL);
    import_source_close(source);
}

/* After a run that could not write everything: what is said is what is there, and another run adds the rest. */
static void check_and_finish(struct stage *s, struct import_source *source, const struct import_counts *counts,
                             int posts)
{
    struct import_counts again;
    const long there = number(s, "SELECT count(*) FROM statuses");
    assert_int_equal(there, counts->statuses);
    assert_int_equal(counts->statuses + counts->refused, posts);
    assert_int_equal(counts->known, 0);
    assert_non_null(strstr(complaints, "none of them was taken in"));
    assert_int_equal(number(s, "SELECT status_count FROM accounts WHERE id = 1"), there);
    assert_int_equal(run(s, source, &again), 0);
    assert_int_equal(again.known, there);
    assert_int_equal(again.statuses, posts - there);
    assert_int_equal(again.refused, 0);
    assert_int_equal(number(s, "SELECT count(*) FROM statuses"), posts);
    assert_int_equal(number(s, "SELECT count(DISTINCT content) FROM statuses"), posts);
}

static void a_full_disk_halfway(void **state)
{
    struct stage *s = *state;
    enum { POSTS = 3 * IMPORT_BATCH_POSTS };
    struct import_counts counts;
    struct import_source *source = make_export(s, POSTS, 0);
    char limit[64];
    snprintf(limit, sizeof limit, "PRAGMA max_page_count = %ld", number(s, "PRAGMA page_count") + 900);
    assert_in_range(number(s, limit), 900, 2000);
    assert_int_equal(run(s, source, &counts), 0);
    assert_true(counts.statuses > 0 && counts.statuses < POSTS && counts.statuses % IMPORT_BATCH_POSTS == 0);
    assert_non_null(strstr(complaints, "the disk is full"));
    assert_true(number(s, "PRAGMA max_page_count = 1000000") == 1000000);
    check_and_finish(s, source, &counts, POSTS);
    import_source_close(source);
}

static void a_commit_that_fails(void **state)
{
    struct stage *s = *state;
    enum { POSTS = 2 * IMPORT_BATCH_POSTS + 10 };
    struct import_counts counts;
    struct commits commits = {0, 1};
    struct import_source *source = make_export(s, POSTS, 0);
    sqlite3_commit_hook(s->db->handle, on_commit, &commits);
    assert_int_equal(run(s, source, &counts), -1);
    sqlite3_commit_hook(s->db->handle, NULL, NULL);
    assert_int_equal(counts.statuses, IMPORT_BATCH_POSTS);
    assert_int_equal(counts.refused, IMPORT_BATCH_POSTS);
    counts.refused += 10; /* were not tried any more */
    check_and_finish(s, source, &counts, POSTS);
    import_source_close(source);
}

/* What is refused in the middle of being written leaves nothing, and takes nothing else with it. */
static void one_that_is_refused_goes_alone(void **state)
{
    struct stage *s = *state;
    struct import_counts counts;
    struct import_source *source = make_export(s, 100, 0);
    assert_int_equal(sqlite3_exec(s->db->handle,
                                  "CREATE TEMP TRIGGER no_third BEFORE INSERT ON main.status_tags WHEN new.tag_id = "
                                  "(SELECT id FROM main.tags WHERE name = 'tag3') BEGIN SELECT RAISE(ABORT, 'no'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(run(s, source, &counts), 0);
    assert_int_equal(counts.refused, 14); /* 3, 10, …, 94 */
    assert_int_equal(counts.statuses, 86);
    assert_int_equal(number(s, "SELECT count(*) FROM statuses"), 86);
    assert_int_equal(number(s, "SELECT count(*) FROM statuses WHERE content LIKE '%tag3'"), 0);
    assert_non_null(strstr(complaints, "status 97 of the export"));
    import_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(twenty_thousand_in_a_handful_of_transactions, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_halfway, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_commit_that_fails, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(one_that_is_refused_goes_alone, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
