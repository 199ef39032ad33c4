/* A person's page, for those who show it in another style than the saved one. */
#ifndef PICLOG_APP_PEOPLE_PEOPLE_H
#define PICLOG_APP_PEOPLE_PEOPLE_H

#include "app/request/app.h"

/*
 * Answers with the page of that account (a row of QUERY_PERSON; takes the reference) and the stylesheet at style_url,
 * NULL for none. is_preview: the way out leads back to the editor.
 */
void person_show(struct request *req, struct response *res, json_t *person, const char *style_url, int is_preview);

/*
 * A person's stylesheet as it is served: the custom properties --background and --avatar, then css. Since @import may
 * only come first, none of css can load another sheet. Empty when there is neither css nor background.
 */
void person_write_style(const json_t *person, const char *css, struct buf *out);

#endif
