/*
 * The inputs in their order, found lazily: operands, then the list of --files0-from; folders are walked.
 */
#ifndef CRUSH_CLI_INPUTS_H
#define CRUSH_CLI_INPUTS_H

#include "options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    char *path;             /* as the person would write it; owned by whoever got the input */
    size_t trusted_bytes;   /* this much of the folder part was named by the person; what follows was found */
    size_t relative_offset; /* the path below --output starts here */
    bool found;             /* met in a folder, not named: passed over when it is no picture */
    bool is_stdin;
    int fault; /* errno when this input cannot even be looked at (then nothing else is done with it), else 0 */
};

struct inputs; /* not thread-safe: callers take turns */

/* Starts over the inputs of the options, which must outlive it. NULL: the list cannot be opened (errno says
 * why) or no memory is left. */
struct inputs *inputs_open(const struct options *options);

/*
 * The next input: true and *ret_input, whose path the caller frees. Memory does not grow with the number of
 * inputs; names of the folders on the way down are held, sorted, until the folder is done.
 */
bool inputs_next(struct inputs *inputs, struct input *ret_input);

/* So far met in folders and not taken: entries that are no regular file and *.crushed.jpg. */
uint64_t inputs_passed_over(const struct inputs *inputs);

/* So far met in folders and not entered because --recursive is missing. */
uint64_t inputs_folders_left(const struct inputs *inputs);

/* Why inputs are missing (a list that could not be read to its end, no memory), or NULL. Ask after the last one. */
const char *inputs_fault(const struct inputs *inputs);

/* Can the number of inputs be found out by a second pass? Not when a list comes from a pipe. */
bool inputs_countable(const struct options *options);

void inputs_close(struct inputs *inputs);

/* A folder operand "a/b/" is walked as "a/b"; how many bytes of it count. */
size_t inputs_trimmed_bytes(const char *path);

#endif
