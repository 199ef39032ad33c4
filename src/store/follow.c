/*
 * Follows and the timelines of friends: see follow.h. Refuses to keep a copy of a timeline for anybody: what is hidden,
 * edited or deleted would have to be looked for in thousands of them. Read next: statements/follows.sql.
 */
#include "follow.h"

#include "base/clock.h"
#include "db.h"

/* Whoever follows so few or such silent people that these hold no page gets one by the other way. Walking them takes as
   long as looking up the newest of some hundred people. */
enum { NEAR_ROWS = 500 };

static enum store_status add(struct db *db, int64_t follower, int64_t followed)
{
    if (db_number(db, QUERY_IS_FOLLOWING, 0, follower, followed))
        return STORE_TAKEN;
    if (db_number(db, QUERY_FOLLOW_COUNT, 0, follower) >= FOLLOWS_MAX)
        return STORE_FULL;
    enum store_status status = db_write(db, WRITE_FOLLOW_ADD, follower, followed, clock_now_s());
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status follow_add(struct db *db, int64_t follower, int64_t followed)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, add(db, follower, followed)) : status;
}

enum store_status follow_delete(struct db *db, int64_t follower, int64_t followed)
{
    enum store_status status = db_write(db, WRITE_FOLLOW_DELETE, follower, followed);
    return status == STORE_OK ? db_changed(db) : status;
}

json_t *friend_posts(struct db *db, enum friend_posts kind, int64_t before, int64_t limit, int64_t viewer)
{
    static const struct {
        enum query near, far;
    } ways[FRIEND_POSTS] = {[FRIEND_PICTURES] = {QUERY_PICTURES_NEAR, QUERY_PICTURES_FAR},
                            [FRIEND_STATUSES] = {QUERY_STATUSES_NEAR, QUERY_STATUSES_FAR},
                            [FRIEND_MOODS] = {QUERY_MOODS_NEAR, QUERY_MOODS_FAR}};
    json_t *rows = db_rows(db, ways[kind].near, before, limit, viewer, (int64_t)NEAR_ROWS);
    if (!rows || json_array_size(rows) >= (size_t)limit)
        return rows;
    json_decref(rows);
    return db_rows(db, ways[kind].far, before, limit, viewer);
}
