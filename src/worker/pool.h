/*
 * The pool: crushes pictures of strangers in caged processes, one fresh process for every upload.
 *
 *   server threads --pool_submit()--> pool thread --control socket--> template process --> worker, forked from it
 *                  <---callback------            <-------result pipe-----------------------------
 *
 * The bytes of an upload are parsed in its worker only. A worker that crashes, runs late or answers
 * nonsense costs its own upload an error and nothing else. What comes back is checked before anyone
 * sees it: see jpeg_check.h. An answer that is whole counts, however its worker ends.
 */
#ifndef PICLOG_WORKER_POOL_H
#define PICLOG_WORKER_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "crush.h"

enum { POOL_MAX_PRESETS = 5, POOL_MAX_PICTURES = 2 * POOL_MAX_PRESETS };

/* What to do with what moves. */
enum pool_motion {
    POOL_STILL = 0, /* its first frame */
    POOL_CLIP,      /* a strip for each preset; of the thumbnail, which comes last, a frame of one */
    POOL_BOTH,      /* pictures of its first frame; strips behind them, if it moves and they can be made */
    POOL_STRIP      /* it is a strip already, whose clip is told: kept as it is if it fits, else refused; whether it
                       flashes is seen from the picture */
};

/* A strip of frames, as crush_strip has it. */
struct pool_clip {
    uint32_t frames; /* 0: it is no strip */
    uint32_t frame_width_px, frame_height_px, frame_ms, poster;
    int flashes;
};

/* What is to be made of a picture: a result for each preset. */
struct pool_wish {
    const crush_preset *presets;
    int preset_count; /* 1..POOL_MAX_PRESETS */
    enum pool_motion motion;
    struct pool_clip clip; /* for POOL_STRIP */
};

enum pool_status {
    POOL_OK = 0,
    POOL_REFUSED, /* the picture was parsed and refused: outcome.error says why */
    POOL_DIED,    /* the worker crashed, broke a rule of the cage, or answered nonsense */
    POOL_LATE,    /* the worker did not finish before its deadline */
    POOL_CLOSED   /* the pool was closed, or its processes could not be started */
};

struct pool_picture {
    crush_preset preset;
    unsigned char *data; /* a JPEG, checked; malloc */
    size_t size_bytes;
    uint32_t width_px, height_px;
    int quality;
    int is_of_clip;        /* a strip, or the thumbnail of one */
    struct pool_clip clip; /* of a strip */
};

struct pool_outcome {
    enum pool_status status;
    crush_error error;    /* for POOL_REFUSED; for the others error.message says it in words */
    char cause[64];       /* for the log: "signal 31", "deadline", "forged: dimensions", … */
    crush_info source;    /* for POOL_OK */
    uint64_t fingerprint; /* for POOL_OK: crush_picture_fingerprint, as far as a worker can be believed */
    char blurhash[CRUSH_BLURHASH_BYTES]; /* for POOL_OK: crush_picture_blurhash, likewise; only its letters are checked
                                          */
    char no_clip[192];                   /* for POOL_BOTH: why what moves cannot be a clip; else "" */
    int picture_count; /* for POOL_OK as many as asked for, in that order, and the strips of POOL_BOTH; else 0 */
    struct pool_picture pictures[POOL_MAX_PICTURES];
};

/* Called exactly once per accepted job, on the pool's own thread: be brief, do not block. The callee may
   take pictures[i].data by setting it to NULL; what is left is freed afterwards. */
typedef void (*pool_done)(void *context, struct pool_outcome *outcome);

struct pool_options {
    int workers;             /* at the same time, 1..64 */
    int queue;               /* jobs that may wait besides, 0..1024 */
    int deadline_ms;         /* from the start of a worker */
    size_t memory_bytes;     /* address space of a worker */
    uint64_t max_pixels;     /* width × height of a picture: crush_limits.max_pixels */
    const char *const *argv; /* command of the template process, NULL-terminated; the pool adds nothing;
                                the control socket is its file descriptor 3 */
};

struct pool;

/* workers = processors, queue 64, deadline 20 s, 512 MB, 100 MP, argv = this executable with "worker-template". */
void pool_options_init(struct pool_options *options);

/* Starts the template process and the pool's thread. NULL when either cannot be started (errno). */
struct pool *pool_open(const struct pool_options *options);

/*
 * Queues one picture. fd: a memfd with the bytes, read from its start; the pool duplicates it, seals it
 * against writing where possible, and never maps it.
 * Returns 0, or -1 with nothing queued and done never called: EAGAIN the queue is full (try again later),
 * ESHUTDOWN the pool is closing, EINVAL. Thread-safe; never waits for a worker.
 */
int pool_submit(struct pool *pool, int fd, size_t size_bytes, const struct pool_wish *wish, pool_done done,
                void *context);

struct pool_stats {
    int running, waiting;
    uint64_t finished, refused, died, late; /* since pool_open */
};
void pool_stats(struct pool *pool, struct pool_stats *ret_stats);

/* Waits for running jobs (at most until their deadlines), answers waiting ones POOL_CLOSED, and takes no more. */
void pool_stop(struct pool *pool);

/* pool_stop, then frees. NULL is allowed. */
void pool_close(struct pool *pool);

#endif
