/*
 * Open streams (/live), and the one thread that wakes them. A stream is a place in the row of marks (store/live.h), not
 * a queue: what happened is read from the database when the stream can be written to, so a slow reader costs what one
 * piece of text does, and is dropped. While nothing happens a stream is a socket and this struct.
 *
 * Who calls what: a handler opens (live_open) and hands the stream to its response; src/http attaches it to a socket,
 * reads whenever there is room, waits when live_read says so, and closes it. Every commit of this process wakes the
 * thread; those of other processes are noticed within a quarter of a second.
 */
#ifndef PICLOG_APP_REQUEST_LIVE_H
#define PICLOG_APP_REQUEST_LIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "store/account.h"
#include "store/store.h"

enum {
    LIVE_PER_ACCOUNT = 4,
    LIVE_BEAT_S = 15,       /* a line without meaning, so that both ends learn that the other is gone */
    LIVE_SLOW_MS = 10000,   /* who reads nothing for so long is dropped */
    LIVE_PEOPLE_MAX = 200,  /* who are here, for one reader */
    LIVE_PIECE_BYTES = 8000 /* told at once; the last event may go beyond it */
};

struct live;
struct live_stream;
struct presence;

/* What a stream has been told, for whoever puts it into words. */
struct live_place {
    int64_t account;
    int64_t mark;      /* the last mark that was told */
    uint64_t presence; /* the last change of presence: presence.h */
    uint64_t ids;      /* given to events that are no marks */
    int is_fresh;      /* nothing was told yet */
    int is_lost;       /* what it asks for is not kept any more */
    int64_t *shown;    /* whom it was told to be here or away, LIVE_PEOPLE_MAX at most; NULL: nobody ever */
    int shown_count;
};

/* ALL: there is no more. FAILED: the place stays before what could not be read, and it is tried again. */
enum live_told { LIVE_TOLD_ALL, LIVE_TOLD_PART, LIVE_TOLD_FAILED, LIVE_TOLD_END /* the stream may not go on */ };

/* Adds what comes behind the place to out, and moves the place on. */
typedef enum live_told live_teller(struct live *live, struct db *db, struct live_place *place, struct buf *out);

/* max: streams in all. NULL: out of memory, or the thread cannot be started. */
struct live *live_start(struct store *store, struct presence *presence, live_teller *tell, int max);
/* Ends all streams and takes none any more; may be called twice. */
void live_stop(struct live *live);
/* No stream may be open. */
void live_free(struct live *live);

enum live_status { LIVE_OPENED, LIVE_ACCOUNT_FULL, LIVE_FULL };
/* after: the last mark that the client has, below 0: none, it wants what comes from now on. */
enum live_status live_open(struct live *live, struct db *db, const struct viewer *viewer, int64_t after,
                           struct live_stream **ret_stream);
/* wake(context) says that live_read has something; it is called from the thread of live, and is never called after
   live_close. fd: looked at for the client hanging up, and shut down when it is too slow. */
void live_attach(struct live_stream *stream, int fd, void (*wake)(void *context), void *context);
/* At most max bytes; 0: nothing now, wake will be called; -1: the stream is over. */
ssize_t live_read(struct live_stream *stream, char *out, size_t max);
void live_close(struct live_stream *stream);

struct presence *live_presence(struct live *live);
int live_count(struct live *live);

#endif
