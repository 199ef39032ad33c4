/* Reports: see report.h. Refuses to decide anything. Read next: decision.c, store/moderation.c. */
#include "domain/report.h"

#include <string.h>

const struct report_reason report_reasons[REPORT_REASONS] = {
    {"spam", N_("Advertising or spam")},
    {"hate", N_("Hate, threats or harassment")},
    {"sexual", N_("Sexual content without a content note")},
    {"minors", N_("Sexualises or endangers minors")},
    {"violence", N_("Violence or gore without a content note")},
    {"private", N_("Shows me or somebody against their will")},
    {"rights", N_("Somebody else’s work")},
    {"other", N_("Something else")},
};

static int is_reason(const char *name)
{
    for (int i = 0; i < REPORT_REASONS; i++)
        if (strcmp(name, report_reasons[i].name) == 0)
            return 1;
    return 0;
}

const struct fault *report_make(const struct actor *actor, const unsigned char network[16], const char *kind,
                                int64_t subject, const struct report_typed *typed)
{
    static const struct words_field note = {"note", N_("What you wrote"), TEXT_BLOCK, COMPLAINT_MAX,
                                            COMPLAINT_MAX_BYTES};
    struct report_new report = {.kind = kind, .subject = subject, .reporter = actor->account, .reason = typed->reason};
    const struct fault *fault = words_clean(actor->arena, &note, typed->note, &report.note);
    if (!fault && !is_reason(typed->reason))
        fault = fault_of_field(actor->arena, "reason", 0, "Choose what is wrong with it.");
    if (fault)
        return fault;
    memcpy(report.network, network, sizeof report.network);
    return fault_of_store(actor, report_add(actor->store, actor->db, &report), "report");
}
