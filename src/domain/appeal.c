/* Appeals: see appeal.h. Refuses a second one while the first is open. Read next: store/moderation.c. */
#include "domain/appeal.h"

#include "domain/once.h"
#include "store/moderation.h"

const struct fault *appeal_make(const struct actor *actor, const char *words)
{
    static const struct words_field field = {"words", N_("Your appeal"), TEXT_BLOCK, APPEAL_MAX, APPEAL_MAX_BYTES};
    const char *clean;
    struct once once;
    int64_t made = 0;
    const struct fault *fault = words_clean(actor->arena, &field, words, &clean);
    if (!fault && text_is_blank(clean))
        fault = fault_of_field(actor->arena, field.name, 0,
                               "An appeal needs words: what happened, and what should be different?");
    if (!fault)
        fault = once_open(actor, "appeal", (const char *const[]){clean, NULL}, &once, &made);
    if (fault || made)
        return fault;
    enum store_status status = appeal_add(actor->db, actor->account, clean);
    if (status == STORE_OK)
        (void)!decisions_seen(actor->db, actor->account); /* if not, the page tells them once more */
    fault = once_close(actor, &once, status, 1);
    return status == STORE_TAKEN ? fault_make(actor->arena, FAULT_TAKEN,
                                              "You have an appeal that waits for an answer. One at a time, please.")
                                 : fault;
}

const struct fault *appeal_settle(const struct actor *actor, int64_t appeal, const char *answer, int lift)
{
    static const struct words_field field = {"answer", N_("The answer"), TEXT_BLOCK, APPEAL_ANSWER_MAX,
                                             REASON_MAX_BYTES};
    const char *clean;
    const struct fault *fault = words_clean(actor->arena, &field, answer, &clean);
    if (!fault && text_is_blank(clean))
        fault = fault_of_field(actor->arena, field.name, 0, "An appeal deserves an answer in words.");
    struct once once;
    int64_t made = 0;
    if (!fault)
        fault = once_open(actor, N_("open appeal"),
                          (const char *const[]){arena_printf(actor->arena, "%lld", (long long)appeal), clean,
                                                lift ? "lift" : "", NULL},
                          &once, &made);
    if (!fault && !made)
        fault = once_close(actor, &once, appeal_answer(actor->db, actor->account, appeal, clean, lift), 1);
    return fault;
}
