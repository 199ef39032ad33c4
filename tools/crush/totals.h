/*
 * The sums over a run: what progress, summary and gallery tell.
 */
#ifndef CRUSH_CLI_TOTALS_H
#define CRUSH_CLI_TOTALS_H

#include <stdint.h>

struct totals {
    uint64_t crushed, skipped, passed_over, failed;
    uint64_t source_bytes, bytes;  /* of the crushed */
    uint64_t largest_source_bytes; /* of the crushed */
};

#endif
