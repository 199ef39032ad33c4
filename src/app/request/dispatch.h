/* Inside src/app only: runs the handler of a request and gives its database connection back. Any thread. */
#ifndef PICLOG_APP_REQUEST_DISPATCH_H
#define PICLOG_APP_REQUEST_DISPATCH_H

#include "app/request/app.h"

void dispatch_handle(struct request *req, struct response *res);

#endif
