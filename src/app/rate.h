/*
 * Rate limits: token buckets per client network and per account, one for each class of routes.
 * Bounded: the table never grows; when it is full the bucket that is fullest nearby is forgotten. Thread-safe.
 */
#ifndef PICLOG_APP_RATE_H
#define PICLOG_APP_RATE_H

#include <stdint.h>

#include "routes.h"

struct rates;

/* burst requests at once, then one every refill_ms; 0: no limit. */
struct rate_limit {
    int burst;
    int refill_ms;
};

/* The limits per network; an account has the same ones besides. */
extern const struct rate_limit rate_limits[RATE_CLASSES];
const char *rate_class_name(enum rate_class rate);

struct rates *rates_open(void);
void rates_close(struct rates *rates);

/*
 * Takes one request from the bucket of the network, and, when account is not 0, from that of the account.
 * Returns 0, or the seconds after which another try makes sense. now_ms is monotonic. A refused request takes nothing.
 */
int rates_take(struct rates *rates, enum rate_class rate, const unsigned char network[16], int64_t account,
               int64_t now_ms);

#endif
