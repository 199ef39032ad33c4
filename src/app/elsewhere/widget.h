/* Widgets: what they show, and how their address may colour them; for embeds.c, embed_script.c and badges.c. */
#ifndef PICLOG_APP_ELSEWHERE_WIDGET_H
#define PICLOG_APP_ELSEWHERE_WIDGET_H

#include "app/request/app.h"

/* The query parameters of widget_theme, for the routes table. */
#define WIDGET_PARAMS "fg bg link font size center hide hide[] trans frames frame_ms lang"

enum { WIDGET_NAME = 1, WIDGET_TIME = 2, WIDGET_FACE = 4, WIDGET_MAX_BYTES = 10000 };

/* What the query asks for; everything in it is checked by type, what is malformed is as if it were not there. */
struct widget_theme {
    char fg[8], bg[8], link[8]; /* "#RRGGBB", or "" */
    const char *font;           /* name of the family: serif, sans, mono, comic, system; or "" */
    const char *family;         /* the same as CSS, or "" */
    const char *lang;           /* code of a language that is spoken here; "": that of the place */
    int size_px;                /* 8 … 48; 0: not set */
    int center, transparent;
    unsigned hidden;      /* WIDGET_… */
    int frames, frame_ms; /* of a clip, for its rules; 0: none */
};

void widget_theme_read(const struct request *req, struct widget_theme *ret_theme);
/* "RRGGBB" or "RGB" in hex, "#" in front allowed: 0 with "#RRGGBB", or -1. */
int widget_colour(const char *text, char ret_colour[8]);
/* 0xRRGGBB of a colour of the theme; fallback when it is "". */
uint32_t widget_rgb(const char *colour, uint32_t fallback);
/* The theme as a query without what is not set: "fg=112233&size=20"; in the arena. */
const char *widget_theme_query(struct request *req, const struct widget_theme *theme);

/* status, mood, picture, clip, timeline, ring? */
#define WIDGET_KINDS "There are six widgets: status, mood, picture, clip, timeline and ring."
int widget_is_kind(const char *kind);

/*
 * {"author", "kind", "profile_url", "items": [{url, text, author, face, note, created_at, image_url, width, height,
 * alt}]} with what a kind has (a ring: url and label; a clip: frames, frame_width, frame_height, frame_ms, flashes) and
 * without what is hidden; at most a few kilobytes. JSON null when there is nobody of that name. New reference; NULL on
 * failure.
 */
json_t *widget_collect(struct request *req, const char *kind, const struct widget_theme *theme);

/* The clip of what widget_collect() gave, into the theme. */
void widget_theme_clip(const json_t *page, struct widget_theme *theme);

/* The rules that all widgets share, and those of a clip if the theme has one; with wrap each selector stands in
   :where(), so that any rule of the page that shows the widget is stronger. */
void widget_css(struct buf *css, const struct widget_theme *theme, int wrap);

#endif
