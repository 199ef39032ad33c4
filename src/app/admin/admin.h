/* What the pages of administrators share: admin.c, admin_people.c. */
#ifndef PICLOG_APP_ADMIN_ADMIN_H
#define PICLOG_APP_ADMIN_ADMIN_H

#include "app/request/app.h"

/* Adds to row what a decision needs to see: the thing itself (under the name of its kind, of which all but one are
   null), and "person", its author with history. kind, subject and account say which. */
void admin_add_context(struct request *req, json_t *row, const char *kind, int64_t subject, int64_t account);

#endif
