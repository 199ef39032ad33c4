/* Notices, and what somebody wants to hear of: see notice.h. Refuses to copy a word. Next: statements/notices.sql. */
#include "notice.h"

#include "base/clock.h"
#include "db.h"

enum store_status notice_mention(struct db *db, int64_t account, const char *name, struct post_ref post)
{
    return db_write(db, WRITE_NOTICE_MENTION, account, name, post.kind, post.id, (int64_t)MENTIONS_MAX);
}

enum store_status notices_read(struct db *db, int64_t account, int64_t until)
{
    return db_write(db, WRITE_NOTICES_READ, account, until, clock_now_s());
}

enum store_status manners_edit(struct db *db, int64_t account, const struct manners *manners)
{
    struct db_value values[] = {db_integer(account),
                                db_text(manners->answers),
                                db_integer(manners->quiet),
                                db_integer(manners->shows_kept),
                                {.type = DB_END}};
    if (manners->quiet < 0)
        values[2] = db_null(NULL);
    if (manners->shows_kept < 0)
        values[3] = db_null(NULL);
    const enum store_status status = db_write_of(db, WRITE_MANNERS_EDIT, values);
    return status == STORE_OK ? db_changed(db) : status;
}
