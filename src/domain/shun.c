/* Muting and blocking: see shun.h. What it means for every query is in store/statements. Refuses to tell the other. */
#include "domain/shun.h"

#include <string.h>

#include "domain/name.h"
#include "store/moderation.h"

const struct fault *shun_find(const struct actor *actor, const char *name, int64_t *ret_other)
{
    const int64_t other = db_number(actor->db, QUERY_PERSON, 0, name);
    if (!other || db_number(actor->db, QUERY_IS_UNSEEN, 0, actor->account, other, "blocked"))
        return name_unknown(actor->arena, name);
    if (other == actor->account)
        return fault_of_field(actor->arena, "name", 0, "This is you. There is no button for that.");
    *ret_other = other;
    return NULL;
}

const struct fault *shun_set(const struct actor *actor, int64_t other, const char *kind, int is_undo)
{
    if (strcmp(kind, "mute") != 0 && strcmp(kind, "block") != 0)
        return fault_of_field(actor->arena, "kind", 0, "People can be muted or blocked; kind is one of the two.");
    enum store_status status = is_undo ? unseen_delete(actor->db, actor->account, other, kind)
                                       : unseen_add(actor->db, actor->account, other, kind);
    return is_undo && status == STORE_NOT_FOUND ? NULL : fault_of_store(actor, status, "person");
}
