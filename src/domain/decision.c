/* Decisions: see decision.h. Refuses harsh ones without a reason. Read next: appeal.c, store/moderation.c. */
#include "domain/decision.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "domain/once.h"

static int needs_reason(const char *action)
{
    static const char *const harsh[] = {"hide", "delete", "block", "warn", "mute", "suspend", "ban"};
    for (size_t i = 0; i < sizeof harsh / sizeof harsh[0]; i++)
        if (strcmp(action, harsh[i]) == 0)
            return 1;
    return 0;
}

static const struct fault *read_days(struct arena *arena, const char *typed, int64_t *ret_until_s)
{
    long days = strtol(typed ? typed : "", NULL, 10);
    if (days > SUSPEND_MAX_DAYS)
        return fault_of_field(arena, "days", SUSPEND_MAX_DAYS,
                              "A suspension lasts ten years at most. A ban has no end.");
    *ret_until_s = clock_now_s() + (days > 0 ? days : SUSPEND_USUAL_DAYS) * 86400;
    return NULL;
}

static const struct fault *read_reason(struct arena *arena, const char *typed, const char **ret_reason)
{
    static const struct words_field reason = {"reason", N_("The reason"), TEXT_LINE, REASON_MAX, REASON_MAX_BYTES};
    return words_clean(arena, &reason, typed, ret_reason);
}

static struct decision decision_of(const struct actor *actor, const struct decision_typed *typed)
{
    return (struct decision){
        .actor = actor->account, .action = typed->action, .kind = typed->kind, .subject = typed->subject};
}

/* What makes two of them the same; the last is NULL. */
enum { DECISION_WORDS = 6 };
static void words_of(const struct actor *actor, const struct decision_typed *typed, const char *reason,
                     const char *ret_words[DECISION_WORDS])
{
    const char *const words[DECISION_WORDS] = {typed->action, typed->kind,
                                               arena_printf(actor->arena, "%lld", (long long)typed->subject), reason,
                                               typed->days ? typed->days : ""};
    memcpy(ret_words, words, sizeof words);
}

const struct fault *decision_take(const struct actor *actor, const struct decision_typed *typed, int *ret_is_again)
{
    struct decision decision = decision_of(actor, typed);
    const struct fault *fault = read_reason(actor->arena, typed->reason, &decision.reason);
    if (!fault && !decision_is_known(typed->action, typed->kind))
        fault = fault_of_field(actor->arena, "action", 0, "There is no such decision for this kind of thing.");
    if (!fault && needs_reason(typed->action) && text_is_blank(decision.reason))
        fault =
            fault_of_field(actor->arena, "reason", 0, "Say why: the person is shown the reason, and the log keeps it.");
    if (!fault)
        fault = read_days(actor->arena, typed->days, &decision.until_s);
    if (fault)
        return fault;
    const char *words[DECISION_WORDS];
    struct once once;
    int64_t made = 0;
    words_of(actor, typed, decision.reason, words);
    fault = once_open(actor, N_("post or person"), words, &once, &made);
    if (!fault && !made) {
        enum store_status status = decision_make(actor->db, &decision);
        fault = once_close(actor, &once, status, 1);
        if (status == STORE_INVALID)
            fault = fault_of_field(actor->arena, "action", 0,
                                   "Administrators cannot be muted, suspended or banned here; the shell can.");
    }
    if (!fault)
        *ret_is_again = made != 0;
    return fault;
}

const struct fault *decision_take_branch(const struct actor *actor, const struct decision_typed *typed, int is_sure,
                                         int *ret_count, int *ret_is_again)
{
    struct decision decision = decision_of(actor, typed);
    const struct fault *fault = read_reason(actor->arena, typed->reason, &decision.reason);
    if (!fault && strcmp(typed->action, "suspend") != 0 && strcmp(typed->action, "ban") != 0)
        fault = fault_of_field(actor->arena, "action", 0, "A branch can be suspended or banned.");
    if (!fault && text_is_blank(decision.reason))
        fault = fault_of_field(actor->arena, "reason", 0, "Say why: everybody in the branch is shown the reason.");
    if (!fault)
        fault = read_days(actor->arena, typed->days, &decision.until_s);
    if (!fault && !is_sure)
        fault = fault_of_field(actor->arena, "sure", 0, "Tick the box: this is about everybody in the list.");
    if (fault)
        return fault;
    const char *words[DECISION_WORDS];
    struct once once;
    int64_t made = 0; /* one more than there were, as there may be none */
    int count = 0;
    words_of(actor, typed, decision.reason, words);
    fault = once_open(actor, "branch", words, &once, &made);
    const int is_again = made != 0;
    if (!fault && !is_again) {
        enum store_status status = decision_make_branch(actor->db, &decision, &count);
        made = count + 1;
        fault = once_close(actor, &once, status, made);
    }
    if (!fault) {
        *ret_count = (int)made - 1;
        *ret_is_again = is_again;
    }
    return fault;
}
