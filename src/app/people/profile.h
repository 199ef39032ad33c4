/* Checked fields of a profile, for all forms that take them. */
#ifndef PICLOG_APP_PEOPLE_PROFILE_H
#define PICLOG_APP_PEOPLE_PROFILE_H

#include "app/request/app.h"
#include "store/profile.h"

/* "example.org" becomes "https://example.org" (arena); only http and https with a host pass. NULL when it is none. */
const char *profile_complete_url(struct request *req, const char *typed);

/* The field "links", one a line: an address and words, in either order. NULL, or a sentence that says what is wrong. */
const char *profile_read_links(struct request *req, struct profile_link ret_links[PROFILE_LINKS_MAX], int *ret_count);

/* The field "css": UTF-8, line ends of one kind, at most PROFILE_CSS_MAX_BYTES. NULL, or the sentence. */
const char *profile_read_css(struct request *req, const char **ret_css);

/*
 * Saves display_name, homepage, about, css and links; what the form does not have stays as it is. NULL and what came of
 * it, or a sentence that says what is wrong with a field.
 */
const char *profile_save(struct request *req, enum store_status *ret_status);

/* The links of an account as they are typed: one a line. In the arena. */
const char *profile_links_text(struct request *req, int64_t account);

#endif
