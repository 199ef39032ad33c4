/*
 * A bar with count, rate, bytes saved and time left, in one line of whatever the terminal is wide (from about 30
 * columns up). Drawn by one thread only, which also writes all messages: that is why they never mix.
 */
#include "base/lang.h"
#include "progress.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 256, BAR_COLUMNS_MAX = 64, BAR_COLUMNS_MIN = 4, DEFAULT_COLUMNS = 80 };

struct progress {
    bool utf8, shown;
    double start_s, drawn_s; /* drawn_s may lie ahead: not before then */
};

static double progress_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct progress *progress_open(enum progress_when when)
{
    const char *terminal = getenv("TERM");
    if (when == PROGRESS_NEVER ||
        (when == PROGRESS_AUTO && (!isatty(STDERR_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)))
        return NULL;
    struct progress *progress = calloc(1, sizeof *progress);
    if (progress) {
        progress->utf8 = text_is_utf8();
        progress->start_s = progress_now_s();
        /* What is over at once needs no bar, unless it was asked for. */
        progress->drawn_s = when == PROGRESS_ALWAYS ? 0 : progress->start_s + 0.2;
    }
    return progress;
}

static size_t progress_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return DEFAULT_COLUMNS;
}

/* The bar: full blocks and, in UTF-8, eighths of a block: an 8×8 block is what all of this is about. */
static void progress_print_bar(const struct progress *progress, size_t columns, double share)
{
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t filled = (size_t)(share * (double)columns * 8);
    for (size_t i = 0; i<columns; i++, filled = filled> 8 ? filled - 8 : 0) {
        if (!progress->utf8)
            putc(filled >= 8 ? '#' : '.', stderr);
        else
            fputs(filled >= 8 ? "█" : filled ? eighths[filled] : "░", stderr);
    }
}

void progress_draw(struct progress *progress, const struct totals *totals, uint64_t inputs)
{
    if (!progress)
        return;
    double now_s = progress_now_s(), running_s = now_s - progress->start_s;
    if (now_s - progress->drawn_s < 0.1)
        return;
    progress->drawn_s = now_s;
    uint64_t done = totals->crushed + totals->skipped + totals->passed_over + totals->failed;
    double rate = running_s > 0 ? (double)done / running_s : 0;
    size_t columns = progress_columns();
    bool wide = columns >= 72;
    char count[64], speed[TEXT_SIZE], saved[TEXT_SIZE], left[TEXT_SIZE + 8] = "", line[LINE_BYTES];
    text_size(saved, totals->source_bytes > totals->bytes ? totals->source_bytes - totals->bytes : 0);
    snprintf(speed, sizeof speed, rate < 9.95 ? "%.1f/s" : "%.0f/s", rate);
    if (inputs && done <= inputs) {
        char duration[TEXT_SIZE];
        snprintf(count, sizeof count, "%llu/%llu", (unsigned long long)done, (unsigned long long)inputs);
        if (rate > 0) {
            text_duration(duration, (uint64_t)((double)(inputs - done) / rate + 0.5));
            snprintf(left, sizeof left, wide ? tr("%s left") : "%s", duration);
        }
    } else {
        snprintf(count, sizeof count, "%llu", (unsigned long long)done);
    }
    if (wide)
        snprintf(line, sizeof line, tr("  %s  %s  %s saved  %s"), count, speed, saved, left);
    else /* say it with as few letters as possible: saved is what is minus */
        snprintf(line, sizeof line, " %s %s -%s %s", count, speed, saved, left);
    size_t text_columns = strlen(line); /* all of it ASCII */
    size_t bar_columns = 0;
    if (inputs && done <= inputs && columns > text_columns + BAR_COLUMNS_MIN)
        bar_columns = columns - 1 - text_columns; /* the last column would wrap on some terminals */
    if (bar_columns > BAR_COLUMNS_MAX)
        bar_columns = BAR_COLUMNS_MAX;
    fputs("\r", stderr);
    progress_print_bar(progress, bar_columns, inputs ? (double)done / (double)inputs : 0);
    fprintf(stderr, "%.*s\x1b[K", (int)(columns - 1 - bar_columns), line + (bar_columns ? 0 : 1));
    fflush(stderr);
    progress->shown = true;
}

void progress_clear(struct progress *progress)
{
    if (!progress || !progress->shown)
        return;
    fputs("\r\x1b[K", stderr);
    fflush(stderr);
    progress->shown = false;
    progress->drawn_s = 0; /* bring it back at the next draw */
}

void progress_close(struct progress *progress)
{
    progress_clear(progress);
    free(progress);
}
