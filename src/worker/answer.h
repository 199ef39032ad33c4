/*
 * Reads what a worker wrote and believes nothing: every number is checked against what was asked for.
 */
#ifndef PICLOG_WORKER_ANSWER_H
#define PICLOG_WORKER_ANSWER_H

#include "protocol.h"

/* The longest honest answer to a job; more than that is forged. */
size_t answer_max_bytes(const struct job_request *job);

/*
 * Turns an answer into outcome (POOL_OK or POOL_REFUSED). Returns NULL, or a constant English reason why it
 * is forged; then outcome holds nothing. On POOL_OK the pictures belong to outcome: outcome_clear().
 */
const char *answer_read(const struct job_request *job, const unsigned char *bytes, size_t size_bytes,
                        struct pool_outcome *outcome);

/* Frees the pictures that nobody took. */
void outcome_clear(struct pool_outcome *outcome);

#endif
