/*
 * A fuzz target is one function. Built with -fsanitize=fuzzer it is driven by libFuzzer; otherwise replay.c's main
 * runs it over the files and folders it is given, so that every crash that was ever found stays an ordinary test.
 */
#ifndef PICLOG_TESTS_FUZZ_H
#define PICLOG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
