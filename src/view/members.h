/* What ".ago", ".bytes", ".html" and their like mean in templates: values put into words. See view.h for the list. */
#ifndef PICLOG_VIEW_MEMBERS_H
#define PICLOG_VIEW_MEMBERS_H

#include <stdint.h>
#include <jansson.h>

#include "base/buf.h"

struct members_context {
    const void *templates; /* for view.c */
    int64_t now_s;
};

/* mustache_host.find_member; data is a struct members_context. Thread-safe. */
int members_find(void *data, const json_t *value, const char *name, struct buf *out, int *ret_is_html);

#endif
