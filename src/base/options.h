/* Options of the command line and of the environment (PICLOG_…) into a struct config. */
#ifndef PICLOG_BASE_OPTIONS_H
#define PICLOG_BASE_OPTIONS_H

#include <stdio.h>

#include "config.h"

enum { OPERANDS_MAX = 8 };

struct operands {
    const char *items[OPERANDS_MAX];
    int count;
    int is_admin; /* --admin */
    int force;    /* --force */
    int wants_help, wants_version;
};

/*
 * Environment first, then arguments (argv[0] is not looked at). Values are borrowed from both. Returns 0, or -1 with a
 * sentence in message that names the option, what is wrong and what is right.
 */
int options_read(int argc, char **argv, struct config *config, struct operands *ret_operands, char *message,
                 size_t message_bytes) __attribute__((warn_unused_result));

/* One line for each option, with its default. */
void options_help(FILE *out);

#endif
