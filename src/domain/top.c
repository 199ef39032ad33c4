/* The top eight: see top.h. Refuses whom the actor cannot see, without saying why. Read next: store/top.c. */
#include "domain/top.h"

#include <string.h>

#include "base/text.h"

/* The active account of that name whom the actor may see; 0: there is none. */
static int64_t find(const struct actor *actor, const char *typed)
{
    char name[21];
    typed += strspn(typed, " @~");
    if (text_parse_name(arena_copy_n(actor->arena, typed, strcspn(typed, " ")), name) != 0)
        return 0;
    json_t *row = db_row(actor->db, QUERY_PERSON, name, actor->account);
    const char *state = json_string_value(json_object_get(row, "state"));
    int64_t id = state && strcmp(state, "active") == 0 ? json_integer_value(json_object_get(row, "id")) : 0;
    json_decref(row);
    return id;
}

/* What was typed, as a sentence can quote it. */
static const char *quotable(const struct actor *actor, const char *typed)
{
    return text_is_utf8(typed, strlen(typed)) ? arena_copy_n(actor->arena, typed, text_prefix(typed, 40)) : "";
}

const struct fault *top_choose(const struct actor *actor, const char *const *names, size_t count)
{
    int64_t friends[TOP_MAX];
    int chosen = 0;
    for (size_t i = 0; i < count; i++) {
        if (!names[i][strspn(names[i], " ")])
            continue;
        if (chosen == TOP_MAX)
            return fault_of_field(actor->arena, "names", TOP_MAX, "These are too many people: %d have a place.",
                                  TOP_MAX);
        friends[chosen] = find(actor, names[i]);
        if (!friends[chosen])
            return fault_of_field(actor->arena, "names", 0, "There is nobody called “%s” here.",
                                  quotable(actor, names[i]));
        if (friends[chosen] == actor->account)
            return fault_of_field(actor->arena, "names", 0, "“%s” is you. Your page is full of you already.",
                                  quotable(actor, names[i]));
        for (int k = 0; k < chosen; k++)
            if (friends[k] == friends[chosen])
                return fault_of_field(actor->arena, "names", 0, "“%s” stands there twice. Everybody has one place.",
                                      quotable(actor, names[i]));
        chosen++;
    }
    return fault_of_store(actor, top_set(actor->db, actor->account, friends, chosen), "top eight");
}
