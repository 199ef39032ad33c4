/* What has to be done from time to time, beside all requests. */
#ifndef PICLOG_APP_REQUEST_SWEEP_H
#define PICLOG_APP_REQUEST_SWEEP_H

#include "store/store.h"

struct sweep;

/* Starts the thread. NULL without memory. */
struct sweep *sweep_open(struct store *store);
/* Waits for what is under way. NULL is allowed. */
void sweep_close(struct sweep *sweep);

#endif
