/*
 * Bulletins: see bulletin.h. Refuses empty ones, and other times than the three of the form. Who reads them is said in
 * store/statements/bulletins.sql. Read next: store/bulletin.c.
 */
#include "domain/bulletin.h"

#include <string.h>

#include "base/clock.h"
#include "domain/once.h"

enum { DAY_S = 86400 };

static const struct fault *clean(struct arena *arena, const struct bulletin_typed *typed,
                                 struct bulletin_new *ret_words)
{
    static const struct words_field subject = {"subject", N_("The subject"), TEXT_LINE, BULLETIN_SUBJECT_MAX,
                                               BULLETIN_SUBJECT_MAX_BYTES};
    static const struct words_field content = {"content", N_("The bulletin"), TEXT_BLOCK, BULLETIN_MAX,
                                               BULLETIN_MAX_BYTES};
    struct bulletin_new words = {0};
    const struct fault *fault = words_clean(arena, &subject, typed->subject, &words.subject);
    if (!fault)
        fault = words_clean(arena, &content, typed->content, &words.content);
    if (fault)
        return fault;
    if (text_is_blank(words.subject))
        return fault_of_field(arena, subject.name, 0, "The bulletin has no subject. Give it one.");
    if (text_is_blank(words.content))
        return fault_of_field(arena, content.name, 0, "The bulletin is empty. Say something, anything.");
    *ret_words = words;
    return NULL;
}

/* 0: none of those that can be chosen. */
static int read_days(const char *typed)
{
    static const struct {
        const char *text;
        int days;
    } choices[] = {{"1", 1}, {"5", 5}, {"10", BULLETIN_DAYS_MAX}};
    for (size_t i = 0; typed && i < sizeof choices / sizeof choices[0]; i++)
        if (strcmp(typed, choices[i].text) == 0)
            return choices[i].days;
    return 0;
}

/* Full is either the person's own board, or the disk. */
static const struct fault *explain_full(const struct actor *actor)
{
    if (db_number(actor->db, QUERY_BULLETIN_COUNT_OF, 0, actor->account) < BULLETINS_MAX)
        return fault_of_store(actor, STORE_FULL, "bulletin");
    return fault_of_field(actor->arena, "subject", BULLETINS_MAX,
                          "%d bulletins of yours hang already, which is the limit. Take one down first.",
                          BULLETINS_MAX);
}

const struct fault *bulletin_publish(const struct actor *actor, const struct bulletin_typed *typed, int64_t *ret_id)
{
    struct bulletin_new words = {0};
    struct once once;
    int64_t id = 0;
    const int days = read_days(typed->days);
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (!fault && !days)
        fault = fault_of_field(actor->arena, "days", 0, "A bulletin hangs for 1, 5 or 10 days. Choose one of these.");
    const char *const said[] = {words.subject, words.content, typed->days, NULL};
    if (!fault)
        fault = once_open(actor, "bulletin", said, &once, &id);
    if (!fault && !id) {
        words.account = actor->account;
        words.created_s = clock_now_s();
        words.ends_s = words.created_s + (int64_t)days * DAY_S;
        enum store_status status = bulletin_add(actor->db, &words, &id);
        fault = once_close(actor, &once, status, id);
        if (status == STORE_FULL)
            fault = explain_full(actor);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *bulletin_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, bulletin_delete(actor->db, actor->account, id), "bulletin");
}

const struct fault *bulletin_bring(const struct actor *actor, const struct bulletin_typed *typed, int64_t created_s,
                                   int64_t ends_s)
{
    struct bulletin_new words = {0};
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (!fault && (ends_s <= clock_now_s() || ends_s > created_s + (int64_t)BULLETIN_DAYS_MAX * DAY_S))
        fault = fault_of_field(actor->arena, "ends_at", BULLETIN_DAYS_MAX,
                               "It has ended, or would hang for more than %d days.", BULLETIN_DAYS_MAX);
    if (fault)
        return fault;
    words.account = actor->account;
    words.created_s = created_s;
    words.ends_s = ends_s;
    enum store_status status = bulletin_import(actor->db, &words);
    return status == STORE_FULL ? explain_full(actor) : fault_of_store(actor, status, "bulletin");
}
