/*
 * Makes libmicrohttpd's responses: every header that a browser needs to keep a page in its place, compression,
 * conditional requests, ranges. Refuses to compress pictures and what is tiny. Read next: conditional.c, cache.c.
 */
#include "reply.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <zlib.h>

#include "app/request/fields.h"
#include "app/request/route.h"
#include "conditional.h"
#include "stream.h"

enum {
    GZIP_MIN_BYTES = 300, /* so much text becomes smaller, even where a style is nothing but noise */
    GZIP_LEVEL = 5,
    HEADERS_MAX = RESPONSE_HEADERS_MAX + 16
};

struct bytes { /* counted by the replies and the responses of the library that send it */
    atomic_int references;
    size_t size;
    char *data;
};

struct reply {
    atomic_int references;
    int status;
    int has_vary;
    int64_t modified_s;
    char etag[72]; /* with quotes; empty: none */
    struct bytes *plain, *gzip;
    struct stream *stream; /* of plain_response */
    struct MHD_Response *plain_response, *gzip_response;
    int header_count;
    char *headers[HEADERS_MAX][2]; /* malloc'd values; names are constant or of the request: copied too */
};

void reply_settings_init(struct reply_settings *settings, const struct app *app)
{
    settings->is_https = app->is_https;
    settings->picture_hold_s = app->picture_hold_s;
}

static void bytes_drop(void *context)
{
    struct bytes *bytes = context;
    if (bytes && atomic_fetch_sub(&bytes->references, 1) == 1) {
        free(bytes->data);
        free(bytes);
    }
}

/* Takes data (malloc). Without memory the process ends, as everywhere in base/. */
static struct bytes *bytes_make(char *data, size_t size)
{
    struct bytes *bytes = malloc(sizeof *bytes);
    if (!bytes)
        abort();
    atomic_init(&bytes->references, 1);
    bytes->size = size;
    bytes->data = data;
    return bytes;
}

static struct bytes *compress_gzip(const char *data, size_t size)
{
    z_stream stream = {0};
    if (size > 1u << 30 || deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t room = deflateBound(&stream, size);
    char *out = malloc(room);
    stream.next_in = (Bytef *)(uintptr_t)data; /* zlib only reads it */
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    int result = out ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
    size_t used = stream.total_out;
    deflateEnd(&stream);
    if (result == Z_STREAM_END)
        return bytes_make(out, used);
    free(out);
    return NULL;
}

static void add_header(struct reply *reply, const char *name, const char *value)
{
    if (reply->header_count == HEADERS_MAX)
        return;
    char **header = reply->headers[reply->header_count++];
    header[0] = strdup(name);
    header[1] = strdup(value);
    if (!header[0] || !header[1])
        abort();
}

static int has_secret_query(const struct request *req)
{
    return req->route && req->route->flags & SECRET_QUERY;
}

static const char *cache_control(const struct request *req, const struct response *res)
{
    if (has_secret_query(req))
        return "no-store";
    switch (res->cache) {
    case CACHE_NEVER: return "no-store";
    case CACHE_IMAGE: return "public, max-age=86400, immutable";
    case CACHE_MINUTE: return "public, max-age=60";
    case CACHE_HOUR: return "public, max-age=3600";
    case CACHE_FOREVER: return "public, max-age=31536000, immutable";
    case CACHE_DEFAULT: break;
    }
    if (req->method != METHOD_GET)
        return "no-store";
    return req->viewer.account || req->pre_session ? "private, no-cache" : "no-cache";
}

/*
 * X-Accel-Expires, which nginx reads, and our example for Varnish: how long a cache of whoever runs this may keep what
 * is the same for everybody. Not s-maxage, which caches of strangers would follow. Pages are asked for once a second,
 * however many look at them.
 */
static void add_shared_age(struct reply *reply, const struct reply_settings *settings, const struct response *res)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", res->cache == CACHE_IMAGE ? settings->picture_hold_s : 1);
    if (res->cache == CACHE_DEFAULT || res->cache == CACHE_IMAGE)
        add_header(reply, "X-Accel-Expires", seconds);
}

static void add_headers(struct reply *reply, const struct reply_settings *settings, const struct request *req,
                        const struct response *res, int is_for_everybody)
{
    /* Two policies, both of which must allow: of this origin, and below these paths. A stranger's style can so ask for
       pictures and ornaments, but not for an address that costs something or sets a cookie. Links lead out of the
       frame; what they open is no prisoner of its sandbox. */
#define ROOM(sandbox, pictures)                                                                                        \
    "default-src 'none'; img-src 'self' data:; style-src 'self'; form-action 'self'; base-uri 'none'; "                \
    "frame-ancestors 'self'; sandbox " sandbox "allow-top-navigation-by-user-activation allow-popups "                 \
    "allow-popups-to-escape-sandbox, img-src data: *:*/i/ *:*/t/ *:*/static/" pictures
    static const char room[] = ROOM("", ""), room_own[] = ROOM("allow-same-origin ", " *:*/p/");
    static const char embed[] = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; "
                                "form-action 'none'";
    static const char none[] = "default-src 'none'; frame-ancestors 'none'; sandbox";
    const char *const policies[] = {PAGE_POLICY, room, embed, room_own, none, LIVE_POLICY};
    const int is_page = res->policy == POLICY_PAGE || res->policy == POLICY_LIVE;
    int is_room = res->policy == POLICY_ROOM || res->policy == POLICY_ROOM_OWN;
    if (res->type)
        add_header(reply, "Content-Type", res->type);
    if (res->language)
        add_header(reply, "Content-Language", res->language);
    /* In front of Cache-Control, since nginx before 1.23 believes what comes first. */
    if (is_for_everybody && !has_secret_query(req))
        add_shared_age(reply, settings, res);
    add_header(reply, "Cache-Control", cache_control(req, res));
    add_header(reply, "X-Content-Type-Options", "nosniff");
    char page_and[sizeof PAGE_POLICY + 600];
    if (res->form_action && res->policy == POLICY_PAGE) {
        snprintf(page_and, sizeof page_and, PAGE_POLICY_AND(" %s"), res->form_action);
        add_header(reply, "Content-Security-Policy", page_and);
    } else {
        add_header(reply, "Content-Security-Policy", policies[res->policy]);
    }
    if (has_secret_query(req))
        add_header(reply, "Referrer-Policy", "no-referrer");
    else if (is_page || is_room)
        add_header(reply, "Referrer-Policy", "same-origin");
    if (is_page || is_room) {
        add_header(reply, "X-Frame-Options", is_room ? "SAMEORIGIN" : "DENY");
        add_header(reply, "Cross-Origin-Opener-Policy", "same-origin");
    }
    if (settings->is_https)
        add_header(reply, "Strict-Transport-Security", "max-age=31536000");
    if (req->route &&
        req->route->flags & (EMBEDDABLE | SPEAKS_MICROPUB | SPEAKS_MASTODON)) /* "*": never with cookies */
        add_header(reply, "Access-Control-Allow-Origin", "*");
    if (req->route && req->route->flags & SPEAKS_MASTODON)
        add_header(reply, "Access-Control-Expose-Headers", "Link");
    if (req->route && !(req->route->flags & (NO_SESSION | EMBEDDABLE)))
        add_header(reply, "Vary", "Accept, Accept-Encoding, Accept-Language, Cookie, Authorization");
    else if (reply->has_vary)
        add_header(reply, "Vary", "Accept-Encoding");
    for (int i = 0; i < res->header_count; i++)
        add_header(reply, res->headers[i].name, res->headers[i].value);
}

/* A response of the library over bytes: whole, or a slice of them. */
static struct MHD_Response *make_response(const struct reply *reply, struct bytes *bytes, size_t first, size_t size,
                                          int is_gzip)
{
    atomic_fetch_add(&bytes->references, 1);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(size, bytes->data + first, bytes_drop, bytes);
    if (!response) {
        bytes_drop(bytes);
        return NULL;
    }
    for (int i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i][0], reply->headers[i][1]);
    if (reply->modified_s) {
        char date[32];
        conditional_write_date(reply->modified_s, date);
        MHD_add_response_header(response, "Last-Modified", date);
    }
    if (*reply->etag) {
        char tag[80];
        size_t length = strlen(reply->etag);
        snprintf(tag, sizeof tag, "%.*s%s\"", (int)length - 1, reply->etag, is_gzip ? "-gz" : "");
        MHD_add_response_header(response, "ETag", tag);
        if (!is_gzip)
            MHD_add_response_header(response, "Accept-Ranges", "bytes");
    }
    if (is_gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

static int is_text(const char *type)
{
    return type &&
           (!strncmp(type, "text/", 5) || strstr(type, "json") || strstr(type, "xml") || strstr(type, "javascript"));
}

static void make_etag(struct reply *reply, const struct request *req, const struct response *res)
{
    int is_personal_page =
        (req->viewer.account || req->pre_session) && res->type && !strncmp(res->type, "text/html", 9);
    if (res->status != 200 || req->method != METHOD_GET || res->cache == CACHE_NEVER || is_personal_page)
        return;
    if (res->etag) {
        snprintf(reply->etag, sizeof reply->etag, "\"%s\"", res->etag);
        return;
    }
    unsigned char hash[16];
    char text[33];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)reply->plain->data, reply->plain->size, NULL, 0);
    snprintf(reply->etag, sizeof reply->etag, "\"%s\"", sodium_bin2hex(text, sizeof text, hash, sizeof hash));
}

struct reply *reply_make(const struct reply_settings *settings, const struct request *req, struct response *res,
                         enum reply_gzip gzip)
{
    struct reply *reply = calloc(1, sizeof *reply);
    if (!reply)
        abort();
    atomic_init(&reply->references, 1);
    reply->status = res->status ? res->status : 500;
    reply->modified_s = res->modified_s;
    if (res->body_fd >= 0) {
        add_headers(reply, settings, req, res, gzip == REPLY_BOTH);
        reply->plain_response = MHD_create_response_from_fd64(res->body_fd_bytes, res->body_fd);
        for (int i = 0; reply->plain_response && i < reply->header_count; i++)
            MHD_add_response_header(reply->plain_response, reply->headers[i][0], reply->headers[i][1]);
        if (reply->plain_response)
            res->body_fd = -1; /* the library closes it */
        return reply;
    }
    if (res->live) {
        add_headers(reply, settings, req, res, gzip == REPLY_BOTH);
        reply->stream = stream_make(res->live);
        reply->plain_response = reply->stream ? stream_response(reply->stream) : NULL;
        for (int i = 0; reply->plain_response && i < reply->header_count; i++)
            MHD_add_response_header(reply->plain_response, reply->headers[i][0], reply->headers[i][1]);
        res->live = NULL; /* the response closes it */
        return reply;
    }
    size_t size;
    char *data = buf_take(&res->body, &size);
    reply->plain = bytes_make(data, size);
    reply->has_vary = is_text(res->type);
    make_etag(reply, req, res);
    add_headers(reply, settings, req, res, gzip == REPLY_BOTH);
    if (gzip != REPLY_PLAIN && reply->has_vary && size >= GZIP_MIN_BYTES)
        reply->gzip = compress_gzip(data, size);
    if (gzip != REPLY_GZIP || !reply->gzip)
        reply->plain_response = make_response(reply, reply->plain, 0, size, 0);
    if (reply->gzip)
        reply->gzip_response = make_response(reply, reply->gzip, 0, reply->gzip->size, 1);
    return reply;
}

void reply_keep(struct reply *reply)
{
    atomic_fetch_add(&reply->references, 1);
}

void reply_drop(struct reply *reply)
{
    if (!reply || atomic_fetch_sub(&reply->references, 1) != 1)
        return;
    if (reply->plain_response)
        MHD_destroy_response(reply->plain_response);
    if (reply->gzip_response)
        MHD_destroy_response(reply->gzip_response);
    bytes_drop(reply->plain);
    bytes_drop(reply->gzip);
    for (int i = 0; i < reply->header_count; i++) {
        free(reply->headers[i][0]);
        free(reply->headers[i][1]);
    }
    free(reply);
}

size_t reply_bytes(const struct reply *reply)
{
    enum { PER_RESPONSE = 2000 }; /* headers and bookkeeping, measured roughly */
    return sizeof *reply + 2 * PER_RESPONSE + (reply->plain ? reply->plain->size : 0) +
           (reply->gzip ? reply->gzip->size : 0);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result queue_range(struct reply *reply, struct MHD_Connection *connection, int status, uint64_t first,
                                   uint64_t last)
{
    char range[80];
    size_t size = status == 206 ? (size_t)(last - first + 1) : 0;
    struct MHD_Response *response = make_response(reply, reply->plain, (size_t)first, size, 0);
    if (!response)
        return MHD_NO;
    if (status == 206)
        snprintf(range, sizeof range, "bytes %llu-%llu/%zu", (unsigned long long)first, (unsigned long long)last,
                 reply->plain->size);
    else
        snprintf(range, sizeof range, "bytes */%zu", reply->plain->size);
    if (status != 412)
        MHD_add_response_header(response, "Content-Range", range);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result reply_queue(struct reply *reply, struct MHD_Connection *connection, int is_get, int *ret_status,
                            uint64_t *ret_bytes)
{
    int status = reply->status;
    struct MHD_Response *response = reply->plain_response;
    *ret_bytes = reply->plain ? reply->plain->size : 0;
    if (reply->gzip_response && (!response || fields_accepts(header(connection, "Accept-Encoding"), "gzip"))) {
        response = reply->gzip_response;
        *ret_bytes = reply->gzip->size;
    }
    if (is_get && status == 200 && *reply->etag) {
        struct conditional_headers headers = {
            .if_match = header(connection, "If-Match"),
            .if_none_match = header(connection, "If-None-Match"),
            .if_modified_since = header(connection, "If-Modified-Since"),
            .if_unmodified_since = header(connection, "If-Unmodified-Since"),
            .range = response == reply->gzip_response ? NULL : header(connection, "Range"),
            .if_range = header(connection, "If-Range"),
        };
        uint64_t first = 0, last = 0;
        status = conditional_evaluate(&headers, reply->etag, reply->modified_s, reply->plain->size, &first, &last);
        if (status == 206 || status == 416 || status == 412) {
            *ret_status = status;
            *ret_bytes = status == 206 ? last - first + 1 : 0;
            return queue_range(reply, connection, status, first, last);
        }
        if (status == 304)
            *ret_bytes = 0;
    }
    *ret_status = status;
    if (reply->stream && response)
        stream_attach(reply->stream, connection);
    return response ? MHD_queue_response(connection, (unsigned)status, response) : MHD_NO;
}
