/* Where nothing plays a clip (feeds, previews, programs of others), its thumbnail stands for it: one frame, the one
   that says most. */
#ifndef PICLOG_APP_POSTS_CLIP_H
#define PICLOG_APP_POSTS_CLIP_H

#include <jansson.h>

/* 1 if a row of a picture is that of a clip. */
int clip_is(const json_t *picture);
/* The key under which a picture's row has what is to be shown of it: "image_url", "width", "height" or "bytes". */
const char *clip_key(const json_t *picture, const char *key);
/* Puts the frame where the strip is named, but for its bytes, which are still those that were kept. */
void clip_show_frame(json_t *picture);

#endif
