/* What other people's programs ask for that nothing here can honour, for all protocols alike. */
#ifndef PICLOG_APP_PROGRAMS_ASKS_H
#define PICLOG_APP_PROGRAMS_ASKS_H

#include "app/request/app.h"

/*
 * Looks at the form, or JSON body, of a request that posts: a fault (422) about visibility other than "public" and
 * "direct", a time to come (scheduled_at), a poll, more than one of media_ids. Nothing may be posted then. Each may be
 * absent, null or empty. *ret_is_direct: "direct", which is a message to one person or is to be refused.
 */
const struct fault *program_check_asks(struct request *req, int *ret_is_direct) FAULT_MUST_USE;

#endif
