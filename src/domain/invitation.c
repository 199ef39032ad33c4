/* Invitations: see invitation.h. Refuses members while nobody new is taken. Read next: account.c. */
#include "domain/invitation.h"

#include <string.h>

#include "domain/once.h"

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
    char code[SECRET_TEXT_BYTES];
    struct once once;
    int64_t made;
    int is_admin;
    const struct fault *fault = once_open(actor, "invitation", NULL, &once, &made);
    if (!fault)
        once_make_secret(actor, &once, code);
    if (!fault && made && invite_find(actor->store, actor->db, code, &is_admin) != STORE_OK)
        fault = once_secret_is_gone(actor, once.purpose);
    if (!fault && !made)
        fault = once_close(actor, &once, invite_add_code(actor->store, actor->db, actor->account, for_admin, code), 1);
    if (!fault)
        memcpy(ret_code, code, sizeof code);
    return fault;
}

const struct fault *invitation_take_back(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, invite_delete(actor->db, actor->account, id), "invitation");
}
