/* The log of what was decided over people and their posts: written by every decision, changed by nothing. */
#ifndef PICLOG_STORE_AUDIT_H
#define PICLOG_STORE_AUDIT_H

#include "store.h"

/* One line, in the transaction of what it tells about. actor: an administrator, 0: the shell. subject and account 0:
   the line is about none. */
STORE_MUST_USE enum store_status audit_add(struct db *db, int64_t actor, const char *action, const char *kind,
                                           int64_t subject, int64_t account, const char *reason);

#endif
