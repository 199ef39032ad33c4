/* Invitations: a link that lets one person in. Who comes with one: account.h. */
#ifndef PICLOG_DOMAIN_INVITATION_H
#define PICLOG_DOMAIN_INVITATION_H

#include "base/config.h"
#include "domain/fault.h"
#include "store/account.h"

/* Every member may invite, as long as anybody may come; administrators always. */
int invitation_is_possible(enum signup signup, int by_admin);

/* for_admin: whoever comes with it runs this place; the shell alone asks for that. The code is shown once; asked again
   under the same key, it is the same invitation. */
const struct fault *invitation_make(const struct actor *actor, enum signup signup, int by_admin, int for_admin,
                                    char ret_code[SECRET_TEXT_BYTES]) FAULT_MUST_USE;
/* Takes back one of the actor's own that nobody used. */
const struct fault *invitation_take_back(const struct actor *actor, int64_t id) FAULT_MUST_USE;

#endif
