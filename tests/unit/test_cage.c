/*
 * The cage under a worker that an attacker controls completely: this program is its own template process,
 * and its workers, instead of crushing, do what their input says (attacks.c). Each attack must fail, cost its own
 * job only, and leave the pool working.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attacks.h"
#include "worker/cage.h"
#include "worker/pool.h"
#include "worker/template.h"

/* ---- Talking to the pool ------------------------------------------------------------------ */

struct wait {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int done;
    struct pool_outcome outcome;
};

static void on_done(void *context, struct pool_outcome *outcome)
{
    struct wait *wait = context;
    pthread_mutex_lock(&wait->mutex);
    wait->outcome = *outcome;
    wait->done = 1;
    pthread_cond_signal(&wait->cond);
    pthread_mutex_unlock(&wait->mutex);
}

static struct pool_outcome run(struct pool *pool, const char *name)
{
    struct wait wait = {.mutex = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};
    crush_preset preset = CRUSH_PRESET_DUST;
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    char text[48];
    int length = snprintf(text, sizeof text, "attack %s", name);
    assert_int_equal(write(fd, text, (size_t)length), length);
    lseek(fd, 0, SEEK_SET);
    assert_int_equal(pool_submit(pool, fd, (size_t)length, &(struct pool_wish){.presets = &preset, .preset_count = 1},
                                 on_done, &wait),
                     0);
    close(fd);
    pthread_mutex_lock(&wait.mutex);
    while (!wait.done)
        pthread_cond_wait(&wait.cond, &wait.mutex);
    pthread_mutex_unlock(&wait.mutex);
    return wait.outcome;
}

static const char *const template_argv[] = {"/proc/self/exe", "template", NULL}, *const brief_argv[] = {
                                                                                     "/proc/self/exe", "brief", NULL};

enum { BRIEF_MS = 300, LOOK_US = 50000, LOOKS = 400, LOOKS_WITHOUT = 20 };

static int open_pool(void **state)
{
    struct pool_options options;
    pool_options_init(&options);
    options.workers = 2;
    options.deadline_ms = 1500;
    options.argv = template_argv;
    *state = pool_open(&options);
    return *state ? 0 : -1;
}

static int close_pool(void **state)
{
    pool_close(*state);
    return 0;
}

static void an_honest_worker_is_believed(void **state)
{
    assert_int_equal(run(*state, "honest").status, POOL_OK);
}

static void forbidden_calls_end_the_worker(void **state)
{
    static const char *const names[] = {"open",     "create", "socket",          "fork",     "exec",
                                        "kill",     "ptrace", "execute",         "dup",      "pass",
                                        "unlink",   "thread", "connect",         "database", "memory of the parent",
                                        "io_uring", "x32",    "make executable", "limits",   "loosen"};
    const char *const canary = "/tmp/piclog-cage";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pool_outcome outcome = run(*state, names[i]);
        if (outcome.status != POOL_DIED || strcmp(outcome.cause, "signal 31") != 0)
            fail_msg("%s: status %d, cause %s", names[i], outcome.status, outcome.cause);
        assert_int_equal(run(*state, "honest").status, POOL_OK);
    }
    assert_int_equal(access(canary, F_OK), -1);
}

static void calls_of_another_architecture_end_the_worker(void **state)
{
    if (!attacks_run_i386()) {
        print_message("this kernel runs no 32-bit system calls: nothing to forbid\n");
        skip();
    }
    struct pool_outcome outcome = run(*state, "i386");
    assert_int_equal(outcome.status, POOL_DIED);
    assert_string_equal(outcome.cause, "signal 31");
    assert_int_equal(run(*state, "honest").status, POOL_OK);
}

static void nothing_is_inherited(void **state)
{
    struct pool_outcome outcome = run(*state, "inherited");
    assert_int_equal(outcome.status, POOL_DIED);
    assert_string_equal(outcome.cause, "exit 6");
}

static void endless_work_is_late(void **state)
{
    struct pool_outcome outcome = run(*state, "spin");
    assert_int_equal(outcome.status, POOL_LATE);
    assert_string_equal(outcome.error.message, "this picture took too long to decode");
    assert_int_equal(run(*state, "hold").status, POOL_LATE);
    assert_int_equal(run(*state, "honest").status, POOL_OK);
}

/* With time in between, so that some find a worker that waits, and without. */
static void every_job_has_a_process_of_its_own(void **state)
{
    for (int i = 0; i < 6; i++) {
        assert_int_equal(run(*state, "mark").status, POOL_OK);
        usleep(i % 2 * 50000);
    }
}

/* What a worker does once it has answered and closed its descriptor costs nobody anything but its place. */
static void an_answer_does_not_wait_for_the_end_of_its_worker(void **state)
{
    assert_int_equal(run(*state, "linger").status, POOL_OK);
    assert_int_equal(run(*state, "linger").status, POOL_OK);
    struct pool_stats stats;
    pool_stats(*state, &stats);
    assert_int_equal(stats.late, 0);
    assert_int_equal(run(*state, "honest").status, POOL_OK); /* once one of the two was ended */
}

static void endless_memory_fails(void **state)
{
    struct pool_outcome outcome = run(*state, "allocate");
    assert_int_equal(outcome.status, SANITIZED ? POOL_OK : POOL_DIED);
    assert_string_equal(outcome.cause, SANITIZED ? "" : "exit 7");
}

static void crashes_cost_one_job(void **state)
{
    struct pool_outcome outcome = run(*state, "crash");
    assert_int_equal(outcome.status, POOL_DIED);
    assert_string_equal(outcome.error.message, "this picture crashed its decoder and was thrown away");
    assert_int_equal(run(*state, "silent").status, POOL_DIED);
    assert_int_equal(run(*state, "honest").status, POOL_OK);
}

static void forged_answers_are_refused(void **state)
{
    static const char *const names[] = {"endless", "magic", "count", "dimensions", "oversized", "html"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pool_outcome outcome = run(*state, names[i]);
        if (outcome.status != POOL_DIED || strncmp(outcome.cause, "forged: ", 8) != 0)
            fail_msg("%s: status %d, cause %s", names[i], outcome.status, outcome.cause);
    }
}

static void a_pool_has_its_ranges(void **state)
{
    static const struct {
        int workers, queue, is_fine;
    } cases[] = {{1, 0, 1}, {64, 1024, 1}, {0, 1, 0}, {65, 1, 0}, {1, -1, 0}, {1, 1025, 0}};
    struct pool *any = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pool_options options;
        pool_options_init(&options);
        options.workers = cases[i].workers;
        options.queue = cases[i].queue;
        options.argv = template_argv;
        errno = 0;
        struct pool *pool = pool_open(&options);
        if ((pool != NULL) != cases[i].is_fine || (!pool && errno != EINVAL))
            fail_msg("%d workers, a queue of %d: errno %d", cases[i].workers, cases[i].queue, errno);
        pool_close(pool);
    }
    static const int counts[] = {-1, 0, POOL_MAX_PRESETS + 1};
    const crush_preset presets[POOL_MAX_PRESETS + 1] = {0};
    struct pool_wish wish = {.presets = presets, .preset_count = 1};
    assert_int_equal(pool_submit(any, -1, 0, &wish, on_done, NULL), -1);
    assert_int_equal(errno, EBADF);
    int fd = memfd_create("test", MFD_CLOEXEC);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        wish.preset_count = counts[i];
        assert_int_equal(pool_submit(any, fd, 0, &wish, on_done, NULL), -1);
        assert_int_equal(errno, EINVAL);
    }
    close(fd);
}

static void the_queue_is_bounded(void **state)
{
    struct pool_options options;
    pool_options_init(&options);
    options.workers = 1;
    options.queue = 2;
    options.deadline_ms = 700;
    options.argv = template_argv;
    struct pool *pool = pool_open(&options);
    struct wait waits[8];
    crush_preset preset = CRUSH_PRESET_DUST;
    int accepted = 0, fd = memfd_create("test", MFD_CLOEXEC);
    (void)state;
    assert_non_null(pool);
    assert_int_equal(write(fd, "attack spin", 11), 11);
    for (int i = 0; i < 8; i++) {
        waits[i] = (struct wait){.mutex = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};
        if (pool_submit(pool, fd, 11, &(struct pool_wish){.presets = &preset, .preset_count = 1}, on_done,
                        &waits[accepted]) == 0)
            accepted++;
        else
            assert_int_equal(errno, EAGAIN);
    }
    close(fd);
    assert_in_range(accepted, 3, 4); /* one runs, two wait; one more while the thread moves the first */
    pool_close(pool);
    for (int i = 0; i < accepted; i++)
        assert_true(waits[i].done);
}

/* A child of a process that has not ended, another than that one; 0: there is none. */
static pid_t child_of(pid_t parent, pid_t other)
{
    DIR *folder = opendir("/proc");
    pid_t child = 0;
    assert_non_null(folder);
    for (const struct dirent *entry; !child && (entry = readdir(folder));) {
        char path[300], state;
        int pid, of;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = strspn(entry->d_name, "0123456789") == strlen(entry->d_name) ? fopen(path, "r") : NULL;
        if (file && fscanf(file, "%d (%*[^)]) %c %d", &pid, &state, &of) == 3 && of == parent && pid != other &&
            state != 'Z')
            child = pid;
        if (file)
            fclose(file);
    }
    closedir(folder);
    return child;
}

static void a_worker_that_waits_goes_when_nobody_comes(void **state)
{
    struct pool_options options;
    const pid_t other = child_of(getpid(), 0); /* the template of the pool of all tests */
    int looks = 0, without = 0;
    (void)state;
    pool_options_init(&options);
    options.workers = 1;
    options.argv = brief_argv;
    struct pool *pool = pool_open(&options);
    assert_non_null(pool);
    assert_int_equal(run(pool, "honest").status, POOL_OK);
    const pid_t template = child_of(getpid(), other);
    assert_true(template > 0);
    for (; looks < LOOKS && without < LOOKS_WITHOUT; looks++) {
        without = child_of(template, 0) ? 0 : without + 1;
        usleep(LOOK_US);
    }
    assert_int_equal(without, LOOKS_WITHOUT);
    assert_int_equal(run(pool, "honest").status, POOL_OK); /* and one comes for whoever needs one */
    pool_close(pool);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "template") == 0)
        _exit(worker_template_main(3, attacks_work, WORKER_SPARE_MS));
    if (argc == 2 && strcmp(argv[1], "brief") == 0)
        _exit(worker_template_main(3, attacks_work, BRIEF_MS));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_worker_is_believed),
        cmocka_unit_test(every_job_has_a_process_of_its_own),
        cmocka_unit_test(an_answer_does_not_wait_for_the_end_of_its_worker),
        cmocka_unit_test(forbidden_calls_end_the_worker),
        cmocka_unit_test(calls_of_another_architecture_end_the_worker),
        cmocka_unit_test(nothing_is_inherited),
        cmocka_unit_test(endless_work_is_late),
        cmocka_unit_test(endless_memory_fails),
        cmocka_unit_test(crashes_cost_one_job),
        cmocka_unit_test(forged_answers_are_refused),
        cmocka_unit_test(a_pool_has_its_ranges),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(a_worker_that_waits_goes_when_nobody_comes),
    };
    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
