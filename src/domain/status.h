/* Statuses: a face and at most 140 characters, counted as people count them. */
#ifndef PICLOG_DOMAIN_STATUS_H
#define PICLOG_DOMAIN_STATUS_H

#include "domain/words.h"

enum { STATUS_MAX = 140, STATUS_MAX_BYTES = 2000, FACE_MAX = 4, FACE_MAX_BYTES = 64 };

/* As it was typed; NULL: it was not. */
struct status_typed {
    const char *content;
    const char *face;
    const char *own_face; /* wins over face when it is not empty */
    const char *reply_to; /* what it answers, as answers.h names it; of a new one only */
};

/* Says it, once for each key. *ret_id: its number. The "#tags" of the words become its tags. */
const struct fault *status_publish(const struct actor *actor, const struct status_typed *typed,
                                   int64_t *ret_id) FAULT_MUST_USE;
/* Changes one of the actor's own. */
const struct fault *status_change(const struct actor *actor, int64_t id,
                                  const struct status_typed *typed) FAULT_MUST_USE;
const struct fault *status_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;
/* One that was said elsewhere, at its own time. FAULT_TAKEN: it is here already. */
const struct fault *status_bring(const struct actor *actor, const struct status_typed *typed,
                                 struct post_times times) FAULT_MUST_USE;

/* A face, also of moods. */
extern const struct words_field status_face;
/* How many bytes of "🥱 sleepy" are its face: a first word without any letter that is not ASCII alone, with a space
   and more behind it. 0: it begins with none. */
size_t status_face_span(const char *text);

#endif
