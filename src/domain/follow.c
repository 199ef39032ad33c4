/*
 * Following: see follow.h. Refuses to follow oneself, and to tell a block from a name that nobody has. Read next:
 * store/follow.c, shun.c.
 */
#include "domain/follow.h"

#include "base/text.h"

static const struct fault *nobody(const struct actor *actor, const char *name)
{
    return fault_make(actor->arena, FAULT_NOT_FOUND, "There is nobody called %s here.", name);
}

/* Whoever has that name, as far as the actor may know. A name that cannot be one is not repeated: it may be no text. */
static const struct fault *find(const struct actor *actor, const char *typed, int64_t *ret_other)
{
    char name[21];
    if (text_parse_name(typed, name) != 0)
        return fault_of_field(actor->arena, "name", 0,
                              "Say whom by their name: it has 1 to 20 letters, digits, - and _.");
    const int64_t other = db_number(actor->db, QUERY_PERSON_ID, 0, name, actor->account);
    if (!other)
        return nobody(actor, name);
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
                              "You follow 5 000 people, and more than that nobody can. Stop following somebody first.");
    if (status == STORE_NOT_FOUND)
        return nobody(actor, name);
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
