/*
 * The limits of crush.h as questions that decoders ask before they allocate or go on. 0 in a limit means none.
 */
#ifndef PICLOG_CRUSH_PIXELS_CHECK_H
#define PICLOG_CRUSH_PIXELS_CHECK_H

#include "crush/pixels/picture.h"

/* The length of the file. */
CRUSH_MUST_USE crush_status check_input(const crush_limits *limits, size_t size_bytes, crush_error *ret_error);

/* Width and height as the header declares them. CRUSH_ECORRUPT for zero, CRUSH_ELIMIT for too many. */
CRUSH_MUST_USE crush_status check_size(const crush_limits *limits, uint64_t width_px, uint64_t height_px,
                                       crush_error *ret_error);

/* Working memory that is about to be taken, all of it together. */
CRUSH_MUST_USE crush_status check_memory(const crush_limits *limits, uint64_t bytes, crush_error *ret_error);

/* CRUSH_ELIMIT once the caller's deadline callback says stop. */
CRUSH_MUST_USE crush_status check_deadline(const crush_limits *limits, crush_error *ret_error);

/* The options of crush_open, which crush_clip takes too. CRUSH_EINVAL. */
CRUSH_MUST_USE crush_status check_open_options(const crush_open_options *options, crush_error *ret_error);

#endif
