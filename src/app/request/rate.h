/*
 * Rate limits: token buckets per client network and per account, one for each class of routes.
 * Bounded: the table never grows; when it is full the bucket that is fullest nearby is forgotten. Thread-safe.
 */
#ifndef PICLOG_APP_REQUEST_RATE_H
#define PICLOG_APP_REQUEST_RATE_H

#include <stdint.h>

#include "base/config.h"

struct rates;

/* limits: by class, the same per network and per account; kept as long as the result is. */
struct rates *rates_open(const struct rate_limit limits[RATE_CLASSES]);
void rates_close(struct rates *rates);

/*
 * Takes one request from the bucket of the network, and, when account is not 0, from that of the account.
 * Returns 0, or the seconds after which another try makes sense. now_ms is monotonic. A refused request takes nothing.
 */
int rates_take(struct rates *rates, enum rate_class rate, const unsigned char network[16], int64_t account,
               int64_t now_ms);

/* Undoes a rates_take() that turned out to be no such request, such as a form that was mistyped: of the network, and of
   the account when it is not 0. */
void rates_give_back(struct rates *rates, enum rate_class rate, const unsigned char network[16], int64_t account,
                     int64_t now_ms);

/*
 * The same from the bucket for guessing passwords: that of a browser which signed in to this name before, else the
 * one that all others share. So whoever guesses at a name cannot keep its owner out of a browser that knows it.
 * name: folded. browser: NULL when it does not know the name.
 */
int rates_take_guess(struct rates *rates, const char *name, const unsigned char browser[16], int64_t now_ms);

#endif
