/* Who may reach a person: see reach.h. Refuses what is none of the choices. Read next: wall.c, poke.c. */
#include "domain/reach.h"

#include <string.h>

#include "store/reach.h"

const struct wall_taker wall_takers[WALL_TAKERS] = {
    {"open", N_("everybody here"), N_("what they write shows at once")},
    {"look", N_("everybody here, after a look"), N_("it shows when you have said yes")},
    {"followed", N_("whom I follow"), "what they write shows at once"},
    {"nobody", "nobody", N_("the wall keeps what is on it")},
};

static int is_taker(const char *name)
{
    for (int i = 0; i < WALL_TAKERS; i++)
        if (strcmp(name, wall_takers[i].name) == 0)
            return 1;
    return 0;
}

/* -1: it was not typed. */
static int flag(const char *typed)
{
    return typed ? *typed && strcmp(typed, "0") != 0 : -1;
}

const struct fault *reach_check(const struct actor *actor, const struct reach_typed *typed)
{
    if (!typed->wall || is_taker(typed->wall))
        return NULL;
    return fault_of_field(actor->arena, "wall", 0,
                          "The wall is open, look, followed or nobody: who may write there, and when it shows.");
}

const struct fault *reach_save(const struct actor *actor, const struct reach_typed *typed)
{
    const struct reach reach = {typed->wall, flag(typed->has_guestbook), flag(typed->takes_pokes),
                                flag(typed->takes_nudges), flag(typed->shows_presence)};
    const struct fault *fault = reach_check(actor, typed);
    return fault ? fault : fault_of_store(actor, reach_set(actor->db, actor->account, &reach), "account");
}
