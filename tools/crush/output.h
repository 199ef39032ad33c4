/*
 * Files that appear complete or not at all: written under a temporary name beside the target, then renamed.
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

/* A file being written. Fields are private. */
struct output {
    int folder_fd, fd;
    const char *name; /* within the target's path, which must outlive it */
    char temporary[64];
};

/* Makes missing folders and a temporary file; 0 and *ret_output, or an errno. End with output_commit or _discard. */
int output_begin(const struct target *target, struct output *ret_output);

/* Writes all of it; 0 or an errno. Also for any other descriptor. */
int output_write(int fd, const void *data, size_t size_bytes);

/*
 * Gives the file its name. Without replace an existing entry is left alone (EEXIST), even one that appeared just
 * now; with it the entry is replaced, never what a link points to. 0 or an errno; the temporary file is gone
 * either way.
 */
int output_commit(struct output *output, bool replace);

/* Removes the temporary file. */
void output_discard(struct output *output);

/* Begin, write, commit in one; 0 or an errno, and then no file is left. */
int output_save(const struct target *target, const void *data, size_t size_bytes, bool replace);

#endif
