/*
 * Ties of an export: see import_ties.h. A post has another number here, so it is found by its time and its words, as by
 * the import that brought it. Refuses to believe that somebody was answered whom the account may not answer. Read next:
 * domain/answers.c.
 */
#include "app/move/import_ties.h"

#include <string.h>

#include "domain/answers.h"
#include "domain/kept.h"

static const struct {
    const char *list, *kind, *words; /* by which it is found, beside its time */
    enum query brought;
} lists[] = {{"pictures", "picture", "caption", QUERY_PICTURE_BROUGHT},
             {"statuses", "status", "content", QUERY_STATUS_BROUGHT},
             {"moods", "mood", "mood", QUERY_MOOD_BROUGHT}};
enum { LISTS = sizeof lists / sizeof lists[0] };

/* The items of the export by what they are called there: {"pictures/12": {…}, …}. */
static json_t *names_of(struct arena *arena, const json_t *words)
{
    json_t *names = json_object(), *item;
    size_t i;
    for (int l = 0; l < LISTS; l++)
        json_array_foreach(json_object_get(words, lists[l].list), i, item)
        {
            const struct post_ref ref = {lists[l].kind, json_integer_value(json_object_get(item, "id"))};
            if (ref.id > 0)
                json_object_set(names, answers_name(arena, ref), item);
        }
    return names;
}

/* The number that an item of the export has here; id 0: none. */
static struct post_ref find_brought(const struct actor *actor, int list, const json_t *item)
{
    const char *words = json_string_value(json_object_get(item, lists[list].words));
    return (struct post_ref){lists[list].kind,
                             db_number(actor->db, lists[list].brought, 0, actor->account,
                                       json_integer_value(json_object_get(item, "created_at")), words ? words : "")};
}

static int list_of(const char *kind)
{
    int list = 0;
    while (list < LISTS - 1 && strcmp(lists[list].kind, kind) != 0)
        list++;
    return list;
}

/* What an answer is to be tied to; id 0: nothing that is here. */
static struct post_ref find_answered(const struct actor *actor, const json_t *names, const char *name, int is_from_here)
{
    struct post_ref ref = {0};
    if (answers_read(actor->arena, "reply_to", name, &ref) || !ref.id)
        return (struct post_ref){0};
    const json_t *item = json_object_get(names, answers_name(actor->arena, ref));
    if (item)
        return find_brought(actor, list_of(ref.kind), item);
    return is_from_here && !answers_check(actor, ref) ? ref : (struct post_ref){0};
}

static int tie_all(const struct actor *actor, const json_t *words, const json_t *names, int is_from_here)
{
    size_t i;
    json_t *item;
    for (int l = 0; l < LISTS; l++)
        json_array_foreach(json_object_get(words, lists[l].list), i, item)
        {
            const char *name = json_string_value(json_object_get(item, "reply_to"));
            if (!name)
                continue;
            const struct post_ref answered = find_answered(actor, names, name, is_from_here);
            const struct post_ref post = answered.id ? find_brought(actor, l, item) : (struct post_ref){0};
            if (!post.id || (post.id == answered.id && strcmp(post.kind, answered.kind) == 0))
                continue;
            const enum store_status status = answers_tie(actor->db, actor->account, post, answered);
            if (status != STORE_OK && status != STORE_NOT_FOUND)
                return -1;
        }
    return 0;
}

static int keep_all(const struct actor *actor, const json_t *words, long *kept)
{
    const json_t *list = json_object_get(words, "kept");
    for (size_t i = json_array_size(list); i-- > 0;) { /* oldest first */
        struct post_ref ref = {0};
        const char *name = json_string_value(json_object_get(json_array_get(list, i), "post"));
        int64_t id = 0;
        if (!name || answers_read(actor->arena, "post", name, &ref) || !ref.id)
            continue;
        if (db_number(actor->db, QUERY_KEPT_AS, 0, actor->account, ref.kind, ref.id))
            continue;
        const struct fault *fault = kept_keep(actor, name, &id);
        if (fault && (fault->kind == FAULT_FAILED || fault->kind == FAULT_BUSY))
            return -1;
        *kept += !fault;
    }
    return 0;
}

int import_ties(const struct actor *actor, const json_t *words, const char *here, long *ret_kept)
{
    const char *site = json_string_value(json_object_get(words, "site"));
    const int is_from_here = site && strcmp(site, here) == 0;
    json_t *names = names_of(actor->arena, words);
    long kept = 0;
    int rc = tie_all(actor, words, names, is_from_here);
    if (rc == 0 && is_from_here) /* numbers of another piclog mean other posts here */
        rc = keep_all(actor, words, &kept);
    json_decref(names);
    *ret_kept = kept;
    return rc;
}
