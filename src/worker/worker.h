/*
 * The life of a worker: forked from the template, in the cage, one job, the end. A spare one was forked before its job
 * came: its pages are there and its libraries were used once, by a picture of our own, so that what a process costs was
 * paid while nobody waited. It has seen no byte of anybody, takes one job and ends. The cage closes when the job has
 * come, before the worker looks at it.
 */
#ifndef PICLOG_WORKER_WORKER_H
#define PICLOG_WORKER_WORKER_H

#include <sys/types.h>

#include "cage.h"
#include "template.h"

/* How a worker ends by itself. */
enum worker_exit {
    WORKER_DONE = 0,        /* its job, or none came */
    WORKER_NO_MEMORY = 125, /* for the input or the answer */
    WORKER_NO_CAGE = 126    /* the cage could not be closed; nothing was looked at */
};

/* What a worker will do, and what it may. */
struct worker_plan {
    const struct cage_filter *filter;
    worker_work work;
};

struct spare {
    pid_t pid; /* 0: there is none */
    int socket_fd;
};

/* Forks a worker for a job that is there, with the input and the write end of the result. Its pid, or -1 (errno). */
pid_t worker_start(const struct worker_plan *plan, const struct job_request *job, const int fds[2]);

/* Forks one that makes itself ready and waits. 0, or -1 with ret_spare untouched (errno). */
int spare_make(const struct worker_plan *plan, struct spare *ret_spare);

/*
 * Hands it a job with the input and the write end of the result, which stay the caller's. Its pid, or -1: there is
 * none. Either way spare is empty afterwards.
 */
pid_t spare_hand(struct spare *spare, const struct job_request *job, const int fds[2]);

/* Lets it end, if there is one. Who reaps children will meet it. */
void spare_drop(struct spare *spare);

#endif
