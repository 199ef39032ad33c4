/*
 * The cage: what a process gives up for good before it touches a stranger's bytes.
 */
#ifndef PICLOG_WORKER_CAGE_H
#define PICLOG_WORKER_CAGE_H

#include <stddef.h>
#include <stdint.h>

/* Sanitizers reserve terabytes of address space, so a limit on it would end every worker. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED 0
#endif

struct sock_filter;

/* The system calls of a worker as a BPF program, made once by the template and used by every worker. */
struct cage_filter {
    struct sock_filter *instructions;
    unsigned short count;
};

/*
 * Locks down the template: no new privileges, no core dumps, not traceable; when it is root: its own
 * empty network and an unprivileged user. What the kernel does not allow is left out; the worker's filter
 * does not depend on it. Returns 0, or -1 when something that must work did not (errno).
 */
int cage_template(void);

/* Builds the worker's filter: read and write of what is open, memory without execution, exit. 0 or -1. */
int cage_filter_build(struct cage_filter *ret_filter);

/*
 * Locks down the calling worker for the rest of its life: memory, processor time, no files, no processes,
 * then the filter. A forbidden call kills the process with SIGSYS. Returns 0 or -1 (then exit).
 */
int cage_worker(const struct cage_filter *filter, uint64_t memory_bytes, uint32_t deadline_ms);

#endif
