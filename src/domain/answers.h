/*
 * Answers: a status or a picture may answer a picture, a status or a mood. Who may is said by whoever posted it: of all
 * their posts, or of this one. A post is named "pictures/12", "statuses/3", "moods/4".
 */
#ifndef PICLOG_DOMAIN_ANSWERS_H
#define PICLOG_DOMAIN_ANSWERS_H

#include "domain/fault.h"
#include "store/answers.h"

enum { ANSWERS_MODES = 3 };

/* everybody, followed, nobody */
extern const char *const answers_modes[ANSWERS_MODES];

/* A mode, and nothing else. */
const struct fault *answers_check_mode(struct arena *arena, const char *mode) FAULT_MUST_USE;

/* Reads the name of a post; NULL and "": none, id 0. field: as it is called where it came from. */
const struct fault *answers_read(struct arena *arena, const char *field, const char *typed,
                                 struct post_ref *ret_post) FAULT_MUST_USE;
/* The name of a post; "" of none. In the arena. */
const char *answers_name(struct arena *arena, struct post_ref post);

/*
 * May the actor (account 0: a visitor) answer that? FAULT_WORDS: it is gone, hidden, or one of both has blocked the
 * other, which are not told apart. FAULT_NOT_ALLOWED: its author does not take answers, or not from this actor. One's
 * own posts one may always answer. Nothing is fine, too.
 */
const struct fault *answers_check(const struct actor *actor, struct post_ref post) FAULT_MUST_USE;

/* Takes an answer off one of the actor's posts, or puts it back; doing it twice is doing it once. */
const struct fault *answers_take_off(const struct actor *actor, struct post_ref answer, int is_undo) FAULT_MUST_USE;

/* Who may answer one of the actor's posts: a mode, or "" for what the actor says of all. */
const struct fault *answers_open(const struct actor *actor, struct post_ref post, const char *mode) FAULT_MUST_USE;

#endif
