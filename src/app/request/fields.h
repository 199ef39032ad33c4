/* Names with values out of query strings, forms and cookies. Nothing here trusts a byte; all is linear and bounded. */
#ifndef PICLOG_APP_REQUEST_FIELDS_H
#define PICLOG_APP_REQUEST_FIELDS_H

#include "app/request/app.h"

enum fields_status {
    FIELDS_OK = 0,
    FIELDS_TOO_MANY, /* more than FIELDS_MAX */
    FIELDS_NAME,     /* a name longer than FIELD_NAME_MAX_BYTES, or with NUL in it */
    FIELDS_NUL       /* a value with NUL in it */
};

/*
 * application/x-www-form-urlencoded, WHATWG URL standard §5.1. Appends to fields. allowed: names separated by spaces
 * that are kept, others are passed over; NULL: all. A "%" without two hex digits stands for itself.
 */
enum fields_status fields_parse(struct arena *arena, const char *text, size_t size_bytes, const char *allowed,
                                struct fields *fields) __attribute__((warn_unused_result));

/* Adds one. FIELDS_TOO_MANY, FIELDS_NAME or FIELDS_NUL leave fields as it was. Copies into the arena. */
enum fields_status fields_add(struct arena *arena, struct fields *fields, const char *name, size_t name_bytes,
                              const char *value, size_t value_bytes) __attribute__((warn_unused_result));

/* The first of that name, or NULL. */
const struct field *fields_find(const struct fields *fields, const char *name);

/* 1 if word is one of those in list, separated by spaces. */
int fields_listed(const char *list, const char *word, size_t word_bytes);

/* Percent-decoding of a path segment, "+" stands for itself. NULL when a "%" lacks digits or NUL would come out. */
char *fields_decode_segment(struct arena *arena, const char *text, size_t size_bytes);

/* The value of a cookie in a Cookie header (RFC 6265 §5.4), or NULL; surrounding quotes are taken off. */
const char *fields_cookie(struct arena *arena, const char *header, const char *name);

/* The parameter of a header value, as boundary in 'multipart/form-data; boundary="x"', or NULL. */
const char *fields_parameter(struct arena *arena, const char *header, const char *name);

/* 1 if a list header (Accept-Encoding, Accept, If-None-Match aside) names token with a q above 0. */
int fields_accepts(const char *header, const char *token);

#endif
