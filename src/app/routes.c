/*
 * The one table of addresses. A line here is all it takes to make a handler reachable; dispatch.c enforces the flags.
 * Refuses to hold logic. Read next: routes.h for the meaning of each column, dispatch.c for the order of checks.
 */
#include "routes.h"

#include "handlers.h"

enum { SMALL = 16000, FORM = 100000 }; /* bytes of a body without its files */

/* clang-format off: one route a line */
const struct route routes[] = {
    /* methods      pattern      flags                  body  rate       query parameters  handler */
    {METHOD_GET, "/healthz", NO_SESSION | IS_API, 0, RATE_READ, "", health_check},
    {METHOD_GET, "/metrics", NO_SESSION | LOOPBACK, 0, RATE_READ, "", health_metrics},
};
/* clang-format on */

const int route_count = sizeof routes / sizeof routes[0];
