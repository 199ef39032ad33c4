/* Pokes: see poke.h. Notices of them come and go by triggers (migrations/0009_neighbours.sql). Next: reach.c. */
#include "poke.h"

#include "base/clock.h"
#include "db.h"

enum store_status poke_add(struct db *db, int64_t by, int64_t account)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_POKE_DELETE, account, by);
    if (status == STORE_OK)
        status = db_write(db, WRITE_POKE_ADD, by, account, clock_now_s());
    if (status == STORE_OK)
        status = db_changed(db);
    return db_end(db, status);
}

enum store_status poke_delete(struct db *db, int64_t by, int64_t account)
{
    enum store_status status = db_write(db, WRITE_POKE_DELETE, by, account);
    return status == STORE_OK ? db_changed(db) : status;
}
