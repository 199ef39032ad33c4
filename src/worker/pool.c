/*
 * The pool: see pool.h. One thread owns all running jobs; other threads only append to the queue under
 * the mutex and ring the eventfd. The template process is started by exec, so that it shares no memory
 * layout with the server, and is started again should it ever end.
 */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "base/buf.h"
#include "base/clock.h"

enum {
    MAX_WORKERS = 64,
    MAX_QUEUE = 1024,
    GRACE_MS = 3000,        /* a template that does not report within this after a deadline is broken */
    RESTART_PAUSE_MS = 1000 /* between two starts of the template */
};

struct job {
    struct job *next;
    struct job_request request;
    int input_fd;
    int result_fd; /* read end; -1 before the start and after its end */
    int64_t give_up_ms;
    struct buf answer;
    int is_looked_at;  /* the answer was, and told if fault is NULL */
    const char *fault; /* of the answer */
    int reported;      /* the worker was reaped */
    struct job_report report;
    int oversized;
    pool_done done;
    void *context;
};

struct pool {
    struct pool_options options;
    pthread_t thread;
    int wake_fd;
    pthread_mutex_t mutex; /* guards first..stats; the rest is the thread's own */
    struct job *first, **last;
    int closing;
    struct pool_stats stats;

    pid_t template_pid;
    int control_fd; /* -1: no template */
    int64_t started_ms;
    struct job *running[MAX_WORKERS];
    uint64_t next_id;
};

void pool_options_init(struct pool_options *options)
{
    static const char *const argv[] = {"/proc/self/exe", "worker-template", NULL};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct pool_options){
        .workers = processors < 1             ? 1
                   : processors > MAX_WORKERS ? MAX_WORKERS
                                              : (int)processors,
        .queue = 64,
        .deadline_ms = 20000,
        .memory_bytes = 512u << 20,
        .max_pixels = 100000000,
        .argv = argv,
    };
}

static int template_start(struct pool *pool)
{
    int sockets[2], rc = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    /* symbols are looked up once, and not by every worker again */
    char bind_now[] = "LD_BIND_NOW=1", *const environment[] = {bind_now, NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_adddup2(&actions, sockets[1], 3);
    posix_spawn_file_actions_addclosefrom_np(&actions, 4);
    int fault = posix_spawn(&pool->template_pid, pool->options.argv[0], &actions, &attributes,
                            (char *const *)pool->options.argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(sockets[1]);
    if (fault == 0) {
        pool->control_fd = sockets[0];
        pool->started_ms = clock_monotonic_ms();
        rc = 0;
    } else {
        close(sockets[0]);
        errno = fault;
    }
    return rc;
}

static void template_stop(struct pool *pool, int force)
{
    if (pool->control_fd < 0)
        return;
    close(pool->control_fd); /* the template ends by itself, its workers die with it */
    pool->control_fd = -1;
    if (force)
        kill(pool->template_pid, SIGKILL);
    while (waitpid(pool->template_pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static void count(struct pool *pool, const struct pool_outcome *outcome)
{
    pthread_mutex_lock(&pool->mutex);
    pool->stats.finished++;
    pool->stats.refused += outcome->status == POOL_REFUSED;
    pool->stats.died += outcome->status == POOL_DIED;
    pool->stats.late += outcome->status == POOL_LATE;
    pthread_mutex_unlock(&pool->mutex);
}

static void job_tell(struct pool *pool, struct job *job, struct pool_outcome *outcome)
{
    static const char *const words[] = {
        [POOL_DIED] = "this picture crashed its decoder and was thrown away",
        [POOL_LATE] = "this picture took too long to decode",
        [POOL_CLOSED] = "the crusher is not running, try again in a moment",
    };
    if (outcome->status != POOL_OK && outcome->status != POOL_REFUSED)
        snprintf(outcome->error.message, sizeof outcome->error.message, "%s", words[outcome->status]);
    count(pool, outcome);
    job->done(job->context, outcome);
    outcome_clear(outcome);
}

static void job_free(struct job *job)
{
    close(job->input_fd);
    if (job->result_fd >= 0)
        close(job->result_fd);
    buf_free(&job->answer);
    free(job);
}

static void job_fail(struct pool *pool, struct job *job, enum pool_status status, const char *cause)
{
    struct pool_outcome outcome = {.status = status};
    snprintf(outcome.cause, sizeof outcome.cause, "%s", cause);
    job_tell(pool, job, &outcome);
}

/* Ends a job that no worker will answer any more. */
static void job_abandon(struct pool *pool, struct job *job, enum pool_status status, const char *cause)
{
    if (!job->is_looked_at || job->fault)
        job_fail(pool, job, status, cause);
    job_free(job);
}

/*
 * The worker closed its pipe. A whole answer counts, whatever becomes of the worker afterwards: it was checked, and
 * what ends a process takes as long as what begins one.
 */
static void job_look(struct pool *pool, struct job *job)
{
    struct pool_outcome outcome = {0};
    job->fault = job->oversized ? "too long"
                                : answer_read(&job->request, (const unsigned char *)job->answer.data,
                                              job->answer.size_bytes, &outcome);
    job->is_looked_at = 1;
    if (!job->fault)
        job_tell(pool, job, &outcome);
}

/* The worker is gone and its pipe is empty: if there is no answer, why? */
static void job_finish(struct pool *pool, struct job *job)
{
    char cause[sizeof((struct pool_outcome *)NULL)->cause];
    const int wait_status = job->report.wait_status;
    if (!job->is_looked_at)
        job_look(pool, job);
    if (!job->fault) {
        ; /* told */
    } else if (job->report.late) {
        job_fail(pool, job, POOL_LATE, "deadline");
    } else if (wait_status == -1) {
        job_fail(pool, job, POOL_CLOSED, "fork failed");
    } else if (WIFSIGNALED(wait_status) || WEXITSTATUS(wait_status) != 0) {
        snprintf(cause, sizeof cause, WIFSIGNALED(wait_status) ? "signal %d" : "exit %d",
                 WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status));
        job_fail(pool, job, WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGXCPU ? POOL_LATE : POOL_DIED,
                 cause);
    } else {
        snprintf(cause, sizeof cause, "forged: %s", job->fault);
        job_fail(pool, job, POOL_DIED, cause);
    }
    job_free(job);
}

/* Takes what is in the pipe; closes it at its end, or when the answer grows past what is honest. */
static void job_read(struct job *job)
{
    size_t most = answer_max_bytes(&job->request);
    for (;;) {
        buf_reserve(&job->answer, 16384);
        ssize_t got = read(job->result_fd, job->answer.data + job->answer.size_bytes, 16384);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got > 0)
            job->answer.size_bytes += (size_t)got;
        job->oversized = job->answer.size_bytes > most;
        if (got <= 0 || job->oversized) {
            close(job->result_fd);
            job->result_fd = -1;
            return;
        }
    }
}

static void fail_running(struct pool *pool, const char *cause)
{
    for (int i = 0; i < MAX_WORKERS; i++) {
        struct job *job = pool->running[i];
        pool->running[i] = NULL;
        if (job)
            job_abandon(pool, job, POOL_DIED, cause);
    }
}

static int job_start(struct pool *pool, struct job *job)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return -1;
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    job->request.id = ++pool->next_id;
    job->give_up_ms = clock_monotonic_ms() + job->request.deadline_ms + GRACE_MS;
    const int fds[2] = {job->input_fd, pipes[1]};
    int rc = protocol_send_job(pool->control_fd, &job->request, fds);
    close(pipes[1]);
    if (rc != 0)
        close(pipes[0]);
    else
        job->result_fd = pipes[0];
    return rc;
}

/* Moves jobs from the queue to free workers. */
static void start_waiting(struct pool *pool)
{
    for (int slot = 0; slot < pool->options.workers;) {
        if (pool->running[slot]) {
            slot++;
            continue;
        }
        pthread_mutex_lock(&pool->mutex);
        struct job *job = pool->first;
        int closing = pool->closing;
        if (job) {
            pool->first = job->next;
            if (!pool->first)
                pool->last = &pool->first;
            pool->stats.waiting--;
        }
        pthread_mutex_unlock(&pool->mutex);
        if (!job)
            return;
        if (closing || pool->control_fd < 0)
            job_abandon(pool, job, POOL_CLOSED, closing ? "closing" : "no template process");
        else if (job_start(pool, job) != 0)
            job_abandon(pool, job, POOL_CLOSED, "could not be started");
        else
            pool->running[slot] = job;
    }
}

static void read_reports(struct pool *pool)
{
    struct job_report report;
    for (;;) {
        ssize_t got = recv(pool->control_fd, &report, sizeof report, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got != sizeof report) {
            template_stop(pool, 1);
            fail_running(pool, "template process ended");
            return;
        }
        for (int i = 0; i < MAX_WORKERS; i++)
            if (pool->running[i] && pool->running[i]->request.id == report.id) {
                pool->running[i]->report = report;
                pool->running[i]->reported = 1;
            }
    }
}

static void finish_ended(struct pool *pool)
{
    int64_t now = clock_monotonic_ms();
    for (int i = 0; i < MAX_WORKERS; i++) {
        struct job *job = pool->running[i];
        if (!job)
            continue;
        if (job->reported) {
            if (job->result_fd >= 0)
                job_read(job);
            pool->running[i] = NULL;
            job_finish(pool, job);
        } else if (now > job->give_up_ms) {
            template_stop(pool, 1);
            fail_running(pool, "template process hangs");
            return;
        } else if (job->result_fd < 0 && !job->is_looked_at) {
            job_look(pool, job);
        }
    }
}

static void *pool_run(void *argument)
{
    struct pool *pool = argument;
    for (;;) {
        if (pool->control_fd < 0 && clock_monotonic_ms() - pool->started_ms > RESTART_PAUSE_MS) {
            pool->started_ms = clock_monotonic_ms();
            (void)!template_start(pool);
        }
        start_waiting(pool);

        struct pollfd polled[2 + MAX_WORKERS];
        struct job *of[2 + MAX_WORKERS];
        int n = 2, running = 0;
        polled[0] = (struct pollfd){.fd = pool->wake_fd, .events = POLLIN};
        polled[1] = (struct pollfd){.fd = pool->control_fd, .events = POLLIN};
        for (int i = 0; i < MAX_WORKERS; i++) {
            running += pool->running[i] != NULL;
            if (pool->running[i] && pool->running[i]->result_fd >= 0) {
                of[n] = pool->running[i];
                polled[n++] = (struct pollfd){.fd = pool->running[i]->result_fd, .events = POLLIN};
            }
        }
        pthread_mutex_lock(&pool->mutex);
        int ready_to_end = pool->closing && !pool->first && !running;
        pool->stats.running = running;
        pthread_mutex_unlock(&pool->mutex);
        if (ready_to_end)
            return NULL;

        if (poll(polled, (nfds_t)n, running || pool->control_fd < 0 ? 500 : -1) < 0)
            continue;
        if (polled[0].revents) {
            uint64_t rings;
            (void)!read(pool->wake_fd, &rings, sizeof rings);
        }
        for (int i = 2; i < n; i++)
            if (polled[i].revents)
                job_read(of[i]);
        if (polled[1].revents)
            read_reports(pool);
        finish_ended(pool);
    }
}

struct pool *pool_open(const struct pool_options *options)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->options = *options;
    pool->last = &pool->first;
    pool->control_fd = -1;
    pthread_mutex_init(&pool->mutex, NULL);
    pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (options->workers < 1 || options->workers > MAX_WORKERS || options->queue < 0 || options->queue > MAX_QUEUE)
        errno = EINVAL;
    else if (pool->wake_fd >= 0 && template_start(pool) == 0) {
        if (pthread_create(&pool->thread, NULL, pool_run, pool) == 0)
            return pool;
        template_stop(pool, 1);
    }
    int saved = errno;
    if (pool->wake_fd >= 0)
        close(pool->wake_fd);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
    errno = saved;
    return NULL;
}

static void wake(struct pool *pool)
{
    (void)!write(pool->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
}

int pool_submit(struct pool *pool, int fd, size_t size_bytes, const struct pool_wish *wish, pool_done done,
                void *context)
{
    if (wish->preset_count < 1 || wish->preset_count > POOL_MAX_PRESETS) {
        errno = EINVAL;
        return -1;
    }
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return -1;
    job->input_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (job->input_fd < 0) {
        free(job);
        return -1;
    }
    /* Nobody may change or shorten the bytes under a reader. Fails for descriptors that cannot be sealed. */
    (void)!fcntl(job->input_fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    job->result_fd = -1;
    job->done = done;
    job->context = context;
    job->request.size_bytes = size_bytes;
    job->request.memory_bytes = pool->options.memory_bytes;
    job->request.max_pixels = pool->options.max_pixels;
    job->request.deadline_ms = (uint32_t)pool->options.deadline_ms;
    job->request.preset_count = (uint32_t)wish->preset_count;
    for (int i = 0; i < wish->preset_count; i++)
        job->request.presets[i] = (uint8_t)wish->presets[i];
    job->request.motion = (uint8_t)wish->motion;
    job->request.clip = wish->clip;

    pthread_mutex_lock(&pool->mutex);
    int refused = pool->closing                                                                              ? ESHUTDOWN
                  : pool->stats.waiting >= pool->options.queue + pool->options.workers - pool->stats.running ? EAGAIN
                                                                                                             : 0;
    if (!refused) {
        *pool->last = job;
        pool->last = &job->next;
        pool->stats.waiting++;
    }
    pthread_mutex_unlock(&pool->mutex);
    if (refused) {
        close(job->input_fd);
        free(job);
        errno = refused;
        return -1;
    }
    wake(pool);
    return 0;
}

void pool_stats(struct pool *pool, struct pool_stats *ret_stats)
{
    pthread_mutex_lock(&pool->mutex);
    *ret_stats = pool->stats;
    pthread_mutex_unlock(&pool->mutex);
}

void pool_stop(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    int is_stopped = pool->closing;
    pool->closing = 1;
    pthread_mutex_unlock(&pool->mutex);
    if (is_stopped)
        return;
    wake(pool);
    pthread_join(pool->thread, NULL);
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pool_stop(pool);
    template_stop(pool, 0);
    close(pool->wake_fd);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}
