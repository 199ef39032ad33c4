/*
 * Numbers in words, in English; times in UTC. Refuses nothing: negative sizes are 0, times ahead of now are "just now".
 * Where they are used: view.c (members of values in templates), feed.c.
 */
#include "words.h"

#include <time.h>

enum { MINUTE_S = 60, HOUR_S = 60 * MINUTE_S, DAY_S = 24 * HOUR_S, WEEK_S = 7 * DAY_S };

static void count(int64_t n, const char *one, const char *many, struct buf *out)
{
    buf_printf(out, "%lld %s", (long long)n, n == 1 ? one : many);
}

void words_ago(int64_t then_s, int64_t now_s, struct buf *out)
{
    int64_t age_s = now_s - then_s;
    if (age_s < MINUTE_S) {
        buf_puts(out, "just now");
    } else if (age_s < HOUR_S) {
        buf_printf(out, "%d min ago", (int)(age_s / MINUTE_S));
    } else if (age_s < DAY_S) {
        count(age_s / HOUR_S, "hour ago", "hours ago", out);
    } else if (age_s < 2 * DAY_S) {
        buf_puts(out, "yesterday");
    } else if (age_s < 2 * WEEK_S) {
        count(age_s / DAY_S, "day ago", "days ago", out);
    } else if (age_s < 8 * WEEK_S) {
        count(age_s / WEEK_S, "week ago", "weeks ago", out);
    } else {
        words_date(then_s, out);
    }
}

void words_ago_counted(int64_t then_s, int64_t now_s, struct buf *out)
{
    int64_t age_s = now_s - then_s;
    if (age_s < MINUTE_S) {
        buf_puts(out, "just now");
        return;
    }
    if (age_s < HOUR_S)
        count(age_s / MINUTE_S, "minute", "minutes", out);
    else if (age_s < DAY_S)
        count(age_s / HOUR_S, "hour", "hours", out);
    else
        count(age_s / DAY_S, "day", "days", out);
    buf_puts(out, " ago");
}

static struct tm calendar(int64_t time_s)
{
    time_t t = (time_t)time_s;
    struct tm tm = {.tm_mday = 1, .tm_year = 70};
    gmtime_r(&t, &tm); /* years beyond an int leave 1970 */
    return tm;
}

void words_date(int64_t time_s, struct buf *out)
{
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct tm tm = calendar(time_s);
    buf_printf(out, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

void words_datetime(int64_t time_s, struct buf *out)
{
    struct tm tm = calendar(time_s);
    words_date(time_s, out);
    buf_printf(out, ", %02d:%02d UTC", tm.tm_hour, tm.tm_min);
}

void words_rfc3339(int64_t time_s, struct buf *out)
{
    struct tm tm = calendar(time_s);
    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
               tm.tm_min, tm.tm_sec);
}

void words_rfc5322(int64_t time_s, struct buf *out)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm = calendar(time_s);
    buf_printf(out, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
               tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void words_bytes(int64_t size_bytes, struct buf *out)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (size_bytes < 1000) {
        count(size_bytes > 0 ? size_bytes : 0, "byte", "bytes", out);
        return;
    }
    uint64_t size = (uint64_t)size_bytes, unit = 1000;
    size_t name = 0;
    for (; unit < 1000000000000000000 && size >= unit * 999 + unit / 2; name++) /* 999.5 kB are 1.0 MB already */
        unit *= 1000;
    uint64_t tenths = size / unit * 10 + (size % unit * 10 + unit / 2) / unit;
    if (tenths < 1000)
        buf_printf(out, "%d.%d %s", (int)(tenths / 10), (int)(tenths % 10), units[name]);
    else
        buf_printf(out, "%d %s", (int)((size + unit / 2) / unit), units[name]);
}

void words_modem(int64_t size_bytes, struct buf *out)
{
    int64_t tenths = size_bytes / 700; /* 56 000 bit/s are 7 000 bytes/s */
    int64_t s = tenths / 10;
    if (s < 10)
        buf_printf(out, "%d.%d s", (int)s, (int)(tenths % 10));
    else if (s < MINUTE_S)
        buf_printf(out, "%d s", (int)s);
    else if (s < HOUR_S)
        buf_printf(out, "%d min %d s", (int)(s / MINUTE_S), (int)(s % MINUTE_S));
    else
        buf_printf(out, "%lld h %d min", (long long)(s / HOUR_S), (int)(s % HOUR_S / MINUTE_S));
}

void words_shrunk(int64_t before_bytes, int64_t after_bytes, struct buf *out)
{
    words_bytes(before_bytes, out);
    buf_puts(out, " → ");
    words_bytes(after_bytes, out);
    if (after_bytes > 0 && before_bytes / after_bytes >= 2)
        buf_printf(out, ", %lld times smaller", (long long)(before_bytes / after_bytes));
}
