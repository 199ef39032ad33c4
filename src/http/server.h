/* The HTTP server: sockets, threads, limits of connections. What requests mean is app's business. */
#ifndef PICLOG_HTTP_SERVER_H
#define PICLOG_HTTP_SERVER_H

#include <stdatomic.h>

#include "address.h"
#include "app/request/app.h"
#include "cache.h"
#include "log.h"
#include "reply.h"

struct MHD_Daemon;

enum { SERVER_CLOSED = 1 << 30 };

struct server {
    struct app *app;
    const struct config *config;
    struct MHD_Daemon *daemon;
    struct reply_settings settings;
    struct cache *pages, *pictures;
    struct log *log; /* NULL: none */
    struct address_counts *connections;
    struct address_counts *forwarded; /* requests under way for clients of trusted proxies */
    atomic_int requests;              /* under way; SERVER_CLOSED is added when no more may begin */
};

/*
 * Binds to config->listen_address and port, and listens. Returns the socket, or -1 with message. *ret_port is the port
 * (of use when the configured one is 0).
 */
int server_bind(const struct config *config, int *ret_port, char *message, size_t message_bytes);

/* Starts the threads. Takes the socket. log_fd -1: no request log. server must stay where it is. */
int server_start(struct server *server, struct app *app, int listen_fd, int log_fd, char *message, size_t message_bytes)
    __attribute__((warn_unused_result));

/* Counts a request in, and out again. -1: the server is closed, the request must not begin. Any thread. */
int server_admit(struct server *server) __attribute__((warn_unused_result));
void server_dismiss(struct server *server);

/*
 * Accepts nobody any more, waits for requests under way, at most that long, and closes the server: whatever a client
 * sends afterwards, no request begins. Returns how many are left.
 */
int server_drain(struct server *server, int deadline_ms);

/* Ends the threads. No request may be under way. */
void server_stop(struct server *server);

#endif
