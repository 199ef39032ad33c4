/* Answers: see answers.h. Refuses to know whether somebody may answer: that is domain/answers.c. Next:
 * statements/answers.sql. */
#include "answers.h"

#include <string.h>

#include "db.h"

enum { PICTURE, STATUS, MOOD, KINDS };

/* Which of a table's statements a post needs; those that moods do not have are never asked for. */
static enum write of_kind(struct post_ref post, const enum write writes[KINDS])
{
    return writes[strcmp(post.kind, "picture") == 0 ? PICTURE : strcmp(post.kind, "status") == 0 ? STATUS : MOOD];
}

static enum store_status changed(struct db *db, enum store_status status)
{
    return status == STORE_OK ? db_changed(db) : status;
}

enum store_status answers_set_off(struct db *db, int64_t account, struct post_ref answer, int is_off)
{
    static const enum write writes[KINDS] = {WRITE_PICTURE_TAKE_OFF, WRITE_STATUS_TAKE_OFF, 0};
    if (strcmp(answer.kind, "mood") == 0)
        return STORE_NOT_FOUND;
    return changed(db, db_write(db, of_kind(answer, writes), account, answer.id, (int64_t)(is_off != 0)));
}

enum store_status answers_set_for(struct db *db, int64_t account, struct post_ref post, const char *answers)
{
    static const enum write writes[KINDS] = {WRITE_PICTURE_ANSWERS_SET, WRITE_STATUS_ANSWERS_SET,
                                             WRITE_MOOD_ANSWERS_SET};
    return changed(db, db_write(db, of_kind(post, writes), account, post.id, answers));
}

enum store_status answers_tie(struct db *db, int64_t account, struct post_ref post, struct post_ref reply)
{
    static const enum write writes[KINDS] = {WRITE_PICTURE_TIE, WRITE_STATUS_TIE, 0};
    if (strcmp(post.kind, "mood") == 0)
        return STORE_NOT_FOUND;
    return changed(db, db_write(db, of_kind(post, writes), account, post.id, reply.kind, reply.id));
}
