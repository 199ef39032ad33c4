/* Saying something once: see once.h. Refuses nothing without a key. Read next: store/once.c. */
#include "domain/once.h"

#include <assert.h>

const struct fault *once_open(const struct actor *actor, const char *noun, const char *const *words,
                              struct once *ret_once, int64_t *ret_made)
{
    const int has_key = actor->key && *actor->key;
    int64_t made = 0;
    assert(!has_key || actor->account); /* keys belong to somebody */
    *ret_once = (struct once){.account = actor->account,
                              .purpose = noun,
                              .key = has_key ? actor->key : NULL,
                              .words = words,
                              .is_strict = actor->is_program};
    enum store_status status = has_key ? once_begin(actor->db, ret_once, &made) : STORE_OK;
    if (status == STORE_INVALID)
        return fault_of_field(actor->arena, "Idempotency-Key", 0,
                              "This Idempotency-Key came with other words before. Send a new one with new words.");
    *ret_made = made;
    return fault_of_store(actor, status, noun);
}

void once_make_secret(const struct actor *actor, const struct once *once, char ret_secret[SECRET_TEXT_BYTES])
{
    if (once->key)
        once_secret(actor->store, once, ret_secret);
    else
        secret_make(ret_secret);
}

const struct fault *once_secret_is_gone(const struct actor *actor, const char *noun)
{
    return fault_make(
        actor->arena, FAULT_TAKEN,
        "This form was sent before, and what it made was shown then. Since that it has been used, taken "
        "back or replaced, so there is nothing to show. If you need a new %s, load the page with the form "
        "again and send it once more.",
        noun);
}

const struct fault *once_close(const struct actor *actor, const struct once *once, enum store_status status,
                               int64_t made)
{
    assert(status != STORE_OK || made);
    if (once->key)
        status = once_end(actor->db, once, status, made);
    return fault_of_store(actor, status, once->purpose);
}
