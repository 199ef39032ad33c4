/* API tokens: see token.h. What a scope opens is dispatch's matter (app/request/dispatch.c). Read next:
 * store/session.c. */
#include "domain/token.h"

#include <string.h>

#include "domain/once.h"

static unsigned scopes_of(const struct token_typed *typed)
{
    unsigned scopes = 0;
    if (typed->may_post)
        scopes |= SCOPE_CREATE | SCOPE_MEDIA;
    if (typed->may_change)
        scopes |= SCOPE_UPDATE | SCOPE_DELETE;
    return typed->may_all || (!scopes && !typed->may_read) ? SCOPE_ALL : scopes;
}

const struct fault *token_make(const struct actor *actor, const struct account_typed *owner,
                               const struct token_typed *typed, char ret_secret[SECRET_TEXT_BYTES])
{
    const struct fault *fault = scopes_of(typed) == SCOPE_ALL ? account_confirm(actor, owner) : NULL;
    return fault ? fault : token_give(actor, typed, ret_secret);
}

const struct fault *token_give(const struct actor *actor, const struct token_typed *typed,
                               char ret_secret[SECRET_TEXT_BYTES])
{
    static const struct words_field field = {"label", N_("The label"), TEXT_LINE, TOKEN_LABEL_MAX,
                                             TOKEN_LABEL_MAX_BYTES};
    char secret[SECRET_TEXT_BYTES];
    const unsigned scopes = scopes_of(typed);
    struct once once;
    int64_t made;
    const char *label;
    const struct fault *fault = words_clean(actor->arena, &field, typed->label, &label);
    if (fault)
        return fault;
    const char *const words[] = {label, arena_printf(actor->arena, "%u", scopes), NULL};
    fault = once_open(actor, "token", words, &once, &made);
    if (!fault)
        once_make_secret(actor, &once, secret);
    if (!fault && made && !token_is_there(actor->store, actor->db, secret))
        fault = once_secret_is_gone(actor, once.purpose);
    if (!fault && !made)
        fault = once_close(actor, &once,
                           token_add_secret(actor->store, actor->db, actor->account, label, scopes, secret), 1);
    if (!fault)
        memcpy(ret_secret, secret, sizeof secret);
    return fault;
}

const struct fault *token_revoke(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, token_delete(actor->db, actor->account, id), "token");
}
