/* What other forms that take pictures need from upload.c. */
#ifndef PICLOG_APP_POSTS_UPLOAD_H
#define PICLOG_APP_POSTS_UPLOAD_H

#include "app/request/app.h"
#include "app/posts/posting.h"

/* The HTTP status for a picture that was not crushed, and a sentence for people. outcome->status is not POOL_OK. */
int upload_refusal(struct request *req, const struct pool_outcome *outcome, const char **ret_sentence);

/* Browsers send a file of zero bytes when nothing was chosen: such fields are left out. */
void upload_drop_empty(struct request *req);

/*
 * Crushes the pictures of the request four times each and keeps them as private candidates with these words, then leads
 * to "pick your crunch". At least one picture came along. words lives in the request's arena.
 */
void upload_candidates(struct request *req, struct response *res, const struct post_words *words);

#endif
