/*
 * Which files of a folder share their names but for the extension of a picture: a.png beside a.jpg.
 */
#ifndef CRUSH_CLI_SIBLINGS_H
#define CRUSH_CLI_SIBLINGS_H

#include <stdbool.h>
#include <stddef.h>

struct siblings; /* not thread-safe: callers take turns */

/* NULL: no memory. */
struct siblings *siblings_open(void);
void siblings_close(struct siblings *siblings);

/* Length of a name without its picture extension, in whatever case; its whole length when it has none. */
size_t siblings_stem_bytes(const char *name);

/*
 * Does a file stand beside path, whose name has the same first stem_bytes and then another picture extension, in small
 * or in capital letters, or none? A folder that is asked for often is read once, and is then taken to be as it was.
 */
bool siblings_any(struct siblings *siblings, const char *path, size_t stem_bytes);

#endif
