/* The body of one request as it arrives: text into memory, pictures into memfds, each within its limit. */
#ifndef PICLOG_HTTP_BODY_H
#define PICLOG_HTTP_BODY_H

#include <stdint.h>

#include "app/request/app.h"
#include "multipart.h"

struct body {
    struct request *req;
    enum { BODY_TEXT, BODY_FILE, BODY_MULTIPART } kind;
    struct multipart multipart;
    struct buf field;       /* of a form: the one that is arriving */
    const char *field_name; /* in the arena */
    int is_file;            /* so is that part a file? */
    int is_open;            /* multipart is initialised */
    size_t limit_bytes, text_limit_bytes, text_bytes;
    uint64_t received_bytes;
    size_t held_bytes;     /* of all uploads in flight, given back by body_free */
    int held_files, parts; /* files likewise; parts that a form had so far */
    int refused;           /* the status that answers it, 0: fine */
    char detail[240];
};

/* After app_begin. content_length: as declared, -1 when it is not. May set refused. */
void body_begin(struct body *body, struct request *req, int64_t content_length);
/* Once refused, bytes are only counted. */
void body_feed(struct body *body, const char *bytes, size_t size_bytes);
void body_finish(struct body *body);
/* Closes nothing that belongs to the request. */
void body_free(struct body *body);

#endif
