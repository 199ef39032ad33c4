/* Answers on the page of a post, and what is answered in the forms: for the files of posts. */
#ifndef PICLOG_APP_POSTS_ANSWERS_H
#define PICLOG_APP_POSTS_ANSWERS_H

#include "app/posts/post_kind.h"
#include "domain/answers.h"

/*
 * Adds to the page of a post, by ?after: "replies", oldest first, each a status or a picture with its "kind";
 * "later_url" and "first_url" (null where there is nothing); and "reply", what the viewer may do:
 * {"post": "pictures/12", "url", "closed": why not to answer, or null, "is_kept", "is_own", "modes": [{"mode", "words",
 * "is_chosen"}], for its author}. post: the row, with "is_own". Takes no reference. -1 on failure.
 */
int answers_set(struct request *req, json_t *page, const struct post_kind *kind, const json_t *post);

/* The first of its answers, for the API. New reference; NULL on failure. */
json_t *answers_first(struct request *req, const struct post_kind *kind, const json_t *post);

/*
 * Puts into the page of a form, as "answering", what it answers: {"reply_to", "url", "author", "face", "words",
 * "thumb_url", "note"}, or null when nothing was asked for or is to be seen. Where it cannot be answered, and "error"
 * holds nothing yet, that becomes the reason.
 */
void answers_put_quote(struct request *req, json_t *page, const char *reply_to);
/* What the form at hand answers, by its field or else by ?reply_to. */
const char *answers_asked(struct request *req);

/* Where to go after posting: the post that was answered, or else there. */
const char *answers_back(struct request *req, const char *otherwise);

#endif
