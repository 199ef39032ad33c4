/* The handlers of moving house. */
#ifndef PICLOG_APP_MOVE_HANDLERS_H
#define PICLOG_APP_MOVE_HANDLERS_H

#include "app/request/app.h"

/* export.c */
handler settings_export;

#endif
