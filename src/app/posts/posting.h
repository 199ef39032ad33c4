/* Checked fields of text. */
#ifndef PICLOG_APP_POSTS_POSTING_H
#define PICLOG_APP_POSTS_POSTING_H

#include "app/request/app.h"

enum { DISPLAY_NAME_MAX = 80, HOMEPAGE_MAX = 200, ABOUT_MAX = 2000 };

/* Reads display_name, homepage, about and css of a profile; NULL, or the sentence. */
const char *posting_profile(struct request *req, const char **ret_display_name, const char **ret_homepage,
                            const char **ret_about, const char **ret_css);

/* One cleaned text field. NULL and *ret_text, or the sentence. label begins the sentence: "The caption". */
const char *posting_text(struct request *req, const char *field, const char *label, int is_block, size_t max_clusters,
                         size_t max_bytes, const char **ret_text);

#endif
