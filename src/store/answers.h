/* Answers: what ties one post to another, who may do that, and taking one off. Posts themselves: post.h. */
#ifndef PICLOG_STORE_ANSWERS_H
#define PICLOG_STORE_ANSWERS_H

#include "post.h"

/* Takes an answer off the post that it answers, which is the account's, or puts it back. STORE_NOT_FOUND: there is no
   such answer, or it answers somebody else. The answer itself stays where it is. */
STORE_MUST_USE enum store_status answers_set_off(struct db *db, int64_t account, struct post_ref answer, int is_off);

/* answers: "everybody", "followed", "nobody"; NULL: as the account has it for all its posts. */
STORE_MUST_USE enum store_status answers_set_for(struct db *db, int64_t account, struct post_ref post,
                                                 const char *answers);

/* Makes a post that was brought here an answer of another; nobody is told. STORE_NOT_FOUND: it is one already. */
STORE_MUST_USE enum store_status answers_tie(struct db *db, int64_t account, struct post_ref post,
                                             struct post_ref reply);

#endif
