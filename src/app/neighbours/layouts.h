/* Layouts, for whoever decides about them. */
#ifndef PICLOG_APP_NEIGHBOURS_LAYOUTS_H
#define PICLOG_APP_NEIGHBOURS_LAYOUTS_H

#include "app/posts/post_kind.h"

extern const struct post_kind layout_kind;

#endif
