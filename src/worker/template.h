/*
 * The template process: small, locked down, forks one worker per job. It never looks at a picture.
 */
#ifndef PICLOG_WORKER_TEMPLATE_H
#define PICLOG_WORKER_TEMPLATE_H

#include "protocol.h"

/* What a worker does inside the cage: read job->size_bytes from input_fd, write an answer to result_fd. */
typedef void (*worker_work)(const struct job_request *job, int input_fd, int result_fd);

enum { WORKER_SPARE_MS = 60000 };

/* Serves the control socket until it closes. A worker waits for the next job, and goes when none came for spare_ms: its
   memory is given back. Returns the exit status of the process. */
int worker_template_main(int control_fd, worker_work work, int spare_ms);

/* The real work: crush_open, crush_encode for each preset, the answer as protocol.h says. */
void worker_crush(const struct job_request *job, int input_fd, int result_fd);

#endif
