/*
 * --json: one object per input, one object per line.
 */
#ifndef CRUSH_CLI_JSON_H
#define CRUSH_CLI_JSON_H

#include "job.h"

#include <stdio.h>

/* Writes one line; faults of the stream show in ferror(out). */
void json_print(FILE *out, const struct outcome *outcome);

#endif
