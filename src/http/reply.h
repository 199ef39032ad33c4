/*
 * A finished answer: what app made of a request, as libmicrohttpd sends it. Immutable once made and counted, so that
 * one can answer many requests: see cache.h.
 */
#ifndef PICLOG_HTTP_REPLY_H
#define PICLOG_HTTP_REPLY_H

#include <microhttpd.h>

#include "app/request/app.h"

struct reply;

/* Content-Security-Policy of POLICY_PAGE. Two policies, both of which must allow a script: of this host, whichever of
   its names it is asked for by, and this one file. */
#define PAGE_POLICY PAGE_POLICY_AND("")
/* The same, with a further source of form-action, a space in front. */
#define PAGE_POLICY_AND(action)                                                                                        \
    "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "        \
    "manifest-src 'self'; form-action 'self'" action "; frame-src 'self'; base-uri 'none'; frame-ancestors 'none', "   \
    "script-src *:*/static/piclog.js"
/* POLICY_LIVE: that and the script of pages that know what is new. */
#define LIVE_POLICY PAGE_POLICY " *:*/static/live.js"

/* What all replies of a server share. */
struct reply_settings {
    int is_https;
    int picture_hold_s; /* see struct app */
};

void reply_settings_init(struct reply_settings *settings, const struct app *app);

enum reply_gzip { REPLY_PLAIN, REPLY_GZIP, REPLY_BOTH };

/* Takes the body out of res. The caller gets one reference. Never NULL. */
struct reply *reply_make(const struct reply_settings *settings, const struct request *req, struct response *res,
                         enum reply_gzip gzip);
void reply_keep(struct reply *reply);
void reply_drop(struct reply *reply);

/* Memory that it holds, about. */
size_t reply_bytes(const struct reply *reply);

/*
 * Answers: chooses gzip, 304, 206 or 416 by the request's headers (RFC 9110 §13, §14). *ret_status and *ret_bytes are
 * what went out. Returns what the access handler returns.
 */
enum MHD_Result reply_queue(struct reply *reply, struct MHD_Connection *connection, int is_get, int *ret_status,
                            uint64_t *ret_bytes);

#endif
