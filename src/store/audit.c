/*
 * The audit log: see audit.h. Refuses to change or delete a line; the database refuses it too
 * (migrations/0004_moderation.sql). Read next: moderation.c, blocklist.c.
 */
#include "audit.h"

#include "base/clock.h"
#include "db.h"

enum store_status audit_add(struct db *db, int64_t actor, const char *action, const char *kind, int64_t subject,
                            int64_t account, const char *reason)
{
    return db_write(db, WRITE_AUDIT_ADD, clock_now_s(), actor, action, kind, subject, account, reason);
}
