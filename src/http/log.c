/*
 * Collects lines in memory and writes them four times a second. Refuses to grow beyond 1 MB. Holds no path, no query,
 * no header: nothing personal but the address. Read next: exchange.c.
 */
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

enum { MAX_BYTES = 1000000, EVERY_MS = 250 };

struct log {
    int fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t closing_changed;
    int closing;
    struct buf lines;
    uint64_t dropped;
    int64_t second; /* whose time is in stamp */
    char stamp[24];
};

static void write_all(int fd, const char *bytes, size_t size_bytes)
{
    while (size_bytes) {
        ssize_t written = write(fd, bytes, size_bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        size_bytes -= (size_t)written;
    }
}

static void *run(void *context)
{
    struct log *log = context;
    struct buf batch = {0};
    int closing = 0;
    while (!closing) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += EVERY_MS * 1000000l;
        until.tv_sec += until.tv_nsec / 1000000000l;
        until.tv_nsec %= 1000000000l;
        pthread_mutex_lock(&log->lock);
        if (!log->closing)
            pthread_cond_timedwait(&log->closing_changed, &log->lock, &until);
        closing = log->closing;
        struct buf full = log->lines;
        log->lines = batch;
        batch = full;
        if (log->dropped)
            buf_printf(&batch, "{\"dropped\":%llu}\n", (unsigned long long)log->dropped);
        log->dropped = 0;
        pthread_mutex_unlock(&log->lock);
        if (batch.size_bytes)
            write_all(log->fd, batch.data, batch.size_bytes);
        if (batch.capacity_bytes > 100000)
            buf_free(&batch);
        buf_clear(&batch);
    }
    buf_free(&batch);
    return NULL;
}

struct log *log_open(int fd)
{
    struct log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    log->fd = fd;
    pthread_condattr_t attributes;
    pthread_mutex_init(&log->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* a clock that is set back shall not hold up the log */
    pthread_cond_init(&log->closing_changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!pthread_create(&log->thread, NULL, run, log))
        return log;
    pthread_cond_destroy(&log->closing_changed);
    pthread_mutex_destroy(&log->lock);
    free(log);
    return NULL;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->lock);
    log->closing = 1;
    pthread_cond_signal(&log->closing_changed);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->thread, NULL);
    pthread_cond_destroy(&log->closing_changed);
    pthread_mutex_destroy(&log->lock);
    buf_free(&log->lines);
    free(log);
}

static void add_text(struct buf *out, const char *key, const char *value)
{
    buf_puts(out, key);
    buf_puts(out, value);
    buf_putc(out, '"');
}

static void add_number(struct buf *out, const char *key, uint64_t value)
{
    char digits[20];
    int used = 0;
    do
        digits[sizeof digits - (size_t)++used] = (char)('0' + value % 10);
    while (value /= 10);
    buf_puts(out, key);
    buf_append(out, digits + sizeof digits - used, (size_t)used);
}

/* Nothing needs escaping: all texts are ours, or an address. Without printf, which would cost more than the request. */
static void add_line(struct buf *out, const char *stamp, const struct log_entry *entry)
{
    add_text(out, "{\"time\":\"", stamp);
    add_text(out, ",\"method\":\"", entry->method);
    add_text(out, ",\"route\":\"", entry->route);
    add_number(out, ",\"status\":", (uint64_t)entry->status);
    add_number(out, ",\"sent\":", entry->sent_bytes);
    add_number(out, ",\"received\":", entry->received_bytes);
    add_number(out, ",\"us\":", (uint64_t)entry->duration_us);
    add_text(out, ",\"address\":\"", entry->address);
    if (entry->note)
        add_text(out, ",\"note\":\"", entry->note);
    buf_puts(out, "}\n");
}

void log_request(struct log *log, const struct log_entry *entry)
{
    int64_t now_s = clock_now_s();
    pthread_mutex_lock(&log->lock);
    if (now_s != log->second) {
        struct tm tm;
        time_t time = (time_t)now_s;
        gmtime_r(&time, &tm);
        strftime(log->stamp, sizeof log->stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
        log->second = now_s;
    }
    if (log->lines.size_bytes > MAX_BYTES)
        log->dropped++;
    else
        add_line(&log->lines, log->stamp, entry);
    pthread_mutex_unlock(&log->lock);
}
