/*
 * Binds, gives up root, opens the app, starts the server, waits for signals: SIGTERM and SIGINT finish the requests
 * under way, SIGHUP reads the templates again. Refuses to serve as another user than asked. Read next: server.c.
 */
#include "serve.h"

#include <errno.h>
#include <grp.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/request/live.h"
#include "app/service.h"
#include "server.h"

enum { DRAIN_MS = 20000, TRIM_EVERY_S = 15 };

static int drop_root(const struct config *config)
{
    if (!config->user)
        return 0;
    struct passwd *user = getpwnam(config->user);
    if (!user) {
        fprintf(stderr, "piclog: there is no user \"%s\"\n", config->user);
        return -1;
    }
    /* the folder is made while we still may, so that the database can be */
    if (!mkdir(config->data_folder, 0700) && chown(config->data_folder, user->pw_uid, user->pw_gid))
        fprintf(stderr, "piclog: %s: %s\n", config->data_folder, strerror(errno));
    if (initgroups(config->user, user->pw_gid) || setgid(user->pw_gid) || setuid(user->pw_uid) ||
        (user->pw_uid && !setuid(0))) {
        fprintf(stderr, "piclog: cannot become \"%s\": %s\n", config->user, strerror(errno));
        return -1;
    }
    return 0;
}

/* A descriptor for every connection and every file that may be open; fewer connections where the system allows fewer.
 */
static void raise_descriptors(struct config *config)
{
    enum { BESIDE_CONNECTIONS = 64 + UPLOADS_IN_FLIGHT_MAX + 4 * 64 /* the database, uploads, four for each worker */ };
    struct rlimit limit;
    rlim_t wanted = (rlim_t)config->connections + BESIDE_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (!setrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < wanted) {
        config->connections = limit.rlim_cur > 2 * BESIDE_CONNECTIONS ? (int)(limit.rlim_cur - BESIDE_CONNECTIONS)
                                                                      : (int)limit.rlim_cur / 2;
        fprintf(stderr, "piclog: this system allows %llu open files, so at most %d connections are taken\n",
                (unsigned long long)limit.rlim_cur, config->connections);
    }
}

static void wait_for_end(struct server *server, const sigset_t *signals)
{
    const struct timespec pause = {.tv_sec = TRIM_EVERY_S};
    for (;;) {
        struct view_error error;
        int number = sigtimedwait(signals, NULL, &pause);
        if (number < 0) {
            malloc_trim(0); /* what a rush of connections took goes back to the system */
            continue;
        }
        if (number != SIGHUP)
            return;
        if (view_reload(server->app->view, &error))
            fprintf(stderr, "piclog: templates stay as they were: %s\n", error.message);
        else
            cache_clear(server->pages);
    }
}

int serve_run(const struct config *given)
{
    struct config config = *given;
    struct app app;
    struct server server;
    sigset_t signals;
    char message[400], public_url[300];
    int port = 0, log_fd = config.log_requests ? STDOUT_FILENO : -1;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* for all threads: only wait_for_end takes them */
    signal(SIGPIPE, SIG_IGN);

    raise_descriptors(&config);
    int listen_fd = server_bind(&config, &port, message, sizeof message);
    if (listen_fd < 0) {
        fprintf(stderr, "piclog: %s\n", message);
        return 1;
    }
    if (!config.public_url) {
        snprintf(public_url, sizeof public_url, strchr(config.listen_address, ':') ? "http://[%s]:%d" : "http://%s:%d",
                 config.listen_address, port);
        config.public_url = public_url;
    }
    if (drop_root(&config)) {
        close(listen_fd);
        return 1;
    }
    if (service_open(&config, &app, message, sizeof message)) {
        fprintf(stderr, "piclog: %s\n", message);
        close(listen_fd);
        return 1;
    }
    if (server_start(&server, &app, listen_fd, log_fd, message, sizeof message)) {
        fprintf(stderr, "piclog: %s\n", message);
        service_close(&app);
        return 1;
    }
    fprintf(stderr, "piclog: listening on %s port %d, public address %s\n", config.listen_address, port,
            config.public_url);
    wait_for_end(&server, &signals);

    live_stop(app.live); /* they would be under way for ever */
    if (server_drain(&server, DRAIN_MS)) {
        pool_stop(app.pool); /* answers what still waits for a picture, and takes no more */
        server_drain(&server, DRAIN_MS);
    }
    server_stop(&server);
    service_close(&app);
    return 0;
}
