/* Time: wall clock in whole seconds for what is stored and shown, monotonic for durations. Thread-safe. */
#ifndef PICLOG_BASE_CLOCK_H
#define PICLOG_BASE_CLOCK_H

#include <stdint.h>

/* Seconds since 1970 UTC. */
int64_t clock_now_s(void);

/* Milliseconds that never run backwards; only differences mean something. */
int64_t clock_monotonic_ms(void);

#endif
