/*
 * Following: see follow.h. Refuses to follow oneself, and to tell a block from a name that nobody has. Read next:
 * store/follow.c, shun.c.
 */
#include "domain/follow.h"

#include "domain/name.h"

/* Whoever has that name, as far as the actor may know. */
static const struct fault *find(const struct actor *actor, const char *typed, int64_t *ret_other)
{
    char name[NAME_MAX_BYTES + 1];
    const struct fault *fault = name_read_other(actor->arena, "name", typed, name);
    if (fault)
        return fault;
    const int64_t other = db_number(actor->db, QUERY_PERSON_ID, 0, name, actor->account);
    if (!other)
        return name_unknown(actor->arena, name);
    *ret_other = other;
    return NULL;
}

const struct fault *follow_begin(const struct actor *actor, const char *name, int *ret_is_new)
{
    int64_t other;
    const struct fault *fault = find(actor, name, &other);
    if (fault)
        return fault;
    if (other == actor->account)
        return fault_of_field(actor->arena, "name", 0,
                              "This is you. Your own posts are among those of your friends anyway.");
    enum store_status status = follow_add(actor->db, actor->account, other);
    if (status == STORE_FULL)
        return fault_of_field(actor->arena, "name", FOLLOWS_MAX,
                              "You follow %d people, and more than that nobody can. Stop following somebody first.",
                              FOLLOWS_MAX);
    if (status == STORE_NOT_FOUND)
        return name_unknown(actor->arena, name);
    if (status != STORE_OK && status != STORE_TAKEN)
        return fault_of_store(actor, status, "person");
    *ret_is_new = status == STORE_OK;
    return NULL;
}

static const struct fault *end(const struct actor *actor, int64_t follower, int64_t followed)
{
    enum store_status status = follow_delete(actor->db, follower, followed);
    return status == STORE_NOT_FOUND ? NULL : fault_of_store(actor, status, "person");
}

const struct fault *follow_end(const struct actor *actor, const char *name)
{
    int64_t other;
    const struct fault *fault = find(actor, name, &other);
    return fault ? fault : end(actor, actor->account, other);
}

const struct fault *follow_shake_off(const struct actor *actor, const char *name)
{
    int64_t other;
    const struct fault *fault = find(actor, name, &other);
    return fault ? fault : end(actor, other, actor->account);
}
