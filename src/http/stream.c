/*
 * A stream over libmicrohttpd, without a thread of its own: while there is nothing to send its connection is suspended,
 * that is in nobody's poll set; live.c wakes it. The library looks at suspended sockets as little as at the clock for
 * them, so it is live.c that notices who hangs up. Refuses to buffer: what the socket does not take is asked for later.
 * Read next: ../app/request/live.c.
 */
#include "stream.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "app/request/live.h"

enum {
    BLOCK_BYTES = 1024,        /* of the library, for each response; text is copied piece by piece */
    SEND_BUFFER_BYTES = 16384, /* of the kernel: what a reader who does not read may hold up there */
};

enum { WORKING, SUSPENDED, WOKEN };

struct stream {
    struct live_stream *live;
    struct MHD_Connection *connection;
    atomic_int state;
};

static ssize_t on_read(void *context, uint64_t position, char *out, size_t max)
{
    struct stream *stream = context;
    (void)position;
    atomic_store(&stream->state, WORKING);
    const ssize_t bytes = live_read(stream->live, out, max);
    if (bytes < 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (bytes > 0)
        return bytes;
    MHD_suspend_connection(stream->connection);
    int working = WORKING;
    if (!atomic_compare_exchange_strong(&stream->state, &working, SUSPENDED))
        MHD_resume_connection(stream->connection); /* it was woken while it went to sleep */
    return 0;
}

/* From the thread of live.c. */
static void on_wake(void *context)
{
    struct stream *stream = context;
    if (atomic_exchange(&stream->state, WOKEN) == SUSPENDED)
        MHD_resume_connection(stream->connection);
}

static void on_end(void *context)
{
    struct stream *stream = context;
    live_close(stream->live);
    free(stream);
}

struct stream *stream_make(struct live_stream *live)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        live_close(live);
        return NULL;
    }
    stream->live = live;
    return stream;
}

struct MHD_Response *stream_response(struct stream *stream)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_read, stream, on_end);
    if (!response)
        on_end(stream);
    return response;
}

void stream_attach(struct stream *stream, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int fd = info ? info->connect_fd : -1, bytes = SEND_BUFFER_BYTES;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    stream->connection = connection;
    live_attach(stream->live, fd, on_wake, stream);
}
