/* Moods: a word of the list or one's own, a face, an optional note. */
#ifndef PICLOG_DOMAIN_MOOD_H
#define PICLOG_DOMAIN_MOOD_H

#include "domain/words.h"

enum { MOOD_MAX = 40, MOOD_MAX_BYTES = 400, NOTE_MAX = 140, NOTE_MAX_BYTES = 2000 };

/* As it was typed; NULL: it was not. */
struct mood_typed {
    const char *mood; /* may begin with the face: "🥱 sleepy" */
    const char *face;
    const char *note;
};

/* Feels it, once for each key. A mood without a face gets the one that actor->moods has for it. */
const struct fault *mood_publish(const struct actor *actor, const struct mood_typed *typed,
                                 int64_t *ret_id) FAULT_MUST_USE;
/* Changes one of the actor's own. */
const struct fault *mood_change(const struct actor *actor, int64_t id, const struct mood_typed *typed) FAULT_MUST_USE;
const struct fault *mood_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;
/* One that was felt elsewhere, at its own time, with the face that it had there. FAULT_TAKEN: it is here already. */
const struct fault *mood_bring(const struct actor *actor, const struct mood_typed *typed,
                               struct post_times times) FAULT_MUST_USE;

#endif
