/*
 * --gallery: one self-contained HTML file with all pictures of a run, before and after.
 */
#ifndef CRUSH_CLI_GALLERY_H
#define CRUSH_CLI_GALLERY_H

#include "job.h"
#include "options.h"
#include "totals.h"

struct gallery; /* not thread-safe */

/*
 * Starts options->gallery under a temporary name; the options must outlive it. 0 and *ret_gallery (NULL when none is
 * wanted or nothing may be written), or an errno; EEXIST: a file that is no gallery of ours stands there, and
 * there is no --force; ENOTSUP: a pipe, a device, a link or a socket stands there.
 */
int gallery_open(const struct options *options, struct gallery **ret_gallery);

/* Adds one outcome: a picture, or a failure with its reason. NULL gallery: does nothing. Faults show at the end. */
void gallery_add(struct gallery *gallery, const struct outcome *outcome);

/* Writes totals and end, gives the file its name, frees. 0 or an errno, and then no file is left. NULL: 0. */
int gallery_finish(struct gallery *gallery, const struct totals *totals);

/* Throws everything away, frees. NULL is allowed. */
void gallery_discard(struct gallery *gallery);

#endif
