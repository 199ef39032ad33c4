/*
 * A worker under an attacker's full control, for tests: an upload that begins with "attack NAME" does what NAME says
 * inside the cage; any other is crushed as usual.
 */
#ifndef PICLOG_TESTS_ATTACKS_H
#define PICLOG_TESTS_ATTACKS_H

#include "worker/template.h"

enum { TINY_JPEG_BYTES = 46 };

/* A gray JPEG of 8×8 pixels with the markers that libcrush writes. */
extern const unsigned char tiny_jpeg[TINY_JPEG_BYTES];

/* Whether this kernel runs 32-bit system calls at all: some leave them out, and whoever makes one dies of signal 11. */
int attacks_run_i386(void);

void attacks_work(const struct job_request *job, int input_fd, int result_fd);

#endif
