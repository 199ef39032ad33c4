/*
 * A table from names to numbers. A name is kept as a keyed hash, so that nobody can prepare names that collide; callers
 * make sure that two which are alike do no harm.
 */
#ifndef CRUSH_CLI_NAMES_H
#define CRUSH_CLI_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names; /* not thread-safe: callers take turns */

/* NULL: no memory. */
struct names *names_open(void);
void names_close(struct names *names);

/* The keyed hash of a text; never 0. */
uint64_t names_hash(const struct names *names, const char *text, size_t bytes);

/* The number of a name, to be read and written until the next call; 0 at first. NULL: no memory, nothing has changed.
 */
uint64_t *names_value(struct names *names, const char *name, size_t bytes);

/* The same for reading only; 0: it was never asked for. */
uint64_t names_find(const struct names *names, const char *name, size_t bytes);

size_t names_count(const struct names *names);

#endif
