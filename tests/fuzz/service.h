/*
 * A whole service for fuzz targets, without a network: a database in a temporary folder, one signed-in person, requests
 * through app_begin and app_finish as src/http would hand them over.
 */
#ifndef PICLOG_TESTS_FUZZ_SERVICE_H
#define PICLOG_TESTS_FUZZ_SERVICE_H

#include "app/request/app.h"

/* Asks; body may be NULL. Aborts when the answer is none, or an error that no stranger should be able to cause (500).
   The caller frees the copy of the body: buf_free(ret_body). Returns the status. */
int service_ask(enum method method, const char *target, const char *content_type, const void *body, size_t body_bytes,
                struct buf *ret_body);

/* What the next requests send as Authorization instead of the person's token; NULL: that token. */
extern const char *service_authorization;

#endif
