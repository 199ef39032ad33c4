/*
 * The life of one request:
 *
 *     start -> begin (headers) -> body … -> finish -> [suspended while pictures are crushed] -> answer -> end
 *                         \-> refused: the body is drained, at most 8 MB and 10 s of it, then the refusal is sent
 *
 * A GET is answered from the cache where there is something. Refuses bodies that trickle.
 * Read next: body.c, reply.c, app/request/dispatch.c.
 */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "app/request/fields.h"
#include "app/service.h"
#include "app/request/route.h"
#include "base/clock.h"
#include "body.h"

enum {
    DRAIN_MAX_BYTES = 8000000,
    DRAIN_MAX_MS = 10000,
    SLOW_GRACE_MS = 30000, /* then a body must have come at */
    SLOW_BYTES_PER_MS = 8  /* this rate on average */
};

enum phase { PHASE_START, PHASE_EMPTY, PHASE_BODY, PHASE_WAITING, PHASE_ANSWERED };

/* What a request is made of: most of what an exchange takes, and gone while a stream goes on. */
struct work {
    struct request req;
    struct response res;
    struct body body;
    const char *cache_key;
    int cache_keep_s;
    uint64_t cache_version;
    char *target;
};

struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct work *work; /* NULL: a stream goes on */
    enum phase phase;
    int is_refused;     /* res says why; the body is drained */
    int is_counted;     /* in server->forwarded */
    atomic_int resumed; /* 0 working, 1 suspended, 2 resume was called */
    const char *note;
    int status;
    uint64_t sent_bytes, received_bytes;
    int64_t started_us, refused_ms;
    const struct route *route;
    char method[8], address[sizeof((struct request *)NULL)->address];
    unsigned char network[sizeof((struct request *)NULL)->network];
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *header_value(void *http, const char *name)
{
    struct exchange *exchange = http;
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Called from the pool's thread and the side thread, perhaps before this request was suspended. */
static void on_resume(void *http)
{
    struct exchange *exchange = http;
    if (atomic_exchange(&exchange->resumed, 2) == 1)
        MHD_resume_connection(exchange->connection);
}

void *exchange_start(void *context, const char *target, struct MHD_Connection *connection)
{
    struct server *server = context;
    if (server_admit(server))
        return NULL; /* exchange_handle hangs up */
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange) {
        server_dismiss(server);
        return NULL;
    }
    exchange->work = calloc(1, sizeof *exchange->work);
    if (!exchange->work) {
        free(exchange);
        server_dismiss(server);
        return NULL;
    }
    exchange->server = server;
    exchange->connection = connection;
    exchange->started_us = now_us();
    exchange->work->target = arena_copy(&exchange->work->req.arena, target);
    response_init(&exchange->work->res);
    return exchange;
}

static enum method method_of(const char *method, int *ret_is_head)
{
    *ret_is_head = !strcmp(method, "HEAD");
    if (*ret_is_head || !strcmp(method, "GET"))
        return METHOD_GET;
    if (!strcmp(method, "POST"))
        return METHOD_POST;
    if (!strcmp(method, "PUT"))
        return METHOD_PUT;
    if (!strcmp(method, "PATCH"))
        return METHOD_PATCH;
    return !strcmp(method, "DELETE") ? METHOD_DELETE : METHOD_OTHER;
}

static enum MHD_Result keep_last(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (value && !strcasecmp(name, "X-Forwarded-For"))
        *(const char **)context = value; /* a proxy adds its line behind those of strangers */
    return MHD_YES;
}

static void fill_request(struct exchange *exchange, const char *method)
{
    struct server *server = exchange->server;
    struct request *req = &exchange->work->req;
    unsigned char peer[16] = {0}, client[16];
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    snprintf(exchange->method, sizeof exchange->method, "%s",
             strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(method) ? method : "?");
    req->app = server->app;
    req->http = exchange;
    req->header = header_value;
    req->resume = on_resume;
    req->method = method_of(method, &req->is_head);
    req->is_options = !strcmp(method, "OPTIONS");
    if (info && info->client_addr)
        address_of(info->client_addr, peer);
    memcpy(client, peer, 16);
    req->is_loopback = address_is_loopback(peer);
    req->is_https = server->app->is_https;
    req->is_forwarded = header_value(exchange, "X-Forwarded-For") || header_value(exchange, "X-Forwarded-Proto") ||
                        header_value(exchange, "Forwarded") || header_value(exchange, "X-Real-IP");
    if (server->config->trusted_proxy_count && address_is_trusted(server->config, peer)) {
        const char *forwarded_for = NULL, *proto = header_value(exchange, "X-Forwarded-Proto");
        MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, keep_last, &forwarded_for);
        address_client(server->config, peer, forwarded_for, client);
        if (proto)
            req->is_https = !strcasecmp(proto, "https");
    }
    address_text(client, req->address);
    address_network(client, req->network);
    if (memcmp(client, peer, 16))
        exchange->is_counted =
            address_counts_add(server->forwarded, req->network, server->config->connections_per_address) ? 1 : -1;
}

static enum MHD_Result queue(struct exchange *exchange, struct reply *reply)
{
    exchange->phase = PHASE_ANSWERED;
    return reply_queue(reply, exchange->connection, exchange->work->req.method == METHOD_GET, &exchange->status,
                       &exchange->sent_bytes);
}

/* What the log says, once the request is gone. */
static void keep_for_log(struct exchange *exchange)
{
    const struct request *req = &exchange->work->req;
    exchange->route = req->route;
    exchange->received_bytes = exchange->work->body.received_bytes;
    if (req->note)
        exchange->note = req->note;
    memcpy(exchange->address, req->address, sizeof exchange->address);
    memcpy(exchange->network, req->network, sizeof exchange->network);
}

static void drop_work(struct exchange *exchange)
{
    body_free(&exchange->work->body);
    app_end(&exchange->work->req, &exchange->work->res);
    free(exchange->work);
    exchange->work = NULL;
}

static enum MHD_Result answer(struct exchange *exchange)
{
    struct server *server = exchange->server;
    const char *key = exchange->work->cache_key;
    /* what sets a cookie or is an error is for one person and one moment */
    int keeps = key && exchange->work->res.status == 200 && !exchange->work->res.header_count &&
                exchange->work->res.body_fd < 0;
    enum reply_gzip gzip = REPLY_PLAIN;
    const char *accepted = header_value(exchange, "Accept-Encoding");
    if (keeps)
        gzip = REPLY_BOTH;
    else if (accepted && fields_accepts(accepted, "gzip"))
        gzip = REPLY_GZIP;
    const int is_stream = exchange->work->res.live != NULL;
    struct reply *reply = reply_make(&server->settings, &exchange->work->req, &exchange->work->res, gzip);
    if (keeps)
        cache_add(exchange->work->cache_keep_s ? server->pages : server->pictures, key, exchange->work->cache_version,
                  exchange->started_us / 1000, (int64_t)exchange->work->cache_keep_s * 1000, reply);
    enum MHD_Result result = queue(exchange, reply);
    reply_drop(reply);
    if (is_stream) { /* it stays for hours */
        keep_for_log(exchange);
        exchange->note = NULL;
        drop_work(exchange);
    }
    return result;
}

/* The handler waits for something: out of the server's way until on_resume. */
static enum MHD_Result suspend(struct exchange *exchange)
{
    exchange->phase = PHASE_WAITING;
    MHD_suspend_connection(exchange->connection);
    int working = 0;
    if (!atomic_compare_exchange_strong(&exchange->resumed, &working, 1))
        MHD_resume_connection(exchange->connection); /* it was faster than we are */
    return MHD_YES;
}

static enum MHD_Result finish(struct exchange *exchange)
{
    atomic_store(&exchange->resumed, 0);
    return app_finish(&exchange->work->req, &exchange->work->res) ? suspend(exchange) : answer(exchange);
}

static enum MHD_Result resume(struct exchange *exchange)
{
    if (atomic_load(&exchange->resumed) != 2)
        return MHD_YES; /* the library woke us for another reason */
    atomic_store(&exchange->resumed, 0);
    return app_continue(&exchange->work->req, &exchange->work->res) ? suspend(exchange) : answer(exchange);
}

static void refuse(struct exchange *exchange, int status, const char *detail)
{
    exchange->is_refused = 1;
    exchange->refused_ms = clock_monotonic_ms();
    if (status == 503)
        respond_header(&exchange->work->req, &exchange->work->res, "Retry-After", "5");
    respond_error(&exchange->work->req, &exchange->work->res, status, "%s", detail);
}

/* Where the body is too long to be drained, the library cannot answer any more: say it on the socket and hang up. */
static enum MHD_Result answer_and_hang_up(struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct response *res = &exchange->work->res;
    struct buf head = {0};
    buf_printf(&head,
               "HTTP/1.1 %d Refused\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
               "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: %s\r\nConnection: close\r\n",
               res->status, res->type, res->body.size_bytes, PAGE_POLICY);
    for (int i = 0; i < res->header_count; i++)
        buf_printf(&head, "%s: %s\r\n", res->headers[i].name, res->headers[i].value);
    buf_puts(&head, "\r\n");
    buf_append(&head, res->body.data ? res->body.data : "", res->body.size_bytes);
    if (info && send(info->connect_fd, head.data, head.size_bytes, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        (void)shutdown(info->connect_fd, SHUT_WR);
    exchange->status = res->status;
    exchange->sent_bytes = res->body.size_bytes;
    exchange->phase = PHASE_ANSWERED;
    buf_free(&head);
    return MHD_NO;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t size_bytes)
{
    struct body *body = &exchange->work->body;
    int64_t elapsed_ms = (now_us() - exchange->started_us) / 1000;
    body_feed(body, data, size_bytes);
    if (!exchange->is_refused && body->refused)
        refuse(exchange, body->refused, body->detail);
    if (!exchange->is_refused && elapsed_ms > SLOW_GRACE_MS &&
        body->received_bytes < (uint64_t)elapsed_ms * SLOW_BYTES_PER_MS) {
        refuse(exchange, 408, "This upload came too slowly. Try again over a better line, or send a smaller file.");
        return answer_and_hang_up(exchange);
    }
    if (exchange->is_refused &&
        (body->received_bytes > DRAIN_MAX_BYTES || clock_monotonic_ms() - exchange->refused_ms > DRAIN_MAX_MS))
        return answer_and_hang_up(exchange);
    return MHD_YES;
}

struct framing {
    int lengths, encodings;
    int is_chunked;
    int is_malformed; /* a header that another server might read otherwise */
    int64_t length;
};

/* RFC 9110 section 5: a name is a token, a value holds no control characters. The library is more lenient. */
static int is_malformed(const char *name, const char *value)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", *c))
            return 1;
    for (const char *c = value ? value : ""; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
            return 1;
    return !*name;
}

static enum MHD_Result note_framing(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct framing *framing = context;
    (void)kind;
    framing->is_malformed |= is_malformed(name, value);
    if (!strcasecmp(name, "Content-Length")) {
        framing->lengths++;
        if (!value || !*value || strspn(value, "0123456789") != strlen(value) || strlen(value) > 18)
            framing->lengths++; /* as bad as two of them */
        else
            framing->length = strtoll(value, NULL, 10);
    } else if (!strcasecmp(name, "Transfer-Encoding")) {
        framing->encodings++;
        framing->is_chunked = value && !strcasecmp(value, "chunked");
    }
    return MHD_YES;
}

/* What the headers say is known, nothing else has been read. */
static enum MHD_Result begin(struct exchange *exchange, const char *method)
{
    struct server *server = exchange->server;
    struct request *req = &exchange->work->req;
    struct framing framing = {0};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, note_framing, &framing);
    int has_body = framing.encodings || framing.lengths > 1 || framing.length > 0;
    if (!has_body && exchange->phase == PHASE_START) {
        exchange->phase = PHASE_EMPTY; /* an answer at the first call would end the connection: wait for the second */
        return MHD_YES;
    }
    fill_request(exchange, method);
    int is_answered = app_begin(req, exchange->work->target, &exchange->work->res);
    if (framing.is_malformed) {
        respond_header(req, &exchange->work->res, "Connection", "close");
        respond_error(req, &exchange->work->res, 400,
                      "A header of this request is malformed: a name or a value holds "
                      "characters that have no place there.");
        exchange->phase = PHASE_BODY;
        return answer(exchange);
    }
    if (!is_answered && exchange->is_counted < 0) {
        respond_header(req, &exchange->work->res, "Retry-After", "5");
        respond_error(req, &exchange->work->res, 503,
                      "Too many requests from your network are under way. Try again in a few seconds.");
        is_answered = 1;
    }
    if (!is_answered && !has_body) {
        exchange->work->cache_key = app_cache_key(req, &exchange->work->cache_keep_s);
        if (exchange->work->cache_key) {
            exchange->work->cache_version = service_version(server->app);
            struct reply *reply =
                cache_find(exchange->work->cache_keep_s ? server->pages : server->pictures, exchange->work->cache_key,
                           exchange->work->cache_version, exchange->started_us / 1000);
            if (reply) {
                server->app->metrics.cache_hits++;
                exchange->note = "hit";
                app_give_again(req);
                enum MHD_Result result = queue(exchange, reply);
                reply_drop(reply);
                return result;
            }
        }
    }
    if (!has_body)
        return is_answered ? answer(exchange) : finish(exchange);
    exchange->phase = PHASE_BODY;
    /* Two opinions on where the body ends are how requests are smuggled past a proxy (RFC 9112 section 6.3). */
    if (framing.lengths + framing.encodings > 1 || (framing.encodings && !framing.is_chunked)) {
        respond_header(req, &exchange->work->res, "Connection", "close");
        respond_error(req, &exchange->work->res, 400,
                      "The length of the body is stated in more than one way, or in an unknown one.");
        return answer(exchange);
    }
    if (is_answered) {
        exchange->is_refused = 1;
        exchange->refused_ms = clock_monotonic_ms();
    } else {
        body_begin(&exchange->work->body, req, framing.encodings ? -1 : framing.length);
        if (exchange->work->body.refused)
            refuse(exchange, exchange->work->body.refused, exchange->work->body.detail);
    }
    const char *expect = header_value(exchange, "Expect");
    if (exchange->is_refused && expect && !strcasecmp(expect, "100-continue"))
        return answer(exchange); /* the client asks before it sends: the library answers and closes */
    return MHD_YES;
}

enum MHD_Result exchange_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **state)
{
    struct exchange *exchange = *state;
    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (!exchange)
        return MHD_NO;
    switch (exchange->phase) {
    case PHASE_START:
    case PHASE_EMPTY: return begin(exchange, method);
    case PHASE_BODY: break;
    case PHASE_WAITING: return resume(exchange);
    case PHASE_ANSWERED: *upload_data_size = 0; return MHD_YES;
    }
    if (*upload_data_size) {
        size_t size_bytes = *upload_data_size;
        *upload_data_size = 0;
        return take_body(exchange, upload_data, size_bytes);
    }
    if (!exchange->is_refused) {
        body_finish(&exchange->work->body);
        if (exchange->work->body.refused)
            refuse(exchange, exchange->work->body.refused, exchange->work->body.detail);
    }
    return exchange->is_refused ? answer(exchange) : finish(exchange);
}

void exchange_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct exchange *exchange = *state;
    struct app_metrics *metrics = &server->app->metrics;
    (void)connection;
    (void)code;
    if (!exchange)
        return;
    *state = NULL;
    if (exchange->work)
        keep_for_log(exchange);
    if (exchange->status) {
        metrics->requests[exchange->status / 100 % 6]++;
        metrics->sent_bytes += exchange->sent_bytes;
        metrics->received_bytes += exchange->received_bytes;
    }
    if (server->log && exchange->phase != PHASE_START) {
        const struct route *route = exchange->route;
        struct log_entry entry = {
            .method = exchange->method,
            .route = route && route->pattern ? route->pattern : "",
            .address = exchange->address,
            .note = exchange->status ? exchange->note : "gone",
            .status = exchange->status ? exchange->status : 499,
            .sent_bytes = exchange->sent_bytes,
            .received_bytes = exchange->received_bytes,
            .duration_us = now_us() - exchange->started_us,
        };
        log_request(server->log, &entry);
    }
    if (exchange->is_counted > 0)
        address_counts_remove(server->forwarded, exchange->network);
    if (exchange->work)
        drop_work(exchange);
    free(exchange);
    server_dismiss(server);
}
