/*
 * Outgoing webhooks: one thread tells people's own addresses about their new, edited and deleted posts.
 *
 * An address that a stranger chose is a way into the network this machine stands in. So the address of every connection
 * is checked when the socket is made, after the name was resolved (no second look-up can differ), redirects are not
 * followed, answers are read up to a limit and thrown away, and everything has a deadline.
 */
#ifndef PICLOG_HOOK_HOOK_H
#define PICLOG_HOOK_HOOK_H

#include <stdint.h>

#include "store/store.h"

struct hook;

struct hook_options {
    const char *public_url; /* borrowed */
    int allow_private;      /* 1: private addresses may be told too; for tests and intranets */
    int retry_s;            /* the pause after a first failure; doubles up to an hour */
};

/* Starts the thread; it sleeps until there is something to tell. NULL when it cannot be started. */
struct hook *hook_open(struct store *store, const struct hook_options *options);
/* Something was posted: have a look. Thread-safe, cheap. hook may be NULL. */
void hook_wake(struct hook *hook);
/* Ends the thread; what was not told yet waits in the store. */
void hook_close(struct hook *hook);

#endif
