/* Kept posts: see kept.h. They go with the post, by a trigger of the schema. Next: statements/kept.sql. */
#include "kept.h"

#include "base/clock.h"
#include "db.h"

enum store_status kept_add(struct db *db, int64_t account, struct post_ref post, int64_t *ret_id)
{
    const enum store_status status =
        db_write(db, WRITE_KEPT_ADD, account, post.kind, post.id, clock_now_s(), (int64_t)KEPT_MAX);
    if (status != STORE_OK)
        return status;
    const int64_t id = db_number(db, QUERY_KEPT_AS, 0, account, post.kind, post.id);
    if (!id)
        return STORE_FULL;
    *ret_id = id;
    return STORE_OK;
}

enum store_status kept_delete(struct db *db, int64_t account, struct post_ref post)
{
    const enum store_status status = db_write(db, WRITE_KEPT_DELETE, account, post.kind, post.id);
    return status == STORE_OK ? db_changed(db) : status;
}
