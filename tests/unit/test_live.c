/* Marks of what happened (src/store/live.h): whatever writes makes them, in its own transaction; they are dropped in
 * time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stage.h"
#include "store/account.h"
#include "store/live.h"

static int64_t newest(const struct stage *s)
{
    int64_t last = -1, oldest = -1;
    assert_int_equal(live_latest(s->db, &last, &oldest), STORE_OK);
    return last;
}

/* Marks behind after that fit the condition. */
static int64_t marks(const struct stage *s, int64_t after, const char *condition)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM live_events WHERE id > %lld AND (%s)", (long long)after, condition);
    return stage_number(s, sql);
}

static void every_way_of_writing_leaves_a_mark(void **state)
{
    struct stage *s = *state;
    static const struct {
        const char *sql; /* NULL: the one before */
        const char *condition;
        int count;
    } ways[] = {
        {"INSERT INTO messages (by_id, to_id, content, created_at) VALUES (1, 2, 'x', 1)",
         "kind = 'message' AND by_id = 1 AND account_id IN (1, 2)", 2},
        {"INSERT INTO messages (by_id, to_id, is_nudge, content, created_at) VALUES (1, 2, 1, '', 1)", "kind = 'nudge'",
         2},
        {"INSERT INTO statuses (account_id, content, created_at) VALUES (1, 'x', 1)",
         "kind = 'status' AND account_id = 0 AND by_id = 1", 1},
        {"INSERT INTO moods (account_id, mood, created_at) VALUES (2, 'fine', 1)", "kind = 'mood' AND by_id = 2", 1},
        {"INSERT INTO images (id, hash, width, height, bytes, data) VALUES (90, 'a', 1, 1, 1, x'00'); "
         "INSERT INTO pictures (account_id, image_id, thumb_id, preset, quality, fingerprint, source_format, "
         "source_bytes, source_width, source_height, created_at) VALUES (1, 90, 90, 'x', 1, 0, 'jpeg', 1, 1, 1, 1)",
         "kind = 'picture' AND account_id = 0 AND by_id = 1", 1},
        {"UPDATE pictures SET hidden = 2", "1", 0},
        {"UPDATE pictures SET hidden = 0", "kind = 'picture' AND by_id = 1", 1},
        {"UPDATE moods SET hidden = 2", "1", 0},
        {"UPDATE moods SET hidden = 0", "kind = 'mood' AND by_id = 2", 1},
        {"INSERT INTO wall_entries (id, owner_id, account_id, content, hidden, created_at) VALUES (1, 1, 2, 'x', 2, "
         "1); INSERT INTO notice_of VALUES (1, 'wall', 2, 'wall', 1)",
         "kind = 'notice' AND account_id = 1 AND by_id = 2", 1},
        {"UPDATE wall_entries SET hidden = 0", "kind = 'notice' AND account_id = 1 AND by_id = 2", 1},
        {"INSERT INTO sessions (hash, account_id, created_at, used_at) VALUES (x'01', 1, 1, 1)", "1", 0},
        {"DELETE FROM sessions WHERE hash = x'01'", "kind = 'end' AND account_id = 1 AND ref_id = 0", 1},
        {"INSERT INTO tokens (hash, account_id, created_at) VALUES (x'01', 1, 1)", "1", 0},
        {"DELETE FROM tokens WHERE hash = x'01'", "kind = 'end' AND account_id = 1 AND ref_id = 0", 1},
        {"INSERT INTO follows VALUES (1, 2, 1)", "kind = 'notice' AND account_id = 2 AND by_id = 1", 1},
        {NULL, "kind = 'tie'", 0},
        {"INSERT INTO follows VALUES (2, 1, 1)", "kind = 'tie'", 2},
        {"INSERT INTO unseen VALUES (1, 2, 'mute', 1)", "kind = 'tie' AND account_id = 1", 1},
        {"DELETE FROM unseen", "kind = 'tie' AND account_id = 1", 1},
        {"INSERT INTO unseen VALUES (1, 2, 'block', 1), (2, 1, 'blocked', 1)", "kind = 'tie'", 2},
        {"UPDATE accounts SET shows_presence = 1 WHERE id = 1", "kind = 'presence' AND account_id = 1", 1},
        {"UPDATE accounts SET shows_presence = 1 WHERE id = 1", "1", 0},
        {"UPDATE accounts SET is_banned = 1 WHERE id = 1", "kind = 'end' AND account_id = 1 AND ref_id = 0", 1},
        {"UPDATE accounts SET password_hash = 'x' WHERE id = 1", "kind = 'end' AND ref_id = 1", 1},
        {"UPDATE accounts SET seen_at = 5 WHERE id = 1", "1", 0},
        {"DELETE FROM accounts WHERE id = 2", "kind = 'end' AND account_id = 2 AND ref_id = 1", 1},
    };
    int64_t before = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].sql) {
            before = newest(s);
            stage_change(s, ways[i].sql);
        }
        if (marks(s, before, ways[i].condition) != ways[i].count)
            fail_msg("%zu: %s: %s", i, ways[i].sql ? ways[i].sql : "", ways[i].condition);
    }
    assert_int_equal(marks(s, 0, "account_id = 2 AND kind <> 'end'"), 0); /* those of who left */
}

static void what_was_held_is_told_when_it_is_let_through(void **state)
{
    struct stage *s = *state;
    stage_change(s, "INSERT INTO statuses (account_id, content, created_at) VALUES (1, 'first', 1)");
    stage_change(s, "INSERT INTO statuses (account_id, content, created_at, hidden, reply_kind, reply_id) VALUES (2, "
                    "'x', 1, 2, 'status', 1)");
    const int64_t before = newest(s);
    stage_change(s, "UPDATE statuses SET hidden = 0 WHERE id = 2");
    assert_int_equal(marks(s, before, "kind = 'status' AND ref_id = 2"), 1);
    assert_int_equal(marks(s, before, "kind = 'notice' AND account_id = 1"), 1);
    /* what was muted and is not any more, is no news */
    stage_change(s, "UPDATE statuses SET hidden = 4");
    stage_change(s, "UPDATE statuses SET hidden = 0");
    assert_int_equal(marks(s, before, "1"), 2);
}

static void what_is_rolled_back_was_never_there(void **state)
{
    struct stage *s = *state;
    const int64_t before = newest(s);
    stage_change(s, "BEGIN; INSERT INTO statuses (account_id, content, created_at) VALUES (1, 'x', 1); ROLLBACK");
    assert_int_equal(newest(s), before);
}

static void marks_are_read_in_order_and_piece_by_piece(void **state)
{
    struct stage *s = *state;
    struct live_mark found[3];
    const int64_t before = newest(s);
    for (int i = 0; i < 4; i++)
        stage_change(s, "INSERT INTO moods (account_id, mood, created_at) VALUES (2, 'fine', 1)");
    assert_int_equal(live_marks(s->db, before, found, 3), 3);
    assert_int_equal(found[0].id, before + 1);
    assert_int_equal(found[2].kind, LIVE_POST);
    assert_int_equal(found[2].by, 2);
    assert_int_equal(live_marks(s->db, found[2].id, found, 3), 1);
    assert_int_equal(live_marks(s->db, found[0].id, found, 3), 0);
}

static void marks_are_dropped_after_a_day(void **state)
{
    struct stage *s = *state;
    int64_t last, oldest;
    for (int i = 0; i < 5; i++)
        stage_change(s, "INSERT INTO moods (account_id, mood, created_at) VALUES (2, 'fine', 1)");
    assert_int_equal(live_expire(s->db), STORE_OK);
    assert_int_equal(marks(s, 0, "kind = 'mood'"), 5);
    stage_change(s, "UPDATE live_events SET created_at = unixepoch() - 86400 - 3700 WHERE id <= (SELECT max(id) - 2 "
                    "FROM live_events)");
    assert_int_equal(live_expire(s->db), STORE_OK);
    assert_int_equal(marks(s, 0, "1"), 2);
    assert_int_equal(live_latest(s->db, &last, &oldest), STORE_OK);
    assert_int_equal(oldest, last - 1);
    /* all of them: numbers go on where they were */
    stage_change(s, "UPDATE live_events SET created_at = 1");
    assert_int_equal(live_expire(s->db), STORE_OK);
    assert_int_equal(live_latest(s->db, &last, &oldest), STORE_OK);
    assert_true(oldest >= last);
    const int64_t before = last;
    stage_change(s, "INSERT INTO moods (account_id, mood, created_at) VALUES (2, 'fine', 1)");
    assert_int_equal(newest(s), before + 1);
}

static void there_is_an_end_to_their_number(void **state)
{
    struct stage *s = *state;
    char sql[300];
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
             "INSERT INTO live_events (account_id, kind, by_id, ref_id) SELECT 1, 'tie', 2, 0 FROM n",
             LIVE_KEEP_MAX + LIVE_KEEP_MAX / 10 + 10);
    stage_change(s, sql);
    assert_int_equal(live_expire(s->db), STORE_OK);
    assert_true(marks(s, 0, "1") <= LIVE_KEEP_MAX + 1);
    assert_true(marks(s, 0, "1") >= LIVE_KEEP_MAX);
}

static void a_stream_may_go_on_as_long_as_what_it_came_with(void **state)
{
    struct stage *s = *state;
    struct viewer session, token;
    char secret[SECRET_TEXT_BYTES], other[SECRET_TEXT_BYTES];
    assert_int_equal(session_add(s->store, s->db, 1, "", secret), STORE_OK);
    assert_int_equal(session_find(s->store, s->db, secret, &session), STORE_OK);
    assert_int_equal(token_add(s->store, s->db, 1, "x", SCOPE_ALL, other), STORE_OK);
    assert_int_equal(token_find(s->store, s->db, other, &token), STORE_OK);
    assert_true(session.session && token.token && !token.session);
    assert_true(live_may(s->db, 1, session.session, 0));
    assert_true(live_may(s->db, 1, 0, token.token));
    assert_false(live_may(s->db, 2, session.session, 0));
    assert_false(live_may(s->db, 2, 0, token.token));
    assert_false(live_may(s->db, 1, 0, 0));
    stage_change(s, "UPDATE tokens SET scope = 'create update'");
    assert_false(live_may(s->db, 1, 0, token.token));
    stage_change(s, "UPDATE tokens SET scope = 'create messages'");
    assert_true(live_may(s->db, 1, 0, token.token));
    stage_change(s, "UPDATE sessions SET used_at = 1");
    assert_false(live_may(s->db, 1, session.session, 0));
    stage_change(s,
                 "UPDATE sessions SET used_at = unixepoch(); UPDATE accounts SET suspended_until = unixepoch() + 100");
    assert_false(live_may(s->db, 1, session.session, 0));
    stage_change(s, "UPDATE accounts SET suspended_until = 0, state = 'disabled'");
    assert_false(live_may(s->db, 1, 0, token.token));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_way_of_writing_leaves_a_mark),
        TEST(what_was_held_is_told_when_it_is_let_through),
        TEST(what_is_rolled_back_was_never_there),
        TEST(marks_are_read_in_order_and_piece_by_piece),
        TEST(marks_are_dropped_after_a_day),
        TEST(there_is_an_end_to_their_number),
        TEST(a_stream_may_go_on_as_long_as_what_it_came_with),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
