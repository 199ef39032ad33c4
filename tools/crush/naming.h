/*
 * What an output is called, so that no two inputs of one run share a name.
 */
#ifndef CRUSH_CLI_NAMING_H
#define CRUSH_CLI_NAMING_H

#include "inputs.h"
#include "options.h"

struct target {
    char *path;           /* "-": standard output; owned by whoever got the target */
    size_t trusted_bytes; /* this much of the folder part may be a symbolic link; nothing behind it may */
    bool named;           /* the person wrote this very name, with --output; otherwise it was made up here */
};

enum naming_status {
    NAMING_OK = 0,
    NAMING_TAKEN, /* another input of this run has that name already */
    NAMING_NOMEM
};

struct naming; /* not thread-safe: callers take turns */

/* Sets up; the options must outlive it. NULL: no memory. Looks whether --output is a folder. */
struct naming *naming_open(const struct options *options);

/*
 * The output of an input, a name that nobody else in this run got. Depends on the inputs before it only when names
 * collide across folders. Remembers 16 bytes per input. On NAMING_OK the caller frees ret_target->path.
 */
__attribute__((warn_unused_result)) enum naming_status naming_target(struct naming *naming, const struct input *input,
                                                                     struct target *ret_target);

/* Is --output a folder that holds the outputs, rather than the one output? */
bool naming_into_folder(const struct naming *naming);

void naming_close(struct naming *naming);

#endif
