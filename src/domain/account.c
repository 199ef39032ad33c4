/*
 * Accounts: see account.h. Refuses to tell whether a name exists, but for joining, where a taken name has to be said.
 * Read next: invitation.c, store/account.c.
 */
#include "domain/account.h"

#include <string.h>

#include "base/clock.h"
#include "domain/name.h"
#include "domain/once.h"
#include "store/blocklist.h"
#include "store/name.h"

enum { JOINED_TWICE_S = 60 };

/* ---- What may be typed ---------------------------------------------------------------------------- */

/* field: as the form calls it. */
static const struct fault *check_password(struct arena *arena, const char *field, const char *typed)
{
    if (strlen(typed) < PASSWORD_MIN_BYTES)
        return fault_of_field(arena, field, PASSWORD_MIN_BYTES, "A password has at least %d characters.",
                              PASSWORD_MIN_BYTES);
    if (strlen(typed) > PASSWORD_MAX_BYTES)
        return fault_of_field(arena, field, PASSWORD_MAX_BYTES, "A password has at most %d bytes.", PASSWORD_MAX_BYTES);
    return NULL;
}

static const struct fault *name_taken(struct arena *arena)
{
    return fault_make(arena, FAULT_TAKEN, "Somebody has this name already. Try another.");
}

/* ---- Joining -------------------------------------------------------------------------------------- */

const struct fault *account_may_join(const struct actor *actor, enum signup signup, const char *code, int *ret_is_admin)
{
    if (*code) {
        enum store_status status = invite_find(actor->store, actor->db, code, ret_is_admin);
        return status == STORE_NOT_FOUND
                   ? fault_make(actor->arena, FAULT_NOT_ALLOWED,
                                "This invitation was used already or is too old. Ask for a new one.")
                   : fault_of_store(actor, status, "invitation");
    }
    if (signup == SIGNUP_CLOSED)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED, "This piclog takes nobody new at the moment.");
    if (signup == SIGNUP_INVITE)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED,
                          "This piclog takes in friends of friends: ask somebody here for a link. Every member can "
                          "make some.");
    *ret_is_admin = 0;
    return NULL;
}

/* Sent twice: the account that the same name and password made a moment ago; 0: there is none. A password is hashed
   only where a name is that new, and its page says since when it is there anyway. */
static int64_t find_joined(const struct actor *actor, const struct account_typed *typed)
{
    char name[NAME_MAX_BYTES + 1];
    int64_t account = 0;
    if (account_name_fold(typed->name, name) != 0)
        return 0;
    json_t *row = db_row(actor->db, QUERY_PERSON, name, (int64_t)0);
    const json_t *joined_at = json_object_get(row, "created_at");
    const int64_t age_s = clock_now_s() - json_integer_value(joined_at);
    const int is_new = json_is_integer(joined_at) && age_s >= 0 && age_s <= JOINED_TWICE_S;
    json_decref(row);
    if (!is_new || account_check_password(actor->db, name, typed->password, &account) != STORE_OK)
        return 0;
    return account;
}

const struct fault *account_join(const struct actor *actor, enum signup signup, const char *site_name, const char *code,
                                 const struct account_typed *typed, int may_be_twice, int64_t *ret_account)
{
    char name[NAME_MAX_BYTES + 1];
    int is_admin;
    int64_t joined = 0;
    const struct fault *fault = account_may_join(actor, signup, code, &is_admin);
    if (may_be_twice && fault && fault->kind == FAULT_NOT_ALLOWED && *code)
        joined = find_joined(actor, typed);
    if (joined) {
        *ret_account = joined;
        return NULL;
    }
    if (!fault)
        fault = name_read(actor->arena, typed->name, name);
    if (!fault && !is_admin) /* whoever is invited to run the place may be called so */
        fault = name_check_reserved(actor->arena, name, site_name);
    if (!fault && blocklist_has_word(actor->db, name))
        fault = fault_of_field(actor->arena, "name", 0, "This name holds a word that is not taken here. Try another.");
    if (!fault)
        fault = check_password(actor->arena, "password", typed->password);
    if (fault)
        return fault;
    enum store_status status =
        name_is_free(actor->db, name); /* before anything is hashed; who is first, adding decides */
    if (status == STORE_OK)
        status = *code ? invite_use(actor->store, actor->db, code, name, typed->password, ret_account)
                       : account_add(actor->db, name, typed->password, 0, 0, ret_account);
    if (may_be_twice && (status == STORE_TAKEN || status == STORE_NOT_FOUND))
        joined = find_joined(actor, typed);
    if (joined) {
        *ret_account = joined;
        return NULL;
    }
    if (status == STORE_TAKEN)
        return name_taken(actor->arena);
    if (status == STORE_NOT_FOUND)
        return fault_of_field(actor->arena, "code", 0, "This invitation was used a moment ago.");
    return fault_of_store(actor, status, "account");
}

const struct fault *account_make(const struct actor *actor, const char *site_name, const struct account_typed *typed,
                                 int is_admin, int takes_any_name, int64_t *ret_account)
{
    char name[NAME_MAX_BYTES + 1];
    const struct fault *fault = name_read(actor->arena, typed->name, name);
    if (!fault && !is_admin && !takes_any_name)
        fault = name_check_reserved(actor->arena, name, site_name);
    if (!fault)
        fault = check_password(actor->arena, "password", typed->password);
    if (fault)
        return fault;
    enum store_status status =
        (takes_any_name ? account_add_any : account_add)(actor->db, name, typed->password, is_admin, 0, ret_account);
    return status == STORE_TAKEN ? name_taken(actor->arena) : fault_of_store(actor, status, "account");
}

/* ---- Coming back ---------------------------------------------------------------------------------- */

const struct fault *account_recognise(const struct actor *actor, const struct account_typed *typed,
                                      int64_t *ret_account)
{
    enum store_status status = account_check_password(actor->db, typed->name, typed->password, ret_account);
    return status == STORE_NOT_FOUND
               ? fault_make(actor->arena, FAULT_STRANGER, "This name and this password do not belong together.")
               : fault_of_store(actor, status, "account");
}

/* NULL when the password is the actor's own; else the sentence, about that field. */
static const struct fault *check_own(const struct actor *actor, const struct account_typed *typed, const char *field,
                                     const char *sentence)
{
    int64_t account = 0;
    enum store_status status = account_check_password(actor->db, typed->name, typed->password, &account);
    if (status != STORE_OK && status != STORE_NOT_FOUND)
        return fault_of_store(actor, status, "account");
    return account == actor->account ? NULL : fault_of_field(actor->arena, field, 0, "%s", sentence);
}

const struct fault *account_change_password(const struct actor *actor, const char *name, const char *old_password,
                                            const char *new_password, int64_t keep_session)
{
    const struct fault *fault = check_password(actor->arena, "new_password", new_password);
    if (!fault)
        fault = check_own(actor, &(struct account_typed){name, old_password}, "old_password",
                          N_("The old password is another one."));
    if (fault && fault->kind == FAULT_WORDS && !account_confirm(actor, &(struct account_typed){name, new_password}))
        return NULL; /* sent twice: it is the new one already */
    if (fault)
        return fault;
    return fault_of_store(actor, account_set_password(actor->db, actor->account, new_password, keep_session),
                          "account");
}

const struct fault *account_give_password(const struct actor *actor, const char *password)
{
    const struct fault *fault = check_password(actor->arena, "password", password);
    return fault ? fault
                 : fault_of_store(actor, account_set_password(actor->db, actor->account, password, 0), "account");
}

const struct fault *account_confirm(const struct actor *actor, const struct account_typed *typed)
{
    return check_own(actor, typed, "password", N_("This is not your password, so nothing was changed."));
}

const struct fault *account_first_codes(const struct actor *actor, char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    char secret[SECRET_TEXT_BYTES];
    struct once once;
    int64_t made = 0;
    const struct fault *fault = once_open(actor, N_("set of recovery codes"), NULL, &once, &made);
    if (fault)
        return fault;
    once_make_secret(actor, &once, secret);
    if (!made)
        return once_close(actor, &once, recovery_make(actor->store, actor->db, actor->account, secret, ret_codes), 1);
    enum store_status status = recovery_find(actor->store, actor->db, actor->account, secret, ret_codes);
    return status == STORE_NOT_FOUND ? once_secret_is_gone(actor, once.purpose)
                                     : fault_of_store(actor, status, once.purpose);
}

const struct fault *account_make_codes(const struct actor *actor, const struct account_typed *typed,
                                       char ret_codes[RECOVERY_CODES][RECOVERY_CODE_BYTES])
{
    const struct fault *fault = account_confirm(actor, typed);
    return fault ? fault : account_first_codes(actor, ret_codes);
}

const struct fault *account_recover(const struct actor *actor, const struct account_typed *typed, const char *code,
                                    int64_t *ret_account)
{
    const struct fault *fault = check_password(actor->arena, "password", typed->password);
    if (fault)
        return fault;
    enum store_status status = recovery_use(actor->store, actor->db, typed->name, code, typed->password, ret_account);
    return status == STORE_NOT_FOUND
               ? fault_make(actor->arena, FAULT_STRANGER,
                            "This name and this code do not belong together, or the code was used before.")
               : fault_of_store(actor, status, "account");
}

const struct fault *account_close(const struct actor *actor, const struct account_typed *typed, int usual_rest_days)
{
    const struct fault *fault =
        check_own(actor, typed, "password", N_("This is not your password, so nothing was deleted."));
    return fault ? fault : fault_of_store(actor, account_delete(actor->db, actor->account, usual_rest_days), "account");
}
