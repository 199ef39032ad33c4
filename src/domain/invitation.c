/* Invitations: see invitation.h. Refuses members while nobody new is taken. Read next: account.c. */
#include "domain/invitation.h"

int invitation_is_possible(enum signup signup, int by_admin)
{
    return signup != SIGNUP_CLOSED || by_admin;
}

const struct fault *invitation_make(const struct actor *actor, enum signup signup, int by_admin, int for_admin,
                                    char ret_code[SECRET_TEXT_BYTES])
{
    if (!invitation_is_possible(signup, by_admin))
        return fault_make(actor->arena, FAULT_NOT_ALLOWED,
                          "This piclog takes nobody new at the moment, so there is nothing to invite to.");
    return fault_of_store(actor, invite_add(actor->store, actor->db, actor->account, for_admin, ret_code),
                          "invitation");
}

const struct fault *invitation_take_back(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, invite_delete(actor->db, actor->account, id), "invitation");
}
