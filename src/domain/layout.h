/* Layouts: a person's stylesheet, shared by name for others to try and to take a copy of. */
#ifndef PICLOG_DOMAIN_LAYOUT_H
#define PICLOG_DOMAIN_LAYOUT_H

#include "domain/words.h"
#include "store/layout.h"

enum { LAYOUT_NAME_MAX = 40, LAYOUT_NAME_MAX_BYTES = 400, LAYOUT_LINE_MAX = 120, LAYOUT_LINE_MAX_BYTES = 1200 };

/* As it was typed; NULL: it was not. */
struct layout_typed {
    const char *name;
    const char *line; /* of description */
    const char *css;  /* NULL: the actor's saved style, or what is there when it is changed */
};

/* Shares one, once for each key. *ret_id: its number. */
const struct fault *layout_publish(const struct actor *actor, const struct layout_typed *typed,
                                   int64_t *ret_id) FAULT_MUST_USE;
/* Changes one of the actor's own. with_style: it gets the actor's saved style; else css, if there is any. */
const struct fault *layout_change(const struct actor *actor, int64_t id, const struct layout_typed *typed,
                                  int with_style) FAULT_MUST_USE;
/* Withdraws it; the copies that others took stay theirs. */
const struct fault *layout_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;
/* One that was shared elsewhere, at its own time. FAULT_TAKEN: the actor has one of that name. */
const struct fault *layout_bring(const struct actor *actor, const struct layout_typed *typed,
                                 struct post_times times) FAULT_MUST_USE;

#endif
