/*
 * Workers before and at their job: see worker.h. Next: crush_job.c.
 */
#include "worker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "heap.h"
#include "rehearsal.h"

enum { ASIDE = 16 };

/* In the cage, at work; the rest of a worker's life. fds: the input becomes 0, the result 1, everything else closes. */
static _Noreturn void be_worker(const struct worker_plan *plan, const struct job_request *job, const int fds[2],
                                int is_ready)
{
    /* moved out of the way before, because either may sit on the other's number */
    const int input = fcntl(fds[0], F_DUPFD, ASIDE), result = fcntl(fds[1], F_DUPFD, ASIDE);
    if (input < 0 || result < 0 || dup2(input, 0) < 0 || dup2(result, 1) < 0 || close_range(2, ~0U, 0) != 0 ||
        cage_worker(plan->filter, job->memory_bytes, job->deadline_ms) != 0)
        _exit(WORKER_NO_CAGE);
    if (!is_ready)
        heap_populate();
    plan->work(job, 0, 1);
    _exit(WORKER_DONE);
}

/*
 * As fork(2), without the handlers that libraries have for it: a worker uses none of theirs, and each copies pages. The
 * sanitizers' are wanted.
 */
static pid_t fork_template(void)
{
    return SANITIZED ? fork() : _Fork();
}

/* What every fork of the template does first. */
static void leave_template(pid_t parent)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(WORKER_NO_CAGE);
}

static _Noreturn void be_spare(const struct worker_plan *plan, int socket_fd)
{
    struct job_request job;
    int fds[2];
    if (dup2(socket_fd, 0) < 0 || close_range(1, ~0U, 0) != 0) /* the template's socket first of all */
        _exit(WORKER_NO_CAGE);
    heap_populate();
    rehearse();
    if (protocol_receive_job(0, &job, fds) <= 0)
        _exit(WORKER_DONE);
    be_worker(plan, &job, fds, 1);
}

pid_t worker_start(const struct worker_plan *plan, const struct job_request *job, const int fds[2])
{
    const pid_t parent = getpid(), pid = fork_template();
    if (pid == 0) {
        leave_template(parent);
        be_worker(plan, job, fds, 0);
    }
    return pid;
}

int spare_make(const struct worker_plan *plan, struct spare *ret_spare)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return -1;
    const pid_t parent = getpid(), pid = fork_template();
    if (pid == 0) {
        leave_template(parent);
        be_spare(plan, sockets[1]);
    }
    close(sockets[1]);
    if (pid < 0) {
        close(sockets[0]);
        return -1;
    }
    *ret_spare = (struct spare){.pid = pid, .socket_fd = sockets[0]};
    return 0;
}

pid_t spare_hand(struct spare *spare, const struct job_request *job, const int fds[2])
{
    const pid_t pid = spare->pid && protocol_send_job(spare->socket_fd, job, fds) == 0 ? spare->pid : -1;
    spare_drop(spare);
    return pid;
}

void spare_drop(struct spare *spare)
{
    if (!spare->pid)
        return;
    close(spare->socket_fd);
    *spare = (struct spare){.socket_fd = -1};
}
