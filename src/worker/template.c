/*
 * The template process: see template.h. One loop over two descriptors: jobs come in over the control
 * socket, ended workers over a signalfd. Each job goes to a worker of its own, for a while after an upload to one that
 * stands ready (worker.h). Workers past their deadline are killed. It ends when the server's end of the socket closes,
 * and its workers with it. Next: worker.c, crush_job.c.
 */
#include "template.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cage.h"
#include "crush.h"
#include "heap.h"
#include "rehearsal.h"
#include "worker.h"

enum { MAX_CHILDREN = 64 };

struct child {
    pid_t pid; /* 0: free slot */
    uint64_t id;
    int64_t deadline_ms;
    int late;
};

static void report(int control_fd, uint64_t id, int wait_status, int late)
{
    struct job_report message = {.id = id, .wait_status = wait_status, .late = late};
    while (send(control_fd, &message, sizeof message, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}

/* 1: the spare was among them, without a job. */
static int reap(int control_fd, struct child *children, struct spare *spare)
{
    int is_spare_lost = 0;
    int wait_status;
    pid_t pid;
    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
        if (pid == spare->pid) {
            spare_drop(spare);
            is_spare_lost = 1;
        }
        for (int i = 0; i < MAX_CHILDREN; i++)
            if (children[i].pid == pid) {
                report(control_fd, children[i].id, wait_status, children[i].late);
                children[i].pid = 0;
            }
    }
    return is_spare_lost;
}

/* Kills what is late; returns the time until the next deadline, -1 when nothing runs; and how many run. */
static int enforce_deadlines(struct child *children, int *ret_running)
{
    int64_t now = clock_monotonic_ms(), next = -1;
    *ret_running = 0;
    for (int i = 0; i < MAX_CHILDREN; i++) {
        *ret_running += children[i].pid != 0;
        if (!children[i].pid || children[i].late)
            continue;
        int64_t left = children[i].deadline_ms - now;
        if (left <= 0) {
            children[i].late = 1;
            kill(children[i].pid, SIGKILL);
        } else if (next < 0 || left < next) {
            next = left;
        }
    }
    return (int)next;
}

static void start_worker(int control_fd, struct child *children, const struct job_request *job, const int fds[2],
                         const struct worker_plan *plan, struct spare *spare)
{
    struct child *slot = NULL;
    pid_t pid = -1;
    for (int i = 0; i < MAX_CHILDREN && !slot; i++)
        if (!children[i].pid)
            slot = &children[i];
    if (slot)
        pid = spare_hand(spare, job, fds);
    if (slot && pid < 0)
        pid = worker_start(plan, job, fds);
    close(fds[0]);
    close(fds[1]);
    if (pid < 0) {
        report(control_fd, job->id, -1, 0);
        return;
    }
    *slot = (struct child){.pid = pid, .id = job->id, .deadline_ms = clock_monotonic_ms() + job->deadline_ms};
}

static int processors_count(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* Milliseconds that may be slept; negative: as long as nothing happens. */
static int soonest(int a, int64_t b)
{
    return a < 0 || b < a ? (int)b : a;
}

int worker_template_main(int control_fd, worker_work work, int spare_ms)
{
    struct child children[MAX_CHILDREN] = {0};
    struct cage_filter filter = {0};
    const struct worker_plan plan = {.filter = &filter, .work = work};
    struct spare spare = {.socket_fd = -1};
    int64_t spare_until_ms = 0;
    const int processors = processors_count();
    sigset_t child_signal;
    prctl(PR_SET_NAME, "piclog-worker");
    tzset(); /* reads /etc/localtime while that is allowed: lcms2 stamps its profiles with the time */
    /* A terminal's Ctrl-C reaches the whole group; the server decides when this process ends. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_signal, NULL);
    int signal_fd = signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0 || cage_template() != 0 || cage_filter_build(&filter) != 0) {
        fprintf(stderr, "piclog: the cage for decoders cannot be built here: %s\n", strerror(errno));
        return 1;
    }
    crush_load(); /* the decoders of HEIC and AVIF: a worker can open no library any more */
    rehearsal_prepare();
    heap_reserve();
    for (;;) {
        struct pollfd polled[2] = {{.fd = control_fd, .events = POLLIN}, {.fd = signal_fd, .events = POLLIN}};
        int running, sleep_ms = enforce_deadlines(children, &running);
        const int64_t left_ms = spare_until_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            spare_drop(&spare);
        else if (spare.pid || (running < processors && spare_make(&plan, &spare) == 0)) /* never in the way of a job */
            sleep_ms = soonest(sleep_ms, left_ms);
        if (poll(polled, 2, sleep_ms) < 0 && errno != EINTR)
            return 1;
        if (polled[1].revents & POLLIN) {
            struct signalfd_siginfo ignored;
            while (read(signal_fd, &ignored, sizeof ignored) > 0)
                ;
            if (reap(control_fd, children, &spare))
                spare_until_ms = 0; /* whatever ended it may end the next one */
        }
        if (polled[0].revents) {
            struct job_request job;
            int fds[2];
            int got = protocol_receive_job(control_fd, &job, fds);
            if (got == 0)
                return 0;
            if (got > 0) {
                start_worker(control_fd, children, &job, fds, &plan, &spare);
                spare_until_ms = clock_monotonic_ms() + spare_ms;
            }
        }
    }
}
