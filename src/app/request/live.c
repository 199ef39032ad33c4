/*
 * Streams: see live.h. One thread waits for writes and for clients that hang up, finds out whom a mark concerns, and
 * wakes those; each is then written to by the server's own threads. Refuses to keep anything for a stream beside its
 * place. Read next: ../neighbours/live.c, which puts marks into words.
 */
#include "app/request/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/request/presence.h"
#include "base/clock.h"
#include "store/live.h"

enum {
    LOOK_EVERY_MS = 250,   /* for writes of other processes, and for what is due */
    FAREWELL_MS = 500,     /* for the last piece of a stream that ended */
    CHECK_EVERY_BEATS = 4, /* may it still go on? Ends by time make no mark */
    EMPTY_ROUNDS = 8,      /* looks at marks that tell nothing, before others of the server's thread have their turn */
    MARKS = 64,
    CHANGES = 32,
    EVENTS = 64
};

struct live_stream {
    struct live *live;
    uint64_t number; /* names it to epoll, since a pointer may be another stream's by then */
    struct live_place place;
    int64_t session, token;
    int fd;
    void (*wake)(void *context);
    void *context;
    int is_due;     /* there may be something to tell */
    int is_telling; /* live_read is at it */
    int is_over, wants_beat;
    int64_t woken_ms; /* since when it is awaited; 0: it is not */
    int beats;
    struct buf piece; /* what is on its way */
    size_t sent_bytes;
};

struct live {
    struct store *store;
    struct presence *presence;
    live_teller *tell;
    int max;
    pthread_t thread;
    int epoll_fd, event_fd;
    pthread_mutex_t lock;
    struct live_stream **streams; /* by account */
    int count, room;
    atomic_int open; /* count, for whoever has no lock */
    uint64_t last_number;
    int64_t mark; /* all marks up to this one were looked at */
    uint64_t presence_number;
    int is_stopped, is_closing;
    int64_t beat_s;
};

/* ---- The thread ---------------------------------------------------------------------------------- */

static int place_of(const struct live *live, int64_t account)
{
    int low = 0, high = live->count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (live->streams[middle]->place.account < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Under the lock. */
static void wake(struct live_stream *stream)
{
    if (!stream->wake)
        return; /* it is about to be attached, and reads first of all */
    if (!stream->woken_ms)
        stream->woken_ms = clock_monotonic_ms();
    stream->wake(stream->context);
}

static void end(struct live_stream *stream)
{
    if (!stream->is_over) {
        stream->is_over = 1;
        wake(stream);
    }
}

/* Whoever has this account is to look. Under the lock, as everything that walks the array. */
static void touch(void *context, int64_t account)
{
    struct live *live = context;
    for (int i = place_of(live, account); i < live->count && live->streams[i]->place.account == account; i++)
        live->streams[i]->is_due = 1;
}

static void check_account(struct live *live, struct db *db, const struct live_mark *mark)
{
    for (int i = place_of(live, mark->account); i < live->count && live->streams[i]->place.account == mark->account;
         i++)
        if (mark->ref || !live_may(db, mark->account, live->streams[i]->session, live->streams[i]->token))
            end(live->streams[i]);
}

/* 0, or -1: the database failed, and the mark is to be looked at again. */
static int look_at(struct live *live, struct db *db, const struct live_mark *mark)
{
    int64_t is_shown;
    switch (mark->kind) {
    case LIVE_POST: return live_followers(db, mark->by, touch, live);
    case LIVE_END: check_account(live, db, mark); break;
    case LIVE_PRESENCE:
        if ((is_shown = db_number(db, QUERY_SHOWS_PRESENCE, -1, mark->account)) < 0)
            return -1;
        presence_show(live->presence, mark->account, (int)is_shown);
        break;
    case LIVE_TIE:
    case LIVE_OTHER: touch(live, mark->account); break;
    }
    return 0;
}

static int look_at_marks(struct live *live, struct db *db)
{
    struct live_mark marks[MARKS];
    int count;
    while ((count = live_marks(db, live->mark, marks, MARKS)) > 0)
        for (int i = 0; i < count; i++) {
            if (look_at(live, db, &marks[i]) != 0)
                return -1;
            live->mark = marks[i].id;
        }
    return count;
}

static void look_at_presence(struct live *live, struct db *db)
{
    struct presence_change changes[CHANGES];
    int count;
    (void)presence_settle(live->presence, clock_monotonic_ms());
    while ((count = presence_changes(live->presence, live->presence_number, changes, CHANGES)) > 0)
        for (int i = 0; i < count; i++) {
            if (live->count && live_friends(db, changes[i].account, touch, live) != 0)
                return; /* the next look begins here */
            live->presence_number = changes[i].number;
        }
}

/* What was committed since the last look, and who came and went. -1: the database failed; the next look goes on there.
 */
static int look(struct live *live, struct db *db, int is_written)
{
    pthread_mutex_lock(&live->lock);
    const int status = is_written && live->count ? look_at_marks(live, db) : 0;
    look_at_presence(live, db);
    for (int i = 0; i < live->count; i++) {
        struct live_stream *stream = live->streams[i];
        if (stream->is_due && !stream->woken_ms)
            wake(stream);
        if (stream->is_due || stream->is_telling || stream->place.is_fresh)
            continue;
        if (stream->place.mark < live->mark) /* nothing up to here concerns it */
            stream->place.mark = live->mark;
        stream->place.presence = live->presence_number;
    }
    pthread_mutex_unlock(&live->lock);
    return status;
}

/* Beats, and who is too slow. */
static void tend(struct live *live)
{
    const int64_t now_ms = clock_monotonic_ms(), now_s = now_ms / 1000;
    pthread_mutex_lock(&live->lock);
    const int is_second = now_s != live->beat_s;
    live->beat_s = now_s;
    for (int i = 0; i < live->count; i++) {
        struct live_stream *stream = live->streams[i];
        if (is_second && stream->number % LIVE_BEAT_S == (uint64_t)now_s % LIVE_BEAT_S && !stream->woken_ms) {
            stream->wants_beat = 1;
            wake(stream);
        }
        if (stream->woken_ms && stream->fd >= 0 &&
            now_ms - stream->woken_ms > (stream->is_over ? FAREWELL_MS : LIVE_SLOW_MS)) {
            stream->is_over = 1;
            (void)shutdown(stream->fd, SHUT_RDWR); /* the library notices, and closes it */
        }
    }
    pthread_mutex_unlock(&live->lock);
}

static void hang_up(struct live *live, uint64_t number)
{
    pthread_mutex_lock(&live->lock);
    for (int i = 0; i < live->count; i++) {
        struct live_stream *stream = live->streams[i];
        if (stream->number != number)
            continue;
        (void)epoll_ctl(live->epoll_fd, EPOLL_CTL_DEL, stream->fd, NULL);
        end(stream);
        break;
    }
    pthread_mutex_unlock(&live->lock);
}

static void *run(void *context)
{
    struct live *live = context;
    struct epoll_event events[EVENTS];
    uint64_t version = 0;
    int is_behind = 0;
    for (;;) {
        pthread_mutex_lock(&live->lock);
        const int is_closing = live->is_closing, is_idle = !live->count;
        pthread_mutex_unlock(&live->lock);
        if (is_closing)
            return NULL;
        const int count = epoll_wait(live->epoll_fd, events, EVENTS, is_idle ? -1 : LOOK_EVERY_MS);
        int is_woken = 0;
        for (int i = 0; i < count; i++) {
            uint64_t wakes;
            if (events[i].data.u64)
                hang_up(live, events[i].data.u64);
            else
                is_woken = read(live->event_fd, &wakes, sizeof wakes) > 0;
        }
        const uint64_t seen = store_version(live->store);
        struct db *db = store_acquire(live->store);
        is_behind = look(live, db, is_woken || is_behind || seen != version) != 0;
        store_release(live->store, db);
        version = seen;
        tend(live);
    }
}

/* ---- From start to end --------------------------------------------------------------------------- */

static void nudge_thread(struct live *live)
{
    const uint64_t one = 1;
    (void)!write(live->event_fd, &one, sizeof one);
}

static void on_write(void *context)
{
    struct live *live = context;
    if (atomic_load(&live->open))
        nudge_thread(live);
}

struct live *live_start(struct store *store, struct presence *presence, live_teller *teller, int max)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live)
        return NULL;
    *live = (struct live){.store = store, .presence = presence, .tell = teller, .max = max};
    live->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    live->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&live->lock, NULL);
    store_on_write(store, on_write, live); /* before the thread: store.h */
    if (live->epoll_fd >= 0 && live->event_fd >= 0 &&
        epoll_ctl(live->epoll_fd, EPOLL_CTL_ADD, live->event_fd, &(struct epoll_event){.events = EPOLLIN}) == 0 &&
        pthread_create(&live->thread, NULL, run, live) == 0)
        return live;
    store_on_write(store, NULL, NULL);
    if (live->epoll_fd >= 0)
        close(live->epoll_fd);
    if (live->event_fd >= 0)
        close(live->event_fd);
    pthread_mutex_destroy(&live->lock);
    free(live);
    return NULL;
}

void live_stop(struct live *live)
{
    pthread_mutex_lock(&live->lock);
    live->is_stopped = 1;
    for (int i = 0; i < live->count; i++)
        end(live->streams[i]);
    pthread_mutex_unlock(&live->lock);
    nudge_thread(live);
}

void live_free(struct live *live)
{
    if (!live)
        return;
    pthread_mutex_lock(&live->lock);
    live->is_closing = 1;
    pthread_mutex_unlock(&live->lock);
    nudge_thread(live);
    pthread_join(live->thread, NULL);
    store_on_write(live->store, NULL, NULL);
    close(live->epoll_fd);
    close(live->event_fd);
    pthread_mutex_destroy(&live->lock);
    free(live->streams);
    free(live);
}

struct presence *live_presence(struct live *live)
{
    return live->presence;
}

int live_count(struct live *live)
{
    return atomic_load(&live->open);
}

/* ---- One stream ---------------------------------------------------------------------------------- */

static struct live_place begin_at(int64_t account, int64_t after, int64_t newest, int64_t oldest)
{
    struct live_place place = {.account = account, .is_fresh = 1};
    place.mark = after < 0 ? newest : after;
    place.is_lost = after >= 0 && (after > newest || after + 1 < oldest);
    if (place.is_lost)
        place.mark = newest;
    return place;
}

enum live_status live_open(struct live *live, struct db *db, const struct viewer *viewer, int64_t after,
                           struct live_stream **ret_stream)
{
    struct live_stream *stream = calloc(1, sizeof *stream);
    int64_t newest = 0, oldest = 0;
    enum live_status status = LIVE_FULL;
    if (!stream || live_latest(db, &newest, &oldest) != STORE_OK) {
        free(stream);
        return LIVE_FULL;
    }
    *stream = (struct live_stream){.live = live,
                                   .place = begin_at(viewer->account, after, newest, oldest),
                                   .session = viewer->session,
                                   .token = viewer->token,
                                   .fd = -1,
                                   .is_due = 1};
    pthread_mutex_lock(&live->lock);
    const int at = place_of(live, viewer->account);
    int own = 0;
    while (at + own < live->count && live->streams[at + own]->place.account == viewer->account)
        own++;
    if (own >= LIVE_PER_ACCOUNT) {
        status = LIVE_ACCOUNT_FULL;
    } else if (!live->is_stopped && live->count < live->max) {
        if (live->count == live->room) {
            const int room = live->room ? live->room * 2 : 64;
            struct live_stream **streams = realloc(live->streams, (size_t)room * sizeof *streams);
            if (streams) {
                live->streams = streams;
                live->room = room;
            }
        }
        if (live->count < live->room) {
            if (!live->count) /* nobody looked while nobody listened */
                live->mark = newest;
            memmove(&live->streams[at + 1], &live->streams[at], (size_t)(live->count - at) * sizeof *live->streams);
            live->streams[at] = stream;
            stream->number = ++live->last_number;
            atomic_store(&live->open, ++live->count);
            status = LIVE_OPENED;
        }
    }
    pthread_mutex_unlock(&live->lock);
    if (status != LIVE_OPENED) {
        free(stream);
        return status;
    }
    presence_stream(live->presence, viewer->account, viewer->shows_presence, 1, clock_monotonic_ms());
    if (after < 0 && viewer->shows_presence) /* a browser that goes on by itself is nobody's act */
        presence_acted(live->presence, viewer->account, clock_monotonic_ms());
    nudge_thread(live); /* it slept as long as there was no stream */
    *ret_stream = stream;
    return LIVE_OPENED;
}

void live_attach(struct live_stream *stream, int fd, void (*waker)(void *context), void *context)
{
    struct live *live = stream->live;
    pthread_mutex_lock(&live->lock);
    stream->fd = fd;
    stream->wake = waker;
    stream->context = context;
    struct epoll_event event = {.events = EPOLLRDHUP, .data.u64 = stream->number};
    (void)epoll_ctl(live->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    pthread_mutex_unlock(&live->lock);
}

/* What there is to say, into the piece. */
static enum live_told tell(struct live_stream *stream, int is_beat)
{
    struct live *live = stream->live;
    struct db *db = store_acquire(live->store);
    const int may = !is_beat || ++stream->beats % CHECK_EVERY_BEATS ||
                    live_may(db, stream->place.account, stream->session, stream->token);
    const enum live_told told = may ? live->tell(live, db, &stream->place, &stream->piece) : LIVE_TOLD_END;
    store_release(live->store, db);
    return told;
}

ssize_t live_read(struct live_stream *stream, char *out, size_t max)
{
    struct live *live = stream->live;
    for (int rounds = 0;; rounds++) {
        pthread_mutex_lock(&live->lock);
        const int is_over = stream->is_over, is_beat = stream->wants_beat, is_due = stream->is_due;
        stream->woken_ms = 0;
        if (is_over) {
            pthread_mutex_unlock(&live->lock);
            return -1;
        }
        if (stream->sent_bytes < stream->piece.size_bytes) {
            const size_t left = stream->piece.size_bytes - stream->sent_bytes, bytes = left < max ? left : max;
            memcpy(out, stream->piece.data + stream->sent_bytes, bytes);
            stream->sent_bytes += bytes;
            pthread_mutex_unlock(&live->lock);
            return (ssize_t)bytes;
        }
        buf_free(&stream->piece);
        stream->sent_bytes = 0;
        stream->wants_beat = stream->is_due = 0;
        stream->is_telling = is_due || is_beat;
        pthread_mutex_unlock(&live->lock);
        if (!is_due && !is_beat)
            return 0;
        const enum live_told told = tell(stream, is_beat);
        if (!stream->piece.size_bytes && is_beat)
            buf_puts(&stream->piece, ":\n\n");
        pthread_mutex_lock(&live->lock);
        stream->is_telling = 0;
        stream->is_due |= told == LIVE_TOLD_PART || told == LIVE_TOLD_FAILED;
        stream->is_over |= told == LIVE_TOLD_END;
        pthread_mutex_unlock(&live->lock);
        if (stream->piece.size_bytes || told == LIVE_TOLD_ALL || told == LIVE_TOLD_END)
            continue;
        if (told == LIVE_TOLD_FAILED) /* it stays due: the thread wakes it at its next look */
            return 0;
        if (rounds >= EMPTY_ROUNDS) {
            nudge_thread(live);
            return 0;
        }
    }
}

void live_close(struct live_stream *stream)
{
    struct live *live = stream->live;
    pthread_mutex_lock(&live->lock);
    if (stream->fd >= 0)
        (void)epoll_ctl(live->epoll_fd, EPOLL_CTL_DEL, stream->fd, NULL);
    for (int i = place_of(live, stream->place.account); i < live->count; i++) {
        if (live->streams[i] != stream)
            continue;
        memmove(&live->streams[i], &live->streams[i + 1], (size_t)(live->count - i - 1) * sizeof *live->streams);
        atomic_store(&live->open, --live->count);
        break;
    }
    pthread_mutex_unlock(&live->lock);
    presence_stream(live->presence, stream->place.account, 0, -1, clock_monotonic_ms());
    buf_free(&stream->piece);
    free(stream->place.shown);
    free(stream);
}
