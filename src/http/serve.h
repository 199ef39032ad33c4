/* "piclog serve": everything from the socket to the last request. */
#ifndef PICLOG_HTTP_SERVE_H
#define PICLOG_HTTP_SERVE_H

#include "base/config.h"

/* Serves until SIGTERM or SIGINT. config->public_url NULL: http://ADDR:PORT. Returns the exit status. */
int serve_run(const struct config *config);

#endif
