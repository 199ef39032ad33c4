/*
 * Cuts a form with files into its parts while it arrives. Refuses forms without a name on every part, headers over
 * 4 kB, and bodies that end early. Headers may go on in the next line, as mail programs write them. Pictures
 * are files without a file name, too.
 * Read next: body.c, the sink.
 */
#include "multipart.h"

#include <string.h>
#include <strings.h>

int multipart_init(struct multipart *multipart, const char *boundary, const struct multipart_sink *sink)
{
    size_t length = strlen(boundary);
    if (!length || length > MULTIPART_BOUNDARY_MAX)
        return -1;
    memset(multipart, 0, sizeof *multipart);
    multipart->sink = *sink;
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(multipart->delimiter + 4, boundary, length);
    multipart->delimiter_bytes = length + 4;
    buf_append(&multipart->window, "\r\n", 2); /* the first delimiter may stand at the very start */
    return 0;
}

void multipart_free(struct multipart *multipart)
{
    buf_free(&multipart->window);
}

/* The parameter of a Content-Disposition header: quoted, as all browsers do, or a bare token. */
static int find_parameter(const char *line, const char *end, const char *name, const char **ret_value,
                          size_t *ret_bytes)
{
    size_t name_bytes = strlen(name);
    const char *at = line;
    while ((at = memchr(at, ';', (size_t)(end - at)))) {
        do
            at++;
        while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')); /* folded */
        int is_it = (size_t)(end - at) > name_bytes && !strncasecmp(at, name, name_bytes) && at[name_bytes] == '=';
        while (at < end && *at != '=' && *at != ';')
            at++;
        if (at >= end || *at == ';')
            continue;
        const char *value = ++at;
        if (at < end && *at == '"') {
            value = ++at;
            while (at < end && *at != '"')
                at++; /* browsers send %22 for a quote, never a backslash */
        } else {
            while (at < end && *at != ';' && *at != ' ' && *at != '\r')
                at++;
        }
        if (is_it) {
            *ret_value = value;
            *ret_bytes = (size_t)(at - value);
            return 1;
        }
    }
    return 0;
}

/* Where a header ends: lines that begin with a space or tab belong to it (RFC 5322, 2.2.3). */
static const char *end_of_header(const char *line, const char *end)
{
    const char *stop = line;
    while ((stop = memmem(stop, (size_t)(end - stop), "\r\n", 2))) {
        if (stop + 2 >= end || (stop[2] != ' ' && stop[2] != '\t'))
            return stop;
        stop += 2;
    }
    return end;
}

/* The value of a header when the line is of this name, else NULL. name: in small letters, with its colon. */
static const char *value_of(const char *line, const char *stop, const char *name)
{
    const size_t name_bytes = strlen(name);
    if ((size_t)(stop - line) < name_bytes || strncasecmp(line, name, name_bytes) != 0)
        return NULL;
    for (line += name_bytes; line < stop && strchr(" \t\r\n", *line); line++)
        ;
    return line;
}

static enum multipart_status begin_part(struct multipart *multipart, const char *headers, size_t size_bytes)
{
    const char *line = headers, *end = headers + size_bytes, *coded = NULL;
    struct multipart_part part = {0};
    size_t coded_bytes = 0;
    for (const char *stop; line < end; line = stop + 2) {
        stop = end_of_header(line, end);
        const char *type = value_of(line, stop, "content-type:");
        if (type && stop - type > 6 && !strncasecmp(type, "image/", 6))
            part.is_file = 1;
        if (part.name || !value_of(line, stop, "content-disposition:"))
            continue;
        if (!find_parameter(line, stop, "name", &part.name, &part.name_bytes) ||
            memchr(part.name, '\r', part.name_bytes))
            return MULTIPART_MALFORMED;
        part.is_file |= find_parameter(line, stop, "filename", &part.file_name, &part.file_name_bytes) ||
                        find_parameter(line, stop, "filename*", &coded, &coded_bytes);
    }
    if (!part.name)
        return MULTIPART_MALFORMED;
    return multipart->sink.begin(multipart->sink.context, &part) ? MULTIPART_STOPPED : MULTIPART_OK;
}

/* One step on the window from *at; returns 0 when more bytes are needed, 1 to go on, or -1 with *ret_status set. */
static int step(struct multipart *multipart, size_t *at, enum multipart_status *ret_status)
{
    const char *data = multipart->window.data + *at;
    size_t left = multipart->window.size_bytes - *at;
    const char *found;
    *ret_status = MULTIPART_MALFORMED;
    switch (multipart->state) {
    case MULTIPART_PREAMBLE:
    case MULTIPART_CONTENT: {
        int is_content = multipart->state == MULTIPART_CONTENT;
        found = memmem(data, left, multipart->delimiter, multipart->delimiter_bytes);
        size_t ready = left;
        if (found)
            ready = (size_t)(found - data);
        else if (left >= multipart->delimiter_bytes)
            ready = left - multipart->delimiter_bytes + 1;
        else
            return 0;
        if (is_content && ready && multipart->sink.data(multipart->sink.context, data, ready)) {
            *ret_status = MULTIPART_STOPPED;
            return -1;
        }
        *at += ready;
        if (!found)
            return 0;
        *at += multipart->delimiter_bytes;
        multipart->state = MULTIPART_LINE;
        if (is_content && multipart->sink.end(multipart->sink.context)) {
            *ret_status = MULTIPART_STOPPED;
            return -1;
        }
        return 1;
    }
    case MULTIPART_LINE: /* behind a delimiter: "--" at the end of all, else the rest of its line */
        if (left < 2)
            return 0;
        if (data[0] == '-' && data[1] == '-') {
            multipart->state = MULTIPART_DONE;
            return 1;
        }
        if (data[0] == ' ' || data[0] == '\t') {
            ++*at;
            return 1;
        }
        if (data[0] != '\r' || data[1] != '\n')
            return -1;
        multipart->state = MULTIPART_HEADERS; /* its CR LF stays: an empty header block is CR LF CR LF */
        return 1;
    case MULTIPART_HEADERS:
        found = memmem(data, left < MULTIPART_HEADERS_MAX ? left : MULTIPART_HEADERS_MAX, "\r\n\r\n", 4);
        if (!found)
            return left < MULTIPART_HEADERS_MAX ? 0 : -1;
        *ret_status = begin_part(multipart, data + 2, found > data ? (size_t)(found - data - 2) : 0);
        if (*ret_status)
            return -1;
        *at += (size_t)(found - data) + 4;
        multipart->state = MULTIPART_CONTENT;
        return 1;
    case MULTIPART_DONE: *at = multipart->window.size_bytes; return 0;
    }
    return -1;
}

enum multipart_status multipart_feed(struct multipart *multipart, const char *bytes, size_t size_bytes)
{
    size_t at = 0;
    enum multipart_status status;
    int more;
    if (multipart->state == MULTIPART_DONE)
        return MULTIPART_OK;
    buf_append(&multipart->window, bytes, size_bytes);
    while ((more = step(multipart, &at, &status)) > 0)
        ;
    if (more < 0)
        return status;
    size_t left = multipart->window.size_bytes - at;
    memmove(multipart->window.data, multipart->window.data + at, left);
    multipart->window.size_bytes = left;
    return MULTIPART_OK;
}

enum multipart_status multipart_finish(struct multipart *multipart)
{
    return multipart->state == MULTIPART_DONE ? MULTIPART_OK : MULTIPART_MALFORMED;
}
