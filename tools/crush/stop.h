/*
 * Being told to stop: Ctrl-C, SIGTERM, SIGHUP, or a fault that makes going on pointless.
 */
#ifndef CRUSH_CLI_STOP_H
#define CRUSH_CLI_STOP_H

#include <pthread.h>
#include <stdbool.h>

/* Catches SIGINT, SIGTERM and SIGHUP unless they are ignored; ignores SIGPIPE and SIGXFSZ, so that both
 * come back as errors of write. Call once, before any thread. */
void stop_install(void);

/* Has anybody asked? Thread-safe, costs one load. */
bool stop_requested(void);

/* The same in the shape of crush_limits.should_stop; context is not used. */
int stop_callback(void *context);

/* Asks from within. Thread-safe. */
void stop_request(void);

/* Makes a read or open in which the thread waits return with EINTR. May have to be repeated: a thread that is
 * just about to wait is not woken. */
void stop_interrupt(pthread_t thread);

/* When a signal asked, dies of it, so that a shell sees the truth; otherwise returns. */
void stop_die_of_signal(void);

#endif
