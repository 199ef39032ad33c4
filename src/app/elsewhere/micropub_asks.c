/*
 * What a Micropub client may ask of a post beside its words: to be a draft, to be seen by some people only, to appear
 * later, to answer or like a page elsewhere. Nothing of it is passed over in silence, since what was meant for few eyes
 * would be seen by all. Refuses what cannot be honoured here, in words; a draft is for micropub.c to keep or to refuse.
 * Read next: micropub.c.
 */
#include "app/elsewhere/micropub.h"

#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    HOUR_S = 3600,
    CLOCK_SKEW_S = 300,        /* clients' clocks run ahead a little */
    ZONE_MOST_S = 14 * HOUR_S, /* a time without its zone may be so far ahead of UTC */
};

/* A field of a form that was left empty, as "" says nothing. */
static int is_blank(const json_t *value)
{
    return json_is_string(value) && !json_string_length(value);
}

/* "Z", "+01:00", "+0100" or "+01" as seconds ahead of UTC; -1 when it is none. */
static int read_zone(const char *text, int64_t *ret_ahead_s)
{
    int hours = 0, minutes = 0;
    if (!strcasecmp(text, "Z")) {
        *ret_ahead_s = 0;
        return 0;
    }
    const char *at = text + 1;
    size_t digits = strspn(at, "0123456789");
    if ((*text != '+' && *text != '-') || (digits != 2 && digits != 4))
        return -1;
    hours = (at[0] - '0') * 10 + at[1] - '0';
    at += 2;
    at += *at == ':';
    if (*at) {
        if (strspn(at, "0123456789") != 2 || at[2])
            return -1;
        minutes = (at[0] - '0') * 10 + at[1] - '0';
    }
    *ret_ahead_s = (*text == '-' ? -1 : 1) * ((int64_t)hours * HOUR_S + minutes * 60);
    return 0;
}

/* The earliest moment that an ISO 8601 time can mean, as microformats write it; -1 when it is none. */
static int read_time(const char *text, int64_t *ret_time_s)
{
    struct tm tm = {.tm_mday = 1};
    int64_t ahead_s = ZONE_MOST_S;
    const char *at = strptime(text, "%Y-%m-%d", &tm);
    if (!at)
        return -1;
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at = strptime(at + 1, "%H:%M", &tm);
        if (at && *at == ':')
            at = strptime(at + 1, "%S", &tm);
        if (at && *at == '.')
            at += 1 + strspn(at + 1, "0123456789");
        if (!at)
            return -1;
    }
    at += strspn(at, " ");
    if (*at && read_zone(at, &ahead_s))
        return -1;
    *ret_time_s = (int64_t)timegm(&tm) - ahead_s;
    return 0;
}

static const struct fault *check_published(struct request *req, const char *value)
{
    int64_t time_s = 0;
    if (read_time(value, &time_s))
        return fault_of_field(&req->arena, "published", 0, "published is a time like 2026-11-23T09:12:00Z.");
    if (time_s > req->now_s + CLOCK_SKEW_S)
        return fault_of_field(&req->arena, "published", 0,
                              "Posts here appear at once, none can wait for its time. Send it when published is over.");
    return NULL;
}

static const struct fault *check_visibility(struct request *req, const char *value)
{
    if (!strcasecmp(value, "public"))
        return NULL;
    return fault_of_field(&req->arena, "visibility", 0,
                          "Posts here are seen by everybody, so nothing was posted. visibility can only be public.");
}

static const struct fault *check_status(struct request *req, const char *value, int *is_draft)
{
    if (!strcasecmp(value, "published"))
        return NULL;
    if (strcasecmp(value, "draft"))
        return fault_of_field(&req->arena, "post-status", 0, "post-status is published or draft.");
    *is_draft = 1;
    return NULL;
}

/* A post that means another page (like-of, bookmark-of, …), or that is of a kind that is not kept here. */
static int is_without_meaning(const char *name)
{
    static const char *const names[] = {"rsvp", "video", "audio"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i]))
            return 1;
    return length > 3 && !strcmp(name + length - 3, "-of");
}

/* An answer goes to a post of this piclog; pages elsewhere are not told of anything. */
static const struct fault *check_reply(struct request *req, const json_t *value)
{
    int64_t id;
    if (micropub_find_kind(req, micropub_address(value), &id))
        return NULL;
    return fault_of_field(
        &req->arena, "in-reply-to", 0,
        "in-reply-to has no meaning here unless it names a post of this piclog, so nothing was posted. "
        "Send it without in-reply-to.");
}

static const struct fault *check_value(struct request *req, const char *name, const json_t *value, int *is_draft)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    if (is_blank(value))
        return NULL;
    if (!strcmp(name, "in-reply-to"))
        return check_reply(req, value);
    if (is_without_meaning(name))
        return fault_of_field(&req->arena, arena_copy(&req->arena, name), 0,
                              "%.40s has no meaning here, so nothing was posted: this piclog keeps pictures, statuses "
                              "and moods of their own. Send it without %.40s.",
                              name, name);
    if (!strcmp(name, "post-status"))
        return check_status(req, text, is_draft);
    if (!strcmp(name, "visibility"))
        return check_visibility(req, text);
    return !strcmp(name, "published") ? check_published(req, text) : NULL;
}

const struct fault *micropub_check_asks(struct request *req, const json_t *properties, int *ret_is_draft)
{
    const struct fault *fault = NULL;
    const char *name;
    json_t *values, *value;
    size_t i;
    int is_draft = 0;
    json_object_foreach((json_t *)properties, name, values) json_array_foreach(values, i, value) if (!fault) fault =
        check_value(req, name, value, &is_draft);
    if (!fault)
        *ret_is_draft = is_draft;
    return fault;
}
