/*
 * Files that appear complete or not at all: written under a temporary name beside the target, then renamed. Nothing
 * but a regular file is ever replaced; a pipe or a device that was named is written into.
 */
#ifndef CRUSH_CLI_OUTPUT_H
#define CRUSH_CLI_OUTPUT_H

#include "naming.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * What is there under the target's name: 0 and *ret_stat of the entry itself (a link is not followed), or an
 * errno; ENOENT: the name is free. ELOOP or ENOTDIR: a link or a file stands where a folder should be.
 */
int output_look(const struct target *target, struct stat *ret_stat);

/* "a folder", "a link", "a pipe", "a device", "a socket", "a file": what stands there, for messages. Never NULL. */
const char *output_kind_text(const struct stat *st);

/* A pipe or a character device: its bytes go through, there is nothing to replace. */
bool output_is_stream(const struct stat *st);

/* A file being written. Fields are private. */
struct output {
    int folder_fd, fd;
    const char *name; /* within the target's path, which must outlive it */
    char temporary[64];
};

/* Makes missing folders and a temporary file; 0 and *ret_output, or an errno. End with output_commit or _discard. */
int output_begin(const struct target *target, struct output *ret_output);

/* Writes all of it; 0 or an errno, EINTR when stop_requested(). Also for any other descriptor. */
int output_write(int fd, const void *data, size_t size_bytes);

/*
 * Gives the file its name. Without replace an existing entry is left alone (EEXIST), even one that appeared just
 * now; with it a regular file is replaced, and anything else left alone as well (EEXIST). 0 or an errno; the
 * temporary file is gone either way.
 */
int output_commit(struct output *output, bool replace);

/* Removes the temporary file. */
void output_discard(struct output *output);

/* Begin, write, date, commit in one; 0 or an errno, and then no file is left. modified: when it was last changed, NULL:
 * now. */
int output_save(const struct target *target, const void *data, size_t size_bytes, const struct timespec *modified,
                bool replace);

/*
 * Writes into the pipe or device of that name, following links; waits until somebody reads a pipe. 0 or an errno:
 * EEXIST when it is neither after all, ENOTTY when it is a terminal, EINTR when stop_requested().
 */
int output_pour(const char *path, const void *data, size_t size_bytes);

#endif
