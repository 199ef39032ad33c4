/* Rate limits: what a bucket lets through, and which one goes when its set is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "app/request/rate.h"

enum { BURST = 10, REFILL_MS = 1000 };

static const struct rate_limit limits[RATE_CLASSES] = {
    [RATE_WRITE] = {BURST, REFILL_MS}, [RATE_SEARCH] = {1, 1500}, [RATE_GUESS] = {3, 60000}};

static int open_rates(void **state)
{
    *state = rates_open(limits);
    return *state ? 0 : -1;
}

static int close_rates(void **state)
{
    rates_close(*state);
    return 0;
}

static int take(struct rates *rates, enum rate_class rate, uint32_t network, int64_t account, int64_t now_ms)
{
    unsigned char address[16] = {0x20, 0x01};
    memcpy(address + 2, &network, sizeof network);
    return rates_take(rates, rate, address, account, now_ms);
}

static void a_bucket_holds_its_burst_and_refills(void **state)
{
    for (int i = 0; i < BURST; i++)
        assert_int_equal(take(*state, RATE_WRITE, 1, 0, 5000), 0);
    assert_int_equal(take(*state, RATE_WRITE, 1, 0, 5000), 1);
    assert_int_equal(take(*state, RATE_WRITE, 1, 0, 5000 + REFILL_MS - 1), 1); /* a millisecond is a second to wait */
    assert_int_equal(take(*state, RATE_WRITE, 1, 0, 5000 + REFILL_MS), 0);
    assert_int_equal(take(*state, RATE_WRITE, 1, 0, 5000 + REFILL_MS), 1);
    for (int i = 0; i < BURST; i++) /* full again, and not fuller */
        assert_int_equal(take(*state, RATE_WRITE, 1, 0, 1000000), 0);
    assert_int_equal(take(*state, RATE_WRITE, 1, 0, 1000000), 1);
    assert_int_equal(take(*state, RATE_SEARCH, 1, 0, 5000), 0); /* another class, another bucket */
    assert_int_equal(take(*state, RATE_SEARCH, 1, 0, 5000), 2);
    for (int i = 0; i < 1000; i++) /* no limit */
        assert_int_equal(take(*state, RATE_READ, 1, 0, 5000), 0);
}

static void what_is_given_back_can_be_taken_again(void **state)
{
    const unsigned char address[16] = {0x20, 0x01};
    for (int i = 0; i < BURST; i++)
        assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 0);
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 1);
    rates_give_back(*state, RATE_WRITE, address, 0, 5000);
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 0);
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 1);
    for (int i = 0; i < 3 * BURST; i++) /* a bucket never holds more than it does */
        rates_give_back(*state, RATE_WRITE, address, 0, 5000);
    for (int i = 0; i < BURST; i++)
        assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 0);
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 1);
}

static void a_person_gets_it_back_too(void **state)
{
    const unsigned char address[16] = {10, 0, 0, 2}, other[16] = {10, 0, 0, 3};
    for (int i = 0; i < BURST; i++)
        assert_int_equal(rates_take(*state, RATE_WRITE, address, 9, 5000), 0);
    assert_int_equal(rates_take(*state, RATE_WRITE, other, 9, 5000), 1);
    rates_give_back(*state, RATE_WRITE, address, 9, 5000);
    assert_int_equal(rates_take(*state, RATE_WRITE, other, 9, 5000), 0);
    assert_int_equal(rates_take(*state, RATE_WRITE, other, 9, 5000), 1);
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 0); /* of the network as well */
    assert_int_equal(rates_take(*state, RATE_WRITE, address, 0, 5000), 1);
}

static void accounts_and_networks_are_both_counted(void **state)
{
    for (uint32_t i = 0; i < BURST; i++) /* one account from many networks */
        assert_int_equal(take(*state, RATE_WRITE, 100 + i, 7, 0), 0);
    assert_int_equal(take(*state, RATE_WRITE, 999, 7, 0), 1);
    for (int i = 0; i < BURST; i++) /* what was refused took nothing from the network */
        assert_int_equal(take(*state, RATE_WRITE, 999, 0, 0), 0);
    assert_int_equal(take(*state, RATE_WRITE, 999, 8, 0), 1);
    for (uint32_t i = 0; i < BURST; i++) /* nor from the account */
        assert_int_equal(take(*state, RATE_WRITE, 2000 + i, 8, 0), 0);
}

/* Whoever has a million networks forgets himself first, never somebody who owes more. */
static void a_full_table_forgets_the_smallest_debt(void **state)
{
    enum { DEBTORS = 50, NETWORKS = 60000 };
    for (uint32_t debtor = 0; debtor < DEBTORS; debtor++)
        for (int i = 0; i < BURST; i++)
            (void)take(*state, RATE_WRITE, debtor, 0, 0);
    for (uint32_t network = 0; network < NETWORKS; network++)
        (void)take(*state, RATE_WRITE, 1000000 + network, 0, 0);
    int refused = 0;
    for (uint32_t debtor = 0; debtor < DEBTORS; debtor++)
        refused += take(*state, RATE_WRITE, debtor, 0, 0) != 0;
    assert_in_range(refused, DEBTORS - 1, DEBTORS); /* five of them in one set of four: once in millions of secrets */
}

static void guesses_from_elsewhere_leave_a_known_browser_alone(void **state)
{
    const unsigned char browser[16] = {1}, other[16] = {2};
    for (int i = 0; i < 3; i++)
        assert_int_equal(rates_take_guess(*state, "potato", NULL, 0), 0);
    assert_int_equal(rates_take_guess(*state, "potato", NULL, 0), 60);
    assert_int_equal(rates_take_guess(*state, "tomato", NULL, 0), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rates_take_guess(*state, "potato", browser, 0), 0);
    assert_int_equal(rates_take_guess(*state, "potato", browser, 0), 60);
    assert_int_equal(rates_take_guess(*state, "potato", other, 0), 0);
    assert_int_equal(rates_take_guess(*state, "potato", NULL, 60000), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rates, close_rates)
    const struct CMUnitTest tests[] = {
        TEST(a_bucket_holds_its_burst_and_refills),
        TEST(what_is_given_back_can_be_taken_again),
        TEST(a_person_gets_it_back_too),
        TEST(accounts_and_networks_are_both_counted),
        TEST(a_full_table_forgets_the_smallest_debt),
        TEST(guesses_from_elsewhere_leave_a_known_browser_alone),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
