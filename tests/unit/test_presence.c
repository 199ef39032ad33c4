/* Who is here (src/app/request/presence.h): here, away, gone, with a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/request/presence.h"

enum { MINUTE = 60000 };
static const int64_t start = 1000000;

static int setup(void **state)
{
    *state = presence_open();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    presence_close(*state);
    return 0;
}

static enum presence_state at(struct presence *presence, int64_t account, int64_t now_ms)
{
    (void)presence_settle(presence, now_ms);
    return presence_of(presence, account);
}

static void whoever_has_a_stream_is_here_then_away_then_gone(void **state)
{
    struct presence *p = *state;
    assert_int_equal(at(p, 7, start), PRESENCE_GONE);
    presence_acted(p, 7, start);
    presence_stream(p, 7, 1, 1, start);
    assert_int_equal(at(p, 7, start), PRESENCE_HERE);
    assert_int_equal(at(p, 7, start + 5 * MINUTE - 1), PRESENCE_HERE);
    assert_int_equal(at(p, 7, start + 5 * MINUTE), PRESENCE_AWAY);
    assert_int_equal(at(p, 7, start + 500 * MINUTE), PRESENCE_AWAY);
    presence_acted(p, 7, start + 501 * MINUTE);
    assert_int_equal(at(p, 7, start + 501 * MINUTE), PRESENCE_HERE);
    presence_stream(p, 7, 1, -1, start + 502 * MINUTE);
    assert_int_equal(at(p, 7, start + 502 * MINUTE), PRESENCE_HERE);
    assert_int_equal(at(p, 7, start + 502 * MINUTE + PRESENCE_GRACE_MS), PRESENCE_GONE);
}

static void a_page_that_leads_to_the_next_is_not_left(void **state)
{
    struct presence *p = *state;
    presence_acted(p, 7, start);
    presence_stream(p, 7, 1, 1, start);
    /* the next page is asked for, then the old one goes */
    presence_acted(p, 7, start + MINUTE);
    presence_stream(p, 7, 1, -1, start + MINUTE + 200);
    assert_int_equal(at(p, 7, start + MINUTE + PRESENCE_GRACE_MS + 200), PRESENCE_HERE);
    assert_int_equal(at(p, 7, start + 6 * MINUTE - 1), PRESENCE_HERE);
    assert_int_equal(at(p, 7, start + 6 * MINUTE), PRESENCE_GONE);
    /* or a new stream begins before the grace is over */
    presence_acted(p, 8, start);
    presence_stream(p, 8, 1, 1, start);
    assert_int_equal(at(p, 8, start), PRESENCE_HERE);
    presence_stream(p, 8, 1, -1, start + MINUTE);
    assert_int_equal(at(p, 8, start + MINUTE + PRESENCE_GRACE_MS - 1), PRESENCE_HERE);
    presence_stream(p, 8, 1, 1, start + MINUTE + PRESENCE_GRACE_MS - 1);
    assert_int_equal(at(p, 8, start + 2 * MINUTE), PRESENCE_HERE);
}

static void several_streams_are_one_person(void **state)
{
    struct presence *p = *state;
    presence_acted(p, 7, start);
    presence_stream(p, 7, 1, 1, start);
    presence_stream(p, 7, 1, 1, start);
    presence_stream(p, 7, 1, -1, start + MINUTE);
    assert_int_equal(at(p, 7, start + 2 * MINUTE), PRESENCE_HERE);
    presence_stream(p, 7, 1, -1, start + 2 * MINUTE);
    assert_int_equal(at(p, 7, start + 3 * MINUTE), PRESENCE_GONE);
}

static void whoever_signs_out_is_gone_at_once(void **state)
{
    struct presence *p = *state;
    presence_acted(p, 7, start);
    assert_int_equal(at(p, 7, start), PRESENCE_HERE);
    presence_left(p, 7);
    assert_int_equal(at(p, 7, start + 10), PRESENCE_GONE);
    presence_acted(p, 7, start + 20); /* and signed in again */
    assert_int_equal(at(p, 7, start + 20), PRESENCE_HERE);
    presence_acted(p, 8, start);
    presence_stream(p, 8, 1, 1, start);
    presence_left(p, 8);
    assert_int_equal(at(p, 8, start + 10), PRESENCE_HERE);
    presence_stream(p, 8, 1, -1, start + 300);
    assert_int_equal(at(p, 8, start + 300), PRESENCE_GONE);
}

static void nobody_is_seen_who_did_not_choose_it(void **state)
{
    struct presence *p = *state;
    presence_stream(p, 7, 0, 1, start);
    assert_int_equal(at(p, 7, start), PRESENCE_GONE);
    presence_show(p, 7, 1);
    presence_acted(p, 7, start);
    assert_int_equal(at(p, 7, start), PRESENCE_HERE);
    presence_show(p, 7, 0);
    assert_int_equal(at(p, 7, start), PRESENCE_GONE);
}

static void changes_come_in_order_and_once(void **state)
{
    struct presence *p = *state;
    struct presence_change changes[3];
    for (int64_t account = 1; account <= 5; account++) {
        presence_acted(p, 6 - account, start + account);
        (void)presence_settle(p, start + account);
    }
    assert_int_equal(presence_changes(p, 0, changes, 3), 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(changes[i].account, 5 - i);
    assert_int_equal(presence_changes(p, changes[2].number, changes, 3), 2);
    assert_int_equal(changes[0].account, 2);
    assert_int_equal(changes[1].account, 1);
    assert_int_equal(changes[1].number, presence_newest(p));
    assert_int_equal(presence_changes(p, presence_newest(p), changes, 3), 0);
}

static void who_is_gone_is_forgotten_after_a_minute(void **state)
{
    struct presence *p = *state;
    struct presence_change change;
    presence_acted(p, 7, start);
    assert_int_equal(presence_settle(p, start), 1);
    const int64_t gone = start + 5 * MINUTE;
    assert_int_equal(presence_settle(p, gone), 1);
    assert_int_equal(presence_changes(p, 1, &change, 1), 1);
    assert_int_equal(change.state, PRESENCE_GONE);
    assert_int_equal(presence_settle(p, gone + PRESENCE_KEEP_MS - 1), 1);
    assert_int_equal(presence_settle(p, gone + PRESENCE_KEEP_MS), 0);
}

static void there_is_an_end_to_the_memory(void **state)
{
    struct presence *p = *state;
    for (int64_t account = 1; account <= PRESENCE_MAX + 10; account++)
        presence_acted(p, account, start);
    assert_int_equal(presence_settle(p, start), PRESENCE_MAX);
    assert_int_equal(presence_of(p, PRESENCE_MAX), PRESENCE_HERE);
    assert_int_equal(presence_of(p, PRESENCE_MAX + 1), PRESENCE_GONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(whoever_has_a_stream_is_here_then_away_then_gone),
        TEST(a_page_that_leads_to_the_next_is_not_left),
        TEST(several_streams_are_one_person),
        TEST(whoever_signs_out_is_gone_at_once),
        TEST(nobody_is_seen_who_did_not_choose_it),
        TEST(changes_come_in_order_and_once),
        TEST(who_is_gone_is_forgotten_after_a_minute),
        TEST(there_is_an_end_to_the_memory),
    };
    return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
