/*
 * Being told: see notice.h. Refuses to tell more than a few of one post, as a post that names everybody is for nobody.
 * Who is not told at all is decided by the schema, for all kinds of notices at once (migrations/0009_neighbours.sql).
 */
#include "domain/notice.h"

#include <stdlib.h>
#include <string.h>

#include "base/links.h"
#include "base/text.h"
#include "domain/answers.h"

const char *const notice_kinds[NOTICE_KINDS] = {"answers", "mentions", "wall", "pokes", "followers"};

enum { NAME_ROOM = 21 };

static int is_among(char names[][NAME_ROOM], int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

enum store_status notice_named(const struct actor *actor, struct post_ref post, const char *words)
{
    char names[MENTIONS_MAX][NAME_ROOM];
    struct links links = {.at = words};
    enum store_status status = STORE_OK;
    int count = 0;
    for (struct link link; status == STORE_OK && count < MENTIONS_MAX && links_next(&links, &link);) {
        if (link.kind != LINK_NAME ||
            text_parse_name(arena_copy_n(actor->arena, link.at + 1, link.size_bytes - 1), names[count]) ||
            is_among(names, count, names[count]))
            continue;
        status = notice_mention(actor->db, actor->account, names[count++], post);
    }
    return status;
}

const struct fault *notice_read(const struct actor *actor, const char *until)
{
    char *end;
    int64_t last = INT64_MAX;
    if (until && *until) {
        last = strtoll(until, &end, 10);
        if (*end || last < 0)
            return fault_of_field(
                actor->arena, "until", 0,
                "until is the number of the last notice that was seen, in digits. Leave it out for all.");
    }
    return fault_of_store(actor, notices_read(actor->db, actor->account, last), "notice");
}

/* A list of kinds as bits. */
static const struct fault *read_kinds(struct arena *arena, const char *typed, int *ret_kinds)
{
    static const char separators[] = " ,\n";
    int kinds = 0;
    for (const char *at = typed + strspn(typed, separators); *at;) {
        const size_t length = strcspn(at, separators);
        int found = 0;
        for (int i = 0; i < NOTICE_KINDS; i++)
            if (strlen(notice_kinds[i]) == length && strncmp(notice_kinds[i], at, length) == 0)
                found = 1 << i;
        if (!found)
            return fault_of_field(
                arena, "notices", 0,
                "notices is a list of answers, mentions, wall, pokes and followers: those to be told of.");
        kinds |= found;
        at += length;
        at += strspn(at, separators);
    }
    *ret_kinds = kinds;
    return NULL;
}

const struct fault *manners_save(const struct actor *actor, const struct manners_typed *typed)
{
    struct manners manners = {.answers = typed->answers, .quiet = -1, .shows_kept = -1};
    int told = 0;
    const struct fault *fault = typed->answers ? answers_check_mode(actor->arena, typed->answers) : NULL;
    if (!fault && typed->notices) {
        fault = read_kinds(actor->arena, typed->notices, &told);
        manners.quiet = ~told & ((1 << NOTICE_KINDS) - 1);
    }
    if (typed->shows_kept) {
        manners.shows_kept = strcmp(typed->shows_kept, "1") == 0;
        if (!fault && !manners.shows_kept && *typed->shows_kept && strcmp(typed->shows_kept, "0") != 0)
            fault = fault_of_field(actor->arena, "shows_kept", 0, "shows_kept is 1 or 0.");
    }
    return fault ? fault : fault_of_store(actor, manners_edit(actor->db, actor->account, &manners), "setting");
}
