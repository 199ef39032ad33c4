/* Following, and the timelines of friends, without a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "domain/follow.h"
#include "domain/profile.h"
#include "domain/shun.h"
#include "domain/status.h"
#include "stage.h"
#include "store/account.h"
#include "store/moderation.h"

static size_t rows_in(json_t *rows)
{
    assert_non_null(rows);
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static size_t followed_by(const struct stage *s, const struct actor *actor)
{
    return rows_in(db_rows(s->db, QUERY_FOLLOWS_OF, INT64_MAX, (int64_t)10000, actor->account, (int64_t)1));
}

static size_t followers_of(const struct stage *s, const struct actor *actor)
{
    return rows_in(db_rows(s->db, QUERY_FOLLOWERS_OF, INT64_MAX, (int64_t)10000, actor->account));
}

static void following_twice_is_following_once(void **state)
{
    struct stage *s = *state;
    int is_new = -1;
    assert_null(follow_begin(&s->potato, "Minitel", &is_new));
    assert_int_equal(is_new, 1);
    assert_null(follow_begin(&s->potato, "minitel", &is_new));
    assert_int_equal(is_new, 0);
    assert_int_equal(followed_by(s, &s->potato), 1);
    assert_int_equal(followers_of(s, &s->minitel), 1);
    assert_int_equal(followed_by(s, &s->minitel), 0);
    assert_null(follow_end(&s->potato, "minitel"));
    assert_null(follow_end(&s->potato, "minitel"));
    assert_int_equal(followed_by(s, &s->potato), 0);
}

static void who_cannot_be_followed(void **state)
{
    struct stage *s = *state;
    int is_new = -1;
    assert_fault(follow_begin(&s->potato, "potato", &is_new), FAULT_WORDS, "name");
    assert_fault(follow_begin(&s->potato, "nobody", &is_new), FAULT_NOT_FOUND, NULL);
    assert_fault(follow_end(&s->potato, "nobody"), FAULT_NOT_FOUND, NULL);
    assert_fault(follow_begin(&s->potato, "", &is_new), FAULT_WORDS, "name");
    assert_fault(follow_begin(&s->potato, "\xff\xfe", &is_new), FAULT_WORDS, "name");
    assert_fault(follow_begin(&s->potato, "a name of more than twenty", &is_new), FAULT_WORDS, "name");
    assert_int_equal(account_set_state(s->db, s->minitel.account, "disabled"), STORE_OK);
    assert_fault(follow_begin(&s->potato, "minitel", &is_new), FAULT_NOT_FOUND, NULL);
    assert_int_equal(is_new, -1);
}

/* Whoever goes away for a time stays on the list, and can be taken off it. */
static void who_is_not_here_can_be_taken_off(void **state)
{
    struct stage *s = *state;
    int is_new;
    assert_null(follow_begin(&s->potato, "minitel", &is_new));
    assert_int_equal(account_set_state(s->db, s->minitel.account, "disabled"), STORE_OK);
    json_t *rows = db_rows(s->db, QUERY_FOLLOWS_OF, INT64_MAX, (int64_t)2, s->potato.account, (int64_t)1);
    assert_true(json_is_false(json_object_get(json_array_get(rows, 0), "is_here")));
    json_decref(rows);
    assert_int_equal(rows_in(db_rows(s->db, QUERY_FOLLOWS_OF, INT64_MAX, (int64_t)2, s->potato.account, (int64_t)0)),
                     0);
    assert_null(follow_end(&s->potato, "minitel"));
    assert_int_equal(followed_by(s, &s->potato), 0);
}

/* In both directions, and nobody can tell it from a name that nobody has. */
static void a_block_ends_and_prevents_it(void **state)
{
    struct stage *s = *state;
    int is_new;
    assert_null(follow_begin(&s->potato, "minitel", &is_new));
    assert_null(follow_begin(&s->minitel, "potato", &is_new));
    assert_null(shun_set(&s->minitel, s->potato.account, "block", 0));
    assert_int_equal(followed_by(s, &s->potato) + followed_by(s, &s->minitel), 0);
    const struct fault *blocked = follow_begin(&s->potato, "minitel", &is_new);
    assert_fault(blocked, FAULT_NOT_FOUND, NULL);
    assert_string_equal(blocked->sentence, "There is nobody called minitel here.");
    assert_fault(follow_begin(&s->minitel, "potato", &is_new), FAULT_NOT_FOUND, NULL);
    /* the store itself refuses, whatever was looked up before */
    assert_int_equal(follow_add(s->db, s->potato.account, s->minitel.account), STORE_NOT_FOUND);
    assert_null(shun_set(&s->minitel, s->potato.account, "block", 1));
    assert_null(follow_begin(&s->potato, "minitel", &is_new));
}

static void a_follower_is_taken_off(void **state)
{
    struct stage *s = *state;
    int is_new;
    assert_null(follow_begin(&s->minitel, "potato", &is_new));
    assert_null(follow_shake_off(&s->potato, "minitel"));
    assert_int_equal(followers_of(s, &s->potato), 0);
    assert_null(follow_shake_off(&s->potato, "minitel"));
    assert_fault(follow_shake_off(&s->potato, "nobody"), FAULT_NOT_FOUND, NULL);
    assert_null(follow_begin(&s->minitel, "potato", &is_new));
    assert_int_equal(account_delete(s->db, s->minitel.account, 0), STORE_OK);
    assert_int_equal(followers_of(s, &s->potato), 0);
}

static void at_most_five_thousand_are_followed(void **state)
{
    struct stage *s = *state;
    char last[32];
    int is_new = -1;
    stage_change(s, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001)"
                    "INSERT INTO accounts (name, password_hash, created_at, seen_at) SELECT 'p' || i, '', 1, 1 FROM n");
    stage_change(s, "INSERT INTO follows SELECT (SELECT id FROM accounts WHERE name = 'potato'), id, 1 FROM accounts "
                    "WHERE name GLOB 'p[0-9]*' AND name <> 'p5000' AND name <> 'p5001'");
    assert_null(follow_begin(&s->potato, "p5000", &is_new));
    assert_int_equal(followed_by(s, &s->potato), FOLLOWS_MAX);
    snprintf(last, sizeof last, "p%d", FOLLOWS_MAX + 1);
    const struct fault *full = follow_begin(&s->potato, last, &is_new);
    assert_fault(full, FAULT_WORDS, "name");
    assert_int_equal(full->limit, FOLLOWS_MAX);
    assert_non_null(strstr(full->sentence, "5000"));
    assert_null(follow_begin(&s->potato, "p1", &is_new)); /* as before */
    assert_null(follow_end(&s->potato, "p1"));
    assert_null(follow_begin(&s->potato, last, &is_new));
    assert_int_equal(followed_by(s, &s->potato), FOLLOWS_MAX);
}

static void whom_one_follows_is_hidden_until_it_is_shown(void **state)
{
    static const struct {
        const char *typed;
        int is_shown;
    } cases[] = {{"1", 1}, {NULL, 1}, {"0", 0}, {"1", 1}, {"", 0}};
    struct stage *s = *state;
    json_t *row = db_row(s->db, QUERY_PERSON, "potato");
    assert_true(json_is_false(json_object_get(row, "shows_follows")));
    json_decref(row);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(profile_save(&s->potato, &(struct profile_typed){.shows_follows = cases[i].typed}));
        row = db_row(s->db, QUERY_PERSON, "potato");
        assert_int_equal(json_is_true(json_object_get(row, "shows_follows")), cases[i].is_shown);
        json_decref(row);
    }
    assert_fault(profile_save(&s->potato, &(struct profile_typed){.shows_follows = "yes"}), FAULT_WORDS,
                 "shows_follows");
}

/* ---- Timelines ------------------------------------------------------------------------------------ */

enum { PEOPLE = 60, POSTS = 3000 };

/* People of whom every fourth is followed, some of those muted, banned or silent; posts of all kinds, some hidden. */
static void make_posts(const struct stage *s)
{
    stage_change(s, "INSERT INTO images (id, hash, width, height, bytes, data) VALUES (1, 'a', 1, 1, 1, x'00')");
    stage_change(
        s, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
           "INSERT INTO accounts (id, name, password_hash, created_at, seen_at) SELECT 100 + i, 'p' || i, '', 1, 1 "
           "FROM n");
    stage_change(s, "INSERT INTO follows SELECT (SELECT id FROM accounts WHERE name = 'potato'), id, 1 FROM accounts "
                    "WHERE id > 100 AND id % 4 = 0");
    stage_change(s, "INSERT INTO unseen SELECT a.id, 108, 'mute', 1 FROM accounts a WHERE a.name = 'potato'");
    stage_change(
        s, "CREATE TEMP TABLE n (i); WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000)"
           "INSERT INTO n SELECT i FROM c;"
           /* half of the people said nothing in the later half, so that the last pages are by fewer */
           "INSERT INTO statuses (account_id, content, created_at, hidden) SELECT"
           " CASE WHEN i % 97 = 0 THEN (SELECT id FROM accounts WHERE name = 'potato')"
           " ELSE 101 + (i * 7919 % iif(i < 1500, 60, 30)) END, 'x', i, iif(i % 13 = 0, 1, 0) FROM n;"
           "INSERT INTO moods (account_id, mood, created_at, hidden) SELECT account_id, 'm', created_at, hidden"
           " FROM statuses WHERE id % 3 = 0;"
           "INSERT INTO pictures (account_id, image_id, thumb_id, preset, quality, fingerprint, source_format,"
           " source_bytes, source_width, source_height, created_at, hidden)"
           " SELECT account_id, 1, 1, 'dust', 1, 1, 'jpeg', 1, 1, 1, created_at, hidden FROM statuses WHERE id % 5 = 0;"
           "UPDATE accounts SET is_banned = 1 WHERE id = 112");
}

/* What a timeline ought to hold, the slow and plain way. */
static int64_t *expected(const struct stage *s, const char *table, size_t *ret_count)
{
    char path[128], sql[600];
    sqlite3 *handle;
    sqlite3_stmt *found;
    int64_t *ids = calloc(POSTS, sizeof *ids);
    snprintf(path, sizeof path, "%s/piclog.db", s->folder);
    snprintf(
        sql, sizeof sql,
        "SELECT id FROM %s WHERE hidden = 0 AND account_id IN (SELECT id FROM accounts WHERE name = 'potato' UNION "
        "SELECT id FROM accounts WHERE id > 100 AND id %% 4 = 0 AND id NOT IN (108, 112)) ORDER BY id DESC",
        table);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &found, NULL), SQLITE_OK);
    *ret_count = 0;
    while (sqlite3_step(found) == SQLITE_ROW)
        ids[(*ret_count)++] = sqlite3_column_int64(found, 0);
    sqlite3_finalize(found);
    sqlite3_close(handle);
    return ids;
}

static json_t *page_of(const struct stage *s, enum friend_posts kind, int way, int64_t before, int64_t limit)
{
    static const enum query near[] = {QUERY_PICTURES_NEAR, QUERY_STATUSES_NEAR, QUERY_MOODS_NEAR},
                            far[] = {QUERY_PICTURES_FAR, QUERY_STATUSES_FAR, QUERY_MOODS_FAR};
    const int64_t me = s->potato.account;
    return way == 0   ? db_rows(s->db, near[kind], before, limit, me, (int64_t)1 << 40)
           : way == 1 ? db_rows(s->db, far[kind], before, limit, me)
                      : friend_posts(s->db, kind, before, limit, me);
}

static void both_ways_to_a_timeline_find_the_same(void **state)
{
    static const char *const tables[] = {"pictures", "statuses", "moods"};
    enum { LIMIT = 21 };
    struct stage *s = *state;
    make_posts(s);
    for (enum friend_posts kind = 0; kind < FRIEND_POSTS; kind++) {
        size_t count;
        int64_t *ids = expected(s, tables[kind], &count);
        assert_true(count > 2 * LIMIT);
        for (int way = 0; way < 3; way++) {
            int64_t before = INT64_MAX;
            size_t seen = 0;
            for (;;) {
                json_t *rows = page_of(s, kind, way, before, LIMIT), *row;
                size_t i;
                assert_non_null(rows);
                if (json_array_size(rows) != (count - seen < LIMIT ? count - seen : LIMIT))
                    fail_msg("%s, way %d: %zu rows after %zu of %zu", tables[kind], way, json_array_size(rows), seen,
                             count);
                json_array_foreach(rows, i, row)
                {
                    before = json_integer_value(json_object_get(row, "id"));
                    assert_int_equal(before, ids[seen++]);
                }
                const size_t found = json_array_size(rows);
                json_decref(rows);
                if (found < LIMIT)
                    break;
            }
            assert_int_equal(seen, count);
        }
        free(ids);
    }
}

/* The first way looks at so many numbers and no more, from wherever the page begins. */
static void the_near_way_ends(void **state)
{
    struct stage *s = *state;
    const int64_t me = s->potato.account;
    make_posts(s);
    for (int64_t before = 2000; before <= 4000; before += 2000) { /* in the middle, and beyond the newest */
        const int64_t from = before > POSTS ? POSTS : before, window = 100;
        json_t *rows = db_rows(s->db, QUERY_STATUSES_NEAR, before, (int64_t)1000, me, window), *row;
        size_t i;
        assert_true(json_array_size(rows) > 0);
        json_array_foreach(rows, i, row)
            assert_in_range(json_integer_value(json_object_get(row, "id")), from - window, from);
        json_decref(rows);
    }
    stage_change(s, "DELETE FROM statuses");
    assert_int_equal(rows_in(friend_posts(s->db, FRIEND_STATUSES, INT64_MAX, 21, me)), 0);
}

/* A page costs some hundred rows of an index, or a look-up in an index for each who is followed, and never a table. */
static void plans_of_the_timelines(void **state)
{
#define PLAN(name, sql) {#name, "EXPLAIN QUERY PLAN " sql},
    static const struct {
        const char *name, *sql;
    } plans[] = {QUERIES(PLAN)};
    static const struct {
        const char *name, *steps[4]; /* each of which has to be there */
    } expected_plans[] = {
        {"PICTURES_NEAR",
         {"SEARCH p USING INDEX pictures_shown (id>? AND id<?)",
          "SEARCH follows USING PRIMARY KEY (follower_id=? AND followed_id=?)"}},
        {"STATUSES_NEAR",
         {"SEARCH s USING INDEX statuses_shown (id>? AND id<?)",
          "SEARCH follows USING PRIMARY KEY (follower_id=? AND followed_id=?)"}},
        {"MOODS_NEAR",
         {"SEARCH m USING INDEX moods_shown (id>? AND id<?)",
          "SEARCH follows USING PRIMARY KEY (follower_id=? AND followed_id=?)"}},
        {"PICTURES_FAR",
         {"SEARCH x USING COVERING INDEX pictures_shown_of (account_id=? AND hidden=? AND rowid<?)",
          "SEARCH f USING PRIMARY KEY (follower_id=?)", "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)"}},
        {"STATUSES_FAR",
         {"SEARCH x USING COVERING INDEX statuses_shown_of (account_id=? AND hidden=? AND rowid<?)",
          "SEARCH f USING PRIMARY KEY (follower_id=?)", "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"}},
        {"MOODS_FAR",
         {"SEARCH x USING COVERING INDEX moods_shown_of (account_id=? AND hidden=? AND rowid<?)",
          "SEARCH f USING PRIMARY KEY (follower_id=?)", "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"}},
    };
    struct stage *s = *state;
    char path[128];
    sqlite3 *handle;
    size_t found = 0;
    snprintf(path, sizeof path, "%s/piclog.db", s->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (size_t e = 0; e < sizeof expected_plans / sizeof expected_plans[0]; e++)
        for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
            if (strcmp(plans[i].name, expected_plans[e].name) != 0)
                continue;
            sqlite3_stmt *plan;
            char text[4000] = "";
            assert_int_equal(sqlite3_prepare_v2(handle, plans[i].sql, -1, &plan, NULL), SQLITE_OK);
            while (sqlite3_step(plan) == SQLITE_ROW) {
                const char *detail = (const char *)sqlite3_column_text(plan, 3);
                if (strncmp(detail, "SCAN", 4) == 0 && strcmp(detail, "SCAN heap") != 0 &&
                    !strstr(detail, "CONSTANT ROW"))
                    fail_msg("%s: %s", plans[i].name, detail);
                snprintf(text + strlen(text), sizeof text - strlen(text), "%s\n", detail);
            }
            sqlite3_finalize(plan);
            for (size_t step = 0; step < 4 && expected_plans[e].steps[step]; step++)
                if (!strstr(text, expected_plans[e].steps[step]))
                    fail_msg("%s: no %s in\n%s", plans[i].name, expected_plans[e].steps[step], text);
            found++;
        }
    assert_int_equal(found, sizeof expected_plans / sizeof expected_plans[0]);
    sqlite3_close(handle);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        TEST(following_twice_is_following_once),
        TEST(who_cannot_be_followed),
        TEST(who_is_not_here_can_be_taken_off),
        TEST(a_block_ends_and_prevents_it),
        TEST(a_follower_is_taken_off),
        TEST(at_most_five_thousand_are_followed),
        TEST(whom_one_follows_is_hidden_until_it_is_shown),
        TEST(both_ways_to_a_timeline_find_the_same),
        TEST(the_near_way_ends),
        TEST(plans_of_the_timelines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
