/*
 * The command line, parsed: what the person asked for, checked as far as it can be without touching a file.
 */
#ifndef CRUSH_CLI_OPTIONS_H
#define CRUSH_CLI_OPTIONS_H

#include "crush.h"

#include <stdbool.h>
#include <stddef.h>

enum options_answer {
    OPTIONS_RUN = 0, /* go on */
    OPTIONS_DONE,    /* --help or --version was printed: exit 0 */
    OPTIONS_USAGE    /* a fault was named on standard error: exit 2 */
};

enum progress_when { PROGRESS_AUTO = 0, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct options {
    crush_open_options open;
    crush_encode_options encode;
    const char *output;  /* NULL: next to each input; "-": standard output */
    const char *files0;  /* NULL, a file with a list of names, or "-" */
    const char *gallery; /* NULL: none */
    int jobs;            /* 1..256 */
    int language;        /* of base/lang.h: that of the messages of all threads */
    bool recursive, dry_run, force, json;
    bool resume;            /* what is there and whole is skipped, what was cut off is made anew */
    uint32_t shard, shards; /* the shard-th of so many parts, from 1; 0: all */
    bool clip;              /* animations become strips of frames */
    uint32_t clip_frames;   /* in a strip; 0: as many as look best */
    bool quiet;             /* neither summary nor notes on standard error, and no bar unless asked for */
    bool keep_date;         /* outputs get the modification time of their inputs */
    enum progress_when progress;
    char *const *operands; /* borrowed from argv */
    size_t operand_count;
};

/*
 * Parses argv (which getopt reorders). On OPTIONS_RUN *ret_options is complete and borrows strings from argv;
 * otherwise something was printed and *ret_options is undefined. Not thread-safe (getopt).
 */
enum options_answer options_parse(int argc, char **argv, struct options *ret_options);

#endif
