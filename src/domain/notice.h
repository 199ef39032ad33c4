/* Being told: who is named in words, what was read, and how somebody likes to be met by others. */
#ifndef PICLOG_DOMAIN_NOTICE_H
#define PICLOG_DOMAIN_NOTICE_H

#include "domain/fault.h"
#include "store/notice.h"

enum { NOTICE_KINDS = 5 };

/* answers, mentions, wall, pokes, followers: bit i of "quiet" is kind i */
extern const char *const notice_kinds[NOTICE_KINDS];

/*
 * Tells whom the words of one of the actor's posts, or entries on walls, name, the first MENTIONS_MAX of them: as pages
 * make links of (base/links.h). Each once for a post, so that an edit tells those who were not named before. In the
 * transaction of the post.
 */
enum store_status notice_named(const struct actor *actor, struct post_ref post, const char *words) STORE_MUST_USE;

/* until: the number of the last notice that was seen, in digits; NULL or "": all that there are. */
const struct fault *notice_read(const struct actor *actor, const char *until) FAULT_MUST_USE;

/* As it was typed; NULL: it was not, and stays as it is. */
struct manners_typed {
    const char *answers;    /* who may answer: domain/answers.h */
    const char *notices;    /* the kinds that the actor is told, separated by spaces or commas; "": none */
    const char *shows_kept; /* "1": everybody may see what the actor kept; "" or "0": nobody else */
};
const struct fault *manners_save(const struct actor *actor, const struct manners_typed *typed) FAULT_MUST_USE;

#endif
