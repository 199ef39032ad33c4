/*
 * The bar on standard error, and messages that do not get in its way.
 */
#ifndef CRUSH_CLI_PROGRESS_H
#define CRUSH_CLI_PROGRESS_H

#include "options.h"
#include "totals.h"

#include <stdint.h>

struct progress;

/* NULL: no bar is wanted (or no memory); every function here takes that. Call setlocale first. */
struct progress *progress_open(enum progress_when when);

/* Draws, at most ten times a second. inputs: how many there are in all, 0 while unknown. */
void progress_draw(struct progress *progress, const struct totals *totals, uint64_t inputs);

/* Takes the bar away before something else is written to the terminal. The next draw brings it back. */
void progress_clear(struct progress *progress);

/* Clears and frees. */
void progress_close(struct progress *progress);

#endif
