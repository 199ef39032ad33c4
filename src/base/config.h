/*
 * What whoever runs a piclog decides: every option of "piclog serve", with its default in brackets.
 * Filled once at start, then only read.
 */
#ifndef PICLOG_BASE_CONFIG_H
#define PICLOG_BASE_CONFIG_H

#include <stddef.h>
#include <stdint.h>

enum signup { SIGNUP_OPEN, SIGNUP_INVITE, SIGNUP_CLOSED };

enum { CONFIG_TRUSTED_PROXIES_MAX = 16, CONFIG_PURGE_MAX = 8, CONFIG_ADDRESS_MAX_BYTES = 250 };

/* Classes of requests that are limited, each with a bucket per network and one per account: app/request/rate.h. */
enum rate_class {
    RATE_NONE, /* cheap: pictures, static files */
    RATE_READ,
    RATE_WRITE,   /* statuses, moods, edits */
    RATE_UPLOAD,  /* pictures */
    RATE_SIGN_IN, /* passwords and recovery codes */
    RATE_SIGN_UP,
    RATE_SEARCH,
    RATE_REPORT, /* of what breaks the rules */
    RATE_GUESS,  /* passwords for one name, from browsers that never signed in to it; taken names, at joining */
    RATE_CLASSES
};

/* burst requests at once, then one every refill_ms; burst 0: no limit. */
struct rate_limit {
    int burst;
    int refill_ms;
};

/* "sign_in", as in --rate and in answers. */
const char *config_rate_name(enum rate_class rate);

/* An address or a network; IPv4 is kept as ::ffff:a.b.c.d with 96 bits more. */
struct config_network {
    unsigned char address[16];
    int prefix_bits;
};

struct config {
    const char *data_folder;    /* [./data] */
    const char *listen_address; /* [127.0.0.1] */
    int listen_port;            /* [8080]; 0: any free one */
    const char *public_url;     /* without slash at the end [http://ADDR:PORT] */
    /* What is NULL here, or not given, is as it was set on the web: domain/site.h. */
    const char *site_name;  /* [piclog] */
    const char *motto;      /* under the wordmark [Big pictures in, small JPEGs out. No mercy.] */
    const char *contact;    /* of whoever runs it: an e-mail or web address [none] */
    const char *rules_file; /* Markdown [the eight rules of templates/rules.mustache] */
    enum signup signup;     /* [invite] */
    int is_signup_given;
    int name_rest_days;           /* of a closed account's name, 0: none [365] */
    const char *templates_folder; /* replacements, or NULL [NULL] */
    const char *user;             /* whom to become after binding, or NULL [NULL] */

    struct config_network trusted_proxies[CONFIG_TRUSTED_PROXIES_MAX]; /* whose X-Forwarded-… is believed [none] */
    int trusted_proxy_count;

    int rate_limits; /* 0 off, 1 on [1] */
    struct rate_limit rates[RATE_CLASSES];
    int threads;                 /* that answer requests [processors, at least 2] */
    int connections;             /* at the same time [1000] */
    int connections_per_address; /* [128] */
    int streams;                 /* of them, that may stay open for news; below 0: half of connections [-1] */
    int timeout_s;               /* without a byte from or to a client [30] */
    int log_requests;            /* one line of JSON per request on standard output [1] */

    int workers;                    /* caged processes that crush at the same time [processors] */
    int deadline_s;                 /* of a worker for one picture [20] */
    int queue;                      /* uploads that may wait for a worker [64] */
    size_t upload_bytes;            /* one picture [64 000 000] */
    size_t max_pixels;              /* of one picture, width × height [100 000 000] */
    size_t uploads_in_flight_bytes; /* all of them together [256 000 000] */
    int64_t quota_bytes;            /* crushed pictures of one account, 0: none [100 000 000] */

    size_t reserve_bytes; /* of the disk, for deletions and sign-ins when it is full; at least 4 MB, 0: none [16 000
                             000] */

    int webhook_allow_private; /* 1: webhooks may reach private networks; for tests and intranets [0] */
    int webhook_retry_s;       /* pause after a failed delivery; doubles up to an hour [30] */

    char *purge[CONFIG_PURGE_MAX]; /* caches in front that are told what is gone: "http://127.0.0.1:6081" [none] */
    int purge_count;

    size_t page_cache_bytes;  /* [8 000 000] */
    size_t image_cache_bytes; /* [16 000 000] */
};

/* Fills in the defaults named above. */
void config_init(struct config *config);

#endif
