/*
 * Opens and closes what the service is made of: store, templates, pool of caged workers, rate limits, side thread, and
 * the table of routes. Refuses to start when any of them cannot, and says which. Read next: dispatch.c.
 */
#include "app/service.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "app/routes.h"
#include "app/neighbours/live.h"
#include "app/request/presence.h"
#include "hook/hook.h"
#include "hook/purge.h"
#include "app/request/rate.h"
#include "app/request/share.h"
#include "app/request/side.h"
#include "app/request/sweep.h"

enum { RULES_FILE_MAX_BYTES = SITE_RULES_MAX_BYTES };

/* Puts what cannot be into the message; -1. */
__attribute__((format(printf, 3, 4))) static int fail(char *message, size_t message_bytes, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    vsnprintf(message, message_bytes, format, words);
    va_end(words);
    return -1;
}

/* The text of a file in the arena; NULL with errno. */
static const char *read_rules(struct arena *arena, const char *path)
{
    char *text = arena_alloc(arena, RULES_FILE_MAX_BYTES + 2);
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    const size_t size = fread(text, 1, RULES_FILE_MAX_BYTES + 1, file); /* one more is too long, as it will be told */
    const int failed = ferror(file);
    fclose(file);
    return failed || strlen(text) != size ? NULL : text;
}

/* What the options say of the site; -1 with a message when that cannot be. */
static int read_site(struct app *app, char *message, size_t message_bytes)
{
    const struct config *config = app->config;
    static const char *const signups[] = {"open", "invite", "closed"};
    struct site_words said = {.of = {[SITE_NAME] = config->site_name,
                                     [SITE_MOTTO] = config->motto,
                                     [SITE_SIGNUP] = config->is_signup_given ? signups[config->signup] : NULL,
                                     [SITE_CONTACT] = config->contact}};
    if (config->rules_file && !(said.of[SITE_RULES] = read_rules(&app->words, config->rules_file)))
        return fail(message, message_bytes, "--rules %s cannot be read as text: %s", config->rules_file,
                    strerror(errno));
    const struct fault *fault = site_clean(&app->words, &said, &app->site_options);
    if (fault)
        snprintf(message, message_bytes, "--%s%s: %s", strcmp(fault->field, "name") == 0 ? "site-" : "", fault->field,
                 fault->sentence);
    return fault ? -1 : 0;
}

/* The origin of the public URL, as browsers send it. */
static int read_origin(struct app *app, char *message, size_t message_bytes)
{
    const char *url = app->config->public_url, *authority = strstr(url, "://");
    app->is_https = !strncmp(url, "https://", 8);
    if (!authority ||
        snprintf(app->origin, sizeof app->origin, "%.*s",
                 (int)(authority + 3 - url + (ptrdiff_t)strcspn(authority + 3, "/")), url) >= (int)sizeof app->origin)
        return fail(message, message_bytes, "the public URL must be http://HOST[:PORT] or https://HOST[:PORT]");
    return 0;
}

static struct pool *start_workers(const struct config *config)
{
    struct pool_options options;
    pool_options_init(&options);
    options.workers = config->workers;
    options.queue = config->queue;
    options.deadline_ms = config->deadline_s * 1000;
    options.max_pixels = config->max_pixels;
    return pool_open(&options);
}

static int start_purge(struct app *app, char *message, size_t message_bytes)
{
    const struct config *config = app->config;
    const char *fault = "";
    app->picture_hold_s = config->purge_count ? PURGE_HOLD_S : 60;
    if (!config->purge_count)
        return 0;
    app->purge = purge_open(app->store,
                            &(struct purge_options){.addresses = (const char *const *)config->purge,
                                                    .address_count = config->purge_count,
                                                    .public_url = config->public_url},
                            &fault);
    return app->purge ? 0 : fail(message, message_bytes, "--purge cannot work: %s", fault);
}

/* All that is opened once the store is; what is open when one part fails, service_close() closes. */
static int open_parts(struct app *app, char *message, size_t message_bytes)
{
    const struct config *config = app->config;
    struct view_error view_error;
    if (store_keep_reserve(app->store, config->data_folder, config->reserve_bytes, 1))
        return fail(message, message_bytes, "out of memory");
    const struct actor here = {.store = app->store, .db = store_acquire(app->store), .arena = &app->words};
    request_learn_language(app, &here);
    store_release(app->store, here.db);
    if (view_open(config->templates_folder, 0, &app->view, &view_error))
        return fail(message, message_bytes, "%s", view_error.message);
    app->pool = start_workers(config);
    if (!app->pool)
        return fail(message, message_bytes, "the workers cannot be started: %s", strerror(errno));
    app->rates = rates_open(config->rates);
    app->shares = shares_open();
    app->side = side_open();
    if (!app->rates || !app->shares || !app->side)
        return fail(message, message_bytes, "out of memory");
    app->presence = presence_open();
    app->live = app->presence ? live_start(app->store, app->presence, live_tell,
                                           config->streams < 0 ? config->connections / 2 : config->streams)
                              : NULL;
    if (!app->live)
        return fail(message, message_bytes, "the thread of the streams cannot be started");
    if (start_purge(app, message, message_bytes) != 0) /* before other threads may load libcurl */
        return -1;
    app->hook = hook_open(app->store, &(struct hook_options){.public_url = config->public_url,
                                                             .allow_private = config->webhook_allow_private,
                                                             .retry_s = config->webhook_retry_s});
    if (!app->hook)
        return fail(message, message_bytes, "the thread of the webhooks cannot be started: %s", strerror(errno));
    app->sweep = sweep_open(app->store);
    if (!app->sweep)
        return fail(message, message_bytes, "the thread that sweeps cannot be started");
    return 0;
}

int service_open(const struct config *config, struct app *ret_app, char *message, size_t message_bytes)
{
    struct app app = {.config = config, .routes = routes, .route_count = route_count, .started_s = clock_now_s()};
    if (sodium_init() < 0)
        return fail(message, message_bytes, "no source of random numbers");
    if (read_origin(&app, message, message_bytes) != 0)
        return -1;
    if (read_site(&app, message, message_bytes) != 0 ||
        store_open(config->data_folder, &app.store, message, message_bytes)) {
        arena_free(&app.words);
        return -1;
    }
    if (open_parts(&app, message, message_bytes) != 0) {
        service_close(&app);
        return -1;
    }
    memcpy(ret_app, &app, sizeof app);
    return 0;
}

void service_close(struct app *app)
{
    sweep_close(app->sweep);
    hook_close(app->hook);
    purge_close(app->purge);
    side_close(app->side);
    pool_close(app->pool);
    live_free(app->live); /* who writes wakes it */
    presence_close(app->presence);
    rates_close(app->rates);
    shares_close(app->shares);
    view_close(app->view);
    store_close(app->store);
    arena_free(&app->words);
}

uint64_t service_version(struct app *app)
{
    uint64_t writes = atomic_load(&app->own_writes);
    uint64_t stamp = ((uint64_t)clock_monotonic_ms() << 24) | (writes & 0xffffff);
    if (atomic_load(&app->seen_stamp) == stamp)
        return atomic_load(&app->seen_version);
    uint64_t version = store_version(app->store);
    atomic_store(&app->seen_version,
                 version); /* before the stamp: who sees the stamp sees this version or a newer one */
    atomic_store(&app->seen_stamp, stamp);
    return version;
}
