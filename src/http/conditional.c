/*
 * Decides between 200, 206, 304, 412 and 416. Knows no library and no socket. Refuses nothing: what is malformed is
 * ignored, as the standard asks. Read next: reply.c.
 */
#include "conditional.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* RFC 9110 §8.8.3.2; weak comparison also takes "W/", and the "-gz" that our compressed form carries. */
static int is_listed(const char *list, const char *etag, int weak)
{
    size_t etag_bytes = strlen(etag);
    while (*list) {
        list += strspn(list, " \t,");
        if (*list == '*')
            return 1;
        int is_weak = !strncmp(list, "W/", 2);
        const char *tag = list + (is_weak ? 2 : 0);
        if (*tag != '"')
            return 0;
        const char *end = strchr(tag + 1, '"');
        if (!end)
            return 0;
        size_t length = (size_t)(end + 1 - tag);
        if (weak && length > 4 && !memcmp(end - 3, "-gz", 3) && length - 3 == etag_bytes &&
            !memcmp(tag, etag, etag_bytes - 1))
            return 1;
        if ((weak || !is_weak) && length == etag_bytes && !memcmp(tag, etag, length))
            return 1;
        list = end + 1;
    }
    return 0;
}

int64_t conditional_parse_date(const char *text)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && !*end ? (int64_t)timegm(&tm) : -1;
}

void conditional_write_date(int64_t time_s, char ret_text[32])
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm;
    time_t time = (time_t)time_s;
    gmtime_r(&time, &tm);
    snprintf(ret_text, 32, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday % 7], (unsigned)tm.tm_mday % 100,
             months[tm.tm_mon % 12], (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
             (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

/* Digits to a number; -1 without any, saturating where they are too many. */
static int parse_number(const char **text, uint64_t *ret_number)
{
    uint64_t number = 0;
    const char *at = *text;
    for (; *at >= '0' && *at <= '9'; at++)
        number = number > UINT64_MAX / 20 ? UINT64_MAX / 2 : number * 10 + (uint64_t)(*at - '0');
    if (at == *text)
        return -1;
    *text = at;
    *ret_number = number;
    return 0;
}

int conditional_parse_range(const char *text, uint64_t size_bytes, uint64_t *ret_first, uint64_t *ret_last)
{
    uint64_t first = 0, last = UINT64_MAX;
    if (strncasecmp(text, "bytes=", 6))
        return 200;
    text += 6;
    text += strspn(text, " \t");
    if (*text == '-') {
        uint64_t suffix;
        text++;
        if (parse_number(&text, &suffix))
            return 200;
        if (!suffix || !size_bytes)
            return text[strspn(text, " \t")] ? 200 : 416;
        first = suffix < size_bytes ? size_bytes - suffix : 0;
    } else {
        if (parse_number(&text, &first) || *text++ != '-')
            return 200;
        if (*text >= '0' && *text <= '9' && (parse_number(&text, &last) || last < first))
            return 200;
    }
    if (text[strspn(text, " \t")])
        return 200; /* several ranges, or nonsense */
    if (first >= size_bytes)
        return 416;
    *ret_first = first;
    *ret_last = last < size_bytes ? last : size_bytes - 1;
    return 206;
}

int conditional_evaluate(const struct conditional_headers *headers, const char *etag, int64_t modified_s,
                         uint64_t size_bytes, uint64_t *ret_first, uint64_t *ret_last)
{
    if (headers->if_match) {
        if (!etag || !is_listed(headers->if_match, etag, 0))
            return 412;
    } else if (headers->if_unmodified_since && modified_s) {
        int64_t since = conditional_parse_date(headers->if_unmodified_since);
        if (since >= 0 && modified_s > since)
            return 412;
    }
    if (headers->if_none_match) {
        if (etag && is_listed(headers->if_none_match, etag, 1))
            return 304;
    } else if (headers->if_modified_since && modified_s) {
        int64_t since = conditional_parse_date(headers->if_modified_since);
        if (since >= 0 && modified_s <= since)
            return 304;
    }
    if (!headers->range)
        return 200;
    if (headers->if_range) {
        int fits = *headers->if_range == '"' ? etag && !strcmp(headers->if_range, etag)
                                             : modified_s && conditional_parse_date(headers->if_range) == modified_s;
        if (!fits)
            return 200;
    }
    return conditional_parse_range(headers->range, size_bytes, ret_first, ret_last);
}
