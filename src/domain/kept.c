/* Kept posts: see kept.h. Refuses what the actor may not see. Read next: store/statements/kept.sql. */
#include "domain/kept.h"

#include "domain/answers.h"

static const struct fault *read_post(const struct actor *actor, const char *typed, struct post_ref *ret_post)
{
    const struct fault *fault = answers_read(actor->arena, "post", typed, ret_post);
    if (!fault && !ret_post->id)
        fault = fault_of_field(actor->arena, "post", 0, "Say which post: pictures/12, statuses/3 or moods/4.");
    return fault;
}

const struct fault *kept_keep(const struct actor *actor, const char *typed, int64_t *ret_id)
{
    struct post_ref post;
    const struct fault *fault = read_post(actor, typed, &post);
    if (fault)
        return fault;
    json_t *row = db_row(actor->db, QUERY_ANSWERABLE, post.kind, post.id, actor->account);
    if (!row)
        fault = fault_of_store(actor, STORE_FAILED, "post");
    else if (json_is_null(row))
        fault = fault_of_field(actor->arena, "post", 0, "This post is gone, or it was never here.");
    json_decref(row);
    if (fault)
        return fault;
    const enum store_status status = kept_add(actor->db, actor->account, post, ret_id);
    return status == STORE_FULL && db_number(actor->db, QUERY_KEPT_COUNT, 0, actor->account) >= KEPT_MAX
               ? fault_make(actor->arena, FAULT_FULL, "You keep %d posts already. Let go of some first.", KEPT_MAX)
               : fault_of_store(actor, status, "post");
}

const struct fault *kept_let_go(const struct actor *actor, const char *typed)
{
    struct post_ref post;
    const struct fault *fault = read_post(actor, typed, &post);
    if (fault)
        return fault;
    const enum store_status status = kept_delete(actor->db, actor->account, post);
    return status == STORE_NOT_FOUND ? NULL : fault_of_store(actor, status, "post");
}
