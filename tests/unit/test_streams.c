/* Streams (src/app/request/live.h) without a server: what a failing database and a long row of empty marks do to them.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/request/live.h"
#include "app/request/presence.h"
#include "stage.h"
#include "store/live.h"

enum { ROUNDS = 1000, WAIT_MS = 20000 };
static int rounds_left, fails_left;
static int64_t told_from; /* the mark from which it was told last */

/* Says nothing for rounds_left rounds; fails as often as it is told to, then says a line. */
static enum live_told tell(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    (void)live, (void)db;
    told_from = place->mark;
    place->is_fresh = 0;
    if (rounds_left > 0)
        return --rounds_left ? LIVE_TOLD_PART : LIVE_TOLD_ALL;
    if (fails_left > 0 && fails_left--)
        return LIVE_TOLD_FAILED;
    buf_puts(out, "line");
    return LIVE_TOLD_ALL;
}

static void wake(void *context)
{
    (void)!write(*(int *)context, &(uint64_t){1}, sizeof(uint64_t));
}

static int is_woken(int fd, int wait_ms)
{
    uint64_t wakes;
    return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, wait_ms) == 1 && read(fd, &wakes, sizeof wakes) > 0;
}

struct scene {
    struct presence *presence;
    struct live *live;
    struct live_stream *stream;
    int woken, sockets[2];
};

/* A stream of account 1. */
static void begin(struct stage *s, struct scene *scene)
{
    rounds_left = fails_left = 0;
    scene->presence = presence_open();
    scene->live = live_start(s->store, scene->presence, tell, 4);
    assert_non_null(scene->live);
    assert_int_equal(live_open(scene->live, s->db, &(struct viewer){.account = 1}, -1, &scene->stream), LIVE_OPENED);
    scene->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert_int_equal(pipe(scene->sockets), 0);
    live_attach(scene->stream, scene->sockets[0], wake, &scene->woken);
}

static void end(struct scene *scene)
{
    live_close(scene->stream);
    live_free(scene->live);
    presence_close(scene->presence);
    for (int i = 0; i < 2; i++)
        close(scene->sockets[i]);
    close(scene->woken);
}

static void a_mark_that_could_not_be_looked_at_is_looked_at_again(void **state)
{
    struct stage *s = *state;
    struct scene scene;
    char out[16];
    int64_t newest, oldest;
    stage_change(s, "INSERT INTO follows VALUES (1, 2, 1)");
    begin(s, &scene);
    assert_int_equal(live_read(scene.stream, out, sizeof out), 4);
    while (live_read(scene.stream, out, sizeof out) > 0)
        ;
    while (is_woken(scene.woken, 600)) /* the mark of the follow */
        while (live_read(scene.stream, out, sizeof out) > 0)
            ;
    stage_change(s, "ALTER TABLE follows RENAME TO away");
    stage_change(s, "INSERT INTO statuses (account_id, content, created_at) VALUES (2, 'x', 1)");
    if (is_woken(scene.woken, 1000)) /* a beat; unread, it would stand for the wake to come */
        while (live_read(scene.stream, out, sizeof out) > 0)
            ;
    stage_change(s, "ALTER TABLE away RENAME TO follows");
    assert_true(is_woken(scene.woken, WAIT_MS));
    assert_int_equal(live_read(scene.stream, out, sizeof out), 4);
    assert_int_equal(live_latest(s->db, &newest, &oldest), STORE_OK);
    assert_true(told_from < newest); /* a mark that was passed over would lie behind it */
    end(&scene);
}

/* However long it takes to read, one wake is enough. */
static void who_is_awake_is_not_woken_again(void **state)
{
    struct stage *s = *state;
    struct scene scene;
    char out[16];
    stage_change(s, "INSERT INTO follows VALUES (1, 2, 1)");
    begin(s, &scene);
    while (live_read(scene.stream, out, sizeof out) > 0)
        ;
    stage_change(s, "INSERT INTO statuses (account_id, content, created_at) VALUES (2, 'x', 1)");
    assert_true(is_woken(scene.woken, WAIT_MS));
    assert_false(is_woken(scene.woken, 700)); /* the thread has looked twice or more */
    end(&scene);
}

static void what_could_not_be_read_is_read_again(void **state)
{
    struct stage *s = *state;
    struct scene scene;
    char out[16];
    begin(s, &scene);
    fails_left = 2;
    assert_int_equal(live_read(scene.stream, out, sizeof out), 0);
    assert_int_equal(fails_left, 1);
    assert_true(is_woken(scene.woken, WAIT_MS));
    while (live_read(scene.stream, out, sizeof out) == 0)
        assert_true(is_woken(scene.woken, WAIT_MS));
    assert_int_equal(fails_left, 0);
    end(&scene);
}

static void a_long_row_of_nothing_is_not_gone_through_at_once(void **state)
{
    struct stage *s = *state;
    struct scene scene;
    char out[16];
    int reads = 0;
    begin(s, &scene);
    rounds_left = ROUNDS;
    while (rounds_left > 0) {
        const int before = rounds_left;
        const ssize_t got = live_read(scene.stream, out, sizeof out);
        if (got > 0) /* a beat, where it takes long */
            assert_memory_equal(out, ":\n\n", 3);
        else
            assert_int_equal(got, 0);
        assert_true(before - rounds_left <= 20);
        assert_true(++reads <= 2 * ROUNDS);
        if (rounds_left && !got)
            assert_true(is_woken(scene.woken, WAIT_MS));
    }
    end(&scene);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_mark_that_could_not_be_looked_at_is_looked_at_again),
        TEST(who_is_awake_is_not_woken_again),
        TEST(what_could_not_be_read_is_read_again),
        TEST(a_long_row_of_nothing_is_not_gone_through_at_once),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
