/*
 * libjpeg-turbo as the JPEG decoders here use it: errors become crush_status, damage is noted, the input may
 * be several pieces of memory, the deadline is asked, and setjmp stays in jpeg/reader.c.
 */
#ifndef PICLOG_CRUSH_JPEG_READER_H
#define PICLOG_CRUSH_JPEG_READER_H

#include "crush/pixels/picture.h"

#include <stdio.h>

#include <jpeglib.h>

struct jpeg_piece {
    const uint8_t *data;
    size_t size;
};

struct jpeg_reader {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    const struct jpeg_piece *pieces; /* not owned */
    size_t piece_count, next_piece;
    const crush_limits *limits;
    crush_error *ret_error;
    crush_status status;
    int damaged;       /* compressed data was missing or wrong somewhere */
    int starved;       /* the input ended without an end marker */
    int short_of_data; /* a marker came while the picture still needed bits */
    void *jump;        /* where errors go */
};

/*
 * Calls body(reader, context) with a decompressor that reads the pieces one after the other. body may call any
 * libjpeg function and jpeg_reader_fail; those do not return on errors, so whatever body allocates must hang on
 * context. The decompressor is gone afterwards. CRUSH_OK, or what went wrong.
 */
CRUSH_MUST_USE crush_status jpeg_reader_run(struct jpeg_reader *reader, const struct jpeg_piece *pieces,
                                            size_t piece_count, const crush_limits *limits, crush_error *ret_error,
                                            void (*body)(struct jpeg_reader *reader, void *context), void *context);

/* Leaves body with a status whose error has been filled in. Does not return. */
_Noreturn void jpeg_reader_fail(struct jpeg_reader *reader, crush_status status);

#endif
