/* Accounts: names and passwords, who may join, and the ways back in. Sessions are the request's matter, not this one's.
 */
#ifndef PICLOG_DOMAIN_ACCOUNT_H
#define PICLOG_DOMAIN_ACCOUNT_H

#include "base/config.h"
#include "domain/fault.h"
#include "store/account.h"

/* As it was typed. */
struct account_typed {
    const char *name, *password;
};

/* May somebody join here and now, with this invitation ("": none)? *ret_is_admin: they would run this place. */
const struct fault *account_may_join(const struct actor *actor, enum signup signup, const char *code,
                                     int *ret_is_admin) FAULT_MUST_USE;
/*
 * Joins. FAULT_NOT_ALLOWED: as above. FAULT_TAKEN: the name, or one that looks like it, is somebody's or rests. Names
 * that are reserved (name.h) go only to those who are invited to run the place. An invitation is used once, whoever
 * else has it. Sent twice, as by a double click, it is the account that the same name and password made a minute ago,
 * where may_be_twice: that tells who knows the password, so callers count it as a guess.
 */
const struct fault *account_join(const struct actor *actor, enum signup signup, const char *site_name, const char *code,
                                 const struct account_typed *typed, int may_be_twice,
                                 int64_t *ret_account) FAULT_MUST_USE;
/* From the shell: without invitation, whatever the word lists say. takes_any_name: also one that is reserved, rests, or
   looks like another. */
const struct fault *account_make(const struct actor *actor, const char *site_name, const struct account_typed *typed,
                                 int is_admin, int takes_any_name, int64_t *ret_account) FAULT_MUST_USE;

/* Whose name and password these are. FAULT_STRANGER: nobody's; it takes as long for unknown names. */
const struct fault *account_recognise(const struct actor *actor, const struct account_typed *typed,
                                      int64_t *ret_account) FAULT_MUST_USE;

/* The actor's own, whose name this is; ends every token, and every session but keep_session. The old one proves that it
   is the person at the keyboard, and not only somebody who holds the browser. */
const struct fault *account_change_password(const struct actor *actor, const char *name, const char *old_password,
                                            const char *new_password, int64_t keep_session) FAULT_MUST_USE;
/* From the shell: without the old one; ends every session and token. */
const struct fault *account_give_password(const struct actor *actor, const char *password) FAULT_MUST_USE;

/* NULL when what was typed is the actor's own name and password: whoever changes how one gets in has to show that they
   are the person, and not only somebody who holds the browser. The fault is about field "password". */
const struct fault *account_confirm(const struct actor *actor, const struct account_typed *typed) FAULT_MUST_USE;

/* The codes of somebody who joined a moment ago; as below, without the password. */
const struct fault *account_first_codes(const struct actor *actor,
                                        char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES]) FAULT_MUST_USE;
/* New codes, for the password; those before are worth nothing any more. Asked again under the same key, they are the
   same codes. */
const struct fault *account_make_codes(const struct actor *actor, const struct account_typed *typed,
                                       char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES]) FAULT_MUST_USE;
/* Uses up a code and sets the password typed; ends every session and token. FAULT_STRANGER: name and code do not fit.
 */
const struct fault *account_recover(const struct actor *actor, const struct account_typed *typed, const char *code,
                                    int64_t *ret_account) FAULT_MUST_USE;

/* Deletes the actor's account and all that it posted. Its name rests: so many days, unless administrators set others.
 */
const struct fault *account_close(const struct actor *actor, const struct account_typed *typed,
                                  int usual_rest_days) FAULT_MUST_USE;

#endif
