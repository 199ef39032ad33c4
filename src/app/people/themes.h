/* The ready styles that a page can begin with: static files, templates/static/theme-NAME.css. */
#ifndef PICLOG_APP_PEOPLE_THEMES_H
#define PICLOG_APP_PEOPLE_THEMES_H

#include "app/request/app.h"

struct theme {
    const char *name, *title, *words;
};

/* NULL when there is none of that name. */
const struct theme *theme_find(const char *name);
/* Its stylesheet, and the address of that; in the arena. */
const char *theme_css(struct request *req, const struct theme *theme);
const char *theme_url(struct request *req, const struct theme *theme);
/* [{"name", "title", "words", "css_url", "image_url", "bytes"}, …] */
json_t *themes_list(struct request *req);

#endif
