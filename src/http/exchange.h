/* Inside src/http: one request and its answer. The library's callbacks, see microhttpd.h. */
#ifndef PICLOG_HTTP_EXCHANGE_H
#define PICLOG_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "server.h"

/* Remembers the address line; its result is the exchange, *context in the others. */
void *exchange_start(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_handle(void *server, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **context);
void exchange_end(void *server, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code);

#endif
