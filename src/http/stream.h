/* Inside src/http: an answer that goes on as things happen (app/request/live.h), over a connection of the library. */
#ifndef PICLOG_HTTP_STREAM_H
#define PICLOG_HTTP_STREAM_H

#include <microhttpd.h>

struct live_stream;
struct stream;

/* Takes the live stream; NULL: no memory, then it is closed. The response owns the result. */
struct stream *stream_make(struct live_stream *live);
/* The body of a response. */
struct MHD_Response *stream_response(struct stream *stream);
/* Before the response is queued. */
void stream_attach(struct stream *stream, struct MHD_Connection *connection);

#endif
