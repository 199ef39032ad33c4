/* The request log: one JSON object a line on standard output, written in batches by a thread of its own. */
#ifndef PICLOG_HTTP_LOG_H
#define PICLOG_HTTP_LOG_H

#include <stdint.h>

struct log;

struct log_entry {
    const char *method;
    const char *route; /* the pattern, "/p/:id": never what a person typed */
    const char *address;
    const char *note; /* "hit" of a cache, a worker's cause, …; NULL: none */
    int status;
    uint64_t sent_bytes, received_bytes;
    int64_t duration_us;
};

/* fd: where lines go. NULL when no thread can be started. */
struct log *log_open(int fd);
/* Writes what is left. NULL is fine. */
void log_close(struct log *log);
/* Never blocks on the file: when it cannot keep up, lines are dropped and counted in a line of their own. */
void log_request(struct log *log, const struct log_entry *entry);

#endif
