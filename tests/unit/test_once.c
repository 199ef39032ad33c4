/* Doing something once: what is remembered, for how long, how much of it; and eight threads at the same moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "domain/mood.h"
#include "domain/status.h"
#include "stage.h"
#include "store/account.h"
#include "store/once.h"
#include "store/post.h"

static int64_t say(const struct actor *actor, const char *key, const char *content)
{
    struct actor keyed = *actor;
    int64_t id = 0;
    keyed.key = key;
    assert_null(status_publish(&keyed, &(struct status_typed){.content = content}, &id));
    return id;
}

static void a_purpose_of_its_own(void **state)
{
    struct stage *s = *state;
    struct actor keyed = s->potato;
    int64_t mood = 0;
    keyed.key = "a key";
    assert_null(mood_publish(&keyed, &(struct mood_typed){.mood = "x"}, &mood));
    say(&s->potato, "a key", "x");
    assert_int_equal(stage_count(s, QUERY_MOODS_OF, keyed.account), 1);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, keyed.account), 1);
}

static void for_a_day(void **state)
{
    struct stage *s = *state;
    const int64_t id = say(&s->potato, "a key", "x");
    stage_change(s, "UPDATE once SET created_at = created_at - 86390");
    assert_int_equal(say(&s->potato, "a key", "x"), id);
    stage_change(s, "UPDATE once SET created_at = created_at - 20");
    const int64_t second = say(&s->potato, "a key", "x"); /* forgotten, though nobody has swept yet */
    assert_true(second != id);
    assert_int_equal(say(&s->potato, "a key", "x"), second);
    assert_int_equal(once_expire(s->db), STORE_OK);
    assert_int_equal(say(&s->potato, "a key", "x"), second);
    stage_change(s, "UPDATE once SET created_at = created_at - 86410");
    assert_int_equal(once_expire(s->db), STORE_OK);
    stage_change(s, "UPDATE once SET created_at = created_at + 86410"); /* nothing is left to come back */
    assert_true(say(&s->potato, "a key", "x") != second);
}

static void so_many_for_an_account(void **state)
{
    struct stage *s = *state;
    char key[16];
    const int64_t other = say(&s->minitel, "0", "x");
    int64_t first = 0, last = 0;
    for (int i = 0; i <= ONCE_PER_ACCOUNT; i++) {
        snprintf(key, sizeof key, "%d", i);
        last = say(&s->potato, key, "x");
        if (!first)
            first = last;
        if (i == 0)
            stage_change(s, "UPDATE once SET created_at = created_at - 60");
    }
    assert_int_equal(say(&s->potato, key, "x"), last);
    assert_int_equal(say(&s->minitel, "0", "x"), other);
    assert_true(say(&s->potato, "0", "x") != first);
}

static void secrets_belong_to_their_keys(void **state)
{
    struct stage *s = *state;
    char first[SECRET_TEXT_BYTES], second[SECRET_TEXT_BYTES];
    struct once once = {.account = 1, .purpose = "invitation", .key = "a key"};
    once_secret(s->store, &once, first);
    once_secret(s->store, &once, second);
    assert_int_equal(strlen(first), SECRET_TEXT_BYTES - 1);
    assert_string_equal(first, second);
    const struct once others[] = {{.account = 2, .purpose = "invitation", .key = "a key"},
                                  {.account = 1, .purpose = "token", .key = "a key"},
                                  {.account = 1, .purpose = "invitation", .key = "another"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        once_secret(s->store, &others[i], second);
        assert_string_not_equal(first, second);
    }
}

/* What fails within rolls back all of it, whichever call began first. */
static void calls_in_between_are_one_transaction(void **state)
{
    struct stage *s = *state;
    const char *tags[] = {"tag"};
    const struct once once = {.account = s->potato.account, .purpose = "two", .key = "k"};
    int64_t made = 7, first = 0, second = 0;
    assert_int_equal(once_begin(s->db, &once, &made), STORE_OK);
    assert_int_equal(made, 0);
    assert_int_equal(status_add(s->db, s->potato.account, "", "first", tags, 1, &first), STORE_OK);
    assert_int_not_equal(status_add(s->db, 12345, "", "of nobody", tags, 1, &second), STORE_OK);
    assert_int_not_equal(once_end(s->db, &once, STORE_INVALID, first), STORE_OK);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 0);
    assert_int_equal(once_begin(s->db, &once, &made), STORE_OK);
    assert_int_equal(made, 0);
    assert_int_equal(status_add(s->db, s->potato.account, "", "first", tags, 1, &first), STORE_OK);
    assert_int_equal(status_delete(s->db, s->potato.account, first), STORE_OK);
    assert_int_equal(once_end(s->db, &once, STORE_OK, first), STORE_OK);
    assert_int_equal(once_find(s->db, &once), first);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 0);
}

enum { THREADS = 8 };

struct sender {
    struct stage *stage;
    pthread_barrier_t *start;
    int64_t id;
    int failed;
};

static void *send(void *context)
{
    struct sender *sender = context;
    struct arena arena = {0};
    struct actor actor = sender->stage->potato;
    actor.arena = &arena;
    actor.db = store_acquire(actor.store);
    actor.key = "the same";
    pthread_barrier_wait(sender->start);
    sender->failed = status_publish(&actor, &(struct status_typed){.content = "twice"}, &sender->id) != NULL;
    store_release(actor.store, actor.db);
    arena_free(&arena);
    return NULL;
}

static void eight_at_once(void **state)
{
    struct stage *s = *state;
    struct sender senders[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    store_release(s->store, s->db); /* the pool has as many as there are threads */
    pthread_barrier_init(&start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.stage = s, .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, send, &senders[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    s->db = store_acquire(s->store);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(senders[i].failed, 0);
        assert_int_equal(senders[i].id, senders[0].id);
    }
    s->potato.db = s->db;
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_purpose_of_its_own, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(for_a_day, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(so_many_for_an_account, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(secrets_belong_to_their_keys, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(calls_in_between_are_one_transaction, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(eight_at_once, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
