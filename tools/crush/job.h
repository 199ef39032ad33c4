/*
 * One input from its first byte to its output, and what became of it.
 */
#ifndef CRUSH_CLI_JOB_H
#define CRUSH_CLI_JOB_H

#include "naming.h"

#include <stdint.h>

enum outcome_kind {
    OUTCOME_CRUSHED = 0,
    OUTCOME_SKIPPED,     /* the output exists already */
    OUTCOME_PASSED_OVER, /* found in a folder and no picture */
    OUTCOME_FAILED,
    OUTCOME_STOPPED /* interrupted before it was done: nothing was written */
};

/* How the frames of a clip lie in its JPEG. */
struct strip_shape {
    uint32_t frames, frame_width_px, frame_height_px, frame_ms, cell_width_px, cell_height_px;
    bool flashes; /* too much to be started unasked */
};

/* Everything that is told about one input. Numbers are meaningful as said; strings are owned. */
struct outcome {
    enum outcome_kind kind;
    char *input;
    char *output;     /* the file made, or the existing one when skipped; "-" standard output; else NULL */
    char error[512];  /* failed and skipped: why; empty otherwise */
    bool was_read;    /* format is known */
    bool has_size;    /* source_bytes is known */
    bool was_probed;  /* source_width_px and source_height_px are known */
    bool has_picture; /* width_px, height_px, bytes are known; quality when crushed */
    crush_format format;
    uint64_t source_bytes, bytes;
    uint32_t source_width_px, source_height_px, width_px, height_px;
    int quality;
    bool truncated;
    struct strip_shape shape; /* of a clip; frames is 0 for a still picture */
    unsigned char *embed;     /* for the gallery: a JPEG of at most JOB_EMBED_BYTES; NULL: none */
    size_t embed_bytes;
    struct strip_shape embed_shape;
};

/* A picture up to this size stands in the gallery as it is; of a larger one a thumbnail does. */
enum { JOB_EMBED_BYTES = 32768 };

/* What a worker keeps from job to job. Start zeroed; free data at the end. */
struct job_buffer {
    unsigned char *data;
    size_t size_bytes;
};

/*
 * Reads, crushes and writes one input as the options say; input->fault must be 0. Takes over target->path. Waits for
 * files and pipes; stop_requested() ends it soon. Fills *ret_outcome (all of it, whatever happens) except its
 * input, which is the caller's.
 */
void job_run(const struct options *options, const struct input *input, struct target *target, struct job_buffer *buffer,
             struct outcome *ret_outcome);

/* Notes a failure: a format and its values. */
__attribute__((format(printf, 2, 3))) void outcome_fail(struct outcome *outcome, const char *format, ...);

/* Frees what an outcome owns. */
void outcome_clear(struct outcome *outcome);

#endif
