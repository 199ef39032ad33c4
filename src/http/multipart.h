/*
 * multipart/form-data as it streams in (RFC 7578). Bounded: a window of one delimiter and the headers of one part;
 * what the parts hold goes to the sink at once.
 */
#ifndef PICLOG_HTTP_MULTIPART_H
#define PICLOG_HTTP_MULTIPART_H

#include <stddef.h>

#include "base/buf.h"

enum multipart_status {
    MULTIPART_OK = 0,
    MULTIPART_MALFORMED, /* no valid form */
    MULTIPART_STOPPED    /* the sink had enough */
};

/* What the headers of a part say; neither text is terminated, nor checked in any way. */
struct multipart_part {
    const char *name, *file_name; /* file_name NULL: none */
    size_t name_bytes, file_name_bytes;
    int is_file;
};

/* Each returns 0, or nonzero to stop. */
struct multipart_sink {
    int (*begin)(void *context, const struct multipart_part *part);
    int (*data)(void *context, const char *bytes, size_t size_bytes);
    int (*end)(void *context);
    void *context;
};

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEADERS_MAX = 4096 };

struct multipart {
    struct multipart_sink sink;
    char delimiter[MULTIPART_BOUNDARY_MAX + 5]; /* CR LF "--" boundary */
    size_t delimiter_bytes;
    enum { MULTIPART_PREAMBLE, MULTIPART_LINE, MULTIPART_HEADERS, MULTIPART_CONTENT, MULTIPART_DONE } state;
    struct buf window;
};

/* -1: the boundary is empty or too long. */
int multipart_init(struct multipart *multipart, const char *boundary, const struct multipart_sink *sink)
    __attribute__((warn_unused_result));
enum multipart_status multipart_feed(struct multipart *multipart, const char *bytes, size_t size_bytes)
    __attribute__((warn_unused_result));
/* After the last byte: MULTIPART_MALFORMED when the closing delimiter never came. */
enum multipart_status multipart_finish(struct multipart *multipart) __attribute__((warn_unused_result));
void multipart_free(struct multipart *multipart);

#endif
