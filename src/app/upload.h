/* What other forms that take pictures need from upload.c. */
#ifndef PICLOG_APP_UPLOAD_H
#define PICLOG_APP_UPLOAD_H

#include "app.h"

/* The HTTP status for a picture that was not crushed, and a sentence for people. outcome->status is not POOL_OK. */
int upload_refusal(struct request *req, const struct pool_outcome *outcome, const char **ret_sentence);

#endif
