/* Runs the handler of a request whose checks are done: on a thread of the server, or beside them (side.c). */
#ifndef PICLOG_APP_REQUEST_HANDLE_H
#define PICLOG_APP_REQUEST_HANDLE_H

#include "app/request/app.h"

/* Runs it, then handle_end(). */
void handle_run(struct request *req, struct response *res);
/* Gives the connection back, and says that something may have changed. For handlers that went on later. */
void handle_end(struct request *req);

#endif
