/* The whole service, from its start to its end: what src/http and the tests open. */
#ifndef PICLOG_APP_SERVICE_H
#define PICLOG_APP_SERVICE_H

#include "app/request/app.h"

/* Borrows config. On failure message says why. */
int service_open(const struct config *config, struct app *ret_app, char *message, size_t message_bytes)
    __attribute__((warn_unused_result));
/* No request may be under way. */
void service_close(struct app *app);

/* Moves when anything that anybody may see has changed: at once after what this process writes, within a millisecond
   after what another one does (piclog user, piclog import). */
uint64_t service_version(struct app *app);

#endif
