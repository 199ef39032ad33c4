/* Pokes: see poke.h. Refuses a second one before the first is answered, and to count. Read next: store/poke.c. */
#include "domain/poke.h"

#include <string.h>

#include "domain/name.h"
#include "domain/once.h"
#include "store/poke.h"

const struct fault *poke_find(const struct actor *actor, const char *name, struct poke *ret_poke)
{
    char folded[NAME_MAX_BYTES + 1];
    const struct fault *fault = name_read_other(actor->arena, "name", name, folded);
    if (fault)
        return fault;
    json_t *row = db_row(actor->db, QUERY_PERSON, (const char *)folded, actor->account);
    const char *state = json_string_value(json_object_get(row, "state"));
    struct poke poke = {.other = json_integer_value(json_object_get(row, "id")),
                        .takes_pokes = json_is_true(json_object_get(row, "takes_pokes"))};
    if (state && strcmp(state, "active") == 0)
        poke.name = arena_copy(actor->arena, json_string_value(json_object_get(row, "name")));
    json_decref(row);
    if (!row)
        return fault_of_store(actor, STORE_FAILED, "person");
    if (!poke.name)
        return name_unknown(actor->arena, name);
    if (poke.other == actor->account)
        return fault_of_field(actor->arena, "name", 0, "This is you. Poke yourself in private.");
    poke.waits = (int)db_number(actor->db, QUERY_IS_POKED, 0, actor->account, poke.other);
    poke.is_poked = (int)db_number(actor->db, QUERY_IS_POKED, 0, poke.other, actor->account);
    *ret_poke = poke;
    return NULL;
}

const struct fault *poke_send(const struct actor *actor, const struct poke *poke)
{
    struct once once;
    int64_t made = 0;
    if (!poke->takes_pokes)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s takes no pokes.", poke->name);
    const struct fault *fault = once_open(actor, "poke", (const char *const[]){poke->name, NULL}, &once, &made);
    if (fault || made)
        return fault;
    enum store_status status = poke_add(actor->db, actor->account, poke->other);
    fault = once_close(actor, &once, status, poke->other);
    if (status == STORE_TAKEN)
        fault = fault_make(actor->arena, FAULT_TAKEN, "Your poke still waits for the answer of %s. One at a time.",
                           poke->name);
    return fault;
}

const struct fault *poke_let_be(const struct actor *actor, const struct poke *poke)
{
    enum store_status status = poke_delete(actor->db, poke->other, actor->account);
    return status == STORE_NOT_FOUND
               ? fault_make(actor->arena, FAULT_NOT_FOUND, "No poke of %s waits for you.", poke->name)
               : fault_of_store(actor, status, "poke");
}
