/*
 * Clips elsewhere: see clip.h. Refuses to know how a strip is made (worker/crush_job.c) or played
 * (templates/static/clips.css).
 */
#include "app/posts/clip.h"

#include <string.h>

int clip_is(const json_t *picture)
{
    return json_is_integer(json_object_get(picture, "frames"));
}

const char *clip_key(const json_t *picture, const char *key)
{
    static const char *const keys[][2] = {
        {"image_url", "thumb_url"}, {"width", "thumb_width"}, {"height", "thumb_height"}, {"bytes", "thumb_bytes"}};
    for (size_t i = 0; clip_is(picture) && i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i][0], key) == 0)
            return keys[i][1];
    return key;
}

void clip_show_frame(json_t *picture)
{
    static const char *const keys[] = {"image_url", "width", "height"};
    for (size_t i = 0; clip_is(picture) && i < sizeof keys / sizeof keys[0]; i++)
        json_object_set(picture, keys[i], json_object_get(picture, clip_key(picture, keys[i])));
}
