/* What can be reported and decided about, people aside: posts, and what else people put up here. */
#ifndef PICLOG_APP_ADMIN_SUBJECT_H
#define PICLOG_APP_ADMIN_SUBJECT_H

#include "app/posts/post_kind.h"

enum { SUBJECT_KINDS = POST_KINDS + 2 };
extern const struct post_kind *const subject_kinds[SUBJECT_KINDS];

/* The kind of that name, or NULL. */
const struct post_kind *subject_kind_find(const char *name);

/* 1 when its address is for everybody; else only whoever may read it can report it. */
int subject_is_public(const struct post_kind *kind);

#endif
