/* Two threads beside the server's, for the few handlers that compute long: hashing passwords, packing archives. */
#ifndef PICLOG_APP_REQUEST_SIDE_H
#define PICLOG_APP_REQUEST_SIDE_H

#include "app/request/app.h"

struct side_thread;

/* NULL when not even one can be started. */
struct side_thread *side_open(void);
/* Runs what is queued, then ends. */
void side_close(struct side_thread *side);

/* Runs req->route->handle(req, req->res) there and calls req->resume. -1 when too many wait (64). */
int side_submit(struct side_thread *side, struct request *req) __attribute__((warn_unused_result));

#endif
