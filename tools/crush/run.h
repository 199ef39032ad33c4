/*
 * The run: all inputs through all workers, told about in the order of the inputs.
 */
#ifndef CRUSH_CLI_RUN_H
#define CRUSH_CLI_RUN_H

#include "gallery.h"
#include "inputs.h"
#include "naming.h"
#include "options.h"
#include "progress.h"
#include "totals.h"

enum run_status {
    RUN_OK = 0,  /* all went through; totals say how */
    RUN_STOPPED, /* a signal, or standard output went away */
    RUN_ENOMEM   /* no thread or no memory: nothing was started */
};

/*
 * Takes inputs, names their outputs, lets options.jobs workers crush them, and reports every outcome: JSON on
 * standard output, failures and skips on standard error, pictures to the gallery (NULL: none). Returns when all
 * workers are gone. Memory: one picture per worker, and short notes of at most 64 finished inputs (4 per
 * worker when that is more).
 */
__attribute__((warn_unused_result)) enum run_status run_all(const struct options *options, struct inputs *inputs,
                                                            struct naming *naming, struct progress *progress,
                                                            struct gallery *gallery, struct totals *ret_totals);

#endif
