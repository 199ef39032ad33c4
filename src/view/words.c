/*
 * Numbers in words, in the language of the thread; times in UTC. Refuses nothing: negative sizes are 0, times ahead of
 * now are "just now". What programs read (RFC 3339, RFC 5322, words_ago_counted) is English in every language.
 * Where they are used: view.c (members of values in templates), feed.c.
 */
#include "words.h"

#include <stdio.h>
#include <time.h>

#include "base/lang.h"

enum { MINUTE_S = 60, HOUR_S = 60 * MINUTE_S, DAY_S = 24 * HOUR_S, WEEK_S = 7 * DAY_S };

static void count(int64_t n, const char *one, const char *many, struct buf *out)
{
    buf_printf(out, "%lld %s", (long long)n, n == 1 ? one : many);
}

void words_ago(int64_t then_s, int64_t now_s, struct buf *out)
{
    int64_t age_s = now_s - then_s;
    if (age_s < MINUTE_S) {
        buf_puts(out, tr("just now"));
    } else if (age_s < HOUR_S) {
        buf_printf(out, tr("%d min ago"), (int)(age_s / MINUTE_S));
    } else if (age_s < DAY_S) {
        const int64_t hours = age_s / HOUR_S;
        buf_printf(out, trn("%lld hour ago", "%lld hours ago", hours), (long long)hours);
    } else if (age_s < 2 * DAY_S) {
        buf_puts(out, tr("yesterday"));
    } else if (age_s < 2 * WEEK_S) {
        const int64_t days = age_s / DAY_S;
        buf_printf(out, trn("%lld day ago", "%lld days ago", days), (long long)days);
    } else if (age_s < 8 * WEEK_S) {
        const int64_t weeks = age_s / WEEK_S;
        buf_printf(out, trn("%lld week ago", "%lld weeks ago", weeks), (long long)weeks);
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

static const char *month_name(const struct tm *tm)
{
    static const char *const months[] = {N_("January"),   N_("February"), N_("March"),    N_("April"),
                                         N_("May"),       N_("June"),     N_("July"),     N_("August"),
                                         N_("September"), N_("October"),  N_("November"), N_("December")};
    return tr(months[tm->tm_mon]);
}

void words_date(int64_t time_s, struct buf *out)
{
    struct tm tm = calendar(time_s);
    char day[12];
    snprintf(day, sizeof day, "%d", tm.tm_mday);
    /* a day, a month, a year */
    buf_printf(out, tr("%s %s %d"), tm.tm_mday == 1 ? lang_get(lang_used())->first_day : day, month_name(&tm),
               tm.tm_year + 1900);
}

void words_month(int64_t time_s, struct buf *out)
{
    struct tm tm = calendar(time_s);
    buf_puts(out, month_name(&tm));
}

void words_datetime(int64_t time_s, struct buf *out)
{
    struct tm tm = calendar(time_s);
    words_date(time_s, out);
    buf_printf(out, tr(", %02d:%02d UTC"), tm.tm_hour, tm.tm_min);
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

/* 118 as "11.8". */
static void put_tenths(int64_t tenths, struct buf *out)
{
    buf_printf(out, "%lld%s%d", (long long)(tenths / 10), lang_get(lang_used())->decimal, (int)(tenths % 10));
}

void words_number(int64_t number, struct buf *out)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%lld", (long long)number), first = *digits == '-';
    for (int i = 0; i < length; i++) {
        if (i > first && (length - i) % 3 == 0)
            buf_puts(out, lang_get(lang_used())->group);
        buf_putc(out, digits[i]);
    }
}

void words_bytes(int64_t size_bytes, struct buf *out)
{
    static const char *const units[] = {N_("kB"), N_("MB"), N_("GB"), N_("TB"), N_("PB"), N_("EB")};
    if (size_bytes < 1000) {
        const int64_t bytes = size_bytes > 0 ? size_bytes : 0;
        buf_printf(out, trn("%lld byte", "%lld bytes", bytes), (long long)bytes);
        return;
    }
    uint64_t size = (uint64_t)size_bytes, unit = 1000;
    size_t name = 0;
    for (; unit < 1000000000000000000 && size >= unit * 999 + unit / 2; name++) /* 999.5 kB are 1.0 MB already */
        unit *= 1000;
    uint64_t tenths = size / unit * 10 + (size % unit * 10 + unit / 2) / unit;
    if (tenths < 1000)
        put_tenths((int64_t)tenths, out);
    else
        buf_printf(out, "%d", (int)((size + unit / 2) / unit));
    buf_printf(out, "%s%s", lang_get(lang_used())->unit, tr(units[name]));
}

void words_modem(int64_t size_bytes, struct buf *out)
{
    int64_t tenths = size_bytes / 700; /* 56 000 bit/s are 7 000 bytes/s */
    int64_t s = tenths / 10;
    if (s < 10)
        put_tenths(tenths, out);
    else if (s < MINUTE_S)
        buf_printf(out, "%d", (int)s);
    else if (s < HOUR_S)
        buf_printf(out, tr("%d min %d s"), (int)(s / MINUTE_S), (int)(s % MINUTE_S));
    else
        buf_printf(out, tr("%lld h %d min"), (long long)(s / HOUR_S), (int)(s % HOUR_S / MINUTE_S));
    if (s < MINUTE_S)
        buf_printf(out, "%ss", lang_get(lang_used())->unit);
}

void words_shrunk(int64_t before_bytes, int64_t after_bytes, struct buf *out)
{
    words_bytes(before_bytes, out);
    buf_puts(out, " → ");
    words_bytes(after_bytes, out);
    if (after_bytes > 0 && before_bytes / after_bytes >= 2)
        buf_printf(out, tr(", %lld times smaller"), (long long)(before_bytes / after_bytes));
}
