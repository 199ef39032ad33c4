/*
 * Opens and closes what the service is made of: store, templates, pool of caged workers, rate limits, side thread, and
 * the table of routes. Refuses to start when any of them cannot, and says which. Read next: dispatch.c.
 */
#include "app/service.h"

#include <errno.h>
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
    if (config->rules_file && !(said.of[SITE_RULES] = read_rules(&app->words, config->rules_file))) {
        snprintf(message, message_bytes, "--rules %s cannot be read as text: %s", config->rules_file, strerror(errno));
        return -1;
    }
    const struct fault *fault = site_clean(&app->words, &said, &app->site_options);
    if (fault)
        snprintf(message, message_bytes, "--%s%s: %s", strcmp(fault->field, "name") == 0 ? "site-" : "", fault->field,
                 fault->sentence);
    return fault ? -1 : 0;
}

int service_open(const struct config *config, struct app *ret_app, char *message, size_t message_bytes)
{
    struct app app = {.config = config, .routes = routes, .route_count = route_count, .started_s = clock_now_s()};
    struct view_error view_error;
    struct pool_options pool_options;
    if (sodium_init() < 0) {
        snprintf(message, message_bytes, "no source of random numbers");
        return -1;
    }
    app.is_https = !strncmp(config->public_url, "https://", 8);
    const char *authority = strstr(config->public_url, "://");
    if (!authority || snprintf(app.origin, sizeof app.origin, "%.*s",
                               (int)(authority + 3 - config->public_url + (ptrdiff_t)strcspn(authority + 3, "/")),
                               config->public_url) >= (int)sizeof app.origin) {
        snprintf(message, message_bytes, "the public URL must be http://HOST[:PORT] or https://HOST[:PORT]");
        return -1;
    }
    if (read_site(&app, message, message_bytes) != 0) {
        arena_free(&app.words);
        return -1;
    }
    if (store_open(config->data_folder, &app.store, message, message_bytes)) {
        arena_free(&app.words);
        return -1;
    }
    if (store_keep_reserve(app.store, config->data_folder, config->reserve_bytes, 1)) {
        snprintf(message, message_bytes, "out of memory");
        goto failed;
    }
    const struct actor here = {.store = app.store, .db = store_acquire(app.store), .arena = &app.words};
    request_learn_language(&app, &here);
    store_release(app.store, here.db);
    if (view_open(config->templates_folder, 0, &app.view, &view_error)) {
        snprintf(message, message_bytes, "%s", view_error.message);
        goto failed;
    }
    pool_options_init(&pool_options);
    pool_options.workers = config->workers;
    pool_options.queue = config->queue;
    pool_options.deadline_ms = config->deadline_s * 1000;
    pool_options.max_pixels = config->max_pixels;
    app.pool = pool_open(&pool_options);
    if (!app.pool) {
        snprintf(message, message_bytes, "the workers cannot be started: %s", strerror(errno));
        goto failed;
    }
    app.rates = rates_open(config->rates);
    app.shares = shares_open();
    app.side = side_open();
    if (!app.rates || !app.shares || !app.side) {
        snprintf(message, message_bytes, "out of memory");
        goto failed;
    }
    app.presence = presence_open();
    app.live = app.presence ? live_start(app.store, app.presence, live_tell,
                                         config->streams < 0 ? config->connections / 2 : config->streams)
                            : NULL;
    if (!app.live) {
        snprintf(message, message_bytes, "the thread of the streams cannot be started");
        goto failed;
    }
    const char *fault = "";
    app.picture_hold_s = config->purge_count ? PURGE_HOLD_S : 60;
    if (config->purge_count) { /* before other threads may load libcurl */
        app.purge = purge_open(app.store,
                               &(struct purge_options){.addresses = (const char *const *)config->purge,
                                                       .address_count = config->purge_count,
                                                       .public_url = config->public_url},
                               &fault);
        if (!app.purge) {
            snprintf(message, message_bytes, "--purge cannot work: %s", fault);
            goto failed;
        }
    }
    app.hook = hook_open(app.store, &(struct hook_options){.public_url = config->public_url,
                                                           .allow_private = config->webhook_allow_private,
                                                           .retry_s = config->webhook_retry_s});
    if (!app.hook) {
        snprintf(message, message_bytes, "the thread of the webhooks cannot be started: %s", strerror(errno));
        goto failed;
    }
    app.sweep = sweep_open(app.store);
    if (!app.sweep) {
        snprintf(message, message_bytes, "the thread that sweeps cannot be started");
        goto failed;
    }
    memcpy(ret_app, &app, sizeof app);
    return 0;
failed:
    service_close(&app);
    return -1;
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
