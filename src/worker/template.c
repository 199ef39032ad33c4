/*
 * The template process: see template.h. One loop over two descriptors: jobs come in over the control
 * socket, ended workers over a signalfd. Workers past their deadline are killed. It ends when the
 * server's end of the socket closes, and its workers with it.
 */
#include "template.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

/* Takes one message and its two descriptors. 1 a job, 0 the socket closed, -1 nothing usable. */
static int receive_job(int control_fd, struct job_request *ret_job, int ret_fds[2])
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = ret_job, .iov_len = sizeof *ret_job};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(control_fd, &message, MSG_CMSG_CLOEXEC);
    if (got == 0)
        return 0;
    struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (got != sizeof *ret_job || !head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return -1;
    memcpy(ret_fds, CMSG_DATA(head), 2 * sizeof(int));
    return 1;
}

static void reap(int control_fd, struct child *children)
{
    int wait_status;
    pid_t pid;
    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
        for (int i = 0; i < MAX_CHILDREN; i++)
            if (children[i].pid == pid) {
                report(control_fd, children[i].id, wait_status, children[i].late);
                children[i].pid = 0;
            }
}

/* Kills what is late; returns the time until the next deadline, -1 when nothing runs. */
static int enforce_deadlines(struct child *children)
{
    int64_t now = clock_monotonic_ms(), next = -1;
    for (int i = 0; i < MAX_CHILDREN; i++) {
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

static void start_worker(int control_fd, struct child *children, const struct job_request *job, int fds[2],
                         const struct cage_filter *filter, worker_work work)
{
    struct child *slot = NULL;
    for (int i = 0; i < MAX_CHILDREN && !slot; i++)
        if (!children[i].pid)
            slot = &children[i];
    pid_t parent = getpid();
    pid_t pid = slot ? fork() : -1;
    if (pid == 0) {
        /* The input becomes 0, the result 1; everything else closes, the control socket first of all.
           Both are moved out of the way before, because either may sit on the other's number. */
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        signal(SIGPIPE, SIG_IGN);
        int input = fcntl(fds[0], F_DUPFD, 16), result = fcntl(fds[1], F_DUPFD, 16);
        if (input < 0 || result < 0 || dup2(input, 0) < 0 || dup2(result, 1) < 0 || close_range(2, ~0U, 0) != 0 ||
            prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
            cage_worker(filter, job->memory_bytes, job->deadline_ms) != 0)
            _exit(126);
        work(job, 0, 1);
        _exit(0);
    }
    close(fds[0]);
    close(fds[1]);
    if (pid < 0) {
        report(control_fd, job->id, -1, 0);
        return;
    }
    *slot = (struct child){.pid = pid, .id = job->id, .deadline_ms = clock_monotonic_ms() + job->deadline_ms};
}

int worker_template_main(int control_fd, worker_work work)
{
    struct child children[MAX_CHILDREN] = {0};
    struct cage_filter filter = {0};
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
    heap_reserve();
    for (;;) {
        struct pollfd polled[2] = {{.fd = control_fd, .events = POLLIN}, {.fd = signal_fd, .events = POLLIN}};
        if (poll(polled, 2, enforce_deadlines(children)) < 0 && errno != EINTR)
            return 1;
        if (polled[1].revents & POLLIN) {
            struct signalfd_siginfo ignored;
            while (read(signal_fd, &ignored, sizeof ignored) > 0)
                ;
            reap(control_fd, children);
        }
        if (polled[0].revents) {
            struct job_request job;
            int fds[2];
            int got = receive_job(control_fd, &job, fds);
            if (got == 0)
                return 0;
            if (got > 0)
                start_worker(control_fd, children, &job, fds, &filter, work);
        }
    }
}
