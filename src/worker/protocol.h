/*
 * What pool, template and worker say to each other. All three are the same executable, so plain
 * structs travel; the pool trusts none of what a worker writes.
 */
#ifndef PICLOG_WORKER_PROTOCOL_H
#define PICLOG_WORKER_PROTOCOL_H

#include <stdint.h>

#include "crush.h"
#include "pool.h"

/* pool → template → worker, with two descriptors: the input (memfd) and the write end of the result pipe. */
struct job_request {
    uint64_t id;
    uint64_t size_bytes;
    uint64_t memory_bytes;
    uint64_t max_pixels;
    uint32_t deadline_ms;
    uint32_t preset_count;
    uint8_t presets[POOL_MAX_PRESETS];
    uint8_t motion; /* enum pool_motion */
    struct pool_clip clip;
};

/* template → pool, after a worker was reaped. wait_status as waitpid(2) gives it; -1: it could not be forked. */
struct job_report {
    uint64_t id;
    int32_t wait_status;
    int32_t late; /* 1: killed at its deadline */
};

/* Sends a job and its descriptors, which stay the sender's. 0, or -1: nobody is there any more. */
int protocol_send_job(int socket_fd, const struct job_request *job, const int fds[2]);

/* Waits for one: 1 and it is there, the descriptors are the caller's to close; 0 the socket closed, -1 nothing usable.
 */
int protocol_receive_job(int socket_fd, struct job_request *ret_job, int ret_fds[2]);

/* worker → pool, over the result pipe, which is then closed: one answer_head, for each picture its head and bytes. */
enum { ANSWER_MAGIC = 0x50434c47 };

struct answer_head {
    uint32_t magic;
    uint32_t picture_count; /* 0 when refused */
    crush_error error;      /* status CRUSH_OK when there are pictures */
    crush_info source;
    uint64_t fingerprint;
    char blurhash[CRUSH_BLURHASH_BYTES];
    char no_clip[192]; /* why there are no strips; "": there are, or none were wanted */
};

struct answer_picture {
    uint32_t size_bytes;
    uint32_t width_px, height_px;
    int32_t quality;
    struct pool_clip clip;
};

#endif
