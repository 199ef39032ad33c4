/* Webhooks that fail: what waits, for how long, and when they are given up. The clock is the test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "hook/hook.h"
#include "store/account.h"
#include "store/webhook.h"

static _Atomic int64_t now_s = 1000000;

int64_t clock_now_s(void)
{
    return now_s;
}

int64_t clock_monotonic_ms(void)
{
    return now_s * 1000;
}

struct fixture {
    char folder[64];
    struct store *store;
    struct db *db;
    sqlite3 *handle; /* beside the store: for what only the schema knows */
    int64_t potato;
};

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

static void run(struct fixture *f, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(f->handle, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static int64_t number(struct fixture *f, const char *sql)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(f->handle, sql, -1, &statement, NULL), SQLITE_OK);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return value;
}

static void post(struct fixture *f, const char *content)
{
    char *sql = sqlite3_mprintf("INSERT INTO statuses (account_id, face, content, created_at) VALUES (%lld, '', %Q, 5)",
                                (long long)f->potato, content);
    run(f, sql);
    sqlite3_free(sql);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char message[256], path[128], secret[SECRET_TEXT_BYTES];
    snprintf(f->folder, sizeof f->folder, "/tmp/piclog-webhook-XXXXXX");
    if (!mkdtemp(f->folder) || store_open(f->folder, &f->store, message, sizeof message) != STORE_OK)
        return -1;
    now_s = 1000000;
    secret_make(secret);
    f->db = store_acquire(f->store);
    *state = f;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    if (sqlite3_open(path, &f->handle) != SQLITE_OK || sqlite3_busy_timeout(f->handle, 10000) != SQLITE_OK ||
        account_add(f->db, "potato", "correct horse", 0, 0, &f->potato) != STORE_OK ||
        webhook_set(f->db, f->potato, "http://127.0.0.1:9/hook", secret) != STORE_OK)
        return -1;
    run(f, "PRAGMA foreign_keys = on");
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    sqlite3_close(f->handle);
    store_release(f->store, f->db);
    store_close(f->store);
    nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* Takes what is due; how many. */
static int take(struct fixture *f, struct webhook_due *ret_due)
{
    int count = -1;
    assert_int_equal(webhook_take(f->db, now_s, 60, 1, ret_due, &count), STORE_OK);
    return count;
}

static void post_now(struct fixture *f, const char *content)
{
    char sql[100];
    post(f, content);
    snprintf(sql, sizeof sql, "UPDATE webhook_events SET created_at = %lld", (long long)now_s);
    run(f, sql);
}

static void the_last_try_turns_it_off(void **state)
{
    struct fixture *f = *state;
    struct webhook_due due;
    post_now(f, "one");
    post_now(f, "two");
    for (int failures = 0; failures < WEBHOOK_GIVE_UP_FAILURES; failures++) {
        assert_int_equal(number(f, "SELECT is_on FROM webhooks"), 1);
        assert_int_equal(take(f, &due), 1);
        assert_int_equal(due.failures, failures);
        assert_int_equal(webhook_failed(f->db, &due, 500, "", now_s, 0), STORE_OK);
        webhook_due_free(&due);
    }
    assert_int_equal(number(f, "SELECT is_on FROM webhooks"), 0);
    assert_int_equal(number(f, "SELECT failures FROM webhooks"), WEBHOOK_GIVE_UP_FAILURES);
    assert_int_equal(number(f, "SELECT count(*) FROM webhook_events"), 0);
    assert_int_equal(take(f, &due), 0);
    assert_true(webhook_next(f->db) == INT64_MAX);
    /* one success in between begins the count anew */
    assert_int_equal(webhook_turn(f->db, f->potato, 1), STORE_OK);
    post_now(f, "three");
    post_now(f, "four");
    assert_int_equal(take(f, &due), 1);
    assert_int_equal(webhook_failed(f->db, &due, 0, "dead", now_s, 0), STORE_OK);
    webhook_due_free(&due);
    assert_int_equal(take(f, &due), 1);
    assert_int_equal(due.failures, 1);
    assert_int_equal(webhook_done(f->db, &due, 204), STORE_OK);
    webhook_due_free(&due);
    assert_int_equal(number(f, "SELECT failures FROM webhooks"), 0);
    assert_int_equal(number(f, "SELECT last_status FROM webhooks"), 204);
    assert_int_equal(number(f, "SELECT count(*) FROM webhook_events"), 1);
    assert_int_equal(take(f, &due), 1);
    assert_int_equal(due.failures, 0);
    assert_int_equal(webhook_failed(f->db, &due, 410, "", now_s, 1), STORE_OK); /* given up at once */
    webhook_due_free(&due);
    assert_int_equal(number(f, "SELECT is_on FROM webhooks"), 0);
}

static void what_is_taken_is_held(void **state)
{
    struct fixture *f = *state;
    struct webhook_due due, other;
    post_now(f, "one");
    post_now(f, "two");
    assert_int_equal(webhook_next(f->db), 0);
    assert_int_equal(take(f, &due), 1);
    assert_int_equal(take(f, &other), 0);
    assert_int_equal(webhook_next(f->db), now_s + 60);
    now_s += 59;
    assert_int_equal(take(f, &other), 0);
    now_s += 1; /* whoever took it has died */
    assert_int_equal(take(f, &other), 1);
    assert_int_equal(other.event_id, due.event_id);
    assert_int_equal(webhook_failed(f->db, &other, 500, "", now_s + 7, 0), STORE_OK);
    webhook_due_free(&due);
    webhook_due_free(&other);
    now_s += 6;
    assert_int_equal(take(f, &due), 0);
    now_s += 1;
    assert_int_equal(take(f, &due), 1);
    webhook_due_free(&due);
}

static void events_have_an_end(void **state)
{
    struct fixture *f = *state;
    struct webhook_due due;
    post_now(f, "one");
    now_s += WEBHOOK_EVENT_LIFETIME_S;
    assert_int_equal(take(f, &due), 1);
    webhook_due_free(&due);
    now_s += 61;
    assert_int_equal(take(f, &due), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM webhook_events"), 0);
}

/* Waits until the thread has noted so many failures; the limit of the suite ends what never comes. */
static void await_failures(struct fixture *f, int64_t failures)
{
    while (number(f, "SELECT failures FROM webhooks") < failures)
        usleep(2000);
}

/* A private address fails before anything is sent, so that no server is needed. */
static void pauses_double_up_to_an_hour(void **state)
{
    static const int64_t pauses_s[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
    struct fixture *f = *state;
    const struct hook_options options = {.public_url = "http://localhost", .retry_s = 30};
    struct hook *hook = hook_open(f->store, &options);
    assert_non_null(hook);
    post_now(f, "one");
    for (size_t i = 0; i < sizeof pauses_s / sizeof pauses_s[0]; i++) {
        hook_wake(hook);
        await_failures(f, (int64_t)i + 1);
        const int64_t pause_s = number(f, "SELECT next_at FROM webhooks") - now_s;
        if (pause_s != pauses_s[i])
            fail_msg("pause %zu is %lld s", i + 1, (long long)pause_s);
        now_s += pause_s;
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE webhook_events SET created_at = %lld", (long long)now_s);
        run(f, sql);
    }
    hook_close(hook);
    assert_int_equal(number(f, "SELECT last_error LIKE '%private network%' FROM webhooks"), 1);
    assert_int_equal(number(f, "SELECT last_status FROM webhooks"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_last_try_turns_it_off),
        TEST(what_is_taken_is_held),
        TEST(events_have_an_end),
        TEST(pauses_double_up_to_an_hour),
    };
    return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
