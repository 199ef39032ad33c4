/*
 * Batches: see batch.h. A thing is a savepoint, since the functions of the store leave what they began to whoever began
 * first. Refuses to commit what SQLite has rolled back by itself. Read next: rows.c.
 */
#include "batch.h"

#include "db.h"

enum store_status batch_begin(struct db *db)
{
    return db_begin(db);
}

enum store_status batch_item_begin(struct db *db)
{
    return db_write(db, WRITE_ITEM_BEGIN);
}

enum store_status batch_item_end(struct db *db, int is_kept)
{
    enum store_status status = is_kept ? STORE_OK : db_write(db, WRITE_ITEM_UNDO);
    return status == STORE_OK ? db_write(db, WRITE_ITEM_END) : status;
}

enum store_status batch_end(struct db *db, enum store_status status)
{
    return db_end(db, status);
}
