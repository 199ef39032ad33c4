/* A person's page, for those who show it in another style than the saved one. */
#ifndef PICLOG_APP_PEOPLE_PEOPLE_H
#define PICLOG_APP_PEOPLE_PEOPLE_H

#include "app/request/app.h"

/*
 * How a person's page is shown. In a style of theirs it is two documents: the words below a bar that leads out, and
 * over the words a sandboxed frame with the same page in that style. The style is in the frame only, so whatever CSS
 * can do now or later, it cannot reach the bar. The frame has an origin of its own: no cookies, and in Chromium a
 * process of its own, so that a style which keeps it busy does not stop the bar. A preview of one's own style is of
 * this origin.
 */
struct person_look {
    const char *room_url;  /* of the frame; NULL: the page is shown as it is */
    const char *style_url; /* inside the frame: the stylesheet; NULL: none */
    int is_framed;         /* this is what stands in the frame */
    int is_preview;        /* the bar leads back to the editor */
};

/* The active account at :name (a row of QUERY_PERSON), or JSON null after an error was answered. */
json_t *person_find(struct request *req, struct response *res);

/* Answers with the page of that account (a row of QUERY_PERSON; takes the reference). */
void person_show(struct request *req, struct response *res, json_t *person, const struct person_look *look);

/*
 * What a frame gets: the page with the style at style_url. A browser that says it asks for no frame is led to the page
 * around it (page_path); one that does not say gets the words without the style. Takes the reference of person.
 */
void person_show_room(struct request *req, struct response *res, json_t *person, const char *style_url,
                      const char *page_path, int is_preview);

/*
 * A person's stylesheet as it is served: the custom properties --background and --avatar, then css. Since @import may
 * only come first, none of css can load another sheet. Empty when there is neither css nor background.
 */
void person_write_style(const json_t *person, const char *css, struct buf *out);

#endif
