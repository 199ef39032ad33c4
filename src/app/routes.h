/* Every address that piclog answers. */
#ifndef PICLOG_APP_ROUTES_H
#define PICLOG_APP_ROUTES_H

#include "app/request/route.h"

extern const struct route routes[];
extern const int route_count;

#endif
