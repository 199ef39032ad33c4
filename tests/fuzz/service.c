/* See service.h. The service is opened at the first request, and its folder removed when the process ends. */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/service.h"
#include "base/clock.h"
#include "fuzz.h"
#include "store/account.h"
#include "worker/template.h"

static struct config config;
static struct app app;
static char folder[64];
static char authorization[SECRET_TEXT_BYTES + 16];
static const char *type;

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void no_work(const struct job_request *job, int input_fd, int result_fd)
{
    (void)job;
    (void)input_fd;
    (void)result_fd;
}

/* The pool starts this program again for its template process; no target crushes anything through it. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    if (*argc == 2 && !strcmp((*argv)[1], "worker-template"))
        _exit(worker_template_main(3, no_work, WORKER_SPARE_MS));
    return 0;
}

static void close_service(void)
{
    static const char *const names[] = {"piclog.db", "piclog.db-wal", "piclog.db-shm"};
    service_close(&app);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[120];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void open_service(void)
{
    char message[300], secret[SECRET_TEXT_BYTES];
    int64_t account = 0;
    struct stat info;
    snprintf(folder, sizeof folder, "%s/piclog-fuzz-XXXXXX", stat("/dev/shm", &info) ? "/tmp" : "/dev/shm");
    if (!mkdtemp(folder))
        abort();
    config_init(&config);
    config.data_folder = folder;
    config.public_url = "http://127.0.0.1:8080";
    config.signup = SIGNUP_OPEN, config.is_signup_given = 1;
    config.rate_limits = 0;
    config.workers = 1;
    if (service_open(&config, &app, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        abort();
    }
    struct db *db = store_acquire(app.store);
    if (account_add(db, "potato", "correct horse", 1, 0, &account) ||
        token_add(app.store, db, account, "fuzz", SCOPE_ALL, secret))
        abort();
    store_release(app.store, db);
    snprintf(authorization, sizeof authorization, "Bearer %s", secret);
    atexit(close_service);
}

const char *service_authorization;

static const char *header(void *http, const char *name)
{
    (void)http;
    if (!strcasecmp(name, "Authorization"))
        return service_authorization ? service_authorization : authorization;
    return strcasecmp(name, "Content-Type") ? NULL : type;
}

int service_ask(enum method method, const char *target, const char *content_type, const void *body, size_t body_bytes,
                struct buf *ret_body)
{
    if (!app.store)
        open_service();
    struct request req = {
        .app = &app, .method = method, .address = "127.0.0.1", .http = &app, .header = header, .now_s = clock_now_s()};
    struct response res;
    size_t text_limit_bytes = 0;
    type = content_type;
    response_init(&res);
    if (!app_begin(&req, target, &res)) {
        (void)app_body_limit(&req, &text_limit_bytes);
        if (body && body_bytes <= text_limit_bytes)
            buf_append(&req.body, body, body_bytes);
        if (app_finish(&req, &res))
            abort(); /* no target asks for what waits */
    }
    if (res.status < 200 || res.status == 500)
        abort();
    for (int i = 0; i < res.header_count; i++)
        if (strpbrk(res.headers[i].value, "\r\n"))
            abort();
    if (ret_body)
        buf_append(ret_body, res.body.data ? res.body.data : "", res.body.size_bytes);
    int status = res.status;
    app_end(&req, &res);
    return status;
}
