/* The top eight: see top.h. Who may be chosen is the caller's matter, who sees whom that of statements/top.sql. */
#include "top.h"

#include "db.h"

enum store_status top_set(struct db *db, int64_t account, const int64_t *friends, int count)
{
    if (count > TOP_MAX)
        return STORE_INVALID;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_TOP_CLEAR, account);
    for (int i = 0; i < count && status == STORE_OK; i++)
        status = db_write(db, WRITE_TOP_ADD, account, i + 1, friends[i]);
    return db_end(db, status);
}
