/* Who may reach a person: see reach.h. Refuses to judge what is already there. Next: wall.c. */
#include "reach.h"

#include "db.h"

static struct db_value flag(int value)
{
    return value < 0 ? db_null(NULL) : db_integer(value);
}

static enum store_status set(struct db *db, int64_t account, const struct reach *reach)
{
    const struct db_value values[] = {db_integer(account),      db_text(reach->wall),      flag(reach->has_guestbook),
                                      flag(reach->takes_pokes), flag(reach->takes_nudges), flag(reach->shows_presence),
                                      {.type = DB_END}};
    enum store_status status = db_write_of(db, WRITE_ACCOUNT_REACH, values);
    if (status == STORE_OK)
        status = db_changed(db);
    return status == STORE_OK && reach->takes_pokes == 0 ? db_write(db, WRITE_POKES_CLEAR, account) : status;
}

enum store_status reach_set(struct db *db, int64_t account, const struct reach *reach)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, set(db, account, reach)) : status;
}
