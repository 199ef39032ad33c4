/*
 * Reads bodies: forms, forms with files, a picture as it is, JSON. Pictures go straight into memfds and are never
 * parsed in this process. Refuses what is over a limit, naming it; exchange.c drains the rest and answers.
 * Read next: multipart.c, exchange.c.
 */
#include "body.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/request/fields.h"
#include "app/request/route.h"
#include "app/request/share.h"

__attribute__((format(printf, 3, 4))) static int refuse(struct body *body, int status, const char *format, ...)
{
    va_list args;
    if (body->refused)
        return -1;
    body->refused = status;
    va_start(args, format);
    vsnprintf(body->detail, sizeof body->detail, format, args);
    va_end(args);
    return -1;
}

static int refuse_size(struct body *body)
{
    return refuse(body, 413, "This is too much at once: at most %zu bytes are taken here. Send fewer or smaller files.",
                  body->limit_bytes);
}

static int open_upload(struct body *body, const char *name, const char *file_name)
{
    struct request *req = body->req;
    if (req->upload_count == UPLOADS_MAX)
        return refuse(body, 413, "At most %d files can be sent at once.", UPLOADS_MAX);
    if (atomic_fetch_add(&req->app->metrics.uploads_in_flight, 1) >= UPLOADS_IN_FLIGHT_MAX) {
        atomic_fetch_sub(&req->app->metrics.uploads_in_flight, 1);
        return refuse(body, 503, "Too many uploads arrive at this moment. Try again in a few seconds.");
    }
    body->held_files++;
    int fd = memfd_create("upload", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return refuse(body, 503, "There is no room for another upload now. Try again in a moment.");
    req->uploads[req->upload_count++] = (struct upload){.name = name, .file_name = file_name, .fd = fd};
    return 0;
}

static int write_upload(struct body *body, const char *bytes, size_t size_bytes)
{
    struct app *app = body->req->app;
    struct upload *upload = &body->req->uploads[body->req->upload_count - 1];
    if (upload->size_bytes + size_bytes > app->config->upload_bytes)
        return refuse(body, 413, "A picture may have at most %zu bytes. Shrink it a little before sending it.",
                      app->config->upload_bytes);
    if (shares_take(app->shares, body->req->viewer.account, size_bytes, app->config->uploads_in_flight_bytes / 2))
        return refuse(body, 503, "Too many of your uploads arrive at the same time. Send them one after the other.");
    int64_t in_flight = atomic_fetch_add(&app->metrics.uploads_in_flight_bytes, (int64_t)size_bytes);
    body->held_bytes += size_bytes;
    if (in_flight + (int64_t)size_bytes > (int64_t)app->config->uploads_in_flight_bytes)
        return refuse(body, 503, "Too many uploads arrive at this moment. Try again in a few seconds.");
    upload->size_bytes += size_bytes;
    while (size_bytes) {
        ssize_t written = write(upload->fd, bytes, size_bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return refuse(body, 503, "There is no room for another upload now. Try again in a moment.");
        bytes += written;
        size_bytes -= (size_t)written;
    }
    return 0;
}

/* Fields that hold a picture and never words: what comes in them is a file, whether it has a file name or not. */
static int is_file_field(const char *name)
{
    static const char *const names[] = {"image", "image[]", "file"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i]))
            return 1;
    return 0;
}

static int on_part(void *context, const struct multipart_part *part)
{
    struct body *body = context;
    struct arena *arena = &body->req->arena;
    int is_file = part->is_file;
    if (++body->parts > FIELDS_MAX + UPLOADS_MAX)
        return refuse(body, 400, "The form has more than %d fields.", FIELDS_MAX);
    if (part->name_bytes > FIELD_NAME_MAX_BYTES || memchr(part->name, 0, part->name_bytes))
        return refuse(body, 400, "The form has a field whose name is longer than %d bytes.", FIELD_NAME_MAX_BYTES);
    body->field_name = arena_copy_n(arena, part->name, part->name_bytes);
    is_file |= body->req->route->flags & CRUSHES && is_file_field(body->field_name);
    body->is_file = is_file;
    buf_clear(&body->field);
    if (!is_file)
        return 0;
    if (!(body->req->route->flags & CRUSHES))
        return refuse(body, 400, "This form takes no files.");
    return open_upload(body, body->field_name,
                       part->file_name ? arena_copy_n(arena, part->file_name, part->file_name_bytes) : NULL);
}

static int on_bytes(void *context, const char *bytes, size_t size_bytes)
{
    struct body *body = context;
    if (body->is_file)
        return write_upload(body, bytes, size_bytes);
    body->text_bytes += size_bytes;
    if (body->text_bytes > body->text_limit_bytes)
        return refuse(body, 413, "The fields of this form may have at most %zu bytes together.",
                      body->text_limit_bytes);
    buf_append(&body->field, bytes, size_bytes);
    return 0;
}

static int on_part_end(void *context)
{
    struct body *body = context;
    struct request *req = body->req;
    if (body->is_file) {
        struct upload *upload = &req->uploads[req->upload_count - 1];
        if (!upload->size_bytes) { /* a file field that was left empty */
            close(upload->fd);
            req->upload_count--;
            body->held_files--;
            atomic_fetch_sub(&req->app->metrics.uploads_in_flight, 1);
        }
        return 0;
    }
    switch (fields_add(&req->arena, &req->form, body->field_name, strlen(body->field_name),
                       body->field.data ? body->field.data : "", body->field.size_bytes)) {
    case FIELDS_OK: return 0;
    case FIELDS_TOO_MANY: return refuse(body, 400, "The form has more than %d fields.", FIELDS_MAX);
    case FIELDS_NAME:
    case FIELDS_NUL: break;
    }
    return refuse(body, 400, "The form has a field with a NUL byte in it.");
}

void body_begin(struct body *body, struct request *req, int64_t content_length)
{
    const char *type = request_header(req, "Content-Type");
    memset(body, 0, sizeof *body);
    body->req = req;
    body->limit_bytes = app_body_limit(req, &body->text_limit_bytes);
    if (content_length > 0 && (uint64_t)content_length > body->limit_bytes) {
        refuse_size(body);
        return;
    }
    if (type && !strncasecmp(type, "multipart/form-data", 19)) {
        struct multipart_sink sink = {on_part, on_bytes, on_part_end, body};
        const char *boundary = fields_parameter(&req->arena, type, "boundary");
        body->kind = BODY_MULTIPART;
        if (!boundary || multipart_init(&body->multipart, boundary, &sink))
            refuse(body, 400, "The form names no boundary between its parts, or one of more than %d characters.",
                   MULTIPART_BOUNDARY_MAX);
        else
            body->is_open = 1;
        return;
    }
    int is_text = type && (!strncasecmp(type, "application/x-www-form-urlencoded", 33) ||
                           !strncasecmp(type, "application/json", 16));
    if (!is_text && req->route->flags & CRUSHES) { /* what it is, the worker tells by its first bytes */
        body->kind = BODY_FILE;
        if (content_length > 0 && (uint64_t)content_length > req->app->config->upload_bytes)
            refuse(body, 413, "A picture may have at most %zu bytes. Shrink it a little before sending it.",
                   req->app->config->upload_bytes);
        else
            (void)open_upload(body, "image", NULL);
    }
}

void body_feed(struct body *body, const char *bytes, size_t size_bytes)
{
    body->received_bytes += size_bytes;
    if (body->refused || !body->req) /* a refused request has no body of its own */
        return;
    if (body->received_bytes > body->limit_bytes) {
        refuse_size(body);
        return;
    }
    switch (body->kind) {
    case BODY_TEXT:
        if (body->received_bytes > body->text_limit_bytes)
            refuse(body, 413, "This may have at most %zu bytes.", body->text_limit_bytes);
        else
            buf_append(&body->req->body, bytes, size_bytes);
        return;
    case BODY_FILE: (void)write_upload(body, bytes, size_bytes); return;
    case BODY_MULTIPART: break;
    }
    if (multipart_feed(&body->multipart, bytes, size_bytes) == MULTIPART_MALFORMED)
        refuse(body, 400,
               "The parts of this form cannot be told apart: a delimiter is malformed, or a part has no name.");
}

void body_finish(struct body *body)
{
    struct request *req = body->req;
    if (body->refused)
        return;
    if (body->kind == BODY_MULTIPART && multipart_finish(&body->multipart)) {
        refuse(body, 400, "The form ended before its last part did.");
        return;
    }
    if (body->kind == BODY_FILE && req->upload_count && !req->uploads[0].size_bytes)
        refuse(body, 400, "The body is empty: send a picture.");
    for (int i = 0; i < req->upload_count; i++)
        (void)lseek(req->uploads[i].fd, 0, SEEK_SET);
}

void body_free(struct body *body)
{
    if (!body->req)
        return;
    struct app *app = body->req->app;
    atomic_fetch_sub(&app->metrics.uploads_in_flight_bytes, (int64_t)body->held_bytes);
    atomic_fetch_sub(&app->metrics.uploads_in_flight, body->held_files);
    shares_give_back(app->shares, body->req->viewer.account, body->held_bytes);
    if (body->is_open)
        multipart_free(&body->multipart);
    buf_free(&body->field);
}
