/* What the pages of administrators share: admin.c, admin_people.c. */
#ifndef PICLOG_APP_ADMIN_ADMIN_H
#define PICLOG_APP_ADMIN_ADMIN_H

#include "app/request/app.h"

/* The query that finds a subject of this kind, by id, viewer and whether that is an administrator; QUERY_COUNT: a
 * person. */
enum query admin_subject_query(const char *kind);
/* 1 when only whoever may read it can report it: its query then wants to know who asks. */
int admin_subject_is_private(const char *kind);
/* As it stands in a sentence. */
const char *admin_subject_noun(const char *kind);

/* Adds to row what a decision needs to see: the thing itself (as one of the parts of its template, the others null),
   and "person", its author with history. kind, subject and account say which. */
void admin_add_context(struct request *req, json_t *row, const char *kind, int64_t subject, int64_t account);

#endif
