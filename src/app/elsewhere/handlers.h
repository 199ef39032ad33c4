/* Every handler for other people’s pages and programs, by the file it lives in. */
#ifndef PICLOG_APP_ELSEWHERE_HANDLERS_H
#define PICLOG_APP_ELSEWHERE_HANDLERS_H

#include "app/request/app.h"

/* badges.c */
handler badge_gif, badge_display, button_gif, embed_gif, embed_jpg, embed_clip_jpg;

/* embeds.c */
handler embed_page, embed_style;

/* embed_script.c */
handler embed_script;

/* discovery.c */
handler oembed, webfinger;

/* feeds.c */
handler feed_atom, feed_json, person_feed_atom, person_feed_json, person_feed_rss, friends_feed_atom, friends_feed_rss;

/* notices_feed.c */
handler notices_feed_atom;

/* dropin.c */
handler dropin_person, dropin_status_json, dropin_status_atom, dropin_status_script;

/* imood.c */
handler imood_query, imood_everybody;

/* micropub.c */
handler micropub_get, micropub_post, micropub_options;

/* micropub_media.c */
handler micropub_media_get, micropub_media_post;

/* site.c */
handler site_page;

#endif
