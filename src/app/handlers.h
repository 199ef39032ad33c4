/* The handlers that belong to no room. */
#ifndef PICLOG_APP_HANDLERS_H
#define PICLOG_APP_HANDLERS_H

#include "app/request/app.h"

/* health.c */
handler health_check, health_metrics;

/* static.c */
handler static_file, static_favicon, static_robots;

#endif
