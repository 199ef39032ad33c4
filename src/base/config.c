/* The defaults of the service. Reads no options: see options.c. */
#include "config.h"

#include <string.h>
#include <unistd.h>

static const struct rate_limit rates[RATE_CLASSES] = {
    [RATE_READ] = {400, 50},      /* 20 a second */
    [RATE_WRITE] = {30, 6000},    /* 10 a minute */
    [RATE_UPLOAD] = {40, 10000},  /* 6 a minute */
    [RATE_SIGN_IN] = {10, 30000}, /* 2 a minute */
    [RATE_SIGN_UP] = {5, 600000}, /* 6 an hour */
    [RATE_SEARCH] = {30, 2000},   /* 30 a minute */
    [RATE_REPORT] = {10, 120000}, /* 30 an hour */
    [RATE_GUESS] = {30, 120000},  /* 30 an hour */
};

const char *config_rate_name(enum rate_class rate)
{
    static const char *const names[RATE_CLASSES] = {"none",    "read",   "write",  "upload", "sign_in",
                                                    "sign_up", "search", "report", "guess"};
    return names[rate];
}

void config_init(struct config *config)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        processors = 1;
    if (processors > 64)
        processors = 64;
    memset(config, 0, sizeof *config);
    config->data_folder = "data";
    config->listen_address = "127.0.0.1";
    config->listen_port = 8080;
    config->public_url = NULL;
    config->signup = SIGNUP_INVITE;
    config->name_rest_days = 365;
    config->rate_limits = 1;
    memcpy(config->rates, rates, sizeof rates);
    config->threads = processors < 2 ? 2 : (int)processors;
    config->connections = 1000;
    config->connections_per_address = 128;
    config->streams = -1;
    config->timeout_s = 30;
    config->log_requests = 1;
    config->workers = (int)processors;
    config->deadline_s = 20;
    config->queue = 64;
    config->upload_bytes = 64000000;
    config->max_pixels = 100000000;
    config->uploads_in_flight_bytes = 256000000;
    config->quota_bytes = 100000000;
    config->reserve_bytes = 16000000;
    config->webhook_retry_s = 30;
    config->page_cache_bytes = 8000000;
    config->image_cache_bytes = 16000000;
}
