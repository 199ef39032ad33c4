/*
 * Sockets and threads: libmicrohttpd with epoll and a thread pool. Limits connections, all together and per network
 * (trusted proxies are not counted, their clients are). Refuses to know what a request means.
 * Read next: exchange.c.
 */
#include "server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "exchange.h"

enum { CONNECTION_BYTES = 24 * 1024, HEADERS_ROOM_BYTES = 2048, BACKLOG = 1024, STACK_BYTES = 512 * 1024 };

int server_bind(const struct config *config, int *ret_port, char *message, size_t message_bytes)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    struct sockaddr_storage bound;
    socklen_t bound_bytes = sizeof bound;
    char port[8];
    int one = 1, fd = -1;
    snprintf(port, sizeof port, "%d", config->listen_port);
    if (getaddrinfo(config->listen_address, port, &hints, &found)) {
        snprintf(message, message_bytes, "\"%s\" is no address to listen on", config->listen_address);
        return -1;
    }
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
        bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, BACKLOG) ||
        getsockname(fd, (struct sockaddr *)&bound, &bound_bytes)) {
        snprintf(message, message_bytes, "cannot listen on %s port %d: %s", config->listen_address, config->listen_port,
                 strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    } else {
        *ret_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                      : ((struct sockaddr_in *)&bound)->sin_port);
    }
    freeaddrinfo(found);
    return fd;
}

static enum MHD_Result on_accept(void *context, const struct sockaddr *from, socklen_t from_bytes)
{
    struct server *server = context;
    unsigned char address[16], network[16];
    (void)from_bytes;
    address_of(from, address);
    if (address_is_trusted(server->config, address))
        return MHD_YES;
    address_network(address, network);
    if (address_counts_add(server->connections, network, server->config->connections_per_address))
        return MHD_YES;
    server->app->metrics.refused_connections++;
    return MHD_NO;
}

/* What on_accept counted is taken back when the connection closes. */
static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    unsigned char address[16], network[16];
    (void)socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        server->app->metrics.connections++;
        return;
    }
    server->app->metrics.connections--;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return;
    address_of(info->client_addr, address);
    address_network(address, network);
    if (!address_is_trusted(server->config, address))
        address_counts_remove(server->connections, network);
}

__attribute__((format(printf, 2, 0))) static void on_library_message(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args; /* what clients do wrong; it would let strangers fill the log */
}

int server_start(struct server *server, struct app *app, int listen_fd, int log_fd, char *message, size_t message_bytes)
{
    const struct config *config = app->config;
    *server = (struct server){.app = app, .config = config};
    reply_settings_init(&server->settings, app);
    server->pages = cache_open(config->page_cache_bytes);
    server->pictures = cache_open(config->image_cache_bytes);
    server->connections = address_counts_open(config->connections);
    server->forwarded = address_counts_open(config->connections);
    server->log = log_fd >= 0 ? log_open(log_fd) : NULL;
    if (!server->pages || !server->pictures || !server->connections || !server->forwarded ||
        (log_fd >= 0 && !server->log)) {
        snprintf(message, message_bytes, "out of memory");
        goto failed;
    }
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, on_accept, server,
        exchange_handle, server, MHD_OPTION_EXTERNAL_LOGGER, on_library_message, NULL, MHD_OPTION_LISTEN_SOCKET,
        listen_fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)config->threads, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)config->timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)HEADERS_ROOM_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, exchange_start, server,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_END);
    if (server->daemon)
        return 0;
    snprintf(message, message_bytes, "the HTTP server cannot be started: %s", strerror(errno));
    close(listen_fd);
failed:
    server_stop(server);
    return -1;
}

int server_admit(struct server *server)
{
    int requests = atomic_load(&server->requests);
    do
        if (requests & SERVER_CLOSED)
            return -1;
    while (!atomic_compare_exchange_weak(&server->requests, &requests, requests + 1));
    return 0;
}

void server_dismiss(struct server *server)
{
    atomic_fetch_sub(&server->requests, 1);
}

int server_drain(struct server *server, int deadline_ms)
{
    int listen_fd = MHD_quiesce_daemon(server->daemon), waited_ms = 0;
    if (listen_fd >= 0)
        close(listen_fd);
    /* closed in the moment in which none is under way: the library ends the process over one that is suspended later */
    for (int none = 0; !atomic_compare_exchange_strong(&server->requests, &none, SERVER_CLOSED); none = 0) {
        if (none == SERVER_CLOSED)
            return 0;
        if (waited_ms >= deadline_ms)
            return atomic_fetch_or(&server->requests, SERVER_CLOSED) & ~SERVER_CLOSED;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        waited_ms += 10;
    }
    return 0;
}

void server_stop(struct server *server)
{
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    log_close(server->log);
    cache_close(server->pages);
    cache_close(server->pictures);
    address_counts_close(server->connections);
    address_counts_close(server->forwarded);
    *server = (struct server){0};
}
