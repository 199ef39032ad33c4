/* Every handler, by the file it lives in. */
#ifndef PICLOG_APP_HANDLERS_H
#define PICLOG_APP_HANDLERS_H

#include "app.h"

/* health.c */
handler health_check, health_metrics;

#endif
